//! Whether the caller takes what there is (RFC 9110, section 12.5.1).

use actix_web::http::header::{ACCEPT, HeaderMap};

/// Whether the `Accept` headers let this media type through. Without one, anything is accepted; elements that cannot be read are
/// passed over.
pub(super) fn accepts(headers: &HeaderMap, media_type: &str) -> bool {
    let group = media_type.split('/').next().unwrap_or_default();
    let mut best: Option<(u8, bool)> = None;
    for element in
        headers.get_all(ACCEPT).filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(','))
    {
        let mut parts = element.split(';').map(str::trim);
        // The more specific range decides, wherever it stands.
        let rank = match parts.next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "" => continue,
            range if range == media_type => 3,
            range if range.strip_suffix("/*").is_some_and(|range| range == group) => 2,
            "*/*" => 1,
            _ => 0,
        };
        let is_wanted = rank > 0 && !parts.any(is_zero_weight);
        if best.is_none_or(|(other, wanted)| rank > other || (rank == other && is_wanted && !wanted)) {
            best = Some((rank, is_wanted));
        }
    }
    best.is_none_or(|(_, is_wanted)| is_wanted)
}

fn is_zero_weight(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else {
        return false;
    };
    name.trim().eq_ignore_ascii_case("q") && value.trim().parse::<f32>().is_ok_and(|weight| weight <= 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    #[test]
    fn the_most_specific_range_decides() {
        let accepts = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(ACCEPT, HeaderValue::from_str(value).unwrap());
            }
            accepts(&headers, "application/json")
        };
        for yes in [
            &[][..],
            &[""],
            &["*/*"],
            &["application/json"],
            &["Application/JSON; charset=utf-8; q=0.1"],
            &["application/*;q=0.5, text/html"],
            &["text/html", "application/json"],
            &["text/html;q=1, */*;q=0.1"],
            &["*/*;q=0, application/json"],
        ] {
            assert!(accepts(yes), "{yes:?}");
        }
        for no in [
            &["text/html"][..],
            &["application/xml, text/*"],
            &["application/json;q=0"],
            &["*/*, application/json; q=0.0"],
            &["application/*;q=0, */*"],
        ] {
            assert!(!accepts(no), "{no:?}");
        }
    }

    #[test]
    fn pages_are_asked_for_as_browsers_do() {
        let accepts = |value: &'static str, media_type: &str| {
            let mut headers = HeaderMap::new();
            headers.append(ACCEPT, HeaderValue::from_static(value));
            accepts(&headers, media_type)
        };
        let page = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";
        for media_type in ["text/html", "application/json"] {
            assert!(accepts(page, media_type));
        }
        assert!(accepts("text/css,*/*;q=0.1", "text/css") && accepts("image/*", "image/svg+xml"));
        assert!(!accepts("application/json", "text/html") && !accepts("image/*", "text/css"));
    }
}

//! Whether the caller takes JSON (RFC 9110, section 12.5.1).

use actix_web::http::header::{ACCEPT, HeaderMap};

/// Whether the `Accept` headers let `application/json` through. Without one, anything is accepted; elements that cannot
/// be read are passed over.
pub(super) fn accepts_json(headers: &HeaderMap) -> bool {
    let mut best: Option<(u8, bool)> = None;
    for element in
        headers.get_all(ACCEPT).filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(','))
    {
        let mut parts = element.split(';').map(str::trim);
        // The more specific range decides, wherever it stands.
        let rank = match parts.next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "" => continue,
            "application/json" => 3,
            "application/*" => 2,
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
            accepts_json(&headers)
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
}

//! Which media types the caller takes (RFC 9110, section 12.5.1).

use actix_web::http::header::{ACCEPT, HeaderMap};

/// How much the `Accept` headers want this media type, from 0, not at all, to 1. Without one, anything is accepted; elements
/// that cannot be read are passed over.
pub(crate) fn weight(headers: &HeaderMap, media: &str) -> f32 {
    let (group, _) = media.split_once('/').unwrap_or((media, ""));
    let mut best: Option<(u8, f32)> = None;
    for element in
        headers.get_all(ACCEPT).filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(','))
    {
        let mut parts = element.split(';').map(str::trim);
        let range = parts.next().unwrap_or_default().to_ascii_lowercase();
        // The more specific range decides, wherever it stands.
        let rank = match range.as_str() {
            "" => continue,
            exact if exact == media => 3,
            "*/*" => 1,
            other if other.strip_suffix("/*") == Some(group) => 2,
            _ => 0,
        };
        let weight = if rank > 0 { parts.find_map(weight_in).unwrap_or(1.0) } else { 0.0 };
        if best.is_none_or(|(other, heavier)| rank > other || (rank == other && weight > heavier)) {
            best = Some((rank, weight));
        }
    }
    best.map_or(1.0, |(_, weight)| weight)
}

/// What a parameter says of the weight, if it is the one that does.
fn weight_in(parameter: &str) -> Option<f32> {
    let (name, value) = parameter.split_once('=')?;
    let value = name.trim().eq_ignore_ascii_case("q").then_some(value)?;
    // What is no weight is passed over.
    Some(value.trim().parse::<f32>().ok()?.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn weight_of(media: &str, values: &[&str]) -> f32 {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(ACCEPT, HeaderValue::from_str(value).unwrap());
        }
        weight(&headers, media)
    }

    #[test]
    fn the_most_specific_range_decides() {
        let accepts = |values: &[&str]| weight_of("application/json", values) > 0.0;
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
        let accepts = |value: &str, media_type: &str| weight_of(media_type, &[value]) > 0.0;
        let page = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";
        for media_type in ["text/html", "application/json"] {
            assert!(accepts(page, media_type));
        }
        assert!(accepts("text/css,*/*;q=0.1", "text/css") && accepts("image/*", "image/svg+xml"));
        assert!(!accepts("application/json", "text/html") && !accepts("image/*", "text/css"));
    }

    #[test]
    fn of_two_types_the_one_that_is_wanted_more_can_be_told() {
        let csv_first =
            |value: &str| weight_of("text/csv", &[value]) > weight_of("application/x-ndjson", &[value]);
        for yes in ["text/csv", "text/*", "text/csv, */*;q=0.5", "application/x-ndjson;q=0.8, text/csv"] {
            assert!(csv_first(yes), "{yes}");
        }
        for no in
            ["*/*", "application/x-ndjson", "text/csv;q=0.1, */*", "text/csv, application/x-ndjson", "x/y"]
        {
            assert!(!csv_first(no), "{no}");
        }
        assert!(weight_of("text/csv", &["text/csv;q=nonsense"]) > 0.99);
        assert!(weight_of("text/csv", &["text/csv;q=7"]) < 1.01);
    }
}

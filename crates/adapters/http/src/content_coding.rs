//! Content codings (RFC 9110, section 8.4). The only one here is gzip, which everybody knows.

use std::io::{self, Write as _};

use actix_web::http::header::{ACCEPT_ENCODING, HeaderMap};
use flate2::Compression;
use flate2::write::GzEncoder;

/// These bytes as gzip. Quickly rather than well: this is done while the caller waits.
pub(crate) fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::fast());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// Whether the caller asks for gzip, and would not rather have the plain text. What cannot be read is passed over, and without
/// the header nothing is asked for.
pub(crate) fn takes_gzip(headers: &HeaderMap) -> bool {
    let (mut gzip, mut plain, mut any) = (None, None, None);
    let lines = headers.get_all(ACCEPT_ENCODING).filter_map(|value| value.to_str().ok());
    for element in lines.flat_map(|line| line.split(',')) {
        let (name, parameter) = element.split_once(';').unwrap_or((element, "q=1"));
        let weight = match name.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => &mut gzip,
            "identity" => &mut plain,
            "*" => &mut any,
            _ => continue,
        };
        if let Some(found) = weight_of(parameter) {
            *weight = (*weight).max(Some(found));
        }
    }
    let gzip = gzip.or(any).unwrap_or(0);
    gzip > 0 && gzip >= plain.unwrap_or(0)
}

/// The weight in thousandths, which is as exactly as it may be said (RFC 9110, section 12.4.2).
fn weight_of(parameter: &str) -> Option<u16> {
    let (name, value) = parameter.split_once('=')?;
    let value = value.trim();
    if !name.trim().eq_ignore_ascii_case("q") || value.len() > 5 {
        return None;
    }
    let (whole, decimals) = value.split_once('.').unwrap_or((value, ""));
    let is_number = decimals.bytes().all(|byte| byte.is_ascii_digit());
    let thousandths: u16 = format!("{decimals:0<3}").parse().ok().filter(|_| is_number)?;
    match (whole, thousandths) {
        ("0", _) => Some(thousandths),
        ("1", 0) => Some(1_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn takes(lines: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(ACCEPT_ENCODING, HeaderValue::from_str(line).unwrap());
        }
        takes_gzip(&headers)
    }

    #[test]
    fn gzip_is_for_whom_asks_for_it() {
        for yes in [
            &["gzip"][..],
            &["GZIP"],
            &["x-gzip"],
            &["gzip, deflate, br, zstd"],
            &["br;q=1, gzip ; q=0.001"],
            &["br", "gzip"],
            &["*"],
            &["*;q=0, gzip"],
            &["identity;q=0.5, gzip;q=1.000"],
            &["gzip;q=0, gzip"],
            &["identity, gzip"],
        ] {
            assert!(takes(yes), "{yes:?}");
        }
        for no in [
            &[][..],
            &[""],
            &["identity"],
            &["br"],
            &["gzip;q=0"],
            &["gzip;q=0.000"],
            &["gzip;q=0, *"],
            &["*;q=0"],
            &["gzip;q=0.5, identity"],
            &["gzipped"],
            &["gzip;q=x"],
            &["gzip;q=1.1"],
            &["gzip;q=0.5555"],
            &["gzip;q=-1"],
            &["gzip;q="],
            &["gzip;level=9"],
        ] {
            assert!(!takes(no), "{no:?}");
        }
    }
}

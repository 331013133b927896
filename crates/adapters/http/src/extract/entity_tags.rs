//! Lists of entity tags, as `If-Match` and `If-None-Match` hold them (RFC 9110, section 13.1).

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

/// What one of these headers names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum EntityTags {
    /// `*`
    Any,
    /// These, at least one.
    These(Vec<EntityTag>),
}

/// One entity tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EntityTag {
    pub(super) is_weak: bool,
    /// With its quotation marks. What is no UTF-8 in it is replaced: no tag of ours has any.
    pub(super) opaque: String,
}

/// What the header names, all its lines taken together; `None` if there is none of it.
pub(super) fn read(headers: &HeaderMap, name: &HeaderName) -> Option<Result<EntityTags, Malformed>> {
    let lines: Vec<&[u8]> = headers.get_all(name).map(HeaderValue::as_bytes).collect();
    if lines.is_empty() { None } else { Some(parse(&lines.join(&b", "[..]))) }
}

/// It is neither `*` nor a list of entity tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Malformed;

fn parse(value: &[u8]) -> Result<EntityTags, Malformed> {
    if value.trim_ascii() == b"*" {
        return Ok(EntityTags::Any);
    }
    let mut tags = Vec::new();
    let mut rest = value.trim_ascii();
    while !rest.is_empty() {
        // Empty elements of a list are passed over (RFC 9110, section 5.6.1.2).
        if let Some(after) = rest.strip_prefix(b",") {
            rest = after.trim_ascii_start();
            continue;
        }
        let (tag, after) = parse_one(rest).ok_or(Malformed)?;
        tags.push(tag);
        rest = after.trim_ascii_start();
        if !rest.is_empty() && !rest.starts_with(b",") {
            return Err(Malformed);
        }
    }
    if tags.is_empty() { Err(Malformed) } else { Ok(EntityTags::These(tags)) }
}

/// The tag that the text begins with, and what comes behind it.
fn parse_one(text: &[u8]) -> Option<(EntityTag, &[u8])> {
    let weak = text.strip_prefix(b"W/");
    let text = weak.unwrap_or(text);
    let inner = text.strip_prefix(b"\"")?;
    let end = inner.iter().position(|&byte| byte == b'"')?;
    let (opaque, after) = text.split_at_checked(end + 2)?;
    let is_tag = opaque.iter().all(|&byte| byte > b' ' && byte != 0x7f);
    let opaque = String::from_utf8_lossy(opaque).into_owned();
    is_tag.then_some((EntityTag { is_weak: weak.is_some(), opaque }, after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::IF_MATCH;

    fn of(lines: &[&[u8]]) -> Option<Result<EntityTags, Malformed>> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(IF_MATCH, HeaderValue::from_bytes(line).unwrap());
        }
        read(&headers, &IF_MATCH)
    }

    fn tags(list: &[(bool, &str)]) -> EntityTags {
        let tag = |&(is_weak, opaque): &(bool, &str)| EntityTag { is_weak, opaque: opaque.to_owned() };
        EntityTags::These(list.iter().map(tag).collect())
    }

    #[test]
    fn lists_are_understood_over_several_lines_too() {
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[b" * "]), Some(Ok(EntityTags::Any)));
        assert_eq!(of(&[b"\"\""]), Some(Ok(tags(&[(false, "\"\"")]))));
        assert_eq!(of(&[b"\"a,b\" ,,\tW/\"c\","]), Some(Ok(tags(&[(false, "\"a,b\""), (true, "\"c\"")]))));
        assert_eq!(of(&[b"\"a\"", b"\"b\""]), Some(Ok(tags(&[(false, "\"a\""), (false, "\"b\"")]))));
        assert_eq!(of(&[b"\"\xff\""]), Some(Ok(tags(&[(false, "\"\u{fffd}\"")]))));
    }

    #[test]
    fn what_is_no_list_of_tags_is_malformed() {
        for line in [
            &b""[..],
            b",",
            b"a",
            b"9-abc",
            b"\"a",
            b"a\"",
            b"\"a\"\"b\"",
            b"\"a\" \"b\"",
            b"\"a b\"",
            b"w/\"a\"",
            b"W/ \"a\"",
            b"W/",
            b"*, \"a\"",
            b"\"a\", *",
            b"**",
            b"'a'",
        ] {
            assert_eq!(of(&[line]), Some(Err(Malformed)), "{}", String::from_utf8_lossy(line));
        }
        assert_eq!(of(&[b"*", b"*"]), Some(Err(Malformed)));
    }
}

//! `GET /docs`, and what it loads. That it works in a browser is tested from outside.

use std::io::Read as _;

use actix_web::test::TestRequest;
use flate2::read::GzDecoder;

use super::support::{Answer, Desk};
use crate::docs_page;

fn get(path: &str) -> TestRequest {
    TestRequest::with_uri(path)
}

fn text(answer: &Answer) -> &str {
    std::str::from_utf8(&answer.body).unwrap()
}

/// What a page refers to by these attributes.
fn references<'a>(page: &'a str, attribute: &'a str) -> impl Iterator<Item = &'a str> {
    let start = format!(" {attribute}=\"");
    let parts: Vec<&str> = page.split(start.as_str()).skip(1).collect();
    parts.into_iter().filter_map(|part| part.split('"').next())
}

#[actix_web::test]
async fn the_page_may_do_what_its_policy_says_and_everything_else_nothing() {
    let api = Desk::without_sessions().api().await;
    for (path, media_type) in docs_page::paths() {
        let answer = api.send(get(path)).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("content-type"), Some(format!("{media_type}; charset=utf-8").as_str()));
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; ") && policy.ends_with("frame-ancestors 'none'"));
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
        assert_eq!(policy.contains("script-src 'self'"), media_type == "text/html", "{path}");
    }
}

#[actix_web::test]
async fn all_that_the_page_refers_to_is_served_here() {
    let api = Desk::without_sessions().api().await;
    let page = api.send(get("/docs")).await;
    let page = text(&page);
    let inline = page.split_whitespace().find(|word| {
        let attribute = word.split('=').next().filter(|_| word.contains('='));
        *word == "<style>" || attribute.is_some_and(|name| name == "style" || name.starts_with("on"))
    });
    assert_eq!(inline, None, "what the policy forbids");
    let loaded: Vec<&str> = references(page, "src").chain(references(page, "href")).collect();
    for reference in loaded.iter().filter(|reference| !reference.starts_with('#')) {
        // Relative, so that the page works below a proxy's prefix too.
        assert_eq!(api.send(get(&format!("/{reference}"))).await.status, 200, "{reference}");
    }
    for (path, _) in docs_page::paths().filter(|(path, _)| *path != "/docs") {
        assert!(loaded.contains(&path.trim_start_matches('/')), "{path} is served for nothing");
    }
}

#[actix_web::test]
async fn large_files_are_packed_for_whom_takes_them_so() {
    let api = Desk::without_sessions().api().await;
    for path in ["/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js", "/docs/swagger-ui-license.txt"] {
        let plain = api.send(get(path)).await;
        assert_eq!(plain.header("content-encoding"), None, "{path}");
        let packed = api.send(get(path).insert_header(("accept-encoding", "gzip, br"))).await;
        assert_eq!(packed.header("content-encoding"), Some("gzip"), "{path}");
        for answer in [&plain, &packed] {
            assert_eq!(answer.header("vary"), Some("Accept-Encoding"), "{path}");
        }
        assert!(packed.body.len() * 2 < plain.body.len(), "{path}");
        // The decoder compares the length and the check sum that stand at the end.
        let mut unpacked = Vec::new();
        GzDecoder::new(&packed.body[..]).read_to_end(&mut unpacked).unwrap();
        assert!(unpacked == plain.body, "{path}");
    }
    let license = api.send(get("/docs/swagger-ui-license.txt")).await;
    assert!(text(&license).contains("Apache License"));
}

#[actix_web::test]
async fn the_page_is_there_to_be_read() {
    let api = Desk::without_sessions().api().await;
    for (path, _) in docs_page::paths() {
        let answer = api.send(get(path).method("POST".parse().unwrap())).await;
        assert_eq!((answer.status, answer.code().as_str()), (405, "method_not_allowed"), "{path}");
        let answer = api.send(get(path).insert_header(("accept", "application/json"))).await;
        assert_eq!((answer.status, answer.code().as_str()), (406, "not_acceptable"), "{path}");
    }
    for path in ["/docs/", "/docs/page.html", "/docs/../docs/page.js", "/docs/swagger-ui.js"] {
        assert_eq!(api.send(get(path)).await.status, 404, "{path}");
    }
}

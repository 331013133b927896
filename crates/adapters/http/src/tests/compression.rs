//! Answers as gzip.

use std::io::Read as _;

use actix_web::test::TestRequest;
use flate2::read::GzDecoder;
use helpdesk_domain::{Role, Status};

use super::samples::with_comments;
use super::support::{Answer, Api, Desk, SHOWN_TOKEN, json, signed_in};
use crate::HttpConfig;

async fn api(desk: Desk, compression: bool) -> Api {
    desk.api_with(&HttpConfig { compression, ..HttpConfig::default() }).await
}

/// A desk whose every ticket has this many comments.
fn desk(comments: usize) -> Desk {
    let mut desk = Desk::new();
    desk.tickets.expect_find().returning(move |_, _, _| {
        let mut ticket = with_comments(Status::Open);
        let one = ticket.comments.items.remove(0);
        ticket.comments.items = vec![one; comments];
        Ok(Some(ticket))
    });
    desk
}

fn request(path: &str) -> TestRequest {
    signed_in(Role::Customer, TestRequest::with_uri(path))
}

fn gzip(request: TestRequest) -> TestRequest {
    request.insert_header(("accept-encoding", "gzip"))
}

fn unpacked(answer: &Answer) -> Vec<u8> {
    assert_eq!(answer.header("content-encoding"), Some("gzip"));
    let mut text = Vec::new();
    GzDecoder::new(&answer.body[..]).read_to_end(&mut text).unwrap();
    text
}

#[actix_web::test]
async fn a_large_answer_is_compressed_for_whom_takes_that() {
    let api = api(desk(20), true).await;
    let plain = api.send(request("/customer/tickets/5")).await;
    let packed = api.send(gzip(request("/customer/tickets/5"))).await;
    assert_eq!(plain.header("content-encoding"), None);
    assert!(unpacked(&packed) == plain.body && packed.body.len() * 4 < plain.body.len());
    for answer in [&plain, &packed] {
        assert_eq!((answer.status, answer.header("vary")), (200, Some("Accept-Encoding")));
        assert_eq!(answer.header("content-type"), Some("application/json"));
    }
    // Other bytes, another strong tag.
    let tag = plain.header("etag").unwrap();
    assert_eq!(packed.header("etag"), Some(format!("{}.gzip\"", tag.trim_end_matches('"')).as_str()));

    let head = gzip(request("/customer/tickets/5").method("HEAD".parse().unwrap()));
    let head = api.send(head).await;
    // The body goes where bytes are written.
    assert!(head.body == packed.body && head.header_names().eq(packed.header_names()));
    assert_eq!(head.header("etag"), packed.header("etag"));
}

#[actix_web::test]
async fn what_is_small_or_an_error_stays_as_it_is() {
    let api = api(desk(1), true).await;
    for (request, status) in [
        (request("/customer/tickets/5"), 200),
        (TestRequest::with_uri("/health/live"), 200),
        (request("/agent/tickets"), 403),
        (TestRequest::with_uri("/nowhere"), 404),
    ] {
        let answer = api.send(gzip(request)).await;
        assert_eq!((answer.status, answer.header("content-encoding")), (status, None));
        assert_eq!(answer.header("vary").is_some(), status == 200, "{status}");
    }
}

#[actix_web::test]
async fn a_tag_is_good_however_the_answer_was_sent() {
    let mut desk = desk(20);
    desk.tickets.expect_commit().times(0);
    let api = api(desk, true).await;
    let plain = api.send(request("/customer/tickets/5")).await;
    let packed = api.send(gzip(request("/customer/tickets/5"))).await;
    for tag in [plain.header("etag").unwrap(), packed.header("etag").unwrap()] {
        for ask in [request("/customer/tickets/5"), gzip(request("/customer/tickets/5"))] {
            let answer = api.send(ask.insert_header(("if-none-match", tag))).await;
            assert_eq!((answer.status, answer.body.len()), (304, 0));
            assert_eq!(answer.header("etag"), Some(tag), "the one that the caller has");
            assert_eq!(answer.header("vary"), Some("Accept-Encoding"));
        }
        // The version in it is looked at and found to be another one, or the same.
        let stale = tag.replacen("\"2-", "\"1-", 1);
        let put = request("/customer/tickets/5").method("PUT".parse().unwrap());
        let put = json(put, r#"{"status":"open"}"#).insert_header(("if-match", stale));
        let answer = api.send(put).await;
        assert_eq!((answer.status, answer.code().as_str()), (412, "version_mismatch"));
        let put = request("/customer/tickets/5").method("PUT".parse().unwrap());
        let put = json(put, r#"{"status":"pending"}"#).insert_header(("if-match", tag));
        assert_eq!(api.send(put).await.code(), "not_permitted");
    }
}

#[actix_web::test]
async fn an_answer_with_a_secret_is_never_compressed() {
    let api = api(Desk::new(), true).await;
    // Neither is any other to a request that is no reading: this one, an error, stands for them.
    let body = format!(r#"{{"refresh_token":"{SHOWN_TOKEN}","{}":1}}"#, "x".repeat(2_000));
    let answer = api.send(gzip(json(TestRequest::post().uri("/token/refresh"), &body))).await;
    assert_eq!((answer.header("content-encoding"), answer.header("vary")), (None, None));
}

#[actix_web::test]
async fn nothing_of_a_caller_is_compressed_unless_it_is_said() {
    let api = api(desk(20), false).await;
    let answer = api.send(gzip(request("/customer/tickets/5"))).await;
    assert_eq!((answer.header("content-encoding"), answer.header("vary")), (None, None));
}

#[actix_web::test]
async fn the_document_is_compressed_in_any_case() {
    for compression in [false, true] {
        let api = api(Desk::without_sessions(), compression).await;
        let plain = api.send(TestRequest::with_uri("/openapi.json")).await;
        let packed = api.send(gzip(TestRequest::with_uri("/openapi.json"))).await;
        assert!(unpacked(&packed) == plain.body);
        for answer in [plain, packed] {
            assert_eq!(answer.header("vary"), Some("Accept-Encoding"));
        }
    }
}

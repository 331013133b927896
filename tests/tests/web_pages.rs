//! The API as pages of other origins use it, in a browser: which answers it lets them have is the browser's to say.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use helpdesk_tests::{Browser, Page, StoreKind, World};
use serde_json::json;

/// Serves an empty page; gives its origin.
fn empty_page() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let _ = stream.read(&mut [0; 4096]);
            let page = "<!doctype html><link rel=icon href=data:><title>A page</title>";
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close";
            let _ = write!(stream, "{head}\r\nContent-Length: {}\r\n\r\n{page}", page.len());
        }
    });
    origin
}

/// What a page gets when it changes a ticket with all headers that the API knows, and reads what the answer says.
fn change(page: &mut Page<'_>, url: &str, token: &str, tag: &str) -> serde_json::Value {
    let request = json!({
        "method": "PUT",
        "body": r#"{"status": "closed"}"#,
        "headers": {
            "Authorization": format!("Bearer {token}"),
            "Content-Type": "application/json",
            "If-Match": tag,
            "Idempotency-Key": "a-key",
            "X-Request-Id": "from-a-page",
        },
    });
    page.wait_for("document.title === 'A page'");
    page.evaluate(&format!(
        "fetch('{url}', {request}).then(
           async (answer) => [answer.status, answer.headers.get('X-Request-Id'), answer.headers.get('ETag') !== null, (await answer.json()).code],
           () => 'kept from the page')"
    ))
}

#[test]
fn a_listed_page_may_call_the_api_and_another_may_not() {
    let (listed, other) = (empty_page(), empty_page());
    let world = World::with(
        StoreKind::Sqlite,
        &[("HELPDESK_CORS_ORIGINS", &format!("https://desk.example.com, {listed}"))],
    );
    let ada = world.join("ada", "customer");
    let ticket = format!("/customer/tickets/{}", world.open_ticket(&ada, "A ticket"));
    let tag = ada.get(&ticket).header("etag").unwrap().to_owned();
    let (url, token) = (format!("http://{}{ticket}", world.server.address()), ada.token().unwrap());

    let mut browser = Browser::start();
    let mut page = browser.open(&other, (800, 600));
    assert_eq!(change(&mut page, &url, token, &tag), "kept from the page");
    assert_eq!(ada.get(&ticket).expect(200)["status"], "open", "the browser has not even asked for it");

    let mut page = browser.open(&listed, (800, 600));
    assert_eq!(change(&mut page, &url, token, &tag), json!([200, "from-a-page", true, null]));
    assert_eq!(ada.get(&ticket).expect(200)["status"], "closed");
    // Errors are to be read, too.
    assert_eq!(change(&mut page, &url, token, &tag), json!([412, "from-a-page", false, "version_mismatch"]));
    assert_eq!(change(&mut page, &url, "forged", &tag), json!([401, "from-a-page", false, "invalid_token"]));
}

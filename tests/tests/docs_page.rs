//! The page of the API reference, in a browser. With a directory in `HELPDESK_TEST_PICTURES` it leaves pictures there, to be looked
//! at.

use std::path::PathBuf;

use helpdesk_tests::{Browser, PASSWORD, Page, StoreKind, World, wait_until};
use serde_json::json;

const DESKTOP: (u32, u32) = (1280, 900);
const PHONE: (u32, u32) = (390, 844);

fn keep_picture(page: &mut Page<'_>, name: &str) {
    if let Some(directory) = std::env::var_os("HELPDESK_TEST_PICTURES") {
        std::fs::write(PathBuf::from(directory).join(format!("{name}.png")), page.picture()).unwrap();
    }
}

/// Opens an operation, and gives back how its elements are selected.
fn unfold(page: &mut Page<'_>, tag: &str, operation: &str) -> String {
    let block = format!("#operations-{tag}-{operation}");
    page.click(&format!("{block} .opblock-summary-control"));
    block
}

/// Presses *Execute*, and gives back the status and the text of the answer.
fn execute(page: &mut Page<'_>, block: &str) -> (String, String) {
    page.click(&format!("{block} .btn.execute"));
    let answer = format!("{block} .live-responses-table tbody .response");
    page.wait_for(&format!("document.querySelector('{answer} .response-col_status') !== null"));
    page.evaluate(&format!("document.querySelector('{block} .live-responses-table').scrollIntoView()"));
    let mut text = |selector: &str| {
        let text =
            page.evaluate(&format!("document.querySelector('{answer} {selector}')?.textContent ?? ''"));
        text.as_str().unwrap().trim().to_owned()
    };
    (text(".response-col_status"), text(".response-col_description"))
}

fn is_signed_in(page: &mut Page<'_>) -> bool {
    page.evaluate("document.querySelector('.auth-wrapper .btn.authorize').classList.contains('locked')")
        == true
}

#[test]
fn the_page_shows_every_operation_and_tries_them_out() {
    let world = World::new(StoreKind::Sqlite);
    let ada = world.join("ada", "customer");
    world.open_ticket(&ada, "The lift is stuck");
    let document = world.server.client().get("/openapi.json").expect(200);
    let items = document["paths"].as_object().unwrap().values();
    let count: usize = items.map(|item| item.as_object().unwrap().len()).sum();

    let mut browser = Browser::start();
    let origin = format!("http://{}", world.server.address());
    let mut page = browser.open(&format!("{origin}/docs"), DESKTOP);
    page.wait_for(&format!("document.querySelectorAll('.opblock').length === {count}"));
    keep_picture(&mut page, "docs-desktop");

    // Signing in is trying an operation out, like any other.
    assert!(!is_signed_in(&mut page));
    page.click(".how-to a[href='#/session/login']");
    let login = unfold(&mut page, "session", "login");
    let body = json!({"email": "ada@example.com", "password": PASSWORD});
    page.fill(&format!("{login} .body-param__text"), &body.to_string());
    let (status, text) = execute(&mut page, &login);
    assert!(status.starts_with("200") && text.contains("access_token"), "{status} {text}");
    keep_picture(&mut page, "docs-signed-in");
    assert!(is_signed_in(&mut page));
    let list = unfold(&mut page, "customer", "list_customer_tickets");
    let (status, text) = execute(&mut page, &list);
    assert!(status.starts_with("200") && text.contains("The lift is stuck"), "{status} {text}");
    keep_picture(&mut page, "docs-tried");
    page.click(".auth-wrapper .btn.authorize");
    page.wait_for("document.querySelector('.modal-ux') !== null");
    keep_picture(&mut page, "docs-token");
    page.click(".modal-ux .close-modal");

    let kept = "[localStorage.length, sessionStorage.length, document.cookie, location.search]";
    assert_eq!(page.evaluate(kept), json!([0, 0, "", ""]));
    let logout = unfold(&mut page, "session", "logout");
    assert!(execute(&mut page, &logout).0.starts_with("204"));
    assert!(!is_signed_in(&mut page));

    assert_eq!(page.complaints(), [""; 0]);
    let elsewhere = page.requests().iter().find(|url| !url.starts_with(&origin) && !url.starts_with("data:"));
    assert_eq!(elsewhere, None);
}

#[test]
fn the_page_fits_a_phone_and_a_dark_room() {
    let world = World::new(StoreKind::Sqlite);
    let mut browser = Browser::start();
    let mut page = browser.open(&format!("http://{}/docs", world.server.address()), PHONE);
    page.wait_for("document.querySelectorAll('.opblock').length > 0");
    let login = unfold(&mut page, "session", "login");
    page.wait_for(&format!("document.querySelector('{login} .body-param__text') !== null"));
    keep_picture(&mut page, "docs-phone");
    assert_eq!(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"),
        0
    );

    let background = "getComputedStyle(document.body).backgroundColor";
    let light = page.evaluate(background);
    page.prefer("dark");
    page.wait_for("document.documentElement.classList.contains('dark-mode')");
    assert_ne!(page.evaluate(background), light);
    keep_picture(&mut page, "docs-dark");
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn the_pages_policy_is_in_force() {
    let world = World::new(StoreKind::Sqlite);
    let mut browser = Browser::start();
    let mut page = browser.open(&format!("http://{}/docs", world.server.address()), DESKTOP);
    page.wait_for("document.querySelectorAll('.opblock').length > 0");
    assert_eq!(page.complaints(), [""; 0]);

    let add = |element: &str, members: &str| {
        format!("document.body.append(Object.assign(document.createElement('{element}'), {{{members}}}))")
    };
    page.evaluate(&add("script", "textContent: 'window.ran = true'"));
    page.evaluate(&add("style", "textContent: 'body {{ display: none }}'"));
    page.evaluate(&add("iframe", "src: '/docs'"));
    // The same server by another name is another origin.
    let elsewhere =
        format!("http://{}/health/live", world.server.address().replace("127.0.0.1", "localhost"));
    let reached =
        page.evaluate(&format!("fetch('{elsewhere}', {{mode: 'no-cors'}}).then(() => true, () => false)"));
    assert_eq!(reached, false);
    assert_eq!(page.evaluate("window.ran === true"), false);
    for directive in ["script-src", "style-src", "connect-src", "frame"] {
        wait_until(directive, || page.complaints().iter().any(|complaint| complaint.contains(directive)));
    }
}

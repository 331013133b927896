//! Values that would be something else if anyone took them for code.

use helpdesk_tests::{World, on_both_stores};
use serde_json::json;

/// Texts that mean something to a database, a shell, a template, a terminal or a browser, or nothing to anyone.
const TEXTS: &[&str] = &[
    "'",
    "\"",
    "`",
    "\\",
    "%",
    "_",
    "--",
    "/*",
    ";",
    "' OR '1'='1",
    "'); DROP TABLE tickets; --",
    "\" OR \"\"=\"",
    "1 OR 1=1",
    "1; SELECT pg_sleep(10)",
    "1 UNION SELECT password_hash FROM users",
    "$1",
    "?1",
    ":id",
    "{{7*7}}",
    "${7*7}",
    "%s%n",
    "$(id)",
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "../../etc/passwd",
    "\u{1b}[31mred",
    "a\r\nb",
    "\u{202e}drawkcab",
    "\u{200d}\u{feff}x",
    "👩‍👩‍👧‍👦",
    "e\u{301}",
    "\u{fffd}",
    "\u{10ffff}",
    "İıſK",
    "NULL",
    "true",
];

fn encoded(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut all, byte| {
        let _ = write!(all, "%{byte:02X}");
        all
    })
}

on_both_stores! {
    fn no_parameter_widens_a_list(store) {
        let world = World::new(store);
        let (ada, eve) = (world.join("ada", "customer"), world.join("eve", "customer"));
        world.open_ticket(&eve, "Not ada's");
        let own = world.open_ticket(&ada, "Own");
        for text in TEXTS {
            // These may stand between words, of which there may be none.
            let is_separator = text.chars().all(|c| matches!(c, '-' | '_'));
            let text = encoded(text);
            for (name, good) in [("status", "open"), ("priority", "normal"), ("sort", "updated_at"), ("limit", "10"), ("cursor", ""), ("x", "")] {
                for value in [text.clone(), format!("{good}{text}"), format!("{good},{text}")] {
                    let answer = ada.get(&format!("/customer/tickets?{name}={value}"));
                    if answer.status == 200 && is_separator {
                        let seen = answer.json();
                        assert!(seen["data"].as_array().unwrap().iter().all(|ticket| ticket["id"] == own), "{seen}");
                        continue;
                    }
                    let code = answer.problem(400);
                    assert!(["invalid_query", "invalid_cursor"].contains(&code.as_str()), "{name}={value}: {code}");
                }
            }
            // This one is named in the answer, whatever it is called.
            assert_eq!(ada.get(&format!("/customer/tickets?{text}=1")).status, 400);
            ada.get(&format!("/customer/tickets/{text}")).problem(404);
            ada.get(&format!("/customer/tickets/{own}{text}")).problem(404);
        }
        let seen = ada.get("/customer/tickets").expect(200);
        assert_eq!(seen["data"].as_array().unwrap().len(), 1);
        world.admin.get("/admin/users").expect(200);
    }

    fn a_search_is_made_of_words_and_nothing_else(store) {
        let world = World::new(store);
        let (ada, eve) = (world.join("ada", "customer"), world.join("eve", "customer"));
        world.open_ticket(&eve, "Not ada's");
        let own = world.open_ticket(&ada, "Own");
        let known = ["own", "please", "help"];
        let operators = ["own AND", "own OR eve", "NOT eve", "own NEAR help", "own*", "^own", "-eve", "+own", "subject:own", "words : own", "{words}: own", "own:*", "own:A", "own & !eve", "own | eve", "own <-> help", "(own", "own)", "\"own", "\"own\" *", "'own':*", "own\\", "o_n", "ow%", "[o]wn"];
        for text in TEXTS.iter().chain(&operators) {
            // Of the words in it, all have to be there. The last one is a beginning.
            for sought in [(*text).to_owned(), format!("own {text}"), format!("{text} own"), format!("own{text}")] {
                let words: Vec<String> = sought.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
                let answer = ada.get(&format!("/customer/tickets?q={}", encoded(&sought)));
                if answer.status == 400 {
                    assert_eq!(answer.problem(400), "invalid_query", "{sought:?}");
                    assert!(words.is_empty(), "{sought:?}");
                    continue;
                }
                let seen = answer.expect(200);
                let seen: Vec<_> = seen["data"].as_array().unwrap().iter().map(|ticket| ticket["id"].clone()).collect();
                assert!(seen.iter().all(|id| *id == own), "{sought:?} shows {seen:?}");
                // What is not of ASCII may be a word as well, or nothing.
                let is_known = |word: &String| known.iter().any(|known| known.starts_with(word.as_str()));
                if words.iter().any(|word| word.is_ascii() && !is_known(word)) && sought.is_ascii() {
                    assert!(seen.is_empty(), "{sought:?} shows {seen:?}");
                }
                if sought.is_ascii() && !words.is_empty() && words.iter().all(|word| known.contains(&word.as_str())) {
                    assert_eq!(seen, [own], "{sought:?}");
                }
            }
        }
    }

    fn what_is_written_is_read_as_it_was(store) {
        let world = World::new(store);
        let ada = world.join("ada", "customer");
        for text in TEXTS {
            // What a text begins and ends with is trimmed; what is inside is the caller's.
            let text = format!("a{text}z");
            let is_line = !text.contains(char::is_control);
            let subject = if is_line { text.as_str() } else { "A line" };
            let written = ada.post("/customer/tickets", &json!({"subject": subject, "description": text})).expect(201);
            assert_eq!((&written["subject"], &written["description"]), (&json!(subject), &json!(text)));
            let path = format!("/customer/tickets/{}", written["id"]);
            ada.post(&format!("{path}/comments"), &json!({"body": text})).expect(201);
            let read = ada.get(&path).expect(200);
            assert_eq!((&read["subject"], &read["description"]), (&json!(subject), &json!(text)));
            assert_eq!(read["comments"]["data"][0]["body"], text);
        }
    }

    fn no_text_signs_anybody_in(store) {
        let world = World::new(store);
        let client = world.server.client();
        let login = |email: &str, password: &str| client.post("/login", &json!({"email": email, "password": password}));
        let wrong = login("admin@example.com", "not the password");
        assert_eq!(wrong.problem(401), "invalid_credentials");
        for text in ["' OR '1'='1", "admin@example.com' --", "admin@example.com\" OR \"\"=\"", "%", "admin@example.co_"] {
            assert_eq!(login(text, helpdesk_tests::PASSWORD).comparable(), wrong.comparable(), "{text}");
            assert_eq!(login("admin@example.com", text).comparable(), wrong.comparable(), "{text}");
        }
    }
}

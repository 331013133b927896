//! `Idempotency-Key`: what is sent again is not done again.

use helpdesk_tests::{Answer, Database, PASSWORD, Server, StoreKind, World, on_both_stores, wait_until};
use serde_json::{Value, json};

use crate::{etag, ids, post_once, times};

/// How many send the same at once.
const AT_ONCE: usize = 30;

fn is_replayed(answer: &Answer) -> bool {
    match answer.header("idempotency-replayed") {
        None => false,
        Some("true") => true,
        Some(other) => panic!("{other}"),
    }
}

/// One of the answers was given first, and all others are the same.
#[track_caller]
fn assert_done_once(answers: &[Answer]) -> Value {
    let first: Vec<&Answer> = answers.iter().filter(|answer| !is_replayed(answer)).collect();
    assert_eq!(first.len(), 1, "{answers:?}");
    let body = first[0].expect(201);
    for answer in answers {
        assert_eq!((answer.status, &answer.body), (201, &first[0].body));
        for header in ["location", "etag", "content-type"] {
            assert_eq!(answer.header(header), first[0].header(header), "{header}");
        }
    }
    body
}

/// All that is kept, in hexadecimal digits.
fn all_that_is_kept(database: &Database) -> String {
    database.query(match database.kind() {
        StoreKind::Postgres => {
            "SELECT string_agg(encode(key::bytea || fingerprint || answer, 'hex'), ' ') AS value FROM idempotency_keys"
        }
        StoreKind::Sqlite => {
            "SELECT lower(group_concat(hex(key) || hex(fingerprint) || hex(answer), ' ')) AS value FROM idempotency_keys"
        }
    })
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

on_both_stores! {
    fn a_request_that_is_sent_again_is_not_done_again(store) {
        let world = World::new(store);
        let (ada, grace) = (world.join("ada", "customer"), world.join("grace", "agent"));
        let ticket = json!({"subject": "The lift is stuck", "description": "Again."});
        let first = post_once(&ada, "/customer/tickets", "lift", &ticket);
        let id = first.expect(201)["id"].as_i64().unwrap();
        assert!(!is_replayed(&first));
        assert_eq!(etag(&first), etag(&ada.get(&format!("/customer/tickets/{id}"))));
        world.assign(id, &grace);
        // What became of it meanwhile does not show: it is the answer to the request, not the ticket.
        for _ in 0..3 {
            let again = post_once(&ada, "/customer/tickets", "lift", &ticket);
            assert!(is_replayed(&again));
            assert_eq!((&again.body, etag(&again)), (&first.body, etag(&first)));
            assert_eq!(again.header("location"), Some(format!("/customer/tickets/{id}").as_str()));
        }
        assert_eq!(ids(&ada.get("/customer/tickets").expect(200)), [id]);
        let other = json!({"subject": "The lift is stuck", "description": "Still."});
        assert_eq!(post_once(&ada, "/customer/tickets", "lift", &other).problem(422), "idempotency_key_reused");
        assert_eq!(post_once(&ada, "/customer/tickets", "lift 2", &ticket).problem(400), "bad_request");
        assert_eq!(ids(&ada.get("/customer/tickets").expect(200)), [id]);
        assert!(!is_replayed(&post_once(&ada, "/customer/tickets", "lift-2", &ticket)));
        // Without a key each request is one of its own.
        ada.post("/customer/tickets", &ticket).expect(201);
        ada.post("/customer/tickets", &ticket).expect(201);
        assert_eq!(ids(&ada.get("/customer/tickets").expect(200)).len(), 4);
        // Another account's key is another one.
        let eve = world.join("eve", "customer");
        let hers = post_once(&eve, "/customer/tickets", "lift", &ticket);
        assert!(!is_replayed(&hers));
        assert_eq!(ids(&eve.get("/customer/tickets").expect(200)), [hers.expect(201)["id"].as_i64().unwrap()]);
    }

    fn of_many_at_once_one_is_done_and_all_are_answered(store) {
        let world = World::new(store);
        let ada = world.join("ada", "customer");
        let body = json!({"subject": "Once", "description": "And no more."});
        let ticket = assert_done_once(&times(AT_ONCE, |_| post_once(&ada, "/customer/tickets", "t", &body)));
        assert_eq!(ids(&ada.get("/customer/tickets").expect(200)), [ticket["id"].as_i64().unwrap()]);

        let (path, body) = (format!("/customer/tickets/{}/comments", ticket["id"]), json!({"body": "Once"}));
        let comment = assert_done_once(&times(AT_ONCE, |_| post_once(&ada, &path, "c", &body)));
        assert_eq!(ids(&ada.get(&path).expect(200)), [comment["id"].as_i64().unwrap()]);

        let (path, body) = (format!("/admin/tickets/{}/comments", ticket["id"]), json!({"body": "Once", "is_internal": true}));
        let note = assert_done_once(&times(AT_ONCE, |_| post_once(&world.admin, &path, "n", &body)));
        assert_eq!(ids(&world.admin.get(&path).expect(200)), [comment["id"].as_i64().unwrap(), note["id"].as_i64().unwrap()]);

        let body = json!({"name": "Night"});
        assert_done_once(&times(AT_ONCE, |_| post_once(&world.admin, "/admin/teams", "team", &body)));
        // A hash for each would take a while.
        let body = json!({"email": "grace@example.com", "name": "Grace", "role": "agent", "password": PASSWORD});
        assert_done_once(&times(4, |_| post_once(&world.admin, "/admin/users", "user", &body)));
        assert_eq!(world.database.count("idempotency_keys"), 5);
        for (table, entries) in [("teams", "'team_created'"), ("users", "'user_created', 'user_invited'")] {
            let made = world.database.count(&format!("audit_entries WHERE kind IN ({entries})"));
            assert_eq!(made, world.database.count(table) - u64::from(table == "teams"), "{table}");
        }
    }

    /// Many different requests that share a key: one is done, and all others are told.
    fn of_many_others_at_once_one_is_done(store) {
        let world = World::new(store);
        let ada = world.join("ada", "customer");
        let answers = times(AT_ONCE, |number| {
            let body = json!({"subject": format!("Number {number}"), "description": "Who is first?"});
            post_once(&ada, "/customer/tickets", "contended", &body)
        });
        let (done, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 201);
        assert_eq!(done.len(), 1, "{answers:?}");
        for answer in refused {
            assert_eq!(answer.problem(422), "idempotency_key_reused");
        }
        assert_eq!(ids(&ada.get("/customer/tickets").expect(200)), [done[0].json()["id"].as_i64().unwrap()]);
    }

    fn what_is_refused_may_be_tried_again_under_its_key(store) {
        let world = World::new(store);
        let (ada, grace) = (world.join("ada", "customer"), world.join("grace", "agent"));
        let ticket = world.open_ticket(&ada, "Not hers yet");
        let (path, body) = (format!("/agent/tickets/{ticket}/comments"), json!({"body": "Hello"}));
        assert_eq!(post_once(&grace, &path, "k", &body).problem(404), "not_found");
        world.assign(ticket, &grace);
        assert!(!is_replayed(&post_once(&grace, &path, "k", &body)));
        assert!(is_replayed(&post_once(&grace, &path, "k", &body)));
        // What is written by now may close the ticket: the answer is still the one that it was.
        grace.put(&format!("/agent/tickets/{ticket}"), &json!({"status": "closed"})).expect(200);
        assert!(is_replayed(&post_once(&grace, &path, "k", &body)));
        assert_eq!(post_once(&grace, &path, "k-2", &body).problem(409), "ticket_closed");

        let team = json!({"name": "Support"});
        assert_eq!(post_once(&world.admin, "/admin/teams", "k", &team).problem(409), "team_name_taken");
        world.admin.put("/admin/teams/1", &json!({"name": "Help"})).expect(200);
        assert!(!is_replayed(&post_once(&world.admin, "/admin/teams", "k", &team)));
        assert_eq!(post_once(&world.admin, "/admin/teams", "k-2", &team).problem(409), "team_name_taken");
    }

    fn who_may_not_see_it_any_more_is_not_told_again(store) {
        let world = World::new(store);
        let (ada, grace) = (world.join("ada", "customer"), world.join("grace", "agent"));
        let ticket = world.open_ticket(&ada, "Secret");
        world.assign(ticket, &grace);
        let (path, body) = (format!("/agent/tickets/{ticket}/comments"), json!({"body": "Canary", "is_internal": true}));
        let first = post_once(&grace, &path, "note", &body);
        first.expect(201);
        let unknown = post_once(&grace, &path.replace(&ticket.to_string(), "999999"), "note", &body);
        world.admin.put(&format!("/admin/tickets/{ticket}"), &json!({"assignee_id": null})).expect(200);
        let late = post_once(&grace, &path, "note", &body);
        assert_eq!(late.problem(404), "not_found");
        assert_eq!(late.comparable(), unknown.comparable(), "as of a ticket that there is not");
        world.assign(ticket, &grace);
        assert_eq!(post_once(&grace, &path, "note", &body).body, first.body);

        // Another role ends the sessions; with a new one the operation is for others.
        let opened = json!({"subject": "As a customer", "description": "D"});
        let mine = post_once(&ada, "/customer/tickets", "mine", &opened);
        mine.expect(201);
        let role = |role: &str| {
            world.admin.put(&format!("/admin/users/{}", ada.id), &json!({"role": role})).expect(200);
        };
        role("agent");
        post_once(&ada, "/customer/tickets", "mine", &opened).expect_dead_token();
        let as_agent = world.session(&ada);
        assert_eq!(post_once(&as_agent, "/customer/tickets", "mine", &opened).problem(403), "forbidden");
        assert_eq!(post_once(&as_agent, &path, "mine", &body).problem(404), "not_found");
        role("customer");
        let again = world.session(&ada);
        assert_eq!(post_once(&again, "/customer/tickets", "mine", &opened).body, mine.body);
        world.admin.put(&format!("/admin/users/{}", ada.id), &json!({"is_active": false})).expect(200);
        post_once(&again, "/customer/tickets", "mine", &opened).expect_dead_token();
    }

    fn of_secrets_nothing_is_kept(store) {
        let world = World::new(store);
        let invited = json!({"email": "ada@example.com", "name": "Ada", "role": "customer"});
        let first = post_once(&world.admin, "/admin/users", "invited", &invited);
        let token = first.expect(201)["invitation"]["token"].as_str().unwrap().to_owned();
        let again = post_once(&world.admin, "/admin/users", "invited", &invited);
        let mut expected = first.json();
        expected.as_object_mut().unwrap().remove("invitation");
        assert!(is_replayed(&again));
        assert_eq!(again.expect(201), expected, "the token is told once");

        let secret = "quite a secret battery";
        let with = |password: &str| json!({"email": "grace@example.com", "name": "Grace", "role": "agent", "password": password});
        let first = post_once(&world.admin, "/admin/users", "with", &with(secret));
        first.expect(201);
        let again = post_once(&world.admin, "/admin/users", "with", &with(secret));
        assert_eq!((is_replayed(&again), &again.body), (true, &first.body));
        let other = post_once(&world.admin, "/admin/users", "with", &with("another secret battery"));
        assert_eq!(other.problem(422), "idempotency_key_reused");
        let without = json!({"email": "grace@example.com", "name": "Grace", "role": "agent"});
        assert_eq!(post_once(&world.admin, "/admin/users", "with", &without).problem(422), "idempotency_key_reused");

        let kept = all_that_is_kept(&world.database);
        assert!(kept.contains(&hex("grace@example.com")) && kept.contains(&hex("ada@example.com")), "{kept}");
        for secret in [token.as_str(), secret] {
            assert!(!kept.contains(&hex(secret)), "{secret}");
        }
        // The token still is good, for the one who was told.
        world.server.client().post("/invitations/accept", &json!({"token": token, "password": secret})).expect(200);
        let World { server, database, .. } = world;
        drop(server);
        if database.kind() == StoreKind::Sqlite {
            // What was written last is in the log beside the file.
            let wal = database.sqlite_file().with_extension("db-wal");
            let files = [std::fs::read(database.sqlite_file()).unwrap(), std::fs::read(wal).unwrap_or_default()].concat();
            let holds = |text: &str| files.windows(text.len()).any(|window| window == text.as_bytes());
            assert!(holds("grace@example.com"));
            assert!(!holds(secret) && !holds(&token));
        }
    }

    fn after_a_day_the_key_is_free_and_the_answer_forgotten(store) {
        let world = World::new(store);
        let ada = world.join("ada", "customer");
        let ticket = json!({"subject": "Daily", "description": "D"});
        for key in ["old", "older", "fresh"] {
            assert!(!is_replayed(&post_once(&ada, "/customer/tickets", key, &ticket)));
        }
        let database = &world.database;
        let young = database.count(&format!("idempotency_keys WHERE expires_at > {}", database.hours_ago(0)));
        assert_eq!(young, 3);
        database.execute(&format!("UPDATE idempotency_keys SET expires_at = {} WHERE key <> 'fresh'", database.hours_ago(1)));
        let anew = post_once(&ada, "/customer/tickets", "old", &ticket);
        assert!(!is_replayed(&anew));
        assert_eq!(post_once(&ada, "/customer/tickets", "old", &ticket).body, anew.body);
        assert_eq!(ids(&ada.get("/customer/tickets").expect(200)).len(), 4);

        let World { server, database, .. } = world;
        drop(server);
        let server = Server::start(&database);
        wait_until("what expired to be forgotten", || database.count("idempotency_keys WHERE key = 'older'") == 0);
        assert_eq!(database.count("idempotency_keys"), 2);
        let ada = server.client().with_token(ada.token().unwrap());
        for key in ["old", "fresh"] {
            assert!(is_replayed(&post_once(&ada, "/customer/tickets", key, &ticket)), "{key}: kept over the restart");
        }
    }
}

/// Several processes on one database agree on what was done.
#[test]
fn what_one_instance_did_another_does_not_do_again() {
    let world = World::new(StoreKind::Postgres);
    let other = Server::start(&world.database);
    let ada = world.join("ada", "customer");
    let there = other.client().with_token(ada.token().unwrap());
    for round in 0..5 {
        let body = json!({"subject": format!("Round {round}"), "description": "Anywhere"});
        let key = format!("round-{round}");
        let answers = times(AT_ONCE, |number| {
            let client = if number % 2 == 0 { &ada.client } else { &there };
            post_once(client, "/customer/tickets", &key, &body)
        });
        let ticket = assert_done_once(&answers);
        let path = format!("/customer/tickets/{}/comments", ticket["id"]);
        let answers = times(AT_ONCE, |number| {
            let client = if number % 2 == 0 { &ada.client } else { &there };
            post_once(client, &path, &format!("{key}-comment"), &json!({"body": "Once"}))
        });
        assert_done_once(&answers);
        assert_eq!(ids(&there.get(&path).expect(200)).len(), 1);
    }
    assert_eq!(ids(&there.get("/customer/tickets").expect(200)).len(), 5);
}

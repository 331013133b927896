//! What gets into the log, and what does not.

use helpdesk_tests::{Database, JWT_SECRET, RawConnection, StoreKind, World, on_both_stores, wait_until};
use serde_json::json;

/// The lines that tell of requests.
fn request_lines(log: &str) -> Vec<&str> {
    log.lines().filter(|line| line.contains("helpdesk::http")).collect()
}

on_both_stores! {
    fn a_request_leaves_one_line_and_none_of_its_own_words(store) {
        let world = World::new(store);
        world.server.client().send("GET", "/health/live", &[("X-Request-Id", "the-first")], None).expect(200);
        wait_until("the lines so far", || world.server.log().contains("the-first"));
        let before = request_lines(&world.server.log()).len();
        let requests = [
            "GET /no%0Awhere%0D%0Aforged HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /health/live?a=%0Aforged HTTP/1.1\r\nHost: x\r\nUser-Agent: forged \x1b[31m %0a\r\n\r\n",
            "GET /admin/tickets/forged%0A HTTP/1.1\r\nHost: forged\r\nX-Request-Id: forged%0a\r\n\r\n",
            "GET /health/live HTTP/1.1\r\nHost: x\r\nX-Request-Id: forged\tforged\r\n\r\n",
            "GET /health/live HTTP/1.1\r\nHost: x\r\nX-Request-Id: forged forged\r\nReferer: forged\r\nX-Forwarded-For: forged\r\n\r\n",
            "FORGED /health/live HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /\u{e9}forged HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /health/live HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer forged\r\nCookie: forged=forged\r\n\r\n",
        ];
        let answers = requests.map(|request| {
            let mut connection = RawConnection::open(world.server.address());
            connection.send(request);
            connection.answer()
        });
        // What is not even HTTP never gets as far as an id and a line.
        let expected = answers.iter().filter(|answer| answer.header("x-request-id").is_some()).count();
        assert!(expected >= 5, "{answers:?}");
        let mut seen = Vec::new();
        wait_until("a line for each request", || {
            let log = world.server.log();
            seen = request_lines(&log)[before..].iter().map(|line| (*line).to_owned()).collect();
            seen.len() >= expected
        });
        assert_eq!(seen.len(), expected, "{seen:#?}");
        let log = world.server.log();
        assert!(!log.to_lowercase().contains("forged"), "{log}");
        assert!(log.lines().all(|line| line.starts_with('[') && !line.contains(char::is_control)), "{log}");
        // An answer's headers cannot be split, either.
        let answer = world.admin.send("GET", "/admin/users?limit=1&x=%0d%0aSet-Cookie:%20forged", &[], None);
        answer.problem(400);
        assert_eq!(answer.header("set-cookie"), None);
    }

    /// Not even for those who ask for everything.
    fn no_secret_is_logged_at_any_level(store) {
        const CANARY: &str = "canary-kumquat";
        let database = Database::create(store);
        let mut variables = vec![("RUST_LOG", "trace"), ("HELPDESK_REGISTRATION", "on")];
        // Where there is a password to the database, it is one of the secrets.
        let url = (store == StoreKind::Postgres).then(|| {
            database.postgres_url(Some(&format!("helpdesk:{CANARY}-database")), &database.postgres_server())
        });
        variables.extend(url.as_deref().map(|url| ("DATABASE_URL", url)));
        let world = World::on(database, &variables);

        let password = |name: &str| format!("{CANARY} {name} password");
        let user = json!({"email": "ada@example.com", "name": "Ada", "role": "customer", "password": password("first")});
        let id = world.admin.post("/admin/users", &user).expect(201)["id"].clone();
        let client = world.server.client();
        let login = |password: &str| client.post("/login", &json!({"email": "ada@example.com", "password": password}));
        let session = login(&password("first")).expect(200);
        let access = session["access_token"].as_str().unwrap();
        let customer = client.with_token(access);
        customer.get("/customer/tickets").expect(200);
        customer.post("/customer/tickets", &json!({"subject": "S", "description": "D"})).expect(201);

        // Every other way in which a token or a password goes by.
        let mut secrets = Vec::new();
        let mut keep = |session: helpdesk_tests::Session| {
            secrets.extend([session.refresh_token.clone(), session.token().unwrap().to_owned()]);
            session
        };
        let first = keep(helpdesk_tests::Session::of(&client, &session));
        let second = keep(first.refreshed());
        let third = keep(second.refreshed());
        third.get("/me/sessions").expect(200);
        let other = keep(helpdesk_tests::Session::open(&client, "ada@example.com", &password("first")));
        // A replay is told of in the log, and not by what was shown.
        first.refresh().expect_dead_token();
        helpdesk_tests::refresh(&client, &format!("{CANARY}-refresh")).expect_dead_token();
        let change = |current: &str, new: &str| other.put("/me/password", &json!({"current_password": current, "new_password": new}));
        change(&password("wrong"), &password("second")).problem(422);
        change(&password("first"), &format!("{CANARY}\0")).problem(422);
        change(&password("first"), &password("second")).expect(200);
        client.post("/register", &json!({"email": "eve@example.com", "name": "Eve", "password": password("own")})).expect(201);
        client.post("/register", &json!({"email": "eve@example.com", "name": "Eve", "password": password("own")})).problem(409);
        let accept = |token: &str, new: &str| client.post("/invitations/accept", &json!({"token": token, "password": new}));
        let reset = world.admin.post_nothing(&format!("/admin/users/{id}/password-reset")).expect(200);
        let invitation = reset["invitation"]["token"].as_str().unwrap();
        accept(&format!("{CANARY}-invitation"), &password("third")).problem(422);
        accept(invitation, "password1234").problem(422);
        accept(invitation, &password("first")).expect(200);
        accept(invitation, &password("fourth")).problem(422);
        secrets.push(invitation.to_owned());
        let session = login(&password("first")).expect(200);
        let (access, refresh) = (session["access_token"].as_str().unwrap(), session["refresh_token"].as_str().unwrap());
        let customer = client.with_token(access);

        // Where things go wrong, more is said.
        login(&password("wrong")).problem(401);
        login(&format!("{}\0", password("nul"))).problem(422);
        client.post("/login", &json!({"email": "ada@example.com", "password": [password("array")]})).problem(400);
        client.post("/login", &json!({"email": "ada@example.com", "pasword": password("misspelt")})).problem(400);
        client.send("POST", "/login", &[("Content-Type", "application/json")], Some(format!("{{\"password\": \"{CANARY}").as_bytes())).problem(400);
        client.send("POST", "/login", &[("Content-Type", "text/plain")], Some(CANARY.as_bytes())).problem(415);
        client.with_token(&format!("{access}x")).get("/customer/tickets").problem(401);
        client.with_token(refresh).get("/customer/tickets").problem(401);
        customer.get(&format!("/customer/tickets?access_token={access}")).problem(400);
        customer.get(&format!("/customer/tickets/{access}")).problem(404);
        world.admin.post("/admin/users", &user).problem(409);
        world.admin.put(&format!("/admin/users/{id}"), &json!({"password": password("unknown")})).problem(400);
        let mut connection = RawConnection::open(world.server.address());
        connection.send(format!("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\nAuthorization: Bearer {access}\r\nContent-Length: {CANARY}\r\n\r\n{CANARY}"));
        assert_eq!(connection.answer().status, 400);
        if store == StoreKind::Postgres {
            world.database.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'helpdesk' AND datname = current_database()");
            wait_until("recovery", || customer.get("/customer/tickets").status == 200);
        }
        world.server.client().send("GET", "/nowhere", &[("X-Request-Id", "the-last")], None).problem(404);
        wait_until("the last line", || world.server.log().contains("the-last"));

        let log = world.server.log();
        assert!(log.contains("TRACE") || log.contains("DEBUG"), "everything was asked for");
        let hashes = world.database.query("SELECT password_hash AS value FROM users WHERE email = 'ada@example.com'");
        let secrets = secrets.iter().map(String::as_str);
        for secret in secrets.chain([CANARY, access, refresh, JWT_SECRET, helpdesk_tests::PASSWORD, world.admin.token().unwrap(), &hashes]) {
            for line in log.lines() {
                assert!(!line.contains(secret), "a secret is in: {line}");
            }
        }
    }
}

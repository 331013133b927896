//! `helpdesk user …`, beside a running server and before there is one.

use std::process::{Command, Output};

use helpdesk_tests::{
    Database, PASSWORD, Server, Session, World, binary, on_both_stores, run, sign_in, wait_until,
};
use serde_json::{Value, json};

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// What a command that succeeded printed.
#[track_caller]
fn printed(output: &Output) -> String {
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

/// The one line that a command refused with.
#[track_caller]
fn refusal(output: &Output, code: i32) -> String {
    let stderr = text(&output.stderr);
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(code), ""), "{stderr}");
    stderr
}

/// The command that the server says makes the first admin, if it says one.
fn first_admin(server: &Server) -> Option<String> {
    let log = server.log();
    let line = log.lines().find(|line| line.contains("no admin can sign in yet"))?;
    let at = line.find("printf ").unwrap_or_else(|| panic!("no command in {line}"));
    Some(line[at..].to_owned())
}

on_both_stores! {
    fn on_an_empty_store_the_server_says_how_to_make_an_admin_and_what_it_says_works(store) {
        let database = Database::create(store);
        let server = Server::start(&database);
        wait_until("the hint", || first_admin(&server).is_some());
        let line = first_admin(&server).unwrap();
        assert!(line.contains("helpdesk user create"), "{line}");
        // Word for word, in a shell that finds the program.
        let mut shell = Command::new("sh");
        for (name, value) in Server::command(&database).get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        let program = binary();
        let path = std::env::var("PATH").unwrap_or_default();
        let found = format!("{}:{path}", program.parent().unwrap().display());
        shell.args(["-c", &line]).env("PATH", found).current_dir(database.directory());
        let output = run(shell, "");
        printed(&output);

        let session = Session::open(&server.client(), "admin@example.com", "a long password");
        session.get("/admin/users").expect(200);
        drop(server);
        let server = Server::start(&database);
        session_on(&server, &session).get("/admin/users").expect(200);
        // It begins to serve after it has looked.
        server.client().get("/health/ready").expect(200);
        assert_eq!(first_admin(&server), None);
    }

    /// An admin who is disabled, or was invited and has no password yet, cannot sign in.
    fn the_hint_stays_until_an_admin_can_sign_in(store) {
        let world = World::new(store);
        let user = json!({"email": "root@example.com", "name": "Root", "role": "admin"});
        world.admin.post("/admin/users", &user).expect(201);
        let World { server, database, admin } = world;
        drop(server);
        let server = Server::start(&database);
        // It begins to serve after it has looked.
        server.client().get("/health/ready").expect(200);
        assert_eq!(first_admin(&server), None);
        drop(server);
        // There is no way to do this but behind its back.
        database.execute(&format!("UPDATE users SET is_active = (1 = 0) WHERE id = {}", admin.id));
        let server = Server::start(&database);
        wait_until("the hint", || first_admin(&server).is_some());
    }

    fn an_account_is_made_with_a_password_or_an_invitation_and_not_with_both(store) {
        let world = World::new(store);
        let client = world.server.client();
        let create = |email: &'static str, credential: &[&'static str]| {
            let who = ["create", "--email", email, "--name", "Ada Lovelace", "--role", "agent"];
            world.user_command(&[&who, credential].concat(), &format!("{PASSWORD}\nsecond line\n"))
        };
        let said = printed(&create("with@example.com", &["--password-stdin"]));
        assert!(said.contains("with@example.com") && !said.contains(PASSWORD), "{said}");
        Session::open(&client, "with@example.com", PASSWORD).get("/agent/tickets").expect(200);

        let said = printed(&create("invited@example.com", &["--invite"]));
        let token = said.split("\"token\": \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_else(|| panic!("{said}"));
        assert!(token.len() >= 43 && said.contains("/invitations/accept"), "{said}");
        assert_eq!(sign_in(&client, "invited@example.com", PASSWORD).status, 401);
        client.post("/invitations/accept", &json!({"token": token, "password": PASSWORD})).expect(200);
        Session::open(&client, "invited@example.com", PASSWORD).get("/agent/tickets").expect(200);
        // A new agent is in the default team, from here as from anywhere.
        let members = world.admin.get("/admin/teams/1/members").expect(200);
        assert_eq!(members["data"].as_array().unwrap().len(), 2);

        for credential in [&[][..], &["--invite", "--password-stdin"]] {
            let said = refusal(&create("both@example.com", credential), 2);
            assert!(said.contains("--invite") && said.contains("--password-stdin"), "{said}");
        }
        assert!(refusal(&create("with@example.com", &["--invite"]), 1).contains("another account"));
    }

    fn accounts_are_listed_and_filtered(store) {
        let world = World::new(store);
        let ada = world.join("ada", "customer");
        world.admin.post("/admin/users", &json!({"email": "grace@example.com", "name": "Grace Hopper", "role": "agent"})).expect(201);
        world.admin.put(&format!("/admin/users/{}", ada.id), &json!({"is_active": false})).expect(200);
        let list = |arguments: &[&str]| -> Vec<Vec<String>> {
            let said = printed(&world.user_command(&[&["list"], arguments].concat(), ""));
            said.lines().map(|line| line.split("  ").map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()).collect()
        };
        let all = list(&[]);
        let ids: Vec<i64> = all.iter().map(|line| line[0].parse().unwrap()).collect();
        assert_eq!(ids.len(), 3);
        assert_eq!(all[0][1..], ["admin", "active", "admin@example.com", "Admin"]);
        assert_eq!(all[1][1..], ["customer", "disabled", "ada@example.com", "ada"]);
        assert_eq!(all[2][1..], ["agent", "invited", "grace@example.com", "Grace Hopper"]);
        assert_eq!(list(&["--role", "agent"]), [all[2].clone()]);
        assert_eq!(list(&["--active", "false"]), [all[1].clone()]);
        assert_eq!(list(&["--active", "true"]), [all[0].clone(), all[2].clone()]);
        assert_eq!(list(&["--search", "hopper"]), [all[2].clone()]);
        assert_eq!(list(&["--search", "nobody"]), Vec::<Vec<String>>::new());
        assert!(refusal(&world.user_command(&["list", "--role", "boss"], ""), 2).contains("--role"));
        refusal(&world.user_command(&["list", "--search", ""], ""), 1);
    }

    /// More than any page has.
    fn a_long_list_is_whole(store) {
        let world = World::new(store);
        let row = match store {
            helpdesk_tests::StoreKind::Sqlite => {
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 250) INSERT INTO users (email, name, role, is_active, \
                 version, token_version, created_at, updated_at) SELECT 'u' || i || '@example.com', 'U', 'customer', 1, 1, 1, 0, 0 FROM n"
            }
            helpdesk_tests::StoreKind::Postgres => {
                "INSERT INTO users (email, name, role, is_active, version, token_version, created_at, updated_at) \
                 SELECT 'u' || i || '@example.com', 'U', 'customer', true, 1, 1, now(), now() FROM generate_series(1, 250) AS i"
            }
        };
        world.database.execute(row);
        let said = printed(&world.user_command(&["list"], ""));
        assert_eq!(said.lines().count(), 251);
        assert_eq!(printed(&world.user_command(&["list", "--role", "customer"], "")).lines().count(), 250);
    }

    fn what_is_done_beside_a_server_counts_within_a_second(store) {
        let world = World::new(store);
        let client = world.server.client();
        let grace = world.join("grace", "agent");
        let customer = world.join("ada", "customer");
        let ticket = world.open_ticket(&customer, "T");
        world.assign(ticket, &grace);
        let session = world.session(&grace);
        let done = |arguments: &[&str], input: &str| {
            let said = printed(&world.user_command(&[arguments, &["--email", &grace.email]].concat(), input));
            assert!(said.contains(&grace.email) && !said.contains("battery"), "{said}");
        };

        session.get("/me").expect(200);
        done(&["disable"], "");
        // How long it takes between processes is measured elsewhere.
        wait_until("the server to hear of it", || session.get("/me").status == 401);
        session.assert_dead();
        assert_eq!(sign_in(&client, &grace.email, PASSWORD).status, 401);
        assert_eq!(world.admin.get(&format!("/admin/tickets/{ticket}")).expect(200)["assignee"], Value::Null);

        done(&["enable"], "");
        let session = world.session(&grace);
        done(&["set-password", "--password-stdin"], "quite another battery staple\n");
        wait_until("the server to hear of it", || session.get("/me").status == 401);
        session.assert_dead();
        assert_eq!(sign_in(&client, &grace.email, PASSWORD).status, 401);
        sign_in(&client, &grace.email, "quite another battery staple").expect(200);
    }

    fn the_way_back_for_who_is_locked_out_is_the_command_line(store) {
        let world = World::new(store);
        let World { server, database, .. } = world;
        drop(server);
        let mut command = Server::command(&database);
        command.args(["user", "set-password", "--email", "ADMIN@example.com ", "--password-stdin"]);
        printed(&run(command, "quite another battery staple\r\n"));
        let server = Server::start(&database);
        Session::open(&server.client(), "admin@example.com", "quite another battery staple").assert_alive();
    }

    /// Whoever mistypes where the store is learns that, and nothing is made there.
    fn no_store_is_made_to_look_for_accounts(store) {
        let world = World::new(store);
        let nowhere = world.database.directory().join("nowhere.db");
        for arguments in [&["list"][..], &["disable", "--email", "a@example.com"]] {
            let mut command = Server::command(&world.database);
            command.arg("user").args(arguments).env("DATABASE_URL", format!("sqlite://{}", nowhere.display()));
            assert!(refusal(&run(command, ""), 1).contains("there is no store"));
            assert!(!nowhere.exists());
        }
    }

    fn an_account_is_invited_again(store) {
        let world = World::new(store);
        let grace = world.join("grace", "agent");
        let said = printed(&world.user_command(&["set-password", "--email", &grace.email, "--invite"], ""));
        let (_, rest) = said.split_once("\"token\": \"").unwrap();
        let token = rest.split_once('"').unwrap().0;
        let client = world.server.client();
        assert_eq!(sign_in(&client, &grace.email, PASSWORD).status, 401);
        wait_until("the server to hear of it", || grace.get("/me").status == 401);
        let accept = json!({"token": token, "password": "quite another battery staple"});
        client.post("/invitations/accept", &accept).expect(200);
        sign_in(&client, &grace.email, "quite another battery staple").expect(200);
    }

    fn what_cannot_be_done_is_one_clear_line(store) {
        let world = World::new(store);
        let admin = world.admin.email.as_str();
        for (arguments, code, word) in [
            (&["disable", "--email", "nobody@example.com"][..], 1, "no account has this e-mail address"),
            (&["enable", "--email", "nobody@example.com"], 1, "no account has this e-mail address"),
            (&["set-password", "--email", "nobody@example.com", "--password-stdin"], 1, "no account has this e-mail address"),
            (&["disable", "--email", "nobody"], 1, "--email"),
            (&["disable", "--email", admin], 1, "at least one active admin must remain"),
            (&["disable"], 2, "--email"),
            (&["set-password", "--email", admin], 2, "--password-stdin"),
            (&["create", "--email", "a@example.com", "--name", " ", "--role", "agent", "--invite"], 1, "--name"),
            (&["create", "--email", "a@example.com", "--name", "A", "--role", "boss", "--invite"], 2, "--role"),
        ] {
            let said = refusal(&world.user_command(arguments, &format!("{PASSWORD}\n")), code);
            assert!(said.contains(word), "{arguments:?}: {said}");
            if code == 1 {
                assert!(said.lines().count() == 1 && said.starts_with("helpdesk: "), "{said}");
            }
            assert!(!said.contains(PASSWORD));
        }
        world.admin.get("/me").expect(200);
    }

    /// The password and the database's are for nobody's eyes, least of all in a terminal's history of output.
    fn nothing_secret_is_printed_at_any_level(store) {
        let world = World::new(store);
        let canary = "canary kumquat password";
        for arguments in [
            &["create", "--email", "a@example.com", "--name", "A", "--role", "agent", "--password-stdin"][..],
            &["create", "--email", "a@example.com", "--name", "A", "--role", "agent", "--password-stdin"],
            &["set-password", "--email", "a@example.com", "--password-stdin"],
            &["list"],
        ] {
            let mut command = Server::command(&world.database);
            command.arg("user").args(arguments).env("RUST_LOG", "trace");
            let output = run(command, &format!("{canary}\n"));
            let hash = world.database.query("SELECT password_hash AS value FROM users WHERE email = 'a@example.com'");
            for said in [text(&output.stdout), text(&output.stderr)] {
                assert!(!said.contains("canary") && !said.contains(&hash) && !said.contains("$2b$"), "{said}");
            }
        }
    }
}

fn session_on(server: &Server, session: &Session) -> Session {
    Session {
        client: server.client().with_token(session.token().unwrap()),
        refresh_token: session.refresh_token.clone(),
    }
}

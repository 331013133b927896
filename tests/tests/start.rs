//! Starting and stopping: configuration, the command line, signals.

use std::os::unix::fs::PermissionsExt as _;

use helpdesk_tests::{Client, Database, PASSWORD, Server, StoreKind, World, on_both_stores, run, wait_until};
use serde_json::json;

/// Runs `serve` with these variables and expects it to refuse: one line, which is returned.
fn refusal(database: &Database, variables: &[(&str, &str)]) -> String {
    let mut command = Server::command(database);
    command.arg("serve").envs(variables.iter().copied());
    let output = run(command, "");
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    let lines: Vec<_> = stderr.lines().filter(|line| line.starts_with("helpdesk: ")).collect();
    assert_eq!(lines.len(), 1, "{stderr}");
    lines[0].to_owned()
}

on_both_stores! {
    fn a_weak_secret_does_not_start(store) {
        let database = Database::create(store);
        for weak in ["short", "changeme-changeme-changeme-changeme", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"] {
            let line = refusal(&database, &[("HELPDESK_JWT_SECRET", weak)]);
            assert!(line.contains("HELPDESK_JWT_SECRET") && !line.contains(weak), "{line}");
        }
    }

    fn everything_is_there_after_a_kill(store) {
        let world = World::new(store);
        let customer = world.join("ada", "customer");
        let id = world.open_ticket(&customer, "Survivor");
        let comment = format!("/customer/tickets/{id}/comments");
        customer.post(&comment, &json!({"body": "written"})).expect(201);
        let World { server, database, .. } = world;
        server.signal("KILL");
        server.wait();

        let server = Server::start(&database);
        // The token is still good: sessions are in the store.
        let customer = Client::new(server.address()).with_token(customer.token().unwrap());
        let seen = customer.get(&format!("/customer/tickets/{id}")).expect(200);
        assert_eq!(seen["comments"]["data"][0]["body"], "written");
    }

    fn sigterm_ends_it_in_order(store) {
        let world = World::new(store);
        let World { server, database, .. } = world;
        server.signal("TERM");
        assert_eq!(server.wait(), Some(0));
        // The connections were closed: all of SQLite's data is in the one file, which can be copied as it is.
        assert!(!database.directory().join("test.db-wal").exists());
    }

    fn a_taken_port_is_one_clear_line(store) {
        let world = World::new(store);
        let line = refusal(&world.database, &[("HELPDESK_BIND", world.server.address())]);
        assert!(line.contains(world.server.address()), "{line}");
    }

    fn a_setting_that_makes_no_sense_is_one_clear_line(store) {
        let database = Database::create(store);
        for (name, value) in [
            ("HELPDESK_TRUSTED_PROXIES", "proxy.example.com"),
            ("HELPDESK_TRUSTED_PROXIES", "0.0.0.0/0"),
            ("HELPDESK_REQUEST_LIMIT", "100"),
            ("HELPDESK_SIGN_IN_LIMIT_PAIR", "5"),
            ("HELPDESK_SIGN_IN_LIMIT_ADDRESS", "0/5"),
            ("HELPDESK_SIGN_IN_LIMIT_ACCOUNT", "never"),
            ("HELPDESK_REGISTRATION", "yes"),
            ("HELPDESK_REGISTRATION_LIMIT", "5/-1"),
        ] {
            let line = refusal(&database, &[(name, value)]);
            assert!(line.contains(name), "{line}");
        }
    }

    fn operations_have_an_address_of_their_own(store) {
        let world = World::with(store, &[("HELPDESK_MANAGEMENT_BIND", "127.0.0.1:0")]);
        world.admin.get("/admin/users").expect(200);
        let metrics = Client::of_management(world.server.management()).get("/metrics");
        assert_eq!(metrics.status, 200);
        assert!(metrics.text().contains("/admin/users"), "{}", metrics.text());
        assert_eq!(world.server.client().get("/metrics").status, 404);
        world.server.client().get("/health/live").expect(200);
        world.server.client().get("/health/ready").expect(200);
    }

    fn accounts_are_made_on_the_command_line_while_it_serves(store) {
        let world = World::new(store);
        let create = |email: &str, password: &str| {
            let mut command = Server::command(&world.database);
            command.args(["user", "create", "--email", email, "--name", "New", "--role", "agent", "--password-stdin"]);
            run(command, password)
        };
        assert!(create("new@example.com", PASSWORD).status.success());
        world.server.client().post("/login", &json!({"email": "new@example.com", "password": PASSWORD})).expect(200);
        for (email, password, word) in [
            ("new@example.com", PASSWORD, "another account"), ("nobody", PASSWORD, "--email"), ("b@example.com", "short", "password"),
        ] {
            let output = create(email, password);
            let stderr = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(1), "{stderr}");
            assert!(stderr.contains(word), "{stderr}");
        }
    }

    fn migrations_run_once_and_a_newer_schema_is_refused(store) {
        let database = Database::create(store);
        let migrate = || {
            let mut command = Server::command(&database);
            command.arg("migrate");
            let output = run(command, "");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap()
        };
        assert!(migrate().starts_with("Applied"));
        assert!(migrate().contains("up to date"));
        let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000000')";
        database.execute(newer);
        let line = refusal(&database, &[]);
        assert!(line.contains("newer"), "{line}");
    }
}

#[test]
fn many_instances_start_at_once_on_an_empty_postgres() {
    let database = Database::create(StoreKind::Postgres);
    let servers: Vec<Server> = std::thread::scope(|scope| {
        let starts: Vec<_> = (0..4).map(|_| scope.spawn(|| Server::start(&database))).collect();
        starts.into_iter().map(|start| start.join().unwrap()).collect()
    });
    for server in &servers {
        server.client().get("/health/ready").expect(200);
    }
    let teams = database.query("SELECT CAST(count(*) AS text) AS value FROM teams");
    assert_eq!(teams, "1");
}

#[test]
fn without_a_secret_the_embedded_store_keeps_one_and_postgres_does_not_start() {
    let database = Database::create(StoreKind::Sqlite);
    let server = Server::start_with(&database, &[("HELPDESK_JWT_SECRET", "")]);
    let path = database.directory().join("test.db.jwt-secret");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let kept = std::fs::read_to_string(&path).unwrap();
    assert!(!server.log().contains(kept.trim()));
    drop(server);
    drop(Server::start_with(&database, &[("HELPDESK_JWT_SECRET", "")]));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), kept);

    let database = Database::create(StoreKind::Postgres);
    let line = refusal(&database, &[("HELPDESK_JWT_SECRET", "")]);
    assert!(line.contains("HELPDESK_JWT_SECRET"), "{line}");
}

#[test]
fn what_the_store_is_must_be_clear() {
    let database = Database::create(StoreKind::Sqlite);
    for url in ["mysql://u:hunter2@h/d", "sqlite://", "sqlite://:memory:", "nonsense"] {
        let line = refusal(&database, &[("DATABASE_URL", url)]);
        assert!(line.contains("DATABASE_URL") && !line.contains("hunter2"), "{line}");
    }
    let port = helpdesk_tests::free_port();
    let line = refusal(&database, &[("DATABASE_URL", &format!("postgres://u:hunter2@127.0.0.1:{port}/d"))]);
    assert!(!line.contains("hunter2"), "{line}");
}

#[test]
fn the_default_store_is_a_file_in_the_data_directory() {
    let database = Database::create(StoreKind::Sqlite);
    let data = database.directory().join("data");
    let server =
        Server::start_with(&database, &[("DATABASE_URL", ""), ("HELPDESK_DATA_DIR", data.to_str().unwrap())]);
    assert!(data.join("helpdesk.db").exists());
    wait_until("readiness", || server.client().get("/health/ready").status == 200);
}

#[test]
fn help_teaches() {
    let database = Database::create(StoreKind::Sqlite);
    let mut command = Server::command(&database);
    command.args(["serve", "--help"]);
    let help = String::from_utf8(run(command, "").stdout).unwrap();
    for word in [
        "DATABASE_URL",
        "HELPDESK_BIND",
        "HELPDESK_MANAGEMENT_BIND",
        "HELPDESK_TRUSTED_PROXIES",
        "HELPDESK_REQUEST_LIMIT",
        "HELPDESK_SIGN_IN_LIMIT_PAIR",
        "HELPDESK_SIGN_IN_LIMIT_ADDRESS",
        "HELPDESK_SIGN_IN_LIMIT_ACCOUNT",
        "HELPDESK_REGISTRATION",
        "HELPDESK_REGISTRATION_LIMIT",
        "HELPDESK_DATA_DIR",
        "HELPDESK_JWT_SECRET",
        "HELPDESK_JWT_SECRET_FILE",
        "RUST_LOG",
    ] {
        assert!(help.contains(word), "{word} in {help}");
    }
    let mut command = Server::command(&database);
    command.arg("--help");
    let help = String::from_utf8(run(command, "").stdout).unwrap();
    for word in ["serve", "migrate", "user", "HELPDESK_JWT_SECRET", "RUST_LOG", "--password-stdin"] {
        assert!(help.contains(word), "{word} in {help}");
    }
    let mut command = Server::command(&database);
    command.args(["user", "--help"]);
    let help = String::from_utf8(run(command, "").stdout).unwrap();
    for word in ["create", "list", "set-password", "disable", "enable"] {
        assert!(help.contains(word), "{word} in {help}");
    }
}

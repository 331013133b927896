//! The Postgres server goes, hangs, runs out of connections, or throws everybody out.

use helpdesk_tests::{Account, Client, Database, Proxy, Server, StoreKind, World, run, wait_until};

use crate::{Call, assert_nothing_is_half_written, assert_unavailable, reads, send_all, writes};

struct Setting {
    world: World,
    proxy: Proxy,
    customer: Account,
    ticket: i64,
}

/// A help desk whose way to its database can be cut.
fn behind_a_proxy() -> Setting {
    let database = Database::create(StoreKind::Postgres);
    let proxy = Proxy::to(&database.postgres_server());
    let url = database.postgres_url(None, &proxy.address());
    let world = World::on(database, &[("DATABASE_URL", &url), ("HELPDESK_MANAGEMENT_BIND", "127.0.0.1:0")]);
    let customer = world.join("ada", "customer");
    let ticket = world.open_ticket(&customer, "Before");
    Setting { world, proxy, customer, ticket }
}

impl Setting {
    fn calls(&self) -> Vec<Call> {
        let mut calls = reads(&self.world, &self.customer, self.ticket);
        calls.extend(writes(&self.world, &self.customer, self.ticket));
        calls
    }

    fn assert_lost(&self) {
        for answer in send_all(&self.calls()) {
            assert_unavailable(&answer);
        }
        for client in [self.world.server.client(), Client::of_management(self.world.server.management())] {
            client.get("/health/live").expect(200);
            assert_unavailable(&client.get("/health/ready"));
        }
        // What needs no store is answered as ever.
        let forged = self.world.server.client().with_token("forged");
        assert_eq!(forged.get("/customer/tickets").problem(401), "invalid_token");
    }

    fn assert_recovers(&self) {
        wait_until("readiness", || self.world.server.client().get("/health/ready").status == 200);
        for call in self.calls() {
            call.recovers();
        }
        assert_nothing_is_half_written(&self.world.database);
        let log = self.world.server.log();
        assert!(!log.contains("status=500"), "{log}");
    }
}

#[test]
fn while_the_server_is_gone_everything_is_503_and_then_it_recovers() {
    let setting = behind_a_proxy();
    setting.proxy.cut();
    setting.assert_lost();
    setting.proxy.restore();
    setting.assert_recovers();
}

#[test]
fn while_the_server_hangs_everything_is_503_and_then_it_recovers() {
    let setting = behind_a_proxy();
    setting.proxy.hold();
    setting.assert_lost();
    // More than the store has threads: none may be lost for good.
    setting.assert_lost();
    setting.proxy.restore();
    setting.assert_recovers();
}

#[test]
fn a_server_that_hung_and_then_went_is_found_again() {
    let setting = behind_a_proxy();
    setting.proxy.hold();
    setting.assert_lost();
    setting.proxy.cut();
    setting.proxy.restore();
    setting.assert_recovers();
}

#[test]
fn connections_that_the_server_ends_cost_an_answer_each_at_the_most() {
    let setting = behind_a_proxy();
    let mine = "FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'helpdesk'";
    let connections = setting.world.database.query(&format!("SELECT CAST(count(*) AS text) AS value {mine}"));
    let connections: usize = connections.parse().unwrap();
    assert!(connections > 0);
    setting.world.database.execute(&format!("SELECT pg_terminate_backend(pid) {mine}"));
    let mut lost = 0;
    for _ in 0..10 {
        for call in setting.calls() {
            let answer = call.send();
            if answer.status != call.status {
                assert_unavailable(&answer);
                lost += 1;
            }
        }
    }
    assert!(lost <= connections, "{lost} of {connections}");
    setting.assert_recovers();
}

#[test]
fn without_a_connection_left_it_does_not_start_and_later_it_recovers() {
    const PASSWORD: &str = "canary-kumquat";
    let database = Database::create(StoreKind::Postgres);
    let owner = database.make_owner(PASSWORD);
    let url = database.postgres_url(Some(&format!("{owner}:{PASSWORD}")), &database.postgres_server());
    let limit = |connections: i32| format!("ALTER ROLE {owner} CONNECTION LIMIT {connections}");

    database.execute(&limit(0));
    let mut command = Server::command(&database);
    command.arg("serve").env("DATABASE_URL", &url);
    let output = run(command, "");
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    let lines: Vec<_> = stderr.lines().filter(|line| line.starts_with("helpdesk: ")).collect();
    assert!(lines.len() == 1 && lines[0].contains("too many connections"), "{stderr}");
    assert!(!stderr.contains(PASSWORD), "{stderr}");

    database.execute(&limit(-1));
    let proxy = Proxy::to(&database.postgres_server());
    // The owner makes the tables: those of another account it could not write to.
    let mut command = Server::command(&database);
    command.arg("migrate").env("DATABASE_URL", &url);
    assert!(run(command, "").status.success());
    let url = database.postgres_url(Some(&format!("{owner}:{PASSWORD}")), &proxy.address());
    let variables =
        [("DATABASE_URL", url.as_str()), ("HELPDESK_MANAGEMENT_BIND", "127.0.0.1:0"), ("RUST_LOG", "trace")];
    let world = World::on(database, &variables);
    let customer = world.join("ada", "customer");
    let ticket = world.open_ticket(&customer, "Before");
    let setting = Setting { world, proxy, customer, ticket };
    setting.world.database.execute(&limit(0));
    setting.proxy.cut();
    setting.proxy.restore();
    setting.assert_lost();
    setting.world.database.execute(&limit(-1));
    setting.assert_recovers();
    assert!(!setting.world.server.log().contains(PASSWORD));
}

#[test]
fn what_another_session_locks_is_503_and_the_rest_goes_on() {
    let setting = behind_a_proxy();
    let (world, customer) = (&setting.world, &setting.customer);
    let mut other = world.database.postgres();
    let mut execute =
        |sql: &str| diesel::connection::SimpleConnection::batch_execute(&mut other, sql).unwrap();
    execute("BEGIN; LOCK TABLE tickets IN ACCESS EXCLUSIVE MODE");
    let waits: Vec<Call> =
        setting.calls().into_iter().filter(|call| call.path.contains("/tickets")).collect();
    for answer in send_all(&waits) {
        assert_unavailable(&answer);
    }
    let users: Vec<Call> =
        setting.calls().into_iter().filter(|call| !call.path.contains("/tickets")).collect();
    assert!(!waits.is_empty() && !users.is_empty());
    for (call, answer) in users.iter().zip(send_all(&users)) {
        assert_eq!(answer.status, call.status, "{} {}: {}", call.method, call.path, answer.text());
    }
    execute("ROLLBACK");
    setting.assert_recovers();
    customer.get("/customer/tickets").expect(200);
}

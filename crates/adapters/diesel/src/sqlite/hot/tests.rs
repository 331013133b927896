use std::sync::{Arc, Mutex};

use diesel::connection::{
    AnsiTransactionManager, Instrumentation, InstrumentationEvent, SimpleConnection, TransactionManager,
};
use diesel::prelude::*;
use helpdesk_domain::{AdminActor, AgentActor, CustomerActor, UserId};
use helpdesk_ports::Limit;
use tempfile::TempDir;
use tokio::sync::oneshot;

use super::super::connection::{Access, connect, prepare_file};
use super::super::migrate::migrate;
use super::*;

/// Two tickets of a customer, of which an agent each has one. The second cannot be read.
const TICKETS: &str = "
    INSERT INTO users (id, email, name, role, is_active, version, token_version, created_at, updated_at)
    VALUES (1, 'a@example.com', 'A', 'customer', 1, 1, 1, 0, 0), (2, 'b@example.com', 'B', 'agent', 1, 1, 1, 0, 0),
        (3, 'c@example.com', 'C', 'agent', 1, 1, 1, 0, 0);
    INSERT INTO tickets (id, subject, description, status, priority, tags, requester_id, assignee_id, team_id,
        version, public_version, created_at, updated_at, public_updated_at, reopen_count)
    VALUES (1, 'One', 'x', 'open', 'low', '[]', 1, 2, 1, 1, 1, 0, 0, 0, 0),
        (2, 'Two', 'x', 'open', 'low', '[]', 1, 3, 1, 1, 1, 0, 0, 0, 0);
    PRAGMA ignore_check_constraints = ON;
    UPDATE tickets SET status = 'lost' WHERE id = 2;";

/// What a connection sends.
#[derive(Clone, Default)]
struct Sent(Arc<Mutex<Vec<String>>>);

impl Sent {
    /// The first words of what was sent since the last call.
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl Instrumentation for Sent {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let query = query.to_string();
            self.0.lock().unwrap().push(query.split(' ').next().unwrap().to_owned());
        }
    }
}

fn store() -> (Conn, Sent, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let url = prepare_file(&directory.path().join("helpdesk.db")).unwrap();
    migrate(&url).unwrap();
    connect(&url, Access::Write).unwrap().batch_execute(TICKETS).unwrap();
    let (mut conn, sent) = (connect(&url, Access::Read).unwrap(), Sent::default());
    conn.set_instrumentation(sent.clone());
    (conn, sent, directory)
}

fn id(id: i64) -> UserId {
    UserId::new(id).unwrap()
}

fn beginning(scope: Scope) -> Beginning {
    Beginning { scope, limit: Limit::default() }
}

fn list(conn: &mut Conn, asked: &[Beginning]) -> Vec<Result<Vec<i64>, StoreError>> {
    let caller = oneshot::channel::<()>();
    let listed = list_all(conn, asked, &caller.0).unwrap();
    let ids = |page: Page<Ticket, _>| page.items.iter().map(|ticket| ticket.id().get()).collect();
    listed.into_iter().map(|listed| listed.map(ids)).collect()
}

#[test]
fn each_list_is_read_once_and_several_in_one_snapshot() {
    let (mut conn, sent, _directory) = store();
    let one = beginning(AgentActor::new(id(2)).scope());
    let none = beginning(AgentActor::new(id(1)).scope());
    assert_eq!(list(&mut conn, &[one]), [Ok(vec![1])]);
    assert_eq!(sent.take(), ["SELECT"]);
    assert_eq!(list(&mut conn, &[one, one]), [Ok(vec![1]), Ok(vec![1])]);
    assert_eq!(sent.take(), ["SELECT"]);
    assert_eq!(list(&mut conn, &[one, none, one]), [Ok(vec![1]), Ok(vec![]), Ok(vec![1])]);
    assert_eq!(sent.take(), ["BEGIN", "SELECT", "SELECT", "COMMIT"]);

    // The batch's.
    let in_batch = |conn: &mut Conn| QueryResult::Ok(list(conn, &[one, none]));
    assert_eq!(conn.transaction(in_batch).unwrap(), [Ok(vec![1]), Ok(vec![])]);
    assert_eq!(sent.take(), ["BEGIN", "SELECT", "SELECT", "COMMIT"]);
}

#[test]
fn a_list_that_cannot_be_read_harms_no_other() {
    let (mut conn, _, _directory) = store();
    let asked = [
        AgentActor::new(id(2)).scope(),
        AgentActor::new(id(3)).scope(),
        CustomerActor::new(id(1)).scope(),
        AgentActor::new(id(2)).scope(),
        AdminActor::new(id(4)).scope(),
    ];
    let listed = list(&mut conn, &asked.map(beginning));
    assert_eq!((&listed[0], &listed[3]), (&Ok(vec![1]), &Ok(vec![1])));
    for lost in [1, 2, 4] {
        assert!(matches!(listed[lost], Err(StoreError::Corrupt { .. })), "{listed:?}");
    }
}

#[test]
fn where_there_is_no_store_there_is_no_list() {
    let (mut conn, _, _directory) = store();
    let asked = [AgentActor::new(id(2)).scope(), AgentActor::new(id(3)).scope()].map(beginning);
    // It began what it cannot end, so that nobody can say how it stands.
    AnsiTransactionManager::transaction_manager_status_mut(&mut conn).set_in_error();
    let caller = oneshot::channel::<()>();
    let listed = list_all(&mut conn, &asked, &caller.0);
    assert!(matches!(listed, Err(StoreError::Unavailable(_))), "{listed:?}");
}

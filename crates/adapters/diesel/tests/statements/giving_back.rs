//! An agent with thousands of tickets gives them back in one go.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use helpdesk_domain::{AccountOutcome, Ts, UserPatch};
use helpdesk_ports::{AccountCommit, Stores};

use crate::counts::is_control;
use crate::recorder::Log;
use crate::seed::Seed;
use crate::store;

/// One agent has 4,500 of them, and 1,890 of those are closed.
const SEED: Seed = Seed { agents: 1, customers: 1, tickets: 5_000, comments: 0 };

#[derive(Debug, PartialEq, Eq, QueryableByName)]
struct Found {
    /// Of the agent, and not closed.
    #[diesel(sql_type = BigInt)]
    unclosed: i64,
    #[diesel(sql_type = BigInt)]
    closed: i64,
    /// In the queue, at the version that giving them back leads to, each with its event.
    #[diesel(sql_type = BigInt)]
    given_back: i64,
    #[diesel(sql_type = BigInt)]
    events: i64,
}

const FIND: &str = "SELECT \
    count(CASE WHEN assignee_id = 3 AND status <> 'closed' THEN 1 END) AS unclosed, \
    count(CASE WHEN assignee_id = 3 AND status = 'closed' THEN 1 END) AS closed, \
    count(CASE WHEN assignee_id IS NULL AND version = 3 AND public_version = 2 THEN 1 END) AS given_back, \
    (SELECT count(*) FROM ticket_events e JOIN tickets t ON t.id = e.ticket_id AND t.version = e.version \
        WHERE e.kind = 'updated' AND e.id % 2 = 1 AND t.assignee_id IS NULL) AS events \
    FROM tickets";

const BEFORE: Found = Found { unclosed: 2610, closed: 1890, given_back: 0, events: 0 };
const AFTER: Found = Found { unclosed: 0, closed: 1890, given_back: 2610, events: 2610 };

/// Disables the agent, and says how many statements that took.
async fn disable(stores: &Stores, log: &mut Log) -> usize {
    let now = Ts::from_micros(2_000_000_000_000_000).unwrap();
    let agent = stores.users.find(Seed::admin().into(), Seed::agent().id()).await.unwrap().unwrap();
    let patch = UserPatch { is_active: Some(false), ..UserPatch::default() };
    let Ok(AccountOutcome::Changed(change)) = agent.decide(Seed::admin(), patch, now) else {
        panic!("disabling is a change");
    };
    log.take();
    let commit = stores.users.commit(*change).await;
    assert!(matches!(commit, Ok(AccountCommit::Done(_))), "{commit:?}");
    log.take().iter().filter(|sql| !is_control(sql)).count()
}

#[tokio::test]
async fn thousands_of_tickets_go_back_by_a_few_statements_on_postgres() {
    let mut store = store::postgres(SEED);
    assert_eq!(diesel::sql_query(FIND).get_result::<Found>(&mut store.beside), Ok(BEFORE));
    let statements = disable(&store.stores, &mut store.log).await;
    assert_eq!(diesel::sql_query(FIND).get_result::<Found>(&mut store.beside), Ok(AFTER));
    assert!(statements <= 30, "{statements}");
}

#[tokio::test]
async fn thousands_of_tickets_go_back_by_a_few_statements_on_sqlite() {
    let mut store = store::sqlite(SEED);
    assert_eq!(diesel::sql_query(FIND).get_result::<Found>(&mut store.beside), Ok(BEFORE));
    let statements = disable(&store.stores, &mut store.log).await;
    assert_eq!(diesel::sql_query(FIND).get_result::<Found>(&mut store.beside), Ok(AFTER));
    assert!(statements <= 30, "{statements}");
}

//! Thousands of tickets close by themselves in one go.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use helpdesk_domain::{SystemActor, Ts};
use helpdesk_ports::Stores;

use crate::counts::is_control;
use crate::recorder::Log;
use crate::seed::Seed;
use crate::store;

/// 1,400 of them are resolved.
const SEED: Seed = Seed { agents: 1, customers: 1, tickets: 10_000, comments: 0 };

#[derive(Debug, PartialEq, Eq, QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    resolved: i64,
    /// At the version that closing by itself leads to, each with its event.
    #[diesel(sql_type = BigInt)]
    closed: i64,
    #[diesel(sql_type = BigInt)]
    events: i64,
}

const FIND: &str = "SELECT \
    count(CASE WHEN status = 'resolved' THEN 1 END) AS resolved, \
    count(CASE WHEN status = 'closed' AND version = 3 AND public_version = 2 THEN 1 END) AS closed, \
    (SELECT count(*) FROM ticket_events WHERE kind = 'updated' AND actor_kind = 'system' AND id % 2 = 1) AS events \
    FROM tickets";

const BEFORE: Found = Found { resolved: 1400, closed: 0, events: 0 };
const AFTER: Found = Found { resolved: 0, closed: 1400, events: 1400 };

/// Closes all of them, and says how many statements that took.
async fn close(stores: &Stores, log: &mut Log) -> usize {
    let now = Ts::from_micros(2_000_000_000_000_000).unwrap();
    log.take();
    let closed = stores.tickets.close_resolved(SystemActor::outside_any_request(), now, now, 10_000).await;
    assert_eq!(closed, Ok(1400));
    log.take().iter().filter(|sql| !is_control(sql)).count()
}

#[tokio::test]
async fn thousands_of_tickets_close_by_a_few_statements_on_postgres() {
    let mut store = store::postgres(SEED);
    assert_eq!(diesel::sql_query(FIND).get_result::<Found>(&mut store.beside), Ok(BEFORE));
    let statements = close(&store.stores, &mut store.log).await;
    assert_eq!(diesel::sql_query(FIND).get_result::<Found>(&mut store.beside), Ok(AFTER));
    assert!(statements <= 15, "{statements}");
}

#[tokio::test]
async fn thousands_of_tickets_close_by_a_few_statements_on_sqlite() {
    let mut store = store::sqlite(SEED);
    assert_eq!(diesel::sql_query(FIND).get_result::<Found>(&mut store.beside), Ok(BEFORE));
    let statements = close(&store.stores, &mut store.log).await;
    assert_eq!(diesel::sql_query(FIND).get_result::<Found>(&mut store.beside), Ok(AFTER));
    assert!(statements <= 15, "{statements}");
}

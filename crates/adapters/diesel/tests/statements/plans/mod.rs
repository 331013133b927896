//! By which plans the stores' statements run, with a hundred thousand tickets.

mod account_lists;
mod filters;
mod lists;
mod plan;
mod postgres;
mod searches;
mod sqlite;

use std::collections::HashSet;

use diesel::connection::SimpleConnection;

use crate::counts::is_control;
use crate::operations::{Operation, run_all};
use crate::seed::Seed;
use crate::store;
use plan::Plan;

/// A plan that reads all of a table can hide in a small one: there it is the best.
const MANY: Seed = Seed { agents: 40, customers: 4_000, tickets: 100_000, comments: 3 };

/// The tables that grow without end. Of the others one page is read sooner than an index.
const GROWING: &[&str] = &[
    "tickets",
    "queued",
    "comments",
    "ticket_events",
    "ticket_tags",
    "texts",
    "ticket_texts",
    "ticket_words",
    "public_comment_texts",
    "public_comment_words",
    "internal_comment_texts",
    "internal_comment_words",
    "users",
    "requesters",
    "assignees",
    "sessions",
    "refresh_tokens",
    "invitations",
    "audit_entries",
    "idempotency_keys",
    // What of these is to be forgotten.
    "ended",
    "expired",
];

/// The operations that look at more rows of such a table than they need.
const ALLOWED: &[(&str, &str)] = &[
    // These go along an index in the list's order, and stop at the limit.
    ("a list of tickets, for an admin", "tickets"),
    ("a search for much, for an admin", "tickets"),
    ("a search for little, for an admin", "tickets"),
    ("a search for what was frequent once", "tickets"),
    ("the trail", "audit_entries"),
];

/// Tells how the statement runs.
type Explain<'a> = dyn FnMut(&str) -> Plan + 'a;

#[tokio::test]
async fn on_postgres_every_read_goes_by_an_index() {
    let mut store = store::postgres(MANY);
    for settings in &store.settings {
        store.beside.batch_execute(settings).unwrap();
    }
    let explain = &mut |sql: &str| postgres::explain(&mut store.beside, sql);
    lists::check(&store.stores, &mut store.log, explain).await;
    account_lists::check(&store.stores, &mut store.log, explain).await;
    filters::check(&store.stores, &mut store.log, explain).await;
    searches::check(&store.stores, &mut store.log, explain).await;
    check_operations(&run_all(&store.stores, &mut store.log, MANY).await, explain);
    store.beside.batch_execute(&many_of_ones_own()).unwrap();
    let explain = &mut |sql: &str| postgres::explain(&mut store.beside, sql);
    searches::check_with_many_of_ones_own(&store.stores, &mut store.log, explain).await;
}

/// Gives one customer every fiftieth ticket.
fn many_of_ones_own() -> String {
    format!("UPDATE tickets SET requester_id = {} WHERE id % 50 = 3", MANY.customer().id())
}

/// The store gathers no statistics; where someone does, they are to make no plan worse.
#[tokio::test]
async fn on_sqlite_every_read_goes_by_an_index_with_statistics_or_without() {
    let mut store = store::sqlite(MANY);
    lists::check(&store.stores, &mut store.log, &mut |sql| sqlite::explain(&mut store.beside, sql)).await;
    account_lists::check(&store.stores, &mut store.log, &mut |sql| sqlite::explain(&mut store.beside, sql))
        .await;
    filters::check(&store.stores, &mut store.log, &mut |sql| sqlite::explain(&mut store.beside, sql)).await;
    searches::check(&store.stores, &mut store.log, &mut |sql| sqlite::explain(&mut store.beside, sql)).await;
    store.beside.batch_execute("ANALYZE").unwrap();
    lists::check(&store.stores, &mut store.log, &mut |sql| sqlite::explain(&mut store.beside, sql)).await;
    account_lists::check(&store.stores, &mut store.log, &mut |sql| sqlite::explain(&mut store.beside, sql))
        .await;
    filters::check(&store.stores, &mut store.log, &mut |sql| sqlite::explain(&mut store.beside, sql)).await;
    searches::check(&store.stores, &mut store.log, &mut |sql| sqlite::explain(&mut store.beside, sql)).await;

    let operations = run_all(&store.stores, &mut store.log, MANY).await;
    store.beside.batch_execute(&many_of_ones_own()).unwrap();
    let (stores, log) = (&store.stores, &mut store.log);
    for statistics in ["ANALYZE sqlite_schema", "DELETE FROM sqlite_stat1; ANALYZE sqlite_schema"] {
        store.beside.batch_execute(statistics).unwrap();
        let explain = &mut |sql: &str| sqlite::explain(&mut store.beside, sql);
        check_operations(&operations, explain);
        searches::check_with_many_of_ones_own(stores, log, explain).await;
    }
}

fn check_operations(operations: &[Operation], explain: &mut Explain<'_>) {
    check_standing(operations, explain);
    let mut exceptions = Vec::new();
    for operation in operations {
        let mut seen = HashSet::new();
        let own = operation.statements.iter().filter(|sql| !is_control(sql));
        for sql in own.filter(|sql| seen.insert(sql.as_str())) {
            let plan = explain(sql);
            for access in plan.accesses.iter().filter(|access| GROWING.contains(&access.name.as_str())) {
                let exception = (operation.name, access.name.clone());
                if !access.seeks() && !exceptions.contains(&exception) {
                    exceptions.push(exception);
                }
            }
        }
    }
    let allowed: Vec<_> = ALLOWED.iter().map(|&(name, table)| (name, table.to_owned())).collect();
    assert_eq!(exceptions, allowed);
}

/// A session is found by its own id, not among all those of its account, which may be any number.
fn check_standing(operations: &[Operation], explain: &mut Explain<'_>) {
    let standing = operations.iter().find(|operation| operation.name == "where a session stands").unwrap();
    let plan = explain(standing.statements.first().unwrap());
    let sessions = plan.accesses.iter().find(|access| access.name == "sessions").unwrap();
    assert_eq!(sessions.sought, ["id"], "{}", plan.text);
}

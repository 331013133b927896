//! An operation takes as many statements for a hundred tickets and comments as for one.

use std::fmt::Write as _;

use crate::operations::{Operation, run_all};
use crate::recorder::Log;
use crate::seed::Seed;
use crate::store;

const ONE: Seed = Seed { agents: 2, customers: 1, tickets: 1, comments: 1 };
const A_HUNDRED: Seed = Seed { agents: 2, customers: 1, tickets: 100, comments: 100 };

/// How many statements each operation sends, and behind the plus sign, how many more begin, set up and end its transaction.
///
/// SQLite takes the id of a comment or event from a counter, which is a statement of its own, and gives each request a
/// savepoint in the writer's transaction, which takes two more. A search looks at the next tickets of the list, and takes up to six more
/// statements where that neither fills the page nor reaches the list's end; they all look at one moment.
const EXPECTED: &str = "
operation                                  Postgres         SQLite
whether the store is ready                 1                1
the store's secret                         1                1
a ticket, for an admin                     1                2
a ticket, for an agent                     1                2
a ticket, for a customer                   1                2
a list of tickets, for an admin            1                1
a list of tickets, for an agent            1                1
a list of tickets, for a customer          1                1
a filtered list, for an agent              1                1
a list by everything else                  1                1
a search for much, for an admin            2 + 2            2 + 2
a search for little, for an admin          2 + 2            2 + 2
a search for much, for an agent            2 + 2            2 + 2
a search for little, for an agent          2 + 2            2 + 2
a search, for a customer                   2 + 2            2 + 2
a search for what was frequent once        2 + 2            2 + 2
a search in an agent's queue               2 + 2            2 + 2
an agent's queue                           1                1
a ticket to claim                          1                1
a ticket's comments, for an agent          2                2
a ticket's comments, for a customer        2                2
a ticket's history, for an agent           2                2
a ticket's history, for a customer         2                2
a page of an export                        3                3
a page of a filtered export                3                3
exported comments                          2                2
an account with its password               1                1
one's own account with its password        1                1
one's own account                          1                1
an account                                 1                1
an account by its address                  1                1
an agent to assign to                      1                1
a list of accounts                         1                1
a filtered list of accounts                1                1
who is invited                             1                1
whether there is an able admin             1                1
where a session stands                     1                1
a list of sessions                         1                1
whether a network is known                 1                1
a team                                     1                1
a list of teams                            1                1
a team's members                           2                2
the trail                                  1                1
a filtered trail                           1                1
opening a ticket                           1 + 2            5 + 6
claiming a ticket                          4 + 2            4 + 4
putting a ticket back                      2 + 2            3 + 4
changing a status                          2 + 2            3 + 4
changing priority and tags                 3 + 2            5 + 4
commenting in public                       5 + 2            7 + 4
commenting internally                      5 + 2            7 + 4
a customer's reply, which reopens          5 + 2            7 + 4
commenting under the lock                  8 + 2            9 + 4
assigning                                  3 + 2            4 + 4
making a team                              2 + 2            2 + 4
renaming a team                            2 + 4            2 + 4
joining a team                             4 + 2            4 + 4
leaving a team                             2 + 2            2 + 4
deleting a team                            5 + 3            5 + 4
moving a ticket to another team            3 + 2            4 + 4
closing many                               5 + 2            5 + 4
reopening and moving many                  7 + 2            9 + 4
assigning many                             6 + 2            6 + 4
changing many, as an agent                 5 + 2            5 + 4
assigning many anew                        6 + 2            6 + 4
making a customer                          2 + 2            2 + 4
making an agent                            3 + 2            3 + 4
making an agent of two teams               4 + 2            4 + 4
inviting                                   3 + 2            3 + 4
renaming an account                        2 + 2            2 + 4
choosing another password                  5 + 2            5 + 4
resetting a password                       6 + 2            6 + 4
accepting an invitation                    4 + 2            4 + 4
making an agent of an admin                6 + 2            6 + 4
making a customer of an agent              6 + 2            5 + 4
disabling an agent, whose tickets go back  7 + 2            7 + 4
opening a session                          3 + 2            3 + 4
refreshing a session                       5 + 2            4 + 4
refreshing a lost answer                   7 + 2            6 + 4
a replayed token                           5 + 2            4 + 4
an unknown token                           1 + 2            1 + 4
ending a session                           1 + 2            1 + 4
forgetting what ended                      3 + 2            3 + 4
opening a ticket once                      2 + 2            6 + 4
commenting once                            6 + 2            8 + 4
commenting once under the lock             9 + 2            10 + 4
making a team once                         3 + 2            3 + 4
making a customer once                     3 + 2            3 + 4
whether it was done before                 1                1
forgetting what was done                   1 + 2            1 + 4
resolving a ticket                         2 + 2            3 + 4
closing what was resolved                  4 + 2            5 + 4
";

/// Whether a statement begins or ends a transaction, or says how it is to run.
pub(crate) fn is_control(sql: &str) -> bool {
    ["BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET LOCAL"]
        .iter()
        .any(|word| sql.starts_with(word))
}

fn cell(operation: &Operation) -> String {
    let control = operation.statements.iter().filter(|sql| is_control(sql)).count();
    let own = operation.statements.len() - control;
    let mut cell = own.to_string();
    if control > 0 {
        write!(cell, " + {control}").unwrap();
    }
    cell
}

async fn table(seed: Seed) -> String {
    let mut postgres = store::postgres(seed);
    let mut sqlite = store::sqlite(seed);
    let on_postgres = run_all(&postgres.stores, &mut postgres.log, seed).await;
    let on_sqlite = run_all(&sqlite.stores, &mut sqlite.log, seed).await;
    let mut table = format!("\n{:<42} {:<16} SQLite\n", "operation", "Postgres");
    for (postgres, sqlite) in on_postgres.iter().zip(&on_sqlite) {
        let cells = (cell(postgres), cell(sqlite));
        writeln!(table, "{:<42} {:<16} {}", postgres.name, cells.0, cells.1).unwrap();
    }
    table
}

/// What diesel has parsed and planned anew each time: a choice among several values, which on SQLite has a parameter for
/// each.
fn is_sent_anew(sql: &str) -> bool {
    sql.contains(" IN (") && !sql.contains(" IN (SELECT ")
}

fn check_kept(operations: &[Operation], log: &Log) {
    let own = operations.iter().flat_map(|operation| &operation.statements).filter(|sql| !is_control(sql));
    for sql in own {
        assert_eq!(log.is_kept(sql), !is_sent_anew(sql), "{sql}");
    }
}

#[tokio::test]
async fn what_can_stay_prepared_does() {
    let mut postgres = store::postgres(ONE);
    check_kept(&run_all(&postgres.stores, &mut postgres.log, ONE).await, &postgres.log);
    let mut sqlite = store::sqlite(ONE);
    check_kept(&run_all(&sqlite.stores, &mut sqlite.log, ONE).await, &sqlite.log);
}

#[tokio::test]
async fn an_operation_takes_as_many_statements_for_a_hundred_as_for_one() {
    for seed in [ONE, A_HUNDRED] {
        let found = table(seed).await;
        assert!(found == EXPECTED, "{} tickets: {found}", seed.tickets);
    }
}

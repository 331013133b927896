//! Searches, in every order, from the beginning and from the middle: what is looked at is few tickets, one after the other, in the
//! order of the list; and where those do not do, what the indexes of words give.

use helpdesk_domain::{CommentScope, Scope};
use helpdesk_ports::{
    PageRequest, SortKey, Stores, TicketFilter, TicketPosition, TicketQuery, TicketSearch, TicketSort,
};

use super::filters::{SORTS, check_found, check_queue};
use super::lists::{check_order, expected, limit};
use super::plan::Plan;
use super::{Explain, MANY};
use crate::counts::is_control;
use crate::recorder::Log;
use crate::seed::Seed;

/// In one comment, in one ticket, in all of them, in some of a hundred, in none.
const SOUGHT: [&str; 6] = ["299999", "4711 description", "subject", "subject comment", "11", "kumquat"];

pub(super) async fn check(stores: &Stores, log: &mut Log, explain: &mut Explain<'_>) {
    let scopes = [Seed::admin().scope(), Seed::agent().scope(), MANY.customer().scope()];
    for (key, direction) in SORTS {
        let sort = TicketSort { key, direction };
        for scope in scopes {
            let found =
                stores.tickets.find(scope, Seed::ticket(), PageRequest::default()).await.unwrap().unwrap();
            let middle = TicketPosition::of(&found.ticket, scope, key);
            for after in [None, Some(middle)] {
                for sought in SOUGHT {
                    let query = query(sought, sort, after);
                    log.take();
                    stores.tickets.list(scope, query).await.unwrap();
                    let statements = reads(log);
                    check_length(&statements, scope, sought, sort, after.is_none());
                    for (number, sql) in statements.iter().enumerate() {
                        let plan = explain(sql);
                        // The first two look at the next tickets, and all others go on behind them.
                        let is_behind_a_place = after.is_some() || number >= 2;
                        if is_count(sql) {
                            check_entered_by_words(&plan, scope);
                        } else if is_by_index(sql) {
                            check_found_by_words(&plan, scope);
                        } else {
                            check_looked_at(&plan, scope, key, is_behind_a_place);
                        }
                    }
                }
            }
        }
        for sought in SOUGHT {
            log.take();
            stores.tickets.queue(Seed::agent().queue(), query(sought, sort, None)).await.unwrap();
            for sql in reads(log) {
                let plan = explain(&sql);
                if is_count(&sql) {
                    check_entered_by_words(&plan, Seed::agent().scope());
                } else if is_by_index(&sql) {
                    check_found_by_words(&plan, Seed::agent().scope());
                } else {
                    check_queue(&plan);
                }
            }
        }
    }
}

/// For somebody who has a hundred times as many tickets as others, which no plan knows of.
pub(super) async fn check_with_many_of_ones_own(stores: &Stores, log: &mut Log, explain: &mut Explain<'_>) {
    let scope = MANY.customer().scope();
    for (key, direction) in SORTS {
        log.take();
        stores.tickets.list(scope, query("kumquat", TicketSort { key, direction }, None)).await.unwrap();
        let last = reads(log).pop().unwrap();
        assert!(is_by_index(&last), "{last}");
        check_found_by_words(&explain(&last), scope);
    }
}

/// What was sent but for the begin and end of the transaction.
fn reads(log: &mut Log) -> Vec<String> {
    log.take().into_iter().filter(|sql| !is_control(sql)).collect()
}

fn query(sought: &str, sort: TicketSort, after: Option<TicketPosition>) -> TicketQuery {
    let filter = TicketFilter::default().with_search(Some(TicketSearch::parse(sought).unwrap()));
    TicketQuery { filter, sort, page: PageRequest { limit: limit(), after } }
}

fn is_by_index(sql: &str) -> bool {
    sql.contains("of_word")
}

/// Whether it counts how many texts have each word.
fn is_count(sql: &str) -> bool {
    sql.contains("AS few")
}

/// What is in every ticket fills the page at once, and what is in some of a hundred at last; what is in none is asked of the indexes where
/// there are many tickets.
fn check_length(
    statements: &[String],
    scope: Scope,
    sought: &str,
    sort: TicketSort,
    from_the_beginning: bool,
) {
    let asks_an_index = statements.last().is_some_and(|sql| is_by_index(sql));
    let is_customer = scope.comments() == CommentScope::PublicOnly;
    if sought.starts_with("subject") || is_customer {
        assert_eq!((statements.len(), asks_an_index), (2, false), "{sought}: {statements:#?}");
    } else if sought == "11" && sort.key == SortKey::UpdatedAt {
        // By the order of ids they lie together.
        assert!(!asks_an_index, "{sought}: {statements:#?}");
    } else if sought == "kumquat" && from_the_beginning {
        assert!(asks_an_index, "{sought}: {statements:#?}");
    }
    assert!(statements.len() <= 8, "{sought}: {statements:#?}");
    assert!(
        !is_customer || statements.iter().all(|sql| !sql.contains("internal_comment")),
        "{statements:#?}"
    );
}

/// In the order of the list, each ticket's texts by the ticket.
fn check_looked_at(plan: &Plan, scope: Scope, key: SortKey, is_behind_a_place: bool) {
    let (path, mut sought, order) = expected(scope, key);
    if is_behind_a_place {
        sought.push(order);
    }
    check_order(plan, "tickets", &path, &sought);
    for access in plan.accesses.iter().filter(|access| access.name == "texts") {
        let by_ticket = access.sought.iter().any(|column| column == "ticket_id" || column == "id");
        assert!(by_ticket && !access.sought.iter().any(|column| column == "words"), "{}", plan.text);
    }
}

/// Each index of what may be seen is entered by the words, and the tickets by what they give: not by whose they are alone, since that may
/// be any number.
fn check_found_by_words(plan: &Plan, scope: Scope) {
    check_found(plan, &["id"]);
    check_entered_by_words(plan, scope);
}

fn check_entered_by_words(plan: &Plan, scope: Scope) {
    let indexes: &[&str] = match scope.comments() {
        CommentScope::Everything => &["ticket_", "public_comment_", "internal_comment_"],
        CommentScope::PublicOnly => &["ticket_", "public_comment_"],
    };
    for index in indexes {
        let by_word = plan.accesses.iter().any(|access| {
            access.name.starts_with(index) && access.sought.iter().any(|column| column == "words")
        });
        assert!(by_word, "{index} of {}", plan.text);
    }
}

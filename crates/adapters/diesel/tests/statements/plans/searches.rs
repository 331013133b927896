//! Searches, in every order, from the beginning and from the middle: what is looked at is few tickets, one after the other, in the
//! order of the list; and where those do not do, what the indexes of words give.

use helpdesk_domain::{CommentScope, Scope, ScopeKind};
use helpdesk_ports::{
    PageRequest, SortKey, Stores, TicketFilter, TicketPosition, TicketQuery, TicketSearch, TicketSort,
};

use super::filters::{SORTS, check_found, check_queue};
use super::lists::{check_order, expected, limit};
use super::plan::Plan;
use super::{Explain, MANY};
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
                    let statements = log.take();
                    check_length(&statements, scope, sought, sort, after.is_none());
                    for sql in statements {
                        let plan = explain(&sql);
                        if is_count(&sql) {
                            check_entered_by_words(&plan, indexes(scope));
                        } else if is_by_index(&sql) {
                            check_found_by_words(&plan, indexes(scope));
                        } else {
                            check_looked_at(&plan, scope, key, after.is_some());
                        }
                    }
                }
            }
        }
        for sought in SOUGHT {
            log.take();
            stores.tickets.queue(Seed::agent().queue(), query(sought, sort, None)).await.unwrap();
            for sql in log.take() {
                let plan = explain(&sql);
                // Nobody works them.
                if is_count(&sql) {
                    check_entered_by_words(&plan, indexes(Seed::admin().scope()));
                } else if is_by_index(&sql) {
                    check_found_by_words(&plan, indexes(Seed::admin().scope()));
                } else {
                    check_queue(&plan);
                }
            }
        }
    }
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
    } else if sought == "11" && sort.key == SortKey::UpdatedAt && scope.kind() == ScopeKind::All {
        // By the order of ids they lie together.
        assert!(!asks_an_index, "{sought}: {statements:#?}");
    } else if sought == "kumquat" && from_the_beginning {
        assert!(asks_an_index, "{sought}: {statements:#?}");
    }
    // Of what is rare an agent's index gives all there is, after one look along the list.
    let is_rare = ["299999", "4711 description", "kumquat"].contains(&sought);
    let most = if is_rare && matches!(scope.kind(), ScopeKind::AssignedTo(_)) { 4 } else { 8 };
    assert!(statements.len() <= most, "{sought}: {statements:#?}");
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

/// How the indexes of words begin that are asked in this scope.
fn indexes(scope: Scope) -> &'static [&'static str] {
    match scope.kind() {
        ScopeKind::All => &["ticket_", "public_comment_", "internal_comment_"],
        ScopeKind::AssignedTo(_) => &["assigned_"],
        ScopeKind::RequestedBy(_) => &["ticket_", "public_comment_"],
    }
}

/// Each index of what may be seen is entered by the words, and the tickets by what they give, or by whose they are.
fn check_found_by_words(plan: &Plan, indexes: &[&str]) {
    check_found(plan, &["id", "assignee_id", "requester_id"]);
    check_entered_by_words(plan, indexes);
}

/// Each of them is, and no other.
fn check_entered_by_words(plan: &Plan, indexes: &[&str]) {
    let entered = plan.accesses.iter().filter(|access| access.sought.iter().any(|column| column == "words"));
    let entered: Vec<&str> = entered.map(|access| access.name.as_str()).collect();
    for index in indexes {
        assert!(entered.iter().any(|name| name.starts_with(index)), "{index} of {}", plan.text);
    }
    let is_one = |name: &&str| indexes.iter().any(|index| name.starts_with(index));
    assert!(entered.iter().all(is_one), "{}", plan.text);
}

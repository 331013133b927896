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
use crate::recorder::Log;
use crate::seed::Seed;

/// In one comment, in one ticket, in all of them, in none.
const SOUGHT: [&str; 5] = ["299999", "4711 description", "subject", "subject comment", "kumquat"];

/// The three statements that a search may come to.
const TO_THE_END: usize = 3;

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
                    check_length(&statements, scope, sought, after.is_none());
                    let plans: Vec<Plan> = statements.iter().map(|sql| explain(sql)).collect();
                    check_list(&plans, scope, key, after.is_some());
                }
            }
        }
        for sought in SOUGHT {
            log.take();
            stores.tickets.queue(Seed::agent().queue(), query(sought, sort, None)).await.unwrap();
            let plans: Vec<Plan> = log.take().iter().map(|sql| explain(sql)).collect();
            for plan in &plans[..TO_THE_END - 1] {
                check_queue(plan);
            }
            check_found_by_words(&plans[TO_THE_END - 1..], Seed::agent().scope());
        }
    }
}

fn query(sought: &str, sort: TicketSort, after: Option<TicketPosition>) -> TicketQuery {
    let filter = TicketFilter::default().with_search(Some(TicketSearch::parse(sought).unwrap()));
    TicketQuery { filter, sort, page: PageRequest { limit: limit(), after } }
}

/// What is in every ticket fills the page at once; what is in few is asked of the indexes where there are many tickets.
fn check_length(statements: &[String], scope: Scope, sought: &str, from_the_beginning: bool) {
    let is_customer = scope.comments() == CommentScope::PublicOnly;
    if sought.starts_with("subject") || is_customer {
        assert_eq!(statements.len(), TO_THE_END - 1, "{sought}: {statements:#?}");
    } else if from_the_beginning {
        assert_eq!(statements.len(), TO_THE_END, "{sought}: {statements:#?}");
    }
    assert!(
        !is_customer || statements.iter().all(|sql| !sql.contains("internal_comment")),
        "{statements:#?}"
    );
}

fn check_list(plans: &[Plan], scope: Scope, key: SortKey, is_behind_a_place: bool) {
    let (path, mut sought, order) = expected(scope, key);
    if is_behind_a_place {
        sought.push(order);
    }
    for plan in &plans[..TO_THE_END - 1] {
        check_order(plan, "tickets", &path, &sought);
        for access in plan.accesses.iter().filter(|access| access.name == "texts") {
            let by_ticket = access.sought.iter().any(|column| column == "ticket_id" || column == "id");
            assert!(by_ticket && !access.sought.iter().any(|column| column == "words"), "{}", plan.text);
        }
    }
    check_found_by_words(&plans[TO_THE_END - 1..], scope);
}

/// Each index of what may be seen is entered by the words, and the tickets by what they give, or by whose they are.
fn check_found_by_words(plans: &[Plan], scope: Scope) {
    let indexes: &[&str] = match scope.comments() {
        CommentScope::Everything => &["ticket_", "public_comment_", "internal_comment_"],
        CommentScope::PublicOnly => &["ticket_", "public_comment_"],
    };
    for plan in plans {
        check_found(plan, &["id", "assignee_id", "requester_id"]);
        for index in indexes {
            let by_word = plan.accesses.iter().any(|access| {
                access.name.starts_with(index) && access.sought.iter().any(|column| column == "words")
            });
            assert!(by_word, "{index} of {}", plan.text);
        }
    }
}

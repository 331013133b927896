//! Every list of tickets and comments, in every order, from its beginning and from the middle, with and without filters.

use helpdesk_domain::{CommentScope, Priority, Scope, ScopeKind, Status};
use helpdesk_ports::{
    CommentPosition, Direction, Limit, PageRequest, SortKey, Stores, TicketFilter, TicketPosition,
    TicketQuery, TicketSort,
};

use super::plan::{Path, Plan};
use super::{Explain, MANY};
use crate::recorder::Log;
use crate::seed::Seed;

pub(super) fn limit() -> Limit {
    Limit::new(10).unwrap()
}

/// A filter by status or priority has no index of its own: the list goes along the index of its order and leaves out what
/// does not match, until the page is full. So the plan is the same with any filter.
fn filters() -> [TicketFilter; 4] {
    let statuses = [Status::Open, Status::Pending];
    let priorities = [Priority::Urgent];
    [
        TicketFilter::default(),
        TicketFilter::default().with_statuses(statuses),
        TicketFilter::default().with_priorities(priorities),
        TicketFilter::default().with_statuses(statuses).with_priorities(priorities),
    ]
}

/// The index that a list goes along, and by which columns it is entered: at all, and behind a position.
pub(super) fn expected(scope: Scope, key: SortKey) -> (Path, Vec<&'static str>, &'static str) {
    let index = |name: &str| Path::Index(name.to_owned());
    match (scope.kind(), key) {
        (ScopeKind::All, SortKey::UpdatedAt) => (index("tickets_updated"), vec![], "updated_at"),
        (ScopeKind::All, SortKey::CreatedAt) => (Path::PrimaryKey, vec![], "id"),
        (ScopeKind::AssignedTo(_), SortKey::UpdatedAt) => {
            (index("tickets_assignee_updated"), vec!["assignee_id"], "updated_at")
        }
        (ScopeKind::AssignedTo(_), SortKey::CreatedAt) => {
            (index("tickets_assignee"), vec!["assignee_id"], "id")
        }
        (ScopeKind::RequestedBy(_), SortKey::UpdatedAt) => {
            (index("tickets_requester_updated"), vec!["requester_id"], "public_updated_at")
        }
        (ScopeKind::RequestedBy(_), SortKey::CreatedAt) => {
            (index("tickets_requester"), vec!["requester_id"], "id")
        }
    }
}

pub(super) async fn check(stores: &Stores, log: &mut Log, explain: &mut Explain<'_>) {
    let scopes = [Seed::admin().scope(), Seed::agent().scope(), MANY.customer().scope()];
    for scope in scopes {
        for key in [SortKey::UpdatedAt, SortKey::CreatedAt] {
            for direction in [Direction::Ascending, Direction::Descending] {
                for filter in filters() {
                    let sort = TicketSort { key, direction };
                    check_tickets(stores, log, explain, scope, sort, filter).await;
                }
            }
        }
        check_comments(stores, log, explain, scope).await;
    }
}

async fn check_tickets(
    stores: &Stores,
    log: &mut Log,
    explain: &mut Explain<'_>,
    scope: Scope,
    sort: TicketSort,
    filter: TicketFilter,
) {
    let (path, mut sought, order) = expected(scope, sort.key);
    let mut query = TicketQuery { filter, sort, page: PageRequest { limit: limit(), after: None } };
    log.take();
    stores.tickets.list(scope, query.clone()).await.unwrap();
    let plan = explain(&only(log.take()));
    check_order(&plan, "tickets", &path, &sought);
    check_names(&plan);

    let found = stores.tickets.find(scope, Seed::ticket(), PageRequest::default()).await.unwrap().unwrap();
    query.page.after = Some(TicketPosition::of(&found.ticket, scope, sort.key));
    log.take();
    stores.tickets.list(scope, query).await.unwrap();
    let plan = explain(&only(log.take()));
    sought.push(order);
    check_order(&plan, "tickets", &path, &sought);
    check_names(&plan);
}

async fn check_comments(stores: &Stores, log: &mut Log, explain: &mut Explain<'_>, scope: Scope) {
    let (index, mut sought) = match scope.comments() {
        CommentScope::Everything => ("comments_ticket", vec!["ticket_id"]),
        CommentScope::PublicOnly => ("comments_ticket_visibility", vec!["ticket_id", "is_internal"]),
    };
    let path = Path::Index(index.to_owned());
    let mut page = PageRequest { limit: limit(), after: None };
    log.take();
    let found = stores.tickets.find(scope, Seed::ticket(), page).await.unwrap().unwrap();
    check_order(&explain(log.take().last().unwrap()), "comments", &path, &sought);

    page.after = found.comments.items.first().map(CommentPosition::of);
    assert!(page.after.is_some(), "the ticket has comments");
    log.take();
    stores.tickets.comments(scope, Seed::ticket(), page).await.unwrap();
    sought.push("created_at");
    check_order(&explain(log.take().last().unwrap()), "comments", &path, &sought);
}

pub(super) fn only(mut statements: Vec<String>) -> String {
    assert_eq!(statements.len(), 1, "{statements:#?}");
    statements.remove(0)
}

/// The table is read in the list's order, from the right place, until the page is full.
pub(super) fn check_order(plan: &Plan, table: &str, path: &Path, sought: &[&str]) {
    assert!(plan.is_in_order, "{}", plan.text);
    let access = plan.accesses.iter().find(|access| access.name == table).unwrap();
    assert_eq!(&access.path, path, "{}", plan.text);
    let missed: Vec<_> =
        sought.iter().filter(|column| !access.sought.iter().any(|name| name == *column)).collect();
    assert!(missed.is_empty(), "{missed:?} do not narrow the index: {}", plan.text);
}

/// The names around a ticket are looked up for each of the page.
fn check_names(plan: &Plan) {
    assert_eq!(plan.accesses.len(), 4, "{}", plan.text);
    for access in plan.accesses.iter().filter(|access| access.name != "tickets") {
        let by_key = access.path == Path::PrimaryKey && access.seeks();
        // The teams are few.
        assert!(by_key || access.name == "teams", "{}", plan.text);
    }
}

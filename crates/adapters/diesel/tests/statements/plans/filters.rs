//! Queues, and an admin's lists through every filter, in every order: none of them goes through all tickets to find few.

use helpdesk_domain::{Scope, Tag, TeamId, Ts};
use helpdesk_ports::{
    Direction, PageRequest, SortKey, Stores, TicketFilter, TicketPosition, TicketQuery, TicketSort,
};

use super::lists::{limit, only};
use super::plan::{Access, Path, Plan};
use super::{Explain, GROWING, MANY};
use crate::recorder::Log;
use crate::seed::Seed;

/// Each of them by itself, and by which columns a plan may find what it lets through. Status and priority are not among them,
/// nor that nobody works a ticket: of each value there are many, and a list goes along its order until the page is full.
fn filters() -> Vec<(TicketFilter, &'static [&'static str])> {
    let all = TicketFilter::default;
    let team = TeamId::new(1).unwrap();
    let at = Ts::from_micros(90_000_000_000).unwrap();
    vec![
        (all().with_tag(Some(Tag::parse("tag-7").unwrap())), &["tag", "ticket_id", "id"]),
        (all().created_after(Some(at)), &["updated_at"]),
        (all().updated_after(Some(at)), &["updated_at"]),
        (all().with_assignee(Some(Some(Seed::agent().id()))), &["assignee_id"]),
        (all().with_requester(Some(MANY.customer().id())), &["requester_id"]),
        (all().with_team(Some(team)), &["team_id"]),
    ]
}

pub(super) const SORTS: [(SortKey, Direction); 4] = [
    (SortKey::UpdatedAt, Direction::Ascending),
    (SortKey::UpdatedAt, Direction::Descending),
    (SortKey::CreatedAt, Direction::Ascending),
    (SortKey::CreatedAt, Direction::Descending),
];

pub(super) async fn check(stores: &Stores, log: &mut Log, explain: &mut Explain<'_>) {
    let admin = Seed::admin().scope();
    let found = stores.tickets.find(admin, Seed::ticket(), PageRequest::default()).await.unwrap().unwrap();
    for (key, direction) in SORTS {
        let sort = TicketSort { key, direction };
        let middle = TicketPosition::of(&found.ticket, admin, key);
        for after in [None, Some(middle)] {
            let page = PageRequest { limit: limit(), after };
            for (filter, by) in filters() {
                let query = TicketQuery { filter, sort, page };
                let plan = explain(&listed(stores, log, admin, query).await);
                check_found(&plan, by);
            }
            log.take();
            let query = TicketQuery { filter: TicketFilter::default(), sort, page };
            stores.tickets.queue(Seed::agent().queue(), query).await.unwrap();
            let plan = explain(&only(log.take()));
            check_queue(&plan);
        }
    }
}

async fn listed(stores: &Stores, log: &mut Log, scope: Scope, query: TicketQuery) -> String {
    log.take();
    stores.tickets.list(scope, query).await.unwrap();
    only(log.take())
}

/// Neither goes it through a whole table, nor through all of an index but for what is found by the filter.
pub(super) fn check_found(plan: &Plan, by: &[&str]) {
    let growing = plan.accesses.iter().filter(|access| GROWING.contains(&access.name.as_str()));
    for access in growing {
        assert!(access.seeks(), "{} of {}", access.name, plan.text);
        let finds = access.sought.iter().any(|column| by.contains(&column.as_str()));
        assert!(finds || access.name != "tickets", "not by {by:?}: {}", plan.text);
    }
}

/// A queue is read by its own index.
pub(super) fn check_queue(plan: &Plan) {
    check_found(plan, &["team_id", "id"]);
    let by_queue = |access: &Access| access.path == Path::Index("tickets_queue".to_owned());
    let read = plan.accesses.iter().find(|access| by_queue(access));
    assert!(
        read.is_some_and(|access| access.sought.iter().any(|column| column == "team_id")),
        "{}",
        plan.text
    );
}

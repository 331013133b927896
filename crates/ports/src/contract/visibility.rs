//! What a store returns is exactly what the domain's predicates admit: proven on random data against a model in memory.

use fastrand::Rng;
use helpdesk_domain::{Actor, Comment, Priority, Role, Scope, Status, Tag, TeamRef, Ticket, User};

use super::desk::{Desk, all, at_once, limit};
use super::lists::{SORTS, whole_list};
use super::model::{Model, moment};
use crate::{
    CommentPosition, Direction, Page, PageRequest, SortKey, Stores, TicketFilter, TicketSearch, TicketSort,
    TicketWithComments, UserQuery,
};

/// Repeats a failed run: its value is what the failure printed.
const SEED_VARIABLE: &str = "HELPDESK_CONTRACT_SEED";

/// Everyone, in every role, asks for everything, in every order, through every filter.
pub async fn everyone_sees_what_the_predicates_admit(stores: Stores) {
    let seed = Seed::choose();
    let mut rng = Rng::with_seed(seed.0);
    let model = Model::play(Desk::new(stores).await, &mut rng).await;
    let mut scopes = vec![model.desk.admin.scope()];
    for user in &model.users {
        scopes.extend([Role::Agent, Role::Customer].map(|role| Actor::of_account(user.id(), role).scope()));
    }
    let admitted: usize = scopes[1..].iter().map(|scope| model.admitted(*scope).len()).sum();
    assert!(admitted > model.tickets.len(), "some see something, or nothing is proven");
    accounts_are_right(&model).await;
    for scope in scopes {
        lists_are_right(&model, scope, &mut rng).await;
        tickets_are_right(&model, scope, &mut rng).await;
    }
}

/// An admin sees every account, as it was left.
async fn accounts_are_right(model: &Model) {
    let by = model.desk.admin;
    let query = UserQuery { page: all(), ..UserQuery::default() };
    let listed = model.desk.stores.users.list(by.into(), query).await.expect("listing accounts");
    let others: Vec<User> = listed.items.into_iter().filter(|user| user.id() != by.id()).collect();
    assert_eq!(others, model.users);
}

async fn lists_are_right(model: &Model, scope: Scope, rng: &mut Rng) {
    let asked = filters(model, rng);
    let asked = asked.iter().flat_map(|filter| SORTS.map(|sort| (filter, sort, rng.u64(10..=100))));
    let asked: Vec<_> = asked.collect();
    let lists =
        asked.iter().map(|(filter, sort, items)| whole_list(&model.desk, scope, filter, *sort, *items));
    for (list, (filter, sort, items)) in at_once(lists).await.into_iter().zip(&asked) {
        let mut expected = model.filtered(scope, filter);
        in_order(&mut expected, scope, *sort);
        assert_eq!(list, expected, "{scope:?} {filter:?} {sort:?} in pages of {items}");
    }
}

/// None, each by itself, and some of them together.
fn filters(model: &Model, rng: &mut Rng) -> Vec<TicketFilter> {
    let (users, teams) = (&model.users, &model.teams);
    let user = |rng: &mut Rng| users[rng.usize(..users.len())].id();
    let assignee = user(rng);
    let all = TicketFilter::default;
    let mut filters = vec![
        all(),
        all().with_statuses(some_of(Status::ALL, rng)),
        all().with_priorities(some_of(Priority::ALL, rng)),
        all().with_tag(Some(some_tag(rng))),
        all().created_after(Some(moment(rng))),
        all().updated_after(Some(moment(rng))),
        all().with_assignee(Some(None)),
        all().with_assignee(Some(Some(assignee))),
        all().with_requester(Some(user(rng))),
        all().with_team(rng.choice(teams).map(TeamRef::id)),
        all().with_search(some_search(rng)),
        all().with_search(some_search(rng)),
    ];
    for _ in 0..4 {
        let mut filter = all();
        if rng.bool() {
            filter = filter.with_statuses(some_of(Status::ALL, rng));
        }
        if rng.bool() {
            filter = filter.with_priorities(some_of(Priority::ALL, rng));
        }
        if rng.bool() {
            filter = filter.with_tag(Some(some_tag(rng)));
        }
        if rng.bool() {
            filter = filter.created_after(Some(moment(rng)));
        }
        if rng.bool() {
            filter = filter.updated_after(Some(moment(rng)));
        }
        if rng.u8(..4) == 0 {
            filter = filter.with_search(some_search(rng));
        }
        match rng.u8(..6) {
            0 => filter = filter.with_assignee(Some(None)),
            1 => filter = filter.with_assignee(Some(Some(user(rng)))),
            2 => filter = filter.with_requester(Some(user(rng))),
            3 => filter = filter.with_team(rng.choice(teams).map(TeamRef::id)),
            _ => {}
        }
        filters.push(filter);
    }
    filters
}

fn some_tag(rng: &mut Rng) -> Tag {
    // The last one is no ticket's.
    Tag::parse(&format!("tag-{}", rng.u8(..5))).expect("a tag")
}

/// Words of which there are many, few or none in what the model writes.
fn some_search(rng: &mut Rng) -> Option<TicketSearch> {
    let text =
        rng.choice(&["ticket", "ticket 1", "public", "canary", "canary ticket 2", "public 1", "kumquat"])?;
    TicketSearch::parse(text).ok()
}

/// Said again in the words of the contract: for a customer a ticket changed when anything public did.
pub(super) fn in_order(tickets: &mut [Ticket], scope: Scope, sort: TicketSort) {
    let is_customer = matches!(scope.kind(), helpdesk_domain::ScopeKind::RequestedBy(_));
    match sort.key {
        SortKey::CreatedAt => tickets.sort_by_key(Ticket::id),
        SortKey::UpdatedAt if is_customer => {
            tickets.sort_by_key(|ticket| (ticket.record().public_updated_at, ticket.id()));
        }
        SortKey::UpdatedAt => tickets.sort_by_key(|ticket| (ticket.record().updated_at, ticket.id())),
    }
    if sort.direction == Direction::Descending {
        tickets.reverse();
    }
}

async fn tickets_are_right(model: &Model, scope: Scope, rng: &mut Rng) {
    let asked: Vec<_> = model
        .tickets
        .iter()
        .map(|(ticket, comments)| {
            let some = if comments.is_empty() { None } else { rng.choice(comments) };
            let after = some.filter(|comment| scope.comments().admits(comment.visibility()));
            let after = after.map(CommentPosition::of);
            let items = *rng.choice(&[1, 2, 25, 100]).expect("there is a choice");
            (ticket, comments, PageRequest { limit: limit(items), after })
        })
        .collect();
    let tickets = &model.desk.stores.tickets;
    let found = at_once(asked.iter().map(|(ticket, _, page)| tickets.find(scope, ticket.id(), *page))).await;
    for (found, (ticket, comments, page)) in found.into_iter().zip(&asked) {
        let expected = scope.admits(&ticket.facts()).then(|| TicketWithComments {
            ticket: (*ticket).clone(),
            comments: expected_page(comments, scope, *page),
        });
        assert_eq!(found.expect("finding a ticket"), expected, "{scope:?} {page:?}");
    }
    let read =
        at_once(asked.iter().map(|(ticket, _, page)| tickets.comments(scope, ticket.id(), *page))).await;
    for (read, (ticket, comments, page)) in read.into_iter().zip(&asked) {
        let expected = scope.admits(&ticket.facts()).then(|| expected_page(comments, scope, *page));
        assert_eq!(read.expect("reading comments"), expected, "{scope:?} {page:?} of {ticket:?}");
    }
}

fn expected_page(
    comments: &[Comment],
    scope: Scope,
    page: PageRequest<CommentPosition>,
) -> Page<Comment, CommentPosition> {
    let admitted = comments.iter().filter(|comment| scope.comments().admits(comment.visibility()));
    let mut rows: Vec<Comment> = admitted.cloned().collect();
    rows.sort_by_key(CommentPosition::of);
    rows.retain(|comment| page.after.is_none_or(|after| CommentPosition::of(comment) > after));
    let more = rows.len() > page.limit.get();
    rows.truncate(page.limit.get());
    let next = if more { rows.last().map(CommentPosition::of) } else { None };
    Page { items: rows, next }
}

pub(super) fn some_of<T: Copy>(of: &[T], rng: &mut Rng) -> Vec<T> {
    let count = rng.usize(1..of.len());
    rng.choose_multiple(of.iter().copied(), count)
}

/// Where the random data comes from; a new one in each run, and told when the run fails.
pub(super) struct Seed(pub(super) u64);

impl Seed {
    pub(super) fn choose() -> Self {
        Self(match std::env::var(SEED_VARIABLE) {
            Ok(seed) => seed.parse().expect("the seed that a failure printed"),
            Err(_) => fastrand::u64(..),
        })
    }
}

impl Drop for Seed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the data of this run is repeated by {SEED_VARIABLE}={}", self.0);
        }
    }
}

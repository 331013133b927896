//! Lists of tickets: order, filters, pages.

use helpdesk_domain::{Priority, Scope, Status, Ticket, TicketId};

use super::desk::{Desk, at, limit, new_ticket, note, reply, status, tags};
use crate::{
    Direction, PageRequest, SortKey, StoreError, Stores, TicketFilter, TicketPosition, TicketQuery,
    TicketSort,
};

/// Every way to sort a list.
pub(super) const SORTS: [TicketSort; 4] = [
    TicketSort { key: SortKey::UpdatedAt, direction: Direction::Descending },
    TicketSort { key: SortKey::UpdatedAt, direction: Direction::Ascending },
    TicketSort { key: SortKey::CreatedAt, direction: Direction::Descending },
    TicketSort { key: SortKey::CreatedAt, direction: Direction::Ascending },
];

/// By either key, in either direction; ids decide where the time is the same, in the same direction.
pub async fn lists_are_in_the_order_that_was_asked_for(stores: Stores) {
    let desk = Desk::new(stores).await;
    let customer = desk.customer("ada").await;
    let mut opened = Vec::new();
    for second in [4, 2, 4, 9, 2] {
        opened.push(desk.ticket(customer, "Again", at(second)).await);
    }
    opened[0] = desk.run(&opened[0], customer, reply("Hello?"), at(9)).await.ticket;
    let ids: Vec<TicketId> = opened.iter().map(Ticket::id).collect();
    let expected = [[3, 0, 2, 4, 1], [1, 4, 2, 0, 3], [4, 3, 2, 1, 0], [0, 1, 2, 3, 4]];
    for scope in [desk.admin.scope(), customer.scope()] {
        for (sort, order) in SORTS.into_iter().zip(expected) {
            let listed = whole_list(&desk, scope, &TicketFilter::default(), sort, 100).await;
            let listed: Vec<TicketId> = listed.iter().map(Ticket::id).collect();
            assert_eq!(listed, order.map(|n| ids[n]), "{sort:?}");
        }
    }
    assert_eq!(TicketSort::default(), SORTS[0], "what changed last comes first");
}

/// Any set of statuses and any set of priorities, alone and together.
pub async fn filters_let_through_what_they_say(stores: Stores) {
    let desk = Desk::new(stores).await;
    let customer = desk.customer("ada").await;
    let mut tickets = Vec::new();
    for &to in Status::ALL {
        for &priority in Priority::ALL {
            let ticket = desk.open(customer, new_ticket("Again", priority), at(1)).await;
            tickets.push(if to == Status::Open {
                ticket
            } else {
                desk.run(&ticket, desk.admin, status(to), at(2)).await.ticket
            });
        }
    }
    for statuses in subsets(Status::ALL) {
        for priorities in
            [vec![], vec![Priority::Low], vec![Priority::Urgent, Priority::Normal], Priority::ALL.to_vec()]
        {
            let filter =
                TicketFilter::default().with_statuses(statuses.clone()).with_priorities(priorities.clone());
            let sort = TicketSort { key: SortKey::CreatedAt, direction: Direction::Ascending };
            let listed = whole_list(&desk, customer.scope(), &filter, sort, 100).await;
            let admitted: Vec<Ticket> = tickets
                .iter()
                .filter(|ticket| statuses.is_empty() || statuses.contains(&ticket.status()))
                .filter(|ticket| priorities.is_empty() || priorities.contains(&ticket.record().priority))
                .cloned()
                .collect();
            assert_eq!(listed, admitted, "{filter:?}");
        }
    }
}

/// Pages of every size hold each ticket once, also when all changed in the same moment.
pub async fn pages_of_tickets_hold_each_once(stores: Stores) {
    let desk = Desk::new(stores).await;
    let customer = desk.customer("ada").await;
    for second in [5, 5, 5, 1, 5, 7, 7] {
        desk.ticket(customer, "Again", at(second)).await;
    }
    for scope in [desk.admin.scope(), customer.scope()] {
        for sort in SORTS {
            let everything = whole_list(&desk, scope, &TicketFilter::default(), sort, 100).await;
            assert_eq!(everything.len(), 7);
            for items in 1..=8 {
                let pages = whole_list(&desk, scope, &TicketFilter::default(), sort, items).await;
                assert_eq!(pages, everything, "in pages of {items}, {sort:?}");
            }
        }
    }
}

/// What is written internally moves nothing in the list of the requester, nor the positions in it.
pub async fn internal_work_moves_nothing_in_a_customers_list(stores: Stores) {
    let desk = Desk::new(stores).await;
    let customer = desk.customer("ada").await;
    let mut tickets = Vec::new();
    for second in 1..=4 {
        tickets.push(desk.ticket(customer, "Again", at(second)).await);
    }
    let before = customers_positions(&desk, customer.scope()).await;
    for (second, n) in (10..).zip([0, 2, 1]) {
        let noted = desk.run(&tickets[n], desk.admin, note("Canary"), at(second)).await.ticket;
        desk.run(&noted, desk.admin, tags(&["canary"]), at(second + 10)).await;
    }
    assert_eq!(customers_positions(&desk, customer.scope()).await, before);

    let scope = desk.admin.scope();
    let staff = whole_list(&desk, scope, &TicketFilter::default(), TicketSort::default(), 2).await;
    let staff: Vec<TicketId> = staff.iter().map(Ticket::id).collect();
    assert_eq!(staff, [1, 2, 0, 3].map(|n| tickets[n].id()), "staff see what changed last");
}

/// A walk goes on behind a position though the ticket that stood there moved away.
pub async fn a_position_outlives_a_change_of_its_ticket(stores: Stores) {
    let desk = Desk::new(stores).await;
    let customer = desk.customer("ada").await;
    let mut start = 0;
    for scope in [customer.scope(), desk.admin.scope()] {
        for sort in SORTS {
            // Later than all that earlier rounds left behind, so that these six stand together.
            start += 1_000;
            let mut tickets = Vec::new();
            for second in start..start + 6 {
                tickets.push(desk.ticket(customer, "Again", at(second)).await);
            }
            if sort.direction == Direction::Descending {
                tickets.reverse();
            }
            let third = TicketPosition::of(&tickets[2], scope, sort.key);
            desk.run(&tickets[2], customer, reply("Any news?"), at(start + 100)).await;
            let page = PageRequest { limit: limit(3), after: Some(third) };
            let query = TicketQuery { filter: TicketFilter::default(), sort, page };
            let rest = desk.stores.tickets.list(scope, query).await.expect("listing tickets");
            assert_eq!(rest.items, tickets[3..], "{sort:?}");
        }
    }
}

/// A position belongs to the lists by its own key.
pub async fn a_position_of_another_sort_key_is_a_fault(stores: Stores) {
    let desk = Desk::new(stores).await;
    let customer = desk.customer("ada").await;
    let ticket = desk.ticket(customer, "Again", at(1)).await;
    for sort in SORTS {
        let other = match sort.key {
            SortKey::UpdatedAt => SortKey::CreatedAt,
            SortKey::CreatedAt => SortKey::UpdatedAt,
        };
        let after = Some(TicketPosition::of(&ticket, customer.scope(), other));
        let page = PageRequest { limit: limit(5), after };
        let query = TicketQuery { filter: TicketFilter::default(), sort, page };
        let listed = desk.stores.tickets.list(customer.scope(), query).await;
        assert!(matches!(listed, Err(StoreError::Fault(_))), "{sort:?} came to {listed:?}");
    }
}

/// Walks the pages of a list and checks that each has as many items as it could have.
pub(super) async fn whole_list(
    desk: &Desk,
    scope: Scope,
    filter: &TicketFilter,
    sort: TicketSort,
    items: u64,
) -> Vec<Ticket> {
    let mut request = PageRequest { limit: limit(items), after: None };
    let mut tickets = Vec::new();
    loop {
        let query = TicketQuery { filter: filter.clone(), sort, page: request };
        let mut page = desk.stores.tickets.list(scope, query).await.expect("listing tickets");
        assert!(page.items.len() <= request.limit.get(), "no page is larger than its limit");
        assert!(request.after.is_none() || !page.items.is_empty(), "a next position, and nothing behind it");
        tickets.append(&mut page.items);
        let Some(next) = page.next else { return tickets };
        let last = tickets.last().map(|ticket| TicketPosition::of(ticket, scope, sort.key));
        assert_eq!(Some(next), last, "the position of the last item");
        assert!(tickets.len().is_multiple_of(request.limit.get()), "a page with more behind it is full");
        assert_ne!(request.after, Some(next), "the walk goes on");
        request.after = Some(next);
    }
}

async fn customers_positions(desk: &Desk, scope: Scope) -> Vec<TicketPosition> {
    let tickets = whole_list(desk, scope, &TicketFilter::default(), TicketSort::default(), 2).await;
    tickets.iter().map(|ticket| TicketPosition::of(ticket, scope, SortKey::UpdatedAt)).collect()
}

fn subsets<T: Copy>(of: &[T]) -> Vec<Vec<T>> {
    of.iter().fold(vec![vec![]], |subsets, &item| {
        let with = subsets.iter().map(|subset| [subset.as_slice(), &[item]].concat());
        with.collect::<Vec<_>>().into_iter().chain(subsets.clone()).collect()
    })
}

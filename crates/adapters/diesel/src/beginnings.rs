//! The beginnings of lists: mostly nothing else is asked for, and many ask for the same at the same time.

use helpdesk_domain::{Scope, Ticket};
use helpdesk_ports::{
    Direction, Limit, Page, SortKey, StoreError, TicketFilter, TicketPosition, TicketQuery, TicketSort,
};

/// The first tickets of those that the scope admits, what was changed last first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Beginning {
    pub(crate) scope: Scope,
    pub(crate) limit: Limit,
}

/// What came of reading one.
pub(crate) type Listed = Result<Page<Ticket, TicketPosition>, StoreError>;

impl Beginning {
    /// What is asked for, if it can be read together with what others ask for. Then all of them are in memory at once; so it is no
    /// longer than a page is where nobody says how long.
    pub(crate) fn of(scope: Scope, asked: &TicketQuery) -> Option<Self> {
        let limit = asked.page.limit;
        (is_changed_last(asked) && limit <= Limit::default()).then_some(Self { scope, limit })
    }
}

/// The order in which a list mostly is asked for.
const CHANGED_LAST: TicketSort = TicketSort { key: SortKey::UpdatedAt, direction: Direction::Descending };

/// Whether it is the beginning of the whole list, what was changed last first, however long.
pub(crate) fn is_changed_last(asked: &TicketQuery) -> bool {
    asked.filter == TicketFilter::default() && asked.sort == CHANGED_LAST && asked.page.after.is_none()
}

/// Has each read once, and answers all who asked. What several ask for, as all admins do, and whoever has the list open twice, is one.
/// `read` gives what came of each, in their order.
pub(crate) fn each_once(
    asked: &[Beginning],
    read: impl FnOnce(&[Beginning]) -> Result<Vec<Listed>, StoreError>,
) -> Result<Vec<Listed>, StoreError> {
    let (different, which) = apart(asked);
    Ok(handed_out(read(&different)?, &which))
}

/// Those that differ, in their order, and for each that was asked which of them it is.
fn apart(asked: &[Beginning]) -> (Vec<Beginning>, Vec<usize>) {
    let (mut different, mut which) = (Vec::with_capacity(asked.len()), Vec::with_capacity(asked.len()));
    for one in asked {
        let known = different.iter().position(|known| known == one);
        which.push(known.unwrap_or(different.len()));
        if known.is_none() {
            different.push(*one);
        }
    }
    (different, which)
}

/// For each the page that is its own. Mostly nobody else asks for it, and it is not copied.
fn handed_out(pages: Vec<Listed>, which: &[usize]) -> Vec<Listed> {
    let mut left = vec![0; pages.len()];
    for &n in which {
        left[n] += 1;
    }
    let mut pages: Vec<Option<Listed>> = pages.into_iter().map(Some).collect();
    let hand_out = |&n: &usize| {
        left[n] -= 1;
        if left[n] == 0 { pages[n].take() } else { pages[n].clone() }
    };
    // Each is there until its last turn.
    which.iter().filter_map(hand_out).collect()
}

#[cfg(test)]
mod tests {
    use helpdesk_domain::{AdminActor, AgentActor, CustomerActor, TicketId, UserId};
    use helpdesk_ports::{Cause, PageRequest};

    use super::*;

    fn id(id: i64) -> UserId {
        UserId::new(id).unwrap()
    }

    #[test]
    fn what_is_asked_for_twice_is_read_once() {
        let all = AdminActor::new(id(1)).scope();
        let asked = |scope, limit| Beginning { scope, limit: Limit::new(limit).unwrap() };
        let (customer, agent) = (CustomerActor::new(id(2)).scope(), AgentActor::new(id(2)).scope());
        let asked = [
            asked(customer, 5),
            asked(all, 5),
            // Another admin sees the same.
            asked(AdminActor::new(id(3)).scope(), 5),
            // The same number as the customer's, and another list.
            asked(agent, 5),
            asked(customer, 5),
            asked(customer, 6),
        ];
        let page = |n| {
            Ok(Page { items: Vec::new(), next: Some(TicketPosition::CreatedAt(TicketId::new(n).unwrap())) })
        };
        let listed = each_once(&asked, |different| {
            assert_eq!(different, [asked[0], asked[1], asked[3], asked[5]]);
            Ok((1..=4).map(page).collect())
        });
        assert_eq!(listed, Ok([1, 2, 2, 3, 1, 4].map(page).to_vec()));

        let fault = StoreError::Fault(Cause::new("x"));
        assert_eq!(each_once(&asked, |_| Err(fault.clone())), Err(fault));
    }

    #[test]
    fn only_short_beginnings_in_the_usual_order_are_read_together() {
        let scope = AdminActor::new(id(1)).scope();
        let of = |query: &TicketQuery| Beginning::of(scope, query);
        let usual = TicketQuery::default();
        assert_eq!(of(&usual), Some(Beginning { scope, limit: Limit::default() }));

        let page = |limit, after| PageRequest { limit: Limit::new(limit).unwrap(), after };
        let after = Some(TicketPosition::CreatedAt(TicketId::new(1).unwrap()));
        let sort = TicketSort { direction: Direction::Ascending, ..CHANGED_LAST };
        let filter = TicketFilter::default().with_assignee(Some(None));
        for other in [
            TicketQuery { page: page(26, None), ..usual.clone() },
            TicketQuery { page: page(25, after), ..usual.clone() },
            TicketQuery { sort, ..usual.clone() },
            TicketQuery { filter, ..usual.clone() },
        ] {
            assert_eq!(of(&other), None, "{other:?}");
        }
    }
}

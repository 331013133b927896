//! The workflow of a ticket, as data: the same table is enforced and published.

use crate::{ActorKind, Refusal, Status};

/// The statuses to which one kind of actor may move a ticket from one status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// Who.
    pub by: ActorKind,
    /// From where.
    pub from: Status,
    /// To where.
    pub to: &'static [Status],
}

const fn row(by: ActorKind, from: Status, to: &'static [Status]) -> Transition {
    Transition { by, from, to }
}

use ActorKind::{Admin, Agent, Customer, System};
use Status::{Closed, InProgress, Open, Pending, Resolved};

/// Who may move a ticket from where to where. What has no row is not possible.
pub const TRANSITIONS: &[Transition] = &[
    row(Agent, Open, &[InProgress, Pending, Resolved, Closed]),
    row(Agent, InProgress, &[Open, Pending, Resolved, Closed]),
    row(Agent, Pending, &[Open, InProgress, Resolved, Closed]),
    row(Agent, Resolved, &[Open, InProgress, Pending, Closed]),
    row(Admin, Open, &[InProgress, Pending, Resolved, Closed]),
    row(Admin, InProgress, &[Open, Pending, Resolved, Closed]),
    row(Admin, Pending, &[Open, InProgress, Resolved, Closed]),
    row(Admin, Resolved, &[Open, InProgress, Pending, Closed]),
    row(Admin, Closed, &[Open]),
    row(Customer, Open, &[Closed]),
    row(Customer, InProgress, &[Closed]),
    row(Customer, Pending, &[Closed]),
    row(Customer, Resolved, &[Closed]),
    row(System, Resolved, &[Closed]),
];

/// The statuses from which a customer's public comment reopens a ticket.
pub const REOPENED_BY_REPLY: &[Status] = &[Pending, Resolved];

/// The statuses that count as done: leaving one is reopening, which clears when it was reached and counts.
pub const DONE: &[Status] = &[Resolved, Closed];

/// Whether this kind of actor may move a ticket so. Staying where it is, is always possible to those who may ever ask for
/// that status.
///
/// ```
/// use helpdesk_domain::{ActorKind, Refusal, Status, workflow};
///
/// assert!(workflow::check(ActorKind::Agent, Status::Open, Status::Resolved).is_ok());
/// assert!(workflow::check(ActorKind::Customer, Status::Resolved, Status::Closed).is_ok());
/// assert!(matches!(
///     workflow::check(ActorKind::Customer, Status::Open, Status::Resolved),
///     Err(Refusal::NotPermitted(_))
/// ));
/// assert_eq!(workflow::check(ActorKind::Agent, Status::Closed, Status::Open), Err(Refusal::TicketClosed));
/// ```
///
/// # Errors
/// [`Refusal::NotPermitted`] where the actor may never set that status, [`Refusal::TicketClosed`] where the ticket is closed
/// and the actor has no way out of that, else [`Refusal::InvalidTransition`].
pub fn check(by: ActorKind, from: Status, to: Status) -> Result<(), Refusal> {
    let mine = || TRANSITIONS.iter().filter(move |row| row.by == by);
    if !mine().any(|row| row.to.contains(&to)) {
        return Err(Refusal::NotPermitted("a customer may only close a ticket"));
    }
    if from == to || mine().any(|row| row.from == from && row.to.contains(&to)) {
        return Ok(());
    }
    if from == Closed && !mine().any(|row| row.from == Closed) {
        return Err(Refusal::TicketClosed);
    }
    Err(Refusal::InvalidTransition { from, to })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table in the words of the contract, for every kind × from × to.
    #[test]
    fn the_table_says_what_the_contract_says() {
        for &from in Status::ALL {
            for &to in Status::ALL {
                let agent = match (from, to) {
                    (from, to) if from == to => Ok(()),
                    (Closed, _) => Err(Refusal::TicketClosed),
                    _ => Ok(()),
                };
                assert_eq!(check(Agent, from, to), agent, "agent {from} → {to}");

                let admin = match (from, to) {
                    (Closed, Open | Closed) => Ok(()),
                    (Closed, _) => Err(Refusal::InvalidTransition { from, to }),
                    _ => Ok(()),
                };
                assert_eq!(check(Admin, from, to), admin, "admin {from} → {to}");

                let customer = check(Customer, from, to);
                if to == Closed {
                    assert_eq!(customer, Ok(()), "customer {from} → {to}");
                } else {
                    assert!(matches!(customer, Err(Refusal::NotPermitted(_))), "customer {from} → {to}");
                }
            }
        }
    }

    #[test]
    fn the_table_has_one_row_for_each_actor_and_status_and_none_that_stays() {
        for (n, row) in TRANSITIONS.iter().enumerate() {
            assert!(!row.to.contains(&row.from), "{row:?}");
            assert!(
                TRANSITIONS[n + 1..].iter().all(|other| (other.by, other.from) != (row.by, row.from)),
                "{row:?}"
            );
        }
    }
}

//! Rows as the database has them, and how they become values of the domain. A row that the rules do not allow is
//! [`StoreError::Corrupt`], which names its table, column and key.

mod audit;
pub(in super::super) mod comment;
mod event;
mod session;
mod team;
pub(in super::super) mod ticket;
mod user;

pub(super) use audit::{AuditRow, JoinedAuditEntry, NewAuditRow};
pub(in super::super) use comment::NewCommentRow;
pub(super) use comment::{CommentRow, JoinedComment, NamesAtHand};
pub(in super::super) use event::NewEventRow;
pub(super) use event::{EventRow, JoinedEvent};
pub(super) use session::{SessionChangeset, SessionRow};
pub(super) use team::TeamRow;
pub(super) use ticket::{JoinedTicket, TicketRow};
pub(in super::super) use ticket::{NewTicketRow, TicketChangeset};
pub(super) use user::UserRow;

use std::str::FromStr;

use helpdesk_domain::{ActorKind, EventActor, IdError, Role, Ts, UserId};
use helpdesk_ports::StoreError;

use super::StoredTs;

/// Where in the database a value stands, for when it turns out to be damaged.
#[derive(Clone, Copy)]
pub(in super::super) struct Origin {
    table: &'static str,
    id: i64,
}

impl Origin {
    pub(in super::super) const fn new(table: &'static str, id: i64) -> Self {
        Self { table, id }
    }

    pub(in super::super) fn corrupt(self, column: &'static str) -> StoreError {
        StoreError::Corrupt { table: self.table, column, id: self.id.to_string() }
    }

    pub(in super::super) fn id<T>(
        self,
        column: &'static str,
        number: i64,
        new: impl Fn(i64) -> Result<T, IdError>,
    ) -> Result<T, StoreError> {
        new(number).map_err(|_| self.corrupt(column))
    }

    pub(super) fn word<T: FromStr>(self, column: &'static str, word: &str) -> Result<T, StoreError> {
        word.parse().map_err(|_| self.corrupt(column))
    }

    pub(super) fn ts(self, column: &'static str, at: StoredTs) -> Result<Ts, StoreError> {
        Ts::from_micros(at.0).map_err(|_| self.corrupt(column))
    }

    pub(super) fn optional_ts(
        self,
        column: &'static str,
        at: Option<StoredTs>,
    ) -> Result<Option<Ts>, StoreError> {
        at.map(|at| self.ts(column, at)).transpose()
    }

    /// Who did something, by the columns `actor_kind` and `actor_id` and the name behind them: an account has one, and the help
    /// desk itself has none.
    fn actor(self, kind: &str, id: Option<i64>, name: Option<&String>) -> Result<EventActor, StoreError> {
        let id = id.map(|id| self.id("actor_id", id, UserId::new)).transpose()?;
        if id.is_some() != name.is_some() {
            return Err(self.corrupt("actor_id"));
        }
        let kind = if kind == ActorKind::System.as_str() {
            ActorKind::System
        } else {
            self.word::<Role>("actor_kind", kind)?.into()
        };
        Ok(EventActor { kind, id })
    }
}

#[cfg(test)]
mod tests;

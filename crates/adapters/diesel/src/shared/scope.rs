//! What a scope means in SQL: here, and nowhere else. The contract suite holds these functions against the domain's
//! `Scope::admits`, `CommentScope::admits`, `QueueScope::lists` and `QueueScope::reaches`.

use diesel::dsl::AssumeNotNull;
use diesel::expression::{
    AppearsOnTable, BoxableExpression, Expression, SelectableExpression, ValidGrouping,
};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool};
use helpdesk_domain::{CommentScope, QueueScope, Scope};

use super::dialect::{Db, IN_THE_QUEUE};
use super::schema::{ticket_events, tickets};
use crate::anywhere::may_stand_anywhere;

/// A condition on rows of `From`.
pub(in super::super) type Condition<From> = Box<dyn BoxableExpression<From, Db, SqlType = Bool>>;

/// The condition that every row meets. Diesel's own way to say it, a piece of SQL as text, would have every query that it
/// becomes part of parsed and planned anew for each call.
#[derive(QueryId, ValidGrouping)]
pub(in super::super) struct Always;

pub(in super::super) const fn always() -> Always {
    Always
}

may_stand_anywhere!(Always: Bool);

impl QueryFragment<Db> for Always {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        out.push_sql("1 = 1");
        Ok(())
    }
}

/// Does something with the condition for the tickets that the scope admits, whose type is another for each kind of scope: a
/// statement whose type says all of it is written out once, and one with a [`Condition`] each time. The account that the scope
/// names can be given as something else than its id, for a statement that serves many.
macro_rules! in_each_scope {
    ($scope:expr, |$admits:ident| $made:expr) => {
        in_each_scope!($scope, |id| id.get(), |$admits| $made)
    };
    ($scope:expr, |$id:ident| $account:expr, |$admits:ident| $made:expr) => {
        match $scope.kind() {
            helpdesk_domain::ScopeKind::All => {
                let $admits = always();
                $made
            }
            // The comparison is unknown where nobody is assigned, which a filter takes for no.
            helpdesk_domain::ScopeKind::AssignedTo($id) => {
                let $admits = tickets::assignee_id.assume_not_null().eq($account);
                $made
            }
            helpdesk_domain::ScopeKind::RequestedBy($id) => {
                let $admits = tickets::requester_id.eq($account);
                $made
            }
        }
    };
}
pub(in super::super) use in_each_scope;

/// The tickets that the scope admits.
pub(in super::super) fn admits<From>(scope: Scope) -> Condition<From>
where
    AssumeNotNull<tickets::assignee_id>: SelectableExpression<From>,
    tickets::requester_id: SelectableExpression<From>,
{
    in_each_scope!(scope, |admits| Box::new(admits))
}

/// Does something with the condition for the comments, of a ticket that the scope admits, that it admits; see
/// [`in_each_scope`].
macro_rules! in_each_comment_scope {
    ($scope:expr, |$admits:ident| $made:expr) => {
        match $scope {
            helpdesk_domain::CommentScope::Everything => {
                let $admits = always();
                $made
            }
            helpdesk_domain::CommentScope::PublicOnly => {
                let $admits = comments::is_internal.eq(false);
                $made
            }
        }
    };
}
pub(in super::super) use in_each_comment_scope;

/// The events, of a ticket that the scope admits, that it admits: who sees internal comments sees internal events.
pub(in super::super) fn admits_event<From>(scope: CommentScope) -> Condition<From>
where
    ticket_events::is_internal: SelectableExpression<From>,
{
    match scope {
        CommentScope::Everything => Box::new(Always),
        CommentScope::PublicOnly => Box::new(ticket_events::is_internal.eq(false)),
    }
}

/// The tickets that the agent may try to claim: those of its teams.
#[derive(QueryId, ValidGrouping)]
pub(in super::super) struct Reached(i64);

/// See [`Reached`].
pub(in super::super) fn reaches(queue: QueueScope) -> Reached {
    Reached(queue.agent().get())
}

/// The tickets that are in the agent's queue: those it may try to claim that nobody works and that are not closed. Written
/// out, as their index is: of a status that is a parameter neither engine knows that it is the one that the index leaves out.
#[derive(QueryId, ValidGrouping)]
pub(in super::super) struct Listed(i64);

/// See [`Listed`].
pub(in super::super) fn lists(queue: QueueScope) -> Listed {
    Listed(queue.agent().get())
}

impl QueryFragment<Db> for Reached {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        out.push_sql("tickets.team_id IN (SELECT team_id FROM team_members WHERE user_id = ");
        out.push_bind_param::<BigInt, _>(&self.0)?;
        out.push_sql(")");
        Ok(())
    }
}

impl QueryFragment<Db> for Listed {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        let (before, behind) = IN_THE_QUEUE;
        out.push_sql(before);
        out.push_bind_param::<BigInt, _>(&self.0)?;
        out.push_sql(behind);
        Ok(())
    }
}

/// Both are conditions wherever there are tickets.
macro_rules! condition_on_tickets {
    ($($condition:ty),+) => {
        $(
            impl Expression for $condition {
                type SqlType = Bool;
            }

            impl<From> AppearsOnTable<From> for $condition where tickets::team_id: AppearsOnTable<From> {}

            impl<From> SelectableExpression<From> for $condition where
                tickets::team_id: SelectableExpression<From>
            {
            }
        )+
    };
}
pub(super) use condition_on_tickets;

condition_on_tickets!(Reached, Listed);

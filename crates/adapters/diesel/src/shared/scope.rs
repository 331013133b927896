//! What a scope means in SQL: here, and nowhere else. The contract suite holds both functions against the domain's
//! `Scope::admits` and `CommentScope::admits`.

use diesel::dsl::AssumeNotNull;
use diesel::expression::BoxableExpression;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use helpdesk_domain::{CommentScope, Scope, ScopeKind};

use super::dialect::Db;
use super::schema::{comments, tickets};

/// A condition on rows of `From`.
pub(in super::super) type Condition<From> = Box<dyn BoxableExpression<From, Db, SqlType = Bool>>;

/// The tickets that the scope admits.
pub(in super::super) fn admits<From>(scope: Scope) -> Condition<From>
where
    AssumeNotNull<tickets::assignee_id>: SelectableExpression<From>,
    tickets::requester_id: SelectableExpression<From>,
{
    match scope.kind() {
        ScopeKind::All => Box::new(diesel::dsl::sql::<Bool>("1 = 1")),
        // The comparison is unknown where nobody is assigned, which a filter takes for no.
        ScopeKind::AssignedTo(agent) => Box::new(tickets::assignee_id.assume_not_null().eq(agent.get())),
        ScopeKind::RequestedBy(customer) => Box::new(tickets::requester_id.eq(customer.get())),
    }
}

/// The comments, of a ticket that the scope admits, that it admits.
pub(in super::super) fn admits_comment<From>(scope: CommentScope) -> Condition<From>
where
    comments::is_internal: SelectableExpression<From>,
{
    match scope {
        CommentScope::Everything => Box::new(diesel::dsl::sql::<Bool>("1 = 1")),
        CommentScope::PublicOnly => Box::new(comments::is_internal.eq(false)),
    }
}

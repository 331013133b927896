//! What a scope means in SQL: here, and nowhere else. The contract suite holds both functions against the domain's
//! `Scope::admits` and `CommentScope::admits`.

use diesel::dsl::AssumeNotNull;
use diesel::expression::{
    AppearsOnTable, BoxableExpression, Expression, SelectableExpression, ValidGrouping,
};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::Bool;
use helpdesk_domain::{CommentScope, Scope, ScopeKind};

use super::dialect::Db;
use super::schema::{comments, tickets};

/// A condition on rows of `From`.
pub(in super::super) type Condition<From> = Box<dyn BoxableExpression<From, Db, SqlType = Bool>>;

/// The condition that every row meets. Diesel's own way to say it, a piece of SQL as text, would have every query that it
/// becomes part of parsed and planned anew for each call.
#[derive(QueryId, ValidGrouping)]
struct Always;

impl Expression for Always {
    type SqlType = Bool;
}

impl<From> AppearsOnTable<From> for Always {}

impl<From> SelectableExpression<From> for Always {}

impl QueryFragment<Db> for Always {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        out.push_sql("1 = 1");
        Ok(())
    }
}

/// The tickets that the scope admits.
pub(in super::super) fn admits<From>(scope: Scope) -> Condition<From>
where
    AssumeNotNull<tickets::assignee_id>: SelectableExpression<From>,
    tickets::requester_id: SelectableExpression<From>,
{
    match scope.kind() {
        ScopeKind::All => Box::new(Always),
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
        CommentScope::Everything => Box::new(Always),
        CommentScope::PublicOnly => Box::new(comments::is_internal.eq(false)),
    }
}

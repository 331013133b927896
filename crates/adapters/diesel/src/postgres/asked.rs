//! What statements that serve many callers have in common: a table `asked` with a row for each of them.

use std::mem::discriminant;

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::BigInt;
use helpdesk_domain::{Scope, ScopeKind};

/// Which of the scopes are of one kind, by their places: of those one statement can tell what they admit.
pub(super) fn by_kind(scopes: impl Iterator<Item = Scope>) -> Vec<Vec<usize>> {
    let mut kinds = Vec::new();
    let mut places: Vec<Vec<usize>> = Vec::new();
    for (place, scope) in scopes.enumerate() {
        let kind = discriminant(&scope.kind());
        match kinds.iter().position(|known| *known == kind) {
            Some(known) => places[known].push(place),
            None => {
                kinds.push(kind);
                places.push(vec![place]);
            }
        }
    }
    places
}

/// The account that the scope names, if it does.
pub(super) fn account(scope: Scope) -> i64 {
    match scope.kind() {
        ScopeKind::All => 0,
        ScopeKind::AssignedTo(id) | ScopeKind::RequestedBy(id) => id.get(),
    }
}

/// The account that the scope of the one who asked names: `asked.account`, to stand where a scope's condition has an id.
#[derive(QueryId, ValidGrouping)]
pub(super) struct AskedAccount;

impl Expression for AskedAccount {
    type SqlType = BigInt;
}

impl<From> AppearsOnTable<From> for AskedAccount {}

impl<From> SelectableExpression<From> for AskedAccount {}

impl QueryFragment<Pg> for AskedAccount {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("asked.account");
        Ok(())
    }
}

//! What statements that serve many callers have in common: a table `asked` with a row for each of them.

use std::mem::{Discriminant, discriminant};

use diesel::expression::ValidGrouping;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt};
use helpdesk_domain::{Scope, ScopeKind};

use crate::anywhere::may_stand_anywhere;

/// Which of the scopes are of one kind, by their places: of those one statement can tell what they admit.
pub(super) fn by_kind(scopes: impl Iterator<Item = Scope>) -> Vec<Vec<usize>> {
    let mut kinds: Vec<(Discriminant<ScopeKind>, Vec<usize>)> = Vec::new();
    for (place, scope) in scopes.enumerate() {
        let kind = discriminant(&scope.kind());
        if let Some((_, places)) = kinds.iter_mut().find(|(known, _)| *known == kind) {
            places.push(place);
        } else {
            kinds.push((kind, vec![place]));
        }
    }
    kinds.into_iter().map(|(_, places)| places).collect()
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

may_stand_anywhere!(AskedAccount: BigInt);

impl QueryFragment<Pg> for AskedAccount {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("asked.account");
        Ok(())
    }
}

/// Any of these ids: `ANY($1)`, to stand behind a comparison. Diesel's own `eq_any` says the same, and has the statement that it
/// becomes part of written out anew for each call.
#[derive(QueryId, ValidGrouping)]
pub(super) struct AnyOf(pub(super) Vec<i64>);

may_stand_anywhere!(AnyOf: BigInt);

impl QueryFragment<Pg> for AnyOf {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("ANY(");
        out.push_bind_param::<Array<BigInt>, _>(&self.0)?;
        out.push_sql(")");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use helpdesk_domain::{AdminActor, AgentActor, CustomerActor, UserId};

    use super::*;

    #[test]
    fn callers_of_one_kind_stand_together_in_their_order() {
        let id = |id| UserId::new(id).unwrap();
        let customer = |number| CustomerActor::new(id(number)).scope();
        let scopes =
            [customer(1), AgentActor::new(id(2)).scope(), customer(3), AdminActor::new(id(4)).scope()];
        assert_eq!(by_kind(scopes.into_iter()), [vec![0, 2], vec![1], vec![3]]);
        assert_eq!(scopes.map(account), [1, 2, 3, 0]);
    }
}

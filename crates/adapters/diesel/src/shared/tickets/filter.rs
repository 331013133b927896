//! What the filters of lists mean in SQL: here, and nowhere else. The contract suite holds them against
//! `TicketFilter::admits`.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Bool, Text};
use helpdesk_domain::{Tag, Ts};
use helpdesk_ports::TicketFilter;

use super::super::dialect::Db;
use super::super::schema::tickets;
use super::super::scope::condition_on_tickets;

/// Leaves out what the filter does not admit, beside words or not. A macro, since the query's type has no name.
macro_rules! filtered {
    ($query:expr, $filter:expr, $sees:expr) => {
        filtered!($query, $filter, $sees, false)
    };
    ($query:expr, $filter:expr, $sees:expr, $words:expr) => {{
        let (mut query, filter): (_, &TicketFilter) = ($query, $filter);
        if !filter.statuses().is_empty() {
            let words: Vec<_> = filter.statuses().iter().copied().map(Status::as_str).collect();
            query = query.filter(tickets::status.eq_any(words));
        }
        if !filter.priorities().is_empty() {
            let words: Vec<_> = filter.priorities().iter().copied().map(Priority::as_str).collect();
            query = query.filter(tickets::priority.eq_any(words));
        }
        if let Some(tag) = filter.tag() {
            query = query.filter(filter::has_tag(tag));
        }
        if let Some(at) = filter.after_creation() {
            query = query.filter(tickets::created_at.gt(StoredTs::from(at)));
        }
        if let Some(at) = filter::changed_since(filter) {
            let since = StoredTs::from(at);
            query = match $sees {
                CommentScope::Everything => {
                    query.filter(tickets::updated_at.gt(since)).filter(tickets::updated_at.le(StoredTs::LAST))
                }
                CommentScope::PublicOnly => query
                    .filter(tickets::public_updated_at.gt(since))
                    .filter(tickets::public_updated_at.le(StoredTs::LAST)),
            };
        }
        match filter.assignee() {
            None => {}
            Some(None) => query = query.filter(tickets::assignee_id.is_null()),
            Some(Some(agent)) => {
                let is_worked_by = tickets::assignee_id.assume_not_null().eq(agent.get());
                query = query.filter(Beside { condition: is_worked_by, words: $words });
            }
        }
        if let Some(requester) = filter.requester() {
            query =
                query.filter(Beside { condition: tickets::requester_id.eq(requester.get()), words: $words });
        }
        if let Some(team) = filter.team() {
            query = query.filter(Beside { condition: tickets::team_id.eq(team.get()), words: $words });
        }
        query
    }};
}
pub(super) use filtered;

/// Since when everything that the filter admits has changed. What was opened later than a moment has changed later than that,
/// too: opening counts as a change, and times of change do not run backwards. That way the index of those times finds it.
///
/// It is asked for with an end as well, which nothing lies behind: of what lies between two moments Postgres expects little,
/// and of what lies behind one a third of everything.
pub(super) fn changed_since(filter: &TicketFilter) -> Option<Ts> {
    filter.after_creation().max(filter.after_update())
}

/// The tickets that have the tag.
#[derive(QueryId, ValidGrouping)]
pub(super) struct HasTag(String);

/// See [`HasTag`].
pub(super) fn has_tag(tag: &Tag) -> HasTag {
    HasTag(tag.as_str().to_owned())
}

impl QueryFragment<Db> for HasTag {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        out.push_sql("tickets.id IN (SELECT ticket_id FROM ticket_tags WHERE tag = ");
        out.push_bind_param::<Text, _>(&self.0)?;
        out.push_sql(")");
        Ok(())
    }
}

condition_on_tickets!(HasTag);

/// The tickets that are resolved. Written out, as their index is.
#[derive(QueryId, ValidGrouping)]
pub(in super::super::super) struct IsResolved;

/// See [`IsResolved`].
pub(in super::super::super) fn is_resolved() -> IsResolved {
    IsResolved
}

impl QueryFragment<Db> for IsResolved {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        out.push_sql("tickets.status = 'resolved'");
        Ok(())
    }
}

condition_on_tickets!(IsResolved);

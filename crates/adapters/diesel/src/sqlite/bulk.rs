//! Writing many rows by one statement. They travel as one JSON text, so that the statement is the same for any number.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::Error;
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::Sqlite;
use serde::Serialize;

use super::dialect::{self, Conn};
use super::shared::schema::{comments, imported_comments, imported_tickets, ticket_events, tickets};
use super::shared::{IdSequence, NewCommentRow, NewEventRow, NewTicketRow, TicketChangeset};

/// What is to become of a ticket that is at a version.
#[derive(Serialize)]
pub(super) struct TicketUpdate {
    pub(super) id: i64,
    pub(super) base_version: i64,
    #[serde(flatten)]
    pub(super) changes: TicketChangeset,
}

/// The columns of a [`TicketChangeset`].
const CHANGED: &[&str] = &[
    "status",
    "priority",
    "tags",
    "assignee_id",
    "team_id",
    "version",
    "public_version",
    "updated_at",
    "public_updated_at",
    "first_responded_at",
    "resolved_at",
    "closed_at",
    "reopen_count",
];

#[derive(QueryId)]
struct UpdateTickets(String);

impl QueryFragment<Sqlite> for UpdateTickets {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("UPDATE tickets SET ");
        for (number, column) in CHANGED.iter().enumerate() {
            out.push_sql(if number == 0 { "" } else { ", " });
            out.push_sql(column);
            out.push_sql(" = new.value ->> '");
            out.push_sql(column);
            out.push_sql("'");
        }
        out.push_sql(" FROM json_each(");
        out.push_bind_param::<Text, _>(&self.0)?;
        out.push_sql(
            ") AS new WHERE tickets.id = new.value ->> 'id' AND tickets.version = new.value ->> 'base_version'",
        );
        Ok(())
    }
}

impl RunQueryDsl<Conn> for UpdateTickets {}

/// Updates the tickets that still are at their versions, and says how many those are.
pub(super) fn update_tickets(conn: &mut Conn, updates: &[TicketUpdate]) -> QueryResult<usize> {
    UpdateTickets(json(updates)?).execute(conn)
}

/// An event with its id.
#[derive(Serialize)]
struct Numbered<'a> {
    id: i64,
    #[serde(flatten)]
    event: &'a NewEventRow,
}

/// The columns of a [`Numbered`] event.
const WRITTEN: &[&str] = &[
    "id",
    "ticket_id",
    "is_internal",
    "kind",
    "actor_kind",
    "actor_id",
    "at",
    "version",
    "public_version",
    "comment_id",
    "changes",
];

#[derive(QueryId)]
struct InsertEvents(String);

impl QueryFragment<Sqlite> for InsertEvents {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("INSERT INTO ticket_events (");
        for (number, column) in WRITTEN.iter().enumerate() {
            out.push_sql(if number == 0 { "" } else { ", " });
            out.push_sql(column);
        }
        out.push_sql(") SELECT ");
        for (number, column) in WRITTEN.iter().enumerate() {
            out.push_sql(if number == 0 { "new.value ->> '" } else { ", new.value ->> '" });
            out.push_sql(column);
            out.push_sql("'");
        }
        out.push_sql(" FROM json_each(");
        out.push_bind_param::<Text, _>(&self.0)?;
        out.push_sql(") AS new");
        Ok(())
    }
}

impl RunQueryDsl<Conn> for InsertEvents {}

/// Writes the events, with ids in their order.
pub(super) fn insert_events(conn: &mut Conn, events: &[NewEventRow]) -> QueryResult<()> {
    for rows in numbered(conn, events)? {
        InsertEvents(json(&rows)?).execute(conn)?;
    }
    Ok(())
}

/// The same, one after the other: of the few that wait to be written together, each takes less time than its part of a text.
pub(super) fn insert_each_event(conn: &mut Conn, events: &[NewEventRow]) -> QueryResult<()> {
    for Numbered { id, event } in numbered(conn, events)?.into_iter().flatten() {
        let row = (ticket_events::id.eq(id), event);
        diesel::insert_into(ticket_events::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// The events of each sequence that there are any of.
fn numbered<'a>(conn: &mut Conn, events: &'a [NewEventRow]) -> QueryResult<Vec<Vec<Numbered<'a>>>> {
    let mut numbered = Vec::new();
    for sequence in [IdSequence::PublicEvents, IdSequence::InternalEvents] {
        let of_sequence: Vec<_> = events.iter().filter(|event| event.ids() == sequence).collect();
        let ids = next_ids(conn, sequence, of_sequence.len())?;
        if !ids.is_empty() {
            numbered
                .push(ids.into_iter().zip(of_sequence).map(|(id, event)| Numbered { id, event }).collect());
        }
    }
    Ok(numbered)
}

/// The last id that a ticket ever had.
#[derive(QueryId)]
struct LastTicketId;

impl QueryFragment<Sqlite> for LastTicketId {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'tickets'");
        Ok(())
    }
}

impl Query for LastTicketId {
    type SqlType = BigInt;
}

impl RunQueryDsl<Conn> for LastTicketId {}

/// The next ids for tickets, in order. They are taken when the tickets are written, of which this is the only writer.
pub(super) fn next_ticket_ids(conn: &mut Conn, count: usize) -> QueryResult<Vec<i64>> {
    let last: i64 = LastTicketId.get_result(conn)?;
    Ok((last + 1..).take(count).collect())
}

/// The next ids of the sequence, in order.
pub(super) fn next_ids(conn: &mut Conn, sequence: IdSequence, count: usize) -> QueryResult<Vec<i64>> {
    if count == 0 {
        return Ok(Vec::new());
    }
    dialect::next_ids(conn, sequence, count).map(Iterator::collect)
}

/// Writes new tickets. One statement that stays prepared, run for each, is the fastest there is where no network is between.
pub(super) fn insert_tickets(conn: &mut Conn, rows: &[NewTicketRow]) -> QueryResult<()> {
    rows.iter().try_for_each(|row| diesel::insert_into(tickets::table).values(row).execute(conn).map(drop))
}

/// Writes new comments.
pub(super) fn insert_comments(conn: &mut Conn, rows: &[NewCommentRow]) -> QueryResult<()> {
    rows.iter().try_for_each(|row| diesel::insert_into(comments::table).values(row).execute(conn).map(drop))
}

/// Notes what tickets are called at a source: by their ids there, and here.
pub(super) fn insert_imported_tickets(conn: &mut Conn, source: i64, rows: &[(i64, i64)]) -> QueryResult<()> {
    rows.iter().try_for_each(|(original, ticket)| {
        let row = (
            imported_tickets::source_id.eq(source),
            imported_tickets::original_id.eq(original),
            imported_tickets::ticket_id.eq(ticket),
        );
        diesel::insert_into(imported_tickets::table).values(row).execute(conn).map(drop)
    })
}

/// Notes what comments are called at a source.
pub(super) fn insert_imported_comments(conn: &mut Conn, source: i64, rows: &[(i64, i64)]) -> QueryResult<()> {
    rows.iter().try_for_each(|(original, comment)| {
        let row = (
            imported_comments::source_id.eq(source),
            imported_comments::original_id.eq(original),
            imported_comments::comment_id.eq(comment),
        );
        diesel::insert_into(imported_comments::table).values(row).execute(conn).map(drop)
    })
}

fn json<T: Serialize>(rows: &[T]) -> QueryResult<String> {
    serde_json::to_string(rows).map_err(|error| Error::SerializationError(Box::new(error)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use helpdesk_domain::{
        Actor, AdminActor, CommentBody, CommentDraft, CustomerActor, Description, NewTicket, Outcome, Person,
        Priority, Subject, TeamId, TeamRef, Ticket, TicketCommand, TicketId, Ts, UserId, Visibility,
    };

    use super::*;

    fn keys(row: &impl Serialize) -> BTreeSet<String> {
        serde_json::to_value(row).unwrap().as_object().unwrap().keys().cloned().collect()
    }

    /// A column that were forgotten would keep its old value, or its default.
    #[test]
    fn the_statements_name_every_column_that_a_row_has() {
        let id = UserId::new(1).unwrap();
        let draft = NewTicket {
            subject: Subject::parse("subject").unwrap(),
            description: Description::parse("description").unwrap(),
            priority: Priority::Normal,
            follow_up_of: None,
        };
        let team = TeamRef::new(TeamId::new(1).unwrap(), "Support");
        let ticket = Ticket::open(&CustomerActor::new(id), draft, Ts::EPOCH).into_ticket(
            TicketId::new(1).unwrap(),
            Person::new(id, "Ada", "ada@example.com"),
            team,
        );
        let note =
            CommentDraft { body: CommentBody::parse("note").unwrap(), visibility: Visibility::Internal };
        let by = Actor::from(AdminActor::new(id));
        let Ok(Outcome::Changed(change)) = ticket.decide(&by, TicketCommand::Comment(note), Ts::EPOCH) else {
            panic!("a comment is a change");
        };
        let expected = |columns: &[&str]| columns.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
        assert_eq!(keys(&TicketChangeset::from(ticket.record())), expected(CHANGED));
        let event = NewEventRow::new(&ticket, &change.events()[0], None);
        assert_eq!(keys(&Numbered { id: 2, event: &event }), expected(WRITTEN));
    }
}

//! Opening tickets. A statement costs SQLite next to nothing besides what it does, so each is opened step by step; but a savepoint
//! costs as much as a ticket, since the index of texts is written out for it: so all that wait share one.

use diesel::prelude::*;
use helpdesk_domain::{NewTicket, Opening, Person, TeamId, TeamRef, Ticket, TicketId};
use helpdesk_ports::{Cause, StoreError};

use super::bulk::insert_each_event;
use super::dialect::Conn;
use super::shared::schema::{teams, tickets, users};
use super::shared::search::index::{IndexedText, index};
use super::shared::{
    Failure, NewEventRow, Origin, StoredTs, TextIndex, TextWords, TicketChangeset, written_once,
};
use crate::executor::Caller;

/// An opening with the words of its texts: who asks for it takes them apart, since all others wait for the one who writes.
pub(super) struct WordedOpening {
    opening: Opening,
    words: TextWords,
}

impl From<Opening> for WordedOpening {
    fn from(opening: Opening) -> Self {
        let NewTicket { subject, description, .. } = opening.draft();
        let words = TextWords::of_ticket(subject.as_str(), description.as_str());
        Self { opening, words }
    }
}

/// Opens them, or none.
pub(super) fn open_all(
    conn: &mut Conn,
    openings: &[WordedOpening],
    callers: &dyn Caller,
) -> Result<Vec<Result<Ticket, StoreError>>, StoreError> {
    let opened: Result<_, Failure> = conn.transaction(|conn| {
        let opened = open_each(conn, openings)?;
        if callers.has_left() {
            return Err(StoreError::Conflict(Cause::new("a caller has left")).into());
        }
        Ok(opened)
    });
    Ok(opened?.into_iter().map(Ok).collect())
}

/// Opens one in the caller's transaction.
pub(super) fn open(conn: &mut Conn, opening: Opening) -> Result<Ticket, Failure> {
    let opened = open_each(conn, &[opening.into()])?.pop();
    Ok(opened.ok_or_else(|| StoreError::Fault(Cause::new("nothing was opened")))?)
}

/// The texts come last, and together: each statement that follows on one of theirs has the index written out.
fn open_each(conn: &mut Conn, openings: &[WordedOpening]) -> Result<Vec<Ticket>, Failure> {
    let opened = openings.iter().map(|worded| write_ticket(conn, worded.opening.clone()));
    let opened = opened.collect::<Result<Vec<Ticket>, Failure>>()?;
    let of_each = || opened.iter().zip(openings);
    let events: Vec<_> =
        of_each().map(|(ticket, worded)| NewEventRow::new(ticket, worded.opening.event(), None)).collect();
    insert_each_event(conn, &events)?;
    let texts: Vec<_> = of_each()
        .map(|(ticket, worded)| IndexedText::of_ticket(ticket.id().get(), worded.words.clone()))
        .collect();
    index(conn, TextIndex::Tickets, &texts)?;
    Ok(opened)
}

fn write_ticket(conn: &mut Conn, opening: Opening) -> Result<Ticket, Failure> {
    let requester_id = opening.requester();
    let names = users::table
        .inner_join(teams::table.on(teams::is_default.eq(true)))
        .filter(users::id.eq(requester_id.get()))
        .select((users::name, users::email, teams::id, teams::name));
    let (name, email, team_id, team): (String, String, i64, String) = written_once(names).get_result(conn)?;
    let team = TeamRef::new(Origin::new("teams", team_id).id("id", team_id, TeamId::new)?, team);

    // The database gives the id; until then any will do.
    let placeholder = TicketId::new(1).map_err(|error| StoreError::Fault(Cause::new(error)))?;
    let mut record =
        opening.into_ticket(placeholder, Person::new(requester_id, name, email), team).record().clone();
    let row = diesel::insert_into(tickets::table)
        .values((
            tickets::subject.eq(record.subject.as_str()),
            tickets::description.eq(record.description.as_str()),
            tickets::requester_id.eq(requester_id.get()),
            tickets::follow_up_of.eq(record.follow_up_of.map(TicketId::get)),
            tickets::created_at.eq(StoredTs::from(record.created_at)),
            TicketChangeset::from(&record),
        ))
        .returning(tickets::id);
    let id: i64 = written_once(row).get_result(conn)?;
    record.id = Origin::new("tickets", id).id("id", id, TicketId::new)?;
    Ok(Ticket::from_stored(record))
}

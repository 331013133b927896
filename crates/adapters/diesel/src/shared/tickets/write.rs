//! Writing tickets. Every function here runs in its caller's transaction.
//!
//! The order of locks is the same everywhere, so that transactions wait for one another but never in a circle: accounts by
//! id, then teams by id, then who is in which team, then sessions, then tickets by id, and last the one key under which an
//! answer is kept: who holds a key waits for nobody. Who closes resolved tickets takes
//! them in another order, and waits for none. (The locks by which a foreign key holds the row that it refers to
//! come when they come: nobody who has to wait for them is waited for by their holder, unless two teams swap names.)
//! [`decide_locked`] alone cannot keep to it, since it learns what to lock from the ticket; where that ends in a circle the
//! engine breaks it, and one of the two gets a conflict. (Who decides about many tickets looks at them first, without locks, to
//! learn it.)

use diesel::prelude::*;
use helpdesk_domain::{
    Change, Comment, CommentId, Event, NewComment, Outcome, Precondition, Scope, Ticket, TicketId, Visibility,
};
use helpdesk_ports::{
    Cause, Commit, Committed, Decide, LockedCommit, PageRequest, StoreError, TicketWithComments,
};

use super::super::dialect::{self, Conn};
use super::super::rows::{NamesAtHand, NewEventRow, Origin, TicketChangeset};
use super::super::schema::{comments as comment_table, ticket_events, tickets, users};
use super::super::search::{self, IndexedText, TextIndex};
use super::super::update::update;
use super::super::{Failure, IdSequence, StoredTs, bulk, locks};
use super::{comments, read};

/// What came of writing a change.
pub(super) enum Written {
    /// It is in the transaction, with the comment that it wrote.
    Done(Option<Comment>),
    /// The ticket was not at the version that was decided upon; nothing was written.
    Stale,
}

pub(super) fn commit(conn: &mut Conn, change: &Change) -> Result<Commit, Failure> {
    if let Some(unmet) = first_unmet(conn, change.preconditions())? {
        return Ok(Commit::Unmet(unmet));
    }
    Ok(match write(conn, change)? {
        Written::Done(comment) => {
            Commit::Done(Box::new(Committed { ticket: change.ticket().clone(), comment }))
        }
        Written::Stale => Commit::Stale,
    })
}

pub(super) fn decide_locked(
    conn: &mut Conn,
    scope: Scope,
    id: TicketId,
    decide: Decide,
) -> Result<Option<LockedCommit>, Failure> {
    locks::lock_ticket(conn, id)?;
    let Some(ticket) = read::in_scope(conn, scope, id)? else {
        return Ok(None);
    };
    let (ticket, comment) = match decide(&ticket) {
        Err(refusal) => return Ok(Some(LockedCommit::Refused(refusal))),
        Ok(Outcome::Unchanged) => (ticket, None),
        Ok(Outcome::Changed(change)) => {
            if let Some(unmet) = first_unmet(conn, change.preconditions())? {
                return Ok(Some(LockedCommit::Unmet(unmet)));
            }
            match write(conn, &change)? {
                Written::Done(comment) => (change.ticket().clone(), Some(comment)),
                Written::Stale => {
                    return Err(StoreError::Fault(Cause::new("a locked ticket has changed")).into());
                }
            }
        }
    };
    // The ticket is as it was decided, by names that whoever decided may have read some time before.
    let names = NamesAtHand::NONE;
    let page = comments::of_ticket(conn, scope.comments(), id, names, &PageRequest::default())?;
    let now = Box::new(TicketWithComments { ticket, comments: page });
    Ok(Some(match comment {
        None => LockedCommit::Unchanged(now),
        Some(comment) => LockedCommit::Done { now, comment: comment.map(Box::new) },
    }))
}

fn first_unmet(conn: &mut Conn, preconditions: &[Precondition]) -> Result<Option<Precondition>, Failure> {
    // In the order of locks, whatever the order in which the rules have thought of them.
    let mut preconditions = preconditions.to_vec();
    preconditions.sort_unstable_by_key(place_in_line);
    for precondition in preconditions {
        if !locks::holds(conn, precondition)? {
            return Ok(Some(precondition));
        }
    }
    Ok(None)
}

/// Where the locks of a precondition stand in the order of locks.
pub(super) fn place_in_line(precondition: &Precondition) -> (u8, i64) {
    match precondition {
        Precondition::AnotherAdminRemains(id) | Precondition::ActiveAgent(id) | Precondition::Agent(id) => {
            (0, id.get())
        }
        Precondition::ActiveMember(_, id) => (0, id.get()),
        Precondition::TeamExists(id) => (1, id.get()),
    }
}

/// Writes ticket, comment and events, where the ticket still is at the version that was decided upon.
pub(super) fn write(conn: &mut Conn, change: &Change) -> Result<Written, Failure> {
    let ticket = change.ticket();
    let as_decided_upon = tickets::id.eq(ticket.id().get()).and(tickets::version.eq(change.base_version()));
    let written =
        update(&tickets::table, TicketChangeset::from(ticket.record()), as_decided_upon).execute(conn)?;
    if written == 0 {
        return Ok(Written::Stale);
    }
    let comment = change.comment().map(|comment| write_comment(conn, ticket, comment)).transpose()?;
    for event in change.events() {
        let told = comment.as_ref().filter(|comment| comment.visibility() == event.visibility());
        write_event(conn, ticket, event, told.map(Comment::id))?;
    }
    Ok(Written::Done(comment))
}

fn write_comment(conn: &mut Conn, ticket: &Ticket, comment: &NewComment) -> Result<Comment, Failure> {
    let id = match comment.visibility() {
        Visibility::Public => dialect::next_id(conn, IdSequence::PublicComments)?,
        Visibility::Internal => dialect::next_id(conn, IdSequence::InternalComments)?,
    };
    let id: i64 = diesel::insert_into(comment_table::table)
        .values((
            comment_table::id.eq(id),
            comment_table::ticket_id.eq(ticket.id().get()),
            comment_table::author_id.eq(comment.author().get()),
            comment_table::author_role.eq(comment.author_role().as_str()),
            comment_table::body.eq(comment.body().as_str()),
            comment_table::is_internal.eq(comment.visibility() == Visibility::Internal),
            comment_table::created_at.eq(StoredTs::from(comment.created_at())),
        ))
        .returning(comment_table::id)
        .get_result(conn)?;
    let text = IndexedText::of_comment(id, ticket.id().get(), comment.body().as_str());
    search::index(conn, TextIndex::of_comments(comment.visibility()), &[text])?;
    let author: String = users::table.find(comment.author().get()).select(users::name).get_result(conn)?;
    let id = Origin::new("comments", id).id("id", id, CommentId::new)?;
    Ok(comment.clone().into_comment(id, author))
}

/// Writes many tickets' changes, by as many statements as one ticket's would take. Each ticket must still be at the version
/// that was decided upon, which its lock sees to. None of the changes may bring a comment.
pub(in super::super) fn write_all(conn: &mut Conn, changes: &[Change]) -> Result<(), Failure> {
    if changes.iter().any(|change| change.comment().is_some()) {
        return Err(StoreError::Fault(Cause::new("comments are written one at a time")).into());
    }
    let updates: Vec<_> = changes
        .iter()
        .map(|change| bulk::TicketUpdate {
            id: change.ticket().id().get(),
            base_version: change.base_version(),
            changes: TicketChangeset::from(change.ticket().record()),
        })
        .collect();
    if bulk::update_tickets(conn, &updates)? != changes.len() {
        return Err(StoreError::Fault(Cause::new("a locked ticket has changed")).into());
    }
    let told = |change: &'_ Change| -> Vec<_> {
        change.events().iter().map(|event| NewEventRow::new(change.ticket(), event, None)).collect()
    };
    let events: Vec<_> = changes.iter().flat_map(told).collect();
    bulk::insert_events(conn, &events)?;
    Ok(())
}

fn write_event(
    conn: &mut Conn,
    ticket: &Ticket,
    event: &Event,
    comment: Option<CommentId>,
) -> Result<(), Failure> {
    let row = NewEventRow::new(ticket, event, comment);
    let id = dialect::next_id(conn, row.ids())?;
    diesel::insert_into(ticket_events::table).values((ticket_events::id.eq(id), row)).execute(conn)?;
    Ok(())
}

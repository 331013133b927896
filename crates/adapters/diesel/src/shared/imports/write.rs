//! Writing a batch, in its caller's transaction.
//!
//! The source is locked before anything else, which nobody but another import of it waits for; from there on the order of locks
//! is that of everywhere.

use std::collections::HashMap;

use helpdesk_domain::{
    Actor, AgentRef, Arrival, CommentId, EventKind, NewComment, Person, Place, SourceId, SystemActor, Ticket,
    TicketId, Told, User, Visibility,
};
use helpdesk_ports::{Cause, ImportBatch, Imported, StoreError};

use super::super::dialect::Conn;
use super::super::rows::{NewCommentRow, NewEventRow, NewTicketRow, Origin, TicketChangeset};
use super::super::search::{IndexedText, TextWords, index};
use super::super::{Failure, IdSequence, TextIndex, bulk, locks, tickets};
use super::known::{self, Known};
use super::named::Named;
use super::work::{self, Work};

/// A ticket, new or known, with the comments that it gets.
struct Written<'a> {
    work: &'a Work<'a>,
    /// The version that it is at; `None` if it is new.
    base_version: Option<i64>,
    arrival: Arrival,
    comments: Vec<(SourceId, NewComment)>,
}

pub(super) fn write(conn: &mut Conn, by: SystemActor, batch: &ImportBatch) -> Result<Imported, Failure> {
    let mut imported = Imported::default();
    let mut known = known::look_up(conn, batch)?;
    let work = work::left_of(&batch.items, &mut known);
    if work.is_empty() {
        return Ok(imported);
    }
    let named = Named::find_or_make(conn, by, batch.now, &work, &mut imported)?;
    let source = known.source;
    let written = arrivals(conn, by, &work, &named, known, &mut imported)?;
    write_tickets(conn, source, &written)?;
    write_comments(conn, source, &written)?;
    imported.tickets = written.iter().filter(|written| written.base_version.is_none()).count();
    imported.comments = written.iter().map(|written| written.comments.len()).sum();
    Ok(imported)
}

/// Each ticket as it will be.
fn arrivals<'a>(
    conn: &mut Conn,
    by: SystemActor,
    work: &'a [Work<'a>],
    named: &Named,
    mut known: Known,
    imported: &mut Imported,
) -> Result<Vec<Written<'a>>, Failure> {
    let mut held = hold_known(conn, by, work)?;
    let new = work.iter().filter(|work| work.known.is_none()).count();
    let mut ids = bulk::next_ticket_ids(conn, new)?.into_iter();
    let mut written = Vec::with_capacity(work.len());
    for work in work {
        let (base_version, mut arrival) = if let Some(id) = work.known {
            let gone = || StoreError::Conflict(Cause::new("a ticket went while it was imported"));
            let ticket = held.remove(&id).ok_or_else(gone)?;
            (Some(ticket.version()), Arrival::of_known(ticket))
        } else {
            let id = ids.next().ok_or_else(|| StoreError::Fault(Cause::new("an id for each ticket")))?;
            let id = Origin::new("tickets", id).id("id", id, TicketId::new)?;
            let place = place(id, work, named, &known, imported)?;
            known.tickets.insert(work.ticket.told().id, id);
            (None, Arrival::of_new(work.ticket, place))
        };
        let mut comments = Vec::with_capacity(work.comments.len());
        for comment in &work.comments {
            let author = named.account(&comment.told().author)?.id();
            comments.push((comment.told().id, arrival.add(comment, author)));
        }
        written.push(Written { work, base_version, arrival, comments });
    }
    Ok(written)
}

/// The tickets that are there and get more comments, locked by id.
fn hold_known(
    conn: &mut Conn,
    by: SystemActor,
    work: &[Work<'_>],
) -> Result<HashMap<TicketId, Ticket>, Failure> {
    let ids: Vec<i64> = work.iter().filter_map(|work| work.known).map(TicketId::get).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let locked = locks::lock_tickets(conn, Actor::from(by).scope(), &ids)?;
    Ok(tickets::with_ids(conn, &locked)?.into_iter().map(|ticket| (ticket.id(), ticket)).collect())
}

fn place(
    id: TicketId,
    work: &Work<'_>,
    named: &Named,
    known: &Known,
    imported: &mut Imported,
) -> Result<Place, StoreError> {
    let (ticket, told) = (work.ticket, work.ticket.told());
    let may_work = |user: &User| {
        ticket.may_be_worked_by(user) && (!ticket.needs_active_agent() || named.stays_active_agent(user))
    };
    let assignee = match &told.assignee {
        Some(account) => Some(named.account(account)?).filter(|user| may_work(user)),
        None => None,
    };
    if told.assignee.is_some() && assignee.is_none() {
        imported.unassigned.push(told.id);
    }
    let follow_up_of = told.follow_up_of.and_then(|first| known.tickets.get(&first)).copied();
    if told.follow_up_of.is_some() && follow_up_of.is_none() {
        imported.without_first.push(told.id);
    }
    let requester = named.account(&told.requester)?.record().clone();
    Ok(Place {
        id,
        requester: Person::from((requester.id, requester.name, requester.email)),
        assignee: assignee.map(|user| AgentRef::new(user.id(), user.record().name.as_str())),
        team: named.team(told.team.as_ref())?,
        follow_up_of,
    })
}

fn write_tickets(conn: &mut Conn, source: i64, written: &[Written<'_>]) -> Result<(), Failure> {
    let (mut new, mut names, mut texts, mut updates) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for Written { work, base_version, arrival, .. } in written {
        let record = arrival.ticket().record();
        if let Some(base_version) = *base_version {
            let changes = TicketChangeset::from(record);
            updates.push(bulk::TicketUpdate { id: record.id.get(), base_version, changes });
        } else {
            names.push((work.ticket.told().id.get(), record.id.get()));
            let (subject, description) = (record.subject.as_str(), record.description.as_str());
            texts.push(IndexedText::of_ticket(record.id.get(), TextWords::of_ticket(subject, description)));
            new.push(NewTicketRow::from(record));
        }
    }
    bulk::insert_tickets(conn, &new)?;
    index(conn, TextIndex::Tickets, &texts)?;
    bulk::insert_imported_tickets(conn, source, &names)?;
    if !updates.is_empty() && bulk::update_tickets(conn, &updates)? != updates.len() {
        return Err(StoreError::Fault(Cause::new("a locked ticket has changed")).into());
    }
    Ok(())
}

/// The comments, and the events of everything.
fn write_comments(conn: &mut Conn, source: i64, written: &[Written<'_>]) -> Result<(), Failure> {
    let all = || written.iter().flat_map(|written| &written.comments);
    let count = |visibility| all().filter(|(_, comment)| comment.visibility() == visibility).count();
    let mut public = bulk::next_ids(conn, IdSequence::PublicComments, count(Visibility::Public))?.into_iter();
    let mut internal =
        bulk::next_ids(conn, IdSequence::InternalComments, count(Visibility::Internal))?.into_iter();
    let (mut rows, mut names, mut events) = (Vec::new(), Vec::new(), Vec::new());
    let (mut public_texts, mut internal_texts) = (Vec::new(), Vec::new());
    for Written { arrival, comments, .. } in written {
        let ticket = arrival.ticket();
        let mut ids = Vec::with_capacity(comments.len());
        for (original, comment) in comments {
            let id = match comment.visibility() {
                Visibility::Public => public.next(),
                Visibility::Internal => internal.next(),
            };
            let id = id.ok_or_else(|| StoreError::Fault(Cause::new("an id for each comment")))?;
            let id = Origin::new("comments", id).id("id", id, CommentId::new)?;
            let texts = match comment.visibility() {
                Visibility::Public => &mut public_texts,
                Visibility::Internal => &mut internal_texts,
            };
            texts.push(IndexedText::of_comment(id.get(), ticket.id().get(), comment.body().as_str()));
            rows.push(NewCommentRow::new(id, ticket.id(), comment));
            names.push((original.get(), id.get()));
            ids.push(id);
        }
        // Each comment has its event, in the same order.
        let mut ids = ids.into_iter();
        for Told { event, version, public_version } in arrival.told() {
            let comment = if event.kind() == EventKind::Commented { ids.next() } else { None };
            events.push(NewEventRow {
                version: *version,
                public_version: *public_version,
                ..NewEventRow::new(ticket, event, comment)
            });
        }
    }
    bulk::insert_comments(conn, &rows)?;
    index(conn, TextIndex::PublicComments, &public_texts)?;
    index(conn, TextIndex::InternalComments, &internal_texts)?;
    bulk::insert_imported_comments(conn, source, &names)?;
    bulk::insert_events(conn, &events)?;
    Ok(())
}

//! What a source's tickets and comments have become.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use helpdesk_domain::{SourceId, SourceName, TicketId};
use helpdesk_ports::ImportBatch;

use super::super::dialect::Conn;
use super::super::rows::Origin;
use super::super::schema::{import_sources, imported_comments, imported_tickets};
use super::super::{Failure, locks};

/// What of a batch is there already.
pub(super) struct Known {
    /// The source's id.
    pub(super) source: i64,
    /// The tickets, those included that others follow up.
    pub(super) tickets: HashMap<SourceId, TicketId>,
    /// The comments.
    pub(super) comments: HashSet<SourceId>,
}

/// Looks it up. Until the commit nobody else imports from the source, so that nothing comes between.
pub(super) fn look_up(conn: &mut Conn, batch: &ImportBatch) -> Result<Known, Failure> {
    let source = hold(conn, &batch.source)?;
    let named = batch.items.iter().flat_map(|item| {
        let told = item.ticket.told();
        std::iter::once(told.id).chain(told.follow_up_of)
    });
    let named: HashSet<i64> = named.map(SourceId::get).collect();
    let rows: Vec<(i64, i64)> = imported_tickets::table
        .filter(imported_tickets::source_id.eq(source))
        .filter(imported_tickets::original_id.eq_any(named))
        .select((imported_tickets::original_id, imported_tickets::ticket_id))
        .load(conn)?;
    let mut tickets = HashMap::with_capacity(rows.len());
    for (original, ticket) in rows {
        let origin = Origin::new("imported_tickets", original);
        let original = origin.id("original_id", original, SourceId::new)?;
        tickets.insert(original, origin.id("ticket_id", ticket, TicketId::new)?);
    }

    let told: HashSet<i64> =
        batch.items.iter().flat_map(|item| &item.comments).map(|comment| comment.told().id.get()).collect();
    let rows: Vec<i64> = imported_comments::table
        .filter(imported_comments::source_id.eq(source))
        .filter(imported_comments::original_id.eq_any(told))
        .select(imported_comments::original_id)
        .load(conn)?;
    let known =
        |original| Origin::new("imported_comments", original).id("original_id", original, SourceId::new);
    let comments = rows.into_iter().map(known).collect::<Result<_, _>>()?;
    Ok(Known { source, tickets, comments })
}

fn hold(conn: &mut Conn, name: &SourceName) -> Result<i64, Failure> {
    diesel::insert_into(import_sources::table)
        .values(import_sources::name.eq(name.as_str()))
        .on_conflict(import_sources::name)
        .do_nothing()
        .execute(conn)?;
    Ok(locks::lock_source(conn, name.as_str())?)
}

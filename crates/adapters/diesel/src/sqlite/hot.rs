//! What is asked for most, many at a time: those that wait share a snapshot, or a savepoint, and are answered together.

use helpdesk_domain::{Opening, Scope, Ticket, TicketId};
use helpdesk_ports::{
    CommentPosition, Page, PageRequest, StoreError, TicketPosition, TicketQuery, TicketWithComments,
};

use super::READ_BATCH;
use super::dialect::Conn;
pub(super) use super::open::open;
use super::open::{WordedOpening, open_all};
use super::reader::in_one_snapshot;
use super::shared::Failure;
use super::shared::tickets::list::{changed_last, in_scope};
use super::shared::tickets::read::find;
use crate::beginnings::{Beginning, Listed, each_once};
use crate::executor::{Caller, Counts, FEW_FINDS, Gathered, Lanes};

/// The most lists that are read together, which is as many as a thread takes of other reads. One thread is not to have all that wait
/// while the other has none, and all that are read are in memory at once; and where all are the same, an eighth of what reading costs is
/// little.
const MOST_LISTS: usize = READ_BATCH;

/// The calls that are made most.
pub(super) struct Hot {
    lanes: Lanes<Conn>,
    finds: Gathered<Conn, Asked, Option<TicketWithComments>>,
    lists: Gathered<Conn, Beginning, Page<Ticket, TicketPosition>>,
    openings: Gathered<Conn, WordedOpening, Ticket>,
}

/// A ticket, and which of its comments.
type Asked = (Scope, TicketId, PageRequest<CommentPosition>);

impl Hot {
    pub(super) fn new(lanes: &Lanes<Conn>) -> Self {
        Self {
            lanes: lanes.clone(),
            finds: Gathered::new(lanes.finds.clone(), find_all, Counts::AtOnce).by_halves_beyond(FEW_FINDS),
            lists: Gathered::new(lanes.reads.clone(), list_all, Counts::AtOnce).at_most(MOST_LISTS),
            openings: Gathered::new(lanes.writes.clone(), open_all, Counts::WithTheJob),
        }
    }

    /// A ticket, if the scope admits it, with a page of its comments.
    pub(super) async fn find(
        &self,
        scope: Scope,
        id: TicketId,
        page: PageRequest<CommentPosition>,
    ) -> Result<Option<TicketWithComments>, StoreError> {
        self.finds.call((scope, id, page)).await
    }

    /// A page of the tickets that both scope and filter admit. Those that wait at the same time share a snapshot as all reads do.
    pub(super) async fn list(
        &self,
        scope: Scope,
        asked: TicketQuery,
    ) -> Result<Page<Ticket, TicketPosition>, StoreError> {
        match Beginning::of(scope, &asked) {
            Some(beginning) => self.lists.call(beginning).await,
            None => self.lanes.reads.call(move |conn| in_scope(conn, scope, &asked)).await,
        }
    }

    /// Opens a ticket.
    pub(super) async fn open(&self, opening: Opening) -> Result<Ticket, StoreError> {
        self.openings.call(opening.into()).await
    }
}

/// One after the other. The snapshot is taken after the last of them was asked for, so that each sees all that was acknowledged
/// before; taking one, and giving it back, costs a third of a look-up.
fn find_all(
    conn: &mut Conn,
    asked: &[Asked],
    _: &dyn Caller,
) -> Result<Vec<Result<Option<TicketWithComments>, StoreError>>, StoreError> {
    let find_each = |conn: &mut Conn| -> Result<Vec<_>, Failure> {
        asked.iter().map(|(scope, id, page)| find(conn, *scope, *id, page).map(Ok)).collect()
    };
    Ok(in_one_snapshot(conn, asked.len(), find_each)?)
}

/// One after the other, and what several ask for once.
fn list_all(conn: &mut Conn, asked: &[Beginning], _: &dyn Caller) -> Result<Vec<Listed>, StoreError> {
    each_once(asked, |different| {
        let list_each = |conn: &mut Conn| different.iter().map(|one| listed(conn, *one)).collect();
        Ok(in_one_snapshot(conn, different.len(), list_each)?)
    })
}

/// What came of one, which is nothing to the others unless there is no store to be had.
fn listed(conn: &mut Conn, Beginning { scope, limit }: Beginning) -> Result<Listed, Failure> {
    match changed_last(conn, scope, limit).map_err(StoreError::from) {
        Err(error @ StoreError::Unavailable(_)) => Err(error.into()),
        listed => Ok(listed),
    }
}

#[cfg(test)]
mod tests;

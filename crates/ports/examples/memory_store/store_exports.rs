//! Exporting tickets.

use async_trait::async_trait;
use helpdesk_domain::{AdminActor, CommentScope, TicketId, User, UserId};
use helpdesk_ports::{
    CommentPosition, ExportRepository, ExportedComment, ExportedTicket, Page, PageRequest, StoreError,
    TicketFilter,
};

use crate::state::State;
use crate::store::MemoryStore;

impl State {
    fn account(&self, id: UserId) -> User {
        self.users[&id].user.clone()
    }
}

#[async_trait]
impl ExportRepository for MemoryStore {
    async fn tickets(
        &self,
        by: AdminActor,
        filter: TicketFilter,
        page: PageRequest<TicketId>,
    ) -> Result<Page<ExportedTicket, TicketId>, StoreError> {
        let state = self.turn().await;
        let admitted = state.tickets(by.scope()).into_iter();
        let admitted = admitted.filter(|ticket| filter.admits(ticket, [], by.scope().comments()));
        let rows = admitted
            .filter(|ticket| page.after.is_none_or(|after| ticket.id() > after))
            .map(|ticket| ExportedTicket {
                requester: state.account(ticket.facts().requester),
                assignee: ticket.facts().assignee.map(|agent| state.account(agent)),
                ticket,
            })
            .collect();
        Ok(Page::of_rows_read_ahead(rows, page.limit, |exported| exported.ticket.id()))
    }

    async fn comments(
        &self,
        _by: AdminActor,
        ticket: TicketId,
        page: PageRequest<CommentPosition>,
    ) -> Result<Page<ExportedComment, CommentPosition>, StoreError> {
        let state = self.turn().await;
        let comments = state.comments(CommentScope::Everything, ticket, page);
        Ok(comments.map(|comment| ExportedComment { author: state.account(comment.author().id), comment }))
    }
}

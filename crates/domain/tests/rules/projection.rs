//! What a customer could know, made from public events and the public comments' bodies alone.
//!
//! It repeats in other words what the domain does, so that the two can disagree.

use helpdesk_domain::*;

use crate::cast::*;

pub(crate) struct Projection {
    pub(crate) ticket: CustomerTicketView,
    pub(crate) comments: Vec<CustomerCommentView>,
}

impl Projection {
    pub(crate) fn of_opening(draft: NewTicket, event: &Event) -> Self {
        assert_eq!((event.kind(), event.visibility()), (EventKind::Created, Visibility::Public));
        let ticket = CustomerTicketView {
            id: TicketId::new(7).unwrap(),
            subject: draft.subject,
            description: draft.description,
            status: Status::Open,
            priority: draft.priority,
            requester: requester_person(),
            assignee_name: None,
            follow_up_of: draft.follow_up_of,
            version: 1,
            created_at: event.at(),
            updated_at: event.at(),
            first_responded_at: None,
            resolved_at: None,
            closed_at: None,
            reopen_count: 0,
        };
        Self { ticket, comments: Vec::new() }
    }

    /// Follows a public event; with one that tells of a comment comes the comment's body.
    pub(crate) fn follow(&mut self, event: &Event, body: Option<&CommentBody>) {
        assert_eq!(event.visibility(), Visibility::Public, "internal events are not to be had here");
        let ticket = &mut self.ticket;
        ticket.version += 1;
        ticket.updated_at = event.at();
        for change in event.changes() {
            match change {
                FieldChange::Status { from, to } => Self::follow_status(ticket, *from, *to, event.at()),
                FieldChange::Priority { to, .. } => ticket.priority = *to,
                FieldChange::Assignee { to, .. } => {
                    ticket.assignee_name = to.as_ref().map(|agent| name(agent.id()));
                }
                FieldChange::Tags { .. } | FieldChange::Team { .. } => {
                    panic!("a public event tells of {}", change.field())
                }
            }
        }
        if event.kind() == EventKind::Commented {
            self.follow_comment(event, body.unwrap());
        }
    }

    fn follow_status(ticket: &mut CustomerTicketView, from: Status, to: Status, at: Ts) {
        assert_eq!(ticket.status, from, "an event tells the status that was");
        ticket.status = to;
        let was_over = from == Status::Resolved || from == Status::Closed;
        match to {
            Status::Open | Status::InProgress | Status::Pending => {
                ticket.resolved_at = None;
                ticket.closed_at = None;
                ticket.reopen_count += i64::from(was_over);
            }
            Status::Resolved => ticket.resolved_at = Some(at),
            Status::Closed => ticket.closed_at = Some(at),
        }
    }

    fn follow_comment(&mut self, event: &Event, body: &CommentBody) {
        let role = match event.actor().kind {
            ActorKind::Admin => Role::Admin,
            ActorKind::Agent => Role::Agent,
            ActorKind::Customer => Role::Customer,
            ActorKind::System => panic!("background tasks write no comments"),
        };
        if role == Role::Agent && self.ticket.first_responded_at.is_none() {
            self.ticket.first_responded_at = Some(event.at());
        }
        let id = event.actor().id.unwrap();
        let nth = i64::try_from(self.comments.len()).unwrap();
        self.comments.push(CustomerCommentView {
            id: CommentId::new(2 * nth + 1).unwrap(),
            author: CommentAuthor { id, name: name(id), role },
            body: body.clone(),
            created_at: event.at(),
        });
    }
}

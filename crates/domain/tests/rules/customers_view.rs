//! A customer's view is a function of the public events alone.

use helpdesk_domain::*;
use proptest::prelude::*;

use crate::cast::*;
use crate::projection::Projection;
use crate::random_lives::{Step, life};

/// A ticket with its comments and events, as a store would keep them.
pub(crate) struct Kept {
    pub(crate) ticket: Ticket,
    pub(crate) comments: Vec<Comment>,
    pub(crate) events: Vec<Event>,
}

impl Kept {
    pub(crate) fn opened() -> Self {
        Self { ticket: new_ticket(), comments: Vec::new(), events: vec![opening().event().clone()] }
    }

    /// What comes of a step; if it is a change, it is kept.
    pub(crate) fn take(&mut self, step: &Step) -> Result<Outcome, Refusal> {
        let outcome = step.decide(&self.ticket)?;
        if let Outcome::Changed(change) = &outcome {
            self.ticket = change.ticket().clone();
            self.events.extend_from_slice(change.events());
            let comment = change.comment().map(|new| {
                let id = self.next_comment_id(new.visibility());
                new.clone().into_comment(id, name(new.author()))
            });
            self.comments.extend(comment);
        }
        Ok(outcome)
    }

    fn next_comment_id(&self, visibility: Visibility) -> CommentId {
        let same = self.comments.iter().filter(|comment| comment.visibility() == visibility).count();
        let first = if visibility == Visibility::Public { 1 } else { 2 };
        CommentId::new(first + 2 * i64::try_from(same).unwrap()).unwrap()
    }

    pub(crate) fn customers_ticket(&self) -> CustomerTicketView {
        self.ticket.clone().into()
    }

    /// As a customer reads them: in the order of (when written, id).
    pub(crate) fn customers_comments(&self) -> Vec<CustomerCommentView> {
        let mut views: Vec<_> = self.comments.iter().cloned().filter_map(CustomerCommentView::of).collect();
        views.sort_by_key(|comment| (comment.created_at, comment.id));
        views
    }

    pub(crate) fn public_events(&self) -> Vec<&Event> {
        self.events.iter().filter(|event| event.visibility() == Visibility::Public).collect()
    }
}

proptest! {
    #[test]
    fn a_customers_view_is_a_function_of_the_public_events_alone(life in life()) {
        let mut kept = Kept::opened();
        let mut projection = Projection::of_opening(draft(), opening().event());
        for step in life {
            if let Ok(Outcome::Changed(change)) = kept.take(&step) {
                for event in change.events().iter().filter(|event| event.visibility() == Visibility::Public) {
                    projection.follow(event, change.comment().map(NewComment::body));
                }
            }
            prop_assert_eq!(kept.customers_ticket(), projection.ticket.clone(), "after {:?}", step);
            prop_assert_eq!(&kept.customers_comments(), &projection.comments, "after {:?}", step);
        }
    }
}

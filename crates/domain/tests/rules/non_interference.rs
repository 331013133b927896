//! What is written internally changes nothing that a customer can observe: two tickets live the same life, one of them
//! with internal work in between, and the customer cannot tell which is which.

use helpdesk_domain::*;
use proptest::prelude::*;

use crate::customers_view::Kept;
use crate::random_lives::{Step, any_step, any_tags, internal_step};

/// A step that both take, with what happens internally around it on one of the two.
#[derive(Clone, Debug)]
struct Twofold {
    before: Vec<Step>,
    step: Step,
    /// Set along with what the step changes, where staff change fields.
    tags: Option<Tags>,
}

impl Twofold {
    fn with_tags(&self) -> Option<Step> {
        let mut step = self.step.clone();
        match &mut step.command {
            TicketCommand::Update(patch) if step.who.may_set_tags() && !patch.is_empty() => {
                patch.tags = Some(self.tags.clone()?);
                Some(step)
            }
            _ => None,
        }
    }
}

impl crate::random_lives::Who {
    fn may_set_tags(self) -> bool {
        matches!(self, Self::Admin | Self::Assignee | Self::Agent(_))
    }
}

fn twofold() -> impl Strategy<Value = Twofold> {
    let before = proptest::collection::vec(internal_step(), 0..3);
    (before, any_step(), proptest::option::of(any_tags())).prop_map(|(before, step, tags)| Twofold {
        before,
        step,
        tags,
    })
}

/// Everything that a customer can come to see, byte for byte.
fn observed(kept: &Kept) -> String {
    format!("{:?}\n{:?}\n{:?}", kept.customers_ticket(), kept.customers_comments(), kept.public_events())
}

/// What a caller is told of a step, without what it wrote.
fn told(outcome: &Result<Outcome, Refusal>) -> String {
    match outcome {
        Ok(Outcome::Unchanged) => "unchanged".to_owned(),
        Ok(Outcome::Changed(_)) => "changed".to_owned(),
        Err(refusal) => format!("{refusal:?}"),
    }
}

proptest! {
    #[test]
    fn what_is_internal_changes_nothing_that_a_customer_observes(life in proptest::collection::vec(twofold(), 1..25)) {
        let (mut quiet, mut busy) = (Kept::opened(), Kept::opened());
        for part in life {
            for step in &part.before {
                if let Ok(Outcome::Changed(change)) = busy.take(step) {
                    let is_internal = change.events().iter().all(|event| event.visibility() == Visibility::Internal);
                    prop_assert!(is_internal, "{:?} made {:?}", step, change.events());
                }
                prop_assert_eq!(observed(&quiet), observed(&busy), "after {:?}", step);
            }
            if let Some(with_tags) = part.with_tags() {
                // Staff may be told something else here: tags alone can be changed, or not any more.
                let without_tags = Step { command: without_tags(part.step.command), ..part.step };
                let _ = (quiet.take(&without_tags), busy.take(&with_tags));
            } else {
                let (one, other) = (quiet.take(&part.step), busy.take(&part.step));
                // The tags that a step sets may already be set on one of the two, which staff may learn.
                if !sets_tags(&part.step.command) {
                    prop_assert_eq!(told(&one), told(&other), "{:?}", part.step);
                }
            }
            prop_assert_eq!(observed(&quiet), observed(&busy), "after {:?}", part.step.who);
        }
    }
}

fn sets_tags(command: &TicketCommand) -> bool {
    matches!(command, TicketCommand::Update(patch) if patch.tags.is_some())
}

fn without_tags(command: TicketCommand) -> TicketCommand {
    match command {
        TicketCommand::Update(patch) => TicketCommand::Update(TicketPatch { tags: None, ..patch }),
        comment @ TicketCommand::Comment(_) => comment,
    }
}

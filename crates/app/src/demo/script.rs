//! Who is in the demo, and what became of their tickets: one in every state at least.

use helpdesk_domain::{
    AgentRef, CommentBody, CommentDraft, Description, NewTicket, Priority, Role, Status, Subject, Tags,
    TicketCommand, TicketPatch, Visibility,
};

pub(super) struct DemoPerson {
    pub(super) email: &'static str,
    pub(super) name: &'static str,
    pub(super) role: Role,
}

const fn person(email: &'static str, name: &'static str, role: Role) -> DemoPerson {
    DemoPerson { email, name, role }
}

pub(super) const ADMIN: DemoPerson = person("admin@demo.example", "Alex Admin", Role::Admin);
pub(super) const GRACE: DemoPerson = person("grace@demo.example", "Grace Hopper", Role::Agent);
pub(super) const LINUS: DemoPerson = person("linus@demo.example", "Linus Pauling", Role::Agent);
pub(super) const ADA: DemoPerson = person("ada@demo.example", "Ada Lovelace", Role::Customer);
pub(super) const BLAISE: DemoPerson = person("blaise@demo.example", "Blaise Pascal", Role::Customer);
/// Joins when everything else is there, and has no ticket yet.
pub(super) const NEWCOMER: DemoPerson = person("emmy@demo.example", "Emmy Noether", Role::Customer);

pub(super) const PEOPLE: &[DemoPerson] = &[ADMIN, GRACE, LINUS, ADA, BLAISE];

/// What happens to a ticket.
pub(super) enum Step {
    /// The admin gives it to this agent.
    Assign(DemoPerson),
    /// Its customer does this.
    Customer(fn() -> TicketCommand),
    /// The agent who has it does this.
    Agent(fn() -> TicketCommand),
}

/// A ticket's life.
pub(super) struct Story {
    pub(super) customer: &'static str,
    pub(super) hours_ago: i64,
    subject: &'static str,
    description: &'static str,
    priority: Priority,
    pub(super) steps: &'static [Step],
}

impl Story {
    pub(super) fn draft(&self) -> NewTicket {
        NewTicket {
            subject: Subject::from_stored(self.subject.to_owned()),
            description: Description::from_stored(self.description.to_owned()),
            priority: self.priority,
            follow_up_of: None,
        }
    }
}

pub(super) fn assign(agent: AgentRef) -> TicketCommand {
    TicketCommand::Update(TicketPatch { assignee: Some(Some(agent)), ..TicketPatch::default() })
}

fn status(status: Status) -> TicketCommand {
    TicketCommand::Update(TicketPatch { status: Some(status), ..TicketPatch::default() })
}

fn tags(words: &[&str]) -> TicketCommand {
    let tags = Tags::from_stored(words.iter().map(|word| (*word).to_owned()));
    TicketCommand::Update(TicketPatch { tags: Some(tags), ..TicketPatch::default() })
}

fn say(body: &str, visibility: Visibility) -> TicketCommand {
    TicketCommand::Comment(CommentDraft { body: CommentBody::from_stored(body.to_owned()), visibility })
}

fn public(body: &str) -> TicketCommand {
    say(body, Visibility::Public)
}

fn internal(body: &str) -> TicketCommand {
    say(body, Visibility::Internal)
}

pub(super) const STORIES: &[Story] = &[
    Story {
        customer: ADA.email,
        hours_ago: 96,
        subject: "Invoice shows the wrong address",
        description: "Our office moved in spring. The last invoice still has the old street.",
        priority: Priority::Low,
        steps: &[
            Step::Assign(GRACE),
            Step::Agent(|| public("Thank you, I have changed the address and sent the invoice again.")),
            Step::Agent(|| status(Status::Resolved)),
            Step::Customer(|| status(Status::Closed)),
        ],
    },
    Story {
        customer: BLAISE.email,
        hours_ago: 50,
        subject: "Cannot export the yearly report",
        description: "The export stops at 99 % and then nothing happens.",
        priority: Priority::High,
        steps: &[
            Step::Assign(GRACE),
            Step::Agent(|| status(Status::InProgress)),
            Step::Agent(|| {
                internal("Same as last month: the export worker ran out of disk. Asked operations.")
            }),
            Step::Agent(|| tags(&["export", "known-issue"])),
            Step::Agent(|| public("We found the cause and are making room. You will hear from me today.")),
        ],
    },
    Story {
        customer: ADA.email,
        hours_ago: 30,
        subject: "How do I add a colleague?",
        description: "I would like a colleague to see our orders as well.",
        priority: Priority::Normal,
        steps: &[
            Step::Assign(LINUS),
            Step::Agent(|| public("Gladly. Which address should the invitation go to?")),
            Step::Agent(|| status(Status::Pending)),
        ],
    },
    Story {
        customer: BLAISE.email,
        hours_ago: 20,
        subject: "Page is blank after signing in",
        description: "Since this morning I see a white page, in two browsers.",
        priority: Priority::Normal,
        steps: &[
            Step::Assign(LINUS),
            Step::Agent(|| public("Please try again: a faulty script went out and was taken back.")),
            Step::Agent(|| status(Status::Resolved)),
        ],
    },
    Story {
        customer: ADA.email,
        hours_ago: 3,
        subject: "Printer on fire",
        description: "Smoke comes out of the second tray.",
        priority: Priority::Urgent,
        steps: &[Step::Assign(GRACE), Step::Agent(|| internal("Called the building's fire warden."))],
    },
    Story {
        customer: BLAISE.email,
        hours_ago: 1,
        subject: "Question about the price list",
        description: "Is the price per seat or per account?",
        priority: Priority::Normal,
        steps: &[],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_of_the_demo_satisfies_the_rules() {
        for story in STORIES {
            assert!(Subject::parse(story.subject).is_ok() && Description::parse(story.description).is_ok());
        }
        for person in PEOPLE.iter().chain([&NEWCOMER]) {
            assert!(helpdesk_domain::Email::parse(person.email).is_ok());
            assert!(helpdesk_domain::PersonName::parse(person.name).is_ok());
        }
    }
}

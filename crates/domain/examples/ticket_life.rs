//! A ticket's life, step by step, with nothing but the rules: no database, no web server, no clock.
//!
//! After each step it prints what the customer sees and what the agent sees. Run it with
//! `cargo run -p helpdesk-domain --example ticket_life`.

use std::error::Error;
use std::time::Duration;

use helpdesk_domain::{
    Actor, AdminActor, AgentActor, AgentRef, Comment, CommentBody, CommentDraft, CommentId, CustomerActor,
    CustomerCommentView, CustomerTicketView, Description, NewTicket, Outcome, Person, Priority, Refusal,
    StaffCommentView, StaffTicketView, Status, Subject, TeamId, TeamRef, TextError, Ticket, TicketCommand,
    TicketId, TicketPatch, Ts, UserId, Visibility,
};

fn main() -> Result<(), Box<dyn Error>> {
    let ada = Person::new(UserId::new(1)?, "Ada", "ada@example.com");
    let customer = CustomerActor::new(ada.id());
    let grace = AgentRef::new(UserId::new(2)?, "Grace");
    let agent = AgentActor::new(grace.id());
    let admin = AdminActor::new(UserId::new(3)?);

    let mut desk = Desk::open(customer, ada, "2026-03-02T09:00:00Z".parse()?)?;

    // Until the ticket is assigned to her, it does not exist for Grace.
    assert_eq!(
        desk.ticket.decide(&agent.into(), say("On my way.", Visibility::Public)?, desk.now),
        Err(Refusal::NotVisible)
    );

    desk.play(
        "An admin assigns it to Grace",
        admin,
        set(TicketPatch { assignee: Some(Some(grace)), ..TicketPatch::default() }),
    )?;
    desk.play("Grace writes to her colleagues", agent, say("It burns every Monday.", Visibility::Internal)?)?;
    desk.play("Grace answers Ada", agent, say("Please pour water on it.", Visibility::Public)?)?;
    desk.play("Grace sees it as resolved", agent, to(Status::Resolved))?;
    desk.play(
        "Ada replies, which reopens it",
        customer,
        say("Now it is on fire and wet.", Visibility::Public)?,
    )?;

    // A customer may close a ticket, and set no other status.
    let refused = desk.ticket.decide(&customer.into(), to(Status::Resolved), desk.now);
    println!("Ada tries to resolve it herself: {}\n", refused.err().ok_or("a customer resolved a ticket")?);

    desk.play("Ada gives up and closes it", customer, to(Status::Closed))?;

    let late = desk.ticket.decide(&agent.into(), say("Wait!", Visibility::Public)?, desk.now);
    println!("Grace is too late to answer: {}", late.err().ok_or("someone commented on a closed ticket")?);
    Ok(())
}

/// What a store would keep.
struct Desk {
    ticket: Ticket,
    comments: Vec<Comment>,
    now: Ts,
}

impl Desk {
    fn open(customer: CustomerActor, requester: Person, now: Ts) -> Result<Self, Box<dyn Error>> {
        let draft = NewTicket {
            subject: Subject::parse("Printer on fire")?,
            description: Description::parse("It really is.")?,
            priority: Priority::High,
            follow_up_of: None,
        };
        let team = TeamRef::new(TeamId::new(1)?, "Support");
        let ticket = Ticket::open(&customer, draft, now).into_ticket(TicketId::new(1)?, requester, team);
        let desk = Self { ticket, comments: Vec::new(), now };
        desk.show("Ada opens a ticket");
        Ok(desk)
    }

    /// Decides, keeps what was decided, and shows it.
    fn play(
        &mut self,
        what: &str,
        actor: impl Into<Actor>,
        command: TicketCommand,
    ) -> Result<(), Box<dyn Error>> {
        self.now = self.now.after(Duration::from_mins(10));
        // The store would write this change where the version still is the one that was decided upon, and where its
        // preconditions hold: that Grace is an active agent, for one.
        if let Outcome::Changed(change) = self.ticket.decide(&actor.into(), command, self.now)? {
            self.ticket = change.ticket().clone();
            if let Some(comment) = change.comment() {
                let id = self.next_comment_id(comment.visibility())?;
                self.comments.push(comment.clone().into_comment(id, name_of(comment.author()).to_owned()));
            }
        }
        self.show(what);
        Ok(())
    }

    /// Odd for public comments, even for internal ones, each counted by itself: not even an id tells of internal work.
    fn next_comment_id(&self, visibility: Visibility) -> Result<CommentId, Box<dyn Error>> {
        let before = self.comments.iter().filter(|comment| comment.visibility() == visibility).count();
        let first = match visibility {
            Visibility::Public => 1,
            Visibility::Internal => 2,
        };
        Ok(CommentId::new(first + 2 * i64::try_from(before)?)?)
    }

    fn show(&self, what: &str) {
        println!("{} {what}", self.now);
        let seen = CustomerTicketView::from(self.ticket.clone());
        let worked_by = seen.assignee_name.as_deref().unwrap_or("nobody yet");
        println!(
            "    Ada sees    version {}, {}, worked by {worked_by}, changed {}",
            seen.version, seen.status, seen.updated_at
        );
        for comment in self.comments.iter().cloned().filter_map(CustomerCommentView::of) {
            println!("                #{} {}: {}", comment.id, comment.author.name, comment.body);
        }
        let seen = StaffTicketView::from(self.ticket.clone());
        let worked_by = seen.assignee.as_ref().map_or("nobody yet", AgentRef::name);
        println!(
            "    staff see   version {}, {}, worked by {worked_by}, changed {}",
            seen.version, seen.status, seen.updated_at
        );
        for comment in self.comments.iter().cloned().map(StaffCommentView::from) {
            println!(
                "                #{} {} ({}): {}",
                comment.id, comment.author.name, comment.visibility, comment.body
            );
        }
        println!();
    }
}

fn name_of(id: UserId) -> &'static str {
    match id.get() {
        1 => "Ada",
        2 => "Grace",
        _ => "an admin",
    }
}

fn set(patch: TicketPatch) -> TicketCommand {
    TicketCommand::Update(patch)
}

fn to(status: Status) -> TicketCommand {
    set(TicketPatch { status: Some(status), ..TicketPatch::default() })
}

fn say(body: &str, visibility: Visibility) -> Result<TicketCommand, TextError> {
    Ok(TicketCommand::Comment(CommentDraft { body: CommentBody::parse(body)?, visibility }))
}

#[test]
fn it_runs() -> Result<(), Box<dyn Error>> {
    main()
}

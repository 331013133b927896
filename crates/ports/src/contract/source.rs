//! What another help desk might tell.

use std::time::Duration;

use helpdesk_domain::{
    CommentBody, CommentToImport, Description, Email, ImportedAccount, PersonName, Priority, Role, SourceId,
    SourceName, Status, Subject, Tags, TeamName, TicketToImport, Ts, Visibility,
};

use super::desk::at;
use crate::{ImportBatch, ImportItem};

/// So many seconds after the first ticket there was opened, long before anything here.
fn then(seconds: i64) -> Ts {
    let start = at(0).before(Duration::from_hours(1_000));
    start.after(Duration::from_secs(u64::try_from(seconds).expect("not before the first")))
}

pub(super) fn source(id: i64) -> SourceId {
    SourceId::new(id).expect("a positive id")
}

pub(super) fn account(label: &str, role: Role) -> ImportedAccount {
    ImportedAccount {
        email: Email::parse(&format!("{label}@elsewhere.example")).expect("an address"),
        name: PersonName::parse(label).expect("a name"),
        role,
        is_active: true,
    }
}

/// A ticket of Ada's that Grace works, in a team that is not here; opened at 0, changed last at 100, for the public at 90.
pub(super) fn told(id: i64, status: Status) -> TicketToImport {
    TicketToImport {
        id: source(id),
        subject: Subject::parse("Printer on fire 🔥").expect("a subject"),
        description: Description::parse("It really is.").expect("a description"),
        status,
        priority: Priority::High,
        tags: Tags::parse(&["vip", "fire"]).expect("tags"),
        requester: account("ada", Role::Customer),
        assignee: Some(account("grace", Role::Agent)),
        team: Some(TeamName::parse("Night").expect("a name")),
        follow_up_of: None,
        created_at: then(0),
        updated_at: then(100),
        public_updated_at: then(90),
        first_responded_at: Some(then(10)),
        resolved_at: matches!(status, Status::Resolved | Status::Closed).then(|| then(70)),
        closed_at: (status == Status::Closed).then(|| then(90)),
        reopen_count: 2,
    }
}

/// A comment of the ticket by Grace, so many seconds after it was opened.
pub(super) fn comment(of: &TicketToImport, id: i64, visibility: Visibility, seconds: i64) -> CommentToImport {
    CommentToImport {
        id: source(id),
        ticket: of.id,
        author: account("grace", Role::Agent),
        author_role: Role::Agent,
        body: CommentBody::parse(&format!("Comment {id}")).expect("a body"),
        visibility,
        created_at: then(seconds),
    }
}

pub(super) fn told_by(comment: CommentToImport, author: ImportedAccount) -> CommentToImport {
    CommentToImport { author, ..comment }
}

/// The ticket with these comments, checked.
pub(super) fn item(ticket: TicketToImport, comments: Vec<CommentToImport>) -> ImportItem {
    let ticket = ticket.check(at(0)).expect("a ticket that may live here");
    let check = |comment| ticket.check_comment(comment).expect("a comment that it may have");
    ImportItem { comments: comments.into_iter().map(check).collect(), ticket }
}

pub(super) fn batch(source: &str, items: Vec<ImportItem>) -> ImportBatch {
    ImportBatch { source: SourceName::parse(source).expect("a name"), now: at(0), items }
}

//! Tickets, comments, accounts, sessions and teams as a store would give them.

use helpdesk_domain::{
    AgentRef, Client, ClientAddress, Comment, CommentAuthor, CommentBody, CommentId, Description, Email,
    PasswordHash, Person, PersonName, Priority, Role, Session, SessionId, Status, Subject, Tags, Team,
    TeamId, TeamName, TeamRef, Ticket, TicketId, TicketRecord, Ts, User, UserAgent, UserId, UserRecord,
    Visibility,
};
use helpdesk_ports::{CommentPosition, Page, TicketWithComments};

pub(super) fn ts(micros: i64) -> Ts {
    Ts::from_micros(micros).unwrap()
}

/// 2023-11-14T22:13:20Z
pub(super) fn now() -> Ts {
    ts(1_700_000_000_000_000)
}

pub(super) fn user_id(id: i64) -> UserId {
    UserId::new(id).unwrap()
}

pub(super) fn ticket_id(id: i64) -> TicketId {
    TicketId::new(id).unwrap()
}

/// Ticket 5, requested by 10 and assigned to 20, with something internal about it.
pub(super) fn ticket(status: Status) -> Ticket {
    Ticket::from_stored(TicketRecord {
        id: ticket_id(5),
        subject: Subject::parse("Printer on fire").unwrap(),
        description: Description::parse("It really is.").unwrap(),
        status,
        priority: Priority::High,
        tags: Tags::parse(&["internal-word"]).unwrap(),
        requester: Person::new(user_id(10), "Ada", "ada@example.com"),
        assignee: Some(AgentRef::new(user_id(20), "Grace")),
        team: TeamRef::new(TeamId::new(1).unwrap(), "Support"),
        follow_up_of: None,
        version: 9,
        public_version: 2,
        created_at: now(),
        updated_at: ts(now().micros() + 777_777),
        public_updated_at: ts(now().micros() + 1),
        first_responded_at: Some(ts(now().micros() + 1)),
        resolved_at: None,
        closed_at: None,
        reopen_count: 0,
    })
}

pub(super) fn unassigned(mut record: TicketRecord) -> Ticket {
    record.assignee = None;
    Ticket::from_stored(record)
}

pub(super) fn comment(id: i64, visibility: Visibility) -> Comment {
    Comment::from_stored(
        CommentId::new(id).unwrap(),
        CommentAuthor { id: user_id(20), name: "Grace".to_owned(), role: Role::Agent },
        CommentBody::parse("Off and on?").unwrap(),
        visibility,
        ts(now().micros() + id),
    )
}

/// The ticket with one comment, and more behind it.
pub(super) fn with_comments(status: Status) -> TicketWithComments {
    let comment = comment(7, Visibility::Public);
    let next = Some(CommentPosition::of(&comment));
    TicketWithComments { ticket: ticket(status), comments: Page { items: vec![comment], next } }
}

pub(super) fn user(id: i64, role: Role) -> User {
    User::from_stored(UserRecord {
        id: user_id(id),
        email: Email::parse(&format!("user{id}@example.com")).unwrap(),
        name: PersonName::parse("Ada Lovelace").unwrap(),
        role,
        is_active: true,
        has_password: true,
        version: 3,
        token_version: 0,
        created_at: now(),
        updated_at: now(),
    })
}

/// What stands in the samples for a hash.
pub(super) fn password_hash() -> PasswordHash {
    PasswordHash { scheme: 1, text: "hash-canary".to_owned() }
}

pub(super) fn team(id: i64, name: &str) -> Team {
    Team { id: TeamId::new(id).unwrap(), name: TeamName::parse(name).unwrap(), is_default: id == 1 }
}

/// A session of the account, from a documentation address.
pub(super) fn session(bits: u128, user: &User) -> Session {
    let address = ClientAddress::new("192.0.2.7".parse().unwrap());
    let client = Client { address, user_agent: UserAgent::clean("curl/8.5.0") };
    Session::open(SessionId::from_bits(bits), user, client, now())
}

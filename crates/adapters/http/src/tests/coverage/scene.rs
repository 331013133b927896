//! What is behind the API while a request is made.

use std::time::Duration;

use helpdesk_domain::{
    ActorKind, AgentRef, AuditEntry, AuditId, AuditKind, AuditRecord, AuditSubject, CommentId, EventActor,
    EventId, EventKind, EventRecord, Invitation, Outcome, Person, Role, Status, TeamId, TeamRef, Ticket,
    User, Visibility,
};
use helpdesk_ports::{
    AccountCommit, Admission, Answer, Cause, CommentPosition, Commit, Committed, Credentials, Decided,
    EventPosition, Fingerprint, HashError, Invited, KeptAnswer, MembershipCommit, MockGuessLimits, Page,
    Refreshed, SessionPosition, StoreError, TeamDeleted, TeamMade, TeamRenamed, TicketPosition, UserCreation,
};
use helpdesk_use_cases::Settings;

use crate::tests::export::exported;
use crate::tests::samples::{
    comment, now, password_hash, session, team, ticket, ticket_id, unassigned, user, user_id, with_comments,
};
use crate::tests::support::Desk;

/// What is behind the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scene {
    /// All that is asked for is there, and every change is written.
    Well,
    /// Nothing is there.
    Nothing,
    /// The store fails.
    Faulty,
    /// The store cannot be reached.
    Away,
    /// The ticket is closed.
    Closed,
    /// The ticket is worked by somebody else.
    OfAnotherAgent,
    /// The name or address is another's.
    Taken,
    /// The account is the last admin.
    OneAdmin,
    /// The team has members.
    NotEmpty,
    /// The team is the default one.
    DefaultTeam,
    /// The account is no agent.
    NoAgent,
    /// No password is right.
    WrongPassword,
    /// No more passwords may be guessed, accounts registered or sessions refreshed.
    TooManyGuesses,
    /// Too many passwords are being hashed.
    Busy,
    /// Registration is closed.
    NoRegistration,
    /// The server is about to stop.
    Draining,
    /// Every key was given to another request.
    KeyReused,
}

fn cause() -> Cause {
    Cause::new("the scene")
}

impl Scene {
    fn store<T>(self, found: T) -> Result<T, StoreError> {
        match self {
            Self::Faulty => Err(StoreError::Fault(cause())),
            Self::Away => Err(StoreError::Unavailable(cause())),
            _ => Ok(found),
        }
    }

    /// The same of something that may not be there.
    fn found<T>(self, found: T) -> Result<Option<T>, StoreError> {
        self.store((self != Self::Nothing).then_some(found))
    }

    fn hashed<T>(self, hashed: T) -> Result<T, HashError> {
        if self == Self::Busy { Err(HashError::Busy) } else { Ok(hashed) }
    }

    fn status(self) -> Status {
        if self == Self::Closed { Status::Closed } else { Status::Open }
    }

    /// The account that admins look at.
    fn account(self) -> User {
        match self {
            Self::OneAdmin => user(7, Role::Admin),
            Self::NoAgent => user(7, Role::Customer),
            _ => user(7, Role::Agent),
        }
    }

    /// A help desk of which this is true.
    pub(super) fn desk(self) -> Desk {
        let mut desk = if self == Self::Away { Desk::without_sessions() } else { Desk::new() };
        if self == Self::Away {
            desk.sessions.expect_standing().returning(|_, _| Err(StoreError::Unavailable(cause())));
        }
        self.keep_tickets(&mut desk);
        self.keep_exports(&mut desk);
        self.keep_accounts(&mut desk);
        self.keep_sessions(&mut desk);
        self.keep_teams(&mut desk);
        self.take_passwords(&mut desk);
        if self == Self::KeyReused {
            let other = KeptAnswer { fingerprint: Fingerprint([0; 32]), answer: Answer(Vec::new()) };
            desk.idempotency.expect_find().returning(move |_, _, _| Ok(Some(other.clone())));
        }
        desk.settings = Settings { registration_is_open: self != Self::NoRegistration, ..desk.settings };
        // A store that fails is one that cannot be reached to whoever asks whether it is ready: so this is another defect.
        desk.store.expect_ready().returning(move || match self {
            Self::Faulty => panic!("a defect"),
            _ => self.store(()),
        });
        desk
    }

    fn keep_tickets(self, desk: &mut Desk) {
        let tickets = &mut desk.tickets;
        tickets.expect_find().returning(move |_, _, _| self.found(with_comments(self.status())));
        tickets.expect_list().returning(move |_, _| self.store(tickets_of(self.status())));
        tickets.expect_queue().returning(move |_, _| self.store(tickets_of(self.status())));
        tickets.expect_comments().returning(move |_, _, _| {
            let comment = comment(7, Visibility::Public);
            let next = Some(CommentPosition::of(&comment));
            self.found(Page { items: vec![comment], next })
        });
        tickets.expect_history().returning(move |_, _, _| {
            let event = event();
            let next = Some(EventPosition::of(&event));
            self.found(Page { items: vec![event], next })
        });
        tickets.expect_claimable().returning(move |_, _| {
            let mut record = ticket(self.status()).record().clone();
            if self != Self::OfAnotherAgent {
                return self.found(unassigned(record));
            }
            record.assignee = Some(AgentRef::new(user_id(21), "Barbara"));
            self.found(Ticket::from_stored(record))
        });
        tickets.expect_open().returning(move |opening| {
            let team = TeamRef::new(TeamId::new(1).unwrap(), "Support");
            let requester = Person::new(user_id(10), "Ada", "ada@example.com");
            self.store(opening.into_ticket(ticket_id(5), requester, team))
        });
        tickets.expect_commit().returning(move |change| {
            let comment = change.comment().cloned();
            let comment = comment.map(|new| new.into_comment(CommentId::new(9).unwrap(), "Ada".to_owned()));
            let ticket = change.ticket().clone();
            self.store(Commit::Done(Box::new(Committed { ticket, comment })))
        });
        tickets.expect_decide_many().returning(move |_, _, decide| {
            let ticket = ticket(self.status());
            let outcome = decide(&ticket, &[]).map(|outcome| match outcome {
                Outcome::Unchanged => ticket.clone(),
                Outcome::Changed(change) => change.ticket().clone(),
            });
            self.store(Decided::from([(ticket.id(), outcome)]))
        });
    }

    fn keep_exports(self, desk: &mut Desk) {
        desk.exports
            .expect_tickets()
            .returning(move |_, _, _| self.store(Page { items: vec![exported(5)], next: None }));
        desk.exports
            .expect_comments()
            .returning(move |_, _, _| self.store(Page { items: Vec::new(), next: None }));
    }

    fn keep_accounts(self, desk: &mut Desk) {
        let users = &mut desk.users;
        users.expect_credentials().returning(move |_| {
            self.found(Credentials { user: user(20, Role::Agent), password: password_hash() })
        });
        users.expect_own_credentials().returning(move |id| {
            self.found(Credentials { user: user(id.get(), Role::Agent), password: password_hash() })
        });
        users.expect_own().returning(move |id| self.found(user(id.get(), Role::Agent)));
        users.expect_find().returning(move |_, _| self.found(self.account()));
        users
            .expect_list()
            .returning(move |_, _| self.store(Page { items: vec![self.account()], next: Some(user_id(7)) }));
        users.expect_active_agent().returning(move |_, id| self.found(AgentRef::new(id, "Barbara")));
        users.expect_create().returning(move |creation| {
            self.store(match self {
                Self::Taken => UserCreation::EmailTaken,
                _ => UserCreation::Created(creation.into_user(user_id(7)).0),
            })
        });
        users.expect_commit().returning(move |change| {
            self.store(match change.precondition() {
                Some(unmet) if self == Self::OneAdmin => AccountCommit::Unmet(unmet),
                _ => AccountCommit::Done(change.user().clone()),
            })
        });
        users.expect_invited().returning(move |token| {
            let mut record = user(7, Role::Agent).record().clone();
            record.has_password = false;
            let invitation = Invitation::new(token, now());
            self.found(Invited { user: User::from_stored(record), invitation })
        });
        desk.audit.expect_list().returning(move |_, _| {
            let entry = audit_record();
            let next = Some(entry.id);
            self.store(Page { items: vec![entry], next })
        });
    }

    fn keep_sessions(self, desk: &mut Desk) {
        let sessions = &mut desk.sessions;
        sessions.expect_open().returning(move |_, _| self.store(true));
        sessions.expect_is_known_network().returning(move |_, _, _| self.store(false));
        sessions.expect_end().returning(move |_, _, _| self.store(self != Self::Nothing));
        sessions.expect_list().returning(move |_, _, _| {
            let session = session(1, &user(20, Role::Agent));
            let next = Some(SessionPosition::of(&session));
            self.store(Page { items: vec![session], next })
        });
        sessions.expect_refresh().returning(move |_| {
            let user = user(20, Role::Agent);
            self.store(match self {
                Self::Nothing => Refreshed::Dead,
                Self::TooManyGuesses => Refreshed::TooOften { retry_after: Duration::from_secs(9) },
                _ => Refreshed::Rotated { session: Box::new(session(1, &user)), user },
            })
        });
    }

    fn keep_teams(self, desk: &mut Desk) {
        let found = move || if self == Self::DefaultTeam { team(1, "Support") } else { team(2, "Billing") };
        let teams = &mut desk.teams;
        teams.expect_find().returning(move |_, _| self.found(found()));
        teams.expect_list().returning(move |_, _| {
            let team = found();
            let next = Some(team.id);
            self.store(Page { items: vec![team], next })
        });
        teams.expect_create().returning(move |creation| {
            self.store(match self {
                Self::Taken => TeamMade::NameTaken,
                _ => TeamMade::Created(creation.into_team(TeamId::new(3).unwrap()).0),
            })
        });
        teams.expect_rename().returning(move |renaming| {
            self.store(match self {
                Self::Taken => TeamRenamed::NameTaken,
                _ => TeamRenamed::Done(renaming.team()),
            })
        });
        teams.expect_delete().returning(move |_| {
            self.store(if self == Self::NotEmpty { TeamDeleted::NotEmpty } else { TeamDeleted::Done })
        });
        teams.expect_members().returning(move |_, _, _| {
            self.found(Page { items: vec![user(7, Role::Agent)], next: Some(user_id(7)) })
        });
        teams.expect_change_membership().returning(move |_| self.store(MembershipCommit::Done));
    }

    fn take_passwords(self, desk: &mut Desk) {
        let is_right = self != Self::WrongPassword;
        desk.passwords.expect_verify().returning(move |_, _| self.hashed(is_right));
        desk.passwords.expect_hash().returning(move |_| self.hashed(password_hash()));
        desk.passwords.expect_bind().returning(move |rest, _| self.hashed(rest));
        if self == Self::TooManyGuesses {
            let retry_after = Duration::from_secs(9);
            desk.guesses = MockGuessLimits::new();
            desk.guesses.expect_begin().return_const(Admission::Refused { retry_after });
            desk.guesses.expect_begin_registration().return_const(Err(retry_after));
        }
    }
}

fn tickets_of(status: Status) -> Page<Ticket, TicketPosition> {
    let ticket = ticket(status);
    let next = Some(TicketPosition::CreatedAt(ticket.record().id));
    Page { items: vec![ticket], next }
}

fn event() -> EventRecord {
    EventRecord {
        id: EventId::new(3).unwrap(),
        kind: EventKind::Commented,
        visibility: Visibility::Public,
        actor: EventActor { kind: ActorKind::Customer, id: Some(user_id(10)) },
        actor_name: Some("Ada".to_owned()),
        at: now(),
        changes: Vec::new(),
        comment: CommentId::new(7).ok(),
    }
}

fn audit_record() -> AuditRecord {
    let actor = EventActor { kind: ActorKind::Admin, id: Some(user_id(30)) };
    let (kind, subject) = (AuditKind::UserCreated, AuditSubject::User(user_id(7)));
    let entry = AuditEntry {
        at: now(),
        actor,
        kind,
        subject,
        label: "ada@example.com".to_owned(),
        changes: Vec::new(),
    };
    AuditRecord { id: AuditId::new(9).unwrap(), entry, actor_name: Some("Grace".to_owned()) }
}

//! What the tests of several use cases share.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use helpdesk_domain::{
    AgentRef, Client, ClientAddress, Description, Email, Person, PersonName, Priority, Role, Status, Subject,
    Tags, TeamId, TeamRef, Ticket, TicketId, TicketRecord, Ts, User, UserId, UserRecord,
};
use helpdesk_ports::{
    Admission, Clock, MockAccessTokens, MockAuditRepository, MockExportRepository, MockGuessLimits,
    MockIdempotencyRepository, MockImportRepository, MockOpaqueTokens, MockPasswordHasher,
    MockPasswordScreen, MockRandom, MockSessionRepository, MockStoreAdmin, MockTeamRepository,
    MockTicketRepository, MockUserRepository, PasswordHash, Stores, TokenDigest,
};

use crate::{HelpDesk, Ports, Settings};

pub(crate) const NOW: i64 = 1_700_000_000_000_000;

/// A clock that moves only when told to.
#[derive(Default)]
pub(crate) struct FixedClock(Mutex<Duration>);

impl FixedClock {
    pub(crate) fn advance(&self, by: Duration) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Ts {
        Ts::from_micros(NOW).unwrap()
    }

    fn monotonic(&self) -> Duration {
        *self.0.lock().unwrap()
    }
}

pub(crate) fn user(id: i64, role: Role) -> User {
    let at = Ts::from_micros(NOW).unwrap();
    User::from_stored(UserRecord {
        id: UserId::new(id).unwrap(),
        email: Email::parse("u@example.com").unwrap(),
        name: PersonName::parse("U").unwrap(),
        role,
        is_active: true,
        has_password: true,
        version: 1,
        token_version: 0,
        created_at: at,
        updated_at: at,
    })
}

/// A ticket requested by account 10 and assigned to account 20.
pub(crate) fn ticket(status: Status) -> Ticket {
    let at = Ts::from_micros(NOW).unwrap();
    Ticket::from_stored(TicketRecord {
        id: TicketId::new(5).unwrap(),
        subject: Subject::parse("S").unwrap(),
        description: Description::parse("D").unwrap(),
        status,
        priority: Priority::Normal,
        tags: Tags::parse(&["internal-word"]).unwrap(),
        requester: Person::new(UserId::new(10).unwrap(), "Req", "req@example.com"),
        assignee: Some(AgentRef::new(UserId::new(20).unwrap(), "Ag")),
        team: TeamRef::new(TeamId::new(1).unwrap(), "Support"),
        follow_up_of: None,
        version: 9,
        public_version: 2,
        created_at: at,
        updated_at: at,
        public_updated_at: at,
        first_responded_at: None,
        resolved_at: None,
        closed_at: None,
        reopen_count: 0,
    })
}

pub(crate) fn client() -> Client {
    Client { address: ClientAddress::new([192, 0, 2, 1].into()), user_agent: None }
}

/// The help desk with mocks for all that it needs. What is not expected fails the test, but for the time, randomness, tokens,
/// hashing, and that no password is a common one.
pub(crate) struct Mocks {
    pub(crate) users: MockUserRepository,
    pub(crate) sessions: MockSessionRepository,
    pub(crate) teams: MockTeamRepository,
    pub(crate) tickets: MockTicketRepository,
    pub(crate) idempotency: MockIdempotencyRepository,
    pub(crate) exports: MockExportRepository,
    pub(crate) passwords: MockPasswordHasher,
    pub(crate) screen: MockPasswordScreen,
    pub(crate) guesses: MockGuessLimits,
    pub(crate) settings: Settings,
}

impl Default for Mocks {
    fn default() -> Self {
        let mut passwords = MockPasswordHasher::new();
        passwords
            .expect_hash()
            .returning(|new| Ok(PasswordHash { scheme: 1, text: format!("hash of {}", new.expose()) }));
        let mut screen = MockPasswordScreen::new();
        screen.expect_is_common().returning(|password| password.expose() == "password1234");
        Self {
            users: MockUserRepository::new(),
            sessions: MockSessionRepository::new(),
            teams: MockTeamRepository::new(),
            tickets: MockTicketRepository::new(),
            idempotency: MockIdempotencyRepository::new(),
            exports: MockExportRepository::new(),
            passwords,
            screen,
            guesses: MockGuessLimits::new(),
            settings: Settings::default(),
        }
    }
}

impl Mocks {
    /// Any number of guesses may be made.
    pub(crate) fn without_limits(mut self) -> Self {
        self.guesses.expect_begin().returning(|_| Admission::Admitted);
        self.guesses.expect_take_back().returning(|_, _| ());
        self
    }

    pub(crate) fn help_desk(self) -> HelpDesk {
        let mut access_tokens = MockAccessTokens::new();
        access_tokens
            .expect_issue()
            .returning(|claims| Ok(format!("{}:{}", claims.user, claims.token_version)));
        let mut opaque_tokens = MockOpaqueTokens::new();
        opaque_tokens.expect_generate().returning(|| ("fresh".to_owned(), TokenDigest([7; 32])));
        opaque_tokens
            .expect_digest()
            .returning(|token| TokenDigest([u8::try_from(token.len()).unwrap_or(u8::MAX); 32]));
        let mut random = MockRandom::new();
        random.expect_fill().returning(|buffer| buffer.fill(0xab));
        let stores = Stores {
            tickets: Arc::new(self.tickets),
            users: Arc::new(self.users),
            sessions: Arc::new(self.sessions),
            teams: Arc::new(self.teams),
            audit: Arc::new(MockAuditRepository::new()),
            idempotency: Arc::new(self.idempotency),
            exports: Arc::new(self.exports),
            imports: Arc::new(MockImportRepository::new()),
            admin: Arc::new(MockStoreAdmin::new()),
        };
        let ports = Ports {
            stores,
            clock: Arc::new(FixedClock::default()),
            random: Arc::new(random),
            passwords: Arc::new(self.passwords),
            password_screen: Arc::new(self.screen),
            guesses: Arc::new(self.guesses),
            access_tokens: Arc::new(access_tokens),
            opaque_tokens: Arc::new(opaque_tokens),
        };
        HelpDesk::new(ports, self.settings)
    }
}

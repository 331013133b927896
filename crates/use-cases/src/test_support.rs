//! What the tests of several use cases share.

use std::sync::Mutex;
use std::time::Duration;

use helpdesk_domain::{
    AgentRef, Description, Email, Person, PersonName, Priority, Role, Status, Subject, Tags, TeamId, TeamRef,
    Ticket, TicketId, TicketRecord, Ts, User, UserId, UserRecord,
};
use helpdesk_ports::Clock;

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

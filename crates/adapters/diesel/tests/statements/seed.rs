//! A help desk of any size, made by a few statements.

use helpdesk_domain::{AdminActor, AgentActor, CustomerActor, TicketId, UserId};
use helpdesk_ports::WORDS_VERSION;

/// How much of everything there is.
#[derive(Clone, Copy)]
pub(crate) struct Seed {
    pub(crate) agents: i64,
    pub(crate) customers: i64,
    pub(crate) tickets: i64,
    /// Of each ticket.
    pub(crate) comments: i64,
}

impl Seed {
    /// The statements for Postgres.
    pub(crate) fn postgres(self) -> String {
        self.fill(include_str!("seed/postgres.sql"))
    }

    /// The statements for SQLite.
    pub(crate) fn sqlite(self) -> String {
        self.fill(include_str!("seed/sqlite.sql"))
    }

    fn fill(self, template: &str) -> String {
        template
            .replace("{agents}", &self.agents.to_string())
            .replace("{customers}", &self.customers.to_string())
            .replace("{tickets}", &self.tickets.to_string())
            .replace("{comments}", &self.comments.to_string())
            .replace("{words_version}", &WORDS_VERSION.to_string())
    }

    pub(crate) fn admin() -> AdminActor {
        AdminActor::new(Self::user(1))
    }

    pub(crate) fn other_admin() -> UserId {
        Self::user(2)
    }

    /// Who works [`Self::ticket`].
    pub(crate) fn agent() -> AgentActor {
        AgentActor::new(Self::user(3))
    }

    pub(crate) fn other_agent() -> UserId {
        Self::user(4)
    }

    /// Who requested [`Self::ticket`].
    pub(crate) fn customer(self) -> CustomerActor {
        CustomerActor::new(Self::user(3 + self.agents + 1 % self.customers))
    }

    pub(crate) fn ticket() -> TicketId {
        TicketId::new(1).unwrap()
    }

    fn user(number: i64) -> UserId {
        UserId::new(number).unwrap()
    }
}

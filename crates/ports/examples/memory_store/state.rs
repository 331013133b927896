//! Everything the store holds. Whoever has it, has it alone.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use helpdesk_domain::{
    AuditEntry, ClientNetwork, Comment, EventRecord, Invitation, Precondition, PresentedToken, Role, Session,
    SessionId, SourceId, SourceName, Team, TeamId, TeamName, TeamRef, Ticket, TicketId, TokenDigest, Ts,
    User, UserId,
};
use helpdesk_ports::{IdempotencyKey, KeptAnswer, PasswordHash};

/// An account with what it proves itself by.
#[derive(Clone)]
pub(crate) struct Account {
    pub(crate) user: User,
    pub(crate) password: Option<PasswordHash>,
    pub(crate) invitation: Option<Invitation>,
}

#[derive(Clone)]
pub(crate) struct State {
    pub(crate) users: BTreeMap<UserId, Account>,
    /// From where sessions were opened, and when.
    pub(crate) networks: Vec<(UserId, ClientNetwork, Ts)>,
    pub(crate) sessions: HashMap<SessionId, Session>,
    /// Every refresh token there ever was of a session that is not forgotten.
    pub(crate) tokens: HashMap<TokenDigest, (SessionId, PresentedToken)>,
    pub(crate) teams: BTreeMap<TeamId, Team>,
    /// How many teams there ever were.
    pub(crate) teams_made: i64,
    pub(crate) members: BTreeSet<(TeamId, UserId)>,
    /// Oldest first; an entry's id is its place, counted from one.
    pub(crate) audit: Vec<AuditEntry>,
    pub(crate) tickets: BTreeMap<TicketId, Ticket>,
    pub(crate) comments: Vec<(TicketId, Comment)>,
    pub(crate) events: Vec<(TicketId, EventRecord)>,
    /// Each with the time of its expiry.
    pub(crate) answers: BTreeMap<(UserId, IdempotencyKey), (KeptAnswer, Ts)>,
    /// What the tickets of each source have become.
    pub(crate) imported_tickets: HashMap<(SourceName, SourceId), TicketId>,
    /// Which comments of each source are here.
    pub(crate) imported_comments: HashSet<(SourceName, SourceId)>,
}

impl State {
    /// As the first migration leaves a store: with the default team, and nothing else.
    pub(crate) fn new() -> Self {
        let id = TeamId::new(1).unwrap();
        let support = Team { id, name: TeamName::parse("Support").unwrap(), is_default: true };
        Self {
            users: BTreeMap::new(),
            networks: Vec::new(),
            sessions: HashMap::new(),
            tokens: HashMap::new(),
            teams: BTreeMap::from([(id, support)]),
            teams_made: 1,
            members: BTreeSet::new(),
            audit: Vec::new(),
            tickets: BTreeMap::new(),
            comments: Vec::new(),
            events: Vec::new(),
            answers: BTreeMap::new(),
            imported_tickets: HashMap::new(),
            imported_comments: HashSet::new(),
        }
    }

    pub(crate) fn user(&self, id: UserId) -> Option<&User> {
        self.users.get(&id).map(|account| &account.user)
    }

    pub(crate) fn default_team(&self) -> TeamRef {
        let team = self.teams.values().find(|team| team.is_default).unwrap();
        TeamRef::new(team.id, team.name.as_str())
    }

    pub(crate) fn holds(&self, precondition: Precondition) -> bool {
        match precondition {
            Precondition::ActiveAgent(id) => self.user(id).is_some_and(User::is_active_agent),
            Precondition::AnotherAdminRemains(id) => {
                self.users.values().any(|account| account.user.id() != id && account.user.is_able_admin())
            }
            Precondition::Agent(id) => self.user(id).is_some_and(|user| user.role() == Role::Agent),
            Precondition::TeamExists(id) => self.teams.contains_key(&id),
            Precondition::ActiveMember(team, id) => {
                self.holds(Precondition::ActiveAgent(id)) && self.members.contains(&(team, id))
            }
        }
    }
}

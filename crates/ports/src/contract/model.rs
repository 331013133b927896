//! A help desk's life at random, written to a store and kept in memory as the domain decides it.

use fastrand::Rng;
use helpdesk_domain::{
    Actor, AgentRef, Comment, CustomerActor, Outcome, Priority, Role, Scope, Status, Tags, TeamRef, Ticket,
    TicketCommand, TicketPatch, Ts, User, UserPatch, Visibility,
};

use super::bureau::team_ref;
use super::desk::{Desk, at, at_once, comment, decided, new_ticket};
use crate::TicketFilter;

const CUSTOMERS: usize = 10;
const AGENTS: usize = 10;
const ADMINS: usize = 2;
const TICKETS: usize = 150;

/// The store, and what it must hold.
pub(super) struct Model {
    pub(super) desk: Desk,
    /// All accounts but the desk's own admin, by id.
    pub(super) users: Vec<User>,
    pub(super) teams: Vec<TeamRef>,
    pub(super) tickets: Vec<(Ticket, Vec<Comment>)>,
}

impl Model {
    pub(super) async fn play(desk: Desk, rng: &mut Rng) -> Self {
        let mut users = Vec::new();
        let roles = [(Role::Customer, CUSTOMERS), (Role::Agent, AGENTS), (Role::Admin, ADMINS)];
        for (role, count) in roles {
            for n in 0..count {
                users.push(desk.user(role, &format!("{role}-{n}")).await);
            }
        }
        let mut tickets = Vec::new();
        for n in 0..TICKETS {
            let customer = CustomerActor::new(users[rng.usize(..CUSTOMERS)].id());
            let draft = new_ticket(&format!("Ticket {n}"), one_of(Priority::ALL, rng));
            tickets.push(desk.open(customer, draft, moment(rng)).await);
        }
        // Requesters who become agents: that they opened a ticket must no longer give them anything.
        for user in &mut users[..3] {
            let promote = UserPatch { role: Some(Role::Agent), ..UserPatch::default() };
            *user = desk.change_account(user.id(), promote, at(0)).await;
        }
        let agents: Vec<AgentRef> = users
            .iter()
            .filter(|user| user.is_active_agent())
            .map(|user| AgentRef::new(user.id(), user.record().name.as_str()))
            .collect();
        let mut teams = vec![team_ref(&desk.default_team().await)];
        for label in ["Day", "Night"] {
            teams.push(team_ref(&desk.team(label).await));
        }
        let worked = tickets.into_iter().map(|ticket| work(&desk, &agents, &teams, ticket, rng.fork()));
        let tickets = at_once(worked).await;

        let mut model = Self { desk, users, teams, tickets };
        let leaving = rng.usize(CUSTOMERS..CUSTOMERS + AGENTS);
        model.disable(leaving).await;
        model
    }

    /// What the predicate admits, which is the truth.
    pub(super) fn admitted(&self, scope: Scope) -> Vec<Ticket> {
        let tickets = self.tickets.iter().map(|(ticket, _)| ticket);
        tickets.filter(|ticket| scope.admits(&ticket.facts())).cloned().collect()
    }

    /// Of these, what the filter admits as well.
    pub(super) fn filtered(&self, scope: Scope, filter: &TicketFilter) -> Vec<Ticket> {
        let admitted = self.tickets.iter().filter(|(ticket, comments)| {
            scope.admits(&ticket.facts()) && filter.admits(ticket, comments, scope.comments())
        });
        admitted.map(|(ticket, _)| ticket.clone()).collect()
    }

    async fn disable(&mut self, agent: usize) {
        let id = self.users[agent].id();
        let patch = UserPatch { is_active: Some(false), ..UserPatch::default() };
        self.users[agent] = self.desk.change_account(id, patch, at(10)).await;
        let now = self.users[agent].record().updated_at;
        let theirs = self.tickets.iter_mut().filter(|(ticket, _)| ticket.facts().assignee == Some(id));
        for (ticket, _) in theirs {
            if let Ok(Outcome::Changed(change)) = ticket.give_back(&Actor::from(self.desk.admin), now) {
                *ticket = change.ticket().clone();
            }
        }
    }
}

/// Some commands by those who may see the ticket; what the rules refuse, is left out.
async fn work(
    desk: &Desk,
    agents: &[AgentRef],
    teams: &[TeamRef],
    mut ticket: Ticket,
    mut rng: Rng,
) -> (Ticket, Vec<Comment>) {
    let mut comments = Vec::new();
    for _ in 0..rng.usize(..10) {
        let facts = ticket.facts();
        let mut actors = vec![Actor::from(desk.admin), CustomerActor::new(facts.requester).into()];
        actors.extend(facts.assignee.map(|agent| Actor::of_account(agent, Role::Agent)));
        let actor = one_of(&actors, &mut rng);
        let (command, now) = (any_command(agents, teams, &mut rng), moment(&mut rng));
        if let Ok(Outcome::Changed(_)) = ticket.decide(&actor, command.clone(), now) {
            let expected = decided(&ticket, actor, command.clone(), now).ticket().clone();
            comments.extend(desk.run(&ticket, actor, command, now).await.comment);
            ticket = expected;
        }
    }
    (ticket, comments)
}

/// What anybody might ask for, whatever the ticket.
pub(super) fn any_command(agents: &[AgentRef], teams: &[TeamRef], rng: &mut Rng) -> TicketCommand {
    match rng.u8(..9) {
        0 | 1 => comment(&format!("Public {}", rng.u32(..)), Visibility::Public),
        2 | 3 => comment(&format!("Canary {}", rng.u32(..)), Visibility::Internal),
        4 | 5 => {
            let assignee = rng.choice(agents).filter(|_| rng.u8(..5) > 0).cloned();
            TicketCommand::Update(TicketPatch { assignee: Some(assignee), ..TicketPatch::default() })
        }
        6 => {
            let team = rng.choice(teams).cloned();
            TicketCommand::Update(TicketPatch { team, ..TicketPatch::default() })
        }
        7 => TicketCommand::Update(TicketPatch {
            status: Some(one_of(Status::ALL, rng)),
            ..TicketPatch::default()
        }),
        _ => TicketCommand::Update(TicketPatch {
            priority: Some(one_of(Priority::ALL, rng)),
            tags: Some(Tags::parse(&[format!("tag-{}", rng.u8(..4))]).expect("a tag")),
            ..TicketPatch::default()
        }),
    }
}

/// Few enough that many things happen at the same one, and in no order: a clock may be set back.
pub(super) fn moment(rng: &mut Rng) -> Ts {
    at(rng.i64(0..20))
}

pub(super) fn one_of<T: Copy>(all: &[T], rng: &mut Rng) -> T {
    all[rng.usize(..all.len())]
}

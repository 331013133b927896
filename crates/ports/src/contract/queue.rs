//! The queue: what nobody works yet, for the members of its team.

use std::collections::BTreeSet;

use fastrand::Rng;
use helpdesk_domain::{
    AgentActor, AgentRef, NewUser, Priority, Role, Status, Tag, Tags, Team, TeamId, Ticket, TicketCommand,
    TicketPatch, UserId,
};

use super::bureau::{team_ref, walk};
use super::desk::{Desk, at, at_once, created, hash, limit, new_ticket, new_user};
use super::lists::SORTS;
use super::model::moment;
use super::visibility::{Seed, in_order, some_of};
use crate::{
    PageRequest, SortKey, StoreError, Stores, TicketFilter, TicketPosition, TicketQuery, TicketSort,
};

const AGENTS: usize = 6;
const TICKETS: usize = 90;

/// Agents of any teams, and tickets of any team, assigned or not, in any status.
struct Model {
    desk: Desk,
    teams: Vec<Team>,
    agents: Vec<UserId>,
    members: BTreeSet<(TeamId, UserId)>,
    tickets: Vec<Ticket>,
}

impl Model {
    async fn play(stores: Stores, rng: &mut Rng) -> Self {
        let desk = Desk::new(stores).await;
        let mut teams = vec![desk.default_team().await];
        for label in ["Day", "Night", "Twilight"] {
            teams.push(desk.team(label).await);
        }
        let (mut agents, mut members) = (Vec::new(), BTreeSet::new());
        for n in 0..AGENTS {
            // The first is in no team, and the second in all.
            let theirs: Vec<TeamId> = match n {
                0 => Vec::new(),
                1 => teams.iter().map(|team| team.id).collect(),
                _ => teams.iter().map(|team| team.id).filter(|_| rng.bool()).collect(),
            };
            let label = format!("agent-{n}");
            let new = NewUser { teams: Some(theirs.clone()), ..new_user(Role::Agent, &label) };
            let agent = desk.create(created(desk.admin, new, hash(&label), at(0))).await.id();
            members.extend(theirs.into_iter().map(|team| (team, agent)));
            agents.push(agent);
        }
        let customer = desk.customer("ada").await;
        let mut tickets = Vec::new();
        for n in 0..TICKETS {
            let priority = Priority::ALL[rng.usize(..Priority::ALL.len())];
            let draft = new_ticket(&format!("Ticket {n}"), priority);
            tickets.push(desk.open(customer, draft, moment(rng)).await);
        }
        let placed = tickets.into_iter().map(|ticket| {
            let assignee = rng.usize(..AGENTS);
            let assignee =
                (rng.u8(..3) == 0).then(|| AgentRef::new(agents[assignee], format!("agent-{assignee}")));
            let patch = TicketPatch {
                status: Some(Status::ALL[rng.usize(..Status::ALL.len())]),
                tags: Some(Tags::parse(&[format!("tag-{}", rng.u8(..4))]).expect("a tag")),
                assignee: Some(assignee),
                team: rng.choice(&teams).map(team_ref),
                ..TicketPatch::default()
            };
            let (desk, now) = (&desk, moment(rng));
            async move { desk.run(&ticket, desk.admin, TicketCommand::Update(patch), now).await.ticket }
        });
        let placed: Vec<_> = placed.collect();
        let tickets = at_once(placed).await;
        Self { desk, teams, agents, members, tickets }
    }

    fn is_member(&self, agent: UserId, ticket: &Ticket) -> bool {
        self.members.contains(&(ticket.record().team.id(), agent))
    }

    async fn read(
        &self,
        agent: AgentActor,
        filter: &TicketFilter,
        sort: TicketSort,
        items: u64,
    ) -> Vec<Ticket> {
        let position = |ticket: &Ticket| TicketPosition::of(ticket, agent.scope(), sort.key);
        let read = async |page| {
            let query = TicketQuery { filter: filter.clone(), sort, page };
            self.desk.stores.tickets.queue(agent.queue(), query).await
        };
        walk(items, position, read).await
    }
}

/// For agents of no team, of some and of all; through any filter, in every order, in pages of any size.
pub async fn a_queue_lists_what_the_rule_admits(stores: Stores) {
    let seed = Seed::choose();
    let mut rng = Rng::with_seed(seed.0);
    let model = Model::play(stores, &mut rng).await;
    let mut found = 0;
    for &id in &model.agents {
        let agent = AgentActor::new(id);
        for filter in filters(&model, &mut rng) {
            for sort in SORTS {
                let admits = |ticket: &&Ticket| {
                    agent.queue().lists(ticket, model.is_member(id, ticket))
                        && filter.admits(ticket, [], agent.scope().comments())
                };
                let mut expected: Vec<Ticket> = model.tickets.iter().filter(admits).cloned().collect();
                in_order(&mut expected, agent.scope(), sort);
                let listed = model.read(agent, &filter, sort, rng.u64(3..=100)).await;
                assert_eq!(listed, expected, "{agent:?} {filter:?} {sort:?}");
                found += listed.len();
            }
        }
    }
    assert!(found > 0, "some list something, or nothing is proven");
}

fn filters(model: &Model, rng: &mut Rng) -> Vec<TicketFilter> {
    let all = TicketFilter::default;
    let tag = Tag::parse("tag-1").expect("a tag");
    vec![
        all(),
        all().with_statuses(some_of(Status::ALL, rng)),
        all().with_priorities(some_of(Priority::ALL, rng)),
        all().with_tag(Some(tag.clone())),
        all().created_after(Some(moment(rng))),
        all().updated_after(Some(moment(rng))),
        all().with_team(rng.choice(&model.teams).map(|team| team.id)),
        all().with_assignee(Some(None)),
        all().with_assignee(Some(rng.choice(&model.agents).copied())),
        all().with_tag(Some(tag)).with_statuses([Status::Open]).updated_after(Some(moment(rng))),
    ]
}

/// A position belongs to the lists by its own key.
pub async fn a_queue_is_no_place_for_other_positions(stores: Stores) {
    let desk = Desk::new(stores).await;
    let agent = AgentActor::new(desk.agent("grace").await.id());
    let customer = desk.customer("ada").await;
    let ticket = desk.ticket(customer, "Again", at(1)).await;
    for sort in SORTS {
        let other = match sort.key {
            SortKey::UpdatedAt => SortKey::CreatedAt,
            SortKey::CreatedAt => SortKey::UpdatedAt,
        };
        let after = Some(TicketPosition::of(&ticket, agent.scope(), other));
        let page = PageRequest { limit: limit(5), after };
        let query = TicketQuery { filter: TicketFilter::default(), sort, page };
        let listed = desk.stores.tickets.queue(agent.queue(), query).await;
        assert!(matches!(listed, Err(StoreError::Fault(_))), "{sort:?} came to {listed:?}");
    }
}

/// Of its teams, also what is taken, closed or its own; of another team nothing, not even its own.
pub async fn what_an_agent_may_claim_is_of_its_teams(stores: Stores) {
    let seed = Seed::choose();
    let mut rng = Rng::with_seed(seed.0);
    let model = Model::play(stores, &mut rng).await;
    for &id in &model.agents {
        let queue = AgentActor::new(id).queue();
        let tickets = &model.desk.stores.tickets;
        let found = at_once(model.tickets.iter().map(|ticket| tickets.claimable(queue, ticket.id()))).await;
        for (ticket, found) in model.tickets.iter().zip(found) {
            let expected = queue.reaches(model.is_member(id, ticket)).then(|| ticket.clone());
            assert_eq!(found, Ok(expected), "{queue:?} of {ticket:?}");
        }
    }
    // A customer's id, should one ever be given, is in no team.
    let customer = model.tickets[0].facts().requester;
    let queue = AgentActor::new(customer).queue();
    assert_eq!(model.desk.stores.tickets.claimable(queue, model.tickets[0].id()).await, Ok(None));
}

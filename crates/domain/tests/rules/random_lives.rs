//! Lives of a ticket at random: who asks for what, and when; the clock may be set back.

use helpdesk_domain::*;
use proptest::prelude::*;

use crate::cast::*;

#[derive(Clone, Copy, Debug)]
pub(crate) enum Who {
    Admin,
    /// Whoever works the ticket; without one, the first agent, who does not see it.
    Assignee,
    Agent(usize),
    Requester,
    Stranger,
    System,
}

impl Who {
    pub(crate) fn actor(self, ticket: &Ticket) -> Actor {
        match self {
            Self::Admin => admin(),
            Self::Assignee => {
                Actor::of_account(ticket.facts().assignee.unwrap_or(user(AGENTS[0])), Role::Agent)
            }
            Self::Agent(n) => agent(AGENTS[n]),
            Self::Requester => requester(),
            Self::Stranger => stranger(),
            Self::System => system(),
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) who: Who,
    pub(crate) command: TicketCommand,
    /// When, in seconds after the opening.
    pub(crate) seconds: i64,
}

impl Step {
    pub(crate) fn decide(&self, ticket: &Ticket) -> Result<Outcome, Refusal> {
        decide(ticket, &self.who.actor(ticket), self.command.clone(), self.seconds)
    }
}

/// A life of up to forty steps.
pub(crate) fn life() -> impl Strategy<Value = Vec<Step>> {
    proptest::collection::vec(any_step(), 1..40)
}

pub(crate) fn any_step() -> impl Strategy<Value = Step> {
    (any_who(), any_command(), any_moment()).prop_map(|(who, command, seconds)| Step {
        who,
        command,
        seconds,
    })
}

/// What staff do behind the customer's back.
pub(crate) fn internal_step() -> impl Strategy<Value = Step> {
    let who = prop_oneof![Just(Who::Admin), Just(Who::Assignee)];
    let command = prop_oneof![
        "[a-z]{1,8}".prop_map(|body| comment(&format!("Canary {body}"), Visibility::Internal)),
        any_tags().prop_map(|tags| patch(TicketPatch { tags: Some(tags), ..TicketPatch::default() })),
    ];
    (who, command, any_moment()).prop_map(|(who, command, seconds)| Step { who, command, seconds })
}

/// Anything from before the opening until long after, in no order.
fn any_moment() -> impl Strategy<Value = i64> {
    prop_oneof![1 => -100..0_i64, 8 => 0..100_i64, 1 => Just(1_000_000)]
}

fn any_who() -> impl Strategy<Value = Who> {
    prop_oneof![
        6 => Just(Who::Admin),
        6 => Just(Who::Assignee),
        1 => (0..AGENTS.len()).prop_map(Who::Agent),
        6 => Just(Who::Requester),
        1 => Just(Who::Stranger),
        1 => Just(Who::System),
    ]
}

fn any_command() -> impl Strategy<Value = TicketCommand> {
    prop_oneof![
        3 => any_status().prop_map(status),
        1 => any_priority().prop_map(priority),
        2 => any_assignee().prop_map(|to| patch(TicketPatch { assignee: Some(to), ..TicketPatch::default() })),
        2 => any_patch().prop_map(patch),
        3 => any_comment(),
    ]
}

fn any_comment() -> impl Strategy<Value = TicketCommand> {
    let visibility = prop_oneof![3 => Just(Visibility::Public), 1 => Just(Visibility::Internal)];
    ("[a-z]{1,8}", visibility).prop_map(|(body, visibility)| comment(&body, visibility))
}

fn any_patch() -> impl Strategy<Value = TicketPatch> {
    use proptest::option::of;
    let seldom = |strategy| proptest::option::weighted(0.2, strategy);
    let team = proptest::option::weighted(0.2, any_team());
    (of(any_status()), of(any_priority()), of(any_tags()), seldom(any_assignee()), team).prop_map(
        |(status, priority, tags, assignee, team)| TicketPatch { status, priority, tags, assignee, team },
    )
}

fn any_team() -> impl Strategy<Value = TeamRef> {
    (1..=2i64)
        .prop_map(|id| TeamRef::new(TeamId::new(id).unwrap(), if id == 1 { "Support" } else { "Night" }))
}

/// Closing seldom, since little happens afterwards.
fn any_status() -> impl Strategy<Value = Status> {
    prop_oneof![
        2 => Just(Status::Open),
        2 => Just(Status::InProgress),
        2 => Just(Status::Pending),
        3 => Just(Status::Resolved),
        1 => Just(Status::Closed),
    ]
}

fn any_priority() -> impl Strategy<Value = Priority> {
    proptest::sample::select(Priority::ALL)
}

fn any_assignee() -> impl Strategy<Value = Option<AgentRef>> {
    prop_oneof![1 => Just(None), 4 => (0..AGENTS.len()).prop_map(|n| Some(agent_ref(AGENTS[n])))]
}

pub(crate) fn any_tags() -> impl Strategy<Value = Tags> {
    proptest::sample::subsequence(vec!["fire", "printer", "vip"], 0..=3)
        .prop_map(|tags| Tags::parse(&tags).unwrap())
}

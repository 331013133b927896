//! Claims: of many at once one is written, and only one of an active member of the ticket's team.

use helpdesk_domain::{
    AgentActor, AgentRef, Change, MembershipChange, Outcome, Precondition, Refusal, Role, Team, Ticket, User,
    UserPatch,
};

use super::bureau::{both, move_to};
use super::desk::{Desk, account_change, assign, at, at_once, decided, despite_conflicts, new_user, status};
use crate::{AccountCommit, Commit, MembershipCommit, Stores};

/// How many claim at once.
const CLAIMING: usize = 30;

fn claim_of(ticket: &Ticket, user: &User) -> Result<Outcome, Refusal> {
    let me = AgentRef::new(user.id(), user.record().name.as_str());
    ticket.claim(AgentActor::new(user.id()), &me, at(5))
}

fn claim(ticket: &Ticket, user: &User) -> Change {
    match claim_of(ticket, user) {
        Ok(Outcome::Changed(change)) => *change,
        other => panic!("a ticket that nobody works can be claimed, but that came to {other:?}"),
    }
}

async fn commit(desk: &Desk, change: &Change) -> Commit {
    despite_conflicts(|| desk.stores.tickets.commit(change.clone())).await
}

/// An agent of this team alone.
async fn member(desk: &Desk, team: &Team, label: &str) -> User {
    let new = helpdesk_domain::NewUser { teams: Some(vec![team.id]), ..new_user(Role::Agent, label) };
    desk.create(super::desk::created(desk.admin, new, super::desk::hash(label), at(0))).await
}

/// A ticket of this team that nobody works.
async fn free_ticket(desk: &Desk, team: &Team) -> Ticket {
    let label = format!("customer-{}", fastrand::u64(..));
    let customer = desk.customer(&label).await;
    let ticket = desk.ticket(customer, "Printer on fire", at(1)).await;
    desk.run(&ticket, desk.admin, move_to(team), at(2)).await.ticket
}

fn dismissal(desk: &Desk, team: &Team, user: &User) -> MembershipChange {
    team.dismiss(desk.admin.into(), user, at(3))
}

/// With its event, as any change.
pub async fn a_claim_is_written(stores: Stores) {
    let desk = Desk::new(stores).await;
    let team = desk.team("Night").await;
    let user = member(&desk, &team, "grace").await;
    let ticket = free_ticket(&desk, &team).await;
    let change = claim(&ticket, &user);
    let Commit::Done(done) = commit(&desk, &change).await else { panic!("a member may claim") };
    assert_eq!(&done.ticket, change.ticket());
    assert_eq!(desk.read(ticket.id()).await.ticket, done.ticket);
    assert_eq!(claim_of(&done.ticket, &user), Ok(Outcome::Unchanged));
}

/// Never a member, none any more, disabled, of another role, or of another team: nothing is written.
pub async fn who_is_no_active_member_claims_nothing(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (team, other) = (desk.team("Night").await, desk.team("Day").await);
    let stranger = member(&desk, &other, "stranger").await;
    let nobody = desk.user(Role::Customer, "nobody").await;
    let gone = member(&desk, &team, "gone").await;
    let disabled = member(&desk, &team, "disabled").await;
    let promoted = member(&desk, &team, "promoted").await;
    let ticket = free_ticket(&desk, &team).await;
    assert_eq!(desk.change_members(dismissal(&desk, &team, &gone)).await, MembershipCommit::Done);
    let disable = UserPatch { is_active: Some(false), ..UserPatch::default() };
    desk.change_account(disabled.id(), disable, at(3)).await;
    let promote = UserPatch { role: Some(Role::Admin), ..UserPatch::default() };
    desk.change_account(promoted.id(), promote, at(3)).await;
    for user in [&stranger, &nobody, &gone, &disabled, &promoted] {
        let unmet = Commit::Unmet(Precondition::ActiveMember(team.id, user.id()));
        assert_eq!(commit(&desk, &claim(&ticket, user)).await, unmet, "{user:?}");
        assert_eq!(desk.read(ticket.id()).await.ticket, ticket, "nothing was written");
    }
}

/// The others are told that they decided upon what is no more, and when they look again, that it is taken.
pub async fn of_many_claims_one_is_written(stores: Stores) {
    let desk = Desk::new(stores).await;
    let team = desk.team("Night").await;
    let mut users = Vec::new();
    for n in 0..CLAIMING {
        users.push(member(&desk, &team, &format!("agent-{n}")).await);
    }
    for _ in 0..3 {
        let ticket = free_ticket(&desk, &team).await;
        let claims: Vec<Change> = users.iter().map(|user| claim(&ticket, user)).collect();
        let results = at_once(claims.iter().map(|change| commit(&desk, change))).await;
        let read = desk.read(ticket.id()).await.ticket;
        assert_eq!(read.version(), ticket.version() + 1);
        let mut winners = Vec::new();
        for (user, result) in users.iter().zip(results) {
            match result {
                Commit::Done(done) => {
                    assert_eq!(done.ticket, read);
                    winners.push(user.id());
                }
                other => {
                    assert_eq!(other, Commit::Stale);
                    let again =
                        desk.stores.tickets.claimable(AgentActor::new(user.id()).queue(), ticket.id());
                    let again = again.await.expect("finding a ticket").expect("a member still reaches it");
                    assert_eq!(claim_of(&again, user), Err(Refusal::AlreadyClaimed));
                }
            }
        }
        assert_eq!(winners, Vec::from_iter(read.facts().assignee), "one of many has it");
    }
}

/// Whoever is first: what is claimed was claimed by a member. It keeps the ticket, as one who leaves keeps all its tickets.
pub async fn claiming_races_leaving_the_team(stores: Stores) {
    let desk = Desk::new(stores).await;
    let team = desk.team("Night").await;
    let user = member(&desk, &team, "grace").await;
    for round in 0..12 {
        let ticket = free_ticket(&desk, &team).await;
        let (change, leaves) = (claim(&ticket, &user), dismissal(&desk, &team, &user));
        let leaving = despite_conflicts(|| desk.stores.teams.change_membership(leaves.clone()));
        let (claimed, left) = both(round, commit(&desk, &change), leaving).await;
        assert_eq!(left, MembershipCommit::Done, "round {round}");
        let read = desk.read(ticket.id()).await.ticket;
        match claimed {
            Commit::Done(done) => assert_eq!(read, done.ticket),
            other => {
                assert_eq!(other, Commit::Unmet(Precondition::ActiveMember(team.id, user.id())));
                assert_eq!(read, ticket);
            }
        }
        let late = claim(&free_ticket(&desk, &team).await, &user);
        let unmet = Commit::Unmet(Precondition::ActiveMember(team.id, user.id()));
        assert_eq!(commit(&desk, &late).await, unmet, "round {round}: it is no member any more");
        desk.join(&team, &user).await;
    }
}

/// Whoever is first: no disabled agent works a ticket. Others assign and resolve at the same time.
pub async fn claiming_races_disabling(stores: Stores) {
    let desk = Desk::new(stores).await;
    let team = desk.team("Night").await;
    let mut user = member(&desk, &team, "grace").await;
    let me = AgentRef::new(user.id(), "grace");
    for round in 0..12 {
        let ticket = free_ticket(&desk, &team).await;
        let other = free_ticket(&desk, &team).await;
        let worked = desk.run(&other, desk.admin, assign(&me), at(3)).await.ticket;
        let resolve = decided(&worked, desk.admin, status(helpdesk_domain::Status::Resolved), at(4));
        let change = claim(&ticket, &user);
        let patch = UserPatch { is_active: Some(false), ..UserPatch::default() };
        let disable = account_change(&user, desk.admin, patch, at(4));
        let disabling = despite_conflicts(|| desk.stores.users.commit(disable.clone()));
        let claiming = futures_util::future::join(commit(&desk, &change), commit(&desk, &resolve));
        let ((claimed, _), disabled) = both(round, claiming, disabling).await;
        assert_eq!(disabled, AccountCommit::Done(disable.user().clone()), "round {round}");
        let read = desk.read(ticket.id()).await.ticket;
        assert_eq!(read.facts().assignee, None, "round {round}: {claimed:?}");
        match claimed {
            Commit::Done(_) => assert_eq!(read.version(), ticket.version() + 2, "taken and given back"),
            other => {
                assert_eq!(other, Commit::Unmet(Precondition::ActiveMember(team.id, user.id())));
                assert_eq!(read, ticket);
            }
        }
        assert_eq!(desk.read(other.id()).await.ticket.facts().assignee, None, "round {round}");
        let back = UserPatch { is_active: Some(true), ..UserPatch::default() };
        user = desk.change_account(user.id(), back, at(6)).await;
        if !desk.members(team.id).await.contains(&user.id()) {
            desk.join(&team, &user).await;
        }
    }
}

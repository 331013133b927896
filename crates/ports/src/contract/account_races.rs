//! Races about accounts: preconditions across rows hold whatever happens at the same time.

use helpdesk_domain::{
    Actor, AdminActor, AgentRef, NewUser, Precondition, Role, Status, TicketId, User, UserPatch,
};

use super::desk::{
    Desk, SYSTEM, account_change, assign, at, at_once, created, decided, despite_conflicts, email, hash,
    name, new_user, reply, status,
};
use crate::{AccountCommit, Commit, Stores, UserCreation};

const DISABLE: UserPatch = UserPatch { name: None, role: None, is_active: Some(false) };
const ENABLE: UserPatch = UserPatch { name: None, role: None, is_active: Some(true) };
const DEMOTE: UserPatch = UserPatch { name: None, role: Some(Role::Agent), is_active: None };
const PROMOTE: UserPatch = UserPatch { name: None, role: Some(Role::Admin), is_active: None };

/// Of many at once who ask for one address, one gets it, with its own name and password.
pub async fn of_many_accounts_with_one_address_one_is_made(stores: Stores) {
    let desk = Desk::new(stores).await;
    let made = at_once((0..20).map(|n| {
        let user = NewUser {
            email: email("ada"),
            name: name(&format!("Ada {n}")),
            role: Role::Customer,
            teams: None,
        };
        let desk = &desk;
        async move {
            let password = hash(&format!("ada-{n}"));
            let creation = created(desk.admin, user, password, at(n));
            despite_conflicts(|| desk.stores.users.create(creation.clone())).await
        }
    }))
    .await;
    let mut created = made.into_iter().enumerate().filter_map(|(n, made)| match made {
        UserCreation::Created(user) => Some((n, user)),
        UserCreation::EmailTaken => None,
        UserCreation::Unmet(_) => panic!("the account asks for no team"),
    });
    let (n, user) = created.next().expect("one is made");
    assert_eq!(created.next(), None, "no more than one is made");
    assert_eq!(user.record().name, name(&format!("Ada {n}")));
    let credentials = desk.stores.users.credentials(email("ada")).await.expect("reading credentials");
    let credentials = credentials.expect("the account is there");
    assert_eq!((credentials.user, credentials.password), (user, hash(&format!("ada-{n}"))));
}

/// Two admins, the only ones, take the role from one another at the same moment: one of them succeeds.
pub async fn two_admins_who_demote_each_other_leave_one(stores: Stores) {
    let (mut a, mut b) = (admin(&stores, "a").await, admin(&stores, "b").await);
    for (round, patch) in (0..10).zip([DEMOTE, DISABLE].into_iter().cycle()) {
        let changes = [
            account_change(&b, AdminActor::new(a.id()), patch.clone(), at(round)),
            account_change(&a, AdminActor::new(b.id()), patch.clone(), at(round)),
        ];
        let results = at_once(changes.clone().map(|change| {
            let stores = &stores;
            async move { despite_conflicts(|| stores.users.commit(change.clone())).await }
        }))
        .await;
        let loser = match &results[..] {
            [AccountCommit::Done(user), AccountCommit::Unmet(unmet)]
            | [AccountCommit::Unmet(unmet), AccountCommit::Done(user)] => {
                let winner = if user.id() == a.id() { b.id() } else { a.id() };
                assert_eq!(*unmet, Precondition::AnotherAdminRemains(winner));
                user.clone()
            }
            _ => panic!("of two admins who demote each other one remains, but they came to {results:?}"),
        };
        let winner = if loser.id() == a.id() { b.id() } else { a.id() };
        let back = UserPatch { role: Some(Role::Admin), is_active: Some(true), name: None };
        let back = account_change(&loser, AdminActor::new(winner), back, at(round));
        match stores.users.commit(back).await.expect("committing a change of an account") {
            AccountCommit::Done(user) if user.id() == a.id() => a = user,
            AccountCommit::Done(user) => b = user,
            other => panic!("nothing forbids to make an admin, but it came to {other:?}"),
        }
    }
}

/// All admins resign at the same moment: one is kept.
pub async fn when_all_admins_resign_at_once_one_remains(stores: Stores) {
    let mut admins = Vec::new();
    for n in 0..8 {
        admins.push(admin(&stores, &format!("admin-{n}")).await);
    }
    let results = at_once(admins.iter().map(|user| {
        let change = account_change(user, AdminActor::new(user.id()), DEMOTE, at(1));
        let stores = &stores;
        async move { despite_conflicts(|| stores.users.commit(change.clone())).await }
    }))
    .await;
    let mut kept =
        admins.iter().zip(&results).filter(|(_, result)| !matches!(result, AccountCommit::Done(_)));
    let (last, result) = kept.next().expect("one admin is kept");
    assert_eq!(result, &AccountCommit::Unmet(Precondition::AnotherAdminRemains(last.id())));
    assert_eq!(kept.next(), None, "all others resigned");
    let read = stores.users.find(AdminActor::new(last.id()).into(), last.id()).await;
    assert_eq!(read, Ok(Some(last.clone())), "nothing of the last admin was written");
}

/// Whoever is first: afterwards no ticket that is not closed has an assignee who is no active agent, and nothing that was
/// written meanwhile is lost.
pub async fn assigning_races_disabling(stores: Stores) {
    let desk = Desk::new(stores).await;
    let customer = desk.customer("ada").await;
    let agent = desk.agent("grace").await;
    let mut ids = Vec::new();
    for round in 0..12 {
        let now = at(10 * round);
        let mut tickets = Vec::new();
        for _ in 0..4 {
            tickets.push(desk.ticket(customer, "Again", now).await);
        }
        // Two are the agent's already: one the requester writes to meanwhile, one it closes.
        tickets[2] = desk.run(&tickets[2], desk.admin, assign(&agent), now).await.ticket;
        tickets[3] = desk.run(&tickets[3], desk.admin, assign(&agent), now).await.ticket;
        ids.extend(tickets.iter().map(helpdesk_domain::Ticket::id));

        let away = if round % 2 == 0 { DISABLE } else { UserPatch { role: Some(Role::Customer), ..DEMOTE } };
        let away = account_change(&desk.account(agent.id()).await, desk.admin, away, now);
        let changes = [
            decided(&tickets[0], desk.admin, assign(&agent), now),
            decided(&tickets[1], desk.admin, assign(&agent), now),
            decided(&tickets[2], customer, reply("Hello?"), now),
            decided(&tickets[3], customer, status(Status::Closed), now),
        ];
        let disabling = despite_conflicts(|| desk.stores.users.commit(away.clone()));
        let writing = at_once(changes.map(|change| {
            let desk = &desk;
            async move { despite_conflicts(|| desk.stores.tickets.commit(change.clone())).await }
        }));
        // Each is first now and then.
        let (disabled, written) = if round % 4 < 2 {
            futures_util::future::join(disabling, writing).await
        } else {
            let (written, disabled) = futures_util::future::join(writing, disabling).await;
            (disabled, written)
        };
        assert_eq!(disabled, AccountCommit::Done(away.user().clone()), "round {round}");
        for result in &written[..2] {
            let unmet = Commit::Unmet(Precondition::ActiveAgent(agent.id()));
            assert!(matches!(result, Commit::Done(_)) || *result == unmet, "round {round}: {result:?}");
        }
        for (result, id) in written[2..].iter().zip([tickets[2].id(), tickets[3].id()]) {
            assert!(matches!(result, Commit::Done(_) | Commit::Stale), "round {round}: {result:?}");
            let (read, done) = (desk.read(id).await, matches!(result, Commit::Done(_)));
            let is_there = !read.comments.items.is_empty() || read.ticket.status() == Status::Closed;
            assert_eq!(is_there, done, "round {round}: what is acknowledged is written, and nothing else");
        }
        assert_no_open_ticket_of(&desk, &agent, &ids).await;
        let back = UserPatch { role: Some(Role::Agent), ..ENABLE };
        desk.change_account(agent.id(), back, now).await;
    }
}

/// Whoever is first: an assignment that is acknowledged went to one who is an agent then, or came too late.
pub async fn promoting_races_assigning(stores: Stores) {
    let desk = Desk::new(stores).await;
    let customer = desk.customer("ada").await;
    let agent = desk.agent("grace").await;
    for round in 0..8 {
        let ticket = desk.ticket(customer, "Again", at(round)).await;
        let promote = account_change(&desk.account(agent.id()).await, desk.admin, PROMOTE, at(round));
        let change = decided(&ticket, Actor::from(desk.admin), assign(&agent), at(round));
        let (assigned, promoted) = futures_util::future::join(
            despite_conflicts(|| desk.stores.tickets.commit(change.clone())),
            despite_conflicts(|| desk.stores.users.commit(promote.clone())),
        )
        .await;
        assert!(matches!(promoted, AccountCommit::Done(_)), "{promoted:?}");
        let versions = desk.read(ticket.id()).await.ticket.version() - ticket.version();
        match assigned {
            Commit::Done(_) => assert_eq!(versions, 2, "assigned, and given back"),
            other => {
                assert_eq!(other, Commit::Unmet(Precondition::ActiveAgent(agent.id())));
                assert_eq!(versions, 0, "neither assigned nor given back");
            }
        }
        assert_no_open_ticket_of(&desk, &agent, &[ticket.id()]).await;
        desk.change_account(agent.id(), DEMOTE, at(round)).await;
    }
}

async fn assert_no_open_ticket_of(desk: &Desk, agent: &AgentRef, ids: &[TicketId]) {
    for read in at_once(ids.iter().map(|id| desk.read(*id))).await {
        let is_theirs = read.ticket.facts().assignee == Some(agent.id());
        assert!(
            read.ticket.status() == Status::Closed || !is_theirs,
            "an open ticket is left with an assignee who is no active agent: {:?}",
            read.ticket
        );
    }
}

/// An admin in a store that has none but those made here.
async fn admin(stores: &Stores, label: &str) -> User {
    match stores.users.create(created(SYSTEM, new_user(Role::Admin, label), hash(label), at(0))).await {
        Ok(UserCreation::Created(user)) => user,
        other => panic!("making an admin came to {other:?}"),
    }
}

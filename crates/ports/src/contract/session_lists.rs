//! What an account is told of its sessions, and what is known of where they come from.

use std::time::Duration;

use helpdesk_domain::{
    Client, ClientNetwork, MAX_ID, Role, SESSION_IDLE_LIFETIME, Session, SessionId, Ts, User, UserAgent,
    UserPatch,
};

use super::bureau::{rotated, walk};
use super::desk::{Desk, at, client, email, hash, session, token, user_id};
use crate::{Refreshed, SessionPosition, Stores};

/// Whatever address and whatever name, or none; so are all other fields.
pub async fn a_session_reads_back_as_it_was_opened(stores: Stores) {
    let desk = Desk::new(stores).await;
    let user = desk.user(Role::Customer, "ada").await;
    let agents = [
        None,
        Some("x"),
        Some("Mozilla/5.0 (\"quoted\" 'n' \\slashed; %_$1) ünï 🙂"),
        Some(&*"🙂".repeat(UserAgent::MAX_CHARS)),
    ]
    .map(|agent| agent.and_then(UserAgent::clean));
    let addresses = ["192.0.2.1", "255.255.255.255", "2001:db8::1", "fe80::1", "::ffff:192.0.2.7", "::"];
    let mut opened = Vec::new();
    for (bits, address) in (0..).zip(addresses) {
        for (n, user_agent) in (0..).zip(agents.clone()) {
            let client = Some(Client { user_agent, ..client(address) });
            opened.push(Session { client, ..session(&user, 10 * bits + n, at(0)) });
        }
    }
    // One that began before anybody asked where from, and one with the largest id.
    opened.push(Session { client: None, ..session(&user, 900, at(0)) });
    opened.push(session(&user, u128::MAX, at(0)));
    for session in &opened {
        let is_open = desk.stores.sessions.open(session.clone(), token(session.id.bits())).await;
        assert_eq!(is_open, Ok(true));
    }
    opened.reverse();
    assert_eq!(desk.live(user.id(), at(0)).await, opened);
    let refreshed = rotated(desk.show(900, 901, at(1)).await);
    assert_eq!(refreshed.client, Some(client("192.0.2.1")), "now it is known");
}

/// The account's own, that are good at that moment, by when they began.
pub async fn live_sessions_are_listed_newest_first(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (user, other) = (desk.user(Role::Customer, "ada").await, desk.user(Role::Agent, "grace").await);
    for (bits, second) in [(1, 5), (2, 9), (3, 1), (4, 5), (5, 3)] {
        desk.sign_in(&user, bits, at(second)).await;
    }
    desk.sign_in(&other, 6, at(7)).await;
    assert_eq!(listed(&desk, &user, at(10), 100).await, [2, 4, 1, 5, 3]);
    assert_eq!(listed(&desk, &other, at(10), 100).await, [6]);
    assert_eq!(desk.live(user_id(MAX_ID), at(10)).await, []);

    assert_eq!(desk.stores.sessions.end(user.id(), SessionId::from_bits(4), at(11)).await, Ok(true));
    assert_eq!(listed(&desk, &user, at(11), 100).await, [2, 1, 5, 3], "one was ended");
    let idle = at(3).after(SESSION_IDLE_LIFETIME);
    assert_eq!(listed(&desk, &user, idle, 100).await, [2, 1], "two were idle for too long");
    let just_before = idle.before(Duration::from_micros(1));
    assert_eq!(listed(&desk, &user, just_before, 100).await, [2, 1, 5], "at its end a session is over");
    rotated(desk.show(3, 30, at(20)).await);
    assert_eq!(listed(&desk, &user, idle, 100).await, [2, 1, 3], "one went on, in the place where it began");

    let patch = UserPatch { is_active: Some(false), ..UserPatch::default() };
    desk.change_account(user.id(), patch, at(30)).await;
    assert_eq!(listed(&desk, &user, at(30), 100).await, [0; 0], "a disabled account has none");
    let patch = UserPatch { is_active: Some(true), ..UserPatch::default() };
    let user = desk.change_account(user.id(), patch, at(31)).await;
    assert_eq!(listed(&desk, &user, at(31), 100).await, [0; 0], "what is over stays over");
    desk.sign_in(&user, 7, at(32)).await;
    assert_eq!(listed(&desk, &user, at(32), 100).await, [7]);
}

/// A session that is refreshed to the last ends all the same, by a bound of its own.
pub async fn a_session_that_is_over_is_not_listed(stores: Stores) {
    let desk = Desk::new(stores).await;
    let user = desk.user(Role::Customer, "ada").await;
    // Neither bound stands in for the other, whatever opens a session.
    let short = Session { expires_at: at(100), ..session(&user, 1, at(0)) };
    let idle = Session { idle_expires_at: at(100), ..session(&user, 2, at(0)) };
    for session in [&short, &idle] {
        let is_open = desk.stores.sessions.open(session.clone(), token(session.id.bits())).await;
        assert_eq!(is_open, Ok(true));
    }
    assert_eq!(listed(&desk, &user, at(99), 100).await, [2, 1]);
    assert_eq!(listed(&desk, &user, at(100), 100).await, [0; 0]);
    for bits in [1, 2] {
        let id = SessionId::from_bits(bits);
        assert_eq!(desk.stores.sessions.end(user.id(), id, at(100)).await, Ok(false), "it is over");
        assert_eq!(desk.show(bits, bits + 10, at(100)).await, Refreshed::Dead);
        assert_eq!(desk.stores.sessions.end(user.id(), id, at(99)).await, Ok(true), "it was not, then");
    }
}

/// Also where many began in the same moment, and dead ones lie between.
pub async fn pages_of_sessions_hold_each_once(stores: Stores) {
    let desk = Desk::new(stores).await;
    let user = desk.user(Role::Customer, "ada").await;
    let other = desk.user(Role::Customer, "eve").await;
    for (bits, second) in (1..).zip([5, 5, 1, 5, 7, 5, 7, 1, 5]) {
        desk.sign_in(&user, bits, at(second)).await;
        desk.sign_in(&other, bits + 100, at(second)).await;
    }
    for bits in [2, 7] {
        assert_eq!(desk.stores.sessions.end(user.id(), SessionId::from_bits(bits), at(8)).await, Ok(true));
    }
    for items in 1..=8 {
        assert_eq!(listed(&desk, &user, at(8), items).await, [5, 9, 6, 4, 1, 8, 3], "in pages of {items}");
    }
}

/// One's own, once, while it is live; and of it nothing is good then.
pub async fn ending_a_session_ends_that_one(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (ada, eve) = (desk.user(Role::Customer, "ada").await, desk.user(Role::Customer, "eve").await);
    for (user, bits) in [(&ada, 1), (&ada, 2), (&eve, 3)] {
        desk.sign_in(user, bits, at(0)).await;
    }
    let end = async |user: &User, bits| {
        let ended = desk.stores.sessions.end(user.id(), SessionId::from_bits(bits), at(1)).await;
        ended.expect("ending a session")
    };
    assert!(!end(&eve, 1).await, "it is not hers");
    assert!(!end(&ada, 99).await, "there is none");
    assert!(desk.is_good(ada.id(), SessionId::from_bits(1)).await, "it goes on");
    let trail = desk.trail().await;
    assert!(end(&ada, 1).await);
    assert!(!end(&ada, 1).await, "it was over already");
    assert!(!desk.is_good(ada.id(), SessionId::from_bits(1)).await);
    assert_eq!(desk.show(1, 10, at(2)).await, Refreshed::Dead);
    for (user, bits) in [(&ada, 2), (&eve, 3)] {
        assert!(desk.is_good(user.id(), SessionId::from_bits(bits)).await, "session {bits} goes on");
    }
    assert_eq!(desk.trail().await, trail, "signing out is nothing to tell of");

    let patch = UserPatch { role: Some(Role::Agent), ..UserPatch::default() };
    desk.change_account(ada.id(), patch, at(2)).await;
    assert!(!end(&ada, 2).await, "the change of the role ended it");
}

/// By address and network, since a moment; whatever became of session and account.
pub async fn a_network_is_known_by_the_sessions_from_it(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (ada, eve) = (desk.user(Role::Customer, "ada").await, desk.user(Role::Customer, "eve").await);
    for (user, bits, address) in
        [(&ada, 1, "192.0.2.1"), (&ada, 2, "2001:db8:0:1::1"), (&eve, 3, "198.51.100.1")]
    {
        let session = Session { client: Some(client(address)), ..session(user, bits, at(10)) };
        assert_eq!(desk.stores.sessions.open(session, token(bits)).await, Ok(true));
    }
    let nowhere = Session { client: None, ..session(&ada, 4, at(10)) };
    assert_eq!(desk.stores.sessions.open(nowhere, token(4)).await, Ok(true));

    let known = async |label: &str, address: &str, since: Ts| {
        let network: ClientNetwork = client(address).address.network();
        let known = desk.stores.sessions.is_known_network(email(label), network, since).await;
        known.expect("asking for a network")
    };
    let check = async || {
        for since in [at(0), at(10)] {
            for address in ["192.0.2.1", "::ffff:192.0.2.1", "2001:db8:0:1::1", "2001:db8:0:1:ffff::9"] {
                assert!(known("ada", address, since).await, "{address} since {since}");
            }
            for address in ["192.0.2.2", "2001:db8:0:2::1", "2001:db8::1", "198.51.100.1", "::192.0.2.1"] {
                assert!(!known("ada", address, since).await, "{address} since {since}");
            }
            assert!(known("eve", "198.51.100.1", since).await);
            assert!(!known("eve", "192.0.2.1", since).await, "it is another account's");
            assert!(!known("nobody", "192.0.2.1", since).await);
        }
        let later = at(10).after(Duration::from_micros(1));
        assert!(!known("ada", "192.0.2.1", later).await, "nobody came from there since");
    };
    check().await;
    assert_eq!(desk.stores.sessions.end(ada.id(), SessionId::from_bits(1), at(11)).await, Ok(true));
    check().await;
    let change = ada.set_password(super::desk::SYSTEM, hash("set"), at(12));
    let ada = desk.write(change).await;
    let patch = UserPatch { is_active: Some(false), ..UserPatch::default() };
    desk.change_account(ada.id(), patch, at(13)).await;
    check().await;

    // Who refreshes shows no password.
    assert_eq!(rotated(desk.show(3, 30, at(50)).await).last_used_at, at(50));
    assert!(!known("eve", "192.0.2.1", at(0)).await, "it was refreshed from there, and opened elsewhere");
    assert!(known("eve", "198.51.100.1", at(10)).await, "where it was opened");
    assert!(!known("eve", "198.51.100.1", at(11)).await);
}

/// The account's live sessions, read in pages of this many: their bits.
async fn listed(desk: &Desk, user: &User, now: Ts, items: u64) -> Vec<u128> {
    let read = async |page| desk.stores.sessions.list(user.id(), now, page).await;
    let sessions = walk(items, SessionPosition::of, read).await;
    assert!(sessions.iter().all(|session| session.user == user.id()), "one's own alone");
    sessions.iter().map(|session| session.id.bits()).collect()
}

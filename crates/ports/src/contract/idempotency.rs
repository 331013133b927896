//! What is done once: the answer is kept with the write, or not at all.

use std::time::Duration;

use helpdesk_domain::Status;

use super::counter::{Call, CameTo, Counter, Deed, KEPT_FOR, key};
use super::desk::{at, note, status};
use crate::{Once, StoreError, Stores, TeamMade, UserCreation, WrittenOnce};

const MICROSECOND: Duration = Duration::from_micros(1);

/// Whatever it is: the first call is written and its answer kept, and the key is taken from then on, for any request.
pub async fn what_is_done_once_is_written_with_its_answer(stores: Stores) {
    let counter = Counter::new(stores).await;
    for deed in Deed::ALL {
        let call = Call::new(counter.customer.id(), &format!("{deed:?}"), &format!("first-{deed:?}"));
        assert_eq!(counter.kept(&call).await, None);
        let CameTo::Written(said) = counter.call(deed, &call).await.expect("the first call") else {
            panic!("{deed:?}: a call that nothing forbids was not written");
        };
        assert_eq!(counter.kept(&call).await, Some(call.kept(&said)), "{deed:?}");
        for other in Deed::ALL {
            let label = format!("second-{deed:?}-{other:?}");
            let late = Call { label, ..call.clone() };
            assert_eq!(counter.call(other, &late).await, Ok(CameTo::KeyTaken), "{deed:?}, then {other:?}");
        }
        assert_eq!(counter.kept(&call).await, Some(call.kept(&said)), "it stays as it was");
        assert_eq!(counter.written(|label| label == call.label).await, [said], "{deed:?}");
    }
    assert_eq!(counter.written(|label| label.starts_with("second")).await, Vec::<String>::new());
}

/// A key that is sent again leaves no trace at all: neither in the trail nor in a ticket's history or version.
pub async fn a_taken_key_leaves_no_trace(stores: Stores) {
    let counter = Counter::new(stores).await;
    let call = Call::new(counter.desk.admin.id(), "key", "first");
    counter.call(Deed::Team, &call).await.expect("the first call");
    let trail = counter.desk.trail().await;
    let ticket = counter.desk.read(counter.ticket).await;
    for deed in Deed::ALL {
        let late = Call { label: format!("late-{deed:?}"), ..call.clone() };
        assert_eq!(counter.call(deed, &late).await, Ok(CameTo::KeyTaken));
    }
    assert_eq!(counter.desk.trail().await, trail);
    assert_eq!(counter.desk.read(counter.ticket).await, ticket);
}

/// What is refused, stale or unmet keeps nothing, so that the same key is good for another try.
pub async fn what_is_not_written_keeps_no_answer(stores: Stores) {
    let counter = Counter::new(stores).await;
    let account = counter.customer.id();
    let call = |label: &str| Call::new(account, "key", label);
    let old = counter.desk.read(counter.ticket).await.ticket;
    counter.desk.run(&old, counter.desk.admin, note("First."), at(2)).await;
    assert_eq!(counter.comment_on(&old, &call("stale")).await, Ok(CameTo::Refused));

    counter.desk.user(helpdesk_domain::Role::Agent, "taken").await;
    assert_eq!(counter.call(Deed::Account, &call("taken")).await, Ok(CameTo::Refused));
    counter.desk.team("taken").await;
    assert_eq!(counter.call(Deed::Team, &call("taken")).await, Ok(CameTo::Refused));

    let closed = counter.desk.ticket(counter.customer, "Closed", at(3)).await;
    let closed = counter.desk.run(&closed, counter.customer, status(Status::Closed), at(4)).await.ticket;
    let elsewhere = Counter { ticket: closed.id(), ..counter };
    assert_eq!(elsewhere.call(Deed::LockedComment, &call("refused")).await, Ok(CameTo::Refused));
    let stranger = elsewhere.desk.customer("stranger").await;
    let elsewhere = Counter { customer: stranger, ..elsewhere };
    assert_eq!(elsewhere.call(Deed::LockedComment, &call("unseen")).await, Ok(CameTo::Refused));

    assert_eq!(elsewhere.kept(&call("")).await, None);
    let again = elsewhere.call(Deed::Open, &call("free")).await.expect("the key is free");
    assert!(matches!(again, CameTo::Written(_)), "{again:?}");
}

/// Where the answer cannot be made, nothing is written.
pub async fn what_cannot_be_answered_is_not_written(stores: Stores) {
    let counter = Counter::new(stores).await;
    for deed in Deed::ALL {
        let label = format!("mute-{deed:?}");
        let mute = Call { can_be_answered: false, ..Call::new(counter.customer.id(), "key", &label) };
        let failed = counter.call(deed, &mute).await;
        assert!(matches!(failed, Err(StoreError::Fault(_))), "{deed:?}: {failed:?}");
        assert_eq!(counter.kept(&mute).await, None);
    }
    assert_eq!(counter.written(|label| label.starts_with("mute")).await, Vec::<String>::new());
}

/// The same text is another account's own key.
pub async fn a_key_belongs_to_its_account(stores: Stores) {
    let counter = Counter::new(stores).await;
    let accounts = [counter.customer.id(), counter.desk.admin.id(), counter.desk.customer("eve").await.id()];
    let mut calls = Vec::new();
    for account in accounts {
        let call = Call::new(account, "the-same", &format!("by-{account}"));
        let CameTo::Written(said) = counter.call(Deed::Open, &call).await.expect("a call") else {
            panic!("another account's key is in the way");
        };
        calls.push((call, said));
    }
    for (call, said) in calls {
        assert_eq!(counter.kept(&call).await, Some(call.kept(&said)));
    }
    let other_case = Call::new(accounts[0], "The-Same", "other case");
    assert!(matches!(counter.call(Deed::Open, &other_case).await, Ok(CameTo::Written(_))));
}

/// Until its time an answer is there, and from then on it is not; then the key is free, whether it was forgotten or not.
pub async fn an_answer_that_expired_gives_way(stores: Stores) {
    let counter = Counter::new(stores).await;
    for deed in Deed::ALL {
        let first = Call::new(counter.customer.id(), &format!("{deed:?}"), &format!("first-{deed:?}"));
        let CameTo::Written(said) = counter.call(deed, &first).await.expect("the first call") else {
            panic!("{deed:?} was not written");
        };
        let end = first.now.after(KEPT_FOR);
        let last = end.before(MICROSECOND);
        let late = Call { now: last, label: format!("late-{deed:?}"), ..first.clone() };
        assert_eq!(counter.call(deed, &late).await, Ok(CameTo::KeyTaken), "{deed:?}");
        assert_eq!(counter.kept_at(&first, last).await, Some(first.kept(&said)));
        assert_eq!(counter.kept_at(&first, end).await, None);

        let next = Call { now: end, label: format!("next-{deed:?}"), ..first.clone() };
        let CameTo::Written(said) = counter.call(deed, &next).await.expect("the next call") else {
            panic!("{deed:?}: what expired is still in the way");
        };
        assert_eq!(counter.kept(&next).await, Some(next.kept(&said)));
        assert_eq!(counter.kept_at(&next, end.after(KEPT_FOR)).await, None, "it is kept for as long again");
    }
    assert_eq!(counter.written(|label| label.starts_with("late")).await, Vec::<String>::new());
}

/// So many at a time, longest ago first, and none that has not expired.
pub async fn what_expired_is_forgotten_in_batches(stores: Stores) {
    let counter = Counter::new(stores).await;
    let call = |n: i64| Call {
        now: at(n),
        ..Call::new(counter.customer.id(), &format!("key-{n}"), &format!("ticket-{n}"))
    };
    for n in [3, 1, 5, 2, 4] {
        counter.call(Deed::Open, &call(n)).await.expect("a call");
    }
    let idempotency = &counter.desk.stores.idempotency;
    let fourth = at(4).after(KEPT_FOR);
    assert_eq!(idempotency.forget_expired(at(1).after(KEPT_FOR).before(MICROSECOND), 10).await, Ok(0));
    for (forgotten, left) in [(2, vec![3, 4, 5]), (2, vec![5]), (0, vec![5])] {
        assert_eq!(idempotency.forget_expired(fourth, 2).await, Ok(forgotten));
        let mut there = Vec::new();
        for n in 1..=5 {
            // Looked for at a time when none had expired.
            if counter.kept_at(&call(n), at(6)).await.is_some() {
                there.push(n);
            }
        }
        assert_eq!(there, left);
    }
    let all = counter.written(|label| label.starts_with("ticket-")).await;
    assert_eq!(all.len(), 5, "what was written stays");
}

/// The longest key, an empty answer and a long one, as they are.
pub async fn keys_and_answers_survive(stores: Stores) {
    let counter = Counter::new(stores).await;
    let every_byte: Vec<u8> = (0..=u8::MAX).collect();
    for (n, answer) in [Vec::new(), every_byte, vec![b'x'; 300_000]].into_iter().enumerate() {
        let text: String =
            (0..64).map(|at| char::from(b'!' + u8::try_from((at + n) % 94).expect("a byte"))).collect();
        let kept = crate::Answer(answer);
        let rendered = kept.clone();
        let once = Once {
            account: counter.customer.id(),
            key: key(&text),
            fingerprint: crate::Fingerprint([u8::MAX; 32]),
            now: at(0),
            expires_at: at(1),
            render: std::sync::Arc::new(move |_: &helpdesk_domain::Team| Ok(rendered.clone())),
        };
        let name = super::bureau::team_name(&format!("team-{n}"));
        let creation = helpdesk_domain::Team::create(counter.desk.admin.into(), name, at(0));
        let made = counter.desk.stores.teams.create_once(creation, once).await;
        assert!(matches!(made, Ok(WrittenOnce::Ran(TeamMade::Created(_)))), "{made:?}");
        let found = counter.desk.stores.idempotency.find(counter.customer.id(), key(&text), at(0)).await;
        let found = found.expect("looking for an answer").expect("it is kept");
        assert_eq!((found.fingerprint, found.answer == kept), (crate::Fingerprint([u8::MAX; 32]), true));
    }
}

/// An account that cannot be made because of a team that is not there keeps nothing either.
pub async fn an_unmet_account_keeps_no_answer(stores: Stores) {
    let counter = Counter::new(stores).await;
    let mut new = super::desk::new_user(helpdesk_domain::Role::Agent, "nowhere");
    new.teams = Some(vec![helpdesk_domain::TeamId::new(helpdesk_domain::MAX_ID).expect("an id")]);
    let creation = super::desk::created(counter.desk.admin, new, super::desk::hash("nowhere"), at(1));
    let call = Call::new(counter.desk.admin.id(), "key", "nowhere");
    let once: Once<helpdesk_domain::User> = Once {
        account: call.account,
        key: key("key"),
        fingerprint: crate::Fingerprint([1; 32]),
        now: call.now,
        expires_at: call.now.after(KEPT_FOR),
        render: std::sync::Arc::new(|_| Ok(crate::Answer(Vec::new()))),
    };
    let made = counter.desk.stores.users.create_once(creation, once).await;
    assert!(matches!(made, Ok(WrittenOnce::Ran(UserCreation::Unmet(_)))), "{made:?}");
    assert_eq!(counter.kept(&call).await, None);
}

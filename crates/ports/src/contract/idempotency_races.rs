//! What is done once, many times at once.

use fastrand::Rng;
use helpdesk_domain::UserId;

use super::counter::{Call, CameTo, Counter, Deed, KEPT_FOR};
use super::desk::{PARALLEL, at, at_once, despite_conflicts};
use crate::Stores;

/// Calls until the store knows what came of it: a comment may be stale as often as others are faster.
async fn settled(counter: &Counter, deed: Deed, call: &Call) -> CameTo {
    for _ in 0..2 * PARALLEL {
        match despite_conflicts(|| counter.call(deed, call)).await {
            // Whoever was faster under the same key has kept an answer by now.
            CameTo::Refused if counter.kept(call).await.is_some() => return CameTo::KeyTaken,
            CameTo::Refused if deed == Deed::Comment => {}
            other => return other,
        }
    }
    panic!("a comment was stale more often than others were written");
}

/// Of many calls with one key one is written, and all others are told so when its answer can be read.
pub async fn of_many_with_one_key_one_is_written(stores: Stores) {
    let counter = Counter::new(stores).await;
    for deed in Deed::ALL {
        let call =
            |n: usize| Call::new(counter.customer.id(), &format!("{deed:?}"), &format!("{deed:?}-{n}"));
        let calls: Vec<Call> = (0..PARALLEL).map(call).collect();
        let came_to = at_once(calls.iter().map(|call| async {
            let came_to = settled(&counter, deed, call).await;
            (came_to, counter.kept(call).await)
        }))
        .await;
        let first = came_to.iter().zip(&calls).find_map(|((came_to, _), call)| match came_to {
            CameTo::Written(said) => Some((said.clone(), call)),
            CameTo::Refused | CameTo::KeyTaken => None,
        });
        let (said, call) = first.expect("one is written");
        let kept = Some(call.kept(&said));
        assert!(came_to.iter().all(|(_, seen)| *seen == kept), "{deed:?}: whoever is told, can read it");
        let taken = came_to.iter().filter(|(came_to, _)| *came_to == CameTo::KeyTaken).count();
        assert_eq!(taken, PARALLEL - 1, "{deed:?}");
        let there = counter.written(|label| label.starts_with(&format!("{deed:?}-"))).await;
        assert_eq!(there, [said], "{deed:?}");
    }
}

/// Of one request that is sent many times at once, with the same name or address each time, one is written.
pub async fn of_one_request_sent_many_times_one_is_written(stores: Stores) {
    let counter = Counter::new(stores).await;
    for deed in Deed::ALL {
        let label = format!("same-{deed:?}");
        let call = Call::new(counter.customer.id(), &format!("{deed:?}"), &label);
        let came_to = at_once((0..PARALLEL).map(|_| settled(&counter, deed, &call))).await;
        let written: Vec<_> = came_to.iter().filter(|one| matches!(one, CameTo::Written(_))).collect();
        assert_eq!(written.len(), 1, "{deed:?}: {came_to:?}");
        assert!(!came_to.contains(&CameTo::Refused), "{deed:?}: the answer is there for all others");
        assert_eq!(counter.written(|written| written == label).await.len(), 1, "{deed:?}");
    }
}

/// Of many that find an expired answer at once, one takes its place, however it is being forgotten meanwhile.
pub async fn an_expired_answer_gives_way_once(stores: Stores) {
    let counter = Counter::new(stores).await;
    let old = Call::new(counter.customer.id(), "key", "old");
    counter.call(Deed::Open, &old).await.expect("the first call");
    let next = |n: usize| Call {
        now: old.now.after(KEPT_FOR),
        ..Call::new(counter.customer.id(), "key", &format!("next-{n}"))
    };
    let came_to = at_once((0..PARALLEL).map(|n| {
        let (counter, call) = (&counter, next(n));
        async move {
            if n.is_multiple_of(4) {
                let idempotency = &counter.desk.stores.idempotency;
                despite_conflicts(|| idempotency.forget_expired(call.now, 10)).await;
                return None;
            }
            Some(settled(counter, Deed::Open, &call).await)
        }
    }))
    .await;
    let written = came_to.iter().flatten().filter(|one| matches!(one, CameTo::Written(_))).count();
    assert_eq!(written, 1, "{came_to:?}");
    assert_eq!(counter.written(|label| label.starts_with("next-")).await.len(), 1);
    let kept = counter.kept(&next(0)).await.expect("the new answer was not forgotten with the old one");
    assert_ne!(kept.fingerprint, old.kept("").fingerprint);
}

/// Whoever runs at once: under each key of each account one thing is written, its answer is kept, and of nothing that was not
/// written is anything there.
pub async fn any_mix_of_calls_writes_one_for_each_key(stores: Stores) {
    let counter = Counter::new(stores).await;
    let accounts = [counter.customer.id(), counter.desk.admin.id()];
    let seed = fastrand::u64(..);
    let mut rng = Rng::with_seed(seed);
    for round in 0..6 {
        let calls: Vec<(Deed, Call)> = (0..16).map(|n| any_call(round, n, accounts, &mut rng)).collect();
        let came_to = at_once(calls.iter().map(|(deed, call)| settled(&counter, *deed, call))).await;
        let mut expected = Vec::new();
        for ((deed, call), came_to) in calls.iter().zip(&came_to) {
            let kept = counter.kept(call).await.expect("under every key something is written");
            match came_to {
                CameTo::Written(said) => {
                    assert_eq!(kept, call.kept(said), "seed {seed}, round {round}: {deed:?} {call:?}");
                    expected.push(said.clone());
                }
                CameTo::KeyTaken => assert_ne!(kept.fingerprint, call.kept("").fingerprint),
                CameTo::Refused => panic!("seed {seed}, round {round}: {deed:?} {call:?} was refused"),
            }
        }
        expected.sort_unstable();
        let there = counter.written(|label| label.starts_with(&format!("round-{round}-"))).await;
        assert_eq!(there, expected, "seed {seed}, round {round}");
    }
}

fn any_call(round: u32, n: u32, accounts: [UserId; 2], rng: &mut Rng) -> (Deed, Call) {
    let deed = Deed::ALL[rng.usize(..Deed::ALL.len())];
    let account = accounts[rng.usize(..accounts.len())];
    let key = format!("key-{round}-{}", rng.u32(..3));
    let call = Call { now: at(i64::from(round)), ..Call::new(account, &key, &format!("round-{round}-{n}")) };
    (deed, call)
}

use std::sync::mpsc;

use super::super::tests::lane;
use super::*;

/// Says how many were run together, where the call is not to fail.
fn count(_: &mut usize, asked: &[i64], _: &dyn Caller) -> Result<Vec<Result<usize, StoreError>>, StoreError> {
    if asked.contains(&-1) {
        return Err(StoreError::Fault(Cause::new("one of them was bad")));
    }
    assert!(!asked.contains(&-2), "on purpose");
    Ok(asked.iter().map(|_| Ok(asked.len())).collect())
}

/// Keeps the lane's one thread busy until the sender is used.
async fn hold(lane: &Lane<usize>) -> mpsc::Sender<()> {
    let (started, wait_for_start) = mpsc::channel();
    let (release, held) = mpsc::channel::<()>();
    let lane = lane.clone();
    tokio::spawn(async move {
        let wait = move |_: &mut usize| {
            started.send(()).unwrap();
            held.recv().unwrap();
            Ok::<_, StoreError>(())
        };
        lane.call(wait).await
    });
    tokio::task::yield_now().await;
    wait_for_start.recv().unwrap();
    release
}

type Called = tokio::task::JoinHandle<Result<usize, StoreError>>;

async fn call_all(gathered: &Arc<Gathered<usize, i64, usize>>, asked: &[i64]) -> Vec<Called> {
    let call = |asked: i64| {
        let gathered = gathered.clone();
        tokio::spawn(async move { gathered.call(asked).await })
    };
    let called = asked.iter().map(|asked| call(*asked)).collect();
    // In line, all of them, before the thread comes free.
    while lock(&gathered.waiting).calls.len() < asked.len() {
        tokio::task::yield_now().await;
    }
    called
}

async fn results(called: Vec<Called>) -> Vec<Result<usize, StoreError>> {
    let mut results = Vec::new();
    for call in called {
        results.push(call.await.unwrap());
    }
    results
}

#[tokio::test]
async fn what_waits_is_run_as_one_and_what_waits_alone_alone() {
    let lane = lane(8);
    let gathered = Arc::new(Gathered::new(lane.clone(), count, Counts::AtOnce));
    let release = hold(&lane).await;
    let called = call_all(&gathered, &[1, 2, 3]).await;
    release.send(()).unwrap();
    assert_eq!(results(called).await, [Ok(3), Ok(3), Ok(3)]);
    assert_eq!(gathered.call(4).await, Ok(1));
}

#[tokio::test]
async fn more_than_are_run_at_once_are_run_all_the_same() {
    let lane = lane(8);
    let gathered = Arc::new(Gathered::new(lane.clone(), count, Counts::AtOnce));
    let release = hold(&lane).await;
    let called = call_all(&gathered, &vec![1; MOST + 1]).await;
    release.send(()).unwrap();
    let mut together: Vec<_> = results(called).await.into_iter().map(Result::unwrap).collect();
    together.sort_unstable();
    assert_eq!(together[0], 1);
    assert_eq!(together[1..], [MOST; MOST]);
}

#[tokio::test]
async fn who_comes_next_is_run_next() {
    let lane = lane(8);
    let gathered = Arc::new(Gathered::new(lane.clone(), count, Counts::AtOnce).at_most(2));
    let release = hold(&lane).await;
    let called = call_all(&gathered, &[1, 2, 3, 4, 5]).await;
    called[0].abort();
    while lock(&gathered.waiting).calls.iter().all(|call| !call.answer.is_closed()) {
        tokio::task::yield_now().await;
    }
    release.send(()).unwrap();
    let mut together: Vec<_> = Vec::new();
    for call in called.into_iter().skip(1) {
        together.push(call.await.unwrap());
    }
    assert_eq!(together, [Ok(1), Ok(2), Ok(2), Ok(1)]);
    assert_eq!(gathered.call(6).await, Ok(1));
}

#[tokio::test]
async fn of_many_that_wait_half_is_run_and_of_a_few_all() {
    let lane = lane(16);
    let gathered = Gathered::new(lane.clone(), count, Counts::AtOnce).at_most(4).by_halves_beyond(2);
    let gathered = Arc::new(gathered);
    // More than once, since whoever runs more than it was announced for leaves a job that finds nothing.
    for _ in 0..2 {
        let release = hold(&lane).await;
        let called = call_all(&gathered, &[0; 11]).await;
        release.send(()).unwrap();
        let mut together: Vec<_> = results(called).await.into_iter().map(Result::unwrap).collect();
        together.sort_unstable();
        assert_eq!(together, [2, 2, 2, 2, 3, 3, 3, 4, 4, 4, 4]);
        assert_eq!(gathered.call(1).await, Ok(1));
    }
}

#[tokio::test]
async fn where_nothing_can_be_had_nobody_waits_for_another_half() {
    let gathered = Gathered::new(lane(16), count, Counts::AtOnce).at_most(8).by_halves_beyond(2);
    let (answers, receivers): (Vec<_>, Vec<_>) = (0..8).map(|_| oneshot::channel()).unzip();
    let calls = answers.into_iter().map(|answer| Call { asked: 0, answer }).collect();
    *lock(&gathered.waiting) = Waiting { calls, announced: 4 };
    Box::new(gathered.job()).refuse(StoreError::Unavailable(Cause::new("on purpose")));
    assert_eq!(lock(&gathered.waiting).announced, 3);
    for receiver in receivers {
        assert!(matches!(receiver.await, Ok(Err(StoreError::Unavailable(_)))));
    }
}

#[tokio::test]
async fn where_there_is_no_room_for_jobs_that_find_nothing_who_comes_is_run_all_the_same() {
    let lane = lane(2);
    let gathered = Gathered::new(lane.clone(), count, Counts::AtOnce).at_most(4).by_halves_beyond(1);
    let gathered = Arc::new(gathered);
    for _ in 0..2 {
        let release = hold(&lane).await;
        let called = call_all(&gathered, &[0; 2]).await;
        let refused = gathered.call(3).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
        release.send(()).unwrap();
        assert_eq!(results(called).await, [Ok(1), Ok(1)]);
        assert_eq!(gathered.call(4).await, Ok(1));
    }
    assert_eq!(lock(&gathered.waiting).announced, 0);
}

#[tokio::test]
async fn a_bad_one_harms_no_other() {
    let lane = lane(8);
    let gathered = Arc::new(Gathered::new(lane.clone(), count, Counts::AtOnce));
    let release = hold(&lane).await;
    let called = call_all(&gathered, &[1, -1, 3]).await;
    release.send(()).unwrap();
    let results = results(called).await;
    assert_eq!((&results[0], &results[2]), (&Ok(1), &Ok(1)));
    assert!(matches!(results[1], Err(StoreError::Fault(_))), "{results:?}");
}

#[tokio::test]
async fn a_panic_is_a_fault_and_costs_the_connection() {
    let lane = lane(8);
    let gathered = Arc::new(Gathered::new(lane.clone(), count, Counts::AtOnce));
    assert!(matches!(gathered.call(-2).await, Err(StoreError::Fault(_))));
    assert_eq!(gathered.call(1).await, Ok(1));
    assert_eq!(lane.call(|number: &mut usize| Ok::<_, StoreError>(*number)).await, Ok(1));
}

#[tokio::test]
async fn what_counts_with_the_job_is_lost_with_it() {
    for counts in [Counts::AtOnce, Counts::WithTheJob] {
        let lane = lane(8);
        let gathered = Arc::new(Gathered::new(lane.clone(), count, counts));
        let release = hold(&lane).await;
        // They fail together, and then each is run alone.
        let called = call_all(&gathered, &[1, -1, -2, 4]).await;
        release.send(()).unwrap();
        let results = results(called).await;
        let is_lost = |result: &Result<usize, StoreError>| matches!(result, Err(StoreError::Unavailable(_)));
        match counts {
            Counts::AtOnce => assert_eq!(results[0], Ok(1)),
            Counts::WithTheJob => assert!(is_lost(&results[0]), "{results:?}"),
        }
        assert!(
            matches!(results[1..3], [Err(StoreError::Fault(_)), Err(StoreError::Fault(_))]),
            "{results:?}"
        );
        assert!(is_lost(&results[3]), "{results:?}");
    }
}

#[tokio::test]
async fn who_has_left_is_not_asked_for() {
    let lane = lane(8);
    let gathered = Arc::new(Gathered::new(lane.clone(), count, Counts::AtOnce));
    let release = hold(&lane).await;
    let called = call_all(&gathered, &[1, 2, 3]).await;
    called[1].abort();
    while lock(&gathered.waiting).calls.iter().all(|call| !call.answer.is_closed()) {
        tokio::task::yield_now().await;
    }
    release.send(()).unwrap();
    let mut called = called.into_iter();
    assert_eq!(called.next().unwrap().await.unwrap(), Ok(2));
    assert_eq!(called.nth(1).unwrap().await.unwrap(), Ok(2));
}

/// Waits, where there are several, until one has left, and then takes back what was done for all.
fn write(
    _: &mut usize,
    asked: &[i64],
    callers: &dyn Caller,
) -> Result<Vec<Result<usize, StoreError>>, StoreError> {
    while asked.len() > 1 && !callers.has_left() {
        std::thread::yield_now();
    }
    if callers.has_left() {
        return Err(StoreError::Conflict(Cause::new("a caller has left")));
    }
    Ok(asked.iter().map(|_| Ok(asked.len())).collect())
}

#[tokio::test]
async fn who_leaves_meanwhile_takes_nothing_from_the_others() {
    let lane = lane(8);
    let gathered = Arc::new(Gathered::new(lane.clone(), write, Counts::AtOnce));
    let release = hold(&lane).await;
    let called = call_all(&gathered, &[1, 2, 3]).await;
    release.send(()).unwrap();
    while !lock(&gathered.waiting).calls.is_empty() {
        tokio::task::yield_now().await;
    }
    called[1].abort();
    let mut called = called.into_iter();
    assert_eq!(called.next().unwrap().await.unwrap(), Ok(1));
    assert_eq!(called.nth(1).unwrap().await.unwrap(), Ok(1));
}

#[tokio::test]
async fn a_closed_lane_keeps_nobody_waiting() {
    let lane = lane(8);
    let gathered = Gathered::new(lane.clone(), count, Counts::AtOnce);
    lane.close();
    for _ in 0..2 {
        let refused = gathered.call(1).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    }
    assert!(lock(&gathered.waiting).calls.is_empty());
}

#[tokio::test]
async fn where_there_is_no_room_for_more_who_waits_keeps_its_place() {
    let lane = lane(1);
    let gathered = Arc::new(Gathered::new(lane.clone(), count, Counts::AtOnce).at_most(2));
    let release = hold(&lane).await;
    let called = call_all(&gathered, &[1, 2]).await;
    for _ in 0..2 {
        let refused = gathered.call(3).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    }
    release.send(()).unwrap();
    assert_eq!(results(called).await, [Ok(2), Ok(2)]);
    assert_eq!(gathered.call(4).await, Ok(1));
}

#[tokio::test]
async fn a_full_queue_refuses_and_forgets() {
    let lane = lane(1);
    let gathered = Gathered::new(lane.clone(), count, Counts::AtOnce);
    let release = hold(&lane).await;
    let other = tokio::spawn({
        let lane = lane.clone();
        async move { lane.call(|_: &mut usize| Ok::<_, StoreError>(())).await }
    });
    tokio::task::yield_now().await;
    let refused = gathered.call(1).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    release.send(()).unwrap();
    assert_eq!(other.await.unwrap(), Ok(()));
    assert_eq!(gathered.call(1).await, Ok(1));
}

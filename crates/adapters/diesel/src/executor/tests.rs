use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use super::*;

/// A connection is a number: how many were made before it.
struct Numbered(Arc<AtomicUsize>);

impl ManageConnection for Numbered {
    type Connection = Slot<usize>;
    type Error = std::convert::Infallible;

    fn connect(&self) -> Result<Self::Connection, Self::Error> {
        Ok(Slot::new(self.0.fetch_add(1, Ordering::SeqCst)))
    }

    fn is_valid(&self, _: &mut Self::Connection) -> Result<(), Self::Error> {
        Ok(())
    }

    fn has_broken(&self, slot: &mut Self::Connection) -> bool {
        slot.is_retired()
    }
}

pub(super) fn lane(capacity: usize) -> Lane<usize> {
    let pool = Pool::builder().max_size(1).test_on_check_out(false).build(Numbered(Arc::default())).unwrap();
    let setup = LaneSetup { name: "test", threads: 1, capacity, batch: 8, run: run_each };
    Lane::start(&pool, &setup).unwrap()
}

#[expect(clippy::unnecessary_wraps, reason = "a job's form")]
fn number(connection: &mut usize) -> Result<usize, StoreError> {
    Ok(*connection)
}

#[tokio::test]
async fn a_full_queue_refuses_at_once() {
    let lane = lane(1);
    let (started, wait_for_start) = mpsc::channel();
    let (release, held) = mpsc::channel::<()>();
    let busy = tokio::spawn({
        let lane = lane.clone();
        async move {
            lane.call(move |_: &mut usize| {
                started.send(()).unwrap();
                held.recv().unwrap();
                Ok::<_, StoreError>(())
            })
            .await
        }
    });
    tokio::task::yield_now().await;
    wait_for_start.recv().unwrap();

    let mut waiting = Box::pin(lane.call(number));
    assert!(poll_once(&mut waiting).await.is_none(), "there is room for one");
    let refused = lane.call(number).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");

    release.send(()).unwrap();
    assert_eq!(busy.await.unwrap(), Ok(()));
    assert_eq!(waiting.await, Ok(0));
}

#[tokio::test]
async fn a_panic_is_a_fault_and_costs_the_connection_but_not_the_thread() {
    let lane = lane(8);
    let panicked = lane.call(|_: &mut usize| -> Result<(), StoreError> { panic!("on purpose") }).await;
    let Err(StoreError::Fault(cause)) = panicked else { panic!("{panicked:?}") };
    assert!(cause.for_log().contains("on purpose"), "{cause:?}");
    assert_eq!(lane.call(number).await, Ok(1));
}

#[tokio::test]
async fn a_connection_is_kept_until_the_store_was_unavailable_on_it() {
    let lane = lane(8);
    assert_eq!(lane.call(number).await, Ok(0));
    let fault = |_: &mut usize| Err::<(), _>(StoreError::Fault(Cause::new("x")));
    assert!(lane.call(fault).await.is_err());
    assert_eq!(lane.call(number).await, Ok(0));
    let unavailable = |_: &mut usize| Err::<(), _>(StoreError::Unavailable(Cause::new("x")));
    assert!(lane.call(unavailable).await.is_err());
    assert_eq!(lane.call(number).await, Ok(1));
}

#[tokio::test]
async fn a_job_whose_caller_left_before_it_began_is_not_run() {
    let lane = lane(8);
    let (started, wait_for_start) = mpsc::channel();
    let (release, held) = mpsc::channel::<()>();
    let busy = tokio::spawn({
        let lane = lane.clone();
        async move {
            lane.call(move |_: &mut usize| {
                started.send(()).unwrap();
                held.recv().unwrap();
                Ok::<_, StoreError>(())
            })
            .await
        }
    });
    tokio::task::yield_now().await;
    wait_for_start.recv().unwrap();

    let ran = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&ran);
    let mut abandoned = Box::pin(lane.call(move |_: &mut usize| {
        count.fetch_add(1, Ordering::SeqCst);
        Ok::<_, StoreError>(())
    }));
    assert!(poll_once(&mut abandoned).await.is_none());
    drop(abandoned);

    release.send(()).unwrap();
    assert_eq!(busy.await.unwrap(), Ok(()));
    assert_eq!(lane.call(number).await, Ok(0));
    assert_eq!(ran.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn a_caller_does_not_wait_for_ever() {
    let lane = lane(8);
    let (release, held) = mpsc::channel::<()>();
    let hung = lane.call(move |_: &mut usize| {
        // Until the other end is dropped.
        assert!(held.recv().is_err());
        Ok::<_, StoreError>(())
    });
    let Err(StoreError::Unavailable(cause)) = hung.await else { panic!("it answered") };
    assert_eq!(cause.for_log(), "no answer in time");
    drop(release);
}

/// Polls once.
async fn poll_once<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    std::future::poll_fn(|context| {
        std::task::Poll::Ready(match std::pin::Pin::new(&mut *future).poll(context) {
            std::task::Poll::Ready(output) => Some(output),
            std::task::Poll::Pending => None,
        })
    })
    .await
}

#[tokio::test]
async fn a_closed_lane_has_done_what_waited_and_takes_nothing_more() {
    let lane = lane(8);
    let waiting: Vec<_> = (0..8)
        .map(|_| {
            let lane = lane.clone();
            tokio::spawn(async move { lane.call(number).await })
        })
        .collect();
    tokio::task::yield_now().await;
    // Another handle is still there, as a server's threads may have one.
    let other = lane.clone();
    lane.close();
    for call in waiting {
        assert_eq!(call.await.unwrap(), Ok(0));
    }
    let refused = other.call(number).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    lane.close();
}

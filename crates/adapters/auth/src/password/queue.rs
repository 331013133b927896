//! A few threads behind a bounded queue. Nothing here knows what is computed.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::{io, thread};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use helpdesk_ports::{Cause, HashError};
use tokio::sync::oneshot;

type Answer<T> = oneshot::Receiver<Result<T, HashError>>;
/// Something to compute, which first looks whether anyone still waits for it.
type Job<S> = Box<dyn FnOnce(&S) + Send>;

/// Threads that share a state of type `S`. They end when the queue is dropped and what waits is done.
pub(super) struct Queue<S> {
    jobs: Sender<Job<S>>,
}

impl<S: Send + Sync + 'static> Queue<S> {
    /// Starts this many threads; `capacity` jobs may wait for them.
    pub(super) fn start(threads: usize, capacity: usize, name: &str, state: S) -> io::Result<Self> {
        let (jobs, waiting) = bounded(capacity);
        let state = Arc::new(state);
        for number in 0..threads {
            let (waiting, state) = (waiting.clone(), Arc::clone(&state));
            thread::Builder::new().name(format!("{name}-{number}")).spawn(move || {
                give_way();
                run::<S>(&waiting, &state);
            })?;
        }
        Ok(Self { jobs })
    }

    /// Puts something to compute in the queue. When the answer is dropped before its turn comes, it is left out.
    ///
    /// # Errors
    /// [`HashError::Busy`] at once when the queue is full.
    pub(super) fn submit<T: Send + 'static>(
        &self,
        compute: impl FnOnce(&S) -> Result<T, HashError> + Send + 'static,
    ) -> Result<Answer<T>, HashError> {
        let (reply, answer) = oneshot::channel();
        let job = move |state: &S| {
            if reply.is_closed() {
                return;
            }
            let outcome = catch_unwind(AssertUnwindSafe(|| compute(state)))
                .unwrap_or_else(|_| Err(HashError::Fault(Cause::new("hashing panicked"))));
            // Whoever asked may be gone by now; then the answer is nobody's.
            drop(reply.send(outcome));
        };
        match self.jobs.try_send(Box::new(job)) {
            Ok(()) => Ok(answer),
            Err(TrySendError::Full(_)) => Err(HashError::Busy),
            Err(TrySendError::Disconnected(_)) => Err(gone()),
        }
    }
}

fn run<S>(waiting: &Receiver<Job<S>>, state: &S) {
    for job in waiting {
        job(state);
    }
}

/// The threads are gone, which nothing here ever makes them.
pub(super) fn gone() -> HashError {
    HashError::Fault(Cause::new("the hashing threads are gone"))
}

/// How willingly a thread that computes lets others go first: it would have half of a small machine to itself while somebody
/// signs in. Not more so, since it also offers the processor between its steps (see `rounds`), for which a thread that goes last
/// anyway is left with hardly anything of a busy machine.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 5;

/// Has this thread let others go first: to Linux each thread is a process of its own (setpriority(2)).
#[cfg(target_os = "linux")]
fn give_way() {
    // Nobody is refused to be nicer; and if so, it only computes sooner.
    let _ = rustix::process::setpriority_process(None, NICENESS);
}

/// Elsewhere it would be the whole process.
#[cfg(not(target_os = "linux"))]
fn give_way() {}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    /// A queue with one thread, which is held until the sender is dropped.
    fn held(capacity: usize) -> (Queue<AtomicU32>, Sender<()>) {
        let queue = Queue::start(1, capacity, "test", AtomicU32::new(0)).unwrap();
        let (entered, inside) = bounded::<()>(1);
        let (hold, release) = bounded::<()>(0);
        // Its answer is kept until it has begun: one that nobody waits for would be left out.
        let answer = queue
            .submit(move |_| {
                entered.send(()).unwrap();
                release.recv().unwrap_err();
                Ok(())
            })
            .unwrap();
        inside.recv().unwrap();
        drop(answer);
        (queue, hold)
    }

    #[expect(clippy::unnecessary_wraps, reason = "the form of everything that is computed here")]
    fn count(state: &AtomicU32) -> Result<u32, HashError> {
        Ok(state.fetch_add(1, Ordering::SeqCst) + 1)
    }

    #[test]
    fn a_full_queue_says_so_at_once() {
        let (queue, hold) = held(2);
        let waiting: Vec<_> = (0..2).map(|_| queue.submit(count).unwrap()).collect();
        assert_eq!(queue.submit(count).unwrap_err(), HashError::Busy);
        drop(hold);
        let answers: Vec<_> = waiting.into_iter().map(|answer| answer.blocking_recv().unwrap()).collect();
        assert_eq!(answers, [Ok(1), Ok(2)]);
        assert_eq!(queue.submit(count).unwrap().blocking_recv().unwrap(), Ok(3));
    }

    #[test]
    fn what_nobody_waits_for_any_more_is_left_out() {
        let (queue, hold) = held(8);
        let mut waiting: Vec<_> = (0..8).map(|_| queue.submit(count).unwrap()).collect();
        let last = waiting.pop().unwrap();
        drop(waiting);
        drop(hold);
        assert_eq!(last.blocking_recv().unwrap(), Ok(1));
    }

    #[test]
    fn a_panic_is_a_fault_and_the_thread_goes_on() {
        let queue = Queue::start(1, 4, "test", AtomicU32::new(0)).unwrap();
        let answer = queue.submit(|_| -> Result<(), HashError> { panic!("on purpose") }).unwrap();
        assert!(matches!(answer.blocking_recv().unwrap(), Err(HashError::Fault(_))));
        assert_eq!(queue.submit(count).unwrap().blocking_recv().unwrap(), Ok(1));
    }

    #[test]
    fn the_threads_have_their_name_and_end_with_the_queue() {
        let (alive, ended) = bounded::<()>(0);
        let queue = Queue::start(2, 4, "hash", alive).unwrap();
        let name = queue.submit(|_| Ok(thread::current().name().map(str::to_owned))).unwrap();
        let name = name.blocking_recv().unwrap().unwrap().unwrap();
        assert!(name == "hash-0" || name == "hash-1", "{name}");
        drop(queue);
        // The threads own the state; it is dropped, and the channel closed, when the last of them has ended.
        ended.recv().unwrap_err();
    }
}

//! What waits in a queue.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use helpdesk_ports::{Cause, StoreError};
use tokio::sync::oneshot;

/// How a job left its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ran {
    /// It did what it was to do.
    Done,
    /// It failed; what it wrote is to be undone. The connection is sound.
    Failed,
    /// It failed in a way that throws doubt on the connection: it panicked, or the store was unavailable.
    Suspect,
}

/// One call, waiting for a connection. Running and answering are apart, so that a writer can answer after the commit.
pub(crate) trait Job<C>: Send {
    /// Settles for which calls it runs, if that is not settled yet, and says how many they are. Whoever asks later is not answered by
    /// it, and may know of what a snapshot does not have that was taken before it runs.
    fn settle(&mut self) -> usize {
        1
    }

    /// Runs it and keeps the result. Never panics.
    fn run(&mut self, connection: &mut C) -> Ran;

    /// Tells the caller the result.
    fn answer(self: Box<Self>);

    /// Tells the caller that it failed so, whatever its own result was.
    fn refuse(self: Box<Self>, error: StoreError);

    /// Whether nobody waits for the answer any more.
    fn is_abandoned(&self) -> bool;
}

/// Whoever waits for a job's answer.
pub(crate) trait Caller {
    /// Whether it waits no more. It was told that nothing was done, or will not hear what was.
    fn has_left(&self) -> bool;
}

impl<T> Caller for oneshot::Sender<T> {
    fn has_left(&self) -> bool {
        self.is_closed()
    }
}

/// The one [`Job`].
pub(super) struct Task<W, T> {
    work: Option<W>,
    result: Option<Result<T, StoreError>>,
    answer: oneshot::Sender<Result<T, StoreError>>,
}

impl<W, T> Task<W, T> {
    pub(super) fn new(work: W, answer: oneshot::Sender<Result<T, StoreError>>) -> Self {
        Self { work: Some(work), result: None, answer }
    }
}

impl<C, T, W> Job<C> for Task<W, T>
where
    W: FnOnce(&mut C, &dyn Caller) -> Result<T, StoreError> + Send,
    T: Send,
{
    fn run(&mut self, connection: &mut C) -> Ran {
        let Some(work) = self.work.take() else {
            return Ran::Failed;
        };
        // What a panic leaves behind is thrown away: the connection by the worker, everything else with the closure.
        let (ran, result) = match catch_unwind(AssertUnwindSafe(|| work(connection, &self.answer))) {
            Ok(Ok(value)) => (Ran::Done, Ok(value)),
            Ok(Err(error @ StoreError::Unavailable(_))) => (Ran::Suspect, Err(error)),
            Ok(Err(error)) => (Ran::Failed, Err(error)),
            Err(panic) => (Ran::Suspect, Err(panicked(panic.as_ref()))),
        };
        self.result = Some(result);
        ran
    }

    fn answer(self: Box<Self>) {
        let result = self.result.unwrap_or_else(|| Err(StoreError::Fault(Cause::new("the job never ran"))));
        // An error means that the caller has gone: nothing is left to tell.
        drop(self.answer.send(result));
    }

    fn refuse(self: Box<Self>, error: StoreError) {
        drop(self.answer.send(Err(error)));
    }

    fn is_abandoned(&self) -> bool {
        self.answer.has_left()
    }
}

/// The failure of a job that panicked.
pub(super) fn panicked(panic: &(dyn Any + Send)) -> StoreError {
    let text =
        panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let text = text.unwrap_or("without a message");
    StoreError::Fault(Cause::new(format!("a panic in a store's job: {text}")))
}

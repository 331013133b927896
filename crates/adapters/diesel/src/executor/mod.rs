//! Threads that own connections.
//!
//! A [`Lane`] is a bounded queue and the threads that empty it. Each thread takes what waits as a batch, and hands it to
//! the lane's [`RunBatch`] together with its [`Seat`], which holds the thread's connection. How a batch is run is the
//! engine's: one job after the other, or all in one transaction. Calls of one kind can also be [gathered](Gathered), and be
//! run as one statement.

mod gather;
mod job;
mod seat;
mod worker;

#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Sender, TrySendError, bounded};
use diesel::r2d2::{ManageConnection, Pool};
use helpdesk_ports::{Cause, StoreError};
use tokio::sync::oneshot;

pub(crate) use gather::{Counts, FEW_FINDS, Gathered};
use job::Task;
pub(crate) use job::{Caller, Job, Ran};
pub(crate) use seat::{Seat, Slot, fill};
pub(crate) use worker::{run_each, run_then};

/// How many jobs may wait for a lane. More than this is overload: they would be answered too late to be of use.
pub(crate) const QUEUE_CAPACITY: usize = 1024;

/// How long a caller waits for its answer, queueing included. Whoever depends on the store is to know within five seconds.
const ANSWER_WITHIN: Duration = Duration::from_secs(4);

/// Runs a batch, and answers or refuses each of its jobs.
pub(crate) type RunBatch<M, C> = fn(&mut Seat<M>, Vec<Box<dyn Job<C>>>);

/// How a lane is set up.
pub(crate) struct LaneSetup<M: ManageConnection, C> {
    /// The name of its threads; Linux shows fifteen bytes of it, a number included.
    pub(crate) name: &'static str,
    /// How many threads it has.
    pub(crate) threads: usize,
    /// How many jobs may wait.
    pub(crate) capacity: usize,
    /// The most jobs of a batch.
    pub(crate) batch: usize,
    /// How a batch is run.
    pub(crate) run: RunBatch<M, C>,
}

/// A queue of jobs on connections `C`, and the threads that empty it. They end when the lane is [closed](Lane::close), or every
/// handle to it is gone.
pub(crate) struct Lane<C>(Arc<Running<C>>);

struct Running<C> {
    /// The threads end when it is gone, and nothing waits in it any more.
    queue: RwLock<Option<Sender<Box<dyn Job<C>>>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl<C> Clone for Lane<C> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<C> Running<C> {
    fn close(&self) {
        drop(self.queue.write().unwrap_or_else(PoisonError::into_inner).take());
        let handles = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for handle in handles {
            // A job that held the last handle would wait for itself.
            if handle.thread().id() != std::thread::current().id() && handle.join().is_err() {
                log::error!("a thread of the store ended by a panic");
            }
        }
    }
}

impl<C> Drop for Running<C> {
    fn drop(&mut self) {
        self.close();
    }
}

impl<C: Send + 'static> Lane<C> {
    /// Starts the threads, each of which takes a connection from the pool when it first needs one.
    pub(crate) fn start<M>(pool: &Pool<M>, setup: &LaneSetup<M, C>) -> std::io::Result<Self>
    where
        M: ManageConnection<Connection = Slot<C>>,
    {
        let (queue, jobs) = bounded(setup.capacity);
        let mut handles = Vec::with_capacity(setup.threads);
        for number in 1..=setup.threads {
            let worker = worker::Worker::new(jobs.clone(), Seat::new(pool.clone()), setup);
            let name = format!("{}-{number}", setup.name);
            handles.push(std::thread::Builder::new().name(name).spawn(move || worker.work())?);
        }
        Ok(Self(Arc::new(Running { queue: RwLock::new(Some(queue)), threads: Mutex::new(handles) })))
    }

    /// Does what still waits, closes the connections and ends the threads. Every later call is refused. Blocks.
    pub(crate) fn close(&self) {
        self.0.close();
    }

    /// Runs the work on one of the lane's connections and gives its result.
    pub(crate) async fn call<T, E>(
        &self,
        work: impl FnOnce(&mut C) -> Result<T, E> + Send + 'static,
    ) -> Result<T, StoreError>
    where
        T: Send + 'static,
        E: Into<StoreError>,
    {
        self.call_watching(move |connection, _| work(connection)).await
    }

    /// The same for work that asks, at the last moment before what it did counts, whether its caller still waits for it.
    pub(crate) async fn call_watching<T, E>(
        &self,
        work: impl FnOnce(&mut C, &dyn Caller) -> Result<T, E> + Send + 'static,
    ) -> Result<T, StoreError>
    where
        T: Send + 'static,
        E: Into<StoreError>,
    {
        let (answer, receiver) = oneshot::channel();
        let work =
            move |connection: &mut C, caller: &dyn Caller| work(connection, caller).map_err(Into::into);
        self.post(Box::new(Task::new(work, answer)))?;
        answer_in_time(receiver).await
    }

    /// Puts a job in the queue.
    fn post(&self, job: Box<dyn Job<C>>) -> Result<(), StoreError> {
        let queue = self.0.queue.read().unwrap_or_else(PoisonError::into_inner);
        let sent = queue.as_ref().map(|queue| queue.try_send(job));
        let refusal = match sent {
            Some(Ok(())) => return Ok(()),
            Some(Err(TrySendError::Full(_))) => "too many calls are waiting",
            Some(Err(TrySendError::Disconnected(_))) | None => "the store's threads ended",
        };
        Err(StoreError::Unavailable(Cause::new(refusal)))
    }
}

/// Waits for an answer as long as a caller may.
async fn answer_in_time<T>(receiver: oneshot::Receiver<Result<T, StoreError>>) -> Result<T, StoreError> {
    match tokio::time::timeout(ANSWER_WITHIN, receiver).await {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => Err(StoreError::Unavailable(Cause::new("the store's thread ended"))),
        Err(_) => Err(StoreError::Unavailable(Cause::new("no answer in time"))),
    }
}

/// A store's lanes.
pub(crate) struct Lanes<C> {
    /// For what is looked up most.
    pub(crate) finds: Lane<C>,
    /// For what only reads.
    pub(crate) reads: Lane<C>,
    /// For what writes.
    pub(crate) writes: Lane<C>,
}

impl<C> Clone for Lanes<C> {
    fn clone(&self) -> Self {
        Self { finds: self.finds.clone(), reads: self.reads.clone(), writes: self.writes.clone() }
    }
}

impl<C: Send + 'static> Lanes<C> {
    /// Closes all. The writer's connection is to be the last one closed, which is when SQLite tidies up its log of changes.
    pub(crate) fn close(&self) {
        self.finds.close();
        self.reads.close();
        self.writes.close();
    }
}

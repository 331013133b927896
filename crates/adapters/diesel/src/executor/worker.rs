//! A thread of a lane.

use crossbeam_channel::Receiver;
use diesel::r2d2::ManageConnection;

use super::{Job, LaneSetup, Ran, RunBatch, Seat, Slot};

pub(super) struct Worker<M: ManageConnection, C> {
    jobs: Receiver<Box<dyn Job<C>>>,
    seat: Seat<M>,
    threads: usize,
    batch: usize,
    run: RunBatch<M, C>,
}

impl<C: Send + 'static, M: ManageConnection<Connection = Slot<C>>> Worker<M, C> {
    pub(super) fn new(jobs: Receiver<Box<dyn Job<C>>>, seat: Seat<M>, setup: &LaneSetup<M, C>) -> Self {
        Self { jobs, seat, threads: setup.threads, batch: setup.batch, run: setup.run }
    }

    /// Works until the queue is closed and empty.
    pub(super) fn work(mut self) {
        while let Ok(first) = self.jobs.recv() {
            // A fair share of what waits: the other threads of the lane are to have some of it too.
            let share = (1 + self.jobs.len()).div_ceil(self.threads).min(self.batch);
            let mut batch = Vec::with_capacity(share);
            batch.push(first);
            batch.extend(self.jobs.try_iter().take(share - 1));
            // Whoever gave up waiting was told that nothing was done: so nothing may be done.
            batch.retain(|job| !job.is_abandoned());
            if !batch.is_empty() {
                (self.run)(&mut self.seat, batch);
            }
        }
    }
}

/// Runs a batch's jobs one after the other, each answered at once. Here is the place where jobs of one kind can become one
/// statement.
pub(crate) fn run_each<C: Send + 'static, M: ManageConnection<Connection = Slot<C>>>(
    seat: &mut Seat<M>,
    batch: Vec<Box<dyn Job<C>>>,
) {
    run_then(seat, batch, Job::answer);
}

/// Runs a batch's jobs one after the other, and then does this with each that has run. Those that could not are refused.
pub(crate) fn run_then<C: Send + 'static, M: ManageConnection<Connection = Slot<C>>>(
    seat: &mut Seat<M>,
    batch: Vec<Box<dyn Job<C>>>,
    mut then: impl FnMut(Box<dyn Job<C>>),
) {
    let mut jobs = batch.into_iter();
    while let Some(mut job) = jobs.next() {
        match seat.connection() {
            // Getting the connection, and the jobs before, may have taken longer than it waited.
            Ok(_) if job.is_abandoned() => {}
            Ok(connection) => {
                if job.run(connection) == Ran::Suspect {
                    seat.retire();
                }
                then(job);
            }
            Err(error) => {
                // The others would each wait as long for the same.
                job.refuse(error.clone());
                jobs.by_ref().for_each(|job| job.refuse(error.clone()));
            }
        }
    }
}

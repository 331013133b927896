//! Calls of one kind that wait at the same time, and are run as one.
//!
//! A store on the other side of a socket spends more on going there and back, and on waking whoever waits, than on looking a
//! row up. So what waits when a thread comes free goes there together, or half of it where many wait. Nothing is held back for it: a
//! call that waits alone is run alone, at once.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use helpdesk_ports::{Cause, StoreError};
use tokio::sync::oneshot;

use super::job::panicked;
use super::{Caller, Job, Lane, QUEUE_CAPACITY, Ran, answer_in_time};

/// The most calls that are run as one, where nothing else is said. It bounds how long the first of them waits for the last.
const MOST: usize = 128;

/// So few look-ups are not parted [by halves](Gathered::by_halves_beyond), on either store: of four, eight and twelve, eight was best on
/// Postgres, by little, and on SQLite it made no difference.
pub(crate) const FEW_FINDS: usize = 8;

/// Runs calls as one: an answer to each, in their order. An error is that of all of them, and nothing of what they did may be
/// left then. One that writes asks, at the last moment before it counts, whether one of the callers has left.
pub(crate) type RunTogether<C, Q, A> =
    fn(&mut C, &[Q], &dyn Caller) -> Result<Vec<Result<A, StoreError>>, StoreError>;

/// When what was run for some calls counts, whatever becomes of the others that the job runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counts {
    /// At once: it was read, or was a transaction of its own.
    AtOnce,
    /// With the job, which a lane that writes takes back where it throws doubt on the connection.
    WithTheJob,
}

/// Where calls of one kind wait for a thread of the lane.
pub(crate) struct Gathered<C, Q, A> {
    lane: Lane<C>,
    waiting: Arc<Mutex<Waiting<Q, A>>>,
    run: RunTogether<C, Q, A>,
    counts: Counts,
    share: Share,
}

/// How many of the calls that wait are run as one.
#[derive(Clone, Copy)]
struct Share {
    /// At least so many, where so many wait: what one job is announced for.
    few: usize,
    /// Never more.
    most: usize,
}

impl Share {
    /// Of so many. Half, where half is more than a few.
    fn of(self, waiting: usize) -> usize {
        (waiting / 2).clamp(self.few, self.most).min(waiting)
    }
}

struct Waiting<Q, A> {
    calls: Vec<Call<Q, A>>,
    /// How many jobs stand in the lane's queue. There are never more calls than these are announced for; where one has run more than that,
    /// others find nothing.
    announced: usize,
}

struct Call<Q, A> {
    asked: Q,
    answer: Answer<A>,
}

/// Where a call's answer goes.
type Answer<A> = oneshot::Sender<Result<A, StoreError>>;

impl<C, Q, A> Gathered<C, Q, A>
where
    C: Send + 'static,
    Q: Send + 'static,
    A: Send + 'static,
{
    pub(crate) fn new(lane: Lane<C>, run: RunTogether<C, Q, A>, counts: Counts) -> Self {
        let waiting = Waiting { calls: Vec::new(), announced: 0 };
        Self {
            lane,
            waiting: Arc::new(Mutex::new(waiting)),
            run,
            counts,
            share: Share { few: MOST, most: MOST },
        }
    }

    /// Runs no more than so many as one.
    pub(crate) fn at_most(self, most: usize) -> Self {
        let most = most.max(1);
        Self { share: Share { few: self.share.few.min(most), most }, ..self }
    }

    /// Where more than a few wait, runs only half of them as one, or a few if that is more. If all who call are answered at once, all
    /// call again at once: the store has nothing to do until then, and they have nothing to do while it does what they asked. So there
    /// are two halves, of which one waits for the store while the other is answered.
    pub(crate) fn by_halves_beyond(self, few: usize) -> Self {
        let most = self.share.most;
        Self { share: Share { few: few.clamp(1, most), most }, ..self }
    }

    /// Has this run, together with what else waits.
    pub(crate) async fn call(&self, asked: Q) -> Result<A, StoreError> {
        let (answer, receiver) = oneshot::channel();
        self.wait_in_line(Call { asked, answer })?;
        answer_in_time(receiver).await
    }

    fn wait_in_line(&self, call: Call<Q, A>) -> Result<(), StoreError> {
        let is_one_more_job = {
            let mut waiting = lock(&self.waiting);
            if waiting.calls.len() >= QUEUE_CAPACITY {
                return Err(StoreError::Unavailable(Cause::new("too many calls are waiting")));
            }
            waiting.calls.push(call);
            let are_more = waiting.calls.len() > waiting.announced * self.share.few;
            waiting.announced += usize::from(are_more);
            are_more
        };
        if is_one_more_job {
            // Where there is no room for the job it is dropped, and refuses those who would wait for it.
            self.lane.post(Box::new(self.job()))?;
        }
        Ok(())
    }

    fn job(&self) -> Run<C, Q, A> {
        Run {
            waiting: self.waiting.clone(),
            together: self.run,
            counts: self.counts,
            share: self.share,
            has_come: false,
            taken: Vec::new(),
            ran: Vec::new(),
        }
    }
}

fn lock<Q, A>(waiting: &Mutex<Waiting<Q, A>>) -> MutexGuard<'_, Waiting<Q, A>> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes of the calls that wait those that have waited longest.
fn take<Q, A>(waiting: &Mutex<Waiting<Q, A>>, share: Share) -> Vec<Call<Q, A>> {
    let mut waiting = lock(waiting);
    waiting.announced -= 1;
    let taken = share.of(waiting.calls.len());
    let rest = waiting.calls.split_off(taken);
    std::mem::replace(&mut waiting.calls, rest)
}

/// Takes those for whom no job stands in the queue any more, which are those that came last.
fn take_unannounced<Q, A>(waiting: &Mutex<Waiting<Q, A>>, share: Share) -> Vec<Call<Q, A>> {
    let mut waiting = lock(waiting);
    waiting.announced -= 1;
    let announced = (waiting.announced * share.few).min(waiting.calls.len());
    waiting.calls.split_off(announced)
}

/// Those whose calls are run as one.
struct Callers<'a, A>(&'a [Answer<A>]);

impl<A> Caller for Callers<'_, A> {
    /// Whether one of them does: what is done together is done for all.
    fn has_left(&self) -> bool {
        self.0.iter().any(oneshot::Sender::is_closed)
    }
}

/// The job that runs what waits.
struct Run<C, Q, A> {
    waiting: Arc<Mutex<Waiting<Q, A>>>,
    together: RunTogether<C, Q, A>,
    counts: Counts,
    share: Share,
    /// Whether the calls that it was announced for were taken.
    has_come: bool,
    /// Those that were, until they are run.
    taken: Vec<Call<Q, A>>,
    /// What came of them, until they are told.
    ran: Vec<(Answer<A>, Result<A, StoreError>)>,
}

/// A result for each call, in their order.
type Results<A> = Vec<Result<A, StoreError>>;

impl<C: Send, Q: Send, A: Send> Run<C, Q, A> {
    /// A result for each. Where they fail together without the connection being to blame, each is run alone, so that one
    /// harms no other.
    fn results(&self, connection: &mut C, asked: &[Q], answers: &[Answer<A>]) -> (Ran, Results<A>) {
        let for_each = |error: &StoreError| asked.iter().map(|_| Err(error.clone())).collect();
        let together = || (self.together)(connection, asked, &Callers(answers));
        match catch_unwind(AssertUnwindSafe(together)) {
            Ok(Ok(results)) if results.len() == asked.len() => (Ran::Done, results),
            Ok(Ok(results)) => {
                let error = format!("{} answers to {} calls", results.len(), asked.len());
                (Ran::Suspect, for_each(&StoreError::Fault(Cause::new(error))))
            }
            Ok(Err(error @ StoreError::Unavailable(_))) => (Ran::Suspect, for_each(&error)),
            Ok(Err(error)) if asked.len() < 2 => (Ran::Done, for_each(&error)),
            Ok(Err(_)) => self.results_of_each(connection, asked, answers),
            Err(panic) => (Ran::Suspect, for_each(&panicked(panic.as_ref()))),
        }
    }

    /// The same, one after the other.
    fn results_of_each(&self, connection: &mut C, asked: &[Q], answers: &[Answer<A>]) -> (Ran, Results<A>) {
        let mut results = Vec::with_capacity(asked.len());
        for (one, answer) in asked.chunks(1).zip(answers.chunks(1)) {
            let (ran, its) = self.results(connection, one, answer);
            results.extend(its);
            if ran == Ran::Suspect {
                let lost = StoreError::Unavailable(Cause::new("another call lost the connection"));
                if self.counts == Counts::WithTheJob {
                    let undone = results.iter_mut().filter(|result| result.is_ok());
                    undone.for_each(|result| *result = Err(lost.clone()));
                }
                results.resize_with(asked.len(), || Err(lost.clone()));
                return (Ran::Suspect, results);
            }
        }
        (Ran::Done, results)
    }
}

impl<C: Send, Q: Send, A: Send> Job<C> for Run<C, Q, A> {
    fn settle(&mut self) -> usize {
        if !std::mem::replace(&mut self.has_come, true) {
            self.taken = take(&self.waiting, self.share);
        }
        self.taken.len()
    }

    fn run(&mut self, connection: &mut C) -> Ran {
        self.settle();
        // Whoever gave up waiting was told that nothing was done: so nothing may be done.
        let calls = std::mem::take(&mut self.taken).into_iter().filter(|call| !call.answer.is_closed());
        let (asked, answers): (Vec<Q>, Vec<_>) = calls.map(|call| (call.asked, call.answer)).unzip();
        if asked.is_empty() {
            return Ran::Done;
        }
        let (ran, results) = self.results(connection, &asked, &answers);
        self.ran = answers.into_iter().zip(results).collect();
        ran
    }

    fn answer(mut self: Box<Self>) {
        for (answer, result) in std::mem::take(&mut self.ran) {
            // An error means that the caller has gone: nothing is left to tell.
            drop(answer.send(result));
        }
    }

    fn refuse(mut self: Box<Self>, error: StoreError) {
        for (answer, _) in std::mem::take(&mut self.ran) {
            drop(answer.send(Err(error.clone())));
        }
        // Where it has come for nobody yet, to as many as may be: to have halves wait would give none of them anything to do.
        self.share.few = self.share.most;
        self.settle();
        refuse_all(std::mem::take(&mut self.taken), &error);
    }

    fn is_abandoned(&self) -> bool {
        // Even if everybody has left: somebody has to say that one job less is announced.
        false
    }
}

fn refuse_all<Q, A>(calls: Vec<Call<Q, A>>, error: &StoreError) {
    for call in calls {
        drop(call.answer.send(Err(error.clone())));
    }
}

impl<C, Q, A> Drop for Run<C, Q, A> {
    fn drop(&mut self) {
        // There was no room for it, or the queue came to its end: who waits for it would wait in vain, and so would everybody who
        // came later.
        if !self.has_come {
            let error = StoreError::Unavailable(Cause::new("nobody comes for the calls that wait"));
            refuse_all(take_unannounced(&self.waiting, self.share), &error);
        }
    }
}

#[cfg(test)]
mod tests;

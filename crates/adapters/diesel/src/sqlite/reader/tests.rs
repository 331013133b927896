use std::sync::{Arc, mpsc};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::r2d2::Pool;
use helpdesk_ports::StoreError;
use tempfile::TempDir;
use tokio::task::JoinHandle;

use super::super::connection::{Access, connect, prepare_file};
use super::super::dialect::classify;
use super::*;
use crate::executor::{Caller, Counts, Gathered, Lane, LaneSetup, Ran};

diesel::table! {
    notes (note) {
        note -> Text,
    }
}

type Counted = Result<i64, StoreError>;

fn count(conn: &mut Conn) -> Counted {
    notes::table.count().get_result(conn).map_err(|error| classify(&error))
}

fn count_for_all(conn: &mut Conn, asked: &[()], _: &dyn Caller) -> Result<Vec<Counted>, StoreError> {
    let count_each = |conn: &mut Conn| asked.iter().map(|()| Ok(Ok(count(conn)?))).collect();
    in_one_snapshot(conn, asked.len(), count_each).map_err(StoreError::from)
}

/// One thread that reads, and a connection that writes beside it.
struct Reader {
    lane: Lane<Conn>,
    counts: Arc<Gathered<Conn, (), i64>>,
    beside: Conn,
    _directory: TempDir,
}

impl Reader {
    fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let url = prepare_file(&directory.path().join("notes.db")).unwrap();
        let mut beside = connect(&url, Access::Write).unwrap();
        beside.batch_execute("CREATE TABLE notes (note TEXT PRIMARY KEY)").unwrap();
        let pool = Pool::builder().max_size(1).build(Manager::new(&url, Access::Read)).unwrap();
        let setup =
            LaneSetup { name: "test-read", threads: 1, capacity: 64, batch: 8, run: run_in_snapshots };
        let lane = Lane::start(&pool, &setup).unwrap();
        let counts = Arc::new(Gathered::new(lane.clone(), count_for_all, Counts::AtOnce));
        Self { lane, counts, beside, _directory: directory }
    }

    /// Has the thread count the notes, say so, and wait until the sender is used.
    fn count_and_hold(&self) -> (JoinHandle<Counted>, mpsc::Receiver<()>, mpsc::Sender<()>) {
        let (counted, wait_for_count) = mpsc::channel();
        let (release, held) = mpsc::channel::<()>();
        let lane = self.lane.clone();
        let work = move |conn: &mut Conn| {
            let count = count(conn);
            counted.send(()).unwrap();
            held.recv().unwrap();
            count
        };
        (tokio::spawn(async move { lane.call(work).await }), wait_for_count, release)
    }

    fn count(&self) -> JoinHandle<Counted> {
        let counts = self.counts.clone();
        tokio::spawn(async move { counts.call(()).await })
    }

    fn note(&mut self, note: &str) {
        diesel::insert_into(notes::table).values(notes::note.eq(note)).execute(&mut self.beside).unwrap();
    }
}

#[tokio::test]
async fn who_asks_behind_the_snapshot_is_not_answered_from_it() {
    let mut reader = Reader::start();
    let (first, wait_for_first, release_first) = reader.count_and_hold();
    tokio::task::yield_now().await;
    wait_for_first.recv().unwrap();

    // Meanwhile these come together in one batch, whose first read takes the snapshot.
    let (begins, wait_for_snapshot, release) = reader.count_and_hold();
    let before = reader.count();
    tokio::task::yield_now().await;
    release_first.send(()).unwrap();
    assert_eq!(first.await.unwrap(), Ok(0));
    wait_for_snapshot.recv().unwrap();
    reader.note("acknowledged");
    let behind = [reader.count(), reader.count()];
    tokio::task::yield_now().await;
    release.send(()).unwrap();

    assert_eq!(begins.await.unwrap(), Ok(0));
    assert_eq!(before.await.unwrap(), Ok(0), "the batch has one snapshot");
    for behind in behind {
        assert_eq!(behind.await.unwrap(), Ok(1));
    }
}

/// Runs for so many calls.
struct Calls(usize);

impl Job<Conn> for Calls {
    fn settle(&mut self) -> usize {
        self.0
    }

    fn run(&mut self, _: &mut Conn) -> Ran {
        Ran::Done
    }

    fn answer(self: Box<Self>) {}

    fn refuse(self: Box<Self>, _: StoreError) {}

    fn is_abandoned(&self) -> bool {
        false
    }
}

#[test]
fn a_snapshot_is_for_a_bounded_number_of_calls() {
    let jobs = [1, 1, READ_BATCH - 2, 1, READ_BATCH, READ_BATCH, 0, 1];
    let mut jobs = jobs.into_iter().map(|calls| Box::new(Calls(calls)) as Box<dyn Job<Conn>>);
    let together: Vec<usize> =
        std::iter::from_fn(|| Some(next_of(&mut jobs).len()).filter(|jobs| *jobs > 0)).collect();
    assert_eq!(together, [3, 2, 1, 2]);
}

#[tokio::test]
async fn no_snapshot_is_kept() {
    let mut reader = Reader::start();
    for expected in 0..3 {
        let (held, wait_for_count, release) = reader.count_and_hold();
        tokio::task::yield_now().await;
        wait_for_count.recv().unwrap();
        let counts = [reader.count(), reader.count(), reader.count()];
        tokio::task::yield_now().await;
        release.send(()).unwrap();
        assert_eq!(held.await.unwrap(), Ok(expected));
        for count in counts {
            assert_eq!(count.await.unwrap(), Ok(expected));
        }
        reader.note(&expected.to_string());
    }
}

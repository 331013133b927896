use std::sync::mpsc;

use diesel::prelude::*;
use diesel::r2d2::Pool;
use tempfile::TempDir;
use tokio::task::JoinHandle;

use super::super::connection::{Access, prepare_file};
use super::*;
use crate::executor::{Lane, LaneSetup};

diesel::table! {
    notes (note) {
        note -> Text,
    }
}

type Answer = Result<(), StoreError>;
type Work = Box<dyn FnOnce(&mut Conn) -> Answer + Send>;

struct Writer {
    lane: Lane<Conn>,
    _directory: TempDir,
}

impl Writer {
    async fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let url = prepare_file(&directory.path().join("notes.db")).unwrap();
        let pool = Pool::builder()
            .max_size(1)
            .test_on_check_out(false)
            .build(Manager::new(&url, Access::Write))
            .unwrap();
        let setup = LaneSetup { name: "test-write", threads: 1, capacity: 64, batch: 64, run: run_together };
        let writer = Self { lane: Lane::start(&pool, &setup).unwrap(), _directory: directory };
        let create = |conn: &mut Conn| conn.batch_execute("CREATE TABLE notes (note TEXT PRIMARY KEY)");
        writer.call(move |conn| create(conn).map_err(|error| dialect::classify(&error))).await.unwrap();
        writer
    }

    async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.lane.call(work).await
    }

    /// Has all of the work waiting when the writer comes to it, so that it makes one batch of it.
    async fn at_once(&self, works: Vec<Work>) -> Vec<Answer> {
        let (started, wait_for_start) = mpsc::channel();
        let (release, held) = mpsc::channel::<()>();
        let blocker = self.spawn(Box::new(move |_| {
            started.send(()).unwrap();
            held.recv().unwrap();
            Ok(())
        }));
        tokio::task::yield_now().await;
        wait_for_start.recv().unwrap();
        let calls: Vec<_> = works.into_iter().map(|work| self.spawn(work)).collect();
        tokio::task::yield_now().await;
        release.send(()).unwrap();
        assert_eq!(blocker.await.unwrap(), Ok(()));
        let mut answers = Vec::new();
        for call in calls {
            answers.push(call.await.unwrap());
        }
        answers
    }

    fn spawn(&self, work: Work) -> JoinHandle<Answer> {
        let lane = self.lane.clone();
        tokio::spawn(async move { lane.call(work).await })
    }

    async fn notes(&self) -> Vec<String> {
        self.call(|conn| {
            notes::table
                .select(notes::note)
                .order(notes::note)
                .load(conn)
                .map_err(|error| dialect::classify(&error))
        })
        .await
        .unwrap()
    }
}

fn write(note: &'static str) -> Work {
    Box::new(move |conn| insert(conn, note))
}

fn insert(conn: &mut Conn, note: &str) -> Answer {
    diesel::insert_into(notes::table)
        .values(notes::note.eq(note))
        .execute(conn)
        .map(|_| ())
        .map_err(|error| dialect::classify(&error))
}

#[tokio::test]
async fn one_bad_job_of_a_batch_harms_no_other() {
    let writer = Writer::start().await;
    let answers = writer
        .at_once(vec![
            write("first"),
            Box::new(|conn| {
                insert(conn, "undone")?;
                Err(StoreError::Conflict(Cause::new("on purpose")))
            }),
            write("first"),
            Box::new(|conn| {
                insert(conn, "undone too")?;
                panic!("on purpose")
            }),
            write("last"),
        ])
        .await;
    assert_eq!(answers[0], Ok(()));
    assert!(matches!(answers[1], Err(StoreError::Conflict(_))), "{answers:?}");
    assert!(matches!(answers[2], Err(StoreError::Fault(_))), "a note is unique: {answers:?}");
    assert!(matches!(answers[3], Err(StoreError::Fault(_))), "{answers:?}");
    assert_eq!(answers[4], Ok(()));
    assert_eq!(writer.notes().await, ["first", "last"]);
}

#[tokio::test]
async fn a_batch_is_one_transaction() {
    let writer = Writer::start().await;
    // A commit turns this setting off again.
    let answers = writer
        .at_once(vec![
            Box::new(|conn| {
                let defer = "PRAGMA defer_foreign_keys = ON";
                conn.batch_execute(defer).map_err(|error| dialect::classify(&error))
            }),
            Box::new(|conn| {
                let deferred: i64 = diesel::dsl::sql::<diesel::sql_types::BigInt>(
                    "SELECT defer_foreign_keys FROM pragma_defer_foreign_keys",
                )
                .get_result(conn)
                .map_err(|error| dialect::classify(&error))?;
                if deferred == 1 { Ok(()) } else { Err(StoreError::Fault(Cause::new("another transaction"))) }
            }),
        ])
        .await;
    assert_eq!(answers, [Ok(()), Ok(())]);
}

#[tokio::test]
async fn what_was_acknowledged_on_a_full_disk_is_there_and_what_was_refused_is_not() {
    let writer = Writer::start().await;
    let answers = writer
        .at_once(vec![
            write("before"),
            Box::new(|conn| {
                // As a full disk: from here on the file cannot grow.
                conn.batch_execute("PRAGMA max_page_count = 1").map_err(|error| dialect::classify(&error))?;
                insert(conn, &"x".repeat(1_000_000))
            }),
            write("behind"),
        ])
        .await;
    assert!(matches!(answers[1], Err(StoreError::Unavailable(_))), "{answers:?}");
    let notes = writer.notes().await;
    for (answer, note) in [(&answers[0], "before"), (&answers[2], "behind")] {
        match answer {
            Ok(()) => assert!(notes.iter().any(|found| found == note), "{note} was lost: {answers:?}"),
            Err(StoreError::Unavailable(_)) => {
                assert!(!notes.iter().any(|found| found == note), "{note}: {answers:?}");
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    // The limit went with the connection: once there is room, it goes on by itself.
    assert_eq!(writer.at_once(vec![write("later")]).await, [Ok(())]);
}

#[tokio::test]
async fn a_transaction_that_is_lost_midway_refuses_the_whole_batch() {
    let writer = Writer::start().await;
    let answers = writer
        .at_once(vec![
            write("before"),
            // What SQLite itself does on some failures: it ends the transaction, savepoints and all.
            Box::new(|conn| conn.batch_execute("ROLLBACK").map_err(|error| dialect::classify(&error))),
            write("behind"),
        ])
        .await;
    for answer in &answers {
        assert!(matches!(answer, Err(StoreError::Unavailable(_))), "{answers:?}");
    }
    assert_eq!(writer.notes().await, Vec::<String>::new());
    assert_eq!(writer.at_once(vec![write("later")]).await, [Ok(())]);
}

/// A job that writes its note, says so, and goes on when it may.
fn write_and_wait(note: &'static str, wrote: mpsc::Sender<()>, go_on: mpsc::Receiver<()>) -> Work {
    Box::new(move |conn| {
        insert(conn, note)?;
        wrote.send(()).unwrap();
        go_on.recv().unwrap();
        Ok(())
    })
}

#[tokio::test]
async fn what_a_caller_that_left_asked_for_is_not_kept() {
    let writer = Writer::start().await;
    let (wrote, wait_for_write) = mpsc::channel();
    let (release, held) = mpsc::channel();
    let (wrote_first, wait_for_first) = mpsc::channel();
    let (release_first, held_first) = mpsc::channel();
    // Meanwhile the others come together in one batch.
    let first = writer.spawn(write_and_wait("first", wrote_first, held_first));
    tokio::task::yield_now().await;
    wait_for_first.recv().unwrap();
    let leaves_while_it_runs = writer.spawn(write_and_wait("leaves while it runs", wrote, held));
    let leaves_before = writer.spawn(write("leaves before it runs"));
    let stays = writer.spawn(write("stays"));
    tokio::task::yield_now().await;
    release_first.send(()).unwrap();
    assert_eq!(first.await.unwrap(), Ok(()));
    wait_for_write.recv().unwrap();

    for leaving in [leaves_while_it_runs, leaves_before] {
        leaving.abort();
        assert!(leaving.await.unwrap_err().is_cancelled());
    }
    release.send(()).unwrap();
    assert_eq!(stays.await.unwrap(), Ok(()));
    assert_eq!(writer.notes().await, ["first", "stays"]);
}

//! The life of accounts: signing in and staying signed in, passwords and invitations, administration and teams, what is guessed at
//! and what is written down.

mod administration;
mod audit;
mod chaos;
mod command_line;
mod guessing;
mod housekeeping;
mod invitations;
mod other_instances;
mod own_account;
mod passwords;
mod races;
mod registration;
mod replays;
mod request_limit;
mod revocation;
mod sessions;
mod teams;

use helpdesk_tests::{Answer, World};
use serde_json::Value;

/// The audit entries of this kind, newest first.
fn audit(world: &World, kind: &str) -> Vec<Value> {
    let page = world.admin.get(&format!("/admin/audit?limit=100&kind={kind}")).expect(200);
    page["data"].as_array().expect("entries").clone()
}

/// Something to be done beside others.
type Task<'a, T> = Box<dyn FnOnce() -> T + Send + 'a>;

/// Does all of this at the same moment; what came of each, in their order.
fn at_once<'a, T: Send>(tasks: Vec<Task<'a, T>>) -> Vec<T> {
    let start = &std::sync::Barrier::new(tasks.len());
    std::thread::scope(|scope| {
        let begin = |task: Task<'a, T>| {
            scope.spawn(move || {
                start.wait();
                task()
            })
        };
        let running: Vec<_> = tasks.into_iter().map(begin).collect();
        running.into_iter().map(|task| task.join().expect("no task panics")).collect()
    })
}

/// The same, of one thing many times over; each is told its number.
fn times<T: Send>(count: usize, task: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let task = &task;
    at_once((0..count).map(|number| Box::new(move || task(number)) as Task<'_, T>).collect())
}

/// How many of the answers have this status; every answer must have one of those that are allowed.
#[track_caller]
fn count(answers: &[Answer], status: u16, allowed: &[u16]) -> usize {
    for answer in answers {
        assert!(allowed.contains(&answer.status), "{}: {}", answer.status, answer.text());
    }
    answers.iter().filter(|answer| answer.status == status).count()
}

/// The texts of a member of each item of a list.
fn texts(page: &Value, member: &str) -> Vec<String> {
    let items = page["data"].as_array().expect("a list");
    items.iter().map(|item| item[member].as_str().expect("a text").to_owned()).collect()
}

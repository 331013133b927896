//! What agents do all day: the queue, changes made safely, history, follow-ups, filters, and tickets that close by themselves.

mod bulk;
mod closing;
mod filters;
mod follow_ups;
mod history;
mod idempotency;
mod queue;
mod search;
mod versions;
mod workflow;

use helpdesk_tests::{Answer, Client};
use serde_json::Value;

/// The ids of a page's items.
fn ids(page: &Value) -> Vec<i64> {
    page["data"].as_array().expect("a list").iter().map(|item| item["id"].as_i64().expect("an id")).collect()
}

/// The tag of an answer.
#[track_caller]
fn etag(answer: &Answer) -> String {
    answer.header("etag").expect("an ETag").to_owned()
}

/// Sends JSON that is meant for what has this tag.
fn send_if(client: &Client, method: &str, path: &str, tag: &str, body: &Value) -> Answer {
    let headers = [("Content-Type", "application/json"), ("If-Match", tag)];
    client.send(method, path, &headers, Some(body.to_string().as_bytes()))
}

/// Sends JSON under this key.
fn post_once(client: &Client, path: &str, key: &str, body: &Value) -> Answer {
    let headers = [("Content-Type", "application/json"), ("Idempotency-Key", key)];
    client.send("POST", path, &headers, Some(body.to_string().as_bytes()))
}

/// Does the same many times at one moment; each is told its number.
fn times<T: Send>(count: usize, task: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let (task, start) = (&task, &std::sync::Barrier::new(count));
    std::thread::scope(|scope| {
        let begin = |number| {
            scope.spawn(move || {
                start.wait();
                task(number)
            })
        };
        let running: Vec<_> = (0..count).map(begin).collect();
        running.into_iter().map(|task| task.join().expect("no task panics")).collect()
    })
}

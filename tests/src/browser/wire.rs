//! The protocol: JSON with a NUL behind it, both ways.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

/// For how long an answer is waited for before the test fails.
const PATIENCE: Duration = Duration::from_mins(1);

/// The connection to a browser.
pub(super) struct Wire {
    orders: ChildStdin,
    messages: Receiver<Value>,
    said: Arc<Mutex<Vec<u8>>>,
    next_id: u64,
    session: Option<String>,
    /// What happened and was not looked at yet.
    events: Vec<Value>,
}

impl Wire {
    pub(super) fn new(child: &mut Child) -> Self {
        let orders = child.stdin.take().expect("a pipe");
        let answers = BufReader::new(child.stdout.take().expect("a pipe"));
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            for message in answers.split(0).map_while(Result::ok) {
                let message = serde_json::from_slice(&message).expect("JSON from the browser");
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let said = Arc::new(Mutex::new(Vec::new()));
        let (sink, mut stderr) = (said.clone(), child.stderr.take().expect("a pipe"));
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = stderr.read(&mut buffer) {
                sink.lock().expect("the text").extend_from_slice(&buffer[..count]);
            }
        });
        Self { orders, messages, said, next_id: 0, session: None, events: Vec::new() }
    }

    /// All that it has written for people.
    pub(super) fn said(&self) -> String {
        String::from_utf8_lossy(&self.said.lock().expect("the text")).into_owned()
    }

    /// From now on orders are for this page.
    pub(super) fn attach(&mut self, session: &str) {
        self.session = Some(session.to_owned());
    }

    /// Gives an order and does not wait for the answer.
    pub(super) fn tell(&mut self, method: &str, parameters: &Value) -> u64 {
        self.next_id += 1;
        let mut order = json!({"id": self.next_id, "method": method, "params": parameters});
        if let Some(session) = self.session.as_deref().filter(|_| !method.starts_with("Browser.")) {
            order["sessionId"] = session.into();
        }
        let bytes = [order.to_string().as_bytes(), &[0]].concat();
        // Where it has gone, no answer comes either, and that is told with what it said.
        let _ = self.orders.write_all(&bytes);
        self.next_id
    }

    /// Gives an order and waits until it is carried out.
    #[track_caller]
    pub(super) fn ask(&mut self, method: &str, parameters: &Value) -> Value {
        let id = self.tell(method, parameters);
        loop {
            let message = self.messages.recv_timeout(PATIENCE);
            let Ok(mut message) = message else {
                panic!("{method}: the browser does not answer:\n{}", self.said())
            };
            if message["id"] != id {
                self.events.push(message);
            } else if message.get("error").is_some() {
                panic!("{method}: {}", message["error"]);
            } else {
                return message["result"].take();
            }
        }
    }

    /// What has happened since the last look.
    pub(super) fn events(&mut self) -> Vec<Value> {
        self.events.extend(self.messages.try_iter());
        std::mem::take(&mut self.events)
    }
}

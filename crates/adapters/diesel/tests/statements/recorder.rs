//! Which statements the stores of this process send, told by diesel itself.

use std::collections::HashSet;
use std::sync::{Mutex, Once, PoisonError};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

/// What each connection has sent, with the address of its database.
static SENT: Mutex<Vec<(String, Event)>> = Mutex::new(Vec::new());

enum Event {
    Sent(String),
    /// It was prepared, and stays so for as long as the connection lives.
    Kept(String),
}

/// Hears of everything that a connection does.
#[derive(Default)]
struct Recorder {
    address: String,
}

impl Instrumentation for Recorder {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        let event = match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } => {
                url.clone_into(&mut self.address);
                return;
            }
            InstrumentationEvent::StartQuery { query, .. } => Event::Sent(sql(&query.to_string())),
            InstrumentationEvent::CacheQuery { sql, .. } => Event::Kept(sql.to_owned()),
            _ => return,
        };
        SENT.lock().unwrap_or_else(PoisonError::into_inner).push((self.address.clone(), event));
    }
}

/// Without the values, which diesel shows behind it.
fn sql(query: &str) -> String {
    query.split(" -- binds: ").next().unwrap_or_default().to_owned()
}

/// What the connections to one database have sent since they were last asked.
pub(crate) struct Log {
    /// Its address, without what connections add to it.
    database: String,
    kept: HashSet<String>,
}

impl Log {
    /// Listens to all connections that are made from now on, and hears those to the database at this address.
    pub(crate) fn of(database: &str) -> Self {
        static LISTENING: Once = Once::new();
        LISTENING.call_once(|| set_default_instrumentation(|| Some(Box::new(Recorder::default()))).unwrap());
        Self { database: database.to_owned(), kept: HashSet::new() }
    }

    /// What was sent since the last call, in order.
    pub(crate) fn take(&mut self) -> Vec<String> {
        let mut sent = Vec::new();
        let events = &mut *SENT.lock().unwrap_or_else(PoisonError::into_inner);
        let is_ours = |address: &str| address.split('?').next() == Some(&self.database);
        for (_, event) in events.extract_if(.., |(address, _)| is_ours(address)) {
            match event {
                Event::Sent(sql) => sent.push(sql),
                Event::Kept(sql) => {
                    self.kept.insert(sql);
                }
            }
        }
        sent
    }

    /// Whether a statement that was taken stays prepared.
    pub(crate) fn is_kept(&self, sql: &str) -> bool {
        self.kept.contains(sql)
    }
}

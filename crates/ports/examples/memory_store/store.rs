//! The store as a whole: one state behind one lock.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::Poll;

use async_trait::async_trait;
use helpdesk_ports::{STORE_SECRET_BYTES, StoreAdmin, StoreError, StoreSecret, Stores};

use crate::state::State;

pub(crate) fn stores() -> Stores {
    let store = Arc::new(MemoryStore(Mutex::new(State::new())));
    Stores {
        tickets: store.clone(),
        users: store.clone(),
        sessions: store.clone(),
        teams: store.clone(),
        audit: store.clone(),
        idempotency: store.clone(),
        exports: store.clone(),
        imports: store.clone(),
        admin: store,
    }
}

pub(crate) struct MemoryStore(Mutex<State>);

impl MemoryStore {
    /// Lets the other calls go first, so that calls that are made at once really mix.
    pub(crate) async fn turn(&self) -> MutexGuard<'_, State> {
        let mut waited = false;
        poll_fn(|context| {
            context.waker().wake_by_ref();
            if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        self.0.lock().unwrap()
    }
}

#[async_trait]
impl StoreAdmin for MemoryStore {
    async fn ready(&self) -> Result<(), StoreError> {
        Ok(())
    }

    async fn secret(&self) -> Result<StoreSecret, StoreError> {
        Ok(StoreSecret([7; STORE_SECRET_BYTES]))
    }
}

//! The contract suite is tried on a store that lives in memory: small enough to be right at sight, so that a case that
//! fails here is wrong itself. It is also the shortest example of what a store has to do.

#![expect(clippy::unwrap_used, reason = "this store is for tests alone")]

mod completeness;
mod state;
mod state_tickets;
mod store;
mod store_exports;
mod store_idempotency;
mod store_imports;
mod store_sessions;
mod store_teams;
mod store_tickets;
mod store_users;

use helpdesk_ports::Stores;

async fn make_memory() -> (Stores, impl Sized) {
    (store::stores(), ())
}

helpdesk_ports::contract_suite!(memory, make_memory);

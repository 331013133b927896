//! The API as a caller sees it, on a help desk whose ports are mocks. A mock that a test does not prepare panics when it is
//! called: so a test that gets its answer also shows that nothing else was touched.

mod accounts;
mod answers;
mod audit;
mod bulk;
mod client;
mod comments;
mod compression;
mod contract;
mod cors;
mod coverage;
mod customer_tickets;
mod docs_page;
mod document;
mod export;
mod export_wire;
mod guards;
mod history;
mod idempotency;
mod invitations;
mod judging;
mod lists;
mod login;
mod operations;
mod own_account;
mod own_sessions;
mod queue;
mod refresh;
mod registration;
mod request_limit;
mod samples;
mod staff_tickets;
mod support;
mod teams;
mod versions;
mod wire;

//! What handlers take.
//!
//! Only the guard can fail before the handler runs (of registration, that it is open). Everything else merely captures its
//! part of the request, and is parsed in the handler: so nothing but 401, 403, 429 or 503 is answered to someone who may not
//! call the operation, and no byte of a body is waited for.

mod bearer;
mod client;
mod entity_tags;
mod guard;
mod idempotency_key;
mod if_match;
mod if_none_match;
mod json_body;
mod json_fault;
mod path_id;
mod query;
mod registration;
mod wanted;

pub(crate) use client::Client;
pub(crate) use guard::{AdminActor, AgentActor, AnyAccount, CustomerActor};
pub(crate) use idempotency_key::IdempotencyKey;
pub(crate) use if_match::IfMatch;
pub(crate) use if_none_match::IfNoneMatch;
pub(crate) use json_body::{JsonBody, object, present};
pub(crate) use path_id::{PathId, PathUserId};
pub(crate) use query::{QueryReader, QueryString};
pub(crate) use registration::OpenRegistration;
pub(crate) use wanted::Wanted;

//! The outermost layer: every answer, whoever made it, leaves through here.

mod accept;
mod access_log;
mod compress;
mod context;
mod cors;
mod envelope;
mod render;
mod request_id;
mod unread;

pub(crate) use accept::weight as accept_weight;
pub(crate) use context::RequestContext;
pub(crate) use envelope::{Envelope, Grants};

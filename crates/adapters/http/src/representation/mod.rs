//! JSON as callers see it. Every type is made from a view of the domain, and from nothing else.

mod audit;
mod bulk;
mod comment;
mod customer_event;
mod customer_ticket;
mod event;
mod export;
mod people;
pub(crate) mod schema;
mod session;
mod staff_ticket;
mod team;
mod tokens;
mod user;
mod workflow;

pub(crate) use audit::AuditEntryResponse;
pub(crate) use bulk::BulkResponse;
pub(crate) use comment::{CommentResponse, CustomerCommentResponse};
pub(crate) use customer_event::CustomerEventResponse;
pub(crate) use customer_ticket::{CustomerTicketDetailResponse, CustomerTicketResponse};
pub(crate) use event::EventResponse;
pub(crate) use export::{Csv, ExportFormat, ExportLine, Ndjson};
pub(crate) use session::SessionResponse;
pub(crate) use staff_ticket::{TicketDetailResponse, TicketResponse};
pub(crate) use team::TeamResponse;
pub(crate) use tokens::TokensResponse;
pub(crate) use user::{InvitedUserResponse, SignedInUserResponse, UserResponse};
pub(crate) use workflow::TicketWorkflowResponse;

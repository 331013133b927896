//! JSON as callers see it. Every type is made from a view of the domain, and from nothing else.

mod comment;
mod customer_ticket;
mod people;
pub(crate) mod schema;
mod staff_ticket;
mod user;

pub(crate) use comment::{CommentResponse, CustomerCommentResponse};
pub(crate) use customer_ticket::{CustomerTicketDetailResponse, CustomerTicketResponse};
pub(crate) use staff_ticket::{TicketDetailResponse, TicketResponse};
pub(crate) use user::{SignedInUserResponse, UserResponse};

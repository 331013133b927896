//! What happens to the rest of a chunked body that no handler reads.
//!
//! Where an announced length is left unread, the framework closes the connection after the answer. The rest of a chunked body,
//! once nobody holds the body any more, it reads and throws away, for as long as the client cares to send: a request that was
//! refused would hold its connection for ever. So the body is held until the answer is out, and the same happens to both.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::HttpMessage as _;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use actix_web::web::Bytes;
use futures_util::Stream;

/// A chunked body that a handler may read, kept from being dropped.
#[derive(Clone)]
pub(super) struct HeldBody(Rc<RefCell<Payload>>);

impl HeldBody {
    /// Takes hold of the request's body, if it comes in chunks.
    pub(super) fn of(request: &mut ServiceRequest) -> Option<Self> {
        // A coding that cannot be read was refused with the head.
        if !request.chunked().unwrap_or(false) {
            return None;
        }
        let held = Self(Rc::new(RefCell::new(request.take_payload())));
        request.set_payload(Payload::Stream { payload: Box::pin(held.clone()) });
        Some(held)
    }

    /// The answer's body, with which the request's is let go.
    pub(super) fn until_sent(self, answer: BoxBody) -> BoxBody {
        BoxBody::new(Answer { body: answer, _held: self })
    }
}

impl Stream for HeldBody {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut *self.0.borrow_mut()).poll_next(context)
    }
}

struct Answer {
    body: BoxBody,
    _held: HeldBody,
}

impl MessageBody for Answer {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(context)
    }
}

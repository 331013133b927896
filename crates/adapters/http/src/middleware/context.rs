//! What is known of a request beside its bytes.

use std::cell::Cell;

use helpdesk_domain::UserId;

use crate::request_limit::LimitState;

/// Shared by the outer middleware and the guard, for one request.
#[derive(Debug)]
pub(crate) struct RequestContext {
    request_id: String,
    is_head: bool,
    user: Cell<Option<UserId>>,
    limit: Cell<Option<LimitState>>,
}

impl RequestContext {
    pub(super) fn new(request_id: String, is_head: bool) -> Self {
        Self { request_id, is_head, user: Cell::new(None), limit: Cell::new(None) }
    }

    pub(crate) fn request_id(&self) -> &str {
        &self.request_id
    }

    /// Whether no more than the head of the answer is sent. To everybody else the request is a GET.
    pub(crate) fn is_head(&self) -> bool {
        self.is_head
    }

    pub(super) fn user(&self) -> Option<UserId> {
        self.user.get()
    }

    /// How the caller's account stands, where requests are counted and this one was.
    pub(super) fn limit(&self) -> Option<LimitState> {
        self.limit.get()
    }

    /// The guard tells how the caller's account stands.
    pub(crate) fn stands_at(&self, limit: LimitState) {
        self.limit.set(Some(limit));
    }

    /// The guard tells who is calling.
    pub(crate) fn is_called_by(&self, user: UserId) {
        self.user.set(Some(user));
    }
}

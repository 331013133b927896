//! What is known of a request beside its bytes.

use std::cell::Cell;

use helpdesk_domain::UserId;

/// Shared by the outer middleware and the guard, for one request.
pub(crate) struct RequestContext {
    request_id: String,
    user: Cell<Option<UserId>>,
}

impl RequestContext {
    pub(super) fn new(request_id: String) -> Self {
        Self { request_id, user: Cell::new(None) }
    }

    pub(super) fn request_id(&self) -> &str {
        &self.request_id
    }

    pub(super) fn user(&self) -> Option<UserId> {
        self.user.get()
    }

    /// The guard tells who is calling.
    pub(crate) fn is_called_by(&self, user: UserId) {
        self.user.set(Some(user));
    }
}

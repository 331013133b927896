//! Sessions, as their account sees them.

use helpdesk_domain::{Session, SessionId, Ts};
use serde::Serialize;
use utoipa::ToSchema;

use super::schema;

/// A session of one's own account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub(crate) struct SessionResponse {
    /// Its id.
    #[schema(value_type = schema::SessionId)]
    id: SessionId,
    /// When it began.
    #[schema(value_type = schema::Time)]
    created_at: Ts,
    /// When it was refreshed last, or began.
    #[schema(value_type = schema::Time)]
    last_used_at: Ts,
    /// When it ends, whatever happens.
    #[schema(value_type = schema::Time)]
    expires_at: Ts,
    /// When it ends unless it is refreshed before; never after `expires_at`.
    #[schema(value_type = schema::Time)]
    idle_expires_at: Ts,
    /// From which address it was refreshed last, or began; `null` if that is not known.
    #[schema(required = true, example = "192.0.2.1")]
    address: Option<String>,
    /// What the program that did so called itself. It may be made up.
    #[schema(required = true, max_length = 200, example = "Mozilla/5.0")]
    user_agent: Option<String>,
    /// Whether it is the one that this request belongs to.
    is_current: bool,
}

impl SessionResponse {
    /// The session, to a caller whose own session is `current`.
    pub(crate) fn new(session: Session, current: SessionId) -> Self {
        let (address, user_agent) = session.client.map_or((None, None), |client| {
            let user_agent = client.user_agent.map(|name| name.as_str().to_owned());
            (Some(client.address.to_string()), user_agent)
        });
        Self {
            is_current: session.id == current,
            id: session.id,
            created_at: session.created_at,
            last_used_at: session.last_used_at,
            expires_at: session.expires_at,
            idle_expires_at: session.idle_expires_at,
            address,
            user_agent,
        }
    }
}

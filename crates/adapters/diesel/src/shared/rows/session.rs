use std::net::IpAddr;

use diesel::prelude::*;
use helpdesk_domain::{Client, ClientAddress, Session, UserAgent, UserId};
use helpdesk_ports::StoreError;

use super::Origin;

use super::super::StoredTs;
use super::super::dialect::Db;
use super::super::schema::sessions;

#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = sessions, check_for_backend(Db))]
pub(in super::super) struct SessionRow {
    pub(super) id: String,
    pub(super) user_id: i64,
    pub(super) token_version: i64,
    pub(super) generation: i64,
    pub(super) created_at: StoredTs,
    pub(super) last_used_at: StoredTs,
    pub(super) expires_at: StoredTs,
    pub(super) idle_expires_at: StoredTs,
    pub(super) revoked_at: Option<StoredTs>,
    pub(super) address: Option<String>,
    pub(super) user_agent: Option<String>,
}

impl TryFrom<SessionRow> for Session {
    type Error = StoreError;

    fn try_from(row: SessionRow) -> Result<Self, StoreError> {
        // A session's own id is a secret's neighbour: its account is enough to find a damaged row.
        let origin = Origin::new("sessions", row.user_id);
        let address = row.address.map(|text| address(origin, &text)).transpose()?;
        let user_agent = row.user_agent.map(UserAgent::from_stored);
        Ok(Self {
            id: origin.word("id", &row.id)?,
            user: origin.id("user_id", row.user_id, UserId::new)?,
            token_version: row.token_version,
            generation: row.generation,
            created_at: origin.ts("created_at", row.created_at)?,
            last_used_at: origin.ts("last_used_at", row.last_used_at)?,
            expires_at: origin.ts("expires_at", row.expires_at)?,
            idle_expires_at: origin.ts("idle_expires_at", row.idle_expires_at)?,
            revoked_at: origin.optional_ts("revoked_at", row.revoked_at)?,
            client: address.map(|address| Client { address, user_agent }),
        })
    }
}

fn address(origin: Origin, text: &str) -> Result<ClientAddress, StoreError> {
    let address: IpAddr = origin.word("address", text)?;
    Ok(ClientAddress::new(address))
}

/// What showing a refresh token writes of a session, which is everything of it that can change.
#[derive(AsChangeset, Insertable)]
#[diesel(table_name = sessions, treat_none_as_null = true, treat_none_as_default_value = false)]
pub(in super::super) struct SessionChangeset {
    token_version: i64,
    generation: i64,
    last_used_at: StoredTs,
    idle_expires_at: StoredTs,
    revoked_at: Option<StoredTs>,
    address: Option<String>,
    user_agent: Option<String>,
}

impl From<&Session> for SessionChangeset {
    fn from(session: &Session) -> Self {
        let client = session.client.as_ref();
        let user_agent = client.and_then(|client| client.user_agent.as_ref());
        Self {
            token_version: session.token_version,
            generation: session.generation,
            last_used_at: session.last_used_at.into(),
            idle_expires_at: session.idle_expires_at.into(),
            revoked_at: session.revoked_at.map(StoredTs::from),
            address: client.map(|client| client.address.to_string()),
            user_agent: user_agent.map(|user_agent| user_agent.as_str().to_owned()),
        }
    }
}

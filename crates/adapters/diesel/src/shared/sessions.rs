//! Sign-in sessions.

use async_trait::async_trait;
use diesel::prelude::*;
use helpdesk_domain::{SessionId, UserId};
use helpdesk_ports::{NewSession, SessionRepository, Standing, StoreError};

use super::dialect::Conn;
use super::rows::Origin;
use super::schema::{refresh_tokens, sessions, users};
use super::{Failure, StoredTs, write};
use crate::executor::Lanes;

pub(super) struct DieselSessions {
    lanes: Lanes<Conn>,
}

impl DieselSessions {
    pub(super) fn new(lanes: Lanes<Conn>) -> Self {
        Self { lanes }
    }
}

#[async_trait]
impl SessionRepository for DieselSessions {
    async fn open(&self, session: NewSession) -> Result<(), StoreError> {
        write(&self.lanes, move |conn| open(conn, &session)).await
    }

    async fn standing(&self, user: UserId, session: SessionId) -> Result<Option<Standing>, StoreError> {
        self.lanes.reads.call(move |conn| standing(conn, user, session)).await
    }
}

fn open(conn: &mut Conn, session: &NewSession) -> Result<(), Failure> {
    let id = session.id.to_string();
    diesel::insert_into(sessions::table)
        .values((
            sessions::id.eq(&id),
            sessions::user_id.eq(session.user.get()),
            sessions::created_at.eq(StoredTs::from(session.created_at)),
            sessions::expires_at.eq(StoredTs::from(session.expires_at)),
        ))
        .execute(conn)?;
    diesel::insert_into(refresh_tokens::table)
        .values((
            refresh_tokens::digest.eq(session.refresh_token.0.as_slice()),
            refresh_tokens::session_id.eq(&id),
            refresh_tokens::issued_at.eq(StoredTs::from(session.created_at)),
            refresh_tokens::expires_at.eq(StoredTs::from(session.refresh_expires_at)),
        ))
        .execute(conn)?;
    Ok(())
}

type StandingRow = (i64, String, bool, i64, StoredTs, Option<StoredTs>);

fn standing(conn: &mut Conn, user: UserId, session: SessionId) -> Result<Option<Standing>, Failure> {
    // Whose it is, is compared afterwards: asked for both, Postgres may go through all sessions of the account instead.
    let row: Option<StandingRow> = sessions::table
        .inner_join(users::table)
        .filter(sessions::id.eq(session.to_string()))
        .select((
            sessions::user_id,
            users::role,
            users::is_active,
            users::token_version,
            sessions::expires_at,
            sessions::revoked_at,
        ))
        .get_result(conn)
        .optional()?;
    let Some((owner, role, is_active, token_version, expires_at, revoked_at)) = row else {
        return Ok(None);
    };
    if owner != user.get() {
        return Ok(None);
    }
    Ok(Some(Standing {
        role: Origin::new("users", user.get()).word("role", &role)?,
        is_active,
        token_version,
        // A session's own id is a secret's neighbour: its account is enough to find a damaged row.
        expires_at: Origin::new("sessions", user.get()).ts("expires_at", expires_at)?,
        is_revoked: revoked_at.is_some(),
    }))
}

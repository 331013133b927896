//! Reading sessions.

use diesel::dsl::exists;
use diesel::prelude::*;
use helpdesk_domain::{ClientNetwork, Email, Session, SessionId, Ts, UserId};
use helpdesk_ports::{Page, PageRequest, SessionPosition, Standing};

use super::super::dialect::Conn;
use super::super::rows::{Origin, SessionRow};
use super::super::schema::{sessions, users};
use super::super::standings::is_live;
use super::super::tickets::one_more_than;
use super::super::{Failure, StoredTs};

type StandingRow = (i64, String, bool, i64, i64, StoredTs, StoredTs, Option<StoredTs>);

pub(super) fn standing(
    conn: &mut Conn,
    user: UserId,
    session: SessionId,
) -> Result<Option<Standing>, Failure> {
    // Whose it is, is compared afterwards: asked for both, Postgres may go through all sessions of the account instead.
    let row: Option<StandingRow> = sessions::table
        .inner_join(users::table)
        .filter(sessions::id.eq(session.to_string()))
        .select((
            sessions::user_id,
            users::role,
            users::is_active,
            users::token_version,
            sessions::token_version,
            sessions::expires_at,
            sessions::idle_expires_at,
            sessions::revoked_at,
        ))
        .get_result(conn)
        .optional()?;
    let Some((owner, role, is_active, token_version, session_token_version, end, idle_end, revoked)) = row
    else {
        return Ok(None);
    };
    if owner != user.get() {
        return Ok(None);
    }
    // A session's own id is a secret's neighbour: its account is enough to find a damaged row.
    let origin = Origin::new("sessions", user.get());
    Ok(Some(Standing {
        role: Origin::new("users", user.get()).word("role", &role)?,
        is_active,
        token_version,
        session_token_version,
        expires_at: origin.ts("expires_at", end)?,
        idle_expires_at: origin.ts("idle_expires_at", idle_end)?,
        is_revoked: revoked.is_some(),
    }))
}

/// Goes along the account's sessions, newest first, and leaves out those that are over, which are forgotten some day.
pub(super) fn list(
    conn: &mut Conn,
    user: UserId,
    at: Ts,
    page: &PageRequest<SessionPosition>,
) -> Result<Page<Session, SessionPosition>, Failure> {
    let mut query = sessions::table
        .filter(sessions::user_id.eq(user.get()))
        .filter(is_live(at))
        .order((sessions::created_at.desc(), sessions::id.desc()))
        .limit(one_more_than(page.limit))
        .select(SessionRow::as_select())
        .into_boxed();
    if let Some(after) = page.after {
        let at = StoredTs::from(after.created_at);
        query = query
            .filter(sessions::created_at.le(at))
            .filter(sessions::created_at.lt(at).or(sessions::id.lt(after.id.to_string())));
    }
    let rows: Vec<SessionRow> = query.load(conn)?;
    let read = rows.into_iter().map(Session::try_from).collect::<Result<_, _>>()?;
    Ok(Page::of_rows_read_ahead(read, page.limit, SessionPosition::of))
}

pub(super) fn is_known_network(
    conn: &mut Conn,
    email: &Email,
    network: ClientNetwork,
    since: Ts,
) -> Result<bool, Failure> {
    let of_network = sessions::table
        .inner_join(users::table)
        .filter(users::email.eq(email.as_str()))
        .filter(sessions::network.assume_not_null().eq(network.to_string()))
        .filter(sessions::created_at.ge(StoredTs::from(since)));
    Ok(diesel::select(exists(of_network)).get_result(conn)?)
}

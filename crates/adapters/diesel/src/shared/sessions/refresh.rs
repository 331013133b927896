//! Showing a refresh token.

use diesel::prelude::*;
use helpdesk_domain::{PresentedToken, Refresh, Session, User};
use helpdesk_ports::{Refreshed, ShownToken};

use super::super::dialect::Conn;
use super::super::rows::{SessionChangeset, SessionRow, UserRow};
use super::super::schema::{refresh_tokens, sessions, users};
use super::super::update::update;
use super::super::{Failure, audit, locks};
use super::write::add_token;

/// Everyone who shows a token of one session waits for the others: what is read behind the lock is what the last one left. The
/// account needs no lock: whatever changes it ends its sessions behind this one, or has moved its token version before.
pub(super) fn refresh(conn: &mut Conn, shown: ShownToken) -> Result<Refreshed, Failure> {
    let digest = shown.token.0.as_slice();
    let session: Option<String> =
        refresh_tokens::table.find(digest).select(refresh_tokens::session_id).get_result(conn).optional()?;
    let Some(session) = session else {
        return Ok(Refreshed::Dead);
    };
    locks::lock_session(conn, &session)?;
    let found: Option<((i64, bool), SessionRow, UserRow)> = refresh_tokens::table
        .inner_join(sessions::table.inner_join(users::table))
        .filter(refresh_tokens::digest.eq(digest))
        .select((
            (refresh_tokens::generation, refresh_tokens::is_superseded),
            SessionRow::as_select(),
            UserRow::as_select(),
        ))
        .get_result(conn)
        .optional()?;
    // It was forgotten meanwhile.
    let Some(((generation, is_superseded), session, user)) = found else {
        return Ok(Refreshed::Dead);
    };
    let (session, user) = (Session::try_from(session)?, User::try_from(user)?);
    // Who shows the newest has lost none.
    let lost_answers = if generation == session.generation { 0 } else { lost_answers(conn, &session)? };
    let token = PresentedToken { generation, is_superseded, lost_answers };
    match session.refresh(&user, token, shown.client, shown.at) {
        Refresh::TooOften { retry_after } => Ok(Refreshed::TooOften { retry_after }),
        Refresh::Dead => Ok(Refreshed::Dead),
        Refresh::Rotated(rotation) => {
            let session = Box::new(rotation.session().clone());
            save(conn, &session)?;
            if rotation.supersedes() {
                supersede_newest(conn, &session)?;
            }
            add_token(conn, &session, shown.successor, session.last_used_at)?;
            Ok(Refreshed::Rotated { user, session })
        }
        Refresh::Replayed(replay) => {
            save(conn, replay.session())?;
            audit::record(conn, replay.audit())?;
            Ok(Refreshed::Replayed { user: session.user, session: session.id })
        }
    }
}

fn save(conn: &mut Conn, session: &Session) -> Result<(), Failure> {
    let it = sessions::id.eq(session.id.to_string());
    update(&sessions::table, SessionChangeset::from(session), it).execute(conn)?;
    Ok(())
}

fn lost_answers(conn: &mut Conn, session: &Session) -> Result<i64, Failure> {
    let lost = refresh_tokens::table
        .filter(refresh_tokens::session_id.eq(session.id.to_string()))
        .filter(refresh_tokens::generation.eq(session.generation))
        .filter(refresh_tokens::is_superseded.eq(true));
    Ok(lost.count().get_result(conn)?)
}

fn supersede_newest(conn: &mut Conn, session: &Session) -> Result<(), Failure> {
    let newest = refresh_tokens::session_id
        .eq(session.id.to_string())
        .and(refresh_tokens::generation.eq(session.generation));
    update(&refresh_tokens::table, refresh_tokens::is_superseded.eq(true), newest).execute(conn)?;
    Ok(())
}

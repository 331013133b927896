//! Opening and ending sessions. Every function here runs in its caller's transaction.

use diesel::prelude::*;
use helpdesk_domain::{EndedSessions, Session, SessionId, TokenDigest, Ts, User, UserId};
use helpdesk_ports::Forgotten;

use super::super::dialect::Conn;
use super::super::rows::SessionChangeset;
use super::super::schema::{invitations, refresh_tokens, sessions};
use super::super::standings::is_live;
use super::super::update::update;
use super::super::{Failure, StoredTs, locks};

/// The account stays as it is until the commit: what changes it afterwards finds this session among those that it ends.
pub(super) fn open(conn: &mut Conn, session: &Session, token: TokenDigest) -> Result<bool, Failure> {
    if !locks::may_open(conn, session)? {
        return Ok(false);
    }
    let network = session.client.as_ref().map(|client| client.address.network().to_string());
    diesel::insert_into(sessions::table)
        .values((
            sessions::id.eq(session.id.to_string()),
            sessions::user_id.eq(session.user.get()),
            sessions::created_at.eq(StoredTs::from(session.created_at)),
            sessions::expires_at.eq(StoredTs::from(session.expires_at)),
            // From where, stays as it is: who refreshes shows no password.
            sessions::network.eq(network),
            SessionChangeset::from(session),
        ))
        .execute(conn)?;
    add_token(conn, session, token, session.created_at)?;
    Ok(true)
}

/// Adds a token of the session's newest generation.
pub(super) fn add_token(
    conn: &mut Conn,
    session: &Session,
    token: TokenDigest,
    at: Ts,
) -> Result<(), Failure> {
    diesel::insert_into(refresh_tokens::table)
        .values((
            refresh_tokens::digest.eq(token.0.as_slice()),
            refresh_tokens::session_id.eq(session.id.to_string()),
            refresh_tokens::issued_at.eq(StoredTs::from(at)),
            refresh_tokens::generation.eq(session.generation),
            refresh_tokens::is_superseded.eq(false),
        ))
        .execute(conn)?;
    Ok(())
}

pub(super) fn end(conn: &mut Conn, user: UserId, session: SessionId, at: Ts) -> Result<bool, Failure> {
    let it = sessions::id.eq(session.to_string()).and(sessions::user_id.eq(user.get())).and(is_live(at));
    let ended =
        update(&sessions::table, sessions::revoked_at.eq(Some(StoredTs::from(at))), it).execute(conn)?;
    Ok(ended > 0)
}

/// Ends the sessions of an account that has changed to this, as of its change time.
pub(in super::super) fn end_of_account(
    conn: &mut Conn,
    user: &User,
    ended: EndedSessions,
) -> Result<(), Failure> {
    let record = user.record();
    let at = StoredTs::from(record.updated_at);
    // One that is past its end needs no other. It may be about to be forgotten, and the two would lock such rows in any order.
    let unended = sessions::user_id
        .eq(record.id.get())
        .and(sessions::revoked_at.is_null())
        .and(sessions::expires_at.gt(at));
    let ending = sessions::revoked_at.eq(Some(at));
    match ended {
        EndedSessions::None => {}
        EndedSessions::All => {
            update(&sessions::table, ending, unended).execute(conn)?;
        }
        EndedSessions::AllBut(kept) => {
            let kept = kept.to_string();
            let others = unended.and(sessions::id.ne(kept.clone()));
            update(&sessions::table, ending, others).execute(conn)?;
            // Of the version before: nothing that was dead comes to life.
            let it =
                unended.and(sessions::id.eq(kept)).and(sessions::token_version.eq(record.token_version - 1));
            update(&sessions::table, sessions::token_version.eq(record.token_version), it).execute(conn)?;
        }
    }
    Ok(())
}

// What is to be forgotten, beside the table that it is deleted from.
diesel::alias! {
    const ENDED: Alias<Ended> = sessions as ended;
    const EXPIRED: Alias<Expired> = invitations as expired;
    const SPENT: Alias<Spent> = refresh_tokens as spent;
}

/// How many tokens are forgotten at a time. One session may have many.
const TOKENS_AT_A_TIME: usize = 5_000;

/// Tokens first, so many at a time; then the sessions that have none left, and the invitations.
pub(super) fn forget_ended(conn: &mut Conn, before: Ts, most: usize) -> Result<Forgotten, Failure> {
    let (before, limit) = (StoredTs::from(before), |most| i64::try_from(most).unwrap_or(i64::MAX));
    let spent = SPENT
        .inner_join(ENDED.on(ENDED.field(sessions::id).eq(SPENT.field(refresh_tokens::session_id))))
        .filter(ENDED.field(sessions::expires_at).lt(before))
        .order(ENDED.field(sessions::expires_at))
        .limit(limit(TOKENS_AT_A_TIME))
        .select(SPENT.field(refresh_tokens::digest));
    let spent = diesel::delete(refresh_tokens::table.filter(refresh_tokens::digest.eq_any(spent)));
    if spent.execute(conn)? == TOKENS_AT_A_TIME {
        return Ok(Forgotten { count: 0, is_all: false });
    }
    let ended = ENDED
        .filter(ENDED.field(sessions::expires_at).lt(before))
        .order(ENDED.field(sessions::expires_at))
        .limit(limit(most))
        .select(ENDED.field(sessions::id));
    let ended = diesel::delete(sessions::table.filter(sessions::id.eq_any(ended))).execute(conn)?;
    let expired = EXPIRED
        .filter(EXPIRED.field(invitations::expires_at).lt(before))
        .order(EXPIRED.field(invitations::expires_at))
        .limit(limit(most))
        .select(EXPIRED.field(invitations::digest));
    let expired =
        diesel::delete(invitations::table.filter(invitations::digest.eq_any(expired))).execute(conn)?;
    Ok(Forgotten { count: ended + expired, is_all: ended < most && expired < most })
}

//! Invitations. An account has one at the most. Neither of a token's digest nor of what it proves is anything part of an error.

use diesel::prelude::*;
use helpdesk_domain::{Invitation, TokenDigest, Ts, UserId};
use helpdesk_ports::Invited;

use super::super::dialect::Conn;
use super::super::rows::{Origin, UserRow};
use super::super::schema::{invitations, users};
use super::super::{Failure, StoredTs};

pub(super) fn invited(conn: &mut Conn, token: TokenDigest) -> Result<Option<Invited>, Failure> {
    let row: Option<(StoredTs, UserRow)> = invitations::table
        .inner_join(users::table)
        .filter(invitations::digest.eq(token.0.as_slice()))
        .select((invitations::expires_at, UserRow::as_select()))
        .get_result(conn)
        .optional()?;
    let Some((expires_at, user)) = row else {
        return Ok(None);
    };
    let user: helpdesk_domain::User = user.try_into()?;
    let expires_at = Origin::new("invitations", user.id().get()).ts("expires_at", expires_at)?;
    Ok(Some(Invited { user, invitation: Invitation { token, expires_at } }))
}

/// Writes the account's invitation. It must have none.
pub(super) fn invite(conn: &mut Conn, user: UserId, invitation: &Invitation, now: Ts) -> Result<(), Failure> {
    diesel::insert_into(invitations::table)
        .values((
            invitations::digest.eq(invitation.token.0.as_slice()),
            invitations::user_id.eq(user.get()),
            invitations::created_at.eq(StoredTs::from(now)),
            invitations::expires_at.eq(StoredTs::from(invitation.expires_at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// The account's invitation, if it has one, is used up or taken back.
pub(super) fn forget(conn: &mut Conn, user: UserId) -> Result<(), Failure> {
    diesel::delete(invitations::table.filter(invitations::user_id.eq(user.get()))).execute(conn)?;
    Ok(())
}

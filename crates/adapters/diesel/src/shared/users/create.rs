//! Making an account.

use diesel::prelude::*;
use helpdesk_domain::{AccountCreation, FirstCredential, JoinedTeams, Precondition, TeamId, UserId};
use helpdesk_ports::UserCreation;

use super::super::dialect::Conn;
use super::super::rows::Origin;
use super::super::schema::users;
use super::super::{Failure, StoredTs, audit, locks, teams};
use super::invitations;

/// The teams are held before anything is written: what does not hold leaves nothing behind.
pub(in super::super) fn create(conn: &mut Conn, creation: AccountCreation) -> Result<UserCreation, Failure> {
    if let JoinedTeams::These(these) = creation.teams()
        && let Some(missing) = first_missing(conn, these)?
    {
        return Ok(UserCreation::Unmet(Precondition::TeamExists(missing)));
    }
    let Some(id) = insert(conn, &creation)? else {
        return Ok(UserCreation::EmailTaken);
    };
    if let FirstCredential::Invitation(invitation) = creation.credential() {
        invitations::invite(conn, id, invitation, creation.at())?;
    }
    match creation.teams() {
        JoinedTeams::Nowhere | JoinedTeams::These([]) => {}
        JoinedTeams::Default => teams::join_default(conn, id)?,
        JoinedTeams::These(these) => teams::join_these(conn, id, these)?,
    }
    let (user, entry) = creation.into_user(id);
    audit::record(conn, &entry)?;
    Ok(UserCreation::Created(user))
}

fn first_missing(conn: &mut Conn, these: &[TeamId]) -> Result<Option<TeamId>, Failure> {
    if these.is_empty() {
        return Ok(None);
    }
    let held = locks::hold_teams(conn, these)?;
    Ok(these.iter().copied().find(|team| !held.contains(&team.get())))
}

/// The account's id; `None` where its address is taken.
fn insert(conn: &mut Conn, creation: &AccountCreation) -> Result<Option<UserId>, Failure> {
    let (new, at) = (creation.new_user(), StoredTs::from(creation.at()));
    let password = match creation.credential() {
        FirstCredential::Password(password) => Some(password),
        FirstCredential::Invitation(_) | FirstCredential::NoneYet => None,
    };
    // Expected: the unique address. Asked for so, it is an answer and not an error that would end the transaction.
    let id: Option<i64> = diesel::insert_into(users::table)
        .values((
            users::email.eq(new.email.as_str()),
            users::name.eq(new.name.as_str()),
            users::role.eq(new.role.as_str()),
            users::is_active.eq(creation.is_active()),
            users::version.eq(1),
            users::token_version.eq(1),
            users::password_scheme.eq(password.map(|password| password.scheme)),
            users::password_hash.eq(password.map(|password| password.text.as_str())),
            users::created_at.eq(at),
            users::updated_at.eq(at),
        ))
        .on_conflict(users::email)
        .do_nothing()
        .returning(users::id)
        .get_result(conn)
        .optional()?;
    Ok(id.map(|id| Origin::new("users", id).id("id", id, UserId::new)).transpose()?)
}

//! Writing teams and memberships. Every function here runs in its caller's transaction.

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::sql_types::BigInt;
use helpdesk_domain::{
    MembershipChange, Precondition, TeamCreation, TeamDeletion, TeamId, TeamRenaming, UserId,
};
use helpdesk_ports::{Cause, MembershipCommit, StoreError, TeamDeleted, TeamMade, TeamRenamed};

use super::super::dialect::{self, Conn};
use super::super::rows::Origin;
use super::super::schema::{team_members, teams, tickets};
use super::super::update::update;
use super::super::{Failure, audit, locks};

pub(in super::super) fn create(conn: &mut Conn, creation: TeamCreation) -> Result<TeamMade, Failure> {
    // Expected: the unique name. Asked for so, it is an answer and not an error that would end the transaction.
    let id: Option<i64> = diesel::insert_into(teams::table)
        .values((teams::name.eq(creation.name().as_str()), teams::is_default.eq(false)))
        .on_conflict(teams::name)
        .do_nothing()
        .returning(teams::id)
        .get_result(conn)
        .optional()?;
    let Some(id) = id else {
        return Ok(TeamMade::NameTaken);
    };
    let (team, entry) = creation.into_team(Origin::new("teams", id).id("id", id, TeamId::new)?);
    audit::record(conn, &entry)?;
    Ok(TeamMade::Created(team))
}

pub(super) fn rename(conn: &mut Conn, renaming: &TeamRenaming) -> Result<TeamRenamed, Failure> {
    let (base, team) = (renaming.base(), renaming.team());
    let as_decided_upon = teams::id.eq(base.id.get()).and(teams::name.eq(base.name.as_str()));
    let renamed = update(&teams::table, teams::name.eq(team.name.as_str()), as_decided_upon);
    match dialect::attempt(conn, |conn| renamed.execute(conn)) {
        // Expected: the unique name.
        Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Ok(TeamRenamed::NameTaken),
        Err(error) => Err(error.into()),
        Ok(0) => Ok(TeamRenamed::Stale),
        Ok(_) => {
            audit::record(conn, renaming.audit())?;
            Ok(TeamRenamed::Done(team))
        }
    }
}

/// What refers to the team is looked for behind its lock, one statement later: by then nothing more can come to it, and what
/// came before is there to see.
pub(super) fn delete(conn: &mut Conn, deletion: &TeamDeletion) -> Result<TeamDeleted, Failure> {
    let team = deletion.team();
    if !locks::lock_team_to_delete(conn, team)? {
        return Ok(TeamDeleted::Stale);
    }
    if has_tickets(conn, team.id)? || has_members(conn, team.id)? {
        return Ok(TeamDeleted::NotEmpty);
    }
    diesel::delete(teams::table.find(team.id.get())).execute(conn)?;
    audit::record(conn, deletion.audit())?;
    Ok(TeamDeleted::Done)
}

/// Written as a range in the order of its index. Asked whether one exists, an engine that knows how few teams share how many
/// tickets reads the tickets themselves until it meets one of the team's, and of an empty team there is none to meet.
fn has_tickets(conn: &mut Conn, team: TeamId) -> QueryResult<bool> {
    let first = tickets::table
        .filter(tickets::team_id.ge(team.get()))
        .filter(tickets::team_id.le(team.get()))
        .order(tickets::team_id)
        .limit(1)
        .select(tickets::team_id);
    Ok(first.get_result::<i64>(conn).optional()?.is_some())
}

fn has_members(conn: &mut Conn, team: TeamId) -> QueryResult<bool> {
    let members = team_members::table.filter(team_members::team_id.eq(team.get()));
    diesel::select(exists(members)).get_result(conn)
}

pub(super) fn change_membership(
    conn: &mut Conn,
    change: &MembershipChange,
) -> Result<MembershipCommit, Failure> {
    let (team, user) = (change.team(), change.user());
    let changed = if change.joins() {
        for precondition in [Precondition::Agent(user), Precondition::TeamExists(team)] {
            if !locks::holds(conn, precondition)? {
                return Ok(MembershipCommit::Unmet(precondition));
            }
        }
        diesel::insert_into(team_members::table)
            .values((team_members::team_id.eq(team.get()), team_members::user_id.eq(user.get())))
            .on_conflict_do_nothing()
            .execute(conn)?
    } else {
        diesel::delete(team_members::table.find((team.get(), user.get()))).execute(conn)?
    };
    if changed == 0 {
        return Ok(MembershipCommit::Unchanged);
    }
    audit::record(conn, change.audit())?;
    Ok(MembershipCommit::Done)
}

/// The account joins the default team, which always exists.
pub(in super::super) fn join_default(conn: &mut Conn, user: UserId) -> Result<(), Failure> {
    let default = teams::table.filter(teams::is_default.eq(true));
    let joined = default
        .select((teams::id, user.get().into_sql::<BigInt>()))
        .insert_into(team_members::table)
        .into_columns((team_members::team_id, team_members::user_id))
        .execute(conn)?;
    expect_joined(joined, 1)
}

/// The account joins these teams, which are held.
pub(in super::super) fn join_these(conn: &mut Conn, user: UserId, these: &[TeamId]) -> Result<(), Failure> {
    let ids: Vec<i64> = these.iter().map(|id| id.get()).collect();
    let joined = teams::table
        .filter(teams::id.eq_any(ids))
        .select((teams::id, user.get().into_sql::<BigInt>()))
        .insert_into(team_members::table)
        .into_columns((team_members::team_id, team_members::user_id))
        .execute(conn)?;
    expect_joined(joined, these.len())
}

fn expect_joined(joined: usize, expected: usize) -> Result<(), Failure> {
    if joined == expected {
        return Ok(());
    }
    Err(StoreError::Fault(Cause::new("a team that must be there is not")).into())
}

/// The account is in no team any more.
pub(in super::super) fn leave_all(conn: &mut Conn, user: UserId) -> Result<(), Failure> {
    diesel::delete(team_members::table.filter(team_members::user_id.eq(user.get()))).execute(conn)?;
    Ok(())
}

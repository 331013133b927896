//! Reading teams.

use diesel::prelude::*;
use helpdesk_domain::{Team, TeamId, User, UserId};
use helpdesk_ports::{Page, PageRequest};

use super::super::Failure;
use super::super::dialect::Conn;
use super::super::rows::{TeamRow, UserRow};
use super::super::schema::{team_members, teams, users};
use super::super::tickets::one_more_than;

pub(super) fn find(conn: &mut Conn, id: TeamId) -> Result<Option<Team>, Failure> {
    let row = teams::table.find(id.get()).select(TeamRow::as_select()).get_result(conn).optional()?;
    Ok(row.map(Team::try_from).transpose()?)
}

pub(super) fn list(conn: &mut Conn, page: &PageRequest<TeamId>) -> Result<Page<Team, TeamId>, Failure> {
    let rows = teams::table
        .filter(teams::id.gt(page.after.map_or(0, TeamId::get)))
        .order(teams::id)
        .limit(one_more_than(page.limit))
        .select(TeamRow::as_select())
        .load(conn)?;
    let read = rows.into_iter().map(Team::try_from).collect::<Result<_, _>>()?;
    Ok(Page::of_rows_read_ahead(read, page.limit, |team: &Team| team.id))
}

/// The members of a team that is there.
pub(super) fn members(
    conn: &mut Conn,
    id: TeamId,
    page: &PageRequest<UserId>,
) -> Result<Option<Page<User, UserId>>, Failure> {
    if find(conn, id)?.is_none() {
        return Ok(None);
    }
    let rows = team_members::table
        .inner_join(users::table)
        .filter(team_members::team_id.eq(id.get()))
        .filter(team_members::user_id.gt(page.after.map_or(0, UserId::get)))
        .order(team_members::user_id)
        .limit(one_more_than(page.limit))
        .select(UserRow::as_select())
        .load(conn)?;
    let read = rows.into_iter().map(User::try_from).collect::<Result<_, _>>()?;
    Ok(Some(Page::of_rows_read_ahead(read, page.limit, User::id)))
}

//! The accounts and teams that a batch names: those that are here, and those that have to be made.

use std::collections::{BTreeMap, HashMap, HashSet};

use diesel::prelude::*;
use helpdesk_domain::{
    Email, ImportedAccount, SystemActor, Team, TeamId, TeamName, TeamRef, Ts, User, UserId,
};
use helpdesk_ports::{Cause, Imported, StoreError, TeamMade, UserCreation};

use super::super::dialect::Conn;
use super::super::rows::{TeamRow, UserRow};
use super::super::schema::{teams as team_table, users as user_table};
use super::super::{Failure, locks, teams, users};
use super::work::Work;

/// What is named, as it is here.
pub(super) struct Named {
    accounts: HashMap<Email, User>,
    active_agents: HashSet<UserId>,
    teams: HashMap<TeamName, TeamRef>,
    default_team: Option<TeamRef>,
}

impl Named {
    /// Accounts first, then teams: the order of locks.
    pub(super) fn find_or_make(
        conn: &mut Conn,
        by: SystemActor,
        now: Ts,
        work: &[Work<'_>],
        imported: &mut Imported,
    ) -> Result<Self, Failure> {
        let accounts = accounts(conn, by, now, work, imported)?;
        let active_agents = active_agents(conn, work, &accounts)?;
        let (teams, default_team) = teams_of(conn, by, now, work, imported)?;
        Ok(Self { accounts, active_agents, teams, default_team })
    }

    pub(super) fn account(&self, told: &ImportedAccount) -> Result<&User, StoreError> {
        let missing = || StoreError::Conflict(Cause::new("an account went while it was imported"));
        self.accounts.get(&told.email).ok_or_else(missing)
    }

    /// Whether it is an active agent until the commit, and not only was one when it was read.
    pub(super) fn stays_active_agent(&self, user: &User) -> bool {
        self.active_agents.contains(&user.id())
    }

    pub(super) fn team(&self, told: Option<&TeamName>) -> Result<TeamRef, StoreError> {
        let team = match told {
            Some(name) => self.teams.get(name),
            None => self.default_team.as_ref(),
        };
        team.cloned().ok_or_else(|| StoreError::Conflict(Cause::new("a team went while it was imported")))
    }
}

fn accounts(
    conn: &mut Conn,
    by: SystemActor,
    now: Ts,
    work: &[Work<'_>],
    imported: &mut Imported,
) -> Result<HashMap<Email, User>, Failure> {
    // By address, so that two imports which make the same accounts make them in the same order.
    let mut told: BTreeMap<&str, &ImportedAccount> = BTreeMap::new();
    for account in work.iter().flat_map(Work::accounts) {
        told.entry(account.email.as_str()).or_insert(account);
    }
    let mut found = find(conn, told.keys().copied())?;
    told.retain(|_, account| !found.contains_key(&account.email));
    let mut taken = Vec::new();
    for (email, account) in told {
        match users::create(conn, User::import(by, account, now))? {
            UserCreation::Created(user) => {
                imported.accounts += 1;
                found.insert(account.email.clone(), user);
            }
            // Somebody was faster.
            UserCreation::EmailTaken => taken.push(email),
            UserCreation::Unmet(_) => {
                return Err(StoreError::Fault(Cause::new("an imported account asks for nothing")).into());
            }
        }
    }
    found.extend(find(conn, taken.into_iter())?);
    Ok(found)
}

fn find<'a>(conn: &mut Conn, emails: impl Iterator<Item = &'a str>) -> Result<HashMap<Email, User>, Failure> {
    let emails: Vec<&str> = emails.collect();
    if emails.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<UserRow> =
        user_table::table.filter(user_table::email.eq_any(emails)).select(UserRow::as_select()).load(conn)?;
    let users = rows.into_iter().map(User::try_from);
    let by_email = users.map(|user| user.map(|user| (user.record().email.clone(), user)));
    Ok(by_email.collect::<Result<_, _>>()?)
}

/// Those who are to work a ticket that only an active agent may work, and may.
fn active_agents(
    conn: &mut Conn,
    work: &[Work<'_>],
    accounts: &HashMap<Email, User>,
) -> Result<HashSet<UserId>, Failure> {
    let new = work.iter().filter(|work| work.known.is_none() && work.ticket.needs_active_agent());
    let agents = new.filter_map(|work| accounts.get(&work.ticket.told().assignee.as_ref()?.email));
    let ids: HashSet<UserId> = agents.filter(|user| user.is_active_agent()).map(User::id).collect();
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let ids: Vec<UserId> = ids.into_iter().collect();
    let held: HashSet<i64> = locks::hold_active_agents(conn, &ids)?.into_iter().collect();
    Ok(accounts.values().map(User::id).filter(|id| held.contains(&id.get())).collect())
}

type Teams = (HashMap<TeamName, TeamRef>, Option<TeamRef>);

/// The teams, of which none goes until the commit.
fn teams_of(
    conn: &mut Conn,
    by: SystemActor,
    now: Ts,
    work: &[Work<'_>],
    imported: &mut Imported,
) -> Result<Teams, Failure> {
    let new: Vec<_> =
        work.iter().filter(|work| work.known.is_none()).map(|work| work.ticket.told()).collect();
    let names: BTreeMap<&str, &TeamName> =
        new.iter().filter_map(|told| told.team.as_ref()).map(|name| (name.as_str(), name)).collect();
    let mut missing = names.clone();
    let mut found = find_teams(conn, names.keys().copied())?;
    missing.retain(|_, name| found.iter().all(|team| &team.name != *name));
    for name in missing.into_values() {
        match teams::create(conn, Team::create(by.into(), name.clone(), now))? {
            TeamMade::Created(team) => {
                imported.teams += 1;
                found.push(team);
            }
            // Somebody was faster.
            TeamMade::NameTaken => found.extend(find_teams(conn, std::iter::once(name.as_str()))?),
        }
    }
    let ids: Vec<TeamId> = found.iter().map(|team| team.id).collect();
    let held: HashSet<i64> = locks::hold_teams(conn, &ids)?.into_iter().collect();
    found.retain(|team| held.contains(&team.id.get()));
    let teams = found.into_iter().map(|team| (team.name.clone(), reference(team))).collect();
    let default = if new.iter().any(|told| told.team.is_none()) { default_team(conn)? } else { None };
    Ok((teams, default))
}

fn reference(team: Team) -> TeamRef {
    TeamRef::new(team.id, team.name.into_string())
}

fn find_teams<'a>(conn: &mut Conn, names: impl Iterator<Item = &'a str>) -> Result<Vec<Team>, Failure> {
    let names: Vec<&str> = names.collect();
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<TeamRow> =
        team_table::table.filter(team_table::name.eq_any(names)).select(TeamRow::as_select()).load(conn)?;
    Ok(rows.into_iter().map(Team::try_from).collect::<Result<_, _>>()?)
}

/// The team that is always there.
fn default_team(conn: &mut Conn) -> Result<Option<TeamRef>, Failure> {
    let row: Option<TeamRow> = team_table::table
        .filter(team_table::is_default.eq(true))
        .select(TeamRow::as_select())
        .get_result(conn)
        .optional()?;
    Ok(row.map(Team::try_from).transpose()?.map(reference))
}

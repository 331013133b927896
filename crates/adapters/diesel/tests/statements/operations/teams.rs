//! Teams, and the trail.

use helpdesk_domain::{AccountsActor, AuditKind, Team, TeamId, TeamName, TeamRef};
use helpdesk_ports::{AuditFilter, AuditQuery, MembershipCommit, TeamDeleted, TeamMade, TeamRenamed};

use super::{Run, now, whole_page};
use crate::seed::Seed;

fn name(text: &str) -> TeamName {
    TeamName::parse(text).unwrap()
}

impl Run<'_> {
    pub(super) async fn teams_and_trail_read(&mut self) {
        let (teams, by, id) = (&self.stores.teams, Seed::admin().into(), TeamId::new(1).unwrap());
        self.note("a team", teams.find(by, id)).await.unwrap();
        self.note("a list of teams", teams.list(by, whole_page())).await;
        self.note("a team's members", teams.members(by, id, whole_page())).await.unwrap();
        let filter = AuditFilter { actor: Some(Seed::admin().id()), kind: Some(AuditKind::UserCreated) };
        for (name, filter) in [("the trail", AuditFilter::default()), ("a filtered trail", filter)] {
            let query = AuditQuery { filter, page: whole_page() };
            self.note(name, self.stores.audit.list(Seed::admin(), query)).await;
        }
    }

    /// The team that is left.
    pub(super) async fn teams_written(&mut self) -> TeamRef {
        let (teams, by) = (&self.stores.teams, AccountsActor::from(Seed::admin()));
        let making = teams.create(Team::create(by, name("Night"), now()));
        let TeamMade::Created(night) = self.note("making a team", making).await else {
            panic!("the name is free");
        };
        let renaming = teams.rename(night.rename(by, name("Day"), now()).unwrap());
        let TeamRenamed::Done(day) = self.note("renaming a team", renaming).await else {
            panic!("the name is free");
        };
        let agent = self.account(Seed::agent().id()).await;
        let joining = teams.change_membership(day.admit(by, &agent, now()).unwrap());
        assert_eq!(self.note("joining a team", joining).await, MembershipCommit::Done);
        let leaving = teams.change_membership(day.dismiss(by, &agent, now()));
        assert_eq!(self.note("leaving a team", leaving).await, MembershipCommit::Done);
        let deleting = teams.delete(day.delete(by, now()).unwrap());
        assert_eq!(self.note("deleting a team", deleting).await, TeamDeleted::Done);
        match teams.create(Team::create(by, name("Evening"), now())).await {
            Ok(TeamMade::Created(team)) => TeamRef::new(team.id, team.name.as_str()),
            other => panic!("{other:?}"),
        }
    }
}

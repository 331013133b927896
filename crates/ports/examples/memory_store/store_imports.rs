//! Importing tickets.

use async_trait::async_trait;
use helpdesk_domain::{
    AgentRef, Arrival, CommentId, EventKind, ImportedAccount, ImportedTicket, NewComment, Place, SystemActor,
    Team, TeamId, TeamName, TeamRef, TicketId, Ts, User,
};
use helpdesk_ports::{ImportBatch, ImportItem, ImportRepository, Imported, StoreError, UserCreation};

use crate::state::State;
use crate::store::MemoryStore;

#[async_trait]
impl ImportRepository for MemoryStore {
    async fn write(&self, by: SystemActor, batch: ImportBatch) -> Result<Imported, StoreError> {
        let mut state = self.turn().await;
        let mut imported = Imported::default();
        for item in &batch.items {
            state.import(by, &batch, item, &mut imported);
        }
        Ok(imported)
    }
}

impl State {
    fn import(&mut self, by: SystemActor, batch: &ImportBatch, item: &ImportItem, imported: &mut Imported) {
        let (told, source) = (item.ticket.told(), &batch.source);
        let known = self.imported_tickets.get(&(source.clone(), told.id)).copied();
        let mut arrival = if let Some(id) = known {
            Arrival::of_known(self.tickets[&id].clone())
        } else {
            let place = self.place(by, batch, &item.ticket, imported);
            self.imported_tickets.insert((source.clone(), told.id), place.id);
            imported.tickets += 1;
            Arrival::of_new(&item.ticket, place)
        };
        let mut written = Vec::new();
        for comment in &item.comments {
            if self.imported_comments.insert((source.clone(), comment.told().id)) {
                let author = self.find_or_make(by, &comment.told().author, batch.now, imported);
                written.push((arrival.add(comment, author.id()), author));
            }
        }
        imported.comments += written.len();
        self.write_arrival(&arrival, written);
    }

    fn write_arrival(&mut self, arrival: &Arrival, written: Vec<(NewComment, User)>) {
        let ticket = arrival.ticket();
        self.tickets.insert(ticket.id(), ticket.clone());
        let mut ids: Vec<CommentId> = Vec::new();
        for (comment, author) in written {
            let id = self.next_comment_id(comment.visibility());
            let name = author.record().name.as_str().to_owned();
            self.comments.push((ticket.id(), comment.into_comment(id, name)));
            ids.push(id);
        }
        let mut ids = ids.into_iter();
        for told in arrival.told() {
            let comment = if told.event.kind() == EventKind::Commented { ids.next() } else { None };
            self.tell(ticket.id(), &told.event, comment);
        }
    }

    fn place(
        &mut self,
        by: SystemActor,
        batch: &ImportBatch,
        ticket: &ImportedTicket,
        imported: &mut Imported,
    ) -> Place {
        let told = ticket.told();
        let requester = self.find_or_make(by, &told.requester, batch.now, imported).record().clone();
        let assignee =
            told.assignee.as_ref().map(|account| self.find_or_make(by, account, batch.now, imported));
        let assignee = assignee.filter(|user| ticket.may_be_worked_by(user));
        if told.assignee.is_some() && assignee.is_none() {
            imported.unassigned.push(told.id);
        }
        let first = told.follow_up_of.map(|first| (batch.source.clone(), first));
        let follow_up_of = first.and_then(|first| self.imported_tickets.get(&first)).copied();
        if told.follow_up_of.is_some() && follow_up_of.is_none() {
            imported.without_first.push(told.id);
        }
        Place {
            id: TicketId::new(i64::try_from(self.tickets.len()).unwrap() + 1).unwrap(),
            requester: (requester.id, requester.name, requester.email).into(),
            assignee: assignee.map(|user| AgentRef::new(user.id(), user.record().name.as_str())),
            team: match &told.team {
                Some(name) => self.team_called(by, name, batch.now, imported),
                None => self.default_team(),
            },
            follow_up_of,
        }
    }

    fn find_or_make(
        &mut self,
        by: SystemActor,
        account: &ImportedAccount,
        now: Ts,
        imported: &mut Imported,
    ) -> User {
        let mut users = self.users.values().map(|account| &account.user);
        if let Some(user) = users.find(|user| user.record().email == account.email) {
            return user.clone();
        }
        imported.accounts += 1;
        match self.create_account(User::import(by, account, now)) {
            UserCreation::Created(user) => user,
            other => unreachable!("{other:?}"),
        }
    }

    fn team_called(&mut self, by: SystemActor, name: &TeamName, now: Ts, imported: &mut Imported) -> TeamRef {
        if let Some(team) = self.teams.values().find(|team| &team.name == name) {
            return TeamRef::new(team.id, team.name.as_str());
        }
        imported.teams += 1;
        self.teams_made += 1;
        let id = TeamId::new(self.teams_made).unwrap();
        let (team, entry) = Team::create(by.into(), name.clone(), now).into_team(id);
        self.audit.push(entry);
        self.teams.insert(id, team);
        TeamRef::new(id, name.as_str())
    }
}

//! Tickets and comments, and how a change is written to them.

use helpdesk_domain::{
    Actor, AgentRef, Change, Comment, CommentAuthor, CommentId, CommentScope, Event, EventId, EventRecord,
    Outcome, Person, QueueScope, Refusal, Scope, SystemActor, TeamRef, Ticket, TicketId, Ts, UserId,
    Visibility,
};
use helpdesk_ports::{
    Cause, CommentPosition, Commit, Committed, DecideEach, EventPosition, Page, PageRequest, StoreError,
    TicketWithComments,
};

use crate::state::State;

impl State {
    pub(crate) fn open(&mut self, opening: helpdesk_domain::Opening) -> Ticket {
        let id = TicketId::new(i64::try_from(self.tickets.len()).unwrap() + 1).unwrap();
        let requester = self.person(opening.requester());
        let event = opening.event().clone();
        let ticket = opening.into_ticket(id, requester, self.default_team());
        self.tickets.insert(id, ticket.clone());
        self.tell(id, &event, None);
        ticket
    }

    fn person(&self, id: UserId) -> Person {
        let record = self.users[&id].user.record().clone();
        Person::from((record.id, record.name, record.email))
    }

    /// The ticket, with the names of today.
    fn today(&self, ticket: &Ticket) -> Ticket {
        let mut record = ticket.record().clone();
        record.requester = self.person(record.requester.id());
        record.assignee =
            record.assignee.map(|agent| AgentRef::new(agent.id(), self.person(agent.id()).name()));
        record.team = TeamRef::new(record.team.id(), self.teams[&record.team.id()].name.as_str());
        Ticket::from_stored(record)
    }

    pub(crate) fn ticket(&self, scope: Scope, id: TicketId) -> Option<Ticket> {
        self.tickets.get(&id).filter(|ticket| scope.admits(&ticket.facts())).map(|ticket| self.today(ticket))
    }

    pub(crate) fn tickets(&self, scope: Scope) -> Vec<Ticket> {
        self.tickets.keys().filter_map(|id| self.ticket(scope, *id)).collect()
    }

    pub(crate) fn comments_of(&self, id: TicketId) -> impl Iterator<Item = &Comment> {
        self.comments.iter().filter(move |(ticket, _)| *ticket == id).map(|(_, comment)| comment)
    }

    pub(crate) fn comments(
        &self,
        scope: CommentScope,
        id: TicketId,
        page: PageRequest<CommentPosition>,
    ) -> Page<Comment, CommentPosition> {
        let mut rows: Vec<Comment> = self
            .comments
            .iter()
            .filter(|(ticket, comment)| *ticket == id && scope.admits(comment.visibility()))
            .filter(|(_, comment)| page.after.is_none_or(|after| CommentPosition::of(comment) > after))
            .map(|(_, comment)| {
                let author = comment.author();
                let name = self.person(author.id).name().to_owned();
                let author = CommentAuthor { name, ..author.clone() };
                let body = comment.body().clone();
                Comment::from_stored(comment.id(), author, body, comment.visibility(), comment.created_at())
            })
            .collect();
        rows.sort_by_key(CommentPosition::of);
        Page::of_rows_read_ahead(rows, page.limit, CommentPosition::of)
    }

    pub(crate) fn with_comments(
        &self,
        scope: Scope,
        ticket: Ticket,
        page: PageRequest<CommentPosition>,
    ) -> TicketWithComments {
        let comments = self.comments(scope.comments(), ticket.id(), page);
        TicketWithComments { ticket, comments }
    }

    pub(crate) fn commit(&mut self, change: &Change) -> Commit {
        let id = change.ticket().id();
        if self.tickets.get(&id).map(Ticket::version) != Some(change.base_version()) {
            return Commit::Stale;
        }
        if let Some(&unmet) = change.preconditions().iter().find(|precondition| !self.holds(**precondition)) {
            return Commit::Unmet(unmet);
        }
        let comment = change.comment().map(|new| {
            let name = self.person(new.author()).name().to_owned();
            new.clone().into_comment(self.next_comment_id(new.visibility()), name)
        });
        self.comments.extend(comment.clone().map(|comment| (id, comment)));
        self.tickets.insert(id, change.ticket().clone());
        for event in change.events() {
            let told = comment.as_ref().filter(|comment| comment.visibility() == event.visibility());
            self.tell(id, event, told.map(Comment::id));
        }
        Commit::Done(Box::new(Committed { ticket: self.today(change.ticket()), comment }))
    }

    /// Decides about the ticket, again whenever a precondition does not hold, and commits that.
    pub(crate) fn decide_one(
        &mut self,
        ticket: &Ticket,
        decide: &DecideEach,
    ) -> Result<Result<Ticket, Refusal>, StoreError> {
        let mut unmet = Vec::new();
        loop {
            let change = match decide(ticket, &unmet) {
                Err(refusal) => return Ok(Err(refusal)),
                Ok(Outcome::Unchanged) => return Ok(Ok(ticket.clone())),
                Ok(Outcome::Changed(change)) => change,
            };
            if change.comment().is_some() {
                return Err(StoreError::Fault(Cause::new("comments are written one at a time")));
            }
            match self.commit(&change) {
                Commit::Done(done) => return Ok(Ok(done.ticket)),
                Commit::Unmet(again) if unmet.contains(&again) => {
                    return Err(StoreError::Fault(Cause::new("it asks again for what does not hold")));
                }
                Commit::Unmet(precondition) => unmet.push(precondition),
                Commit::Stale => {
                    return Err(StoreError::Fault(Cause::new("it was decided about something else")));
                }
            }
        }
    }

    pub(crate) fn next_comment_id(&self, visibility: Visibility) -> CommentId {
        let same = self.comments.iter().filter(|(_, comment)| comment.visibility() == visibility).count();
        CommentId::new(id_behind(same, visibility)).unwrap()
    }

    pub(crate) fn tell(&mut self, ticket: TicketId, event: &Event, comment: Option<CommentId>) {
        let same = self.events.iter().filter(|(_, told)| told.visibility == event.visibility()).count();
        let record = EventRecord {
            id: EventId::new(id_behind(same, event.visibility())).unwrap(),
            kind: event.kind(),
            visibility: event.visibility(),
            actor: event.actor(),
            actor_name: None,
            at: event.at(),
            changes: event.changes().to_vec(),
            comment,
        };
        self.events.push((ticket, record));
    }

    pub(crate) fn history(
        &self,
        scope: CommentScope,
        id: TicketId,
        page: PageRequest<EventPosition>,
    ) -> Page<EventRecord, EventPosition> {
        let of_ticket = self.events.iter().filter(|(ticket, _)| *ticket == id).map(|(_, event)| event);
        let mut rows: Vec<EventRecord> = of_ticket
            .filter(|event| scope.admits(event.visibility))
            .filter(|event| page.after.is_none_or(|after| EventPosition::of(event) > after))
            .map(|event| {
                let actor_name = event.actor.id.map(|id| self.person(id).name().to_owned());
                EventRecord { actor_name, ..event.clone() }
            })
            .collect();
        rows.sort_by_key(EventPosition::of);
        Page::of_rows_read_ahead(rows, page.limit, EventPosition::of)
    }

    fn is_member(&self, queue: QueueScope, ticket: &Ticket) -> bool {
        self.members.contains(&(ticket.record().team.id(), queue.agent()))
    }

    pub(crate) fn queue(&self, queue: QueueScope) -> Vec<Ticket> {
        let tickets = self.tickets.values();
        let listed = tickets.filter(|ticket| queue.lists(ticket, self.is_member(queue, ticket)));
        listed.map(|ticket| self.today(ticket)).collect()
    }

    pub(crate) fn claimable(&self, queue: QueueScope, id: TicketId) -> Option<Ticket> {
        let reached = self.tickets.get(&id).filter(|ticket| queue.reaches(self.is_member(queue, ticket)));
        reached.map(|ticket| self.today(ticket))
    }

    pub(crate) fn close_resolved(&mut self, by: SystemActor, before: Ts, now: Ts, most: usize) -> usize {
        let outcomes = self.tickets.values().filter_map(|ticket| {
            match ticket.close_by_itself(by, before, now).unwrap() {
                Outcome::Changed(change) => Some((ticket.record().resolved_at, ticket.id(), change)),
                Outcome::Unchanged => None,
            }
        });
        let mut due: Vec<_> = outcomes.collect();
        due.sort_by_key(|(resolved_at, id, _)| (*resolved_at, *id));
        due.truncate(most);
        for (_, _, change) in &due {
            self.commit(change);
        }
        due.len()
    }

    pub(crate) fn give_back(&mut self, agent: UserId, by: Actor, now: Ts) {
        let theirs = self.tickets.values().filter(|ticket| ticket.facts().assignee == Some(agent));
        let changes: Vec<Outcome> = theirs.map(|ticket| ticket.give_back(&by, now).unwrap()).collect();
        for outcome in changes {
            if let Outcome::Changed(change) = outcome {
                self.commit(&change);
            }
        }
    }
}

/// The next id behind this many of the same visibility.
fn id_behind(many: usize, visibility: Visibility) -> i64 {
    let first = match visibility {
        Visibility::Public => 1,
        Visibility::Internal => 2,
    };
    first + 2 * i64::try_from(many).unwrap()
}

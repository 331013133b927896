//! The rules about changing a ticket.

use crate::workflow;
use crate::{
    Actor, ActorKind, AgentActor, AgentRef, Change, CommentDraft, Event, EventKind, FieldChange, NewComment,
    Outcome, Precondition, Refusal, Status, SystemActor, Ticket, TicketCommand, TicketPatch, TicketRecord,
    Ts, Visibility,
};

impl Ticket {
    /// What comes of a command, at this moment, by this actor. Pure: the same arguments give the same answer.
    ///
    /// An internal comment moves the version that staff sees, and nothing that the customer sees:
    ///
    /// ```
    /// use helpdesk_domain::*;
    ///
    /// let [ada, grace] = [1, 2].map(|id| UserId::new(id).unwrap());
    /// let now = Ts::EPOCH;
    /// let draft = NewTicket {
    ///     subject: Subject::parse("Printer on fire").unwrap(),
    ///     description: Description::parse("It really is.").unwrap(),
    ///     priority: Priority::High,
    ///     follow_up_of: None,
    /// };
    /// let team = TeamRef::new(TeamId::new(1).unwrap(), "Support");
    /// let ticket = Ticket::open(&CustomerActor::new(ada), draft, now)
    ///     .into_ticket(TicketId::new(1).unwrap(), Person::new(ada, "Ada", "ada@example.com"), team);
    ///
    /// let note = CommentDraft {
    ///     body: CommentBody::parse("Arson?").unwrap(),
    ///     visibility: Visibility::Internal,
    /// };
    /// let admin = AdminActor::new(grace).into();
    /// let Outcome::Changed(change) = ticket.decide(&admin, TicketCommand::Comment(note), now).unwrap() else {
    ///     unreachable!("a comment is always a change")
    /// };
    /// assert_eq!(change.ticket().version(), ticket.version() + 1);
    /// assert_eq!(
    ///     CustomerTicketView::from(change.ticket().clone()),
    ///     CustomerTicketView::from(ticket.clone()),
    /// );
    /// ```
    ///
    /// # Errors
    /// The [`Refusal`] that names why nothing may change.
    pub fn decide(&self, actor: &Actor, command: TicketCommand, now: Ts) -> Result<Outcome, Refusal> {
        if !actor.scope().admits(&self.facts()) {
            return Err(Refusal::NotVisible);
        }
        match command {
            TicketCommand::Update(patch) => self.decide_update(actor, patch, now),
            TicketCommand::Comment(draft) => self.decide_comment(actor, draft, now),
        }
    }

    /// The ticket goes back to its team's queue, because its agent is no longer one. A closed ticket stays as it is.
    ///
    /// # Errors
    /// As [`Ticket::decide`].
    pub fn give_back(&self, actor: &Actor, now: Ts) -> Result<Outcome, Refusal> {
        if self.status() == Status::Closed {
            return Ok(Outcome::Unchanged);
        }
        let patch = TicketPatch { assignee: Some(None), ..TicketPatch::default() };
        self.decide(actor, TicketCommand::Update(patch), now)
    }

    /// An agent takes a ticket of one of its teams, which it need not see yet. That it is a member is for the store to see,
    /// under a lock; who claims what it has already, has it.
    ///
    /// # Errors
    /// [`Refusal::TicketClosed`]; [`Refusal::AlreadyClaimed`], however late the agent looks.
    pub fn claim(&self, by: AgentActor, me: &AgentRef, now: Ts) -> Result<Outcome, Refusal> {
        if self.0.status == Status::Closed {
            return Err(Refusal::TicketClosed);
        }
        match self.facts().assignee {
            Some(assignee) if assignee == by.id() => return Ok(Outcome::Unchanged),
            Some(_) => return Err(Refusal::AlreadyClaimed),
            None => {}
        }
        let mut draft = Draft::of(self);
        draft.preconditions.push(Precondition::ActiveMember(self.0.team.id(), by.id()));
        draft.changes.push(FieldChange::Assignee { from: None, to: Some(me.clone()) });
        Ok(draft.finish(&by.into(), EventKind::Updated, now))
    }

    /// The agent who works the ticket puts it back into its team's queue.
    ///
    /// # Errors
    /// [`Refusal::NotVisible`] unless it is the agent's; [`Refusal::TicketClosed`].
    pub fn release(&self, by: AgentActor, now: Ts) -> Result<Outcome, Refusal> {
        if !by.scope().admits(&self.facts()) {
            return Err(Refusal::NotVisible);
        }
        if self.0.status == Status::Closed {
            return Err(Refusal::TicketClosed);
        }
        let mut draft = Draft::of(self);
        draft.changes.push(FieldChange::Assignee { from: self.0.assignee.clone(), to: None });
        Ok(draft.finish(&by.into(), EventKind::Updated, now))
    }

    /// A ticket that was resolved before that moment closes by itself.
    ///
    /// # Errors
    /// As [`Ticket::decide`].
    pub fn close_by_itself(&self, by: SystemActor, resolved_before: Ts, now: Ts) -> Result<Outcome, Refusal> {
        let is_due = self.0.status == Status::Resolved
            && self.0.resolved_at.is_some_and(|resolved_at| resolved_at < resolved_before);
        if !is_due {
            return Ok(Outcome::Unchanged);
        }
        let patch = TicketPatch { status: Some(Status::Closed), ..TicketPatch::default() };
        self.decide(&by.into(), TicketCommand::Update(patch), now)
    }

    fn decide_update(&self, actor: &Actor, patch: TicketPatch, now: Ts) -> Result<Outcome, Refusal> {
        if patch.is_empty() {
            return Err(Refusal::NothingToChange);
        }
        may_set(actor.kind(), &patch)?;
        if let Some(to) = patch.status {
            workflow::check(actor.kind(), self.0.status, to)?;
        }

        let mut draft = Draft::of(self);
        if let Some(to) = patch.status.filter(|to| *to != draft.record.status) {
            draft.changes.push(FieldChange::Status { from: draft.record.status, to });
        }
        if let Some(to) = patch.priority.filter(|to| *to != draft.record.priority) {
            draft.changes.push(FieldChange::Priority { from: draft.record.priority, to });
        }
        let assignee = patch.assignee.filter(|to| to.as_ref().map(AgentRef::id) != self.facts().assignee);
        let reassigned = assignee.is_some();
        if let Some(to) = assignee {
            draft.preconditions.extend(to.as_ref().map(|agent| Precondition::ActiveAgent(agent.id())));
            draft.changes.push(FieldChange::Assignee { from: draft.record.assignee.clone(), to });
        }
        if let Some(to) = patch.team.filter(|to| to.id() != draft.record.team.id()) {
            draft.preconditions.push(Precondition::TeamExists(to.id()));
            draft.changes.push(FieldChange::Team { from: draft.record.team.clone(), to });
        }
        if let Some(to) = patch.tags.filter(|to| *to != draft.record.tags) {
            draft.changes.push(FieldChange::Tags { from: draft.record.tags.clone(), to });
        }

        if draft.changes.is_empty() {
            return Ok(Outcome::Unchanged);
        }
        let reopens = patch.status.is_some_and(|to| to != Status::Closed);
        if self.0.status == Status::Closed {
            if !reopens {
                return Err(Refusal::TicketClosed);
            }
            // A closed ticket keeps its agent, whatever becomes of the agent; an open one has an active agent or none.
            let keeps_agent = self.facts().assignee.filter(|_| !reassigned);
            draft.preconditions.extend(keeps_agent.map(Precondition::ActiveAgent));
        }
        Ok(draft.finish(actor, EventKind::Updated, now))
    }

    fn decide_comment(&self, actor: &Actor, comment: CommentDraft, now: Ts) -> Result<Outcome, Refusal> {
        let (Some(author), Some(role)) = (actor.id(), actor.role()) else {
            return Err(Refusal::NotPermitted("background tasks write no comments"));
        };
        if !actor.scope().comments().admits(comment.visibility) {
            return Err(Refusal::InternalByCustomer);
        }
        if self.0.status == Status::Closed {
            return Err(Refusal::TicketClosed);
        }

        let mut draft = Draft::of(self);
        if !actor.kind().is_staff() && workflow::REOPENED_BY_REPLY.contains(&self.0.status) {
            draft.changes.push(FieldChange::Status { from: self.0.status, to: Status::Open });
        }
        draft.comment = Some(NewComment {
            author,
            author_role: role,
            body: comment.body,
            visibility: comment.visibility,
            created_at: now,
        });
        Ok(draft.finish(actor, EventKind::Commented, now))
    }
}

/// **The rule: who may set which field.** (Which status, is in [`workflow`].)
fn may_set(by: ActorKind, patch: &TicketPatch) -> Result<(), Refusal> {
    let works_tickets = matches!(by, ActorKind::Admin | ActorKind::Agent);
    if !works_tickets && (patch.priority.is_some() || patch.tags.is_some()) {
        return Err(Refusal::NotPermitted("only staff may change priority and tags"));
    }
    // The operator's command line disables accounts as well, and their tickets go back.
    let gives_back = by == ActorKind::System && patch.assignee == Some(None);
    let assigns = patch.assignee.is_some() || patch.team.is_some();
    if assigns && by != ActorKind::Admin && !gives_back {
        return Err(Refusal::NotPermitted("only an admin may assign tickets"));
    }
    Ok(())
}

/// A change while it is put together.
struct Draft<'a> {
    base: &'a Ticket,
    record: TicketRecord,
    changes: Vec<FieldChange>,
    comment: Option<NewComment>,
    preconditions: Vec<Precondition>,
}

impl<'a> Draft<'a> {
    fn of(base: &'a Ticket) -> Self {
        Self { base, record: base.0.clone(), changes: Vec::new(), comment: None, preconditions: Vec::new() }
    }

    /// Splits what changes into its public and its internal part and moves the versions and times of each. The public ones
    /// are computed from public ones alone, so that nothing internal, not even its time, can reach them.
    fn finish(mut self, actor: &Actor, kind: EventKind, now: Ts) -> Outcome {
        let comment_visibility = self.comment.as_ref().map(|comment| comment.visibility);
        let (public, internal): (Vec<_>, Vec<_>) =
            self.changes.into_iter().partition(|change| change.visibility() == Visibility::Public);

        // A clock that was set back must not make times run backwards.
        let public_at = now.max(self.record.public_updated_at);
        self.record.updated_at = now.max(self.record.updated_at);
        self.record.version += 1;

        let mut events = Vec::with_capacity(2);
        let mut event = |visibility, changes: Vec<FieldChange>, at| {
            if changes.is_empty() && comment_visibility != Some(visibility) {
                return false;
            }
            events.push(Event { kind, visibility, actor: actor.into(), at, changes });
            true
        };
        let is_public = event(Visibility::Public, public.clone(), public_at);
        event(Visibility::Internal, internal.clone(), self.record.updated_at);

        for change in public.into_iter().chain(internal) {
            apply(&mut self.record, change, public_at);
        }
        if is_public {
            self.record.public_version += 1;
            self.record.public_updated_at = public_at;
        }
        if let Some(comment) = &mut self.comment {
            comment.created_at = match comment.visibility {
                Visibility::Public => public_at,
                Visibility::Internal => self.record.updated_at,
            };
            if comment.visibility == Visibility::Public && actor.kind() == ActorKind::Agent {
                self.record.first_responded_at.get_or_insert(public_at);
            }
        }

        Outcome::Changed(Box::new(Change {
            base_version: self.base.version(),
            ticket: Ticket::from_stored(self.record),
            comment: self.comment,
            events,
            preconditions: self.preconditions,
        }))
    }
}

fn apply(record: &mut TicketRecord, change: FieldChange, at: Ts) {
    match change {
        FieldChange::Status { from, to } => {
            record.status = to;
            let reopens = workflow::DONE.contains(&from) && !workflow::DONE.contains(&to);
            if reopens {
                record.resolved_at = None;
                record.closed_at = None;
                record.reopen_count += 1;
            }
            match to {
                Status::Resolved => record.resolved_at = Some(at),
                Status::Closed => record.closed_at = Some(at),
                Status::Open | Status::InProgress | Status::Pending => {}
            }
        }
        FieldChange::Priority { to, .. } => record.priority = to,
        FieldChange::Assignee { to, .. } => record.assignee = to,
        FieldChange::Tags { to, .. } => record.tags = to,
        FieldChange::Team { to, .. } => record.team = to,
    }
}

//! What narrows a list of tickets.
#![expect(clippy::option_option, reason = "that nobody works a ticket is a value to ask for")]

use helpdesk_domain::{AgentRef, Comment, CommentScope, Priority, Status, Tag, TeamId, Ticket, Ts, UserId};

use crate::TicketSearch;

/// What narrows a list of tickets. It never widens the scope.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TicketFilter {
    statuses: Vec<Status>,
    priorities: Vec<Priority>,
    tag: Option<Tag>,
    created_after: Option<Ts>,
    updated_after: Option<Ts>,
    assignee: Option<Option<UserId>>,
    requester: Option<UserId>,
    team: Option<TeamId>,
    search: Option<TicketSearch>,
}

impl TicketFilter {
    /// Only tickets in one of these statuses; none given is any.
    #[must_use]
    pub fn with_statuses(mut self, statuses: impl IntoIterator<Item = Status>) -> Self {
        self.statuses = sorted_set(statuses);
        self
    }

    /// Only tickets of one of these priorities; none given is any.
    #[must_use]
    pub fn with_priorities(mut self, priorities: impl IntoIterator<Item = Priority>) -> Self {
        self.priorities = sorted_set(priorities);
        self
    }

    /// Only tickets with this tag. For staff alone: tags are internal.
    #[must_use]
    pub fn with_tag(mut self, tag: Option<Tag>) -> Self {
        self.tag = tag;
        self
    }

    /// Only tickets that were opened later than this.
    #[must_use]
    pub fn created_after(mut self, at: Option<Ts>) -> Self {
        self.created_after = at;
        self
    }

    /// Only tickets that changed later than this, as far as the scope may know.
    #[must_use]
    pub fn updated_after(mut self, at: Option<Ts>) -> Self {
        self.updated_after = at;
        self
    }

    /// Only tickets that this account works; `Some(None)` is nobody.
    #[must_use]
    pub fn with_assignee(mut self, assignee: Option<Option<UserId>>) -> Self {
        self.assignee = assignee;
        self
    }

    /// Only tickets of this requester.
    #[must_use]
    pub fn with_requester(mut self, requester: Option<UserId>) -> Self {
        self.requester = requester;
        self
    }

    /// Only tickets of this team.
    #[must_use]
    pub fn with_team(mut self, team: Option<TeamId>) -> Self {
        self.team = team;
        self
    }

    /// Only tickets with these words in what the scope may know of their texts.
    #[must_use]
    pub fn with_search(mut self, search: Option<TicketSearch>) -> Self {
        self.search = search;
        self
    }

    /// The statuses, sorted, each once.
    pub fn statuses(&self) -> &[Status] {
        &self.statuses
    }

    /// The priorities, sorted, each once.
    pub fn priorities(&self) -> &[Priority] {
        &self.priorities
    }

    /// The tag.
    pub fn tag(&self) -> Option<&Tag> {
        self.tag.as_ref()
    }

    /// After when it was opened.
    pub fn after_creation(&self) -> Option<Ts> {
        self.created_after
    }

    /// After when it changed.
    pub fn after_update(&self) -> Option<Ts> {
        self.updated_after
    }

    /// Who works it.
    pub fn assignee(&self) -> Option<Option<UserId>> {
        self.assignee
    }

    /// Whose it is.
    pub fn requester(&self) -> Option<UserId> {
        self.requester
    }

    /// Which team it belongs to.
    pub fn team(&self) -> Option<TeamId> {
        self.team
    }

    /// Which words it holds.
    pub fn search(&self) -> Option<&TicketSearch> {
        self.search.as_ref()
    }

    /// Whether it lets this ticket, with all of these comments, through to one who may see this much of it: what a store's
    /// translation must agree with.
    pub fn admits<'a>(
        &self,
        ticket: &Ticket,
        comments: impl IntoIterator<Item = &'a Comment>,
        sees: CommentScope,
    ) -> bool {
        let record = ticket.record();
        let updated_at = match sees {
            CommentScope::Everything => record.updated_at,
            CommentScope::PublicOnly => record.public_updated_at,
        };
        let assignee = record.assignee.as_ref().map(AgentRef::id);
        (self.statuses.is_empty() || self.statuses.contains(&record.status))
            && (self.priorities.is_empty() || self.priorities.contains(&record.priority))
            && self.tag.as_ref().is_none_or(|tag| record.tags.contains(tag))
            && self.created_after.is_none_or(|at| record.created_at > at)
            && self.updated_after.is_none_or(|at| updated_at > at)
            && self.assignee.is_none_or(|asked| asked == assignee)
            && self.requester.is_none_or(|asked| asked == record.requester.id())
            && self.team.is_none_or(|asked| asked == record.team.id())
            && self.search.as_ref().is_none_or(|search| {
                let visible = comments.into_iter().filter(|comment| sees.admits(comment.visibility()));
                let bodies = visible.map(|comment| comment.body().as_str());
                search
                    .admits([record.subject.as_str(), record.description.as_str()].into_iter().chain(bodies))
            })
    }
}

fn sorted_set<T: Ord>(values: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut values: Vec<T> = values.into_iter().collect();
    values.sort_unstable();
    values.dedup();
    values
}

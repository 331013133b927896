//! A counter where everything that can be done once is done, in few words.

use std::sync::Arc;
use std::time::Duration;

use helpdesk_domain::{Comment, CustomerActor, Role, Team, Ticket, TicketId, Ts, UserId};

use super::bureau::team_name;
use super::desk::{Desk, all, at, created, decided, hash, new_ticket, new_user, reply};
use crate::{
    Answer, Commit, Decide, Fingerprint, IdempotencyKey, KeptAnswer, LockedCommit, Once, Render, StoreError,
    TeamMade, TicketQuery, UserCreation, UserQuery, WrittenOnce,
};

/// For how long the answers of these cases are kept.
pub(super) const KEPT_FOR: Duration = Duration::from_hours(24);

/// What can be done once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// Opening a ticket.
    Open,
    /// Writing a comment.
    Comment,
    /// Writing one under the ticket's lock.
    LockedComment,
    /// Making an account.
    Account,
    /// Making a team.
    Team,
}

impl Deed {
    pub(super) const ALL: [Self; 5] =
        [Self::Open, Self::Comment, Self::LockedComment, Self::Account, Self::Team];
}

/// A call under a key.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) account: UserId,
    pub(super) key: String,
    /// What is written: so each call is another request.
    pub(super) label: String,
    pub(super) now: Ts,
    /// Whether its answer can be made.
    pub(super) can_be_answered: bool,
}

impl Call {
    pub(super) fn new(account: UserId, key: &str, label: &str) -> Self {
        Self { account, key: key.to_owned(), label: label.to_owned(), now: at(10), can_be_answered: true }
    }

    fn once<T: 'static>(&self, said: fn(&T) -> String) -> Once<T> {
        let can_be_answered = self.can_be_answered;
        let render: Render<T> = Arc::new(move |written| {
            if can_be_answered {
                Ok(Answer(said(written).into_bytes()))
            } else {
                Err(crate::Cause::new("on purpose"))
            }
        });
        Once {
            account: self.account,
            key: key(&self.key),
            fingerprint: fingerprint(&self.label),
            now: self.now,
            expires_at: self.now.after(KEPT_FOR),
            render,
        }
    }

    /// What is to be kept of it, where it wrote this.
    pub(super) fn kept(&self, written: &str) -> KeptAnswer {
        KeptAnswer { fingerprint: fingerprint(&self.label), answer: Answer(written.into()) }
    }
}

pub(super) fn key(text: &str) -> IdempotencyKey {
    IdempotencyKey::parse(text.as_bytes()).expect("a key")
}

fn fingerprint(label: &str) -> Fingerprint {
    let mut bytes = [0; 32];
    for (byte, said) in bytes.iter_mut().zip(label.bytes()) {
        *byte = said;
    }
    Fingerprint(bytes)
}

/// What came of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CameTo {
    /// It was written; this is its answer.
    Written(String),
    /// It would not have been written without a key either.
    Refused,
    /// The key is taken.
    KeyTaken,
}

fn ticket_said(ticket: &Ticket) -> String {
    format!("{} {}", ticket.id(), ticket.record().subject.as_str())
}

fn comment_said(comment: &Comment) -> String {
    format!("{} {}", comment.id(), comment.body().as_str())
}

fn user_said(user: &helpdesk_domain::User) -> String {
    format!("{} {}", user.id(), user.record().name.as_str())
}

fn team_said(team: &Team) -> String {
    format!("{} {}", team.id, team.name.as_str())
}

fn came_to<T>(written: WrittenOnce<T>, said: impl FnOnce(T) -> Option<String>) -> CameTo {
    match written {
        WrittenOnce::Ran(value) => said(value).map_or(CameTo::Refused, CameTo::Written),
        WrittenOnce::KeyTaken => CameTo::KeyTaken,
    }
}

/// A desk with a customer, whose ticket is there to be commented on.
pub(super) struct Counter {
    pub(super) desk: Desk,
    pub(super) customer: CustomerActor,
    pub(super) ticket: TicketId,
}

impl Counter {
    pub(super) async fn new(stores: crate::Stores) -> Self {
        let desk = Desk::new(stores).await;
        let customer = desk.customer("ada").await;
        let ticket = desk.ticket(customer, "To be commented on", at(0)).await.id();
        Self { desk, customer, ticket }
    }

    pub(super) async fn call(&self, deed: Deed, call: &Call) -> Result<CameTo, StoreError> {
        let (stores, label) = (&self.desk.stores, call.label.as_str());
        match deed {
            Deed::Open => {
                let draft = new_ticket(label, helpdesk_domain::Priority::Normal);
                let opening = Ticket::open(&self.customer, draft, at(1));
                let opened = stores.tickets.open_once(opening, call.once(ticket_said)).await?;
                Ok(came_to(opened, |ticket| Some(ticket_said(&ticket))))
            }
            Deed::Comment => {
                let ticket = self.desk.read(self.ticket).await.ticket;
                self.comment_on(&ticket, call).await
            }
            Deed::LockedComment => {
                let (customer, command) = (self.customer, reply(label));
                let decide: Decide = Box::new(move |ticket| ticket.decide(&customer.into(), command, at(2)));
                let once = call.once(comment_said);
                let scope = self.customer.scope();
                let locked = stores.tickets.decide_locked_once(scope, self.ticket, decide, once).await?;
                Ok(came_to(locked, |commit| match commit {
                    Some(LockedCommit::Done { comment, .. }) => comment.as_deref().map(comment_said),
                    _ => None,
                }))
            }
            Deed::Account => {
                let creation = created(self.desk.admin, new_user(Role::Agent, label), hash(label), at(1));
                let made = stores.users.create_once(creation, call.once(user_said)).await?;
                Ok(came_to(made, |made| match made {
                    UserCreation::Created(user) => Some(user_said(&user)),
                    UserCreation::EmailTaken | UserCreation::Unmet(_) => None,
                }))
            }
            Deed::Team => {
                let creation = Team::create(self.desk.admin.into(), team_name(label), at(1));
                let made = stores.teams.create_once(creation, call.once(team_said)).await?;
                Ok(came_to(made, |made| match made {
                    TeamMade::Created(team) => Some(team_said(&team)),
                    TeamMade::NameTaken => None,
                }))
            }
        }
    }

    /// Writes a comment upon this version of the ticket.
    pub(super) async fn comment_on(&self, ticket: &Ticket, call: &Call) -> Result<CameTo, StoreError> {
        let change = decided(ticket, self.customer, reply(&call.label), at(2));
        let committed = self.desk.stores.tickets.commit_once(change, call.once(comment_said)).await?;
        Ok(came_to(committed, |commit| match commit {
            Commit::Done(done) => done.comment.as_ref().map(comment_said),
            Commit::Stale | Commit::Unmet(_) => None,
        }))
    }

    /// The answer that is kept under a call's key when it is made.
    pub(super) async fn kept(&self, call: &Call) -> Option<KeptAnswer> {
        self.kept_at(call, call.now).await
    }

    pub(super) async fn kept_at(&self, call: &Call, now: Ts) -> Option<KeptAnswer> {
        let found = self.desk.stores.idempotency.find(call.account, key(&call.key), now).await;
        found.expect("looking for an answer")
    }

    /// What is there with one of these labels, in the words of its answer.
    pub(super) async fn written(&self, is_asked_for: impl Fn(&str) -> bool) -> Vec<String> {
        let (stores, admin) = (&self.desk.stores, self.desk.admin);
        let query = TicketQuery { page: all(), ..TicketQuery::default() };
        let tickets = stores.tickets.list(admin.scope(), query).await.expect("listing tickets");
        let query = UserQuery { page: all(), ..UserQuery::default() };
        let users = stores.users.list(admin.into(), query).await.expect("listing accounts");
        let teams = stores.teams.list(admin.into(), all()).await.expect("listing teams");
        let comments = self.desk.read(self.ticket).await.comments;
        let cut =
            [tickets.next.is_some(), users.next.is_some(), teams.next.is_some(), comments.next.is_some()];
        assert_eq!(cut, [false; 4], "all of it fits on one page");
        let mut said: Vec<String> = tickets.items.iter().map(ticket_said).collect();
        said.extend(users.items.iter().map(user_said));
        said.extend(teams.items.iter().map(team_said));
        said.extend(comments.items.iter().map(comment_said));
        said.retain(|said| said.split_once(' ').is_some_and(|(_, label)| is_asked_for(label)));
        said.sort_unstable();
        said
    }
}

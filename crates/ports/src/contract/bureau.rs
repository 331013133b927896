//! What the cases about accounts, sessions, teams and the trail have in common.

use std::fmt;

use helpdesk_domain::{
    AccountChange, AuditEntry, AuditRecord, Client, Invitation, MembershipChange, Session, SessionId, Team,
    TeamId, TeamName, TeamRef, TicketCommand, TicketPatch, Ts, User, UserId,
};

use super::desk::{Desk, all, at, client, limit, token};
use crate::{
    AccountCommit, AuditFilter, AuditQuery, Credentials, MembershipCommit, Page, PageRequest, Refreshed,
    ShownToken, Standing, StoreError, TeamMade,
};

impl Desk {
    /// Commits a change of an account that nothing forbids, and checks that what was decided is what is there.
    pub(super) async fn write(&self, change: AccountChange) -> User {
        let committed = self.stores.users.commit(change.clone()).await;
        assert_eq!(committed, Ok(AccountCommit::Done(change.user().clone())));
        assert_eq!(&self.account(change.user().id()).await, change.user());
        change.user().clone()
    }

    /// What the account proves itself by; the two ways to ask must agree.
    pub(super) async fn credentials(&self, user: &User) -> Option<Credentials> {
        let email = user.record().email.clone();
        let by_email = self.stores.users.credentials(email).await.expect("reading credentials");
        let own = self.stores.users.own_credentials(user.id()).await.expect("reading credentials");
        assert_eq!(by_email, own, "by e-mail address and by id");
        own
    }

    pub(super) async fn team(&self, label: &str) -> Team {
        let creation = Team::create(self.admin.into(), team_name(label), at(0));
        match self.stores.teams.create(creation).await.expect("creating a team") {
            TeamMade::Created(team) => team,
            TeamMade::NameTaken => panic!("the name {label} is taken"),
        }
    }

    /// The one that the migrations make.
    pub(super) async fn default_team(&self) -> Team {
        let teams = self.stores.teams.list(self.admin.into(), all()).await.expect("listing teams");
        let mut default = teams.items.into_iter().filter(|team| team.is_default);
        let team = default.next().expect("there is a default team");
        assert_eq!(default.next(), None, "there is one default team");
        team
    }

    /// Who is in the team, which must be there.
    pub(super) async fn members(&self, team: TeamId) -> Vec<UserId> {
        let members = self.stores.teams.members(self.admin.into(), team, all()).await;
        let members = members.expect("listing members").expect("the team is there");
        members.items.iter().map(User::id).collect()
    }

    pub(super) async fn join(&self, team: &Team, user: &User) {
        assert_eq!(self.change_members(self.joining(team, user)).await, MembershipCommit::Done);
    }

    pub(super) fn joining(&self, team: &Team, user: &User) -> MembershipChange {
        team.admit(self.admin.into(), user, at(1)).expect("an agent")
    }

    pub(super) async fn change_members(&self, change: MembershipChange) -> MembershipCommit {
        self.stores.teams.change_membership(change).await.expect("changing who is in a team")
    }

    /// Shows a refresh token (see [`token`]) from the usual address.
    pub(super) async fn show(&self, shown: u128, successor: u128, now: Ts) -> Refreshed {
        let shown = ShownToken {
            token: token(shown),
            successor: token(successor),
            client: client("192.0.2.1"),
            at: now,
        };
        self.stores.sessions.refresh(shown).await.expect("showing a refresh token")
    }

    /// The account's live sessions.
    pub(super) async fn live(&self, user: UserId, now: Ts) -> Vec<Session> {
        self.stores.sessions.list(user, now, all()).await.expect("listing sessions").items
    }

    /// Whether the session is good for anything, said in the words of whoever checks an access token.
    pub(super) async fn is_good(&self, user: UserId, session: SessionId) -> bool {
        let standing = self.stores.sessions.standing(user, session).await.expect("asking for a session");
        standing.is_some_and(
            |Standing { is_active, token_version, session_token_version, is_revoked, .. }| {
                is_active && token_version == session_token_version && !is_revoked
            },
        )
    }

    /// The whole trail, newest first.
    pub(super) async fn trail(&self) -> Vec<AuditRecord> {
        self.trail_in_pages(AuditFilter::default(), 100).await
    }

    /// The entries that the filter admits, read in pages of this many.
    pub(super) async fn trail_in_pages(&self, filter: AuditFilter, items: u64) -> Vec<AuditRecord> {
        let read = async |page| self.stores.audit.list(self.admin, AuditQuery { filter, page }).await;
        walk(items, |record: &AuditRecord| record.id, read).await
    }
}

/// The trail as it was, to see what comes to it.
pub(super) struct Trail(Vec<AuditRecord>);

impl Trail {
    pub(super) async fn of(desk: &Desk) -> Self {
        Self(desk.trail().await)
    }

    /// What came since, oldest first; everything older must stay as it was.
    pub(super) async fn news(&mut self, desk: &Desk) -> Vec<AuditEntry> {
        let now = desk.trail().await;
        let new = now.len().checked_sub(self.0.len()).expect("nothing vanishes from the trail");
        let entries = |records: &[AuditRecord]| -> Vec<_> {
            records.iter().map(|one| (one.id, one.entry.clone())).collect()
        };
        assert_eq!(entries(&now[new..]), entries(&self.0), "what is written stays as it is");
        let news = now[..new].iter().rev().map(|record| record.entry.clone()).collect();
        self.0 = now;
        news
    }
}

pub(super) fn team_name(text: &str) -> TeamName {
    TeamName::parse(text).expect("a name")
}

pub(super) fn invitation(number: u128, now: Ts) -> Invitation {
    Invitation::new(token(number), now)
}

/// How a ticket names its team.
pub(super) fn team_ref(team: &Team) -> TeamRef {
    TeamRef::new(team.id, team.name.as_str())
}

pub(super) fn move_to(team: &Team) -> TicketCommand {
    TicketCommand::Update(TicketPatch { team: Some(team_ref(team)), ..TicketPatch::default() })
}

/// The session as it goes on.
pub(super) fn rotated(refreshed: Refreshed) -> Session {
    match refreshed {
        Refreshed::Rotated { session, .. } => *session,
        other => panic!("a good token came to {other:?}"),
    }
}

/// A token shown by somebody whose address tells which of many it was.
pub(super) fn shown_by_number(shown: u128, successor: u128, number: usize, now: Ts) -> ShownToken {
    let client: Client = client(&format!("198.51.100.{number}"));
    ShownToken { token: token(shown), successor: token(successor), client, at: now }
}

/// Both at once; each begins first in every other round.
pub(super) async fn both<A, B>(
    round: u32,
    one: impl Future<Output = A>,
    other: impl Future<Output = B>,
) -> (A, B) {
    if round.is_multiple_of(2) {
        futures_util::future::join(one, other).await
    } else {
        let (other, one) = futures_util::future::join(other, one).await;
        (one, other)
    }
}

/// Walks the pages of a list, asked for page by page, and checks that each has as many items as it could have.
pub(super) async fn walk<T, P: Copy + PartialEq + fmt::Debug>(
    items: u64,
    position: impl Fn(&T) -> P,
    read: impl AsyncFn(PageRequest<P>) -> Result<Page<T, P>, StoreError>,
) -> Vec<T> {
    let mut request = PageRequest { limit: limit(items), after: None };
    let mut walked = Vec::new();
    loop {
        let mut page = read(request).await.expect("reading a page");
        assert!(page.items.len() <= request.limit.get(), "no page is larger than its limit");
        assert!(request.after.is_none() || !page.items.is_empty(), "a next position, and nothing behind it");
        walked.append(&mut page.items);
        let Some(next) = page.next else { return walked };
        assert_eq!(Some(next), walked.last().map(&position), "the position of the last item");
        assert!(walked.len().is_multiple_of(request.limit.get()), "a page with more behind it is full");
        assert_ne!(request.after, Some(next), "the walk goes on");
        request.after = Some(next);
    }
}

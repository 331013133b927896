//! The accounts.

use async_trait::async_trait;
use helpdesk_domain::{
    AccountChange, AccountCreation, AccountsActor, AgentRef, CredentialChange, Email, EndedSessions,
    FirstCredential, JoinedTeams, Precondition, TeamId, TokenDigest, User, UserId,
};
use helpdesk_ports::{
    AccountCommit, Credentials, Invited, Once, Page, StoreError, UserCreation, UserQuery, UserRepository,
    WrittenOnce,
};

use crate::state::{Account, State};
use crate::store::MemoryStore;

impl Account {
    fn credentials(&self) -> Option<Credentials> {
        let password = self.password.clone()?;
        Some(Credentials { user: self.user.clone(), password })
    }
}

impl State {
    fn with_email(&self, email: &Email) -> Option<&Account> {
        self.users.values().find(|account| account.user.record().email == *email)
    }

    pub(crate) fn create_account(&mut self, creation: AccountCreation) -> UserCreation {
        if self.with_email(&creation.new_user().email).is_some() {
            return UserCreation::EmailTaken;
        }
        let teams: Vec<TeamId> = match creation.teams() {
            JoinedTeams::Nowhere => Vec::new(),
            JoinedTeams::Default => vec![self.default_team().id()],
            JoinedTeams::These(teams) => teams.to_vec(),
        };
        if let Some(missing) = teams.iter().find(|team| !self.teams.contains_key(*team)) {
            return UserCreation::Unmet(Precondition::TeamExists(*missing));
        }
        let (password, invitation) = match creation.credential().clone() {
            FirstCredential::Password(password) => (Some(password), None),
            FirstCredential::Invitation(invitation) => (None, Some(invitation)),
            FirstCredential::NoneYet => (None, None),
        };
        let id = UserId::new(i64::try_from(self.users.len()).unwrap() + 1).unwrap();
        let (user, audit) = creation.into_user(id);
        self.members.extend(teams.into_iter().map(|team| (team, id)));
        self.audit.push(audit);
        self.users.insert(id, Account { user: user.clone(), password, invitation });
        UserCreation::Created(user)
    }

    fn commit_account(&mut self, change: &AccountChange) -> AccountCommit {
        let id = change.user().id();
        let unmet = change.precondition().filter(|precondition| !self.holds(*precondition));
        let Some(account) = self.users.get_mut(&id) else { return AccountCommit::Stale };
        if account.user.record().version != change.base_version() {
            return AccountCommit::Stale;
        }
        if let Some(unmet) = unmet {
            return AccountCommit::Unmet(unmet);
        }
        account.user = change.user().clone();
        match change.credential().clone() {
            CredentialChange::Keep => {}
            CredentialChange::Password(password) => {
                (account.password, account.invitation) = (Some(password), None);
            }
            CredentialChange::Invitation(invitation) => {
                (account.password, account.invitation) = (None, Some(invitation));
            }
        }
        self.end_sessions(change);
        if change.leaves_teams() {
            self.members.retain(|(_, member)| *member != id);
        }
        if change.becomes_agent() && !self.members.iter().any(|(_, member)| *member == id) {
            self.members.insert((self.default_team().id(), id));
        }
        if change.gives_tickets_back() {
            self.give_back(id, change.by(), change.user().record().updated_at);
        }
        self.audit.push(change.audit().clone());
        AccountCommit::Done(change.user().clone())
    }

    fn end_sessions(&mut self, change: &AccountChange) {
        let record = change.user().record();
        for session in self.sessions.values_mut().filter(|session| session.user == record.id) {
            match change.ended_sessions() {
                EndedSessions::None => {}
                EndedSessions::AllBut(kept) if session.id == kept => {
                    session.token_version = record.token_version;
                }
                EndedSessions::All | EndedSessions::AllBut(_) => {
                    session.revoked_at.get_or_insert(record.updated_at);
                }
            }
        }
    }
}

#[async_trait]
impl UserRepository for MemoryStore {
    async fn credentials(&self, email: Email) -> Result<Option<Credentials>, StoreError> {
        Ok(self.turn().await.with_email(&email).and_then(Account::credentials))
    }

    async fn own_credentials(&self, id: UserId) -> Result<Option<Credentials>, StoreError> {
        Ok(self.turn().await.users.get(&id).and_then(Account::credentials))
    }

    async fn own(&self, id: UserId) -> Result<Option<User>, StoreError> {
        Ok(self.turn().await.user(id).cloned())
    }

    async fn find(&self, _: AccountsActor, id: UserId) -> Result<Option<User>, StoreError> {
        Ok(self.turn().await.user(id).cloned())
    }

    async fn find_by_email(&self, _: AccountsActor, email: Email) -> Result<Option<User>, StoreError> {
        Ok(self.turn().await.with_email(&email).map(|account| account.user.clone()))
    }

    async fn list(&self, _: AccountsActor, query: UserQuery) -> Result<Page<User, UserId>, StoreError> {
        let UserQuery { filter, page } = query;
        let state = self.turn().await;
        let users = state.users.values().map(|account| &account.user);
        let behind = users.filter(|user| page.after.is_none_or(|after| user.id() > after));
        let rows = behind.filter(|user| filter.admits(user)).cloned().collect();
        Ok(Page::of_rows_read_ahead(rows, page.limit, User::id))
    }

    async fn create(&self, creation: AccountCreation) -> Result<UserCreation, StoreError> {
        Ok(self.turn().await.create_account(creation))
    }

    async fn create_once(
        &self,
        creation: AccountCreation,
        once: Once<User>,
    ) -> Result<WrittenOnce<UserCreation>, StoreError> {
        self.turn().await.once(
            &once,
            |state| Ok(state.create_account(creation)),
            |made| match made {
                UserCreation::Created(user) => Some(user),
                UserCreation::EmailTaken | UserCreation::Unmet(_) => None,
            },
        )
    }

    async fn commit(&self, change: AccountChange) -> Result<AccountCommit, StoreError> {
        Ok(self.turn().await.commit_account(&change))
    }

    async fn active_agent(&self, _: AccountsActor, id: UserId) -> Result<Option<AgentRef>, StoreError> {
        let state = self.turn().await;
        let user = state.user(id).filter(|user| user.is_active_agent());
        Ok(user.map(|user| AgentRef::new(id, user.record().name.as_str())))
    }

    async fn invited(&self, token: TokenDigest) -> Result<Option<Invited>, StoreError> {
        let state = self.turn().await;
        Ok(state.users.values().find_map(|account| {
            let invitation = account.invitation.filter(|invitation| invitation.token == token)?;
            Some(Invited { user: account.user.clone(), invitation })
        }))
    }

    async fn has_able_admin(&self) -> Result<bool, StoreError> {
        Ok(self.turn().await.users.values().any(|account| account.user.is_able_admin()))
    }
}

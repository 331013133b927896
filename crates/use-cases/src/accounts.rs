//! What admins do with accounts.

use std::sync::Arc;

use helpdesk_domain::{
    AccountOutcome, Actor, AdminActor, NewPassword, NewUser, Refusal, User, UserId, UserPatch,
};
use helpdesk_ports::{
    AccountCommit, Cause, Clock, Page, PageRequest, PasswordHasher, StoreError, UserCreation, UserRepository,
};

use crate::UseCaseError;
use crate::error::refusal_of;
use crate::standing_cache::StandingCache;

/// How often a change is decided anew when others were faster. Only admins change accounts, so this is never reached.
const TRIES: usize = 5;

/// Runs accounts.
pub struct Accounts {
    pub(crate) users: Arc<dyn UserRepository>,
    pub(crate) passwords: Arc<dyn PasswordHasher>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) standings: Arc<StandingCache>,
}

impl Accounts {
    /// The accounts by themselves, for a process that serves nobody.
    pub fn new(
        users: Arc<dyn UserRepository>,
        passwords: Arc<dyn PasswordHasher>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { users, passwords, clock, standings: Arc::default() }
    }

    /// Makes an account.
    ///
    /// # Errors
    /// [`Refusal::EmailTaken`]; [`Refusal::NotPermitted`] unless an admin or the help desk itself asks.
    pub async fn create(
        &self,
        by: &Actor,
        new: NewUser,
        password: NewPassword,
    ) -> Result<User, UseCaseError> {
        by.must_run_accounts()?;
        let hash = self.passwords.hash(password).await?;
        match self.users.create(new, hash, self.clock.now()).await? {
            UserCreation::Created(user) => Ok(user),
            UserCreation::EmailTaken => Err(Refusal::EmailTaken.into()),
        }
    }

    /// A page of all accounts, by id.
    ///
    /// # Errors
    /// Only those of the store.
    pub async fn list(
        &self,
        by: AdminActor,
        page: PageRequest<UserId>,
    ) -> Result<Page<User, UserId>, UseCaseError> {
        Ok(self.users.list(by, page).await?)
    }

    /// One account.
    ///
    /// # Errors
    /// [`Refusal::NotVisible`] if there is none.
    pub async fn find(&self, by: AdminActor, id: UserId) -> Result<User, UseCaseError> {
        Ok(self.users.find(by, id).await?.ok_or(Refusal::NotVisible)?)
    }

    /// Changes name, role or activity of an account.
    ///
    /// # Errors
    /// [`Refusal::NotVisible`], [`Refusal::NothingToChange`], [`Refusal::LastAdmin`].
    pub async fn update(&self, by: AdminActor, id: UserId, patch: UserPatch) -> Result<User, UseCaseError> {
        for _ in 0..TRIES {
            let user = self.find(by, id).await?;
            let change = match user.decide(by, patch.clone(), self.clock.now())? {
                AccountOutcome::Unchanged => return Ok(user),
                AccountOutcome::Changed(change) => change,
            };
            let pending = self.standings.begin_change(id, self.clock.monotonic());
            let result = self.users.commit(*change).await;
            // After a failure it is not known whether the commit took place, so the change stays pending.
            if result.is_ok() {
                pending.settle();
            }
            match result {
                Ok(AccountCommit::Done(user)) => return Ok(user),
                Ok(AccountCommit::Unmet(precondition)) => return Err(refusal_of(precondition).into()),
                Ok(AccountCommit::Stale) | Err(StoreError::Conflict(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(StoreError::Conflict(Cause::new("the account kept changing")).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{FixedClock, user};
    use helpdesk_domain::{CustomerActor, Email, PersonName, Precondition, Role};
    use helpdesk_ports::{MockPasswordHasher, MockUserRepository, PasswordHash};

    fn admin() -> AdminActor {
        AdminActor::new(UserId::new(1).unwrap())
    }

    fn accounts(users: MockUserRepository) -> Accounts {
        let mut passwords = MockPasswordHasher::new();
        passwords.expect_hash().returning(|_| Ok(PasswordHash { scheme: 1, text: "hash".to_owned() }));
        Accounts {
            users: Arc::new(users),
            passwords: Arc::new(passwords),
            clock: Arc::new(FixedClock::default()),
            standings: Arc::default(),
        }
    }

    fn disable() -> UserPatch {
        UserPatch { is_active: Some(false), ..UserPatch::default() }
    }

    #[tokio::test]
    async fn a_stale_change_is_decided_again() {
        let mut users = MockUserRepository::new();
        users.expect_find().times(2).returning(|_, _| Ok(Some(user(2, Role::Agent))));
        let mut tries = 0;
        users.expect_commit().times(2).returning(move |change| {
            tries += 1;
            Ok(if tries == 1 { AccountCommit::Stale } else { AccountCommit::Done(change.user().clone()) })
        });
        let changed = accounts(users).update(admin(), UserId::new(2).unwrap(), disable()).await.unwrap();
        assert!(!changed.record().is_active);
    }

    #[tokio::test]
    async fn refused_and_empty_changes_never_reach_commit() {
        let mut users = MockUserRepository::new();
        users.expect_find().returning(|_, id| Ok((id.get() == 2).then(|| user(2, Role::Agent))));
        users.expect_commit().never();
        let accounts = accounts(users);
        let two = UserId::new(2).unwrap();
        let nothing = accounts.update(admin(), two, UserPatch::default()).await;
        assert_eq!(nothing, Err(Refusal::NothingToChange.into()));
        let absent = accounts.update(admin(), UserId::new(3).unwrap(), disable()).await;
        assert_eq!(absent, Err(Refusal::NotVisible.into()));
        let same = UserPatch { is_active: Some(true), ..UserPatch::default() };
        assert_eq!(accounts.update(admin(), two, same).await, Ok(user(2, Role::Agent)));
    }

    #[tokio::test]
    async fn the_last_admin_stays() {
        let mut users = MockUserRepository::new();
        users.expect_find().returning(|_, _| Ok(Some(user(1, Role::Admin))));
        users.expect_commit().returning(|change| Ok(AccountCommit::Unmet(change.precondition().unwrap())));
        let result = accounts(users).update(admin(), UserId::new(1).unwrap(), disable()).await;
        assert_eq!(result, Err(Refusal::LastAdmin.into()));
        assert_eq!(refusal_of(Precondition::ActiveAgent(UserId::new(1).unwrap())), Refusal::NotAssignable);
    }

    #[tokio::test]
    async fn only_admins_and_the_operator_make_accounts() {
        let new = || NewUser {
            email: Email::parse("n@example.com").unwrap(),
            name: PersonName::parse("N").unwrap(),
            role: Role::Admin,
        };
        let password = NewPassword::parse("correct horse battery", &new().email).unwrap();
        let mut users = MockUserRepository::new();
        users.expect_create().never();
        let customer = CustomerActor::new(UserId::new(7).unwrap()).into();
        let result = accounts(users).create(&customer, new(), password.clone()).await;
        assert!(matches!(result, Err(UseCaseError::Refused(Refusal::NotPermitted(_)))));

        let mut users = MockUserRepository::new();
        users.expect_create().returning(|_, _, _| Ok(UserCreation::EmailTaken));
        let result = accounts(users).create(&admin().into(), new(), password).await;
        assert_eq!(result, Err(Refusal::EmailTaken.into()));
    }
}

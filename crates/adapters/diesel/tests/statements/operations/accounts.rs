//! Accounts, with their passwords and invitations.

use helpdesk_domain::{
    AccountChange, AccountOutcome, Email, FirstCredential, Invitation, NewUser, PersonName, Role, SessionId,
    TeamId, TeamRef, TokenDigest, User, UserId, UserPatch,
};
use helpdesk_ports::{AccountCommit, UserCreation, UserFilter, UserQuery, UserSearch};

use super::{Run, hash, now, whole_page};
use crate::seed::Seed;

fn email(label: &str) -> Email {
    Email::parse(&format!("{label}@example.com")).unwrap()
}

fn invitation(byte: u8) -> Invitation {
    Invitation::new(TokenDigest([byte; 32]), now())
}

impl Run<'_> {
    pub(super) async fn accounts_read(&mut self) {
        let (users, by, id) = (&self.stores.users, Seed::admin().into(), Seed::other_admin());
        self.note("an account with its password", users.credentials(email("user-3"))).await.unwrap();
        self.note("one's own account with its password", users.own_credentials(id)).await.unwrap();
        self.note("one's own account", users.own(id)).await.unwrap();
        self.note("an account", users.find(by, id)).await.unwrap();
        self.note("an account by its address", users.find_by_email(by, email("user-3"))).await.unwrap();
        self.note("an agent to assign to", users.active_agent(by, Seed::other_agent())).await.unwrap();
        let query = |filter| UserQuery { filter, page: whole_page() };
        self.note("a list of accounts", users.list(by, query(UserFilter::default()))).await;
        let filter = UserFilter {
            role: Some(Role::Customer),
            is_active: Some(true),
            text: Some(UserSearch::parse("user").unwrap()),
        };
        self.note("a filtered list of accounts", users.list(by, query(filter))).await;
        self.note("who is invited", users.invited(TokenDigest([9; 32]))).await;
        assert!(self.note("whether there is an able admin", users.has_able_admin()).await);
    }

    pub(super) async fn accounts_written(&mut self, team: &TeamRef) {
        let password = || FirstCredential::Password(hash());
        let default = TeamId::new(1).unwrap();
        let two = Some(vec![default, team.id()]);
        for (name, role, label, teams, credential) in [
            ("making a customer", Role::Customer, "new-customer", None, password()),
            ("making an agent", Role::Agent, "new-agent", None, password()),
            ("making an agent of two teams", Role::Agent, "two-teams", two, password()),
            ("inviting", Role::Customer, "invited", None, FirstCredential::Invitation(invitation(1))),
        ] {
            let person = PersonName::parse("New").unwrap();
            let user = NewUser { email: email(label), name: person, role, teams };
            let creation = User::create(Seed::admin().into(), user, credential, now()).unwrap();
            let created = self.note(name, self.stores.users.create(creation)).await;
            assert!(matches!(created, UserCreation::Created(_)), "{name}: {created:?}");
        }

        let rename = UserPatch { name: Some(PersonName::parse("Other").unwrap()), ..UserPatch::default() };
        self.change("renaming an account", Seed::other_admin(), rename).await;
        let admin = self.account(Seed::other_admin()).await;
        let own = admin.change_own_password(hash(), SessionId::from_bits(2), now());
        self.commit_account("choosing another password", own).await;
        let admin = self.account(Seed::other_admin()).await;
        let reset = admin.reset_password(Seed::admin(), invitation(2), now());
        self.commit_account("resetting a password", reset).await;
        let admin = self.account(Seed::other_admin()).await;
        let accept = admin.accept_invitation(&invitation(2), hash(), now()).unwrap();
        self.commit_account("accepting an invitation", accept).await;

        let role = |role| UserPatch { role: Some(role), ..UserPatch::default() };
        self.change("making an agent of an admin", Seed::other_admin(), role(Role::Agent)).await;
        self.change("making a customer of an agent", Seed::other_admin(), role(Role::Customer)).await;
        let disable = UserPatch { is_active: Some(false), ..UserPatch::default() };
        self.change("disabling an agent, whose tickets go back", Seed::other_agent(), disable).await;
    }

    pub(super) async fn account(&self, id: UserId) -> User {
        self.stores.users.own(id).await.unwrap().unwrap()
    }

    async fn change(&mut self, name: &'static str, id: UserId, patch: UserPatch) {
        let user = self.account(id).await;
        let Ok(AccountOutcome::Changed(change)) = user.decide(Seed::admin(), patch, now()) else {
            panic!("{name} does not come to a change");
        };
        self.commit_account(name, *change).await;
    }

    async fn commit_account(&mut self, name: &'static str, change: AccountChange) {
        let commit = self.note(name, self.stores.users.commit(change)).await;
        assert!(matches!(commit, AccountCommit::Done(_)), "{name}: {commit:?}");
    }
}

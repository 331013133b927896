//! Accounts: what is written is what is read; one address, one account; some admin always remains.

use helpdesk_domain::{
    AdminActor, AgentRef, Email, MAX_ID, NewUser, PersonName, Precondition, Role, User, UserPatch, UserRecord,
};

use super::bureau::walk;
use super::desk::{Desk, account_change, at, created, email, hash, name, new_user, user_id};
use crate::{AccountCommit, Credentials, PasswordHash, Stores, UserCreation, UserQuery};

/// Every field, by id, in the list and with its password.
pub async fn an_account_reads_back_as_it_was_made(stores: Stores) {
    let desk = Desk::new(stores).await;
    for (second, (&role, scheme)) in (1..).zip(Role::ALL.iter().zip([1, 2, i16::MAX])) {
        let asked = new_user(role, &format!("account-{second}"));
        let password = PasswordHash { scheme, text: format!("$2b$12$./{second}\\'\"") };
        let user = desk.create(created(desk.admin, asked.clone(), password.clone(), at(second))).await;
        let expected = UserRecord {
            id: user.id(),
            email: asked.email.clone(),
            name: asked.name,
            role,
            is_active: true,
            has_password: true,
            version: user.record().version,
            token_version: user.record().token_version,
            created_at: at(second),
            updated_at: at(second),
        };
        assert_eq!(user.record(), &expected);
        assert_eq!(desk.account(user.id()).await, user);
        let credentials = desk.stores.users.credentials(asked.email).await.expect("reading credentials");
        assert_eq!(credentials, Some(Credentials { user: user.clone(), password }));
        assert_eq!(whole_list(&desk, 100).await.last(), Some(&user));
    }
}

/// Names and addresses of the greatest length.
pub async fn the_longest_names_and_addresses_survive(stores: Stores) {
    let desk = Desk::new(stores).await;
    let domain = format!("{}.{}.{}.dev", "a".repeat(63), "b".repeat(63), "c".repeat(57));
    let address = format!("{}@{domain}", "x".repeat(64));
    assert_eq!(address.len(), Email::MAX_CHARS);
    let asked = NewUser {
        email: Email::parse(&address).expect("an address"),
        name: name(&"🙂".repeat(PersonName::MAX_CHARS)),
        role: Role::Customer,
        teams: None,
    };
    desk.create(created(desk.admin, asked.clone(), hash("long"), at(1))).await;
    let read = whole_list(&desk, 100).await.pop().expect("the account is there");
    assert_eq!((&read.record().email, &read.record().name), (&asked.email, &asked.name));
    let credentials = desk.stores.users.credentials(asked.email).await.expect("reading credentials");
    assert_eq!(credentials.map(|credentials| credentials.user), Some(read));
}

/// The second one is told so, and the first stays as it was; a disabled account keeps its address.
pub async fn an_address_belongs_to_one_account(stores: Stores) {
    let desk = Desk::new(stores).await;
    let ada = desk.customer("ada").await;
    for is_active in [true, false] {
        if !is_active {
            let patch = UserPatch { is_active: Some(false), ..UserPatch::default() };
            desk.change_account(ada.id(), patch, at(2)).await;
        }
        let before = whole_list(&desk, 100).await;
        let again =
            NewUser { email: email("ada"), name: name("Another Ada"), role: Role::Admin, teams: None };
        let again = created(desk.admin, again, hash("another"), at(3));
        assert_eq!(desk.stores.users.create(again).await, Ok(UserCreation::EmailTaken));
        assert_eq!(whole_list(&desk, 100).await, before);
        let credentials = desk.stores.users.credentials(email("ada")).await.expect("reading credentials");
        let credentials = credentials.expect("a disabled account is there all the same");
        assert_eq!(credentials.password, hash("ada"));
        assert_eq!(credentials.user.record().is_active, is_active);
    }
}

/// Absence is an answer, not an error.
pub async fn an_unknown_account_is_absent(stores: Stores) {
    let desk = Desk::new(stores).await;
    let users = &desk.stores.users;
    assert_eq!(users.credentials(email("nobody")).await, Ok(None));
    for address in ["%@example.com", "_oot@example.com", "root@example.com.au"] {
        let address = Email::parse(address).expect("an address");
        assert_eq!(users.credentials(address).await, Ok(None), "an address is no pattern");
    }
    for id in [1 << 31, MAX_ID] {
        assert_eq!(users.find(desk.admin.into(), user_id(id)).await, Ok(None));
        assert_eq!(users.active_agent(desk.admin.into(), user_id(id)).await, Ok(None));
    }
}

/// All of them, disabled ones too, each once, by id.
pub async fn pages_of_accounts_hold_each_once(stores: Stores) {
    let desk = Desk::new(stores).await;
    for (n, &role) in (0..7).zip(Role::ALL.iter().cycle()) {
        let user = desk.user(role, &format!("account-{}", 9 - n)).await;
        if n % 2 == 0 {
            let patch = UserPatch { is_active: Some(false), ..UserPatch::default() };
            desk.change_account(user.id(), patch, at(n)).await;
        }
    }
    let everyone = whole_list(&desk, 100).await;
    assert_eq!(everyone.len(), 8);
    assert!(everyone.is_sorted_by(|a, b| a.id() < b.id()), "by id, each once");
    for items in 1..=9 {
        assert_eq!(whole_list(&desk, items).await, everyone, "in pages of {items}");
    }
}

/// Each field that an admin may change; the store returns and keeps what was decided.
pub async fn a_change_of_an_account_is_written(stores: Stores) {
    let desk = Desk::new(stores).await;
    let other = desk.user(Role::Customer, "other").await;
    let mut user = desk.user(Role::Customer, "ada").await;
    let patches = [
        UserPatch { name: Some(name("Ada Lovelace 🙂")), ..UserPatch::default() },
        UserPatch { role: Some(Role::Agent), ..UserPatch::default() },
        UserPatch { is_active: Some(false), ..UserPatch::default() },
        UserPatch { name: Some(name("Ada")), role: Some(Role::Admin), is_active: Some(true) },
        UserPatch { role: Some(Role::Customer), ..UserPatch::default() },
    ];
    for (second, patch) in (5..).zip(patches) {
        let change = account_change(&user, desk.admin, patch, at(second));
        let committed = desk.stores.users.commit(change.clone()).await;
        assert_eq!(committed, Ok(AccountCommit::Done(change.user().clone())));
        assert_eq!(&desk.account(user.id()).await, change.user());
        user = change.user().clone();
    }
    let credentials = desk.stores.users.credentials(email("ada")).await.expect("reading credentials");
    assert_eq!(credentials, Some(Credentials { user, password: hash("ada") }), "the password stays");
    assert_eq!(desk.account(other.id()).await, other, "nobody else is touched");
}

/// Of a change that was decided upon an older version nothing is written.
pub async fn a_stale_change_of_an_account_writes_nothing(stores: Stores) {
    let desk = Desk::new(stores).await;
    let old = desk.user(Role::Agent, "grace").await;
    let renamed = UserPatch { name: Some(name("Grace Hopper")), ..UserPatch::default() };
    let now = desk.change_account(old.id(), renamed, at(1)).await;
    for patch in [
        UserPatch { name: Some(name("Late")), ..UserPatch::default() },
        UserPatch { is_active: Some(false), ..UserPatch::default() },
        UserPatch { role: Some(Role::Admin), ..UserPatch::default() },
    ] {
        let change = account_change(&old, desk.admin, patch, at(2));
        assert_eq!(desk.stores.users.commit(change).await, Ok(AccountCommit::Stale));
    }
    assert_eq!(desk.account(old.id()).await, now);
}

/// The last active admin is neither demoted nor disabled, whoever else there is; anything else of it may change.
pub async fn the_last_active_admin_remains(stores: Stores) {
    let desk = Desk::new(stores).await;
    desk.user(Role::Agent, "agent").await;
    let disabled = desk.user(Role::Admin, "disabled").await;
    let disable = UserPatch { is_active: Some(false), ..UserPatch::default() };
    desk.change_account(disabled.id(), disable.clone(), at(1)).await;

    let last = desk.account(desk.admin.id()).await;
    let unmet = AccountCommit::Unmet(Precondition::AnotherAdminRemains(last.id()));
    for patch in [
        disable.clone(),
        UserPatch { role: Some(Role::Agent), ..UserPatch::default() },
        UserPatch { role: Some(Role::Customer), name: Some(name("Gone")), is_active: Some(false) },
    ] {
        let change = account_change(&last, desk.admin, patch, at(2));
        assert_eq!(desk.stores.users.commit(change).await, Ok(unmet.clone()));
        assert_eq!(desk.account(last.id()).await, last, "nothing was written");
    }
    let rename = UserPatch { name: Some(name("Root")), ..UserPatch::default() };
    desk.change_account(last.id(), rename, at(3)).await;

    let second = desk.user(Role::Admin, "second").await;
    let gone = desk.change_account(last.id(), disable, at(4)).await;
    assert!(!gone.record().is_active, "with another admin, one may go");
    let by = AdminActor::new(second.id());
    let change =
        account_change(&second, by, UserPatch { role: Some(Role::Agent), ..UserPatch::default() }, at(5));
    let unmet = AccountCommit::Unmet(Precondition::AnotherAdminRemains(second.id()));
    assert_eq!(desk.stores.users.commit(change).await, Ok(unmet));
}

/// Whom tickets can be assigned to: agents who are active, under the name of today.
pub async fn an_active_agent_is_an_agent_and_active(stores: Stores) {
    let desk = Desk::new(stores).await;
    for &role in Role::ALL {
        for is_active in [true, false] {
            let user = desk.user(role, &format!("{role}-{is_active}")).await;
            if !is_active {
                let patch = UserPatch { is_active: Some(false), ..UserPatch::default() };
                desk.change_account(user.id(), patch, at(1)).await;
            }
            let expected = (role == Role::Agent && is_active)
                .then(|| AgentRef::new(user.id(), format!("{role}-{is_active}")));
            assert_eq!(desk.stores.users.active_agent(desk.admin.into(), user.id()).await, Ok(expected));
        }
    }
}

async fn whole_list(desk: &Desk, items: u64) -> Vec<User> {
    let read = async |page| {
        let query = UserQuery { page, ..UserQuery::default() };
        desk.stores.users.list(desk.admin.into(), query).await
    };
    walk(items, User::id, read).await
}

use std::time::Duration;

use helpdesk_domain::{
    AdminActor, AuditKind, CredentialChange, Email, EndedSessions, FirstCredential, Invitation, NewPassword,
    NewUser, PasswordError, PasswordHash, PersonName, Precondition, Refusal, Role, SessionId, SystemActor,
    TeamId, TokenDigest, Ts, User, UserId, UserPatch,
};
use helpdesk_ports::{AccountCommit, Cause, Credentials, Invited, StoreError, UserCreation};

use crate::error::refusal_of;
use crate::test_support::{Mocks, NOW, client, user};
use crate::{Authenticated, Settings, UseCaseError};

const GOOD: &str = "correct horse battery";

fn admin() -> AdminActor {
    AdminActor::new(id(1))
}

fn id(number: i64) -> UserId {
    UserId::new(number).unwrap()
}

fn disable() -> UserPatch {
    UserPatch { is_active: Some(false), ..UserPatch::default() }
}

fn new_user(role: Role) -> NewUser {
    NewUser {
        email: Email::parse("n@example.com").unwrap(),
        name: PersonName::parse("N").unwrap(),
        role,
        teams: None,
    }
}

fn new_password(raw: &str) -> NewPassword {
    NewPassword::parse(raw, &new_user(Role::Agent).email).unwrap()
}

fn caller() -> Authenticated {
    Authenticated::for_a_test(id(4), Role::Agent, SessionId::from_bits(1))
}

/// A store that writes whatever it is given.
fn writes_all(mocks: &mut Mocks) {
    mocks.users.expect_commit().returning(|change| Ok(AccountCommit::Done(change.user().clone())));
}

#[tokio::test]
async fn a_stale_change_is_decided_again() {
    let mut mocks = Mocks::default();
    mocks.users.expect_find().times(2).returning(|_, _| Ok(Some(user(2, Role::Agent))));
    let mut tries = 0;
    mocks.users.expect_commit().times(2).returning(move |change| {
        tries += 1;
        Ok(if tries == 1 { AccountCommit::Stale } else { AccountCommit::Done(change.user().clone()) })
    });
    let changed = mocks.help_desk().accounts.update(admin(), id(2), disable()).await.unwrap();
    assert!(!changed.record().is_active);
}

#[tokio::test]
async fn an_account_that_never_stands_still_is_given_up() {
    let mut mocks = Mocks::default();
    mocks.users.expect_find().returning(|_, _| Ok(Some(user(2, Role::Agent))));
    mocks.users.expect_commit().returning(|_| Err(StoreError::Conflict(Cause::new("busy"))));
    let result = mocks.help_desk().accounts.update(admin(), id(2), disable()).await;
    assert!(matches!(result, Err(UseCaseError::Store(StoreError::Conflict(_)))));
}

#[tokio::test]
async fn refused_and_empty_changes_never_reach_commit() {
    let mut mocks = Mocks::default();
    mocks.users.expect_find().returning(|_, id| Ok((id.get() == 2).then(|| user(2, Role::Agent))));
    mocks.users.expect_commit().never();
    let accounts = mocks.help_desk().accounts;
    let nothing = accounts.update(admin(), id(2), UserPatch::default()).await;
    assert_eq!(nothing, Err(Refusal::NothingToChange.into()));
    let absent = accounts.update(admin(), id(3), disable()).await;
    assert_eq!(absent, Err(Refusal::NotVisible.into()));
    let same = UserPatch { is_active: Some(true), ..UserPatch::default() };
    assert_eq!(accounts.update(admin(), id(2), same).await, Ok(user(2, Role::Agent)));
}

#[tokio::test]
async fn the_last_admin_stays() {
    let mut mocks = Mocks::default();
    mocks.users.expect_find().returning(|_, _| Ok(Some(user(1, Role::Admin))));
    mocks.users.expect_commit().returning(|change| Ok(AccountCommit::Unmet(change.precondition().unwrap())));
    let accounts = mocks.help_desk().accounts;
    let last = Err(Refusal::LastAdmin.into());
    assert_eq!(accounts.update(admin(), id(1), disable()).await, last);
    assert_eq!(accounts.reset_password(admin(), id(1)).await.map(|(user, _)| user), last);
    assert_eq!(refusal_of(Precondition::ActiveAgent(id(1))), Refusal::NotAssignable);
}

#[tokio::test]
async fn an_account_is_made_with_a_password_or_an_invitation() {
    let mut mocks = Mocks::default();
    mocks.users.expect_create().times(2).returning(|creation| {
        let (user, audit) = creation.clone().into_user(id(9));
        let expected = match creation.credential() {
            FirstCredential::Password(hash) => {
                assert_eq!(hash.text, format!("hash of {GOOD}"));
                AuditKind::UserCreated
            }
            FirstCredential::Invitation(invitation) => {
                assert_eq!(*invitation, Invitation::new(TokenDigest([7; 32]), creation.at()));
                AuditKind::UserInvited
            }
            FirstCredential::NoneYet => panic!("the one or the other"),
        };
        assert_eq!(audit.kind, expected);
        Ok(UserCreation::Created(user))
    });
    let accounts = mocks.help_desk().accounts;
    let made = accounts.create(admin(), new_user(Role::Admin), Some(new_password(GOOD))).await.unwrap();
    assert!(made.invitation.is_none() && made.user.record().has_password);
    let invited = accounts.create(admin(), new_user(Role::Admin), None).await.unwrap();
    assert_eq!(invited.invitation.unwrap().token, "fresh");
    assert!(!invited.user.record().has_password);
}

#[tokio::test]
async fn what_cannot_be_made_is_told_by_what_is_wrong_with_it() {
    let team = TeamId::new(3).unwrap();
    for (came_to, expected) in [
        (UserCreation::EmailTaken, Refusal::EmailTaken),
        (UserCreation::Unmet(Precondition::TeamExists(team)), Refusal::UnknownTeams),
    ] {
        let mut mocks = Mocks::default();
        mocks.users.expect_create().return_once(|_| Ok(came_to));
        let result = mocks.help_desk().accounts.create(admin(), new_user(Role::Agent), None).await;
        assert_eq!(result.err(), Some(expected.into()));
    }
    let common = Some(new_password("password1234"));
    let result = Mocks::default().help_desk().accounts.create(admin(), new_user(Role::Agent), common).await;
    assert_eq!(result.err(), Some(Refusal::NewPassword(PasswordError::Common).into()));
}

#[tokio::test]
async fn the_operator_sets_a_password_that_the_rules_allow() {
    let mut mocks = Mocks::default();
    mocks.users.expect_find().returning(|_, _| Ok(Some(user(2, Role::Admin))));
    mocks.users.expect_commit().times(1).returning(|change| {
        assert_eq!(change.ended_sessions(), EndedSessions::All);
        assert!(matches!(change.credential(), CredentialChange::Password(_)));
        Ok(AccountCommit::Done(change.user().clone()))
    });
    let accounts = mocks.help_desk().accounts;
    let operator = SystemActor::outside_any_request();
    assert!(accounts.set_password(operator, id(2), GOOD).await.is_ok());
    let short = accounts.set_password(operator, id(2), "short").await;
    assert_eq!(short, Err(Refusal::NewPassword(PasswordError::TooShort).into()));
}

fn with_password(user: User) -> Credentials {
    Credentials { user, password: PasswordHash { scheme: 1, text: "old".to_owned() } }
}

#[tokio::test]
async fn ones_own_password_is_changed_by_who_knows_it() {
    for is_right in [true, false] {
        let mut mocks = Mocks::default().without_limits();
        mocks.users.expect_own().returning(|_| Ok(Some(user(4, Role::Agent))));
        mocks.users.expect_own_credentials().returning(|_| Ok(Some(with_password(user(4, Role::Agent)))));
        mocks.passwords.expect_verify().times(1).returning(move |_, _| Ok(is_right));
        mocks.users.expect_commit().times(usize::from(is_right)).returning(|change| {
            assert_eq!(change.ended_sessions(), EndedSessions::AllBut(SessionId::from_bits(1)));
            Ok(AccountCommit::Done(change.user().clone()))
        });
        let own = mocks.help_desk().own_account;
        let result = own.change_password(&caller(), "old".to_owned(), GOOD, &client()).await;
        assert_eq!(result.is_ok(), is_right);
        if !is_right {
            assert_eq!(result, Err(Refusal::WrongPassword.into()));
        }
        let short = own.change_password(&caller(), "old".to_owned(), "short", &client()).await;
        assert_eq!(
            short,
            Err(Refusal::NewPassword(PasswordError::TooShort).into()),
            "and nothing is looked at"
        );
    }
}

#[tokio::test]
async fn a_password_that_was_taken_away_meanwhile_is_not_given_back() {
    for (token_version, expected) in [(0, Ok(())), (1, Err(Refusal::WrongPassword.into()))] {
        let mut mocks = Mocks::default().without_limits();
        let mut finds = 0;
        mocks.users.expect_own().returning(move |_| {
            finds += 1;
            let mut record = user(4, Role::Agent).record().clone();
            if finds > 1 {
                record.version += 1;
                record.token_version = token_version;
            }
            Ok(Some(User::from_stored(record)))
        });
        mocks.users.expect_own_credentials().returning(|_| Ok(Some(with_password(user(4, Role::Agent)))));
        mocks.passwords.expect_verify().returning(|_, _| Ok(true));
        let mut commits = 0;
        mocks.users.expect_commit().returning(move |change| {
            commits += 1;
            Ok(if commits == 1 { AccountCommit::Stale } else { AccountCommit::Done(change.user().clone()) })
        });
        let own = mocks.help_desk().own_account;
        let result = own.change_password(&caller(), "old".to_owned(), GOOD, &client()).await;
        assert_eq!(result.map(drop), expected);
    }
}

#[tokio::test]
async fn ones_own_name_is_ones_own() {
    let mut mocks = Mocks::default();
    mocks.users.expect_own().withf(|id| id.get() == 4).returning(|_| Ok(Some(user(4, Role::Agent))));
    writes_all(&mut mocks);
    let name = PersonName::parse("New").unwrap();
    let renamed = mocks.help_desk().own_account.rename(&caller(), name.clone()).await.unwrap();
    assert_eq!(renamed.record().name, name);
}

fn invited(expires_in: i64) -> Invited {
    let mut record = user(6, Role::Agent).record().clone();
    record.has_password = false;
    let expires_at = Ts::from_micros(NOW + expires_in).unwrap();
    Invited {
        user: User::from_stored(record),
        invitation: Invitation { token: TokenDigest([3; 32]), expires_at },
    }
}

#[tokio::test]
async fn an_invitation_is_accepted_once_and_in_time() {
    let mut mocks = Mocks::default();
    mocks.users.expect_invited().returning(|token| {
        Ok(match token.0[0] {
            3 => Some(invited(1)),
            4 => Some(invited(0)),
            _ => None,
        })
    });
    writes_all(&mut mocks);
    let invitations = mocks.help_desk().invitations;
    assert!(invitations.accept("new", GOOD).await.unwrap().record().has_password);
    for bad in ["late", "unknown"] {
        assert_eq!(invitations.accept(bad, GOOD).await, Err(Refusal::InvalidInvitation.into()), "{bad}");
        // What is wrong with the password is told only to who holds an invitation.
        assert_eq!(invitations.accept(bad, "short").await, Err(Refusal::InvalidInvitation.into()), "{bad}");
    }
    let short = invitations.accept("new", "short").await;
    assert_eq!(short, Err(Refusal::NewPassword(PasswordError::TooShort).into()));
}

#[tokio::test]
async fn of_two_who_accept_the_slower_has_no_invitation_any_more() {
    let mut mocks = Mocks::default();
    let mut asked = 0;
    mocks.users.expect_invited().returning(move |_| {
        asked += 1;
        Ok((asked == 1).then(|| invited(1)))
    });
    mocks.users.expect_commit().times(1).returning(|_| Ok(AccountCommit::Stale));
    let result = mocks.help_desk().invitations.accept("new", GOOD).await;
    assert_eq!(result, Err(Refusal::InvalidInvitation.into()));
}

#[tokio::test]
async fn registration_is_off_unless_it_is_on_and_limited_then() {
    let NewUser { email, name, .. } = new_user(Role::Customer);
    let off = Mocks::default().help_desk().registration;
    let result = off.register(email.clone(), name.clone(), new_password(GOOD), &client()).await;
    assert_eq!(result, Err(Refusal::NotVisible.into()));

    let retry_after = Duration::from_secs(3);
    for limited in [false, true] {
        let settings = Settings { registration_is_open: true, ..Settings::default() };
        let mut mocks = Mocks { settings, ..Mocks::default() };
        mocks
            .guesses
            .expect_begin_registration()
            .returning(move |_| if limited { Err(retry_after) } else { Ok(()) });
        mocks
            .users
            .expect_create()
            .times(usize::from(!limited))
            .returning(|creation| Ok(UserCreation::Created(creation.into_user(id(9)).0)));
        let registration = mocks.help_desk().registration;
        let result = registration.register(email.clone(), name.clone(), new_password(GOOD), &client()).await;
        match result {
            Ok(user) => assert_eq!((user.role(), limited), (Role::Customer, false)),
            Err(error) => assert_eq!(error, UseCaseError::TooManyAttempts { retry_after }),
        }
    }
}

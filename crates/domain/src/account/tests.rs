use super::*;
use crate::{
    AccountsActor, ActorKind, AdminActor, AuditChange, AuditKind, AuditSubject, AuditValue, PasswordHash,
    Precondition, Refusal, SessionId, SystemActor, TeamId,
};

fn at(micros: i64) -> Ts {
    Ts::from_micros(micros).unwrap()
}

fn user(role: Role) -> User {
    User(UserRecord {
        id: UserId::new(5).unwrap(),
        email: Email::parse("u@example.com").unwrap(),
        name: PersonName::parse("U").unwrap(),
        role,
        is_active: true,
        has_password: true,
        version: 3,
        token_version: 7,
        created_at: at(1_000),
        updated_at: at(1_000),
    })
}

fn admin() -> AdminActor {
    AdminActor::new(UserId::new(1).unwrap())
}

fn hash() -> PasswordHash {
    PasswordHash { scheme: 1, text: "hash".to_owned() }
}

fn invitation() -> Invitation {
    Invitation::new(TokenDigest([1; 32]), at(2_000))
}

fn decide(user: &User, patch: UserPatch) -> AccountChange {
    match user.decide(admin(), patch, at(2_000)).unwrap() {
        AccountOutcome::Changed(change) => *change,
        AccountOutcome::Unchanged => panic!("unchanged"),
    }
}

fn to_role(role: Role) -> UserPatch {
    UserPatch { role: Some(role), ..UserPatch::default() }
}

fn disable() -> UserPatch {
    UserPatch { is_active: Some(false), ..UserPatch::default() }
}

#[test]
fn a_lost_role_ends_sessions_gives_tickets_back_and_leaves_the_teams() {
    let change = decide(&user(Role::Agent), to_role(Role::Customer));
    assert_eq!(change.ended_sessions(), EndedSessions::All);
    assert!(change.gives_tickets_back() && change.leaves_teams() && !change.becomes_agent());
    assert_eq!((change.base_version(), change.user().record().version), (3, 4));
    assert_eq!(change.user().record().token_version, 8);
    assert_eq!(change.precondition(), None);
    assert_eq!(change.credential(), &CredentialChange::Keep);
}

#[test]
fn a_disabled_agent_stays_in_its_teams() {
    let change = decide(&user(Role::Agent), disable());
    assert!(change.gives_tickets_back() && !change.leaves_teams());
}

#[test]
fn a_new_name_ends_nothing() {
    let patch = UserPatch { name: Some(PersonName::parse("New").unwrap()), ..UserPatch::default() };
    let change = decide(&user(Role::Agent), patch);
    assert_eq!(change.ended_sessions(), EndedSessions::None);
    assert!(!change.gives_tickets_back());
    assert_eq!(change.user().record().token_version, 7);
}

#[test]
fn an_admin_goes_only_where_another_remains() {
    let needed = Some(Precondition::AnotherAdminRemains(UserId::new(5).unwrap()));
    for patch in [to_role(Role::Agent), disable()] {
        assert_eq!(decide(&user(Role::Admin), patch).precondition(), needed);
    }
    // Without a password it cannot sign in, which for the others comes to the same.
    let reset = user(Role::Admin).reset_password(admin(), invitation(), at(2_000));
    assert_eq!(reset.precondition(), needed);

    let mut invited = user(Role::Admin);
    invited.0.has_password = false;
    assert_eq!(decide(&invited, to_role(Role::Agent)).precondition(), None, "it could not run anything");
}

#[test]
fn the_same_values_are_no_change_and_no_values_are_refused() {
    let now = at(2_000);
    let same = to_role(Role::Agent);
    assert_eq!(user(Role::Agent).decide(admin(), same, now), Ok(AccountOutcome::Unchanged));
    let nothing = user(Role::Agent).decide(admin(), UserPatch::default(), now);
    assert_eq!(nothing, Err(Refusal::NothingToChange));
}

#[test]
fn ones_own_new_password_ends_the_other_sessions_and_the_operators_ends_all() {
    let session = SessionId::from_bits(9);
    let own = user(Role::Customer).change_own_password(hash(), session, at(2_000));
    assert_eq!(own.ended_sessions(), EndedSessions::AllBut(session));
    assert_eq!(own.user().record().token_version, 8);
    assert_eq!((own.audit().kind, own.audit().actor.kind), (AuditKind::PasswordChanged, ActorKind::Customer));
    assert_eq!(own.audit().changes, [], "nothing of a password is in the trail");

    let set = user(Role::Admin).set_password(SystemActor::outside_any_request(), hash(), at(2_000));
    assert_eq!((set.ended_sessions(), set.precondition()), (EndedSessions::All, None));
    assert_eq!((set.audit().actor.kind, set.audit().actor.id), (ActorKind::System, None));
}

#[test]
fn an_invitation_is_good_for_a_day_and_for_an_active_account() {
    let invited = user(Role::Agent).reset_password(admin(), invitation(), at(2_000)).user().clone();
    assert!(!invited.record().has_password);
    let day = INVITATION_LIFETIME;
    let accept = |user: &User, now| user.accept_invitation(&invitation(), hash(), now);
    let accepted = accept(&invited, at(1_999).after(day)).unwrap();
    assert!(accepted.user().record().has_password);
    assert_eq!(accepted.audit().kind, AuditKind::InvitationAccepted);
    assert_eq!(accept(&invited, at(2_000).after(day)), Err(Refusal::InvalidInvitation));

    let disabled = decide(&invited, disable()).user().clone();
    assert_eq!(accept(&disabled, at(2_001)), Err(Refusal::InvalidInvitation));
}

#[test]
fn the_trail_says_who_changed_what() {
    let change = decide(&user(Role::Agent), to_role(Role::Admin));
    let entry = change.audit();
    assert_eq!(
        (entry.kind, entry.at, entry.actor.id),
        (AuditKind::UserUpdated, at(2_000), Some(admin().id()))
    );
    assert_eq!(
        (entry.subject, entry.label.as_str()),
        (AuditSubject::User(user(Role::Agent).id()), "u@example.com")
    );
    assert_eq!(entry.changes, [AuditChange::new("role", Some("agent".into()), Some("admin".into()))]);
}

fn new_user(role: Role, teams: Option<Vec<TeamId>>) -> NewUser {
    let record = user(role).0;
    NewUser { email: record.email, name: record.name, role, teams }
}

#[test]
fn only_an_agent_is_made_into_teams() {
    let by = AccountsActor::from(admin());
    let team = |id| TeamId::new(id).unwrap();
    let create =
        |role, teams| User::create(by, new_user(role, teams), FirstCredential::Password(hash()), at(1));
    assert_eq!(create(Role::Agent, None).unwrap().teams(), JoinedTeams::Default);
    let these = create(Role::Agent, Some(vec![team(3), team(2), team(3)])).unwrap();
    assert_eq!(these.teams(), JoinedTeams::These(&[team(2), team(3)]));
    let (_, audit) = these.into_user(UserId::new(8).unwrap());
    let joined =
        audit.changes.iter().filter(|change| change.field == "team_id").map(|change| change.to.clone());
    assert_eq!(joined.collect::<Vec<_>>(), [Some(AuditValue::Id(2)), Some(AuditValue::Id(3))]);
    for role in [Role::Admin, Role::Customer] {
        assert_eq!(create(role, None).unwrap().teams(), JoinedTeams::Nowhere);
        assert_eq!(create(role, Some(Vec::new())), Err(Refusal::TeamsOfNoAgent));
    }
}

#[test]
fn who_registers_is_a_customer_and_who_is_invited_has_no_password() {
    let NewUser { email, name, .. } = new_user(Role::Admin, None);
    let id = UserId::new(8).unwrap();
    let (registered, audit) = User::register(email, name, hash(), at(1)).into_user(id);
    assert_eq!((registered.role(), registered.record().has_password), (Role::Customer, true));
    assert_eq!((audit.kind, audit.actor.id), (AuditKind::UserRegistered, Some(id)));

    let credential = FirstCredential::Invitation(invitation());
    let invited = User::create(admin().into(), new_user(Role::Admin, None), credential, at(1)).unwrap();
    let (invited, audit) = invited.into_user(id);
    assert!(!invited.record().has_password && !invited.is_able_admin());
    assert_eq!(audit.kind, AuditKind::UserInvited);
}

//! `/admin/users…`

use helpdesk_domain::{FirstCredential, JoinedTeams, Precondition, Role, TeamId, User};
use helpdesk_ports::{AccountCommit, MockPasswordScreen, Page, UserCreation, UserFilter, UserSearch};
use serde_json::json;

use super::samples::{password_hash, user, user_id};
use super::support::Desk;

fn expected(id: i64, role: &str) -> serde_json::Value {
    let time = "2023-11-14T22:13:20.000000Z";
    json!({
        "id": id, "email": format!("user{id}@example.com"), "name": "Ada Lovelace", "role": role, "is_active": true, "has_password": true,
        "created_at": time, "updated_at": time,
    })
}

#[actix_web::test]
async fn an_account_is_made() {
    let mut desk = Desk::new();
    desk.passwords
        .expect_hash()
        .withf(|password| password.expose() == "correct horse battery")
        .returning(|_| Ok(password_hash()));
    desk.users.expect_create().times(1).returning(|creation| {
        assert_eq!(creation.credential(), &FirstCredential::Password(password_hash()));
        assert_eq!(creation.teams(), JoinedTeams::Default);
        let new = creation.new_user();
        assert_eq!(
            (new.email.as_str(), new.name.as_str(), new.role),
            ("user7@example.com", "Ada Lovelace", Role::Agent)
        );
        Ok(UserCreation::Created(user(7, Role::Agent)))
    });
    let body = r#"{"email":" User7@Example.com ","name":" Ada Lovelace","role":"Agent","password":"correct horse battery"}"#;
    let answer = desk.api().await.post(Role::Admin, "/admin/users", body).await;
    assert_eq!((answer.status, answer.header("location")), (201, Some("/admin/users/7")));
    assert_eq!(answer.json(), expected(7, "agent"));
}

#[actix_web::test]
async fn an_address_that_is_taken_is_409() {
    let mut desk = Desk::new();
    desk.passwords.expect_hash().returning(|_| Ok(password_hash()));
    desk.users.expect_create().returning(|_| Ok(UserCreation::EmailTaken));
    let body = r#"{"email":"a@example.com","name":"A","role":"admin","password":"correct horse battery"}"#;
    let answer = desk.api().await.post(Role::Admin, "/admin/users", body).await;
    assert_eq!((answer.status, answer.code().as_str()), (409, "email_taken"));
}

#[actix_web::test]
async fn every_faulty_field_is_named_without_its_value() {
    let api = Desk::new().api().await;
    for (body, faults) in [
        (
            json!({ "email": "x", "name": "\n", "role": "root", "password": "hunter2" }),
            "email:invalid_email name:required password:too_short role:unknown_value",
        ),
        (
            json!({ "email": "ä@example.com", "name": "a\0b", "role": "agent", "password": "hunter2hunter2\0" }),
            "email:invalid_email name:invalid_character password:invalid_character",
        ),
        (
            json!({ "email": "hunter2hunter2@example.com", "name": "", "role": "agent", "password": "hunter2hunter2" }),
            "name:required password:too_guessable",
        ),
    ] {
        let answer = api.post(Role::Admin, "/admin/users", &body.to_string()).await;
        assert_eq!((answer.status, answer.code().as_str()), (422, "validation_failed"), "{body}");
        assert_eq!(answer.faults_in_short(), faults);
        assert!(!String::from_utf8_lossy(&answer.body).contains("hunter2"));
    }
    let body = r#"{"email":"a@example.com","name":"A","role":"agent","password":"correct horse battery","is_active":true}"#;
    let answer = api.post(Role::Admin, "/admin/users", body).await;
    assert_eq!(
        (answer.status, answer.faults()),
        (400, vec![("is_active".to_owned(), "unknown_field".to_owned())])
    );
}

#[actix_web::test]
async fn accounts_are_listed_and_read() {
    let mut desk = Desk::new();
    desk.users.expect_list().returning(|_, query| {
        assert_eq!(query.filter, UserFilter::default());
        Ok(match query.page.after {
            None => Page { items: vec![user(7, Role::Agent)], next: Some(user_id(7)) },
            Some(after) => {
                assert_eq!(after, user_id(7));
                Page { items: vec![user(8, Role::Customer)], next: None }
            }
        })
    });
    desk.users.expect_find().returning(|_, id| Ok((id == user_id(7)).then(|| user(7, Role::Agent))));
    let api = desk.api().await;
    let first = api.get(Role::Admin, "/admin/users").await;
    assert_eq!(first.json()["data"], json!([expected(7, "agent")]));
    let link = first.header("link").unwrap().to_owned();
    let next = link.strip_prefix('<').unwrap().split_once('>').unwrap().0;
    assert_eq!(
        api.get(Role::Admin, next).await.json(),
        json!({ "data": [expected(8, "customer")], "next_cursor": null })
    );
    assert_eq!(api.get(Role::Admin, "/admin/users/7").await.json(), expected(7, "agent"));
    assert_eq!(api.get(Role::Admin, "/admin/users/8").await.code(), "not_found");
    assert_eq!(api.get(Role::Admin, "/admin/users/07").await.code(), "not_found");
}

#[actix_web::test]
async fn accounts_are_changed_but_the_last_admin_stays() {
    let mut desk = Desk::new();
    desk.users.expect_find().returning(|_, id| {
        Ok(Some(if id == user_id(30) { user(30, Role::Admin) } else { user(7, Role::Agent) }))
    });
    desk.users.expect_commit().returning(|change| {
        Ok(match change.precondition() {
            Some(unmet) => AccountCommit::Unmet(unmet),
            None => AccountCommit::Done(User::from_stored(change.user().record().clone())),
        })
    });
    let api = desk.api().await;
    let answer = api
        .put(Role::Admin, "/admin/users/7", r#"{"name":"Ada King","role":"customer","is_active":false}"#)
        .await;
    let json = answer.json();
    assert_eq!(
        (answer.status, json["name"].as_str(), json["role"].as_str()),
        (200, Some("Ada King"), Some("customer"))
    );
    assert_eq!(json["is_active"], false);
    for body in [r#"{"role":"agent"}"#, r#"{"is_active":false}"#] {
        let answer = api.put(Role::Admin, "/admin/users/30", body).await;
        assert_eq!((answer.status, answer.code().as_str()), (409, "last_admin"), "{body}");
    }
    for (body, status) in [
        ("{}", 422),
        (r#"{"role":"root"}"#, 422),
        (r#"{"name":null}"#, 400),
        (r#"{"is_active":null}"#, 400),
        (r#"{"is_active":"no"}"#, 400),
        (r#"{"email":"new@example.com"}"#, 400),
        (r#"{"password":"correct horse battery"}"#, 400),
    ] {
        assert_eq!(api.put(Role::Admin, "/admin/users/7", body).await.status, status, "{body}");
    }
}

#[actix_web::test]
async fn an_agent_joins_the_teams_that_are_named() {
    let body = |role: &str, teams: &str| {
        format!(
            r#"{{"email":"a@example.com","name":"A","role":"{role}","password":"correct horse battery","team_ids":{teams}}}"#
        )
    };
    let team = |id| TeamId::new(id).unwrap();
    let mut desk = Desk::new();
    desk.passwords.expect_hash().returning(|_| Ok(password_hash()));
    desk.users.expect_create().returning(move |creation| {
        Ok(match creation.teams() {
            JoinedTeams::These(ids) if ids == [team(2), team(3)] => {
                UserCreation::Created(creation.into_user(user_id(7)).0)
            }
            JoinedTeams::These([]) => UserCreation::Created(creation.into_user(user_id(8)).0),
            JoinedTeams::These(_) => UserCreation::Unmet(Precondition::TeamExists(team(99))),
            other => panic!("{other:?}"),
        })
    });
    let api = desk.api().await;
    for (teams, location) in [("[3,2,3]", "/admin/users/7"), ("[]", "/admin/users/8")] {
        let answer = api.post(Role::Admin, "/admin/users", &body("agent", teams)).await;
        assert_eq!((answer.status, answer.header("location")), (201, Some(location)), "{teams}");
    }
    let too_many = format!("[{}]", vec!["1"; 101].join(","));
    for (role, teams, status, fault) in [
        ("agent", "[2,99]", 422, "team_ids:unknown_team"),
        ("agent", "[0]", 422, "team_ids:unknown_team"),
        ("agent", "[-1,2]", 422, "team_ids:unknown_team"),
        ("agent", "[9007199254740992]", 422, "team_ids:unknown_team"),
        ("agent", &too_many, 422, "team_ids:too_many"),
        ("customer", "[2]", 422, "team_ids:not_an_agent"),
        ("admin", "[]", 422, "team_ids:not_an_agent"),
        ("agent", "null", 400, "team_ids:invalid_type"),
        ("agent", "2", 400, "team_ids:invalid_type"),
        ("agent", r#"["2"]"#, 400, "team_ids[0]:invalid_type"),
    ] {
        let answer = api.post(Role::Admin, "/admin/users", &body(role, teams)).await;
        assert_eq!((answer.status, answer.faults_in_short().as_str()), (status, fault), "{role} {teams}");
    }
}

#[actix_web::test]
async fn a_password_that_everybody_tries_first_is_refused() {
    let mut desk = Desk::new();
    desk.password_screen = MockPasswordScreen::new();
    desk.password_screen.expect_is_common().return_const(true);
    let body = r#"{"email":"a@example.com","name":"A","role":"admin","password":"correct horse battery"}"#;
    let answer = desk.api().await.post(Role::Admin, "/admin/users", body).await;
    assert_eq!((answer.status, answer.faults_in_short().as_str()), (422, "password:too_common"));
    assert!(!String::from_utf8_lossy(&answer.body).contains("horse"));
}

#[actix_web::test]
async fn a_list_of_accounts_is_narrowed() {
    let mut desk = Desk::new();
    desk.users.expect_list().returning(|_, query| {
        let expected = UserFilter {
            role: Some(Role::Agent),
            is_active: Some(false),
            text: UserSearch::parse("ada").ok(),
        };
        assert_eq!(query.filter, expected);
        let next = query.page.after.is_none().then(|| user_id(7));
        Ok(Page { items: vec![user(7, Role::Agent)], next })
    });
    let api = desk.api().await;
    let first = api.get(Role::Admin, "/admin/users?role=agent&is_active=false&q=Ada").await;
    let link = first.header("link").unwrap().to_owned();
    let next = link.strip_prefix('<').unwrap().split_once('>').unwrap().0;
    assert!(next.starts_with("/admin/users?role=agent&is_active=false&q=Ada&cursor="), "{next}");
    assert_eq!(api.get(Role::Admin, next).await.json()["next_cursor"], json!(null));
    // The store is not asked for what is not understood, or for a page of another list.
    let other = next.replace("q=Ada", "q=Bob");
    assert_eq!(api.get(Role::Admin, &other).await.code(), "invalid_cursor");
    for (query, fault) in [
        ("role=root", "role:invalid_value"),
        ("is_active=yes", "is_active:invalid_value"),
        ("q=", "q:invalid_value"),
        ("q=a%00", "q:invalid_value"),
        ("q=x&q=y", "q:repeated_parameter"),
        ("email=a@example.com", "email:unknown_parameter"),
    ] {
        let answer = api.get(Role::Admin, &format!("/admin/users?{query}")).await;
        assert_eq!((answer.status, answer.faults_in_short().as_str()), (400, fault), "{query}");
    }
}

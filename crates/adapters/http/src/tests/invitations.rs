//! Invitations: made with an account or by a reset, and accepted.

use actix_web::test::TestRequest;
use helpdesk_domain::{CredentialChange, EndedSessions, FirstCredential, Invitation, Role, User, UserRecord};
use helpdesk_ports::{AccountCommit, Invited, MockPasswordScreen, UserCreation};
use serde_json::json;

use super::samples::{now, password_hash, ts, user, user_id};
use super::support::{
    Answer, Api, Desk, NEW_DIGEST, NEW_TOKEN, SHOWN_DIGEST, SHOWN_TOKEN, json as with_json,
};

const TOMORROW: &str = "2023-11-15T22:13:20.000000Z";

fn account(id: i64, change: impl FnOnce(&mut UserRecord)) -> User {
    let mut record = user(id, Role::Agent).record().clone();
    change(&mut record);
    User::from_stored(record)
}

#[actix_web::test]
async fn an_account_without_a_password_is_invited() {
    let mut desk = Desk::new();
    desk.users.expect_create().times(1).returning(|creation| {
        let invitation = Invitation::new(NEW_DIGEST, now());
        assert_eq!(creation.credential(), &FirstCredential::Invitation(invitation));
        Ok(UserCreation::Created(creation.into_user(user_id(7)).0))
    });
    let body = r#"{"email":"user7@example.com","name":"Ada Lovelace","role":"agent"}"#;
    let answer = desk.api().await.post(Role::Admin, "/admin/users", body).await;
    assert_eq!((answer.status, answer.header("location")), (201, Some("/admin/users/7")));
    let time = "2023-11-14T22:13:20.000000Z";
    let expected = json!({
        "id": 7, "email": "user7@example.com", "name": "Ada Lovelace", "role": "agent", "is_active": true,
        "has_password": false, "created_at": time, "updated_at": time,
        "invitation": { "token": NEW_TOKEN, "expires_at": TOMORROW },
    });
    assert_eq!(answer.json(), expected);
}

#[actix_web::test]
async fn a_null_is_no_missing_password() {
    let body = r#"{"email":"a@example.com","name":"A","role":"agent","password":null}"#;
    let answer = Desk::new().api().await.post(Role::Admin, "/admin/users", body).await;
    assert_eq!((answer.status, answer.faults_in_short().as_str()), (400, "password:invalid_type"));
}

#[actix_web::test]
async fn a_reset_takes_the_password_and_the_sessions_and_gives_an_invitation() {
    let mut desk = Desk::new();
    desk.users.expect_find().returning(|_, id| {
        Ok(match id.get() {
            7 => Some(user(7, Role::Agent)),
            30 => Some(user(30, Role::Admin)),
            _ => None,
        })
    });
    desk.users.expect_commit().returning(|change| {
        assert_eq!(change.ended_sessions(), EndedSessions::All);
        let invitation = Invitation::new(NEW_DIGEST, now());
        assert_eq!(change.credential(), &CredentialChange::Invitation(invitation));
        Ok(match change.precondition() {
            Some(unmet) => AccountCommit::Unmet(unmet),
            None => AccountCommit::Done(change.user().clone()),
        })
    });
    let api = desk.api().await;
    let reset = |id: &str| {
        let path = format!("/admin/users/{id}/password-reset");
        let request = super::support::signed_in(Role::Admin, TestRequest::post().uri(&path));
        api.send(request)
    };
    let answer = reset("7").await;
    let json = answer.json();
    assert_eq!((answer.status, &json["id"], &json["has_password"]), (200, &json!(7), &json!(false)));
    assert_eq!(json["invitation"], json!({ "token": NEW_TOKEN, "expires_at": TOMORROW }));
    let answer = reset("30").await;
    assert_eq!((answer.status, answer.code().as_str()), (409, "last_admin"));
    let unknown = reset("8").await;
    assert_eq!((unknown.status, unknown.code().as_str()), (404, "not_found"));
    assert_eq!(reset("0").await.without_request_id(), unknown.without_request_id());
}

async fn accept(api: &Api, token: &str, password: &str) -> Answer {
    let body = json!({ "token": token, "password": password }).to_string();
    api.send(with_json(TestRequest::post().uri("/invitations/accept"), &body)).await
}

fn invited(user: User, expires_at: helpdesk_domain::Ts) -> Desk {
    let mut desk = Desk::without_sessions();
    desk.users.expect_invited().returning(move |token| {
        let invitation = Invitation { token, expires_at };
        Ok((token == SHOWN_DIGEST).then(|| Invited { user: user.clone(), invitation }))
    });
    desk
}

const PASSWORD: &str = "correct horse battery";

#[actix_web::test]
async fn whoever_holds_the_invitation_chooses_the_password() {
    let mut desk = invited(account(7, |record| record.has_password = false), ts(now().micros() + 1));
    desk.passwords.expect_hash().times(1).returning(|password| {
        assert_eq!(password.expose(), PASSWORD);
        Ok(password_hash())
    });
    desk.users.expect_commit().times(1).returning(|change| {
        assert_eq!(change.credential(), &CredentialChange::Password(password_hash()));
        Ok(AccountCommit::Done(change.user().clone()))
    });
    let answer = accept(&desk.api().await, SHOWN_TOKEN, PASSWORD).await;
    // No tokens: it signs in like everybody.
    let expected = json!({ "id": 7, "email": "user7@example.com", "name": "Ada Lovelace", "role": "agent" });
    assert_eq!((answer.status, answer.json()), (200, expected));
}

#[actix_web::test]
async fn unknown_used_old_and_of_a_disabled_account_are_one_answer_byte_for_byte() {
    let later = ts(now().micros() + 1);
    let unknown = accept(&invited(user(7, Role::Agent), later).api().await, "unknown", PASSWORD).await;
    assert_eq!((unknown.status, unknown.code().as_str()), (422, "validation_failed"));
    assert_eq!(unknown.faults_in_short(), "token:invalid_invitation");
    let unknown = unknown.without_request_id();
    let old = accept(&invited(user(7, Role::Agent), now()).api().await, SHOWN_TOKEN, PASSWORD).await;
    assert_eq!(old.without_request_id(), unknown);
    let disabled = account(7, |record| record.is_active = false);
    let disabled = accept(&invited(disabled, later).api().await, SHOWN_TOKEN, PASSWORD).await;
    assert_eq!(disabled.without_request_id(), unknown);
    // A long one is not even looked up.
    let long = accept(&Desk::without_sessions().api().await, &"x".repeat(201), PASSWORD).await;
    assert_eq!(long.without_request_id(), unknown);
}

#[actix_web::test]
async fn what_is_wrong_with_the_password_is_told_in_its_field() {
    let later = ts(now().micros() + 1);
    let mut desk = invited(user(7, Role::Agent), later);
    desk.password_screen = MockPasswordScreen::new();
    desk.password_screen.expect_is_common().return_const(true);
    let api = desk.api().await;
    for (token, password, faults) in [
        (SHOWN_TOKEN, "short", "password:too_short"),
        ("canary\0", "short", "password:too_short token:invalid_character"),
        (SHOWN_TOKEN, PASSWORD, "password:too_common"),
        (SHOWN_TOKEN, "user7@example.com", "password:too_guessable"),
    ] {
        let answer = accept(&api, token, password).await;
        assert_eq!((answer.status, answer.faults_in_short().as_str()), (422, faults), "{password}");
        assert!(!String::from_utf8_lossy(&answer.body).contains("canary"));
    }
    for (body, fault) in [
        (r#"{"token":"x"}"#, "password:required"),
        (r#"{"token":null,"password":"x"}"#, "token:invalid_type"),
        (r#"{"token":"x","password":"x","email":"a@example.com"}"#, "email:unknown_field"),
    ] {
        let answer = api.send(with_json(TestRequest::post().uri("/invitations/accept"), body)).await;
        assert_eq!((answer.status, answer.faults_in_short().as_str()), (400, fault), "{body}");
    }
}

//! `/admin/users…`

use helpdesk_domain::{Role, User};
use helpdesk_ports::{AccountCommit, Page, PasswordHash, UserCreation};
use serde_json::json;

use super::samples::{user, user_id};
use super::support::Desk;

fn expected(id: i64, role: &str) -> serde_json::Value {
    let time = "2023-11-14T22:13:20.000000Z";
    json!({
        "id": id, "email": format!("user{id}@example.com"), "name": "Ada Lovelace", "role": role, "is_active": true,
        "created_at": time, "updated_at": time,
    })
}

#[actix_web::test]
async fn an_account_is_made() {
    let mut desk = Desk::new();
    desk.passwords
        .expect_hash()
        .withf(|password| password.expose() == "correct horse battery")
        .returning(|_| Ok(PasswordHash { scheme: 1, text: "hash".to_owned() }));
    desk.users.expect_create().times(1).returning(|new, _, _| {
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
    desk.passwords.expect_hash().returning(|_| Ok(PasswordHash { scheme: 1, text: "hash".to_owned() }));
    desk.users.expect_create().returning(|_, _, _| Ok(UserCreation::EmailTaken));
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
        let named: Vec<String> =
            answer.faults().iter().map(|(field, code)| format!("{field}:{code}")).collect();
        assert_eq!(named.join(" "), faults);
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
    desk.users.expect_list().returning(|_, page| {
        Ok(match page.after {
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

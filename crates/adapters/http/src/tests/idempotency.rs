//! `Idempotency-Key`

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use actix_web::test::TestRequest;
use helpdesk_domain::{CommentId, Role, Status, TeamId};
use helpdesk_ports::{Commit, Committed, Fingerprint, KeptAnswer, Once, TeamMade, UserCreation, WrittenOnce};
use serde_json::Value;

use super::samples::{ticket, ticket_id, user_id, with_comments};
use super::support::{Answer, Api, Desk, NEW_TOKEN, json, signed_in};
use crate::contract::Contract;
use crate::openapi;

/// Every operation that creates for somebody who is signed in: who calls it, and with what.
const CREATING: [(Role, &str, &str); 6] = [
    (Role::Customer, "/customer/tickets", r#"{"subject":"Printer on fire","description":"It really is."}"#),
    (Role::Customer, "/customer/tickets/5/comments", r#"{"body":"b"}"#),
    (Role::Agent, "/agent/tickets/5/comments", r#"{"body":"b"}"#),
    (Role::Admin, "/admin/tickets/5/comments", r#"{"body":"b"}"#),
    (Role::Admin, "/admin/users", r#"{"email":"new@example.com","name":"New","role":"agent"}"#),
    (Role::Admin, "/admin/teams", r#"{"name":"Night"}"#),
];

type Kept = Arc<Mutex<HashMap<(i64, String), KeptAnswer>>>;

/// Keeps the answer as a store would.
fn keep<T, W>(kept: &Kept, once: &Once<T>, written: &T, came_to: W) -> WrittenOnce<W> {
    let place = (once.account.get(), once.key.as_str().to_owned());
    assert!(kept.lock().unwrap().insert(place, once.kept(written).unwrap()).is_none());
    WrittenOnce::Ran(came_to)
}

/// A desk that does everything once, and nothing without a key.
async fn keeping() -> (Api, Kept) {
    let (mut desk, kept) = (Desk::new(), Kept::default());
    let held = kept.clone();
    desk.idempotency.expect_find().returning(move |account, key, _| {
        Ok(held.lock().unwrap().get(&(account.get(), key.as_str().to_owned())).cloned())
    });
    desk.tickets
        .expect_find()
        .returning(|_, id, _| Ok((id == ticket_id(5)).then(|| with_comments(Status::Open))));
    let held = kept.clone();
    desk.tickets.expect_open_once().returning(move |_, once| {
        let opened = ticket(Status::Open);
        Ok(keep(&held, &once, &opened, opened.clone()))
    });
    let held = kept.clone();
    desk.tickets.expect_commit_once().returning(move |change, once| {
        let written = change.comment().unwrap().clone();
        let comment = written.into_comment(CommentId::new(9).unwrap(), "Ada".to_owned());
        let committed = Committed { ticket: change.ticket().clone(), comment: Some(comment.clone()) };
        Ok(keep(&held, &once, &comment, Commit::Done(Box::new(committed))))
    });
    let held = kept.clone();
    desk.users.expect_create_once().returning(move |creation, once| {
        let (user, _) = creation.into_user(user_id(7));
        Ok(keep(&held, &once, &user, UserCreation::Created(user.clone())))
    });
    let held = kept.clone();
    desk.teams.expect_create_once().returning(move |creation, once| {
        let (team, _) = creation.into_team(TeamId::new(7).unwrap());
        Ok(keep(&held, &once, &team, TeamMade::Created(team.clone())))
    });
    desk.passwords.expect_hash().returning(|_| Ok(super::samples::password_hash()));
    desk.passwords.expect_bind().returning(|rest, password| {
        let mut bound = rest.0;
        for (byte, said) in bound.iter_mut().zip(password.expose().bytes()) {
            *byte ^= said;
        }
        Ok(Fingerprint(bound))
    });
    (desk.api().await, kept)
}

async fn post(api: &Api, role: Role, path: &str, body: &str, keys: &[&str]) -> Answer {
    let mut request = json(signed_in(role, TestRequest::post().uri(path)), body);
    for key in keys {
        request = request.append_header(("idempotency-key", *key));
    }
    api.send(request).await
}

#[actix_web::test]
async fn the_same_request_is_answered_the_same_and_says_so() {
    let (api, kept) = keeping().await;
    for (role, path, body) in CREATING {
        let first = post(&api, role, path, body, &[path]).await;
        assert_eq!(first.status, 201, "{path}: {first:?}");
        assert_eq!(first.header("idempotency-replayed"), None);
        let again = post(&api, role, path, body, &[path]).await;
        assert_eq!(again.status, 201, "{path}");
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        for header in ["location", "etag", "content-type", "cache-control"] {
            assert_eq!(again.header(header), first.header(header), "{path}: {header}");
        }
        if path != "/admin/users" {
            assert_eq!(again.body, first.body, "{path}");
        }
        // However it is written.
        let spaced = body.replace(':', " : ").replace(',', "\n, ");
        assert_eq!(post(&api, role, path, &spaced, &[path]).await.body, again.body, "{path}");
    }
    assert_eq!(kept.lock().unwrap().len(), CREATING.len());
}

#[actix_web::test]
async fn another_request_under_the_key_is_refused() {
    for (role, path, body) in CREATING {
        let (api, _) = keeping().await;
        assert_eq!(post(&api, role, path, body, &["k"]).await.status, 201);
        let mut others = vec![(path, body.replacen("\":\"", "\":\"x", 1))];
        let elsewhere = CREATING.iter().filter(|(group, other, _)| *group == role && *other != path);
        others.extend(elsewhere.map(|(_, path, body)| (*path, (*body).to_owned())));
        for (path, body) in others {
            let answer = post(&api, role, path, &body, &["k"]).await;
            assert_eq!((answer.status, answer.code().as_str()), (422, "idempotency_key_reused"), "{path}");
            assert_eq!(answer.header("idempotency-replayed"), None);
        }
        assert_eq!(post(&api, role, path, body, &["K"]).await.status, 201, "another key");
    }
}

#[actix_web::test]
async fn of_a_secret_nothing_is_kept() {
    let (api, kept) = keeping().await;
    let body = r#"{"email":"new@example.com","name":"New","role":"agent"}"#;
    let first = post(&api, Role::Admin, "/admin/users", body, &["invited"]).await;
    assert_eq!(first.json()["invitation"]["token"], NEW_TOKEN);
    let again = post(&api, Role::Admin, "/admin/users", body, &["invited"]).await;
    let mut expected = first.json();
    expected.as_object_mut().unwrap().remove("invitation");
    assert_eq!(again.json(), expected);
    for kept in kept.lock().unwrap().values() {
        assert!(!String::from_utf8_lossy(&kept.answer.0).contains(NEW_TOKEN));
    }

    let with = |password: &str| {
        format!(r#"{{"email":"b@example.com","name":"B","role":"agent","password":"{password}"}}"#)
    };
    let path = "/admin/users";
    let first = post(&api, Role::Admin, path, &with("correct horse battery"), &["k"]).await;
    assert_eq!(first.status, 201, "{first:?}");
    let again = post(&api, Role::Admin, path, &with("correct horse battery"), &["k"]).await;
    assert_eq!((again.status, &again.body), (201, &first.body));
    for other in [with("another horse battery"), with("x").replace(r#","password":"x""#, "")] {
        let answer = post(&api, Role::Admin, path, &other, &["k"]).await;
        assert_eq!((answer.status, answer.code().as_str()), (422, "idempotency_key_reused"), "{other}");
    }
}

#[actix_web::test]
async fn what_is_no_key_is_told_before_anything_is_done() {
    let api = Desk::new().api().await;
    let longer = "x".repeat(65);
    for (role, path, body) in CREATING {
        for keys in [&[""][..], &["a b"], &["a\tb"], &["\u{e4}"], &[&longer], &["a", "a"], &["a", "b"]] {
            let answer = post(&api, role, path, body, keys).await;
            assert_eq!((answer.status, answer.code().as_str()), (400, "bad_request"), "{path} {keys:?}");
            assert_eq!(answer.faults_in_short(), "idempotency-key:invalid_value");
        }
    }
    let (api, _) = keeping().await;
    for good in ["!", "\"quoted\"", &"~".repeat(64)] {
        let (role, path, body) = CREATING[5];
        assert_eq!(post(&api, role, path, body, &[good]).await.status, 201, "{good}");
    }
}

/// Who may not call is told that, and nothing of the key; and so is who does not see the ticket.
#[actix_web::test]
async fn access_comes_before_the_key() {
    let (api, _) = keeping().await;
    for (role, path, body) in CREATING {
        assert_eq!(post(&api, role, path, body, &[path]).await.status, 201);
        for &other in Role::ALL.iter().filter(|other| **other != role) {
            let answer = post(&api, other, path, body, &[path]).await;
            assert_eq!((answer.status, answer.code().as_str()), (403, "forbidden"), "{other} {path}");
        }
        let anonymous = json(TestRequest::post().uri(path), body).insert_header(("idempotency-key", path));
        assert_eq!(api.send(anonymous).await.status, 401, "{path}");
    }
    for role in Role::ALL {
        let path = format!("/{role}/tickets/6/comments");
        assert_eq!(post(&api, *role, &path, r#"{"body":"b"}"#, &["k"]).await.code(), "not_found", "{path}");
    }
}

/// What is kept under it may have been done upon an older version.
#[actix_web::test]
async fn the_key_comes_before_the_version() {
    let (api, _) = keeping().await;
    let path = "/agent/tickets/5/comments";
    let send = async |key: &str, version: i64| {
        let request = json(signed_in(Role::Agent, TestRequest::post().uri(path)), r#"{"body":"b"}"#);
        let tag = format!("\"{version}-AAAAAAAAAAAAAAAAAAAAAA\"");
        api.send(request.insert_header(("if-match", tag)).insert_header(("idempotency-key", key))).await
    };
    assert_eq!(send("k", 8).await.code(), "version_mismatch");
    let first = send("k", 9).await;
    assert_eq!((first.status, first.header("idempotency-replayed")), (201, None), "a refusal is not kept");
    // By now the version would be another one.
    let again = send("k", 8).await;
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!(send("other", 8).await.code(), "version_mismatch");
}

/// Two callers may have thought of the same key.
#[actix_web::test]
async fn a_key_is_its_callers_own() {
    let (api, kept) = keeping().await;
    for role in Role::ALL {
        let path = format!("/{role}/tickets/5/comments");
        let answer = post(&api, *role, &path, r#"{"body":"b"}"#, &["k"]).await;
        assert_eq!((answer.status, answer.header("idempotency-replayed")), (201, None), "{path}");
    }
    assert_eq!(kept.lock().unwrap().len(), 3);
}

#[test]
fn whatever_creates_for_an_account_documents_the_key_and_nothing_else_does() {
    let document = openapi().unwrap();
    let documented = Contract::of_the_api().documented();
    let mut creating = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let creates = operation["responses"]["201"].is_object() && operation["security"].is_array();
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let key = parameters.iter().find(|parameter| parameter["name"] == "Idempotency-Key");
            assert_eq!(key.is_some(), creates, "{method} {path}");
            let name = format!("{} {path}", method.to_uppercase());
            let is_told = documented.iter().any(|answer| {
                answer.operation == name && answer.code.as_deref() == Some("idempotency_key_reused")
            });
            assert_eq!(is_told, creates, "{name}");
            let replayed = &operation["responses"]["201"]["headers"]["Idempotency-Replayed"];
            assert_eq!(replayed.is_object(), creates, "{method} {path}");
            if let Some(key) = key {
                assert_eq!((&key["in"], &key["required"]), (&Value::from("header"), &Value::from(false)));
                assert_eq!(key["schema"]["maxLength"], 64);
                creating += 1;
            }
        }
    }
    assert_eq!(creating, CREATING.len());
}

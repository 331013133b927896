//! `POST /logout` and `/me/sessions…`

use actix_web::test::TestRequest;
use helpdesk_domain::{Role, SessionId};
use helpdesk_ports::{Page, SessionPosition};
use serde_json::json;

use super::samples::{session, user, user_id};
use super::support::{Desk, signed_in};

#[actix_web::test]
async fn signing_out_ends_the_session_of_the_token() {
    for (role, id) in [(Role::Customer, 10), (Role::Agent, 20), (Role::Admin, 30)] {
        let mut desk = Desk::new();
        desk.sessions.expect_end().times(1).returning(move |user, session, _| {
            assert_eq!((user, session), (user_id(id), SessionId::from_bits(1)));
            Ok(true)
        });
        let answer = desk.api().await.send(signed_in(role, TestRequest::post().uri("/logout"))).await;
        assert_eq!((answer.status, answer.body.len()), (204, 0));
        assert_eq!(answer.header("content-type"), None);
    }
}

#[actix_web::test]
async fn signing_out_twice_at_once_is_no_error_and_a_body_is_not_looked_at() {
    let mut desk = Desk::new();
    desk.sessions.expect_end().times(3).returning(|_, _, _| Ok(false));
    let api = desk.api().await;
    for body in ["", "{}", "no json"] {
        let request = TestRequest::post().uri("/logout").set_payload(body);
        assert_eq!(api.send(signed_in(Role::Agent, request)).await.status, 204, "{body}");
    }
}

#[actix_web::test]
async fn sessions_are_listed_and_the_current_one_is_marked() {
    let account = user(20, Role::Agent);
    let mut unknown = session(9, &account);
    unknown.client = None;
    let (first, second) = (session(1, &account), unknown);
    let at = SessionPosition::of(&first);
    let mut desk = Desk::new();
    desk.sessions.expect_list().returning(move |user, _, page| {
        assert_eq!(user, user_id(20));
        Ok(match page.after {
            None => Page { items: vec![first.clone()], next: Some(at) },
            Some(after) => {
                assert_eq!(after, at);
                Page { items: vec![second.clone()], next: None }
            }
        })
    });
    let api = desk.api().await;
    let answer = api.get(Role::Agent, "/me/sessions?limit=1").await;
    let item = |id: &str, address: Option<&str>, user_agent: Option<&str>, is_current: bool| {
        json!({
            "id": id, "created_at": "2023-11-14T22:13:20.000000Z", "last_used_at": "2023-11-14T22:13:20.000000Z",
            "expires_at": "2023-12-14T22:13:20.000000Z", "idle_expires_at": "2023-11-21T22:13:20.000000Z",
            "address": address, "user_agent": user_agent, "is_current": is_current,
        })
    };
    let current = item("00000000000000000000000000000001", Some("192.0.2.7"), Some("curl/8.5.0"), true);
    assert_eq!((answer.status, &answer.json()["data"]), (200, &json!([current])));
    let link = answer.header("link").unwrap().to_owned();
    let next = link.strip_prefix('<').unwrap().split_once('>').unwrap().0.to_owned();
    assert!(next.starts_with("/me/sessions?limit=1&cursor="), "{next}");
    let other = item("00000000000000000000000000000009", None, None, false);
    let expected = json!({ "data": [other], "next_cursor": null });
    assert_eq!(api.get(Role::Agent, &next).await.json(), expected);
    // It is the agent's cursor.
    for role in [Role::Customer, Role::Admin] {
        assert_eq!(api.get(role, &next).await.code(), "invalid_cursor");
    }
    assert_eq!(api.get(Role::Agent, "/me/sessions?user_id=10").await.code(), "invalid_query");
}

#[actix_web::test]
async fn a_session_is_ended_by_its_account_alone() {
    let mine = "0000000000000000000000000000000a";
    let mut desk = Desk::new();
    desk.sessions
        .expect_end()
        .returning(|user, session, _| Ok(user == user_id(20) && session == SessionId::from_bits(10)));
    let api = desk.api().await;
    let ended = api.delete(Role::Agent, &format!("/me/sessions/{mine}")).await;
    assert_eq!((ended.status, ended.body.len()), (204, 0));
    // Somebody else's, one that there is not, and what is no id are the same to the byte.
    let others = api.delete(Role::Admin, &format!("/me/sessions/{mine}")).await;
    assert_eq!((others.status, others.code().as_str()), (404, "not_found"));
    let others = others.without_request_id();
    let upper = mine.to_uppercase();
    let short = &mine[1..];
    for id in ["0000000000000000000000000000000b", "5", "x", "%00", upper.as_str(), short, "../1"] {
        let answer = api.delete(Role::Agent, &format!("/me/sessions/{id}")).await;
        assert_eq!(answer.without_request_id(), others, "{id}");
    }
}

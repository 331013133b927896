//! Comments, of customers and of staff.

use helpdesk_domain::{CommentId, Role, Status, Visibility};
use helpdesk_ports::{CommentPosition, Commit, Committed, Page};
use serde_json::json;

use super::samples::{comment, with_comments};
use super::support::{Api, Desk};

/// A desk that takes a comment on the ticket.
async fn taking(status: Status, visibility: Visibility) -> Api {
    let mut desk = Desk::new();
    desk.tickets.expect_find().returning(move |_, _, _| Ok(Some(with_comments(status))));
    desk.tickets.expect_commit().returning(move |change| {
        let written = change.comment().unwrap().clone();
        assert_eq!(written.visibility(), visibility);
        let comment = written.into_comment(CommentId::new(9).unwrap(), "Ada".to_owned());
        Ok(Commit::Done(Box::new(Committed { ticket: change.ticket().clone(), comment: Some(comment) })))
    });
    desk.api().await
}

/// One that nothing may be written to.
async fn reading(status: Status) -> Api {
    let mut desk = Desk::new();
    desk.tickets.expect_find().returning(move |_, _, _| Ok(Some(with_comments(status))));
    desk.api().await
}

#[actix_web::test]
async fn a_customers_comment_is_public_and_says_nothing_of_it() {
    let api = taking(Status::Pending, Visibility::Public).await;
    for body in [r#"{"body":" Still burning. "}"#, r#"{"body":"Still burning.","is_internal":false}"#] {
        let answer = api.post(Role::Customer, "/customer/tickets/5/comments", body).await;
        assert_eq!(answer.status, 201);
        assert_eq!(answer.header("location"), Some("/customer/tickets/5/comments"));
        let expected = json!({
            "id": 9, "author": { "id": 10, "name": "Ada", "role": "customer" }, "body": "Still burning.",
            "created_at": "2023-11-14T22:13:20.000001Z",
        });
        assert_eq!(answer.json(), expected);
    }
}

#[actix_web::test]
async fn a_customer_cannot_write_internally() {
    let api = reading(Status::Open).await;
    let answer =
        api.post(Role::Customer, "/customer/tickets/5/comments", r#"{"body":"b","is_internal":true}"#).await;
    assert_eq!((answer.status, answer.code().as_str()), (422, "validation_failed"));
    assert_eq!(answer.faults(), [("is_internal".to_owned(), "not_permitted".to_owned())]);
    for (value, code) in [("null", "invalid_type"), ("\"false\"", "invalid_type"), ("0", "invalid_type")] {
        let body = format!("{{\"body\":\"b\",\"is_internal\":{value}}}");
        let answer = api.post(Role::Customer, "/customer/tickets/5/comments", &body).await;
        assert_eq!(answer.status, 400, "{value}");
        assert_eq!(answer.faults(), [("is_internal".to_owned(), code.to_owned())]);
    }
}

#[actix_web::test]
async fn staff_choose_who_may_read() {
    for (role, group) in [(Role::Agent, "agent"), (Role::Admin, "admin")] {
        let path = format!("/{group}/tickets/5/comments");
        let api = taking(Status::Open, Visibility::Internal).await;
        let answer = api.post(role, &path, r#"{"body":"Hm.","is_internal":true}"#).await;
        assert_eq!((answer.status, answer.json()["is_internal"].as_bool()), (201, Some(true)));
        assert_eq!(answer.header("location"), Some(path.as_str()));
        let api = taking(Status::Open, Visibility::Public).await;
        let answer = api.post(role, &path, r#"{"body":"Hm."}"#).await;
        assert_eq!((answer.status, answer.json()["is_internal"].as_bool()), (201, Some(false)));
    }
}

#[actix_web::test]
async fn nobody_comments_on_a_closed_ticket() {
    let api = reading(Status::Closed).await;
    for role in Role::ALL {
        let answer = api.post(*role, &format!("/{role}/tickets/5/comments"), r#"{"body":"b"}"#).await;
        assert_eq!((answer.status, answer.code().as_str()), (409, "ticket_closed"), "{role}");
    }
}

#[actix_web::test]
async fn the_cursor_of_a_ticket_leads_on_in_its_list_of_comments() {
    let mut desk = Desk::new();
    let first = comment(7, Visibility::Public);
    let position = CommentPosition::of(&first);
    desk.tickets.expect_find().returning(|_, _, _| Ok(Some(with_comments(Status::Open))));
    desk.tickets
        .expect_comments()
        .withf(move |_, _, page| page.after == Some(position) && page.limit.get() == 1)
        .returning(|_, _, _| {
            let next = comment(9, Visibility::Public);
            Ok(Some(Page { next: Some(CommentPosition::of(&next)), items: vec![next] }))
        });
    let api = desk.api().await;
    for role in Role::ALL {
        let detail = api.get(*role, &format!("/{role}/tickets/5")).await.json();
        let cursor = detail["comments"]["next_cursor"].as_str().unwrap().to_owned();
        let list = api.get(*role, &format!("/{role}/tickets/5/comments?limit=1&cursor={cursor}")).await;
        assert_eq!(list.status, 200, "{role}");
        let json = list.json();
        assert_eq!(json["data"][0]["id"], 9);
        assert_eq!(json["data"][0].get("is_internal").is_some(), *role != Role::Customer);
        let next = json["next_cursor"].as_str().unwrap();
        let link = format!("</{role}/tickets/5/comments?limit=1&cursor={next}>; rel=\"next\"");
        assert_eq!(list.header("link"), Some(link.as_str()));

        let elsewhere = api.get(*role, &format!("/{role}/tickets/55/comments?limit=1&cursor={cursor}")).await;
        assert_eq!((elsewhere.status, elsewhere.code().as_str()), (400, "invalid_cursor"), "{role}");
    }
}

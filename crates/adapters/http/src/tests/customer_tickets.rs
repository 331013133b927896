//! `/customer/tickets…`

use helpdesk_domain::{Person, Priority, Role, Status, TeamId, TeamRef, Visibility};
use helpdesk_ports::{Commit, Committed, Page, TicketWithComments};
use serde_json::json;

use super::samples::{comment, ticket, ticket_id, user_id, with_comments};
use super::support::Desk;

const PATH: &str = "/customer/tickets/5";

#[actix_web::test]
async fn a_ticket_is_opened_for_the_caller() {
    let mut desk = Desk::new();
    desk.tickets.expect_open().times(1).withf(|opening| opening.requester() == user_id(10)).returning(
        |opening| {
            let requester = Person::new(user_id(10), "Ada", "ada@example.com");
            Ok(opening.into_ticket(ticket_id(6), requester, TeamRef::new(TeamId::new(1).unwrap(), "Support")))
        },
    );
    let body = r#"{"subject":"  Printer ","description":"On fire","priority":"HIGH"}"#;
    let answer = desk.api().await.post(Role::Customer, "/customer/tickets", body).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.header("location"), Some("/customer/tickets/6"));
    let time = "2023-11-14T22:13:20.000000Z";
    let expected = json!({
        "id": 6, "subject": "Printer", "description": "On fire", "status": "open", "priority": "high",
        "requester": { "id": 10, "name": "Ada", "email": "ada@example.com" }, "assignee": null, "version": 1, "follow_up_of": null,
        "created_at": time, "updated_at": time, "first_responded_at": null, "resolved_at": null, "closed_at": null,
        "reopen_count": 0, "comments": { "data": [], "next_cursor": null },
    });
    assert_eq!(answer.json(), expected);
}

#[actix_web::test]
async fn every_faulty_field_is_named_and_nothing_is_written() {
    let api = Desk::new().api().await;
    let long = "x".repeat(20_001);
    for (body, faults) in [
        (
            json!({ "subject": " ", "description": long, "priority": "huge" }),
            "description:too_long priority:unknown_value subject:required",
        ),
        (
            json!({ "subject": "a\0b", "description": "a\0", "priority": "low\0" }),
            "description:invalid_character priority:unknown_value subject:invalid_character",
        ),
        (json!({ "subject": "a\nb", "description": "fine" }), "subject:invalid_character"),
    ] {
        let answer = api.post(Role::Customer, "/customer/tickets", &body.to_string()).await;
        assert_eq!((answer.status, answer.code().as_str()), (422, "validation_failed"));
        let named: Vec<String> =
            answer.faults().iter().map(|(field, code)| format!("{field}:{code}")).collect();
        assert_eq!(named.join(" "), faults);
    }
}

#[actix_web::test]
async fn fields_that_are_not_the_callers_to_set_are_400() {
    let api = Desk::new().api().await;
    for field in ["requester_id", "id", "status", "assignee_id", "tags", "version", "team_id", "created_at"] {
        let body = json!({ "subject": "s", "description": "d", field: 1 }).to_string();
        let answer = api.post(Role::Customer, "/customer/tickets", &body).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "invalid_body"), "{field}");
        assert_eq!(answer.faults(), [(field.to_owned(), "unknown_field".to_owned())]);
    }
    let answer = api
        .post(Role::Customer, "/customer/tickets", r#"{"subject":"s","description":"d","priority":null}"#)
        .await;
    assert_eq!(answer.faults(), [("priority".to_owned(), "invalid_type".to_owned())]);
}

#[actix_web::test]
async fn the_customers_view_holds_public_values_alone() {
    let mut desk = Desk::new();
    desk.tickets.expect_find().returning(|_, _, _| {
        // A store that let an internal comment through would be stopped by the view.
        let items = vec![comment(7, Visibility::Public), comment(8, Visibility::Internal)];
        Ok(Some(TicketWithComments { ticket: ticket(Status::Open), comments: Page { items, next: None } }))
    });
    let answer = desk.api().await.get(Role::Customer, PATH).await;
    let expected = json!({
        "id": 5, "subject": "Printer on fire", "description": "It really is.", "status": "open", "priority": "high",
        "requester": { "id": 10, "name": "Ada", "email": "ada@example.com" }, "assignee": { "name": "Grace" },
        "follow_up_of": null, "version": 2, "created_at": "2023-11-14T22:13:20.000000Z", "updated_at": "2023-11-14T22:13:20.000001Z",
        "first_responded_at": "2023-11-14T22:13:20.000001Z", "resolved_at": null, "closed_at": null, "reopen_count": 0,
        "comments": {
            "data": [{
                "id": 7, "author": { "id": 20, "name": "Grace", "role": "agent" }, "body": "Off and on?",
                "created_at": "2023-11-14T22:13:20.000007Z",
            }],
            "next_cursor": null,
        },
    });
    assert_eq!((answer.status, answer.json()), (200, expected));
}

#[actix_web::test]
async fn what_is_not_there_and_what_is_no_id_are_one_answer_byte_for_byte() {
    let mut desk = Desk::new();
    desk.tickets.expect_find().returning(|_, _, _| Ok(None));
    desk.tickets.expect_comments().returning(|_, _, _| Ok(None));
    let api = desk.api().await;
    let absent = api.get(Role::Customer, PATH).await;
    assert_eq!((absent.status, absent.code().as_str()), (404, "not_found"));
    let absent = absent.without_request_id();
    for id in [
        "0",
        "-1",
        "+1",
        "01",
        "1e3",
        "1.0",
        "%D9%A3",
        "9007199254740992",
        "18446744073709551616",
        "x",
        "5%00",
        "5%20",
        "%ff",
        "%zz",
        "5%2F",
        "..%2f5",
    ] {
        let answer = api.get(Role::Customer, &format!("/customer/tickets/{id}")).await;
        assert_eq!(answer.without_request_id(), absent, "{id}");
        let answer = api.get(Role::Customer, &format!("/customer/tickets/{id}/comments")).await;
        assert_eq!(answer.without_request_id(), absent, "{id}");
        let answer =
            api.put(Role::Customer, &format!("/customer/tickets/{id}"), r#"{"status":"closed"}"#).await;
        assert_eq!(answer.without_request_id(), absent, "{id}");
    }
    assert_eq!(api.get(Role::Customer, "/nowhere").await.without_request_id(), absent);
    let comment = api.post(Role::Customer, "/customer/tickets/5/comments", r#"{"body":"b"}"#).await;
    assert_eq!(comment.without_request_id(), absent);
}

#[actix_web::test]
async fn a_customer_may_close_and_nothing_else() {
    let mut desk = Desk::new();
    desk.tickets.expect_find().returning(|_, _, _| Ok(Some(with_comments(Status::Open))));
    desk.tickets.expect_commit().times(1).returning(|change| {
        Ok(Commit::Done(Box::new(Committed { ticket: change.ticket().clone(), comment: None })))
    });
    let api = desk.api().await;
    let answer = api.put(Role::Customer, PATH, r#"{"status":"Closed"}"#).await;
    assert_eq!((answer.status, answer.json()["status"].as_str()), (200, Some("closed")));
    assert_eq!(answer.json()["version"], 3);
    assert!(answer.json()["comments"]["next_cursor"].is_string());

    for status in ["open", "resolved", "in progress"] {
        let answer = api.put(Role::Customer, PATH, &json!({ "status": status }).to_string()).await;
        assert_eq!((answer.status, answer.code().as_str()), (403, "not_permitted"), "{status}");
    }
    for (body, status, code) in [
        ("{}", 422, "validation_failed"),
        (r#"{"status":"shut"}"#, 422, "validation_failed"),
        (r#"{"status":null}"#, 400, "invalid_body"),
        (r#"{"status":"closed","priority":"low"}"#, 400, "invalid_body"),
        (r#"{"status":"closed","status":"closed"}"#, 400, "invalid_body"),
        (r#"["closed"]"#, 400, "malformed_json"),
    ] {
        let answer = api.put(Role::Customer, PATH, body).await;
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{body}");
    }
}

#[actix_web::test]
async fn a_priority_left_out_is_the_usual_one() {
    let mut desk = Desk::new();
    desk.tickets.expect_open().returning(|opening| {
        let requester = Person::new(user_id(10), "Ada", "ada@example.com");
        let opened =
            opening.into_ticket(ticket_id(6), requester, TeamRef::new(TeamId::new(1).unwrap(), "Support"));
        assert_eq!(opened.record().priority, Priority::Normal);
        Ok(opened)
    });
    let api = desk.api().await;
    let answer = api.post(Role::Customer, "/customer/tickets", r#"{"subject":"s","description":"d"}"#).await;
    assert_eq!(answer.status, 201);
}

#[actix_web::test]
async fn a_closed_ticket_is_followed_up_by_another() {
    let mut desk = Desk::new();
    desk.tickets.expect_find().returning(|_, id, _| {
        Ok(match id.get() {
            5 => Some(with_comments(Status::Closed)),
            6 => Some(with_comments(Status::Resolved)),
            _ => None,
        })
    });
    desk.tickets.expect_open().times(1).returning(|opening| {
        let requester = Person::new(user_id(10), "Ada", "ada@example.com");
        Ok(opening.into_ticket(ticket_id(9), requester, TeamRef::new(TeamId::new(1).unwrap(), "Support")))
    });
    let api = desk.api().await;
    let body = |id: &str| format!(r#"{{"subject":"s","description":"d","follow_up_of":{id}}}"#);
    let answer = api.post(Role::Customer, "/customer/tickets", &body("5")).await;
    assert_eq!((answer.status, answer.json()["follow_up_of"].as_i64()), (201, Some(5)));
    assert!(answer.header("etag").unwrap().starts_with("\"1-"));
    assert_eq!(answer.header("location"), Some("/customer/tickets/9"));

    // What is not closed, what is not there, and no id at all are the same.
    let mut refused = Vec::new();
    for id in ["6", "7", "0", "-1", "9007199254740992", "9223372036854775807"] {
        let answer = api.post(Role::Customer, "/customer/tickets", &body(id)).await;
        assert_eq!(
            (answer.status, answer.faults_in_short().as_str()),
            (422, "follow_up_of:not_followable"),
            "{id}"
        );
        refused.push(answer.without_request_id());
    }
    assert!(refused.windows(2).all(|pair| pair[0] == pair[1]));
    for id in ["null", "\"5\"", "5.0", "[5]", "9223372036854775808"] {
        let answer = api.post(Role::Customer, "/customer/tickets", &body(id)).await;
        assert_eq!(
            (answer.status, answer.faults_in_short().as_str()),
            (400, "follow_up_of:invalid_type"),
            "{id}"
        );
    }
}

//! `/agent/tickets…` and `/admin/tickets…`

use helpdesk_domain::{AgentRef, Role, Status};
use helpdesk_ports::{Cause, Commit, Committed, Page, StoreError, TicketWithComments};
use serde_json::json;

use super::samples::{team, ticket, unassigned, user_id, with_comments};
use super::support::{Api, Desk};

async fn changing(status: Status) -> Api {
    let mut desk = Desk::new();
    desk.tickets.expect_find().returning(move |_, _, _| Ok(Some(with_comments(status))));
    desk.tickets.expect_commit().returning(|change| {
        Ok(Commit::Done(Box::new(Committed { ticket: change.ticket().clone(), comment: None })))
    });
    desk.users
        .expect_active_agent()
        .returning(|_, id| Ok((id == user_id(21)).then(|| AgentRef::new(id, "Barbara"))));
    desk.teams.expect_find().returning(|_, id| Ok((id.get() == 2).then(|| team(2, "Billing"))));
    desk.api().await
}

#[actix_web::test]
async fn staff_see_the_whole_ticket() {
    for role in [Role::Agent, Role::Admin] {
        let answer = changing(Status::Open).await.get(role, &format!("/{role}/tickets/5")).await;
        let mut json = answer.json();
        let comments = json["comments"].take();
        assert_eq!(comments["data"][0]["is_internal"], false);
        let expected = json!({
            "id": 5, "subject": "Printer on fire", "description": "It really is.", "status": "open", "priority": "high",
            "tags": ["internal-word"], "requester": { "id": 10, "name": "Ada", "email": "ada@example.com" },
            "assignee": { "id": 20, "name": "Grace" }, "team": { "id": 1, "name": "Support" }, "version": 9, "follow_up_of": null,
            "created_at": "2023-11-14T22:13:20.000000Z", "updated_at": "2023-11-14T22:13:20.777777Z",
            "first_responded_at": "2023-11-14T22:13:20.000001Z", "resolved_at": null, "closed_at": null,
            "reopen_count": 0, "comments": null,
        });
        assert_eq!((answer.status, json), (200, expected));
    }
}

#[actix_web::test]
async fn absent_values_are_null_and_never_left_out() {
    let mut desk = Desk::new();
    desk.tickets.expect_find().returning(|_, _, _| {
        let ticket = unassigned(ticket(Status::Open).record().clone());
        Ok(Some(TicketWithComments { ticket, comments: Page { items: Vec::new(), next: None } }))
    });
    let json = desk.api().await.get(Role::Admin, "/admin/tickets/5").await.json();
    for field in ["assignee", "resolved_at", "closed_at"] {
        assert_eq!(json.get(field), Some(&serde_json::Value::Null), "{field}");
    }
    assert_eq!(json["comments"], json!({ "data": [], "next_cursor": null }));
}

#[actix_web::test]
async fn staff_change_status_priority_and_tags() {
    for role in [Role::Agent, Role::Admin] {
        let body = r#"{"status":"In Progress","priority":"urgent","tags":[" VIP ","vip","needs reply"]}"#;
        let answer = changing(Status::Open).await.put(role, &format!("/{role}/tickets/5"), body).await;
        let json = answer.json();
        assert_eq!(answer.status, 200, "{json}");
        assert_eq!(
            (json["status"].as_str(), json["priority"].as_str()),
            (Some("in_progress"), Some("urgent"))
        );
        assert_eq!((&json["tags"], json["version"].as_i64()), (&json!(["needs-reply", "vip"]), Some(10)));
    }
}

#[actix_web::test]
async fn a_change_of_another_form_is_refused() {
    let api = changing(Status::Open).await;
    for role in [Role::Agent, Role::Admin] {
        for (body, status, fault) in [
            ("{}", 422, ""),
            (r#"{"status":null}"#, 400, "status:invalid_type"),
            (r#"{"priority":null}"#, 400, "priority:invalid_type"),
            (r#"{"tags":null}"#, 400, "tags:invalid_type"),
            (r#"{"tags":["ok",7]}"#, 400, "tags[1]:invalid_type"),
            (r#"{"tags":["a,b"]}"#, 422, "tags:invalid_character"),
            (r#"{"tags":["a\u0000b"]}"#, 422, "tags:invalid_character"),
            (r#"{"status":"done","priority":"x"}"#, 422, "priority:unknown_value status:unknown_value"),
            (r#"{"subject":"mine now"}"#, 400, "subject:unknown_field"),
            (r#"{"requester_id":20}"#, 400, "requester_id:unknown_field"),
        ] {
            let answer = api.put(role, &format!("/{role}/tickets/5"), body).await;
            let named: Vec<String> =
                answer.faults().iter().map(|(field, code)| format!("{field}:{code}")).collect();
            assert_eq!((answer.status, named.join(" ").as_str()), (status, fault), "{role}: {body}");
        }
    }
    let answer = api.put(Role::Agent, "/agent/tickets/5", r#"{"assignee_id":21}"#).await;
    assert_eq!(answer.faults(), [("assignee_id".to_owned(), "unknown_field".to_owned())]);
}

#[actix_web::test]
async fn a_closed_ticket_is_final_but_for_an_admin_who_reopens_it() {
    let api = changing(Status::Closed).await;
    let answer = api.put(Role::Agent, "/agent/tickets/5", r#"{"status":"open"}"#).await;
    assert_eq!((answer.status, answer.code().as_str()), (409, "ticket_closed"));
    let answer = api.put(Role::Admin, "/admin/tickets/5", r#"{"status":"pending"}"#).await;
    assert_eq!((answer.status, answer.code().as_str()), (409, "invalid_transition"));
    assert_eq!(answer.json()["detail"], "a ticket cannot go from closed to pending");
    let answer = api.put(Role::Admin, "/admin/tickets/5", r#"{"status":"open"}"#).await;
    assert_eq!((answer.status, answer.json()["reopen_count"].as_i64()), (200, Some(1)));
}

#[actix_web::test]
async fn an_admin_assigns_to_an_active_agent_or_to_nobody() {
    let api = changing(Status::Open).await;
    let answer = api.put(Role::Admin, "/admin/tickets/5", r#"{"assignee_id":21}"#).await;
    assert_eq!((answer.status, &answer.json()["assignee"]), (200, &json!({ "id": 21, "name": "Barbara" })));
    let answer = api.put(Role::Admin, "/admin/tickets/5", r#"{"assignee_id":null}"#).await;
    assert_eq!((answer.status, answer.json()["assignee"].is_null()), (200, true));
    // Nobody's id and no id at all are the same.
    let mut refused = Vec::new();
    for id in ["22", "0", "-1", "2147483648", "9007199254740992", "9223372036854775807"] {
        let answer = api.put(Role::Admin, "/admin/tickets/5", &format!("{{\"assignee_id\":{id}}}")).await;
        assert_eq!((answer.status, answer.code().as_str()), (422, "validation_failed"), "{id}");
        assert_eq!(answer.faults(), [("assignee_id".to_owned(), "not_assignable".to_owned())], "{id}");
        refused.push(answer.without_request_id());
    }
    assert!(refused.windows(2).all(|pair| pair[0] == pair[1]));
    for id in ["9223372036854775808", "18446744073709551616", "1e3", "21.0", "\"21\"", "[21]", "true"] {
        let answer = api.put(Role::Admin, "/admin/tickets/5", &format!("{{\"assignee_id\":{id}}}")).await;
        assert_eq!(answer.status, 400, "{id}");
    }
}

#[actix_web::test]
async fn an_admin_gives_a_ticket_to_another_team() {
    let api = changing(Status::Open).await;
    let answer = api.put(Role::Admin, "/admin/tickets/5", r#"{"team_id":2}"#).await;
    assert_eq!((answer.status, &answer.json()["team"]), (200, &json!({ "id": 2, "name": "Billing" })));
    // Nobody's id and no id at all are the same.
    let mut refused = Vec::new();
    for id in ["3", "0", "-1", "9007199254740992", "9223372036854775807"] {
        let answer = api.put(Role::Admin, "/admin/tickets/5", &format!("{{\"team_id\":{id}}}")).await;
        assert_eq!((answer.status, answer.faults_in_short().as_str()), (422, "team_id:unknown_team"), "{id}");
        refused.push(answer.without_request_id());
    }
    assert!(refused.windows(2).all(|pair| pair[0] == pair[1]));
    for id in ["null", "9223372036854775808", "1e0", "2.0", "\"2\"", "[2]", "true"] {
        let answer = api.put(Role::Admin, "/admin/tickets/5", &format!("{{\"team_id\":{id}}}")).await;
        assert_eq!((answer.status, answer.faults_in_short().as_str()), (400, "team_id:invalid_type"), "{id}");
    }
    let answer = api.put(Role::Agent, "/agent/tickets/5", r#"{"team_id":2}"#).await;
    assert_eq!((answer.status, answer.faults_in_short().as_str()), (400, "team_id:unknown_field"));
}

#[actix_web::test]
async fn failures_of_the_store_have_their_status_and_tell_nothing() {
    let secret = || Cause::new("canary");
    let corrupt = StoreError::Corrupt { table: "tickets", column: "status", id: "5".to_owned() };
    for (error, status, code) in [
        (StoreError::Unavailable(secret()), 503, "store_unavailable"),
        (StoreError::Conflict(secret()), 503, "store_unavailable"),
        (StoreError::Fault(secret()), 500, "internal_error"),
        (corrupt, 500, "internal_error"),
    ] {
        let mut desk = Desk::new();
        desk.tickets.expect_find().returning(move |_, _, _| Err(error.clone()));
        let answer = desk.api().await.get(Role::Agent, "/agent/tickets/5").await;
        assert_eq!((answer.status, answer.code().as_str()), (status, code));
        assert_eq!(answer.header("retry-after").is_some(), status == 503);
        let body = String::from_utf8_lossy(&answer.body);
        assert!(!body.contains("canary") && !body.contains("tickets."), "{body}");
    }
}

//! `POST /agent/tickets/bulk` and `POST /admin/tickets/bulk`

use helpdesk_domain::{AgentRef, Outcome, Role, Status, Ticket};
use helpdesk_ports::{Cause, DecideEach, Decided, StoreError};
use serde_json::{Value, json};

use super::samples::{team, ticket, ticket_id, user_id};
use super::support::{Api, Desk};

fn numbered(number: i64, status: Status) -> Ticket {
    let mut record = ticket(status).record().clone();
    record.id = ticket_id(number);
    Ticket::from_stored(record)
}

fn decided(decide: &DecideEach) -> Decided {
    let held = [numbered(5, Status::Open), numbered(6, Status::Closed), numbered(8, Status::Pending)];
    let one = |ticket: &Ticket| match decide(ticket, &[]) {
        Err(refusal) => Err(refusal),
        Ok(Outcome::Unchanged) => Ok(ticket.clone()),
        Ok(Outcome::Changed(change)) => Ok(change.ticket().clone()),
    };
    held.iter().map(|ticket| (ticket.id(), one(ticket))).collect()
}

/// Where ticket 5 is open, 6 closed, 8 pending, and no other is there.
async fn api() -> Api {
    let mut desk = Desk::new();
    desk.tickets.expect_decide_many().returning(|_, asked, decide| {
        let mut decided = decided(&decide);
        decided.retain(|id, _| asked.contains(id));
        Ok(decided)
    });
    desk.users
        .expect_active_agent()
        .returning(|_, id| Ok((id == user_id(21)).then(|| AgentRef::new(id, "Barbara"))));
    desk.teams.expect_find().returning(|_, id| Ok((id.get() == 2).then(|| team(2, "Billing"))));
    desk.api().await
}

#[actix_web::test]
async fn each_ticket_has_its_own_result_in_the_order_of_the_ids() {
    let api = api().await;
    for role in [Role::Agent, Role::Admin] {
        let body = r#"{"ids":[8,7,6,5],"change":{"status":"Pending","tags":["VIP"]}}"#;
        let answer = api.post(role, &format!("/{role}/tickets/bulk"), body).await;
        let json = answer.json();
        assert_eq!(answer.status, 200, "{json}");
        let results = json["results"].as_array().unwrap();
        let told: Vec<(i64, i64)> = results
            .iter()
            .map(|result| (result["id"].as_i64().unwrap(), result["status"].as_i64().unwrap()))
            .collect();
        assert_eq!(told, [(8, 200), (7, 404), (6, 409), (5, 200)]);
        assert_eq!(results[3]["ticket"]["version"], 10);
        assert_eq!(
            (&results[3]["ticket"]["status"], &results[3]["ticket"]["tags"]),
            (&json!("pending"), &json!(["vip"]))
        );
        assert_eq!(results[0]["ticket"]["id"], 8);
        for result in results {
            let members: Vec<&str> = result.as_object().unwrap().keys().map(String::as_str).collect();
            let outcome = if result["status"] == 200 { "ticket" } else { "problem" };
            assert_eq!(members.len(), 3, "{members:?}");
            assert!(members.contains(&outcome), "{members:?}");
        }
    }
}

/// The very ticket and the very problem that changing it alone is answered with, but for the comments and the id of the request.
#[actix_web::test]
async fn a_result_is_what_changing_the_ticket_alone_is_answered_with() {
    for (status, change) in [
        (Status::Open, r#"{"status":"resolved","priority":"low"}"#),
        (Status::Open, r#"{"priority":"high"}"#),
        (Status::Closed, r#"{"priority":"low"}"#),
        (Status::Closed, r#"{"status":"pending"}"#),
        (Status::Closed, r#"{"status":"open"}"#),
    ] {
        for role in [Role::Agent, Role::Admin] {
            let mut desk = Desk::new();
            desk.tickets
                .expect_find()
                .returning(move |_, _, _| Ok(Some(super::samples::with_comments(status))));
            desk.tickets.expect_commit().returning(|change| {
                let ticket = change.ticket().clone();
                Ok(helpdesk_ports::Commit::Done(Box::new(helpdesk_ports::Committed {
                    ticket,
                    comment: None,
                })))
            });
            desk.tickets.expect_decide_many().returning(move |_, _, decide| {
                let ticket = ticket(status);
                let outcome = decide(&ticket, &[]).map(|outcome| match outcome {
                    Outcome::Unchanged => ticket.clone(),
                    Outcome::Changed(change) => change.ticket().clone(),
                });
                Ok(Decided::from([(ticket.id(), outcome)]))
            });
            let api = desk.api().await;
            let alone = api.put(role, &format!("/{role}/tickets/5"), change).await;
            let body = format!("{{\"ids\":[5],\"change\":{change}}}");
            let bulk = api.post(role, &format!("/{role}/tickets/bulk"), &body).await.json();
            let result = &bulk["results"][0];
            assert_eq!(result["status"], alone.status, "{role}: {change}");
            let mut expected = alone.json();
            for member in ["comments", "request_id"] {
                expected.as_object_mut().unwrap().remove(member);
            }
            let outcome = if alone.status == 200 { "ticket" } else { "problem" };
            assert_eq!(result[outcome], expected, "{role}: {change}");
        }
    }
}

#[actix_web::test]
async fn a_number_that_is_no_id_is_told_like_a_ticket_that_is_not_there() {
    let api = api().await;
    for role in [Role::Agent, Role::Admin] {
        let numbers: [i64; 6] = [7, 0, -1, 9_007_199_254_740_992, i64::MAX, i64::MIN];
        let body = json!({"ids": numbers, "change": {"priority": "low"}}).to_string();
        let answer = api.post(role, &format!("/{role}/tickets/bulk"), &body).await;
        assert_eq!(answer.status, 200);
        let problem = json!({
            "type": "about:blank", "title": "Not Found", "status": 404, "detail": "There is no such resource.",
            "code": "not_found",
        });
        let expected: Vec<Value> =
            numbers.iter().map(|id| json!({"id": id, "status": 404, "problem": problem})).collect();
        assert_eq!(answer.json(), json!({ "results": expected }), "{role}");
    }
}

#[actix_web::test]
async fn a_request_of_another_form_is_refused_whole() {
    let mut desk = Desk::new();
    desk.users.expect_active_agent().returning(|_, _| Ok(None));
    desk.teams.expect_find().returning(|_, _| Ok(None));
    // That the store is asked for nothing else, the mocks see to.
    let api = desk.api().await;
    let hundred_and_one = json!((1..=101).collect::<Vec<i64>>());
    let fine = json!({"priority": "low"});
    for role in [Role::Agent, Role::Admin] {
        for (body, status, fault) in [
            (json!({}), 400, "ids:required"),
            (json!({"ids": [5]}), 400, "change:required"),
            (json!({"change": fine}), 400, "ids:required"),
            (json!({"ids": null, "change": fine}), 400, "ids:invalid_type"),
            (json!({"ids": 5, "change": fine}), 400, "ids:invalid_type"),
            (json!({"ids": [5, "6"], "change": fine}), 400, "ids[1]:invalid_type"),
            (json!({"ids": [5, 6.0], "change": fine}), 400, "ids[1]:invalid_type"),
            (json!({"ids": [5, null], "change": fine}), 400, "ids[1]:invalid_type"),
            (json!({"ids": [9_223_372_036_854_775_808_u64], "change": fine}), 400, "ids[0]:invalid_type"),
            (json!({"ids": [], "change": fine}), 422, "ids:required"),
            (json!({"ids": hundred_and_one, "change": fine}), 422, "ids:too_many"),
            (json!({"ids": [5, 6, 5], "change": fine}), 422, "ids:duplicate"),
            (json!({"ids": [0, 0], "change": fine}), 422, "ids:duplicate"),
            (json!({"ids": [5], "change": null}), 400, "change:invalid_type"),
            (json!({"ids": [5], "change": []}), 400, "change:invalid_type"),
            (json!({"ids": [5], "change": ["closed", "low", ["vip"]]}), 400, "change:invalid_type"),
            (json!({"ids": [5], "change": "closed"}), 400, "change:invalid_type"),
            (json!({"ids": [5], "change": {}}), 422, ""),
            (json!({"ids": [5], "change": {"status": null}}), 400, "change.status:invalid_type"),
            (json!({"ids": [5], "change": {"subject": "x"}}), 400, "change.subject:unknown_field"),
            (json!({"ids": [5], "change": {"version": 9}}), 400, "change.version:unknown_field"),
            (json!({"ids": [5], "change": {"tags": ["a,b"]}}), 422, "change.tags:invalid_character"),
            (
                json!({"ids": [], "change": {"status": "done", "priority": "x"}}),
                422,
                "change.priority:unknown_value change.status:unknown_value ids:required",
            ),
            (json!({"ids": [5], "change": fine, "if_match": 9}), 400, "if_match:unknown_field"),
        ] {
            let answer = api.post(role, &format!("/{role}/tickets/bulk"), &body.to_string()).await;
            assert_eq!((answer.status, answer.faults_in_short().as_str()), (status, fault), "{role}: {body}");
        }
    }
    for id in [22, 0, -1] {
        for (field, code) in [("assignee_id", "not_assignable"), ("team_id", "unknown_team")] {
            let body = json!({"ids": [5], "change": {field: id}}).to_string();
            let answer = api.post(Role::Admin, "/admin/tickets/bulk", &body).await;
            let fault = format!("change.{field}:{code}");
            assert_eq!((answer.status, answer.faults_in_short()), (422, fault), "{id}");
            let answer = api.post(Role::Agent, "/agent/tickets/bulk", &body).await;
            let fault = format!("change.{field}:unknown_field");
            assert_eq!((answer.status, answer.faults_in_short()), (400, fault), "{id}");
        }
    }
}

#[actix_web::test]
async fn an_admin_assigns_and_moves_several() {
    let body = r#"{"ids":[5,6],"change":{"assignee_id":21,"team_id":2}}"#;
    let json = api().await.post(Role::Admin, "/admin/tickets/bulk", body).await.json();
    let assigned = &json["results"][0]["ticket"];
    assert_eq!(assigned["assignee"], json!({"id": 21, "name": "Barbara"}));
    assert_eq!(assigned["team"], json!({"id": 2, "name": "Billing"}));
    assert_eq!(json["results"][1]["problem"]["code"], "ticket_closed");
    let body = r#"{"ids":[5],"change":{"assignee_id":null}}"#;
    let json = api().await.post(Role::Admin, "/admin/tickets/bulk", body).await.json();
    assert!(json["results"][0]["ticket"]["assignee"].is_null());
}

/// An agent who is disabled while its tickets are assigned is a problem of each, told as for one.
#[actix_web::test]
async fn what_does_not_hold_any_more_is_a_problem_of_each() {
    let mut desk = Desk::new();
    desk.users.expect_active_agent().returning(|_, id| Ok(Some(AgentRef::new(id, "Barbara"))));
    desk.tickets.expect_decide_many().returning(|_, _, decide| {
        let ticket = ticket(Status::Open);
        let missing = helpdesk_domain::Precondition::ActiveAgent(user_id(21));
        Ok(Decided::from([(ticket.id(), decide(&ticket, &[missing]).map(|_| ticket))]))
    });
    let body = r#"{"ids":[5],"change":{"assignee_id":21}}"#;
    let json = desk.api().await.post(Role::Admin, "/admin/tickets/bulk", body).await.json();
    let result = &json["results"][0];
    assert_eq!((&result["status"], &result["problem"]["code"]), (&json!(422), &json!("validation_failed")));
    let error = &result["problem"]["errors"][0];
    assert_eq!((&error["field"], &error["code"]), (&json!("assignee_id"), &json!("not_assignable")));
}

#[actix_web::test]
async fn a_failure_of_the_store_is_the_whole_requests() {
    for (error, status) in
        [(StoreError::Unavailable(Cause::new("canary")), 503), (StoreError::Fault(Cause::new("canary")), 500)]
    {
        let mut desk = Desk::new();
        desk.tickets.expect_decide_many().returning(move |_, _, _| Err(error.clone()));
        let body = r#"{"ids":[5],"change":{"priority":"low"}}"#;
        let answer = desk.api().await.post(Role::Agent, "/agent/tickets/bulk", body).await;
        assert_eq!(answer.status, status);
        assert!(!String::from_utf8_lossy(&answer.body).contains("canary"));
    }
}

/// It is no ticket of that name.
#[actix_web::test]
async fn the_path_is_nothing_but_itself() {
    let api = api().await;
    for role in [Role::Agent, Role::Admin] {
        let path = format!("/{role}/tickets/bulk");
        assert_eq!(api.get(role, &path).await.status, 405);
        assert_eq!(api.put(role, &path, r#"{"priority":"low"}"#).await.status, 405);
        assert_eq!(api.get(role, &format!("{path}/comments")).await.status, 404);
    }
}

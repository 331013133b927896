//! `GET /admin/export/tickets`

use actix_web::http::Method;
use actix_web::test::TestRequest;
use helpdesk_domain::{Role, Status, Subject, Tag, TeamId, Ticket, Ts, Visibility};
use helpdesk_ports::{
    Cause, ExportedComment, ExportedTicket, MockExportRepository, Page, StoreError, TicketFilter,
};
use serde_json::{Value, json};

use super::samples::{comment, now, ticket, ticket_id, ts, user, user_id};
use super::support::{Desk, signed_in};

pub(super) fn exported(id: i64) -> ExportedTicket {
    let mut record = ticket(Status::InProgress).record().clone();
    record.id = ticket_id(id);
    record.updated_at = ts(now().micros() + 1_000_000);
    record.public_updated_at = record.updated_at;
    ExportedTicket {
        ticket: Ticket::from_stored(record),
        requester: user(10, Role::Customer),
        assignee: Some(user(20, Role::Agent)),
    }
}

fn exported_comment(id: i64, visibility: Visibility) -> ExportedComment {
    ExportedComment { comment: comment(id, visibility), author: user(20, Role::Agent) }
}

/// Tickets 5 and 6, the first with a public and an internal comment.
fn two_tickets(exports: &mut MockExportRepository) {
    exports.expect_tickets().returning(|by, _, page| {
        assert_eq!((by.id(), page.after), (user_id(30), None));
        let mut second = exported(6);
        second.assignee = None;
        let mut record = second.ticket.record().clone();
        record.assignee = None;
        record.subject = Subject::parse("=HYPERLINK(\"x\")").unwrap();
        second.ticket = Ticket::from_stored(record);
        Ok(Page { items: vec![exported(5), second], next: None })
    });
    exports.expect_comments().returning(|_, ticket, _| {
        let items = if ticket.get() == 5 {
            vec![exported_comment(7, Visibility::Public), exported_comment(8, Visibility::Internal)]
        } else {
            Vec::new()
        };
        Ok(Page { items, next: None })
    });
}

fn lines(body: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(body).unwrap();
    assert!(text.ends_with('\n'));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[actix_web::test]
async fn ndjson_has_a_record_a_line_and_says_that_it_is_whole() {
    let mut desk = Desk::new();
    two_tickets(&mut desk.exports);
    let answer = desk.api().await.get(Role::Admin, "/admin/export/tickets").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/x-ndjson"));
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"tickets.ndjson\""));
    let mut lines = lines(&answer.body);
    let begin = lines.remove(0);
    assert_eq!((&begin["kind"], begin["source"].as_str().map(str::len)), (&json!("begin"), Some(32)));
    let grace =
        json!({ "email": "user20@example.com", "name": "Ada Lovelace", "role": "agent", "is_active": true });
    let ada = json!({ "email": "user10@example.com", "name": "Ada Lovelace", "role": "customer", "is_active": true });
    let expected = json!({
        "kind": "ticket", "id": 5, "subject": "Printer on fire", "description": "It really is.",
        "status": "in_progress", "priority": "high", "tags": ["internal-word"],
        "requester": ada, "assignee": grace, "team": "Support", "follow_up_of": null,
        "created_at": "2023-11-14T22:13:20.000000Z", "updated_at": "2023-11-14T22:13:21.000000Z",
        "public_updated_at": "2023-11-14T22:13:21.000000Z", "first_responded_at": "2023-11-14T22:13:20.000001Z",
        "resolved_at": null, "closed_at": null, "reopen_count": 0,
    });
    assert_eq!(lines[0], expected);
    let expected = json!({
        "kind": "comment", "id": 8, "ticket_id": 5, "author": grace, "author_role": "agent", "is_internal": true,
        "body": "Off and on?", "created_at": "2023-11-14T22:13:20.000008Z",
    });
    assert_eq!((&lines[1]["id"], &lines[1]["is_internal"]), (&json!(7), &json!(false)));
    assert_eq!(lines[2], expected);
    assert_eq!((&lines[3]["id"], &lines[3]["assignee"]), (&json!(6), &Value::Null));
    assert_eq!(lines[4..], [json!({ "kind": "end", "tickets": 2, "comments": 2 })]);
}

#[actix_web::test]
async fn csv_has_a_ticket_a_row_and_no_formula() {
    let mut desk = Desk::new();
    two_tickets(&mut desk.exports);
    let answer = desk.api().await.get(Role::Admin, "/admin/export/tickets?format=csv").await;
    assert_eq!(answer.header("content-type"), Some("text/csv; charset=utf-8; header=present"));
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"tickets.csv\""));
    let text = std::str::from_utf8(&answer.body).unwrap();
    let rows: Vec<&str> = text.strip_suffix("\r\n").unwrap().split("\r\n").collect();
    assert_eq!(rows.len(), 3);
    assert!(rows[0].starts_with("\"id\",\"subject\",\"description\",\"status\""), "{}", rows[0]);
    let first = "\"5\",\"Printer on fire\",\"It really is.\",\"in_progress\",\"high\",\"internal-word\",\
        \"user10@example.com\",\"Ada Lovelace\",\"user20@example.com\",\"Ada Lovelace\",\"Support\",\"\",\
        \"2023-11-14T22:13:20.000000Z\",\"2023-11-14T22:13:21.000000Z\",\"2023-11-14T22:13:20.000001Z\",\
        \"\",\"\",\"0\"";
    assert_eq!(rows[1], first);
    assert!(rows[2].starts_with("\"6\",\"'=HYPERLINK(\"\"x\"\")\","), "{}", rows[2]);
    assert_eq!(rows[0].split("\",\"").count(), rows[1].split("\",\"").count());
}

#[actix_web::test]
async fn the_form_is_the_one_that_is_asked_for_or_preferred() {
    for (query, accept, expected) in [
        ("", "*/*", "application/x-ndjson"),
        ("", "text/csv", "text/csv"),
        ("", "text/csv;q=0.1, application/x-ndjson", "application/x-ndjson"),
        ("?format=ndjson", "text/csv, */*;q=0.1", "application/x-ndjson"),
        ("?format=csv", "application/x-ndjson", "text/csv"),
    ] {
        let mut desk = Desk::new();
        two_tickets(&mut desk.exports);
        let request = TestRequest::with_uri(&format!("/admin/export/tickets{query}"));
        let request = signed_in(Role::Admin, request.insert_header(("accept", accept)));
        let answer = desk.api().await.send(request).await;
        assert!(answer.header("content-type").unwrap().starts_with(expected), "{query} {accept}");
    }
    for accept in ["application/json", "text/html"] {
        let request = TestRequest::with_uri("/admin/export/tickets").insert_header(("accept", accept));
        let answer = Desk::new().api().await.send(signed_in(Role::Admin, request)).await;
        assert_eq!((answer.status, answer.code().as_str()), (406, "not_acceptable"), "{accept}");
    }
}

#[actix_web::test]
async fn an_export_is_narrowed_as_the_list_is() {
    let mut desk = Desk::new();
    desk.exports.expect_tickets().times(1).returning(|_, filter, _| {
        let expected = TicketFilter::default()
            .with_statuses([Status::Open, Status::Closed])
            .with_tag(Tag::parse("vip").ok())
            .created_after(Some(Ts::EPOCH))
            .updated_after(Some(Ts::EPOCH))
            .with_assignee(Some(None))
            .with_requester(Some(user_id(10)))
            .with_team(TeamId::new(2).ok());
        assert_eq!(filter, expected);
        Ok(Page { items: Vec::new(), next: None })
    });
    let api = desk.api().await;
    let query = "status=closed,open&tag=VIP&created_after=1970-01-01T00:00:00Z&updated_after=1970-01-01T00:00:00Z\
        &assignee_id=none&requester_id=10&team_id=2";
    let answer = api.get(Role::Admin, &format!("/admin/export/tickets?{query}")).await;
    assert_eq!(lines(&answer.body)[1..], [json!({ "kind": "end", "tickets": 0, "comments": 0 })]);
    for (query, fault) in [
        ("format=xml", "format:invalid_value"),
        ("format=", "format:invalid_value"),
        ("format=csv&format=csv", "format:repeated_parameter"),
        ("limit=5", "limit:unknown_parameter"),
        ("cursor=x", "cursor:unknown_parameter"),
        ("sort=created_at", "sort:unknown_parameter"),
        ("status=opened", "status:invalid_value"),
        ("team_id=0", "team_id:invalid_value"),
    ] {
        let answer = api.get(Role::Admin, &format!("/admin/export/tickets?{query}")).await;
        assert_eq!((answer.status, answer.faults_in_short().as_str()), (400, fault), "{query}");
    }
}

#[actix_web::test]
async fn what_fails_before_the_first_byte_is_a_problem() {
    let mut desk = Desk::new();
    desk.exports.expect_tickets().returning(|_, _, _| Err(StoreError::Unavailable(Cause::new("gone"))));
    let answer = desk.api().await.get(Role::Admin, "/admin/export/tickets").await;
    assert_eq!((answer.status, answer.code().as_str()), (503, "store_unavailable"));
    assert_eq!(answer.header("content-disposition"), None);
}

#[actix_web::test]
async fn for_a_head_nothing_is_read() {
    let request = TestRequest::with_uri("/admin/export/tickets").method(Method::HEAD);
    let answer = Desk::new().api().await.send(signed_in(Role::Admin, request)).await;
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    assert_eq!(answer.header("content-type"), Some("application/x-ndjson"));
}

//! `GET …/history`

use helpdesk_domain::{
    ActorKind, AgentRef, CommentId, EventActor, EventId, EventKind, EventRecord, FieldChange, Priority, Role,
    Status, Tags, TeamId, TeamRef, Visibility,
};
use helpdesk_ports::{EventPosition, Page};
use serde_json::json;

use super::samples::{now, ts, user_id};
use super::support::Desk;

fn event(id: i64, visibility: Visibility, changes: Vec<FieldChange>) -> EventRecord {
    EventRecord {
        id: EventId::new(id).unwrap(),
        kind: EventKind::Updated,
        visibility,
        actor: EventActor { kind: ActorKind::Admin, id: Some(user_id(30)) },
        actor_name: Some("Root".to_owned()),
        at: ts(now().micros() + id),
        changes,
        comment: None,
    }
}

/// One event of every kind, and one change of every field; the internal ones have even ids.
fn life() -> Vec<EventRecord> {
    let grace = || Some(AgentRef::new(user_id(20), "Grace"));
    let team = |id, name: &str| TeamRef::new(TeamId::new(id).unwrap(), name);
    let customer = EventActor { kind: ActorKind::Customer, id: Some(user_id(10)) };
    let created = EventRecord {
        kind: EventKind::Created,
        actor: customer,
        actor_name: Some("Ada".to_owned()),
        ..event(1, Visibility::Public, Vec::new())
    };
    let worked = vec![
        FieldChange::Assignee { from: None, to: grace() },
        FieldChange::Priority { from: Priority::Low, to: Priority::High },
    ];
    let sorted = vec![
        FieldChange::Team { from: team(1, "Support"), to: team(2, "Billing") },
        FieldChange::Tags { from: Tags::default(), to: Tags::parse(&["b", "a"]).unwrap() },
    ];
    let commented = EventRecord {
        kind: EventKind::Commented,
        actor: customer,
        actor_name: Some("Ada".to_owned()),
        comment: CommentId::new(7).ok(),
        ..event(5, Visibility::Public, vec![FieldChange::Status { from: Status::Pending, to: Status::Open }])
    };
    let closed = EventRecord {
        actor: EventActor { kind: ActorKind::System, id: None },
        actor_name: None,
        ..event(7, Visibility::Public, vec![FieldChange::Assignee { from: grace(), to: None }])
    };
    vec![
        created,
        event(3, Visibility::Public, worked),
        event(2, Visibility::Internal, sorted),
        commented,
        closed,
    ]
}

#[actix_web::test]
async fn staff_see_every_change() {
    let mut desk = Desk::new();
    desk.tickets.expect_history().returning(|_, _, _| Ok(Some(Page { items: life(), next: None })));
    let api = desk.api().await;
    let at = |micros: i64| format!("2023-11-14T22:13:20.00000{micros}Z");
    let root = json!({ "kind": "admin", "id": 30, "name": "Root" });
    let ada = json!({ "kind": "customer", "id": 10, "name": "Ada" });
    let grace = json!({ "id": 20, "name": "Grace" });
    let expected = json!({ "next_cursor": null, "data": [
        { "id": 1, "at": at(1), "kind": "created", "actor": ada, "is_internal": false, "comment_id": null, "changes": [] },
        { "id": 3, "at": at(3), "kind": "updated", "actor": root, "is_internal": false, "comment_id": null, "changes": [
            { "field": "assignee", "from": null, "to": grace },
            { "field": "priority", "from": "low", "to": "high" },
        ] },
        { "id": 2, "at": at(2), "kind": "updated", "actor": root, "is_internal": true, "comment_id": null, "changes": [
            { "field": "team", "from": { "id": 1, "name": "Support" }, "to": { "id": 2, "name": "Billing" } },
            { "field": "tags", "from": [], "to": ["a", "b"] },
        ] },
        { "id": 5, "at": at(5), "kind": "commented", "actor": ada, "is_internal": false, "comment_id": 7, "changes": [
            { "field": "status", "from": "pending", "to": "open" },
        ] },
        { "id": 7, "at": at(7), "kind": "updated", "actor": { "kind": "system", "id": null, "name": null },
          "is_internal": false, "comment_id": null, "changes": [{ "field": "assignee", "from": grace, "to": null }] },
    ] });
    for role in [Role::Agent, Role::Admin] {
        let answer = api.get(role, &format!("/{role}/tickets/5/history")).await;
        assert_eq!((answer.status, answer.json()), (200, expected.clone()), "{role}");
    }
}

#[actix_web::test]
async fn a_customer_sees_what_is_public_and_no_account_but_names() {
    let mut desk = Desk::new();
    // A store that let an internal event through, or an internal change in a public one, would be stopped by the view.
    desk.tickets.expect_history().returning(|_, _, _| {
        let mut items = life();
        let internal = items[2].changes.clone();
        items[1].changes.extend(internal);
        Ok(Some(Page { items, next: None }))
    });
    let answer = desk.api().await.get(Role::Customer, "/customer/tickets/5/history").await;
    let at = |micros: i64| format!("2023-11-14T22:13:20.00000{micros}Z");
    let ada = json!({ "kind": "customer", "name": "Ada" });
    let grace = json!({ "name": "Grace" });
    let expected = json!({ "next_cursor": null, "data": [
        { "id": 1, "at": at(1), "kind": "created", "actor": ada, "comment_id": null, "changes": [] },
        { "id": 3, "at": at(3), "kind": "updated", "actor": { "kind": "admin", "name": "Root" }, "comment_id": null, "changes": [
            { "field": "assignee", "from": null, "to": grace },
            { "field": "priority", "from": "low", "to": "high" },
        ] },
        { "id": 5, "at": at(5), "kind": "commented", "actor": ada, "comment_id": 7, "changes": [
            { "field": "status", "from": "pending", "to": "open" },
        ] },
        { "id": 7, "at": at(7), "kind": "updated", "actor": { "kind": "system", "name": null }, "comment_id": null,
          "changes": [{ "field": "assignee", "from": grace, "to": null }] },
    ] });
    assert_eq!((answer.status, answer.json()), (200, expected));
}

#[actix_web::test]
async fn history_leads_from_page_to_page() {
    let mut desk = Desk::new();
    let position = EventPosition { at: ts(now().micros() + 1), id: EventId::new(1).unwrap() };
    desk.tickets.expect_history().returning(move |_, ticket, page| {
        if ticket.get() != 5 {
            return Ok(None);
        }
        assert_eq!(page.limit.get(), 1);
        let items = vec![event(1, Visibility::Public, Vec::new())];
        Ok(Some(Page { items, next: page.after.is_none().then_some(position) }))
    });
    let api = desk.api().await;
    for role in Role::ALL {
        let path = format!("/{role}/tickets/5/history");
        let first = api.get(*role, &format!("{path}?limit=1")).await;
        let cursor = first.json()["next_cursor"].as_str().unwrap().to_owned();
        let next = format!("{path}?limit=1&cursor={cursor}");
        assert_eq!(first.header("link"), Some(format!("<{next}>; rel=\"next\"").as_str()));
        let last = api.get(*role, &next).await;
        assert_eq!((last.status, last.json()["next_cursor"].is_null()), (200, true), "{role}");

        // Comments have places of the same form.
        for other in [format!("/{role}/tickets/5/comments"), format!("/{role}/tickets/6/history")] {
            let answer = api.get(*role, &format!("{other}?limit=1&cursor={cursor}")).await;
            assert_eq!((answer.status, answer.code().as_str()), (400, "invalid_cursor"), "{other}");
        }
        for query in ["status=open", "limit=0", "sort=created_at"] {
            let answer = api.get(*role, &format!("{path}?{query}")).await;
            assert_eq!((answer.status, answer.code().as_str()), (400, "invalid_query"), "{query}");
        }
        for absent in ["6", "0", "x"] {
            let answer = api.get(*role, &format!("/{role}/tickets/{absent}/history")).await;
            assert_eq!((answer.status, answer.code().as_str()), (404, "not_found"), "{role} {absent}");
        }
    }
}

//! `GET /admin/audit`

use helpdesk_domain::{
    ActorKind, AuditChange, AuditEntry, AuditId, AuditKind, AuditRecord, AuditSubject, AuditValue,
    EventActor, Role, TeamId,
};
use helpdesk_ports::{AuditFilter, Page};
use serde_json::json;

use super::samples::{now, user_id};
use super::support::Desk;

fn audit_id(id: i64) -> AuditId {
    AuditId::new(id).unwrap()
}

fn record(id: i64, kind: AuditKind, subject: AuditSubject, changes: Vec<AuditChange>) -> AuditRecord {
    let actor = EventActor { kind: ActorKind::Admin, id: Some(user_id(30)) };
    let entry = AuditEntry { at: now(), actor, kind, subject, label: "ada@example.com".to_owned(), changes };
    AuditRecord { id: audit_id(id), entry, actor_name: Some("Grace".to_owned()) }
}

fn change(field: &'static str, from: Option<AuditValue>, to: Option<AuditValue>) -> AuditChange {
    AuditChange { field: field.into(), from, to }
}

#[actix_web::test]
async fn the_trail_says_who_did_what() {
    let updated = record(
        9,
        AuditKind::UserUpdated,
        AuditSubject::User(user_id(7)),
        vec![
            change("name", Some("Ada".into()), Some("Ada King".into())),
            change("is_active", Some(true.into()), Some(false.into())),
        ],
    );
    let subject = AuditSubject::Team(TeamId::new(2).unwrap());
    let mut joined = record(
        8,
        AuditKind::TeamMemberAdded,
        subject,
        vec![change("member_id", None, Some(AuditValue::Id(7)))],
    );
    joined.entry.actor = EventActor { kind: ActorKind::System, id: None };
    joined.entry.label = "Billing".to_owned();
    joined.actor_name = None;
    let mut desk = Desk::new();
    desk.audit.expect_list().returning(move |_, query| {
        assert_eq!(query.filter, AuditFilter::default());
        Ok(Page { items: vec![updated.clone(), joined.clone()], next: None })
    });
    let answer = desk.api().await.get(Role::Admin, "/admin/audit").await;
    let at = "2023-11-14T22:13:20.000000Z";
    let expected = json!({ "data": [
        {
            "id": 9, "at": at, "kind": "user_updated",
            "actor": { "kind": "admin", "id": 30, "name": "Grace" },
            "subject": { "kind": "user", "id": 7, "label": "ada@example.com" },
            "changes": [
                { "field": "name", "from": "Ada", "to": "Ada King" },
                { "field": "is_active", "from": true, "to": false },
            ],
        },
        {
            "id": 8, "at": at, "kind": "team_member_added",
            "actor": { "kind": "system", "id": null, "name": null },
            "subject": { "kind": "team", "id": 2, "label": "Billing" },
            "changes": [{ "field": "member_id", "from": null, "to": 7 }],
        },
    ], "next_cursor": null });
    assert_eq!((answer.status, answer.json()), (200, expected));
}

#[actix_web::test]
async fn the_trail_is_narrowed() {
    let mut desk = Desk::new();
    desk.audit.expect_list().returning(|_, query| {
        let expected = AuditFilter { actor: Some(user_id(30)), kind: Some(AuditKind::UserInvited) };
        assert_eq!(query.filter, expected);
        let next = query.page.after.is_none().then(|| audit_id(9));
        let subject = AuditSubject::User(user_id(7));
        Ok(Page { items: vec![record(9, AuditKind::UserInvited, subject, Vec::new())], next })
    });
    let api = desk.api().await;
    let answer = api.get(Role::Admin, "/admin/audit?actor_id=30&kind=user_invited").await;
    let link = answer.header("link").unwrap().to_owned();
    let next = link.strip_prefix('<').unwrap().split_once('>').unwrap().0;
    assert_eq!(api.get(Role::Admin, next).await.json()["next_cursor"], json!(null));
    let other = next.replace("actor_id=30&", "");
    assert_eq!(api.get(Role::Admin, &other).await.code(), "invalid_cursor");
    for (query, fault) in [
        ("actor_id=0", "actor_id:invalid_value"),
        ("actor_id=%D9%A3", "actor_id:invalid_value"),
        ("kind=anything", "kind:invalid_value"),
        ("subject_id=7", "subject_id:unknown_parameter"),
    ] {
        let answer = api.get(Role::Admin, &format!("/admin/audit?{query}")).await;
        assert_eq!((answer.status, answer.faults_in_short().as_str()), (400, fault), "{query}");
    }
}

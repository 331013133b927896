use helpdesk_domain::{
    ActorKind, AuditEntry, AuditKind, AuditRecord, EventRecord, Session, Team, Ticket, User,
};
use serde_json::{Value, json};

use super::*;

fn at() -> StoredTs {
    StoredTs(1_000_000)
}

fn ticket() -> JoinedTicket {
    JoinedTicket {
        ticket: TicketRow {
            id: 7,
            subject: "s".into(),
            description: "d".into(),
            status: "open".into(),
            priority: "low".into(),
            tags: json!(["vip"]),
            requester_id: 1,
            assignee_id: Some(2),
            team_id: 1,
            follow_up_of: Some(3),
            version: 1,
            public_version: 1,
            created_at: at(),
            updated_at: at(),
            public_updated_at: at(),
            first_responded_at: None,
            resolved_at: Some(at()),
            closed_at: None,
            reopen_count: 0,
        },
        requester_name: "Ada".into(),
        requester_email: "ada@example.com".into(),
        assignee_name: Some("Grace".into()),
        team_name: "Support".into(),
    }
}

/// A column, and what damages it in a row.
type Damage<Row> = (&'static str, fn(&mut Row));

#[test]
fn a_damaged_ticket_names_table_column_and_id() {
    assert!(Ticket::try_from(ticket()).is_ok());
    let damage: [Damage<JoinedTicket>; 9] = [
        ("status", |t| t.ticket.status = "lost".into()),
        ("priority", |t| t.ticket.priority = String::new()),
        ("tags", |t| t.ticket.tags = json!([1])),
        ("tags", |t| t.ticket.tags = Value::Null),
        ("requester_id", |t| t.ticket.requester_id = 0),
        ("assignee_id", |t| t.assignee_name = None),
        ("follow_up_of", |t| t.ticket.follow_up_of = Some(0)),
        ("created_at", |t| t.ticket.created_at = StoredTs(i64::MAX)),
        ("resolved_at", |t| t.ticket.resolved_at = Some(StoredTs(i64::MIN))),
    ];
    for (column, damage) in damage {
        let mut row = ticket();
        damage(&mut row);
        let expected = StoreError::Corrupt { table: "tickets", column, id: "7".into() };
        assert_eq!(Ticket::try_from(row), Err(expected));
    }
}

#[test]
fn a_damaged_comment_names_table_column_and_id() {
    let comment = CommentRow {
        id: 4,
        author_id: 1,
        author_role: "robot".into(),
        body: "b".into(),
        is_internal: true,
        created_at: at(),
    };
    let row = JoinedComment { comment, author_name: Some("Ada".into()) };
    let expected = StoreError::Corrupt { table: "comments", column: "author_role", id: "4".into() };
    assert_eq!(row.with(NamesAtHand::NONE), Err(expected));
}

fn event() -> JoinedEvent {
    JoinedEvent {
        event: EventRow {
            id: 8,
            is_internal: true,
            kind: "updated".into(),
            actor_kind: "agent".into(),
            actor_id: Some(2),
            at: at(),
            comment_id: Some(4),
            changes: json!([{ "field": "tags", "from": [], "to": ["vip"] }]),
        },
        actor_name: Some("Grace".into()),
    }
}

#[test]
fn a_damaged_event_names_table_column_and_id() {
    assert!(EventRecord::try_from(event()).is_ok());
    let damage: [Damage<JoinedEvent>; 9] = [
        ("kind", |e| e.event.kind = "lost".into()),
        ("actor_kind", |e| e.event.actor_kind = "robot".into()),
        ("actor_id", |e| e.event.actor_id = Some(0)),
        ("actor_id", |e| e.actor_name = None),
        ("at", |e| e.event.at = StoredTs(i64::MAX)),
        ("comment_id", |e| e.event.comment_id = Some(0)),
        ("changes", |e| e.event.changes = Value::Null),
        ("changes", |e| e.event.changes = json!([{ "field": "tags" }])),
        // What is internal has no place in an event that customers see.
        ("changes", |e| e.event.is_internal = false),
    ];
    for (column, damage) in damage {
        let mut row = event();
        damage(&mut row);
        let expected = StoreError::Corrupt { table: "ticket_events", column, id: "8".into() };
        assert_eq!(EventRecord::try_from(row), Err(expected));
    }
}

#[test]
fn a_damaged_account_names_table_column_and_id() {
    let row = UserRow {
        id: 3,
        email: "a@example.com".into(),
        name: "A".into(),
        role: "god".into(),
        is_active: true,
        has_password: true,
        version: 1,
        token_version: 1,
        created_at: at(),
        updated_at: at(),
    };
    let expected = StoreError::Corrupt { table: "users", column: "role", id: "3".into() };
    assert_eq!(User::try_from(row), Err(expected));
}

#[test]
fn a_damaged_team_names_table_column_and_id() {
    let row = TeamRow { id: -2, name: "Night".into(), is_default: false };
    let expected = StoreError::Corrupt { table: "teams", column: "id", id: "-2".into() };
    assert_eq!(Team::try_from(row), Err(expected));
}

fn session() -> SessionRow {
    SessionRow {
        id: "000000000000000000000000deadbeef".into(),
        user_id: 5,
        token_version: 1,
        generation: 1,
        created_at: at(),
        last_used_at: at(),
        expires_at: at(),
        idle_expires_at: at(),
        revoked_at: None,
        address: Some("2001:db8::1".into()),
        user_agent: Some("curl".into()),
    }
}

/// The session's own id is left out.
#[test]
fn a_damaged_session_names_table_column_and_account() {
    assert!(Session::try_from(session()).is_ok());
    let damage: [Damage<SessionRow>; 9] = [
        ("id", |s| s.id = "DEADBEEF".into()),
        ("user_id", |s| s.user_id = 0),
        ("address", |s| s.address = Some("192.0.2".into())),
        ("address", |s| s.address = Some(String::new())),
        ("created_at", |s| s.created_at = StoredTs(i64::MAX)),
        ("last_used_at", |s| s.last_used_at = StoredTs(i64::MAX)),
        ("expires_at", |s| s.expires_at = StoredTs(i64::MAX)),
        ("idle_expires_at", |s| s.idle_expires_at = StoredTs(i64::MIN)),
        ("revoked_at", |s| s.revoked_at = Some(StoredTs(i64::MIN))),
    ];
    for (column, damage) in damage {
        let mut row = session();
        damage(&mut row);
        let id = row.user_id.to_string();
        assert_eq!(Session::try_from(row), Err(StoreError::Corrupt { table: "sessions", column, id }));
    }
}

#[test]
fn a_session_of_before_addresses_were_kept_has_no_client() {
    let row = SessionRow { address: None, user_agent: None, ..session() };
    assert_eq!(Session::try_from(row).unwrap().client, None);
}

fn audit_entry() -> JoinedAuditEntry {
    JoinedAuditEntry {
        entry: AuditRow {
            id: 9,
            at: at(),
            actor_kind: "admin".into(),
            actor_id: Some(1),
            kind: "team_created".into(),
            subject_kind: "team".into(),
            subject_id: 2,
            label: "Night".into(),
            changes: json!([{ "field": "name", "from": null, "to": "Night" }]),
        },
        actor_name: Some("Ada".into()),
    }
}

#[test]
fn a_damaged_entry_of_the_trail_names_table_column_and_id() {
    assert!(AuditRecord::try_from(audit_entry()).is_ok());
    let damage: [Damage<JoinedAuditEntry>; 9] = [
        ("actor_kind", |a| a.entry.actor_kind = "robot".into()),
        ("actor_id", |a| a.entry.actor_id = Some(0)),
        ("actor_id", |a| a.actor_name = None),
        ("kind", |a| a.entry.kind = "ticket_created".into()),
        ("subject_kind", |a| a.entry.subject_kind = "ticket".into()),
        ("subject_id", |a| a.entry.subject_id = 0),
        ("at", |a| a.entry.at = StoredTs(i64::MAX)),
        ("changes", |a| a.entry.changes = Value::Null),
        ("changes", |a| a.entry.changes = json!([{ "field": "name" }])),
    ];
    for (column, damage) in damage {
        let mut row = audit_entry();
        damage(&mut row);
        let expected = StoreError::Corrupt { table: "audit_entries", column, id: "9".into() };
        assert_eq!(AuditRecord::try_from(row), Err(expected));
    }
}

#[test]
fn the_help_desk_itself_has_no_name() {
    let mut row = audit_entry();
    row.entry.actor_kind = "system".into();
    row.entry.actor_id = None;
    row.actor_name = None;
    let AuditRecord { entry: AuditEntry { actor, kind, subject, .. }, actor_name, .. } =
        row.try_into().unwrap();
    assert_eq!((actor.kind, actor.id, actor_name), (ActorKind::System, None, None));
    assert_eq!((kind, subject.kind(), subject.id()), (AuditKind::TeamCreated, "team", 2));
}

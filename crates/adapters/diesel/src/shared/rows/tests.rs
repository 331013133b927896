use helpdesk_domain::{Comment, Ticket, User};
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

type Damage = fn(&mut JoinedTicket);

#[test]
fn a_damaged_ticket_names_table_column_and_id() {
    assert!(Ticket::try_from(ticket()).is_ok());
    let damage: [(&str, Damage); 8] = [
        ("status", |t| t.ticket.status = "lost".into()),
        ("priority", |t| t.ticket.priority = String::new()),
        ("tags", |t| t.ticket.tags = json!([1])),
        ("tags", |t| t.ticket.tags = Value::Null),
        ("requester_id", |t| t.ticket.requester_id = 0),
        ("assignee_id", |t| t.assignee_name = None),
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
    let row = JoinedComment { comment, author_name: "Ada".into() };
    let expected = StoreError::Corrupt { table: "comments", column: "author_role", id: "4".into() };
    assert_eq!(Comment::try_from(row), Err(expected));
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

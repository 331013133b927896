//! Tickets of another help desk, made up.

use serde_json::{Value, json};

/// A ticket of somebody's.
pub(crate) fn ticket(id: usize) -> Value {
    json!({
        "kind": "ticket", "id": id, "subject": format!("Ticket {id}"), "description": "Please help.",
        "requester": {"email": format!("customer{}@example.com", id % 7), "name": "Customer"},
        "assignee": {"email": "agent@example.com", "name": "Agent"},
        "created_at": "2024-01-01T00:00:00Z", "updated_at": "2024-02-01T00:00:00Z",
    })
}

/// A comment of the ticket.
pub(crate) fn comment(ticket: usize, id: usize, body: &str) -> Value {
    json!({
        "kind": "comment", "id": id, "ticket_id": ticket, "body": body,
        "author": {"email": "agent@example.com", "name": "Agent", "role": "agent"},
        "created_at": format!("2024-01-02T00:{:02}:{:02}Z", id / 60 % 60, id % 60),
    })
}

/// So many tickets, each with so many comments, whose ids go on.
pub(crate) fn tickets(count: usize, comments: usize, body: &str) -> String {
    let mut text = String::new();
    for id in 1..=count {
        push(&mut text, &ticket(id));
        for n in 0..comments {
            push(&mut text, &comment(id, (id - 1) * comments + n + 1, body));
        }
    }
    text
}

pub(crate) fn push(text: &mut String, line: &Value) {
    text.push_str(&line.to_string());
    text.push('\n');
}

//! What callers send who mean ill: nothing is written, told or broken that should not be.

mod fields;
mod injection;
mod large;
mod logs;
mod passwords;
mod smuggling;
mod telling;

use helpdesk_tests::World;
use serde_json::Value;

/// All that an admin can see, and how many sessions there are: the same as before when nothing was written.
fn everything(world: &World) -> Vec<Value> {
    let mut all = Vec::new();
    for list in ["users", "tickets", "teams"] {
        let page = world.admin.get(&format!("/admin/{list}?limit=100")).expect(200);
        assert_eq!(page["next_cursor"], Value::Null);
        for item in page["data"].as_array().unwrap() {
            all.push(world.admin.get(&format!("/admin/{list}/{}", item["id"])).expect(200));
        }
    }
    for table in
        ["sessions", "refresh_tokens", "invitations", "team_members", "audit_entries", "ticket_events"]
    {
        let count = format!("SELECT CAST(count(*) AS text) AS value FROM {table}");
        all.push(world.database.query(&count).into());
    }
    all
}

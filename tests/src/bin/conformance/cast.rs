//! A help desk with enough in it for every operation to succeed.

use helpdesk_tests::{Account, StoreKind, World};
use serde_json::json;

/// The password of those who call: the one in the document's examples, so that these succeed as they stand.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// Enough accounts for the first page of their list to be of others than those who call: some operations take a role or a password
/// away, and ids are tried from 1 on and from that list.
const BYSTANDERS: usize = 30;
const TICKETS: usize = 40;

/// The people.
pub(crate) struct Cast {
    pub(crate) world: World,
}

/// Who calls, by role.
pub(crate) fn email(role: &str) -> String {
    format!("calling-{role}@example.com")
}

impl Cast {
    pub(crate) fn new(store: StoreKind) -> Self {
        let world =
            World::with(store, &[("HELPDESK_REGISTRATION", "on"), ("HELPDESK_REGISTRATION_LIMIT", "off")]);
        let make = |body: &serde_json::Value| world.admin.post("/admin/users", body).expect(201);
        for n in 0..BYSTANDERS {
            let role = if n % 2 == 0 { "agent" } else { "customer" };
            make(
                &json!({"email": format!("bystander{n}@example.com"), "name": format!("Bystander {n}"), "role": role}),
            );
        }
        for name in ["Billing", "Night"] {
            world.team(name);
        }
        let join = |email: &str, role: &str| {
            let id = make(&json!({"email": email, "name": role, "role": role, "password": PASSWORD}))["id"]
                .as_i64();
            let signed_in = json!({"email": email, "password": PASSWORD});
            let answer = world.server.client().post("/login", &signed_in).expect(200);
            let client = world.server.client().with_token(answer["access_token"].as_str().expect("a token"));
            Account { id: id.expect("an id"), email: email.to_owned(), client }
        };
        // The one of the examples.
        join("ada@example.com", "customer");
        join(&email("admin"), "admin");
        let (agent, customer) = (join(&email("agent"), "agent"), join(&email("customer"), "customer"));
        for n in 0..TICKETS {
            let ticket = world.open_ticket(&customer, &format!("Ticket {n}"));
            if n % 2 == 0 {
                world.assign(ticket, &agent);
                agent
                    .post(&format!("/agent/tickets/{ticket}/comments"), &json!({"body": "On my way."}))
                    .expect(201);
            }
        }
        Self { world }
    }
}

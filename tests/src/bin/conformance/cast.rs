//! A help desk with enough in it for every operation to succeed.

use helpdesk_tests::{Account, Session, StoreKind, World};
use serde_json::{Value, json};

/// The password of those who call: the one in the document's examples, so that these succeed as they stand.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// Enough accounts for the first page of their list to be of others than those who call: some operations take a role or a password
/// away, and ids are tried from 1 on and from that list.
const BYSTANDERS: usize = 30;
const TICKETS: usize = 40;
const SESSIONS: usize = 8;

/// The people, and what there is for them to find.
pub(crate) struct Cast {
    pub(crate) world: World,
    pub(crate) known: Vec<Known>,
}

/// Values of a parameter or member that lead somewhere, of which chance would find none.
pub(crate) struct Known {
    /// Of the operations whose path matches this.
    pub(crate) paths: &'static str,
    /// As `path.id` or `body.token`.
    pub(crate) parameter: &'static str,
    pub(crate) values: Vec<Value>,
}

impl Known {
    fn new<T: Into<Value>>(
        paths: &'static str,
        parameter: &'static str,
        values: impl IntoIterator<Item = T>,
    ) -> Self {
        Self { paths, parameter, values: values.into_iter().map(Into::into).collect() }
    }
}

/// Who calls, by role.
pub(crate) fn email(role: &str) -> String {
    format!("calling-{role}@example.com")
}

impl Cast {
    pub(crate) fn new(store: StoreKind) -> Self {
        let settings = [("HELPDESK_REGISTRATION", "on"), ("HELPDESK_REGISTRATION_LIMIT", "off")];
        let world = World::with(store, &settings);
        let mut invitations = Vec::new();
        let mut bystanders = Vec::new();
        for n in 0..BYSTANDERS {
            let role = if n % 2 == 0 { "agent" } else { "customer" };
            let user = json!({"email": format!("bystander{n}@example.com"), "name": format!("Bystander {n}"), "role": role});
            let made = world.admin.post("/admin/users", &user).expect(201);
            bystanders.push(made["id"].as_i64().expect("an id"));
            invitations.push(made["invitation"]["token"].clone());
        }
        let teams = ["Billing", "Night"].map(|name| world.team(name));

        // The one of the examples.
        join(&world, "ada@example.com", "customer");
        join(&world, &email("admin"), "admin");
        let (agent, customer) =
            (join(&world, &email("agent"), "agent"), join(&world, &email("customer"), "customer"));
        let client = world.server.client();
        let sessions: Vec<Session> =
            (0..SESSIONS).map(|_| Session::open(&client, &agent.email, PASSWORD)).collect();

        let (mut assigned, mut queued) = (Vec::new(), Vec::new());
        for n in 0..TICKETS {
            let ticket = world.open_ticket(&customer, &format!("Ticket {n}"));
            if n % 2 == 0 {
                world.assign(ticket, &agent);
                agent
                    .post(&format!("/agent/tickets/{ticket}/comments"), &json!({"body": "On my way."}))
                    .expect(201);
                assigned.push(ticket);
            } else {
                queued.push(ticket);
            }
        }
        let tickets: Vec<i64> = assigned.iter().chain(&queued).copied().collect();
        let agents: Vec<i64> = bystanders.iter().step_by(2).copied().collect();
        let known = vec![
            Known::new("^/agent/tickets/[{]id[}]/claim$", "path.id", queued),
            Known::new("^/agent/tickets/bulk$", "body.ids[*]", assigned.clone()),
            Known::new("^/admin/tickets/bulk$", "body.ids[*]", tickets.clone()),
            Known::new("^/agent/tickets/[{]id[}](/comments|/history|/release)?$", "path.id", assigned),
            Known::new("^/(customer|admin)/tickets/[{]id[}]", "path.id", tickets),
            Known::new("^/admin/users/[{]id[}]", "path.id", bystanders),
            Known::new("^/admin/teams/[{]id[}]", "path.id", teams),
            Known::new("/members/[{]user_id[}]$", "path.user_id", agents),
            Known::new("^/me/sessions/[{]id[}]$", "path.id", sessions.iter().map(Session::id)),
            Known::new(
                "^/token/refresh$",
                "body.refresh_token",
                sessions.iter().map(|open| open.refresh_token.as_str()),
            ),
            Known::new("^/invitations/accept$", "body.token", invitations),
        ];
        Self { world, known }
    }
}

fn join(world: &World, email: &str, role: &str) -> Account {
    let user = json!({"email": email, "name": role, "role": role, "password": PASSWORD});
    let id = world.admin.post("/admin/users", &user).expect(201)["id"].as_i64().expect("an id");
    Account {
        id,
        email: email.to_owned(),
        client: Session::open(&world.server.client(), email, PASSWORD).client,
    }
}

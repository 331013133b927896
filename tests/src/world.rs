//! A help desk with people in it.

use std::process::Output;

use serde_json::{Value, json};

use crate::client::Client;
use crate::database::{Database, StoreKind};
use crate::server::{Server, run};
use crate::session::Session;

/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery staple";

/// Its hash at bcrypt's least cost. At the cost that passwords are hashed with, choosing one and signing in would be most of what the
/// tests do; those that are about passwords choose their own.
const QUICK_HASH: &str = "$2b$04$abcdefghijklmnopqrstuuAk4NO/O5B3nv92DQ1vlwyLZs2m8zCLS";

/// A signed-in account.
#[derive(Clone)]
pub struct Account {
    /// Its id.
    pub id: i64,
    /// Its e-mail address.
    pub email: String,
    /// A client that holds its token.
    pub client: Client,
}

impl std::ops::Deref for Account {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

/// A server with an admin. More people join as a test needs them.
pub struct World {
    /// The server. Declared before the database, so that it ends first.
    pub server: Server,
    /// Its database.
    pub database: Database,
    /// The first account, made on the command line.
    pub admin: Account,
}

impl World {
    /// Starts a server on an empty database and makes the admin.
    pub fn new(kind: StoreKind) -> Self {
        Self::with(kind, &[])
    }

    /// The same with more variables for the server.
    pub fn with(kind: StoreKind, variables: &[(&str, &str)]) -> Self {
        Self::on(Database::create(kind), variables)
    }

    /// The same on this database.
    pub fn on(database: Database, variables: &[(&str, &str)]) -> Self {
        let email = "admin@example.com";
        let arguments = ["create", "--email", email, "--name", "Admin", "--role", "admin", "--invite"];
        let output = user_command(&database, &arguments, "");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

        let server = Server::start_with(&database, variables);
        let admin = signed_in(&server, &database, email);
        Self { server, database, admin }
    }

    /// Makes an account and signs it in.
    pub fn join(&self, name: &str, role: &str) -> Account {
        let email = format!("{name}@example.com");
        let user = json!({"email": email, "name": name, "role": role});
        self.admin.post("/admin/users", &user).expect(201);
        signed_in(&self.server, &self.database, &email)
    }

    /// Another session of an account.
    #[track_caller]
    pub fn session(&self, account: &Account) -> Session {
        Session::open(&self.server.client(), &account.email, PASSWORD)
    }

    /// Makes a team.
    pub fn team(&self, name: &str) -> i64 {
        let team = self.admin.post("/admin/teams", &json!({"name": name})).expect(201);
        team["id"].as_i64().expect("an id")
    }

    /// Runs `helpdesk user …` beside the server.
    pub fn user_command(&self, arguments: &[&str], input: &str) -> Output {
        user_command(&self.database, arguments, input)
    }

    /// A customer opens a ticket.
    pub fn open_ticket(&self, customer: &Account, subject: &str) -> i64 {
        let ticket = json!({"subject": subject, "description": "Please help."});
        customer.post("/customer/tickets", &ticket).expect(201)["id"].as_i64().expect("an id")
    }

    /// The admin assigns a ticket.
    pub fn assign(&self, ticket: i64, agent: &Account) -> Value {
        self.admin.put(&format!("/admin/tickets/{ticket}"), &json!({"assignee_id": agent.id})).expect(200)
    }
}

fn user_command(database: &Database, arguments: &[&str], input: &str) -> Output {
    let mut command = Server::command(database);
    command.arg("user").args(arguments);
    run(command, input)
}

/// Gives [`PASSWORD`] to the accounts for which this SQL is true.
pub fn give_quick_password(database: &Database, whose: &str) {
    database.execute(&format!(
        "UPDATE users SET password_scheme = 1, password_hash = '{QUICK_HASH}' WHERE {whose}"
    ));
}

/// Signs an account in that was invited just now, as if it had accepted, but that there is no entry of that in the audit trail.
fn signed_in(server: &Server, database: &Database, email: &str) -> Account {
    let is_it = format!("email = '{email}'");
    database
        .execute(&format!("DELETE FROM invitations WHERE user_id = (SELECT id FROM users WHERE {is_it})"));
    give_quick_password(database, &is_it);
    let client = server.client();
    let answer = client.post("/login", &json!({"email": email, "password": PASSWORD})).expect(200);
    Account {
        id: answer["user"]["id"].as_i64().expect("an id"),
        email: email.to_owned(),
        client: client.with_token(answer["access_token"].as_str().expect("a token")),
    }
}

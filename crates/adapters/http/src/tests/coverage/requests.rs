//! For each operation a request that succeeds where all is well, and a body that breaks a rule.

use actix_web::test::TestRequest;
use helpdesk_domain::Role;

use super::{json, signed_in};

/// A request.
#[derive(Clone)]
pub(super) struct Sample {
    pub(super) method: String,
    pub(super) path: String,
    /// Who asks, if anybody is signed in.
    pub(super) role: Option<Role>,
    /// What it says, if anything.
    pub(super) body: Option<String>,
}

impl Sample {
    pub(super) fn request(&self) -> TestRequest {
        let request = TestRequest::with_uri(&self.path).method(self.method.parse().unwrap());
        let request = match &self.body {
            Some(body) => json(request, body),
            None => request,
        };
        match self.role {
            Some(role) => signed_in(role, request),
            None => request,
        }
    }

    /// The same with another body, if it has any.
    pub(super) fn or(self, body: &str) -> TestRequest {
        let body = self.body.as_ref().map(|_| body.to_owned());
        Self { body, ..self }.request()
    }
}

/// The body of a request that succeeds.
fn body(operation: &str) -> Option<&'static str> {
    Some(match operation {
        "POST /login" => r#"{"email":"user20@example.com","password":"correct horse battery"}"#,
        "POST /token/refresh" => r#"{"refresh_token":"shown-token"}"#,
        "POST /invitations/accept" => r#"{"token":"shown-token","password":"correct horse battery"}"#,
        "POST /register" => r#"{"email":"ada@example.com","name":"Ada","password":"correct horse battery"}"#,
        "PUT /me" | "PUT /admin/users/{id}" => r#"{"name":"Ada King"}"#,
        "PUT /me/password" => {
            r#"{"current_password":"correct horse battery","new_password":"staple horse battery"}"#
        }
        "POST /customer/tickets" => r#"{"subject":"s","description":"d"}"#,
        "PUT /customer/tickets/{id}" => r#"{"status":"closed"}"#,
        "PUT /agent/tickets/{id}" | "PUT /admin/tickets/{id}" => r#"{"priority":"low"}"#,
        "POST /agent/tickets/bulk" | "POST /admin/tickets/bulk" => {
            r#"{"ids":[5,7],"change":{"priority":"low"}}"#
        }
        "POST /admin/users" => {
            r#"{"email":"ada@example.com","name":"Ada","role":"customer","password":"correct horse battery"}"#
        }
        "POST /admin/teams" | "PUT /admin/teams/{id}" => r#"{"name":"Night"}"#,
        comments if comments.starts_with("POST") && comments.ends_with("/comments") => r#"{"body":"b"}"#,
        _ => return None,
    })
}

/// A body of the right form that breaks a rule; none where no body can.
pub(super) fn invalid(operation: &str) -> Option<&'static str> {
    Some(match operation {
        "POST /login" => r#"{"email":"a\u0000","password":"x"}"#,
        "POST /token/refresh" => r#"{"refresh_token":"a\u0000"}"#,
        "POST /invitations/accept" => r#"{"token":"shown-token","password":"short"}"#,
        "POST /register" => r#"{"email":"x","name":"","password":"short"}"#,
        "PUT /me/password" => r#"{"current_password":"x","new_password":"short"}"#,
        "POST /customer/tickets" => r#"{"subject":"","description":""}"#,
        bulk if bulk.ends_with("/tickets/bulk") => r#"{"ids":[],"change":{}}"#,
        "POST /admin/users" => r#"{"email":"x","name":"","role":"root"}"#,
        "POST /admin/teams" => r#"{"name":""}"#,
        put if put.starts_with("PUT") && body(put).is_some() => "{}",
        comments if comments.ends_with("/comments") => r#"{"body":""}"#,
        _ => return None,
    })
}

/// A request that succeeds where all is well.
pub(super) fn sample(operation: &str) -> Sample {
    let (method, path) = operation.split_once(' ').unwrap();
    let role = match path.split('/').nth(1) {
        Some("admin") => Some(Role::Admin),
        Some("agent" | "me" | "logout") => Some(Role::Agent),
        Some("customer") => Some(Role::Customer),
        _ => None,
    };
    let id = match path {
        "/me/sessions/{id}" => "0000000000000000000000000000000a",
        path if path.contains("/teams/") => "2",
        path if path.contains("/users/") => "7",
        _ => "5",
    };
    Sample {
        method: method.to_owned(),
        path: path.replace("{id}", id).replace("{user_id}", "7"),
        role,
        body: body(operation).map(str::to_owned),
    }
}

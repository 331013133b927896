//! Somebody who is signed in, with both tokens.

use serde_json::{Value, json};

use crate::client::{Answer, Client};

/// The tokens of a session as its owner holds them.
#[derive(Clone)]
pub struct Session {
    /// A client that holds the access token.
    pub client: Client,
    /// The newest refresh token.
    pub refresh_token: String,
}

impl std::ops::Deref for Session {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Session {
    /// Signs in.
    #[track_caller]
    pub fn open(client: &Client, email: &str, password: &str) -> Self {
        Self::of(client, &sign_in(client, email, password).expect(200))
    }

    /// The session of these tokens.
    #[track_caller]
    pub fn of(client: &Client, tokens: &Value) -> Self {
        let text = |name: &str| tokens[name].as_str().unwrap_or_else(|| panic!("no {name}")).to_owned();
        Self { client: client.with_token(&text("access_token")), refresh_token: text("refresh_token") }
    }

    /// Shows the refresh token.
    pub fn refresh(&self) -> Answer {
        refresh(&self.client, &self.refresh_token)
    }

    /// The same session with the next tokens.
    #[must_use]
    #[track_caller]
    pub fn refreshed(&self) -> Self {
        Self::of(&self.client, &self.refresh().expect(200))
    }

    /// Its id, by the list of its account's sessions.
    ///
    /// # Panics
    /// If it is not in there.
    pub fn id(&self) -> String {
        let list = self.get("/me/sessions?limit=100").expect(200);
        let sessions = list["data"].as_array().expect("sessions");
        let current = sessions.iter().find(|session| session["is_current"] == true);
        current.expect("the session itself")["id"].as_str().expect("an id").to_owned()
    }

    /// Checks that both tokens are taken.
    #[track_caller]
    pub fn assert_alive(&self) {
        self.get("/me").expect(200);
        self.refresh().expect(200);
    }

    /// Checks that neither token is taken.
    #[track_caller]
    pub fn assert_dead(&self) {
        self.get("/me").expect_dead_token();
        self.refresh().expect_dead_token();
    }
}

/// Tries to sign in.
pub fn sign_in(client: &Client, email: &str, password: &str) -> Answer {
    client.post("/login", &json!({"email": email, "password": password}))
}

/// Shows a refresh token. No access token goes with it: that one may be over.
pub fn refresh(client: &Client, refresh_token: &str) -> Answer {
    client.without_token().post("/token/refresh", &json!({"refresh_token": refresh_token}))
}

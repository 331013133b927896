//! Accounts without a password, and how they come by one.

use helpdesk_tests::{Answer, Client, PASSWORD, Session, World, on_both_stores, sign_in};
use serde_json::{Value, json};

use crate::audit;

/// Makes an account without a password; gives the account with its invitation.
fn invite(world: &World, name: &str, role: &str) -> Value {
    let user = json!({"email": format!("{name}@example.com"), "name": name, "role": role});
    world.admin.post("/admin/users", &user).expect(201)
}

fn token(made: &Value) -> &str {
    made["invitation"]["token"].as_str().expect("a token")
}

fn accept(client: &Client, token: &str) -> Answer {
    client.post("/invitations/accept", &json!({"token": token, "password": PASSWORD}))
}

fn assert_invalid(answer: &Answer) {
    assert_eq!(answer.fault(), ("token".to_owned(), "invalid_invitation".to_owned()));
}

on_both_stores! {
    fn who_is_invited_chooses_a_password_once_and_signs_in(store) {
        let world = World::new(store);
        let client = world.server.client();
        let made = invite(&world, "ada", "customer");
        assert_eq!((&made["has_password"], &made["is_active"]), (&json!(false), &json!(true)));
        assert!(token(&made).len() >= 43, "256 bits");
        let user = format!("/admin/users/{}", made["id"]);
        let shown = world.admin.get(&user).expect(200);
        assert_eq!((&shown["has_password"], shown.get("invitation")), (&json!(false), None));

        // Until then there is no way in.
        for guess in ["", PASSWORD, token(&made)] {
            assert_eq!(sign_in(&client, "ada@example.com", guess).problem(401), "invalid_credentials");
        }
        let accepted = accept(&client, token(&made));
        assert_eq!(accepted.expect(200), json!({"id": made["id"], "email": "ada@example.com", "name": "ada", "role": "customer"}));
        assert_invalid(&accept(&client, token(&made)));
        Session::open(&client, "ada@example.com", PASSWORD).assert_alive();
        assert_eq!(world.admin.get(&user).expect(200)["has_password"], true);

        assert_eq!(audit(&world, "user_invited")[0]["actor"]["id"], world.admin.id);
        assert_eq!(audit(&world, "invitation_accepted")[0]["actor"]["id"], made["id"]);
    }

    fn a_token_that_is_not_good_is_one_answer(store) {
        let world = World::new(store);
        let client = world.server.client();
        let unknown = accept(&client, "x");
        assert_invalid(&unknown);
        let used = invite(&world, "used", "agent");
        accept(&client, token(&used)).expect(200);
        let disabled = invite(&world, "disabled", "agent");
        world.admin.put(&format!("/admin/users/{}", disabled["id"]), &json!({"is_active": false})).expect(200);
        let session = world.session(&world.admin);
        let far_too_long = "x".repeat(10_000);
        for bad in [token(&used), token(&disabled), "", &far_too_long, &session.refresh_token, session.token().unwrap()] {
            assert_eq!(accept(&client, bad).comparable(), unknown.comparable(), "{bad}");
        }
        session.assert_alive();
        // An invitation is no refresh token either.
        let made = invite(&world, "ada", "agent");
        helpdesk_tests::refresh(&client, token(&made)).expect_dead_token();
        client.with_token(token(&made)).get("/me").expect_dead_token();
        accept(&client, token(&made)).expect(200);
    }

    fn an_invitation_is_good_for_a_day(store) {
        let world = World::new(store);
        let client = world.server.client();
        let made = invite(&world, "ada", "customer");
        let span = match store {
            helpdesk_tests::StoreKind::Sqlite => "CAST(CAST(round((expires_at - created_at) / 3600000000.0) AS integer) AS text)",
            helpdesk_tests::StoreKind::Postgres => "CAST(CAST(extract(epoch FROM expires_at - created_at) / 3600 AS integer) AS text)",
        };
        assert_eq!(world.database.query(&format!("SELECT {span} AS value FROM invitations")), "24");
        world.database.execute(&format!("UPDATE invitations SET expires_at = {}", world.database.hours_ago(0)));
        assert_invalid(&accept(&client, token(&made)));
        // The admin has a way out of it.
        let again = world.admin.post_nothing(&format!("/admin/users/{}/password-reset", made["id"])).expect(200);
        assert_invalid(&accept(&client, token(&made)));
        accept(&client, token(&again)).expect(200);
        sign_in(&client, "ada@example.com", PASSWORD).expect(200);
    }

    fn a_reset_takes_the_password_and_all_sessions_and_invites(store) {
        let world = World::new(store);
        let client = world.server.client();
        let ada = world.join("ada", "customer");
        let session = world.session(&ada);
        let path = format!("/admin/users/{}/password-reset", ada.id);
        session.get("/me").expect(200);
        let first = world.admin.post_nothing(&path).expect(200);
        assert_eq!((&first["id"], &first["has_password"]), (&json!(ada.id), &json!(false)));
        session.assert_dead();
        ada.get("/me").expect_dead_token();
        assert_eq!(sign_in(&client, &ada.email, PASSWORD).problem(401), "invalid_credentials");

        let second = world.admin.post_nothing(&path).expect(200);
        assert_ne!(token(&first), token(&second));
        assert_invalid(&accept(&client, token(&first)));
        accept(&client, token(&second)).expect(200);
        assert_invalid(&accept(&client, token(&second)));
        Session::open(&client, &ada.email, PASSWORD).assert_alive();
        session.assert_dead();
        assert_eq!(audit(&world, "password_reset").len(), 2);
    }

    /// Somebody else's wish must not end a way in that the owner has found again.
    fn a_password_set_otherwise_uses_an_invitation_up(store) {
        let world = World::new(store);
        let client = world.server.client();
        let ada = world.join("ada", "customer");
        let reset = world.admin.post_nothing(&format!("/admin/users/{}/password-reset", ada.id)).expect(200);
        let output = world.user_command(&["set-password", "--email", &ada.email, "--password-stdin"], "quite another battery staple\n");
        assert!(output.status.success());
        assert_invalid(&accept(&client, token(&reset)));
        sign_in(&client, &ada.email, "quite another battery staple").expect(200);
    }

    fn of_a_token_only_a_digest_is_kept(store) {
        let world = World::new(store);
        let made = invite(&world, "ada", "customer");
        let session = world.session(&world.admin);
        for table in ["invitations", "refresh_tokens"] {
            let text = match store {
                helpdesk_tests::StoreKind::Sqlite => format!("SELECT group_concat(hex(digest), ' ') AS value FROM {table}"),
                helpdesk_tests::StoreKind::Postgres => format!("SELECT string_agg(encode(digest, 'hex'), ' ') AS value FROM {table}"),
            };
            let kept = world.database.query(&text).to_lowercase();
            for secret in [token(&made), &session.refresh_token] {
                use std::fmt::Write as _;
                let hex = secret.bytes().fold(String::new(), |mut hex, byte| {
                    let _ = write!(hex, "{byte:02x}");
                    hex
                });
                assert!(!kept.contains(&hex), "{table}");
            }
        }
        let trail = world.admin.get("/admin/audit").text();
        assert!(!trail.contains(token(&made)), "{trail}");
    }

    fn an_invited_admin_does_not_count_as_one_who_remains(store) {
        let world = World::new(store);
        let invited = invite(&world, "root", "admin");
        let own = format!("/admin/users/{}", world.admin.id);
        for change in [json!({"role": "agent"}), json!({"is_active": false})] {
            assert_eq!(world.admin.put(&own, &change).problem(409), "last_admin");
        }
        assert_eq!(world.admin.post_nothing(&format!("{own}/password-reset")).problem(409), "last_admin");
        world.admin.get("/me").expect(200);
        assert_eq!(audit(&world, "password_reset"), Vec::<Value>::new());
        accept(&world.server.client(), token(&invited)).expect(200);
        world.admin.post_nothing(&format!("{own}/password-reset")).expect(200);
        world.admin.get("/me").expect_dead_token();
    }
}

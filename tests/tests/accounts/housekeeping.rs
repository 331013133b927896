//! What is over for good is forgotten.

use helpdesk_tests::{PASSWORD, Server, StoreKind, World, on_both_stores, wait_until};
use serde_json::json;

on_both_stores! {
    fn what_ended_long_ago_is_gone_after_a_start_and_nothing_else(store) {
        let world = World::new(store);
        let ada = world.join("ada", "customer");
        let (old, kept) = (world.session(&ada), world.session(&ada));
        let (old_id, kept_id) = (old.id(), kept.id());
        kept.delete(&format!("/me/sessions/{old_id}")).expect_nothing();
        let old_invitation = world.admin.post("/admin/users", &json!({"email": "old@example.com", "name": "Old", "role": "agent"})).expect(201);
        let new_invitation = world.admin.post("/admin/users", &json!({"email": "new@example.com", "name": "New", "role": "agent"})).expect(201);
        let database = &world.database;
        database.execute(&format!(
            "UPDATE sessions SET created_at = {0}, last_used_at = {0}, expires_at = {1}, idle_expires_at = {1} WHERE id = '{old_id}'",
            database.hours_ago(24 * 61), database.hours_ago(24 * 31)
        ));
        database.execute(&format!(
            "UPDATE invitations SET expires_at = {} WHERE user_id = {}", database.hours_ago(24 * 31), old_invitation["id"]
        ));
        // More tokens than are forgotten at a time.
        let bytes = match store {
            StoreKind::Sqlite => "randomblob(32)",
            StoreKind::Postgres => "sha256(CAST(CAST(i AS text) AS bytea))",
        };
        database.execute(&format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)
             INSERT INTO refresh_tokens (digest, session_id, issued_at, generation, is_superseded)
             SELECT {bytes}, '{old_id}', {}, i, i < 0 FROM n",
            database.hours_ago(24 * 61)
        ));
        let trail = world.admin.get("/admin/audit").expect(200);
        let World { server, database, admin } = world;
        drop(server);

        let server = Server::start(&database);
        wait_until("what is over to be forgotten", || {
            database.count(&format!("sessions WHERE id = '{old_id}'")) == 0
                && database.count(&format!("invitations WHERE user_id = {}", old_invitation["id"])) == 0
        });
        assert_eq!(database.count(&format!("refresh_tokens WHERE session_id = '{old_id}'")), 0);
        assert_eq!(database.count(&format!("sessions WHERE id = '{kept_id}'")), 1);
        let kept = helpdesk_tests::Session { client: server.client().with_token(kept.token().unwrap()), ..kept };
        kept.assert_alive();
        let accept = json!({"token": new_invitation["invitation"]["token"], "password": PASSWORD});
        server.client().post("/invitations/accept", &accept).expect(200);
        // The trail is for ever.
        let admin = server.client().with_token(admin.token().unwrap());
        let after = admin.get("/admin/audit").expect(200);
        let entries = trail["data"].as_array().unwrap();
        assert!(entries.iter().all(|entry| after["data"].as_array().unwrap().contains(entry)), "{after}");
        // The account without a way in is still there, and can be invited anew.
        admin.post_nothing(&format!("/admin/users/{}/password-reset", old_invitation["id"])).expect(200);
    }
}

//! Passwords that are nearly right, or far too long.

use helpdesk_tests::{World, on_both_stores};
use serde_json::json;

on_both_stores! {
    /// The crate that hashes is swept at every length; here it is shown to be what the server uses. bcrypt alone reads 72 bytes.
    fn passwords_that_begin_alike_are_not_the_same(store) {
        let world = World::new(store);
        let right = "0123456789".repeat(10);
        let user = json!({"email": "long@example.com", "name": "Long", "role": "customer", "password": right});
        world.admin.post("/admin/users", &user).expect(201);
        let client = world.server.client();
        let login = |password: &str| client.post("/login", &json!({"email": "long@example.com", "password": password}));
        login(&right).expect(200);
        for wrong in [right[..72].to_owned(), right[..99].to_owned(), format!("{}x", &right[..99]), format!("{right}0")] {
            assert_eq!(login(&wrong).problem(401), "invalid_credentials", "{wrong}");
        }
        assert_eq!(login(&format!("{right}\0")).problem(422), "validation_failed");
        assert_eq!(login(&format!("{}\0", &right[..72])).problem(422), "validation_failed");
    }

    /// Before anything is hashed or looked up: an account that exists is told like one that does not.
    fn a_huge_password_is_refused_unread(store) {
        let world = World::new(store);
        let huge = "x".repeat(10_000);
        let login = |email: &str| world.server.client().post("/login", &json!({"email": email, "password": huge}));
        assert_eq!(login("admin@example.com").problem(422), "validation_failed");
        assert_eq!(login("admin@example.com").comparable(), login("nobody@example.com").comparable());
        let user = json!({"email": "huge@example.com", "name": "Huge", "role": "customer", "password": huge});
        let answer = world.admin.post("/admin/users", &user);
        assert_eq!(answer.problem(422), "validation_failed");
        assert_eq!(answer.json()["errors"][0]["field"], "password");
    }
}

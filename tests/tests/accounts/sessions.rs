//! Staying signed in, and seeing and ending one's sessions.

use helpdesk_tests::{
    PASSWORD, Session, World, claims_of, header_of, on_both_stores, refresh, sign, wait_until,
};
use serde_json::{Value, json};

use crate::texts;

on_both_stores! {
    fn a_refresh_gives_a_new_pair_of_the_same_session(store) {
        let world = World::new(store);
        let ada = world.join("ada", "customer");
        let first = world.session(&ada);
        let answer = first.refresh().expect(200);
        assert_eq!((&answer["token_type"], &answer["expires_in"]), (&json!("Bearer"), &json!(900)));
        assert_eq!(answer["user"], json!({"id": ada.id, "email": ada.email, "name": "ada", "role": "customer"}));
        let next = Session::of(&first.client, &answer);
        assert_ne!(next.refresh_token, first.refresh_token);
        assert_ne!(next.token(), first.token());
        assert_eq!(next.id(), first.id());
        // The access token that was there before is good until its time is over.
        first.get("/me").expect(200);
        // And so on, as often as one likes.
        next.refreshed().refreshed().assert_alive();
    }

    fn an_access_token_and_a_refresh_token_do_not_stand_in_for_each_other(store) {
        let world = World::new(store);
        let session = world.session(&world.admin);
        refresh(&session, session.token().unwrap()).expect_dead_token();
        session.with_token(&session.refresh_token).get("/me").expect_dead_token();
        session.assert_alive();
    }

    fn any_bad_refresh_token_is_one_answer(store) {
        let world = World::new(store);
        let session = world.session(&world.admin);
        let over = world.session(&world.admin);
        over.post_nothing("/logout").expect_nothing();
        let ended = over.refresh();
        ended.expect_dead_token();
        let good = session.refresh_token.clone();
        let mut changed = good.clone();
        changed.replace_range(..1, if good.starts_with('A') { "B" } else { "A" });
        let far_too_long = "x".repeat(10_000);
        for bad in ["", " ", "x", &changed, &format!("{good} "), &good.to_uppercase(), &far_too_long, "\u{e4}"] {
            assert_eq!(refresh(&session, bad).comparable(), ended.comparable(), "{bad}");
        }
        session.assert_alive();
    }

    /// The access token may be over by then, which is what refreshing is for.
    fn refreshing_needs_no_access_token_and_looks_at_none(store) {
        let world = World::new(store);
        let session = world.session(&world.admin);
        let forged = session.with_token("forged");
        forged.post("/token/refresh", &json!({"refresh_token": session.refresh_token})).expect(200);
    }

    fn signing_out_ends_both_tokens_on_the_next_request_and_no_other_session(store) {
        let world = World::new(store);
        let (one, other) = (world.session(&world.admin), world.session(&world.admin));
        let next = one.refreshed();
        next.get("/me").expect(200);
        next.post_nothing("/logout").expect_nothing();
        next.assert_dead();
        one.assert_dead();
        // Once more: there is nobody any more who could.
        next.post_nothing("/logout").expect_dead_token();
        other.assert_alive();
    }

    fn the_list_shows_the_accounts_own_sessions_newest_first(store) {
        let world = World::with(store, &[("HELPDESK_TRUSTED_PROXIES", "127.0.0.1")]);
        let ada = world.join("ada", "customer");
        let eve = world.join("eve", "customer");
        let login = json!({"email": ada.email, "password": PASSWORD}).to_string();
        let client = world.server.client().forwarded_for("2001:db8:1:2:3::4");
        let headers = [("Content-Type", "application/json"), ("User-Agent", "Kumquat/1.0")];
        let tokens = client.send("POST", "/login", &headers, Some(login.as_bytes())).expect(200);
        let session = Session::of(&world.server.client(), &tokens);

        let list = session.get("/me/sessions").expect(200);
        let sessions = list["data"].as_array().unwrap();
        assert_eq!(sessions.len(), 2, "{list}");
        assert_eq!((&sessions[0]["is_current"], &sessions[1]["is_current"]), (&json!(true), &json!(false)));
        let current = &sessions[0];
        assert_eq!(current["address"], "2001:db8:1:2:3::4");
        assert_eq!(current["user_agent"], "Kumquat/1.0");
        assert_eq!(current["created_at"], current["last_used_at"]);
        assert!(current["idle_expires_at"].as_str() < current["expires_at"].as_str(), "{current}");
        assert!(current["created_at"].as_str() < current["idle_expires_at"].as_str(), "{current}");
        let mut members: Vec<_> = current.as_object().unwrap().keys().cloned().collect();
        members.sort();
        assert_eq!(members, ["address", "created_at", "expires_at", "id", "idle_expires_at", "is_current", "last_used_at", "user_agent"]);

        // Refreshing tells where it is used now, and moves the idle time; its end stays.
        let next = session.refreshed();
        let after = next.get("/me/sessions").expect(200)["data"][0].clone();
        assert_eq!((&after["id"], &after["address"]), (&current["id"], &json!("127.0.0.1")));
        assert_eq!(after["expires_at"], current["expires_at"]);
        assert!(after["last_used_at"].as_str() > current["last_used_at"].as_str(), "{after}");
        assert!(after["idle_expires_at"].as_str() > current["idle_expires_at"].as_str(), "{after}");

        // Page by page it is the same.
        let first = next.get("/me/sessions?limit=1").expect(200);
        let cursor = first["next_cursor"].as_str().unwrap();
        let second = next.get(&format!("/me/sessions?limit=1&cursor={cursor}")).expect(200);
        assert_eq!([texts(&first, "id"), texts(&second, "id")].concat(), texts(&list, "id"));
        assert_eq!(second["next_cursor"], Value::Null);
        assert_eq!(eve.get(&format!("/me/sessions?limit=1&cursor={cursor}")).problem(400), "invalid_cursor");
    }

    fn one_of_ones_sessions_is_ended_and_leaves_the_list(store) {
        let world = World::new(store);
        let (here, there) = (world.session(&world.admin), world.session(&world.admin));
        let id = there.id();
        here.delete(&format!("/me/sessions/{id}")).expect_nothing();
        there.assert_dead();
        assert!(!texts(&here.get("/me/sessions").expect(200), "id").contains(&id));
        // It is over, and so it is not there.
        assert_eq!(here.delete(&format!("/me/sessions/{id}")).problem(404), "not_found");
        here.delete(&format!("/me/sessions/{}", here.id())).expect_nothing();
        here.assert_dead();
    }

    fn a_session_of_somebody_else_is_told_like_one_that_is_not_there(store) {
        let world = World::new(store);
        let (ada, eve) = (world.join("ada", "customer"), world.join("eve", "customer"));
        let session = world.session(&ada);
        let unknown = eve.delete(&format!("/me/sessions/{}", "0123456789abcdef".repeat(2)));
        assert_eq!(unknown.problem(404), "not_found");
        let foreign = eve.delete(&format!("/me/sessions/{}", session.id()));
        assert_eq!(foreign.comparable(), unknown.comparable());
        assert_eq!(world.admin.delete(&format!("/me/sessions/{}", session.id())).comparable(), unknown.comparable());
        for nonsense in ["1", "0", "-1", "x", "%00", &session.id().to_uppercase(), &format!("{}0", session.id()), "' OR 1=1 --"] {
            let path = format!("/me/sessions/{}", nonsense.replace(' ', "%20").replace('\'', "%27"));
            assert_eq!(eve.delete(&path).comparable(), unknown.comparable(), "{nonsense}");
        }
        session.assert_alive();
    }

    fn a_session_that_was_idle_for_too_long_or_is_too_old_is_over(store) {
        let world = World::new(store);
        for column in ["idle_expires_at", "expires_at"] {
            let ada = world.join(&column.replace('_', "-"), "customer");
            let session = world.session(&ada);
            world.database.execute(&format!(
                "UPDATE sessions SET {column} = {} WHERE id = '{}'", world.database.hours_ago(1), session.id()
            ));
            // What was read of it before is remembered for less than a second.
            wait_until("the session to be over", || session.get("/me").status == 401);
            session.assert_dead();
            assert_eq!(ada.get("/me/sessions").expect(200)["data"].as_array().unwrap().len(), 1, "{column}");
        }
    }

    /// Only an account's own claims: those of somebody who has the secret would pass for anybody in any case.
    fn the_session_in_a_token_must_be_its_accounts(store) {
        let world = World::new(store);
        let (ada, eve) = (world.join("ada", "customer"), world.join("eve", "customer"));
        let mut claims = claims_of(eve.token().unwrap());
        claims["sid"] = claims_of(ada.token().unwrap())["sid"].clone();
        let mixed = sign(&header_of(eve.token().unwrap()), &claims, helpdesk_tests::JWT_SECRET);
        world.server.client().with_token(&mixed).get("/me").expect_dead_token();
    }
}

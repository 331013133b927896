//! How many requests an account may make, where the operator says so.

use helpdesk_tests::{World, on_both_stores};

on_both_stores! {
    fn an_account_that_asks_too_often_is_told_when_to_come_back(store) {
        let world = World::with(store, &[("HELPDESK_REQUEST_LIMIT", "10/1")]);
        let (ada, eve) = (world.join("ada", "customer"), world.join("eve", "customer"));
        let second = world.session(&ada);
        for number in 0..10_u32 {
            // All sessions of an account draw from one, and so do refusals.
            let client = if number % 2 == 0 { &ada.client } else { &second.client };
            let path = if number % 3 == 0 { "/admin/users" } else { "/customer/tickets" };
            let answer = client.get(path);
            assert_eq!(answer.status, if number % 3 == 0 { 403 } else { 200 });
            assert_eq!(answer.header("ratelimit-limit"), Some("10"));
            assert_eq!(answer.header("ratelimit-remaining"), Some((9 - number).to_string().as_str()));
            let reset: u64 = answer.header("ratelimit-reset").unwrap().parse().unwrap();
            assert!(reset > u64::from(number) * 60 && reset <= u64::from(number + 1) * 60, "{number}: {reset}");
        }
        let answer = ada.get("/customer/tickets");
        assert_eq!(answer.problem(429), "rate_limited");
        assert!((1..=60).contains(&answer.retry_after()), "{answer:?}");
        assert_eq!(answer.header("ratelimit-remaining"), Some("0"));
        assert_eq!(second.get("/me").problem(429), "rate_limited");
        assert_eq!(second.post_nothing("/logout").problem(429), "rate_limited");
        // What takes no access token is not counted, and nor is somebody else's.
        second.refresh().expect(200);
        eve.get("/customer/tickets").expect(200);
        assert_eq!(world.server.client().get("/health/live").header("ratelimit-limit"), None);
        assert_eq!(world.server.client().with_token("forged").get("/me").problem(401), "invalid_token");
    }

    fn unless_it_is_set_there_is_no_limit_and_no_header(store) {
        let world = World::new(store);
        for _ in 0..200 {
            let answer = world.admin.get("/me");
            answer.expect(200);
            assert_eq!(answer.header("ratelimit-limit"), None);
        }
    }
}

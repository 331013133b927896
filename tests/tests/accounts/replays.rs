//! Refresh tokens that are shown more than once.

use helpdesk_tests::{Session, World, on_both_stores, refresh};

use crate::{audit, count, times};

on_both_stores! {
    fn a_token_whose_successor_was_used_ends_its_session_and_no_other(store) {
        let world = World::new(store);
        let ada = world.join("ada", "customer");
        let stolen = world.session(&ada);
        let bystander = world.session(&ada);
        let second = stolen.refreshed();
        let third = second.refreshed();
        third.get("/me").expect(200);
        assert!(audit(&world, "refresh_token_replayed").is_empty());

        stolen.refresh().expect_dead_token();
        for holder in [&third, &second, &stolen] {
            holder.assert_dead();
        }
        ada.get("/me").expect(200);
        bystander.assert_alive();

        let entries = audit(&world, "refresh_token_replayed");
        assert_eq!(entries.len(), 1, "shown once more, a dead token is no news: {entries:?}");
        let entry = &entries[0];
        assert_eq!((&entry["actor"]["kind"], &entry["actor"]["id"]), (&"system".into(), &serde_json::Value::Null));
        assert_eq!((&entry["subject"]["id"], &entry["subject"]["label"]), (&ada.id.into(), &ada.email.clone().into()));
        assert_eq!((&entry["changes"][0]["field"], &entry["changes"][0]["to"]), (&"address".into(), &"127.0.0.1".into()));
    }

    fn a_lost_answer_is_given_anew_and_what_was_lost_is_worth_nothing(store) {
        let world = World::new(store);
        let ada = world.join("ada", "customer");
        let session = world.session(&ada);
        let lost = session.refreshed();
        let again = session.refreshed();
        assert_ne!(again.refresh_token, lost.refresh_token);
        assert!(audit(&world, "refresh_token_replayed").is_empty());
        let next = again.refreshed();
        next.get("/me").expect(200);
        // Whoever has the lost answer after all is not the one who asked for it.
        lost.refresh().expect_dead_token();
        next.assert_dead();
        assert_eq!(audit(&world, "refresh_token_replayed").len(), 1);
    }

    fn who_uses_a_lost_answer_first_ends_the_session_as_well(store) {
        let world = World::new(store);
        let session = world.session(&world.join("ada", "customer"));
        let lost = session.refreshed();
        let again = session.refreshed();
        lost.refresh().expect_dead_token();
        again.assert_dead();
    }

    /// Each may be the retry of another whose answer was lost; what matters is that one of the answers counts in the end.
    fn of_twenty_parallel_refreshes_one_branch_lives_on(store) {
        const MANY: usize = 20;
        let world = World::new(store);
        let ada = world.join("ada", "customer");
        for _ in 0..2 {
            let session = world.session(&ada);
            let id = session.id();
            let answers = times(MANY, |_| session.refresh());
            let succeeded = count(&answers, 200, &[200, 401]);
            assert!(succeeded >= 1);
            let branches: Vec<Session> = answers
                .iter()
                .filter(|answer| answer.status == 200)
                .map(|answer| Session::of(&session.client, &answer.json()))
                .collect();
            let live = world.database.count(&format!(
                "refresh_tokens t JOIN sessions s ON s.id = t.session_id WHERE s.id = '{id}' AND s.revoked_at IS NULL \
                 AND NOT t.is_superseded AND t.generation = s.generation"
            ));
            assert_eq!(live, 1, "one branch lives");

            // Shown one after the other, at most one works: the others are replays, which end it.
            let shown: Vec<u16> = branches.iter().map(|branch| refresh(branch, &branch.refresh_token).status).collect();
            assert!(shown.iter().all(|status| [200, 401].contains(status)), "{shown:?}");
            assert!(shown.iter().filter(|status| **status == 200).count() <= 1, "{shown:?}");
            if branches.len() > 1 {
                for branch in &branches {
                    branch.assert_dead();
                }
            }
        }
        ada.get("/me").expect(200);
    }

    /// A thief and the owner refresh against each other: whoever is last finds out.
    fn replays_and_refreshes_at_once_never_leave_two_holders(store) {
        let world = World::new(store);
        let ada = world.join("ada", "customer");
        for _ in 0..5 {
            let first = world.session(&ada);
            let second = first.refreshed();
            let third = second.refreshed();
            let answers = times(6, |number| match number % 3 {
                0 => first.refresh(),
                1 => second.refresh(),
                _ => third.refresh(),
            });
            count(&answers, 200, &[200, 401]);
            // The first token was a replay, whenever it came.
            for holder in [&first, &second, &third] {
                holder.assert_dead();
            }
            for answer in answers.iter().filter(|answer| answer.status == 200) {
                Session::of(&first.client, &answer.json()).assert_dead();
            }
        }
        ada.get("/me").expect(200);
    }
}

//! Two who do what cannot both be: one of them wins, the other is told, and nothing is left half.

use helpdesk_tests::{Answer, PASSWORD, Session, World, on_both_stores, sign_in};
use serde_json::{Value, json};

use crate::{at_once, audit, count, times};

/// How often each race is run: one run seldom hits the moment.
const ROUNDS: usize = 6;

on_both_stores! {
    fn two_admins_who_demote_each_other_leave_one(store) {
        let world = World::new(store);
        for round in 0..ROUNDS {
            let (one, two) = (world.join(&format!("one{round}"), "admin"), world.join(&format!("two{round}"), "admin"));
            // The first admin steps aside, so that the two are the last.
            world.database.execute(&format!(
                "UPDATE users SET role = 'customer' WHERE role = 'admin' AND id NOT IN ({}, {})", one.id, two.id
            ));
            let change = if round % 2 == 0 { json!({"role": "agent"}) } else { json!({"is_active": false}) };
            let answers = at_once(vec![
                Box::new(|| one.put(&format!("/admin/users/{}", two.id), &change)),
                Box::new(|| two.put(&format!("/admin/users/{}", one.id), &change)),
            ]);
            // The loser was too late, or is no admin any more.
            assert_eq!(count(&answers, 200, &[200, 401, 409]), 1, "{answers:?}");
            let able = world.database.count("users WHERE role = 'admin' AND is_active = (1 = 1)");
            assert_eq!(able, 1);
            let of_the_two = world.database.count(&format!("users WHERE role = 'admin' AND id IN ({}, {})", one.id, two.id));
            assert!(of_the_two >= 1);
            // For the next round.
            world.database.execute(&format!("UPDATE users SET role = 'admin' WHERE id = {}", world.admin.id));
        }
    }

    fn every_admin_who_demotes_itself_at_once_leaves_one(store) {
        let world = World::new(store);
        let mut admins: Vec<_> = (0..5).map(|number| world.join(&format!("admin{number}"), "admin")).collect();
        admins.push(world.admin.clone());
        let answers = times(admins.len(), |number| {
            let admin = &admins[number];
            match number % 3 {
                0 => admin.put(&format!("/admin/users/{}", admin.id), &json!({"role": "customer"})),
                1 => admin.put(&format!("/admin/users/{}", admin.id), &json!({"is_active": false})),
                _ => admin.post_nothing(&format!("/admin/users/{}/password-reset", admin.id)),
            }
        });
        assert_eq!(count(&answers, 200, &[200, 409]), admins.len() - 1);
        let able = "users WHERE role = 'admin' AND is_active = (1 = 1) AND password_hash IS NOT NULL";
        assert_eq!(world.database.count(able), 1);
    }

    fn a_ticket_is_never_left_with_an_agent_who_was_disabled_meanwhile(store) {
        let world = World::new(store);
        let customer = world.join("ada", "customer");
        for round in 0..ROUNDS {
            let agent = world.join(&format!("agent{round}"), "agent");
            let tickets: Vec<i64> = (0..4).map(|number| world.open_ticket(&customer, &format!("T{number}"))).collect();
            let change = if round % 2 == 0 { json!({"is_active": false}) } else { json!({"role": "customer"}) };
            let user = format!("/admin/users/{}", agent.id);
            let mut tasks: Vec<Box<dyn FnOnce() -> Answer + Send + '_>> = vec![Box::new(|| world.admin.put(&user, &change))];
            for ticket in &tickets {
                let (world, agent) = (&world, &agent);
                tasks.push(Box::new(move || {
                    world.admin.put(&format!("/admin/tickets/{ticket}"), &json!({"assignee_id": agent.id}))
                }));
            }
            let answers = at_once(tasks);
            answers[0].expect(200);
            count(&answers[1..], 200, &[200, 422]);
            for ticket in &tickets {
                let seen = world.admin.get(&format!("/admin/tickets/{ticket}")).expect(200);
                assert_eq!(seen["assignee"], Value::Null, "round {round}: {seen}");
            }
        }
    }

    fn of_many_who_accept_one_invitation_one_does(store) {
        let world = World::new(store);
        for round in 0..ROUNDS {
            let email = format!("ada{round}@example.com");
            let made = world.admin.post("/admin/users", &json!({"email": email, "name": "Ada", "role": "customer"})).expect(201);
            let token = made["invitation"]["token"].as_str().unwrap();
            let password = |number: usize| format!("{PASSWORD} {number}");
            let answers = times(3, |number| {
                world.server.client().post("/invitations/accept", &json!({"token": token, "password": password(number)}))
            });
            assert_eq!(count(&answers, 200, &[200, 422]), 1);
            for (number, answer) in answers.iter().enumerate() {
                let status = if answer.status == 200 { 200 } else {
                    assert_eq!(answer.fault(), ("token".to_owned(), "invalid_invitation".to_owned()));
                    401
                };
                assert_eq!(sign_in(&world.server.client(), &email, &password(number)).status, status);
            }
        }
        assert_eq!(audit(&world, "invitation_accepted").len(), ROUNDS);
    }

    /// A reset that comes while the earlier invitation is accepted takes its place or the password, but never leaves both.
    fn a_reset_and_an_acceptance_at_once_leave_one_way_in(store) {
        let world = World::new(store);
        let client = world.server.client();
        for round in 0..ROUNDS {
            let email = format!("ada{round}@example.com");
            let made = world.admin.post("/admin/users", &json!({"email": email, "name": "Ada", "role": "customer"})).expect(201);
            let first = made["invitation"]["token"].as_str().unwrap();
            let reset = format!("/admin/users/{}/password-reset", made["id"]);
            let accept = |token: &str| client.post("/invitations/accept", &json!({"token": token, "password": PASSWORD}));
            let answers = at_once(vec![Box::new(|| world.admin.post_nothing(&reset)), Box::new(|| accept(first))]);
            let second = answers[0].expect(200);
            assert!([200, 422].contains(&answers[1].status), "{}", answers[1].text());
            accept(first).problem(422);
            let has_password = sign_in(&client, &email, PASSWORD).status == 200;
            let has_invitation = accept(second["invitation"]["token"].as_str().unwrap()).status == 200;
            // Whichever came last: the reset, for it takes away what was accepted before; or it was not there to be taken.
            assert!(!has_password && has_invitation, "{has_password} {has_invitation}: {answers:?}");
        }
    }

    fn a_team_is_never_deleted_from_under_a_ticket_or_a_member(store) {
        let world = World::new(store);
        let customer = world.join("ada", "customer");
        let grace = world.join("grace", "agent");
        let ticket = world.open_ticket(&customer, "T");
        for round in 0..ROUNDS {
            let team = world.team(&format!("Team {round}"));
            let path = format!("/admin/teams/{team}");
            let delete = || world.admin.delete(&path);
            let other = || {
                if round % 2 == 0 {
                    world.admin.put(&format!("/admin/tickets/{ticket}"), &json!({"team_id": team}))
                } else {
                    world.admin.send("PUT", &format!("{path}/members/{}", grace.id), &[], None)
                }
            };
            let answers = at_once(vec![Box::new(delete), Box::new(other)]);
            let (deleted, joined) = (&answers[0], &answers[1]);
            match (deleted.status, joined.status) {
                (204, 404 | 422) => assert_eq!(world.admin.get(&path).status, 404),
                (409, 200 | 204) => {
                    assert_eq!(deleted.problem(409), "team_not_empty");
                    world.admin.get(&path).expect(200);
                }
                _ => panic!("{deleted:?} {joined:?}"),
            }
            let team_of_ticket = world.admin.get(&format!("/admin/tickets/{ticket}")).expect(200)["team"]["id"].clone();
            world.admin.get(&format!("/admin/teams/{team_of_ticket}")).expect(200);
            world.admin.put(&format!("/admin/tickets/{ticket}"), &json!({"team_id": 1})).expect(200);
        }
        assert_eq!(world.database.count("team_members m WHERE NOT EXISTS (SELECT 1 FROM teams t WHERE t.id = m.team_id)"), 0);
    }

    fn of_twenty_who_want_one_name_or_one_address_one_gets_it(store) {
        let world = World::new(store);
        let answers = times(20, |_| world.admin.post("/admin/teams", &json!({"name": "Second line"})));
        assert_eq!(count(&answers, 201, &[201, 409]), 1);
        let answers = times(20, |number| {
            let email = if number % 2 == 0 { "ada@example.com" } else { "\u{a0}ADA@Example.com " };
            world.admin.post("/admin/users", &json!({"email": email, "name": "Ada", "role": "agent"}))
        });
        assert_eq!(count(&answers, 201, &[201, 409]), 1);
        assert_eq!((world.database.count("users"), world.database.count("invitations")), (2, 1));
        // The admin was invited too.
        assert_eq!((audit(&world, "team_created").len(), audit(&world, "user_invited").len()), (1, 2));
    }

    fn of_twenty_resets_the_last_ones_token_works(store) {
        let world = World::new(store);
        let ada = world.join("ada", "customer");
        let path = format!("/admin/users/{}/password-reset", ada.id);
        let answers = times(20, |_| world.admin.post_nothing(&path));
        assert_eq!(count(&answers, 200, &[200]), 20);
        assert_eq!(world.database.count("invitations"), 1);
        let accepted: Vec<u16> = answers
            .iter()
            .map(|answer| {
                let token = answer.json()["invitation"]["token"].clone();
                world.server.client().post("/invitations/accept", &json!({"token": token, "password": PASSWORD})).status
            })
            .collect();
        assert_eq!(accepted.iter().filter(|status| **status == 200).count(), 1, "{accepted:?}");
        assert!(accepted.iter().all(|status| [200, 422].contains(status)), "{accepted:?}");
    }

    /// Who was let in before it was disabled is put out; who comes after it is not let in.
    fn nobody_slips_in_while_being_disabled(store) {
        let world = World::new(store);
        for round in 0..ROUNDS {
            let ada = world.join(&format!("ada{round}"), "customer");
            let user = format!("/admin/users/{}", ada.id);
            let client = world.server.client();
            let mut tasks: Vec<Box<dyn FnOnce() -> Answer + Send + '_>> =
                vec![Box::new(|| world.admin.put(&user, &json!({"is_active": false})))];
            for _ in 0..3 {
                tasks.push(Box::new(|| sign_in(&client, &ada.email, PASSWORD)));
            }
            let answers = at_once(tasks);
            answers[0].expect(200);
            count(&answers[1..], 200, &[200, 401]);
            for answer in answers[1..].iter().filter(|answer| answer.status == 200) {
                Session::of(&client, &answer.json()).assert_dead();
            }
            let live = world.database.count(&format!(
                "sessions s JOIN users u ON u.id = s.user_id WHERE u.id = {} AND s.revoked_at IS NULL AND s.token_version = u.token_version",
                ada.id
            ));
            assert_eq!(live, 0);
        }
    }

    fn a_change_of_password_and_refreshes_at_once_leave_the_one_session(store) {
        let world = World::new(store);
        for round in 0..ROUNDS {
            let ada = world.join(&format!("ada{round}"), "customer");
            let (here, there) = (world.session(&ada), world.session(&ada));
            let change = json!({"current_password": PASSWORD, "new_password": "quite another battery staple"});
            let answers = at_once(vec![
                Box::new(|| here.put("/me/password", &change)),
                Box::new(|| there.refresh()),
                Box::new(|| there.refresh()),
            ]);
            answers[0].expect(200);
            count(&answers[1..], 200, &[200, 401]);
            for answer in answers[1..].iter().filter(|answer| answer.status == 200) {
                Session::of(&there.client, &answer.json()).assert_dead();
            }
            there.assert_dead();
            here.assert_alive();
        }
    }

    fn of_two_changes_of_one_password_at_once_one_counts(store) {
        let world = World::new(store);
        let client = world.server.client();
        for round in 0..ROUNDS {
            let ada = world.join(&format!("ada{round}"), "customer");
            let (one, two) = (world.session(&ada), world.session(&ada));
            let new = |which: &str| format!("quite another battery {which}");
            let change = |by: &Session, which: &str| {
                by.put("/me/password", &json!({"current_password": PASSWORD, "new_password": new(which)}))
            };
            let answers = at_once(vec![Box::new(|| change(&one, "one")), Box::new(|| change(&two, "two"))]);
            // The loser's password was not the current one any more, or its session had ended.
            assert_eq!(count(&answers, 200, &[200, 401, 422]), 1, "{answers:?}");
            let [first_is_good, second_is_good] = ["one", "two"].map(|which| sign_in(&client, &ada.email, &new(which)).status == 200);
            assert_eq!((first_is_good, second_is_good), (answers[0].status == 200, answers[1].status == 200));
        }
    }
}

//! Many admins at once, who do as they please: none of them meets a failure, and the rules hold afterwards.

use helpdesk_tests::{Account, Answer, World, on_both_stores};
use serde_json::json;

use crate::{count, times};

/// How many do so at once.
const ADMINS: usize = 8;
/// How much each of them does.
const ACTS: usize = 25;

/// A sequence that looks like none and is the same in every run.
fn pick(seed: &mut u64, below: usize) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from((*seed >> 33) % below as u64).expect("a small number")
}

/// What there is to be changed.
struct Scene {
    agents: Vec<Account>,
    teams: Vec<i64>,
    tickets: Vec<i64>,
}

/// One act of one admin.
fn act(world: &World, scene: &Scene, seed: &mut u64, number: usize) -> Answer {
    let admin = &world.admin;
    let agent = scene.agents[pick(seed, scene.agents.len())].id;
    let team = scene.teams[pick(seed, scene.teams.len())];
    let ticket = scene.tickets[pick(seed, scene.tickets.len())];
    let user = format!("/admin/users/{agent}");
    let member = format!("/admin/teams/{team}/members/{agent}");
    match pick(seed, 10) {
        0 => admin.put(&user, &json!({"is_active": false})),
        1 => admin.put(&user, &json!({"is_active": true, "role": "agent"})),
        2 => admin.put(&user, &json!({"role": "customer"})),
        3 => admin.send("PUT", &member, &[], None),
        4 => admin.delete(&member),
        5 => admin.post_nothing(&format!("{user}/password-reset")),
        6 => admin.put(&format!("/admin/teams/{team}"), &json!({"name": format!("Team {number}")})),
        7 => admin.delete(&format!("/admin/teams/{team}")),
        8 => admin.put(&format!("/admin/tickets/{ticket}"), &json!({"assignee_id": agent, "team_id": team})),
        _ => admin.put(&format!("/admin/tickets/{ticket}"), &json!({"assignee_id": agent})),
    }
}

on_both_stores! {
    fn whatever_admins_do_at_once_none_fails_and_the_rules_hold(store) {
        let world = World::new(store);
        let customer = world.join("ada", "customer");
        let agents: Vec<Account> = (0..4).map(|number| world.join(&format!("agent{number}"), "agent")).collect();
        let teams = (0..4).map(|number| world.team(&format!("Team of old {number}"))).collect();
        let tickets: Vec<i64> = (0..6).map(|number| world.open_ticket(&customer, &format!("T{number}"))).collect();
        let scene = Scene { agents, teams, tickets };

        let answers: Vec<Answer> = times(ADMINS, |number| {
            let mut seed = number as u64 + 1;
            (0..ACTS).map(|n| act(&world, &scene, &mut seed, number * ACTS + n)).collect::<Vec<_>>()
        })
        .concat();
        let done = count(&answers, 200, &[200, 204, 404, 409, 422]);
        assert!(done > ACTS, "{done} of {} did anything", answers.len());

        for rule in [
            "tickets t JOIN users u ON u.id = t.assignee_id WHERE NOT (u.is_active AND u.role = 'agent')",
            "team_members m JOIN users u ON u.id = m.user_id WHERE u.role <> 'agent'",
            "tickets t WHERE NOT EXISTS (SELECT 1 FROM teams m WHERE m.id = t.team_id)",
            "users u WHERE u.version <> 1 + (SELECT count(*) FROM audit_entries e WHERE e.subject_kind = 'user' \
             AND e.subject_id = u.id AND e.kind IN ('user_updated', 'password_reset'))",
            "tickets t WHERE t.version <> (SELECT count(DISTINCT e.version) FROM ticket_events e WHERE e.ticket_id = t.id)",
        ] {
            assert_eq!(world.database.count(rule), 0, "{rule}");
        }
        // Everything can still be read.
        for path in ["/admin/users", "/admin/teams", "/admin/tickets", "/admin/audit"] {
            world.admin.get(&format!("{path}?limit=100")).expect(200);
        }
    }

    fn of_twenty_who_change_one_thing_none_is_sent_away(store) {
        let world = World::new(store);
        let grace = world.join("grace", "agent");
        let team = world.team("Second line");
        let member = format!("/admin/teams/{team}/members/{}", grace.id);
        let name = |number: usize| json!({"name": format!("Name {number}")});
        let renamed = times(20, |number| world.admin.put(&format!("/admin/teams/{team}"), &name(number)));
        assert_eq!(count(&renamed, 200, &[200]), 20);
        let renamed = times(20, |number| grace.put("/me", &name(number)));
        assert_eq!(count(&renamed, 200, &[200]), 20);
        let renamed = times(20, |number| world.admin.put(&format!("/admin/users/{}", grace.id), &name(number)));
        assert_eq!(count(&renamed, 200, &[200]), 20);
        let moved = times(20, |number| {
            world.admin.send(if number % 2 == 0 { "PUT" } else { "DELETE" }, &member, &[], None)
        });
        assert_eq!(count(&moved, 204, &[204]), 20);
        let sessions: Vec<_> = (0..6).map(|_| world.session(&grace)).collect();
        let ended = times(12, |number| sessions[number % 6].post_nothing("/logout"));
        assert!(count(&ended, 204, &[204, 401]) >= 6);
    }
}

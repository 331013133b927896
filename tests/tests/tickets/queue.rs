//! The queue: what is in it, who takes what, and what is put back.

use helpdesk_tests::{World, on_both_stores};
use serde_json::{Value, json};

use crate::{ids, times};

/// How many try to claim one ticket.
const CLAIMS: usize = 30;

on_both_stores! {
    fn of_many_who_claim_one_ticket_one_gets_it(store) {
        let world = World::new(store);
        let ada = world.join("ada", "customer");
        let agents: Vec<_> = (0..CLAIMS).map(|number| world.join(&format!("agent{number}"), "agent")).collect();
        let ticket = world.open_ticket(&ada, "Wanted");
        let claim = format!("/agent/tickets/{ticket}/claim");
        let answers = times(CLAIMS, |number| agents[number].post_nothing(&claim));
        let winners: Vec<usize> = (0..CLAIMS).filter(|&number| answers[number].status == 200).collect();
        let [winner] = winners[..] else { panic!("{winners:?}") };
        assert_eq!(answers[winner].json()["assignee"]["id"], agents[winner].id);
        for (number, agent) in agents.iter().enumerate().filter(|(number, _)| *number != winner) {
            assert_eq!(answers[number].problem(409), "already_claimed");
            // However late it looks; and it still does not see the ticket.
            assert_eq!(agent.post_nothing(&claim).problem(409), "already_claimed");
            assert_eq!(agent.get(&format!("/agent/tickets/{ticket}")).problem(404), "not_found");
        }
        // Whoever has it may ask again.
        let version = answers[winner].json()["version"].clone();
        assert_eq!(agents[winner].post_nothing(&claim).expect(200)["version"], version);
        let events = format!("ticket_events WHERE ticket_id = {ticket}");
        assert_eq!(world.database.count(&events), 2, "opened, and taken once");
    }

    fn what_is_released_is_in_the_queue_again(store) {
        let world = World::new(store);
        let (ada, grace, alan) = (world.join("ada", "customer"), world.join("grace", "agent"), world.join("alan", "agent"));
        let ticket = world.open_ticket(&ada, "Back and forth");
        let path = |verb: &str| format!("/agent/tickets/{ticket}{verb}");
        let queue = |who: &helpdesk_tests::Account| ids(&who.get("/agent/queue").expect(200));
        assert_eq!((queue(&grace), queue(&alan)), (vec![ticket], vec![ticket]));
        // To be in the queue is not to be seen otherwise.
        assert_eq!(grace.get(&path("")).problem(404), "not_found");
        assert_eq!(grace.post_nothing(&path("/release")).problem(404), "not_found");
        assert_eq!(grace.get(&path("/history")).problem(404), "not_found");

        let taken = grace.post_nothing(&path("/claim"));
        assert!(taken.header("etag").is_some());
        assert_eq!(taken.expect(200)["assignee"], json!({"id": grace.id, "name": "grace"}));
        assert_eq!((queue(&grace), queue(&alan)), (vec![], vec![]));
        assert_eq!(ids(&grace.get("/agent/tickets").expect(200)), [ticket]);
        assert_eq!(alan.post_nothing(&path("/release")).problem(404), "not_found");

        grace.post_nothing(&path("/release")).expect_nothing();
        assert_eq!((queue(&grace), queue(&alan)), (vec![ticket], vec![ticket]));
        assert_eq!(grace.get(&path("")).problem(404), "not_found");
        assert_eq!(grace.post_nothing(&path("/release")).problem(404), "not_found");
        alan.post_nothing(&path("/claim")).expect(200);
        assert_eq!(grace.post_nothing(&path("/claim")).problem(409), "already_claimed");

        // What is closed is taken by nobody.
        let closed = world.open_ticket(&ada, "Never mind");
        ada.put(&format!("/customer/tickets/{closed}"), &json!({"status": "closed"})).expect(200);
        assert_eq!(queue(&grace), [0; 0]);
        assert_eq!(grace.post_nothing(&format!("/agent/tickets/{closed}/claim")).problem(409), "ticket_closed");
    }

    fn a_ticket_of_another_team_does_not_exist(store) {
        let world = World::new(store);
        let (ada, grace, alan) = (world.join("ada", "customer"), world.join("grace", "agent"), world.join("alan", "agent"));
        let team = world.team("Second line");
        world.admin.send("PUT", &format!("/admin/teams/{team}/members/{}", alan.id), &[], None).expect_nothing();
        let ticket = world.open_ticket(&ada, "Of the second line");
        world.admin.put(&format!("/admin/tickets/{ticket}"), &json!({"team_id": team})).expect(200);
        let claim = |id: i64| grace.post_nothing(&format!("/agent/tickets/{id}/claim"));
        // Whether the connection goes on depends on when the end of the empty body arrives, not on the ticket.
        let seen = |id: i64| claim(id).comparable().replace("(\"connection\", \"close\"), ", "");
        let absent = seen(99_999);
        assert_eq!(claim(ticket).problem(404), "not_found");
        assert_eq!(seen(ticket), absent);
        assert_eq!(grace.get("/agent/queue").expect(200)["data"], json!([]));
        assert_eq!(ids(&alan.get("/agent/queue").expect(200)), [ticket]);
        alan.post_nothing(&format!("/agent/tickets/{ticket}/claim")).expect(200);
        assert_eq!(seen(ticket), absent);
        // Out of the team, it is out of reach; what it has already stays.
        alan.post_nothing(&format!("/agent/tickets/{ticket}/release")).expect_nothing();
        world.admin.delete(&format!("/admin/teams/{team}/members/{}", alan.id)).expect_nothing();
        assert_eq!(alan.post_nothing(&format!("/agent/tickets/{ticket}/claim")).problem(404), "not_found");
        assert_eq!(world.admin.get(&format!("/admin/tickets/{ticket}")).expect(200)["assignee"], Value::Null);
    }
}

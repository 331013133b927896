//! Many write to one ticket at the same time.

use std::sync::atomic::{AtomicUsize, Ordering};

use helpdesk_tests::{Account, Answer, PASSWORD, World, on_both_stores, wait_until};
use serde_json::json;

use crate::assert_nothing_is_half_written;

/// How many of the agent and of the admin each write internal comments.
const WRITERS_EACH: usize = 4;
/// How many public comments the customer writes meanwhile.
const REPLIES: usize = 25;

/// Writes internal comments until the ticket is closed; gives how many were written.
fn write_internally(account: &Account, path: &str, written: &AtomicUsize) {
    loop {
        let answer = account.post(path, &json!({"body": "Note", "is_internal": true}));
        if answer.status != 201 {
            assert_eq!(answer.problem(409), "ticket_closed");
            return;
        }
        written.fetch_add(1, Ordering::SeqCst);
    }
}

on_both_stores! {
    /// Only so many may wait for their password to be hashed; the rest is told to come back, and everybody else is served.
    fn a_storm_of_sign_ins_is_shed_and_others_are_served(store) {
        const SIGN_INS: usize = 48;
        let world = World::new(store);
        let customer = world.join("ada", "customer");
        let login = json!({"email": customer.email, "password": PASSWORD});
        let count = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..SIGN_INS {
                scope.spawn(|| {
                    let answer = world.server.client().post("/login", &login);
                    if answer.status != 200 {
                        assert_eq!(answer.problem(503), "busy");
                    }
                    count.fetch_add(1, Ordering::SeqCst);
                });
            }
            wait_until("all to be answered", || {
                customer.get("/customer/tickets").expect(200);
                count.load(Ordering::SeqCst) == SIGN_INS
            });
        });
        world.server.client().post("/login", &login).expect(200);
    }

    /// Nothing that goes on inside ever surfaces as an error to the customer.
    fn a_rush_of_internal_comments_is_nothing_to_the_customer(store) {
        let world = World::new(store);
        let customer = world.join("ada", "customer");
        let agent = world.join("grace", "agent");
        let ticket = world.open_ticket(&customer, "Busy");
        world.assign(ticket, &agent);
        let own = format!("/customer/tickets/{ticket}");
        let comments = format!("{own}/comments");
        let written = AtomicUsize::new(0);

        let replies: Vec<Answer> = std::thread::scope(|scope| {
            for (account, group) in [(&agent, "agent"), (&world.admin, "admin")] {
                for _ in 0..WRITERS_EACH {
                    let written = &written;
                    scope.spawn(move || write_internally(account, &format!("/{group}/tickets/{ticket}/comments"), written));
                }
            }
            wait_until("the rush", || written.load(Ordering::SeqCst) > 0);
            let mut answers: Vec<Answer> =
                (0..REPLIES).map(|n| customer.post(&comments, &json!({"body": format!("Reply {n}")}))).collect();
            answers.push(customer.put(&own, &json!({"status": "closed"})));
            answers.push(customer.post(&comments, &json!({"body": "Too late"})));
            answers
        });

        let (last, replies) = replies.split_last().unwrap();
        let (closing, replies) = replies.split_last().unwrap();
        for reply in replies {
            reply.expect(201);
        }
        assert_eq!(closing.expect(200)["status"], "closed");
        assert_eq!(last.problem(409), "ticket_closed");

        assert_nothing_is_half_written(&world.database);
        let seen = world.admin.get(&format!("/admin/tickets/{ticket}")).expect(200);
        // Created, assigned, closed; and a version for each comment.
        let written = written.load(Ordering::SeqCst);
        assert_eq!(seen["version"], 3 + REPLIES + written);
        assert_eq!(customer.get(&own).expect(200)["version"], 3 + REPLIES);
        let count = world.database.query("SELECT CAST(count(*) AS text) AS value FROM comments");
        assert_eq!(count, (REPLIES + written).to_string());
    }
}

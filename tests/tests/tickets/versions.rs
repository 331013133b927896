//! `ETag`, `If-None-Match` and `If-Match`.

use helpdesk_tests::{World, on_both_stores};
use serde_json::{Value, json};

use crate::{etag, send_if, times};

on_both_stores! {
    fn what_is_known_is_not_sent_again(store) {
        let world = World::new(store);
        let (ada, grace) = (world.join("ada", "customer"), world.join("grace", "agent"));
        let ticket = world.open_ticket(&ada, "Known");
        world.assign(ticket, &grace);
        for (who, group) in [(&ada, "customer"), (&grace, "agent"), (&world.admin, "admin")] {
            let path = format!("/{group}/tickets/{ticket}");
            let tag = etag(&who.get(&path));
            for known in [tag.clone(), format!("W/{tag}"), "*".to_owned(), format!("\"other\", {tag}")] {
                let answer = who.send("GET", &path, &[("If-None-Match", &known)], None);
                assert_eq!((answer.status, answer.text().as_str()), (304, ""), "{known}");
                assert_eq!(etag(&answer), tag);
            }
        }
        // Once something is new, it is sent.
        let path = format!("/customer/tickets/{ticket}");
        let tag = etag(&ada.get(&path));
        grace.post(&format!("/agent/tickets/{ticket}/comments"), &json!({"body": "Hello"})).expect(201);
        let answer = ada.send("GET", &path, &[("If-None-Match", &tag)], None);
        answer.expect(200);
        assert_ne!(etag(&answer), tag);
    }

    fn a_change_to_what_moved_on_is_refused_with_the_current_version(store) {
        let world = World::new(store);
        let (ada, grace) = (world.join("ada", "customer"), world.join("grace", "agent"));
        let ticket = world.open_ticket(&ada, "Contended");
        world.assign(ticket, &grace);
        let path = format!("/agent/tickets/{ticket}");
        let stale = etag(&grace.get(&path));
        let first = send_if(&grace, "PUT", &path, &stale, &json!({"priority": "high"}));
        let version = first.expect(200)["version"].clone();
        let before = grace.get(&path).comparable();
        // Also where it would change nothing, and on the comments.
        for body in [json!({"priority": "low"}), json!({"priority": "high"})] {
            let late = send_if(&grace, "PUT", &path, &stale, &body);
            assert_eq!(late.problem(412), "version_mismatch");
            assert_eq!(late.json()["current_version"], version);
        }
        for body in [json!({"body": "Late"}), json!({"body": "Late", "is_internal": true})] {
            let late = send_if(&grace, "POST", &format!("{path}/comments"), &stale, &body);
            assert_eq!(late.problem(412), "version_mismatch");
            assert_eq!(late.json()["current_version"], version);
        }
        assert_eq!(grace.get(&path).comparable(), before, "nothing was written");
        send_if(&grace, "PUT", &path, &etag(&first), &json!({"priority": "low"})).expect(200);
        // A customer is told its own version, which counts what is public alone.
        let own = format!("/customer/tickets/{ticket}");
        let seen = ada.get(&own);
        grace.post(&format!("{path}/comments"), &json!({"body": "Note", "is_internal": true})).expect(201);
        send_if(&ada, "POST", &format!("{own}/comments"), &etag(&seen), &json!({"body": "Still the same to me"})).expect(201);
        let late = send_if(&ada, "PUT", &own, &etag(&seen), &json!({"status": "closed"}));
        assert_eq!(late.problem(412), "version_mismatch");
        assert_eq!(late.json()["current_version"], ada.get(&own).expect(200)["version"]);
        // What another may not see is not there, whatever is expected of it.
        let eve = world.join("eve", "customer");
        assert_eq!(send_if(&eve, "PUT", &own, "\"1-AAAAAAAAAAAAAAAAAAAAAA\"", &json!({"status": "closed"})).problem(404), "not_found");
        assert_eq!(send_if(&ada, "PUT", &own, "nonsense", &json!({"status": "closed"})).problem(400), "bad_request");
    }

    fn of_many_who_answer_what_they_have_read_one_does(store) {
        let world = World::new(store);
        let (ada, grace) = (world.join("ada", "customer"), world.join("grace", "agent"));
        for round in 0..4 {
            let ticket = world.open_ticket(&ada, &format!("Round {round}"));
            world.assign(ticket, &grace);
            let sessions = [world.session(&grace), world.session(&grace)];
            let tag = etag(&grace.get(&format!("/agent/tickets/{ticket}")));
            // The tag is the admin's too: all staff see one version.
            let answers = times(6, |number| {
                let body = json!({"body": format!("Answer {number}")});
                match number % 3 {
                    2 => send_if(&world.admin, "POST", &format!("/admin/tickets/{ticket}/comments"), &tag, &body),
                    session => send_if(&sessions[session], "POST", &format!("/agent/tickets/{ticket}/comments"), &tag, &body),
                }
            });
            let (done, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 201);
            assert_eq!(done.len(), 1, "{answers:?}");
            for late in refused {
                assert_eq!(late.problem(412), "version_mismatch");
                assert!(late.json()["current_version"].is_i64());
            }
            let comments = ada.get(&format!("/customer/tickets/{ticket}/comments")).expect(200);
            assert_eq!(comments["data"].as_array().map(Vec::len), Some(1), "{comments}");
        }
    }

    /// Without `If-Match` each change applies to what is there, and none is lost.
    fn changes_without_a_condition_all_apply(store) {
        let world = World::new(store);
        let (ada, grace) = (world.join("ada", "customer"), world.join("grace", "agent"));
        let ticket = world.open_ticket(&ada, "Both");
        world.assign(ticket, &grace);
        for (status, priority) in [("pending", "low"), ("open", "urgent"), ("in_progress", "high")] {
            let answers = times(2, |number| match number {
                0 => grace.put(&format!("/agent/tickets/{ticket}"), &json!({"status": status})),
                _ => world.admin.put(&format!("/admin/tickets/{ticket}"), &json!({"priority": priority})),
            });
            for answer in &answers {
                answer.expect(200);
            }
            let seen = grace.get(&format!("/agent/tickets/{ticket}")).expect(200);
            assert_eq!((&seen["status"], &seen["priority"]), (&Value::from(status), &Value::from(priority)));
        }
    }
}

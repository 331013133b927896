//! Nothing that is written internally changes one byte of what a customer can observe.

use helpdesk_tests::{Account, Answer, World, on_both_stores};
use serde_json::{Value, json};

const CANARY: &str = "canary-kumquat";

/// What customers look for in their lists: words that all of them write, that staff answers, that are in internal texts alone,
/// that are in both, and their beginnings.
const SOUGHT: [&str; 9] =
    ["ticket", "twin", "hello", "h", "canary", "canary-kumquat", "kumq", "hello+kumquat", "before+answer"];

/// All that a customer can read, of everything and of one ticket: every GET of the OpenAPI document that the customer is let
/// into, so that a new route is looked at without being named here; lists in every order, page by page, and searched.
fn readable(customer: &Account, ticket: i64) -> Vec<String> {
    let document = customer.get("/openapi.json").expect(200);
    let mut paths = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let Some(operation) =
            item.get("get").filter(|_| !path.starts_with("/agent") && !path.starts_with("/admin"))
        else {
            continue;
        };
        let path = path.replace("{id}", &ticket.to_string());
        let takes = |name: &str| {
            operation["parameters"].as_array().is_some_and(|all| all.iter().any(|one| one["name"] == name))
        };
        paths.push(path.clone());
        if takes("limit") {
            paths.push(format!("{path}?limit=1"));
        }
        if takes("q") {
            for sought in SOUGHT {
                paths.push(format!("{path}?q={sought}"));
                paths.push(format!("{path}?q={sought}&limit=1&sort=created_at"));
            }
        }
        if takes("sort") {
            for sort in ["updated_at", "-updated_at", "created_at", "-created_at"] {
                paths.push(format!("{path}?limit=1&sort={sort}"));
                paths.push(format!("{path}?sort={sort}"));
            }
        }
    }
    assert!(paths.len() >= 10, "the customer's routes were found: {paths:?}");
    paths
}

fn look(customer: &Account, ticket: i64) -> Vec<(String, Answer)> {
    readable(customer, ticket).into_iter().map(|path| (path.clone(), customer.get(&path))).collect()
}

/// Whoever shows the tag of what it has read is told that nothing is new.
fn assert_nothing_new(customer: &Account, ticket: i64, tag: &str) {
    let path = format!("/customer/tickets/{ticket}");
    assert_eq!(customer.send("GET", &path, &[("If-None-Match", tag)], None).status, 304);
}

fn assert_same(before: &[(String, Answer)], after: &[(String, Answer)]) {
    for ((path, before), (_, after)) in before.iter().zip(after) {
        assert_eq!(before.comparable(), after.comparable(), "{path}");
        assert!(!after.text().contains(CANARY), "{path}");
    }
}

on_both_stores! {
    fn internal_work_changes_no_byte_for_the_customer(store) {
        let world = World::new(store);
        let agent = world.join("grace", "agent");
        let customer = world.join("ada", "customer");
        let tickets: Vec<i64> = (0..3).map(|n| world.open_ticket(&customer, &format!("Ticket {n}"))).collect();
        for &ticket in &tickets {
            world.assign(ticket, &agent);
            agent.post(&format!("/agent/tickets/{ticket}/comments"), &json!({"body": "Hello"})).expect(201);
        }

        // Internal work on the oldest one, which must not rise in the list, nor show in any other way.
        let ticket = tickets[0];
        let tag = customer.get(&format!("/customer/tickets/{ticket}")).header("etag").unwrap().to_owned();
        let before = look(&customer, ticket);
        assert!(before.iter().any(|(path, _)| path.ends_with("/history")));
        for n in 0..3 {
            let note = json!({"body": format!("{CANARY} {n}"), "is_internal": true});
            agent.post(&format!("/agent/tickets/{ticket}/comments"), &note).expect(201);
        }
        agent.put(&format!("/agent/tickets/{ticket}"), &json!({"tags": [CANARY]})).expect(200);
        change_many(&agent, "agent", &tickets, &json!({"tags": [CANARY, "wet"]}));
        change_many(&world.admin, "admin", &tickets, &json!({"tags": [CANARY], "team_id": world.team(CANARY)}));
        world.admin.post(&format!("/admin/tickets/{ticket}/comments"), &json!({"body": CANARY, "is_internal": true})).expect(201);
        assert_same(&before, &look(&customer, ticket));
        assert_nothing_new(&customer, ticket, &tag);

        // To the customer its word is in no ticket; and what both have written finds no other tickets, nor in another order.
        let found = |who: &Account, list: &str, sought: &str| {
            who.get(&format!("{list}?q={sought}")).expect(200)["data"].as_array().unwrap().len()
        };
        assert_eq!(found(&customer, "/customer/tickets", "kumquat"), 0);
        assert_eq!(found(&customer, "/customer/tickets", "hello"), 3);
        assert_eq!(found(&agent, "/agent/tickets", "kumquat"), 1);
        assert_eq!(found(&world.admin, "/admin/tickets", "hello+canary"), 1);

        // Staff sees it all.
        let seen = agent.get(&format!("/agent/tickets/{ticket}")).expect(200);
        assert_eq!(seen["comments"]["data"].as_array().unwrap().len(), 5);
        assert_eq!(seen["tags"], json!([CANARY]));

        // Not even the ids of what is written next tell of it: they are as far apart as without the internal ones.
        let next = |ticket: i64| {
            let path = format!("/customer/tickets/{ticket}/comments");
            customer.post(&path, &json!({"body": "And now?"})).expect(201)["id"].as_i64().unwrap()
        };
        let first = next(ticket);
        for n in 0..2 {
            let note = json!({"body": format!("{CANARY} {n}"), "is_internal": true});
            agent.post(&format!("/agent/tickets/{ticket}/comments"), &note).expect(201);
        }
        assert_eq!(next(ticket), first + 2);

        // A change of both kinds shows its public half alone.
        let version = |answer: &serde_json::Value| answer["version"].as_i64().unwrap();
        let before = customer.get(&format!("/customer/tickets/{ticket}")).expect(200);
        agent.put(&format!("/agent/tickets/{ticket}"), &json!({"tags": [], "priority": "low"})).expect(200);
        let after = customer.get(&format!("/customer/tickets/{ticket}")).expect(200);
        assert_eq!(version(&after), version(&before) + 1);
        assert_eq!(after["priority"], "low");
    }

    /// Who is in which team, and what it is called, is the help desk's own business.
    fn a_ticket_that_goes_from_team_to_team_changes_no_byte_for_the_customer(store) {
        let world = World::new(store);
        let agent = world.join("grace", "agent");
        let customer = world.join("ada", "customer");
        let tickets: Vec<i64> = (0..3).map(|n| world.open_ticket(&customer, &format!("Ticket {n}"))).collect();
        world.assign(tickets[0], &agent);
        agent.post(&format!("/agent/tickets/{}/comments", tickets[0]), &json!({"body": "Hello"})).expect(201);
        let before: Vec<_> = tickets.iter().map(|ticket| look(&customer, *ticket)).collect();
        let tag = customer.get(&format!("/customer/tickets/{}", tickets[0])).header("etag").unwrap().to_owned();
        let assert_unseen = || {
            for (ticket, before) in tickets.iter().zip(&before) {
                assert_same(before, &look(&customer, *ticket));
            }
            assert_nothing_new(&customer, tickets[0], &tag);
        };

        let team = world.team(CANARY);
        for to in [team, 1, team] {
            for ticket in &tickets {
                let moved = world.admin.put(&format!("/admin/tickets/{ticket}"), &json!({"team_id": to})).expect(200);
                assert_eq!(moved["team"]["id"], to);
            }
            assert_unseen();
        }
        world.admin.put("/admin/teams/1", &json!({"name": format!("{CANARY} first line")})).expect(200);
        world.admin.put(&format!("/admin/teams/{team}"), &json!({"name": format!("{CANARY} second line")})).expect(200);
        let member = format!("/admin/teams/{team}/members/{}", agent.id);
        world.admin.send("PUT", &member, &[], None).expect_nothing();
        assert_unseen();
        world.admin.delete(&member).expect_nothing();
        world.join("edsger", "agent");
        let other = world.team(&format!("{CANARY} of nobody"));
        world.admin.delete(&format!("/admin/teams/{other}")).expect_nothing();
        assert_unseen();
        // An admin's and a stranger's accounts, sessions and passwords are nothing to the customer either.
        let eve = world.join("eve", "customer");
        world.admin.put(&format!("/admin/users/{}", eve.id), &json!({"name": CANARY, "is_active": false})).expect(200);
        world.admin.post_nothing(&format!("/admin/users/{}/password-reset", eve.id)).expect(200);
        assert_unseen();
        assert_eq!(agent.get(&format!("/agent/tickets/{}", tickets[0])).expect(200)["team"]["name"], format!("{CANARY} second line"));
    }

    /// Two like tickets of two like customers, one of them worked on internally: every answer to the customer, those to its
    /// own writes included, is the same to the byte, but for what tells the two customers apart.
    fn a_twin_without_internal_work_looks_the_same(store) {
        let world = World::new(store);
        let agent = world.join("grace", "agent");
        let twins = [world.join("twin-a", "customer"), world.join("twin-b", "customer")];
        let seen: Vec<Vec<String>> = twins
            .iter()
            .enumerate()
            .map(|(index, customer)| {
                let ticket = world.open_ticket(customer, "Twin");
                world.assign(ticket, &agent);
                let internal = |word: &str| {
                    if index == 0 {
                        let note = json!({"body": format!("{CANARY} {word}"), "is_internal": true});
                        agent.post(&format!("/agent/tickets/{ticket}/comments"), &note).expect(201);
                        agent.put(&format!("/agent/tickets/{ticket}"), &json!({"tags": [CANARY, word]})).expect(200);
                        change_many(&agent, "agent", &[ticket], &json!({"tags": [CANARY]}));
                        change_many(&world.admin, "admin", &[ticket], &json!({"tags": [CANARY, "admin"]}));
                    }
                };
                let comments = format!("/customer/tickets/{ticket}/comments");
                let mut answers = Vec::new();
                for n in 0..3 {
                    internal(&format!("before-{n}"));
                    agent.post(&format!("/agent/tickets/{ticket}/comments"), &json!({"body": format!("Answer {n}")})).expect(201);
                    internal(&format!("between-{n}"));
                    answers.push(customer.post(&comments, &json!({"body": format!("Question {n}")})));
                }
                agent.put(&format!("/agent/tickets/{ticket}"), &json!({"status": "resolved"})).expect(200);
                internal("resolved");
                answers.push(customer.put(&format!("/customer/tickets/{ticket}"), &json!({"status": "closed"})));
                answers.push(customer.post(&comments, &json!({"body": "Too late"})));
                answers.extend(readable(customer, ticket).iter().map(|path| customer.get(path)));
                answers.iter().map(|answer| anonymous(answer, ticket, customer)).collect()
            })
            .collect();
        for (worked, left) in seen[0].iter().zip(&seen[1]) {
            assert!(!worked.contains(CANARY), "{worked}");
            assert_eq!(worked, left);
        }
        assert_eq!(seen[0].len(), seen[1].len());
    }
}

/// Changes several tickets at once, all of which have to be changed.
fn change_many(by: &Account, group: &str, tickets: &[i64], change: &Value) {
    let answer =
        by.post(&format!("/{group}/tickets/bulk"), &json!({"ids": tickets, "change": change})).expect(200);
    for result in answer["results"].as_array().unwrap() {
        assert_eq!(result["status"], 200, "{result}");
    }
}

/// The id of the one session of an account.
fn session_of(account: &Account) -> String {
    let claims = helpdesk_tests::claims_of(account.token().unwrap());
    claims["sid"].as_str().unwrap().to_owned()
}

/// An answer without what of right differs between two like tickets: their ids and times, the customers' names and ids, and the
/// cursors that are made of them. Versions and counts stay.
fn anonymous(answer: &Answer, ticket: i64, customer: &Account) -> String {
    let text = answer.comparable();
    let text =
        text.replace(&customer.email, "<email>").replace("twin-a", "twin-x").replace("twin-b", "twin-x");
    let text = text.replace(&format!("/tickets/{ticket}"), "/tickets/<id>");
    let text = text.replace(&session_of(customer), "<session>");
    let text = match answer.header("etag").and_then(|tag| tag.split_once('-')) {
        Some((_, digest)) => text.replace(digest.trim_end_matches('"'), "<digest>"),
        None => text,
    };
    let mut blurred = String::new();
    let mut rest = text.as_str();
    // Numbers after "id": and times and cursors in quotes.
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(at);
        blurred.push_str(before);
        let end = from
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | ':' | '.' | 'T' | 'Z')))
            .unwrap_or(from.len());
        let is_version = before.ends_with("\"version\":")
            || before.ends_with("\"etag\", \"\\\"")
            || before.ends_with("_count\":")
            || before.is_empty();
        blurred.push_str(if is_version { &from[..end] } else { "#" });
        rest = &from[end..];
    }
    blurred.push_str(rest);
    let cursor = |text: &str, marker: &str, end: char| -> String {
        let mut parts = text.split(marker);
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |whole, part| {
            let tail = part.find(end).map_or("", |at| &part[at..]);
            format!("{whole}{marker}<cursor>{tail}")
        })
    };
    cursor(&cursor(&blurred, "\"next_cursor\":\"", '"'), "cursor=", '>')
}

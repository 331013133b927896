//! Lists: order, filters, pages.

use helpdesk_tests::{Account, World, on_both_stores};
use serde_json::{Value, json};

fn ids(page: &Value) -> Vec<i64> {
    page["data"].as_array().unwrap().iter().map(|ticket| ticket["id"].as_i64().unwrap()).collect()
}

/// Follows `next_cursor` to the end.
fn crawl(who: &Account, path: &str) -> Vec<i64> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let answer = who.get(&format!("{path}{cursor}"));
        let page = answer.expect(200);
        all.extend(ids(&page));
        let Some(next) = page["next_cursor"].as_str() else {
            assert_eq!(answer.header("link"), None);
            return all;
        };
        assert!(answer.header("link").unwrap().ends_with("; rel=\"next\""));
        assert!(answer.header("link").unwrap().contains(next));
        cursor = format!("&cursor={next}");
    }
}

on_both_stores! {
    fn pages_are_crawled_in_every_order(store) {
        let world = World::new(store);
        let customer = world.join("ada", "customer");
        let other = world.join("eve", "customer");
        let mut opened: Vec<i64> = (0..7).map(|n| world.open_ticket(&customer, &format!("Ticket {n}"))).collect();
        world.open_ticket(&other, "Not mine");

        assert_eq!(crawl(&customer, "/customer/tickets?limit=2&sort=created_at"), opened);
        opened.reverse();
        assert_eq!(crawl(&customer, "/customer/tickets?limit=3&sort=-created_at"), opened);
        // What changed last comes first.
        let touched = opened[4];
        customer.post(&format!("/customer/tickets/{touched}/comments"), &json!({"body": "x"})).expect(201);
        opened.remove(4);
        opened.insert(0, touched);
        assert_eq!(crawl(&customer, "/customer/tickets?limit=2"), opened);
        opened.reverse();
        assert_eq!(crawl(&customer, "/customer/tickets?limit=2&sort=updated_at"), opened);
        assert_eq!(crawl(&world.admin, "/admin/tickets?limit=3&sort=created_at").len(), 8);
    }

    fn filters_narrow(store) {
        let world = World::new(store);
        let customer = world.join("ada", "customer");
        let mut opened = Vec::new();
        for priority in ["low", "normal", "high", "urgent", "low"] {
            let new = json!({"subject": "S", "description": "D", "priority": priority});
            opened.push(customer.post("/customer/tickets", &new).expect(201)["id"].as_i64().unwrap());
        }
        customer.put(&format!("/customer/tickets/{}", opened[0]), &json!({"status": "closed"})).expect(200);
        let list = |query: &str| ids(&customer.get(&format!("/customer/tickets?sort=created_at&{query}")).expect(200));
        assert_eq!(list("status=closed"), [opened[0]]);
        assert_eq!(list("status=open,closed"), opened);
        assert_eq!(list("priority=low"), [opened[0], opened[4]]);
        assert_eq!(list("priority=low&status=open"), [opened[4]]);
        assert_eq!(list("status=In%20Progress"), [0; 0]);
    }

    fn bad_queries_are_named_and_cursors_belong_to_one_list(store) {
        let world = World::new(store);
        let customer = world.join("ada", "customer");
        let other = world.join("eve", "customer");
        for n in 0..3 {
            world.open_ticket(&customer, &format!("Ticket {n}"));
            world.open_ticket(&other, &format!("Ticket {n}"));
        }
        for query in ["limit=0", "limit=101", "limit=-1", "limit=x", "limit=1&limit=2", "page=2", "status=gone", "status=",
            "sort=id", "sort=-", "priority=%00", "cursor=x", "cursor=", "q=%ff"] {
            let answer = customer.get(&format!("/customer/tickets?{query}"));
            let code = answer.problem(400);
            let field = query.split('=').next().unwrap();
            assert!(answer.text().contains(field), "{query}: {code}: {}", answer.text());
        }

        let page = customer.get("/customer/tickets?limit=1&status=open").expect(200);
        let cursor = page["next_cursor"].as_str().unwrap();
        customer.get(&format!("/customer/tickets?limit=2&status=open&cursor={cursor}")).expect(200);
        let code = |who: &Account, path: String| who.get(&path).problem(400);
        assert_eq!(code(&other, format!("/customer/tickets?status=open&cursor={cursor}")), "invalid_cursor");
        assert_eq!(code(&customer, format!("/customer/tickets?cursor={cursor}")), "invalid_cursor");
        assert_eq!(code(&customer, format!("/customer/tickets?status=open&sort=updated_at&cursor={cursor}")), "invalid_cursor");
        let mut tampered = cursor.to_owned();
        let first = if tampered.remove(0) == 'A' { 'B' } else { 'A' };
        tampered.insert(0, first);
        assert_eq!(code(&customer, format!("/customer/tickets?status=open&cursor={tampered}")), "invalid_cursor");
    }

    /// A ticket that stays as it is shows up exactly once in a crawl, whatever happens to the others.
    fn a_crawl_misses_nothing_that_stays(store) {
        let world = World::new(store);
        let customer = world.join("ada", "customer");
        let opened: Vec<i64> = (0..9).map(|n| world.open_ticket(&customer, &format!("Ticket {n}"))).collect();
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        for step in 0.. {
            let page = customer.get(&format!("/customer/tickets?limit=2{cursor}")).expect(200);
            seen.extend(ids(&page));
            // Somebody answers one of the odd ones, which rises.
            let touched = opened[(2 * step + 1) % 8];
            customer.post(&format!("/customer/tickets/{touched}/comments"), &json!({"body": "x"})).expect(201);
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        for stayed in opened.iter().step_by(2) {
            assert_eq!(seen.iter().filter(|id| *id == stayed).count(), 1, "{stayed} in {seen:?}");
        }
    }
}

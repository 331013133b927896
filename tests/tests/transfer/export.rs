//! What an export gives, and to whom.

use helpdesk_tests::{World, on_both_stores};
use serde_json::json;

on_both_stores! {
    /// A customer writes what a spreadsheet would run; nothing but a text arrives there.
    fn formulas_do_not_arrive_in_a_spreadsheet(store) {
        let world = World::new(store);
        let formulas = ["=cmd|' /C calc'!A0", "+1+1", "-1", "@SUM(1)", "\"=1+1", "' =1", "＝1"];
        let ada = world.join("ada", "customer");
        for formula in formulas {
            ada.post("/customer/tickets", &json!({"subject": formula, "description": formula})).expect(201);
        }
        let answer = world.admin.get("/admin/export/tickets?format=csv");
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/csv; charset=utf-8; header=present")));
        let text = answer.text();
        for formula in formulas {
            let cell = format!(",\"'{0}\",\"'{0}\",", formula.replace('"', "\"\""));
            assert!(text.contains(&cell), "{cell} in {text}");
        }
    }

    fn an_export_is_an_admins_and_holds_what_is_asked_for(store) {
        let world = World::new(store);
        let (ada, grace) = (world.join("ada", "customer"), world.join("grace", "agent"));
        for number in 0..30 {
            let ticket = world.open_ticket(&ada, &format!("Ticket {number}"));
            if number % 10 == 0 {
                world.assign(ticket, &grace);
            }
        }
        for other in [&ada, &grace] {
            assert_eq!(other.get("/admin/export/tickets").problem(403), "forbidden");
        }
        assert_eq!(world.server.client().get("/admin/export/tickets").problem(401), "unauthenticated");
        let rows = |query: &str| {
            let answer = world.admin.get(&format!("/admin/export/tickets?format=csv&{query}"));
            assert_eq!(answer.status, 200, "{query}");
            answer.text().lines().count() - 1
        };
        assert_eq!(rows("status=open"), 30);
        assert_eq!(rows(&format!("assignee_id={}", grace.id)), 3);
        assert_eq!(rows("assignee_id=none&priority=normal"), 27);
        assert_eq!(rows("status=closed"), 0);
        assert_eq!(world.admin.get("/admin/export/tickets?q=x&offset=5").problem(400), "invalid_query");
        let head = world.admin.send("HEAD", "/admin/export/tickets?format=csv", &[], None);
        assert_eq!((head.status, head.body.len()), (200, 0));
        assert_eq!(head.header("content-disposition"), Some("attachment; filename=\"tickets.csv\""));
    }
}

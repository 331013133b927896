//! New tickets that follow up closed ones.

use helpdesk_tests::{World, on_both_stores};
use serde_json::json;

on_both_stores! {
    fn only_a_closed_ticket_of_ones_own_is_followed_up(store) {
        let world = World::new(store);
        let (ada, eve) = (world.join("ada", "customer"), world.join("eve", "customer"));
        let (closed, open) = (world.open_ticket(&ada, "Closed"), world.open_ticket(&ada, "Open"));
        let foreign = world.open_ticket(&eve, "Foreign");
        for (who, ticket) in [(&ada, closed), (&eve, foreign)] {
            who.put(&format!("/customer/tickets/{ticket}"), &json!({"status": "closed"})).expect(200);
        }
        let follow_up = |id: i64| ada.post("/customer/tickets", &json!({"subject": "S", "description": "D", "follow_up_of": id}));
        let refused = follow_up(open);
        assert_eq!(refused.fault().0, "follow_up_of");
        for id in [foreign, 99_999, 0, -1, 9_007_199_254_740_992] {
            assert_eq!(follow_up(id).comparable(), refused.comparable(), "{id}");
        }
        let made = follow_up(closed).expect(201);
        assert_eq!(made["follow_up_of"], closed);
        let seen = world.admin.get(&format!("/admin/tickets/{}", made["id"])).expect(200);
        assert_eq!(seen["follow_up_of"], closed);
        assert_eq!(world.database.count("tickets"), 4, "nothing that was refused is there");
    }
}

//! Lists of tickets.

use helpdesk_domain::{Role, Status};
use helpdesk_ports::{Direction, Page, SortKey, TicketPosition};

use super::samples::{ticket, ticket_id, ts};
use super::support::Desk;

fn more() -> Page<helpdesk_domain::Ticket, TicketPosition> {
    Page { items: vec![ticket(Status::Open)], next: Some(TicketPosition::UpdatedAt(ts(5), ticket_id(5))) }
}

#[actix_web::test]
async fn a_list_leads_from_page_to_page() {
    let mut desk = Desk::new();
    desk.tickets.expect_list().returning(|_, query| {
        assert_eq!(query.filter.statuses(), [Status::Open, Status::Pending]);
        assert_eq!((query.sort.key, query.sort.direction), (SortKey::UpdatedAt, Direction::Ascending));
        assert_eq!(query.page.limit.get(), 1);
        Ok(match query.page.after {
            None => more(),
            Some(after) => {
                assert_eq!(after, TicketPosition::UpdatedAt(ts(5), ticket_id(5)));
                Page { items: vec![ticket(Status::Pending)], next: None }
            }
        })
    });
    let api = desk.api().await;
    for role in Role::ALL {
        let first =
            api.get(*role, &format!("/{role}/tickets?limit=1&status=open,Pending&sort=updated_at")).await;
        assert_eq!(first.status, 200, "{role}");
        let json = first.json();
        assert_eq!(json["data"].as_array().unwrap().len(), 1);
        assert_eq!(json["data"][0].get("tags").is_some(), *role != Role::Customer, "{role}");
        let cursor = json["next_cursor"].as_str().unwrap();
        let next = format!("/{role}/tickets?limit=1&status=open,Pending&sort=updated_at&cursor={cursor}");
        assert_eq!(first.header("link"), Some(format!("<{next}>; rel=\"next\"").as_str()));

        let last = api.get(*role, &next).await;
        assert_eq!((last.status, last.json()["next_cursor"].is_null()), (200, true));
        assert_eq!(last.json()["data"][0]["status"], "pending");
        assert_eq!(last.header("link"), None);
    }
}

#[actix_web::test]
async fn a_cursor_is_no_good_to_anyone_else_or_under_another_filter() {
    let mut desk = Desk::new();
    desk.tickets.expect_list().times(1).returning(|_, _| Ok(more()));
    let api = desk.api().await;
    let first = api.get(Role::Agent, "/agent/tickets?status=open").await.json();
    let cursor = first["next_cursor"].as_str().unwrap();
    for (role, path) in [
        (Role::Admin, format!("/admin/tickets?status=open&cursor={cursor}")),
        (Role::Customer, format!("/customer/tickets?status=open&cursor={cursor}")),
        (Role::Agent, format!("/agent/tickets?cursor={cursor}")),
        (Role::Agent, format!("/agent/tickets?status=open&sort=created_at&cursor={cursor}")),
        (Role::Agent, format!("/agent/tickets?status=open&cursor={cursor}A")),
        (Role::Agent, format!("/agent/tickets/5/comments?cursor={cursor}")),
        (Role::Admin, format!("/admin/users?cursor={cursor}")),
    ] {
        let answer = api.get(role, &path).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "invalid_cursor"), "{path}");
        assert_eq!(answer.faults(), [("cursor".to_owned(), "invalid_cursor".to_owned())]);
    }
}

#[actix_web::test]
async fn a_bad_query_is_refused_by_name() {
    let api = Desk::new().api().await;
    for (query, fault) in [
        ("limit=0", "limit:invalid_value"),
        ("limit=101&status=x", "limit:invalid_value status:invalid_value"),
        ("offset=5", "offset:unknown_parameter"),
        ("sort=id", "sort:invalid_value"),
        ("limit=5&limit=6", "limit:repeated_parameter"),
        ("priority=low&priority=low", "priority:repeated_parameter"),
        ("status=open%00", "status:invalid_value"),
        ("status=%ff", "status:invalid_value"),
        ("q=", "q:invalid_value"),
        ("q=%22%2A%22", "q:invalid_value"),
        ("q=lift%00", "q:invalid_value"),
        ("q=lift&q=stuck", "q:repeated_parameter"),
        ("%", ""),
    ] {
        for role in Role::ALL {
            let answer = api.get(*role, &format!("/{role}/tickets?{query}")).await;
            assert_eq!((answer.status, answer.code().as_str()), (400, "invalid_query"), "{query}");
            let named: Vec<String> =
                answer.faults().iter().map(|(field, code)| format!("{field}:{code}")).collect();
            assert_eq!(named.join(" "), fault, "{query}");
        }
    }
    // Tags are internal, and only admins ask by account and team.
    for (role, query) in [
        (Role::Customer, "tag=vip"),
        (Role::Customer, "assignee_id=20"),
        (Role::Customer, "requester_id=10"),
        (Role::Customer, "team_id=1"),
        (Role::Agent, "assignee_id=none"),
        (Role::Agent, "requester_id=10"),
        (Role::Agent, "team_id=1"),
    ] {
        let name = query.split('=').next().unwrap();
        let answer = api.get(role, &format!("/{role}/tickets?{query}")).await;
        assert_eq!(answer.faults_in_short(), format!("{name}:unknown_parameter"), "{role}");
    }
    let answer = api.get(Role::Admin, "/admin/users?status=open").await;
    assert_eq!(answer.faults(), [("status".to_owned(), "unknown_parameter".to_owned())]);
}

#[actix_web::test]
async fn a_cursor_is_bound_to_everything_that_narrows_the_list() {
    let mut desk = Desk::new();
    desk.tickets.expect_list().returning(|_, _| Ok(more()));
    let api = desk.api().await;
    let queries = [
        "",
        "created_after=2023-11-14T22:13:20Z",
        "updated_after=2023-11-14T22:13:20Z",
        "tag=vip",
        "assignee_id=20",
        "assignee_id=none",
        "requester_id=20",
        "team_id=20",
        "q=lift",
        "q=lift+stuck",
        "q=stuck+lift",
        "q=tag%3Avip",
    ];
    for query in queries {
        let first = api.get(Role::Admin, &format!("/admin/tickets?{query}")).await.json();
        let cursor = first["next_cursor"].as_str().unwrap();
        for other in queries {
            let separator = if other.is_empty() { "" } else { "&" };
            let path = format!("/admin/tickets?{other}{separator}cursor={cursor}");
            let answer = api.get(Role::Admin, &path).await;
            assert_eq!(answer.status, if other == query { 200 } else { 400 }, "{query} {other}");
        }
    }
    // Another way to say the same is the same.
    let first =
        api.get(Role::Admin, "/admin/tickets?created_after=2023-11-14T22:13:20Z&tag=vip").await.json();
    let cursor = first["next_cursor"].as_str().unwrap();
    let same = format!("/admin/tickets?tag=VIP&cursor={cursor}&created_after=2023-11-14T23:13:20.0%2B01:00");
    assert_eq!(api.get(Role::Admin, &same).await.status, 200);
    let first = api.get(Role::Admin, "/admin/tickets?q=the+lift+stuck").await;
    let cursor = first.json()["next_cursor"].as_str().unwrap().to_owned();
    let link = format!("</admin/tickets?q=the%20lift%20stuck&cursor={cursor}>; rel=\"next\"");
    assert_eq!(first.header("link"), Some(link.as_str()));
    let same = format!("/admin/tickets?q=%22Lift%22,+the+STUCK&cursor={cursor}");
    assert_eq!(api.get(Role::Admin, &same).await.status, 200);
}

#[actix_web::test]
async fn every_list_of_tickets_takes_words() {
    let mut desk = Desk::new();
    let sought = |query: &helpdesk_ports::TicketQuery| query.filter.search().map(ToString::to_string);
    desk.tickets.expect_list().times(3).returning(move |_, query| {
        assert_eq!(sought(&query), Some("lift stuc*".to_owned()));
        Ok(more())
    });
    desk.tickets.expect_queue().times(1).returning(move |_, query| {
        assert_eq!(sought(&query), Some("lift stuc*".to_owned()));
        Ok(more())
    });
    let api = desk.api().await;
    for (role, list) in [
        (Role::Agent, "/agent/tickets"),
        (Role::Agent, "/agent/queue"),
        (Role::Customer, "/customer/tickets"),
        (Role::Admin, "/admin/tickets"),
    ] {
        assert_eq!(api.get(role, &format!("{list}?q=Lift+stuc")).await.status, 200, "{list}");
    }
}

//! The queue: `GET /agent/queue`, claiming and releasing.

use helpdesk_domain::{AgentRef, Precondition, Role, Status, TeamId, Ticket};
use helpdesk_ports::{
    Cause, Commit, Committed, Page, SortKey, StoreError, TicketPosition, TicketWithComments,
};

use super::samples::{ticket, ticket_id, ts, unassigned, user_id};
use super::support::{Answer, Api, Desk};

const CLAIM: &str = "/agent/tickets/5/claim";
const RELEASE: &str = "/agent/tickets/5/release";

fn queued(status: Status) -> Ticket {
    unassigned(ticket(status).record().clone())
}

fn of_another_agent() -> Ticket {
    let mut record = ticket(Status::Open).record().clone();
    record.assignee = Some(AgentRef::new(user_id(21), "Barbara"));
    Ticket::from_stored(record)
}

/// A desk where the caller may reach this ticket, and what comes of a change.
async fn claiming(found: Option<Ticket>, commit: fn(&helpdesk_domain::Change) -> Commit) -> Api {
    let mut desk = Desk::new();
    desk.users.expect_active_agent().returning(|_, id| Ok(Some(AgentRef::new(id, "Grace"))));
    desk.tickets
        .expect_claimable()
        .withf(|queue, _| queue.agent() == user_id(20))
        .returning(move |_, _| Ok(found.clone()));
    desk.tickets.expect_commit().returning(move |change| Ok(commit(&change)));
    desk.tickets.expect_find().returning(|_, _, _| {
        let comments = Page { items: Vec::new(), next: None };
        Ok(Some(TicketWithComments { ticket: ticket(Status::Open), comments }))
    });
    desk.api().await
}

fn done(change: &helpdesk_domain::Change) -> Commit {
    Commit::Done(Box::new(Committed { ticket: change.ticket().clone(), comment: None }))
}

async fn post(api: &Api, path: &str) -> Answer {
    api.send(super::support::signed_in(Role::Agent, actix_web::test::TestRequest::post().uri(path))).await
}

#[actix_web::test]
async fn who_claims_gets_the_ticket() {
    // Also one that is the caller's already.
    for found in [queued(Status::Open), queued(Status::Pending), ticket(Status::Open)] {
        let api = claiming(Some(found), done).await;
        let answer = post(&api, CLAIM).await;
        assert_eq!((answer.status, answer.json()["assignee"]["id"].as_i64()), (200, Some(20)));
        assert!(answer.json()["comments"]["data"].is_array());
        // The very answer that reading it gives.
        let read = api.get(Role::Agent, "/agent/tickets/5").await;
        assert_eq!((answer.header("etag"), &answer.body), (read.header("etag"), &read.body));
        assert!(answer.header("etag").is_some());
    }
}

#[actix_web::test]
async fn who_comes_too_late_is_told_so() {
    let unmet = |_: &helpdesk_domain::Change| {
        Commit::Unmet(Precondition::ActiveMember(TeamId::new(1).unwrap(), user_id(20)))
    };
    for (found, status, code) in [
        (Some(of_another_agent()), 409, "already_claimed"),
        (Some(queued(Status::Closed)), 409, "ticket_closed"),
        (Some(ticket(Status::Closed)), 409, "ticket_closed"),
        (None, 404, "not_found"),
        (Some(queued(Status::Open)), 404, "not_found"),
    ] {
        let answer = post(&claiming(found, unmet).await, CLAIM).await;
        assert_eq!((answer.status, answer.code().as_str()), (status, code));
    }
    let api = claiming(None, done).await;
    let absent = post(&api, CLAIM).await.without_request_id();
    for id in ["0", "05", "x", "9007199254740992"] {
        let answer = post(&api, &format!("/agent/tickets/{id}/claim")).await;
        assert_eq!(answer.without_request_id(), absent, "{id}");
    }
    // Others were faster, every time.
    let answer = post(&claiming(Some(queued(Status::Open)), |_| Commit::Stale).await, CLAIM).await;
    assert_eq!((answer.status, answer.code().as_str()), (503, "store_unavailable"));
}

#[actix_web::test]
async fn a_ticket_is_put_back_by_who_works_it() {
    let mut desk = Desk::new();
    let found = |status| {
        let comments = Page { items: Vec::new(), next: None };
        Ok(Some(TicketWithComments { ticket: ticket(status), comments }))
    };
    desk.tickets.expect_find().returning(move |_, id, _| match id.get() {
        5 => found(Status::Open),
        6 => found(Status::Closed),
        7 => Err(StoreError::Unavailable(Cause::new("gone"))),
        _ => Ok(None),
    });
    desk.tickets.expect_commit().times(1).returning(|change| {
        assert!(change.ticket().facts().assignee.is_none());
        Ok(done(&change))
    });
    let api = desk.api().await;
    let answer = post(&api, RELEASE).await;
    assert_eq!((answer.status, answer.body.len()), (204, 0));
    assert_eq!(answer.header("etag"), None);
    for (id, status, code) in [
        ("6", 409, "ticket_closed"),
        ("8", 404, "not_found"),
        ("x", 404, "not_found"),
        ("7", 503, "store_unavailable"),
    ] {
        let answer = post(&api, &format!("/agent/tickets/{id}/release")).await;
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{id}");
    }
}

#[actix_web::test]
async fn the_queue_is_a_list_of_its_own() {
    let more = || Page {
        items: vec![queued(Status::Open)],
        next: Some(TicketPosition::UpdatedAt(ts(5), ticket_id(5))),
    };
    let mut desk = Desk::new();
    desk.tickets.expect_queue().withf(|queue, _| queue.agent() == user_id(20)).returning(move |_, query| {
        assert_eq!(query.filter.tag().unwrap().as_str(), "vip");
        assert_eq!(query.sort.key, SortKey::UpdatedAt);
        Ok(if query.page.after.is_none() { more() } else { Page { items: Vec::new(), next: None } })
    });
    desk.tickets.expect_list().returning(move |_, _| Ok(more()));
    let api = desk.api().await;
    let first = api.get(Role::Agent, "/agent/queue?tag=VIP").await;
    let json = first.json();
    assert_eq!((first.status, json["data"][0]["id"].as_i64()), (200, Some(5)));
    assert!(json["data"][0]["assignee"].is_null() && json["data"][0].get("comments").is_none());
    let cursor = json["next_cursor"].as_str().unwrap();
    let next = format!("/agent/queue?tag=VIP&cursor={cursor}");
    assert_eq!(first.header("link"), Some(format!("<{next}>; rel=\"next\"").as_str()));
    assert_eq!(api.get(Role::Agent, &next).await.json()["next_cursor"], serde_json::Value::Null);

    // A place in the queue is none in the list of one's own tickets, nor the other way round.
    let own = api.get(Role::Agent, "/agent/tickets?tag=vip").await.json();
    for path in [
        format!("/agent/tickets?tag=vip&cursor={cursor}"),
        format!("/agent/queue?tag=vip&cursor={}", own["next_cursor"].as_str().unwrap()),
        format!("/agent/queue?cursor={cursor}"),
    ] {
        let answer = api.get(Role::Agent, &path).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "invalid_cursor"), "{path}");
    }
    for query in ["assignee_id=none", "team_id=1", "requester_id=1", "status=new"] {
        let answer = api.get(Role::Agent, &format!("/agent/queue?{query}")).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "invalid_query"), "{query}");
    }
}

//! `ETag`, `If-None-Match` and `If-Match`.

use std::sync::{Arc, Mutex};

use actix_web::test::TestRequest;
use helpdesk_domain::{
    AgentRef, CommentId, Role, Status, Tags, TeamId, TeamRef, Ticket, TicketRecord, Visibility,
};
use helpdesk_ports::{Commit, Committed, TicketWithComments};

use super::samples::{comment, ticket, ts, user_id, with_comments};
use super::support::{Answer, Api, Desk, json, signed_in};

/// What a store holds while a test changes it behind the server's back.
type Stored = Arc<Mutex<TicketWithComments>>;

/// A desk with one ticket, which has comments and may be changed: version 9, the customer's 2.
async fn open_ticket() -> (Api, Stored) {
    let stored: Stored = Arc::new(Mutex::new(with_comments(Status::Open)));
    let mut desk = Desk::new();
    let held = stored.clone();
    desk.tickets
        .expect_find()
        .returning(move |_, id, _| Ok((id.get() == 5).then(|| held.lock().unwrap().clone())));
    let held = stored.clone();
    desk.tickets.expect_commit().returning(move |change| {
        let ticket = change.ticket().clone();
        held.lock().unwrap().ticket = ticket.clone();
        let written = change.comment().cloned();
        let comment =
            written.map(|comment| comment.into_comment(CommentId::new(9).unwrap(), "Ada".to_owned()));
        Ok(Commit::Done(Box::new(Committed { ticket, comment })))
    });
    desk.users.expect_active_agent().returning(|_, id| Ok(Some(AgentRef::new(id, "Barbara"))));
    (desk.api().await, stored)
}

fn edit(stored: &Stored, edit: impl FnOnce(&mut TicketRecord)) {
    let mut stored = stored.lock().unwrap();
    let mut record = stored.ticket.record().clone();
    edit(&mut record);
    stored.ticket = Ticket::from_stored(record);
}

fn path(role: Role) -> String {
    format!("/{role}/tickets/5")
}

fn etag(answer: &Answer) -> String {
    answer.header("etag").unwrap().to_owned()
}

/// A tag as it could be made for this version.
fn tag(version: i64) -> String {
    format!("\"{version}-AAAAAAAAAAAAAAAAAAAAAA\"")
}

async fn get_with(api: &Api, role: Role, known: &str) -> Answer {
    let request = signed_in(role, TestRequest::get().uri(&path(role)));
    api.send(request.insert_header(("if-none-match", known))).await
}

async fn close_with(api: &Api, role: Role, if_match: &str) -> Answer {
    let request = signed_in(role, TestRequest::put().uri(&path(role)));
    api.send(json(request.insert_header(("if-match", if_match)), r#"{"status":"closed"}"#)).await
}

async fn comment_with(api: &Api, role: Role, if_match: &str) -> Answer {
    let request = signed_in(role, TestRequest::post().uri(&format!("{}/comments", path(role))));
    api.send(json(request.insert_header(("if-match", if_match)), r#"{"body":"b"}"#)).await
}

fn is_mismatch(answer: &Answer, current: i64) {
    assert_eq!((answer.status, answer.code().as_str()), (412, "version_mismatch"), "{answer:?}");
    assert_eq!(answer.json()["current_version"], current);
    assert_eq!(answer.header("etag"), None);
}

#[actix_web::test]
async fn a_tag_has_the_version_that_its_caller_knows() {
    for (role, version) in [(Role::Agent, "\"9-"), (Role::Admin, "\"9-"), (Role::Customer, "\"2-")] {
        let (api, _) = open_ticket().await;
        let read = api.get(role, &path(role)).await;
        assert!(etag(&read).starts_with(version), "{role}");
        assert_eq!(read.header("content-type"), Some("application/json"));
        assert_eq!(etag(&api.get(role, &path(role)).await), etag(&read));

        let changed = api.put(role, &path(role), r#"{"status":"closed"}"#).await;
        assert_eq!(changed.header("content-type"), Some("application/json"));
        assert_ne!(etag(&changed), etag(&read));
        // The answer to a change and the next reading are one text, so that what was answered need not be read again.
        let again = api.get(role, &path(role)).await;
        assert_eq!((etag(&again), &again.body), (etag(&changed), &changed.body), "{role}");
    }
}

#[actix_web::test]
async fn nothing_internal_shows_in_a_customers_tag() {
    let (api, stored) = open_ticket().await;
    let before = api.get(Role::Customer, &path(Role::Customer)).await;
    let staff = etag(&api.get(Role::Agent, &path(Role::Agent)).await);
    edit(&stored, |record| record.tags = Tags::parse(&["vip", "lawsuit"]).unwrap());
    edit(&stored, |record| record.team = TeamRef::new(TeamId::new(2).unwrap(), "Legal"));
    edit(&stored, |record| {
        record.version += 3;
        record.updated_at = ts(record.updated_at.micros() + 5);
    });
    // Even if a store let an internal comment through.
    stored.lock().unwrap().comments.items.push(comment(8, Visibility::Internal));
    let after = api.get(Role::Customer, &path(Role::Customer)).await;
    assert_eq!((etag(&after), &after.body), (etag(&before), &before.body));
    assert_eq!(get_with(&api, Role::Customer, &etag(&before)).await.status, 304);
    assert_eq!(comment_with(&api, Role::Customer, &etag(&before)).await.status, 201);
    assert_ne!(etag(&api.get(Role::Agent, &path(Role::Agent)).await), staff);
}

#[actix_web::test]
async fn a_name_or_a_comment_makes_another_tag_of_the_same_version() {
    for role in Role::ALL {
        let (api, stored) = open_ticket().await;
        let first = etag(&api.get(*role, &path(*role)).await);
        edit(&stored, |record| record.assignee = Some(AgentRef::new(user_id(20), "Grace Hopper")));
        let second = etag(&api.get(*role, &path(*role)).await);
        stored.lock().unwrap().comments.items.push(comment(9, Visibility::Public));
        let third = etag(&api.get(*role, &path(*role)).await);
        stored.lock().unwrap().comments.next = None;
        let fourth = etag(&api.get(*role, &path(*role)).await);
        assert!(first != second && second != third && third != fourth, "{role}");
        assert_eq!(first.split('-').next(), fourth.split('-').next());
        // Nothing was changed: whoever knows the version may act.
        assert_eq!(close_with(&api, *role, &first).await.status, 200);
    }
}

#[actix_web::test]
async fn whoever_has_the_answer_is_not_sent_it_again() {
    let (api, _) = open_ticket().await;
    for role in Role::ALL {
        let tag = etag(&api.get(*role, &path(*role)).await);
        for known in [tag.clone(), format!("W/{tag}"), format!("\"x\" ,, {tag}"), "*".to_owned()] {
            let answer = get_with(&api, *role, &known).await;
            assert_eq!((answer.status, etag(&answer), answer.body.len()), (304, tag.clone(), 0), "{known}");
            assert_eq!(answer.header("content-type"), None);
            assert!(answer.header("x-request-id").is_some() && answer.header("cache-control").is_some());
        }
        for other in [&tag.replace('"', ""), "\"x\"", &self::tag(9), "", "nonsense, *"] {
            let answer = get_with(&api, *role, other).await;
            assert_eq!((answer.status, etag(&answer)), (200, tag.clone()), "{other}");
        }
    }
    let request = signed_in(Role::Agent, TestRequest::get().uri("/agent/tickets/6"));
    let absent = api.send(request.insert_header(("if-none-match", "*"))).await;
    assert_eq!((absent.status, absent.code().as_str()), (404, "not_found"));
}

#[actix_web::test]
async fn who_has_not_seen_the_last_change_is_told_so() {
    for (role, now) in [(Role::Agent, 9), (Role::Admin, 9), (Role::Customer, 2)] {
        let (api, _) = open_ticket().await;
        for stale in [tag(now - 1), tag(now + 1), tag(999), format!("{}, {}", tag(now + 2), tag(now + 1))] {
            is_mismatch(&close_with(&api, role, &stale).await, now);
            is_mismatch(&comment_with(&api, role, &stale).await, now);
        }
        // Ours, but weak; and tags that are not ours.
        for never in [format!("W/{}", tag(now)), format!("\"{now}\""), "\"\"".to_owned(), "\"é\"".to_owned()]
        {
            is_mismatch(&close_with(&api, role, &never).await, now);
            is_mismatch(&comment_with(&api, role, &never).await, now);
        }
        assert_eq!(comment_with(&api, role, &tag(now)).await.status, 201, "{role}");
        // The comment moved the version on.
        is_mismatch(&comment_with(&api, role, &tag(now)).await, now + 1);
        for good in [format!("\"x\", {}, {}", tag(now), tag(now + 1)), "*".to_owned()] {
            let answer = close_with(&api, role, &good).await;
            assert_eq!(answer.status, 200, "{role} {good} {answer:?}");
        }
        // It is closed, at another version: what would change nothing, and what is not possible, is told the same.
        is_mismatch(&close_with(&api, role, &tag(now + 1)).await, now + 2);
        is_mismatch(&comment_with(&api, role, &tag(now + 1)).await, now + 2);
    }
}

#[actix_web::test]
async fn what_is_no_entity_tag_is_refused_by_name_and_nothing_is_written() {
    let (api, stored) = open_ticket().await;
    for role in Role::ALL {
        for bad in ["", ",", "9", "\"9", "9-AAAAAAAAAAAAAAAAAAAAAA", "*, \"a\"", "\"a\" \"b\""] {
            for answer in [close_with(&api, *role, bad).await, comment_with(&api, *role, bad).await] {
                assert_eq!((answer.status, answer.code().as_str()), (400, "bad_request"), "{bad}");
                assert_eq!(answer.faults_in_short(), "if-match:invalid_value");
                assert!(answer.json()["detail"].as_str().unwrap().contains("If-Match"));
            }
        }
    }
    assert_eq!(stored.lock().unwrap().ticket, ticket(Status::Open));
}

#[actix_web::test]
async fn what_is_not_there_has_no_version() {
    let (api, _) = open_ticket().await;
    for role in Role::ALL {
        for if_match in ["*", &tag(9)] {
            let request = signed_in(*role, TestRequest::put().uri(&format!("/{role}/tickets/6")));
            let request = json(request.insert_header(("if-match", if_match)), r#"{"status":"closed"}"#);
            let answer = api.send(request).await;
            assert_eq!((answer.status, answer.code().as_str()), (404, "not_found"), "{role} {if_match}");
            assert_eq!(answer.json().get("current_version"), None);
        }
    }
}

#[actix_web::test]
async fn several_lines_are_one_list() {
    let (api, stored) = open_ticket().await;
    edit(&stored, |record| record.version = 11);
    let request = signed_in(Role::Agent, TestRequest::put().uri(&path(Role::Agent)));
    let request = request.append_header(("if-match", tag(9))).append_header(("if-match", tag(11)));
    assert_eq!(api.send(json(request, r#"{"priority":"low"}"#)).await.status, 200);
}

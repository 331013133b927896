use std::sync::{Arc, Mutex};

use helpdesk_domain::{
    Comment, CommentAuthor, CommentBody, CommentId, Role, Status, Ticket, Ts, User, UserId, Visibility,
};
use helpdesk_ports::{Cause, MockExportRepository, Page, StoreError};

use super::*;
use crate::test_support::{Mocks, NOW, ticket, user};

fn admin() -> AdminActor {
    AdminActor::new(UserId::new(30).unwrap())
}

fn id(id: i64) -> TicketId {
    TicketId::new(id).unwrap()
}

fn numbered(number: i64) -> ExportedTicket {
    let mut record = ticket(Status::Open).record().clone();
    record.id = id(number);
    ExportedTicket {
        ticket: Ticket::from_stored(record),
        requester: user(10, Role::Customer),
        assignee: Some(user(20, Role::Agent)),
    }
}

fn author() -> User {
    user(20, Role::Agent)
}

/// A comment that was written so many microseconds after the tickets changed last.
fn comment(number: i64, later: i64) -> ExportedComment {
    let author = author();
    let name = author.record().name.as_str().to_owned();
    let comment = Comment::from_stored(
        CommentId::new(number).unwrap(),
        CommentAuthor { id: author.id(), name, role: Role::Agent },
        CommentBody::parse("C").unwrap(),
        if number % 2 == 0 { Visibility::Internal } else { Visibility::Public },
        Ts::from_micros(NOW + later).unwrap(),
    );
    ExportedComment { comment, author }
}

/// What an export gives, in short: tickets as `5`, comments as `5/7`.
async fn all(exports: MockExportRepository, with_comments: bool) -> (Vec<String>, Option<UseCaseError>) {
    let desk = Mocks { exports, ..Mocks::default() }.help_desk();
    let mut export = desk.exports.tickets(admin(), TicketFilter::default(), with_comments);
    let mut seen = Vec::new();
    loop {
        match export.next().await {
            Ok(Some(records)) => seen.extend(records.iter().map(|record| match record {
                ExportRecord::Ticket(exported) => exported.ticket.id().to_string(),
                ExportRecord::Comment(ticket, exported) => format!("{ticket}/{}", exported.comment.id()),
            })),
            Ok(None) => return (seen, None),
            Err(error) => return (seen, Some(error)),
        }
    }
}

/// Three pages, of which the second is empty.
fn three_pages(exports: &mut MockExportRepository) {
    exports.expect_tickets().returning(|by, _, page| {
        assert_eq!(by, admin());
        Ok(match page.after.map(TicketId::get) {
            None => Page { items: vec![numbered(1), numbered(2)], next: Some(id(5_000)) },
            Some(5_000) => Page { items: Vec::new(), next: Some(id(10_000)) },
            Some(10_000) => Page { items: vec![numbered(10_001)], next: None },
            other => panic!("nobody asks behind {other:?}"),
        })
    });
}

#[tokio::test]
async fn each_ticket_is_followed_by_its_comments_page_by_page() {
    let mut exports = MockExportRepository::new();
    three_pages(&mut exports);
    exports.expect_comments().returning(|_, ticket, page| {
        let (first, second) = (comment(1, 0), comment(2, 0));
        let position = CommentPosition::of(&first.comment);
        Ok(match (ticket.get(), page.after) {
            (2, None) => Page { items: vec![first], next: Some(position) },
            (2, Some(after)) if after == position => Page { items: vec![second], next: None },
            (1 | 10_001, None) => Page { items: Vec::new(), next: None },
            other => panic!("nobody asks for {other:?}"),
        })
    });
    let (seen, error) = all(exports, true).await;
    assert_eq!((seen.join(" "), error), ("1 2 2/1 2/2 10001".to_owned(), None));
}

#[tokio::test]
async fn comments_that_are_not_asked_for_are_not_read() {
    let mut exports = MockExportRepository::new();
    three_pages(&mut exports);
    let (seen, error) = all(exports, false).await;
    assert_eq!((seen.join(" "), error), ("1 2 10001".to_owned(), None));
}

#[tokio::test]
async fn a_comment_that_came_after_its_ticket_was_read_is_left_out() {
    let mut exports = MockExportRepository::new();
    exports.expect_tickets().returning(|_, _, _| Ok(Page { items: vec![numbered(1)], next: None }));
    let items = vec![comment(1, -1), comment(2, 0), comment(3, 1), comment(4, 1)];
    exports.expect_comments().return_once(|_, _, _| Ok(Page { items, next: None }));
    let (seen, _) = all(exports, true).await;
    assert_eq!(seen.join(" "), "1 1/1 1/2");
}

#[tokio::test]
async fn what_fails_ends_the_export_as_an_error() {
    let mut exports = MockExportRepository::new();
    let calls = Arc::new(Mutex::new(0));
    exports
        .expect_tickets()
        .returning(|_, _, _| Ok(Page { items: vec![numbered(1), numbered(2)], next: Some(id(2)) }));
    exports.expect_comments().returning(move |_, _, _| {
        *calls.lock().unwrap() += 1;
        if *calls.lock().unwrap() == 1 {
            return Ok(Page { items: Vec::new(), next: None });
        }
        Err(StoreError::Unavailable(Cause::new("gone")))
    });
    let (seen, error) = all(exports, true).await;
    assert_eq!(seen.join(" "), "1");
    assert_eq!(error, Some(StoreError::Unavailable(Cause::new("gone")).into()));
}

use std::sync::Mutex;

use helpdesk_domain::{
    CommentBody, Description, Email, ImportedAccount, PersonName, Priority, Role, SourceId, Status, Subject,
    Tags, Visibility,
};
use helpdesk_ports::{Cause, Imported, MockImportRepository};

use super::*;
use crate::test_support::{FixedClock, NOW};

fn source(id: i64) -> SourceId {
    SourceId::new(id).unwrap()
}

fn name(text: &str) -> SourceName {
    SourceName::parse(text).unwrap()
}

fn at(seconds: i64) -> Ts {
    Ts::from_micros(NOW + seconds * 1_000_000).unwrap()
}

fn ada() -> ImportedAccount {
    ImportedAccount {
        email: Email::parse("ada@example.com").unwrap(),
        name: PersonName::parse("Ada").unwrap(),
        role: Role::Customer,
        is_active: true,
    }
}

fn ticket(id: i64) -> TicketToImport {
    TicketToImport {
        id: source(id),
        subject: Subject::parse("S").unwrap(),
        description: Description::parse("D").unwrap(),
        status: Status::Open,
        priority: Priority::Normal,
        tags: Tags::default(),
        requester: ada(),
        assignee: None,
        team: None,
        follow_up_of: None,
        created_at: at(-100),
        updated_at: at(0),
        public_updated_at: at(0),
        first_responded_at: None,
        resolved_at: None,
        closed_at: None,
        reopen_count: 0,
    }
}

fn comment(ticket: i64, id: i64, body: &str) -> CommentToImport {
    CommentToImport {
        id: source(id),
        ticket: source(ticket),
        author: ada(),
        author_role: Role::Customer,
        body: CommentBody::parse(body).unwrap(),
        visibility: Visibility::Public,
        created_at: at(-50),
    }
}

/// A store that takes everything, and what was written to it: of each batch its source, and its items as `5:3`, a ticket with so
/// many comments.
fn store() -> (Arc<MockImportRepository>, Arc<Mutex<Vec<String>>>) {
    let batches = Arc::new(Mutex::new(Vec::new()));
    let seen = batches.clone();
    let mut store = MockImportRepository::new();
    store.expect_write().returning(move |_, batch| {
        assert_eq!(batch.now, at(0));
        let item = |item: &ImportItem| format!("{}:{}", item.ticket.told().id, item.comments.len());
        let items: Vec<String> = batch.items.iter().map(item).collect();
        seen.lock().unwrap().push(format!("{} {}", batch.source, items.join(" ")));
        let comments = batch.items.iter().map(|item| item.comments.len()).sum();
        Ok(Imported { tickets: batch.items.len(), comments, accounts: 1, ..Imported::default() })
    });
    (Arc::new(store), batches)
}

fn importer(store: Arc<MockImportRepository>) -> Importer {
    Importer::new(store, Arc::new(FixedClock::default()), name("elsewhere"))
}

#[tokio::test]
async fn tickets_are_written_with_their_comments() {
    let (store, batches) = store();
    let mut importer = importer(store);
    importer.ticket(ticket(1)).unwrap();
    importer.ticket(ticket(2)).unwrap();
    importer.comment(comment(2, 1, "C")).unwrap();
    importer.comment(comment(2, 2, "C")).unwrap();
    assert!(batches.lock().unwrap().is_empty(), "nothing before it is asked to");
    importer.write().await.unwrap();
    importer.write().await.unwrap();
    assert_eq!(*batches.lock().unwrap(), ["elsewhere 1:0 2:2"], "and nothing twice, nor a batch of nothing");
    let summary = importer.summary();
    assert_eq!((summary.told_tickets, summary.told_comments), (2, 2));
    assert_eq!((summary.tickets, summary.comments, summary.accounts), (2, 2, 1));
}

#[tokio::test]
async fn a_ticket_of_any_number_of_comments_is_written_bit_by_bit() {
    let (store, batches) = store();
    let mut importer = importer(store);
    importer.ticket(ticket(1)).unwrap();
    for id in 1..=1_200 {
        if importer.is_full() {
            importer.write().await.unwrap();
        }
        importer.comment(comment(1, id, "C")).unwrap();
    }
    importer.write().await.unwrap();
    assert_eq!(*batches.lock().unwrap(), ["elsewhere 1:499", "elsewhere 1:500", "elsewhere 1:201"]);
    assert_eq!(importer.summary().told_tickets, 1);
}

#[test]
fn what_is_held_is_bounded_in_bytes_as_well() {
    let (store, _) = store();
    let mut importer = importer(store);
    importer.ticket(ticket(1)).unwrap();
    let long = "x".repeat(CommentBody::MAX_CHARS);
    let mut held = 0;
    while !importer.is_full() {
        held += 1;
        importer.comment(comment(1, held, &long)).unwrap();
    }
    assert!((100..=110).contains(&held), "{held}");
}

#[tokio::test]
async fn what_is_rejected_takes_its_comments_along_and_nothing_else() {
    let (store, batches) = store();
    let mut importer = importer(store);
    assert_eq!(importer.comment(comment(1, 1, "C")), Err(Rejection::NoTicket));
    importer.ticket(ticket(1)).unwrap();
    let closed = TicketToImport { status: Status::Closed, ..ticket(2) };
    let Err(Rejection::Faults(faults)) = importer.ticket(closed) else { panic!("closed, but never") };
    assert_eq!(faults.iter().map(|fault| fault.field).collect::<Vec<_>>(), ["closed_at"]);
    assert_eq!(importer.comment(comment(2, 2, "C")), Err(Rejection::NoTicket));
    importer.ticket(ticket(3)).unwrap();
    let Err(Rejection::Faults(faults)) = importer.comment(comment(1, 3, "C")) else { panic!("of another") };
    assert_eq!(faults[0].field, "ticket_id");
    importer.comment(comment(3, 4, "C")).unwrap();
    importer.no_ticket();
    assert_eq!(importer.comment(comment(3, 5, "C")), Err(Rejection::NoTicket));
    importer.write().await.unwrap();
    assert_eq!(*batches.lock().unwrap(), ["elsewhere 1:0 3:1"]);
}

#[tokio::test]
async fn what_could_not_be_written_is_held_until_it_is() {
    let mut store = MockImportRepository::new();
    let mut answers = [
        Err(StoreError::Unavailable(Cause::new("busy"))),
        Ok(Imported { tickets: 1, unassigned: vec![source(1)], ..Imported::default() }),
    ]
    .into_iter();
    store.expect_write().times(2).returning(move |_, batch| {
        assert_eq!(batch.items.len(), 1);
        answers.next().unwrap()
    });
    let mut importer = importer(Arc::new(store));
    importer.ticket(ticket(1)).unwrap();
    assert!(importer.write().await.is_err());
    importer.write().await.unwrap();
    let unassigned = Counted { count: 1, first: vec![source(1)] };
    assert_eq!((importer.summary().tickets, &importer.summary().unassigned), (1, &unassigned));
}

#[tokio::test]
async fn what_takes_the_store_too_long_is_written_in_smaller_parts() {
    let batches = Arc::new(Mutex::new(Vec::new()));
    let seen = batches.clone();
    let mut store = MockImportRepository::new();
    store.expect_write().returning(move |_, batch| {
        let records: usize = batch.items.iter().map(|item| 1 + item.comments.len()).sum();
        if records > 20 {
            return Err(StoreError::Unavailable(Cause::new("no answer in time")));
        }
        let comments = batch.items.iter().map(|item| item.comments.len()).sum();
        seen.lock().unwrap().push(comments);
        Ok(Imported { comments, ..Imported::default() })
    });
    let mut importer = importer(Arc::new(store));
    importer.ticket(ticket(1)).unwrap();
    (1..=60).for_each(|id| importer.comment(comment(1, id, "C")).unwrap());
    importer.ticket(ticket(2)).unwrap();
    let mut refusals = 0;
    while importer.write().await.is_err() {
        refusals += 1;
        assert!(refusals < 20, "it gets on");
    }
    assert!(refusals > 0);
    assert_eq!(batches.lock().unwrap().iter().sum::<usize>(), 60, "each comment once");
    assert_eq!(importer.summary().comments, 60);
}

#[tokio::test]
async fn another_source_is_another_batch() {
    let (store, batches) = store();
    let mut importer = importer(store);
    importer.ticket(ticket(1)).unwrap();
    importer.write().await.unwrap();
    importer.goes_on_from(name("somewhere"));
    assert_eq!(importer.comment(comment(1, 1, "C")), Err(Rejection::NoTicket), "of a ticket of the other");
    importer.ticket(ticket(1)).unwrap();
    importer.write().await.unwrap();
    assert_eq!(*batches.lock().unwrap(), ["elsewhere 1:0", "somewhere 1:0"]);
}

#[tokio::test]
async fn a_dry_run_checks_and_writes_nothing() {
    let mut importer = Importer::dry(Arc::new(FixedClock::default()), name("elsewhere"));
    importer.ticket(ticket(1)).unwrap();
    assert!(importer.ticket(TicketToImport { reopen_count: -1, ..ticket(2) }).is_err());
    importer.write().await.unwrap();
    let summary = importer.summary();
    assert_eq!((summary.told_tickets, summary.tickets), (1, 0));
}

#[test]
fn the_first_of_many_are_named() {
    let mut summary = ImportSummary::default();
    for some in [1..8, 8..20] {
        summary.add(Imported { without_first: some.map(source).collect(), ..Imported::default() });
    }
    assert_eq!(summary.without_first, Counted { count: 19, first: (1..=10).map(source).collect() });
}

//! Once, against mocked ports. A mock that a test does not prepare panics when it is called: so these also show what is not asked.

use std::sync::Arc;

use helpdesk_domain::{
    AdminActor, Comment, CommentAuthor, CommentBody, CommentDraft, CommentId, CustomerActor, Description,
    Email, NewPassword, NewTicket, NewUser, PersonName, Priority, Refusal, Role, ScopeKind, Status, Subject,
    TeamName, TicketId, Ts, User, UserId, Visibility,
};
use helpdesk_ports::{
    Answer, Cause, Commit, Committed, Fingerprint, IdempotencyKey, KeptAnswer, LockedCommit, Once, Page,
    PageRequest, StoreError, TeamMade, TicketWithComments, UserCreation, WrittenOnce,
};

use crate::test_support::{Mocks, NOW, ticket, user};
use crate::{CustomerTicketDetail, Done, OnceRequest, UseCaseError};

const SAME: Fingerprint = Fingerprint([1; 32]);
const OTHER: Fingerprint = Fingerprint([2; 32]);

fn user_id(number: i64) -> UserId {
    UserId::new(number).unwrap()
}

fn by() -> CustomerActor {
    CustomerActor::new(user_id(10))
}

fn admin() -> AdminActor {
    AdminActor::new(user_id(1))
}

fn key() -> IdempotencyKey {
    IdempotencyKey::parse(b"key").unwrap()
}

fn answer(text: &str) -> Answer {
    Answer(text.into())
}

/// A request whose answer is what `say` says.
fn request<V: 'static>(say: fn(&V) -> String) -> OnceRequest<V> {
    OnceRequest { key: key(), fingerprint: SAME, answer: Arc::new(move |view| Ok(answer(&say(&view)))) }
}

fn ticket_request() -> OnceRequest<CustomerTicketDetail> {
    request(|detail: &CustomerTicketDetail| format!("ticket {}", detail.ticket.id))
}

fn draft() -> NewTicket {
    NewTicket {
        subject: Subject::parse("S").unwrap(),
        description: Description::parse("D").unwrap(),
        priority: Priority::Normal,
        follow_up_of: None,
    }
}

/// What is kept each time that it is looked for, in order; and not more often.
fn keeps(mocks: &mut Mocks, account: i64, found: Vec<Option<Fingerprint>>) {
    let mut found = found.into_iter();
    mocks
        .idempotency
        .expect_find()
        .times(found.len())
        .withf(move |by, asked, now| (*by, asked, now.micros()) == (user_id(account), &key(), NOW))
        .returning(move |_, _, _| {
            let fingerprint = found.next().unwrap();
            Ok(fingerprint.map(|fingerprint| KeptAnswer { fingerprint, answer: answer("kept") }))
        });
}

async fn open(mocks: Mocks) -> Result<Done<CustomerTicketDetail>, UseCaseError> {
    mocks.help_desk().customer_tickets.open_once(by(), draft(), ticket_request()).await
}

fn before<T>() -> Done<T> {
    Done::Before(answer("kept"))
}

#[tokio::test]
async fn what_was_done_before_is_answered_and_not_done() {
    let mut mocks = Mocks::default();
    keeps(&mut mocks, 10, vec![Some(SAME)]);
    assert_eq!(open(mocks).await, Ok(before()));
}

#[tokio::test]
async fn another_request_under_the_key_is_refused() {
    let mut mocks = Mocks::default();
    keeps(&mut mocks, 10, vec![Some(OTHER)]);
    assert_eq!(open(mocks).await, Err(Refusal::KeyReused.into()));
}

#[tokio::test]
async fn what_is_done_now_is_to_be_kept_for_a_day() {
    let mut mocks = Mocks::default();
    keeps(&mut mocks, 10, vec![None]);
    mocks.tickets.expect_open_once().times(1).returning(|opening, once| {
        assert_eq!(opening.requester(), user_id(10));
        assert_eq!((once.account, &once.key, once.fingerprint), (user_id(10), &key(), SAME));
        assert_eq!((once.now.micros(), once.expires_at.micros()), (NOW, NOW + 86_400_000_000));
        let kept = once.kept(&ticket(Status::Open)).unwrap();
        assert_eq!(kept, KeptAnswer { fingerprint: SAME, answer: answer("ticket 5") });
        Ok(WrittenOnce::Ran(ticket(Status::Open)))
    });
    let Ok(Done::Now(detail)) = open(mocks).await else { panic!("it was not done") };
    assert_eq!(detail.ticket.id, TicketId::new(5).unwrap());
}

#[tokio::test]
async fn whoever_comes_at_the_same_time_is_given_the_answer_of_the_other() {
    let taken = |second| {
        let mut mocks = Mocks::default();
        keeps(&mut mocks, 10, vec![None, second]);
        mocks.tickets.expect_open_once().times(1).returning(|_, _| Ok(WrittenOnce::KeyTaken));
        open(mocks)
    };
    assert_eq!(taken(Some(SAME)).await, Ok(before()));
    assert_eq!(taken(Some(OTHER)).await, Err(Refusal::KeyReused.into()));
    // It has expired between the two: nothing was done, and trying again may work.
    let gone = taken(None).await;
    assert!(matches!(gone, Err(UseCaseError::Store(StoreError::Conflict(_)))), "{gone:?}");
}

#[tokio::test]
async fn a_refusal_may_come_of_the_same_request_a_moment_ago() {
    let refused = |second| {
        let mut mocks = Mocks::default();
        keeps(&mut mocks, 1, vec![None, second]);
        mocks.teams.expect_create_once().times(1).returning(|_, _| Ok(WrittenOnce::Ran(TeamMade::NameTaken)));
        let name = TeamName::parse("Night").unwrap();
        let teams = mocks.help_desk().teams;
        async move { teams.create_once(admin(), name, request(|team| format!("team {}", team.id))).await }
    };
    assert_eq!(refused(Some(SAME)).await, Ok(before()));
    assert_eq!(refused(Some(OTHER)).await, Err(Refusal::KeyReused.into()));
    assert_eq!(refused(None).await, Err(Refusal::TeamNameTaken.into()));
}

#[tokio::test]
async fn a_failure_of_the_store_is_told_as_it_is() {
    let gone = || StoreError::Unavailable(Cause::new("gone"));
    let mut mocks = Mocks::default();
    keeps(&mut mocks, 10, vec![None]);
    mocks.tickets.expect_open_once().returning(move |_, _| Err(gone()));
    assert_eq!(open(mocks).await, Err(gone().into()));

    let mut mocks = Mocks::default();
    mocks.idempotency.expect_find().times(1).returning(move |_, _, _| Err(gone()));
    assert_eq!(open(mocks).await, Err(gone().into()), "without knowing, nothing is done");
}

fn loaded(status: Status) -> TicketWithComments {
    TicketWithComments { ticket: ticket(status), comments: Page { items: Vec::new(), next: None } }
}

fn comment() -> Comment {
    let author = CommentAuthor { id: user_id(10), name: "Req".to_owned(), role: Role::Customer };
    let body = CommentBody::parse("a word").unwrap();
    Comment::from_stored(
        CommentId::new(7).unwrap(),
        author,
        body,
        Visibility::Public,
        Ts::from_micros(NOW).unwrap(),
    )
}

fn said(once: &Once<Comment>) -> Answer {
    assert_eq!((once.account, &once.key, once.fingerprint), (user_id(10), &key(), SAME));
    once.kept(&comment()).unwrap().answer
}

async fn write(mocks: Mocks, seen: Option<i64>) -> Result<Done<CommentId>, UseCaseError> {
    let draft = CommentDraft { body: CommentBody::parse("a word").unwrap(), visibility: Visibility::Public };
    let request = request(|view: &helpdesk_domain::CustomerCommentView| format!("comment {}", view.id));
    let tickets = mocks.help_desk().customer_tickets;
    let done = tickets.comment_once(by(), TicketId::new(5).unwrap(), draft, seen, request).await?;
    Ok(match done {
        Done::Now(view) => Done::Now(view.id),
        Done::Before(answer) => Done::Before(answer),
    })
}

#[tokio::test]
async fn who_does_not_see_the_ticket_is_not_given_an_old_answer() {
    let mut mocks = Mocks::default();
    mocks
        .tickets
        .expect_find()
        .times(1)
        .withf(|scope, _, page| {
            scope.kind() == ScopeKind::RequestedBy(user_id(10)) && *page == PageRequest::default()
        })
        .returning(|_, _, _| Ok(None));
    assert_eq!(write(mocks, None).await, Err(Refusal::NotVisible.into()), "the key is not even looked for");
}

#[tokio::test]
async fn what_was_commented_before_needs_no_version() {
    let mut mocks = Mocks::default();
    mocks.tickets.expect_find().times(1).returning(|_, _, _| Ok(Some(loaded(Status::Closed))));
    keeps(&mut mocks, 10, vec![Some(SAME)]);
    assert_eq!(write(mocks, Some(1)).await, Ok(before()));

    // The other was faster, so that the version is another one by now.
    let mut mocks = Mocks::default();
    mocks.tickets.expect_find().returning(|_, _, _| Ok(Some(loaded(Status::Open))));
    keeps(&mut mocks, 10, vec![None, Some(SAME)]);
    assert_eq!(write(mocks, Some(1)).await, Ok(before()));

    let mut mocks = Mocks::default();
    mocks.tickets.expect_find().returning(|_, _, _| Ok(Some(loaded(Status::Open))));
    keeps(&mut mocks, 10, vec![None, None]);
    assert_eq!(write(mocks, Some(1)).await, Err(Refusal::VersionMismatch { current: 2 }.into()));
}

#[tokio::test]
async fn a_stale_comment_is_decided_again_under_its_key_and_at_last_under_the_lock() {
    let mut mocks = Mocks::default();
    mocks.tickets.expect_find().returning(|_, _, _| Ok(Some(loaded(Status::Open))));
    keeps(&mut mocks, 10, vec![None]);
    mocks.tickets.expect_commit_once().times(3).returning(|_, once| {
        assert_eq!(said(&once), answer("comment 7"));
        Ok(WrittenOnce::Ran(Commit::Stale))
    });
    mocks.tickets.expect_decide_locked_once().times(1).returning(|_, _, decide, once| {
        assert!(decide(&ticket(Status::Open)).is_ok());
        assert_eq!(said(&once), answer("comment 7"));
        let now = Box::new(loaded(Status::Open));
        let comment = Some(Box::new(comment()));
        Ok(WrittenOnce::Ran(Some(LockedCommit::Done { now, comment })))
    });
    assert_eq!(write(mocks, None).await, Ok(Done::Now(CommentId::new(7).unwrap())));
}

#[tokio::test]
async fn a_comment_that_was_written_meanwhile_is_not_written_again() {
    for stale_before in [0, 2, 3] {
        let mut mocks = Mocks::default();
        mocks.tickets.expect_find().returning(|_, _, _| Ok(Some(loaded(Status::Open))));
        keeps(&mut mocks, 10, vec![None, Some(SAME)]);
        let mut left = stale_before;
        mocks.tickets.expect_commit_once().times((stale_before + 1).min(3)).returning(move |_, _| {
            if left == 0 {
                return Ok(WrittenOnce::KeyTaken);
            }
            left -= 1;
            Ok(WrittenOnce::Ran(Commit::Stale))
        });
        let under_the_lock = usize::from(stale_before == 3);
        mocks
            .tickets
            .expect_decide_locked_once()
            .times(under_the_lock)
            .returning(|_, _, _, _| Ok(WrittenOnce::KeyTaken));
        assert_eq!(write(mocks, None).await, Ok(before()), "stale {stale_before} times");
    }
}

#[tokio::test]
async fn a_comment_without_a_key_asks_for_none() {
    let mut mocks = Mocks::default();
    mocks.tickets.expect_find().returning(|_, _, _| Ok(Some(loaded(Status::Open))));
    mocks.tickets.expect_commit().times(1).returning(|change| {
        let committed = Committed { ticket: change.ticket().clone(), comment: Some(comment()) };
        Ok(Commit::Done(Box::new(committed)))
    });
    let draft = CommentDraft { body: CommentBody::parse("a word").unwrap(), visibility: Visibility::Public };
    let tickets = mocks.help_desk().customer_tickets;
    assert!(tickets.comment(by(), TicketId::new(5).unwrap(), draft, None).await.is_ok());
}

fn new_user() -> NewUser {
    NewUser {
        email: Email::parse("new@example.com").unwrap(),
        name: PersonName::parse("New").unwrap(),
        role: Role::Agent,
        teams: None,
    }
}

fn user_request() -> OnceRequest<User> {
    request(|user: &User| format!("user {}", user.id()))
}

#[tokio::test]
async fn of_an_invitation_nothing_is_kept() {
    let mut mocks = Mocks::default();
    keeps(&mut mocks, 1, vec![None]);
    mocks.users.expect_create_once().times(1).returning(|_, once| {
        assert_eq!(once.fingerprint, SAME);
        assert_eq!(once.kept(&user(7, Role::Agent)).unwrap().answer, answer("user 7"));
        Ok(WrittenOnce::Ran(UserCreation::Created(user(7, Role::Agent))))
    });
    let accounts = mocks.help_desk().accounts;
    let done = accounts.create_once(admin(), new_user(), None, user_request()).await;
    let Ok(Done::Now(made)) = done else { panic!("the account was not made") };
    assert_eq!(made.invitation.unwrap().token, "fresh", "it is told this once");
}

/// Whatever a password's request is known by, it is known by the password as well, and by what is as hard to guess as a hash.
#[tokio::test]
async fn a_password_is_part_of_the_request() {
    let bound = Fingerprint([3; 32]);
    for (kept, expected) in [(bound, Ok(before())), (SAME, Err(Refusal::KeyReused.into()))] {
        let mut mocks = Mocks::default();
        keeps(&mut mocks, 1, vec![Some(kept)]);
        mocks
            .passwords
            .expect_bind()
            .times(1)
            .withf(|rest, password| *rest == SAME && password.expose() == "correct horse battery")
            .returning(move |_, _| Ok(bound));
        let password = NewPassword::parse("correct horse battery", &new_user().email).unwrap();
        let accounts = mocks.help_desk().accounts;
        let done = accounts.create_once(admin(), new_user(), Some(password), user_request()).await;
        let done = done.map(|done| match done {
            Done::Now(_) => panic!("it was done before"),
            Done::Before(answer) => Done::<()>::Before(answer),
        });
        assert_eq!(done, expected);
    }
}

#[tokio::test]
async fn an_address_that_is_taken_may_be_so_by_the_same_request() {
    for (second, expected) in [(Some(SAME), Ok(())), (None, Err(UseCaseError::from(Refusal::EmailTaken)))] {
        let mut mocks = Mocks::default();
        keeps(&mut mocks, 1, vec![None, second]);
        mocks.users.expect_create_once().returning(|_, _| Ok(WrittenOnce::Ran(UserCreation::EmailTaken)));
        let accounts = mocks.help_desk().accounts;
        let done = accounts.create_once(admin(), new_user(), None, user_request()).await;
        let replayed = done.map(|done| assert!(matches!(done, Done::Before(_))));
        assert_eq!(replayed, expected);
    }
}

//! The use cases against mocked repositories.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use helpdesk_domain::{
    AdminActor, AgentActor, AgentRef, Comment, CommentAuthor, CommentBody, CommentDraft, CommentId,
    CustomerActor, Precondition, Refusal, Role, ScopeKind, Status, Team, TeamId, TeamName, TicketId,
    TicketPatch, Ts, UserId, Visibility,
};
use helpdesk_ports::{
    Cause, Commit, Committed, LockedCommit, MockIdempotencyRepository, MockTeamRepository,
    MockTicketRepository, MockUserRepository, Page, PageRequest, StoreError, TicketQuery, TicketWithComments,
};

use super::{AdminTicketPatch, AdminTickets, CustomerTickets, Desk, Queue, StaffTickets};
use crate::UseCaseError;
use crate::once::KeptAnswers;
use crate::test_support::{FixedClock, NOW, ticket};

fn desk(tickets: MockTicketRepository) -> Desk {
    let clock = Arc::new(FixedClock::default());
    let answers = KeptAnswers { store: Arc::new(MockIdempotencyRepository::new()), clock: clock.clone() };
    Desk::new(Arc::new(tickets), answers, clock)
}

fn admin_tickets(tickets: MockTicketRepository, users: MockUserRepository) -> AdminTickets {
    AdminTickets::new(desk(tickets), Arc::new(users), Arc::new(MockTeamRepository::new()))
}

fn id() -> TicketId {
    TicketId::new(5).unwrap()
}

fn user_id(number: i64) -> UserId {
    UserId::new(number).unwrap()
}

fn requester() -> CustomerActor {
    CustomerActor::new(user_id(10))
}

fn agent() -> AgentActor {
    AgentActor::new(user_id(20))
}

fn to(status: Status) -> TicketPatch {
    TicketPatch { status: Some(status), ..TicketPatch::default() }
}

fn draft(visibility: Visibility) -> CommentDraft {
    CommentDraft { body: CommentBody::parse("a word").unwrap(), visibility }
}

fn comment(number: i64, visibility: Visibility) -> Comment {
    let author = CommentAuthor { id: user_id(20), name: "Ag".to_owned(), role: Role::Agent };
    let body = CommentBody::parse("a word").unwrap();
    Comment::from_stored(
        CommentId::new(number).unwrap(),
        author,
        body,
        visibility,
        Ts::from_micros(NOW).unwrap(),
    )
}

fn loaded(status: Status) -> TicketWithComments {
    TicketWithComments { ticket: ticket(status), comments: Page { items: Vec::new(), next: None } }
}

/// A repository that finds the ticket in this status and expects so many commits.
fn finds(status: Status, commits: usize) -> MockTicketRepository {
    let mut tickets = MockTicketRepository::new();
    tickets.expect_find().returning(move |_, _, _| Ok(Some(loaded(status))));
    tickets.expect_commit().times(commits).returning(|change| {
        let comment = change.comment().cloned();
        Ok(Commit::Done(Box::new(Committed {
            ticket: change.ticket().clone(),
            comment: comment.map(|new| new.into_comment(CommentId::new(1).unwrap(), "Ag".to_owned())),
        })))
    });
    tickets
}

#[tokio::test]
async fn every_call_asks_within_the_scope_of_its_actor() {
    let mut tickets = MockTicketRepository::new();
    tickets
        .expect_find()
        .withf(|scope, _, _| scope.kind() == ScopeKind::RequestedBy(user_id(10)))
        .times(1)
        .returning(|_, _, _| Ok(None));
    tickets
        .expect_list()
        .withf(|scope, _| scope.kind() == ScopeKind::AssignedTo(user_id(20)))
        .times(1)
        .returning(|_, _| Ok(Page { items: Vec::new(), next: None }));
    tickets
        .expect_comments()
        .withf(|scope, _, _| scope.kind() == ScopeKind::All)
        .times(1)
        .returning(|_, _, _| Ok(None));
    let desk = desk(tickets);

    let customer = CustomerTickets::new(desk.clone()).find(requester(), id(), PageRequest::default()).await;
    assert_eq!(customer.err(), Some(Refusal::NotVisible.into()));
    let staff = StaffTickets::new(desk);
    assert!(staff.list(agent(), TicketQuery::default()).await.unwrap().items.is_empty());
    let admin = AdminActor::new(user_id(1));
    let comments = staff.comments(admin, id(), PageRequest::default()).await;
    assert_eq!(comments.err(), Some(Refusal::NotVisible.into()));
}

#[tokio::test]
async fn a_refused_change_never_reaches_commit() {
    let customer = |status| CustomerTickets::new(desk(finds(status, 0)));
    let staff = |status| StaffTickets::new(desk(finds(status, 0)));

    let refused =
        customer(Status::Open).update(requester(), id(), to(Status::Resolved), None).await.unwrap_err();
    assert!(matches!(refused, UseCaseError::Refused(Refusal::NotPermitted(_))));
    let refused = customer(Status::Open)
        .comment(requester(), id(), draft(Visibility::Internal), None)
        .await
        .unwrap_err();
    assert_eq!(refused, Refusal::InternalByCustomer.into());
    let refused = customer(Status::Closed)
        .comment(requester(), id(), draft(Visibility::Public), None)
        .await
        .unwrap_err();
    assert_eq!(refused, Refusal::TicketClosed.into());
    let refused = staff(Status::Closed).update(agent(), id(), to(Status::Open), None).await.unwrap_err();
    assert_eq!(refused, Refusal::TicketClosed.into());
    let refused = staff(Status::Open).update(agent(), id(), TicketPatch::default(), None).await.unwrap_err();
    assert_eq!(refused, Refusal::NothingToChange.into());
    // Should a store ever hand out what the scope does not admit, the domain still refuses.
    let stranger = CustomerActor::new(user_id(11));
    let refused = customer(Status::Open).update(stranger, id(), to(Status::Closed), None).await.unwrap_err();
    assert_eq!(refused, Refusal::NotVisible.into());
}

#[tokio::test]
async fn what_changes_nothing_is_not_committed() {
    let closed = CustomerTickets::new(desk(finds(Status::Closed, 0)));
    let detail = closed.update(requester(), id(), to(Status::Closed), None).await.unwrap();
    assert_eq!((detail.ticket.status, detail.ticket.version), (Status::Closed, 2));
}

#[tokio::test]
async fn a_change_is_committed_and_presented() {
    let staff = StaffTickets::new(desk(finds(Status::Open, 1)));
    let detail = staff.update(agent(), id(), to(Status::Resolved), None).await.unwrap();
    assert_eq!((detail.ticket.status, detail.ticket.version), (Status::Resolved, 10));

    let customer = CustomerTickets::new(desk(finds(Status::Open, 1)));
    let written = customer.comment(requester(), id(), draft(Visibility::Public), None).await.unwrap();
    assert_eq!(written.body.as_str(), "a word");
}

/// The customer's view never shows an internal comment, even if a store were to return one.
#[tokio::test]
async fn a_store_that_leaks_is_stopped_by_the_view() {
    let mut tickets = MockTicketRepository::new();
    let page =
        || Page { items: vec![comment(1, Visibility::Public), comment(2, Visibility::Internal)], next: None };
    tickets.expect_comments().returning(move |_, _, _| Ok(Some(page())));
    tickets.expect_find().returning(move |_, _, _| {
        Ok(Some(TicketWithComments { ticket: ticket(Status::Open), comments: page() }))
    });
    let customer = CustomerTickets::new(desk(tickets));
    let comments = customer.comments(requester(), id(), PageRequest::default()).await.unwrap();
    assert_eq!(comments.items.iter().map(|view| view.id.get()).collect::<Vec<_>>(), [1]);
    let detail = customer.find(requester(), id(), PageRequest::default()).await.unwrap();
    assert_eq!(detail.comments.items.len(), 1);
    assert!(!format!("{detail:?}").contains("internal"));
}

#[tokio::test]
async fn a_change_that_others_outran_is_decided_anew_and_at_last_under_the_lock() {
    let mut tickets = MockTicketRepository::new();
    tickets.expect_find().times(3).returning(|_, _, _| Ok(Some(loaded(Status::Open))));
    let tries = AtomicUsize::new(0);
    tickets.expect_commit().times(3).returning(move |_| match tries.fetch_add(1, Ordering::Relaxed) {
        1 => Err(StoreError::Conflict(Cause::new("deadlock"))),
        _ => Ok(Commit::Stale),
    });
    tickets.expect_decide_locked().times(1).returning(|scope, _, decide| {
        assert_eq!(scope.kind(), ScopeKind::RequestedBy(user_id(10)));
        let current = ticket(Status::Open);
        let helpdesk_domain::Outcome::Changed(change) = decide(&current).unwrap() else {
            panic!("unchanged")
        };
        let now =
            TicketWithComments { ticket: change.ticket().clone(), comments: loaded(Status::Open).comments };
        Ok(Some(LockedCommit::Done { now: Box::new(now), comment: None }))
    });
    let detail = CustomerTickets::new(desk(tickets))
        .update(requester(), id(), to(Status::Closed), None)
        .await
        .unwrap();
    assert_eq!(detail.ticket.status, Status::Closed);
}

#[tokio::test]
async fn a_lost_store_is_not_tried_again() {
    let mut tickets = MockTicketRepository::new();
    tickets.expect_find().times(1).returning(|_, _, _| Ok(Some(loaded(Status::Open))));
    tickets.expect_commit().times(1).returning(|_| Err(StoreError::Unavailable(Cause::new("gone"))));
    let result =
        CustomerTickets::new(desk(tickets)).update(requester(), id(), to(Status::Closed), None).await;
    assert!(matches!(result, Err(UseCaseError::Store(StoreError::Unavailable(_)))));
}

#[tokio::test]
async fn only_an_active_agent_can_be_assigned_also_at_the_last_moment() {
    let admin = AdminActor::new(user_id(1));
    let assign = AdminTicketPatch { assignee: Some(Some(user_id(21))), ..AdminTicketPatch::default() };

    let mut users = MockUserRepository::new();
    users.expect_active_agent().returning(|_, _| Ok(None));
    let mut tickets = MockTicketRepository::new();
    tickets.expect_find().returning(|_, id, _| Ok((id.get() == 5).then(|| loaded(Status::Open))));
    tickets.expect_commit().never();
    let result = admin_tickets(tickets, users).update(admin, id(), assign.clone(), None).await;
    assert_eq!(result.err(), Some(Refusal::NotAssignable.into()));

    let mut users = MockUserRepository::new();
    users.expect_active_agent().returning(|_, id| Ok(Some(AgentRef::new(id, "New"))));
    let mut tickets = MockTicketRepository::new();
    tickets.expect_find().returning(|_, _, _| Ok(Some(loaded(Status::Open))));
    tickets.expect_commit().times(1).returning(|change| {
        assert_eq!(change.preconditions(), [Precondition::ActiveAgent(user_id(21))]);
        Ok(Commit::Unmet(change.preconditions()[0]))
    });
    let result = admin_tickets(tickets, users).update(admin, id(), assign, None).await;
    assert_eq!(result.err(), Some(Refusal::NotAssignable.into()));
}

#[tokio::test]
async fn a_ticket_is_reopened_into_the_queue_when_its_agent_is_gone() {
    let mut tickets = MockTicketRepository::new();
    tickets.expect_find().times(2).returning(|_, _, _| Ok(Some(loaded(Status::Closed))));
    tickets.expect_commit().times(2).returning(|change| match change.preconditions().first() {
        Some(precondition) => Ok(Commit::Unmet(*precondition)),
        None => Ok(Commit::Done(Box::new(Committed { ticket: change.ticket().clone(), comment: None }))),
    });
    let admin = AdminActor::new(user_id(1));
    let reopen = AdminTicketPatch { status: Some(Status::Open), ..AdminTicketPatch::default() };
    let detail =
        admin_tickets(tickets, MockUserRepository::new()).update(admin, id(), reopen, None).await.unwrap();
    assert_eq!((detail.ticket.status, detail.ticket.assignee), (Status::Open, None));
}

#[tokio::test]
async fn a_ticket_goes_only_to_a_team_that_is_there_also_at_the_last_moment() {
    let admin = AdminActor::new(user_id(1));
    let night = TeamId::new(2).unwrap();
    let move_it = AdminTicketPatch { team: Some(night), ..AdminTicketPatch::default() };
    for is_there in [false, true] {
        let mut teams = MockTeamRepository::new();
        teams.expect_find().returning(move |_, id| {
            let team = Team { id, name: TeamName::parse("Night").unwrap(), is_default: false };
            Ok(is_there.then_some(team))
        });
        let mut tickets = MockTicketRepository::new();
        tickets.expect_find().returning(|_, id, _| Ok((id.get() == 5).then(|| loaded(Status::Open))));
        tickets.expect_commit().times(usize::from(is_there)).returning(move |change| {
            assert_eq!(change.preconditions(), [Precondition::TeamExists(night)]);
            Ok(Commit::Unmet(change.preconditions()[0]))
        });
        let admin_tickets =
            AdminTickets::new(desk(tickets), Arc::new(MockUserRepository::new()), Arc::new(teams));
        let result = admin_tickets.update(admin, id(), move_it.clone(), None).await;
        assert_eq!(result.err(), Some(Refusal::UnknownTeam.into()));
        let absent = admin_tickets.update(admin, TicketId::new(6).unwrap(), move_it.clone(), None).await;
        assert_eq!(absent.err(), Some(Refusal::NotVisible.into()), "that is said first");
    }
}

#[tokio::test]
async fn what_a_caller_has_not_seen_yet_is_not_changed_nor_passed_over() {
    // The staff's version of this ticket is 9, the customer's 2.
    let staff = StaffTickets::new(desk(finds(Status::Open, 1)));
    let old = staff.update(agent(), id(), to(Status::Resolved), Some(8)).await;
    assert_eq!(old.err(), Some(Refusal::VersionMismatch { current: 9 }.into()));
    let nothing = staff.update(agent(), id(), to(Status::Open), Some(8)).await;
    assert_eq!(nothing.err(), Some(Refusal::VersionMismatch { current: 9 }.into()));
    assert!(staff.update(agent(), id(), to(Status::Resolved), Some(9)).await.is_ok());

    let customer = CustomerTickets::new(desk(finds(Status::Open, 1)));
    let late = customer.comment(requester(), id(), draft(Visibility::Public), Some(1)).await;
    assert_eq!(late.err(), Some(Refusal::VersionMismatch { current: 2 }.into()));
    assert!(customer.comment(requester(), id(), draft(Visibility::Public), Some(2)).await.is_ok());
}

fn queue(tickets: MockTicketRepository) -> Queue {
    let mut users = MockUserRepository::new();
    users.expect_active_agent().returning(|_, id| Ok(Some(AgentRef::new(id, "Ag"))));
    Queue::new(desk(tickets), Arc::new(users))
}

/// A ticket of the queue, or one that this agent works.
fn queued(assignee: Option<i64>) -> helpdesk_domain::Ticket {
    let mut record = ticket(Status::Open).record().clone();
    record.assignee = assignee.map(|id| AgentRef::new(user_id(id), "Ag"));
    helpdesk_domain::Ticket::from_stored(record)
}

#[tokio::test]
async fn a_claim_that_lost_the_race_learns_that_it_did() {
    let mut tickets = MockTicketRepository::new();
    let mut looks = 0;
    tickets.expect_claimable().times(2).returning(move |queue, _| {
        assert_eq!(queue.agent(), user_id(20));
        looks += 1;
        Ok(Some(queued((looks == 2).then_some(21))))
    });
    tickets.expect_commit().times(1).returning(|_| Ok(Commit::Stale));
    let result = queue(tickets).claim(agent(), id()).await;
    assert_eq!(result.err(), Some(Refusal::AlreadyClaimed.into()));
}

#[tokio::test]
async fn a_ticket_of_another_team_is_not_there_also_at_the_last_moment() {
    let mut tickets = MockTicketRepository::new();
    tickets.expect_claimable().returning(|_, _| Ok(None));
    assert_eq!(queue(tickets).claim(agent(), id()).await.err(), Some(Refusal::NotVisible.into()));

    let mut tickets = MockTicketRepository::new();
    tickets.expect_claimable().returning(|_, _| Ok(Some(queued(None))));
    tickets.expect_commit().returning(|change| Ok(Commit::Unmet(change.preconditions()[0])));
    assert_eq!(queue(tickets).claim(agent(), id()).await.err(), Some(Refusal::NotVisible.into()));
}

#[tokio::test]
async fn an_agent_releases_what_it_works() {
    let mut tickets = finds(Status::Open, 1);
    tickets.expect_claimable().never();
    assert_eq!(queue(tickets).release(agent(), id()).await, Ok(()));
    let mut tickets = MockTicketRepository::new();
    tickets.expect_find().returning(|_, _, _| Ok(None));
    assert_eq!(queue(tickets).release(agent(), id()).await, Err(Refusal::NotVisible.into()));
}

#[tokio::test]
async fn only_a_closed_ticket_of_ones_own_is_followed_up() {
    let follow_up = || helpdesk_domain::NewTicket {
        subject: helpdesk_domain::Subject::parse("Again").unwrap(),
        description: helpdesk_domain::Description::parse("It is back.").unwrap(),
        priority: helpdesk_domain::Priority::Normal,
        follow_up_of: Some(id()),
    };
    for (status, is_refused) in [(None, true), (Some(Status::Open), true), (Some(Status::Closed), false)] {
        let mut tickets = MockTicketRepository::new();
        tickets.expect_find().returning(move |_, _, _| Ok(status.map(loaded)));
        tickets.expect_open().times(usize::from(!is_refused)).returning(|_| Ok(ticket(Status::Open)));
        let result = CustomerTickets::new(desk(tickets)).open(requester(), follow_up()).await;
        assert_eq!(result.err(), is_refused.then(|| Refusal::NoFollowUp.into()), "{status:?}");
    }
}

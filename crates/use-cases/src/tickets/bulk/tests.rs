use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use helpdesk_domain::{
    AdminActor, AgentActor, AgentRef, Outcome, Precondition, Refusal, ScopeKind, Status, Team, TeamId,
    TeamName, Ticket, TicketId, TicketPatch, UserId,
};
use helpdesk_ports::{
    Cause, DecideEach, Decided, MockIdempotencyRepository, MockTeamRepository, MockTicketRepository,
    MockUserRepository, StoreError,
};

use crate::UseCaseError;
use crate::once::KeptAnswers;
use crate::test_support::{FixedClock, ticket};
use crate::tickets::{AdminTicketPatch, AdminTickets, Desk, StaffTickets};

fn desk(tickets: MockTicketRepository) -> Desk {
    let clock = Arc::new(FixedClock::default());
    let answers = KeptAnswers { store: Arc::new(MockIdempotencyRepository::new()), clock: clock.clone() };
    Desk::new(Arc::new(tickets), answers, clock)
}

fn user_id(number: i64) -> UserId {
    UserId::new(number).unwrap()
}

fn agent() -> AgentActor {
    AgentActor::new(user_id(20))
}

fn admin() -> AdminActor {
    AdminActor::new(user_id(1))
}

fn ids(numbers: &[i64]) -> Vec<TicketId> {
    numbers.iter().map(|number| TicketId::new(*number).unwrap()).collect()
}

fn to(status: Status) -> TicketPatch {
    TicketPatch { status: Some(status), ..TicketPatch::default() }
}

fn numbered(number: i64, status: Status) -> Ticket {
    let mut record = ticket(status).record().clone();
    record.id = TicketId::new(number).unwrap();
    Ticket::from_stored(record)
}

/// What a store makes of it that holds these tickets and where everything is as the changes need it.
fn decided(tickets: &[Ticket], decide: &DecideEach) -> Decided {
    let one = |ticket: &Ticket| match decide(ticket, &[]) {
        Err(refusal) => Err(refusal),
        Ok(Outcome::Unchanged) => Ok(ticket.clone()),
        Ok(Outcome::Changed(change)) => Ok(change.ticket().clone()),
    };
    tickets.iter().map(|ticket| (ticket.id(), one(ticket))).collect()
}

#[tokio::test]
async fn each_ticket_has_a_result_in_the_order_of_asking() {
    let mut tickets = MockTicketRepository::new();
    tickets
        .expect_decide_many()
        .withf(|scope, asked, _| {
            scope.kind() == ScopeKind::AssignedTo(user_id(20)) && *asked == ids(&[9, 5, 7, 6])
        })
        .times(1)
        .returning(|_, _, decide| {
            let held = [numbered(5, Status::Open), numbered(6, Status::Closed), numbered(9, Status::Pending)];
            Ok(decided(&held, &decide))
        });
    let staff = StaffTickets::new(desk(tickets));
    let items = staff.update_many(agent(), &ids(&[9, 5, 7, 6]), to(Status::Pending)).await.unwrap();
    let told: Vec<_> = items
        .into_iter()
        .map(|item| (item.id.get(), item.outcome.map(|view| (view.id.get(), view.status, view.version))))
        .collect();
    let expected = [
        (9, Ok((9, Status::Pending, 9))),
        (5, Ok((5, Status::Pending, 10))),
        (7, Err(Refusal::NotVisible)),
        (6, Err(Refusal::TicketClosed)),
    ];
    assert_eq!(told, expected);
}

/// Should a store ask about what the scope does not admit, the domain still refuses.
#[tokio::test]
async fn a_store_that_asks_about_anothers_ticket_is_refused() {
    let mut tickets = MockTicketRepository::new();
    tickets.expect_decide_many().returning(|_, _, decide| Ok(decided(&[numbered(5, Status::Open)], &decide)));
    let staff = StaffTickets::new(desk(tickets));
    let stranger = AgentActor::new(user_id(21));
    let items = staff.update_many(stranger, &ids(&[5]), to(Status::Pending)).await.unwrap();
    assert_eq!(items[0].outcome, Err(Refusal::NotVisible));
}

#[tokio::test]
async fn a_change_of_nothing_never_reaches_the_store() {
    let staff = StaffTickets::new(desk(MockTicketRepository::new()));
    let refused = staff.update_many(agent(), &ids(&[5]), TicketPatch::default()).await;
    assert_eq!(refused, Err(Refusal::NothingToChange.into()));
}

#[tokio::test]
async fn a_collision_is_tried_again_and_any_other_failure_is_not() {
    for (collisions, calls, succeeds) in [(0, 1, true), (2, 3, true), (3, 3, false)] {
        let mut tickets = MockTicketRepository::new();
        let tried = AtomicUsize::new(0);
        tickets.expect_decide_many().times(calls).returning(move |_, _, decide| {
            if tried.fetch_add(1, Ordering::Relaxed) < collisions {
                return Err(StoreError::Conflict(Cause::new("deadlock")));
            }
            Ok(decided(&[numbered(5, Status::Open)], &decide))
        });
        let staff = StaffTickets::new(desk(tickets));
        let outcome = staff.update_many(agent(), &ids(&[5]), to(Status::Pending)).await;
        assert_eq!(outcome.is_ok(), succeeds, "{collisions} collisions: {outcome:?}");
    }
    let mut tickets = MockTicketRepository::new();
    let gone = StoreError::Unavailable(Cause::new("gone"));
    let error = gone.clone();
    tickets.expect_decide_many().times(1).returning(move |_, _, _| Err(error.clone()));
    let outcome =
        StaffTickets::new(desk(tickets)).update_many(agent(), &ids(&[5]), to(Status::Pending)).await;
    assert_eq!(outcome, Err(UseCaseError::Store(gone)));
}

/// As with a single ticket: one that is reopened without its agent goes to the queue, and nothing is assigned to nobody.
#[tokio::test]
async fn what_does_not_hold_leads_to_what_it_would_for_one_ticket() {
    let mut tickets = MockTicketRepository::new();
    tickets.expect_decide_many().times(1).returning(|_, _, decide| {
        let closed = numbered(5, Status::Closed);
        let Ok(Outcome::Changed(change)) = decide(&closed, &[]) else { panic!("reopening is a change") };
        let missing = Precondition::ActiveAgent(user_id(20));
        assert_eq!(change.preconditions(), [missing]);
        let Ok(Outcome::Changed(change)) = decide(&closed, &[missing]) else {
            panic!("it goes to the queue")
        };
        assert_eq!(change.preconditions(), []);
        Ok(Decided::from([(closed.id(), Ok(change.ticket().clone()))]))
    });
    let staff = StaffTickets::new(desk(tickets));
    let items = staff.update_many(admin(), &ids(&[5]), to(Status::Open)).await.unwrap();
    let view = items[0].outcome.as_ref().unwrap();
    assert_eq!((view.status, &view.assignee), (Status::Open, &None));

    let mut tickets = MockTicketRepository::new();
    tickets.expect_decide_many().times(1).returning(|_, _, decide| {
        let open = numbered(5, Status::Open);
        let missing = Precondition::ActiveAgent(user_id(21));
        Ok(Decided::from([(open.id(), decide(&open, &[missing]).map(|_| open))]))
    });
    let other = Some(Some(AgentRef::new(user_id(21), "Other")));
    let patch = TicketPatch { assignee: other, ..TicketPatch::default() };
    let items = StaffTickets::new(desk(tickets)).update_many(admin(), &ids(&[5]), patch).await.unwrap();
    assert_eq!(items[0].outcome, Err(Refusal::NotAssignable));
}

#[tokio::test]
async fn an_admins_names_are_looked_up_once_for_all() {
    let mut tickets = MockTicketRepository::new();
    tickets.expect_decide_many().times(1).returning(|_, _, decide| {
        Ok(decided(&[numbered(5, Status::Open), numbered(6, Status::Open)], &decide))
    });
    let mut users = MockUserRepository::new();
    users.expect_active_agent().times(1).returning(|_, id| Ok(Some(AgentRef::new(id, "Barbara"))));
    let mut teams = MockTeamRepository::new();
    teams.expect_find().times(1).returning(|_, id| {
        Ok(Some(Team { id, name: TeamName::parse("Billing").unwrap(), is_default: false }))
    });
    let desk = AdminTickets::new(desk(tickets), Arc::new(users), Arc::new(teams));
    let patch = AdminTicketPatch {
        assignee: Some(Some(user_id(21))),
        team: Some(TeamId::new(2).unwrap()),
        ..AdminTicketPatch::default()
    };
    let items = desk.update_many(admin(), &ids(&[5, 6]), patch).await.unwrap();
    for item in items {
        let view = item.outcome.unwrap();
        assert_eq!((view.assignee.unwrap().name(), view.team.name()), ("Barbara", "Billing"));
    }
}

/// That is wrong whatever the tickets are.
#[tokio::test]
async fn who_is_no_agent_and_what_is_no_team_refuse_the_whole() {
    let assign = AdminTicketPatch { assignee: Some(Some(user_id(21))), ..AdminTicketPatch::default() };
    let move_to = AdminTicketPatch { team: Some(TeamId::new(2).unwrap()), ..AdminTicketPatch::default() };
    let refusals = [
        (assign, Refusal::NotAssignable),
        (move_to, Refusal::UnknownTeam),
        (AdminTicketPatch::default(), Refusal::NothingToChange),
    ];
    for (patch, refusal) in refusals {
        let mut users = MockUserRepository::new();
        users.expect_active_agent().returning(|_, _| Ok(None));
        let mut teams = MockTeamRepository::new();
        teams.expect_find().returning(|_, _| Ok(None));
        let desk = AdminTickets::new(desk(MockTicketRepository::new()), Arc::new(users), Arc::new(teams));
        assert_eq!(desk.update_many(admin(), &ids(&[5]), patch).await, Err(refusal.into()));
    }
}

use super::*;
use helpdesk_domain::{AgentActor, AuditKind, CustomerActor, MAX_ID, Priority, Role, Status, Tag};
use helpdesk_ports::{TicketSearch, UserSearch};
use proptest::prelude::*;

fn codec() -> CursorCodec {
    CursorCodec::new(&StoreSecret([7; 32]))
}

fn actor(id: i64, role: Role) -> Actor {
    Actor::of_account(UserId::new(id).unwrap(), role)
}

fn position() -> TicketPosition {
    TicketPosition::UpdatedAt(Ts::from_micros(1_700_000_000_123_456).unwrap(), TicketId::new(99).unwrap())
}

fn opens(binding: &Binding, cursor: &str) -> bool {
    codec().open::<TicketPosition>(binding, cursor).is_some()
}

proptest! {
    #[test]
    fn a_position_survives(micros in -62_135_596_800_000_000_i64..=253_402_300_799_999_999, id in 1..=MAX_ID) {
        let at = Ts::from_micros(micros).unwrap();
        let binding = Binding::users(actor(1, Role::Admin), &UserFilter::default());
        let codec = codec();
        let ticket = TicketId::new(id).unwrap();
        for position in [TicketPosition::UpdatedAt(at, ticket), TicketPosition::CreatedAt(ticket)] {
            prop_assert_eq!(codec.open(&binding, &codec.seal(&binding, &position)), Some(position));
        }
        let event = EventPosition { at, id: EventId::new(id).unwrap() };
        prop_assert_eq!(codec.open(&binding, &codec.seal(&binding, &event)), Some(event));
        let comment = CommentPosition { created_at: at, id: CommentId::new(id).unwrap() };
        prop_assert_eq!(codec.open(&binding, &codec.seal(&binding, &comment)), Some(comment));
        let user = UserId::new(id).unwrap();
        prop_assert_eq!(codec.open(&binding, &codec.seal(&binding, &user)), Some(user));
        let session = SessionPosition { created_at: at, id: SessionId::from_bits(u128::MAX - u128::from(id.unsigned_abs())) };
        prop_assert_eq!(codec.open(&binding, &codec.seal(&binding, &session)), Some(session));
    }

    #[test]
    fn a_made_up_cursor_never_opens(cursor in "[A-Za-z0-9_=-]{0,60}") {
        prop_assert!(!opens(&Binding::users(actor(1, Role::Admin), &UserFilter::default()), &cursor));
    }
}

#[test]
fn a_cursor_changed_in_any_character_is_no_cursor() {
    let binding =
        Binding::tickets("tickets", actor(3, Role::Agent), &TicketFilter::default(), TicketSort::default());
    let cursor = codec().seal(&binding, &position());
    assert!(opens(&binding, &cursor));
    for at in 0..cursor.len() {
        for other in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_= +/".iter().copied() {
            let mut changed = cursor.clone().into_bytes();
            if changed[at] != other {
                changed[at] = other;
                assert!(!opens(&binding, std::str::from_utf8(&changed).unwrap()), "{at} {other}");
            }
        }
        assert!(!opens(&binding, &cursor[..at]), "cut at {at}");
    }
    assert!(!opens(&binding, &format!("{cursor}A")) && !opens(&binding, &format!("{cursor}=")));
}

#[test]
fn a_cursor_is_good_for_its_own_list_alone() {
    let (default, sort) = (TicketFilter::default, TicketSort::default());
    let agent: Actor = AgentActor::new(UserId::new(3).unwrap()).into();
    let open = default().with_statuses([Status::Open]);
    let cursor = codec().seal(&Binding::tickets("tickets", agent, &open, sort), &position());
    assert!(opens(&Binding::tickets("tickets", agent, &open, sort), &cursor));
    let ascending = TicketSort { direction: Direction::Ascending, ..sort };
    let by_creation = TicketSort { key: SortKey::CreatedAt, ..sort };
    let customer: Actor = CustomerActor::new(UserId::new(3).unwrap()).into();
    for other in [
        Binding::tickets("tickets", agent, &default(), sort),
        Binding::tickets("tickets", agent, &default().with_statuses([Status::Open, Status::Closed]), sort),
        Binding::tickets("tickets", agent, &open.clone().with_priorities([Priority::Low]), sort),
        Binding::tickets("tickets", agent, &open, ascending),
        Binding::tickets("tickets", agent, &open, by_creation),
        Binding::tickets("tickets", actor(33, Role::Agent), &open, sort),
        Binding::tickets("tickets", customer, &open, sort),
        Binding::comments(agent, TicketId::new(3).unwrap()),
        Binding::users(agent, &UserFilter::default()),
    ] {
        assert!(!opens(&other, &cursor), "{}", other.0);
    }
    let foreign = CursorCodec::new(&StoreSecret([8; 32]));
    assert_eq!(
        foreign.open::<TicketPosition>(&Binding::tickets("tickets", agent, &open, sort), &cursor),
        None
    );
}

#[test]
fn lists_of_tickets_differ_by_everything_that_narrows_them() {
    let (admin, filter) = (actor(1, Role::Admin), TicketFilter::default);
    let at = |micros| Ts::from_micros(micros).ok();
    let user = |id| UserId::new(id).ok();
    let tag = |text| Tag::parse(text).ok();
    // No search text reads like another filter.
    let search = |text| TicketSearch::parse(text).ok();
    let filters = [
        filter(),
        filter().created_after(at(5)),
        filter().created_after(at(-5)),
        filter().updated_after(at(5)),
        filter().created_after(at(5)).updated_after(at(5)),
        filter().with_assignee(Some(None)),
        filter().with_assignee(Some(user(5))),
        filter().with_requester(user(5)),
        filter().with_team(TeamId::new(5).ok()),
        filter().with_tag(tag("vip")),
        filter().with_tag(tag("team:5")),
        filter().with_team(TeamId::new(5).ok()).with_tag(tag("vip")),
        filter().with_search(search("a b")),
        filter().with_search(search("b a")),
        filter().with_search(search("ab")),
        filter().with_search(search("a a b b")),
        filter().with_search(search("tag:vip")),
        filter().with_search(search("team:5 tag:vip words:a")),
        filter().with_tag(tag("words:a")),
        filter().with_tag(tag("vip")).with_search(search("a")),
        filter().with_search(search("a tag vip")),
        filter().with_search(search("vip words:a tag")),
    ];
    let mut bindings: Vec<Binding> = filters
        .iter()
        .flat_map(|filter| ["tickets", "queue"].map(|list| (list, filter)))
        .map(|(list, filter)| Binding::tickets(list, admin, filter, TicketSort::default()))
        .collect();
    bindings.push(Binding::history(admin, TicketId::new(5).unwrap()));
    bindings.push(Binding::comments(admin, TicketId::new(5).unwrap()));
    for (index, binding) in bindings.iter().enumerate() {
        let cursor = codec().seal(binding, &position());
        for (other, opened) in bindings.iter().enumerate() {
            assert_eq!(opens(opened, &cursor), index == other, "{} {}", binding.0, opened.0);
        }
    }
}

#[test]
fn comments_of_one_ticket_are_not_those_of_another() {
    let caller = actor(3, Role::Customer);
    let comment = CommentPosition { created_at: Ts::from_micros(5).unwrap(), id: CommentId::new(1).unwrap() };
    let cursor = codec().seal(&Binding::comments(caller, TicketId::new(1).unwrap()), &comment);
    let open = |ticket: i64| {
        codec().open::<CommentPosition>(&Binding::comments(caller, TicketId::new(ticket).unwrap()), &cursor)
    };
    assert_eq!(open(1), Some(comment));
    assert_eq!(open(11), None);
}

#[test]
fn lists_of_accounts_differ_by_what_narrows_them() {
    let admin = actor(1, Role::Admin);
    let filter = |role, is_active, text: Option<&str>| UserFilter {
        role,
        is_active,
        text: text.map(|text| UserSearch::parse(text).unwrap()),
    };
    // No search text reads like another filter.
    let filters = [
        filter(None, None, None),
        filter(Some(Role::Agent), None, None),
        filter(Some(Role::Admin), None, None),
        filter(None, Some(true), None),
        filter(None, Some(false), None),
        filter(None, Some(true), Some("x")),
        filter(None, None, Some("active text:x")),
        filter(None, None, Some("x")),
        filter(Some(Role::Agent), Some(true), None),
        filter(None, None, Some("role:agent active")),
    ];
    let mut bindings: Vec<Binding> = filters.iter().map(|filter| Binding::users(admin, filter)).collect();
    let team = |id| TeamId::new(id).unwrap();
    bindings.extend([Binding::teams(admin), Binding::sessions(admin)]);
    bindings.extend([Binding::members(admin, team(1)), Binding::members(admin, team(11))]);
    let audit = |actor, kind| AuditFilter { actor, kind };
    let user = UserId::new(7).ok();
    for (actor, kind) in [
        (None, None),
        (user, None),
        (None, Some(AuditKind::TeamCreated)),
        (user, Some(AuditKind::TeamCreated)),
        (user, Some(AuditKind::TeamDeleted)),
    ] {
        bindings.push(Binding::audit(admin, &audit(actor, kind)));
    }
    let id = UserId::new(5).unwrap();
    for (index, binding) in bindings.iter().enumerate() {
        let cursor = codec().seal(binding, &id);
        for (other, opened) in bindings.iter().enumerate() {
            assert_eq!(codec().open(opened, &cursor), (index == other).then_some(id), "{}", opened.0);
        }
    }
}

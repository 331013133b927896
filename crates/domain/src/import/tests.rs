use super::*;
use crate::*;

/// So many seconds after a moment long ago.
fn at(seconds: i64) -> Ts {
    Ts::from_micros(1_600_000_000_000_000 + seconds * 1_000_000).unwrap()
}

fn source(id: i64) -> SourceId {
    SourceId::new(id).unwrap()
}

fn account(label: &str, role: Role) -> ImportedAccount {
    ImportedAccount {
        email: Email::parse(&format!("{label}@example.com")).unwrap(),
        name: PersonName::parse(label).unwrap(),
        role,
        is_active: true,
    }
}

/// Opened at 0, changed last at 100, for the public at 90.
fn told(status: Status) -> TicketToImport {
    TicketToImport {
        id: source(17),
        subject: Subject::parse("Printer on fire").unwrap(),
        description: Description::parse("It really is.").unwrap(),
        status,
        priority: Priority::High,
        tags: Tags::parse(&["vip"]).unwrap(),
        requester: account("ada", Role::Customer),
        assignee: Some(account("grace", Role::Agent)),
        team: None,
        follow_up_of: None,
        created_at: at(0),
        updated_at: at(100),
        public_updated_at: at(90),
        first_responded_at: Some(at(10)),
        resolved_at: matches!(status, Status::Resolved | Status::Closed).then(|| at(70)),
        closed_at: (status == Status::Closed).then(|| at(80)),
        reopen_count: 1,
    }
}

fn faults(ticket: TicketToImport) -> String {
    let faults = ticket.check(at(1_000)).expect_err("it is wrong");
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn comment(ticket: i64, visibility: Visibility, role: Role, seconds: i64) -> CommentToImport {
    CommentToImport {
        id: source(3),
        ticket: source(ticket),
        author: account("grace", Role::Agent),
        author_role: role,
        body: CommentBody::parse("Off and on?").unwrap(),
        visibility,
        created_at: at(seconds),
    }
}

#[test]
fn a_ticket_of_each_status_may_come() {
    for &status in Status::ALL {
        assert!(told(status).check(at(1_000)).is_ok(), "{status}");
    }
    let closed_at_once = TicketToImport { resolved_at: None, ..told(Status::Closed) };
    assert!(closed_at_once.check(at(1_000)).is_ok());
    let never_touched = TicketToImport {
        updated_at: at(0),
        public_updated_at: at(0),
        first_responded_at: None,
        ..told(Status::Open)
    };
    assert!(never_touched.check(at(0)).is_ok());
}

#[test]
fn times_are_in_order_and_past() {
    let open = || told(Status::Open);
    let late = at(100).before(IMPORT_LEEWAY);
    assert!(open().check(late).is_ok(), "another clock may be ahead");
    let later = Ts::from_micros(late.micros() - 1).unwrap();
    assert_eq!(open().check(later).unwrap_err(), [ImportFault::new("updated_at", "is yet to come")]);
    for (ticket, expected) in [
        (TicketToImport { public_updated_at: at(101), ..open() }, "public_updated_at is after updated_at"),
        (
            TicketToImport { created_at: at(91), first_responded_at: None, ..open() },
            "created_at is after the ticket changed last",
        ),
        (
            TicketToImport { first_responded_at: Some(at(-1)), ..open() },
            "first_responded_at is before the ticket was opened",
        ),
        (
            TicketToImport { resolved_at: Some(at(91)), ..told(Status::Resolved) },
            "resolved_at is after the ticket changed last",
        ),
        (
            TicketToImport { resolved_at: Some(at(81)), ..told(Status::Closed) },
            "resolved_at is after closed_at",
        ),
    ] {
        assert_eq!(faults(ticket), expected);
    }
}

#[test]
fn times_fit_the_status() {
    let no = "must be null of a ticket that is not";
    for status in [Status::Open, Status::InProgress, Status::Pending] {
        let ticket = TicketToImport { resolved_at: Some(at(70)), closed_at: Some(at(80)), ..told(status) };
        assert_eq!(faults(ticket), format!("resolved_at {no} resolved; closed_at {no} closed"), "{status}");
    }
    let ticket = TicketToImport { resolved_at: None, ..told(Status::Resolved) };
    assert_eq!(faults(ticket), "resolved_at must be there of a ticket that is resolved");
    let ticket = TicketToImport { closed_at: Some(at(80)), ..told(Status::Resolved) };
    assert_eq!(faults(ticket), format!("closed_at {no} closed"));
    let ticket = TicketToImport { closed_at: None, ..told(Status::Closed) };
    assert_eq!(faults(ticket), "closed_at must be there of a ticket that is closed");
}

#[test]
fn what_no_ticket_can_be_is_named_with_everything_else() {
    let ticket = TicketToImport {
        reopen_count: -1,
        follow_up_of: Some(source(17)),
        public_updated_at: at(101),
        ..told(Status::Open)
    };
    let expected = "public_updated_at is after updated_at; reopen_count must be a whole number, at least 0; \
        follow_up_of must be another ticket";
    assert_eq!(faults(ticket), expected);
}

#[test]
fn a_comment_is_of_its_ticket_and_of_its_time() {
    let ticket = told(Status::Open).check(at(1_000)).unwrap();
    let check = |comment| match ticket.check_comment(comment) {
        Ok(_) => String::new(),
        Err(faults) => faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
    };
    let (public, internal) = (Visibility::Public, Visibility::Internal);
    for good in [
        comment(17, public, Role::Customer, 0),
        comment(17, public, Role::Agent, 90),
        comment(17, internal, Role::Admin, 100),
    ] {
        assert_eq!(check(good), "");
    }
    for (bad, expected) in [
        (comment(18, public, Role::Agent, 5), "ticket_id is not that of the ticket before"),
        (comment(17, public, Role::Agent, -1), "created_at is before its ticket was opened"),
        // What a customer sees must have been there when it changed last for the customer.
        (comment(17, public, Role::Agent, 91), "created_at is after its ticket changed last"),
        (comment(17, internal, Role::Agent, 101), "created_at is after its ticket changed last"),
        (comment(17, internal, Role::Customer, 5), "is_internal must be false of what a customer wrote"),
    ] {
        assert_eq!(check(bad), expected);
    }
}

fn place(ticket: &ImportedTicket) -> Place {
    let told = ticket.told();
    let id = |id| UserId::new(id).unwrap();
    Place {
        id: TicketId::new(5).unwrap(),
        requester: Person::from((id(1), told.requester.name.clone(), told.requester.email.clone())),
        assignee: told.assignee.as_ref().map(|agent| AgentRef::new(id(2), agent.name.as_str())),
        team: TeamRef::new(TeamId::new(1).unwrap(), "Support"),
        follow_up_of: None,
    }
}

fn arrived(status: Status) -> Arrival {
    let ticket = told(status).check(at(1_000)).unwrap();
    Arrival::of_new(&ticket, place(&ticket))
}

/// The history tells what the ticket has become: followed from a ticket that was just opened, it leads there.
#[test]
fn the_events_lead_to_what_the_ticket_is() {
    for &status in Status::ALL {
        let arrival = arrived(status);
        let record = arrival.ticket().record();
        let (mut now, mut agent, mut tags, mut resolved_at, mut closed_at) =
            (Status::Open, None, Tags::default(), None, None);
        let (mut version, mut public_version) = (0, 0);
        for Told { event, version: behind, public_version: public_behind } in arrival.told() {
            version += 1;
            public_version += i64::from(event.visibility() == Visibility::Public);
            assert_eq!((*behind, *public_behind), (version, public_version), "each moves its versions");
            assert!(event.changes().iter().all(|change| change.visibility() == event.visibility()));
            assert!((record.created_at..=record.updated_at).contains(&event.at()));
            for change in event.changes().iter().cloned() {
                match change {
                    FieldChange::Status { from, to } => {
                        assert_eq!(from, now);
                        now = to;
                        match to {
                            Status::Resolved => resolved_at = Some(event.at()),
                            Status::Closed => closed_at = Some(event.at()),
                            Status::Open | Status::InProgress | Status::Pending => {}
                        }
                    }
                    FieldChange::Assignee { from, to } => {
                        assert_eq!(from, agent);
                        agent = to;
                    }
                    FieldChange::Tags { to, .. } => tags = to,
                    FieldChange::Priority { .. } | FieldChange::Team { .. } => panic!("it was opened so"),
                }
            }
        }
        assert_eq!((now, &agent, &tags), (status, &record.assignee, &record.tags));
        assert_eq!((resolved_at, closed_at), (record.resolved_at, record.closed_at), "{status}");
        assert_eq!((record.version, record.public_version), (version, public_version));
        assert_eq!((record.updated_at, record.public_updated_at), (at(100), at(90)), "as was told");
        let first = &arrival.told()[0].event;
        assert_eq!((first.kind(), first.at()), (EventKind::Created, at(0)));
        assert_eq!((first.actor().kind, first.actor().id), (ActorKind::Customer, UserId::new(1).ok()));
        let moved = arrival.told()[1..].iter().all(|told| told.event.actor().kind == ActorKind::System);
        assert!(moved, "nobody here has done the rest");
    }
}

#[test]
fn an_internal_comment_moves_nothing_that_a_customer_sees() {
    let ticket = told(Status::Open).check(at(1_000)).unwrap();
    let mut arrival = arrived(Status::Open);
    let author = UserId::new(2).unwrap();
    let before = arrival.ticket().clone();
    let note = ticket.check_comment(comment(17, Visibility::Internal, Role::Agent, 95)).unwrap();
    let written = arrival.add(&note, author);
    assert_eq!(
        (written.author(), written.author_role(), written.created_at()),
        (author, Role::Agent, at(95))
    );
    assert_eq!(arrival.ticket().version(), before.version() + 1);
    let view = CustomerTicketView::from(before.clone());
    assert_eq!(CustomerTicketView::from(arrival.ticket().clone()), view);
    let event = &arrival.told().last().unwrap().event;
    assert_eq!((event.kind(), event.visibility()), (EventKind::Commented, Visibility::Internal));

    let reply = ticket.check_comment(comment(17, Visibility::Public, Role::Customer, 90)).unwrap();
    arrival.add(&reply, author);
    let record = arrival.ticket().record();
    assert_eq!(record.public_version, before.public_version() + 1);
    assert_eq!((record.updated_at, record.public_updated_at), (at(100), at(90)), "it was there by then");
}

#[test]
fn a_ticket_that_goes_on_here_is_not_set_back() {
    let ticket = told(Status::Open).check(at(1_000)).unwrap();
    let mut record = arrived(Status::Open).ticket().record().clone();
    (record.updated_at, record.public_updated_at, record.version) = (at(500), at(400), 40);
    let mut arrival = Arrival::of_known(Ticket::from_stored(record));
    let reply = ticket.check_comment(comment(17, Visibility::Public, Role::Customer, 90)).unwrap();
    arrival.add(&reply, UserId::new(1).unwrap());
    let record = arrival.ticket().record();
    assert_eq!((record.updated_at, record.public_updated_at, record.version), (at(500), at(400), 41));
    assert_eq!(arrival.told().len(), 1, "what was told before is not told again");
}

#[test]
fn only_an_active_agent_works_what_is_not_closed() {
    let user = |role, is_active| {
        let record = UserRecord {
            id: UserId::new(2).unwrap(),
            email: Email::parse("grace@example.com").unwrap(),
            name: PersonName::parse("Grace").unwrap(),
            role,
            is_active,
            has_password: false,
            version: 1,
            token_version: 1,
            created_at: at(0),
            updated_at: at(0),
        };
        User::from_stored(record)
    };
    for &status in Status::ALL {
        let ticket = told(status).check(at(1_000)).unwrap();
        assert!(ticket.may_be_worked_by(&user(Role::Agent, true)));
        for other in [user(Role::Agent, false), user(Role::Customer, true), user(Role::Admin, true)] {
            assert_eq!(ticket.may_be_worked_by(&other), status == Status::Closed, "{status}");
        }
    }
}

#[test]
fn no_file_makes_an_admin_or_a_way_to_sign_in() {
    let system = SystemActor::outside_any_request();
    for (role, expected) in
        [(Role::Customer, Role::Customer), (Role::Agent, Role::Agent), (Role::Admin, Role::Agent)]
    {
        for is_active in [true, false] {
            let account = ImportedAccount { is_active, ..account("x", role) };
            let creation = User::import(system, &account, at(5));
            let joins = if expected == Role::Agent { JoinedTeams::Default } else { JoinedTeams::Nowhere };
            assert_eq!((creation.credential(), creation.teams()), (&FirstCredential::NoneYet, joins));
            let (user, audit) = creation.into_user(UserId::new(9).unwrap());
            let record = user.record();
            assert_eq!((record.role, record.is_active, record.has_password), (expected, is_active, false));
            assert_eq!((audit.kind, audit.actor.kind), (AuditKind::UserImported, ActorKind::System));
            let told = audit.changes.iter().any(|change| change.field == "is_active");
            assert_eq!(told, !is_active, "only what is out of the ordinary");
        }
    }
}

//! What is done once, and the answers that are kept.

use std::sync::Arc;
use std::time::Duration;

use helpdesk_domain::{
    Comment, Description, Email, FirstCredential, NewTicket, NewUser, Outcome, PersonName, Priority, Role,
    Subject, Team, TeamName, Ticket, User, Visibility,
};
use helpdesk_ports::{
    Answer, Commit, Fingerprint, IdempotencyKey, LockedCommit, Once, TeamMade, UserCreation, WrittenOnce,
};

use super::{Run, comment, hash, now, whole_page};
use crate::seed::Seed;

fn key(text: &str) -> IdempotencyKey {
    IdempotencyKey::parse(text.as_bytes()).unwrap()
}

fn once<T>(text: &str) -> Once<T> {
    Once {
        account: Seed::agent().id(),
        key: key(text),
        fingerprint: Fingerprint([1; 32]),
        now: now(),
        expires_at: now().after(Duration::from_hours(24)),
        render: Arc::new(|_| Ok(Answer(vec![0; 500]))),
    }
}

impl Run<'_> {
    pub(super) async fn done_once(&mut self, seed: Seed) {
        self.tickets_once(seed).await;
        self.accounts_once().await;
        let idempotency = &self.stores.idempotency;
        let finding = idempotency.find(Seed::agent().id(), key("ticket"), now());
        assert!(self.note("whether it was done before", finding).await.is_some());
        let forgotten = self.note("forgetting what was done", idempotency.forget_expired(now(), 100)).await;
        assert!((1..=100).contains(&forgotten));
    }

    async fn tickets_once(&mut self, seed: Seed) {
        let draft = NewTicket {
            subject: Subject::parse("subject").unwrap(),
            description: Description::parse("description").unwrap(),
            priority: Priority::Normal,
            follow_up_of: None,
        };
        let tickets = &self.stores.tickets;
        let opening = Ticket::open(&seed.customer(), draft, now());
        let opened =
            self.note("opening a ticket once", tickets.open_once(opening, once::<Ticket>("ticket"))).await;
        assert!(matches!(opened, WrittenOnce::Ran(_)), "{opened:?}");

        let scope = Seed::admin().scope();
        let found = tickets.find(scope, Seed::ticket(), whole_page()).await.unwrap().unwrap();
        let by = Seed::admin().into();
        let outcome = found.ticket.decide(&by, comment(Visibility::Public), now());
        let Ok(Outcome::Changed(change)) = outcome else { panic!("a comment is a change") };
        let commenting = tickets.commit_once(*change, once::<Comment>("comment"));
        let written = self.note("commenting once", commenting).await;
        assert!(matches!(written, WrittenOnce::Ran(Commit::Done(_))), "{written:?}");

        let decide = move |ticket: &Ticket| ticket.decide(&by, comment(Visibility::Public), now());
        let commenting =
            tickets.decide_locked_once(scope, Seed::ticket(), Box::new(decide), once::<Comment>("locked"));
        let written = self.note("commenting once under the lock", commenting).await;
        assert!(matches!(written, WrittenOnce::Ran(Some(LockedCommit::Done { .. }))), "{written:?}");
    }

    async fn accounts_once(&mut self) {
        let name = TeamName::parse("Once").unwrap();
        let creation = Team::create(Seed::admin().into(), name, now());
        let making = self.stores.teams.create_once(creation, once::<Team>("team"));
        let made = self.note("making a team once", making).await;
        assert!(matches!(made, WrittenOnce::Ran(TeamMade::Created(_))), "{made:?}");

        let new = NewUser {
            email: Email::parse("once@example.com").unwrap(),
            name: PersonName::parse("Once").unwrap(),
            role: Role::Customer,
            teams: None,
        };
        let credential = FirstCredential::Password(hash());
        let creation = User::create(Seed::admin().into(), new, credential, now()).unwrap();
        let making = self.stores.users.create_once(creation, once::<User>("user"));
        let made = self.note("making a customer once", making).await;
        assert!(matches!(made, WrittenOnce::Ran(UserCreation::Created(_))), "{made:?}");
    }
}

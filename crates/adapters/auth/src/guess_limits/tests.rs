use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Barrier;
use std::thread;

use helpdesk_domain::{Allowance, ClientAddress};

use super::*;
use crate::test_clock::Standing;

const OFF: SignInLimits = SignInLimits { pair: None, network: None, account: None, registrations: None };

fn limit(text: &str) -> Option<Allowance> {
    text.parse().ok()
}

/// The usual limits, and the clock they go by.
fn usual() -> (InProcessGuessLimits, Arc<Standing>) {
    with(SignInLimits::default())
}

fn with(limits: SignInLimits) -> (InProcessGuessLimits, Arc<Standing>) {
    let clock = Arc::new(Standing::default());
    (InProcessGuessLimits::new(limits, clock.clone()), clock)
}

fn network(text: &str) -> ClientNetwork {
    ClientAddress::new(text.parse().unwrap()).network()
}

fn nth_network(number: u32) -> ClientNetwork {
    ClientAddress::new(IpAddr::V4(Ipv4Addr::from_bits(number))).network()
}

fn guess(network: ClientNetwork, account: &str) -> Guess {
    Guess { network, account: Some(Email::parse(account).unwrap()) }
}

fn refused(admission: Admission) -> Duration {
    match admission {
        Admission::Refused { retry_after } if !retry_after.is_zero() => retry_after,
        other => panic!("{other:?}"),
    }
}

fn only_known(admission: Admission) -> Duration {
    match admission {
        Admission::OnlyFromKnownNetworks { retry_after } if !retry_after.is_zero() => retry_after,
        other => panic!("{other:?}"),
    }
}

/// How each of so many attempts is answered that are made at the same time.
fn at_once(
    attempts: u32,
    limits: &InProcessGuessLimits,
    guess: impl Fn(u32) -> Guess + Sync,
) -> Vec<Admission> {
    let start = Barrier::new(attempts as usize);
    let begin = |number| {
        start.wait();
        limits.begin(&guess(number))
    };
    let begin = &begin;
    thread::scope(|scope| {
        let threads: Vec<_> = (0..attempts).map(|number| scope.spawn(move || begin(number))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn admitted(admissions: &[Admission]) -> usize {
    admissions.iter().filter(|admission| **admission == Admission::Admitted).count()
}

#[test]
fn of_two_hundred_at_once_five_go_on() {
    let (limits, clock) = usual();
    let ada = |_| guess(network("192.0.2.1"), "ada@example.com");
    let admissions = at_once(200, &limits, ada);
    assert_eq!(admitted(&admissions), 5);
    admissions.into_iter().filter(|admission| *admission != Admission::Admitted).for_each(|admission| {
        assert_eq!(refused(admission), Duration::from_secs(12));
    });
    // Those that were refused were not counted: one comes back after twelve seconds, and one only.
    clock.pass(Duration::from_secs(12));
    assert_eq!(admitted(&at_once(200, &limits, ada)), 1);
}

#[test]
fn of_two_hundred_at_once_from_one_network_thirty_go_on() {
    let (limits, clock) = usual();
    let spray = |number| guess(network("192.0.2.1"), &format!("user{number}@example.com"));
    assert_eq!(admitted(&at_once(200, &limits, spray)), 30);
    assert_eq!(refused(limits.begin(&spray(777))), Duration::from_secs(2));
    assert_eq!(limits.begin(&guess(network("192.0.2.2"), "user777@example.com")), Admission::Admitted);
    clock.pass(Duration::from_mins(1));
    assert_eq!(admitted(&at_once(200, &limits, |number| spray(1_000 + number))), 30);
}

#[test]
fn a_crowd_closes_an_account_to_strangers_and_the_owner_gets_in() {
    let (limits, _clock) = usual();
    let from = |number| guess(nth_network(number), "ada@example.com");
    let admissions = at_once(200, &limits, from);
    assert_eq!(admitted(&admissions), 50);
    let others: Vec<_> = admissions
        .into_iter()
        .filter(|admission| *admission != Admission::Admitted)
        .map(only_known)
        .collect();
    assert_eq!(others, [Duration::from_secs(3); 150]);

    // The owner's own network has all of its five, however many the crowd has used up, and a right one is none of them.
    let owner = from(1_000_000);
    for _ in 0..4 {
        only_known(limits.begin(&owner));
    }
    for _ in 0..3 {
        let admission = limits.begin(&owner);
        only_known(admission);
        limits.take_back(&owner, admission);
    }
    // It did not open the account to strangers.
    only_known(limits.begin(&from(1_000_001)));
    // Nor is anyone else's account closed.
    assert_eq!(limits.begin(&guess(nth_network(1_000_001), "bob@example.com")), Admission::Admitted);
}

#[test]
fn the_account_is_open_again_after_a_while() {
    let (limits, clock) = usual();
    let from = |number| guess(nth_network(number), "ada@example.com");
    (0..50).for_each(|number| assert_eq!(limits.begin(&from(number)), Admission::Admitted));
    let wait = only_known(limits.begin(&from(50)));
    clock.pass(wait.saturating_sub(Duration::from_nanos(1)));
    only_known(limits.begin(&from(51)));
    clock.pass(Duration::from_nanos(1));
    assert_eq!(limits.begin(&from(52)), Admission::Admitted);
    only_known(limits.begin(&from(53)));
}

#[test]
fn an_ipv6_customer_is_one_caller_however_many_addresses_it_has() {
    let (limits, _clock) = usual();
    let from = |text: &str| guess(network(text), "ada@example.com");
    (1..=5).for_each(|host| {
        assert_eq!(limits.begin(&from(&format!("2001:db8:1:2:{host}::1"))), Admission::Admitted);
    });
    refused(limits.begin(&from("2001:db8:1:2:ffff::1")));
    assert_eq!(limits.begin(&from("2001:db8:1:3::1")), Admission::Admitted);
}

#[test]
fn no_more_are_under_way_at_once_than_there_may_be_guesses() {
    let (limits, _clock) = usual();
    let ada = guess(network("192.0.2.1"), "ada@example.com");
    let under_way: Vec<_> = (0..5).map(|_| limits.begin(&ada)).collect();
    refused(limits.begin(&ada));
    for (n, admission) in under_way.into_iter().enumerate() {
        // Each that comes to an end makes room for one, whoever else is still at it.
        limits.take_back(&ada, admission);
        (0..=n).for_each(|_| assert_eq!(limits.begin(&ada), Admission::Admitted));
        refused(limits.begin(&ada));
        (0..=n).for_each(|_| limits.take_back(&ada, Admission::Admitted));
    }
}

#[test]
fn a_right_password_is_no_guess_and_clears_no_way_for_others() {
    let (limits, _clock) = usual();
    let (ada, bob) =
        (guess(network("192.0.2.1"), "ada@example.com"), guess(network("192.0.2.1"), "bob@example.com"));
    for _ in 0..4 {
        assert_eq!(limits.begin(&ada), Admission::Admitted);
        let right = limits.begin(&ada);
        limits.take_back(&ada, right);
    }
    assert_eq!(limits.begin(&ada), Admission::Admitted);
    refused(limits.begin(&ada));
    (0..5).for_each(|_| assert_eq!(limits.begin(&bob), Admission::Admitted));
    refused(limits.begin(&bob));
}

#[test]
fn signing_in_all_day_is_no_guessing() {
    let (limits, _clock) = usual();
    let ada = guess(network("192.0.2.1"), "ada@example.com");
    for _ in 0..500 {
        let admission = limits.begin(&ada);
        assert_eq!(admission, Admission::Admitted);
        limits.take_back(&ada, admission);
    }
    assert_eq!(kept(&limits), 0);
}

#[test]
fn what_was_not_looked_at_is_not_counted() {
    let (limits, _clock) = usual();
    let from = |number| guess(nth_network(number), "ada@example.com");
    for _ in 0..100 {
        let admission = limits.begin(&from(1));
        assert_eq!(admission, Admission::Admitted);
        limits.take_back(&from(1), admission);
    }
    assert_eq!(kept(&limits), 0);
    // Those before it stay counted.
    (0..4).for_each(|_| assert_eq!(limits.begin(&from(1)), Admission::Admitted));
    let last = limits.begin(&from(1));
    limits.take_back(&from(1), last);
    assert_eq!(limits.begin(&from(1)), Admission::Admitted);
    refused(limits.begin(&from(1)));
}

#[test]
fn an_attempt_that_was_not_counted_by_account_gives_nothing_back_to_it() {
    let (limits, _clock) = with(SignInLimits { account: limit("1/1"), ..SignInLimits::default() });
    let from = |number| guess(nth_network(number), "ada@example.com");
    assert_eq!(limits.begin(&from(1)), Admission::Admitted);
    for _ in 0..2 {
        let admission = limits.begin(&from(2));
        only_known(admission);
        limits.take_back(&from(2), admission);
        only_known(limits.begin(&from(3)));
    }
    // A refused one was not counted at all.
    (0..5).for_each(|_| _ = limits.begin(&from(4)));
    let admission = limits.begin(&from(4));
    refused(admission);
    limits.take_back(&from(4), admission);
    refused(limits.begin(&from(4)));
}

#[test]
fn what_is_no_address_is_counted_by_network() {
    let (limits, _clock) = usual();
    let nobody = Guess { network: network("192.0.2.1"), account: None };
    let unchecked = limits.begin(&nobody);
    limits.take_back(&nobody, unchecked);
    (0..30).for_each(|_| assert_eq!(limits.begin(&nobody), Admission::Admitted));
    assert_eq!(refused(limits.begin(&nobody)), Duration::from_secs(2));
    assert_eq!(refused(limits.begin(&guess(network("192.0.2.1"), "a@example.com"))), Duration::from_secs(2));
}

#[test]
fn the_longest_wait_is_named() {
    let limits = SignInLimits { pair: limit("1/1"), network: limit("1/60"), ..SignInLimits::default() };
    let (limits, _clock) = with(limits);
    let ada = guess(network("192.0.2.1"), "ada@example.com");
    assert_eq!(limits.begin(&ada), Admission::Admitted);
    assert_eq!(refused(limits.begin(&ada)), Duration::from_mins(1));
    assert_eq!(refused(limits.begin(&guess(network("192.0.2.1"), "b@example.com"))), Duration::from_secs(1));
}

#[test]
fn limits_that_are_off_stop_nobody_and_keep_nothing() {
    let (limits, _clock) = with(OFF);
    let admissions = at_once(200, &limits, |_| guess(network("192.0.2.1"), "ada@example.com"));
    assert_eq!(admitted(&admissions), 200);
    (0..200).for_each(|_| assert_eq!(limits.begin_registration(network("192.0.2.1")), Ok(())));
    assert_eq!(kept(&limits), 0);
}

#[test]
fn each_limit_holds_without_the_others() {
    let cases = [
        (SignInLimits { pair: limit("2/1"), ..OFF }, 2),
        (SignInLimits { network: limit("3/1"), ..OFF }, 3),
        (SignInLimits { account: limit("4/1"), ..OFF }, 4),
    ];
    for (limits, expected) in cases {
        let (counting, _clock) = with(limits);
        let admissions = at_once(20, &counting, |_| guess(network("192.0.2.1"), "ada@example.com"));
        assert_eq!(admitted(&admissions), expected, "{limits:?}");
    }
}

#[test]
fn registrations_are_counted_by_network_and_apart() {
    let (limits, clock) = usual();
    let here = network("192.0.2.1");
    (0..5).for_each(|_| assert_eq!(limits.begin_registration(here), Ok(())));
    assert_eq!(limits.begin_registration(here), Err(Duration::from_secs(12)));
    assert_eq!(limits.begin_registration(network("192.0.2.2")), Ok(()));
    assert_eq!(limits.begin(&guess(here, "ada@example.com")), Admission::Admitted);
    clock.pass(Duration::from_secs(12));
    assert_eq!(limits.begin_registration(here), Ok(()));
}

/// How many buckets are kept, of all limits.
fn kept(limits: &InProcessGuessLimits) -> usize {
    let (counted, _) = limits.lock();
    counted.pairs.len() + counted.networks.len() + counted.accounts.len() + counted.registrations.len()
}

#[test]
fn what_is_full_again_is_forgotten() {
    let (limits, clock) = usual();
    let begin = |number: u32| limits.begin(&guess(nth_network(number), &format!("user{number}@example.com")));
    (0..2_000).for_each(|number| assert_eq!(begin(number), Admission::Admitted));
    assert_eq!(kept(&limits), 6_000);
    clock.pass(Duration::from_secs(61));
    begin(3_000);
    assert_eq!(kept(&limits), 3);
}

#[test]
fn a_flood_of_networks_and_addresses_takes_bounded_memory_and_shuts_nobody_out() {
    const MOST: usize = 1_000;
    let clock = Arc::new(Standing::default());
    let limits = InProcessGuessLimits::bounded(SignInLimits::default(), clock.clone(), MOST);
    // Someone is being guessed at when it begins, from one network and from many.
    let ada = guess(network("192.0.2.1"), "ada@example.com");
    (0..5).for_each(|_| assert_eq!(limits.begin(&ada), Admission::Admitted));
    let from = |number| guess(nth_network(number), "ada@example.com");
    (0..45).for_each(|number| assert_eq!(limits.begin(&from(number)), Admission::Admitted));

    for number in 0..20 * 1_000_u128 {
        let address = Ipv6Addr::from_bits((0x2001_0db8 << 96) | (number << 64));
        let network = ClientAddress::new(IpAddr::V6(address)).network();
        let flood = guess(network, &format!("made.up{number}@example.com"));
        // All of them are let in: being full up is not the callers' fault.
        assert_eq!(limits.begin(&flood), Admission::Admitted);
        assert_eq!(limits.begin_registration(network), Ok(()));
        assert!(kept(&limits) <= 4 * MOST);
    }
    // What was nearly used up is remembered over all of the flood.
    refused(limits.begin(&ada));
    only_known(limits.begin(&from(100)));

    clock.pass(Duration::from_mins(5));
    assert_eq!(limits.begin(&ada), Admission::Admitted);
    limits.begin_registration(network("192.0.2.1")).unwrap();
    assert_eq!(kept(&limits), 4);
}

#[test]
fn what_was_forgotten_meanwhile_can_be_taken_back() {
    let clock = Arc::new(Standing::default());
    let limits = InProcessGuessLimits::bounded(SignInLimits::default(), clock, 4);
    let from = |number| guess(nth_network(number), &format!("user{number}@example.com"));
    let admissions: Vec<_> = (0..100).map(|number| limits.begin(&from(number))).collect();
    for (number, admission) in (0..).zip(admissions) {
        limits.take_back(&from(number), admission);
    }
    assert_eq!(kept(&limits), 0);
}

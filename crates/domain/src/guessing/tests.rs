use proptest::prelude::*;

use super::*;

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn any_allowance() -> impl Strategy<Value = Allowance> {
    let usual = (1..20u32, 1..100u32);
    let any = (1..=u32::MAX, 1..=u32::MAX);
    prop_oneof![usual, any].prop_map(|(burst, per_minute)| allowance(burst, per_minute))
}

fn any_time() -> impl Strategy<Value = Duration> {
    prop_oneof![
        (0..=u64::MAX, 0..1_000_000_000u32).prop_map(|(seconds, nanos)| Duration::new(seconds, nanos)),
        Just(Duration::ZERO),
        Just(Duration::MAX),
    ]
}

/// How many were let through since each of the moments at which one asked, at most.
fn within_the_rate(allowance: Allowance, moments: &[(Duration, i64)]) -> bool {
    let rate = f64::from(allowance.per_minute.get()) / 60.0;
    (0..moments.len()).all(|from| {
        let mut net = 0;
        moments[from..].iter().all(|(moment, change)| {
            net += change;
            let window = moment.saturating_sub(moments[from].0).as_secs_f64();
            #[expect(clippy::cast_precision_loss, reason = "a few hundred at most")]
            let net = net as f64;
            net <= f64::from(allowance.burst.get()) + rate * window + 1e-6
        })
    })
}

#[test]
fn a_burst_then_so_many_a_minute() {
    let limit = allowance(5, 5);
    let mut bucket = Bucket::default();
    for _ in 0..5 {
        assert_eq!(bucket.take(limit, seconds(100)), Ok(()));
    }
    assert_eq!(bucket.take(limit, seconds(100)), Err(seconds(12)));
    assert_eq!(bucket.take(limit, seconds(111)), Err(seconds(1)));
    assert_eq!(bucket.take(limit, seconds(112)), Ok(()));
    assert_eq!(bucket.take(limit, seconds(112)), Err(seconds(12)));
    assert!(!bucket.is_full(seconds(171)));
    assert!(bucket.is_full(seconds(172)));
}

#[test]
fn what_is_given_back_can_be_taken_again() {
    let limit = allowance(2, 1);
    let mut bucket = Bucket::default();
    bucket.take(limit, seconds(9)).unwrap();
    bucket.take(limit, seconds(9)).unwrap();
    bucket.give_back(limit);
    assert_eq!(bucket.take(limit, seconds(9)), Ok(()));
    assert_eq!(bucket.take(limit, seconds(9)), Err(seconds(60)));
    bucket.give_back(limit);
    bucket.give_back(limit);
    assert!(bucket.is_full(seconds(9)));
}

#[test]
fn allowances_are_read_as_they_are_written() {
    let parse = str::parse::<Allowance>;
    assert_eq!(parse("5/20"), Ok(allowance(5, 20)));
    assert_eq!(parse("1000000/1"), Ok(allowance(1_000_000, 1)));
    for wrong in [
        "",
        "5",
        "/",
        "5/",
        "/5",
        "0/5",
        "5/0",
        "5/5/5",
        "+5/5",
        "-5/5",
        "5 / 5",
        "5/5s",
        "1000001/5",
        "5/4294967296",
        "٣/5",
    ] {
        assert_eq!(parse(wrong), Err(AllowanceError), "{wrong:?}");
    }
    assert_eq!(
        AllowanceError.to_string(),
        "must be BURST/PER_MINUTE, two whole numbers from 1 to 1000000, such as 5/5"
    );
}

#[test]
fn the_limits_unless_told_otherwise() {
    let SignInLimits { pair, network, account, registrations } = SignInLimits::default();
    let text = [pair, network, account, registrations].map(|limit| limit.map(|limit| limit.to_string()));
    assert_eq!(text.map(Option::unwrap), ["5/5", "30/30", "50/20", "5/5"]);
}

proptest! {
    #[test]
    fn text_and_back(burst in 1..=1_000_000u32, per_minute in 1..=1_000_000u32) {
        let allowance = allowance(burst, per_minute);
        prop_assert_eq!(allowance.to_string().parse(), Ok(allowance));
    }

    #[test]
    fn no_window_holds_more_than_the_burst_and_the_rate(
        burst in 1..20u32,
        per_minute in 1..200u32,
        steps in prop::collection::vec((0..20_000u64, 0..4u8), 1..200),
    ) {
        let limit = allowance(burst, per_minute);
        let mut bucket = Bucket::default();
        let (mut now, mut outstanding) = (Duration::ZERO, 0);
        let mut moments = Vec::new();
        for (millis, what) in steps {
            now += Duration::from_millis(millis / 4);
            if what > 0 {
                if bucket.take(limit, now).is_ok() {
                    moments.push((now, 1));
                    outstanding += 1;
                }
            } else if outstanding > 0 {
                bucket.give_back(limit);
                moments.push((now, -1));
                outstanding -= 1;
            }
        }
        prop_assert!(within_the_rate(limit, &moments));
    }

    #[test]
    fn the_wait_is_just_long_enough(allowance in any_allowance(), taken in 1..50u32, start in 0..1_000_000u64) {
        let now = seconds(start);
        let mut bucket = Bucket::default();
        let refused = (0..taken).find_map(|_| bucket.take(allowance, now).err());
        if let Some(wait) = refused {
            prop_assert!(wait > Duration::ZERO);
            prop_assert!(bucket.wait(allowance, (now + wait).saturating_sub(Duration::from_nanos(1))).is_some());
            prop_assert_eq!(bucket.wait(allowance, now + wait), None);
        } else {
            prop_assert!(taken <= allowance.burst.get());
        }
    }

    #[test]
    fn giving_back_never_makes_more_than_a_burst(
        burst in 1..10u32,
        taken in 0..10u32,
        given in 0..30u32,
        start in 0..1_000u64,
    ) {
        let limit = allowance(burst, 6);
        let now = seconds(start);
        let mut bucket = Bucket::default();
        for _ in 0..taken {
            // Refused past the burst, which is as it should be.
            bucket.take(limit, now).ok();
        }
        (0..given).for_each(|_| bucket.give_back(limit));
        let more = (0..100).take_while(|_| bucket.take(limit, now).is_ok()).count();
        prop_assert!(more <= burst as usize);
    }

    #[test]
    fn waiting_never_makes_it_emptier(
        allowance in any_allowance(), taken in 0..50u32, early in any_time(), late in any_time(),
    ) {
        let (early, late) = (early.min(late), early.max(late));
        let mut bucket = Bucket::default();
        for _ in 0..taken {
            bucket.take(allowance, early).ok();
        }
        let none = Duration::ZERO;
        prop_assert!(bucket.wait(allowance, late).unwrap_or(none) <= bucket.wait(allowance, early).unwrap_or(none));
        prop_assert!(!bucket.is_full(early) || bucket.is_full(late));
    }

    #[test]
    fn nothing_overflows(allowance in any_allowance(), moments in prop::collection::vec(any_time(), 1..30)) {
        let mut bucket = Bucket::default();
        for now in moments {
            let wait = bucket.wait(allowance, now);
            prop_assert_eq!(bucket.take(allowance, now).err(), wait);
            if now.as_nanos() % 3 == 0 {
                bucket.give_back(allowance);
            }
        }
    }
}

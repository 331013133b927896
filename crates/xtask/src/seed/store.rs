//! The tickets of a help desk that has been busy for three years, made up one by one.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::moment::Moment;
use super::random::Random;
use super::words;

const SEED: u64 = 0x6865_6c70_6465_736b;
const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;
/// For how long there have been tickets.
const YEARS: u64 = 3 * 365 * DAY;
/// By when a resolved ticket has closed by itself.
const CLOSES_AFTER: u64 = 6 * DAY;

const TEAMS: &[&str] = &["Support", "Billing", "Hardware", "Network", "Logistics"];
const TAGS: &[&str] = &[
    "billing",
    "hardware",
    "network",
    "login",
    "vip",
    "refund",
    "bug",
    "question",
    "urgent-call",
    "printer",
    "mobile",
    "europe",
    "america",
    "asia",
    "contract",
    "escalated",
    "spam",
    "onboarding",
    "security",
    "release-4.2",
];

/// What is to be made up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) tickets: u64,
    pub(super) users: u64,
}

impl Size {
    /// How many of the accounts are agents.
    pub(super) fn agents(self) -> u64 {
        (self.users / 100).max(1)
    }

    fn customers(self) -> u64 {
        (self.users - self.agents()).max(1)
    }
}

/// The agent of this number, counted from one. So many of them come again and again.
pub(super) fn agent_email(number: u64) -> String {
    format!("agent{number}@seed.example")
}

/// The customer of this number.
pub(super) fn customer_email(number: u64) -> String {
    format!("customer{number}@seed.example")
}

fn agent(number: u64) -> Value {
    json!({"email": agent_email(number), "name": format!("Agent {number}"), "role": "agent"})
}

fn customer(number: u64) -> Value {
    json!({"email": customer_email(number), "name": format!("Customer {number}"), "role": "customer"})
}

/// A ticket on its way through the desk.
struct Life {
    status: &'static str,
    /// When it changed last.
    changed: Moment,
    comments: Vec<Value>,
    first_responded: Option<Moment>,
}

/// Writes the ticket of this number, and behind it its comments. What it says depends on its number alone.
pub(super) fn write(out: &mut impl Write, size: Size, number: u64, today: u64) -> io::Result<()> {
    let random = &mut Random::of(SEED, number);
    // Tickets come in the order of their ids, and there are more of them by and by.
    let left = u128::from(size.tickets.saturating_sub(number)).pow(2);
    let age = left * u128::from(YEARS) / u128::from(size.tickets).pow(2);
    let age = u64::try_from(age).unwrap_or(YEARS).max(HOUR);
    let end = Moment { seconds: today, micros: 0 };
    let opened = Moment {
        seconds: today - age.min(today),
        micros: u32::try_from(random.below(1_000_000)).unwrap_or(0),
    };
    let asks = 1 + random.skewed(size.customers());
    let works = 1 + random.below(size.agents());
    let is_assigned = age > 30 * DAY || random.percent(70);
    let mut life =
        Life { status: status(random, age), changed: opened, comments: Vec::new(), first_responded: None };
    if is_assigned || life.status == "closed" {
        talk(&mut life, random, number, asks, works, end);
    }
    let is_closed = life.status == "closed";
    let is_resolved = is_closed || life.status == "resolved";
    let done = is_resolved.then(|| later(life.changed, random.below(8 * HOUR), end));
    let changed = done.unwrap_or(life.changed);
    let tags: BTreeSet<&str> = (0..random.skewed(5)).map(|_| random.pick(TAGS)).collect();
    let sentences = 1 + random.skewed(12);
    let ticket = json!({
        "kind": "ticket",
        "id": number,
        "subject": words::subject(random),
        "description": words::text(random, sentences),
        "status": life.status,
        "priority": priority(random),
        "tags": tags,
        "requester": customer(asks),
        "assignee": if is_assigned { agent(works) } else { Value::Null },
        "team": random.pick(TEAMS),
        "created_at": opened.to_string(),
        "updated_at": changed.to_string(),
        "first_responded_at": life.first_responded.map(|at| at.to_string()),
        "resolved_at": done.filter(|_| !is_closed || !number.is_multiple_of(3)).map(|at| at.to_string()),
        "closed_at": done.filter(|_| is_closed).map(|at| at.to_string()),
        "reopen_count": random.skewed(3),
    });
    line(out, &ticket)?;
    life.comments.iter().try_for_each(|comment| line(out, comment))
}

fn line(out: &mut impl Write, value: &Value) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// So much later, but not before the end.
fn later(moment: Moment, seconds: u64, end: Moment) -> Moment {
    moment.after(seconds).min(end).max(moment)
}

/// Customer and agents in turn, some hours after one another; now and then a note for the others.
fn talk(life: &mut Life, random: &mut Random, number: u64, asks: u64, works: u64, end: Moment) {
    // Three on average, and now and then very many.
    let count = if random.percent(1) { 10 + random.below(40) } else { random.below(3) + random.below(4) };
    for nth in 0..count {
        let is_internal = random.percent(25);
        let by_customer = !is_internal && nth % 2 == 1;
        life.changed = later(life.changed, 60 + random.skewed(2 * DAY), end);
        if !by_customer && !is_internal {
            life.first_responded.get_or_insert(life.changed);
        }
        let sentences = 1 + random.skewed(6);
        life.comments.push(json!({
            "kind": "comment",
            // A thousand ids for each ticket's comments.
            "id": number * 1_000 + nth,
            "ticket_id": number,
            "author": if by_customer { customer(asks) } else { agent(works) },
            "author_role": if by_customer { "customer" } else { "agent" },
            "is_internal": is_internal,
            "body": words::text(random, sentences),
            "created_at": life.changed.to_string(),
        }));
    }
}

/// Old tickets are closed, but for some that linger.
fn status(random: &mut Random, age: u64) -> &'static str {
    let chance = random.below(100);
    if age > CLOSES_AFTER {
        return match chance {
            0..93 => "closed",
            93..95 => "open",
            95..98 => "in_progress",
            _ => "pending",
        };
    }
    match chance {
        0..15 => "closed",
        15..40 => "resolved",
        40..70 => "open",
        70..88 => "in_progress",
        _ => "pending",
    }
}

fn priority(random: &mut Random) -> &'static str {
    match random.below(100) {
        0..20 => "low",
        20..80 => "normal",
        80..95 => "high",
        _ => "urgent",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size { tickets: 2_000, users: 300 };
    const TODAY: u64 = 20_000 * DAY;

    fn lines(number: u64) -> Vec<Value> {
        let mut out = Vec::new();
        write(&mut out, SIZE, number, TODAY).unwrap();
        String::from_utf8(out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn a_ticket_depends_on_its_number_alone() {
        assert_eq!(lines(17), lines(17));
        assert_ne!(lines(17)[0]["subject"], lines(18)[0]["subject"]);
    }

    #[test]
    fn the_store_is_one_that_there_could_be() {
        let (mut comments, mut closed, mut internal, mut open) = (0, 0, 0, 0);
        let mut last = String::new();
        let mut ids = BTreeSet::new();
        for number in 1..=SIZE.tickets {
            let lines = lines(number);
            let ticket = &lines[0];
            let opened = ticket["created_at"].as_str().unwrap().to_owned();
            assert!(opened[..19] >= last[..last.len().min(19)], "{last} {opened}");
            last = opened;
            match ticket["status"].as_str().unwrap() {
                "closed" => closed += 1,
                "open" => open += 1,
                "resolved" => assert!(ticket["resolved_at"].is_string()),
                _ => {}
            }
            for comment in &lines[1..] {
                assert!(ids.insert(comment["id"].as_u64().unwrap()), "an id of its own");
                assert!(comment["created_at"].as_str().unwrap() <= ticket["updated_at"].as_str().unwrap());
                internal += u64::from(comment["is_internal"] == true);
                comments += 1;
            }
        }
        assert!((5_000..7_500).contains(&comments), "three a ticket: {comments}");
        assert!(closed > 1_600 && open > 20, "{closed} {open}");
        assert!((comments / 6..comments / 3).contains(&internal), "{internal}");
    }
}

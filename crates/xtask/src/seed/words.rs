//! What people write to a help desk, more or less.

use super::random::Random;

/// The words, the most common first. Some are rare on purpose, so that a search may find few.
const WORDS: &[&str] = &[
    "the",
    "is",
    "to",
    "and",
    "not",
    "it",
    "we",
    "my",
    "in",
    "on",
    "when",
    "of",
    "a",
    "this",
    "with",
    "for",
    "please",
    "after",
    "error",
    "printer",
    "login",
    "password",
    "invoice",
    "order",
    "account",
    "email",
    "screen",
    "update",
    "since",
    "yesterday",
    "again",
    "still",
    "cannot",
    "open",
    "file",
    "page",
    "message",
    "team",
    "customer",
    "slow",
    "network",
    "server",
    "report",
    "export",
    "upload",
    "download",
    "browser",
    "phone",
    "delivery",
    "refund",
    "address",
    "payment",
    "card",
    "address",
    "calendar",
    "meeting",
    "monitor",
    "keyboard",
    "laptop",
    "charger",
    "license",
    "renewal",
    "contract",
    "discount",
    "shipping",
    "warehouse",
    "tracking",
    "number",
    "barcode",
    "scanner",
    "label",
    "paper",
    "jam",
    "toner",
    "driver",
    "install",
    "restart",
    "crash",
    "freeze",
    "blank",
    "white",
    "black",
    "blue",
    "flicker",
    "noise",
    "fan",
    "battery",
    "drain",
    "cable",
    "adapter",
    "dock",
    "port",
    "switch",
    "router",
    "firewall",
    "vpn",
    "certificate",
    "expired",
    "token",
    "access",
    "denied",
    "permission",
    "folder",
    "shared",
    "drive",
    "backup",
    "restore",
    "deleted",
    "missing",
    "duplicate",
    "wrong",
    "amount",
    "currency",
    "tax",
    "receipt",
    "statement",
    "subscription",
    "cancel",
    "upgrade",
    "downgrade",
    "trial",
    "feature",
    "request",
    "setting",
    "language",
    "font",
    "Straße",
    "café",
    "naïve",
    "Zürich",
    "quartz",
    "gizmo",
    "sphinx",
    "waltz",
    "ephemeral",
    "zeppelin",
    "chrysanthemum",
];

const SUBJECTS: &[&str] = &[
    "Cannot log in",
    "Printer does not print",
    "Wrong amount on invoice",
    "Order did not arrive",
    "Screen stays black",
    "Access to shared folder",
    "Question about my contract",
    "Application is slow",
    "Error when uploading",
    "Refund for order",
    "New laptop needed",
    "Password expired",
];

/// A subject of a ticket.
pub(super) fn subject(random: &mut Random) -> String {
    let what = random.pick(SUBJECTS);
    format!("{what} ({} {})", word(random), random.below(10_000))
}

/// So many sentences.
pub(super) fn text(random: &mut Random, sentences: u64) -> String {
    let mut text = String::new();
    for sentence in 0..sentences {
        if sentence > 0 {
            text.push_str(if random.percent(15) { "\n\n" } else { " " });
        }
        for place in 0..5 + random.below(12) {
            if place > 0 {
                text.push(' ');
            }
            text.push_str(word(random));
        }
        text.push_str(random.pick(&[".", ".", ".", "!", "?"]));
    }
    text
}

fn word(random: &mut Random) -> &'static str {
    let place = usize::try_from(random.skewed(WORDS.len() as u64)).unwrap_or(0);
    WORDS[place]
}

//! What an import says at its end.

use std::fmt::Write as _;

use helpdesk_use_cases::{Counted, ImportSummary};

/// What was written, and what was there.
pub(super) fn done(summary: &ImportSummary) -> String {
    let ImportSummary { told_tickets, told_comments, tickets, comments, accounts, teams, .. } = summary;
    let mut text = format!("Imported {} and {}", many(*tickets, "ticket"), many(*comments, "comment"));
    let (known_tickets, known_comments) =
        (told_tickets.saturating_sub(*tickets), told_comments.saturating_sub(*comments));
    if known_tickets + known_comments > 0 {
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "; {} and {} were there already",
            many(known_tickets, "ticket"),
            many(known_comments, "comment")
        );
    }
    text.push('.');
    if accounts + teams > 0 {
        let _ = write!(
            text,
            "\nMade {} and {}. Accounts that were made have no password: an admin can invite them.",
            many(*accounts, "account"),
            many(*teams, "team")
        );
    }
    note(&mut text, &summary.unassigned, "In its team's queue, since its agent is no active agent here");
    note(&mut text, &summary.without_first, "Without the ticket that it follows up, which was not imported");
    text
}

/// What would be written.
pub(super) fn checked(summary: &ImportSummary) -> String {
    format!(
        "{} and {} are good. Nothing was written.",
        many(summary.told_tickets, "ticket"),
        many(summary.told_comments, "comment")
    )
}

fn note(text: &mut String, counted: &Counted, what: &str) {
    if counted.count == 0 {
        return;
    }
    let ids: Vec<String> = counted.first.iter().map(ToString::to_string).collect();
    let more = if counted.count > ids.len() { ", …" } else { "" };
    let _ =
        write!(text, "\n{what}: {}, at the source {}{more}.", many(counted.count, "ticket"), ids.join(", "));
}

fn many(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

#[cfg(test)]
mod tests {
    use helpdesk_domain::SourceId;

    use super::*;

    #[test]
    fn it_says_what_was_written_and_what_was_there() {
        let summary = ImportSummary { told_tickets: 1, tickets: 1, ..ImportSummary::default() };
        assert_eq!(done(&summary), "Imported 1 ticket and 0 comments.");
        let counted = |ids: &[i64], count| Counted {
            count,
            first: ids.iter().map(|id| SourceId::new(*id).unwrap()).collect(),
        };
        let summary = ImportSummary {
            told_tickets: 30,
            told_comments: 9,
            tickets: 20,
            comments: 9,
            accounts: 3,
            teams: 1,
            unassigned: counted(&[5, 6], 2),
            without_first: counted(&[1, 2, 3], 17),
        };
        let text = done(&summary);
        assert!(text.starts_with(
            "Imported 20 tickets and 9 comments; 10 tickets and 0 comments were there already."
        ));
        assert!(text.contains("Made 3 accounts and 1 team."), "{text}");
        assert!(text.contains("no active agent here: 2 tickets, at the source 5, 6."), "{text}");
        assert!(text.contains("was not imported: 17 tickets, at the source 1, 2, 3, …."), "{text}");
        assert_eq!(checked(&summary), "30 tickets and 9 comments are good. Nothing was written.");
    }
}

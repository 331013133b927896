//! What a line says, in the words of the domain.

use std::fmt::Display;

use helpdesk_domain::{
    CommentBody, CommentToImport, Description, Email, ImportedAccount, PersonName, Priority, Role, SourceId,
    SourceName, Status, Subject, Tags, TeamName, TicketToImport, Ts, Visibility,
};
use serde::Deserialize;

/// A line as it stands in a file. What an export writes is all that there is; what another help desk cannot tell may be left
/// out where there is something to take for it.
#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum Line {
    Begin {
        source: String,
    },
    Ticket(Box<TicketLine>),
    Comment {
        id: i64,
        ticket_id: i64,
        author: AccountLine,
        author_role: Option<String>,
        #[serde(default)]
        is_internal: bool,
        body: String,
        created_at: String,
    },
    End {
        tickets: u64,
        comments: u64,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TicketLine {
    id: i64,
    subject: String,
    description: String,
    status: Option<String>,
    priority: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    requester: AccountLine,
    assignee: Option<AccountLine>,
    team: Option<String>,
    follow_up_of: Option<i64>,
    created_at: String,
    updated_at: Option<String>,
    public_updated_at: Option<String>,
    first_responded_at: Option<String>,
    resolved_at: Option<String>,
    closed_at: Option<String>,
    #[serde(default)]
    reopen_count: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountLine {
    email: String,
    name: String,
    role: Option<String>,
    is_active: Option<bool>,
}

/// What a good line says.
pub(super) enum Record {
    /// Here an export begins, of this source.
    Begin(SourceName),
    /// A ticket.
    Ticket(Box<TicketToImport>),
    /// A comment.
    Comment(CommentToImport),
    /// Here an export ends, which had so many tickets and comments.
    End { tickets: u64, comments: u64 },
}

/// What is wrong with a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BadLine {
    /// All of it.
    pub(super) faults: Vec<String>,
    /// Whether it was, or may have been, a ticket, whose comments then are nobody's.
    pub(super) may_be_ticket: bool,
}

/// Reads a line.
pub(super) fn read(text: &str) -> Result<Record, BadLine> {
    let unreadable = |fault| BadLine { faults: vec![fault], may_be_ticket: !text.contains("\"comment\"") };
    // To the reader of JSON an array of the right values would do as well.
    if !text.trim_start().starts_with('{') {
        return Err(unreadable("is no JSON object".to_owned()));
    }
    let line: Line = serde_json::from_str(text).map_err(|error| unreadable(in_line(&error)))?;
    let may_be_ticket = matches!(line, Line::Ticket(_));
    let mut faults = Faults(Vec::new());
    let record = match line {
        Line::Begin { source } => faults.take("source", SourceName::parse(&source)).map(Record::Begin),
        Line::Ticket(line) => ticket(*line, &mut faults).map(|ticket| Record::Ticket(Box::new(ticket))),
        Line::Comment { id, ticket_id, author, author_role, is_internal, body, created_at } => {
            let author_role = author_role.and_then(|word| faults.take("author_role", word.parse::<Role>()));
            let author = account("author", author, author_role.unwrap_or(Role::Customer), &mut faults);
            let id = faults.take("id", SourceId::new(id));
            let ticket = faults.take("ticket_id", SourceId::new(ticket_id));
            let body = faults.take("body", CommentBody::parse(&body));
            let created_at = faults.take("created_at", created_at.parse::<Ts>());
            let visibility = if is_internal { Visibility::Internal } else { Visibility::Public };
            comment(id, ticket, author, author_role, body, visibility, created_at)
        }
        Line::End { tickets, comments } => Some(Record::End { tickets, comments }),
    };
    match record {
        Some(record) if faults.0.is_empty() => Ok(record),
        _ => Err(BadLine { faults: faults.0, may_be_ticket }),
    }
}

fn comment(
    id: Option<SourceId>,
    ticket: Option<SourceId>,
    author: Option<ImportedAccount>,
    author_role: Option<Role>,
    body: Option<CommentBody>,
    visibility: Visibility,
    created_at: Option<Ts>,
) -> Option<Record> {
    let author = author?;
    Some(Record::Comment(CommentToImport {
        id: id?,
        ticket: ticket?,
        author_role: author_role.unwrap_or(author.role),
        author,
        body: body?,
        visibility,
        created_at: created_at?,
    }))
}

fn ticket(line: TicketLine, faults: &mut Faults) -> Option<TicketToImport> {
    let id = faults.take("id", SourceId::new(line.id));
    let subject = faults.take("subject", Subject::parse(&line.subject));
    let description = faults.take("description", Description::parse(&line.description));
    let status = faults.take_or("status", line.status, Status::Open);
    let priority = faults.take_or("priority", line.priority, Priority::Normal);
    let tags = faults.take("tags", Tags::parse(&line.tags));
    let requester = account("requester", line.requester, Role::Customer, faults);
    let assignee = line.assignee.map(|line| account("assignee", line, Role::Agent, faults));
    let team = line.team.map(|name| faults.take("team", TeamName::parse(&name)));
    let follow_up_of = line.follow_up_of.map(|id| faults.take("follow_up_of", SourceId::new(id)));
    let created_at = faults.take("created_at", line.created_at.parse::<Ts>())?;
    let updated_at = faults.take_or("updated_at", line.updated_at, created_at)?;
    let public_updated_at = faults.take_or("public_updated_at", line.public_updated_at, updated_at);
    let mut time = |field, text: Option<String>| text.map(|text| faults.take(field, text.parse::<Ts>()));
    let first_responded_at = time("first_responded_at", line.first_responded_at);
    let resolved_at = time("resolved_at", line.resolved_at);
    let closed_at = time("closed_at", line.closed_at);
    Some(TicketToImport {
        id: id?,
        subject: subject?,
        description: description?,
        status: status?,
        priority: priority?,
        tags: tags?,
        requester: requester?,
        // What is there and bad is a fault, and not absent.
        assignee: all_or_none(assignee)?,
        team: all_or_none(team)?,
        follow_up_of: all_or_none(follow_up_of)?,
        created_at,
        updated_at,
        public_updated_at: public_updated_at?,
        first_responded_at: all_or_none(first_responded_at)?,
        resolved_at: all_or_none(resolved_at)?,
        closed_at: all_or_none(closed_at)?,
        reopen_count: line.reopen_count,
    })
}

/// What is absent, or there and good; `None` if it is there and bad.
#[expect(clippy::option_option, reason = "absent, good and bad are three things")]
fn all_or_none<T>(value: Option<Option<T>>) -> Option<Option<T>> {
    match value {
        None => Some(None),
        Some(Some(value)) => Some(Some(value)),
        Some(None) => None,
    }
}

fn account(field: &str, line: AccountLine, usual: Role, faults: &mut Faults) -> Option<ImportedAccount> {
    let email = faults.take(&format!("{field}.email"), Email::parse(&line.email));
    let name = faults.take(&format!("{field}.name"), PersonName::parse(&line.name));
    let role = faults.take_or(&format!("{field}.role"), line.role, usual);
    Some(ImportedAccount {
        email: email?,
        name: name?,
        role: role?,
        is_active: line.is_active.unwrap_or(true),
    })
}

/// Everything that is wrong with a line.
struct Faults(Vec<String>);

impl Faults {
    fn take<T, E: Display>(&mut self, field: &str, parsed: Result<T, E>) -> Option<T> {
        parsed.map_err(|error| self.0.push(format!("{field} {error}"))).ok()
    }

    /// The same for a text that may be left out.
    fn take_or<T: std::str::FromStr<Err: Display>>(
        &mut self,
        field: &str,
        text: Option<String>,
        usual: T,
    ) -> Option<T> {
        match text {
            None => Some(usual),
            Some(text) => self.take(field, text.parse()),
        }
    }
}

/// What the reader of JSON has to say, without its own idea of lines: to it, each is the first.
fn in_line(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    match text.strip_suffix(&place) {
        Some(what) if error.column() > 0 => format!("{what} at column {}", error.column()),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> String {
        match read(text) {
            Ok(_) => String::new(),
            Err(bad) => bad.faults.join("; "),
        }
    }

    const SMALLEST: &str = r#"{"kind":"ticket","id":5,"subject":" S ","description":"D","requester":{"email":"Ada@Example.com","name":"Ada"},"created_at":"2023-11-14T22:13:20Z"}"#;

    #[test]
    fn what_may_be_left_out_has_what_is_usual() {
        let Ok(Record::Ticket(ticket)) = read(SMALLEST) else { panic!("a ticket") };
        assert_eq!(
            (ticket.subject.as_str(), ticket.status, ticket.priority),
            ("S", Status::Open, Priority::Normal)
        );
        assert_eq!(
            (ticket.requester.email.as_str(), ticket.requester.role),
            ("ada@example.com", Role::Customer)
        );
        assert!(ticket.requester.is_active && ticket.assignee.is_none() && ticket.team.is_none());
        assert_eq!((ticket.updated_at, ticket.public_updated_at), (ticket.created_at, ticket.created_at));
        let comment = r#"{"kind":"comment","id":7,"ticket_id":5,"author":{"email":"g@example.com","name":"G","role":"agent"},"body":"C","created_at":"2023-11-14T22:13:20Z"}"#;
        let Ok(Record::Comment(comment)) = read(comment) else { panic!("a comment") };
        assert_eq!((comment.author_role, comment.visibility), (Role::Agent, Visibility::Public));
    }

    #[test]
    fn everything_that_is_wrong_is_named() {
        let bad = r#"{"kind":"ticket","id":0,"subject":" ","description":"D","status":"opened","tags":["a,b"],"requester":{"email":"ada","name":"A\u0000","role":"boss"},"team":"","resolved_at":"yesterday","created_at":"2023-11-14T22:13:20Z"}"#;
        for part in [
            "id must be a positive integer",
            "subject must not be empty",
            "status must be one of open,",
            "tags a tag may hold",
            "requester.email must be an e-mail address",
            "requester.name must not contain NUL",
            "requester.role must be one of",
            "team must not be empty",
            "resolved_at must be an RFC 3339 time",
        ] {
            assert!(faults(bad).contains(part), "{part}: {}", faults(bad));
        }
    }

    #[test]
    fn what_is_no_record_is_said_to_be_none() {
        for (text, expected) in [
            ("{", "EOF while parsing an object at column 1"),
            ("[]", "is no JSON object"),
            ("5", "is no JSON object"),
            ("{}", "missing field `kind`"),
            (r#"{"kind":"event"}"#, "unknown variant `event`"),
            (&SMALLEST.replace("\"id\":5", "\"id\":\"5\""), "invalid type: string \"5\", expected i64"),
            (&SMALLEST.replace("\"id\":5", "\"id\":5,\"id\":6"), "duplicate field `id`"),
            (&SMALLEST.replace("\"id\":5", "\"id\":5,\"version\":6"), "unknown field `version`"),
            (&SMALLEST.replace("\"id\":5,", ""), "missing field `id`"),
        ] {
            assert!(faults(text).starts_with(expected), "{text}: {}", faults(text));
        }
    }

    #[test]
    fn a_bad_line_that_is_no_comment_may_have_been_a_ticket() {
        let may_be_ticket = |text: &str| read(text).err().map(|bad| bad.may_be_ticket);
        assert_eq!(may_be_ticket("{"), Some(true));
        assert_eq!(may_be_ticket(&SMALLEST.replace(" S ", "")), Some(true));
        assert_eq!(may_be_ticket(r#"{"kind":"comment","id":7}"#), Some(false));
        assert_eq!(may_be_ticket(SMALLEST), None);
    }

    #[test]
    fn where_an_export_begins_and_ends_is_understood() {
        let Ok(Record::Begin(source)) = read(r#"{"kind":"begin","source":"abc"}"#) else { panic!("a begin") };
        assert_eq!(source.as_str(), "abc");
        let end = read(r#"{"kind":"end","tickets":3,"comments":4}"#);
        assert!(matches!(end, Ok(Record::End { tickets: 3, comments: 4 })));
    }
}

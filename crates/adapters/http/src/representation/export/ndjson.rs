//! A record a line, each a JSON object: what `helpdesk import` reads.

use helpdesk_domain::{
    CommentBody, CommentId, Description, Email, PersonName, Priority, Role, Status, Subject, Tags, TicketId,
    Ts, User, Visibility,
};
use helpdesk_ports::{ExportedComment, ExportedTicket};
use helpdesk_use_cases::ExportRecord;
use serde::Serialize;
use utoipa::ToSchema;

use super::ExportFormat;
use crate::representation::schema;

/// An account as an export names it: by its address, which is the same wherever it is imported.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExportedAccount)]
pub(crate) struct AccountLine<'a> {
    /// The e-mail address.
    #[schema(value_type = String, example = "ada@example.com")]
    email: &'a Email,
    /// The name.
    #[schema(value_type = String, example = "Ada Lovelace")]
    name: &'a PersonName,
    /// Its role today.
    #[schema(value_type = schema::Role)]
    role: Role,
    /// Whether it may sign in.
    is_active: bool,
}

impl<'a> From<&'a User> for AccountLine<'a> {
    fn from(user: &'a User) -> Self {
        let record = user.record();
        Self { email: &record.email, name: &record.name, role: record.role, is_active: record.is_active }
    }
}

/// A line of an export.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum ExportLine<'a> {
    /// The first line.
    Begin {
        /// What the store is called where its tickets are imported: always the same, and no other store is called so.
        #[schema(value_type = String, example = "5f0c8a3be6a14d0f9f3e4b7a6c1d2e3f")]
        source: &'a str,
    },
    /// A ticket. Its comments are the lines behind it, oldest first.
    Ticket {
        /// Its id here.
        #[schema(value_type = schema::Id)]
        id: TicketId,
        /// What it is about.
        #[schema(value_type = String)]
        subject: &'a Subject,
        /// The requester's account of it.
        #[schema(value_type = String)]
        description: &'a Description,
        /// Where it stands.
        #[schema(value_type = schema::Status)]
        status: Status,
        /// How urgent it is.
        #[schema(value_type = schema::Priority)]
        priority: Priority,
        /// The tags, in alphabetical order.
        #[schema(value_type = Vec<String>)]
        tags: &'a Tags,
        /// Whose it is.
        requester: AccountLine<'a>,
        /// Who works it.
        #[schema(required = true)]
        assignee: Option<AccountLine<'a>>,
        /// The name of the team that it belongs to.
        team: &'a str,
        /// The closed ticket that it follows up.
        #[schema(value_type = Option<schema::Id>, required = true)]
        follow_up_of: Option<TicketId>,
        /// When it was opened.
        #[schema(value_type = schema::Time)]
        created_at: Ts,
        /// When anything changed last.
        #[schema(value_type = schema::Time)]
        updated_at: Ts,
        /// When anything changed last that its requester may know of.
        #[schema(value_type = schema::Time)]
        public_updated_at: Ts,
        /// When staff first answered in public.
        #[schema(value_type = Option<schema::Time>, required = true)]
        first_responded_at: Option<Ts>,
        /// When it was resolved.
        #[schema(value_type = Option<schema::Time>, required = true)]
        resolved_at: Option<Ts>,
        /// When it was closed.
        #[schema(value_type = Option<schema::Time>, required = true)]
        closed_at: Option<Ts>,
        /// How often it was reopened.
        #[schema(minimum = 0)]
        reopen_count: i64,
    },
    /// A comment of the ticket before.
    Comment {
        /// Its id here.
        #[schema(value_type = schema::Id)]
        id: CommentId,
        /// Its ticket's id here.
        #[schema(value_type = schema::Id)]
        ticket_id: TicketId,
        /// Who wrote it.
        author: AccountLine<'a>,
        /// The role that the author held when writing.
        #[schema(value_type = schema::Role)]
        author_role: Role,
        /// Whether it is for staff alone.
        is_internal: bool,
        /// What it says.
        #[schema(value_type = String)]
        body: &'a CommentBody,
        /// When it was written.
        #[schema(value_type = schema::Time)]
        created_at: Ts,
    },
    /// The last line of an export that is whole.
    End {
        /// How many tickets came before.
        tickets: u64,
        /// How many comments.
        comments: u64,
    },
}

impl<'a> From<&'a ExportedTicket> for ExportLine<'a> {
    fn from(exported: &'a ExportedTicket) -> Self {
        let record = exported.ticket.record();
        Self::Ticket {
            id: record.id,
            subject: &record.subject,
            description: &record.description,
            status: record.status,
            priority: record.priority,
            tags: &record.tags,
            requester: (&exported.requester).into(),
            assignee: exported.assignee.as_ref().map(AccountLine::from),
            team: record.team.name(),
            follow_up_of: record.follow_up_of,
            created_at: record.created_at,
            updated_at: record.updated_at,
            public_updated_at: record.public_updated_at,
            first_responded_at: record.first_responded_at,
            resolved_at: record.resolved_at,
            closed_at: record.closed_at,
            reopen_count: record.reopen_count,
        }
    }
}

impl<'a> From<(TicketId, &'a ExportedComment)> for ExportLine<'a> {
    fn from((ticket_id, exported): (TicketId, &'a ExportedComment)) -> Self {
        let comment = &exported.comment;
        Self::Comment {
            id: comment.id(),
            ticket_id,
            author: (&exported.author).into(),
            author_role: comment.author().role,
            is_internal: comment.visibility() == Visibility::Internal,
            body: comment.body(),
            created_at: comment.created_at(),
        }
    }
}

/// Writes NDJSON.
pub(crate) struct Ndjson {
    source: String,
    tickets: u64,
    comments: u64,
}

impl Ndjson {
    /// Writes what comes from a store that is called so.
    pub(crate) fn new(source: String) -> Self {
        Self { source, tickets: 0, comments: 0 }
    }
}

impl ExportFormat for Ndjson {
    fn begin(&mut self, out: &mut Vec<u8>) -> serde_json::Result<()> {
        line(&ExportLine::Begin { source: &self.source }, out)
    }

    fn write(&mut self, record: &ExportRecord, out: &mut Vec<u8>) -> serde_json::Result<()> {
        match record {
            ExportRecord::Ticket(ticket) => {
                self.tickets += 1;
                line(&ExportLine::from(ticket.as_ref()), out)
            }
            ExportRecord::Comment(ticket, comment) => {
                self.comments += 1;
                line(&ExportLine::from((*ticket, comment.as_ref())), out)
            }
        }
    }

    fn end(&mut self, out: &mut Vec<u8>) -> serde_json::Result<()> {
        line(&ExportLine::End { tickets: self.tickets, comments: self.comments }, out)
    }
}

fn line(line: &ExportLine<'_>, out: &mut Vec<u8>) -> serde_json::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.push(b'\n');
    Ok(())
}

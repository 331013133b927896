//! What a caller may ask of a list.

use helpdesk_domain::{Actor, TeamId, TicketId, UserId};
use helpdesk_ports::{CommentPosition, EventPosition, Limit, PageRequest, SessionPosition};
use utoipa::IntoParams;

use super::cursor::{Binding, CursorCodec, Position};
use super::pages::{ListAnswer, Pages};
use crate::extract::{QueryReader, QueryString};
use crate::problem::{ApiError, ErrorCode, FieldError};
use crate::representation::schema;

/// Parameters of a list that nothing narrows; this type only documents them.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents the parameters, which are read from the query string by hand")]
pub(crate) struct PageParams {
    /// How many items.
    #[param(minimum = 1, maximum = 100, default = 25)]
    limit: Option<u8>,
    /// The `next_cursor` of the page before.
    #[param(value_type = Option<schema::Cursor>)]
    cursor: Option<String>,
}

fn parse_limit(text: &str) -> Result<Limit, String> {
    let is_canonical = text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
    let number = text.parse::<u64>().ok().filter(|_| is_canonical);
    let limit = number.map_or(Err(helpdesk_ports::LimitError), Limit::new);
    limit.map_err(|error| error.to_string())
}

/// The page of any list.
pub(super) struct PageParameters {
    limit: Limit,
    cursor: Option<String>,
}

impl PageParameters {
    pub(super) fn take(query: &mut QueryReader) -> Self {
        let limit = query.take("limit", parse_limit).unwrap_or_default();
        let cursor = query.take("cursor", |text| Ok::<_, std::convert::Infallible>(text.to_owned()));
        Self { limit, cursor }
    }

    pub(super) fn open<P: Position>(self, pages: &Pages<'_>) -> Result<PageRequest<P>, ApiError> {
        let invalid = || {
            let fault = FieldError::new("cursor", "invalid_cursor", "does not belong to this list");
            ApiError::with_errors(ErrorCode::InvalidCursor, vec![fault])
        };
        let after = self.cursor.map(|cursor| pages.open(&cursor).ok_or_else(invalid)).transpose()?;
        Ok(PageRequest { limit: self.limit, after })
    }
}

fn plain_list<'a, P: Position>(
    query: &QueryString,
    pages: Pages<'a>,
) -> Result<(PageRequest<P>, ListAnswer<'a>), ApiError> {
    let mut query = query.read()?;
    let page = PageParameters::take(&mut query);
    let query = query.finish()?;
    Ok((page.open(&pages)?, ListAnswer::new(pages, query)))
}

/// The comments of a ticket, as asked for.
pub(crate) fn comment_list<'a>(
    query: &QueryString,
    caller: impl Into<Actor>,
    ticket: TicketId,
    codec: &'a CursorCodec,
) -> Result<(PageRequest<CommentPosition>, ListAnswer<'a>), ApiError> {
    plain_list(query, Pages::new(codec, Binding::comments(caller.into(), ticket)))
}

/// The history of a ticket, as asked for.
pub(crate) fn event_list<'a>(
    query: &QueryString,
    caller: impl Into<Actor>,
    ticket: TicketId,
    codec: &'a CursorCodec,
) -> Result<(PageRequest<EventPosition>, ListAnswer<'a>), ApiError> {
    plain_list(query, Pages::new(codec, Binding::history(caller.into(), ticket)))
}

/// The sessions of the caller, as asked for.
pub(crate) fn session_list<'a>(
    query: &QueryString,
    caller: Actor,
    codec: &'a CursorCodec,
) -> Result<(PageRequest<SessionPosition>, ListAnswer<'a>), ApiError> {
    plain_list(query, Pages::new(codec, Binding::sessions(caller)))
}

/// The teams, as asked for.
pub(crate) fn team_list<'a>(
    query: &QueryString,
    caller: impl Into<Actor>,
    codec: &'a CursorCodec,
) -> Result<(PageRequest<TeamId>, ListAnswer<'a>), ApiError> {
    plain_list(query, Pages::new(codec, Binding::teams(caller.into())))
}

/// The members of a team, as asked for.
pub(crate) fn member_list<'a>(
    query: &QueryString,
    caller: impl Into<Actor>,
    team: TeamId,
    codec: &'a CursorCodec,
) -> Result<(PageRequest<UserId>, ListAnswer<'a>), ApiError> {
    plain_list(query, Pages::new(codec, Binding::members(caller.into(), team)))
}

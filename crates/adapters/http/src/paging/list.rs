//! What a caller may ask of a list.

use helpdesk_domain::{Actor, Priority, Status, TeamId, TicketId, UserId};
use helpdesk_ports::{
    CommentPosition, Direction, Limit, PageRequest, SessionPosition, SortKey, TicketFilter, TicketQuery,
    TicketSort,
};
use utoipa::IntoParams;

use super::cursor::{Binding, CursorCodec, Position};
use super::pages::{ListAnswer, Pages};
use crate::extract::{QueryReader, QueryString};
use crate::problem::{ApiError, ErrorCode, FieldError};
use crate::representation::schema;

/// Parameters of a list of tickets; this type only documents them.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents the parameters, which are read from the query string by hand")]
pub(crate) struct TicketListParams {
    /// How many items.
    #[param(minimum = 1, maximum = 100, default = 25)]
    limit: Option<u8>,
    /// The `next_cursor` of the page before, with the same filter and sort.
    cursor: Option<String>,
    /// Only tickets in one of these statuses.
    #[param(value_type = Option<Vec<schema::Status>>, style = Form, explode = false)]
    status: Option<String>,
    /// Only tickets of one of these priorities.
    #[param(value_type = Option<Vec<schema::Priority>>, style = Form, explode = false)]
    priority: Option<String>,
    /// The order; `-` is descending. `created_at` is the order of ids.
    #[param(value_type = Option<schema::TicketSort>)]
    sort: Option<String>,
}

/// Parameters of a list that nothing narrows; this type only documents them.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents the parameters, which are read from the query string by hand")]
pub(crate) struct PageParams {
    /// How many items.
    #[param(minimum = 1, maximum = 100, default = 25)]
    limit: Option<u8>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// The sorts of a list of tickets, by name.
pub(crate) const SORTS: &[(&str, SortKey, Direction)] = &[
    ("updated_at", SortKey::UpdatedAt, Direction::Ascending),
    ("-updated_at", SortKey::UpdatedAt, Direction::Descending),
    ("created_at", SortKey::CreatedAt, Direction::Ascending),
    ("-created_at", SortKey::CreatedAt, Direction::Descending),
];

fn parse_sort(text: &str) -> Result<TicketSort, &'static str> {
    let found = SORTS.iter().find(|(name, ..)| *name == text);
    found
        .map(|&(_, key, direction)| TicketSort { key, direction })
        .ok_or("must be updated_at or created_at, with - in front for descending")
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

/// A list of tickets, as asked for.
pub(crate) struct TicketList<'a> {
    pub(crate) query: TicketQuery,
    pub(crate) answer: ListAnswer<'a>,
}

impl<'a> TicketList<'a> {
    pub(crate) fn read(
        query: &QueryString,
        caller: impl Into<Actor>,
        codec: &'a CursorCodec,
    ) -> Result<Self, ApiError> {
        let mut query = query.read()?;
        let page = PageParameters::take(&mut query);
        let filter = TicketFilter::default()
            .with_statuses(query.take_list("status", str::parse::<Status>))
            .with_priorities(query.take_list("priority", str::parse::<Priority>));
        let sort = query.take("sort", parse_sort).unwrap_or_default();
        let query = query.finish()?;

        let pages = Pages::new(codec, Binding::tickets(caller.into(), &filter, sort));
        let page = page.open(&pages)?;
        Ok(Self { query: TicketQuery { filter, sort, page }, answer: ListAnswer::new(pages, query) })
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

#[cfg(test)]
mod tests {
    use super::*;
    use helpdesk_domain::{AgentActor, Ts};
    use helpdesk_ports::{StoreSecret, TicketPosition};

    fn read(raw: &str) -> Result<TicketQuery, &'static str> {
        let codec = CursorCodec::new(&StoreSecret([1; 32]));
        let caller = AgentActor::new(UserId::new(1).unwrap());
        TicketList::read(&QueryString::of(raw), caller, &codec)
            .map(|list| list.query)
            .map_err(|error| error.code().as_str())
    }

    #[test]
    fn what_is_left_out_has_its_default() {
        assert_eq!(read(""), Ok(TicketQuery::default()));
        assert_eq!(read("limit=25&sort=-updated_at"), Ok(TicketQuery::default()));
    }

    #[test]
    fn filter_sort_and_limit_are_understood() {
        let query =
            read("status=Closed,in%20progress,closed&priority=HIGH&sort=created_at&limit=100").unwrap();
        assert_eq!(query.filter.statuses(), [Status::InProgress, Status::Closed]);
        assert_eq!(query.filter.priorities(), [Priority::High]);
        assert_eq!(query.sort, TicketSort { key: SortKey::CreatedAt, direction: Direction::Ascending });
        assert_eq!(query.page.limit.get(), 100);
    }

    #[test]
    fn bad_values_are_refused() {
        for raw in [
            "limit=0",
            "limit=101",
            "limit=-1",
            "limit=%2B5",
            "limit=05",
            "limit=1e1",
            "limit=",
            "limit=99999999999999999999",
            "status=",
            "status=opened",
            "status=open,",
            "priority=highest",
            "sort=id",
            "sort=--updated_at",
            "sort=updated_at,created_at",
            "sort=Updated_At",
            "q=x",
            "offset=5",
            "limit=5&limit=5",
            "status=open&status=closed",
        ] {
            assert_eq!(read(raw), Err("invalid_query"), "{raw}");
        }
        for raw in ["cursor=", "cursor=abc", "cursor=%F0%9F%98%80"] {
            assert_eq!(read(raw), Err("invalid_cursor"), "{raw}");
        }
    }

    #[test]
    fn a_cursor_leads_on_with_another_limit_but_not_with_another_filter() {
        let codec = CursorCodec::new(&StoreSecret([1; 32]));
        let caller: Actor = AgentActor::new(UserId::new(1).unwrap()).into();
        let position = TicketPosition::UpdatedAt(Ts::from_micros(9).unwrap(), TicketId::new(5).unwrap());
        let filter = TicketFilter::default().with_statuses([Status::Open]);
        let cursor = codec.seal(&Binding::tickets(caller, &filter, TicketSort::default()), &position);
        let query = read(&format!("limit=3&status=OPEN&cursor={cursor}")).unwrap();
        assert_eq!(query.page.after, Some(position));
        assert_eq!(read(&format!("cursor={cursor}")), Err("invalid_cursor"));
        assert_eq!(read(&format!("status=open&sort=created_at&cursor={cursor}")), Err("invalid_cursor"));
    }
}

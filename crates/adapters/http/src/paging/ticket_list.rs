//! What a caller may ask of a list of tickets.

use helpdesk_domain::{
    Actor, AdminActor, AgentActor, CustomerActor, IdError, Priority, Status, Tag, TeamId, Ts, UserId,
};
use helpdesk_ports::{Direction, SortKey, TicketFilter, TicketQuery, TicketSearch, TicketSort};
use utoipa::IntoParams;

use super::cursor::{Binding, CursorCodec};
use super::list::PageParameters;
use super::pages::{ListAnswer, Pages};
use crate::extract::{QueryReader, QueryString};
use crate::problem::ApiError;
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
    #[param(value_type = Option<schema::Cursor>)]
    cursor: Option<String>,
    /// Only tickets in one of these statuses.
    #[param(value_type = Option<Vec<schema::Status>>, style = Form, explode = false)]
    status: Option<String>,
    /// Only tickets of one of these priorities.
    #[param(value_type = Option<Vec<schema::Priority>>, style = Form, explode = false)]
    priority: Option<String>,
    /// Only tickets that were opened later than this. A `+` in it has to be written `%2B`.
    #[param(value_type = Option<schema::AnyTime>)]
    created_after: Option<String>,
    /// Only tickets whose `updated_at` is later than this.
    #[param(value_type = Option<schema::AnyTime>)]
    updated_after: Option<String>,
    /// Only tickets with each of these words in their subject, their description, or a comment that the caller may see, wherever, in
    /// whatever order; the last one may be the beginning of a word, whatever follows it. Letter case and accents make no difference.
    /// Where no space is written between words, each character counts as one; so does each emoji. There must be a word, and at most
    /// 20 different ones. Nothing is an operator, and the order of the list stays what it is.
    #[param(min_length = 1, max_length = 200, example = "lift stuck")]
    q: Option<String>,
    /// The order; `-` is descending. `created_at` is the order of ids.
    #[param(value_type = Option<schema::TicketSort>)]
    sort: Option<String>,
}

/// Parameters of an export of tickets; this type only documents them.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents the parameters, which are read from the query string by hand")]
pub(crate) struct ExportParams {
    /// The form; without it, what `Accept` prefers.
    #[param(pattern = "^(ndjson|csv)$", example = "ndjson")]
    format: Option<String>,
    /// Only tickets in one of these statuses.
    #[param(value_type = Option<Vec<schema::Status>>, style = Form, explode = false)]
    status: Option<String>,
    /// Only tickets of one of these priorities.
    #[param(value_type = Option<Vec<schema::Priority>>, style = Form, explode = false)]
    priority: Option<String>,
    /// Only tickets that were opened later than this. A `+` in it has to be written `%2B`.
    #[param(value_type = Option<schema::Time>)]
    created_after: Option<String>,
    /// Only tickets whose `updated_at` is later than this.
    #[param(value_type = Option<schema::Time>)]
    updated_after: Option<String>,
}

/// What narrows lists of tickets for staff; this type only documents it.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents the parameter, which is read from the query string by hand")]
pub(crate) struct TagParam {
    /// Only tickets with this tag. It is understood as tags of tickets are: `VIP` finds `vip`.
    #[param(max_length = 50, example = "vip")]
    tag: Option<String>,
}

/// What narrows the list of all tickets; this type only documents it.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents the parameters, which are read from the query string by hand")]
#[expect(clippy::struct_field_names, reason = "the parameters are called so")]
pub(crate) struct AssignmentParams {
    /// Only tickets that this account works: its id, or `none` for those that nobody works.
    #[param(pattern = "^([1-9][0-9]*|none)$")]
    assignee_id: Option<String>,
    /// Only tickets that this account requested.
    #[param(value_type = Option<schema::Id>)]
    requester_id: Option<i64>,
    /// Only tickets of this team.
    #[param(value_type = Option<schema::Id>)]
    team_id: Option<i64>,
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

/// The account that works a ticket, or nobody.
fn parse_assignee(text: &str) -> Result<Option<UserId>, &'static str> {
    if text == "none" {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|IdError| "must be an id or none")
}

/// A list of tickets, as asked for.
pub(crate) struct TicketList<'a> {
    pub(crate) query: TicketQuery,
    pub(crate) answer: ListAnswer<'a>,
}

/// What narrows a list beyond what all of them have.
type Narrow = fn(&mut QueryReader, TicketFilter) -> TicketFilter;

/// Tags are internal: to a customer there is no such parameter.
fn by_tag(query: &mut QueryReader, filter: TicketFilter) -> TicketFilter {
    filter.with_tag(query.take("tag", Tag::parse))
}

fn by_tag_and_assignment(query: &mut QueryReader, filter: TicketFilter) -> TicketFilter {
    by_tag(query, filter)
        .with_assignee(query.take("assignee_id", parse_assignee))
        .with_requester(query.take("requester_id", str::parse::<UserId>))
        .with_team(query.take("team_id", str::parse::<TeamId>))
}

/// What narrows every list.
fn asked_of_any(query: &mut QueryReader) -> TicketFilter {
    TicketFilter::default()
        .with_statuses(query.take_list("status", str::parse::<Status>))
        .with_priorities(query.take_list("priority", str::parse::<Priority>))
        .created_after(query.take("created_after", str::parse::<Ts>))
        .updated_after(query.take("updated_after", str::parse::<Ts>))
}

/// Which tickets are to be exported.
pub(crate) fn tickets_to_export(query: &mut QueryReader) -> TicketFilter {
    let filter = asked_of_any(query);
    by_tag_and_assignment(query, filter)
}

impl<'a> TicketList<'a> {
    /// Those that a customer requested.
    pub(crate) fn of_customer(
        query: &QueryString,
        caller: CustomerActor,
        codec: &'a CursorCodec,
    ) -> Result<Self, ApiError> {
        Self::read(query, "tickets", caller.into(), codec, |_, filter| filter)
    }

    /// Those that an agent works.
    pub(crate) fn of_agent(
        query: &QueryString,
        caller: AgentActor,
        codec: &'a CursorCodec,
    ) -> Result<Self, ApiError> {
        Self::read(query, "tickets", caller.into(), codec, by_tag)
    }

    /// Those that an agent may claim.
    pub(crate) fn of_queue(
        query: &QueryString,
        caller: AgentActor,
        codec: &'a CursorCodec,
    ) -> Result<Self, ApiError> {
        Self::read(query, "queue", caller.into(), codec, by_tag)
    }

    /// All.
    pub(crate) fn of_admin(
        query: &QueryString,
        caller: AdminActor,
        codec: &'a CursorCodec,
    ) -> Result<Self, ApiError> {
        Self::read(query, "tickets", caller.into(), codec, by_tag_and_assignment)
    }

    fn read(
        query: &QueryString,
        list: &str,
        caller: Actor,
        codec: &'a CursorCodec,
        narrow: Narrow,
    ) -> Result<Self, ApiError> {
        let mut query = query.read()?;
        let page = PageParameters::take(&mut query);
        let filter = asked_of_any(&mut query).with_search(query.take("q", TicketSearch::parse));
        let filter = narrow(&mut query, filter);
        let sort = query.take("sort", parse_sort).unwrap_or_default();
        let query = query.finish()?;

        let pages = Pages::new(codec, Binding::tickets(list, caller, &filter, sort));
        let page = page.open(&pages)?;
        Ok(Self { query: TicketQuery { filter, sort, page }, answer: ListAnswer::new(pages, query) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use helpdesk_domain::TicketId;
    use helpdesk_ports::{StoreSecret, TicketPosition};

    fn read(raw: &str) -> Result<TicketQuery, &'static str> {
        let codec = CursorCodec::new(&StoreSecret([1; 32]));
        let caller = AgentActor::new(UserId::new(1).unwrap());
        TicketList::of_agent(&QueryString::of(raw), caller, &codec)
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
    fn bounds_in_time_and_tags_are_understood() {
        let query =
            read("created_after=2023-11-14T23:13:20.5%2B01:00&updated_after=1970-01-01T00:00:00Z&tag=%20VIP")
                .unwrap();
        assert_eq!(query.filter.after_creation(), Ts::from_micros(1_700_000_000_500_000).ok());
        assert_eq!(query.filter.after_update(), Some(Ts::EPOCH));
        assert_eq!(query.filter.tag(), Tag::parse("vip").ok().as_ref());
    }

    #[test]
    fn words_are_understood() {
        let sought = |raw: &str| read(raw).map(|query| query.filter.search().cloned());
        assert_eq!(sought("q=Stuck+%22lift%22%21"), Ok(TicketSearch::parse("stuck lift").ok()));
        assert_eq!(sought(&format!("q={}", "%C3%A9".repeat(200))).map(|search| search.is_some()), Ok(true));
        assert_eq!(sought(&format!("q={}", "%C3%A9".repeat(201))), Err("invalid_query"));
        let many = (0..21).map(|n| format!("w{n}")).collect::<Vec<_>>().join("+");
        assert_eq!(sought(&format!("q={many}")), Err("invalid_query"));
    }

    #[test]
    fn an_admin_asks_by_assignee_requester_and_team() {
        let codec = CursorCodec::new(&StoreSecret([1; 32]));
        let caller = AdminActor::new(UserId::new(1).unwrap());
        let read = |raw: &str| {
            TicketList::of_admin(&QueryString::of(raw), caller, &codec).map(|list| list.query.filter)
        };
        let filter = read("assignee_id=7&requester_id=8&team_id=9&tag=vip").unwrap();
        assert_eq!(filter.assignee(), Some(UserId::new(7).ok()));
        assert_eq!((filter.requester(), filter.team()), (UserId::new(8).ok(), TeamId::new(9).ok()));
        assert_eq!(filter.tag(), Tag::parse("vip").ok().as_ref());
        assert_eq!(read("assignee_id=none").unwrap().assignee(), Some(None));
        assert_eq!(read("").unwrap(), TicketFilter::default());
        for raw in [
            "assignee_id=",
            "assignee_id=null",
            "assignee_id=07",
            "requester_id=none",
            "team_id=0",
            "team_id=x",
        ] {
            assert!(read(raw).is_err(), "{raw}");
        }
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
            "created_after=",
            "created_after=2026-01-31",
            "created_after=2026-01-31T09:15:00",
            "created_after=2026-01-31T09:15:00+01:00",
            "updated_after=yesterday",
            "tag=",
            "tag=a,b",
            "assignee_id=5",
            "requester_id=5",
            "team_id=5",
            "sort=--updated_at",
            "sort=updated_at,created_at",
            "sort=Updated_At",
            "q=",
            "q=%20",
            "q=%22*%22",
            "q=a%00",
            "q=a&q=b",
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
        let cursor =
            codec.seal(&Binding::tickets("tickets", caller, &filter, TicketSort::default()), &position);
        let query = read(&format!("limit=3&status=OPEN&cursor={cursor}")).unwrap();
        assert_eq!(query.page.after, Some(position));
        assert_eq!(read(&format!("cursor={cursor}")), Err("invalid_cursor"));
        assert_eq!(read(&format!("status=open&sort=created_at&cursor={cursor}")), Err("invalid_cursor"));
    }
}

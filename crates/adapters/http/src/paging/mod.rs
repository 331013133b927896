//! Pages of lists: cursors, envelopes, and what narrows and sorts a list.

mod account_list;
mod cursor;
mod list;
mod pages;
mod ticket_list;

pub(crate) use account_list::{AuditList, AuditListParams, UserList, UserListParams};
pub(crate) use cursor::{Binding, CursorCodec};
pub(crate) use list::{PageParams, comment_list, event_list, member_list, session_list, team_list};
pub(crate) use pages::PageResponse;
pub(crate) use ticket_list::{
    AssignmentParams, ExportParams, SORTS, TagParam, TicketList, TicketListParams, tickets_to_export,
};

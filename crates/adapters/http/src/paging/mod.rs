//! Pages of lists: cursors, envelopes, and what narrows and sorts a list.

mod cursor;
mod list;
mod pages;

pub(crate) use cursor::{Binding, CursorCodec};
pub(crate) use list::{
    CommentListParams, SORTS, TicketList, TicketListParams, UserListParams, comment_list, user_list,
};
pub(crate) use pages::{PageResponse, Pages};

//! The envelope of a page.

use actix_web::HttpResponse;
use actix_web::http::header::{ContentType, LINK};
use helpdesk_ports::Page;
use serde::Serialize;
use utoipa::ToSchema;

use super::cursor::{Binding, CursorCodec, Position};
use crate::extract::QueryReader;
use crate::json;

/// About how long a ticket is, which is what lists are mostly of.
const EXPECTED_BYTES: usize = 640;

/// Part of a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Page)]
pub(crate) struct PageResponse<T> {
    /// The items, in order.
    pub(crate) data: Vec<T>,
    /// What to send as `cursor` for the next page; `null` on the last one.
    #[schema(required = true, example = json!(null))]
    pub(crate) next_cursor: Option<String>,
}

impl<R> PageResponse<R> {
    /// The page in its envelope. What its cursor is bound to is only worked out where there is one, which hardly any page of
    /// comments has.
    pub(crate) fn bound<T, P>(
        page: Page<T, P>,
        codec: &CursorCodec,
        binding: impl FnOnce() -> Binding,
    ) -> Self
    where
        R: From<T>,
        P: Position,
    {
        Self::of(page.map(R::from), |next| codec.seal(&binding(), next))
    }

    fn of<P>(page: Page<R, P>, seal: impl FnOnce(&P) -> String) -> Self {
        Self { next_cursor: page.next.as_ref().map(seal), data: page.items }
    }
}

/// Turns pages of one list into answers: knows what its cursors are bound to.
pub(crate) struct Pages<'a> {
    codec: &'a CursorCodec,
    binding: Binding,
}

impl<'a> Pages<'a> {
    pub(crate) fn new(codec: &'a CursorCodec, binding: Binding) -> Self {
        Self { codec, binding }
    }

    pub(super) fn open<P: Position>(&self, cursor: &str) -> Option<P> {
        self.codec.open(&self.binding, cursor)
    }

    fn envelope_of<R, P: Position>(&self, page: Page<R, P>) -> PageResponse<R> {
        PageResponse::of(page, |next| self.codec.seal(&self.binding, next))
    }
}

/// A list that was asked for: answers with a page of it.
pub(crate) struct ListAnswer<'a> {
    pages: Pages<'a>,
    query: QueryReader,
}

impl<'a> ListAnswer<'a> {
    pub(super) fn new(pages: Pages<'a>, query: QueryReader) -> Self {
        Self { pages, query }
    }

    /// 200 with the page, and a link to the next one (RFC 8288) relative to the list's path.
    pub(crate) fn respond<T, R, P>(&self, path: &str, page: Page<T, P>) -> HttpResponse
    where
        R: From<T> + Serialize,
        P: Position,
    {
        self.respond_with(path, page.map(R::from))
    }

    /// The same of items that are as the caller sees them already.
    pub(crate) fn respond_with<R, P>(&self, path: &str, page: Page<R, P>) -> HttpResponse
    where
        R: Serialize,
        P: Position,
    {
        let envelope = self.pages.envelope_of(page);
        let mut response = HttpResponse::Ok();
        if let Some(cursor) = &envelope.next_cursor {
            let next = self.query.with_cursor(path, cursor);
            response.insert_header((LINK, format!("<{next}>; rel=\"next\"")));
        }
        match json::written(&envelope, EXPECTED_BYTES * (envelope.data.len() + 1)) {
            Ok(body) => response.content_type(ContentType::json()).body(body),
            Err(error) => HttpResponse::from_error(error),
        }
    }
}

//! `GET /admin/export/tickets`

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpResponse, get};
use futures_util::stream::{self, Stream, StreamExt as _};
use helpdesk_ports::{Cause, StoreError};
use helpdesk_use_cases::{TicketExport, UseCaseError};

use crate::extract::{AdminActor, QueryString, Wanted};
use crate::openapi::ExportErrors;
use crate::paging::{AssignmentParams, ExportParams, TagParam, tickets_to_export};
use crate::problem::ApiError;
use crate::representation::{Csv, ExportFormat, ExportLine, Ndjson};
use crate::state::AppState;

const NDJSON: &str = "application/x-ndjson";
const CSV: &str = "text/csv";

/// About how much is sent at a time.
const CHUNK_BYTES: usize = 16 * 1024;

/// The forms of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Ndjson,
    Csv,
}

impl Form {
    fn parse(name: &str) -> Result<Self, &'static str> {
        match name {
            "ndjson" => Ok(Self::Ndjson),
            "csv" => Ok(Self::Csv),
            _ => Err("must be ndjson or csv"),
        }
    }

    /// The one that the caller would rather have; NDJSON where it is all the same to it.
    fn preferred(wanted: &Wanted) -> Self {
        if wanted.weight(CSV) > wanted.weight(NDJSON) { Self::Csv } else { Self::Ndjson }
    }

    fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Ndjson => NDJSON,
            Self::Csv => "text/csv; charset=utf-8; header=present",
        })
    }

    fn disposition(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Ndjson => "attachment; filename=\"tickets.ndjson\"",
            Self::Csv => "attachment; filename=\"tickets.csv\"",
        })
    }

    fn writer(self, source: &str) -> Box<dyn ExportFormat> {
        match self {
            Self::Ndjson => Box::new(Ndjson::new(source.to_owned())),
            Self::Csv => Box::new(Csv),
        }
    }
}

/// Export tickets
///
/// Everything that the filter admits, by id, however much it is: NDJSON, a ticket a line and behind it its comments, which
/// `helpdesk import` reads, or CSV, a ticket a row. Where neither `format` nor `Accept` says which, it is NDJSON. The answer is
/// sent as it is read, and is no picture of one moment. If it cannot be read to the end, the connection breaks: an answer that
/// ends well is whole, and as NDJSON its last line says so.
///
/// In CSV, a cell that a spreadsheet would take for a formula has an apostrophe in front.
#[utoipa::path(
    operation_id = "export_tickets",
    tag = "admin",
    params(ExportParams, TagParam, AssignmentParams),
    responses(
        (
            status = 200,
            description = "The tickets.",
            content((ExportLine<'static> = "application/x-ndjson"), (String = "text/csv")),
            headers(("Content-Disposition" = String, description = "A name for the file."))
        ),
        ExportErrors,
    ),
    security(("bearer" = []))
)]
#[get("/admin/export/tickets")]
pub(crate) async fn tickets(
    state: Data<AppState>,
    caller: AdminActor,
    query: QueryString,
    wanted: Wanted,
) -> Result<HttpResponse, ApiError> {
    let mut query = query.read()?;
    let form = query.take("format", Form::parse);
    let filter = tickets_to_export(&mut query);
    query.finish()?;
    let form = form.unwrap_or_else(|| Form::preferred(&wanted));

    let mut response = HttpResponse::Ok();
    response.insert_header((CONTENT_TYPE, form.content_type()));
    response.insert_header((CONTENT_DISPOSITION, form.disposition()));
    if wanted.is_head() {
        return Ok(response.streaming(stream::empty::<Result<Bytes, UseCaseError>>()));
    }
    let with_comments = form == Form::Ndjson;
    let mut download = Download {
        export: state.help_desk.exports.tickets(caller.actor(), filter, with_comments),
        writer: form.writer(&state.export_source),
        request_id: wanted.request_id().to_owned(),
        has_begun: false,
        is_over: false,
    };
    // What fails at once is an answer like any other.
    let first = download.chunk().await?;
    let first = stream::iter(first.map(Ok));
    Ok(response.streaming(first.chain(download.rest())))
}

/// A record of plain texts and numbers can always be written.
fn unwritable(error: serde_json::Error) -> StoreError {
    StoreError::Fault(Cause::new(error))
}

/// An export on its way to a client. It reads on when the client has taken what there was, and stops when it is dropped.
struct Download {
    export: TicketExport,
    writer: Box<dyn ExportFormat>,
    request_id: String,
    has_begun: bool,
    is_over: bool,
}

impl Download {
    /// The next bytes; `None` when all were given.
    async fn chunk(&mut self) -> Result<Option<Bytes>, UseCaseError> {
        let mut out = Vec::new();
        if !std::mem::replace(&mut self.has_begun, true) {
            self.writer.begin(&mut out).map_err(unwritable)?;
        }
        while out.len() < CHUNK_BYTES && !self.is_over {
            let records = self.export.next().await?;
            let written = match &records {
                Some(records) => records.iter().try_for_each(|record| self.writer.write(record, &mut out)),
                None => self.writer.end(&mut out),
            };
            written.map_err(unwritable)?;
            self.is_over = records.is_none();
        }
        Ok((!out.is_empty()).then(|| out.into()))
    }

    /// The bytes behind the first ones. An error breaks the connection, so that nobody takes what came before it for all.
    fn rest(self) -> impl Stream<Item = Result<Bytes, UseCaseError>> {
        stream::try_unfold(self, |mut download| async move {
            match download.chunk().await {
                Ok(chunk) => Ok(chunk.map(|bytes| (bytes, download))),
                Err(error) => {
                    let cause = ApiError::from(error.clone());
                    let cause = cause.cause().unwrap_or_default();
                    log::warn!(
                        target: "helpdesk::http",
                        "request_id={} an export broke off: cause={cause:?}",
                        download.request_id
                    );
                    Err(error)
                }
            }
        })
    }
}

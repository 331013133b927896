//! What `benches/` measures of the inside, and nothing else.

use helpdesk_domain::StaffTicketView;

use crate::representation::TicketResponse;

/// The JSON of these tickets, as staff is shown them.
///
/// # Errors
/// None is known.
pub fn tickets_as_json(views: Vec<StaffTicketView>) -> serde_json::Result<Vec<u8>> {
    let responses: Vec<TicketResponse> = views.into_iter().map(TicketResponse::from).collect();
    serde_json::to_vec(&responses)
}

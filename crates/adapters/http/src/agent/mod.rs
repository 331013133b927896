//! `/agent/…`: what agents do. They see the tickets assigned to them, and the queue of their teams.

mod queue;
mod tickets;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(queue::queue).configure(tickets::routes);
}

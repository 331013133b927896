//! `/agent/…`: what agents do. They see the tickets assigned to them.

mod tickets;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.configure(tickets::routes);
}

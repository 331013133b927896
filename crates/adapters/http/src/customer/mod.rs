//! `/customer/…`: what customers do. They see the tickets they requested, and never anything internal.

mod tickets;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.configure(tickets::routes);
}

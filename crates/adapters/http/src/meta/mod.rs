//! `/meta/…`: what the help desk says about its own rules, to anybody.

mod ticket_workflow;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(ticket_workflow::ticket_workflow);
}

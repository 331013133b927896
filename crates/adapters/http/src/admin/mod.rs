//! `/admin/…`: what admins do. They see everything.

mod audit;
mod export;
mod teams;
mod tickets;
mod users;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .configure(tickets::routes)
        .configure(users::routes)
        .configure(teams::routes)
        .configure(audit::routes)
        .configure(export::routes);
}

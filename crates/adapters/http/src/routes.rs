//! Every route there is. A handler that is not named here is not served, and what is served is documented.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::{admin, agent, customer, documentation, health, login, prometheus_page};

/// The API.
pub(crate) fn api(config: &mut ServiceConfig<'_>) {
    config
        .service(login::login)
        .configure(customer::routes)
        .configure(agent::routes)
        .configure(admin::routes)
        .configure(health::routes)
        .service(documentation::openapi_json);
}

/// The management address.
pub(crate) fn management(config: &mut ServiceConfig<'_>) {
    config.configure(health::routes).service(prometheus_page::metrics);
}

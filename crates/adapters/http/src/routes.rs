//! Every route there is. A handler that is not named here is not served, and what is served is documented, the page of the
//! documentation aside.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    admin, agent, customer, docs_page, documentation, health, invitations, login, logout, me, meta,
    prometheus_page, register, token,
};

/// The API.
pub(crate) fn api(config: &mut ServiceConfig<'_>) {
    config
        .service(login::login)
        .configure(token::routes)
        .service(logout::logout)
        .configure(me::routes)
        .configure(invitations::routes)
        .service(register::register)
        .configure(customer::routes)
        .configure(agent::routes)
        .configure(admin::routes)
        .configure(meta::routes)
        .configure(health::routes)
        .service(documentation::openapi_json)
        .configure(docs_page::routes);
}

/// The management address.
pub(crate) fn management(config: &mut ServiceConfig<'_>) {
    config.configure(health::routes).service(prometheus_page::metrics);
}

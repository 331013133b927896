//! `/me…`: what any signed-in account does with itself.

mod password;
mod read;
mod sessions;
mod update;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(read::read)
        .service(update::update)
        .service(password::change_password)
        .configure(sessions::routes);
}

//! `/admin/users…`

mod create;
mod list;
mod password_reset;
mod read;
mod update;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list::list)
        .service(create::create)
        .service(read::read)
        .service(update::update)
        .service(password_reset::reset_password);
}

//! `/admin/teams…`

mod create;
mod delete;
mod list;
mod members;
mod read;
mod update;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list::list)
        .service(create::create)
        .service(read::read)
        .service(update::update)
        .service(delete::delete)
        .service(members::list::list)
        .service(members::add::add)
        .service(members::remove::remove);
}

//! `/agent/tickets…`

mod bulk;
mod claim;
mod comments;
mod history;
mod list;
mod read;
mod release;
mod update;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list::list)
        // Before what any id would match.
        .service(bulk::bulk)
        .service(read::read)
        .service(update::update)
        .service(history::history)
        .service(claim::claim)
        .service(release::release)
        .service(comments::list::list)
        .service(comments::create::create);
}

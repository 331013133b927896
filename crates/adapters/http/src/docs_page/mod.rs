//! `GET /docs`: the API as a page to read and to try, with all that it loads. Nothing of it comes from elsewhere.
//!
//! These are no operations: they are not in the document of the API, which is what they show, but stand beside it in the table of
//! routes.

mod asset;

use actix_web::{HttpRequest, web};
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use asset::PagePolicy;

use asset::Asset;

/// What the page may do: run the scripts that are served here, look as the style sheets say that are served here, and call the
/// API. Swagger UI draws its icons from `data:` addresses. There is no inline script or style, no frame, no form that is sent, and
/// no other host.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

macro_rules! unpacked {
    ($name:literal) => {
        include_bytes!(concat!(env!("OUT_DIR"), "/", $name))
    };
}

static ASSETS: [Asset; 7] = [
    Asset::page("/docs", include_bytes!("page.html"), POLICY),
    Asset::plain("/docs/icon.svg", "image/svg+xml", include_bytes!("icon.svg")),
    Asset::plain("/docs/page.css", "text/css", include_bytes!("page.css")),
    Asset::plain("/docs/page.js", "text/javascript", include_bytes!("page.js")),
    Asset::gzip("/docs/swagger-ui.css", "text/css", unpacked!("swagger-ui.css.gz")),
    Asset::gzip("/docs/swagger-ui-bundle.js", "text/javascript", unpacked!("swagger-ui-bundle.js.gz")),
    Asset::gzip("/docs/swagger-ui-license.txt", "text/plain", unpacked!("LICENSE.gz")),
];

/// Every path of the page, and what is there.
pub(crate) fn paths() -> impl Iterator<Item = (&'static str, &'static str)> {
    ASSETS.iter().map(|asset| (asset.path, asset.media_type))
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    for asset in &ASSETS {
        let serve = move |request: HttpRequest| async move { asset.respond(request.headers()) };
        config.route(asset.path, web::get().to(serve));
    }
}

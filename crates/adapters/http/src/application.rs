//! The two applications: the API, and what is for operators alone.

use std::sync::Arc;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::web::{self, Data};
use actix_web::{App, Error};
use utoipa::openapi::OpenApi;
use utoipa_actix_web::AppExt as _;

use crate::documentation::OpenApiJson;
use crate::middleware::{Envelope, Grants};
use crate::problem::{ApiError, ErrorCode};
use crate::route_table::RouteTable;
use crate::state::AppState;
use crate::{docs_page, openapi, register, routes};

/// What an application says of itself, whatever its state.
#[derive(Clone)]
pub(crate) struct Published {
    routes: Arc<RouteTable>,
    document: OpenApiJson,
}

impl Published {
    /// The API: the routes of its document, and the files of its page.
    pub(crate) fn api() -> serde_json::Result<Self> {
        let document = openapi::api();
        let mut routes = RouteTable::of(&document);
        for (path, media_type) in docs_page::paths() {
            routes.add_file(path, media_type);
        }
        Self::new(routes, &document)
    }

    fn management() -> serde_json::Result<Self> {
        let document = openapi::management();
        Self::new(RouteTable::of_anything(&document), &document)
    }

    fn new(routes: RouteTable, document: &OpenApi) -> serde_json::Result<Self> {
        let json = serde_json::to_vec(&openapi::finished(document)?)?;
        Ok(Self { routes: Arc::new(routes), document: OpenApiJson::new(json)? })
    }

    /// Which paths there are.
    #[cfg(any(test, feature = "contract"))]
    pub(crate) fn routes(&self) -> &RouteTable {
        &self.routes
    }
}

/// What all workers of an application share.
#[derive(Clone)]
pub(crate) struct Shared {
    state: Arc<AppState>,
    published: Published,
    grants: Grants,
}

impl Shared {
    pub(crate) fn api(state: Arc<AppState>, mut published: Published) -> Self {
        if !state.help_desk.registration.is_open() {
            // With any method: what is allowed instead would tell that it is there.
            Arc::make_mut(&mut published.routes).remove(register::PATH);
        }
        let grants = Grants { origins: state.allowed_origins.clone(), compression: state.compression };
        Self { state, published, grants }
    }

    pub(crate) fn management(state: Arc<AppState>) -> serde_json::Result<Self> {
        Ok(Self { state, published: Published::management()?, grants: Grants::default() })
    }
}

/// What a request meets where no route serves it, should the table of routes ever think otherwise.
async fn nothing_here() -> Result<&'static str, ApiError> {
    Err(ApiError::new(ErrorCode::NotFound))
}

macro_rules! application {
    ($shared:expr, $routes:expr) => {{
        let Shared { state, published: Published { routes, document }, grants } = $shared;
        App::new()
            .app_data(Data::from(state.clone()))
            .app_data(Data::new(document))
            .into_utoipa_app()
            .configure($routes)
            .into_app()
            .default_service(web::to(nothing_here))
            .wrap(Envelope::new(state, routes, grants))
    }};
}

/// The API.
pub(crate) fn api(
    shared: Shared,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = Error,
        InitError = (),
    >,
> {
    application!(shared, routes::api)
}

/// The management address.
pub(crate) fn management(
    shared: Shared,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = Error,
        InitError = (),
    >,
> {
    application!(shared, routes::management)
}

//! Who calls: a handler that takes one of these runs only for a signed-in account, and all but one of them only for an account
//! of that role.

use std::marker::PhantomData;
use std::rc::Rc;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::future::LocalBoxFuture;
use helpdesk_domain::Actor;
use helpdesk_use_cases::Authenticated;

use super::bearer::bearer_token;
use crate::middleware::RequestContext;
use crate::problem::{ApiError, ErrorCode};
use crate::state::AppState;

/// A signed-in account that may call the operation. Only a checked token makes one.
pub(crate) struct Caller<A> {
    actor: A,
    // Keeps the type from being built or taken apart elsewhere by a pattern.
    made_by_guard: PhantomData<()>,
}

/// An agent is calling.
pub(crate) type AgentActor = Caller<helpdesk_domain::AgentActor>;
/// A customer is calling.
pub(crate) type CustomerActor = Caller<helpdesk_domain::CustomerActor>;
/// An admin is calling.
pub(crate) type AdminActor = Caller<helpdesk_domain::AdminActor>;
/// Any signed-in account is calling, about itself.
pub(crate) type AnyAccount = Caller<Authenticated>;

impl<A: Copy> Caller<A> {
    pub(crate) fn actor(&self) -> A {
        self.actor
    }
}

/// Whom a group of operations is for.
pub(crate) trait Admitted: Sized + 'static {
    /// The caller, if the group is for its role: an admin is no agent.
    fn of(caller: Authenticated) -> Option<Self>;
}

impl Admitted for Authenticated {
    fn of(caller: Authenticated) -> Option<Self> {
        Some(caller)
    }
}

impl Admitted for helpdesk_domain::AgentActor {
    fn of(caller: Authenticated) -> Option<Self> {
        match caller.actor() {
            Actor::Agent(agent) => Some(agent),
            Actor::Admin(_) | Actor::Customer(_) | Actor::System(_) => None,
        }
    }
}

impl Admitted for helpdesk_domain::CustomerActor {
    fn of(caller: Authenticated) -> Option<Self> {
        match caller.actor() {
            Actor::Customer(customer) => Some(customer),
            Actor::Admin(_) | Actor::Agent(_) | Actor::System(_) => None,
        }
    }
}

impl Admitted for helpdesk_domain::AdminActor {
    fn of(caller: Authenticated) -> Option<Self> {
        match caller.actor() {
            Actor::Admin(admin) => Some(admin),
            Actor::Agent(_) | Actor::Customer(_) | Actor::System(_) => None,
        }
    }
}

impl<A: Admitted> FromRequest for Caller<A> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let state = request.app_data::<Data<AppState>>().ok_or_else(|| {
                ApiError::new(ErrorCode::InternalError).with_cause("the application has no state")
            })?;
            let token = bearer_token(request.headers())?;
            let caller = state.help_desk.authentication.authenticate(token).await?;
            let context = request.extensions().get::<Rc<RequestContext>>().cloned();
            if let Some(context) = context {
                context.is_called_by(caller.id());
                // Before the role is looked at: calls that are not for one's role count like any other.
                if let Some(limiter) = &state.request_limiter {
                    let (standing, outcome) = limiter.count(caller.id());
                    context.stands_at(standing);
                    outcome.map_err(ApiError::rate_limited)?;
                }
            }
            let actor = A::of(caller).ok_or_else(|| ApiError::new(ErrorCode::Forbidden))?;
            Ok(Self { actor, made_by_guard: PhantomData })
        })
    }
}

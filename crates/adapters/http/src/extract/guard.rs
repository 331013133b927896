//! Who calls: a handler that takes one of these runs only for a signed-in account of that role.

use std::marker::PhantomData;
use std::rc::Rc;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::future::LocalBoxFuture;
use helpdesk_domain::Actor;

use super::bearer::bearer_token;
use crate::middleware::RequestContext;
use crate::problem::{ApiError, ErrorCode};
use crate::state::AppState;

/// A signed-in account of one role. Only a checked token makes one.
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

impl<A: Copy> Caller<A> {
    pub(crate) fn actor(&self) -> A {
        self.actor
    }
}

/// An actor of exactly one role.
pub(crate) trait OfOneRole: Sized + 'static {
    /// The actor, if it is of this role: an admin is no agent.
    fn of(actor: Actor) -> Option<Self>;
}

impl OfOneRole for helpdesk_domain::AgentActor {
    fn of(actor: Actor) -> Option<Self> {
        match actor {
            Actor::Agent(agent) => Some(agent),
            Actor::Admin(_) | Actor::Customer(_) | Actor::System(_) => None,
        }
    }
}

impl OfOneRole for helpdesk_domain::CustomerActor {
    fn of(actor: Actor) -> Option<Self> {
        match actor {
            Actor::Customer(customer) => Some(customer),
            Actor::Admin(_) | Actor::Agent(_) | Actor::System(_) => None,
        }
    }
}

impl OfOneRole for helpdesk_domain::AdminActor {
    fn of(actor: Actor) -> Option<Self> {
        match actor {
            Actor::Admin(admin) => Some(admin),
            Actor::Agent(_) | Actor::Customer(_) | Actor::System(_) => None,
        }
    }
}

impl<A: OfOneRole> FromRequest for Caller<A> {
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
            if let (Some(context), Some(user)) = (context, caller.actor.id()) {
                context.is_called_by(user);
                // Before the role is looked at: calls that are not for one's role count like any other.
                if let Some(limiter) = &state.request_limiter {
                    let (standing, outcome) = limiter.count(user);
                    context.stands_at(standing);
                    outcome.map_err(ApiError::rate_limited)?;
                }
            }
            let actor = A::of(caller.actor).ok_or_else(|| ApiError::new(ErrorCode::Forbidden))?;
            Ok(Self { actor, made_by_guard: PhantomData })
        })
    }
}

//! `If-Match`

use std::convert::Infallible;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::IF_MATCH;
use actix_web::{FromRequest, HttpRequest};
use helpdesk_domain::Refusal;
use helpdesk_use_cases::UseCaseError;

use super::entity_tags::{self, EntityTags, Malformed};
use crate::entity_tag::version_of;
use crate::problem::{ApiError, ErrorCode, FieldError};

/// Stands for a tag that is none of ours: versions begin at 1, so that no ticket is at this one.
const NO_VERSION: i64 = 0;

/// What the caller expects of the ticket, as it was sent.
pub(crate) struct IfMatch(Option<Result<EntityTags, Malformed>>);

impl IfMatch {
    /// The versions that the caller expects. Unlike a cache's header, this one is never passed over: whoever sends it wants to be
    /// told.
    pub(crate) fn read(self) -> Result<ExpectedVersions, ApiError> {
        match self.0.transpose() {
            Ok(None | Some(EntityTags::Any)) => Ok(ExpectedVersions(None)),
            Ok(Some(EntityTags::These(tags))) => {
                // By strong comparison a weak tag matches nothing (RFC 9110, section 13.1.1).
                let version = |tag: &entity_tags::EntityTag| {
                    version_of(&tag.opaque).filter(|_| !tag.is_weak).unwrap_or(NO_VERSION)
                };
                Ok(ExpectedVersions(Some(tags.iter().map(version).collect())))
            }
            Err(Malformed) => {
                let said = "must be * or entity tags in double quotes, as the header ETag has them";
                let fault = FieldError::new(IF_MATCH.as_str(), "invalid_value", said);
                let error = ApiError::with_errors(ErrorCode::BadRequest, vec![fault]);
                Err(error.with_detail(format!("The header If-Match {said}.")))
            }
        }
    }
}

impl FromRequest for IfMatch {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(entity_tags::read(request.headers(), &IF_MATCH))))
    }
}

/// The versions of which the ticket is to be at one; any will do where the caller has not said.
pub(crate) struct ExpectedVersions(Option<Vec<i64>>);

impl ExpectedVersions {
    /// Acts on the ticket if it is at one of these. A use case expects one version at most, and says at which one the ticket is
    /// instead; if that is among those expected, it is the next to try. Versions only rise, so this ends.
    pub(crate) async fn act<T>(
        &self,
        act: impl AsyncFn(Option<i64>) -> Result<T, UseCaseError>,
    ) -> Result<T, UseCaseError> {
        let Some(versions) = &self.0 else {
            return act(None).await;
        };
        let mut seen = versions.iter().copied().min().unwrap_or(NO_VERSION);
        loop {
            match act(Some(seen)).await {
                Err(UseCaseError::Refused(Refusal::VersionMismatch { current }))
                    if current > seen && versions.contains(&current) =>
                {
                    seen = current;
                }
                outcome => return outcome,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    /// What comes of acting on a ticket that is at these versions, one after the other, and what was tried.
    async fn acted(expected: Option<&[i64]>, at: &[i64]) -> (Result<(), UseCaseError>, Vec<Option<i64>>) {
        let tried = RefCell::new(Vec::new());
        let expected = ExpectedVersions(expected.map(<[i64]>::to_vec));
        let outcome = expected
            .act(async |seen| {
                let current = at[tried.borrow().len().min(at.len() - 1)];
                tried.borrow_mut().push(seen);
                match seen {
                    Some(seen) if seen != current => Err(Refusal::VersionMismatch { current }.into()),
                    _ => Ok(()),
                }
            })
            .await;
        (outcome, tried.into_inner())
    }

    #[tokio::test]
    async fn one_of_the_versions_is_enough() {
        let old = |current| Err(Refusal::VersionMismatch { current }.into());
        assert_eq!(acted(None, &[9]).await, (Ok(()), vec![None]));
        assert_eq!(acted(Some(&[9]), &[9]).await, (Ok(()), vec![Some(9)]));
        assert_eq!(acted(Some(&[8]), &[9]).await, (old(9), vec![Some(8)]));
        assert_eq!(acted(Some(&[9, 0, 7]), &[9]).await, (Ok(()), vec![Some(0), Some(9)]));
        assert_eq!(acted(Some(&[10, 7]), &[9]).await, (old(9), vec![Some(7)]));
        // It moved on meanwhile.
        assert_eq!(acted(Some(&[7, 8, 9]), &[8, 9]).await, (Ok(()), vec![Some(7), Some(8), Some(9)]));
        assert_eq!(acted(Some(&[7, 8]), &[8, 9]).await, (old(9), vec![Some(7), Some(8)]));
    }
}

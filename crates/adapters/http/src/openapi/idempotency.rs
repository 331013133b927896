//! `Idempotency-Key`, as operations document it.

use utoipa::IntoParams;

/// What an operation that creates takes; this type only documents it.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "documents the header, which is read from the request by hand")]
pub(crate) struct IdempotencyKeyParam {
    /// A name for this request, such as a random UUID. Sent again with the same name within 24 hours, the request is not done again:
    /// the answer is the one that it had, with `Idempotency-Replayed: true`. Another request with the name is 422.
    #[param(
        rename = "Idempotency-Key",
        value_type = String,
        required = false,
        nullable = false,
        min_length = 1,
        max_length = 64,
        pattern = "^[!-~]{1,64}$"
    )]
    idempotency_key: Option<String>,
}

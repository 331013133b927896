//! What a token says, in its JSON form.

use helpdesk_domain::{Role, Ts, UserId};
use helpdesk_ports::AccessClaims;
use serde::{Deserialize, Serialize};

use super::{AUDIENCE, ISSUER, LEEWAY};

/// Every claim is required, and of exactly this type: a time is a whole number of seconds since 1970, never a text, a
/// fraction or negative. Claims that are not known here are ignored, so that a later version may add some.
#[derive(Serialize, Deserialize)]
pub(super) struct Claims {
    iss: String,
    aud: String,
    sub: String,
    user_id: i64,
    role: String,
    sid: String,
    ver: i64,
    iat: u64,
    nbf: u64,
    exp: u64,
    jti: String,
}

impl Claims {
    /// The claims with this id; `None` for times before 1970. Times lose their fractions of a second: a token ends up
    /// to a second early, never late.
    pub(super) fn of(claims: &AccessClaims, id: String) -> Option<Self> {
        let issued_at = u64::try_from(claims.issued_at.seconds()).ok()?;
        Some(Self {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: claims.user.to_string(),
            user_id: claims.user.get(),
            role: claims.role.as_str().to_owned(),
            sid: claims.session.to_string(),
            ver: claims.token_version,
            iat: issued_at,
            nbf: issued_at,
            exp: u64::try_from(claims.expires_at.seconds()).ok()?,
            jti: id,
        })
    }

    /// What they say, if they are well formed, say one thing, and hold at this moment.
    pub(super) fn valid_at(&self, now: Ts) -> Option<AccessClaims> {
        // The library takes a list that has us in it for an issuer or audience; the types above have ruled that out, and
        // this rules out what it may do one day.
        if self.iss != ISSUER || self.aud != AUDIENCE || self.jti.is_empty() {
            return None;
        }
        let user = UserId::new(self.user_id).ok()?;
        if self.sub.parse() != Ok(user) {
            return None;
        }
        let expires_at = moment(self.exp)?;
        // RFC 7519, sections 4.1.4 and 4.1.5: before `exp`, and not before `nbf`, give or take the leeway.
        if now >= expires_at.after(LEEWAY) || now.after(LEEWAY) < moment(self.nbf)? {
            return None;
        }
        Some(AccessClaims {
            user,
            // The one spelling that we write; parsing a role would forgive others.
            role: Role::ALL.iter().copied().find(|role| role.as_str() == self.role)?,
            session: self.sid.parse().ok()?,
            token_version: self.ver,
            issued_at: moment(self.iat)?,
            expires_at,
        })
    }
}

fn moment(seconds: u64) -> Option<Ts> {
    let micros = i64::try_from(seconds).ok()?.checked_mul(1_000_000)?;
    Ts::from_micros(micros).ok()
}

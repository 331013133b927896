//! What an admin may ask of the lists of accounts and of what was done to them.

use helpdesk_domain::{Actor, AdminActor, AuditKind, Role, UserId};
use helpdesk_ports::{AuditFilter, AuditQuery, UserFilter, UserQuery, UserSearch};
use utoipa::IntoParams;

use super::cursor::{Binding, CursorCodec};
use super::list::PageParameters;
use super::pages::{ListAnswer, Pages};
use crate::extract::QueryString;
use crate::problem::ApiError;
use crate::representation::schema;

/// Parameters of the list of accounts; this type only documents them.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents the parameters, which are read from the query string by hand")]
pub(crate) struct UserListParams {
    /// How many items.
    #[param(minimum = 1, maximum = 100, default = 25)]
    limit: Option<u8>,
    /// The `next_cursor` of the page before, with the same filter.
    #[param(value_type = Option<schema::Cursor>)]
    cursor: Option<String>,
    /// Only accounts with this role.
    #[param(value_type = Option<schema::Role>)]
    role: Option<String>,
    /// Only accounts that may sign in, or only those that may not.
    is_active: Option<bool>,
    /// Only accounts whose name or e-mail address holds this text. ASCII letters match in either case, others as they are.
    #[param(min_length = 1, max_length = 100)]
    q: Option<String>,
}

/// Parameters of the audit trail; this type only documents them.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents the parameters, which are read from the query string by hand")]
pub(crate) struct AuditListParams {
    /// How many items.
    #[param(minimum = 1, maximum = 100, default = 25)]
    limit: Option<u8>,
    /// The `next_cursor` of the page before, with the same filter.
    #[param(value_type = Option<schema::Cursor>)]
    cursor: Option<String>,
    /// Only what this account did.
    #[param(value_type = Option<schema::Id>)]
    actor_id: Option<i64>,
    /// Only what is of this kind.
    #[param(value_type = Option<schema::AuditKind>)]
    kind: Option<String>,
}

fn parse_flag(text: &str) -> Result<bool, &'static str> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err("must be true or false"),
    }
}

/// A list of accounts, as asked for.
pub(crate) struct UserList<'a> {
    pub(crate) query: UserQuery,
    pub(crate) answer: ListAnswer<'a>,
}

impl<'a> UserList<'a> {
    pub(crate) fn read(
        query: &QueryString,
        caller: AdminActor,
        codec: &'a CursorCodec,
    ) -> Result<Self, ApiError> {
        let mut query = query.read()?;
        let page = PageParameters::take(&mut query);
        let filter = UserFilter {
            role: query.take("role", str::parse::<Role>),
            is_active: query.take("is_active", parse_flag),
            text: query.take("q", UserSearch::parse),
        };
        let query = query.finish()?;

        let pages = Pages::new(codec, Binding::users(Actor::from(caller), &filter));
        let page = page.open(&pages)?;
        Ok(Self { query: UserQuery { filter, page }, answer: ListAnswer::new(pages, query) })
    }
}

/// A part of the audit trail, as asked for.
pub(crate) struct AuditList<'a> {
    pub(crate) query: AuditQuery,
    pub(crate) answer: ListAnswer<'a>,
}

impl<'a> AuditList<'a> {
    pub(crate) fn read(
        query: &QueryString,
        caller: AdminActor,
        codec: &'a CursorCodec,
    ) -> Result<Self, ApiError> {
        let mut query = query.read()?;
        let page = PageParameters::take(&mut query);
        let filter = AuditFilter {
            actor: query.take("actor_id", str::parse::<UserId>),
            kind: query.take("kind", str::parse::<AuditKind>),
        };
        let query = query.finish()?;

        let pages = Pages::new(codec, Binding::audit(Actor::from(caller), &filter));
        let page = page.open(&pages)?;
        Ok(Self { query: AuditQuery { filter, page }, answer: ListAnswer::new(pages, query) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use helpdesk_ports::StoreSecret;

    fn admin() -> AdminActor {
        AdminActor::new(UserId::new(1).unwrap())
    }

    fn codec() -> CursorCodec {
        CursorCodec::new(&StoreSecret([1; 32]))
    }

    fn users(raw: &str) -> Result<UserQuery, &'static str> {
        UserList::read(&QueryString::of(raw), admin(), &codec())
            .map(|list| list.query)
            .map_err(|error| error.code().as_str())
    }

    fn audit(raw: &str) -> Result<AuditQuery, &'static str> {
        AuditList::read(&QueryString::of(raw), admin(), &codec())
            .map(|list| list.query)
            .map_err(|error| error.code().as_str())
    }

    #[test]
    fn filters_of_accounts_are_understood() {
        assert_eq!(users(""), Ok(UserQuery::default()));
        let filter = users("role=Agent&is_active=false&q=%20LoVe%25").unwrap().filter;
        assert_eq!((filter.role, filter.is_active), (Some(Role::Agent), Some(false)));
        assert_eq!(filter.text, UserSearch::parse("love%").ok());
        assert_eq!(users("is_active=true").unwrap().filter.is_active, Some(true));
    }

    #[test]
    fn filters_of_the_trail_are_understood() {
        assert_eq!(audit(""), Ok(AuditQuery::default()));
        let filter = audit("actor_id=7&kind=team-created").unwrap().filter;
        assert_eq!((filter.actor, filter.kind), (UserId::new(7).ok(), Some(AuditKind::TeamCreated)));
    }

    #[test]
    fn bad_values_are_refused() {
        let long = format!("q={}", "x".repeat(101));
        for raw in [
            "role=",
            "role=root",
            "role=agent,admin",
            "is_active=",
            "is_active=True",
            "is_active=1",
            "q=",
            "q=%20",
            "q=a%00",
            "role=agent&role=agent",
            "status=open",
            "sort=id",
            &long,
        ] {
            assert_eq!(users(raw), Err("invalid_query"), "{raw}");
        }
        for raw in ["actor_id=0", "actor_id=07", "actor_id=", "actor_id=x", "kind=", "kind=all", "q=x"] {
            assert_eq!(audit(raw), Err("invalid_query"), "{raw}");
        }
    }

    #[test]
    fn a_cursor_is_bound_to_its_filter() {
        let filter = UserFilter { role: Some(Role::Agent), ..UserFilter::default() };
        let id = UserId::new(5).unwrap();
        let cursor = codec().seal(&Binding::users(admin().into(), &filter), &id);
        assert_eq!(users(&format!("role=agent&limit=1&cursor={cursor}")).unwrap().page.after, Some(id));
        for other in ["", "role=admin&", "role=agent&is_active=true&", "role=agent&q=x&"] {
            assert_eq!(users(&format!("{other}cursor={cursor}")), Err("invalid_cursor"), "{other}");
        }
    }
}

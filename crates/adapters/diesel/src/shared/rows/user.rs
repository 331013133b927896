use diesel::dsl::IsNotNull;
use diesel::prelude::*;
use helpdesk_domain::{Email, PersonName, User, UserId, UserRecord};
use helpdesk_ports::StoreError;

use super::Origin;

use super::super::StoredTs;
use super::super::dialect::Db;
use super::super::schema::users;

#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = users, check_for_backend(Db))]
pub(in super::super) struct UserRow {
    pub(super) id: i64,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) role: String,
    pub(super) is_active: bool,
    #[diesel(
        select_expression = users::password_hash.is_not_null(),
        select_expression_type = IsNotNull<users::password_hash>
    )]
    pub(super) has_password: bool,
    pub(super) version: i64,
    pub(super) token_version: i64,
    pub(super) created_at: StoredTs,
    pub(super) updated_at: StoredTs,
}

impl TryFrom<UserRow> for User {
    type Error = StoreError;

    fn try_from(row: UserRow) -> Result<Self, StoreError> {
        let origin = Origin::new("users", row.id);
        Ok(Self::from_stored(UserRecord {
            id: origin.id("id", row.id, UserId::new)?,
            role: origin.word("role", &row.role)?,
            is_active: row.is_active,
            has_password: row.has_password,
            version: row.version,
            token_version: row.token_version,
            created_at: origin.ts("created_at", row.created_at)?,
            updated_at: origin.ts("updated_at", row.updated_at)?,
            email: Email::from_stored(row.email),
            name: PersonName::from_stored(row.name),
        }))
    }
}

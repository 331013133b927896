//! `helpdesk user list`

use std::io::{self, Write};

use helpdesk_domain::{User, UserRecord};
use helpdesk_ports::{Limit, PageRequest, UserFilter, UserQuery, UserSearch};

use super::{OPERATOR, input, with_accounts};
use crate::cli::ListArgs;
use crate::config::StoreLocation;
use crate::error::AppError;
use crate::store;

pub(super) fn run(args: &ListArgs) -> Result<(), AppError> {
    let text = args.search.as_deref().map(UserSearch::parse).transpose();
    let text = text.map_err(|error| input("--search", &error))?;
    let filter = UserFilter { role: args.role, is_active: args.active, text };
    let limit = Limit::new(u64::from(Limit::MAX)).unwrap_or_default();
    // Read to the end before anything is written: whoever reads the output slowly holds nothing up.
    let stores = store::open_existing(&StoreLocation::from_args(&args.store)?)?;
    let users = with_accounts(&stores, async |accounts| {
        let mut users: Vec<User> = Vec::new();
        let mut after = None;
        loop {
            let page = PageRequest { limit, after };
            let query = UserQuery { filter: filter.clone(), page };
            let mut page = accounts.list(OPERATOR, query).await?;
            users.append(&mut page.items);
            after = page.next;
            if after.is_none() {
                return Ok(users);
            }
        }
    })?;
    match print(&users, &mut io::stdout().lock()) {
        // Whoever reads, such as `head`, has read enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => {
            written.map_err(|source| AppError::Io { what: "cannot write the accounts".to_owned(), source })
        }
    }
}

fn print(users: &[User], out: &mut impl Write) -> io::Result<()> {
    let records = || users.iter().map(User::record);
    let ids = records().map(|record| record.id.to_string().len()).max().unwrap_or(0);
    let emails = records().map(|record| record.email.as_str().len()).max().unwrap_or(0);
    for record in records() {
        let UserRecord { id, role, email, name, .. } = record;
        let state = state(record);
        // Words have a width of their own, texts of others do not pad.
        let (role, email) = (role.as_str(), email.as_str());
        writeln!(out, "{id:>ids$}  {role:<8}  {state:<8}  {email:<emails$}  {name}", id = id.get())?;
    }
    Ok(())
}

const fn state(record: &UserRecord) -> &'static str {
    match (record.is_active, record.has_password) {
        (false, _) => "disabled",
        (true, false) => "invited",
        (true, true) => "active",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use helpdesk_domain::{Email, PersonName, Role, Ts, UserId};

    #[test]
    fn an_account_is_one_line() {
        let user = |id, email: &str, is_active, has_password| {
            User::from_stored(UserRecord {
                id: UserId::new(id).unwrap(),
                email: Email::parse(email).unwrap(),
                name: PersonName::parse("Ada Lovelace").unwrap(),
                role: Role::Agent,
                is_active,
                has_password,
                version: 1,
                token_version: 1,
                created_at: Ts::EPOCH,
                updated_at: Ts::EPOCH,
            })
        };
        let users = [
            user(9, "ada@example.com", true, true),
            user(10, "b@example.com", true, false),
            user(11, "c@example.com", false, false),
        ];
        let mut text = Vec::new();
        print(&users, &mut text).unwrap();
        assert_eq!(
            String::from_utf8(text).unwrap(),
            " 9  agent     active    ada@example.com  Ada Lovelace\n\
             10  agent     invited   b@example.com    Ada Lovelace\n\
             11  agent     disabled  c@example.com    Ada Lovelace\n"
        );
    }
}

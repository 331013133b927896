//! `helpdesk user …`

use std::io::BufRead as _;

use helpdesk_domain::{Email, NewPassword, NewUser, PersonName, SystemActor};
use helpdesk_use_cases::Accounts;

use crate::cli::CreateUserArgs;
use crate::config::StoreLocation;
use crate::error::AppError;
use crate::store;
use crate::wiring::Environment;

pub(crate) fn create(args: &CreateUserArgs) -> Result<(), AppError> {
    let input = |what: &str, error: &dyn std::fmt::Display| AppError::Input(format!("{what} {error}"));
    let email = Email::parse(&args.email).map_err(|error| input("--email", &error))?;
    let name = PersonName::parse(&args.name).map_err(|error| input("--name", &error))?;
    let password =
        NewPassword::parse(&read_password()?, &email).map_err(|error| input("the password", &error))?;

    let location = StoreLocation::from_args(&args.store)?;
    let stores = store::open(&location)?;
    let environment = Environment::real()?;
    let accounts = Accounts::new(stores.users, environment.passwords, environment.clock);
    let new = NewUser { email, name, role: args.role };
    let by = SystemActor::outside_any_request().into();
    let user = actix_web::rt::System::new()
        .block_on(accounts.create(&by, new, password))
        .map_err(|error| AppError::Input(error.to_string()))?;
    println!("Made {} {} with id {}.", user.role(), user.record().email, user.id());
    Ok(())
}

/// The first line of standard input, without its end.
fn read_password() -> Result<String, AppError> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|source| AppError::Io {
        what: "cannot read the password from standard input".to_owned(),
        source,
    })?;
    let password = line.strip_suffix('\n').unwrap_or(&line);
    Ok(password.strip_suffix('\r').unwrap_or(password).to_owned())
}

//! `helpdesk user …`: what the operator does with accounts, beside a running server or without one. A server on the same store
//! sees it within a second.

mod list;

use std::io::{BufRead as _, Write as _};

use helpdesk_domain::{
    Email, NewPassword, NewUser, PasswordError, PersonName, Refusal, SystemActor, User, UserPatch, UserRecord,
};
use helpdesk_ports::Stores;
use helpdesk_use_cases::{Accounts, InvitationToken, UseCaseError};

use crate::cli::{CreateArgs, OneUserArgs, SetPasswordArgs, UserCommand};
use crate::config::StoreLocation;
use crate::error::AppError;
use crate::store;
use crate::wiring::Environment;

/// Whoever can run the program on the store's data.
const OPERATOR: SystemActor = SystemActor::outside_any_request();

pub(crate) fn run(command: &UserCommand) -> Result<(), AppError> {
    match command {
        UserCommand::Create(args) => create(args),
        UserCommand::List(args) => list::run(args),
        UserCommand::SetPassword(args) => set_password(args),
        UserCommand::Disable(args) => set_active(args, false),
        UserCommand::Enable(args) => set_active(args, true),
    }
}

fn create(args: &CreateArgs) -> Result<(), AppError> {
    let email = parse_email(&args.email)?;
    let name = PersonName::parse(&args.name).map_err(|error| input("--name", &error))?;
    let password = if args.credential.password_stdin {
        Some(NewPassword::parse(&read_password()?, &email).map_err(bad_password)?)
    } else {
        None
    };
    let new = NewUser { email, name, role: args.role, teams: None };
    let stores = store::open(&StoreLocation::from_args(&args.store)?)?;
    let made = with_accounts(&stores, async |accounts| accounts.create(OPERATOR, new, password).await)?;
    let UserRecord { id, role, email, .. } = made.user.record();
    let made_it = format!("Made {role} {email} with id {id}.");
    match made.invitation {
        Some(invitation) => say(&format!("{made_it}\n{}", how_to_accept(&invitation))),
        None => say(&made_it),
    }
}

fn how_to_accept(invitation: &InvitationToken) -> String {
    let InvitationToken { token, expires_at } = invitation;
    format!(
        "To choose a password, until {expires_at}:\n  POST /invitations/accept {{\"token\": \"{token}\", \"password\": \"…\"}}"
    )
}

/// Tells what was done. That it cannot be told is an error all the same: what was done stays done.
fn say(text: &str) -> Result<(), AppError> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).map_err(|source| AppError::Io {
        what: "it is done, but the answer cannot be written".to_owned(),
        source,
    })
}

fn set_password(args: &SetPasswordArgs) -> Result<(), AppError> {
    if args.credential.invite {
        let (user, invitation) =
            with_user(&args.user, async |accounts, user| accounts.reset_password(OPERATOR, user.id()).await)?;
        let email = &user.record().email;
        let done = format!("{email} has no password any more; its sessions have ended.");
        return say(&format!("{done}\n{}", how_to_accept(&invitation)));
    }
    let password = read_password()?;
    let user = with_user(&args.user, async |accounts, user| {
        accounts.set_password(OPERATOR, user.id(), &password).await
    })?;
    say(&format!("{} has another password; its sessions have ended.", user.record().email))
}

fn set_active(args: &OneUserArgs, is_active: bool) -> Result<(), AppError> {
    let patch = UserPatch { is_active: Some(is_active), ..UserPatch::default() };
    let user = with_user(args, async |accounts, user| accounts.update(OPERATOR, user.id(), patch).await)?;
    let can = if is_active { "may sign in" } else { "may not sign in any more" };
    say(&format!("{} {can}.", user.record().email))
}

/// Does something with the accounts of a store.
fn with_accounts<T>(
    stores: &Stores,
    work: impl AsyncFnOnce(&Accounts) -> Result<T, UseCaseError>,
) -> Result<T, AppError> {
    let accounts = Environment::real()?.accounts(stores);
    let result = actix_web::rt::System::new().block_on(work(&accounts));
    stores.admin.close();
    result.map_err(explain)
}

/// The same with one account, which must be there.
fn with_user<T>(
    args: &OneUserArgs,
    work: impl AsyncFnOnce(&Accounts, User) -> Result<T, UseCaseError>,
) -> Result<T, AppError> {
    let email = parse_email(&args.email)?;
    let stores = store::open_existing(&StoreLocation::from_args(&args.store)?)?;
    with_accounts(&stores, async |accounts| {
        let user = accounts.find_by_email(OPERATOR, email).await?;
        work(accounts, user).await
    })
}

fn explain(error: UseCaseError) -> AppError {
    match error {
        UseCaseError::Refused(Refusal::NotVisible) => {
            AppError::Input("no account has this e-mail address".to_owned())
        }
        UseCaseError::Refused(Refusal::NewPassword(error)) => bad_password(error),
        UseCaseError::Store(error) => error.into(),
        other => AppError::Input(other.to_string()),
    }
}

fn input(what: &str, error: &dyn std::fmt::Display) -> AppError {
    AppError::Input(format!("{what} {error}"))
}

fn bad_password(error: PasswordError) -> AppError {
    input("the password", &error)
}

fn parse_email(raw: &str) -> Result<Email, AppError> {
    Email::parse(raw).map_err(|error| input("--email", &error))
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

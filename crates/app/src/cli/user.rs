//! What `user` takes.

use clap::{Args, Subcommand};
use helpdesk_domain::Role;

use super::StoreArgs;

#[derive(Subcommand)]
pub(crate) enum UserCommand {
    /// Make an account; the first admin is made so
    Create(CreateArgs),
    /// Show accounts, one a line: id, role, state, e-mail address, name
    List(ListArgs),
    /// Give an account another password, or invite its owner to choose one; all its sessions end
    SetPassword(SetPasswordArgs),
    /// Keep an account from signing in; its sessions end, and an agent's open tickets go back to their teams' queues
    Disable(OneUserArgs),
    /// Let a disabled account sign in again
    Enable(OneUserArgs),
}

#[derive(Args)]
pub(crate) struct CreateArgs {
    #[command(flatten)]
    pub(crate) store: StoreArgs,

    /// The e-mail address to sign in with
    #[arg(long)]
    pub(crate) email: String,

    /// The name that others see
    #[arg(long)]
    pub(crate) name: String,

    /// What the account may do: admin, agent or customer
    #[arg(long)]
    pub(crate) role: Role,

    #[command(flatten)]
    pub(crate) credential: CredentialArgs,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct CredentialArgs {
    /// Read the password from standard input, up to the end of the first line (arguments can be seen by others)
    #[arg(long)]
    pub(crate) password_stdin: bool,

    /// Give no password: print a token with which its owner chooses one within 24 hours
    #[arg(long)]
    pub(crate) invite: bool,
}

#[derive(Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub(crate) store: StoreArgs,

    /// Only accounts with this role
    #[arg(long)]
    pub(crate) role: Option<Role>,

    /// Only accounts that may sign in (true), or only those that are disabled (false)
    #[arg(long, value_name = "true|false")]
    pub(crate) active: Option<bool>,

    /// Only accounts with this text in the name or the e-mail address
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<String>,
}

#[derive(Args)]
pub(crate) struct OneUserArgs {
    #[command(flatten)]
    pub(crate) store: StoreArgs,

    /// The account's e-mail address
    #[arg(long)]
    pub(crate) email: String,
}

#[derive(Args)]
pub(crate) struct SetPasswordArgs {
    #[command(flatten)]
    pub(crate) user: OneUserArgs,

    #[command(flatten)]
    pub(crate) credential: CredentialArgs,
}

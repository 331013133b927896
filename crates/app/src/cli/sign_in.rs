//! What `serve` takes about signing in.

use clap::Args;

#[derive(Args)]
#[command(next_help_heading = "Options about signing in")]
pub(crate) struct SignInArgs {
    /// Wrong passwords for one account from one address: so many at once, and so many a minute; or off [default: 5/5]
    #[arg(long, env = "HELPDESK_SIGN_IN_LIMIT_PAIR", value_name = "BURST/PER_MINUTE")]
    pub(crate) sign_in_limit_pair: Option<String>,

    /// Wrong passwords from one address (of IPv6: from one /64 network), for whatever account; or off [default: 30/30]
    #[arg(long, env = "HELPDESK_SIGN_IN_LIMIT_ADDRESS", value_name = "BURST/PER_MINUTE")]
    pub(crate) sign_in_limit_address: Option<String>,

    /// Wrong passwords for one account, from wherever; past it, only addresses that signed in to it lately may try; or off
    /// [default: 50/20]
    #[arg(long, env = "HELPDESK_SIGN_IN_LIMIT_ACCOUNT", value_name = "BURST/PER_MINUTE")]
    pub(crate) sign_in_limit_account: Option<String>,

    /// Whether anyone may make a customer's account of their own (POST /register). It tells who asks which addresses have
    /// an account [default: off]
    #[arg(long, env = "HELPDESK_REGISTRATION", value_name = "on|off")]
    pub(crate) registration: Option<String>,

    /// Accounts registered from one address; or off [default: 5/5]
    #[arg(long, env = "HELPDESK_REGISTRATION_LIMIT", value_name = "BURST/PER_MINUTE")]
    pub(crate) registration_limit: Option<String>,
}

//! What `serve` takes about signing in.

use std::str::FromStr;

use clap::{Args, ValueEnum};
use helpdesk_domain::{Allowance, AllowanceError, SignInLimits};
use helpdesk_use_cases::Settings;

/// How often something may be tried: `BURST/PER_MINUTE`, or `off`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limit(Option<Allowance>);

impl FromStr for Limit {
    type Err = AllowanceError;

    fn from_str(text: &str) -> Result<Self, AllowanceError> {
        if text == "off" { Ok(Self(None)) } else { text.parse().map(|allowance| Self(Some(allowance))) }
    }
}

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Switch {
    On,
    Off,
}

#[derive(Args)]
#[command(next_help_heading = "Options about signing in")]
pub(crate) struct SignInArgs {
    /// Wrong passwords for one account from one address: so many at once, and so many a minute; or off
    #[arg(long, env = "HELPDESK_SIGN_IN_LIMIT_PAIR", value_name = "BURST/PER_MINUTE", default_value = "5/5")]
    sign_in_limit_pair: Limit,

    /// Wrong passwords from one address (of IPv6: from one /64 network), for whatever account; or off
    #[arg(
        long,
        env = "HELPDESK_SIGN_IN_LIMIT_ADDRESS",
        value_name = "BURST/PER_MINUTE",
        default_value = "30/30"
    )]
    sign_in_limit_address: Limit,

    /// Wrong passwords for one account, from wherever; past it, only addresses that signed in to it lately may try; or off
    #[arg(
        long,
        env = "HELPDESK_SIGN_IN_LIMIT_ACCOUNT",
        value_name = "BURST/PER_MINUTE",
        default_value = "50/20"
    )]
    sign_in_limit_account: Limit,

    /// Whether anyone may make a customer's account of their own (POST /register). It tells who asks which addresses have
    /// an account
    #[arg(long, env = "HELPDESK_REGISTRATION", value_name = "on|off", default_value = "off")]
    registration: Switch,

    /// Accounts registered from one address; or off
    #[arg(long, env = "HELPDESK_REGISTRATION_LIMIT", value_name = "BURST/PER_MINUTE", default_value = "5/5")]
    registration_limit: Limit,
}

impl SignInArgs {
    pub(crate) fn limits(&self) -> SignInLimits {
        SignInLimits {
            pair: self.sign_in_limit_pair.0,
            network: self.sign_in_limit_address.0,
            account: self.sign_in_limit_account.0,
            registrations: self.registration_limit.0,
        }
    }

    pub(crate) fn settings(&self) -> Settings {
        Settings { registration_is_open: self.registration == Switch::On }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Only {
        #[command(flatten)]
        sign_in: SignInArgs,
    }

    fn parse(options: &[&str]) -> Result<SignInArgs, clap::Error> {
        Only::try_parse_from(["helpdesk"].iter().chain(options)).map(|only| only.sign_in)
    }

    #[test]
    fn the_defaults_are_those_of_the_rules() {
        let args = parse(&[]).unwrap();
        assert_eq!(args.limits(), SignInLimits::default());
        assert_eq!(args.settings(), Settings::default());
    }

    #[test]
    fn each_limit_can_be_set_and_switched_off() {
        let args =
            parse(&["--sign-in-limit-pair", "off", "--sign-in-limit-account=100/1", "--registration=on"]);
        let args = args.unwrap();
        assert_eq!(args.limits().pair, None);
        assert_eq!(args.limits().account, Some("100/1".parse().unwrap()));
        assert!(args.settings().registration_is_open);
        for bad in ["5", "0/5", "OFF", "5/", ""] {
            assert!(parse(&["--sign-in-limit-pair", bad]).is_err(), "{bad}");
        }
    }
}

//! What is set on the command line or in the environment, read. An empty setting is none, which is how some tools say it.

use std::str::FromStr;
use std::time::Duration;

use helpdesk_domain::{Allowance, SignInLimits};
use helpdesk_http::HttpConfig;
use helpdesk_use_cases::Settings;

use crate::cli::{ServeArgs, SignInArgs};
use crate::error::AppError;

/// The settings of the HTTP interface.
pub(crate) fn http(args: &ServeArgs) -> Result<HttpConfig, AppError> {
    Ok(HttpConfig {
        trusted_proxies: parse("HELPDESK_TRUSTED_PROXIES", args.trusted_proxies.as_deref())?
            .unwrap_or_default(),
        allowed_origins: parse("HELPDESK_CORS_ORIGINS", args.cors_origins.as_deref())?.unwrap_or_default(),
        compression: parse("HELPDESK_COMPRESSION", args.compression.as_deref())? == Some(Switch::On),
        request_limit: limit("HELPDESK_REQUEST_LIMIT", args.request_limit.as_deref(), None)?,
        ..HttpConfig::default()
    })
}

/// How often passwords may be guessed.
pub(crate) fn sign_in_limits(args: &SignInArgs) -> Result<SignInLimits, AppError> {
    let usual = SignInLimits::default();
    let of = |name, text: &Option<String>, usual| limit(name, text.as_deref(), usual);
    Ok(SignInLimits {
        pair: of("HELPDESK_SIGN_IN_LIMIT_PAIR", &args.sign_in_limit_pair, usual.pair)?,
        network: of("HELPDESK_SIGN_IN_LIMIT_ADDRESS", &args.sign_in_limit_address, usual.network)?,
        account: of("HELPDESK_SIGN_IN_LIMIT_ACCOUNT", &args.sign_in_limit_account, usual.account)?,
        registrations: of("HELPDESK_REGISTRATION_LIMIT", &args.registration_limit, usual.registrations)?,
    })
}

/// The settings of the use cases.
pub(crate) fn use_cases(args: &ServeArgs) -> Result<Settings, AppError> {
    let switch: Option<Switch> = parse("HELPDESK_REGISTRATION", args.sign_in.registration.as_deref())?;
    let days = args.close_resolved_after_days.as_deref();
    let Days(days) = parse("HELPDESK_CLOSE_RESOLVED_AFTER_DAYS", days)?.unwrap_or(CLOSE_RESOLVED_AFTER);
    Ok(Settings {
        registration_is_open: switch == Some(Switch::On),
        close_resolved_after: (days > 0).then(|| Duration::from_secs(u64::from(days) * SECONDS_A_DAY)),
    })
}

/// A number of days; more than a hundred years of them are a slip of the hand.
#[derive(Clone, Copy)]
struct Days(u16);

/// How long a resolved ticket stays so unless it is said otherwise.
const CLOSE_RESOLVED_AFTER: Days = Days(7);
const SECONDS_A_DAY: u64 = 24 * 60 * 60;

impl FromStr for Days {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        let days = text.parse().ok().filter(|&days| days <= 36_500 && !text.starts_with('+'));
        days.map(Self).ok_or("must be a number of days, at most 36500, or 0 for never")
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Switch {
    On,
    Off,
}

impl FromStr for Switch {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "on" => Ok(Self::On),
            "off" => Ok(Self::Off),
            _ => Err("must be on or off"),
        }
    }
}

fn limit(
    name: &'static str,
    text: Option<&str>,
    usual: Option<Allowance>,
) -> Result<Option<Allowance>, AppError> {
    if text.is_some_and(|text| text.trim() == "off") {
        return Ok(None);
    }
    Ok(parse(name, text)?.or(usual))
}

fn parse<T: FromStr>(name: &'static str, text: Option<&str>) -> Result<Option<T>, AppError>
where
    T::Err: ToString,
{
    let given = text.map(str::trim).filter(|text| !text.is_empty());
    given
        .map(str::parse)
        .transpose()
        .map_err(|error: T::Err| AppError::Setting { name, reason: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Cli, Command};
    use clap::Parser as _;

    fn args(arguments: &[&str]) -> ServeArgs {
        let cli = Cli::try_parse_from([&["helpdesk", "serve"], arguments].concat()).unwrap();
        let Command::Serve(args) = cli.command else { panic!("another command") };
        *args
    }

    #[test]
    fn nothing_is_trusted_or_limited_unless_it_is_said() {
        for none in [&[][..], &["--trusted-proxies", "", "--request-limit", " "], &["--request-limit", "off"]]
        {
            let settings = http(&args(none)).unwrap();
            assert_eq!(settings.trusted_proxies, "".parse().unwrap());
            assert_eq!(settings.request_limit, None);
        }
        let settings =
            http(&args(&["--trusted-proxies", "10.0.0.0/8,::1", "--request-limit", "100/600"])).unwrap();
        assert_eq!(settings.trusted_proxies, "10.0.0.0/8, ::1".parse().unwrap());
        assert_eq!(settings.request_limit, "100/600".parse().ok());
    }

    #[test]
    fn no_page_is_let_in_and_nothing_compressed_unless_it_is_said() {
        for none in [&[][..], &["--cors-origins", " ", "--compression", ""], &["--compression", "off"]] {
            let settings = http(&args(none)).unwrap();
            assert_eq!(settings.allowed_origins, "".parse().unwrap());
            assert!(!settings.compression);
        }
        let origins = "https://desk.example.com,http://localhost:5173";
        let settings = http(&args(&["--cors-origins", origins, "--compression=on"])).unwrap();
        assert_eq!(settings.allowed_origins, origins.parse().unwrap());
        assert!(settings.compression);
    }

    #[test]
    fn guessing_is_limited_unless_it_is_said_otherwise() {
        for usual in [&[][..], &["--sign-in-limit-pair", "", "--registration", ""]] {
            let args = args(usual);
            assert_eq!(sign_in_limits(&args.sign_in).unwrap(), SignInLimits::default());
            assert!(!use_cases(&args).unwrap().registration_is_open);
        }
        let args =
            args(&["--sign-in-limit-pair", "off", "--sign-in-limit-account=100/1", "--registration=on"]);
        let limits = sign_in_limits(&args.sign_in).unwrap();
        assert_eq!((limits.pair, limits.account), (None, "100/1".parse().ok()));
        assert_eq!(limits.network, SignInLimits::default().network);
        assert!(use_cases(&args).unwrap().registration_is_open);
    }

    #[test]
    fn resolved_tickets_close_after_a_week_unless_it_is_said_otherwise() {
        let after = |arguments: &[&str]| use_cases(&args(arguments)).unwrap().close_resolved_after;
        let week = Some(Duration::from_hours(7 * 24));
        assert_eq!(after(&[]), week);
        assert_eq!(after(&["--close-resolved-after-days", " "]), week);
        assert_eq!(after(&["--close-resolved-after-days=1"]), Some(Duration::from_hours(24)));
        assert_eq!(after(&["--close-resolved-after-days=0"]), None);
    }

    #[test]
    fn nonsense_is_one_clear_line_that_names_the_variable() {
        let all = |args: &ServeArgs| -> Result<(), AppError> {
            http(args)?;
            sign_in_limits(&args.sign_in)?;
            use_cases(args).map(drop)
        };
        for (option, value, name) in [
            ("--trusted-proxies", "proxy.example.com", "HELPDESK_TRUSTED_PROXIES: "),
            ("--trusted-proxies", "10.0.0.1/8", "HELPDESK_TRUSTED_PROXIES: 10.0.0.1/8 is no network"),
            ("--cors-origins", "*", "HELPDESK_CORS_ORIGINS: \"*\" would let in"),
            ("--cors-origins", "https://desk.example.com/", "HELPDESK_CORS_ORIGINS: "),
            ("--compression", "gzip", "HELPDESK_COMPRESSION: must be on or off"),
            ("--request-limit", "100", "HELPDESK_REQUEST_LIMIT: must be BURST/PER_MINUTE"),
            ("--request-limit", "0/1", "HELPDESK_REQUEST_LIMIT: "),
            ("--sign-in-limit-pair", "OFF", "HELPDESK_SIGN_IN_LIMIT_PAIR: must be BURST/PER_MINUTE"),
            ("--sign-in-limit-address", "5", "HELPDESK_SIGN_IN_LIMIT_ADDRESS: "),
            ("--sign-in-limit-account", "0/5", "HELPDESK_SIGN_IN_LIMIT_ACCOUNT: "),
            ("--registration-limit", "5/", "HELPDESK_REGISTRATION_LIMIT: "),
            (
                "--close-resolved-after-days",
                "7d",
                "HELPDESK_CLOSE_RESOLVED_AFTER_DAYS: must be a number of days",
            ),
            ("--close-resolved-after-days", "-1", "HELPDESK_CLOSE_RESOLVED_AFTER_DAYS: "),
            ("--close-resolved-after-days", "0.5", "HELPDESK_CLOSE_RESOLVED_AFTER_DAYS: "),
            ("--close-resolved-after-days", "36501", "HELPDESK_CLOSE_RESOLVED_AFTER_DAYS: "),
            ("--registration", "yes", "HELPDESK_REGISTRATION: must be on or off"),
        ] {
            let line = all(&args(&[&format!("{option}={value}")])).unwrap_err().to_string();
            assert!(line.starts_with(name) && !line.contains('\n'), "{line}");
        }
    }
}

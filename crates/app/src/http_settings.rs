//! How the HTTP interface is set from the command line and the environment.

use std::str::FromStr;

use helpdesk_http::HttpConfig;

use crate::cli::ServeArgs;
use crate::error::AppError;

/// The settings of the HTTP interface. An empty one is none, which is how some tools say it.
pub(crate) fn from_args(args: &ServeArgs) -> Result<HttpConfig, AppError> {
    Ok(HttpConfig {
        trusted_proxies: parse("HELPDESK_TRUSTED_PROXIES", args.trusted_proxies.as_deref())?
            .unwrap_or_default(),
        request_limit: parse("HELPDESK_REQUEST_LIMIT", args.request_limit.as_deref())?,
        ..HttpConfig::default()
    })
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

    fn settings(arguments: &[&str]) -> Result<HttpConfig, AppError> {
        let cli = Cli::try_parse_from([&["helpdesk", "serve"], arguments].concat()).unwrap();
        let Command::Serve(args) = cli.command else { panic!("another command") };
        from_args(&args)
    }

    #[test]
    fn nothing_is_trusted_or_limited_unless_it_is_said() {
        for none in [&[][..], &["--trusted-proxies", "", "--request-limit", " "]] {
            let settings = settings(none).unwrap();
            assert_eq!(settings.trusted_proxies, "".parse().unwrap());
            assert_eq!(settings.request_limit, None);
        }
        let settings =
            settings(&["--trusted-proxies", "10.0.0.0/8,::1", "--request-limit", "100/600"]).unwrap();
        assert_eq!(settings.trusted_proxies, "10.0.0.0/8, ::1".parse().unwrap());
        assert_eq!(settings.request_limit, "100/600".parse().ok());
    }

    #[test]
    fn nonsense_is_one_clear_line_that_names_the_variable() {
        for (option, value, name) in [
            ("--trusted-proxies", "proxy.example.com", "HELPDESK_TRUSTED_PROXIES: "),
            ("--trusted-proxies", "10.0.0.1/8", "HELPDESK_TRUSTED_PROXIES: 10.0.0.1/8 is no network"),
            ("--request-limit", "100", "HELPDESK_REQUEST_LIMIT: must be BURST/PER_MINUTE"),
            ("--request-limit", "0/1", "HELPDESK_REQUEST_LIMIT: "),
        ] {
            let line = settings(&[option, value]).unwrap_err().to_string();
            assert!(line.starts_with(name) && !line.contains('\n'), "{line}");
        }
    }
}

//! The command line.

mod import;
mod sign_in;
mod user;

use clap::{Args, Parser, Subcommand, builder::NonEmptyStringValueParser};

pub(crate) use import::ImportArgs;
pub(crate) use sign_in::SignInArgs;
pub(crate) use user::{CreateArgs, ListArgs, OneUserArgs, SetPasswordArgs, UserCommand};

/// Lines of at most 80 characters: narrower terminals are rare, and clap would break longer ones anywhere.
macro_rules! variables {
    () => {
        "\
Each option that names a variable can be given either way. Three more variables
have no option:
  HELPDESK_JWT_SECRET
      What signs access tokens: at least 32 bytes that are hard to guess
      (openssl rand -base64 48), the same on every instance. With Postgres
      either this or the next is needed. With the embedded store a key is made
      if there is none, and kept beside the database for its owner alone.
  HELPDESK_JWT_SECRET_FILE
      A file that holds such secrets instead, one a line: the first signs, all
      verify. After a change, SIGHUP makes the server read it again, so that
      keys can be changed without a restart. Others must not be able to read it
      (mode 0600; if it belongs to root, its group may: 0640).
  RUST_LOG
      What is logged to standard error, such as warn or helpdesk_http=debug.
      [default: info]"
    };
}

const VARIABLES: &str = variables!();

const HELP: &str = concat!(
    "\
To look around, with accounts and tickets made up for it:
  helpdesk serve --demo

A first start in earnest, on the embedded store:
  printf '%s' 'a long password' | helpdesk user create --email admin@example.com \\
      --name Admin --role admin --password-stdin
  helpdesk serve
  curl -s http://127.0.0.1:8080/login -H 'Content-Type: application/json' \\
      -d '{\"email\": \"admin@example.com\", \"password\": \"a long password\"}'

",
    variables!()
);

/// A support-ticket backend: one binary, on an embedded store or on Postgres.
#[derive(Parser)]
#[command(name = "helpdesk", version, after_help = HELP, propagate_version = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Serve the HTTP API, after bringing the store's schema up to date
    #[command(after_help = VARIABLES)]
    Serve(Box<ServeArgs>),
    /// Bring the store's schema up to date, and do nothing else
    Migrate(StoreArgs),
    /// Import tickets that were exported, here or elsewhere
    #[command(after_help = import::ABOUT_IMPORT)]
    Import(ImportArgs),
    /// Print the OpenAPI document of the API, which a server has at `GET /openapi.json`
    Openapi,
    /// Run accounts from the command line
    #[command(subcommand)]
    User(UserCommand),
}

/// Which store.
#[derive(Args, Clone)]
pub(crate) struct StoreArgs {
    /// The store: `sqlite://PATH` (a relative path lies in the data directory) or `postgres://USER@HOST/NAME`
    #[arg(
        long,
        env = "DATABASE_URL",
        hide_env_values = true,
        value_name = "URL",
        default_value = "sqlite://helpdesk.db"
    )]
    pub(crate) database_url: String,

    /// The directory for what the help desk keeps in files; it is made if missing
    #[arg(long, env = "HELPDESK_DATA_DIR", value_name = "DIR", default_value = ".", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) data_dir: String,
}

#[derive(Args)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) store: StoreArgs,

    /// The address that serves the API; port 0 takes a free one and logs it
    #[arg(long, env = "HELPDESK_BIND", value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub(crate) bind: String,

    /// A second address, for operations alone: GET /metrics and /health; off unless given
    #[arg(long, env = "HELPDESK_MANAGEMENT_BIND", value_name = "ADDRESS")]
    pub(crate) management_bind: Option<String>,

    /// The proxies that are believed when they say in X-Forwarded-For where a request comes from: addresses and networks with
    /// commas in between, such as 10.0.0.0/8,192.0.2.7; none unless given
    #[arg(long, env = "HELPDESK_TRUSTED_PROXIES", value_name = "LIST")]
    pub(crate) trusted_proxies: Option<String>,

    /// The origins whose web pages may call the API from a browser, with commas in between, such as `https://desk.example.com`; none
    /// unless given
    #[arg(long, env = "HELPDESK_CORS_ORIGINS", value_name = "LIST")]
    pub(crate) cors_origins: Option<String>,

    /// Whether large answers are compressed for callers who take that; docs/operations.md says what it gives away [default: off]
    #[arg(long, env = "HELPDESK_COMPRESSION", value_name = "on|off")]
    pub(crate) compression: Option<String>,

    /// How many requests an account may make: so many at once, then so many a minute, such as 100/600; off unless given
    #[arg(long, env = "HELPDESK_REQUEST_LIMIT", value_name = "BURST/PER_MINUTE")]
    pub(crate) request_limit: Option<String>,

    /// After how many days a resolved ticket closes by itself; 0 is never [default: 7]
    #[arg(long, env = "HELPDESK_CLOSE_RESOLVED_AFTER_DAYS", value_name = "DAYS")]
    pub(crate) close_resolved_after_days: Option<String>,

    /// Serve a demo: an embedded store of its own (helpdesk-demo.db in the data directory) with accounts and tickets, and
    /// print who can sign in and what to try. On this machine's own addresses alone
    #[arg(long)]
    pub(crate) demo: bool,

    /// Make the demo's store new first
    #[arg(long, requires = "demo")]
    pub(crate) reset: bool,

    #[command(flatten)]
    pub(crate) sign_in: SignInArgs,
}

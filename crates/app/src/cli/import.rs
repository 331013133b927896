//! What `import` takes.

use clap::Args;

use super::StoreArgs;

/// Behind the options, in lines of at most 80 characters.
pub(crate) const ABOUT_IMPORT: &str = "\
The file is what GET /admin/export/tickets?format=ndjson gives: a JSON object a
line, a ticket and behind it its comments. Every line is checked; bad ones are
told of by number and left out, and the exit code says that there were some.

An import can be stopped at any moment and run again: what is there already is
not written twice, and what is missing is added. It goes by the ids that tickets
and comments have at their source, so that a later export of the same store adds
what is new. What has gone on here since, stays.

Accounts that are not here are made without a password, for an admin to invite;
an admin of the source becomes an agent. It runs beside a server, or without one.";

#[derive(Args)]
pub(crate) struct ImportArgs {
    /// The file, or - for standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: String,

    /// A name for where it comes from, by which ids are told apart; needed where the file does not begin with one, as exports do
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Option<String>,

    /// Check every line, and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,

    #[command(flatten)]
    pub(crate) store: StoreArgs,
}

//! `helpdesk import`

mod line;
mod lines;
mod progress;
mod report;
mod run;

pub(crate) use run::run;

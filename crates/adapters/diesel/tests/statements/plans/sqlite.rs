//! SQLite's plans.

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::plan::{Access, Path, Plan, columns};

#[derive(QueryableByName)]
struct Explained {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// How the statement runs. Its parameters are left open: as the library is built, their values change no plan.
pub(crate) fn explain(connection: &mut SqliteConnection, sql: &str) -> Plan {
    let steps: Vec<Explained> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}"))
        .load(connection)
        .unwrap_or_else(|e| panic!("{e}: {sql}"));
    let details: Vec<String> = steps.into_iter().map(|step| step.detail).collect();
    Plan {
        accesses: details.iter().filter_map(|detail| access(detail)).collect(),
        is_in_order: !details.iter().any(|detail| detail.starts_with("USE TEMP B-TREE")),
        text: format!("{sql}\n{details:#?}"),
    }
}

/// Reads such as `SEARCH tickets USING INDEX tickets_assignee (assignee_id=? AND rowid<?)`.
fn access(detail: &str) -> Option<Access> {
    let is_scan = detail.starts_with("SCAN ");
    let rest = detail.strip_prefix("SCAN ").or_else(|| detail.strip_prefix("SEARCH "))?;
    let name = rest.split(' ').next()?.to_owned();
    // `SCAN ticket_words VIRTUAL TABLE INDEX 0:M1`: an index of words, entered by a word.
    if let Some((_, entered)) = rest.split_once(" VIRTUAL TABLE INDEX ") {
        let is_by_word = entered.split_once(':').is_some_and(|(_, how)| how.starts_with('M'));
        let sought = if is_by_word { vec!["words".to_owned()] } else { Vec::new() };
        return Some(Access { path: Path::Index(name.clone()), name, sought });
    }
    let index = rest.split("INDEX ").nth(1).and_then(|rest| rest.split(' ').next());
    let path = match index {
        Some(index) => Path::Index(index.to_owned()),
        // Without an index the rows lie in the order of their ids, in which a list may want them.
        None => Path::PrimaryKey,
    };
    let condition = if is_scan { None } else { rest.split_once('(') };
    let sought = condition.map_or_else(Vec::new, |(_, condition)| columns(condition));
    Some(Access { name, path, sought })
}

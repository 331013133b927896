//! How the indexes of words are merged.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Integer;

use super::dialect::Conn;

const INDEXES: [&str; 3] = ["ticket_words", "public_comment_words", "internal_comment_words"];

/// How many pieces of one size an index has at least before FTS5 merges them bit by bit, as more is written. By itself it begins with
/// four, and merging took a tenth of what opening a ticket costs; a search looks into a few more pieces now.
const MERGED_FROM: i32 = 8;

/// Sets that for every index that has another. It stays in the file, but is no part of the schema: any version of this program may
/// choose its own.
pub(super) fn set(conn: &mut Conn) -> QueryResult<()> {
    for index in INDEXES {
        if merged_from(conn, index)? != Some(MERGED_FROM) {
            conn.batch_execute(&format!(
                "INSERT INTO {index} ({index}, rank) VALUES ('automerge', {MERGED_FROM})"
            ))?;
        }
    }
    Ok(())
}

/// What is set, if anything is.
fn merged_from(conn: &mut Conn, index: &str) -> QueryResult<Option<i32>> {
    #[derive(QueryableByName)]
    struct Setting {
        #[diesel(sql_type = Integer)]
        v: i32,
    }
    let setting = diesel::sql_query(format!("SELECT v FROM {index}_config WHERE k = 'automerge'"));
    Ok(setting.get_result::<Setting>(conn).optional()?.map(|setting| setting.v))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::connection::{self, Access};
    use crate::sqlite::migrate::migrate;

    #[test]
    fn it_is_set_in_new_files_and_in_old_ones() {
        let directory = tempfile::tempdir().unwrap();
        let url = connection::prepare_file(&directory.path().join("helpdesk.db")).unwrap();
        let assert_is_set = || {
            migrate(&url).unwrap();
            let mut conn = connection::connect(&url, Access::Write).unwrap();
            for index in INDEXES {
                assert_eq!(merged_from(&mut conn, index), Ok(Some(MERGED_FROM)), "{index}");
            }
            conn
        };
        let mut conn = assert_is_set();
        conn.batch_execute("INSERT INTO ticket_words (ticket_words, rank) VALUES ('automerge', 4)").unwrap();
        assert_eq!(merged_from(&mut conn, "ticket_words"), Ok(Some(4)));
        assert_is_set();
    }
}

//! Words in SQLite: a text's in one string, each once, a blank before and behind it, which its FTS5 index takes apart again at the
//! blanks. No word holds a blank or a quotation mark, nor anything that the index's tokeniser would fold.

use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::Text;
use diesel::sqlite::Sqlite;
use helpdesk_ports::SoughtWord;

use super::shared::{TextIndex, TextWords};

impl ToSql<Text, Sqlite> for TextWords {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        let mut text = String::from(" ");
        for word in self.words() {
            text.push_str(word);
            text.push(' ');
        }
        out.set_value(text);
        Ok(IsNull::No)
    }
}

/// A word that is looked for.
pub(super) type AskedWord = String;

/// The type that it is sent as.
pub(super) type AskedSql = Text;

/// The word, to be compared with a text's.
pub(super) fn to_compare(word: &SoughtWord) -> AskedWord {
    format!(" {}{}", word.text(), if word.is_prefix() { "" } else { " " })
}

/// The word, to be found in an index.
pub(super) fn to_find(word: &SoughtWord) -> AskedWord {
    format!("\"{}\"{}", word.text(), if word.is_prefix() { "*" } else { "" })
}

/// Whether a word is among a text's: before the text's words, between them and the word, and behind that.
pub(super) const COMPARES: (&str, &str, &str) = ("instr(", ", ", ") > 0");

/// The tickets that an index gives for the word that comes behind this. The cross join says where to begin.
pub(super) const fn finds(index: TextIndex) -> &'static str {
    match index {
        TextIndex::Tickets => "SELECT rowid AS ticket_id FROM ticket_words WHERE ticket_words MATCH ",
        TextIndex::PublicComments => {
            "SELECT public_comment_texts.ticket_id FROM public_comment_words CROSS JOIN public_comment_texts \
             ON public_comment_texts.comment_id = public_comment_words.rowid WHERE public_comment_words MATCH "
        }
        TextIndex::InternalComments => {
            "SELECT internal_comment_texts.ticket_id FROM internal_comment_words CROSS JOIN internal_comment_texts \
             ON internal_comment_texts.comment_id = internal_comment_words.rowid WHERE internal_comment_words MATCH "
        }
    }
}

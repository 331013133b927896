//! Words in Postgres: a `tsvector` of a text's, a `tsquery` of one that is looked for. Both are sent in the binary form that the
//! server's own dumps have, so that none of its parsers ever sees a word.

use std::io::Write as _;

use diesel::pg::Pg;
use diesel::serialize::{self, IsNull, Output, ToSql};
use helpdesk_ports::SoughtWord;

use super::shared::{TextIndex, TextWords};
use super::sql_types::{Tsquery, Tsvector};

/// See `tsvectorrecv` in the server's `src/backend/utils/adt/tsvector.c`: how many words, then each, ended by a NUL, with the number of
/// places where it stands. They come in the server's order, which is that of their bytes.
impl ToSql<Tsvector, Pg> for TextWords {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        const NO_PLACES: [u8; 2] = [0, 0];
        out.write_all(&i32::try_from(self.words().len())?.to_be_bytes())?;
        for word in self.words() {
            out.write_all(word.as_bytes())?;
            out.write_all(&[0])?;
            out.write_all(&NO_PLACES)?;
        }
        Ok(IsNull::No)
    }
}

/// A word that is looked for.
#[derive(Clone, Debug)]
pub(super) struct AskedWord(SoughtWord);

/// The type that it is sent as.
pub(super) type AskedSql = Tsquery;

/// The word, to be compared with a text's.
pub(super) fn to_compare(word: &SoughtWord) -> AskedWord {
    AskedWord(word.clone())
}

/// The word, to be found in an index.
pub(super) fn to_find(word: &SoughtWord) -> AskedWord {
    AskedWord(word.clone())
}

/// See `tsqueryrecv` in the server's `src/backend/utils/adt/tsquery.c`: one item, which is a word, of any weight, and whether it
/// is the beginning of one.
impl ToSql<Tsquery, Pg> for AskedWord {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        const A_WORD: u8 = 1;
        const ANY_WEIGHT: u8 = 0;
        out.write_all(&1_i32.to_be_bytes())?;
        out.write_all(&[A_WORD, ANY_WEIGHT, u8::from(self.0.is_prefix())])?;
        out.write_all(self.0.text().as_bytes())?;
        out.write_all(&[0])?;
        Ok(IsNull::No)
    }
}

/// Whether a word is among a text's: before the text's words, between them and the word, and behind that. As a function and not an
/// operator, and with a fence around it: so the ticket's few texts are gone through, whatever an index might seem to offer.
pub(super) const COMPARES: (&str, &str, &str) = ("ts_match_vq(", ", ", ") OFFSET 0");

/// The tickets that an index gives for the word that comes behind this.
pub(super) const fn finds(index: TextIndex) -> &'static str {
    match index {
        TextIndex::Tickets => "SELECT ticket_id FROM ticket_texts WHERE words @@ ",
        TextIndex::PublicComments => "SELECT ticket_id FROM public_comment_texts WHERE words @@ ",
        TextIndex::InternalComments => "SELECT ticket_id FROM internal_comment_texts WHERE words @@ ",
    }
}

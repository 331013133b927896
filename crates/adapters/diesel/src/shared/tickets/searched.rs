//! Which way a search goes through a list.
//!
//! Which words are rare no planner knows when it makes a plan for any words. So the next tickets of the list are looked at first, up to
//! a place that is a number of tickets away, and then, if enough of them had the words, up to one that is further away. That fills the page
//! if there are many with the words, and is all there is to look at if the list is short. Where neither is true and one of the words is
//! rare, the index gives the tickets with that one, whose other words are compared. Where none is, the list is followed further, and
//! only then the indexes are asked for all of every word.
//!
//! Each statement goes on where the one before has ended, and all look at one moment: a ticket that changes meanwhile, and so moves within
//! its list, would else be found twice or not at all.

use helpdesk_ports::{Limit, TicketSearch};

use super::super::dialect::{self, Conn};
use super::super::rows::JoinedTicket;
use super::super::{Failure, search};
use super::list::{List, Words};
use super::one_more_than;
use super::order::Stretch;

/// How far a search goes one way before it tries the other.
#[derive(Clone, Copy, Debug)]
pub(in super::super::super) struct Patience {
    /// How many tickets are looked at before anything else is tried.
    pub(in super::super::super) near: i64,
    /// How many more, where that has shown that they may do.
    pub(in super::super::super) far: i64,
    /// How many more, where every word is in more than a few texts.
    pub(in super::super::super) farther: i64,
    /// In fewer texts than so many a word is in few, and its index is asked for all of them.
    pub(in super::super::super) few: i64,
}

impl Patience {
    /// For a page. To compare the texts of a ticket takes from as long as to have one from an index, on Postgres, to three times as long.
    ///
    /// If an eighth of all tickets has the words, the page is full after the first look; and if the list is hardly longer than a page, it is
    /// at its end. What is in one of eighty tickets is worth following: of two hundred thousand of them, that is in some three
    /// thousand texts.
    pub(super) fn of(page: Limit) -> Self {
        let near = (one_more_than(page) * 8).max(100);
        Self { near, far: near * 10, farther: 60_000, few: 4_000 }
    }
}

/// The rows of a page with the words.
pub(super) fn page(
    conn: &mut Conn,
    list: &List<'_>,
    sought: &TicketSearch,
    patience: Patience,
) -> Result<Vec<JoinedTicket>, Failure> {
    dialect::in_one_snapshot(conn, |conn| {
        let mut search = Search { list, sought, found: Vec::new(), rest: list.stretch };
        search.go(conn, patience)?;
        Ok(search.found)
    })
}

/// A search on its way.
struct Search<'a> {
    list: &'a List<'a>,
    sought: &'a TicketSearch,
    found: Vec<JoinedTicket>,
    /// What of the list has not been looked at.
    rest: Stretch,
}

impl Search<'_> {
    fn go(&mut self, conn: &mut Conn, patience: Patience) -> Result<(), Failure> {
        if self.follow(conn, patience.near)? {
            return Ok(());
        }
        // Where there are as many further away as there were among these.
        let fills_the_page = self.count() * patience.far >= self.list.rows * patience.near;
        if fills_the_page && self.follow(conn, patience.far)? {
            return Ok(());
        }
        if let Some(n) = search::rarest(conn, self.sought, self.list.sees, patience.few)? {
            return self.add(conn, Words::FoundBy(self.sought, n), self.rest);
        }
        // All words are frequent, and nobody has used them lately.
        if self.follow(conn, patience.farther)? {
            return Ok(());
        }
        self.add(conn, Words::Found(self.sought), self.rest)
    }

    /// How many are found.
    fn count(&self) -> i64 {
        i64::try_from(self.found.len()).unwrap_or(i64::MAX)
    }

    /// Looks at so many more tickets of the list, and says whether the page is full then, or the list at its end.
    fn follow(&mut self, conn: &mut Conn, tickets: i64) -> Result<bool, Failure> {
        let Some((next, rest)) = self.list.split(conn, self.rest, tickets)? else {
            self.add(conn, Words::Compared(self.sought), self.rest)?;
            return Ok(true);
        };
        self.add(conn, Words::Compared(self.sought), next)?;
        self.rest = rest;
        Ok(self.count() >= self.list.rows)
    }

    /// Adds what of this stretch has the words and is still missing on the page.
    fn add(&mut self, conn: &mut Conn, words: Words<'_>, stretch: Stretch) -> Result<(), Failure> {
        let missing = self.list.rows - self.count();
        self.found.extend(self.list.read(conn, words, stretch, missing)?);
        Ok(())
    }
}

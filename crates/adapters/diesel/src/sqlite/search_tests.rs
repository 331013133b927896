//! Whichever way a search goes, it finds the same. The source is the other engine's too.

use std::fmt::Write as _;

use diesel::connection::SimpleConnection;
use helpdesk_domain::{AdminActor, AgentActor, CustomerActor, Ticket, UserId};
use helpdesk_ports::{
    Direction, Limit, PageRequest, SortKey, TicketFilter, TicketPosition, TicketQuery, TicketSearch,
    TicketSort,
};
use proptest::prelude::*;

use super::connection::{Access, connect, prepare_file};
use super::dialect::Conn;
use super::migrate::migrate;
use super::shared::tickets::list::{Whose, page_of};
use super::shared::tickets::searched::Patience;

const TICKETS: i64 = 120;

/// Account 1 is an admin, 2 an agent who works two thirds, 3 a customer who asked for half; the rest is in the agent's queue.
const ACCOUNTS: &str = "
    INSERT INTO users (id, email, name, role, is_active, version, token_version, created_at, updated_at)
    VALUES (1, 'a@example.com', 'A', 'admin', 1, 1, 1, 0, 0), (2, 'b@example.com', 'B', 'agent', 1, 1, 1, 0, 0),
        (3, 'c@example.com', 'C', 'customer', 1, 1, 1, 0, 0), (4, 'd@example.com', 'D', 'customer', 1, 1, 1, 0, 0);
    INSERT INTO team_members (team_id, user_id) VALUES (1, 2);";

/// Words of all degrees of rarity, in tickets, public and internal comments; and times that tell little apart.
fn tickets() -> String {
    let mut sql = String::from("BEGIN;");
    for id in 1..=TICKETS {
        let assignee = if id % 3 == 0 { "NULL" } else { "2" };
        let (updated, public) = (id * 37 % 11, id * 53 % 7);
        let (every, of_ticket) = (id % 2, id * 7 % 31);
        write!(
            sql,
            "INSERT INTO tickets (id, subject, description, status, priority, tags, requester_id, assignee_id, team_id,
                version, public_version, created_at, updated_at, public_updated_at, reopen_count)
             VALUES ({id}, 's', 'd', 'open', 'low', '[]', {requester}, {assignee}, 1, 1, 1, 0, {updated}, {public}, 0);
             INSERT INTO ticket_texts VALUES ({id}, ' all e{every} t{of_ticket} ');
             INSERT INTO comments VALUES ({said}, {id}, 3, 'customer', 'x', 0, 0), ({noted}, {id}, 2, 'agent', 'x', 1, 0);
             INSERT INTO public_comment_texts VALUES ({said}, {id}, ' all p{public_word} ');
             INSERT INTO internal_comment_texts VALUES ({noted}, {id}, ' all i{internal_word} ');",
            requester = 3 + id / 2 % 2,
            said = 2 * id - 1,
            noted = 2 * id,
            public_word = id * 5 % 13,
            internal_word = id % 4,
        )
        .unwrap();
    }
    sql + "COMMIT;"
}

fn patience() -> impl Strategy<Value = Patience> {
    (1..60_i64, 1..60_i64, 1..60_i64, 0..60_i64).prop_map(|(near, far, farther, few)| Patience {
        near,
        far,
        farther,
        few,
    })
}

/// Goes through the whole list at once, and compares all.
const ENDLESS: Patience = Patience { near: 1_000_000, far: 1, farther: 1, few: 0 };

fn query() -> impl Strategy<Value = TicketQuery> {
    let words = prop::collection::vec("all|e[01]|t[0-9]|t3|t1[0-9]|p[0-9]|p1|i[0-3]|none", 1..4);
    let keys = prop::sample::select(vec![SortKey::UpdatedAt, SortKey::CreatedAt]);
    let directions = prop::sample::select(vec![Direction::Ascending, Direction::Descending]);
    (words, keys, directions, 1..12_u64).prop_map(|(words, key, direction, items)| {
        let sought = TicketSearch::parse(&words.join(" ")).unwrap();
        TicketQuery {
            filter: TicketFilter::default().with_search(Some(sought)),
            sort: TicketSort { key, direction },
            page: PageRequest { limit: Limit::new(items).unwrap(), after: None },
        }
    })
}

/// All pages of the list.
fn pages(conn: &mut Conn, whose: Whose, mut asked: TicketQuery, patience: Patience) -> Vec<Vec<i64>> {
    let mut pages = Vec::new();
    loop {
        let page = page_of(conn, whose, &asked, patience).unwrap_or_else(|_| panic!("a page"));
        pages.push(page.items.iter().map(|ticket: &Ticket| ticket.id().get()).collect());
        let next: Option<TicketPosition> = page.next;
        if next.is_none() {
            return pages;
        }
        asked.page.after = next;
    }
}

#[test]
fn whichever_way_it_goes_a_search_finds_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let url = prepare_file(&directory.path().join("helpdesk.db")).unwrap();
    migrate(&url).unwrap();
    connect(&url, Access::Write).unwrap().batch_execute(&(ACCOUNTS.to_owned() + &tickets())).unwrap();
    let id = |id| UserId::new(id).unwrap();
    let lists = [
        Whose::Scope(AdminActor::new(id(1)).scope()),
        Whose::Scope(AgentActor::new(id(2)).scope()),
        Whose::Scope(CustomerActor::new(id(3)).scope()),
        Whose::Queue(AgentActor::new(id(2)).queue()),
    ];
    let conn = std::cell::RefCell::new(connect(&url, Access::Read).unwrap());
    proptest!(|(whose in prop::sample::select(lists.to_vec()), asked in query(), patience in patience())| {
        let conn = &mut *conn.borrow_mut();
        let expected = pages(conn, whose, asked.clone(), ENDLESS);
        prop_assert_eq!(pages(conn, whose, asked, patience), expected);
    });
}

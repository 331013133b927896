//! Lists of accounts: filters and the pages under them.

use fastrand::Rng;
use helpdesk_domain::{Email, NewUser, Role, User, UserId, UserPatch};

use super::bureau::walk;
use super::desk::{Desk, SYSTEM, at, at_once, created, hash, name};
use super::visibility::Seed;
use crate::{Stores, UserFilter, UserQuery, UserSearch};

/// What has a meaning in some pattern, or another form in some language: as it stands it means itself.
const CHARS: [&str; 26] = [
    "a", "A", "z", "Z", "i", "I", "k", "s", "%", "_", "\\", "'", "\"", "*", "?", "[", "]", "ä", "Ä", "İ",
    "ı", "ß", "ẞ", "\u{212a}", "e\u{301}", "🙂",
];

/// Role, activity and text, alone and together, let through what the predicate admits.
pub async fn filters_of_accounts_let_through_what_they_say(stores: Stores) {
    let seed = Seed::choose();
    let mut rng = Rng::with_seed(seed.0);
    let desk = Desk::new(stores).await;
    let everyone = random_accounts(&desk, &mut rng).await;
    let mut filters = Vec::new();
    for text in texts(&everyone, &mut rng) {
        let text = Some(UserSearch::parse(&text).expect("a text to look for"));
        filters.push(UserFilter { text: text.clone(), ..UserFilter::default() });
        let role = rng.choice(Role::ALL).copied();
        filters.push(UserFilter { text: text.clone(), role, is_active: None });
        filters.push(UserFilter { text, role, is_active: Some(rng.bool()) });
    }
    for role in Role::ALL.iter().copied().map(Some).chain([None]) {
        for is_active in [None, Some(true), Some(false)] {
            filters.push(UserFilter { role, is_active, text: None });
        }
    }
    let lists = filters.iter().map(|filter| whole_list(&desk, filter, 100));
    for (list, filter) in at_once(lists).await.into_iter().zip(&filters) {
        let mut expected = everyone.clone();
        expected.retain(|user| filter.admits(user));
        assert_eq!(list, expected, "{filter:?}");
    }
}

/// Each account once, whatever the size, though others lie between them.
pub async fn pages_of_filtered_accounts_hold_each_once(stores: Stores) {
    let desk = Desk::new(stores).await;
    let mut expected = Vec::new();
    for n in 0..21 {
        let role = Role::ALL[n % 3];
        let label = format!("{}-{n}", if n % 2 == 0 { "even" } else { "odd" });
        let user = desk.user(role, &label).await;
        if role == Role::Agent && n % 2 == 0 {
            expected.push(user);
        }
    }
    let text = Some(UserSearch::parse("EVEN-").expect("a text to look for"));
    let filter = UserFilter { role: Some(Role::Agent), is_active: Some(true), text };
    assert_eq!(expected.len(), 4);
    for items in 1..=5 {
        assert_eq!(whole_list(&desk, &filter, items).await, expected, "in pages of {items}");
    }
}

/// A text that is in the address alone, or in the name alone; the two are not one text.
pub async fn a_text_is_looked_for_in_name_and_address(stores: Stores) {
    let desk = Desk::new(stores).await;
    let mut ids = Vec::new();
    for (address, called) in [("ada%l@one.example.com", "Grace"), ("x'y_z@two.example.com", "Ada Lovelace")] {
        let new = NewUser {
            email: Email::parse(address).expect("an address"),
            name: name(called),
            role: Role::Customer,
            teams: None,
        };
        ids.push(desk.create(created(SYSTEM, new, hash("x"), at(0))).await.id());
    }
    let (one, two) = (ids[0], ids[1]);
    for (text, expected) in [
        ("ONE.EXAMPLE", vec![one]),
        ("%l", vec![one]),
        ("x'Y_Z", vec![two]),
        ("a l", vec![two]),
        ("ADA", vec![one, two]),
        ("aXl", vec![]),
        ("x'y.z", vec![]),
        ("grace ada", vec![]),
        ("comgrace", vec![]),
        ("graceada", vec![]),
        ("com Ada", vec![]),
    ] {
        let text = Some(UserSearch::parse(text).expect("a text to look for"));
        let filter = UserFilter { text: text.clone(), ..UserFilter::default() };
        let found: Vec<UserId> = whole_list(&desk, &filter, 100).await.iter().map(User::id).collect();
        assert_eq!(found, expected, "{text:?}");
    }
}

/// The admin of the desk and sixty others of any role, disabled or not, by id.
async fn random_accounts(desk: &Desk, rng: &mut Rng) -> Vec<User> {
    let mut users = vec![desk.account(desk.admin.id()).await];
    for n in 0..60 {
        let called: String = (0..rng.usize(1..7)).map(|_| one_of(&CHARS, rng)).collect();
        let local = ["a%", "_b", "c'd", "k?", "*", "i"];
        let new = NewUser {
            email: Email::parse(&format!("{}{n}@example.com", one_of(&local, rng))).expect("an address"),
            name: name(&called),
            role: Role::ALL[rng.usize(..3)],
            teams: None,
        };
        let mut user = desk.create(created(SYSTEM, new, hash("x"), at(0))).await;
        if rng.u8(..3) == 0 {
            let disable = UserPatch { is_active: Some(false), ..UserPatch::default() };
            user = desk.change_account(user.id(), disable, at(1)).await;
        }
        users.push(user);
    }
    users
}

/// Every character by itself, some in a row, pieces of names, and what is nowhere.
fn texts(users: &[User], rng: &mut Rng) -> Vec<String> {
    let mut texts: Vec<String> = CHARS.iter().map(|&text| text.to_owned()).collect();
    texts.extend((0..30).map(|_| format!("{}{}", one_of(&CHARS, rng), one_of(&CHARS, rng))));
    for user in users.iter().step_by(3) {
        let text = user.record().name.as_str();
        texts.extend([text.to_owned(), text.to_ascii_uppercase(), text.chars().rev().take(2).collect()]);
    }
    texts.extend(
        ["%%", "__", "\\\\", "\\%", "\\_", "''", "@example.com", "@EXAMPLE", "ss", "nowhere"].map(Into::into),
    );
    texts.push("x".repeat(UserSearch::MAX_CHARS));
    texts
}

fn one_of<'a>(of: &[&'a str], rng: &mut Rng) -> &'a str {
    of[rng.usize(..of.len())]
}

async fn whole_list(desk: &Desk, filter: &UserFilter, items: u64) -> Vec<User> {
    let read = async |page| {
        let query = UserQuery { filter: filter.clone(), page };
        desk.stores.users.list(desk.admin.into(), query).await
    };
    walk(items, User::id, read).await
}

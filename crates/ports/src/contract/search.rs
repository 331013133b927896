//! Searches: what a store finds is exactly what the predicate admits, for texts that mean something to one engine or another.

use fastrand::Rng;
use helpdesk_domain::{
    AgentActor, AgentRef, Comment, CommentScope, CustomerActor, Description, NewTicket, Outcome, Priority,
    Scope, Status, Subject, Tag, Tags, Ticket, TicketCommand, TicketPatch, Visibility,
};

use super::bureau::walk;
use super::desk::{Desk, all, assign, at, at_once, comment, new_ticket, note, reply};
use super::lists::{SORTS, whole_list};
use super::model::moment;
use super::visibility::{Seed, in_order};
use crate::{LockedCommit, Stores, TicketFilter, TicketPosition, TicketQuery, TicketSearch, words};

/// What people write, and what would be an operator, a pattern or the end of a text to whoever took it for one.
const CORPUS: &[&str] = &[
    "The lift is stuck between the second and the third floor",
    "lifts LIFTED lifting uplift",
    "Printer on fire: 🔥🔥 please help 👩‍👩‍👧‍👦 ❤️ 🇩🇪",
    "AND OR NOT NEAR",
    "lift AND NOT stuck OR (fire NEAR floor)",
    "\"stuck lift\" 'lift' `lift`",
    "lift* ^lift -lift +lift ~lift lift: words:lift {lift} [lift] lift| !lift & <-> lift",
    "' OR '1'='1'; DROP TABLE tickets; -- /* */",
    "100% of 50_000 rows_with_underscores \\ C:\\temp\\",
    "ada.lovelace+help@mail.example.com and http://example.com/a?b=c#d",
    "Café crème à la carte naïve",
    "Cafe\u{301} cre\u{300}me a\u{300} la carte nai\u{308}ve",
    "Straße STRASSE strasse ẞ",
    "İstanbul ISTANBUL istanbul ıspanak",
    "ΟΔΟΣ οδός Ὀδυσσεύς",
    "Съешь ещё этих мягких французских булок",
    "東京タワーのエレベーターが故障しました",
    "电梯卡在二楼和三楼之间",
    "ｆｕｌｌ　ｗｉｄｔｈ ﬁne ① Ⅷ",
    "ลิฟต์ค้างระหว่างชั้นสองกับชั้นสาม",
    "लिफ्ट दूसरी और तीसरी मंज़िल के बीच अटक गई है",
    "المِصْعَدُ عالقٌ بين الطابقين الثاني والثالـث",
    "המעלית תקועה בין הקומה השנייה לשלישית",
    "승강기가 2층과 3층 사이에 멈췄어요",
    "error 0x80004005 in v1.2.3-rc.4 at 12:30, 1 000 000 times",
    "don't can't o'clock rock-'n'-roll",
    "a b c d e f g h i j k l m n o p q r s t u v w x y z",
    "\u{1b}[31mred\u{1b}[0m \u{200b}zero\u{200b}width \u{ad}soft \u{202e}drawkcab \u{fffd} \u{10ffff}",
    "$1 ?1 :id @var {{7*7}} ${7*7} %s%n",
    "null NULL true 0 -1 1e999",
];

/// So many that neither the first agent's nor its queue are looked at whole before an index of words is asked, on a small page.
const TICKETS: usize = 420;
const CUSTOMERS: usize = 2;
const AGENTS: usize = 2;

/// Tickets whose texts are from the corpus, some of them assigned, some in the queue of the first agent's team.
struct Library {
    desk: Desk,
    customers: Vec<CustomerActor>,
    agents: Vec<AgentRef>,
    tickets: Vec<(Ticket, Vec<Comment>)>,
}

impl Library {
    async fn fill(stores: Stores, rng: &mut Rng) -> Self {
        let desk = Desk::new(stores).await;
        let (mut customers, mut agents) = (Vec::new(), Vec::new());
        for n in 0..CUSTOMERS {
            customers.push(desk.customer(&format!("customer-{n}")).await);
        }
        for n in 0..AGENTS {
            agents.push(desk.agent(&format!("agent-{n}")).await);
        }
        let mut opened = Vec::new();
        for number in 0..TICKETS {
            let draft = NewTicket {
                subject: Subject::parse(&some_text(rng)).unwrap_or(Subject::parse("A line").expect("one")),
                description: Description::parse(&format!("{} no. {number}", some_text(rng))).expect("a text"),
                ..new_ticket("Again", Priority::Normal)
            };
            opened.push(desk.open(customers[mostly_the_first(rng)], draft, moment(rng)).await);
        }
        let (work, agents_of) = (&desk, &agents);
        let written = opened.into_iter().map(|ticket| {
            let mut rng = rng.fork();
            async move {
                let mut ticket = ticket;
                if rng.u8(..3) > 0 {
                    let agent = &agents_of[mostly_the_first(&mut rng)];
                    ticket = work.run(&ticket, work.admin, assign(agent), moment(&mut rng)).await.ticket;
                }
                let mut comments = Vec::new();
                for _ in 0..rng.usize(..4) {
                    let visibility = if rng.bool() { Visibility::Public } else { Visibility::Internal };
                    let text = comment(&some_text(&mut rng), visibility);
                    let committed = work.run(&ticket, work.admin, text, moment(&mut rng)).await;
                    ticket = committed.ticket;
                    comments.extend(committed.comment);
                }
                let patch = TicketPatch {
                    status: Some(Status::ALL[rng.usize(..Status::ALL.len())]),
                    tags: Some(Tags::parse(&[format!("tag-{}", rng.u8(..3))]).expect("a tag")),
                    ..TicketPatch::default()
                };
                let now = moment(&mut rng);
                ticket = work.run(&ticket, work.admin, TicketCommand::Update(patch), now).await.ticket;
                (ticket, comments)
            }
        });
        let tickets = at_once(written.collect::<Vec<_>>()).await;
        Self { desk, customers, agents, tickets }
    }

    /// What the predicate admits, which is the truth.
    fn expected(&self, scope: Scope, filter: &TicketFilter) -> Vec<Ticket> {
        let admits = |(ticket, comments): &&(Ticket, Vec<Comment>)| {
            scope.admits(&ticket.facts()) && filter.admits(ticket, comments, scope.comments())
        };
        self.tickets.iter().filter(admits).map(|(ticket, _)| ticket.clone()).collect()
    }

    /// A search that is made of what is there, for the most part.
    fn some_search(&self, rng: &mut Rng) -> TicketSearch {
        let mut text = String::new();
        if rng.bool() {
            // Words of one ticket, wherever they stand in it.
            let (ticket, comments) = rng.choice(&self.tickets).expect("a ticket");
            let bodies = comments.iter().map(|comment| comment.body().as_str());
            let of_ticket = bodies.chain([ticket.record().description.as_str()]).flat_map(words);
            text = rng.choose_multiple(of_ticket, 2).join(" ");
        }
        for _ in 0..rng.usize(..2) {
            let found = words(rng.choice(CORPUS).expect("a text"));
            text = format!("{text} {}", rng.choice(&found).expect("a word"));
        }
        let cut = text.char_indices().map(|(at, _)| at).nth(rng.usize(1..20));
        text.truncate(cut.unwrap_or(text.len()));
        TicketSearch::parse(&text).unwrap_or_else(|_| search("lift"))
    }
}

/// Of two, so that one has much and the other little: a store may look for them in different ways.
fn mostly_the_first(rng: &mut Rng) -> usize {
    usize::from(rng.u8(..6) == 0)
}

/// One text of the corpus, or a piece of it, or two.
fn some_text(rng: &mut Rng) -> String {
    let text = *rng.choice(CORPUS).expect("a text");
    match rng.u8(..4) {
        0 => format!("{text} {}", rng.choice(CORPUS).expect("a text")),
        1 => format!("x{}", text.chars().skip(rng.usize(..8)).collect::<String>()),
        _ => text.to_owned(),
    }
}

fn search(text: &str) -> TicketSearch {
    TicketSearch::parse(text).expect("a search")
}

fn looking_for(text: &str) -> TicketFilter {
    TicketFilter::default().with_search(Some(search(text)))
}

/// Each text of the corpus as it is, and random ones; for everyone, in every order, in pages small and large, with other filters and
/// without.
pub async fn a_search_finds_what_the_predicate_admits(stores: Stores) {
    let seed = Seed::choose();
    let mut rng = Rng::with_seed(seed.0);
    let library = Library::fill(stores, &mut rng).await;
    let mut searches: Vec<TicketSearch> = CORPUS.iter().flat_map(|text| TicketSearch::parse(text)).collect();
    assert!(searches.len() * 4 > CORPUS.len() * 3, "most of them are searches");
    searches.extend((0..60).map(|_| library.some_search(&mut rng)));
    let mut scopes = vec![library.desk.admin.scope()];
    scopes.extend(library.customers.iter().map(|customer| customer.scope()));
    scopes.extend(library.agents.iter().map(|agent| AgentActor::new(agent.id()).scope()));
    let mut found = 0;
    for scope in scopes {
        let asked = searches.iter().map(|sought| {
            let mut filter = TicketFilter::default().with_search(Some(sought.clone()));
            if rng.u8(..4) == 0 {
                filter = filter.with_statuses([Status::Open, Status::Closed]);
            }
            if rng.u8(..4) == 0 {
                filter = filter.created_after(Some(moment(&mut rng)));
            }
            if rng.u8(..6) == 0 {
                filter = filter.with_tag(Some(Tag::parse("tag-1").expect("a tag")));
            }
            if rng.u8(..6) == 0 {
                filter = filter.with_requester(Some(library.customers[0].id()));
            }
            if rng.u8(..6) == 0 {
                filter = filter.with_assignee(Some(rng.bool().then(|| library.agents[0].id())));
            }
            let sort = *rng.choice(SORTS.as_slice()).expect("one");
            let mut expected = library.expected(scope, &filter);
            in_order(&mut expected, scope, sort);
            // On a small page a store asks its indexes soon.
            let items = if expected.len() < 12 { rng.u64(1..3) } else { rng.u64(10..40) };
            (filter, sort, items, expected)
        });
        let asked: Vec<_> = asked.collect();
        let lists = asked
            .iter()
            .map(|(filter, sort, items, _)| whole_list(&library.desk, scope, filter, *sort, *items));
        let lists = at_once(lists.collect::<Vec<_>>()).await;
        for (list, (filter, sort, items, expected)) in lists.iter().zip(&asked) {
            assert_eq!(list, expected, "{scope:?} {filter:?} {sort:?} in pages of {items}");
            found += list.len();
        }
    }
    assert!(found > searches.len(), "some find something, or nothing is proven");
}

/// The queue is searched as staff see its tickets.
pub async fn a_search_narrows_a_queue(stores: Stores) {
    let seed = Seed::choose();
    let mut rng = Rng::with_seed(seed.0);
    let library = Library::fill(stores, &mut rng).await;
    let agent = AgentActor::new(library.agents[0].id());
    let mut found = 0;
    for _ in 0..60 {
        let filter = TicketFilter::default().with_search(Some(library.some_search(&mut rng)));
        let (sort, items) =
            (*rng.choice(SORTS.as_slice()).expect("one"), *rng.choice(&[1, 2, 30]).expect("one"));
        let position = |ticket: &Ticket| TicketPosition::of(ticket, agent.scope(), sort.key);
        let read = async |page| {
            let query = TicketQuery { filter: filter.clone(), sort, page };
            library.desk.stores.tickets.queue(agent.queue(), query).await
        };
        let listed = walk(items, position, read).await;
        // Every ticket is of the default team, in which every agent is.
        let admits = |(ticket, comments): &&(Ticket, Vec<Comment>)| {
            agent.queue().lists(ticket, true) && filter.admits(ticket, comments, CommentScope::Everything)
        };
        let mut expected: Vec<Ticket> =
            library.tickets.iter().filter(admits).map(|(ticket, _)| ticket.clone()).collect();
        in_order(&mut expected, agent.scope(), sort);
        assert_eq!(listed, expected, "{filter:?} {sort:?} in pages of {items}");
        found += listed.len();
    }
    assert!(found > 0, "some find something, or nothing is proven");
}

/// From the moment that it is acknowledged, however it was written; by whom, depends on who may see it.
pub async fn what_is_written_is_found_by_those_who_may_see_it(stores: Stores) {
    let desk = Desk::new(stores).await;
    let (customer, other) = (desk.customer("ada").await, desk.customer("eve").await);
    let agent = desk.agent("grace").await;
    let ticket = desk.ticket(customer, "Kumquat", at(1)).await;
    let by = AgentActor::new(agent.id());
    let ticket = desk.run(&ticket, desk.admin, assign(&agent), at(2)).await.ticket;
    let ticket = desk.run(&ticket, by, reply("Try the mandarin"), at(3)).await.ticket;
    let ticket = desk.run(&ticket, by, note("Pomelo pays late"), at(4)).await.ticket;
    for (text, visibility) in [("Tangerine", Visibility::Public), ("Yuzu", Visibility::Internal)] {
        let actor = desk.admin.into();
        let command = comment(text, visibility);
        let decide =
            Box::new(move |ticket: &Ticket| -> Result<Outcome, _> { ticket.decide(&actor, command, at(5)) });
        let written = desk.stores.tickets.decide_locked(desk.admin.scope(), ticket.id(), decide).await;
        assert!(matches!(written, Ok(Some(LockedCommit::Done { .. }))), "{written:?}");
    }
    let found = async |scope: Scope, text: &str| {
        let query = TicketQuery { filter: looking_for(text), page: all(), ..TicketQuery::default() };
        let page = desk.stores.tickets.list(scope, query).await.expect("listing tickets");
        page.items.iter().map(Ticket::id).collect::<Vec<_>>()
    };
    for text in ["kumquat", "mandarin", "tangerine", "really", "late really", "tangerine kumquat m"] {
        let is_public = !text.contains("late");
        assert_eq!(found(desk.admin.scope(), text).await, [ticket.id()], "{text}");
        assert_eq!(found(by.scope(), text).await, [ticket.id()], "{text}");
        assert_eq!(found(customer.scope(), text).await.len(), usize::from(is_public), "{text}");
        assert_eq!(found(other.scope(), text).await, [], "{text}");
    }
    for text in ["pomelo", "yuzu", "yuzu kumquat"] {
        assert_eq!(found(by.scope(), text).await, [ticket.id()], "{text}");
        assert_eq!(found(customer.scope(), text).await, [], "{text}");
    }
    assert_eq!(found(desk.admin.scope(), "grapefruit").await, []);
}

/// Internal comments of any words, on any tickets, change nothing of what a customer finds, nor in which order or on which page.
pub async fn a_customers_search_knows_nothing_internal(stores: Stores) {
    let seed = Seed::choose();
    let mut rng = Rng::with_seed(seed.0);
    let library = Library::fill(stores, &mut rng).await;
    let searches: Vec<TicketSearch> = (0..25).map(|_| library.some_search(&mut rng)).collect();
    let scope = library.customers[0].scope();
    let look = async || {
        let mut looks = Vec::new();
        for sought in &searches {
            for sort in SORTS {
                let filter = TicketFilter::default().with_search(Some(sought.clone()));
                let tickets = whole_list(&library.desk, scope, &filter, sort, 3).await;
                let places: Vec<_> =
                    tickets.iter().map(|ticket| TicketPosition::of(ticket, scope, sort.key)).collect();
                looks.push(places);
            }
        }
        looks
    };
    let before = look().await;
    assert!(before.iter().any(|places| !places.is_empty()), "there is something to find");
    let sought = searches.iter().flat_map(TicketSearch::words).map(|word| word.text().to_owned());
    // A word that nothing has, and all that is looked for.
    let everything = sought.fold("zyzzyva".to_owned(), |text, word| format!("{text} {word}"));
    let open = library.tickets.iter().map(|(ticket, _)| ticket).filter(|it| it.status() != Status::Closed);
    let noted = open.map(|ticket| {
        let (desk, text) = (&library.desk, note(&everything));
        async move { desk.run(ticket, desk.admin, text, at(30)).await }
    });
    let noted = at_once(noted.collect::<Vec<_>>()).await.len();
    assert_eq!(look().await, before);
    // Staff does find them.
    let staff = library.desk.admin.scope();
    let found = whole_list(&library.desk, staff, &looking_for("zyzzyva"), SORTS[0], 100).await;
    assert_eq!(found.len(), noted);
    assert!(noted > 0, "there are open tickets");
}

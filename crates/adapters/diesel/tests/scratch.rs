use helpdesk_diesel::{postgres::PostgresStore, sqlite::SqliteStore};
use helpdesk_domain::*;
use helpdesk_ports::*;
#[tokio::test]
async fn go() {
    let stores = match std::env::var("SCRATCH").unwrap() {
        u if u.starts_with("postgres") => PostgresStore::connect(&u).unwrap(),
        p => SqliteStore::open(std::path::Path::new(&p)).unwrap(),
    };
    if std::env::var("ONLY_OPEN").is_ok() {
        return;
    }
    let id = |n| UserId::new(n).unwrap();
    for scope in
        [AdminActor::new(id(1)).scope(), AgentActor::new(id(55)).scope(), CustomerActor::new(id(500)).scope()]
    {
        for key in [SortKey::UpdatedAt, SortKey::CreatedAt] {
            for filter in [
                TicketFilter::default(),
                TicketFilter::default().with_statuses([Status::Open, Status::Pending]),
            ] {
                let sort = TicketSort { key, direction: Direction::Descending };
                let mut q = TicketQuery { filter, sort, page: PageRequest::default() };
                let t = std::time::Instant::now();
                let first = stores.tickets.list(scope, q.clone()).await.unwrap();
                q.page.after = first.next;
                let second = stores.tickets.list(scope, q).await.unwrap();
                println!("{scope:?} {key:?} {} {} {:?}", first.items.len(), second.items.len(), t.elapsed());
                if let Some(t) = first.items.first() {
                    stores.tickets.find(scope, t.id(), PageRequest::default()).await.unwrap().unwrap();
                }
            }
        }
    }
}

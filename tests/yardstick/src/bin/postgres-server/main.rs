//! A server that shows and opens tickets by tokio-postgres, and knows nothing else: no tokens, no roles, no rules, no search. What
//! one gets by the means at hand; the help desk is to be faster. Started by `cargo xtask bench`.
//!
//! Each worker has connections of its own: one for reading, over which the statements of many requests are under way at once
//! (pipelining), and a few for writing, where a transaction has its connection to itself.

mod reading;
mod writing;

use actix_web::web::{Data, Json, Path};
use actix_web::{App, HttpResponse, HttpServer, Responder, get, post};
use tokio_postgres::{Client, NoTls};

use reading::Reader;
use writing::{NewTicket, Writer};

/// What a worker has.
struct Store {
    reader: Reader,
    writer: Writer,
}

/// What is said on the command line: where the database is, and for whom it is asked.
#[derive(Clone)]
struct Arguments {
    url: String,
    agent: i64,
    customer: i64,
}

#[get("/tickets/{id}")]
async fn show(store: Data<Store>, id: Path<i64>) -> impl Responder {
    match store.reader.find(*id).await {
        Some(ticket) => HttpResponse::Ok().json(ticket),
        None => HttpResponse::NotFound().finish(),
    }
}

#[post("/tickets")]
async fn open(store: Data<Store>, new: Json<NewTicket>) -> impl Responder {
    HttpResponse::Created().json(store.writer.open(&new).await)
}

/// A connection; what drives it runs beside it.
async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("the database answers");
    actix_web::rt::spawn(async move {
        if let Err(error) = connection.await {
            eprintln!("a connection ended: {error}");
        }
    });
    // As the help desk's are: planning the same few statements anew would be of no use.
    client.batch_execute("SET plan_cache_mode = force_generic_plan").await.expect("a setting");
    client
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().expect("a URL, an agent and a customer");
    let url = next();
    let mut id = || next().parse().expect("an id");
    let arguments = Arguments { url, agent: id(), customer: id() };
    let server = HttpServer::new(move || {
        let arguments = arguments.clone();
        App::new()
            .data_factory(move || {
                let Arguments { url, agent, customer } = arguments.clone();
                async move {
                    let reader = Reader::new(connect(&url).await, agent).await;
                    Ok::<_, ()>(Store { reader, writer: Writer::new(&url, customer).await })
                }
            })
            .service(show)
            .service(open)
    })
    .bind(("127.0.0.1", 0))?;
    println!("{}", server.addrs()[0]);
    server.run().await
}

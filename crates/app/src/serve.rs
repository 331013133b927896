//! `helpdesk serve`

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use actix_web::rt::System;
use actix_web::rt::signal::unix::{SignalKind, signal};
use helpdesk_auth::KeyRing;
use helpdesk_http::{Dependencies, Listeners, ServerHandle};
use helpdesk_ports::Stores;
use socket2::SockRef;

use crate::cli::ServeArgs;
use crate::config::{StoreLocation, make_parent};
use crate::error::AppError;
use crate::rotation::Hangups;
use crate::secret::KeySource;
use crate::wiring::Environment;
use crate::{demo, housekeeping, settings, store};

pub(crate) fn run(args: &ServeArgs) -> Result<(), AppError> {
    let listening = |source| AppError::Io { what: "cannot listen for signals".to_owned(), source };
    let hangups = Hangups::listen().map_err(listening)?;
    let location = if args.demo {
        StoreLocation::Sqlite(demo::database(Path::new(&args.store.data_dir)))
    } else {
        StoreLocation::from_args(&args.store)?
    };
    let config = settings::http(args)?;
    let (limits, settings) = (settings::sign_in_limits(&args.sign_in)?, settings::use_cases(args)?);
    // The sockets first: who finds the port taken has changed nothing yet.
    let (api, address) = listen(&args.bind)?;
    let management =
        args.management_bind.as_deref().filter(|bind| !bind.is_empty()).map(listen).transpose()?;
    let demo = match &location {
        StoreLocation::Sqlite(file) if args.demo => Some(prepare_demo(file, address, args.reset)?),
        _ => None,
    };

    let environment = Environment::real()?;
    // Before the store is touched: a weak secret changes nothing either.
    let source = KeySource::from_environment(&location)?;
    let keys = Arc::new(KeyRing::new(&source.load(environment.random.as_ref())?));
    let stores = store::open(&location)?;
    let help_desk = Arc::new(environment.help_desk(stores.clone(), keys.clone(), limits, settings));
    hangups.rotate(source, keys).map_err(listening)?;

    let admin = stores.admin.clone();
    let served = System::new().block_on(async {
        if let Some(demo) = &demo {
            fill_demo(&stores, &environment, &demo.file).await?;
        }
        let is_new = !stores.users.has_able_admin().await?;
        housekeeping::start(&help_desk);
        let dependencies = Dependencies {
            help_desk,
            store: stores.admin.clone(),
            store_secret: stores.admin.secret().await?,
            clock: environment.clock.clone(),
            random: environment.random.clone(),
        };
        let management_address = management.as_ref().map(|(_, address)| *address);
        let listeners = Listeners { api, management: management.map(|(listener, _)| listener) };
        let serving = |source| AppError::Io { what: "cannot serve".to_owned(), source };
        let server = helpdesk_http::server(&config, dependencies, listeners).map_err(serving)?;
        stop_on_signals(&server.handle()).map_err(serving)?;

        log::info!("listening on http://{address}");
        if let Some(address) = management_address {
            log::info!("management on http://{address}");
        }
        if is_new {
            log::warn!("{FIRST_ADMIN}");
        }
        if let Some(demo) = &demo {
            demo::print_tour(address, &demo.file);
        }
        server.run().await.map_err(serving)
    });
    // The server's threads may still hold handles to the store, so it is told: a stopped help desk leaves its data in one file.
    admin.close();
    served
}

/// What to do first where nobody can. There is no other way in: no route makes an admin where there is none.
const FIRST_ADMIN: &str = "no admin can sign in yet; to make one, run beside this server, on the same store: \
    printf '%s' 'a long password' | helpdesk user create --email admin@example.com --name Admin --role admin --password-stdin";

/// How many connections may wait to be accepted; the standard library's 128 overflow in a burst. The system has the last word.
const BACKLOG: i32 = 1024;

/// Binds a socket and tells where, since port 0 takes any.
fn listen(address: &str) -> Result<(TcpListener, SocketAddr), AppError> {
    let failed = |source| AppError::Listen { address: address.to_owned(), source };
    let listener = TcpListener::bind(address).map_err(failed)?;
    SockRef::from(&listener).listen(BACKLOG).map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

/// The demo's database, and what keeps others from it while it is served.
struct Demo {
    file: PathBuf,
    _reserved: File,
}

fn prepare_demo(file: &Path, address: SocketAddr, reset: bool) -> Result<Demo, AppError> {
    demo::must_be_loopback(address)?;
    make_parent(file)?;
    let reserved = demo::reserve(file)?;
    if reset {
        demo::remove(file)?;
    }
    Ok(Demo { file: file.to_owned(), _reserved: reserved })
}

async fn fill_demo(stores: &Stores, environment: &Environment, file: &Path) -> Result<(), AppError> {
    if demo::is_complete(stores).await? {
        return Ok(());
    }
    demo::fill(stores, environment).await.map_err(|error| {
        AppError::Store(format!(
            "{} holds half a demo ({}); start again with --demo --reset",
            file.display(),
            error.for_log()
        ))
    })
}

/// Interrupt and termination end the server in order: what was accepted is served.
fn stop_on_signals(handle: &ServerHandle) -> std::io::Result<()> {
    for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
        let (mut signals, handle) = (signal(kind)?, handle.clone());
        actix_web::rt::spawn(async move {
            if signals.recv().await.is_some() {
                log::info!("stopping: requests under way are finished, new ones are not accepted");
                handle.stop(true).await;
            }
        });
    }
    Ok(())
}

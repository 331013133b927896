//! Another process holds the embedded store's write lock, or its file cannot grow any more.

use diesel::connection::SimpleConnection as _;
use helpdesk_tests::{StoreKind, World};

use crate::{Call, assert_nothing_is_half_written, assert_unavailable, reads, send_all, writes};

fn assert_served(calls: &[Call]) {
    for (call, answer) in calls.iter().zip(send_all(calls)) {
        assert_eq!(answer.status, call.status, "{} {}: {}", call.method, call.path, answer.text());
    }
}

fn assert_reads_go_on_without_writes(world: &World, reads: &[Call], writes: &[Call]) {
    for answer in send_all(writes) {
        assert_unavailable(&answer);
    }
    assert_served(reads);
    for probe in ["/health/live", "/health/ready"] {
        world.server.client().get(probe).expect(200);
    }
}

#[test]
fn while_another_process_writes_reads_go_on() {
    let world = World::new(StoreKind::Sqlite);
    let customer = world.join("ada", "customer");
    let ticket = world.open_ticket(&customer, "Before");
    let reads = reads(&world, &customer, ticket);
    let writes = || writes(&world, &customer, ticket);

    let mut other = world.database.sqlite();
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    assert_reads_go_on_without_writes(&world, &reads, &writes());
    other.batch_execute("ROLLBACK").unwrap();
    assert_served(&writes());
    assert_nothing_is_half_written(&world.database);
    assert!(!world.server.log().contains("status=500"));
}

/// A file that may not grow stands in for a full disk, which would take a mount. Only Linux can limit another process.
#[cfg(target_os = "linux")]
#[test]
fn while_the_file_cannot_grow_reads_go_on() {
    use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};

    let world = World::new(StoreKind::Sqlite);
    let customer = world.join("ada", "customer");
    let ticket = world.open_ticket(&customer, "Before");
    let reads = reads(&world, &customer, ticket);
    let writes = || writes(&world, &customer, ticket);
    assert_served(&writes());

    let log = world.database.sqlite_file().with_extension("db-wal");
    let full = std::fs::metadata(log).unwrap().len();
    let unlimited = getrlimit(Resource::Fsize);
    let limit = |current| {
        let process = Pid::from_raw(world.server.pid().try_into().unwrap());
        prlimit(process, Resource::Fsize, Rlimit { current, ..unlimited }).unwrap();
    };
    limit(Some(full));
    assert_reads_go_on_without_writes(&world, &reads, &writes());
    // What was refused is not there.
    let page = customer.get("/customer/tickets").expect(200);
    assert_eq!(page["data"].as_array().unwrap().len(), 2);

    limit(unlimited.current);
    for call in writes() {
        call.recovers();
    }
    assert_nothing_is_half_written(&world.database);
    assert_eq!(world.database.query("SELECT integrity_check AS value FROM pragma_integrity_check"), "ok");
    assert!(!world.server.log().contains("status=500"));
}

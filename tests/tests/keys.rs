//! The keys that sign access tokens, and how they change while the server runs.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use helpdesk_tests::{
    Client, Database, JWT_SECRET, PASSWORD, Server, StoreKind, World, header_of, run, wait_until,
};
use serde_json::json;

const OLD: &str = "bQ7xT2mVn9Kc4RzW8yHs5LpJ3dGf6AeU";
const NEW: &str = "Zr5Wd8Kj2Nv7Tq4Xb9Ly3Mc6Hp1Fs0Ga";
const RELOADED: &str = "SIGHUP: read ";
const KEPT: &str = "SIGHUP: the keys stay as they were";

/// Writes a file of these lines as an operator should: whole, in place of what was there, for its owner alone.
fn write(path: &Path, lines: &[&str]) {
    let new = path.with_extension("new");
    std::fs::write(&new, lines.join("\n")).unwrap();
    std::fs::set_permissions(&new, Permissions::from_mode(0o600)).unwrap();
    std::fs::rename(&new, path).unwrap();
}

/// A key file of these lines in the database's directory.
fn key_file(database: &Database, lines: &[&str]) -> PathBuf {
    let path = database.directory().join("keys");
    write(&path, lines);
    path
}

/// Variables that name the key file and no other key.
fn variables(path: &Path) -> [(&'static str, &str); 2] {
    [("HELPDESK_JWT_SECRET", ""), ("HELPDESK_JWT_SECRET_FILE", path.to_str().unwrap())]
}

/// A fresh token of the admin's, and the name of its key.
fn sign_in(server: &Server) -> (Client, String) {
    let login = json!({"email": "admin@example.com", "password": PASSWORD});
    let answer = server.client().post("/login", &login).expect(200);
    let token = answer["access_token"].as_str().unwrap();
    (server.client().with_token(token), header_of(token).kid.unwrap())
}

/// Writes the file, sends the signal, and waits until the log has this once more.
fn rotate(server: &Server, path: &Path, lines: &[&str], said: &str) {
    write(path, lines);
    hang_up(server, said);
}

fn hang_up(server: &Server, said: &str) {
    let count = || server.log().matches(said).count();
    let before = count();
    server.signal("HUP");
    wait_until(said, || count() > before);
}

fn status(client: &Client) -> u16 {
    client.get("/admin/users").status
}

#[test]
fn keys_change_while_it_serves() {
    let database = Database::create(StoreKind::Sqlite);
    let path = key_file(&database, &[OLD]);
    let world = World::on(database, &variables(&path));
    let server = &world.server;
    let (old, old_kid) = sign_in(server);

    // The new key signs as soon as it was read, with nothing restarted; what the old one signed stays good.
    write(&path, &["# since today", NEW, "", "# until tonight", OLD]);
    server.signal("HUP");
    wait_until("a token of the new key", || sign_in(server).1 != old_kid);
    let (new, new_kid) = sign_in(server);
    assert_eq!((status(&old), status(&new)), (200, 200));

    // The old key goes, and with it all that it signed.
    write(&path, &[NEW]);
    server.signal("HUP");
    wait_until("the old token to be refused", || status(&old) == 401);
    assert_eq!(old.get("/admin/users").problem(401), "invalid_token");
    assert_eq!(status(&new), 200);

    // What will not do changes nothing, and the log says why without repeating it.
    for (lines, why) in [
        (&[NEW, "changeme"][..], "line 2 has 8 bytes"),
        (&[OLD, NEW, OLD], "line 3 is the key of line 1 again"),
        (&["# nothing"], "holds no key"),
    ] {
        rotate(server, &path, lines, KEPT);
        assert!(server.log().contains(why), "{why}");
        assert_eq!((status(&old), status(&new)), (401, 200), "{why}");
        assert_eq!(sign_in(server).1, new_kid, "{why}");
    }
    std::fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
    hang_up(server, KEPT);
    std::fs::remove_file(&path).unwrap();
    hang_up(server, KEPT);
    assert!(!path.exists());
    assert_eq!((status(&old), status(&new)), (401, 200));

    // A file that will do again is read again.
    rotate(server, &path, &[OLD, NEW], RELOADED);
    assert_eq!(sign_in(server).1, old_kid);
    assert_eq!((status(&old), status(&new)), (200, 200));
    let log = server.log();
    assert!(log.contains(&old_kid) && log.contains(&new_kid), "the names of the keys that signed");
    for secret in [OLD, NEW, "changeme"] {
        assert!(!log.contains(secret));
    }
    world.server.signal("TERM");
    assert_eq!(world.server.wait(), Some(0));
}

#[test]
fn the_key_beside_the_database_can_change_too() {
    let world = World::with(StoreKind::Sqlite, &[("HELPDESK_JWT_SECRET", "")]);
    let path = world.database.directory().join("test.db.jwt-secret");
    let (old, old_kid) = sign_in(&world.server);
    let made = std::fs::read_to_string(&path).unwrap();
    rotate(&world.server, &path, &[NEW, &made], RELOADED);
    assert_ne!(sign_in(&world.server).1, old_kid);
    assert_eq!(status(&old), 200);
    // A file that is gone is not made anew under a running server: with another key all would be signed out.
    std::fs::remove_file(&path).unwrap();
    hang_up(&world.server, KEPT);
    assert!(!path.exists());
    assert_eq!(status(&old), 200);
}

#[test]
fn a_key_in_a_variable_stays_and_a_hang_up_ends_nothing() {
    let world = World::new(StoreKind::Sqlite);
    hang_up(&world.server, "no file to read again");
    assert_eq!(status(&world.admin), 200);
    world.server.signal("TERM");
    assert_eq!(world.server.wait(), Some(0));
}

/// Step by step as the operations guide says, with a look at every token on every instance after each step.
#[test]
fn instances_on_one_postgres_change_keys_one_by_one() {
    let database = Database::create(StoreKind::Postgres);
    let path = key_file(&database, &[OLD]);
    let world = World::on(database, &variables(&path));
    let other_path = world.database.directory().join("other-keys");
    write(&other_path, &[OLD]);
    let other = Server::start_with(&world.database, &variables(&other_path));
    let instances = [(&world.server, &path), (&other, &other_path)];

    let mut tokens = vec![];
    let mut kids = vec![];
    for lines in [&[OLD, NEW][..], &[NEW, OLD]] {
        for (server, path) in instances {
            rotate(server, path, lines, RELOADED);
            for (server, _) in instances {
                let (client, kid) = sign_in(server);
                tokens.push(client.token().unwrap().to_owned());
                kids.push(kid);
            }
            for token in &tokens {
                for (server, _) in instances {
                    assert_eq!(status(&server.client().with_token(token)), 200, "{lines:?}");
                }
            }
        }
    }
    // Each instance begins to sign with the new key at its own time, after all could verify it.
    let (first, last) = (&kids[0], &kids[kids.len() - 1]);
    assert_ne!(first, last);
    assert_eq!(kids.iter().collect::<Vec<_>>(), [first, first, first, first, last, first, last, last]);
    for (server, path) in instances {
        rotate(server, path, &[NEW], RELOADED);
        for (token, kid) in tokens.iter().zip(&kids) {
            let expected = if kid == last { 200 } else { 401 };
            assert_eq!(status(&server.client().with_token(token)), expected);
        }
    }
}

#[test]
fn a_key_file_that_will_not_do_does_not_start() {
    let database = Database::create(StoreKind::Sqlite);
    let refusal = |variables: &[(&str, &str)]| {
        let mut command = Server::command(&database);
        command.arg("serve").envs(variables.iter().copied());
        let output = run(command, "");
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).unwrap()
    };
    let path = key_file(&database, &[OLD, "changeme"]);
    let said = refusal(&variables(&path));
    assert!(said.contains(&format!("{}: line 2 has 8 bytes", path.display())), "{said}");
    assert!(!said.contains("changeme"), "{said}");

    write(&path, &[OLD]);
    std::fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
    let said = refusal(&variables(&path));
    assert!(said.contains("chmod 6") && said.contains(path.to_str().unwrap()), "{said}");

    std::fs::remove_file(&path).unwrap();
    let said = refusal(&variables(&path));
    assert!(said.contains("no such file"), "{said}");

    // Which of the two it was could be guessed wrong.
    write(&path, &[OLD]);
    let both = [("HELPDESK_JWT_SECRET", JWT_SECRET), ("HELPDESK_JWT_SECRET_FILE", path.to_str().unwrap())];
    let said = refusal(&both);
    assert!(said.contains("both set"), "{said}");
    // Nothing was begun.
    assert!(!database.sqlite_file().exists());
}

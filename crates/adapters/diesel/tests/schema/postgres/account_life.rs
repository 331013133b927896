//! What the migration that brought refreshing, invitations and the trail makes of sessions that are there already.

use diesel::connection::SimpleConnection;
use diesel_migrations::MigrationHarness;

use super::super::{POSTGRES, support::Database};
use super::lines;

/// One with a token, one without, and one whose token would live longer than itself.
const BEFORE: &str = "
    INSERT INTO users (id, email, name, role, is_active, version, token_version, created_at, updated_at)
    VALUES (1, 'a@example.com', 'A', 'customer', true, 3, 3, '2026-01-01Z', '2026-01-01Z');
    INSERT INTO sessions (id, user_id, created_at, expires_at) VALUES
        ('a', 1, '2026-01-01Z', '2026-01-31Z'), ('b', 1, '2026-01-01Z', '2026-01-31Z'), ('c', 1, '2026-01-01Z', '2026-01-02Z');
    INSERT INTO refresh_tokens (digest, session_id, issued_at, expires_at, used_at) VALUES
        (decode(repeat('0a', 32), 'hex'), 'a', '2026-01-01Z', '2026-01-04Z', NULL),
        (decode(repeat('0c', 32), 'hex'), 'c', '2026-01-01Z', '2026-01-08Z', NULL);";

const SESSIONS: &str = "SELECT concat_ws(' ', id, token_version, generation, to_char(last_used_at, 'DD'), \
    to_char(idle_expires_at, 'DD'), address) AS line FROM sessions ORDER BY id";

/// One goes on, another belongs to what the account was before; the account is invited, and the trail tells of it.
const MEANWHILE: &str = "
    UPDATE sessions SET generation = 2, last_used_at = '2026-01-03Z', idle_expires_at = '2026-01-10Z',
        address = '192.0.2.1', network = '192.0.2.1', user_agent = 'curl' WHERE id = 'a';
    UPDATE sessions SET token_version = 2 WHERE id = 'b';
    INSERT INTO refresh_tokens (digest, session_id, issued_at, generation, is_superseded)
    VALUES (decode(repeat('0d', 32), 'hex'), 'a', '2026-01-03Z', 2, false);
    INSERT INTO invitations VALUES (decode(repeat('0e', 32), 'hex'), 1, '2026-01-01Z', '2026-01-02Z');
    INSERT INTO audit_entries (at, actor_kind, actor_id, kind, subject_kind, subject_id, label, changes)
    VALUES ('2026-01-01Z', 'customer', 1, 'password_changed', 'user', 1, 'a@example.com', '[]');";

const TOKENS_BEFORE: &str = "SELECT concat_ws(' ', session_id, left(encode(digest, 'hex'), 2), to_char(expires_at, 'DD'), \
    to_char(used_at, 'DD')) AS line FROM refresh_tokens ORDER BY digest";

const TOKENS: &str = "SELECT concat_ws(' ', session_id, left(encode(digest, 'hex'), 2), generation, is_superseded) AS line \
    FROM refresh_tokens ORDER BY digest";

#[test]
fn sessions_live_through_the_migration_there_and_back() {
    let database = Database::create();
    let connection = &mut database.connection();
    connection.batch_execute("SET timezone = 'UTC'").unwrap();
    for _ in 0..3 {
        connection.run_next_migration(POSTGRES).unwrap();
    }
    connection.batch_execute(BEFORE).unwrap();
    connection.run_next_migration(POSTGRES).unwrap();
    assert_eq!(lines(connection, SESSIONS), ["a 3 1 01 04", "b 3 1 01 08", "c 3 1 01 02"]);
    assert_eq!(lines(connection, TOKENS), ["a 0a 1 f", "c 0c 1 f"]);

    connection.batch_execute(MEANWHILE).unwrap();
    connection.revert_last_migration(POSTGRES).unwrap();
    assert_eq!(lines(connection, "SELECT id AS line FROM sessions ORDER BY id"), ["a", "c"]);
    assert_eq!(lines(connection, TOKENS_BEFORE), ["a 0a 10 03", "c 0c 02", "a 0d 10"]);

    connection.run_next_migration(POSTGRES).unwrap();
    assert_eq!(lines(connection, SESSIONS), ["a 3 1 01 10", "c 3 1 01 02"]);
    assert_eq!(lines(connection, TOKENS), ["a 0a 1 t", "c 0c 1 f", "a 0d 1 f"]);
}

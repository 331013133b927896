//! What the migration that brought refreshing, invitations and the trail makes of sessions that are there already.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel_migrations::MigrationHarness;

use super::super::SQLITE;
use super::lines;

/// One with a token, one without, and one whose token would live longer than itself. A day is 86,400,000,000.
const BEFORE: &str = "
    INSERT INTO users (id, email, name, role, is_active, version, token_version, created_at, updated_at)
    VALUES (1, 'a@example.com', 'A', 'customer', 1, 3, 3, 0, 0);
    INSERT INTO sessions (id, user_id, created_at, expires_at) VALUES
        ('a', 1, 0, 30 * 86400000000), ('b', 1, 0, 30 * 86400000000), ('c', 1, 0, 86400000000);
    INSERT INTO refresh_tokens (digest, session_id, issued_at, expires_at, used_at) VALUES
        (unhex(replace(hex(zeroblob(32)), '00', '0a')), 'a', 0, 3 * 86400000000, NULL),
        (unhex(replace(hex(zeroblob(32)), '00', '0c')), 'c', 0, 7 * 86400000000, NULL);";

const SESSIONS: &str = "SELECT concat_ws(' ', id, token_version, generation, last_used_at / 86400000000, \
    idle_expires_at / 86400000000, address) AS line FROM sessions ORDER BY id";

/// One goes on, another belongs to what the account was before; the account is invited, and the trail tells of it.
const MEANWHILE: &str = "
    UPDATE sessions SET generation = 2, last_used_at = 2 * 86400000000, idle_expires_at = 9 * 86400000000,
        address = '192.0.2.1', network = '192.0.2.1', user_agent = 'curl' WHERE id = 'a';
    UPDATE sessions SET token_version = 2 WHERE id = 'b';
    INSERT INTO refresh_tokens (digest, session_id, issued_at, generation, is_superseded)
    VALUES (unhex(replace(hex(zeroblob(32)), '00', '0d')), 'a', 2 * 86400000000, 2, 0);
    INSERT INTO invitations VALUES (unhex(replace(hex(zeroblob(32)), '00', '0e')), 1, 0, 86400000000);
    INSERT INTO audit_entries (at, actor_kind, actor_id, kind, subject_kind, subject_id, label, changes)
    VALUES (0, 'customer', 1, 'password_changed', 'user', 1, 'a@example.com', '[]');";

const TOKENS_BEFORE: &str = "SELECT concat_ws(' ', session_id, substr(hex(digest), 1, 2), expires_at / 86400000000, \
    used_at / 86400000000) AS line FROM refresh_tokens ORDER BY digest";

const TOKENS: &str = "SELECT concat_ws(' ', session_id, substr(hex(digest), 1, 2), generation, is_superseded) AS line \
    FROM refresh_tokens ORDER BY digest";

/// The store migrates without looking at references, and others may look.
#[test]
fn sessions_live_through_the_migration_there_and_back() {
    for foreign_keys in ["ON", "OFF"] {
        let connection = &mut SqliteConnection::establish(":memory:").unwrap();
        connection.batch_execute(&format!("PRAGMA foreign_keys = {foreign_keys}")).unwrap();
        for _ in 0..3 {
            connection.run_next_migration(SQLITE).unwrap();
        }
        connection.batch_execute(BEFORE).unwrap();
        connection.run_next_migration(SQLITE).unwrap();
        assert_eq!(lines(connection, SESSIONS), ["a 3 1 0 3", "b 3 1 0 7", "c 3 1 0 1"]);
        assert_eq!(lines(connection, TOKENS), ["a 0A 1 0", "c 0C 1 0"]);

        connection.batch_execute(MEANWHILE).unwrap();
        connection.revert_last_migration(SQLITE).unwrap();
        assert_eq!(lines(connection, "SELECT id AS line FROM sessions ORDER BY id"), ["a", "c"]);
        assert_eq!(lines(connection, TOKENS_BEFORE), ["a 0A 9 2", "c 0C 1", "a 0D 9"]);

        connection.run_next_migration(SQLITE).unwrap();
        assert_eq!(lines(connection, SESSIONS), ["a 3 1 0 9", "c 3 1 0 1"]);
        assert_eq!(lines(connection, TOKENS), ["a 0A 1 1", "c 0C 1 0", "a 0D 1 0"]);

        // What refers to them still does, by their own names.
        connection.batch_execute("PRAGMA foreign_keys = ON; DELETE FROM users").unwrap();
        assert_eq!(lines(connection, TOKENS), Vec::<String>::new());
    }
}

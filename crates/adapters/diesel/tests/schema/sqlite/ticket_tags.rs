//! That the tags of tickets are found: those that were there before the migration, and whatever becomes of them since.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel_migrations::MigrationHarness;

use super::super::SQLITE;
use super::lines;

const BEFORE: &str = "
    INSERT INTO users VALUES (1, 'a@example.com', 'A', 'customer', 1, 1, 1, NULL, NULL, 0, 0);
    INSERT INTO tickets VALUES
        (1, 's', 'd', 'open', 'low', '[\"b\",\"a\"]', 1, NULL, 1, NULL, 1, 1, 0, 0, 0, NULL, NULL, NULL, 0),
        (2, 's', 'd', 'open', 'low', '[]', 1, NULL, 1, NULL, 1, 1, 0, 0, 0, NULL, NULL, NULL, 0);";

const TAGS: &str = "SELECT concat_ws(' ', ticket_id, tag) AS line FROM ticket_tags ORDER BY ticket_id, tag";

#[test]
fn the_tags_are_those_of_the_tickets() {
    let connection = &mut SqliteConnection::establish(":memory:").unwrap();
    connection.batch_execute("PRAGMA foreign_keys = ON").unwrap();
    for _ in 0..4 {
        connection.run_next_migration(SQLITE).unwrap();
    }
    connection.batch_execute(BEFORE).unwrap();
    connection.run_next_migration(SQLITE).unwrap();
    assert_eq!(lines(connection, TAGS), ["1 a", "1 b"]);
    let steps: [(&str, &[&str]); 5] = [
        ("UPDATE tickets SET tags = '[\"c\"]'", &["1 c", "2 c"]),
        ("UPDATE tickets SET tags = '[]' WHERE id = 1", &["2 c"]),
        ("UPDATE tickets SET version = 2, tags = tags", &["2 c"]),
        (
            "INSERT INTO tickets SELECT 3, 's', 'd', 'open', 'low', '[\"d\"]', 1, NULL, 1, NULL, 1, 1, 0, 0, 0, NULL, NULL, NULL, 0",
            &["2 c", "3 d"],
        ),
        ("DELETE FROM tickets WHERE id = 2", &["3 d"]),
    ];
    for (statement, expected) in steps {
        connection.batch_execute(statement).unwrap();
        assert_eq!(lines(connection, TAGS), expected, "{statement}");
    }
}

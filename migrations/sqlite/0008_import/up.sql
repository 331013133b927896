-- What tickets and comments that were imported are called where they come from: so that an import which is run again writes
-- nothing twice. Written in the transaction of what it tells of.

CREATE TABLE import_sources (
    id   INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    name TEXT    NOT NULL CONSTRAINT import_sources_name_key UNIQUE
) STRICT;

CREATE TABLE imported_tickets (
    source_id   INTEGER NOT NULL REFERENCES import_sources (id) ON DELETE CASCADE,
    original_id INTEGER NOT NULL,
    ticket_id   INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    PRIMARY KEY (source_id, original_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX imported_tickets_ticket ON imported_tickets (ticket_id);

CREATE TABLE imported_comments (
    source_id   INTEGER NOT NULL REFERENCES import_sources (id) ON DELETE CASCADE,
    original_id INTEGER NOT NULL,
    -- Refers to nothing: no comment goes but with its ticket, and an index over all would cost more than it ever gives.
    comment_id  INTEGER NOT NULL,
    PRIMARY KEY (source_id, original_id)
) STRICT, WITHOUT ROWID;

-- Tickets, their comments, and the events that are history, change feed and outbox in one.

CREATE TABLE tickets (
    id                 INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    subject            TEXT    NOT NULL,
    description        TEXT    NOT NULL,
    status             TEXT    NOT NULL
        CHECK (status IN ('open', 'in_progress', 'pending', 'resolved', 'closed')),
    priority           TEXT    NOT NULL CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
    tags               TEXT    NOT NULL CHECK (json_type(tags) = 'array'),
    requester_id       INTEGER NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    assignee_id        INTEGER REFERENCES users (id) ON DELETE RESTRICT,
    team_id            INTEGER NOT NULL REFERENCES teams (id) ON DELETE RESTRICT,
    follow_up_of       INTEGER REFERENCES tickets (id) ON DELETE RESTRICT,
    version            INTEGER NOT NULL CHECK (version >= 1),
    public_version     INTEGER NOT NULL CHECK (public_version BETWEEN 1 AND version),
    created_at         INTEGER NOT NULL,
    updated_at         INTEGER NOT NULL,
    public_updated_at  INTEGER NOT NULL,
    first_responded_at INTEGER,
    resolved_at        INTEGER,
    closed_at          INTEGER,
    reopen_count       INTEGER NOT NULL CHECK (reopen_count >= 0)
) STRICT;

-- One for each list: an agent's and a customer's by change time, everyone's, and the same by the order of ids.
CREATE INDEX tickets_assignee_updated ON tickets (assignee_id, updated_at, id);
CREATE INDEX tickets_requester_updated ON tickets (requester_id, public_updated_at, id);
CREATE INDEX tickets_updated ON tickets (updated_at, id);
CREATE INDEX tickets_assignee ON tickets (assignee_id, id);
CREATE INDEX tickets_requester ON tickets (requester_id, id);
CREATE INDEX tickets_queue ON tickets (team_id, id) WHERE assignee_id IS NULL;
-- These serve the foreign keys alone.
CREATE INDEX tickets_team ON tickets (team_id);
CREATE INDEX tickets_follow_up_of ON tickets (follow_up_of) WHERE follow_up_of IS NOT NULL;

-- Public ids are odd and internal ones even, each kind counted by itself, so that not even an id tells a customer of
-- anything internal. The counters stand in a table, and move in the writer's transaction, since another process may
-- write to the same file.
CREATE TABLE id_counters (
    name TEXT    NOT NULL PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT;

INSERT INTO id_counters (name, last) VALUES
    ('comments_public_ids', -1),
    ('comments_internal_ids', 0),
    ('ticket_events_public_ids', -1),
    ('ticket_events_internal_ids', 0);

CREATE TABLE comments (
    id          INTEGER PRIMARY KEY NOT NULL,
    ticket_id   INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    author_id   INTEGER NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    author_role TEXT    NOT NULL CHECK (author_role IN ('agent', 'customer', 'admin')),
    body        TEXT    NOT NULL,
    is_internal INTEGER NOT NULL CHECK (is_internal = (id % 2 = 0)),
    created_at  INTEGER NOT NULL
) STRICT;

CREATE INDEX comments_ticket ON comments (ticket_id, created_at, id);
-- What a customer reads: with internal comments between them, the public ones would be a filter over all.
CREATE INDEX comments_ticket_visibility ON comments (ticket_id, is_internal, created_at, id);
CREATE INDEX comments_author ON comments (author_id);

CREATE TABLE ticket_events (
    id             INTEGER PRIMARY KEY NOT NULL,
    ticket_id      INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    is_internal    INTEGER NOT NULL CHECK (is_internal = (id % 2 = 0)),
    kind           TEXT    NOT NULL,
    actor_kind     TEXT    NOT NULL CHECK (actor_kind IN ('admin', 'agent', 'customer', 'system')),
    actor_id       INTEGER REFERENCES users (id) ON DELETE RESTRICT,
    at             INTEGER NOT NULL,
    -- The ticket's versions after the change.
    version        INTEGER NOT NULL CHECK (version >= 1),
    public_version INTEGER NOT NULL CHECK (public_version BETWEEN 1 AND version),
    comment_id     INTEGER REFERENCES comments (id) ON DELETE SET NULL,
    changes        TEXT    NOT NULL CHECK (json_type(changes) = 'array'),
    CHECK ((actor_kind = 'system') = (actor_id IS NULL))
) STRICT;

-- History is in the order of time; ids tell none, since public and internal ones are counted apart. A customer's is read
-- in this order, and takes no longer for what happened internally. Staff's sorts the events of the one ticket, which are
-- few: an index of its own would make every write dearer than it makes those reads cheaper.
CREATE INDEX ticket_events_ticket ON ticket_events (ticket_id, is_internal, at, id);
CREATE INDEX ticket_events_actor ON ticket_events (actor_id) WHERE actor_id IS NOT NULL;
CREATE INDEX ticket_events_comment ON ticket_events (comment_id) WHERE comment_id IS NOT NULL;

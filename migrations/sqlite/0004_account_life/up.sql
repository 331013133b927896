-- The life of an account: sessions that are refreshed, invitations, and the trail of who did what to accounts and teams.
--
-- A column that may not be null needs a table of its own making. The old tables step aside together, so that dropping them
-- takes nothing along, whether references are kept or not.

ALTER TABLE sessions RENAME TO old_sessions;
ALTER TABLE refresh_tokens RENAME TO old_refresh_tokens;

CREATE TABLE sessions (
    id              TEXT    NOT NULL PRIMARY KEY,
    user_id         INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    revoked_at      INTEGER,
    -- The account's token version that the session is good for.
    token_version   INTEGER NOT NULL CHECK (token_version >= 1),
    -- Which generation of refresh tokens is the newest.
    generation      INTEGER NOT NULL CHECK (generation >= 1),
    last_used_at    INTEGER NOT NULL,
    idle_expires_at INTEGER NOT NULL,
    -- From where it was used last.
    address         TEXT,
    -- From where it was opened: what counts as one caller there.
    network         TEXT,
    -- What the client called itself last.
    user_agent      TEXT
) STRICT;

INSERT INTO sessions
SELECT s.id, s.user_id, s.created_at, s.expires_at, s.revoked_at, u.token_version, 1, s.created_at,
    min(s.expires_at, coalesce(
        (SELECT max(t.expires_at) FROM old_refresh_tokens t WHERE t.session_id = s.id),
        s.created_at + 7 * 86400 * 1000000)),
    NULL, NULL, NULL
FROM old_sessions s JOIN users u ON u.id = s.user_id;

CREATE TABLE refresh_tokens (
    digest        BLOB    NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    session_id    TEXT    NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    issued_at     INTEGER NOT NULL,
    generation    INTEGER NOT NULL CHECK (generation >= 1),
    -- Whether another one took its place, because its answer seemed to be lost.
    is_superseded INTEGER NOT NULL CHECK (is_superseded IN (0, 1))
) STRICT;

INSERT INTO refresh_tokens
SELECT digest, session_id, issued_at, 1, used_at IS NOT NULL FROM old_refresh_tokens;

DROP TABLE old_refresh_tokens;
DROP TABLE old_sessions;

-- An account's sessions, newest first, which serves the foreign key as well.
CREATE INDEX sessions_user_created ON sessions (user_id, created_at, id);
-- Whether an account was used from a network: the sessions from anywhere else may be many.
CREATE INDEX sessions_user_network ON sessions (user_id, network);
-- What is to be forgotten.
CREATE INDEX sessions_expires ON sessions (expires_at);
-- A session's tokens by generation, which serves the foreign key as well.
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id, generation);

CREATE TABLE invitations (
    digest     BLOB    NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    -- An account has one at the most: a later one takes the place of an earlier.
    user_id    INTEGER NOT NULL CONSTRAINT invitations_user_key UNIQUE REFERENCES users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX invitations_expires ON invitations (expires_at);

CREATE TABLE audit_entries (
    id           INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    at           INTEGER NOT NULL,
    actor_kind   TEXT    NOT NULL CHECK (actor_kind IN ('admin', 'agent', 'customer', 'system')),
    actor_id     INTEGER REFERENCES users (id) ON DELETE RESTRICT,
    kind         TEXT    NOT NULL,
    subject_kind TEXT    NOT NULL CHECK (subject_kind IN ('user', 'team')),
    -- Refers to nothing: what an entry is about may be gone, and the entry stays.
    subject_id   INTEGER NOT NULL,
    label        TEXT    NOT NULL,
    changes      TEXT    NOT NULL CHECK (json_type(changes) = 'array'),
    CHECK ((actor_kind = 'system') = (actor_id IS NULL))
) STRICT;

-- One for each filter of the trail, and one for both at once.
CREATE INDEX audit_entries_actor ON audit_entries (actor_id, id);
CREATE INDEX audit_entries_kind ON audit_entries (kind, id);
CREATE INDEX audit_entries_actor_kind ON audit_entries (actor_id, kind, id);

-- The accounts of a role, by id; among them the admins, of whom one must remain.
CREATE INDEX users_role ON users (role, id);

-- Accounts, teams and sign-in sessions. The same names stand in migrations/postgres. Times are microseconds since
-- 1970-01-01T00:00:00Z.

CREATE TABLE users (
    id              INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    email           TEXT    NOT NULL,
    name            TEXT    NOT NULL,
    role            TEXT    NOT NULL CHECK (role IN ('agent', 'customer', 'admin')),
    is_active       INTEGER NOT NULL CHECK (is_active IN (0, 1)),
    version         INTEGER NOT NULL CHECK (version >= 1),
    token_version   INTEGER NOT NULL CHECK (token_version >= 1),
    -- An account has none until its invitation is accepted.
    password_scheme INTEGER,
    password_hash   TEXT,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    CONSTRAINT users_email_key UNIQUE (email),
    CHECK ((password_scheme IS NULL) = (password_hash IS NULL))
) STRICT;

CREATE TABLE teams (
    id         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    name       TEXT    NOT NULL CONSTRAINT teams_name_key UNIQUE,
    is_default INTEGER NOT NULL CHECK (is_default IN (0, 1))
) STRICT;

-- At most one team is the one that new tickets and new agents get.
CREATE UNIQUE INDEX teams_one_default ON teams (is_default) WHERE is_default;

INSERT INTO teams (name, is_default) VALUES ('Support', 1);

CREATE TABLE team_members (
    team_id INTEGER NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (team_id, user_id)
) STRICT;

CREATE INDEX team_members_user ON team_members (user_id);

CREATE TABLE sessions (
    id         TEXT    NOT NULL PRIMARY KEY,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;

CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE refresh_tokens (
    digest     BLOB    NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    session_id TEXT    NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    issued_at  INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT;

CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);

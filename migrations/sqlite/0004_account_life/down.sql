DROP INDEX users_role;
DROP TABLE audit_entries;
DROP TABLE invitations;

ALTER TABLE sessions RENAME TO new_sessions;
ALTER TABLE refresh_tokens RENAME TO new_refresh_tokens;

CREATE TABLE sessions (
    id         TEXT    NOT NULL PRIMARY KEY,
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;

-- What dies by its token version would come to life again.
INSERT INTO sessions
SELECT s.id, s.user_id, s.created_at, s.expires_at, s.revoked_at
FROM new_sessions s JOIN users u ON u.id = s.user_id AND u.token_version = s.token_version;

CREATE TABLE refresh_tokens (
    digest     BLOB    NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    session_id TEXT    NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    issued_at  INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT;

-- Every token but the newest was used, or may not be used any more.
INSERT INTO refresh_tokens
SELECT t.digest, t.session_id, t.issued_at, n.idle_expires_at,
    CASE WHEN t.is_superseded OR t.generation < n.generation THEN n.last_used_at END
FROM new_refresh_tokens t JOIN new_sessions n ON n.id = t.session_id JOIN sessions s ON s.id = t.session_id;

DROP TABLE new_refresh_tokens;
DROP TABLE new_sessions;

CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);

DROP INDEX users_role;
DROP TABLE audit_entries;
DROP TABLE invitations;

ALTER TABLE refresh_tokens ADD COLUMN expires_at timestamptz, ADD COLUMN used_at timestamptz;

-- Every token but the newest was used, or may not be used any more.
UPDATE refresh_tokens t SET
    expires_at = s.idle_expires_at,
    used_at = CASE WHEN t.is_superseded OR t.generation < s.generation THEN s.last_used_at END
FROM sessions s WHERE s.id = t.session_id;

DROP INDEX refresh_tokens_session;
ALTER TABLE refresh_tokens
    ALTER COLUMN expires_at SET NOT NULL,
    DROP COLUMN generation,
    DROP COLUMN is_superseded;

-- What dies by its token version would come to life again.
DELETE FROM sessions s USING users u WHERE u.id = s.user_id AND u.token_version <> s.token_version;

DROP INDEX sessions_expires;
DROP INDEX sessions_user_network;
DROP INDEX sessions_user_created;
ALTER TABLE sessions
    DROP COLUMN token_version,
    DROP COLUMN generation,
    DROP COLUMN last_used_at,
    DROP COLUMN idle_expires_at,
    DROP COLUMN address,
    DROP COLUMN network,
    DROP COLUMN user_agent;
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);
CREATE INDEX sessions_user ON sessions (user_id);

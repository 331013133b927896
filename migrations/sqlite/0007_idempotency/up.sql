-- Answers that are kept for a while, so that a request which is sent again is not done again. Each is written in the
-- transaction of what it is the answer to. None holds a secret.
CREATE TABLE idempotency_keys (
    account_id  INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- As the caller has chosen it.
    key         TEXT    NOT NULL CHECK (length(key) BETWEEN 1 AND 64),
    -- Which request it was: a digest that is keyed, and tells nothing of it.
    fingerprint BLOB    NOT NULL CHECK (length(fingerprint) = 32),
    -- In the form of whoever gave it.
    answer      BLOB    NOT NULL,
    expires_at  INTEGER NOT NULL,
    PRIMARY KEY (account_id, key)
) STRICT;

-- What is to be forgotten.
CREATE INDEX idempotency_keys_expires ON idempotency_keys (expires_at);

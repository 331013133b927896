-- Keys cursors and fingerprints. Made once, by the store itself: all processes on one store agree, and rotating the
-- signing keys breaks no crawl.

CREATE TABLE store_secrets (
    name   TEXT NOT NULL PRIMARY KEY,
    secret BLOB NOT NULL CHECK (length(secret) = 32)
) STRICT;

-- SQLite seeds this generator from the operating system's.
INSERT INTO store_secrets (name, secret) VALUES ('store', randomblob(32));

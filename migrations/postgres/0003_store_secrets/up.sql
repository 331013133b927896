-- Keys cursors and fingerprints. Made once, by the store itself: all instances on one store agree, and rotating the
-- signing keys breaks no crawl.

CREATE TABLE store_secrets (
    name   text  PRIMARY KEY,
    secret bytea NOT NULL CHECK (octet_length(secret) = 32)
);

-- A random UUID holds 122 bits of the server's strong generator; three hold more than the 256 that the digest keeps.
INSERT INTO store_secrets (name, secret)
VALUES ('store', sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));

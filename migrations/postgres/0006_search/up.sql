-- What searches look at: the words of tickets and comments, taken out by the program, the same for both engines.
--
-- They stand in tables of their own, since whatever changes a row that has such an index writes the index anew, and tickets change
-- all the time, but not their texts. Tickets, public and internal comments are apart: a customer's search has nothing to do with
-- the last.

CREATE TABLE ticket_texts (
    ticket_id bigint   PRIMARY KEY REFERENCES tickets (id) ON DELETE CASCADE,
    words     tsvector NOT NULL
);

CREATE TABLE public_comment_texts (
    comment_id bigint   PRIMARY KEY REFERENCES comments (id) ON DELETE CASCADE,
    -- The comment's own.
    ticket_id  bigint   NOT NULL,
    words      tsvector NOT NULL
);

CREATE TABLE internal_comment_texts (
    comment_id bigint   PRIMARY KEY REFERENCES comments (id) ON DELETE CASCADE,
    -- The comment's own.
    ticket_id  bigint   NOT NULL,
    words      tsvector NOT NULL
);

CREATE INDEX public_comment_texts_ticket ON public_comment_texts (ticket_id);
CREATE INDEX internal_comment_texts_ticket ON internal_comment_texts (ticket_id);

-- What was written last waits in a list, which every search reads whole, until it is long enough to be worked in. Short, so that neither
-- takes long.
CREATE INDEX ticket_texts_words ON ticket_texts USING gin (words) WITH (gin_pending_list_limit = 512);
CREATE INDEX public_comment_texts_words ON public_comment_texts USING gin (words) WITH (gin_pending_list_limit = 512);
CREATE INDEX internal_comment_texts_words ON internal_comment_texts USING gin (words) WITH (gin_pending_list_limit = 512);

-- How far each of them goes, and by which version of the program's idea of words. What was there before is filled in by the program.
CREATE TABLE text_indexes (
    name          text   PRIMARY KEY CHECK (name IN ('tickets', 'public_comments', 'internal_comments')),
    words_version bigint NOT NULL,
    -- All rows up to this id are in it.
    indexed_to    bigint NOT NULL
);

INSERT INTO text_indexes (name, words_version, indexed_to)
VALUES ('tickets', 0, 0), ('public_comments', 0, 0), ('internal_comments', 0, 0);

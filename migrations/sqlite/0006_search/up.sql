-- What searches look at: the words of tickets and comments, taken out by the program, the same for both engines: each once, a blank
-- before and behind it.
--
-- They stand in tables of their own, since whatever changes a row that has such an index writes the index anew, and tickets change
-- all the time, but not their texts. Tickets, public and internal comments are apart: a customer's search has nothing to do with
-- the last.

CREATE TABLE ticket_texts (
    ticket_id INTEGER PRIMARY KEY NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    words     TEXT    NOT NULL
) STRICT;

CREATE TABLE public_comment_texts (
    comment_id INTEGER PRIMARY KEY NOT NULL REFERENCES comments (id) ON DELETE CASCADE,
    -- The comment's own.
    ticket_id  INTEGER NOT NULL,
    words      TEXT    NOT NULL
) STRICT;

CREATE TABLE internal_comment_texts (
    comment_id INTEGER PRIMARY KEY NOT NULL REFERENCES comments (id) ON DELETE CASCADE,
    -- The comment's own.
    ticket_id  INTEGER NOT NULL,
    words      TEXT    NOT NULL
) STRICT;

CREATE INDEX public_comment_texts_ticket ON public_comment_texts (ticket_id);
CREATE INDEX internal_comment_texts_ticket ON internal_comment_texts (ticket_id);

-- By word, which rows have it; no copy of them, no places, no counts. The tokeniser leaves the words as they are: it parts them at
-- whatever of ASCII is neither letter nor digit, and all that they hold of ASCII are small letters and digits.
CREATE VIRTUAL TABLE ticket_words USING fts5 (words, content = '', columnsize = 0, detail = none, tokenize = 'ascii');
CREATE VIRTUAL TABLE public_comment_words USING fts5 (words, content = '', columnsize = 0, detail = none, tokenize = 'ascii');
CREATE VIRTUAL TABLE internal_comment_words USING fts5 (words, content = '', columnsize = 0, detail = none, tokenize = 'ascii');

-- Kept by the database itself, so that the two cannot part.
CREATE TRIGGER ticket_texts_added AFTER INSERT ON ticket_texts
BEGIN
    INSERT INTO ticket_words (rowid, words) VALUES (new.ticket_id, new.words);
END;
CREATE TRIGGER ticket_texts_removed AFTER DELETE ON ticket_texts
BEGIN
    INSERT INTO ticket_words (ticket_words, rowid, words) VALUES ('delete', old.ticket_id, old.words);
END;
CREATE TRIGGER ticket_texts_changed AFTER UPDATE ON ticket_texts
BEGIN
    INSERT INTO ticket_words (ticket_words, rowid, words) VALUES ('delete', old.ticket_id, old.words);
    INSERT INTO ticket_words (rowid, words) VALUES (new.ticket_id, new.words);
END;
CREATE TRIGGER public_comment_texts_added AFTER INSERT ON public_comment_texts
BEGIN
    INSERT INTO public_comment_words (rowid, words) VALUES (new.comment_id, new.words);
END;
CREATE TRIGGER public_comment_texts_removed AFTER DELETE ON public_comment_texts
BEGIN
    INSERT INTO public_comment_words (public_comment_words, rowid, words) VALUES ('delete', old.comment_id, old.words);
END;
CREATE TRIGGER public_comment_texts_changed AFTER UPDATE ON public_comment_texts
BEGIN
    INSERT INTO public_comment_words (public_comment_words, rowid, words) VALUES ('delete', old.comment_id, old.words);
    INSERT INTO public_comment_words (rowid, words) VALUES (new.comment_id, new.words);
END;
CREATE TRIGGER internal_comment_texts_added AFTER INSERT ON internal_comment_texts
BEGIN
    INSERT INTO internal_comment_words (rowid, words) VALUES (new.comment_id, new.words);
END;
CREATE TRIGGER internal_comment_texts_removed AFTER DELETE ON internal_comment_texts
BEGIN
    INSERT INTO internal_comment_words (internal_comment_words, rowid, words) VALUES ('delete', old.comment_id, old.words);
END;
CREATE TRIGGER internal_comment_texts_changed AFTER UPDATE ON internal_comment_texts
BEGIN
    INSERT INTO internal_comment_words (internal_comment_words, rowid, words) VALUES ('delete', old.comment_id, old.words);
    INSERT INTO internal_comment_words (rowid, words) VALUES (new.comment_id, new.words);
END;

-- How far each of them goes, and by which version of the program's idea of words. What was there before is filled in by the program.
CREATE TABLE text_indexes (
    name          TEXT    NOT NULL PRIMARY KEY CHECK (name IN ('tickets', 'public_comments', 'internal_comments')),
    words_version INTEGER NOT NULL,
    -- All rows up to this id are in it.
    indexed_to    INTEGER NOT NULL
) STRICT;

INSERT INTO text_indexes (name, words_version, indexed_to)
VALUES ('tickets', 0, 0), ('public_comments', 0, 0), ('internal_comments', 0, 0);

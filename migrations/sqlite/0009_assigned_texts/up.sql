-- The words of tickets that somebody works, once more, each behind the number of who does, as in `17xprinter`: so that a search among
-- an agent's tickets takes as long as it has hits there, and not as there are anywhere.
--
-- Nobody writes here but the database itself, so that it cannot part from what it is made of, whoever changes that.

CREATE TABLE assigned_texts (
    -- Three times that of the ticket or comment, and behind it of which kind it is; see texts_of_agents.
    id        INTEGER PRIMARY KEY NOT NULL,
    ticket_id INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    words     TEXT    NOT NULL
) STRICT;

CREATE INDEX assigned_texts_ticket ON assigned_texts (ticket_id);

-- What belongs there.
CREATE VIEW texts_of_agents (id, kind, text_id, ticket_id, words) AS
WITH texts (kind, text_id, ticket_id, words) AS (
    SELECT 0, ticket_id, ticket_id, words FROM ticket_texts
    UNION ALL
    SELECT 1, comment_id, ticket_id, words FROM public_comment_texts
    UNION ALL
    SELECT 2, comment_id, ticket_id, words FROM internal_comment_texts
)
SELECT 3 * texts.text_id + texts.kind, texts.kind, texts.text_id, texts.ticket_id,
    ' ' || tickets.assignee_id || 'x'
        || replace(trim(texts.words), ' ', ' ' || tickets.assignee_id || 'x') || ' '
FROM texts CROSS JOIN tickets ON tickets.id = texts.ticket_id
WHERE tickets.assignee_id IS NOT NULL;

CREATE VIRTUAL TABLE assigned_words USING fts5 (words, content = '', columnsize = 0, detail = none, tokenize = 'ascii');

CREATE TRIGGER assigned_texts_added AFTER INSERT ON assigned_texts
BEGIN
    INSERT INTO assigned_words (rowid, words) VALUES (new.id, new.words);
END;
CREATE TRIGGER assigned_texts_removed AFTER DELETE ON assigned_texts
BEGIN
    INSERT INTO assigned_words (assigned_words, rowid, words) VALUES ('delete', old.id, old.words);
END;
CREATE TRIGGER assigned_texts_changed AFTER UPDATE ON assigned_texts
BEGIN
    INSERT INTO assigned_words (assigned_words, rowid, words) VALUES ('delete', old.id, old.words);
    INSERT INTO assigned_words (rowid, words) VALUES (new.id, new.words);
END;

-- By who works the ticket. In the order of ids: FTS5 writes a piece of the index whenever the next id is a smaller one.
CREATE TRIGGER tickets_assigned AFTER UPDATE OF assignee_id ON tickets
    WHEN old.assignee_id IS NULL AND new.assignee_id IS NOT NULL
BEGIN
    INSERT INTO assigned_texts (id, ticket_id, words)
    SELECT id, ticket_id, words FROM texts_of_agents WHERE ticket_id = new.id ORDER BY id;
END;
CREATE TRIGGER tickets_assigned_anew AFTER UPDATE OF assignee_id ON tickets
    WHEN old.assignee_id <> new.assignee_id
BEGIN
    UPDATE assigned_texts SET words = (
        SELECT texts.words FROM texts_of_agents AS texts
        WHERE texts.kind = assigned_texts.id % 3 AND texts.text_id = assigned_texts.id / 3
    )
    WHERE ticket_id = new.id;
END;
CREATE TRIGGER tickets_not_assigned AFTER UPDATE OF assignee_id ON tickets
    WHEN old.assignee_id IS NOT NULL AND new.assignee_id IS NULL
BEGIN
    DELETE FROM assigned_texts WHERE ticket_id = new.id;
END;

-- By its texts.
CREATE TRIGGER ticket_texts_assigned AFTER INSERT ON ticket_texts
BEGIN
    INSERT INTO assigned_texts (id, ticket_id, words)
    SELECT id, ticket_id, words FROM texts_of_agents WHERE kind = 0 AND text_id = new.ticket_id;
END;
CREATE TRIGGER ticket_texts_not_assigned AFTER DELETE ON ticket_texts
BEGIN
    DELETE FROM assigned_texts WHERE id = 3 * old.ticket_id;
END;
CREATE TRIGGER ticket_texts_assigned_anew AFTER UPDATE ON ticket_texts
BEGIN
    DELETE FROM assigned_texts WHERE id = 3 * old.ticket_id;
    INSERT INTO assigned_texts (id, ticket_id, words)
    SELECT id, ticket_id, words FROM texts_of_agents WHERE kind = 0 AND text_id = new.ticket_id;
END;
CREATE TRIGGER public_comment_texts_assigned AFTER INSERT ON public_comment_texts
BEGIN
    INSERT INTO assigned_texts (id, ticket_id, words)
    SELECT id, ticket_id, words FROM texts_of_agents WHERE kind = 1 AND text_id = new.comment_id;
END;
CREATE TRIGGER public_comment_texts_not_assigned AFTER DELETE ON public_comment_texts
BEGIN
    DELETE FROM assigned_texts WHERE id = 3 * old.comment_id + 1;
END;
CREATE TRIGGER public_comment_texts_assigned_anew AFTER UPDATE ON public_comment_texts
BEGIN
    DELETE FROM assigned_texts WHERE id = 3 * old.comment_id + 1;
    INSERT INTO assigned_texts (id, ticket_id, words)
    SELECT id, ticket_id, words FROM texts_of_agents WHERE kind = 1 AND text_id = new.comment_id;
END;
CREATE TRIGGER internal_comment_texts_assigned AFTER INSERT ON internal_comment_texts
BEGIN
    INSERT INTO assigned_texts (id, ticket_id, words)
    SELECT id, ticket_id, words FROM texts_of_agents WHERE kind = 2 AND text_id = new.comment_id;
END;
CREATE TRIGGER internal_comment_texts_not_assigned AFTER DELETE ON internal_comment_texts
BEGIN
    DELETE FROM assigned_texts WHERE id = 3 * old.comment_id + 2;
END;
CREATE TRIGGER internal_comment_texts_assigned_anew AFTER UPDATE ON internal_comment_texts
BEGIN
    DELETE FROM assigned_texts WHERE id = 3 * old.comment_id + 2;
    INSERT INTO assigned_texts (id, ticket_id, words)
    SELECT id, ticket_id, words FROM texts_of_agents WHERE kind = 2 AND text_id = new.comment_id;
END;

-- It is filled by the program, a batch at a time. Its version is that of the words that the first batch met: 0 until it is filled.
CREATE TABLE new_text_indexes (
    name          TEXT    NOT NULL PRIMARY KEY
        CHECK (name IN ('tickets', 'public_comments', 'internal_comments', 'assigned')),
    words_version INTEGER NOT NULL,
    indexed_to    INTEGER NOT NULL
) STRICT;
INSERT INTO new_text_indexes SELECT * FROM text_indexes;
DROP TABLE text_indexes;
ALTER TABLE new_text_indexes RENAME TO text_indexes;
INSERT INTO text_indexes (name, words_version, indexed_to) VALUES ('assigned', 0, 0);

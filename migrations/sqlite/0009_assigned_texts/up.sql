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

-- Tickets with more text than an assignment may take time for. They are not in the index, and a search compares what they hold.
CREATE TABLE large_tickets (
    ticket_id INTEGER PRIMARY KEY NOT NULL REFERENCES tickets (id) ON DELETE CASCADE
) STRICT;

CREATE VIEW texts_of_tickets (kind, text_id, ticket_id, words) AS
SELECT 0, ticket_id, ticket_id, words FROM ticket_texts
UNION ALL
SELECT 1, comment_id, ticket_id, words FROM public_comment_texts
UNION ALL
SELECT 2, comment_id, ticket_id, words FROM internal_comment_texts;

-- Which these are. No more is looked at than tells it.
CREATE VIEW outgrown_tickets (ticket_id) AS
SELECT id FROM tickets WHERE (
    SELECT count(*) > 100 OR total(size) > 50000
    FROM (SELECT length(words) AS size FROM texts_of_tickets WHERE ticket_id = tickets.id LIMIT 101)
);

-- What belongs into the index.
CREATE VIEW texts_of_agents (id, kind, text_id, ticket_id, words) AS
SELECT 3 * texts.text_id + texts.kind, texts.kind, texts.text_id, texts.ticket_id,
    ' ' || tickets.assignee_id || 'x'
        || replace(trim(texts.words), ' ', ' ' || tickets.assignee_id || 'x') || ' '
FROM texts_of_tickets AS texts CROSS JOIN tickets ON tickets.id = texts.ticket_id
WHERE tickets.assignee_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM large_tickets WHERE large_tickets.ticket_id = tickets.id);

-- What is compared instead.
CREATE VIEW large_texts_of_agents (agent_id, ticket_id, words) AS
SELECT tickets.assignee_id, texts.ticket_id, texts.words
FROM large_tickets CROSS JOIN tickets ON tickets.id = large_tickets.ticket_id
    CROSS JOIN ticket_texts AS texts ON texts.ticket_id = tickets.id
UNION ALL
SELECT tickets.assignee_id, texts.ticket_id, texts.words
FROM large_tickets CROSS JOIN tickets ON tickets.id = large_tickets.ticket_id
    CROSS JOIN public_comment_texts AS texts ON texts.ticket_id = tickets.id
UNION ALL
SELECT tickets.assignee_id, texts.ticket_id, texts.words
FROM large_tickets CROSS JOIN tickets ON tickets.id = large_tickets.ticket_id
    CROSS JOIN internal_comment_texts AS texts ON texts.ticket_id = tickets.id;

CREATE VIRTUAL TABLE assigned_words USING fts5 (words, content = '', columnsize = 0, detail = none, tokenize = 'ascii');

CREATE TRIGGER assigned_texts_added AFTER INSERT ON assigned_texts
BEGIN
    INSERT INTO assigned_words (rowid, words) VALUES (new.id, new.words);
END;
CREATE TRIGGER assigned_texts_removed AFTER DELETE ON assigned_texts
BEGIN
    INSERT INTO assigned_words (assigned_words, rowid, words) VALUES ('delete', old.id, old.words);
END;

-- By who works the ticket. What is left of a ticket that nobody works any more does no harm, and many may be given back at once. In the
-- order of ids: FTS5 writes a piece of the index whenever the next id is a smaller one.
CREATE TRIGGER tickets_assigned AFTER UPDATE OF assignee_id ON tickets
    WHEN new.assignee_id IS NOT NULL AND old.assignee_id IS NOT new.assignee_id
BEGIN
    DELETE FROM assigned_texts WHERE ticket_id = new.id;
    INSERT INTO large_tickets
    SELECT ticket_id FROM outgrown_tickets
    WHERE ticket_id = new.id AND NOT EXISTS (SELECT 1 FROM large_tickets WHERE ticket_id = new.id);
    INSERT INTO assigned_texts (id, ticket_id, words)
    SELECT id, ticket_id, words FROM texts_of_agents WHERE ticket_id = new.id ORDER BY id;
END;

-- By its texts.
CREATE TRIGGER ticket_texts_assigned AFTER INSERT ON ticket_texts
BEGIN
    INSERT INTO large_tickets
    SELECT ticket_id FROM outgrown_tickets
    WHERE ticket_id = new.ticket_id AND NOT EXISTS (SELECT 1 FROM large_tickets WHERE ticket_id = new.ticket_id);
    DELETE FROM assigned_texts
    WHERE ticket_id = new.ticket_id AND EXISTS (SELECT 1 FROM large_tickets WHERE ticket_id = new.ticket_id);
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
    INSERT INTO large_tickets
    SELECT ticket_id FROM outgrown_tickets
    WHERE ticket_id = new.ticket_id AND NOT EXISTS (SELECT 1 FROM large_tickets WHERE ticket_id = new.ticket_id);
    DELETE FROM assigned_texts
    WHERE ticket_id = new.ticket_id AND EXISTS (SELECT 1 FROM large_tickets WHERE ticket_id = new.ticket_id);
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
    INSERT INTO large_tickets
    SELECT ticket_id FROM outgrown_tickets
    WHERE ticket_id = new.ticket_id AND NOT EXISTS (SELECT 1 FROM large_tickets WHERE ticket_id = new.ticket_id);
    DELETE FROM assigned_texts
    WHERE ticket_id = new.ticket_id AND EXISTS (SELECT 1 FROM large_tickets WHERE ticket_id = new.ticket_id);
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

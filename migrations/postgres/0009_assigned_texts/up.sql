-- The words of tickets that somebody works, once more, each behind the number of who does, as in `17xprinter`: so that a search among
-- an agent's tickets takes as long as it has hits there, and not as there are anywhere.
--
-- Nobody writes here but the database itself, so that it cannot part from what it is made of, whoever changes that. Whoever writes
-- a text or assigns a ticket holds the ticket's row, so that each sees what the other has done.

CREATE TABLE assigned_texts (
    -- Three times that of the ticket or comment, and behind it of which kind it is; see texts_of_agents.
    id        bigint   PRIMARY KEY,
    ticket_id bigint   NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    words     tsvector NOT NULL
);

CREATE INDEX assigned_texts_ticket ON assigned_texts (ticket_id);
CREATE INDEX assigned_texts_words ON assigned_texts USING gin (words) WITH (gin_pending_list_limit = 512);

-- Tickets with more text than an assignment may take time for. They are not in the index, and a search compares what they hold.
CREATE TABLE large_tickets (
    ticket_id bigint PRIMARY KEY REFERENCES tickets (id) ON DELETE CASCADE
);

CREATE VIEW texts_of_tickets (kind, text_id, ticket_id, words) AS
SELECT 0, ticket_id, ticket_id, words FROM ticket_texts
UNION ALL
SELECT 1, comment_id, ticket_id, words FROM public_comment_texts
UNION ALL
SELECT 2, comment_id, ticket_id, words FROM internal_comment_texts;

-- Which these are. No more is looked at than tells it.
CREATE VIEW outgrown_tickets (ticket_id) AS
SELECT id FROM tickets WHERE (
    SELECT count(*) > 100 OR coalesce(sum(size), 0) > 10000
    FROM (SELECT length(words) AS size FROM texts_of_tickets WHERE ticket_id = tickets.id LIMIT 101) AS sizes
);

-- What belongs into the index.
CREATE VIEW texts_of_agents (id, kind, text_id, ticket_id, words) AS
SELECT 3 * texts.text_id + texts.kind, texts.kind, texts.text_id, texts.ticket_id,
    array_to_tsvector(ARRAY(
        SELECT tickets.assignee_id || 'x' || word FROM unnest(tsvector_to_array(texts.words)) AS word
    ))
FROM texts_of_tickets AS texts JOIN tickets ON tickets.id = texts.ticket_id
WHERE tickets.assignee_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM large_tickets WHERE large_tickets.ticket_id = tickets.id OFFSET 0);

-- What is compared instead. The fences say where to begin: there are few of these.
CREATE VIEW large_texts_of_agents (agent_id, ticket_id, words) AS
SELECT ticket.assignee_id, ticket.id, written.words
FROM (SELECT ticket_id FROM large_tickets OFFSET 0) AS large
CROSS JOIN LATERAL (SELECT id, assignee_id FROM tickets WHERE id = large.ticket_id OFFSET 0) AS ticket
CROSS JOIN LATERAL (SELECT words FROM texts_of_tickets WHERE ticket_id = ticket.id OFFSET 0) AS written;

-- A function's plans are made once and kept, while the tables grow. So that one which was made for small tables does not read all of a
-- large one, they are told to go by indexes, and by OFFSET 0 to take one text after the other.

-- By who works the ticket. What is left of a ticket that nobody works any more does no harm, and many may be given back at once.
CREATE FUNCTION ticket_is_assigned() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT SET enable_seqscan = off
AS $$
BEGIN
    DELETE FROM assigned_texts WHERE ticket_id = NEW.id;
    IF EXISTS (SELECT FROM large_tickets WHERE ticket_id = NEW.id) THEN
        RETURN NULL;
    END IF;
    INSERT INTO large_tickets SELECT ticket_id FROM outgrown_tickets WHERE ticket_id = NEW.id ON CONFLICT DO NOTHING;
    INSERT INTO assigned_texts (id, ticket_id, words)
    SELECT id, ticket_id, words FROM texts_of_agents WHERE ticket_id = NEW.id
    ON CONFLICT (id) DO UPDATE SET words = EXCLUDED.words;
    RETURN NULL;
END
$$;

CREATE TRIGGER tickets_assigned AFTER UPDATE OF assignee_id ON tickets FOR EACH ROW
    WHEN (NEW.assignee_id IS NOT NULL AND OLD.assignee_id IS DISTINCT FROM NEW.assignee_id)
    EXECUTE FUNCTION ticket_is_assigned();

-- By its texts, whose kind is the argument.
CREATE FUNCTION texts_are_written() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT SET enable_seqscan = off
AS $$
BEGIN
    INSERT INTO large_tickets
    SELECT outgrown.ticket_id
    FROM (SELECT DISTINCT ticket_id FROM added) AS of_text CROSS JOIN LATERAL (
        SELECT ticket_id FROM outgrown_tickets
        WHERE ticket_id = of_text.ticket_id
            AND NOT EXISTS (SELECT FROM large_tickets WHERE ticket_id = of_text.ticket_id)
        OFFSET 0
    ) AS outgrown
    ON CONFLICT DO NOTHING;
    IF FOUND THEN
        DELETE FROM assigned_texts WHERE ticket_id IN (
            SELECT ticket_id FROM large_tickets WHERE ticket_id IN (SELECT ticket_id FROM added)
        );
    END IF;
    IF TG_ARGV[0]::integer = 0 THEN
        INSERT INTO assigned_texts (id, ticket_id, words)
        SELECT texts.id, texts.ticket_id, texts.words
        FROM added CROSS JOIN LATERAL (
            SELECT id, ticket_id, words FROM texts_of_agents WHERE kind = 0 AND text_id = added.ticket_id OFFSET 0
        ) AS texts
        ON CONFLICT (id) DO UPDATE SET words = EXCLUDED.words;
    ELSE
        INSERT INTO assigned_texts (id, ticket_id, words)
        SELECT texts.id, texts.ticket_id, texts.words
        FROM added CROSS JOIN LATERAL (
            SELECT id, ticket_id, words FROM texts_of_agents
            WHERE kind = TG_ARGV[0]::integer AND text_id = added.comment_id OFFSET 0
        ) AS texts
        ON CONFLICT (id) DO UPDATE SET words = EXCLUDED.words;
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION texts_are_removed() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT SET enable_seqscan = off
AS $$
BEGIN
    IF TG_ARGV[0]::integer = 0 THEN
        DELETE FROM assigned_texts WHERE id IN (SELECT 3 * ticket_id FROM removed);
    ELSE
        DELETE FROM assigned_texts WHERE id IN (SELECT 3 * comment_id + TG_ARGV[0]::integer FROM removed);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER ticket_texts_added AFTER INSERT ON ticket_texts
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION texts_are_written(0);
CREATE TRIGGER ticket_texts_changed AFTER UPDATE ON ticket_texts
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION texts_are_written(0);
CREATE TRIGGER ticket_texts_removed AFTER DELETE ON ticket_texts
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION texts_are_removed(0);
CREATE TRIGGER public_comment_texts_added AFTER INSERT ON public_comment_texts
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION texts_are_written(1);
CREATE TRIGGER public_comment_texts_changed AFTER UPDATE ON public_comment_texts
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION texts_are_written(1);
CREATE TRIGGER public_comment_texts_removed AFTER DELETE ON public_comment_texts
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION texts_are_removed(1);
CREATE TRIGGER internal_comment_texts_added AFTER INSERT ON internal_comment_texts
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION texts_are_written(2);
CREATE TRIGGER internal_comment_texts_changed AFTER UPDATE ON internal_comment_texts
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION texts_are_written(2);
CREATE TRIGGER internal_comment_texts_removed AFTER DELETE ON internal_comment_texts
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION texts_are_removed(2);

-- It is filled by the program, a batch at a time. Its version is that of the words that the first batch met: 0 until it is filled.
ALTER TABLE text_indexes DROP CONSTRAINT text_indexes_name_check;
ALTER TABLE text_indexes ADD CONSTRAINT text_indexes_name_check
    CHECK (name IN ('tickets', 'public_comments', 'internal_comments', 'assigned'));
INSERT INTO text_indexes (name, words_version, indexed_to) VALUES ('assigned', 0, 0);

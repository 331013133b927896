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

-- What belongs there.
CREATE VIEW texts_of_agents (id, kind, text_id, ticket_id, words) AS
SELECT 3 * texts.text_id + texts.kind, texts.kind, texts.text_id, texts.ticket_id,
    array_to_tsvector(ARRAY(
        SELECT tickets.assignee_id || 'x' || word FROM unnest(tsvector_to_array(texts.words)) AS word
    ))
FROM (
    SELECT 0 AS kind, ticket_id AS text_id, ticket_id, words FROM ticket_texts
    UNION ALL
    SELECT 1, comment_id, ticket_id, words FROM public_comment_texts
    UNION ALL
    SELECT 2, comment_id, ticket_id, words FROM internal_comment_texts
) AS texts
JOIN tickets ON tickets.id = texts.ticket_id
WHERE tickets.assignee_id IS NOT NULL;

-- Each function has its plans made once, however large the tables are by then, and is told to go by indexes: else one that was made while
-- they were small would read all of them for ever.

-- By who works the ticket.
CREATE FUNCTION ticket_is_assigned() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    DELETE FROM assigned_texts WHERE ticket_id = NEW.id;
    INSERT INTO assigned_texts (id, ticket_id, words)
    SELECT id, ticket_id, words FROM texts_of_agents WHERE ticket_id = NEW.id;
    RETURN NULL;
END
$$;

CREATE TRIGGER tickets_assigned AFTER UPDATE OF assignee_id ON tickets
    FOR EACH ROW WHEN (OLD.assignee_id IS DISTINCT FROM NEW.assignee_id) EXECUTE FUNCTION ticket_is_assigned();

-- By its texts.
CREATE FUNCTION ticket_texts_are_written() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM assigned_texts WHERE id IN (SELECT 3 * ticket_id FROM removed);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO assigned_texts (id, ticket_id, words)
        SELECT texts.id, texts.ticket_id, texts.words
        FROM added JOIN texts_of_agents AS texts ON texts.kind = 0 AND texts.text_id = added.ticket_id;
    END IF;
    RETURN NULL;
END
$$;

-- The kind of the comments is its argument.
CREATE FUNCTION comment_texts_are_written() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM assigned_texts WHERE id IN (SELECT 3 * comment_id + TG_ARGV[0]::integer FROM removed);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO assigned_texts (id, ticket_id, words)
        SELECT texts.id, texts.ticket_id, texts.words
        FROM added JOIN texts_of_agents AS texts
            ON texts.kind = TG_ARGV[0]::integer AND texts.text_id = added.comment_id;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER ticket_texts_added AFTER INSERT ON ticket_texts
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ticket_texts_are_written();
CREATE TRIGGER ticket_texts_removed AFTER DELETE ON ticket_texts
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION ticket_texts_are_written();
CREATE TRIGGER ticket_texts_changed AFTER UPDATE ON ticket_texts
    REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ticket_texts_are_written();
CREATE TRIGGER public_comment_texts_added AFTER INSERT ON public_comment_texts
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION comment_texts_are_written(1);
CREATE TRIGGER public_comment_texts_removed AFTER DELETE ON public_comment_texts
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION comment_texts_are_written(1);
CREATE TRIGGER public_comment_texts_changed AFTER UPDATE ON public_comment_texts
    REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION comment_texts_are_written(1);
CREATE TRIGGER internal_comment_texts_added AFTER INSERT ON internal_comment_texts
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION comment_texts_are_written(2);
CREATE TRIGGER internal_comment_texts_removed AFTER DELETE ON internal_comment_texts
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION comment_texts_are_written(2);
CREATE TRIGGER internal_comment_texts_changed AFTER UPDATE ON internal_comment_texts
    REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION comment_texts_are_written(2);

-- It is filled by the program, a batch at a time. Its version is that of the words that the first batch met: 0 until it is filled.
ALTER TABLE text_indexes DROP CONSTRAINT text_indexes_name_check;
ALTER TABLE text_indexes ADD CONSTRAINT text_indexes_name_check
    CHECK (name IN ('tickets', 'public_comments', 'internal_comments', 'assigned'));
INSERT INTO text_indexes (name, words_version, indexed_to) VALUES ('assigned', 0, 0);

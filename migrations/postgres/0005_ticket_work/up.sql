-- What lists and background tasks ask of tickets: by tag, by team, in a queue, resolved for long.

-- Which tickets have a tag. A ticket's own column says so; this is kept by the database itself, so that no statement that
-- writes tickets can forget it. It costs something where tags change, and nothing where they do not: an index inside the
-- column would be written anew with every change of a tagged ticket. Both engines read it by the same statement.
CREATE TABLE ticket_tags (
    ticket_id bigint NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    tag       text   NOT NULL,
    PRIMARY KEY (ticket_id, tag)
);

CREATE INDEX ticket_tags_tag ON ticket_tags (tag, ticket_id);

INSERT INTO ticket_tags (ticket_id, tag)
SELECT DISTINCT t.id, w.tag FROM tickets AS t CROSS JOIN jsonb_array_elements_text(t.tags) AS w (tag);

CREATE FUNCTION keep_ticket_tags() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM ticket_tags WHERE ticket_id = OLD.id;
    END IF;
    INSERT INTO ticket_tags (ticket_id, tag)
    SELECT DISTINCT NEW.id, w.tag FROM jsonb_array_elements_text(NEW.tags) AS w (tag);
    RETURN NULL;
END $$;

CREATE TRIGGER tickets_tagged AFTER INSERT ON tickets
FOR EACH ROW WHEN (NEW.tags <> '[]') EXECUTE FUNCTION keep_ticket_tags();
CREATE TRIGGER tickets_retagged AFTER UPDATE OF tags ON tickets
FOR EACH ROW WHEN (NEW.tags <> OLD.tags) EXECUTE FUNCTION keep_ticket_tags();

-- What is in a queue and nothing else: closed tickets that nobody worked are more with every year, and whoever reads a queue
-- would read them all. One queue is read whole and then sorted, so one index does for every order.
DROP INDEX tickets_queue;
CREATE INDEX tickets_queue ON tickets (team_id, id) WHERE assignee_id IS NULL AND status <> 'closed';

-- A team's tickets, in either order; both serve the foreign key as well.
DROP INDEX tickets_team;
CREATE INDEX tickets_team ON tickets (team_id, id);
CREATE INDEX tickets_team_updated ON tickets (team_id, updated_at, id);

-- What is to close by itself, longest ago first. Few tickets are in it at any time.
CREATE INDEX tickets_resolved ON tickets (resolved_at, id) WHERE status = 'resolved';

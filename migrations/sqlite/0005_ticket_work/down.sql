DROP INDEX tickets_resolved;
DROP INDEX tickets_team_updated;
DROP INDEX tickets_team;
CREATE INDEX tickets_team ON tickets (team_id);
DROP INDEX tickets_queue;
CREATE INDEX tickets_queue ON tickets (team_id, id) WHERE assignee_id IS NULL;

DROP TRIGGER tickets_retagged;
DROP TRIGGER tickets_tagged;
DROP TABLE ticket_tags;

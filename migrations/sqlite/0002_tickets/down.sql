DROP TABLE ticket_events;
DROP TABLE comments;
DROP TABLE id_counters;
-- References among the rows themselves would forbid deleting them.
UPDATE tickets SET follow_up_of = NULL;
DROP TABLE tickets;

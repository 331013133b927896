DROP TABLE ticket_events;
DROP TABLE comments;
DROP SEQUENCE ticket_events_internal_ids;
DROP SEQUENCE ticket_events_public_ids;
DROP SEQUENCE comments_internal_ids;
DROP SEQUENCE comments_public_ids;
DROP TABLE tickets;

DROP TABLE imported_comments;
DROP TABLE imported_tickets;
DROP TABLE import_sources;

DROP TRIGGER tickets_assigned;
DROP TRIGGER tickets_assigned_anew;
DROP TRIGGER tickets_not_assigned;
DROP TRIGGER ticket_texts_assigned;
DROP TRIGGER ticket_texts_not_assigned;
DROP TRIGGER ticket_texts_assigned_anew;
DROP TRIGGER public_comment_texts_assigned;
DROP TRIGGER public_comment_texts_not_assigned;
DROP TRIGGER public_comment_texts_assigned_anew;
DROP TRIGGER internal_comment_texts_assigned;
DROP TRIGGER internal_comment_texts_not_assigned;
DROP TRIGGER internal_comment_texts_assigned_anew;
DROP VIEW texts_of_agents;
DROP TABLE assigned_words;
DROP TABLE assigned_texts;

CREATE TABLE new_text_indexes (
    name          TEXT    NOT NULL PRIMARY KEY CHECK (name IN ('tickets', 'public_comments', 'internal_comments')),
    words_version INTEGER NOT NULL,
    indexed_to    INTEGER NOT NULL
) STRICT;
INSERT INTO new_text_indexes SELECT * FROM text_indexes WHERE name <> 'assigned';
DROP TABLE text_indexes;
ALTER TABLE new_text_indexes RENAME TO text_indexes;

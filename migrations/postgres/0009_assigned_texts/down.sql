DROP TRIGGER tickets_assigned ON tickets;
DROP TRIGGER ticket_texts_added ON ticket_texts;
DROP TRIGGER ticket_texts_removed ON ticket_texts;
DROP TRIGGER ticket_texts_changed ON ticket_texts;
DROP TRIGGER public_comment_texts_added ON public_comment_texts;
DROP TRIGGER public_comment_texts_removed ON public_comment_texts;
DROP TRIGGER public_comment_texts_changed ON public_comment_texts;
DROP TRIGGER internal_comment_texts_added ON internal_comment_texts;
DROP TRIGGER internal_comment_texts_removed ON internal_comment_texts;
DROP TRIGGER internal_comment_texts_changed ON internal_comment_texts;
DROP FUNCTION comment_texts_are_written();
DROP FUNCTION ticket_texts_are_written();
DROP FUNCTION ticket_is_assigned();
DROP VIEW texts_of_agents;
DROP TABLE assigned_texts;

DELETE FROM text_indexes WHERE name = 'assigned';
ALTER TABLE text_indexes DROP CONSTRAINT text_indexes_name_check;
ALTER TABLE text_indexes ADD CONSTRAINT text_indexes_name_check
    CHECK (name IN ('tickets', 'public_comments', 'internal_comments'));

DROP TABLE text_indexes;
DROP TABLE internal_comment_texts;
DROP TABLE public_comment_texts;
DROP TABLE ticket_texts;

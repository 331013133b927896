DROP TABLE text_indexes;
DROP TABLE internal_comment_words;
DROP TABLE internal_comment_texts;
DROP TABLE public_comment_words;
DROP TABLE public_comment_texts;
DROP TABLE ticket_words;
DROP TABLE ticket_texts;

INSERT INTO ticket_words (ticket_words, rank) VALUES ('automerge', 4);
INSERT INTO public_comment_words (public_comment_words, rank) VALUES ('automerge', 4);
INSERT INTO internal_comment_words (internal_comment_words, rank) VALUES ('automerge', 4);

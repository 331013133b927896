-- Every commit with new texts adds a piece to the index of words, and pieces are merged when there are enough of one size: of four,
-- as FTS5 has it by itself, merging took a tenth of what opening a ticket costs. A search looks into each piece, of which there
-- are a few more now.
INSERT INTO ticket_words (ticket_words, rank) VALUES ('automerge', 8);
INSERT INTO public_comment_words (public_comment_words, rank) VALUES ('automerge', 8);
INSERT INTO internal_comment_words (internal_comment_words, rank) VALUES ('automerge', 8);

-- For SQLite alone: Postgres merges nothing, and empties what waits for its index of words when there is enough of it.
SELECT 1;

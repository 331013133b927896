-- Accounts 1 and 2 are admins, then come the agents, then the customers, each with a session.
WITH RECURSIVE series (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < 2 + {agents} + {customers})
INSERT INTO users (id, email, name, role, is_active, version, token_version, password_scheme, password_hash,
    created_at, updated_at)
SELECT n, 'user-' || n || '@example.com', 'User ' || n,
    CASE WHEN n <= 2 THEN 'admin' WHEN n <= 2 + {agents} THEN 'agent' ELSE 'customer' END,
    1, 1, 1, 1, 'hash', n * 1000000, n * 1000000
FROM series;

INSERT INTO sessions (id, user_id, created_at, expires_at)
SELECT format('%032x', id), id, created_at, created_at + 30 * 86400 * 1000000 FROM users;

-- Every tenth is in the queue. The second agent has few, so that giving them back is quick. What changed last is not what was made last, nor what changed last in public.
WITH RECURSIVE series (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < {tickets})
INSERT INTO tickets (id, subject, description, status, priority, tags, requester_id, assignee_id, team_id,
    version, public_version, created_at, updated_at, public_updated_at, reopen_count)
SELECT n, 'Subject ' || n, 'Description ' || n,
    json_extract('["open","in_progress","pending","resolved","closed","closed","closed"]', '$[' || (n / 100 % 7) || ']'),
    json_extract('["low","normal","normal","high","urgent"]', '$[' || (n / 9 % 5) || ']'),
    '[]', 3 + {agents} + n % {customers},
    CASE WHEN n % 10 = 9 THEN NULL WHEN n / 2 % {agents} = 1 AND n > 1000 THEN 3 ELSE 3 + n / 2 % {agents} END, 1,
    2, 1, n * 1000000, n * 7919 % {tickets} * 1000000, n * 4409 % {tickets} * 1000000, 0
FROM series;

-- By the requester, odd ones public and even ones internal as their ids demand.
WITH RECURSIVE series (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < {tickets} * {comments})
INSERT INTO comments (id, ticket_id, author_id, author_role, body, is_internal, created_at)
SELECT n, t.id, t.requester_id, 'customer', 'Comment ' || n, n % 2 = 0, n * 1000000
FROM series JOIN tickets AS t ON t.id = 1 + (n - 1) / {comments};

UPDATE id_counters SET last = last + 2 * {tickets} * {comments} WHERE name LIKE 'comments%';

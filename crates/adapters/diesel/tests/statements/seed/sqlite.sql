-- Accounts 1 and 2 are admins, then come the agents, then the customers, each with a session and its token.
WITH RECURSIVE series (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < 2 + {agents} + {customers})
INSERT INTO users (id, email, name, role, is_active, version, token_version, password_scheme, password_hash,
    created_at, updated_at)
SELECT n, 'user-' || n || '@example.com', 'User ' || n,
    CASE WHEN n <= 2 THEN 'admin' WHEN n <= 2 + {agents} THEN 'agent' ELSE 'customer' END,
    1, 1, 1, 1, 'hash', n * 1000000, n * 1000000
FROM series;

INSERT INTO sessions (id, user_id, created_at, expires_at, token_version, generation, last_used_at, idle_expires_at,
    address, network)
SELECT format('%032x', id), id, created_at, created_at + 30 * 86400 * 1000000, 1, 1, created_at,
    created_at + 7 * 86400 * 1000000, '192.0.2.1', '192.0.2.1'
FROM users;

INSERT INTO refresh_tokens (digest, session_id, issued_at, generation, is_superseded)
SELECT unhex(id || id), id, created_at, 1, 0 FROM sessions;

-- The last customers have an invitation as well.
INSERT INTO invitations (digest, user_id, created_at, expires_at)
SELECT unhex(format('%064x', id)), id, created_at, created_at + 86400 * 1000000
FROM users WHERE id > 2 + {agents} + {customers} / 2;

-- Answers of everybody's, most of which are still kept.
WITH RECURSIVE series (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < 10)
INSERT INTO idempotency_keys (account_id, key, fingerprint, answer, expires_at)
SELECT u.id, 'key-' || n, zeroblob(32), zeroblob(500), CASE WHEN n = 1 THEN u.id * 1000000 ELSE 3000000000 * 1000000 END
FROM users AS u CROSS JOIN series;

-- All of them made by the first admin, a tenth of them disabled by the second, and a replay now and then.
INSERT INTO audit_entries (at, actor_kind, actor_id, kind, subject_kind, subject_id, label, changes)
SELECT created_at, 'admin', 1, 'user_created', 'user', id, email, '[]' FROM users
UNION ALL SELECT created_at, 'admin', 2, 'user_updated', 'user', id, email, '[]' FROM users WHERE id % 10 = 1
UNION ALL SELECT created_at, 'system', NULL, 'refresh_token_replayed', 'user', id, email, '[]' FROM users WHERE id % 50 = 1;

-- Every agent is in the default team, to which every other ticket belongs; the rest belong to others.
WITH RECURSIVE series (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM series WHERE n < 20)
INSERT INTO teams (id, name, is_default) SELECT n, 'Team ' || n, 0 FROM series;
INSERT INTO team_members (team_id, user_id) SELECT 1, id FROM users WHERE role = 'agent';

-- Every tenth is in the queue. The second agent has few, so that giving them back is quick. What changed last is not what was made last, nor what changed last in public.
WITH RECURSIVE series (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < {tickets})
INSERT INTO tickets (id, subject, description, status, priority, tags, requester_id, assignee_id, team_id,
    version, public_version, created_at, updated_at, public_updated_at, resolved_at, reopen_count)
SELECT n, 'Subject ' || n, 'Description ' || n,
    json_extract('["open","in_progress","pending","resolved","closed","closed","closed"]', '$[' || (n / 100 % 7) || ']'),
    json_extract('["low","normal","normal","high","urgent"]', '$[' || (n / 9 % 5) || ']'),
    CASE WHEN n % 50 = 7 THEN json_array('tag-' || (n % 40)) ELSE '[]' END, 3 + {agents} + n % {customers},
    CASE WHEN n % 10 = 9 THEN NULL WHEN n / 2 % {agents} = 1 AND n > 1000 THEN 3 ELSE 3 + n / 2 % {agents} END,
    CASE WHEN n % 2 = 1 THEN 1 ELSE 2 + n / 2 % 19 END,
    2, 1, n * 1000000, n * 7919 % {tickets} * 1000000, n * 4409 % {tickets} * 1000000,
    CASE WHEN n / 100 % 7 = 3 THEN n * 1000000 END, 0
FROM series;

-- Each was changed a few times; every other time internally, as the event's id demands.
WITH RECURSIVE series (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < 2 * {tickets})
INSERT INTO ticket_events (id, ticket_id, is_internal, kind, actor_kind, actor_id, at, version, public_version, changes)
SELECT n, 1 + n % {tickets}, n % 2 = 0, 'created', 'admin', 1, n * 1000000, 2, 1, '[]' FROM series;

-- By the requester, odd ones public and even ones internal as their ids demand.
WITH RECURSIVE series (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < {tickets} * {comments})
INSERT INTO comments (id, ticket_id, author_id, author_role, body, is_internal, created_at)
SELECT n, t.id, t.requester_id, 'customer', 'Comment ' || n, n % 2 = 0, n * 1000000
FROM series JOIN tickets AS t ON t.id = 1 + (n - 1) / {comments};

-- Their words, as the program takes them out.
INSERT INTO ticket_texts (ticket_id, words) SELECT id, ' ' || id || ' description subject ' FROM tickets;
INSERT INTO public_comment_texts (comment_id, ticket_id, words)
SELECT id, ticket_id, ' ' || id || ' comment ' FROM comments WHERE NOT is_internal;
INSERT INTO internal_comment_texts (comment_id, ticket_id, words)
SELECT id, ticket_id, ' ' || id || ' comment ' FROM comments WHERE is_internal;
UPDATE text_indexes SET words_version = {words_version}, indexed_to = {tickets} * {comments};

UPDATE id_counters SET last = last + 2 * {tickets} * {comments} WHERE name LIKE 'comments%';
UPDATE id_counters SET last = last + 4 * {tickets} WHERE name LIKE 'ticket_events%';

-- Keeps to the references by itself; having each of a million checked would take longer than all of the tests. Where the
-- role may not switch that off, it is waited for.
DO $$ BEGIN
    PERFORM set_config('session_replication_role', 'replica', false);
EXCEPTION WHEN insufficient_privilege THEN
    NULL;
END $$;

-- Accounts 1 and 2 are admins, then come the agents, then the customers, each with a session.
INSERT INTO users (id, email, name, role, is_active, version, token_version, password_scheme, password_hash,
    created_at, updated_at)
SELECT n, 'user-' || n || '@example.com', 'User ' || n,
    CASE WHEN n <= 2 THEN 'admin' WHEN n <= 2 + {agents} THEN 'agent' ELSE 'customer' END,
    true, 1, 1, 1, 'hash', to_timestamp(n), to_timestamp(n)
FROM generate_series(1, 2 + {agents} + {customers}) AS n;

INSERT INTO sessions (id, user_id, created_at, expires_at)
SELECT lpad(to_hex(id), 32, '0'), id, created_at, created_at + interval '30 days' FROM users;

-- Every tenth is in the queue. The second agent has few, so that giving them back is quick. What changed last is not what was made last, nor what changed last in public.
INSERT INTO tickets (id, subject, description, status, priority, tags, requester_id, assignee_id, team_id,
    version, public_version, created_at, updated_at, public_updated_at, reopen_count)
SELECT n, 'Subject ' || n, 'Description ' || n,
    (ARRAY['open', 'in_progress', 'pending', 'resolved', 'closed', 'closed', 'closed'])[1 + n / 100 % 7],
    (ARRAY['low', 'normal', 'normal', 'high', 'urgent'])[1 + n / 9 % 5],
    '[]', 3 + {agents} + n % {customers},
    CASE WHEN n % 10 = 9 THEN NULL WHEN n / 2 % {agents} = 1 AND n > 1000 THEN 3 ELSE 3 + n / 2 % {agents} END, 1,
    2, 1, to_timestamp(n), to_timestamp(n::bigint * 7919 % {tickets}), to_timestamp(n::bigint * 4409 % {tickets}), 0
FROM generate_series(1, {tickets}) AS n;

-- By the requester, odd ones public and even ones internal as their ids demand.
INSERT INTO comments (id, ticket_id, author_id, author_role, body, is_internal, created_at)
SELECT n, t.id, t.requester_id, 'customer', 'Comment ' || n, n % 2 = 0, to_timestamp(n)
FROM generate_series(1, {tickets} * {comments}) AS n JOIN tickets AS t ON t.id = 1 + (n - 1) / {comments};

SELECT setval(pg_get_serial_sequence('users', 'id'), (SELECT max(id) FROM users)),
    setval(pg_get_serial_sequence('tickets', 'id'), {tickets}),
    setval('comments_public_ids', 2 * {tickets} * {comments} + 1),
    setval('comments_internal_ids', 2 * {tickets} * {comments} + 2);

ANALYZE;

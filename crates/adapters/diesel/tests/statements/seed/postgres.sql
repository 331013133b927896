-- Keeps to the references by itself; having each of a million checked would take longer than all of the tests. Where the
-- role may not switch that off, it is waited for.
DO $$ BEGIN
    PERFORM set_config('session_replication_role', 'replica', false);
EXCEPTION WHEN insufficient_privilege THEN
    NULL;
END $$;

-- Accounts 1 and 2 are admins, then come the agents, then the customers, each with a session and its token.
INSERT INTO users (id, email, name, role, is_active, version, token_version, password_scheme, password_hash,
    created_at, updated_at)
SELECT n, 'user-' || n || '@example.com', 'User ' || n,
    CASE WHEN n <= 2 THEN 'admin' WHEN n <= 2 + {agents} THEN 'agent' ELSE 'customer' END,
    true, 1, 1, 1, 'hash', to_timestamp(n), to_timestamp(n)
FROM generate_series(1, 2 + {agents} + {customers}) AS n;

INSERT INTO sessions (id, user_id, created_at, expires_at, token_version, generation, last_used_at, idle_expires_at,
    address, network)
SELECT lpad(to_hex(id), 32, '0'), id, created_at, created_at + interval '30 days', 1, 1, created_at,
    created_at + interval '7 days', '192.0.2.1', '192.0.2.1'
FROM users;

INSERT INTO refresh_tokens (digest, session_id, issued_at, generation, is_superseded)
SELECT decode(id || id, 'hex'), id, created_at, 1, false FROM sessions;

-- The last customers have an invitation as well.
INSERT INTO invitations (digest, user_id, created_at, expires_at)
SELECT decode(lpad(to_hex(id), 64, '0'), 'hex'), id, created_at, created_at + interval '1 day'
FROM users WHERE id > 2 + {agents} + {customers} / 2;

-- Answers of everybody's, most of which are still kept.
INSERT INTO idempotency_keys (account_id, key, fingerprint, answer, expires_at)
SELECT u.id, 'key-' || n, decode(lpad('', 64, '0'), 'hex'), convert_to(repeat('x', 500), 'UTF8'),
    CASE WHEN n = 1 THEN to_timestamp(u.id) ELSE to_timestamp(3000000000) END
FROM users AS u CROSS JOIN generate_series(1, 10) AS n;

-- All of them made by the first admin, a tenth of them disabled by the second, and a replay now and then.
INSERT INTO audit_entries (at, actor_kind, actor_id, kind, subject_kind, subject_id, label, changes)
SELECT created_at, 'admin', 1, 'user_created', 'user', id, email, '[]'::jsonb FROM users
UNION ALL SELECT created_at, 'admin', 2, 'user_updated', 'user', id, email, '[]'::jsonb FROM users WHERE id % 10 = 1
UNION ALL SELECT created_at, 'system', NULL, 'refresh_token_replayed', 'user', id, email, '[]'::jsonb
FROM users WHERE id % 50 = 1;

-- Every agent is in the default team, to which every other ticket belongs; the rest belong to others.
INSERT INTO teams (id, name, is_default) SELECT n, 'Team ' || n, false FROM generate_series(2, 20) AS n;
INSERT INTO team_members (team_id, user_id) SELECT 1, id FROM users WHERE role = 'agent';

-- Every tenth is in the queue. The second agent has few, so that giving them back is quick. What changed last is not what was made last, nor what changed last in public.
INSERT INTO tickets (id, subject, description, status, priority, tags, requester_id, assignee_id, team_id,
    version, public_version, created_at, updated_at, public_updated_at, resolved_at, reopen_count)
SELECT n, 'Subject ' || n, 'Description ' || n,
    (ARRAY['open', 'in_progress', 'pending', 'resolved', 'closed', 'closed', 'closed'])[1 + n / 100 % 7],
    (ARRAY['low', 'normal', 'normal', 'high', 'urgent'])[1 + n / 9 % 5],
    CASE WHEN n % 50 = 7 THEN jsonb_build_array('tag-' || (n % 40)) ELSE '[]' END, 3 + {agents} + n % {customers},
    CASE WHEN n % 10 = 9 THEN NULL WHEN n / 2 % {agents} = 1 AND n > 1000 THEN 3 ELSE 3 + n / 2 % {agents} END,
    CASE WHEN n % 2 = 1 THEN 1 ELSE 2 + n / 2 % 19 END,
    2, 1, to_timestamp(n), to_timestamp(n::bigint * 7919 % {tickets}), to_timestamp(n::bigint * 4409 % {tickets}),
    CASE WHEN n / 100 % 7 = 3 THEN to_timestamp(n) END, 0
FROM generate_series(1, {tickets}) AS n;

INSERT INTO ticket_tags (ticket_id, tag)
SELECT id, tags ->> 0 FROM tickets WHERE tags <> '[]' ON CONFLICT DO NOTHING;

-- Each was changed a few times; every other time internally, as the event's id demands.
INSERT INTO ticket_events (id, ticket_id, is_internal, kind, actor_kind, actor_id, at, version, public_version, changes)
SELECT n, 1 + n % {tickets}, n % 2 = 0, 'created', 'admin', 1, to_timestamp(n), 2, 1, '[]'
FROM generate_series(1, 2 * {tickets}) AS n;

-- By the requester, odd ones public and even ones internal as their ids demand.
INSERT INTO comments (id, ticket_id, author_id, author_role, body, is_internal, created_at)
SELECT n, t.id, t.requester_id, 'customer', 'Comment ' || n, n % 2 = 0, to_timestamp(n)
FROM generate_series(1, {tickets} * {comments}) AS n JOIN tickets AS t ON t.id = 1 + (n - 1) / {comments};

-- Their words, as the program takes them out.
INSERT INTO ticket_texts (ticket_id, words)
SELECT id, array_to_tsvector(ARRAY['subject', 'description', id::text]) FROM tickets;
INSERT INTO public_comment_texts (comment_id, ticket_id, words)
SELECT id, ticket_id, array_to_tsvector(ARRAY['comment', id::text]) FROM comments WHERE NOT is_internal;
INSERT INTO internal_comment_texts (comment_id, ticket_id, words)
SELECT id, ticket_id, array_to_tsvector(ARRAY['comment', id::text]) FROM comments WHERE is_internal;
UPDATE text_indexes SET words_version = {words_version}, indexed_to = {tickets} * {comments};

SELECT setval(pg_get_serial_sequence('users', 'id'), (SELECT max(id) FROM users)),
    setval(pg_get_serial_sequence('teams', 'id'), 20),
    setval(pg_get_serial_sequence('tickets', 'id'), {tickets}),
    setval('comments_public_ids', 2 * {tickets} * {comments} + 1),
    setval('comments_internal_ids', 2 * {tickets} * {comments} + 2),
    setval('ticket_events_public_ids', 4 * {tickets} + 1), setval('ticket_events_internal_ids', 4 * {tickets} + 2);

ANALYZE;

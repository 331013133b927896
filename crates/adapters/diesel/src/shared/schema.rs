// Written by `diesel print-schema` as diesel.toml says; a test compares it with both databases.

diesel::table! {
    use diesel::sql_types::{Bool, Int2, Int8, Nullable, Text};
    use super::super::dialect::{Bytea, Jsonb, Timestamptz, Tsvector};

    audit_entries (id) {
        id -> Int8,
        at -> Timestamptz,
        actor_kind -> Text,
        actor_id -> Nullable<Int8>,
        kind -> Text,
        subject_kind -> Text,
        subject_id -> Int8,
        label -> Text,
        changes -> Jsonb,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Int2, Int8, Nullable, Text};
    use super::super::dialect::{Bytea, Jsonb, Timestamptz, Tsvector};

    comments (id) {
        id -> Int8,
        ticket_id -> Int8,
        author_id -> Int8,
        author_role -> Text,
        body -> Text,
        is_internal -> Bool,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Int2, Int8, Nullable, Text};
    use super::super::dialect::{Bytea, Jsonb, Timestamptz, Tsvector};

    idempotency_keys (account_id, key) {
        account_id -> Int8,
        key -> Text,
        fingerprint -> Bytea,
        answer -> Bytea,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Int2, Int8, Nullable, Text};
    use super::super::dialect::{Bytea, Jsonb, Timestamptz, Tsvector};

    import_sources (id) {
        id -> Int8,
        name -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Int2, Int8, Nullable, Text};
    use super::super::dialect::{Bytea, Jsonb, Timestamptz, Tsvector};

    imported_comments (source_id, original_id) {
        source_id -> Int8,
        original_id -> Int8,
        comment_id -> Int8,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Int2, Int8, Nullable, Text};
    use super::super::dialect::{Bytea, Jsonb, Timestamptz, Tsvector};

    imported_tickets (source_id, original_id) {
        source_id -> Int8,
        original_id -> Int8,
        ticket_id -> Int8,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Int2, Int8, Nullable, Text};
    use super::super::dialect::{Bytea, Jsonb, Timestamptz, Tsvector};

    internal_comment_texts (comment_id) {
        comment_id -> Int8,
        ticket_id -> Int8,
        words -> Tsvector,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Int2, Int8, Nullable, Text};
    use super::super::dialect::{Bytea, Jsonb, Timestamptz, Tsvector};

    invitations (digest) {
        digest -> Bytea,
        user_id -> Int8,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Int2, Int8, Nullable, Text};
    use super::super::dialect::{Bytea, Jsonb, Timestamptz, Tsvector};

    public_comment_texts (comment_id) {
        comment_id -> Int8,
        ticket_id -> Int8,
        words -> Tsvector,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Int2, Int8, Nullable, Text};
    use super::super::dialect::{Bytea, Jsonb, Timestamptz, Tsvector};

    refresh_tokens (digest) {
        digest -> Bytea,
        session_id -> Text,
        issued_at -> Timestamptz,
        generation -> Int8,
        is_superseded -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Int2, Int8, Nullable, Text};
    use super::super::dialect::{Bytea, Jsonb, Timestamptz, Tsvector};

    sessions (id) {
        id -> Text,
        user_id -> Int8,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        revoked_at -> Nullable<Timestamptz>,
        token_version -> Int8,
        generation -> Int8,
        last_used_at -> Timestamptz,
        idle_expires_at -> Timestamptz,
        address -> Nullable<Text>,
        network -> Nullable<Text>,
        user_agent -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Int2, Int8, Nullable, Text};
    use super::super::dialect::{Bytea, Jsonb, Timestamptz, Tsvector};

    store_secrets (name) {
        name -> Text,
        secret -> Bytea,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Int2, Int8, Nullable, Text};
    use super::super::dialect::{Bytea, Jsonb, Timestamptz, Tsvector};

    team_members (team_id, user_id) {
        team_id -> Int8,
        user_id -> Int8,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Int2, Int8, Nullable, Text};
    use super::super::dialect::{Bytea, Jsonb, Timestamptz, Tsvector};

    teams (id) {
        id -> Int8,
        name -> Text,
        is_default -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Int2, Int8, Nullable, Text};
    use super::super::dialect::{Bytea, Jsonb, Timestamptz, Tsvector};

    text_indexes (name) {
        name -> Text,
        words_version -> Int8,
        indexed_to -> Int8,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Int2, Int8, Nullable, Text};
    use super::super::dialect::{Bytea, Jsonb, Timestamptz, Tsvector};

    ticket_events (id) {
        id -> Int8,
        ticket_id -> Int8,
        is_internal -> Bool,
        kind -> Text,
        actor_kind -> Text,
        actor_id -> Nullable<Int8>,
        at -> Timestamptz,
        version -> Int8,
        public_version -> Int8,
        comment_id -> Nullable<Int8>,
        changes -> Jsonb,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Int2, Int8, Nullable, Text};
    use super::super::dialect::{Bytea, Jsonb, Timestamptz, Tsvector};

    ticket_tags (ticket_id, tag) {
        ticket_id -> Int8,
        tag -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Int2, Int8, Nullable, Text};
    use super::super::dialect::{Bytea, Jsonb, Timestamptz, Tsvector};

    ticket_texts (ticket_id) {
        ticket_id -> Int8,
        words -> Tsvector,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Int2, Int8, Nullable, Text};
    use super::super::dialect::{Bytea, Jsonb, Timestamptz, Tsvector};

    tickets (id) {
        id -> Int8,
        subject -> Text,
        description -> Text,
        status -> Text,
        priority -> Text,
        tags -> Jsonb,
        requester_id -> Int8,
        assignee_id -> Nullable<Int8>,
        team_id -> Int8,
        follow_up_of -> Nullable<Int8>,
        version -> Int8,
        public_version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        public_updated_at -> Timestamptz,
        first_responded_at -> Nullable<Timestamptz>,
        resolved_at -> Nullable<Timestamptz>,
        closed_at -> Nullable<Timestamptz>,
        reopen_count -> Int8,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Int2, Int8, Nullable, Text};
    use super::super::dialect::{Bytea, Jsonb, Timestamptz, Tsvector};

    users (id) {
        id -> Int8,
        email -> Text,
        name -> Text,
        role -> Text,
        is_active -> Bool,
        version -> Int8,
        token_version -> Int8,
        password_scheme -> Nullable<Int2>,
        password_hash -> Nullable<Text>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::joinable!(audit_entries -> users (actor_id));
diesel::joinable!(comments -> tickets (ticket_id));
diesel::joinable!(comments -> users (author_id));
diesel::joinable!(idempotency_keys -> users (account_id));
diesel::joinable!(internal_comment_texts -> comments (comment_id));
diesel::joinable!(imported_comments -> import_sources (source_id));
diesel::joinable!(imported_tickets -> import_sources (source_id));
diesel::joinable!(imported_tickets -> tickets (ticket_id));
diesel::joinable!(invitations -> users (user_id));
diesel::joinable!(public_comment_texts -> comments (comment_id));
diesel::joinable!(refresh_tokens -> sessions (session_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(team_members -> teams (team_id));
diesel::joinable!(team_members -> users (user_id));
diesel::joinable!(ticket_events -> comments (comment_id));
diesel::joinable!(ticket_events -> tickets (ticket_id));
diesel::joinable!(ticket_events -> users (actor_id));
diesel::joinable!(ticket_tags -> tickets (ticket_id));
diesel::joinable!(ticket_texts -> tickets (ticket_id));
diesel::joinable!(tickets -> teams (team_id));

diesel::allow_tables_to_appear_in_same_query!(
    audit_entries,
    comments,
    idempotency_keys,
    internal_comment_texts,
    import_sources,
    imported_comments,
    imported_tickets,
    invitations,
    public_comment_texts,
    refresh_tokens,
    sessions,
    store_secrets,
    team_members,
    teams,
    text_indexes,
    ticket_events,
    ticket_tags,
    ticket_texts,
    tickets,
    users,
);

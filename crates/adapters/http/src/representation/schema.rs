//! Schemas of the domain's values, for the OpenAPI document. Words and bounds come from the domain itself.

use std::borrow::Cow;

use helpdesk_domain::MAX_ID;
use utoipa::openapi::schema::{
    AdditionalProperties, KnownFormat, Object, ObjectBuilder, SchemaFormat, SchemaType, Type,
};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

fn words(words: &[&'static str], description: &str) -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(words.iter().copied()))
        .description(Some(description))
        .build()
}

macro_rules! schema {
    ($(#[$doc:meta])* $name:ident => $object:expr) => {
        $(#[$doc])*
        pub(crate) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                RefOr::T(Schema::Object($object))
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    };
}

schema!(
    /// A ticket's status.
    Status => words(
        helpdesk_domain::Status::WORDS,
        "Where a ticket stands. On input any letter case is understood, and `-`, space or `_` between words.",
    )
);
schema!(
    /// A ticket's priority.
    Priority => words(
        helpdesk_domain::Priority::WORDS,
        "How urgent a ticket is. On input any letter case is understood.",
    )
);
schema!(
    /// An account's role.
    Role => words(helpdesk_domain::Role::WORDS, "What an account may do. On input any letter case is understood.")
);
schema!(
    /// What an entry of the audit trail tells of.
    AuditKind => words(
        helpdesk_domain::AuditKind::WORDS,
        "What was done. On input any letter case is understood, and `-`, space or `_` between words.",
    )
);
schema!(
    /// What an event of a ticket's history tells of.
    EventKind => words(helpdesk_domain::EventKind::WORDS, "What happened.")
);
schema!(
    /// What kind of actor did something.
    ActorKind => {
        use helpdesk_domain::ActorKind::{Admin, Agent, Customer, System};
        let kinds = [Admin, Agent, Customer, System].map(helpdesk_domain::ActorKind::as_str);
        words(&kinds, "A role, or `system` for the help desk itself.")
    }
);
schema!(
    /// A value before or after a change.
    AuditValue => ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Boolean, Type::Integer, Type::Null]))
        .description(Some("A text, a yes or no, an id, or nothing."))
        .examples(["agent"])
        .build()
);
schema!(
    /// The order of a list of tickets.
    TicketSort => {
        let names: Vec<&str> = crate::paging::SORTS.iter().map(|(name, ..)| *name).collect();
        let mut schema = words(&names, "The order of a list of tickets.");
        schema.default = Some("-updated_at".into());
        schema
    }
);
schema!(
    /// An id.
    Id => ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
        .minimum(Some(1))
        .maximum(Some(MAX_ID))
        .examples([17])
        .description(Some("A positive integer below 2^53."))
        .build()
);
schema!(
    /// The id of a session.
    SessionId => ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some("^[0-9a-f]{32}$"))
        .description(Some("The id of a session."))
        .examples(["5f0c8a3be6a14d0f9f3e4b7a6c1d2e3f"])
        .build()
);
schema!(
    /// Where a page of a list begins.
    Cursor => ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some("^[A-Za-z0-9_-]{1,200}$"))
        .description(Some("The `next_cursor` of the page before; of no use to anybody else, or for another list."))
        .build()
);
schema!(
    /// An OpenAPI document.
    Document => ObjectBuilder::new()
        .schema_type(Type::Object)
        .property("openapi", ObjectBuilder::new().schema_type(Type::String).pattern(Some("^3[.]1[.]")))
        .required("openapi")
        .additional_properties(Some(AdditionalProperties::FreeForm(true)))
        .description(Some("An OpenAPI document."))
        .examples([serde_json::json!({"openapi": "3.1.0"})])
        .build()
);
schema!(
    /// A moment.
    Time => ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
        .pattern(Some("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}Z$"))
        .description(Some("RFC 3339 in UTC, with six digits and Z."))
        .examples(["2026-01-31T09:15:00.000000Z"])
        .build()
);
schema!(
    /// A moment, as a caller may write it.
    AnyTime => ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
        .description(Some("RFC 3339, in any zone."))
        .examples(["2026-01-31T09:15:00Z"])
        .build()
);
schema!(
    /// What `If-Match` may say.
    EntityTags => ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some("^([*]|(W/)?\"[!#-~]*\"( ?, ?(W/)?\"[!#-~]*\")*)$"))
        .description(Some("`*`, or entity tags as answers have them, with commas in between."))
        .examples(["\"3-m7ZtRzyvvDyZcXtmUdEsbA\""])
        .build()
);
schema!(
    /// A tag.
    Tag => ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(helpdesk_domain::TAG_MAX_CHARS))
        .description(Some("A word about a ticket, in lower case. On input any letter case is understood."))
        .examples(["vip"])
        .build()
);

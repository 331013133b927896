//! The columns of a `table!`, as values.

use diesel::Column;
use diesel::expression::Expression;
use diesel::sql_types::{SqlType, is_nullable};

/// A column's name and whether it may be null.
pub(crate) type Described = (String, bool);

/// All columns of a table, in order.
pub(crate) trait Columns {
    fn describe() -> Vec<Described>;
}

/// Whether a type is nullable, as a value.
pub(crate) trait Nullability {
    const MAY_BE_NULL: bool;
}

impl Nullability for is_nullable::IsNullable {
    const MAY_BE_NULL: bool = true;
}

impl Nullability for is_nullable::NotNull {
    const MAY_BE_NULL: bool = false;
}

fn describe<C>() -> Described
where
    C: Column,
    <C as Expression>::SqlType: SqlType,
    <<C as Expression>::SqlType as SqlType>::IsNull: Nullability,
{
    (C::NAME.to_owned(), <<<C as Expression>::SqlType as SqlType>::IsNull as Nullability>::MAY_BE_NULL)
}

macro_rules! tuples {
    ($first:ident $($rest:ident)*) => {
        impl<$first, $($rest),*> Columns for ($first, $($rest,)*)
        where
            $first: Column,
            <$first as Expression>::SqlType: SqlType,
            <<$first as Expression>::SqlType as SqlType>::IsNull: Nullability,
            $(
                $rest: Column,
                <$rest as Expression>::SqlType: SqlType,
                <<$rest as Expression>::SqlType as SqlType>::IsNull: Nullability,
            )*
        {
            fn describe() -> Vec<Described> {
                vec![describe::<$first>(), $(describe::<$rest>()),*]
            }
        }
        tuples!($($rest)*);
    };
    () => {};
}

tuples!(A B C D E F G H I J K L M N O P Q R S T U V W X);

/// Selects every column of every table, and pairs the tables' names with what is thought of their columns.
macro_rules! described_tables {
    ($connection:expr, $schema:path) => {{
        use $schema::*;
        $crate::columns::described_tables!(@tables $connection,
            audit_entries comments idempotency_keys import_sources imported_comments imported_tickets internal_comment_texts invitations public_comment_texts refresh_tokens sessions
            store_secrets team_members teams text_indexes ticket_events ticket_tags ticket_texts tickets users)
    }};
    (@tables $connection:expr, $($table:ident)+) => {
        vec![$({
            $table::table.select($table::all_columns).limit(0).execute($connection).unwrap();
            let columns = $crate::columns::describe_all($table::all_columns);
            (stringify!($table).to_owned(), columns)
        }),+]
    };
}
pub(crate) use described_tables;

pub(crate) fn describe_all<C: Columns>(_: C) -> Vec<Described> {
    C::describe()
}

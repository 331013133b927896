//! The one suite that decides what a store is.
//!
//! [`contract_suite!`](crate::contract_suite) expands every case into a named `#[tokio::test]` of its own, so that a store
//! runs all of them or does not compile. Whoever uses it has `tokio` with `macros` and `rt` as a dev-dependency, and a
//! factory that makes an empty, migrated store:
//!
//! ```ignore
//! async fn make_sqlite() -> (helpdesk_ports::Stores, tempfile::TempDir) { … }
//! helpdesk_ports::contract_suite!(sqlite, make_sqlite);
//! ```
//!
//! The factory's second value is dropped when the test is over; it keeps the database alive. No case has more than
//! [`PARALLEL`] calls under way at once, which a store must take without
//! [`StoreError::Unavailable`](crate::StoreError::Unavailable).
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "these are tests, shipped behind a feature: they panic to say what a store got wrong"
)]

pub mod comments;
pub mod commits;
mod desk;
pub mod tickets;

pub use desk::PARALLEL;

/// Expands every case of the contract into a test: `contract_suite!(module, factory)`. See [`contract`](crate::contract).
#[macro_export]
macro_rules! contract_suite {
    ($store:ident, $($factory:ident)::+) => {
        mod $store {
            $crate::contract_suite! { @cases ($($factory)::+)
                tickets {
                    a_new_ticket_reads_back_as_it_was_opened,
                    the_longest_texts_survive,
                    unusual_texts_survive,
                    the_first_and_the_last_moment_survive,
                    every_field_reads_back_after_each_change,
                    ids_rise_in_the_order_of_opening,
                    an_unknown_ticket_is_absent,
                    names_are_the_ones_of_today,
                }
                comments {
                    a_comment_reads_back_as_it_was_written,
                    public_ids_are_odd_internal_ones_even_and_neither_shows_in_the_other,
                    pages_of_comments_hold_each_once_oldest_first,
                    a_customer_reads_public_comments_alone,
                    the_role_is_the_one_held_when_writing,
                }
                commits {
                    a_stale_change_writes_nothing,
                    a_change_of_a_ticket_that_is_gone_is_stale,
                    an_assignee_who_is_no_active_agent_leaves_everything_as_it_was,
                }
            }
        }
    };
    (@cases $factory:tt $($file:ident { $($case:ident,)+ })+) => {
        $($crate::contract_suite! { @file $factory $file $($case)+ })+
    };
    (@file $factory:tt $file:ident $($case:ident)+) => {
        $($crate::contract_suite! { @case $factory $file $case })+
    };
    (@case ($($factory:ident)::+) $file:ident $case:ident) => {
        #[::tokio::test]
        async fn $case() {
            let (stores, _guard) = super::$($factory)::+().await;
            $crate::contract::$file::$case(stores).await;
        }
    };
}

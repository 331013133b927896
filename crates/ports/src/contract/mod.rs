//! The one suite that decides what a store is.
//!
//! [`contract_suite!`](crate::contract_suite) expands every case into a named `#[tokio::test]` of its own, so that a store
//! runs all of them or does not compile. Whoever uses it has `tokio` with `macros` and `rt` as a dev-dependency, and a
//! factory that makes an empty, migrated store:
//!
//! ```text
//! async fn make_sqlite() -> (helpdesk_ports::Stores, tempfile::TempDir) { … }
//! helpdesk_ports::contract_suite!(sqlite, make_sqlite);
//! ```
//!
//! The example `memory_store` of this crate is a whole store, from its state to this line.
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

pub mod account_lists;
pub mod account_races;
pub mod account_teams;
pub mod accounts;
pub mod audit;
mod bureau;
pub mod claims;
pub mod closing;
pub mod comments;
pub mod commits;
pub mod concurrency;
mod counter;
pub mod credential_races;
pub mod credentials;
mod desk;
pub mod exports;
pub mod forgetting;
pub mod giving_back;
pub mod history;
pub mod idempotency;
pub mod idempotency_races;
pub mod imports;
pub mod lists;
pub mod locked;
pub mod many;
pub mod many_races;
pub mod memberships;
mod model;
pub mod operations;
pub mod queue;
pub mod refreshing;
pub mod search;
pub mod session_lists;
pub mod session_races;
pub mod sessions;
mod source;
pub mod team_races;
pub mod team_tickets;
pub mod teams;
pub mod tickets;
pub mod visibility;

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
                    a_follow_up_names_what_it_follows,
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
                locked {
                    a_locked_decision_is_about_what_is_there_and_written,
                    a_locked_decision_answers_with_authors_under_the_names_of_today,
                    a_locked_decision_answers_with_the_first_page,
                    a_locked_decision_may_be_a_refusal,
                    a_locked_decision_may_change_nothing,
                    a_locked_decision_may_be_unmet,
                    nothing_is_decided_out_of_scope,
                }
                many {
                    many_decisions_come_to_what_each_would_come_to_alone,
                    every_event_of_many_reads_back_as_it_was_decided,
                    of_many_a_refused_one_harms_no_other,
                    of_many_what_is_out_of_scope_is_left_out,
                    what_does_not_hold_is_told_for_each_ticket,
                    whoever_asks_again_for_what_does_not_hold_writes_nothing,
                    many_decisions_bring_no_comments,
                }
                many_races {
                    many_in_any_order_at_once_all_come_through,
                    many_and_single_changes_at_once_are_all_made,
                    reopening_many_races_disabling_their_agent,
                    assigning_many_races_disabling,
                    moving_many_races_deleting_the_team,
                }
                lists {
                    lists_are_in_the_order_that_was_asked_for,
                    filters_let_through_what_they_say,
                    pages_of_tickets_hold_each_once,
                    internal_work_moves_nothing_in_a_customers_list,
                    a_position_outlives_a_change_of_its_ticket,
                    a_position_of_another_sort_key_is_a_fault,
                }
                search {
                    a_search_finds_what_the_predicate_admits,
                    a_search_narrows_a_queue,
                    what_is_written_is_found_by_those_who_may_see_it,
                    a_customers_search_knows_nothing_internal,
                }
                history {
                    every_event_reads_back_as_it_was_decided,
                    history_is_in_the_order_of_time,
                    history_is_for_those_who_see_the_ticket,
                    actors_are_shown_under_their_names_of_today,
                }
                queue {
                    a_queue_lists_what_the_rule_admits,
                    a_queue_is_no_place_for_other_positions,
                    what_an_agent_may_claim_is_of_its_teams,
                }
                claims {
                    a_claim_is_written,
                    who_is_no_active_member_claims_nothing,
                    of_many_claims_one_is_written,
                    claiming_races_leaving_the_team,
                    claiming_races_disabling,
                }
                closing {
                    what_was_resolved_before_closes_by_itself,
                    closing_goes_on_in_batches_oldest_first,
                    closing_twice_at_once_closes_each_once,
                }
                visibility {
                    everyone_sees_what_the_predicates_admit,
                }
                concurrency {
                    of_many_changes_of_one_version_one_is_written,
                    comments_written_at_once_are_all_there,
                    decisions_under_the_lock_are_all_made,
                    tickets_opened_at_once_go_to_those_who_opened_them,
                    reads_made_at_once_go_to_those_who_asked,
                    lists_made_at_once_go_to_those_who_asked,
                    a_stale_change_harms_no_other,
                    closing_and_commenting_at_once_come_one_after_the_other,
                }
                accounts {
                    an_account_reads_back_as_it_was_made,
                    the_longest_names_and_addresses_survive,
                    an_address_belongs_to_one_account,
                    an_unknown_account_is_absent,
                    pages_of_accounts_hold_each_once,
                    a_change_of_an_account_is_written,
                    a_stale_change_of_an_account_writes_nothing,
                    the_last_active_admin_remains,
                    an_active_agent_is_an_agent_and_active,
                }
                credentials {
                    an_invited_account_has_no_password_until_it_accepts,
                    a_later_invitation_takes_the_place_of_the_earlier,
                    a_reset_takes_the_password_away,
                    a_new_password_is_kept_as_it_was_given,
                    a_new_password_uses_an_invitation_up,
                    other_changes_keep_password_and_invitation,
                    a_stale_credential_writes_nothing,
                    an_account_is_found_by_its_address_and_by_itself,
                    an_able_admin_can_sign_in,
                    an_admin_without_a_password_does_not_save_the_last,
                }
                account_lists {
                    filters_of_accounts_let_through_what_they_say,
                    pages_of_filtered_accounts_hold_each_once,
                    a_text_is_looked_for_in_name_and_address,
                }
                account_teams {
                    a_new_agent_joins_the_teams_it_is_given,
                    nobody_but_an_agent_joins_a_team,
                    an_account_for_a_team_that_is_not_there_is_not_made,
                    who_stops_being_an_agent_leaves_every_team,
                    who_becomes_an_agent_joins_the_default_team,
                    the_last_admin_becomes_no_member,
                }
                giving_back {
                    a_disabled_agent_gives_its_tickets_back,
                    an_agent_who_loses_the_role_gives_its_tickets_back,
                    an_agent_who_stays_one_keeps_its_tickets,
                }
                account_races {
                    of_many_accounts_with_one_address_one_is_made,
                    two_admins_who_demote_each_other_leave_one,
                    when_all_admins_resign_at_once_one_remains,
                    assigning_races_disabling,
                    promoting_races_assigning,
                }
                credential_races {
                    an_invitation_is_accepted_once,
                    accepting_races_another_invitation,
                    of_two_new_passwords_one_is_written,
                    a_new_password_races_disabling,
                    two_admins_who_reset_each_other_leave_one,
                }
                sessions {
                    a_session_stands_as_it_was_opened,
                    an_unknown_session_stands_nowhere,
                    a_session_follows_its_account,
                    ended_sessions_are_those_of_the_account,
                    a_session_opens_for_the_account_as_it_is,
                    a_session_is_kept_where_its_account_chooses_a_password,
                }
                refreshing {
                    a_refreshed_session_goes_on,
                    a_lost_answer_is_given_again,
                    a_token_that_is_used_twice_ends_its_session,
                    what_belongs_to_no_live_session_is_dead,
                    a_clock_that_was_set_back_moves_no_session_back,
                    a_session_is_not_refreshed_too_often,
                    answers_are_not_lost_for_ever,
                    a_store_rotates_by_the_rule,
                }
                session_lists {
                    a_session_reads_back_as_it_was_opened,
                    live_sessions_are_listed_newest_first,
                    a_session_that_is_over_is_not_listed,
                    pages_of_sessions_hold_each_once,
                    ending_a_session_ends_that_one,
                    a_network_is_known_by_the_sessions_from_it,
                }
                forgetting {
                    sessions_that_ended_are_forgotten_with_their_tokens,
                    invitations_that_ended_are_forgotten,
                    what_is_over_is_forgotten_in_batches,
                }
                session_races {
                    of_many_who_show_one_token_one_goes_on,
                    of_many_replays_one_ends_the_session,
                    refreshing_races_disabling,
                    refreshing_races_signing_out,
                    refreshing_races_a_new_password,
                    signing_in_races_disabling,
                    signing_in_races_a_new_password,
                    of_many_who_end_a_session_one_does,
                }
                teams {
                    there_is_a_default_team_at_first,
                    a_team_reads_back_as_it_was_made,
                    an_unknown_team_is_absent,
                    a_name_belongs_to_one_team,
                    a_team_is_renamed_once,
                    a_team_that_anything_belongs_to_stays,
                }
                memberships {
                    a_member_joins_and_leaves_once,
                    only_agents_join,
                    nobody_joins_a_team_that_is_gone,
                    pages_of_members_hold_each_once,
                }
                team_tickets {
                    a_ticket_moves_to_another_team_unseen,
                    a_team_changes_along_with_the_rest,
                    no_ticket_moves_to_a_team_that_is_gone,
                    a_locked_decision_may_move_a_ticket,
                }
                team_races {
                    deleting_a_team_races_moving_tickets_to_it,
                    deleting_a_team_races_joining_it,
                    joining_a_team_races_losing_the_role,
                    making_an_agent_races_deleting_its_team,
                    of_many_who_add_a_member_one_does,
                    of_many_teams_with_one_name_there_is_one,
                    of_two_who_change_a_team_one_is_stale,
                    of_many_who_delete_a_team_one_does,
                }
                audit {
                    each_new_account_leaves_one_entry,
                    each_change_of_an_account_leaves_one_entry,
                    each_change_of_a_team_leaves_one_entry,
                    what_is_not_written_leaves_no_entry,
                    filters_of_the_trail_let_through_what_they_say,
                    the_actors_name_is_the_one_of_today,
                }
                idempotency {
                    what_is_done_once_is_written_with_its_answer,
                    a_taken_key_leaves_no_trace,
                    what_is_not_written_keeps_no_answer,
                    what_cannot_be_answered_is_not_written,
                    a_key_belongs_to_its_account,
                    an_answer_that_expired_gives_way,
                    what_expired_is_forgotten_in_batches,
                    keys_and_answers_survive,
                    an_unmet_account_keeps_no_answer,
                }
                idempotency_races {
                    of_many_with_one_key_one_is_written,
                    of_one_request_sent_many_times_one_is_written,
                    an_expired_answer_gives_way_once,
                    any_mix_of_calls_writes_one_for_each_key,
                }
                exports {
                    an_export_holds_each_ticket_once_by_id,
                    filters_narrow_an_export,
                    an_export_has_every_comment_with_its_author,
                }
                imports {
                    an_imported_ticket_is_what_was_told,
                    imported_comments_are_what_was_told,
                    what_is_imported_can_be_searched,
                    what_was_imported_is_not_imported_again,
                    a_ticket_that_went_on_here_stays_as_it_is,
                    accounts_are_those_that_are_here,
                    accounts_and_teams_that_are_made_leave_their_entries,
                    an_imported_follow_up_follows_what_the_first_has_become,
                    importing_the_same_at_once_writes_it_once,
                    importing_races_disabling,
                }
                operations {
                    a_store_is_ready,
                    the_secret_stays_the_same,
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

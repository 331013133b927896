//! What `serve` does now and then.

use std::sync::Arc;
use std::time::Duration;

use actix_web::rt;
use helpdesk_use_cases::HelpDesk;

/// How often what is over is forgotten. Nothing depends on it but the size of the store.
const FORGET_EVERY: Duration = Duration::from_hours(1);

/// How often it is looked for tickets that close by themselves: by so much at most one closes too late.
const CLOSE_EVERY: Duration = Duration::from_mins(5);

/// Begins at once, and goes on until the process ends. Each is a task of its own, so that none waits for another.
pub(crate) fn start(help_desk: &Arc<HelpDesk>) {
    let desk = help_desk.clone();
    rt::spawn(async move {
        loop {
            match desk.housekeeping.close_resolved().await {
                Ok(0) => {}
                Ok(some) => log::info!("closed {some} tickets that had been resolved for long enough"),
                Err(error) => log::warn!("cannot close tickets by themselves: {}", error.for_log()),
            }
            rt::time::sleep(CLOSE_EVERY).await;
        }
    });
    let desk = help_desk.clone();
    rt::spawn(async move {
        loop {
            match desk.housekeeping.forget_ended().await {
                Ok(0) => {}
                Ok(some) => log::info!("forgot {some} sessions, invitations and answers that were over"),
                Err(error) => log::warn!("cannot forget what is over: {}", error.for_log()),
            }
            rt::time::sleep(FORGET_EVERY).await;
        }
    });
}

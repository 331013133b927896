//! What `serve` does now and then.

use std::sync::Arc;
use std::time::Duration;

use actix_web::rt;
use helpdesk_use_cases::HelpDesk;

/// How often what is over is forgotten. Nothing depends on it but the size of the store.
const EVERY: Duration = Duration::from_hours(1);

/// Begins at once, and goes on until the process ends.
pub(crate) fn start(help_desk: Arc<HelpDesk>) {
    rt::spawn(async move {
        loop {
            match help_desk.housekeeping.forget_ended().await {
                Ok(0) => {}
                Ok(some) => log::info!("forgot {some} sessions and invitations that were over"),
                Err(error) => log::warn!("cannot forget what is over: {}", error.for_log()),
            }
            rt::time::sleep(EVERY).await;
        }
    });
}

//! `SIGHUP`: the keys are read again, and no restart is needed.

use std::sync::Arc;

use helpdesk_auth::KeyRing;
use signal_hook::consts::SIGHUP;
use signal_hook::iterator::Signals;

use crate::secret::KeySource;

/// Hang-ups as they come. From the moment that this exists, none ends the process.
pub(crate) struct Hangups(Signals);

impl Hangups {
    /// To be called first: one that comes while the server still starts is kept until somebody looks.
    pub(crate) fn listen() -> std::io::Result<Self> {
        Signals::new([SIGHUP]).map(Self)
    }

    /// Reads the keys again with each. A thread of its own does so, since a file can be slow and async workers must not wait.
    pub(crate) fn rotate(mut self, source: KeySource, ring: Arc<KeyRing>) -> std::io::Result<()> {
        let work = move || {
            for _ in self.0.forever() {
                read_again(&source, &ring);
            }
        };
        std::thread::Builder::new().name("key-rotation".to_owned()).spawn(work).map(drop)
    }
}

fn read_again(source: &KeySource, ring: &KeyRing) {
    let file = match source {
        KeySource::File(file) => file,
        KeySource::Variable(_) => {
            log::warn!("SIGHUP: the key is in a variable, so there is no file to read again");
            return;
        }
    };
    match file.read() {
        Ok(secrets) => {
            ring.replace(&secrets);
            log::info!("SIGHUP: read {}", file.summary(&secrets));
        }
        Err(error) => log::error!("SIGHUP: the keys stay as they were: {error}"),
    }
}

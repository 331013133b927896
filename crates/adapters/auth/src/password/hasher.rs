//! The port, on threads of its own.

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread::available_parallelism;

use async_trait::async_trait;
use helpdesk_domain::NewPassword;
use helpdesk_ports::{Fingerprint, HashError, PasswordHash, PasswordHasher, Random};

use super::queue::{Queue, gone};
use super::rounds::COSTS;
use super::scheme;

/// How much of the machine hashing may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HasherConfig {
    /// bcrypt's cost: 2^cost rounds. 12 takes about a quarter of a second.
    pub cost: u32,
    /// How many threads hash.
    pub threads: NonZeroUsize,
    /// How many may wait for them.
    pub queue: usize,
}

/// Cost 12, half of the cores, and 32 waiting for each thread, which at that cost is a wait of some seconds, and of some tens where
/// the machine is busy with other things.
impl Default for HasherConfig {
    fn default() -> Self {
        let cores = available_parallelism().map_or(1, NonZeroUsize::get);
        let threads = NonZeroUsize::new(cores / 2).unwrap_or(NonZeroUsize::MIN);
        Self { cost: 12, threads, queue: threads.get().saturating_mul(32) }
    }
}

/// Why there is no hasher.
#[derive(Debug)]
pub enum HasherError {
    /// bcrypt does not know this cost.
    Cost(u32),
    /// A thread could not be started.
    Threads(std::io::Error),
}

impl fmt::Display for HasherError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cost(cost) => {
                write!(
                    f,
                    "the bcrypt cost must lie between {} and {}, not {cost}",
                    COSTS.start(),
                    COSTS.end()
                )
            }
            Self::Threads(error) => write!(f, "the threads for passwords could not be started: {error}"),
        }
    }
}

impl std::error::Error for HasherError {}

/// Hashes passwords with bcrypt, on named threads behind a bounded queue.
///
/// * A full queue is [`HashError::Busy`] at once.
/// * Work whose caller has gone (the future was dropped) before its turn is left out: a sign-in that was given up costs
///   nothing.
/// * A candidate without an account, and one that no password can be, take as long as a wrong one.
pub struct BcryptHasher {
    queue: Queue<Shared>,
}

/// What every hashing thread needs.
struct Shared {
    cost: u32,
    dummy: String,
    random: Arc<dyn Random>,
}

impl BcryptHasher {
    /// Starts the threads. They end when it is dropped.
    ///
    /// # Errors
    /// [`HasherError`] for a cost that bcrypt does not know, or when no thread can be started.
    pub fn start(config: HasherConfig, random: Arc<dyn Random>) -> Result<Self, HasherError> {
        if !COSTS.contains(&config.cost) {
            return Err(HasherError::Cost(config.cost));
        }
        let shared = Shared { cost: config.cost, dummy: scheme::dummy(config.cost, &*random), random };
        let queue = Queue::start(config.threads.get(), config.queue, "password", shared);
        queue.map(|queue| Self { queue }).map_err(HasherError::Threads)
    }
}

#[async_trait]
impl PasswordHasher for BcryptHasher {
    async fn hash(&self, password: NewPassword) -> Result<PasswordHash, HashError> {
        let hash = move |shared: &Shared| scheme::hash(&password, shared.cost, &*shared.random);
        self.queue.submit(hash)?.await.map_err(|_| gone())?
    }

    async fn verify(&self, candidate: String, hash: Option<PasswordHash>) -> Result<bool, HashError> {
        let verify = move |shared: &Shared| scheme::verify(&candidate, hash.as_ref(), &shared.dummy);
        self.queue.submit(verify)?.await.map_err(|_| gone())?
    }

    async fn bind(&self, rest: Fingerprint, password: NewPassword) -> Result<Fingerprint, HashError> {
        let bind = move |shared: &Shared| scheme::bind(&rest, &password, shared.cost);
        self.queue.submit(bind)?.await.map_err(|_| gone())?
    }
}

#[cfg(test)]
mod tests {
    use helpdesk_domain::Email;

    use super::*;
    use crate::test_random::Counting;

    fn hasher(cost: u32) -> Result<BcryptHasher, HasherError> {
        let config = HasherConfig { cost, threads: NonZeroUsize::MIN, queue: 4 };
        BcryptHasher::start(config, Arc::new(Counting::default()))
    }

    #[tokio::test]
    async fn a_password_opens_its_account_and_no_other_does() {
        let hasher = hasher(4).unwrap();
        let email = Email::parse("ada@example.com").unwrap();
        let hash = hasher.hash(NewPassword::parse("correct horse battery", &email).unwrap()).await.unwrap();
        assert_eq!(hasher.verify("correct horse battery".to_owned(), Some(hash.clone())).await, Ok(true));
        for wrong in ["Correct horse battery", "", "correct horse battery "] {
            assert_eq!(hasher.verify(wrong.to_owned(), Some(hash.clone())).await, Ok(false), "{wrong:?}");
        }
        assert_eq!(hasher.verify("correct horse battery".to_owned(), None).await, Ok(false));
        let unknown = PasswordHash { scheme: 2, ..hash };
        let outcome = hasher.verify("correct horse battery".to_owned(), Some(unknown)).await;
        assert!(matches!(outcome, Err(HashError::Fault(_))), "{outcome:?}");
    }

    #[tokio::test]
    async fn a_fingerprint_is_of_the_rest_and_of_the_password() {
        let hasher = hasher(4).unwrap();
        let email = Email::parse("ada@example.com").unwrap();
        let bind = async |rest, raw| {
            hasher.bind(Fingerprint([rest; 32]), NewPassword::parse(raw, &email).unwrap()).await.unwrap()
        };
        let first = bind(1, "correct horse battery").await;
        assert_eq!(bind(1, "correct horse battery").await, first);
        assert_ne!(bind(1, "correct horse batterz").await, first);
        assert_ne!(bind(2, "correct horse battery").await, first);
        assert_ne!(first, Fingerprint([1; 32]));
    }

    #[test]
    fn costs_that_bcrypt_does_not_know_are_refused() {
        for cost in [0, 3, 32] {
            let error = hasher(cost).err().unwrap();
            assert_eq!(error.to_string(), format!("the bcrypt cost must lie between 4 and 31, not {cost}"));
        }
    }

    #[test]
    fn by_default_half_of_the_cores_hash_at_cost_12() {
        let config = HasherConfig::default();
        let cores = available_parallelism().unwrap().get();
        assert_eq!(config.cost, 12);
        assert_eq!(config.threads.get(), (cores / 2).max(1));
        assert_eq!(config.queue, 32 * config.threads.get());
    }
}

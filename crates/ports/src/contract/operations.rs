//! The store as a whole.

use super::desk::{Desk, at_once};
use crate::{STORE_SECRET_BYTES, StoreSecret, Stores};

/// A store that was just made is ready, and stays so.
pub async fn a_store_is_ready(stores: Stores) {
    assert_eq!(stores.admin.ready().await, Ok(()));
    let desk = Desk::new(stores).await;
    assert_eq!(desk.stores.admin.ready().await, Ok(()));
}

/// One secret for all who ask, and not one that anybody could guess.
pub async fn the_secret_stays_the_same(stores: Stores) {
    let first = stores.admin.secret().await.expect("reading the secret");
    assert!(first != StoreSecret([0; STORE_SECRET_BYTES]), "the migration fills it");
    let desk = Desk::new(stores).await;
    for secret in at_once((0..8).map(|_| desk.stores.admin.secret())).await {
        assert!(secret.expect("reading the secret") == first, "the secret never changes");
    }
}

//! The store as a whole.

use async_trait::async_trait;
use diesel::prelude::*;
use helpdesk_ports::{STORE_SECRET_BYTES, StoreAdmin, StoreError, StoreSecret};

use super::dialect::Conn;
use super::schema::store_secrets;
use super::{Failure, migrations};
use crate::executor::Lanes;

/// The name of the one secret there is.
const SECRET: &str = "store";

pub(super) struct DieselAdmin {
    lanes: Lanes<Conn>,
}

impl DieselAdmin {
    pub(super) fn new(lanes: Lanes<Conn>) -> Self {
        Self { lanes }
    }
}

#[async_trait]
impl StoreAdmin for DieselAdmin {
    async fn ready(&self) -> Result<(), StoreError> {
        self.lanes.reads.call(migrations::check_current).await
    }

    async fn secret(&self) -> Result<StoreSecret, StoreError> {
        self.lanes.reads.call(secret).await
    }

    fn close(&self) {
        self.lanes.close();
    }
}

fn secret(conn: &mut Conn) -> Result<StoreSecret, Failure> {
    let bytes: Vec<u8> = store_secrets::table.find(SECRET).select(store_secrets::secret).get_result(conn)?;
    let secret: [u8; STORE_SECRET_BYTES] = bytes.try_into().map_err(|_| StoreError::Corrupt {
        table: "store_secrets",
        column: "secret",
        id: SECRET.to_owned(),
    })?;
    Ok(StoreSecret(secret))
}

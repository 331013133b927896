//! Writing what comes from elsewhere.

mod known;
mod named;
mod work;
mod write;

use async_trait::async_trait;
use helpdesk_domain::SystemActor;
use helpdesk_ports::{ImportBatch, ImportRepository, Imported, StoreError};

use super::dialect::Conn;
use super::write as write_in_transaction;
use crate::executor::Lanes;

pub(super) struct DieselImports {
    lanes: Lanes<Conn>,
}

impl DieselImports {
    pub(super) fn new(lanes: Lanes<Conn>) -> Self {
        Self { lanes }
    }
}

#[async_trait]
impl ImportRepository for DieselImports {
    async fn write(&self, by: SystemActor, batch: ImportBatch) -> Result<Imported, StoreError> {
        write_in_transaction(&self.lanes, move |conn| write::write(conn, by, &batch)).await
    }
}

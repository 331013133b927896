//! Both stores keep the contract.

mod support;

use support::{make_postgres, make_sqlite};

helpdesk_ports::contract_suite!(sqlite, make_sqlite);
helpdesk_ports::contract_suite!(postgres, make_postgres);

//! What was measured: medians, kept as JSON.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use helpdesk_tests::StoreKind;
use serde_json::{Value, json};

use super::load::Load;
use super::name_of;
use super::operation::Operation;
use super::options::Options;
use super::subject::Memory;

/// One measurement, with what it is measured by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    pub(crate) load: Load,
    pub(crate) limit: Option<f64>,
    pub(crate) yardstick: Option<f64>,
}

/// Where a measurement belongs: store, operation, connections.
type Place = (&'static str, &'static str, u32);

/// All of a run, while it goes on.
pub(crate) struct Results {
    setting: Value,
    rows: BTreeMap<Place, Vec<Measured>>,
    /// In the order of measuring, which is the order of the table.
    order: Vec<Place>,
    memory: Vec<(&'static str, Memory)>,
}

/// The medians of one place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) store: String,
    pub(crate) operation: String,
    pub(crate) connections: u64,
    pub(crate) rate: f64,
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    pub(crate) server_cpu: f64,
    pub(crate) database_cpu: Option<f64>,
    pub(crate) errors: f64,
    pub(crate) limit: Option<f64>,
    pub(crate) yardstick: Option<f64>,
}

impl Results {
    pub(crate) fn new(options: &Options) -> Self {
        let Options { tickets, users, seconds, rounds, .. } = options;
        let processors = std::thread::available_parallelism().map_or(0, usize::from);
        let setting = json!({
            "tickets": tickets, "users": users, "seconds": seconds, "rounds": rounds, "processors": processors,
        });
        Self { setting, rows: BTreeMap::new(), order: Vec::new(), memory: Vec::new() }
    }

    pub(crate) fn add(
        &mut self,
        store: StoreKind,
        operation: Operation,
        connections: u32,
        measured: Measured,
    ) {
        let place = (name_of(store), operation.name(), connections);
        if !self.order.contains(&place) {
            self.order.push(place);
        }
        self.rows.entry(place).or_default().push(measured);
    }

    pub(crate) fn remember(&mut self, store: StoreKind, memory: Memory) {
        self.memory.push((name_of(store), memory));
    }

    /// What the run was about.
    pub(crate) fn setting(&self) -> &Value {
        &self.setting
    }

    /// How much memory each server took.
    pub(crate) fn memory(&self) -> &[(&'static str, Memory)] {
        &self.memory
    }

    /// The medians of all rounds.
    pub(crate) fn rows(&self) -> Vec<Row> {
        let row = |place: &Place| {
            let all = &self.rows[place];
            let of = |value: &dyn Fn(&Measured) -> f64| median(all.iter().map(value).collect());
            let maybe = |value: &dyn Fn(&Measured) -> Option<f64>| {
                let values: Option<Vec<f64>> = all.iter().map(value).collect();
                values.map(median)
            };
            Row {
                store: place.0.to_owned(),
                operation: place.1.to_owned(),
                connections: place.2.into(),
                rate: of(&|measured| measured.load.rate),
                p50: of(&|measured| measured.load.p50),
                p99: of(&|measured| measured.load.p99),
                server_cpu: of(&|measured| measured.load.server_cpu),
                database_cpu: maybe(&|measured| measured.load.database_cpu),
                errors: all.iter().map(|measured| measured.load.errors).sum(),
                limit: maybe(&|measured| measured.limit),
                yardstick: maybe(&|measured| measured.yardstick),
            }
        };
        self.order.iter().map(row).collect()
    }

    /// Writes it all.
    pub(crate) fn write(&self, path: &Path) -> std::io::Result<()> {
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory)?;
        }
        let memory: Vec<Value> = self
            .memory
            .iter()
            .map(|(store, memory)| {
                json!({"store": store, "at_start_kib": memory.at_start, "at_the_end_kib": memory.at_the_end})
            })
            .collect();
        let rows: Vec<Value> = self.rows().iter().map(Row::to_json).collect();
        let whole = json!({"setting": self.setting, "memory": memory, "rows": rows});
        fs::write(path, format!("{whole:#}\n"))
    }

    /// The rows of an earlier run.
    pub(crate) fn read(path: &Path) -> Result<Vec<Row>, String> {
        let failed = |why: &str| format!("{}: {why}", path.display());
        let text = fs::read_to_string(path).map_err(|error| failed(&error.to_string()))?;
        let whole: Value = serde_json::from_str(&text).map_err(|error| failed(&error.to_string()))?;
        let rows = whole["rows"].as_array().ok_or_else(|| failed("no results of a run"))?;
        rows.iter().map(Row::from_json).collect::<Option<_>>().ok_or_else(|| failed("no results of a run"))
    }
}

impl Row {
    fn to_json(&self) -> Value {
        json!({
            "store": self.store, "operation": self.operation, "connections": self.connections,
            "rate": self.rate, "p50_us": self.p50, "p99_us": self.p99,
            "server_cpu_us": self.server_cpu, "database_cpu_us": self.database_cpu, "errors": self.errors,
            "limit_rate": self.limit, "yardstick_rate": self.yardstick,
        })
    }

    fn from_json(row: &Value) -> Option<Self> {
        Some(Self {
            store: row["store"].as_str()?.to_owned(),
            operation: row["operation"].as_str()?.to_owned(),
            connections: row["connections"].as_u64()?,
            rate: row["rate"].as_f64()?,
            p50: row["p50_us"].as_f64()?,
            p99: row["p99_us"].as_f64()?,
            server_cpu: row["server_cpu_us"].as_f64()?,
            database_cpu: row["database_cpu_us"].as_f64(),
            errors: row["errors"].as_f64()?,
            limit: row["limit_rate"].as_f64(),
            yardstick: row["yardstick_rate"].as_f64(),
        })
    }

    /// Whether both measure the same thing.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        (&self.store, &self.operation, self.connections)
            == (&other.store, &other.operation, other.connections)
    }
}

/// The one in the middle, or half-way between the two there.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len().is_multiple_of(2) {
        f64::midpoint(values[middle - 1], values[middle])
    } else {
        values[middle]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(rate: f64, limit: Option<f64>) -> Measured {
        let load = Load { rate, p50: 2.0 * rate, p99: 1.0, server_cpu: 1.5, database_cpu: None, errors: 1.0 };
        Measured { load, limit, yardstick: None }
    }

    #[test]
    fn a_median_is_in_the_middle() {
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!((median(vec![4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < f64::EPSILON);
        assert!((median(vec![7.0]) - 7.0).abs() < f64::EPSILON);
    }

    #[test]
    fn results_come_back_as_they_were_written() {
        let mut results = Results::new(&Options::default());
        for (rate, limit) in [(10.0, Some(20.0)), (30.0, Some(60.0)), (20.0, Some(10.0))] {
            results.add(StoreKind::Postgres, Operation::Get, 16, measured(rate, limit));
            results.add(StoreKind::Postgres, Operation::Live, 16, measured(rate, None));
        }
        results.remember(StoreKind::Postgres, Memory { at_start: 1, at_the_end: 2 });
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("a/b.json");
        results.write(&file).unwrap();
        let rows = Results::read(&file).unwrap();
        assert_eq!(rows, results.rows());
        assert_eq!((rows[0].operation.as_str(), rows[0].rate, rows[0].limit), ("get", 20.0, Some(20.0)));
        assert_eq!((rows[1].limit, rows[1].errors), (None, 3.0));
        fs::write(&file, "{}").unwrap();
        assert!(Results::read(&file).unwrap_err().contains("b.json"));
    }
}

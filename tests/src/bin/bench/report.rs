//! The results as a table.

use std::fmt::Write as _;

use super::operation::Operation;
use super::results::{Results, Row};

/// Prints the table; with earlier results, also by how much the rates have changed.
pub(crate) fn print(results: &Results, earlier: Option<&Vec<Row>>) {
    println!("{}", results.setting());
    print!("{}", table(&results.rows(), earlier.map(Vec::as_slice)));
    println!();
    for (store, memory) in results.memory() {
        let (start, end) = (memory.at_start / 1024, memory.at_the_end / 1024);
        println!("{store}: at most {start} MiB of memory until it listened, {end} MiB until the end");
    }
}

fn table(rows: &[Row], earlier: Option<&[Row]>) -> String {
    let mut table = format!(
        "\n{:<9}{:<9}{:>5}{:>10}{:>9}{:>9}{:>9}{:>9}{:>9}{:>8}{:>8}{:>8}",
        "store",
        "what",
        "conns",
        "per s",
        "of live",
        "of limit",
        "of plain",
        "p50 ms",
        "p99 ms",
        "us cpu",
        "us db",
        "errors"
    );
    if earlier.is_some() {
        table.push_str("  change");
    }
    table.push('\n');
    for row in rows {
        let live = rows.iter().find(|other| {
            other.operation == Operation::Live.name()
                && (&other.store, other.connections) == (&row.store, row.connections)
        });
        let _ = write!(
            table,
            "{:<9}{:<9}{:>5}{:>10.0}{:>9}{:>9}{:>9}{:>9.2}{:>9.2}{:>8.0}{:>8}{:>8.0}",
            row.store,
            row.operation,
            row.connections,
            row.rate,
            ratio(row.rate, live.map(|live| live.rate)),
            ratio(row.rate, row.limit),
            ratio(row.rate, row.yardstick),
            row.p50 / 1e3,
            row.p99 / 1e3,
            row.server_cpu,
            row.database_cpu.map_or("-".to_owned(), |cpu| format!("{cpu:.0}")),
            row.errors,
        );
        if let Some(earlier) = earlier {
            let before = earlier.iter().find(|before| before.is_like(row));
            let _ = write!(table, "{:>8}", change(row.rate, before.map(|before| before.rate)));
        }
        table.push('\n');
    }
    table
}

/// `-` where there is nothing to compare with.
fn ratio(rate: f64, of: Option<f64>) -> String {
    of.map_or("-".to_owned(), |of| format!("{:.2}", rate / of))
}

fn change(rate: f64, before: Option<f64>) -> String {
    before.map_or("new".to_owned(), |before| format!("{:+.0}%", (rate / before - 1.0) * 100.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(operation: &str, rate: f64, limit: Option<f64>) -> Row {
        Row {
            store: "postgres".to_owned(),
            operation: operation.to_owned(),
            connections: 16,
            rate,
            p50: 1_234.0,
            p99: 5_678.0,
            server_cpu: 20.0,
            database_cpu: Some(40.0),
            errors: 0.0,
            limit,
            yardstick: None,
        }
    }

    #[test]
    fn each_line_tells_what_was_measured_and_by_what() {
        let rows = [row("live", 1000.0, None), row("get", 500.0, Some(625.0))];
        let text = table(&rows, Some(&[row("get", 400.0, None)]));
        let lines: Vec<Vec<&str>> =
            text.lines().skip(1).map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(
            lines[1],
            ["postgres", "live", "16", "1000", "1.00", "-", "-", "1.23", "5.68", "20", "40", "0", "new"]
        );
        assert_eq!(
            lines[2],
            ["postgres", "get", "16", "500", "0.50", "0.80", "-", "1.23", "5.68", "20", "40", "0", "+25%"]
        );
    }
}

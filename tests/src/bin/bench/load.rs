//! Load, made by wrk.

use std::io::Write as _;
use std::process::Command;

use serde_json::Value;
use tempfile::NamedTempFile;

use super::process::Cpu;

/// What one measurement came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Load {
    /// Answers a second.
    pub(crate) rate: f64,
    /// In how many microseconds half of the answers came.
    pub(crate) p50: f64,
    /// In how many 99 of a hundred came.
    pub(crate) p99: f64,
    /// How many microseconds of a processor the server took for each.
    pub(crate) server_cpu: f64,
    /// The same of the database server, where there is one.
    pub(crate) database_cpu: Option<f64>,
    /// How many answers were none or others than expected.
    pub(crate) errors: f64,
}

/// Whose time is counted.
pub(crate) struct Workers<'a> {
    pub(crate) server: Cpu,
    pub(crate) database: Option<&'a Cpu>,
}

/// Sends requests for so many seconds, on so many connections, from one thread.
pub(crate) fn run(
    address: &str,
    script: &str,
    connections: u32,
    seconds: u64,
    workers: &Workers<'_>,
    is_refused: bool,
) -> Load {
    let mut file = NamedTempFile::with_suffix(".lua").expect("a temporary file");
    file.write_all(script.as_bytes()).expect("a script is written");
    let mut command =
        Command::new(std::env::var_os("HELPDESK_BENCH_WRK").expect("run this through `cargo xtask bench`"));
    command
        .args(["--threads", "1", "--connections", &connections.to_string(), "--duration"])
        .arg(format!("{seconds}s"))
        .arg("--script")
        .arg(file.path())
        .arg(format!("http://{address}"));
    let before = (workers.server.micros(), workers.database.map(Cpu::micros));
    let output = command.output().expect("wrk runs");
    let after = (workers.server.micros(), workers.database.map(Cpu::micros));
    let told = String::from_utf8_lossy(&output.stdout);
    let result = result_in(&told)
        .unwrap_or_else(|| panic!("wrk tells of nothing: {told}{}", String::from_utf8_lossy(&output.stderr)));
    let number = |name: &str| result[name].as_f64().unwrap_or_else(|| panic!("wrk tells no {name}"));
    let requests = number("requests").max(1.0);
    let refused = number("refused");
    let other = if is_refused { requests - refused } else { refused };
    Load {
        rate: requests / number("micros") * 1e6,
        p50: number("p50"),
        p99: number("p99"),
        server_cpu: (after.0 - before.0) / requests,
        database_cpu: before.1.zip(after.1).map(|(before, after)| (after - before) / requests),
        errors: number("lost") + other.max(0.0),
    }
}

fn result_in(output: &str) -> Option<Value> {
    let line = output.lines().find_map(|line| line.strip_prefix("RESULT "))?;
    serde_json::from_str(line).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_result_is_found_in_what_wrk_says() {
        let output = "Running 1s test @ http://127.0.0.1:1\n  1 threads\nRESULT {\"requests\": 7}\n";
        assert_eq!(result_in(output).unwrap()["requests"], 7);
        assert_eq!(result_in("Requests/sec: 7"), None);
    }
}

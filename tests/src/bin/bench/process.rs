//! What a process has used so far, as Linux tells it below `/proc`.

use std::fs;

/// The processor time of a process, perhaps with that of its children.
pub(crate) struct Cpu {
    process: u32,
    has_children: bool,
}

impl Cpu {
    /// Of one process.
    pub(crate) fn of(process: u32) -> Self {
        Self { process, has_children: false }
    }

    /// Of a process and all that it starts, those that have ended included: a Postgres server is one process and one more for
    /// each connection.
    pub(crate) fn of_family(process: u32) -> Self {
        Self { process, has_children: true }
    }

    /// How many microseconds, all processors together.
    pub(crate) fn micros(&self) -> f64 {
        let own = stat(self.process).unwrap_or_else(|| panic!("process {} has ended", self.process));
        let mut ticks = own.own_ticks;
        if self.has_children {
            ticks += own.ended_children_ticks;
            ticks += children(self.process).map(|child| child.own_ticks).sum::<f64>();
        }
        ticks * 1e6 / ticks_per_second()
    }
}

/// How many ticks a second has.
fn ticks_per_second() -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a hundred")]
    let ticks = rustix::param::clock_ticks_per_second() as f64;
    ticks
}

/// The process that this one was started by.
pub(crate) fn parent(process: u32) -> u32 {
    stat(process).unwrap_or_else(|| panic!("process {process} has ended")).parent
}

struct Stat {
    parent: u32,
    own_ticks: f64,
    ended_children_ticks: f64,
}

fn children(of: u32) -> impl Iterator<Item = Stat> {
    let entries = fs::read_dir("/proc").expect("Linux's /proc");
    let ids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter_map(stat).filter(move |process| process.parent == of)
}

fn stat(process: u32) -> Option<Stat> {
    parse(&fs::read_to_string(format!("/proc/{process}/stat")).ok()?)
}

/// See proc(5). The second field is the program's name in parentheses, which may hold anything.
fn parse(text: &str) -> Option<Stat> {
    let (_, behind_the_name) = text.rsplit_once(')')?;
    let fields: Vec<&str> = behind_the_name.split_whitespace().collect();
    let number = |place: usize| fields.get(place)?.parse::<f64>().ok();
    Some(Stat {
        parent: fields.get(1)?.parse().ok()?,
        own_ticks: number(11)? + number(12)?,
        ended_children_ticks: number(13)? + number(14)?,
    })
}

/// The most memory that a process ever had, in KiB.
pub(crate) fn peak_memory(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("a running process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its peak memory");
    line.trim().trim_end_matches("kB").trim().parse().expect("a number of KiB")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_stat_is_understood_whatever_the_program_is_called() {
        let line = "42 (a) b (c)) S 7 42 42 0 -1 4194304 1 2 3 4 11 22 33 44 20 0 1 0 100 5 6";
        let stat = parse(line).unwrap();
        assert_eq!((stat.parent, stat.own_ticks, stat.ended_children_ticks), (7, 33.0, 77.0));
        assert!(parse("nonsense").is_none());
    }

    #[test]
    fn this_very_process_can_be_looked_at() {
        let me = std::process::id();
        assert!(Cpu::of(me).micros() >= 0.0);
        assert!(Cpu::of_family(parent(me)).micros() >= 0.0);
        assert!(peak_memory(me) > 1000);
    }
}

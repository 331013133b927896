//! Which account the server runs as. It refuses to run as root.

use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use crate::Outcome;

/// An account that root can lend to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ids {
    user: u32,
    group: u32,
}

/// Whoever runs the server: ourselves, or for root somebody else.
pub(super) struct Account(Option<Ids>);

impl Account {
    /// Ourselves; for root `postgres` where it exists, else `nobody`.
    pub(super) fn for_server() -> Outcome<Self> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self(None));
        }
        let accounts = fs::read_to_string("/etc/passwd").map_err(|error| format!("/etc/passwd: {error}"))?;
        match unprivileged(&accounts) {
            Some(ids) => Ok(Self(Some(ids))),
            None => {
                Err("PostgreSQL refuses to run as root, and there is neither a user `postgres` nor `nobody`"
                    .to_owned())
            }
        }
    }

    /// Makes a command run as this account. (Supplementary groups are dropped with it.)
    pub(super) fn lend_to(&self, command: &mut Command) {
        if let Some(ids) = self.0 {
            command.uid(ids.user).gid(ids.group);
        }
    }

    /// Gives a directory to this account.
    pub(super) fn give(&self, directory: &Path) -> Outcome<()> {
        let Some(ids) = self.0 else { return Ok(()) };
        chown(directory, Some(ids.user), Some(ids.group))
            .map_err(|error| format!("{}: {error}", directory.display()))
    }
}

/// The account among the lines of `/etc/passwd`: name, password, user id, group id, ….
fn unprivileged(accounts: &str) -> Option<Ids> {
    let ids = |name: &str| {
        accounts.lines().find_map(|line| {
            let mut fields = line.split(':');
            (fields.next() == Some(name)).then_some(())?;
            let user = fields.nth(1)?.parse().ok()?;
            let group = fields.next()?.parse().ok()?;
            (user != 0).then_some(Ids { user, group })
        })
    };
    ids("postgres").or_else(|| ids("nobody"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str = "root:x:0:0:root:/root:/bin/bash\n";
    const NOBODY: &str = "nobody:x:65534:65533:nobody:/nonexistent:/usr/sbin/nologin\n";
    const POSTGRES: &str = "postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash\n";

    #[test]
    fn postgres_is_taken_before_nobody_and_root_never() {
        let nobody = Some(Ids { user: 65534, group: 65533 });
        assert_eq!(unprivileged(&[ROOT, NOBODY, POSTGRES].concat()), Some(Ids { user: 101, group: 104 }));
        assert_eq!(unprivileged(&[ROOT, NOBODY].concat()), nobody);
        assert_eq!(unprivileged(&[ROOT, NOBODY, "postgres:x:0:0::/:/bin/sh\n"].concat()), nobody);
        assert_eq!(unprivileged(&[ROOT, NOBODY, "postgres-backup:x:7:7::/:/bin/sh\n"].concat()), nobody);
        assert_eq!(unprivileged(ROOT), None);
    }
}

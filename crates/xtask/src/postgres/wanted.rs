//! Installing the server where it is missing.

use crate::install::Wanted;

const ADVICE: &str = "\
The tests need PostgreSQL's server programs (initdb, postgres), version 14 or newer. Install them, for example with
  apt-get install postgresql            (Debian, Ubuntu)
  dnf install postgresql-server         (Fedora, RHEL)
  apk add postgresql                    (Alpine)
  brew install postgresql@17            (macOS)
or name the directory that holds them in HELPDESK_TEST_POSTGRES_BIN.";

/// PostgreSQL's server.
pub(crate) const WANTED: Wanted = Wanted {
    name: "PostgreSQL",
    advice: ADVICE,
    scripts: &[
        ("apt-get", include_str!("install_apt.sh")),
        ("dnf", "dnf install -y postgresql-server"),
        ("zypper", "zypper --non-interactive install postgresql-server"),
        ("pacman", "pacman -Sy --noconfirm --needed postgresql"),
        ("apk", "apk add postgresql"),
        ("brew", "brew install postgresql@17"),
    ],
    package: "postgresql",
    directory: "postgres",
};

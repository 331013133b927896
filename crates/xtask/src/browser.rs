//! A browser for the test of the page of the API reference: found, installed, or unpacked.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::install::{Wanted, libraries_in};

/// Chromium.
pub(crate) const WANTED: Wanted = Wanted {
    name: "Chromium",
    advice: "\
One test looks at a page in Chromium or Chrome. Install one, for example with
  apt-get install chromium              (Debian)
  dnf install chromium                  (Fedora)
  apk add chromium                      (Alpine)
or name the program in HELPDESK_TEST_BROWSER.",
    scripts: &[
        (
            "apt-get",
            "set -eu; export DEBIAN_FRONTEND=noninteractive; apt-get -qq update; \
             apt-get -qq -y --no-install-recommends install chromium",
        ),
        ("dnf", "dnf install -y chromium"),
        ("zypper", "zypper --non-interactive install chromium"),
        ("pacman", "pacman -Sy --noconfirm --needed chromium"),
        ("apk", "apk add chromium"),
    ],
    package: "chromium",
    directory: "chromium",
};

/// How the program may be called.
const NAMES: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// The program to start; where there is none, one is installed.
pub(crate) fn find_or_install() -> Outcome<PathBuf> {
    const CHOICE: &str = "HELPDESK_TEST_BROWSER";
    if let Some(chosen) = std::env::var_os(CHOICE) {
        let chosen = PathBuf::from(chosen);
        return if runs(&chosen) {
            Ok(chosen)
        } else {
            Err(format!("{CHOICE} is {}, which does not run", chosen.display()))
        };
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    WANTED.install()?;
    find().ok_or_else(|| format!("Chromium was installed, but it does not run. {}", WANTED.advice))
}

fn find() -> Option<PathBuf> {
    let named = NAMES.iter().map(PathBuf::from).find(|program| runs(program));
    named.or_else(|| unpacked_at(&WANTED.unpacked_root().ok()?))
}

/// Whether it is there and able to say which version it is.
fn runs(program: &Path) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    loop {
        match command.status() {
            // A child that another thread of ours has begun to start holds every open file until it is another program, and so
            // the one that was just written.
            Err(error) if error.kind() == ErrorKind::ExecutableFileBusy => std::thread::yield_now(),
            outcome => return outcome.is_ok_and(|status| status.success()),
        }
    }
}

/// The browser in a Debian package that was unpacked here, behind a script that lets it find its libraries. The sandbox of one that
/// is not installed is not always to be had, and it shows nothing but a page of ours.
fn unpacked_at(root: &Path) -> Option<PathBuf> {
    let program = root.join("usr/lib/chromium/chromium");
    if !program.is_file() {
        return None;
    }
    let libraries = std::env::join_paths(libraries_in(root)).ok()?;
    let script = root.join("chromium.sh");
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
    let text = format!(
        "#!/bin/sh\nLD_LIBRARY_PATH={}${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}} exec {} --no-sandbox \"$@\"\n",
        quoted(libraries.to_str()?),
        quoted(program.to_str()?),
    );
    fs::write(&script, text).ok()?;
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).ok()?;
    runs(&script).then_some(script)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_missing_or_fails_is_no_browser() {
        assert!(!runs(Path::new("no-such-program-anywhere")));
        assert!(!runs(Path::new("false")));
        assert!(runs(Path::new("true")));
        assert_eq!(unpacked_at(Path::new("/nowhere")), None);
    }

    #[test]
    fn a_program_that_is_open_for_writing_is_started_when_it_is_closed() {
        let place = std::env::temp_dir().join(format!("helpdesk-xtask-busy-{}", std::process::id()));
        let program = place.join("program");
        fs::create_dir_all(&place).unwrap();
        fs::write(&program, "#!/bin/sh\n").unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let open = fs::OpenOptions::new().append(true).open(&program).unwrap();
        let outcome = std::thread::scope(|threads| {
            let runs = threads.spawn(|| runs(&program));
            // Not every kernel refuses to start what is open.
            (0..100).take_while(|_| Command::new(&program).status().is_ok()).for_each(drop);
            drop(open);
            runs.join().unwrap()
        });
        fs::remove_dir_all(&place).unwrap();
        assert!(outcome);
    }

    #[test]
    fn an_unpacked_browser_is_started_with_its_libraries() {
        let root = std::env::temp_dir().join(format!("helpdesk-xtask-it's-{}", std::process::id()));
        let (programs, libraries) = (root.join("usr/lib/chromium"), root.join("usr/lib/x86_64-linux-gnu"));
        fs::create_dir_all(&programs).unwrap();
        fs::create_dir_all(&libraries).unwrap();
        let program = programs.join("chromium");
        fs::write(&program, "#!/bin/sh\necho \"$LD_LIBRARY_PATH $*\"\n").unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        // Until no child of another test holds it open any more.
        assert!(runs(&program));
        let script = unpacked_at(&root).unwrap();
        let output = Command::new(script).arg("a b").env_remove("LD_LIBRARY_PATH").output().unwrap();
        fs::remove_dir_all(&root).unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(said, format!("{} --no-sandbox a b\n", libraries.display()));
    }
}

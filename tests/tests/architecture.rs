//! Who may import whom, asked of `cargo tree`; and how large files may grow.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The names of all packages that this one is built from, itself left out.
fn tree(package: &str, features: &[&str]) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .current_dir(workspace())
        .args(["tree", "--offline", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}"])
        .args(["--package", package])
        .args(features)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let names = String::from_utf8(output.stdout).unwrap();
    names
        .lines()
        .filter_map(|line| line.split(' ').next())
        .filter(|name| *name != package)
        .map(str::to_owned)
        .collect()
}

const OURS: &[&str] = &[
    "helpdesk-domain",
    "helpdesk-ports",
    "helpdesk-use-cases",
    "helpdesk-diesel",
    "helpdesk-http",
    "helpdesk-auth",
];

#[test]
fn dependencies_point_inwards() {
    let rules: &[(&str, &[&str])] = &[
        ("helpdesk-domain", &[]),
        ("helpdesk-ports", &["helpdesk-domain"]),
        ("helpdesk-use-cases", &["helpdesk-domain", "helpdesk-ports"]),
        ("helpdesk-http", &["helpdesk-domain", "helpdesk-ports", "helpdesk-use-cases"]),
        ("helpdesk-diesel", &["helpdesk-domain", "helpdesk-ports"]),
        ("helpdesk-auth", &["helpdesk-domain", "helpdesk-ports"]),
    ];
    for (package, allowed) in rules {
        let tree = tree(package, &["--all-features"]);
        let ours: Vec<_> = tree.iter().map(String::as_str).filter(|name| OURS.contains(name)).collect();
        assert_eq!(ours, *allowed, "what {package} is built from");
    }
}

#[test]
fn the_domain_is_a_calendar_and_perhaps_serde() {
    let plain = tree("helpdesk-domain", &["--no-default-features"]);
    assert_eq!(plain.iter().map(String::as_str).collect::<Vec<_>>(), ["chrono", "num-traits"]);
    let all = tree("helpdesk-domain", &["--all-features"]);
    for name in all.difference(&plain) {
        let of_serde =
            ["serde", "serde_core", "serde_derive", "proc-macro2", "quote", "syn", "unicode-ident"];
        assert!(of_serde.contains(&name.as_str()), "{name}");
    }
}

#[test]
fn the_world_stays_in_its_adapter() {
    let banned = |package: &str, names: &[&str]| {
        let tree = tree(package, &[]);
        for name in names {
            assert!(!tree.contains(*name), "{package} is built from {name}");
        }
    };
    banned("helpdesk-ports", &["tokio", "actix-web", "diesel", "serde_json", "mockall"]);
    banned("helpdesk-use-cases", &["tokio", "actix-web", "diesel", "serde_json", "jsonwebtoken", "bcrypt"]);
    banned("helpdesk-http", &["diesel", "r2d2", "jsonwebtoken", "bcrypt"]);
    banned("helpdesk-diesel", &["actix-web", "jsonwebtoken", "bcrypt"]);
    banned("helpdesk-auth", &["actix-web", "diesel"]);
}

fn sources(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.file_name() != Some("target".as_ref()) {
            sources(&path, found);
        } else if path.extension() == Some("rs".as_ref()) {
            found.push(path);
        }
    }
}

#[test]
fn files_stay_small_and_layers_clean() {
    let mut files = Vec::new();
    sources(&workspace().join("crates"), &mut files);
    sources(&workspace().join("tests"), &mut files);
    assert!(files.len() > 50, "the sources were found");
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let lines = text.lines().count();
        assert!(lines <= 450, "{} has {lines} lines: does it still have one subject?", file.display());
        let place = file.strip_prefix(workspace()).unwrap().to_str().unwrap().to_owned();
        let is_in = |layers: &[&str]| layers.iter().any(|layer| place.starts_with(layer));
        if !is_in(&["crates/adapters/http", "tests"]) {
            assert!(!text.contains("StatusCode"), "a status code in {place}");
        }
        if !is_in(&["crates/adapters/diesel", "crates/app", "tests"]) {
            for word in ["diesel::", "sql_query", "SELECT ", "INSERT INTO", "DELETE FROM"] {
                assert!(!text.contains(word), "SQL in {place}: {word}");
            }
        }
    }
}

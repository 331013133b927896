//! The list of cases in the macro is written by hand.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Each public function of the suite that takes a store is a case, and stands in the macro once, under its file.
#[test]
fn every_case_is_expanded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/contract");
    let listed = fs::read_to_string(folder.join("mod.rs")).unwrap();
    let mut files = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let source = fs::read_to_string(&path).unwrap();
        let written: Vec<&str> = source
            .lines()
            .filter_map(|line| line.strip_prefix("pub async fn ")?.split_once("(stores: Stores)"))
            .map(|(name, _)| name)
            .collect();
        if written.is_empty() {
            continue;
        }
        files += 1;
        let cases = block(&listed, &file);
        let expanded: BTreeSet<&str> = cases.iter().copied().collect();
        assert_eq!(expanded.len(), cases.len(), "a case of {file} is listed twice");
        assert_eq!(expanded, written.into_iter().collect(), "the cases of {file}");
    }
    assert!(files >= 8, "only {files} files with cases were found");
}

/// The names between `file {` and `}` in the macro.
fn block<'a>(listed: &'a str, file: &str) -> Vec<&'a str> {
    let opening = format!("{file} {{");
    let lines = listed.lines().map(str::trim).skip_while(|line| *line != opening).skip(1);
    lines.take_while(|line| *line != "}").map(|line| line.trim_end_matches(',')).collect()
}

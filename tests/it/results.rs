//! Figures of long runs, kept under `tests/results` when the environment says so.

use std::fs;
use std::path::Path;

/// Puts a section into `tests/results/intake.md` in place of the one with the same title; the others stay.
pub fn section(title: &str, body: &str) {
    if std::env::var_os("SCANSEAL_TEST_RESULTS").is_none() {
        return;
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/results/intake.md");
    let old = fs::read_to_string(&path).unwrap_or_else(|_| "# Intake\n".to_owned());
    let head = format!("## {title}\n");
    let kept: String = old.split_inclusive("\n## ").collect::<Vec<_>>().concat();
    let mut parts: Vec<String> = kept.split("\n## ").map(str::to_owned).collect();
    parts.retain(|part| !part.starts_with(title));
    let rest = parts.join("\n## ");
    fs::write(&path, format!("{}\n\n{head}\n{}\n", rest.trim_end(), body.trim_end())).unwrap();
}

/// Every test that the table of the beginning names exists, so that no row of it stands on nothing.
#[test]
fn the_table_of_the_beginning_names_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let table = fs::read_to_string(root.join("results/seed.md")).unwrap();
    let named: Vec<(&str, &str)> = table.split('`').filter_map(|part| part.split_once("::")).collect();
    assert!(named.len() > 20, "{}", named.len());
    for (module, test) in named {
        let file = root.join("it").join(format!("{module}.rs"));
        let text = fs::read_to_string(&file)
            .or_else(|_| fs::read_to_string(root.join("it").join(module).join("mod.rs")));
        assert!(text.unwrap().contains(&format!("fn {test}()")), "{module}::{test}");
    }
}

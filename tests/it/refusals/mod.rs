//! What people, machines and attackers hand in: every bad input with the exit code and the message code that it gets. The
//! table is printed as it stands in `tests/results/refusals.md` (`tests/run refusals`).

mod files;
pub mod pdfs;
mod requests;

use std::fs;
use std::time::{Duration, Instant};

use crate::support::{Office, Run, scanseal};

/// No refusal may take longer than this, however hostile its input: a bound on hangs and not a measurement.
const PATIENCE: Duration = Duration::from_secs(60);

/// One bad input as it was answered.
struct Case {
    name: String,
    exit: i32,
    code: &'static str,
    /// What came instead, if anything did.
    instead: Option<String>,
}

/// Makes the bad inputs of one group and hands them in.
type Group = fn(&Office) -> Vec<Case>;

/// Runs and compares.
fn refused(name: &str, exit: i32, code: &'static str, run: impl FnOnce() -> Run) -> Case {
    let begin = Instant::now();
    let run = run();
    assert!(begin.elapsed() < PATIENCE, "{name} took {:?}", begin.elapsed());
    let as_expected = run.errors() == [code] && run.code == exit;
    let instead = (!as_expected).then(|| format!("exit {} {}{}", run.code, run.stdout, run.stderr));
    Case { name: name.to_owned(), exit, code, instead }
}

/// Nothing that was there before is gone: the document, its bytes, the journal.
fn nothing_lost(office: &Office, before: &[u8]) {
    assert!(office.latest("D-000001") == before, "the document has changed");
    assert_eq!(office.run(&["list"]).expect(0).events("document").len(), 1);
    office.run(&["journal", "check"]).expect(0);
}

/// Tells the cases of one group on standard output; fails with those that were answered otherwise.
fn told(group: &str, cases: &[Case]) -> usize {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| case.instead.as_ref().map(|instead| format!("{}: {instead}", case.name)))
        .collect();
    assert!(wrong.is_empty(), "{group}:\n{}", wrong.join("\n"));
    for case in cases {
        println!("| {group} | {} | {} | `{}` |", case.name, case.exit, case.code);
    }
    cases.len()
}

#[test]
fn every_bad_input_is_refused_by_its_code_and_nothing_is_lost() {
    println!("| what | input | exit | code |\n|---|---|---|---|");
    let office = Office::with_files("eidas");
    let before = office.built("scan_0002.jpg").latest("D-000001");
    let mut count = 0;
    let groups: [(&str, Group); 6] = [
        ("scan", files::scans),
        ("PDF as scan", pdfs::as_scans),
        ("manifest", requests::manifests),
        ("command", requests::commands),
        ("key", requests::keys),
        ("PDF to sign", pdfs::to_sign),
    ];
    for (group, cases) in groups {
        count += told(group, &cases(&office));
        nothing_lost(&office, &before);
    }
    count += told("workspace", &requests::workspaces(&office));
    assert!(count >= 60, "{count}");
    println!("\n{count} bad inputs");
}

/// Takes one file in beside a good page that is known already.
fn scan(office: &Office, name: &str, bytes: &[u8]) -> Run {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    let run = office.run(&["scan", path.to_str().unwrap(), "--outage", "SC-1"]);
    assert_eq!(fs::read(&path).unwrap(), bytes, "a source is never altered");
    run
}

/// A command elsewhere than in the office.
fn at(folder: &std::path::Path, arguments: &[&str]) -> Run {
    scanseal(folder, &[arguments, &["--json"]].concat())
}

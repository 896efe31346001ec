//! The gallery of attacks and the cases about trust, without the other judges; `tests/run attacks` and `tests/run trust` ask those
//! too and write tables. The bytes that fuzzing once found interesting are read again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::{SignedDuration, Timestamp};
use scanseal::locales::Lang;
use scanseal::verify::{self, Trust, Verdict};

/// Runs a script with the tests' own Python; nothing where there is none.
fn python(script: &str, arguments: &[&str]) {
    let Some(python) = std::env::var_os("SCANSEAL_TEST_PYTHON") else { return };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(script);
    let run =
        Command::new(python).arg(path).arg(env!("CARGO_BIN_EXE_scanseal")).args(arguments).output().unwrap();
    let words = [run.stdout, run.stderr].concat();
    let words = String::from_utf8_lossy(&words);
    println!("{words}");
    assert!(run.status.success(), "{words}");
}

#[test]
fn every_attack_is_refused_and_named_and_what_is_harmless_is_accepted() {
    python("attacks/gallery.py", &["--lean"]);
}

#[test]
fn paths_uses_and_revocation_are_judged_as_stated() {
    python("trust/matrix.py", &["--lean"]);
}

fn corpus(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(target);
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files: Vec<_> = files.map(|path| (path.clone(), fs::read(path).unwrap())).collect();
    assert!(!files.is_empty(), "{target}");
    files
}

#[test]
fn the_corpus_of_the_fuzzers_ends_in_answers() {
    let at = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * 20_800);
    for (path, bytes) in corpus("pdf") {
        if let Ok(report) = verify::report(&bytes, &Trust::default(), at, Lang::En) {
            assert_ne!(report.verdict, Verdict::Valid, "{path:?}");
        }
    }
    corpus("cms").iter().for_each(|(_, bytes)| verify::probe(bytes));
    for (_, bytes) in corpus("intake") {
        drop(scanseal::scan::inspect("fuzz", &bytes));
    }
}

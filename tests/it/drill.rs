//! The first thing that a newcomer runs.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use scanseal::document::Sha256;
use serde_json::Value;

use crate::support::{Office, other, scans, scanseal};

fn recover(folder: &Path) -> Vec<Value> {
    let input = scans();
    let arguments = ["recover", input.to_str().unwrap(), "--outage", "DRILL-1", "--drill", "--json"];
    scanseal(folder, &arguments).expect(0).events("document")
}

/// Names and digests of the delivered files.
fn delivered(folder: &Path) -> BTreeMap<String, Sha256> {
    let files = fs::read_dir(folder.join("scanseal-drill/delivered")).unwrap();
    let paths = files.map(|file| file.unwrap().path());
    paths
        .map(|p| (p.file_name().unwrap().to_str().unwrap().to_owned(), Sha256::of(&fs::read(&p).unwrap())))
        .collect()
}

#[test]
fn every_sample_is_delivered_and_a_second_run_adds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let documents = recover(folder.path());
    assert_eq!(documents.len(), 8);
    let files = delivered(folder.path());
    assert_eq!(files.len(), 8);
    for document in &documents {
        assert_eq!(document["state"], "delivered");
        let receipt = &document["receipts"][0];
        assert_eq!(receipt["proof"], "proven");
        assert_eq!(files[receipt["remote_id"].as_str().unwrap()].0, receipt["sha256"].as_str().unwrap());
    }
    assert_eq!(recover(folder.path()).len(), 8);
    assert_eq!(delivered(folder.path()), files);
    let check = scanseal(&folder.path().join("scanseal-drill"), &["journal", "check", "--json"]).expect(0);
    assert_eq!(check.events("summary")[0]["roots"], 1, "the second run had nothing to tell the journal");
}

#[test]
fn a_drill_is_marked_everywhere_and_never_valid_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    recover(folder.path());
    let office = Office::with_files("eidas");
    let root = folder.path().join("scanseal-drill/keys/drill-root.pem");
    let own = scanseal(&folder.path().join("scanseal-drill"), &["verify", "D-000001", "--json"]).expect(0);
    assert_eq!(own.lines()[0]["verdict"], "valid");
    for name in delivered(folder.path()).keys() {
        let file = folder.path().join("scanseal-drill/delivered").join(name);
        let file = file.to_str().unwrap();
        let verdict =
            office.run(&["verify", file, "--trust", root.to_str().unwrap()]).expect(9).lines().remove(0);
        assert_eq!((&verdict["verdict"], &verdict["drill"]), (&"indeterminate".into(), &true.into()));
        let Some((_, text)) = other("pdftotext", &[file, "-"]) else { return };
        let pages = text.matches('\u{c}').count();
        assert_eq!(text.matches("DRILL – NOT VALID").count(), pages, "{name}");
    }
}

#[test]
fn a_drill_is_refused_inside_a_real_workspace() {
    let office = Office::with_files("eidas");
    let input = scans();
    let arguments = ["recover", input.to_str().unwrap(), "--outage", "X", "--drill"];
    assert_eq!(office.run(&arguments).expect(8).errors(), ["drill_in_workspace"]);
}

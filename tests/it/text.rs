//! The text layer, proposals and the comparison of digits, as a user meets them.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::{Office, command, other, scans, scanseal};

/// Whether Tesseract is here; whoever promised that everything is installed has to have it.
fn tesseract() -> bool {
    other("tesseract", &["--version"]).is_some()
}

fn text_of(file: &Path) -> Option<String> {
    other("pdftotext", &[file.to_str().unwrap(), "-"]).map(|(_, text)| text)
}

fn convert(folder: &Path, more: &[&str]) -> Vec<Value> {
    let scan = scans().join("CV_den_0412.jpg");
    let arguments = [&["convert", scan.to_str().unwrap(), "--json"], more].concat();
    scanseal(folder, &arguments).expect(0).lines()
}

#[test]
fn a_converted_page_can_be_searched_and_one_without_text_recognition_cannot() {
    if !tesseract() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let summary = convert(folder.path(), &["-o", "a.pdf"]).pop().unwrap();
    assert!(summary["read_by"].as_str().unwrap().starts_with("tesseract "), "{summary}");
    assert!(summary["words"].as_u64().unwrap() > 100, "{summary}");
    let Some(text) = text_of(&folder.path().join("a.pdf")) else { return };
    assert!(text.contains("1042/SNNMT-TL"), "{text}");
    assert!(text.contains("tích nước cho vụ đông xuân 2026"), "{text}");
    let summary = convert(folder.path(), &["-o", "b.pdf", "--no-ocr"]).pop().unwrap();
    assert_eq!((&summary["read_by"], &summary["words"]), (&Value::Null, &0.into()));
    assert_eq!(text_of(&folder.path().join("b.pdf")).unwrap().trim(), "");
}

#[test]
fn a_machine_without_tesseract_converts_all_the_same_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let scan = scans().join("CV_den_0412.jpg");
    let run = |arguments: &[&str]| -> (i32, Vec<Value>) {
        let mut command: Command = command(folder.path(), arguments);
        let output = command.env("PATH", folder.path()).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        (output.status.code().unwrap(), lines)
    };
    let (code, lines) = run(&["convert", scan.to_str().unwrap(), "-o", "a.pdf", "--json"]);
    assert_eq!(code, 0);
    assert!(lines.iter().any(|line| line["event"] == "finding" && line["code"] == "ocr_missing"));
    assert!(folder.path().join("a.pdf").exists());
    // What was asked for by name and cannot be done is refused before any work.
    let digits = ["convert", scan.to_str().unwrap(), "-o", "b.pdf", "--check-digits", "--json"];
    let (code, lines) = run(&digits);
    assert_eq!((code, &lines[0]["code"]), (4, &"ocr_missing".into()));
    assert!(!folder.path().join("b.pdf").exists());
    let (_, lines) = run(&["doctor", "--json"]);
    assert!(lines.iter().any(|line| line["code"] == "tesseract_none"), "{lines:?}");
}

#[test]
fn the_same_scans_at_a_stated_time_give_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let scan = scans().join("CV_den_0412.jpg");
    let mut made = Vec::new();
    for name in ["one", "two"] {
        let place = folder.path().join(name);
        fs::create_dir(&place).unwrap();
        let arguments = ["convert", scan.to_str().unwrap(), "-o", "a.pdf", "--pdfa", "3b"];
        let run = command(&place, &arguments).env("SOURCE_DATE_EPOCH", "1762000000").output().unwrap();
        assert!(run.status.success());
        made.push(fs::read(place.join("a.pdf")).unwrap());
    }
    assert!(made[0] == made[1]);
    let text = String::from_utf8_lossy(&made[0]);
    assert!(text.contains("<xmp:CreateDate>2025-11-01T12:26:40+00:00<"));
}

#[test]
fn proposals_are_shown_and_written_only_when_a_person_accepts_them() {
    if !tesseract() {
        return;
    }
    let office = Office::with_files("vn-state");
    let scan = scans().join("CV_den_0412.jpg");
    office.run(&["scan", scan.to_str().unwrap(), "--outage", "SC-1"]).expect(0);
    let fields = |record: &Value| record["fields"].as_object().unwrap().clone();
    let shown = office.run(&["show", "D-000001"]).expect(0).events("document").remove(0);
    assert_eq!(shown["proposals"], Value::Array(Vec::new()), "nothing was read yet");
    let looked = office.run(&["edit", "D-000001"]).expect(0).events("document").remove(0);
    assert_eq!(fields(&looked), fields(&shown), "looking writes nothing");
    let value = |record: &Value, field: &str| {
        let all = record["proposals"].as_array().unwrap();
        all.iter().find(|p| p["field"] == field).map(|p| p["value"].as_str().unwrap().to_owned())
    };
    assert_eq!(value(&looked, "code_number").as_deref(), Some("1042"));
    assert_eq!(value(&looked, "issued_date").as_deref(), Some("2026-11-03"));
    let shown = office.run(&["show", "D-000001"]).expect(0).events("document").remove(0);
    assert_eq!(shown["proposals"], looked["proposals"]);
    // What a person types stays; only what is missing is taken over.
    let run = office.run(&["edit", "D-000001", "code_number=999", "accept-proposals"]).expect(0);
    let accepted = run.events("document").pop().unwrap();
    assert_eq!(accepted["fields"]["code_number"], "999");
    assert_eq!(accepted["fields"]["code_notation"], "SNNMT-TL");
    assert_eq!(accepted["fields"]["issued_date"], "2026-11-03");
    assert_eq!(value(&accepted, "code_number").as_deref(), Some("1042"), "the paper says something else");
    let again = office.run(&["edit", "D-000001", "accept-proposals"]).expect(4);
    assert_eq!(again.errors(), ["no_proposals"]);
    office.run(&["journal", "check"]).expect(0);
}

#[test]
fn a_built_document_keeps_its_text_and_digits_that_are_compared_hold_nothing_up() {
    if !tesseract() {
        return;
    }
    let office = Office::with_files("eidas");
    office.change_profile("text_layer = false", "text_layer = true");
    let scan = scans().join("scan_0001.jpg");
    office.run(&["scan", scan.to_str().unwrap(), "--outage", "SC-1"]).expect(0);
    office.run(&["edit", "D-000001", "code_number=121", "issued_date=02/11/2026", "subject=x"]).expect(0);
    let run = office.run(&["build", "--check-digits"]).expect(0);
    assert_eq!(office.state("D-000001"), "built");
    let told = run.events("finding").into_iter().filter(|f| f["code"] == "digits_differ").count();
    let shown = office.run(&["show", "D-000001"]).expect(0).events("document").remove(0);
    let kept = shown["findings"].as_array().unwrap().iter().filter(|f| f["code"] == "digits_differ").count();
    assert_eq!(told, kept, "a finding that is told is kept");
    let bytes = office.latest("D-000001");
    assert!(String::from_utf8_lossy(&bytes).contains("<pdfaid:conformance>U<"));
}

//! The quality gate as people meet it: a seal that is not there, a secrecy mark, the same paper twice, a page upside down.

use std::fs;
use std::path::{Path, PathBuf};

use scanseal::scan;
use serde_json::Value;

use crate::support::{Office, other, scans, scanseal};

fn codes(lines: &[Value]) -> Vec<String> {
    lines.iter().map(|l| l["code"].as_str().unwrap().to_owned()).collect()
}

/// A picture of the samples with a red stamp, without it when `erased`.
fn sample(name: &str) -> (PathBuf, Vec<u8>) {
    let path = scans().join(name);
    let bytes = fs::read(&path).unwrap();
    (path, bytes)
}

#[test]
fn every_sample_page_is_level_upright_and_not_blank() {
    let known: Value = serde_json::from_slice(&fs::read(scans().join("known-text.json")).unwrap()).unwrap();
    for document in known.as_array().unwrap() {
        for page in document["pages"].as_array().unwrap() {
            let name = page["file"].as_str().unwrap();
            let index = page["page_in_file"].as_u64().unwrap() as usize - 1;
            let looked = scan::inspect(name, &sample(name).1).unwrap();
            let look = &looked[index].look;
            let wanted = -page["skew_degrees_anticlockwise"].as_f64().unwrap();
            let skew = look.lie.skew.unwrap();
            assert!((skew - wanted).abs() <= 0.1, "{name} {index}: {skew} for {wanted}");
            assert_eq!((look.lie.quarters, look.blank), (0, false), "{name} {index}: {look:?}");
        }
    }
}

#[test]
fn seals_and_signatures_of_the_samples_are_found_and_no_sample_is_held() {
    for name in ["scan_0001.jpg", "Thong bao 88.png", "Cong van 125.tif", "CV_den_0412.jpg"] {
        let looked = scan::inspect(name, &sample(name).1).unwrap();
        assert!(looked.iter().any(|p| p.look.stamp == Some(scan::quality::Stamp::Seal)), "{name}");
        assert!(looked.iter().any(|p| p.look.signature.is_some()), "{name}");
        assert!(looked.iter().all(|p| p.look.mark != Some(scan::quality::Mark::Secret)), "{name}");
    }
    // Negative control: pages before the last one carry neither.
    let inner = scan::inspect("scan_0004.jpg", &sample("scan_0004.jpg").1).unwrap();
    assert_eq!((inner[0].look.stamp, inner[0].look.signature), (None, None));
}

#[test]
fn a_document_without_stamp_and_signature_waits_for_a_person_and_shows_the_page() {
    let office = Office::with_files("vn-state");
    office.run(&["outage", "open", "S-1"]).expect(0);
    let page = scans().join("scan_0004.jpg");
    let run = office.run(&["scan", page.to_str().unwrap(), "--outage", "S-1"]).expect(0);
    let findings = run.events("finding");
    let found = codes(&findings);
    assert!(
        found.contains(&"stamp_missing".to_owned()) && found.contains(&"signature_missing".to_owned()),
        "{found:?}"
    );
    let shown = findings.iter().find(|f| f["code"] == "stamp_missing").unwrap();
    assert_eq!(shown["severity"], "hold");
    let preview = fs::read(Path::new(shown["preview"].as_str().unwrap())).unwrap();
    assert!(preview.starts_with(b"\x89PNG"));
    assert_eq!(run.events("document")[0]["state"], "held");
}

#[test]
fn the_same_paper_scanned_again_is_told() {
    let office = Office::with_files("eidas");
    office.run(&["outage", "open", "S-1"]).expect(0);
    let folder = tempfile::tempdir().unwrap();
    let first = scans().join("scan_0003.jpg");
    office.run(&["scan", first.to_str().unwrap(), "--outage", "S-1"]).expect(0);
    // The same picture in another file: other bytes, a comment more.
    let mut bytes = fs::read(&first).unwrap();
    bytes.splice(2..2, [0xFF, 0xFE, 0x00, 0x04, b'x', b'y']);
    let again = folder.path().join("again.jpg");
    fs::write(&again, bytes).unwrap();
    let twice = office.run(&["scan", again.to_str().unwrap(), "--outage", "S-1"]).expect(0);
    assert!(codes(&twice.events("finding")).contains(&"scanned_twice".to_owned()));
    let another = scans().join("scan_0004.jpg");
    let other = office.run(&["scan", another.to_str().unwrap(), "--outage", "S-1"]).expect(0);
    assert!(!codes(&other.events("finding")).contains(&"scanned_twice".to_owned()));
}

#[test]
fn deskew_turns_the_page_by_its_matrix_and_the_picture_stays() {
    let folder = tempfile::tempdir().unwrap();
    let input = scans().join("scan_0001.jpg");
    let input = input.to_str().unwrap();
    scanseal(folder.path(), &["convert", input, "-o", "as.pdf", "--no-ocr"]).expect(0);
    scanseal(folder.path(), &["convert", input, "-o", "level.pdf", "--no-ocr", "--deskew"]).expect(0);
    let before = scan::inspect("x.jpg", &fs::read(input).unwrap()).unwrap()[0].look.lie.skew.unwrap();
    assert!(before.abs() > 0.2);
    let skew = |name: &str| {
        let stem = folder.path().join(name);
        let pdf = format!("{}.pdf", stem.display());
        other("pdftoppm", &["-r", "200", "-png", "-singlefile", &pdf, stem.to_str().unwrap()])?;
        let png = fs::read(format!("{}.png", stem.display())).unwrap();
        Some(scan::inspect(name, &png).unwrap()[0].look.lie.skew.unwrap())
    };
    let (Some(same), Some(level)) = (skew("as"), skew("level")) else { return };
    assert!((same - before).abs() < 0.1, "{same} for {before}");
    assert!(level.abs() < 0.1, "{level}");
}

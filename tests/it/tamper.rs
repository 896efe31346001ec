//! What was changed after signing is found and named.

use std::fs;
use std::path::PathBuf;

use scanseal::document::Sha256;
use serde_json::Value;

use crate::support::{KEYS, Office};

/// A document that a person and the organization have signed.
fn sealed() -> (Office, Vec<u8>) {
    let office = Office::with_files("eidas");
    office.built("scan_0001.jpg");
    office.run(&["sign", "--role", "personal", "--all", "--unseen", "test"]).expect(0);
    office.run(&["sign", "--role", "organization", "--all"]).expect(0);
    let bytes = office.latest("D-000001");
    (office, bytes)
}

fn write(office: &Office, name: &str, bytes: &[u8]) -> PathBuf {
    let path = office.destination.join(name);
    fs::write(&path, bytes).unwrap();
    path
}

fn codes(verdict: &Value) -> Vec<String> {
    let signatures = verdict["signatures"].as_array().unwrap();
    let reasons = signatures.iter().flat_map(|s| s["reasons"].as_array().unwrap());
    reasons.map(|r| r["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_flipped_byte_makes_a_signed_file_invalid() {
    let (office, bytes) = sealed();
    for part in 1..8 {
        let mut forged = bytes.clone();
        let at = bytes.len() / 8 * part;
        forged[at] ^= 0x01;
        let file = write(&office, &format!("flipped-{part}.pdf"), &forged);
        let verdict = office.run(&["verify", file.to_str().unwrap()]).expect(5).lines().remove(0);
        assert_eq!(verdict["verdict"], "invalid", "{at}");
        assert!(!codes(&verdict).is_empty());
    }
}

#[test]
fn an_appended_revision_that_alters_a_page_is_named() {
    let (office, bytes) = sealed();
    let file = write(&office, "altered.pdf", &with_other_contents(&bytes));
    let verdict = office.run(&["verify", file.to_str().unwrap()]).expect(5).lines().remove(0);
    assert_eq!(verdict["verdict"], "invalid");
    assert!(codes(&verdict).contains(&"incremental_page_change".to_owned()), "{verdict}");
    assert_eq!(verdict["signatures"][0]["integrity"], "intact", "cryptography alone would be fooled");
}

/// A further revision in which the content of page 1 is another one, as an attacker without keys would append it.
fn with_other_contents(bytes: &[u8]) -> Vec<u8> {
    let document = lopdf::Document::load_mem(bytes).unwrap();
    let page = document.page_iter().next().unwrap();
    let contents = document.get_dictionary(page).unwrap().get(b"Contents").unwrap().as_reference().unwrap();
    let mut out = bytes.to_vec();
    let offset = out.len();
    let text = b"0 0 0 rg 100 100 200 200 re f";
    out.extend_from_slice(format!("{} 0 obj\n<</Length {}>>stream\n", contents.0, text.len()).as_bytes());
    out.extend_from_slice(text);
    out.extend_from_slice(b"\nendstream\nendobj\n");
    let xref = out.len();
    let tail = String::from_utf8_lossy(&bytes[bytes.len() - 40..]).into_owned();
    let prev: usize = tail.split("startxref\n").nth(1).unwrap().split('\n').next().unwrap().parse().unwrap();
    let root = document.trailer.get(b"Root").unwrap().as_reference().unwrap();
    let size = document.max_id + 1;
    out.extend_from_slice(
        format!(
            "xref\n{} 1\n{offset:010} 00000 n \ntrailer\n<</Size {size}/Root {} 0 R/Prev {prev}>>\nstartxref\n{xref}\n%%EOF\n",
            contents.0, root.0
        )
        .as_bytes(),
    );
    out
}

#[test]
fn without_trust_nothing_is_valid_and_without_signatures_nothing_is_signed() {
    let (office, bytes) = sealed();
    let outside = tempfile::tempdir().unwrap();
    let file = write(&office, "whole.pdf", &bytes);
    let file = file.to_str().unwrap();
    let alone = crate::support::scanseal(outside.path(), &["verify", file, "--json"]).expect(9);
    assert_eq!((&alone.lines()[0]["verdict"], alone.lines().len()), (&"indeterminate".into(), 1));
    let root = KEYS.path("root.pem");
    let trusted =
        crate::support::scanseal(outside.path(), &["verify", file, "--trust", &root, "--json"]).expect(0);
    assert_eq!(trusted.lines()[0]["verdict"], "valid");
    let built = office.destination.join("first.pdf");
    office.run(&["verify", file, "--revision", "1", "-o", built.to_str().unwrap()]).expect(0);
    assert!(bytes.starts_with(&fs::read(&built).unwrap()));
    let unsigned = office.run(&["verify", built.to_str().unwrap()]).expect(5);
    assert_eq!(unsigned.lines()[0]["verdict"], "unsigned");
}

#[test]
fn the_organization_does_not_seal_what_does_not_hold() {
    let office = Office::with_files("eidas");
    office.built("scan_0001.jpg");
    office.run(&["sign", "--role", "personal", "--all", "--unseen", "test"]).expect(0);
    // The station no longer trusts the issuer of the personal signature.
    let station = office.root.join("scanseal.toml");
    let text = fs::read_to_string(&station).unwrap().replace(&KEYS.path("root.pem"), "");
    fs::write(&station, text.replace("certificates = [\"\"]", "certificates = []")).unwrap();
    assert_eq!(office.run(&["sign", "--role", "organization", "--all"]).expect(9).errors(), ["verdict_open"]);
    assert_eq!(office.state("D-000001"), "signed");
}

#[test]
fn the_organization_does_not_sign_forged_unsigned_or_drill_files_either() {
    let (office, bytes) = sealed();
    let out = office.destination.join("out");
    let sign = |file: &PathBuf| {
        office.run(&["sign", "--role", "organization", file.to_str().unwrap(), "-o", out.to_str().unwrap()])
    };
    let altered = write(&office, "altered.pdf", &with_other_contents(&bytes));
    assert_eq!(sign(&altered).expect(5).errors(), ["verdict_invalid"]);
    let mut flipped = bytes.clone();
    flipped[bytes.len() / 4] ^= 1;
    assert_eq!(sign(&write(&office, "flipped.pdf", &flipped)).expect(5).errors(), ["verdict_invalid"]);
    let first = office.destination.join("first.pdf");
    let whole = write(&office, "whole.pdf", &bytes);
    office
        .run(&["verify", whole.to_str().unwrap(), "--revision", "1", "-o", first.to_str().unwrap()])
        .expect(0);
    assert_eq!(sign(&first).expect(5).errors(), ["role_missing"]);
    let folder = tempfile::tempdir().unwrap();
    let scans = crate::support::scans().join("scan_0002.jpg");
    let drill = ["recover", scans.to_str().unwrap(), "--outage", "D", "--drill", "--no-ocr", "--json"];
    crate::support::scanseal(folder.path(), &drill).expect(0);
    let delivered =
        fs::read_dir(folder.path().join("scanseal-drill/delivered")).unwrap().next().unwrap().unwrap();
    assert_eq!(sign(&delivered.path()).expect(2).errors(), ["drill_mixed"]);
    assert_eq!(fs::read_dir(&out).unwrap().count(), 0, "nothing was written");
}

#[test]
fn a_key_that_the_office_does_not_believe_seals_nothing() {
    let office = Office::with_files("vn-state");
    office.built("scan_0001.jpg");
    let folder = tempfile::tempdir().unwrap();
    let scans = crate::support::scans().join("scan_0002.jpg");
    let drill = ["recover", scans.to_str().unwrap(), "--outage", "D", "--drill", "--no-ocr", "--json"];
    crate::support::scanseal(folder.path(), &drill).expect(0);
    let keys = folder.path().join("scanseal-drill/keys");
    let foreign = format!(
        "p12:{}?pin-source=file:{}",
        keys.join("drill-organization.p12").display(),
        keys.join("drill-password").display()
    );
    let sign = ["sign", "--role", "organization", "--all", "--key", &foreign];
    assert_eq!(office.run(&sign).expect(6).errors(), ["signer_not_accepted"]);
    assert_eq!(office.state("D-000001"), "built");
}

#[test]
fn the_receiver_gets_a_page_and_a_print_in_plain_words() {
    let (office, bytes) = sealed();
    let file = write(&office, "<b>whole.pdf", &bytes);
    let broken = write(&office, "broken.pdf", &with_other_contents(&bytes));
    let report = |lang: &str, name: &str, code: i32| {
        let path = office.destination.join(name);
        let (file, broken) = (file.to_str().unwrap(), broken.to_str().unwrap());
        let files: &[&str] = if code == 0 { &[file] } else { &[file, broken] };
        let arguments = [&["--lang", lang, "verify"], files, &["--report", path.to_str().unwrap()]].concat();
        office.run(&arguments).expect(code);
        path
    };
    let page = fs::read_to_string(report("vi", "report.html", 5)).unwrap();
    for words in [
        "Chữ ký không đúng.",
        "Chữ ký đúng; còn phải",
        "Ký với lý do: ",
        "Test person",
        "UBND",
        "&lt;b&gt;whole.pdf",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(page.contains(&Sha256::of(&bytes).0), "{page}");
    assert!(!page.contains("<b>") && !page.contains("<script") && !page.contains("http://"), "{page}");
    let print = report("en", "report.pdf", 0);
    if let Some((_, text)) = crate::support::other("pdftotext", &["-layout", print.to_str().unwrap(), "-"]) {
        assert!(
            text.contains("The signature holds; proofs")
                && !text.contains("ealed:")
                && text.contains("Issuer trusted here"),
            "{text}"
        );
    }
    // Nothing is overwritten, and other forms are refused before anything is read.
    let again = ["verify", file.to_str().unwrap(), "--report", print.to_str().unwrap()];
    assert_eq!(office.run(&again).code, 4);
    let other = ["verify", file.to_str().unwrap(), "--report", "report.docx"];
    assert_eq!(office.run(&other).expect(2).errors(), ["report_kind"]);
}

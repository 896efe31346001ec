//! Who may sign when: persons first, what was seen, the organization last.

use std::fs;

use crate::support::{KEYS, Office, scanseal, scanseal_with};

#[test]
fn the_organization_before_the_person_is_refused_in_both_languages() {
    let office = Office::with_files("eidas");
    office.built("scan_0001.jpg");
    let refused = office.run(&["sign", "--role", "organization", "D-000001"]).expect(5);
    assert_eq!(refused.errors(), ["role_missing"]);
    assert_eq!(office.state("D-000001"), "built");
    for (lang, words) in [
        ("vi", ["Chưa thể ký số của cơ quan, tổ chức", "Người có thẩm quyền phải ký số trước"]),
        ("en", ["The organization cannot seal", "First let the authorised person sign"]),
    ] {
        let said =
            scanseal(&office.root, &["sign", "--role", "organization", "D-000001", "--lang", lang]).expect(5);
        assert!(words.iter().all(|w| said.stderr.contains(w)), "{}", said.stderr);
    }
}

#[test]
fn of_all_documents_those_that_wait_for_a_person_are_listed_and_are_no_failure() {
    let office = Office::with_files("eidas");
    office.built("scan_0001.jpg").built("scan_0002.jpg");
    office.run(&["sign", "--role", "personal", "D-000001", "--unseen", "test"]).expect(0);
    let all = office.run(&["sign", "--role", "organization", "--all"]).expect(0);
    assert_eq!((all.errors(), office.state("D-000001")), (vec![], "sealed".to_owned()));
    let waits = all.events("plan").remove(0);
    assert_eq!((&waits["document"], &waits["waiting_for"]), (&"D-000002".into(), &"personal".into()));
    let summary = all.events("summary").remove(0);
    assert_eq!(
        (&summary["done"], &summary["waiting"], &summary["failed"]),
        (&1.into(), &1.into(), &0.into())
    );
    let said = scanseal(&office.root, &["sign", "--role", "organization", "--all", "--lang", "vi"]).expect(0);
    assert!(said.stdout.contains("D-000002") && said.stdout.contains("Chờ"), "{}", said.stdout);
}

#[test]
fn a_person_signs_only_what_was_seen_at_this_very_hash() {
    let office = Office::with_files("eidas");
    office.built("scan_0001.jpg").built("scan_0002.jpg");
    assert_eq!(office.run(&["sign", "--role", "personal", "--all"]).expect(4).errors(), ["not_seen"]);
    office.run(&["show", "D-000001", "--seen"]).expect(0);
    let some = office.run(&["sign", "--role", "personal", "--all"]).expect(3);
    assert_eq!((some.events("signature").len(), some.errors()), (1, vec!["not_seen".to_owned()]));
    office.run(&["sign", "--role", "personal", "--all", "--unseen", "read on paper"]).expect(0);
    assert_eq!(office.state("D-000002"), "signed");
}

#[test]
fn nobody_signs_behind_the_organization() {
    let office = Office::with_files("eidas");
    office.built("scan_0001.jpg");
    office.run(&["sign", "--role", "personal", "--all", "--unseen", "test"]).expect(0);
    office.run(&["sign", "--role", "organization", "--all"]).expect(0);
    let late = office.run(&["sign", "--role", "personal", "D-000001", "--unseen", "test"]).expect(5);
    assert_eq!(late.errors(), ["already_sealed"]);
    let again = office.run(&["sign", "--role", "personal", "--all", "--unseen", "test"]).expect(0);
    assert!(again.events("signature").is_empty());
}

#[test]
fn a_copy_has_no_personal_signature_and_waits_for_the_attestation() {
    let office = Office::with_files("vn-state");
    office.built("scan_0001.jpg");
    let refused = office.run(&["sign", "--role", "personal", "--all", "--unseen", "test"]).expect(2);
    assert_eq!(refused.errors(), ["role_not_in_form"]);
    assert_eq!(office.state("D-000001"), "built", "the manifest names the clerk");
    let path = crate::support::scans().join("scan_0002.jpg");
    let scan = office.run(&["scan", path.to_str().unwrap(), "--outage", "SC-1"]).expect(0);
    assert!(scan.events("finding").iter().any(|f| f["code"] == "field_missing"));
    assert_eq!(office.state("D-000002"), "held");
    let facts = ["code_number=12", "code_notation=GM-UBND", "issued_date=03/11/2026", "organ_name=UBND"];
    let facts = [&["edit", "D-000002"], &facts[..], &["type_name=Giấy mời", "subject=Họp", "secrecy=Thường"]]
        .concat();
    office.run(&facts).expect(0);
    office.run(&["build"]).expect(0);
    assert_eq!(office.state("D-000002"), "captured", "nobody has attested it yet");
    office.run(&["attest", "D-000002", "--by", "Nguyễn Thị Hồng Vân"]).expect(0);
    office.run(&["build"]).expect(0);
    office.run(&["sign", "--role", "organization", "--all"]).expect(0);
    assert_eq!(office.state("D-000002"), "sealed");
}

#[test]
fn the_pin_comes_from_a_file_or_standard_input_and_is_tried_once() {
    let key = format!("[keys.personal]\nuri = \"p12:{}\"", KEYS.path("person.p12"));
    let office = Office::new("eidas", &key);
    office.built("scan_0001.jpg");
    let sign = ["sign", "--role", "personal", "--all", "--unseen", "test", "--json"];
    assert_eq!(scanseal(&office.root, &sign).expect(6).errors(), ["pin_needed"]);
    let from_input = [&sign[..], &["--pin-file", "-"]].concat();
    assert_eq!(scanseal_with(&office.root, &from_input, "000000\n").expect(6).errors(), ["wrong_pin"]);
    assert_eq!(office.state("D-000001"), "built");
    scanseal_with(&office.root, &from_input, &format!("{}\n", crate::support::PIN)).expect(0);
    let everything = fs::read(office.root.join("store.sqlite")).unwrap();
    let pin = crate::support::PIN.as_bytes();
    assert!(!everything.windows(pin.len()).any(|w| w == pin), "no PIN in the store");
}

#[test]
fn plain_files_are_signed_into_a_folder_and_the_original_stays() {
    let office = Office::with_files("eidas");
    let pdf = office.destination.join("thư.pdf");
    let scan = crate::support::scans().join("scan_0001.jpg");
    let pdf_name = pdf.to_str().unwrap();
    office.run(&["convert", scan.to_str().unwrap(), "-o", pdf_name]).expect(0);
    let before = fs::read(&pdf).unwrap();
    assert_eq!(office.run(&["sign", "--role", "personal", pdf_name]).expect(2).errors(), ["output_missing"]);
    let out = office.destination.join("signed");
    let arguments = ["sign", "--role", "personal", pdf_name, "-o", out.to_str().unwrap()];
    office.run(&arguments).expect(0);
    assert_eq!(fs::read(&pdf).unwrap(), before);
    let signed = out.join("thư.pdf");
    assert_eq!(office.run(&["verify", signed.to_str().unwrap()]).expect(0).lines()[0]["verdict"], "valid");
    assert_eq!(office.run(&arguments).expect(4).errors(), ["file_exists"]);
}

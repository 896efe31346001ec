//! Documents go to another machine and come back signed, without a database server between the two.

use std::fs;
use std::path::{Path, PathBuf};

use super::support::{Office, scanseal};

/// Writes a bundle; gives its path and the fingerprint of the sending station.
fn export(office: &Office, purpose: &str, name: &str) -> (PathBuf, String) {
    let path = office.destination.with_file_name(name);
    let run = office.run(&["export", "--for", purpose, "--all", "-o", path.to_str().unwrap()]).expect(0);
    let summary = run.events("summary").remove(0);
    (path, summary["fingerprint"].as_str().unwrap().to_owned())
}

fn import(office: &Office, bundle: &Path, from: &str) {
    office.run(&["import", bundle.to_str().unwrap(), "--from", from]).expect(0);
}

/// A clerk's machine with one built document and a leader's machine.
fn two() -> (Office, Office) {
    let clerk = Office::with_files("eidas");
    clerk.built("scan_0001.jpg");
    (clerk, Office::with_files("eidas"))
}

#[test]
fn a_document_is_signed_elsewhere_and_comes_back() {
    let (clerk, leader) = two();
    let (bundle, fingerprint) = export(&clerk, "personal", "to-leader.zip");
    // The sender knows where it is, and is warned before it goes out a second time.
    let elsewhere = || clerk.run(&["show", "D-000001"]).events("document").remove(0)["handed_over"].clone();
    assert_eq!(elsewhere()["for"], "personal");
    assert!(scanseal(&clerk.root, &["status"]).stderr.contains("not back yet: 1"));
    assert!(scanseal(&clerk.root, &["list"]).stdout.contains("for the signatures of persons"));
    let second = clerk.destination.with_file_name("again.zip");
    let second =
        clerk.run(&["export", "--for", "personal", "--all", "--dry-run", "-o", second.to_str().unwrap()]);
    assert_eq!(second.expect(0).events("finding")[0]["code"], "handed_over_before");
    let refused = leader.run(&["import", bundle.to_str().unwrap()]).expect(2);
    assert_eq!(refused.errors(), ["station_unknown"]);
    let wrong = "0".repeat(64);
    leader.run(&["import", bundle.to_str().unwrap(), "--from", &wrong]).expect(2);
    import(&leader, &bundle, &fingerprint);
    assert_eq!(leader.state("D-000001"), "built");
    assert_eq!(leader.latest("D-000001"), clerk.latest("D-000001"));
    // What was taken in elsewhere is corrected elsewhere.
    let edited = leader.run(&["edit", "D-000001", "subject=x"]);
    assert_eq!(edited.errors(), ["document_received"]);

    // The same bundle again brings nothing; the station is known now.
    let again = leader.run(&["import", bundle.to_str().unwrap()]).expect(0);
    assert_eq!(again.events("finding")[0]["code"], "already_imported");
    leader.run(&["show", "D-000001", "--seen"]).expect(0);
    leader.run(&["sign", "--role", "personal", "--all"]).expect(0);
    let (back, fingerprint) = export(&leader, "organization", "to-clerk.zip");
    import(&clerk, &back, &fingerprint);
    assert_eq!(clerk.state("D-000001"), "signed");
    assert!(elsewhere().is_null(), "it has come back");
    assert_eq!(leader.latest("D-000001"), clerk.latest("D-000001"));
    clerk.run(&["sign", "--role", "organization", "--all"]).expect(0);
    assert_eq!(clerk.state("D-000001"), "sealed");
    // An older version changes nothing any more, and both journals hold.
    clerk.run(&["import", back.to_str().unwrap()]).expect(0);
    assert_eq!(clerk.state("D-000001"), "sealed");
    clerk.run(&["journal", "check"]).expect(0);
    leader.run(&["journal", "check"]).expect(0);
    // The sealed one goes to the machine that delivers, which seals nothing itself.
    let (sealed, fingerprint) = export(&clerk, "delivery", "to-sender.zip");
    import(&leader, &sealed, &fingerprint);
    leader.run(&["upload"]).expect(0);
    assert_eq!(leader.state("D-000001"), "delivered");
}

#[test]
fn what_was_changed_on_the_way_is_refused_whole() {
    let (clerk, leader) = two();
    let (bundle, fingerprint) = export(&clerk, "personal", "changed.zip");
    let whole = fs::read(&bundle).unwrap();
    let start = |name: &str| {
        let mut zip = zip::ZipArchive::new(fs::File::open(&bundle).unwrap()).unwrap();
        let at = zip.by_name(name).unwrap().data_start().unwrap();
        usize::try_from(at).unwrap()
    };
    // A byte of the PDF, and one of the signature over the list; the ZIP's own checksums are mended nowhere.
    let (pdf, signature) = (start("D-000001.pdf") + 2_000, start("bundle.sig") + 10);
    for at in [pdf, signature] {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        fs::write(&bundle, &bytes).unwrap();
        let run = leader.run(&["import", bundle.to_str().unwrap(), "--from", &fingerprint]).expect(4);
        assert!(["bundle_changed", "bundle_unreadable"].contains(&run.errors()[0].as_str()));
    }
    fs::write(&bundle, &whole[..whole.len() / 2]).unwrap();
    leader.run(&["import", bundle.to_str().unwrap(), "--from", &fingerprint]).expect(4);
    assert!(leader.run(&["list"]).expect(0).events("document").is_empty());
}

#[test]
fn a_list_by_another_station_and_a_file_in_place_of_another_are_refused() {
    let (clerk, leader) = two();
    let (bundle, fingerprint) = export(&clerk, "personal", "original.zip");
    let forged = clerk.destination.with_file_name("forged.zip");
    for forgery in ["key", "file"] {
        let _ = fs::remove_file(&forged);
        forge(&bundle, &forged, forgery);
        let run = leader.run(&["import", forged.to_str().unwrap(), "--from", &fingerprint]);
        assert!(run.code != 0, "{forgery}");
        let wanted = if forgery == "key" { "station_unknown" } else { "bundle_changed" };
        assert_eq!(run.errors(), [wanted], "{forgery}");
    }
    assert!(leader.run(&["list"]).expect(0).events("document").is_empty());
}

/// The bundle again as a whole ZIP: its list signed by a stranger's key, or its PDF replaced.
fn forge(bundle: &Path, to: &Path, forgery: &str) {
    use std::io::{Read, Write};
    let mut from = zip::ZipArchive::new(fs::File::open(bundle).unwrap()).unwrap();
    let mut out = zip::ZipWriter::new(fs::File::create(to).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let stranger = scanseal::handover::Identity::of(folder.path()).unwrap();
    let mut list = Vec::new();
    from.by_name("bundle.json").unwrap().read_to_end(&mut list).unwrap();
    for index in 0..from.len() {
        let mut entry = from.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        match (forgery, name.as_str()) {
            ("key", "bundle.sig") => bytes = stranger.sign(&list).unwrap(),
            ("key", "station.spki") => bytes = stranger.public().to_vec(),
            ("file", "D-000001.pdf") => bytes[1_000] ^= 1,
            _ => {}
        }
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(&bytes).unwrap();
    }
    out.finish().unwrap();
}

#[test]
fn a_document_that_was_signed_on_both_machines_is_a_conflict() {
    let (clerk, leader) = two();
    let (bundle, fingerprint) = export(&clerk, "personal", "both.zip");
    import(&leader, &bundle, &fingerprint);
    for office in [&clerk, &leader] {
        office.run(&["sign", "--role", "personal", "--all", "--unseen", "rehearsal"]).expect(0);
        // The same key at the same second makes the same signature.
        std::thread::sleep(std::time::Duration::from_millis(1_100));
    }
    let before = clerk.latest("D-000001");
    let (back, fingerprint) = export(&leader, "organization", "conflict.zip");
    let run = clerk.run(&["import", back.to_str().unwrap(), "--from", &fingerprint]).expect(4);
    assert_eq!(run.errors(), ["handover_conflict"]);
    assert_eq!(clerk.latest("D-000001"), before);
}

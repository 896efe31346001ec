//! What people and machines get wrong: each has its own code, the others go on, nothing is lost.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::support::{KEYS, Office, Run, command, scans, scanseal};

/// Takes files into a fresh office.
fn scan(files: &[(&str, Vec<u8>)]) -> (Office, Run) {
    let office = Office::with_files("eidas");
    let folder = office.destination.with_extension("in");
    fs::create_dir(&folder).unwrap();
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes).unwrap();
    }
    let run = office.run(&["scan", folder.to_str().unwrap(), "--outage", "SC-1"]);
    (office, run)
}

fn sample(name: &str) -> Vec<u8> {
    fs::read(scans().join(name)).unwrap()
}

fn cut(name: &str) -> Vec<u8> {
    let mut bytes = sample(name);
    bytes.truncate(bytes.len() * 2 / 3);
    bytes
}

/// A PNG and a TIFF whose heads claim 100,000 by 100,000 pixels.
fn huge_png() -> Vec<u8> {
    let mut bytes = sample("Thong bao 88.png");
    bytes[16..24].copy_from_slice(&[0, 1, 0x86, 0xA0, 0, 1, 0x86, 0xA0]);
    let crc = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    bytes
}

/// CRC-32 of PNG chunks (ISO/IEC 15948 Annex D).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { 0xEDB8_8320 ^ (c >> 1) } else { c >> 1 })
    })
}

fn huge_tiff() -> Vec<u8> {
    let mut bytes = b"II*\0\x08\0\0\0\x08\0".to_vec();
    let side = 100_000u32;
    for (tag, value) in
        [(256u16, side), (257, side), (258, 8), (259, 1), (262, 1), (273, 8), (278, side), (279, 4)]
    {
        bytes.extend_from_slice(&tag.to_le_bytes());
        bytes.extend_from_slice(&[4, 0, 1, 0, 0, 0]);
        bytes.extend_from_slice(&value.to_le_bytes());
    }
    bytes.extend_from_slice(&[0; 4]);
    bytes
}

#[test]
fn a_bad_scan_is_refused_by_its_code_and_the_good_ones_get_through() {
    let cases: [(&str, Vec<u8>, &str); 8] = [
        ("cut.jpg", cut("scan_0001.jpg"), "scan_cut"),
        ("cut.tif", cut("Cong van 125.tif"), "scan_cut"),
        ("cut.png", cut("Thong bao 88.png"), "scan_cut"),
        ("huge.png", huge_png(), "scan_too_large"),
        ("huge.tif", huge_tiff(), "scan_too_large"),
        ("empty.jpg", Vec::new(), "scan_empty"),
        ("text.tif", b"This is a letter and no picture.".to_vec(), "scan_unknown"),
        ("paper.webp", b"RIFF\x24\0\0\0WEBPVP8 ".to_vec(), "scan_format"),
    ];
    for (name, bytes, code) in cases {
        let (office, run) = scan(&[(name, bytes), ("good.jpg", sample("scan_0002.jpg"))]);
        let run = run.expect(3);
        assert_eq!(run.errors(), [code], "{name}");
        assert_eq!(run.events("error")[0]["file"], name);
        assert_eq!(office.run(&["list"]).events("document").len(), 1, "{name}");
    }
}

#[test]
fn only_bad_scans_are_a_failure_of_all() {
    let (_, run) = scan(&[("cut.jpg", cut("scan_0001.jpg"))]);
    run.expect(4);
}

#[test]
fn hostile_names_are_names() {
    let names = [
        "it's \"quoted\".jpg",
        "two\nlines.jpg",
        "Quye\u{302}\u{301}t đi\u{323}nh.jpg",
        "-rf.jpg",
        "$(id).jpg",
    ];
    let files: Vec<(&str, Vec<u8>)> = names
        .iter()
        .enumerate()
        .map(|(i, name)| {
            let mut bytes = sample("scan_0002.jpg");
            // Bytes behind the end of the picture make each file another one.
            bytes.push(u8::try_from(i).unwrap());
            (*name, bytes)
        })
        .collect();
    let (office, run) = scan(&files);
    run.expect(0);
    for number in 1..=names.len() {
        office.run(&["edit", &format!("D-{number:06}"), "subject=Thử"]).expect(0);
    }
    office.run(&["build"]).expect(0);
    let plain = scanseal(&office.root, &["list"]).expect(0);
    assert!(!plain.stdout.contains("two\n"), "{}", plain.stdout);
    office.run(&["sign", "--role", "personal", "--all", "--unseen", "test"]).expect(0);
    office.run(&["sign", "--role", "organization", "--all"]).expect(0);
    office.run(&["upload"]).expect(0);
    assert_eq!(fs::read_dir(&office.destination).unwrap().count(), names.len());
}

#[test]
fn the_same_scan_twice_is_one_document() {
    let (office, run) = scan(&[("a.jpg", sample("scan_0002.jpg")), ("b.jpg", sample("scan_0002.jpg"))]);
    let run = run.expect(0);
    assert!(run.events("finding").iter().any(|f| f["code"] == "already_captured"));
    assert_eq!(office.run(&["list"]).events("document").len(), 1);
}

#[test]
fn a_manifest_that_does_not_fit_is_refused_with_its_line() {
    let office = Office::with_files("eidas");
    let input = scans().join("scan_0001.jpg");
    let manifest = office.destination.with_extension("csv");
    for (text, code, exit) in [
        ("subject,pages\nx,1\n", "manifest_no_file", 2),
        ("file,subjekt\nscan_0001.jpg,x\n", "manifest_column", 2),
        ("file,pages\nscan_0001.jpg,1,2\n", "manifest_malformed", 2),
        ("file,issued_date\nscan_0001.jpg,11/30/2026\n", "bad_field_value", 2),
        ("file,copy_form\nscan_0001.jpg,TRÍCH SAO\n", "extract_from_scan", 2),
        ("file\nscan_0001.jpg\nmissing.jpg\n", "manifest_file_missing", 3),
    ] {
        fs::write(&manifest, text).unwrap();
        let path = manifest.to_str().unwrap();
        let run = office.run(&["scan", input.to_str().unwrap(), "--outage", "SC-1", "--manifest", path]);
        assert_eq!(run.expect(exit).errors(), [code], "{text}");
    }
    fs::write(&manifest, b"file,subject\nscan_0001.jpg,V\xE0o\n").unwrap();
    let path = manifest.to_str().unwrap();
    let run = office.run(&["scan", input.to_str().unwrap(), "--outage", "SC-1", "--manifest", path]);
    assert_eq!(run.expect(2).errors(), ["manifest_encoding"]);
}

#[test]
fn a_secret_document_is_held_and_not_a_byte_of_it_is_stored() {
    let office = Office::with_files("eidas");
    let input = scans().join("scan_0001.jpg");
    let manifest = office.destination.with_extension("csv");
    fs::write(&manifest, "file,secrecy\nscan_0001.jpg,Tối mật\n").unwrap();
    let path = manifest.to_str().unwrap();
    let run =
        office.run(&["scan", input.to_str().unwrap(), "--outage", "SC-1", "--manifest", path]).expect(0);
    assert_eq!(run.events("finding")[0]["code"], "secret_held");
    assert_eq!(files_below(&office.root.join("blobs")), 0);
    // Stated only in a corrected manifest, when the scan is here already: never said to be not stored.
    office.built("Thong bao 88.png");
    fs::write(&manifest, "file,secrecy\nThong bao 88.png,MẬT\n").unwrap();
    let again = scans().join("Thong bao 88.png");
    let run =
        office.run(&["scan", again.to_str().unwrap(), "--outage", "SC-1", "--manifest", path]).expect(0);
    assert_eq!(run.events("finding")[0]["code"], "secret_known_late");
    // Known only later: it goes no further, whatever anybody accepts.
    office.built("scan_0002.jpg");
    let late = scans().join("CV_den_0412.jpg");
    office.run(&["scan", late.to_str().unwrap(), "--outage", "SC-1"]).expect(0);
    office.run(&["edit", "D-000003", "subject=x", "secrecy=MẬT"]).expect(0);
    assert_eq!(office.state("D-000003"), "held");
    let accept = office.run(&["edit", "D-000003", "accept=secret_known_late"]).expect(2);
    assert_eq!(accept.errors(), ["no_such_finding"]);
}

fn files_below(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    entries.map(|p| if p.is_dir() { files_below(&p) } else { 1 }).sum()
}

#[test]
fn what_is_not_there_is_said_before_any_work() {
    let office = Office::with_files("eidas");
    let input = scans().join("scan_0001.jpg");
    let input = input.to_str().unwrap();
    for (arguments, code, exit) in [
        (&["scan", input, "--outage", "SC-9"][..], "outage_unknown", 2),
        (&["scan", "missing.jpg", "--outage", "SC-1"], "file_missing", 4),
        (&["show", "D-000099"], "document_unknown", 2),
        (&["show", "99"], "bad_document_id", 2),
        (&["list", "--state", "lost"], "bad_state", 2),
        (&["edit", "D-000001", "subject"], "bad_change", 2),
        (&["outage", "open", "SC-1"], "outage_exists", 2),
        (&["outage", "open", "SC-2", "--paper-from", "13/13/2026"], "bad_time", 2),
        (&["upload", "--to", "nowhere"], "destination_unknown", 2),
        (&["sign", "--role", "personal", "--all", "--level", "b-lta"], "level_unsupported", 2),
        (&["frobnicate"], "usage", 2),
        (&["sign", "--all"], "usage", 2),
    ] {
        assert_eq!(office.run(arguments).expect(exit).errors(), [code], "{arguments:?}");
    }
    let nowhere = tempfile::tempdir().unwrap();
    assert_eq!(scanseal(nowhere.path(), &["list", "--json"]).expect(8).errors(), ["workspace_missing"]);
}

#[test]
fn a_key_that_cannot_be_used_is_said_before_the_first_document() {
    let office = Office::with_files("eidas");
    office.built("scan_0001.jpg");
    let expired = KEYS.uri("expired.p12");
    let missing = "pkcs11:token=x;object=y?module-path=/nonexistent/module.so".to_owned();
    let inline = format!("p12:{}?pin-value=1", KEYS.path("person.p12"));
    let lost = "p12:lost.p12".to_owned();
    for (key, code, exit) in [
        (&expired, "certificate_expired", 6),
        (&missing, "module_not_allowed", 6),
        (&inline, "pin_in_uri", 2),
        (&lost, "key_file_missing", 6),
    ] {
        let run = office.run(&["sign", "--role", "personal", "--all", "--unseen", "test", "--key", key]);
        assert_eq!(run.expect(exit).errors(), [code]);
        assert_eq!(office.state("D-000001"), "built");
    }
    let station = office.root.join("scanseal.toml");
    let text = fs::read_to_string(&station).unwrap() + "[token]\nmodules = [\"/nonexistent/module.so\"]\n";
    fs::write(&station, text).unwrap();
    let run = office.run(&["sign", "--role", "personal", "--all", "--unseen", "test", "--key", &missing]);
    assert_eq!(run.expect(6).errors(), ["module_missing"]);
}

#[test]
fn a_station_file_that_others_can_write_or_nobody_can_read_is_refused() {
    let office = Office::with_files("eidas");
    let station = office.root.join("scanseal.toml");
    fs::set_permissions(&station, fs::Permissions::from_mode(0o666)).unwrap();
    assert_eq!(office.run(&["list"]).expect(8).errors(), ["station_writable"]);
    fs::set_permissions(&station, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&station, "profile = \"eidas\"\nsurprise = 1\n").unwrap();
    let run = office.run(&["list"]).expect(8);
    assert_eq!(run.errors(), ["station_invalid"]);
    assert!(run.events("error")[0]["message"].as_str().unwrap().contains("surprise"));
}

/// A sealed document of an office.
fn sealed() -> Office {
    let office = Office::with_files("eidas");
    office.built("scan_0002.jpg");
    office.run(&["sign", "--role", "personal", "--all", "--unseen", "test"]).expect(0);
    office.run(&["sign", "--role", "organization", "--all"]).expect(0);
    office
}

#[test]
fn a_destination_that_vanishes_loses_nothing() {
    let office = sealed();
    let away = office.destination.with_extension("away");
    fs::rename(&office.destination, &away).unwrap();
    assert_eq!(office.run(&["upload"]).expect(7).errors(), ["destination_away"]);
    assert_eq!(office.state("D-000001"), "queued");
    let status = office.run(&["status"]).expect(0).events("summary").remove(0);
    assert_eq!(
        (&status["destinations"][0]["state"], &status["destinations"][0]["queued"]),
        (&"open".into(), &1.into())
    );
    let mut watching = command(&office.root, &["upload", "--watch", "--json"]).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(700));
    assert!(watching.try_wait().unwrap().is_none(), "it waits");
    fs::rename(&away, &office.destination).unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    while watching.try_wait().unwrap().is_none() {
        assert!(Instant::now() < deadline, "it never noticed that the folder is back");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(office.state("D-000001"), "delivered");
    assert_eq!(fs::read_dir(&office.destination).unwrap().count(), 1);
}

#[test]
fn another_file_under_the_name_is_never_overwritten() {
    let office = sealed();
    fs::write(office.destination.join("2026-11-03.12.GM-UBND.pdf"), b"somebody else's").unwrap();
    assert_eq!(office.run(&["upload"]).expect(4).errors(), ["destination_conflict"]);
    assert_eq!(fs::read(office.destination.join("2026-11-03.12.GM-UBND.pdf")).unwrap(), b"somebody else's");
    fs::remove_file(office.destination.join("2026-11-03.12.GM-UBND.pdf")).unwrap();
    office.run(&["upload"]).expect(0);
    assert_eq!(office.state("D-000001"), "delivered");
}

/// A small file system of its own, which only root can mount.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: &Path) -> Option<Self> {
        let options = ["-t", "tmpfs", "-o", "size=20k", "tmpfs", at.to_str().unwrap()];
        let mounted = std::process::Command::new("mount").args(options).status().is_ok_and(|s| s.success());
        mounted.then(|| Self(at.to_owned()))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_full_destination_leaves_nothing_half_written() {
    let office = sealed();
    let Some(disk) = SmallDisk::mount(&office.destination) else { return };
    assert_eq!(office.run(&["upload"]).expect(7).errors(), ["destination_full"]);
    assert_eq!(fs::read_dir(&office.destination).unwrap().count(), 0);
    drop(disk);
    office.run(&["upload"]).expect(0);
    assert_eq!(office.state("D-000001"), "delivered");
}

//! What people and machines get wrong: the others go on, nothing is lost. Every code by itself: `refusals`.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::support::{Office, Run, command, scans, scanseal};

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

#[test]
fn a_bad_scan_is_named_and_the_good_ones_get_through() {
    let (office, run) = scan(&[("cut.jpg", cut("scan_0001.jpg")), ("good.jpg", sample("scan_0002.jpg"))]);
    let run = run.expect(3);
    assert_eq!(run.errors(), ["scan_cut"]);
    assert_eq!(run.events("error")[0]["file"], "cut.jpg");
    assert_eq!(office.run(&["list"]).events("document").len(), 1);
}

#[test]
fn results_that_cannot_be_written_are_no_success() {
    let office = Office::with_files("eidas");
    office.built("scan_0002.jpg");
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let status =
        command(&office.root, &["list", "--json"]).stdout(full).stderr(std::process::Stdio::null()).status();
    assert_eq!(status.unwrap().code(), Some(4));
}

#[test]
fn a_leader_gets_a_file_that_opens_and_is_the_one_to_be_signed() {
    let office = Office::with_files("eidas");
    let before = office.built("scan_0002.jpg").latest("D-000001");
    let copies =
        || fs::read_dir(office.root.join("out/view")).unwrap().map(|e| e.unwrap().path()).collect::<Vec<_>>();
    office.run(&["show", "D-000001"]).expect(0);
    fs::write(&copies()[0], b"something else").unwrap();
    office.run(&["show", "D-000001", "--seen"]).expect(0);
    assert!(fs::read(&copies()[0]).unwrap() == before);
    office.run(&["sign", "--role", "personal", "--all"]).expect(0);
    office.run(&["show", "D-000001"]).expect(0);
    assert!(copies().len() == 1 && fs::read(&copies()[0]).unwrap() == office.latest("D-000001"));
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
    let accept = office.run(&["edit", "D-000003", "accept=secret_known_late"]).expect(4);
    assert_eq!(accept.errors(), ["secret_held"]);
}

fn files_below(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    entries.map(|p| if p.is_dir() { files_below(&p) } else { 1 }).sum()
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
    let run = office.run(&["upload"]).expect(7);
    assert_eq!(run.errors(), ["destination_away"]);
    assert_eq!(run.events("summary")[0]["waiting"], 1);
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

/// As when two stations have numbered their papers alike: a person was told, and both are there in the end.
#[test]
fn a_copy_goes_beside_another_file_that_stays() {
    let office = sealed();
    let theirs = office.destination.join("2026-11-03.12.GM-UBND.pdf");
    fs::write(&theirs, b"another station's").unwrap();
    assert_eq!(office.run(&["upload"]).expect(4).errors(), ["destination_conflict"]);
    let receipt = office.run(&["upload"]).expect(0).events("receipt").remove(0);
    let name = receipt["remote_id"].as_str().unwrap();
    let mark = &receipt["sha256"].as_str().unwrap()[..8];
    assert_eq!(name, format!("2026-11-03.12.GM-UBND.{mark}.pdf"));
    assert!(office.destination.join(name).is_file());
    assert_eq!(fs::read(&theirs).unwrap(), b"another station's");
    office.run(&["journal", "check"]).expect(0);
}

/// A small file system of its own, which only root can mount.
pub struct SmallDisk(PathBuf);

impl SmallDisk {
    pub fn mount(at: &Path, size: &str) -> Option<Self> {
        let size = format!("size={size}");
        let options = ["-t", "tmpfs", "-o", &size, "tmpfs", at.to_str().unwrap()];
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
    let Some(disk) = SmallDisk::mount(&office.destination, "20k") else { return };
    assert_eq!(office.run(&["upload"]).expect(7).errors(), ["destination_full"]);
    assert_eq!(fs::read_dir(&office.destination).unwrap().count(), 0);
    drop(disk);
    office.run(&["upload"]).expect(0);
    assert_eq!(office.state("D-000001"), "delivered");
}

#[test]
fn a_profile_is_checked_key_by_key_and_law_that_is_repealed_is_told_before_anybody_signs() {
    let office = Office::with_files("eidas");
    let wrong = fs::read_to_string(office.root.join("quick.toml")).unwrap().replace("min_dpi", "min_dip");
    let line = wrong.lines().position(|line| line.starts_with("min_dip")).unwrap() + 1;
    fs::write(office.root.join("wrong.toml"), wrong).unwrap();
    let run = office.run(&["profile", "check", "./wrong.toml"]).expect(8);
    let error = run.events("error").remove(0);
    assert_eq!(error["code"], "profile_key");
    assert!(error["message"].as_str().unwrap().contains(&format!("line {line}")), "{error}");
    assert!(error["advice"].as_str().unwrap().contains("min_dpi"), "{error}");
    for lang in ["vi", "en"] {
        let text = office.run(&["profile", "explain", "vn-state", "--lang", lang]).expect(0);
        let text = text.events("summary").remove(0)["text"].as_array().unwrap().len();
        assert!(text > 40, "{text}");
    }
    // Repealed yesterday: told with every command, signing among them, and work goes on.
    office.built("scan_0001.jpg");
    let yesterday = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(30);
    let yesterday = yesterday.strftime("%Y-%m-%d");
    office.change_profile(
        "in_force = \"2016-07-01\"",
        &format!("in_force = \"2016-07-01\"\nrepealed = \"{yesterday}\""),
    );
    let run = office.run(&["sign", "--role", "personal", "--all", "--unseen", "rehearsal"]).expect(0);
    let finding = run.events("finding").remove(0);
    assert_eq!(finding["code"], "basis_not_in_force");
    assert!(finding["text"].as_str().unwrap().contains("910/2014"));
    let run = office.run(&["profile", "check", "./quick.toml", "--at", "01/07/2016"]).expect(0);
    assert!(run.events("finding").is_empty());
}

//! The examination of a station, the bundle for the IT unit, and whom the office believes.

use std::fs;
use std::io::Read;

use serde_json::Value;

use crate::support::{KEYS, Office, PIN, scanseal};

/// Codes of the examination with their health.
fn examined(office: &Office, arguments: &[&str], exit: i32) -> Vec<(String, String)> {
    let run = office.run(&[&["doctor"], arguments].concat()).expect(exit);
    let text = |line: &Value, name: &str| line[name].as_str().unwrap().to_owned();
    run.events("finding").iter().map(|line| (text(line, "code"), text(line, "health"))).collect()
}

#[test]
fn a_healthy_station_has_nothing_wrong_and_signs_a_trial() {
    let office = Office::with_files("eidas");
    office.built("scan_0001.jpg");
    let lines = examined(&office, &["--login"], 0);
    assert!(lines.iter().all(|(_, health)| health != "bad"), "{lines:?}");
    for code in
        ["workspace_good", "key_works", "store_good", "journal_good", "destination_good", "clock_good"]
    {
        assert!(lines.iter().any(|(found, _)| found == code), "{code}: {lines:?}");
    }
    assert_eq!(fs::read_dir(&office.destination).unwrap().count(), 0, "the probe is gone again");
}

#[test]
fn each_part_of_a_broken_station_is_named() {
    let office = Office::with_files("eidas");
    office.built("scan_0001.jpg");
    fs::remove_dir(&office.destination).unwrap();
    let station = office.root.join("scanseal.toml");
    let broken = fs::read_to_string(&station).unwrap().replace("organization.p12", "lost.p12");
    fs::write(&station, broken.replace(&KEYS.path("person.p12"), &KEYS.path("expired.p12"))).unwrap();
    let sha256 = office.run(&["show", "D-000001"]).events("document")[0]["revisions"][0]["sha256"].clone();
    let sha256 = sha256.as_str().unwrap();
    fs::write(office.root.join("blobs").join(&sha256[..2]).join(sha256), b"something else").unwrap();
    let lines = examined(&office, &["--login"], 6);
    let bad: Vec<&str> = lines.iter().filter(|(_, h)| h == "bad").map(|(code, _)| code.as_str()).collect();
    for code in ["certificate_expired", "file_missing", "blob_damaged", "destination_away"] {
        assert!(bad.contains(&code), "{code}: {bad:?}");
    }
    fs::write(&station, "nonsense").unwrap();
    assert!(examined(&office, &[], 8).contains(&("station_invalid".to_owned(), "bad".to_owned())));
}

#[test]
fn the_keys_of_both_roles_are_listed_also_where_one_is_not_needed() {
    let office = Office::with_files("vn-state");
    let said = |arguments: &[&str]| -> Vec<String> {
        let lines = office.run(&[&["doctor"], arguments].concat()).expect(0).events("finding");
        let keys = lines.iter().filter(|line| line["check"] == "key");
        keys.map(|line| line["text"].as_str().unwrap().to_owned()).collect()
    };
    let both = |lines: &[String]| {
        lines.len() == 2 && lines[0].contains("[keys.personal]") && lines[1].contains("[keys.organization]")
    };
    assert!(both(&said(&[])) && both(&said(&["--login", "--lang", "vi"])));
    let station = office.root.join("scanseal.toml");
    let text = fs::read_to_string(&station).unwrap();
    let personal = format!("[keys.personal]\nuri = \"{}\"\n", KEYS.uri("person.p12"));
    assert!(text.contains(&personal));
    fs::write(&station, text.replace(&personal, "")).unwrap();
    assert!(both(&said(&[])), "{:?}", said(&[]));
}

#[test]
fn the_name_of_the_template_gets_into_no_document() {
    for (lang, name) in [("vi", "Tên cơ quan, tổ chức"), ("en", "Name of the office")] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_str().unwrap();
        scanseal(folder.path(), &["init", path, "--profile", "vn-state", "--lang", lang]).expect(0);
        let said = |arguments: &[&str]| scanseal(folder.path(), &[arguments, &["--json"]].concat());
        let lines = said(&["doctor"]).events("finding");
        assert!(lines.iter().any(|line| line["code"] == "office_not_named" && line["health"] == "bad"));
        assert_eq!(said(&["build"]).expect(8).errors(), ["office_not_named"]);
        assert_eq!(
            said(&["sign", "--role", "organization", "--all"]).expect(8).errors(),
            ["office_not_named"]
        );
        let station = folder.path().join("scanseal.toml");
        let text = fs::read_to_string(&station).unwrap();
        assert!(text.contains(name));
        fs::write(&station, text.replace(name, "Ủy ban nhân dân xã Mường Lam")).unwrap();
        said(&["build"]).expect(0);
    }
}

#[test]
fn signers_of_a_route_are_compared_with_the_keys_of_the_station() {
    let office = Office::with_files("vn-state");
    let station = office.root.join("scanseal.toml");
    let text = fs::read_to_string(&station).unwrap();
    let signers = |lines: &str| fs::write(&station, format!("{text}[signers]\n{lines}\n")).unwrap();
    let found = |lines: &[(String, String)], code: &str| {
        lines.iter().filter(|(found, _)| found == code).map(|(_, health)| health.clone()).collect::<Vec<_>>()
    };
    assert_eq!(found(&examined(&office, &[], 0), "route_good"), ["good", "good"]);
    signers("approval = [\"Lê Văn Cường\"]");
    // Whose key it is, is not seen before it is opened.
    assert_eq!(found(&examined(&office, &[], 0), "route_signers_unread"), ["good", "good"]);
    assert_eq!(found(&examined(&office, &["--login"], 0), "route_signers_elsewhere"), ["warning", "warning"]);
    let person = examined_name(&office);
    signers(&format!("approval = [\"Lê Văn Cường\", \"{person}\"]"));
    assert_eq!(found(&examined(&office, &["--login"], 0), "route_good"), ["good", "good"]);
    // A list for a step that is not there keeps nobody out, and that is no small thing.
    signers("aproval = [\"Lê Văn Cường\"]");
    assert_eq!(found(&examined(&office, &[], 6), "route_step_unknown"), ["bad"]);
    let without =
        text.replace("[keys.personal]", "[keys.organization]").replacen("[keys.organization]", "[keys.x]", 1);
    let (before, behind) = without.split_once("[keys.x]").unwrap();
    let behind = behind.split_once("[keys.organization]").unwrap().1;
    fs::write(&station, format!("{before}[keys.organization]{behind}")).unwrap();
    assert!(found(&examined(&office, &[], 0), "route_key_missing").len() > 1);
}

/// The name in the certificate of the station's personal key.
fn examined_name(office: &Office) -> String {
    let run = office.run(&["doctor", "--login"]);
    let lines = run.events("finding");
    let line = lines.iter().find(|line| line["code"] == "key_works").unwrap();
    let text = line["text"].as_str().unwrap();
    text.split("signs: ")
        .nth(1)
        .or_else(|| text.split("ký được: ").nth(1))
        .unwrap()
        .split(',')
        .next()
        .unwrap()
        .to_owned()
}

#[test]
fn the_bundle_holds_no_pin_no_name_and_no_text() {
    let office = Office::with_files("eidas");
    office.built("scan_0001.jpg");
    office.run(&["sign", "--role", "personal", "--all", "--unseen", "Nguyễn Thị Hồng Vân đã đọc"]).expect(0);
    let path = office.destination.join("bundle.zip");
    office.run(&["doctor", "--bundle", path.to_str().unwrap()]).expect(0);
    let mut archive = zip::ZipArchive::new(fs::File::open(&path).unwrap()).unwrap();
    let mut all = String::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        all.push_str(&file.name().unwrap());
        file.read_to_string(&mut all).unwrap();
    }
    let manifest = fs::read_to_string(crate::support::scans().join("manifest.csv")).unwrap();
    let row = manifest.lines().nth(1).unwrap();
    let texts = row.split(';').filter(|cell| cell.len() > 8).map(str::to_owned);
    let paths = [office.root.display().to_string(), KEYS.folder.display().to_string()];
    let secrets = [PIN, "Hồng Vân", "Test person", "Ủy ban", "scan_0001", "root"].map(str::to_owned);
    for secret in texts.chain(paths).chain(secrets) {
        assert!(!all.contains(&secret), "{secret} stands in the bundle");
    }
    assert!(all.contains("\"event\": \"captured\"") && all.contains("\"profile\": \"eidas\""), "{all}");
}

#[test]
fn trust_is_compared_listed_taken_away_and_stands_in_the_journal() {
    let office = Office::with_files("eidas");
    let root = KEYS.path("root.pem");
    let wrong = "0".repeat(64);
    let refused = office.run(&["trust", "add", &root, "--fingerprint", &wrong]).expect(2);
    assert_eq!(refused.errors(), ["fingerprint_differs"]);
    let added = office.run(&["trust", "add", &root]).expect(0).events("summary").remove(0);
    let sha256 = added["certificates"][0]["sha256"].as_str().unwrap().to_owned();
    office.run(&["trust", "add", &root, "--fingerprint", &sha256.to_uppercase()]).expect(0);
    let listed = office.run(&["trust", "list"]).expect(0).events("summary").remove(0);
    assert_eq!(listed["certificates"].as_array().unwrap().len(), 2, "in the station file and added");
    assert_eq!(office.run(&["trust", "remove", "abc"]).expect(2).errors(), ["anchor_unknown"]);
    office.run(&["trust", "remove", &sha256[..12]]).expect(0);
    let listed = office.run(&["trust", "list"]).expect(0).events("summary").remove(0);
    assert_eq!(listed["certificates"].as_array().unwrap().len(), 1);
    office.run(&["journal", "check"]).expect(0);
    let not_one = office.destination.join("note.pem");
    fs::write(&not_one, "no certificate").unwrap();
    assert_eq!(
        office.run(&["trust", "add", not_one.to_str().unwrap()]).expect(8).errors(),
        ["trust_unreadable"]
    );
}

//! Time stamps from a real service over HTTP (`openssl ts` behind `tests/servers/tsa.py`), and from one that fails in every way:
//! a document is signed all the same, the proof is said to be owed, and nothing wrong is ever embedded.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::support::{KEYS, Office, Run, other};

/// A running service; it ends with its standard input.
struct Service {
    child: Child,
    folder: tempfile::TempDir,
    url: String,
}

impl Service {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/servers/tsa.py");
        let mut child = Command::new("python3")
            .arg(script)
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (described, begun) = (folder.path().join("tsa.json"), Instant::now());
        while !described.exists() {
            if child.try_wait().unwrap().is_some() || begun.elapsed() > Duration::from_secs(60) {
                let mut said = String::new();
                let _ = child.kill();
                child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
                panic!("no time-stamp service: {said}");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let text = fs::read_to_string(described).unwrap();
        let facts: serde_json::Value = serde_json::from_str(&text).unwrap();
        let url = facts["url"].as_str().unwrap().to_owned();
        Self { child, folder, url }
    }

    fn mode(&self, mode: &str) {
        fs::write(self.folder.path().join("mode"), mode).unwrap();
    }

    fn asked(&self) -> u32 {
        let count = fs::read_to_string(self.folder.path().join("count")).unwrap_or_default();
        count.parse().unwrap_or(0)
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("root.pem")
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// An office that trusts the service and names `urls`.
fn office(service: &Service, urls: &[&str]) -> Office {
    let key = |role: &str, file: &str| format!("[keys.{role}]\nuri = \"{}\"", KEYS.uri(file));
    let services: String = urls.iter().map(|url| format!("\n[[timestamp]]\nurl = \"{url}\"")).collect();
    let keys = [key("personal", "person.p12"), key("organization", "organization.p12"), services].join("\n");
    let office = Office::new("eidas", &keys);
    office.run(&["trust", "add", service.root().to_str().unwrap()]).expect(0);
    office
}

fn signature(run: &Run) -> serde_json::Value {
    run.events("signature").pop().unwrap()
}

#[test]
fn both_signatures_get_their_time_stamps_and_other_programs_agree() {
    let service = Service::start();
    let office = office(&service, &[&service.url]);
    office.built("scan_0001.jpg");
    let personal = ["sign", "--role", "personal", "--all", "--unseen", "rehearsal", "--level", "b-t"];
    let person = signature(&office.run(&personal).expect(0));
    assert_eq!((person["level"].as_str(), person["timestamp"].as_str()), (Some("B-T"), Some("signature")));
    assert_eq!(person["owed"], serde_json::json!(["revocation"]));
    office.change_profile("level = \"b-b\"", "level = \"b-t\"");
    let seal = signature(&office.run(&["sign", "--role", "organization", "--all"]).expect(0));
    assert_eq!(seal["level"], "B-T");
    // One trial a batch, one stamp a signature.
    assert_eq!(service.asked(), 4);
    let file = office.destination.join("sealed.pdf");
    fs::write(&file, office.latest("D-000001")).unwrap();
    let (path, ours, theirs) = (file.to_str().unwrap(), KEYS.path("root.pem"), service.root());
    let Some(pyhanko) = std::env::var_os("SCANSEAL_TEST_PYHANKO") else { return };
    let trust = ["--trust", &ours, "--trust", theirs.to_str().unwrap(), "--no-strict-syntax"];
    let arguments = [&["sign", "validate", "--pretty-print"][..], &trust, &[path]].concat();
    let (good, said) = other(pyhanko.to_str().unwrap(), &arguments).unwrap();
    assert!(good, "{said}");
    assert!(said.contains("The token is guaranteed to be newer than the signature"), "{said}");
}

#[test]
fn a_service_that_fails_costs_a_proof_and_never_a_document() {
    let service = Service::start();
    let office = office(&service, &[&service.url]);
    let file = office.destination.join("letter.pdf");
    office.built("scan_0001.jpg");
    fs::write(&file, office.latest("D-000001")).unwrap();
    let sign = |folder: &str| {
        let folder = office.destination.join(folder);
        let arguments = ["sign", file.to_str().unwrap(), "--role", "personal", "--level", "b-t", "-o"];
        office.run(&[&arguments[..], &[folder.to_str().unwrap()]].concat()).expect(0)
    };
    for (mode, code) in [
        ("refuse", "timestamp_refused"),
        ("garbage", "timestamp_wrong"),
        ("page", "timestamp_wrong"),
        ("busy", "timestamp_away"),
        ("cut", "timestamp_away"),
        ("nonce", "timestamp_wrong"),
        ("imprint", "timestamp_wrong"),
        ("expired", "timestamp_wrong"),
        ("stranger", "timestamp_wrong"),
    ] {
        service.mode(mode);
        let run = sign(mode);
        assert_eq!(run.errors(), [code], "{mode}: {}", run.stdout);
        let made = signature(&run);
        assert_eq!(
            (made["level"].as_str(), made["timestamp"].as_str()),
            (Some("B-B"), Some("none")),
            "{mode}"
        );
        assert_eq!(made["owed"], serde_json::json!(["revocation", "timestamp"]), "{mode}");
    }
    service.mode("ok");
    assert_eq!(signature(&sign("ok"))["level"], "B-T");
}

#[test]
fn a_service_that_hangs_is_waited_for_once_and_the_next_one_is_asked() {
    let (slow, good) = (Service::start(), Service::start());
    slow.mode("hang");
    let office = office(&good, &[&slow.url, &good.url]);
    office.built("scan_0001.jpg");
    let begun = Instant::now();
    let run = office
        .run(&["sign", "--role", "personal", "--all", "--unseen", "rehearsal", "--level", "b-t"])
        .expect(0);
    assert_eq!(signature(&run)["level"], "B-T");
    assert_eq!(run.errors(), ["timestamp_away"]);
    assert_eq!(slow.asked(), 1);
    assert!(begun.elapsed() < Duration::from_secs(40));
}

#[test]
fn a_level_that_needs_a_service_wants_one_named() {
    let office = Office::with_files("eidas");
    office.built("scan_0001.jpg");
    let run = office.run(&["sign", "--role", "personal", "--all", "--unseen", "x", "--level", "b-t"]);
    assert_eq!(run.expect(2).errors(), ["timestamp_not_named"]);
    assert_eq!(office.state("D-000001"), "built");
}

#[test]
fn roots_of_the_journal_are_stamped_and_a_third_party_checks_them() {
    let service = Service::start();
    let office = office(&service, &[&service.url]);
    office.built("scan_0001.jpg");
    office.run(&["sign", "--role", "personal", "--all", "--unseen", "rehearsal", "--level", "b-t"]).expect(0);
    office.run(&["sign", "--role", "organization", "--all", "--level", "b-lta"]).expect(0);
    // A service that is away costs the export nothing but the stamp.
    service.mode("refuse");
    let first = office.destination.with_file_name("first.zip");
    let run = office.run(&["export", "--evidence", "D-000001", "-o", first.to_str().unwrap()]).expect(0);
    assert_eq!(run.errors(), ["timestamp_refused"]);
    service.mode("ok");
    let (folder, root) = (super::evidence::evidence(&office, "stamped"), KEYS.path("root.pem"));
    let checked = office.run(&["journal", "check"]).expect(0).events("summary").remove(0);
    assert_eq!((&checked["roots"], &checked["stamped"]), (&2.into(), &2.into()));
    let Some((good, text)) = super::evidence::judged(&folder, &root, service.root().to_str()) else { return };
    assert!(good && text.contains("root-1.tst"), "{text}");
    // A stamp of another root is none.
    let exchange = "UPDATE journal_root SET token = (SELECT token FROM journal_root WHERE ordinal = 2) WHERE ordinal = 1";
    super::evidence::by_hand(&office.root, &[exchange]);
    let findings = office.run(&["journal", "check"]).expect(5).events("finding");
    let codes: Vec<&str> = findings.iter().filter_map(|finding| finding["code"].as_str()).collect();
    assert_eq!(codes, ["journal_row_changed", "journal_stamp_wrong"]);
}

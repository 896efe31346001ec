//! Levels B-LT and B-LTA against a whole authority (`tests/servers/authority.py`, certomancer) that answers, is away, flickers and
//! lies; other people's programs judge what comes out.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::support::{Office, Run, other};

/// A running authority; it ends with its standard input.
pub struct Authority {
    child: Child,
    folder: tempfile::TempDir,
    pub tsa: String,
}

/// The interpreter that the judges run in; without it there is no authority either.
fn python() -> Option<String> {
    std::env::var("SCANSEAL_TEST_PYTHON").ok()
}

impl Authority {
    pub fn start() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/servers/authority.py");
        let mut child = Command::new(python()?)
            .arg(script)
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (described, begun) = (folder.path().join("authority.json"), Instant::now());
        while !described.exists() {
            if child.try_wait().unwrap().is_some() || begun.elapsed() > Duration::from_secs(180) {
                let mut said = String::new();
                let _ = child.kill();
                child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
                panic!("no authority: {said}");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let text = fs::read_to_string(described).unwrap();
        let facts: Value = serde_json::from_str(&text).unwrap();
        let tsa = facts["tsa"].as_str().unwrap().to_owned();
        Some(Self { child, folder, tsa })
    }

    pub fn mode(&self, mode: &str) {
        fs::write(self.folder.path().join("mode"), mode).unwrap();
    }

    /// Questions of a kind so far.
    pub fn asked(&self, kind: &str) -> u64 {
        let text = fs::read_to_string(self.folder.path().join("count")).unwrap_or_default();
        serde_json::from_str::<Value>(&text).map_or(0, |count| count[kind].as_u64().unwrap_or(0))
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn uri(&self, label: &str) -> String {
        format!(
            "p12:{}?pin-source=file:{}",
            self.path(&format!("{label}.p12")).display(),
            self.path("pin").display()
        )
    }

    /// An office with keys and time stamps of this authority, which it trusts.
    pub fn office(&self) -> Office {
        let keys = format!(
            "[keys.personal]\nuri = \"{}\"\n[keys.organization]\nuri = \"{}\"\n[[timestamp]]\nurl = \"{}\"",
            self.uri("person"),
            self.uri("organization"),
            self.tsa
        );
        let office = Office::new("eidas", &keys);
        office.run(&["trust", "add", self.path("root.pem").to_str().unwrap()]).expect(0);
        office
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

const PERSONAL: [&str; 6] = ["sign", "--role", "personal", "--all", "--unseen", "rehearsal"];
const SEAL: [&str; 4] = ["sign", "--role", "organization", "--all"];

/// Signs with both roles at a level.
fn both(office: &Office, level: &str) {
    office.run(&[&PERSONAL[..], &["--level", level]].concat()).expect(0);
    office.run(&[&SEAL[..], &["--level", level]].concat()).expect(0);
}

/// What `verify` says about a file, at a time if one is given.
fn verdict(office: &Office, file: &Path, at: Option<&str>) -> Value {
    let mut arguments = vec!["verify", file.to_str().unwrap()];
    arguments.extend(at.map(|at| ["--at", at]).into_iter().flatten());
    office.run(&arguments).events("document").remove(0)
}

fn levels(report: &Value) -> Vec<Option<&str>> {
    report["signatures"].as_array().unwrap().iter().map(|s| s["level"].as_str()).collect()
}

/// The latest bytes of the first document as a file.
fn kept(office: &Office, name: &str) -> PathBuf {
    let file = office.destination.with_extension(name);
    fs::write(&file, office.latest("D-000001")).unwrap();
    file
}

fn is_archival(file: &Path) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judges/pdfa_check.py");
    let (good, said) =
        other(&python().unwrap(), &[script.to_str().unwrap(), file.to_str().unwrap()]).unwrap();
    assert!(good, "{said}");
}

#[test]
fn evidence_goes_in_at_signing_and_other_programs_agree() {
    let Some(authority) = Authority::start() else { return };
    let office = authority.office();
    office.built("scan_0001.jpg");
    let built = office.latest("D-000001").len();
    office.run(&[&PERSONAL[..], &["--level", "b-lt"]].concat()).expect(0);
    let first = kept(&office, "first.pdf");
    let report = verdict(&office, &first, None);
    assert_eq!((&report["verdict"], levels(&report)), (&json!("valid"), vec![Some("B-LT")]), "{report}");
    assert_eq!(report["signatures"][0]["owed"], json!([]));
    assert_eq!(report["signatures"][0]["modifications"], "lta_updates");
    is_archival(&first);
    let asked = ["ocsp", "crl", "tsa"].map(|kind| authority.asked(kind));
    office.run(&[&SEAL[..], &["--level", "b-lta"]].concat()).expect(0);
    let second = kept(&office, "second.pdf");
    let report = verdict(&office, &second, None);
    assert_eq!(levels(&report), [Some("B-LTA"), Some("B-LTA"), None], "{report}");
    is_archival(&second);
    let size = |file: &Path| fs::metadata(file).unwrap().len();
    println!("built {built}, first {}, second {}, asked {asked:?}", size(&first), size(&second));
    pyhanko_agrees(&authority, &second);
}

fn pyhanko_agrees(authority: &Authority, file: &Path) {
    let Some(pyhanko) = std::env::var_os("SCANSEAL_TEST_PYHANKO") else { return };
    let root = authority.path("root.pem");
    let trust = ["--trust", root.to_str().unwrap(), "--no-strict-syntax"];
    let arguments = [&["sign", "validate", "--pretty-print"][..], &trust, &[file.to_str().unwrap()]].concat();
    let (good, said) = other(pyhanko.to_str().unwrap(), &arguments).unwrap();
    assert!(good, "{said}");
}

//! Levels B-LT and B-LTA against a whole authority (`tests/servers/authority.py`, certomancer) that answers, is away, flickers and
//! lies; other people's programs judge what comes out.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::support::{Office, other};

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
        Self::start_with(&[])
    }

    /// With further words for `authority.py`.
    fn start_with(words: &[&str]) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/servers/authority.py");
        let mut child = Command::new(python()?)
            .arg(script)
            .arg(folder.path())
            .arg("quick")
            .args(words)
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

/// Signs with both roles at the profile's level.
fn both(office: &Office) {
    office.run(&PERSONAL).expect(0);
    office.run(&SEAL).expect(0);
}

/// The first document as `show` tells it.
fn shown(office: &Office) -> Value {
    office.run(&["show", "D-000001"]).expect(0).events("document").remove(0)
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
    // One question about the signer, one list each of the two authorities above; the time stamps need a trial and a stamp.
    assert_eq!(["ocsp", "crl", "tsa"].map(|kind| authority.asked(kind)), [1, 2, 2]);
    office.run(&[&SEAL[..], &["--level", "b-lta"]].concat()).expect(0);
    let second = kept(&office, "second.pdf");
    let report = verdict(&office, &second, None);
    assert_eq!(levels(&report), [Some("B-LTA"), Some("B-LTA"), None], "{report}");
    is_archival(&second);
    // What the first signature brought is not asked for or embedded again.
    assert_eq!(["ocsp", "crl"].map(|kind| authority.asked(kind)), [2, 2]);
    assert!(fs::metadata(&first).unwrap().len() < built as u64 + 25_000);
    pyhanko_agrees(&authority, &second);
    // A third party sees the archive time stamp too, over the whole file.
    let folder = crate::evidence::evidence(&office, "stamped");
    let root = authority.path("root.pem");
    let judged = crate::evidence::judged(&folder, root.to_str().unwrap(), None);
    if let Some((good, text)) = judged {
        assert!(good && text.contains("openssl and pdfsig: time stamp 2"), "{text}");
    }
    authority.mode("away");
    let later = verdict(&office, &second, Some("2036-11-01T00:00:00Z"));
    assert_eq!(later["verdict"], "valid", "{later}");
    let later = verdict(&office, &first, Some("2036-11-01T00:00:00Z"));
    assert_eq!(later["verdict"], "indeterminate", "{later}");
    assert_eq!(later["signatures"][0]["sub_indication"], "REVOCATION_OUT_OF_BOUNDS_NO_POE");
}

#[test]
fn a_file_is_raised_level_by_level_and_its_archive_renewed() {
    let Some(authority) = Authority::start() else { return };
    let office = authority.office();
    office.built("scan_0001.jpg");
    both(&office);
    for (level, wanted) in [("b-t", "B-T"), ("b-lt", "B-LT"), ("b-lta", "B-LTA"), ("b-lta", "B-LTA")] {
        let before = office.latest("D-000001");
        office.run(&["sign", "--upgrade", level, "D-000001"]).expect(0);
        let after = office.latest("D-000001");
        assert!(after.len() > before.len() && after.starts_with(&before), "{level}");
        let file = kept(&office, "raised.pdf");
        is_archival(&file);
        let report = verdict(&office, &file, None);
        assert_eq!(report["verdict"], "valid", "{level}: {report}");
        let ours: Vec<_> = levels(&report).into_iter().flatten().collect();
        assert_eq!(ours, [wanted, wanted], "{level}: {report}");
    }
    assert_eq!(shown(&office)["state"], "sealed");
    // Nothing is due: it stands for years, and `--all` leaves it alone.
    let before = office.latest("D-000001");
    office.run(&["sign", "--upgrade", "b-lta", "--all"]).expect(0);
    assert_eq!(office.latest("D-000001"), before);
    pyhanko_agrees(&authority, &kept(&office, "renewed.pdf"));
}

#[test]
fn a_signature_of_another_form_gets_the_same_proofs_once() {
    let Some(authority) = Authority::start() else { return };
    let office = authority.office();
    let at = |name: &str| office.root.join(name);
    let scan = Path::new(env!("CARGO_MANIFEST_DIR")).join("scans/scan_0001.jpg");
    office
        .run(&["convert", scan.to_str().unwrap(), "--no-ocr", "-o", at("letter.pdf").to_str().unwrap()])
        .expect(0);
    let mut pyhanko = Command::new(python().unwrap());
    pyhanko.args(["-m", "pyhanko", "sign", "addsig", "--field", "S", "pkcs12", "--passfile"]);
    pyhanko.args([authority.path("pin"), at("letter.pdf"), at("adbe.pdf"), authority.path("person.p12")]);
    let signed = pyhanko.output().unwrap();
    assert!(signed.status.success(), "{}", String::from_utf8_lossy(&signed.stderr));
    let mut file = at("adbe.pdf");
    let mut sizes = Vec::new();
    for (turn, level) in ["b-t", "b-t", "b-lt", "b-lt"].into_iter().enumerate() {
        let folder = at(&format!("raised-{turn}"));
        let (from, to) = (file.to_str().unwrap(), folder.to_str().unwrap());
        office.run(&["sign", "--upgrade", level, from, "-o", to]).expect(0);
        file = folder.join("adbe.pdf");
        sizes.push(fs::metadata(&file).unwrap().len());
    }
    assert!(sizes[0] == sizes[1] && sizes[1] < sizes[2] && sizes[2] == sizes[3], "{sizes:?}");
    let report = verdict(&office, &file, None);
    assert_eq!(
        (&report["verdict"], &report["signatures"][0]["owed"]),
        (&json!("valid"), &json!([])),
        "{report}"
    );
}

/// An office whose profile signs at B-LT and delivers nothing that owes a proof.
fn careful(authority: &Authority) -> Office {
    let office = authority.office();
    office.change_profile("level = \"b-b\"", "level = \"b-lt\"");
    office.change_profile("deliver_requires = \"provisional\"", "deliver_requires = \"valid\"");
    office.built("scan_0001.jpg");
    authority.mode("away");
    both(&office);
    assert_eq!(shown(&office)["owed"], json!(["revocation", "timestamp"]));
    office
}

#[test]
fn what_is_owed_is_settled_before_delivery() {
    let Some(authority) = Authority::start() else { return };
    let office = careful(&authority);
    office.run(&["upload"]).expect(0);
    assert_eq!(shown(&office)["state"], "sealed");
    let away = office.run(&["sign", "--complete", "--all"]).expect(9);
    assert!(away.errors().contains(&"level_not_reached".to_owned()), "{}", away.stdout);
    let (file, raised) = (kept(&office, "owing.pdf"), office.root.join("raised"));
    let (file, folder) = (file.to_str().unwrap(), raised.to_str().unwrap());
    let away = office.run(&["sign", "--upgrade", "b-lta", file, "-o", folder]).expect(9);
    assert!(away.errors().contains(&"level_not_reached".to_owned()), "{}", away.stdout);
    assert_eq!(std::fs::read_dir(&raised).unwrap().count(), 0, "a copy that is no B-LTA");
    authority.mode("ok");
    office.run(&["sign", "--upgrade", "b-lta", file, "-o", folder]).expect(0);
    office.run(&["sign", "--complete", "--all"]).expect(0);
    let document = shown(&office);
    assert_eq!(document["owed"], json!([]), "{document}");
    assert_eq!(document["signatures"][0]["timestamp"], "document");
    assert_eq!(document["signatures"][0]["level"], "B-LT");
    office.run(&["upload"]).expect(0);
    assert_eq!(shown(&office)["state"], "delivered");
    pyhanko_agrees(&authority, &kept(&office, "settled.pdf"));
}

#[test]
fn who_watches_settles_what_is_owed_and_delivers_then() {
    let Some(authority) = Authority::start() else { return };
    let office = careful(&authority);
    assert_eq!(office.run(&["status"]).expect(0).events("summary")[0]["owed"], 1);
    let examined = super::support::scanseal(&office.root, &["doctor"]);
    assert!(examined.stdout.contains("owe a proof of time or revocation: 1"), "{}", examined.stdout);
    let mut watching = super::support::command(&office.root, &["upload", "--watch", "--json"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_secs(3));
    assert!(watching.try_wait().unwrap().is_none(), "something is still owed");
    authority.mode("ok");
    let begun = Instant::now();
    while watching.try_wait().unwrap().is_none() {
        assert!(begun.elapsed() < Duration::from_secs(120), "{}", shown(&office));
        std::thread::sleep(Duration::from_millis(200));
    }
    let document = shown(&office);
    assert_eq!((&document["state"], &document["owed"]), (&json!("delivered"), &json!([])), "{document}");
}

#[test]
fn a_verdict_asks_the_services_only_where_the_station_says_so() {
    let Some(authority) = Authority::start() else { return };
    let office = authority.office();
    office.change_profile("level = \"b-b\"", "level = \"b-t\"");
    office.built("scan_0001.jpg");
    both(&office);
    let file = kept(&office, "asked.pdf");
    let before = (authority.asked("ocsp"), authority.asked("crl"));
    let report = verdict(&office, &file, None);
    assert_eq!(report["signatures"][0]["revocation"], "unknown", "{report}");
    assert_eq!((authority.asked("ocsp"), authority.asked("crl")), before, "nobody was asked");
    let station = office.root.join("scanseal.toml");
    let text = fs::read_to_string(&station).unwrap();
    fs::write(&station, format!("{text}\n[verify]\nfetch = true\n")).unwrap();
    let report = verdict(&office, &file, None);
    assert_eq!(
        (&report["verdict"], &report["signatures"][0]["revocation"]),
        (&json!("valid"), &json!("good")),
        "{report}"
    );
    assert!((authority.asked("ocsp"), authority.asked("crl")) > before);
    authority.mode("revoked");
    let report = verdict(&office, &file, None);
    assert_eq!(report["signatures"][0]["revocation"], "revoked", "{report}");
}

#[test]
fn the_end_of_an_archive_time_stamp_is_told_a_year_before() {
    let Some(authority) = Authority::start_with(&["soon"]) else { return };
    let office = authority.office();
    office.built("scan_0001.jpg");
    both(&office);
    office.run(&["sign", "--upgrade", "b-lta", "--all"]).expect(0);
    let status = office.run(&["status"]).expect(0).events("summary").remove(0);
    assert_eq!(status["archive"]["ending"], 1, "{status}");
    let examined = super::support::scanseal(&office.root, &["doctor"]);
    assert!(examined.stdout.contains("Archive time stamps end within a year"), "{}", examined.stdout);
}

#[test]
fn a_revocation_that_is_found_later_holds_the_document_until_the_clerk_has_looked() {
    let Some(authority) = Authority::start() else { return };
    let office = careful(&authority);
    authority.mode("revoked");
    let run = office.run(&["sign", "--complete", "--all"]).expect(5);
    assert!(run.errors().contains(&"signature_revoked".to_owned()), "{}", run.stdout);
    let document = shown(&office);
    assert_eq!((&document["state"], &document["waiting_for"]), (&json!("sealed"), &json!("clerk")));
    assert_eq!(document["findings"].as_array().unwrap().last().unwrap()["code"], "signature_revoked");
    office.run(&["upload"]);
    assert_eq!(shown(&office)["state"], "sealed");
    office.run(&["edit", "D-000001", "accept=signature_revoked"]).expect(2);
    office.run(&["edit", "D-000001", "accept=signature_revoked:the paper was signed before"]).expect(0);
    assert_ne!(shown(&office)["waiting_for"], "clerk");
    office.run(&["journal", "check"]).expect(0);
}

#[test]
fn a_revoked_key_signs_nothing() {
    let Some(authority) = Authority::start() else { return };
    let office = authority.office();
    office.built("scan_0001.jpg");
    authority.mode("revoked");
    let run = office.run(&[&PERSONAL[..], &["--level", "b-lt"]].concat()).expect(6);
    assert_eq!(run.errors(), ["signer_revoked"]);
    assert_eq!(shown(&office)["state"], "built");
}

#[test]
fn an_archived_document_is_signed_again_once_and_delivered_again() {
    let Some(authority) = Authority::start() else { return };
    let office = authority.office();
    office.built("scan_0001.jpg");
    both(&office);
    office.run(&["upload"]).expect(0);
    assert_eq!(shown(&office)["state"], "delivered");
    let archived = office.latest("D-000001");
    let key = authority.uri("renewed");
    let again = ["sign", "--resign", "--reason", "The certificate was renewed", "--key", &key, "--all"];
    assert_eq!(office.run(&["sign", "--resign", "--key", &key, "--all"]).code, 2);
    office.run(&[&again[..], &["--level", "b-lt"]].concat()).expect(0);
    let signed = office.latest("D-000001");
    assert!(signed.starts_with(&archived) && signed.len() > archived.len());
    let document = shown(&office);
    assert_eq!(document["state"], "sealed");
    let roles: Vec<_> =
        document["signatures"].as_array().unwrap().iter().map(|s| s["role"].clone()).collect();
    assert_eq!(roles, ["personal", "organization", "organization"]);
    assert_eq!(document["signatures"][2]["signer"], "Test organization renewed");
    office.run(&[&again[..], &["--level", "b-lt"]].concat()).expect(0);
    assert_eq!(office.latest("D-000001"), signed, "once for one reason and key");
    office.run(&["upload"]).expect(0);
    let document = shown(&office);
    assert_eq!(document["state"], "delivered");
    assert_eq!(document["receipts"].as_array().unwrap().len(), 2, "{document}");
    assert_eq!(fs::read_dir(&office.destination).unwrap().count(), 2);
    is_archival(&kept(&office, "again.pdf"));
}

fn pyhanko_agrees(authority: &Authority, file: &Path) {
    let Some(pyhanko) = std::env::var_os("SCANSEAL_TEST_PYHANKO") else { return };
    let root = authority.path("root.pem");
    let trust = ["--trust", root.to_str().unwrap(), "--no-strict-syntax"];
    let arguments = [&["sign", "validate", "--pretty-print"][..], &trust, &[file.to_str().unwrap()]].concat();
    let (good, said) = other(pyhanko.to_str().unwrap(), &arguments).unwrap();
    assert!(good, "{said}");
}

#[test]
fn proofs_that_nobody_asks_for_and_no_service_gives_are_not_asked_for_again_and_again() {
    let office = Office::with_files("eidas");
    office.built("scan_0001.jpg");
    office.run(&["sign", "--role", "personal", "--all", "--unseen", "test"]).expect(0);
    office.run(&["sign", "--role", "organization", "--all"]).expect(0);
    let owed = || office.run(&["status"]).expect(0).events("summary")[0]["owed"].clone();
    assert_eq!((shown(&office)["owed"].clone(), owed()), (json!(["revocation", "timestamp"]), json!(0)));
    let run = office.run(&["sign", "--complete", "--all"]).expect(9);
    assert_eq!(run.errors(), ["proof_no_service"]);
    office.change_profile("deliver_requires = \"provisional\"", "deliver_requires = \"valid\"");
    assert_eq!(owed(), 1, "the profile asks for them now");
}

//! Delivery to storage, an SSH server, mailboxes and a document system: real servers of each kind, and for the document system a
//! double by its documented interface (tests/servers/destinations.py).

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use scanseal::document::Sha256;
use serde_json::Value;

use crate::delivery::Line;
use crate::kill::write_scans;
use crate::webdav::{Helper, Station, written};

pub struct Servers {
    _helper: Helper,
    folder: tempfile::TempDir,
    ports: Value,
}

impl Servers {
    pub fn start() -> Option<Self> {
        std::env::var_os("SCANSEAL_TEST_PYTHON")?;
        let folder = tempfile::tempdir().unwrap();
        let helper = Helper::start("destinations.py", &[folder.path().to_str().unwrap()]);
        let ports = serde_json::from_str(&written(&folder.path().join("servers.json"))).unwrap();
        let servers = Self { _helper: helper, folder, ports };
        servers.secret("token", "t\n");
        servers.secret("password", "p\n");
        servers.secret("s3-secret", "s\n");
        Some(servers)
    }

    fn secret(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
        fs::set_permissions(self.folder.path().join(name), fs::Permissions::from_mode(0o600)).unwrap();
    }

    pub fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn mode(&self, server: &str, mode: &str) {
        fs::write(self.folder.path().join(format!("{server}-mode")), mode).unwrap();
    }

    /// The port of a server.
    pub fn port(&self, kind: &str) -> u64 {
        self.ports[kind].as_u64().unwrap()
    }

    fn lines(&self, kind: &str) -> String {
        let port = &self.ports[match kind {
            "http" => "paperless",
            "email" => "smtp",
            other => other,
        }];
        self.lines_at(kind, &port.to_string())
    }

    /// By a line to the server.
    fn lines_at(&self, kind: &str, port: &str) -> String {
        let rest = match kind {
            "s3" => format!(
                "url = \"http://127.0.0.1:{port}\"\nbucket = \"sealed\"\npath = \"2026/outage\"\nuser = \"k\"\npassword_file = \"{}\"",
                self.path("s3-secret")
            ),
            "sftp" => format!(
                "url = \"sftp://127.0.0.1:{port}\"\nuser = \"{}\"\nkey_file = \"{}\"\nknown_hosts = \"{}\"\npath = \"{}\"",
                std::env::var("USER").unwrap_or_else(|_| "root".to_owned()),
                self.path("client.key"),
                self.path("known_hosts"),
                self.path("sftp")
            ),
            "email" => format!(
                "url = \"smtp://127.0.0.1:{port}\"\nfrom = \"Văn thư <clerk@office.example>\"\nto = [\"inbox@office.example\"]\n\
                 user = \"u\"\npassword_file = \"{}\"",
                self.path("password")
            ),
            "system" => {
                let recipe = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/servers/system.toml");
                format!("url = \"http://127.0.0.1:{port}\"\nrecipe = {recipe:?}")
            }
            _ => format!(
                "url = \"http://127.0.0.1:{port}\"\nrecipe = \"paperless\"\ntoken_file = \"{}\"",
                self.path("token")
            ),
        };
        let kind = if kind == "system" { "http" } else { kind };
        format!("kind = \"{kind}\"\n{rest}")
    }

    /// Digests of what lies at a server.
    fn digests(&self, kind: &str) -> Vec<String> {
        if kind == "s3" { self.stored() } else { digests(Path::new(&self.path(kind))) }
    }

    /// Digests of what lies in the storage, asked of the server itself.
    fn stored(&self) -> Vec<String> {
        let url = format!("http://127.0.0.1:{}/sealed", self.port("s3"));
        // It wants to be signed to, and does not look at the signature.
        let get = |url: &str| ureq::get(url).header("Authorization", "AWS k:s").call().unwrap();
        let list = get(&format!("{url}?list-type=2")).body_mut().read_to_string().unwrap();
        let keys = list.split("<Key>").skip(1).map(|rest| rest.split('<').next().unwrap());
        let mut all: Vec<String> = keys
            .map(|key| Sha256::of(&get(&format!("{url}/{key}")).body_mut().read_to_vec().unwrap()).0)
            .collect();
        all.sort();
        all
    }

    /// What one of the doubles has written down.
    fn told(&self, name: &str) -> Vec<String> {
        let file = fs::read_to_string(self.folder.path().join(name)).unwrap_or("[]".to_owned());
        serde_json::from_str(&file).unwrap()
    }

    /// What the document system holds.
    fn held(&self) -> Vec<Value> {
        let file = fs::read_to_string(self.folder.path().join("paperless.json")).unwrap_or("[]".to_owned());
        serde_json::from_str(&file).unwrap()
    }
}

/// Receipts of an outage's documents, all of which are delivered.
pub fn receipts(station: &Station, outage: &str) -> Vec<Value> {
    let list = station.run(&["list", "--outage", outage]).expect(0).events("document");
    list.iter()
        .map(|document| {
            assert_eq!(document["state"], "delivered", "{document}");
            assert_eq!(document["receipts"].as_array().unwrap().len(), 1, "{document}");
            document["receipts"][0].clone()
        })
        .collect()
}

fn digests(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut all: Vec<String> = files.map(|p| Sha256::of(&fs::read(p).unwrap()).0).collect();
    all.sort();
    all
}

fn sorted(receipts: &[Value]) -> Vec<String> {
    let mut all: Vec<String> = receipts.iter().map(|r| r["sha256"].as_str().unwrap().to_owned()).collect();
    all.sort();
    all
}

#[test]
fn documents_arrive_in_storage_and_on_an_ssh_server_and_are_proven() {
    let Some(servers) = Servers::start() else { return };
    for kind in ["s3", "sftp"] {
        let station = Station::new(&servers.lines(kind));
        write_scans(&station.path().join("in"), 6);
        station.recover("in", "DRILL-1").expect(0);
        let receipts = receipts(&station, "DRILL-1");
        assert_eq!(receipts.len(), 6);
        assert!(receipts.iter().all(|r| r["proof"] == "proven"), "{receipts:?}");
        station.run(&["doctor"]).expect(0);
        assert_eq!(servers.digests(kind), sorted(&receipts), "{kind}: nothing of the probe is left");
        station.forget(false);
        station.run(&["upload"]).expect(0);
        assert_eq!(servers.digests(kind), sorted(&receipts), "{kind}: again");
    }
}

/// Storage: the answer is cut off after the file was stored. An SSH server: the line is cut at every place of the way back.
#[test]
fn an_answer_that_is_cut_off_makes_no_second_copy() {
    let Some(servers) = Servers::start() else { return };
    for kind in ["s3", "sftp"] {
        let line = Line::to(servers.port(kind));
        let known = fs::read_to_string(servers.path("known_hosts")).unwrap();
        let here = known.replace(&format!(":{} ", servers.port("sftp")), &format!(":{} ", line.port()));
        fs::write(servers.path("known_hosts"), known + &here).unwrap();
        line.is("ok");
        let station = Station::new(&servers.lines_at(kind, line.port()));
        write_scans(&station.path().join("in"), 4);
        let cuts: Vec<String> = match kind {
            "s3" => vec!["lose PUT".to_owned(); 2],
            _ => (1..=32).map(|n| format!("cut_down {}", n * 250)).collect(),
        };
        line.is(&cuts[0]);
        station.recover("in", "DRILL-1").expect(7);
        for cut in &cuts[1..] {
            line.is(cut);
            station.run(&["upload"]);
        }
        if kind == "s3" {
            assert!(!servers.stored().is_empty(), "nothing was stored before the line was cut");
        }
        line.is("ok");
        station.run(&["upload"]).expect(0);
        let receipts = receipts(&station, "DRILL-1");
        assert_eq!((receipts.len(), servers.digests(kind)), (4, sorted(&receipts)), "{kind}");
    }
}

#[test]
fn other_bytes_under_the_name_are_never_overwritten() {
    let Some(servers) = Servers::start() else { return };
    let station = Station::new(&servers.lines("sftp"));
    write_scans(&station.path().join("in"), 1);
    fs::write(Path::new(&servers.path("sftp")).join("D-000002.pdf"), "theirs").unwrap();
    assert_eq!(station.recover("in", "DRILL-1").expect(3).errors(), ["destination_conflict"]);
    assert_eq!(fs::read(Path::new(&servers.path("sftp")).join("D-000002.pdf")).unwrap(), b"theirs");
    // A folder under the name of a copy keeps that one back, and no other.
    write_scans(&station.path().join("more"), 2);
    fs::create_dir(Path::new(&servers.path("sftp")).join("D-000003.pdf")).unwrap();
    let more = station.recover("more", "DRILL-2").expect(3);
    assert_eq!(more.errors(), ["destination_conflict"]);
    assert!(Path::new(&servers.path("sftp")).join("D-000004.pdf").is_file());
}

#[test]
fn a_server_that_is_not_known_gets_nothing() {
    let Some(servers) = Servers::start() else { return };
    let lines = servers.lines("sftp");
    fs::write(servers.path("known_hosts"), "").unwrap();
    let station = Station::new(&lines);
    write_scans(&station.path().join("in"), 1);
    let refused = station.recover("in", "DRILL-1").expect(3);
    assert_eq!(refused.errors(), ["destination_host_key"]);
    assert!(refused.stdout.contains("no key of it stands in"), "{}", refused.stdout);
    // Known by another key: the client's own stands for it here.
    let client = fs::read_to_string(servers.path("client.key.pub")).unwrap();
    let other: Vec<&str> = client.split_whitespace().take(2).collect();
    let line = format!("[127.0.0.1]:{} {}\n", servers.port("sftp"), other.join(" "));
    fs::write(servers.path("known_hosts"), line).unwrap();
    let refused = station.run(&["upload"]).expect(4);
    assert_eq!(refused.errors(), ["destination_host_key"]);
    assert!(refused.stdout.contains("known_hosts knows it by another key"), "{}", refused.stdout);
    assert!(digests(Path::new(&servers.path("sftp"))).is_empty());
    fs::write(servers.path("client.key"), "no key").unwrap();
    assert_eq!(station.run(&["upload"]).expect(4).errors(), ["key_file_unreadable"]);
}

#[test]
fn a_relay_takes_the_message_and_that_is_all_that_is_said() {
    let Some(servers) = Servers::start() else { return };
    let station = Station::new(&servers.lines("email"));
    write_scans(&station.path().join("in"), 1);
    servers.mode("smtp", "defer");
    assert_eq!(station.recover("in", "DRILL-1").expect(7).errors(), ["destination_away"]);
    servers.mode("smtp", "full");
    assert_eq!(station.run(&["upload"]).expect(4).errors(), ["destination_refused"]);
    // Kept by the relay, and the line is cut: the same message again, by its Message-ID.
    servers.mode("smtp", "drop");
    station.run(&["upload"]).expect(7);
    servers.mode("smtp", "ok");
    station.run(&["upload"]).expect(0);
    let receipts = receipts(&station, "DRILL-1");
    assert_eq!(receipts[0]["proof"], "accepted");
    let mails: Vec<String> = fs::read_dir(servers.path("mail"))
        .unwrap()
        .map(|file| String::from_utf8(fs::read(file.unwrap().path()).unwrap()).unwrap())
        .collect();
    let id = format!("Message-ID: <{}@office.example>", receipts[0]["sha256"].as_str().unwrap());
    assert_eq!(mails.iter().filter(|mail| mail.contains(&id)).count(), mails.len());
    assert_eq!(mails.len(), 2);
    assert!(mails[0].contains("application/pdf"), "{}", &mails[0][..2000]);
}

#[test]
fn a_document_system_proves_what_it_keeps() {
    let Some(servers) = Servers::start() else { return };
    let station = Station::new(&servers.lines("http"));
    write_scans(&station.path().join("in"), 3);
    station.recover("in", "DRILL-1").expect(0);
    let first = receipts(&station, "DRILL-1");
    assert_eq!(first.len(), 3);
    assert!(first.iter().all(|r| r["remote_id"].as_str().unwrap().starts_with("Paperless-ngx ")));
    assert_eq!(servers.held().len(), 3);
    station.run(&["doctor"]).expect(0);

    // The answer is lost after the file was stored: found by its digest, not sent again.
    for (round, mode) in ["lost", "lost strict"].iter().enumerate() {
        let (input, outage) = (format!("in-{round}"), format!("DRILL-{}", round + 2));
        write_scans(&station.path().join(&input), 2);
        servers.mode("paperless", mode);
        station.recover(&input, &outage).expect(7);
        servers.mode("paperless", mode.trim_start_matches("lost").trim());
        station.run(&["upload"]).expect(0);
        assert_eq!(receipts(&station, &outage).len(), 2, "{mode}");
        assert_eq!(servers.held().len(), 3 + 2 * (round + 1), "{mode}");
    }
    // A search that does not compare proves neither that a file is there nor that it is not.
    write_scans(&station.path().join("last"), 1);
    servers.mode("paperless", "unfiltered");
    let odd = station.recover("last", "DRILL-9").expect(3);
    assert_eq!(odd.errors(), ["destination_unexpected"]);
    assert!(
        odd.stdout.contains("asked for one file by its SHA-256, it also named other files"),
        "{}",
        odd.stdout
    );
    assert_eq!(servers.held().len(), 7);
    servers.mode("paperless", "ok");
    station.run(&["upload"]).expect(0);
    assert_eq!((receipts(&station, "DRILL-9").len(), servers.held().len()), (1, 8));
}

#[test]
fn a_system_that_is_not_done_does_not_count_and_gets_no_second_copy() {
    let Some(servers) = Servers::start() else { return };
    let station = Station::new(&servers.lines("http"));
    write_scans(&station.path().join("in"), 1);
    servers.mode("paperless", "slow");
    assert_eq!(station.recover("in", "DRILL-1").expect(7).errors(), ["destination_underway"]);
    let list = station.run(&["list", "--outage", "DRILL-1"]).expect(0).events("document");
    assert_eq!(list[0]["state"], "sent");
    let status = station.run(&["status"]).expect(0).events("summary");
    let status = &status[0];
    assert_eq!(status["destinations"][0]["sent"], 1, "{status}");
    servers.mode("paperless", "ok");
    station.run(&["upload"]).expect(0);
    assert_eq!((receipts(&station, "DRILL-1").len(), servers.held().len()), (1, 1));
}

#[test]
fn a_system_that_refuses_or_changes_files_is_named() {
    let Some(servers) = Servers::start() else { return };
    let station = Station::new(&servers.lines("http"));
    for (round, (mode, codes, exit)) in [
        ("refuses", &["destination_refused"][..], 3),
        // The first one is asked for again, and given again by nobody but a person.
        ("rewrites", &["destination_refused", "destination_rewrites"], 3),
        ("page", &["destination_away"], 7),
    ]
    .iter()
    .enumerate()
    {
        let (input, outage) = (format!("in-{round}"), format!("DRILL-{}", round + 1));
        write_scans(&station.path().join(&input), 1);
        servers.mode("paperless", mode);
        assert_eq!(station.recover(&input, &outage).expect(*exit).errors(), *codes, "{mode}");
    }
    fs::write(servers.path("token"), "wrong\n").unwrap();
    servers.mode("paperless", "ok");
    let refused = station.run(&["upload"]);
    assert_eq!(refused.errors(), ["destination_login"]);
}

/// Whatever a system makes of what it was given: it gets a second copy when a person has looked there, and never otherwise.
#[test]
fn what_a_system_forgets_changes_or_hides_is_never_sent_again_by_itself() {
    let Some(servers) = Servers::start() else { return };
    let station = Station::new(&servers.lines("system"));
    let mut given = 0;
    for (round, (mode, code)) in [
        ("forgets lags", "destination_forgot"),
        ("numberless lags", "destination_forgot"),
        ("away", "destination_forgot"),
        ("twice lags", "destination_refused"),
    ]
    .iter()
    .enumerate()
    {
        let (input, outage) = (format!("in-{round}"), format!("DRILL-{}", round + 1));
        write_scans(&station.path().join(&input), 1);
        servers.mode("system", mode);
        assert_eq!(station.recover(&input, &outage).expect(3).errors(), [*code], "{mode}");
        given += 1;
        assert_eq!(servers.told("system.json").len(), given, "{mode}");
        // A watching run that is started again is no person.
        let watch = station.run(&["upload", "--watch"]);
        assert_eq!(watch.expect(4).errors(), [*code], "{mode}");
        assert_eq!(servers.told("system.json").len(), given, "{mode}: by itself");
        if *mode == "forgets lags" {
            // A person has looked and wants it to go: once more, and only because the search still finds nothing.
            assert_eq!(station.run(&["upload"]).expect(4).errors(), [*code]);
            given += 1;
            // They wanted it once.
            assert_eq!(station.run(&["upload", "--watch"]).expect(4).errors(), [*code]);
        }
        assert_eq!(servers.told("system.json").len(), given, "{mode}: by hand");
        servers.mode("system", "ok");
        station.run(&["upload"]).expect(0);
        assert_eq!(
            (receipts(&station, &outage).len(), servers.told("system.json").len()),
            (1, given),
            "{mode}"
        );
    }
    // Hits without a number are not nothing.
    write_scans(&station.path().join("last"), 1);
    servers.mode("system", "nameless");
    station.recover("last", "DRILL-9").expect(0);
    station.forget(true);
    let odd = station.run(&["upload"]).expect(4);
    assert_eq!(odd.errors(), ["destination_unexpected"]);
    assert!(odd.stdout.contains("gave no number for it"), "{}", odd.stdout);
    assert_eq!(servers.told("system.json").len(), given + 1);
}

#[test]
fn a_system_that_changes_files_gets_no_further_ones() {
    let Some(servers) = Servers::start() else { return };
    let station = Station::new(&servers.lines("system"));
    write_scans(&station.path().join("in"), 4);
    servers.mode("system", "rewrites");
    assert_eq!(station.recover("in", "DRILL-1").expect(3).errors(), ["destination_rewrites"]);
    let status = station.run(&["status"]).expect(0).events("summary").remove(0)["destinations"][0].clone();
    assert_eq!(
        (&status["state"], &status["queued"], &status["dead"]),
        (&"blocked".into(), &3.into(), &1.into())
    );
    // Mended: the others go, the changed one is told until somebody removes it there.
    servers.mode("system", "ok");
    assert_eq!(station.run(&["upload"]).expect(3).errors(), ["destination_rewrites"]);
    assert_eq!(servers.told("system.json").len(), 4);
    servers.mode("system", "removed");
    station.run(&["upload"]).expect(0);
    assert_eq!((receipts(&station, "DRILL-1").len(), servers.told("system.json").len()), (4, 5));
}

#[test]
fn a_key_that_may_not_list_is_enough() {
    let Some(servers) = Servers::start() else { return };
    let port = servers.port("narrow").to_string();
    let station = Station::new(&servers.lines_at("s3", &port));
    write_scans(&station.path().join("in"), 2);
    station.recover("in", "DRILL-1").expect(0);
    assert_eq!(receipts(&station, "DRILL-1").len(), 2);
    assert_eq!(servers.told("narrow.json").len(), 2);
}

#[test]
fn a_mailbox_that_a_relay_does_not_know_keeps_the_documents_queued() {
    let Some(servers) = Servers::start() else { return };
    let station = Station::new(&servers.lines("email"));
    write_scans(&station.path().join("in"), 2);
    servers.mode("smtp", "receiver");
    let refused = station.recover("in", "DRILL-1").expect(3);
    assert_eq!(refused.errors(), ["destination_mailbox"]);
    let told = &refused.stdout;
    assert!(told.contains("inbox@office.example") && told.contains("no such user here"), "{told}");
    servers.mode("smtp", "sender");
    let refused = station.run(&["upload"]).expect(4);
    assert_eq!(refused.errors(), ["destination_mailbox"]);
    assert!(refused.stdout.contains("clerk@office.example"), "{}", refused.stdout);
    let status = station.run(&["status"]).expect(0).events("summary").remove(0)["destinations"][0].clone();
    assert_eq!((&status["queued"], &status["dead"]), (&2.into(), &0.into()), "{status}");
    servers.mode("smtp", "ok");
    station.run(&["upload"]).expect(0);
    assert_eq!(fs::read_dir(servers.path("mail")).unwrap().count(), 2);
}

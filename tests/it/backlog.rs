//! Senders over a backlog: a document that fails alone, a rate that several processes share, one destination away beside another, and
//! records that move to a server under a sender that waits.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::delivery::Line;
use crate::kill::write_scans;
use crate::postgres::Postgres;
use crate::webdav::{Servers, Station, there};

/// A station with so many sealed documents that are not queued yet.
fn sealed(lines: &str, documents: u32) -> Station {
    let station = Station::new(lines);
    // The first page is known already.
    write_scans(&station.path().join("more"), documents + 1);
    seal(&station, "more");
    station
}

fn seal(station: &Station, folder: &str) {
    let folder = station.path().join(folder);
    let scan = ["scan", folder.to_str().unwrap(), "--outage", "DRILL-0"];
    for arguments in [
        &scan[..],
        &["build"],
        &["sign", "--role", "personal", "--all", "--unseen", "drill"],
        &["sign", "--role", "organization", "--all"],
    ] {
        station.run(arguments).expect(0);
    }
}

fn url(line: &Line) -> String {
    format!("url = \"http://127.0.0.1:{}/\"\ntimeout_seconds = 2\n", line.port())
}

/// A sender that waits; ended with the test.
struct Watching(Child);

impl Watching {
    fn over(station: &Station) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_scanseal"))
            .current_dir(station.path().join("scanseal-drill"))
            .args(["upload", "--watch", "--json"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Self(child.unwrap())
    }

    /// Its exit code, when it ends by itself in time.
    fn ends(&mut self, within: Duration) -> Option<i32> {
        let begun = Instant::now();
        while begun.elapsed() < within {
            if let Some(status) = self.0.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        None
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn until(what: &str, within: Duration, mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < within, "{what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_document_that_fails_alone_keeps_no_other_one_back() {
    let Some(servers) = Servers::start() else { return };
    let line = Line::to(servers.port("basic"));
    let station = sealed(&url(&line), 5);
    line.is("spoil D-000002");
    let run = station.run(&["upload"]).expect(3);
    assert_eq!(run.events("receipt").len(), 4, "{:?}", run.errors());
    let told: Vec<_> =
        run.events("error").iter().map(|e| (e["document"].clone(), e["code"].clone())).collect();
    assert_eq!(told, [("D-000002".into(), "destination_stumbles".into())]);
    let shown = station.run(&["status"]).expect(0).events("summary")[0]["destinations"][0].clone();
    assert_eq!((&shown["state"], &shown["dead"]), (&"closed".into(), &1.into()), "{shown}");
    line.is("ok");
    assert_eq!(station.run(&["upload"]).expect(0).events("receipt").len(), 1);
    assert!(there(&servers.path("apache")).keys().all(|name| !name.starts_with('.')));
}

/// All of them fail although the server answers: it is in trouble, and nothing is held against a document.
#[test]
fn when_all_fail_it_is_the_destination() {
    let Some(servers) = Servers::start() else { return };
    let line = Line::to(servers.port("basic"));
    let station = sealed(&url(&line), 5);
    line.is("spoil MOVE");
    let run = station.run(&["upload"]).expect(7);
    assert_eq!(run.errors(), ["destination_away"]);
    let shown = station.run(&["status"]).expect(0).events("summary")[0]["destinations"][0].clone();
    assert_eq!((&shown["queued"], &shown["dead"]), (&5.into(), &0.into()), "{shown}");
    line.is("ok");
    assert_eq!(station.run(&["upload"]).expect(0).events("receipt").len(), 5);
}

#[test]
fn a_rate_holds_for_three_senders_together() {
    let Some(servers) = Servers::start() else { return };
    let line = Line::to(servers.port("basic"));
    let station = sealed(&format!("{}per_minute = 60\n", url(&line)), 20);
    line.is("ok");
    let begun = Instant::now();
    let senders: Vec<Watching> = (0..3).map(|_| Watching::over(&station)).collect();
    std::thread::sleep(Duration::from_secs(6));
    drop(senders);
    let (seconds, arrived) = (begun.elapsed().as_secs_f64(), there(&servers.path("apache")).len());
    assert!((2..=2 + seconds as usize).contains(&arrived), "{arrived} in {seconds:.1} s");
}

/// What is sealed while one destination is away goes to the other one, and what is left goes when it is back.
#[test]
fn a_destination_that_is_away_holds_up_no_other_one() {
    let Some(servers) = Servers::start() else { return };
    let line = Line::to(servers.port("basic"));
    let station = sealed(&url(&line), 2);
    let (root, folder) = (station.path().join("scanseal-drill"), station.path().join("copies"));
    fs::create_dir(&folder).unwrap();
    let mut lines = fs::read_to_string(root.join("scanseal.toml")).unwrap();
    lines.push_str(&format!(
        "\n[[destination]]\nname = \"copies\"\nkind = \"folder\"\ndrill = true\npath = \"{}\"\n",
        folder.display()
    ));
    fs::write(root.join("scanseal.toml"), lines).unwrap();
    let copies = || fs::read_dir(&folder).unwrap().count();
    line.is("refuse");
    let mut watching = Watching::over(&station);
    until("the first two are copied", Duration::from_secs(20), || copies() >= 2);
    let before = copies();
    write_scans(&station.path().join("late"), 4);
    // Three of its pages were scanned before.
    seal(&station, "late");
    until("what was sealed later is copied", Duration::from_secs(40), || copies() > before);
    line.is("ok");
    assert_eq!(watching.ends(Duration::from_secs(180)), Some(0));
    assert_eq!(there(&servers.path("apache")).len(), copies());
}

/// Nothing goes out, and nothing is written, by records that have gone elsewhere.
#[test]
fn records_that_move_stop_a_sender_that_waits() {
    let Some(server) = Postgres::get() else { return };
    let Some(servers) = Servers::start() else { return };
    let line = Line::to(servers.port("basic"));
    let station = sealed(&url(&line), 3);
    line.is("refuse");
    let mut watching = Watching::over(&station);
    std::thread::sleep(Duration::from_secs(2));
    let (database, password) = (server.database(), server.password(station.path()).display().to_string());
    station.run(&["store", "move", &database, "--password-file", &password]).expect(0);
    line.is("ok");
    assert_eq!(watching.ends(Duration::from_secs(60)), Some(8));
    assert_eq!(there(&servers.path("apache")).len(), 0);
    assert_eq!(station.run(&["upload"]).expect(0).events("receipt").len(), 3);
    station.run(&["journal", "check"]).expect(0);
}

/// As when the server is started anew in the night: nobody is there to start the sender again.
#[test]
fn a_sender_that_waits_outlives_its_database() {
    let Some(server) = Postgres::get() else { return };
    let Some(servers) = Servers::start() else { return };
    let line = Line::to(servers.port("basic"));
    let station = sealed(&url(&line), 3);
    let (database, password) = (server.database(), server.password(station.path()).display().to_string());
    station.run(&["store", "move", &database, "--password-file", &password]).expect(0);
    line.is("refuse");
    let mut watching = Watching::over(&station);
    std::thread::sleep(Duration::from_secs(2));
    server.crash();
    line.is("ok");
    until("they are delivered", Duration::from_secs(90), || there(&servers.path("apache")).len() == 3);
    assert_eq!(watching.ends(Duration::from_secs(1)), None, "it waits for what other machines seal");
}

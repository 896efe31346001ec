//! Delivery by several processes at once through a line that fails, with processes that are killed; and a day on which the system comes and goes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::kill::write_scans;
use crate::postgres::Postgres;
use crate::webdav::{Helper, Servers, Station, there, written};

/// Modes of the line, the good one among them.
const MODES: [&str; 9] =
    ["ok", "refuse", "ok", "cut_up 9000", "lost", "ok", "cut_down 900", "slow 400000", "cut_up 700"];

/// After so many kills the database server is stopped as by a power cut.
const CRASH: usize = 12;

/// A proxy whose mode can be changed.
struct Line {
    _proxy: Helper,
    folder: tempfile::TempDir,
    port: String,
}

impl Line {
    fn to(port: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (mode, file) = (folder.path().join("mode"), folder.path().join("port"));
        fs::write(&mode, "refuse").unwrap();
        let proxy = Helper::start(
            "fault_proxy.py",
            &[&port.to_string(), mode.to_str().unwrap(), file.to_str().unwrap()],
        );
        let port = written(&file);
        Self { _proxy: proxy, folder, port }
    }

    fn is(&self, mode: &str) {
        let file = self.folder.path().join("mode");
        fs::write(file.with_extension("new"), mode).unwrap();
        fs::rename(file.with_extension("new"), file).unwrap();
    }
}

fn worker(station: &Station) -> Child {
    Command::new(env!("CARGO_BIN_EXE_scanseal"))
        .current_dir(station.path().join("scanseal-drill"))
        .args(["upload", "--watch", "--json"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// A station with so many sealed documents whose destination is away.
fn waiting(line: &Line, documents: usize, more: &str) -> Station {
    let station =
        Station::new(&format!("url = \"http://127.0.0.1:{}/\"\ntimeout_seconds = 2\n{more}", line.port));
    write_scans(&station.path().join("in"), documents.try_into().unwrap());
    station.recover("in", "DRILL-1").expect(7);
    station
}

/// All there, once, equal, one receipt each, nothing left over, nothing stuck.
fn proven(station: &Station, folder: &str, documents: usize) {
    let delivered = station.delivered("DRILL-1");
    let there = there(folder);
    let left: Vec<&String> = there.keys().filter(|name| name.starts_with('.')).collect();
    assert_eq!((delivered.len(), left), (documents, Vec::new()));
    assert_eq!(delivered, there);
    for document in station.run(&["list", "--outage", "DRILL-1"]).expect(0).events("document") {
        assert_eq!(document["receipts"].as_array().unwrap().len(), 1, "{document}");
    }
    let status = station.run(&["status"]).expect(0).events("summary");
    assert_eq!(status[0]["destinations"][0]["queued"], 0, "{}", status[0]);
}

/// Three workers, killed at short intervals, through a line that changes its mind: a short form of it in every run, the long
/// one by `tests/run delivery`.
fn crash_loop(documents: usize, lasts: Duration, database: Option<&Postgres>) {
    let Some(servers) = Servers::start() else { return };
    let line = Line::to(servers.port("basic"));
    let station = waiting(&line, documents, "");
    if let Some(server) = database {
        let password = server.password(station.path()).display().to_string();
        station.run(&["store", "move", &server.database(), "--password-file", &password]).expect(0);
    }
    let mut workers: Vec<Child> = (0..3).map(|_| worker(&station)).collect();
    let (begun, mut kills, mut round) = (Instant::now(), 0, 0usize);
    while begun.elapsed() < lasts {
        line.is(MODES[round / 3 % MODES.len()]);
        std::thread::sleep(Duration::from_millis(500));
        let victim = round * 7 % workers.len();
        if workers[victim].try_wait().unwrap().is_none() {
            workers[victim].kill().unwrap();
            kills += 1;
        }
        workers[victim].wait().unwrap();
        workers[victim] = worker(&station);
        round += 1;
        if let Some(server) = database.filter(|_| round % CRASH == 0) {
            server.crash();
        }
    }
    for mut worker in workers {
        let _ = worker.kill();
        worker.wait().unwrap();
    }
    line.is("ok");
    station.run(&["upload"]).expect(0);
    proven(&station, &servers.path("apache"), documents);
    let engine = if database.is_some() { "PostgreSQL" } else { "SQLite" };
    println!(
        "{engine}: {documents} documents, three workers, {kills} kills in {:.0} s: all there once",
        lasts.as_secs_f64()
    );
}

#[test]
fn three_workers_that_are_killed_deliver_everything_once() {
    crash_loop(40, Duration::from_secs(15), None);
}

#[test]
fn three_workers_over_a_server_that_crashes_deliver_everything_once() {
    let Some(server) = Postgres::get() else { return };
    crash_loop(40, Duration::from_secs(15), Some(server));
}

#[test]
#[ignore = "minutes; run by tests/run delivery"]
fn three_workers_and_two_minutes_of_kills() {
    crash_loop(300, Duration::from_secs(120), None);
    crash_loop(300, Duration::from_secs(120), Postgres::get());
}

/// Down, a login page, 503 with Retry-After, up for a moment, down, up: nothing is burned, and all arrives in the end.
#[test]
fn a_day_of_flicker_burns_nothing() {
    let Some(servers) = Servers::start() else { return };
    let line = Line::to(servers.port("basic"));
    let station = waiting(&line, 12, "per_minute = 120");
    let mut watching = worker(&station);
    let began = Instant::now();
    let mut seen: Vec<(f64, String, Value)> = Vec::new();
    let mut look = |what: &str, station: &Station| {
        let status = station.run(&["status"]).expect(0).events("summary");
        let destination = status[0]["destinations"][0].clone();
        seen.push((began.elapsed().as_secs_f64(), what.to_owned(), destination.clone()));
        destination
    };
    for (mode, seconds) in
        [("refuse", 3), ("page", 3), ("busy 2", 4), ("ok", 2), ("refuse", 3), ("lost", 3), ("page", 2)]
    {
        line.is(mode);
        std::thread::sleep(Duration::from_secs(seconds));
        let state = look(mode, &station);
        assert_eq!(state["dead"], 0, "{state}");
    }
    let away = look("still away", &station);
    assert!(["open", "half_open"].contains(&away["state"].as_str().unwrap()), "{away}");
    assert!(away["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{away}");
    line.is("ok");
    let deadline = Instant::now() + Duration::from_secs(120);
    while watching.try_wait().unwrap().is_none() {
        assert!(Instant::now() < deadline, "{seen:#?}");
        std::thread::sleep(Duration::from_millis(200));
    }
    let end = look("up", &station);
    assert_eq!((&end["state"], &end["queued"]), (&Value::from("closed"), &Value::from(0)));
    proven(&station, &servers.path("apache"), 12);
    for (at, what, state) in &seen {
        println!(
            "{at:6.1} s {what:10} {} queued {} delivered {}",
            state["state"], state["queued"], state["delivered"]
        );
    }
}

/// Urgent ones first, then by deadline, whatever came in first.
#[test]
fn what_is_urgent_goes_first() {
    let Some(servers) = Servers::start() else { return };
    let line = Line::to(servers.port("basic"));
    let station = waiting(&line, 6, "parallel = 1");
    let list = station.run(&["list", "--outage", "DRILL-1"]).expect(0).events("document");
    assert_eq!(list.len(), 6);
    drop(list);
    // The queue was made when the documents were sealed, so their facts come with a manifest.
    let folder = station.path().join("ranked");
    write_scans(&folder, 4);
    let names: Vec<String> = file_names(&folder);
    let rows = [("", ""), ("2026-12-24", ""), ("2026-12-02", ""), ("", "Hỏa tốc")];
    let mut manifest = "file,due_date,urgency\n".to_owned();
    for (name, (due, urgency)) in names.iter().zip(rows) {
        manifest.push_str(&format!("{name},{due},{urgency}\n"));
    }
    fs::write(folder.join("manifest.csv"), manifest).unwrap();
    let manifest = folder.join("manifest.csv");
    let arguments =
        ["recover", "ranked", "--outage", "DRILL-2", "--drill", "--no-ocr", "--json", "--manifest"];
    let run =
        crate::support::scanseal(station.path(), &[&arguments[..], &[manifest.to_str().unwrap()]].concat());
    run.expect(7);
    line.is("ok");
    let sent = station.run(&["upload"]).expect(0).events("receipt");
    let order: Vec<&str> = sent.iter().map(|receipt| receipt["document"].as_str().unwrap()).collect();
    assert_eq!(order.len(), 10);
    assert_eq!(order[..3], ["D-000011", "D-000010", "D-000009"], "{order:?}");
}

fn file_names(folder: &Path) -> Vec<String> {
    let names: BTreeMap<String, ()> = fs::read_dir(folder)
        .unwrap()
        .map(|file| (file.unwrap().file_name().to_str().unwrap().to_owned(), ()))
        .collect();
    names.into_keys().collect()
}

//! Delivery by several processes at once through a line that fails, with processes that are killed; and a day on which the system comes and goes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use sqlx::{AnyConnection, Connection, Executor, Row};

use crate::kill::write_scans;
use crate::postgres::Postgres;
use crate::webdav::{Helper, Servers, Station, there, written};

/// Where the line of the crash loop is good, each request takes its time, so that documents are on their way whenever a sender is
/// killed or stopped.
const GOOD: &str = "delay 120";
/// What goes wrong on the line otherwise.
const BAD: [&str; 9] = [
    "lose PUT",
    "refuse",
    "lose MOVE",
    "cut_up 9000",
    "lost",
    "lose GET",
    "cut_down 900",
    "slow 400000",
    "cut_up 700",
];
/// Nothing is heard of what was done.
const HELD: &str = "hold GET";
/// Half seconds of the crash loop until it begins again with the next thing that goes wrong.
const ROUNDS: usize = 12;

/// After so many kills the database server is stopped as by a power cut.
const CRASH: usize = 12;

/// A proxy whose mode can be changed.
pub struct Line {
    _proxy: Helper,
    folder: tempfile::TempDir,
    port: String,
}

impl Line {
    pub fn to(port: u64) -> Self {
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

    pub fn port(&self) -> &str {
        &self.port
    }

    pub fn is(&self, mode: &str) {
        let file = self.folder.path().join("mode");
        fs::write(file.with_extension("new"), mode).unwrap();
        fs::rename(file.with_extension("new"), file).unwrap();
    }
}

fn worker(station: &Station) -> Child {
    sender(station, &["upload", "--watch", "--json"])
}

fn sender(station: &Station, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_scanseal"))
        .current_dir(station.path().join("scanseal-drill"))
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn signal(child: &Child, signal: Signal) {
    let id = Pid::from_raw(child.id().try_into().unwrap()).unwrap();
    kill_process(id, signal).unwrap();
}

/// A station with so many sealed documents whose destination is away.
fn waiting(line: &Line, documents: usize, more: &str) -> Station {
    let station =
        Station::new(&format!("url = \"http://127.0.0.1:{}/\"\ntimeout_seconds = 2\n{more}", line.port));
    write_scans(&station.path().join("in"), documents.try_into().unwrap());
    station.recover("in", "DRILL-1").expect(7);
    station
}

/// Documents that wait, with the servers and the records of their station.
struct Scene {
    servers: Servers,
    line: Line,
    station: Station,
    documents: usize,
    sql: String,
}

impl Scene {
    fn new(documents: usize, database: Option<&Postgres>) -> Option<Self> {
        let servers = Servers::start()?;
        let line = Line::to(servers.port("basic"));
        let station = waiting(&line, documents, "");
        let root = station.path().join("scanseal-drill");
        let sql = match database {
            None => format!("sqlite:{}", root.join("store.sqlite").display()),
            Some(server) => {
                let (database, password) =
                    (server.database(), server.password(station.path()).display().to_string());
                station.run(&["store", "move", &database, "--password-file", &password]).expect(0);
                database.replace("seal@", "seal:s@")
            }
        };
        Some(Self { servers, line, station, documents, sql })
    }

    fn ask<R>(&self, work: impl AsyncFnOnce(&mut AnyConnection) -> sqlx::Result<R>) -> R {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            sqlx::any::install_default_drivers();
            let mut connection = AnyConnection::connect(&self.sql).await.unwrap();
            work(&mut connection).await.unwrap()
        })
    }

    /// The time of every lease runs out, as it does for a machine that sleeps.
    fn expire(&self) {
        self.ask(async |c| c.execute("UPDATE job SET lease_until = 0 WHERE state = 'leased'").await);
    }

    /// A number that the records give.
    fn count(&self, sql: &'static str) -> i64 {
        self.ask(async |c| Ok(sqlx::query(sql).fetch_one(c).await?.get(0)))
    }

    /// Over the way of a proxy that takes the fences out of what is said to the database server.
    fn unfenced(&self) -> (Helper, String) {
        let file = self.station.path().join("scanseal-drill/scanseal.toml");
        let (text, ready) = (fs::read_to_string(&file).unwrap(), self.station.path().join("unfenced"));
        let port = self.sql.rsplit_once(':').unwrap().1.split('/').next().unwrap();
        let proxy = Helper::start("unfenced.py", &[port, ready.to_str().unwrap()]);
        let by_proxy = text.replace(&format!(":{port}/"), &format!(":{}/", written(&ready)));
        assert_ne!(by_proxy, text);
        fs::write(&file, by_proxy).unwrap();
        (proxy, text)
    }

    /// What is wrong in the end: all must be there, once, equal, with one receipt, one line of the register and one entry of the
    /// journal each, nothing left over, nothing stuck.
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut check = |good: bool, fault: String| {
            if !good {
                faults.push(fault)
            }
        };
        self.line.is("ok");
        let last = self.station.run(&["upload"]);
        check(last.code == 0, format!("the last upload ended with {}: {:?}", last.code, last.errors()));
        let there = there(&self.servers.path("apache"));
        let left = there.keys().filter(|name| name.starts_with('.')).count();
        check(left == 0, format!("{left} temporary files are left"));
        let held = there.len() - left;
        check(held == self.documents, format!("{held} files lie there"));
        for document in self.station.run(&["list", "--outage", "DRILL-1"]).events("document") {
            let (id, receipts) = (&document["document"], document["receipts"].as_array().unwrap());
            check(receipts.len() == 1, format!("{id} has {} receipts", receipts.len()));
            check(document["state"] == "delivered", format!("{id} is {}", document["state"]));
            for receipt in receipts {
                let found = there.get(receipt["remote_id"].as_str().unwrap());
                check(found.is_some_and(|f| receipt["sha256"] == f.as_str()), format!("{id} differs there"));
            }
        }
        for (what, sql) in [
            ("deliveries are not done", STILL_TO_GO),
            ("leases are left", "SELECT COUNT(*) FROM job WHERE lease IS NOT NULL"),
            ("documents are told twice by the journal", TOLD_TWICE),
            ("documents stand twice in the register", LISTED_TWICE),
        ] {
            let count = self.count(sql);
            check(count == 0, format!("{count} {what}"));
        }
        let journal = self.station.run(&["journal", "check"]);
        check(journal.code == 0, format!("the journal: {:?}", journal.errors()));
        faults
    }
}

const TOLD_TWICE: &str = "SELECT COUNT(*) FROM (SELECT document FROM journal WHERE event = 'receipt' \
     GROUP BY document HAVING COUNT(*) > 1) AS twice";
const STILL_TO_GO: &str = "SELECT COUNT(*) FROM job WHERE state <> 'done'";
const LISTED_TWICE: &str = "SELECT COUNT(*) FROM (SELECT document FROM register_line WHERE what = 'delivered' \
     GROUP BY document HAVING COUNT(*) > 1) AS twice";

/// A worker of the loop.
struct Worker {
    child: Child,
    /// The round in which it is woken.
    stopped: Option<usize>,
}

impl Worker {
    fn of(station: &Station) -> Self {
        Self { child: worker(station), stopped: None }
    }

    /// Dead at once; gives whether it was alive.
    fn kill(&mut self) -> bool {
        let alive = self.child.try_wait().unwrap().is_none();
        let _ = self.child.kill();
        self.child.wait().unwrap();
        alive
    }
}

/// What the crash loop did while documents were still to go, and how many had arrived in spite of it.
#[derive(Default)]
struct Blows {
    kills: usize,
    stops: usize,
    arrived: i64,
}

/// What the line does in a round.
fn mode(round: usize) -> &'static str {
    match round % ROUNDS {
        8 => BAD[round / ROUNDS % BAD.len()],
        5 | 11 => HELD,
        _ => GOOD,
    }
}

/// Three workers, through a line that changes its mind. Every half second one of them is killed. Every sixth time the one that was
/// started last is stopped instead, while the line holds its answers back; its leases run out, the others have the line, and it is
/// woken two seconds later.
fn crash_loop(scene: &Scene, lasts: Duration, database: Option<&Postgres>) -> Blows {
    let mut workers: Vec<Worker> = (0..3).map(|_| Worker::of(&scene.station)).collect();
    let (begun, mut blows, mut round) = (Instant::now(), Blows::default(), 0usize);
    while begun.elapsed() < lasts {
        scene.line.is(mode(round));
        std::thread::sleep(Duration::from_millis(500));
        for worker in &mut workers {
            if worker.stopped.take_if(|wakes| *wakes <= round).is_some() {
                signal(&worker.child, Signal::CONT);
            }
        }
        let counts = usize::from(scene.count(STILL_TO_GO) > 0);
        let held = mode(round) == HELD;
        let victim = &mut workers[(round - usize::from(held)) % 3];
        if held && victim.child.try_wait().unwrap().is_none() {
            signal(&victim.child, Signal::STOP);
            (victim.stopped, blows.stops) = (Some(round + 4), blows.stops + counts);
            scene.expire();
        } else if victim.stopped.is_none() {
            blows.kills += usize::from(victim.kill()) * counts;
            *victim = Worker::of(&scene.station);
        }
        round += 1;
        if let Some(server) = database.filter(|_| round % CRASH == 0) {
            server.crash();
        }
    }
    workers.iter_mut().for_each(|worker| {
        worker.kill();
    });
    blows.arrived = scene.count("SELECT COUNT(*) FROM receipt");
    blows
}

/// A short form in every run, the long one by `tests/run delivery`.
fn survives(documents: usize, lasts: Duration, database: Option<&Postgres>) {
    let Some(scene) = Scene::new(documents, database) else { return };
    let Blows { kills, stops, arrived } = crash_loop(&scene, lasts, database);
    assert_eq!(scene.faults(), Vec::<String>::new());
    let engine = if database.is_some() { "PostgreSQL" } else { "SQLite" };
    println!(
        "{engine}: {documents} documents, three workers, {kills} kills and {stops} stops in {:.0} s, {arrived} arrived meanwhile: \
         all there once",
        lasts.as_secs_f64()
    );
    // A kill or a stop every half second; a slow machine makes some of them late, and the last documents arrive before the end.
    let blows = u64::try_from(kills + stops).unwrap();
    assert!(blows * 2 >= lasts.as_secs(), "{kills} kills and {stops} stops came while documents were to go");
}

#[test]
fn three_workers_that_are_killed_deliver_everything_once() {
    survives(40, Duration::from_secs(15), None);
}

#[test]
fn three_workers_over_a_server_that_crashes_deliver_everything_once() {
    let Some(server) = Postgres::get() else { return };
    survives(40, Duration::from_secs(15), Some(server));
}

#[test]
#[ignore = "minutes; run by tests/run delivery"]
fn three_workers_and_two_minutes_of_kills() {
    survives(300, Duration::from_secs(120), None);
    survives(300, Duration::from_secs(120), Postgres::get());
}

/// A sender stops in the middle of its work, its leases run out, another one delivers, and the first one is woken.
fn woken_too_late(scene: &Scene) {
    // It learns that the system is there, and its first document goes nowhere.
    scene.line.is("hold PUT");
    let mut late = sender(&scene.station, &["upload", "--json"]);
    while !scene.line.folder.path().join("mode.seen").exists() {
        assert!(late.try_wait().unwrap().is_none(), "it has ended");
        std::thread::sleep(Duration::from_millis(5));
    }
    signal(&late, Signal::STOP);
    scene.expire();
    scene.line.is("ok");
    scene.station.run(&["upload"]).expect(0);
    // Longer than it waits for an answer.
    std::thread::sleep(Duration::from_secs(2));
    signal(&late, Signal::CONT);
    late.wait().unwrap();
}

#[test]
fn a_sender_that_is_woken_too_late_changes_nothing() {
    for database in [None, Postgres::get()] {
        let Some(scene) = Scene::new(8, database) else { return };
        woken_too_late(&scene);
        assert_eq!(scene.faults(), Vec::<String>::new());
    }
}

/// The control of the test before, and of what the crash loop looks at: without the fences the same check must fail.
#[test]
fn without_its_fences_the_same_check_fails() {
    let Some(scene) = Postgres::get().and_then(|server| Scene::new(8, Some(server))) else { return };
    let (_proxy, fenced) = scene.unfenced();
    woken_too_late(&scene);
    fs::write(scene.station.path().join("scanseal-drill/scanseal.toml"), fenced).unwrap();
    let faults = scene.faults();
    println!("without the fences: {faults:#?}");
    assert!(faults.iter().any(|fault| fault.ends_with("deliveries are not done")), "{faults:?}");
}

/// Down, a login page, 503 with Retry-After, up for a moment, down, up: nothing is burned, and all arrives in the end.
#[test]
fn a_day_of_flicker_burns_nothing() {
    let Some(scene) = Scene::new(12, None) else { return };
    let Scene { line, station, .. } = &scene;
    let url = format!("url = \"http://127.0.0.1:{}/\"\ntimeout_seconds = 2\nper_minute = 120", line.port);
    station.point(&url);
    let mut watching = worker(station);
    let began = Instant::now();
    println!(
        "| seconds | the line | state | asked again in | why | queued | delivered | attempts |\n|---|---|---|---|---|---|---|---|"
    );
    let look = |what: &str| {
        let state = station.run(&["status"]).expect(0).events("summary")[0]["destinations"][0].clone();
        let attempts = scene.count("SELECT CAST(SUM(attempts) AS BIGINT) FROM job");
        let until = state["until"].as_str().map(|at| at.parse::<jiff::Timestamp>().unwrap());
        let wait = until.map_or(0.0, |at| at.duration_since(jiff::Timestamp::now()).as_secs_f64().max(0.0));
        println!(
            "| {:.1} | {what} | {} | {wait:.1} s | {} | {} | {} | {attempts} |",
            began.elapsed().as_secs_f64(),
            state["state"].as_str().unwrap(),
            state["reason"].as_str().unwrap_or("–"),
            state["queued"],
            state["delivered"]
        );
        assert_eq!(state["dead"], 0, "{state}");
        (state, attempts)
    };
    for (mode, seconds) in
        [("refuse", 3), ("page", 3), ("busy 2", 4), ("ok", 10), ("refuse", 3), ("lost", 3), ("hang", 3)]
    {
        line.is(mode);
        // What was on its way when the line changed is over after the time that an answer may take.
        std::thread::sleep(Duration::from_millis(2_500));
        let (_, before) = look(mode);
        std::thread::sleep(
            Duration::from_millis(1_000 * seconds).saturating_sub(Duration::from_millis(2_500)),
        );
        let (_, after) = look(mode);
        assert!(mode == "ok" || before == after, "{mode}: {before} attempts, then {after}");
    }
    let (away, _) = look("still away");
    assert!(["open", "half_open"].contains(&away["state"].as_str().unwrap()), "{away}");
    assert!(away["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{away}");
    line.is("ok");
    let deadline = Instant::now() + Duration::from_secs(300);
    while watching.try_wait().unwrap().is_none() {
        assert!(Instant::now() < deadline, "it waits and waits");
        std::thread::sleep(Duration::from_millis(200));
    }
    let (end, _) = look("up");
    assert_eq!((&end["state"], &end["queued"]), (&Value::from("closed"), &Value::from(0)));
    assert_eq!(scene.faults(), Vec::<String>::new());
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

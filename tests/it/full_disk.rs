//! A disk that is full at the store, at the blobs or at the destination, at every stage: a clear word, nothing lost, and on it goes
//! when there is room.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::bad_input::SmallDisk;
use crate::stock;
use crate::support::{Office, scans};

/// Of a batch that fills a disk.
const DOCUMENTS: u32 = 60;

/// Where the disk is full, and its size.
const PLACES: [(&str, &str); 3] = [("store", "1m"), ("blobs", "1m"), ("destination", "200k")];

/// Nobody waits longer until it is said; a machine that does other work takes most of it.
const PATIENCE: Duration = Duration::from_secs(5);

/// Takes all room of a disk but so many bytes.
fn fill(disk: &Path, leave: u64) {
    let mut filler = File::create(disk.join("filler")).unwrap();
    let block = [0u8; 4096];
    while filler.write_all(&block).is_ok() {}
    let taken = filler.metadata().unwrap().len();
    filler.set_len(taken.saturating_sub(leave)).unwrap();
}

/// Runs a command while only so many bytes are left, then again with room; gives the codes of the first run.
fn squeezed(office: &Office, disk: &Path, leave: u64, arguments: &[&str]) -> Vec<String> {
    fill(disk, leave);
    let begun = Instant::now();
    let first = office.run(arguments);
    // A store without any room is told at the beginning.
    let station = fs::read_to_string(office.root.join("scanseal.toml")).unwrap();
    if leave == 0 && station.contains("store = \"sqlite:") {
        assert!(begun.elapsed() < PATIENCE, "{arguments:?}: {:?}", begun.elapsed());
    }
    let (code, errors) = (first.code, first.errors());
    assert!([0, 3, 4, 7, 8].contains(&code), "{arguments:?} with {leave}: {code} {}", first.stdout);
    assert_eq!(code == 0, errors.is_empty(), "{arguments:?} with {leave}: {errors:?}");
    fs::remove_file(disk.join("filler")).unwrap();
    office.run(arguments).expect(0);
    errors
}

/// The whole journey with a disk that is full at the beginning of each stage.
fn journey(office: &Office, disk: &Path, leave: u64) -> Vec<String> {
    let (scan, manifest) = (scans().join("scan_0002.jpg"), office.destination.with_extension("csv"));
    let rows = fs::read_to_string(scans().join("manifest.csv")).unwrap();
    let kept: Vec<&str> = rows
        .lines()
        .enumerate()
        .filter(|(row, line)| *row == 0 || line.starts_with("scan_0002.jpg"))
        .map(|(_, line)| line)
        .collect();
    fs::write(&manifest, kept.join("\n")).unwrap();
    let (scan, manifest) = (scan.to_str().unwrap().to_owned(), manifest.to_str().unwrap().to_owned());
    let stages: [&[&str]; 5] = [
        &["scan", &scan, "--outage", "SC-1", "--manifest", &manifest],
        &["build"],
        &["sign", "--role", "personal", "--all", "--yes", "--unseen", "test"],
        &["sign", "--role", "organization", "--all", "--yes"],
        &["upload"],
    ];
    let codes = stages.iter().flat_map(|arguments| squeezed(office, disk, leave, arguments)).collect();
    assert_eq!(office.run(&["list"]).expect(0).events("document").len(), 1);
    assert_eq!(office.state("D-000001"), "delivered");
    office.run(&["journal", "check"]).expect(0);
    let there = fs::read_dir(&office.destination).unwrap();
    let names: Vec<String> = there.map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(names.len(), 1, "{names:?}");
    codes
}

/// Keys of the station file that put one thing elsewhere.
fn elsewhere(office: &Office, line: &str) {
    let file = office.root.join("scanseal.toml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{line}\n{text}")).unwrap();
}

#[test]
fn a_full_disk_costs_nothing_at_any_stage() {
    everywhere(&PLACES, &[0]);
}

#[test]
#[ignore = "a minute; run by tests/run delivery"]
fn disks_that_are_nearly_full_cost_nothing() {
    everywhere(&PLACES, &[6_000, 50_000]);
}

/// Puts all of a database into its file, so that its log takes no room and gives none.
fn written_back(store: &Path) {
    use sqlx::{Connection, Executor, SqliteConnection};
    let url = format!("sqlite:{}", store.display());
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let mut connection = SqliteConnection::connect(&url).await.unwrap();
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").await.unwrap();
        connection.close().await.unwrap();
    });
}

/// The store is full in the middle of a batch: what is signed counts, and the summary comes all the same.
#[test]
fn a_disk_that_fills_up_while_signing_costs_only_what_was_not_signed() {
    let office = Office::with_files("eidas");
    let station = fs::read_to_string(office.root.join("scanseal.toml")).unwrap();
    if !station.contains("store = \"sqlite:") && station.contains("store = ") {
        return;
    }
    stock::fill(&office, DOCUMENTS);
    let small = office.destination.with_extension("disk");
    fs::create_dir(&small).unwrap();
    let Some(disk) = SmallDisk::mount(&small, "9m") else { return };
    let store = office.root.join("store.sqlite");
    written_back(&store);
    fs::copy(&store, small.join("store.sqlite")).unwrap();
    elsewhere(&office, &format!("store = \"sqlite:{}\"", small.join("store.sqlite").display()));
    fill(&small, 700_000);
    let sign = ["sign", "--role", "personal", "--all", "--yes", "--unseen", "test"];
    let run = office.run(&sign).expect(3);
    assert_eq!(run.errors(), ["disk_full"]);
    let summary = run.events("summary").remove(0);
    let count = |name: &str| summary[name].as_u64().unwrap();
    assert!(count("done") > 0 && count("failed") > 0, "{summary}");
    assert_eq!((count("done") + count("failed"), count("waiting")), (u64::from(DOCUMENTS), 0), "{summary}");
    fs::remove_file(small.join("filler")).unwrap();
    let rest = office.run(&sign).expect(0).events("summary").remove(0);
    assert_eq!(rest["done"].as_u64(), Some(count("failed")));
    drop(disk);
}

fn everywhere(places: &[(&str, &str)], leaves: &[u64]) {
    for (what, size) in places {
        for leave in leaves {
            let office = Office::with_files("eidas");
            let small = office.destination.with_extension("disk");
            fs::create_dir(&small).unwrap();
            let at = if *what == "destination" { &office.destination } else { &small };
            let Some(disk) = SmallDisk::mount(at, size) else { return };
            match *what {
                "store" => elsewhere(&office, &format!("store = \"sqlite:{}\"", small.join("s").display())),
                "blobs" => elsewhere(&office, &format!("blobs = \"{}\"", small.join("b").display())),
                _ => {}
            }
            if *what == "store" {
                office.run(&["outage", "open", "SC-1", "--system", "iOffice"]).expect(0);
            }
            let codes = journey(&office, at, *leave);
            let full = codes.iter().all(|code| ["disk_full", "destination_full"].contains(&code.as_str()));
            assert!(full, "{what} with {leave} bytes: {codes:?}");
            assert!(!codes.is_empty() || *leave > 0, "{what}: nothing was full");
            drop(disk);
        }
    }
}

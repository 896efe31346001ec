//! `tests/run delivery`: what the queue costs. Rows are made by the thousand; what is measured is the program.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use scanseal::document::Sha256;
use scanseal::error::kinds;
use scanseal::profile::Form;
use scanseal::store::{Blobs, Place, Setting, Store};
use sqlx::{AnyConnection, AssertSqlSafe, Connection};

use crate::postgres::Postgres;
use crate::support::scanseal;
use crate::webdav::{Servers, Station};

/// Bytes of a document of the throughput figure.
const BYTES: usize = 20_000;
/// Documents on their way at a time, of both sides.
const PARALLEL: usize = 4;

/// Where a drill workspace keeps its records: by SQL, and by the program.
pub struct Records {
    sql: String,
    place: Place,
}

impl Records {
    pub fn of(root: &Path, server: Option<&Postgres>) -> Self {
        let file = format!("sqlite:{}", root.join("store.sqlite").display());
        let Some(server) = server else { return Self { sql: file.clone(), place: Place::new(file, None) } };
        let (database, password) = (server.database(), server.password(root).display().to_string());
        scanseal(root, &["store", "move", &database, "--password-file", &password]).expect(0);
        let place = Place::new(database.clone(), Some("s".to_owned().into()));
        Self { sql: database.replace("seal@", "seal:s@"), place }
    }

    pub async fn connect(&self) -> AnyConnection {
        sqlx::any::install_default_drivers();
        AnyConnection::connect(&self.sql).await.unwrap()
    }

    /// Copies of the first document up to `count`, each waiting for the destination `dav` with a digest of its own.
    pub async fn fill(&self, digests: &[String]) {
        let mut connection = self.connect().await;
        let mut tx = connection.begin().await.unwrap();
        for statement in ["DELETE FROM receipt WHERE document > 1", "DELETE FROM job WHERE document > 1"] {
            sqlx::query(statement).execute(&mut *tx).await.unwrap();
        }
        for (row, digests) in digests.chunks(500).enumerate() {
            let first = 2 + row * 500;
            let ids = || digests.iter().enumerate().map(|(place, sha256)| (first + place, sha256));
            let values: Vec<String> = ids().map(|(id, sha256)| format!("({id}, '{sha256}')")).collect();
            let news = format!("WITH n(i, s) AS (VALUES {}) ", values.join(", "));
            let documents = format!(
                "{news} INSERT INTO document (id, outage, source_key, state, record, latest, bytes_in, bytes_out, \
                 lease_until, created_at) SELECT CAST(i AS BIGINT), outage, source_key || '-' || CAST(i AS TEXT), 'queued', \
                 record, s, bytes_in, bytes_out, 0, created_at FROM n, document WHERE document.id = 1 \
                 ON CONFLICT (id) DO NOTHING"
            );
            let jobs = format!(
                "{news} INSERT INTO job (id, document, destination, name, sha256, required, state, run_at, lease_until, \
                 attempts, rank) SELECT 'D-' || CAST(i AS TEXT) || '/dav', CAST(i AS BIGINT), 'dav', \
                 'n' || CAST(i AS TEXT) || '.pdf', s, 1, 'ready', 0, 0, 0, CAST(i AS BIGINT) FROM n"
            );
            for sql in [documents, jobs] {
                sqlx::query(AssertSqlSafe(sql)).execute(&mut *tx).await.unwrap();
            }
        }
        tx.commit().await.unwrap();
        if self.place.is_server() {
            sqlx::query("ANALYZE").execute(&mut connection).await.unwrap();
        }
    }

    async fn store(&self, root: &Path) -> Store {
        let setting = Setting {
            root: root.to_owned(),
            station: "figures".to_owned(),
            actor: "test".to_owned(),
            form: Form::ReSign,
        };
        Store::open(self.place.clone(), Blobs::open(&root.join("blobs")).unwrap(), setting).await.unwrap()
    }
}

fn engines() -> [(&'static str, Option<&'static Postgres>); 2] {
    [("SQLite", None), ("PostgreSQL", Postgres::get())]
}

fn root(station: &Station) -> PathBuf {
    station.path().join("scanseal-drill")
}

/// Claims a second, each given back at once.
async fn claims(store: &Store) -> f64 {
    const CLAIMS: u32 = 400;
    let (begun, later) = (Instant::now(), kinds::DESTINATION_UNDERWAY.with("destination", "dav"));
    for _ in 0..CLAIMS {
        let job = store.claim("dav").await.unwrap().unwrap();
        store.defer(&job, &later, Duration::from_secs(3600)).await.unwrap();
    }
    f64::from(CLAIMS) / begun.elapsed().as_secs_f64()
}

#[test]
#[ignore = "a figure; run by tests/run delivery"]
fn a_long_backlog_is_claimed_as_fast_as_a_short_one() {
    for (engine, server) in engines() {
        let station = Station::new("kind = \"folder\"\npath = \"there\"");
        let records = Records::of(&root(&station), server);
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let (mut rates, mut store) = ([Vec::new(), Vec::new()], None);
            // Turn by turn, because the machine does other work too.
            for turn in 0..10 {
                let rows = [1_000, 100_000][turn % 2];
                let digests = vec!["0".repeat(64); rows];
                records.fill(&digests).await;
                let store = match &store {
                    Some(store) => store,
                    None => &*store.insert(records.store(&root(&station)).await),
                };
                rates[turn % 2].push(claims(store).await);
            }
            let [short, long] = rates.map(|mut rates| {
                rates.sort_by(f64::total_cmp);
                rates[rates.len() / 2]
            });
            println!(
                "| {engine} | claims with their ends a second | 1,000 rows {short:.0} | 100,000 rows {long:.0} | {:.0} % |",
                100.0 * long / short
            );
        });
    }
}

/// The same requests by a plain client: PUT under a name of its own, MOVE, GET, one line on the disk for each document.
fn plain(base: &str, bytes: &[Vec<u8>], lines: &Path) -> f64 {
    let (next, begun) = (AtomicUsize::new(0), Instant::now());
    std::thread::scope(|scope| {
        for thread in 0..PARALLEL {
            let (next, lines) = (&next, lines.with_extension(thread.to_string()));
            scope.spawn(move || {
                let agent =
                    ureq::Agent::config_builder().allow_non_standard_methods(true).build().new_agent();
                let mut file = File::create(lines).unwrap();
                while let Some(bytes) = bytes.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let name = Sha256::of(bytes).0;
                    let login = "Basic dTpw";
                    let there = format!("{base}plain-{name}");
                    let put =
                        agent.put(format!("{there}.tmp")).header("authorization", login).send(&bytes[..]);
                    assert_eq!(put.unwrap().status(), 201);
                    let ask =
                        |method: &str, url: String| ureq::http::Request::builder().method(method).uri(url);
                    let moved = ask("MOVE", format!("{there}.tmp")).header("authorization", login);
                    let moved =
                        moved.header("destination", &there).header("overwrite", "F").body(()).unwrap();
                    assert_eq!(agent.run(moved).unwrap().status(), 201);
                    let mut got = agent.get(&there).header("authorization", login).call().unwrap();
                    assert_eq!(Sha256::of(&got.body_mut().read_to_vec().unwrap()).0, name);
                    writeln!(file, "{name}").unwrap();
                    file.sync_data().unwrap();
                }
            });
        }
    });
    bytes.len() as f64 / begun.elapsed().as_secs_f64()
}

/// Bytes that nobody has seen, with their digests, as blobs of a workspace.
pub fn blobs(root: &Path, count: usize, seed: u8) -> (Vec<String>, Vec<Vec<u8>>) {
    let one = |number: usize| {
        let mut bytes = vec![seed; BYTES];
        bytes[..8].copy_from_slice(&number.to_be_bytes());
        let sha256 = Sha256::of(&bytes).0;
        let folder = root.join("blobs").join(&sha256[..2]);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(&sha256), &bytes).unwrap();
        (sha256, bytes)
    };
    (0..count).map(one).unzip()
}

/// Documents a second and peak memory in KB of one `upload`.
fn upload(station: &Station, documents: usize) -> (f64, u64) {
    let begun = Instant::now();
    let log = station.path().join("memory");
    let run = Command::new("/usr/bin/time")
        .args(["-f", "%M", "-o", log.to_str().unwrap(), env!("CARGO_BIN_EXE_scanseal"), "upload", "--quiet"])
        .current_dir(root(station))
        .status();
    assert!(run.unwrap().success());
    let memory = fs::read_to_string(log).unwrap().trim().parse().unwrap();
    (documents as f64 / begun.elapsed().as_secs_f64(), memory)
}

#[test]
#[ignore = "a figure; run by tests/run delivery"]
fn ten_thousand_documents_travel_nearly_as_fast_as_by_a_plain_client() {
    let Some(servers) = Servers::start() else { return };
    let base = format!("http://127.0.0.1:{}/", servers.port("basic"));
    let count = std::env::var("SCANSEAL_DOCUMENTS").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000);
    for (engine, server) in engines() {
        let station = Station::new(&format!("url = \"{base}\"\nparallel = {PARALLEL}"));
        let root = root(&station);
        let records = Records::of(&root, server);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let small = count / 10;
        let (digests, _) = blobs(&root, small, 1);
        runtime.block_on(records.fill(&digests));
        let (_, little) = upload(&station, small);
        let (digests, bytes) = blobs(&root, count, 2);
        let empty = || {
            for file in fs::read_dir(servers.path("apache")).unwrap() {
                fs::remove_file(file.unwrap().path()).unwrap();
            }
        };
        runtime.block_on(async {
            let mut connection = records.connect().await;
            sqlx::query("DELETE FROM receipt").execute(&mut connection).await.unwrap();
            sqlx::query("DELETE FROM job").execute(&mut connection).await.unwrap();
            sqlx::query("DELETE FROM register_line").execute(&mut connection).await.unwrap();
            sqlx::query("DELETE FROM document WHERE id > 1").execute(&mut connection).await.unwrap();
        });
        runtime.block_on(records.fill(&digests));
        empty();
        let half = count / 2;
        let before = plain(&base, &bytes[..half], &station.path().join("lines"));
        let (ours, much) = upload(&station, count);
        let after = plain(&base, &bytes[half..], &station.path().join("lines"));
        empty();
        let theirs = (before + after) / 2.0;
        println!(
            "| {engine} | {count} documents of 20 KB a second | scanseal {ours:.0} | plain client {theirs:.0} \
             ({before:.0} before, {after:.0} after) | {:.0} % | memory {:.1} MB, with a tenth {:.1} MB |",
            100.0 * ours / theirs,
            much as f64 / 1e3,
            little as f64 / 1e3
        );
    }
}

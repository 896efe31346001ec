//! Several machines over one PostgreSQL and one bucket: a real server, stopped as by a power cut, and processes that are killed.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use sqlx::{Connection, Executor};

use crate::destinations;
use crate::support::{KEYS, Office, Run, command, scans, scanseal};
use crate::webdav::{Helper, written};

/// The server of a test run.
pub struct Postgres {
    _helper: Helper,
    folder: PathBuf,
    port: String,
}

/// None where none is installed. A static is never dropped; the server ends with the input of its helper.
static SERVER: LazyLock<Option<Postgres>> = LazyLock::new(|| {
    std::env::var_os("SCANSEAL_TEST_PYTHON")?;
    let folder = std::env::temp_dir().join(format!("scanseal-postgres-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    let helper = Helper::start("postgres.py", &[folder.to_str().unwrap()]);
    let port = written(&folder.join("port"));
    Some(Postgres { _helper: helper, folder, port })
});

impl Postgres {
    pub fn get() -> Option<&'static Self> {
        SERVER.as_ref()
    }

    /// Address of a new database, without the password.
    pub fn database(&self) -> String {
        self.made("")
    }

    /// Address of a copy of a database that nobody is connected to.
    pub fn copy_of(&self, database: &str) -> String {
        self.made(&format!(" TEMPLATE {}", database.rsplit('/').next().unwrap()))
    }

    fn made(&self, from: &str) -> String {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("office{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let server = format!("postgres://seal:s@127.0.0.1:{}/postgres", self.port);
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let mut connection = sqlx::PgConnection::connect(&server).await.unwrap();
            let sql = format!("CREATE DATABASE {name}{from}");
            connection.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
        });
        format!("postgres://seal@127.0.0.1:{}/{name}", self.port)
    }

    /// As a power cut, and up again.
    pub fn crash(&self) {
        let python = std::env::var_os("SCANSEAL_TEST_PYTHON").unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/servers/postgres.py");
        assert!(Command::new(python).arg(script).arg(&self.folder).arg("crash").status().unwrap().success());
    }

    /// A file with the password, as a station has it.
    pub fn password(&self, folder: &Path) -> PathBuf {
        let file = folder.join("pg.txt");
        fs::write(&file, "s\n").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        file
    }

    /// The first lines of a station file that keeps its records here.
    pub fn lines(&self, database: &str, folder: &Path) -> String {
        let password = self.password(folder);
        format!("store = \"{database}\"\nstore_password_file = \"{}\"\n", password.display())
    }
}

/// With `SCANSEAL_TEST_STORE=postgres` every office of the tests keeps its records on the server, each in a database of its own.
pub fn store_lines(folder: &Path) -> String {
    if std::env::var("SCANSEAL_TEST_STORE").as_deref() != Ok("postgres") {
        return String::new();
    }
    let server = Postgres::get().expect("SCANSEAL_TEST_STORE=postgres needs the server");
    server.lines(&server.database(), folder)
}

/// The machines of one office: each has a folder of its own, all share the records and the bytes.
struct Machines<'a> {
    folder: tempfile::TempDir,
    servers: &'a destinations::Servers,
    database: String,
    server: &'a Postgres,
}

impl Machines<'_> {
    /// A machine; `lines` are its own keys and destinations.
    fn join(&self, name: &str, lines: &str) -> PathBuf {
        let root = self.folder.path().join(name);
        fs::create_dir(&root).unwrap();
        fs::set_permissions(&root, fs::Permissions::from_mode(0o700)).unwrap();
        let station = format!(
            "{}blobs = \"s3://sealed/office\"\nprofile = \"{}\"\n[blob_store]\nurl = \"http://127.0.0.1:{}\"\nuser = \"k\"\n\
             password_file = \"{}\"\n[office]\nname = \"Office\"\n[station]\nname = \"{name}\"\n\
             [trust]\ncertificates = [\"{}\"]\n{lines}",
            self.server.lines(&self.database, &root),
            self.folder.path().join("quick.toml").display(),
            self.servers.port("s3"),
            self.servers.path("s3-secret"),
            KEYS.path("root.pem")
        );
        fs::write(root.join("scanseal.toml"), station).unwrap();
        root
    }
}

/// Kills a command at a moment, then lets it do its work.
fn killed_once(root: &Path, arguments: &[&str], after: Duration) -> Run {
    let arguments = [arguments, &["--json"]].concat();
    let mut victim = command(root, &arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(after);
    let _ = victim.kill();
    victim.wait().unwrap();
    scanseal(root, &arguments)
}

/// An office of several machines with a destination, before anybody has joined.
fn machines<'a>(server: &'a Postgres, servers: &'a destinations::Servers) -> (Machines<'a>, PathBuf, String) {
    let folder = tempfile::tempdir().unwrap();
    let profile = Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles/eidas.toml");
    let profile = fs::read_to_string(profile).unwrap().replace("text_layer = true", "text_layer = false");
    fs::write(folder.path().join("quick.toml"), profile).unwrap();
    let delivered = folder.path().join("dms");
    fs::create_dir(&delivered).unwrap();
    let path = delivered.display();
    let to = format!("[[destination]]\nname = \"dms\"\nkind = \"folder\"\npath = \"{path}\"\n");
    samples(&folder.path().join("in"), &["scan_0001.jpg", "scan_0002.jpg", "CV_den_0412.jpg"]);
    (Machines { folder, servers, database: server.database(), server }, delivered, to)
}

/// Some of the samples with their rows of the manifest.
fn samples(folder: &Path, names: &[&str]) {
    fs::create_dir(folder).unwrap();
    let manifest = fs::read_to_string(scans().join("manifest.csv")).unwrap();
    let rows = manifest.lines().enumerate();
    let kept = rows.filter(|(row, line)| *row == 0 || names.iter().any(|name| line.starts_with(name)));
    let rows: Vec<&str> = kept.map(|(_, line)| line).collect();
    assert_eq!(rows.len(), names.len() + 1);
    fs::write(folder.join("manifest.csv"), rows.join("\n")).unwrap();
    for name in names {
        fs::copy(scans().join(name), folder.join(name)).unwrap();
    }
}

fn key(role: &str) -> String {
    let file = if role == "personal" { "person.p12" } else { "organization.p12" };
    format!("[keys.{role}]\nuri = \"{}\"\n", KEYS.uri(file))
}

fn sign(role: &str) -> [&str; 7] {
    ["sign", "--all", "--yes", "--unseen", "test", "--role", role]
}

#[test]
fn four_machines_share_one_backlog_and_each_is_killed_once() {
    let (Some(server), Some(servers)) = (Postgres::get(), destinations::Servers::start()) else { return };
    let (machines, delivered, to) = machines(server, &servers);
    let counter = machines.join("counter", "");
    let leader = machines.join("leader", &key("personal"));
    let clerk = machines.join("clerk", &key("organization"));
    let sender = machines.join("sender", &to);
    let scans = machines.folder.path().join("in").display().to_string();
    scanseal(&counter, &["outage", "open", "SC-1", "--system", "dms"]).expect(0);
    killed_once(&counter, &["scan", &scans, "--outage", "SC-1"], Duration::from_millis(600)).expect(0);
    killed_once(&counter, &["build"], Duration::from_millis(500)).expect(0);
    killed_once(&leader, &sign("personal"), Duration::from_millis(400)).expect(0);
    killed_once(&clerk, &sign("organization"), Duration::from_millis(400)).expect(0);
    // A watching sender is there until it is ended.
    let mut watching =
        command(&sender, &["upload", "--watch", "--json"]).stdout(Stdio::null()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(300));
    watching.kill().unwrap();
    watching.wait().unwrap();
    scanseal(&sender, &["upload", "--json"]).expect(0);
    let listed = scanseal(&counter, &["list", "--json"]).expect(0).events("document");
    assert_eq!(listed.len(), 3);
    for document in &listed {
        let receipts = document["receipts"].as_array().unwrap().len();
        assert_eq!((&document["state"], receipts), (&"delivered".into(), 1), "{document}");
        // What others wrote is copied: the organization alone signs it.
        let wanted = if document["direction"] == "incoming" { 1 } else { 2 };
        assert_eq!(document["signatures"].as_array().unwrap().len(), wanted, "{document}");
    }
    assert_eq!(fs::read_dir(&delivered).unwrap().count(), 3);
    scanseal(&clerk, &["journal", "check", "--json"]).expect(0);
    let examined = scanseal(&clerk, &["doctor"]);
    assert!(examined.stdout.contains("s3://sealed/office keeps what it is given"), "{}", examined.stdout);
    let verdict = scanseal(&clerk, &["verify", "D-000001", "--json"]);
    assert_eq!(verdict.lines()[0]["verdict"], "valid", "{}", verdict.stdout);
}

#[test]
fn who_waits_is_woken_by_another_machine() {
    let (Some(server), Some(servers)) = (Postgres::get(), destinations::Servers::start()) else { return };
    let (machines, delivered, to) = machines(server, &servers);
    let office = machines.join("office", &(key("personal") + &key("organization")));
    let sender = machines.join("sender", &to);
    scanseal(&office, &["outage", "open", "SC-1", "--system", "dms"]).expect(0);
    let mut watching =
        command(&sender, &["upload", "--watch", "--json"]).stdout(Stdio::null()).spawn().unwrap();
    let scans = machines.folder.path().join("in").display().to_string();
    scanseal(&office, &["scan", &scans, "--outage", "SC-1"]).expect(0);
    scanseal(&office, &["build"]).expect(0);
    for role in ["personal", "organization"] {
        scanseal(&office, &sign(role)).expect(0);
    }
    // The watching run looks by itself once a minute only.
    let begun = Instant::now();
    while fs::read_dir(&delivered).unwrap().count() < 3 {
        assert!(begun.elapsed() < Duration::from_secs(20), "nobody woke the sender");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(watching.try_wait().unwrap().is_none(), "it goes on waiting");
    watching.kill().unwrap();
    watching.wait().unwrap();
}

#[test]
fn a_workspace_moves_to_a_server_and_the_old_store_says_so() {
    let Some(server) = Postgres::get() else { return };
    let office = Office::with_files("eidas");
    if office.run(&["store", "move", "postgres://x@127.0.0.1/y"]).code == 2 {
        return; // all offices of this run are on a server already
    }
    office.built("scan_0002.jpg");
    let (before, file) = (office.run(&["list"]).stdout, office.root.join("scanseal.toml"));
    let old = fs::read_to_string(&file).unwrap();
    let (target, password) = (server.database(), server.password(&office.root).display().to_string());
    let inline = target.replace("seal@", "seal:s@");
    assert_eq!(office.run(&["store", "move", &inline]).expect(2).errors(), ["store_place"]);
    assert_eq!(office.run(&["store", "move", "sqlite:other"]).expect(2).errors(), ["store_place"]);
    fs::write(office.root.join("wrong.txt"), "wrong\n").unwrap();
    fs::set_permissions(office.root.join("wrong.txt"), fs::Permissions::from_mode(0o600)).unwrap();
    let wrong = office.run(&["store", "move", &target, "--password-file", "wrong.txt"]).expect(8);
    assert_eq!(wrong.errors(), ["store_login"]);
    let nowhere = format!("{}/nowhere", target.rsplit_once('/').unwrap().0);
    let nowhere = office.run(&["store", "move", &nowhere, "--password-file", &password]).expect(8);
    assert_eq!(nowhere.errors(), ["store_no_database"]);
    assert!(!wrong.stdout.contains("wrong\n") && fs::read_to_string(&file).unwrap() == old);
    office.run(&["store", "move", &target, "--password-file", &password]).expect(0);
    assert_eq!(office.run(&["list"]).stdout, before);
    office.run(&["journal", "check"]).expect(0);
    office.run(&["sign", "--role", "personal", "--all", "--yes", "--unseen", "test"]).expect(0);
    let new = fs::read_to_string(&file).unwrap();
    fs::write(&file, &old).unwrap();
    assert_eq!(office.run(&["list"]).expect(8).errors(), ["store_moved"]);
    // Another office cannot move into the same database.
    let other = Office::with_files("eidas");
    let refused = other.run(&["store", "move", &target, "--password-file", &password]).expect(2);
    assert_eq!(refused.errors(), ["store_not_empty"]);
    fs::write(&file, new.replace("seal@127", "seal:s@127")).unwrap();
    assert_eq!(office.run(&["list"]).expect(8).errors(), ["station_invalid"]);
}

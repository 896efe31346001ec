//! Delivery over WebDAV to real servers, through a line that fails in every way, and what each answer of a server means.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use scanseal::document::Sha256;
use serde_json::Value;
use sqlx::{AnyConnection, Connection, Executor};

use crate::kill::write_scans;
use crate::support::{Run, scanseal};

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/servers").join(name)
}

/// A program of the tests that ends when its input does.
pub struct Helper(Child);

impl Helper {
    pub fn start(name: &str, arguments: &[&str]) -> Self {
        let python = std::env::var_os("SCANSEAL_TEST_PYTHON").unwrap_or_else(|| "python3".into());
        let mut command = Command::new(python);
        Self(command.arg(script(name)).args(arguments).stdin(Stdio::piped()).spawn().unwrap())
    }

    /// Waits for one that ends by itself, and well.
    pub fn ended(mut self) {
        assert!(self.0.wait().unwrap().success());
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// Waits until a helper has written a file.
pub fn written(path: &Path) -> String {
    written_within(path, Duration::from_secs(30))
}

/// As [`written`], for one that takes longer to start.
pub fn written_within(path: &Path, patience: Duration) -> String {
    let deadline = Instant::now() + patience;
    loop {
        match fs::read_to_string(path) {
            Ok(text) if !text.is_empty() => return text,
            _ => assert!(Instant::now() < deadline, "{} never came", path.display()),
        }
        std::thread::sleep(Duration::from_millis(30));
    }
}

/// Apache, nginx and rclone, with their certificates.
pub struct Servers {
    _helper: Helper,
    folder: tempfile::TempDir,
    ports: Value,
}

impl Servers {
    /// None where the servers are not installed.
    pub fn start() -> Option<Self> {
        let servers = ["/usr/sbin/apache2", "/usr/sbin/nginx", "/usr/bin/rclone"];
        if servers.iter().any(|server| !Path::new(server).exists()) {
            assert!(std::env::var_os("SCANSEAL_TEST_PYTHON").is_none(), "tests/run installs the servers");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        // The servers' own user has to reach their folders.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let helper = Helper::start("webdav.py", &[folder.path().to_str().unwrap()]);
        let ports = serde_json::from_str(&written(&folder.path().join("servers.json"))).unwrap();
        Some(Self { _helper: helper, folder, ports })
    }

    pub fn port(&self, name: &str) -> u64 {
        self.ports[name].as_u64().unwrap()
    }

    pub fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }
}

/// A drill workspace whose documents go to a WebDAV server.
pub struct Station {
    folder: tempfile::TempDir,
}

impl Station {
    /// `lines` are keys of the destination beside its name and kind.
    pub fn new(lines: &str) -> Self {
        let station = Self { folder: tempfile::tempdir().unwrap() };
        write_scans(&station.path().join("first"), 1);
        station.recover("first", "DRILL-0").expect(0);
        fs::write(station.path().join("password"), "p\n").unwrap();
        station.point(lines);
        station
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Points the destination elsewhere.
    pub fn point(&self, lines: &str) {
        let password = self.path().join("password");
        fs::set_permissions(&password, fs::Permissions::from_mode(0o600)).unwrap();
        let file = self.path().join("scanseal-drill/scanseal.toml");
        let text = fs::read_to_string(&file).unwrap();
        let head = text.split("[[destination]]").next().unwrap();
        let kind = if lines.contains("kind = ") { "" } else { "kind = \"webdav\"\n" };
        let login = match lines.contains("client_key") || kind.is_empty() {
            true => String::new(),
            false => format!("user = \"u\"\npassword_file = \"{}\"\n", password.display()),
        };
        let all = format!("{head}[[destination]]\nname = \"dav\"\n{kind}drill = true\n{login}{lines}\n");
        fs::write(&file, all).unwrap();
    }

    pub fn recover(&self, input: &str, outage: &str) -> Run {
        scanseal(self.path(), &["recover", input, "--outage", outage, "--drill", "--no-ocr", "--json"])
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        scanseal(&self.path().join("scanseal-drill"), &[arguments, &["--json"]].concat())
    }

    /// The receipts are lost, as after an old copy of the records was put back: everything is to be delivered again. `begun` tells
    /// whether the copy knows that it was tried before.
    pub fn forget(&self, begun: bool) {
        let file = self.path().join("scanseal-drill/store.sqlite");
        let sql = format!(
            "DELETE FROM receipt WHERE destination = 'dav'; \
             UPDATE job SET state = 'ready', ticket = NULL, attempts = {} WHERE destination = 'dav'; \
             UPDATE document SET state = 'queued' WHERE id IN (SELECT document FROM job WHERE destination = 'dav')",
            i32::from(begun)
        );
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            sqlx::any::install_default_drivers();
            let url = format!("sqlite:{}", file.display());
            let mut store = AnyConnection::connect(&url).await.unwrap();
            store.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
        });
    }

    /// Digests of the documents of an outage by the names of their copies.
    pub fn delivered(&self, outage: &str) -> BTreeMap<String, String> {
        let list = self.run(&["list", "--outage", outage]).expect(0).events("document");
        let receipt = |document: &Value| {
            assert_eq!(document["state"], "delivered", "{document}");
            let receipt = &document["receipts"][0];
            let text = |name: &str| receipt[name].as_str().unwrap().to_owned();
            (text("remote_id"), text("sha256"))
        };
        list.iter().map(receipt).collect()
    }
}

/// What lies in a server's folder.
pub fn there(folder: &str) -> BTreeMap<String, String> {
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let files = files.filter(|path| path.is_file());
    files
        .map(|p| (p.file_name().unwrap().to_str().unwrap().to_owned(), Sha256::of(&fs::read(&p).unwrap()).0))
        .collect()
}

#[test]
fn documents_arrive_at_each_webdav_server_and_are_proven() {
    let Some(servers) = Servers::start() else { return };
    let tls = format!(
        "url = \"https://localhost:{}/\"\nca = \"{}\"\nclient_certificate = \"{}\"\nclient_key = \"{}\"",
        servers.port("tls"),
        servers.path("ca.pem"),
        servers.path("client.pem"),
        servers.path("client.key")
    );
    for (lines, folder) in [
        (format!("url = \"http://127.0.0.1:{}\"", servers.port("basic")), "apache"),
        (tls, "apache-tls"),
        (format!("url = \"http://127.0.0.1:{}/\"", servers.port("nginx")), "nginx"),
        (format!("url = \"http://127.0.0.1:{}/\"", servers.port("rclone")), "rclone"),
    ] {
        let station = Station::new(&lines);
        write_scans(&station.path().join("in"), 3);
        station.recover("in", "DRILL-1").expect(0);
        let delivered = station.delivered("DRILL-1");
        assert_eq!((delivered.len(), there(&servers.path(folder))), (3, delivered), "{folder}");
        station.run(&["doctor"]).expect(0);
        assert_eq!(there(&servers.path(folder)).len(), 3, "the probe is gone again");
        station.forget(false);
        station.run(&["upload"]).expect(0);
        assert_eq!(there(&servers.path(folder)), station.delivered("DRILL-1"), "{folder}: again");
    }
}

#[test]
fn who_is_not_believed_gets_nothing_and_nothing_is_lost() {
    let Some(servers) = Servers::start() else { return };
    let basic = format!("url = \"http://127.0.0.1:{}/\"", servers.port("basic"));
    let station = Station::new(&basic);
    fs::write(station.path().join("password"), "wrong\n").unwrap();
    write_scans(&station.path().join("in"), 1);
    assert_eq!(station.recover("in", "DRILL-1").expect(3).errors(), ["destination_login"]);
    let tls = format!("url = \"https://localhost:{}/\"", servers.port("tls"));
    station.point(&tls);
    assert_eq!(
        station.run(&["upload"]).expect(4).errors(),
        ["destination_tls"],
        "a CA that the system does not know"
    );
    station.point(&format!("{tls}\nca = \"{}\"", servers.path("ca.pem")));
    let refused = station.run(&["upload"]);
    let code = refused.errors();
    assert!(
        ["destination_tls", "destination_away", "destination_login"].contains(&code[0].as_str()),
        "no client certificate: {code:?}"
    );
    station.point(&basic.replace("/\"", "/missing/\""));
    assert_eq!(station.run(&["upload"]).expect(4).errors().len(), 1);
    fs::set_permissions(station.path().join("password"), fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(station.run(&["upload"]).expect(4).errors(), ["password_file_open"]);
    station.point("url = \"http://example.org/\"");
    assert_eq!(station.run(&["upload"]).expect(8).errors(), ["station_invalid"]);
    fs::write(station.path().join("password"), "p\n").unwrap();
    station.point(&basic);
    station.run(&["upload"]).expect(0);
    assert_eq!(there(&servers.path("apache")), station.delivered("DRILL-1"));
}

#[test]
fn a_server_that_changes_overwrites_or_shows_a_page_is_found_out() {
    let Some(servers) = Servers::start() else { return };
    let station = Station::new(&format!("url = \"http://127.0.0.1:{}/\"", servers.port("odd")));
    let mode = |mode: &str| fs::write(servers.path("odd-mode"), mode).unwrap();
    let destination =
        || station.run(&["status"]).expect(0).events("summary").remove(0)["destinations"][0].clone();
    // It is waited for, however it says so.
    mode("page");
    write_scans(&station.path().join("in"), 3);
    assert_eq!(station.recover("in", "DRILL-1").expect(7).errors(), ["destination_away"]);
    assert!(there(&servers.path("odd")).is_empty());
    // What it does to one document it would do to all.
    mode("rewrites");
    assert_eq!(station.run(&["upload"]).expect(4).errors(), ["destination_rewrites"]);
    let (now, files) = (destination(), there(&servers.path("odd")));
    assert_eq!((&now["state"], &now["queued"], &now["dead"]), (&"blocked".into(), &2.into(), &1.into()));
    assert_eq!(files.len(), 1, "{files:?}");
    fs::remove_file(Path::new(&servers.path("odd")).join(files.keys().next().unwrap())).unwrap();
    mode("ok");
    station.run(&["upload"]).expect(0);
    assert_eq!(there(&servers.path("odd")), station.delivered("DRILL-1"));
    // Letters of somebody else lie under the names of two copies: one is looked for, the other is come upon later.
    mode("overwrites");
    write_scans(&station.path().join("more"), 12);
    let theirs = ["D-000006.pdf", "D-000015.pdf"].map(|name| Path::new(&servers.path("odd")).join(name));
    theirs.iter().for_each(|path| fs::write(path, "theirs").unwrap());
    assert_eq!(station.recover("more", "DRILL-2").expect(3).errors(), ["destination_conflict"]);
    assert_eq!(destination()["dead"], 2);
    theirs.iter().for_each(|path| assert_eq!(fs::read(path).unwrap(), b"theirs"));
    let files = there(&servers.path("odd"));
    assert_eq!(files.len(), 15, "nothing of the trial is left: {files:?}");
}

/// Twenty documents through each fault, then through a good line: all there, once, equal, nothing left over.
#[test]
fn a_line_that_fails_costs_time_and_nothing_else() {
    let Some(servers) = Servers::start() else { return };
    println!(
        "| server | fault | documents | there once, equal | left over | seconds |\n|---|---|---|---|---|---|"
    );
    for (server, folder) in [("basic", "apache"), ("nginx", "nginx"), ("rclone", "rclone")] {
        let work = tempfile::tempdir().unwrap();
        let (mode, port) = (work.path().join("mode"), work.path().join("port"));
        fs::write(&mode, "ok").unwrap();
        let target = servers.port(server).to_string();
        let _proxy =
            Helper::start("fault_proxy.py", &[&target, mode.to_str().unwrap(), port.to_str().unwrap()]);
        let url = format!("url = \"http://127.0.0.1:{}/\"\ntimeout_seconds = 2", written(&port));
        for (round, fault) in [
            "refuse",
            "hang",
            "cut_up 9000",
            "cut_down 900",
            "slow 400000",
            "lost",
            "lose PUT",
            "lose MOVE",
            "lose GET",
        ]
        .iter()
        .enumerate()
        {
            let begun = Instant::now();
            let station = Station::new(&url);
            let outage = format!("DRILL-{}", round + 1);
            write_scans(&station.path().join("in"), 20);
            fs::write(&mode, fault).unwrap();
            station.recover("in", &outage);
            // Cuts at other places: in the answer to PUT, to MOVE, to the first bytes of what is read back.
            for bytes in [200, 450, 700, 1_000, 1_500, 2_500] {
                if fault.starts_with("cut") {
                    fs::write(&mode, format!("{} {bytes}", fault.split(' ').next().unwrap())).unwrap();
                    station.run(&["upload"]);
                }
            }
            fs::write(&mode, "ok").unwrap();
            station.run(&["upload"]).expect(0);
            let (delivered, there) = (station.delivered(&outage), there(&servers.path(folder)));
            let left = there.keys().filter(|name| name.contains("part")).count();
            assert_eq!((delivered.len(), left), (20, 0), "{server} {fault}");
            assert_eq!(delivered, there, "{server} {fault}");
            println!("| {folder} | {fault} | 20 | 20 | 0 | {:.0} |", begun.elapsed().as_secs_f64());
            // By the server itself: rclone remembers what lies there.
            for name in there.keys() {
                let url = format!("http://127.0.0.1:{target}/{name}");
                ureq::delete(url).header("authorization", "Basic dTpw").call().unwrap();
            }
        }
    }
}

/// A server that gives fixed answers by method; 404 and an empty 207 where nothing else is said.
struct Answers {
    port: u16,
    by_method: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Answers {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let by_method: Arc<Mutex<BTreeMap<String, String>>> = Arc::default();
        let shared = Arc::clone(&by_method);
        std::thread::spawn(move || {
            for line in listener.incoming().flatten() {
                answer(line, &shared.lock().unwrap());
            }
        });
        Self { port, by_method }
    }

    fn say(&self, method: &str, head: &str) {
        let mut all = self.by_method.lock().unwrap();
        all.clear();
        all.insert(method.to_owned(), head.to_owned());
    }
}

/// Reads one request with its body and answers it.
fn answer(mut line: TcpStream, by_method: &BTreeMap<String, String>) {
    let (mut request, mut buffer) = (Vec::new(), [0; 65_536]);
    let head = loop {
        match line.read(&mut buffer) {
            Ok(count @ 1..) => request.extend_from_slice(&buffer[..count]),
            _ => return,
        }
        if let Some(end) = request.windows(4).position(|w| w == b"\r\n\r\n") {
            break end + 4;
        }
    };
    let text = String::from_utf8_lossy(&request[..head]).to_lowercase();
    let length: usize =
        text.split("content-length: ").nth(1).map_or(0, |t| t.lines().next().unwrap().parse().unwrap());
    while request.len() < head + length {
        match line.read(&mut buffer) {
            Ok(count @ 1..) => request.extend_from_slice(&buffer[..count]),
            _ => return,
        }
    }
    let method = text.split(' ').next().unwrap().to_uppercase();
    let usual = match method.as_str() {
        "PROPFIND" => "207 Multi-Status",
        "GET" => "404 Not Found",
        _ => "201 Created",
    };
    let head = by_method.get(&method).map_or(usual, String::as_str);
    let _ = line
        .write_all(format!("HTTP/1.1 {head}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").as_bytes());
}

/// Mayan EDMS, for one, answers twenty requests of a person in a second and 429 to the next one.
#[test]
fn a_system_that_is_busy_for_a_moment_is_waited_for() {
    let answers = Answers::start();
    let station = Station::new(&format!("url = \"http://127.0.0.1:{}/\"", answers.port));
    write_scans(&station.path().join("in"), 1);
    answers.say("PUT", "429 Too Many Requests\r\nRetry-After: 90");
    station.recover("in", "DRILL-1").expect(7);
    answers.say("PUT", "429 Too Many Requests\r\nRetry-After: 1");
    let run = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_secs(3));
            answers.say("PUT", "413 Content Too Large");
        });
        station.run(&["upload"])
    });
    assert_eq!(run.expect(4).errors(), ["destination_refused"]);
}

#[test]
fn each_answer_is_handled_by_its_class() {
    let answers = Answers::start();
    let station = Station::new(&format!("url = \"http://127.0.0.1:{}/\"", answers.port));
    write_scans(&station.path().join("in"), 1);
    answers.say("PROPFIND", "503 Service Unavailable");
    station.recover("in", "DRILL-1").expect(7);
    for (method, head, code, exit, state) in [
        ("PROPFIND", "401 Unauthorized", "destination_login", 4, "queued"),
        ("PROPFIND", "403 Forbidden", "destination_login", 4, "queued"),
        ("PROPFIND", "404 Not Found", "destination_folder_missing", 4, "queued"),
        ("PROPFIND", "301 Moved\r\nLocation: http://127.0.0.1:1/", "destination_unexpected", 4, "queued"),
        ("PROPFIND", "200 OK\r\nContent-Type: text/html", "destination_away", 7, "queued"),
        ("PROPFIND", "429 Too Many Requests\r\nRetry-After: 90", "destination_away", 7, "queued"),
        ("PROPFIND", "500 Internal Server Error", "destination_away", 7, "queued"),
        ("GET", "200 OK\r\nContent-Type: text/html; charset=utf-8", "destination_away", 7, "queued"),
        ("GET", "200 OK\r\nContent-Type: application/pdf", "destination_conflict", 4, "dead"),
        ("PUT", "409 Conflict", "destination_folder_missing", 4, "queued"),
        ("PUT", "413 Content Too Large", "destination_refused", 4, "dead"),
        ("PUT", "415 Unsupported Media Type", "destination_refused", 4, "dead"),
        ("PUT", "423 Locked", "destination_away", 7, "queued"),
        ("PUT", "507 Insufficient Storage", "destination_full", 7, "queued"),
        ("MOVE", "412 Precondition Failed", "destination_away", 7, "queued"),
        ("MOVE", "502 Bad Gateway", "destination_away", 7, "queued"),
        ("PROPFIND", "302 Found\r\nLocation: http://127.0.0.1:1/", "destination_away", 7, "queued"),
        ("PUT", "405 Method Not Allowed", "destination_away", 7, "queued"),
        ("PUT", "200 OK\r\nContent-Type: application/xhtml+xml", "destination_away", 7, "queued"),
        ("GET", "200 OK\r\nContent-Type: Text/HTML", "destination_away", 7, "queued"),
    ] {
        answers.say(method, head);
        assert_eq!(station.run(&["upload"]).expect(exit).errors(), [code], "{method} {head}");
        let status =
            station.run(&["status"]).expect(0).events("summary").remove(0)["destinations"][0].clone();
        assert_eq!(status[state], 1, "{method} {head}: {status}");
        if head.contains("Retry-After") {
            let until: jiff::Timestamp = status["until"].as_str().unwrap().parse().unwrap();
            let wait = until.duration_since(jiff::Timestamp::now()).as_secs();
            assert!((60..=90).contains(&wait), "{wait}");
        }
    }
}

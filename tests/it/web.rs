//! The station's pages, asked by hand-made requests: who gets in, and who does not.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::support::{Office, command};

/// A running station; it is ended with the test.
pub struct Station {
    child: Child,
    _stdout: BufReader<ChildStdout>,
    pub port: u16,
    pub start_file: PathBuf,
}

/// What came back.
pub struct Reply {
    pub status: u16,
    pub headers: HashMap<String, String>,
    pub body: String,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{} {}", self.status, self.body))
    }
}

impl Station {
    /// Starts `serve` on a free port.
    pub fn open(office: &Office, arguments: &[&str]) -> Self {
        Self::open_at(office, "0", arguments)
    }

    /// Starts `serve` on a port.
    pub fn open_at(office: &Office, port: &str, arguments: &[&str]) -> Self {
        let all = [&["serve", "--port", port, "--json"], arguments].concat();
        let mut child = command(&office.root, &all).stdout(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let told: Value = serde_json::from_str(&line).expect(&line);
        assert_eq!(told["event"], "serving");
        let address = told["address"].as_str().unwrap();
        let port = address.trim_end_matches('/').rsplit(':').next().unwrap().parse().unwrap();
        let start_file = PathBuf::from(told["start_file"].as_str().unwrap());
        Self { child, _stdout: stdout, port, start_file }
    }

    /// One request, byte by byte as it is written here.
    pub fn raw(&self, request: &str) -> Reply {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let mut lines = head.lines();
        let status = lines.next().and_then(|l| l.split(' ').nth(1)).and_then(|s| s.parse().ok());
        let headers = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        Reply { status: status.unwrap_or(0), headers, body: unchunked(body) }
    }

    /// A request with headers, and ours unless they are among them.
    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let mut lines = vec![format!("{method} {path} HTTP/1.1"), "Connection: close".to_owned()];
        if !headers.iter().any(|(name, _)| *name == "Host") {
            lines.push(format!("Host: 127.0.0.1:{}", self.port));
        }
        lines.extend(headers.iter().map(|(name, value)| format!("{name}: {value}")));
        if method == "POST" {
            lines.push(format!("Content-Length: {}", body.len()));
            if !headers.iter().any(|(name, _)| *name == "Content-Type") {
                lines.push("Content-Type: application/x-www-form-urlencoded".to_owned());
            }
        }
        self.raw(&format!("{}\r\n\r\n{body}", lines.join("\r\n")))
    }

    /// The address with the token in the start file.
    pub fn start_path(&self) -> String {
        let text = std::fs::read_to_string(&self.start_file).unwrap();
        let token = text.split("token=").nth(1).unwrap().split('"').next().unwrap().to_owned();
        format!("/start?token={token}")
    }

    /// A browser that was let in.
    pub fn browser(&self) -> Browser<'_> {
        let reply = self.ask("GET", &self.start_path(), &[], "");
        assert_eq!(reply.status, 200, "{}", reply.body);
        let set = &reply.headers["set-cookie"];
        for wanted in ["HttpOnly", "SameSite=Strict", "Path=/"] {
            assert!(set.contains(wanted), "{set}");
        }
        let cookie = set.split(';').next().unwrap().to_owned();
        let page = self.ask("GET", "/", &[("Cookie", &cookie)], "");
        assert_eq!(page.status, 200, "{}", page.body);
        let token = page.body.split("name=\"csrf\" content=\"").nth(1).unwrap();
        let token = token.split('"').next().unwrap().to_owned();
        Browser { station: self, cookie, token, origin: format!("http://127.0.0.1:{}", self.port) }
    }

    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Ends it at once, as a power cut does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Station {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn unchunked(body: &str) -> String {
    let Some((size, mut rest)) = body.split_once("\r\n") else { return body.to_owned() };
    let Ok(mut size) = usize::from_str_radix(size.trim(), 16) else { return body.to_owned() };
    let mut whole = String::new();
    while size > 0 && rest.len() >= size && rest.is_char_boundary(size) {
        whole.push_str(&rest[..size]);
        let Some((next, behind)) = rest[size..].trim_start_matches("\r\n").split_once("\r\n") else { break };
        (size, rest) = (usize::from_str_radix(next.trim(), 16).unwrap_or(0), behind);
    }
    whole
}

/// A browser with its cookie and the token of its pages.
pub struct Browser<'s> {
    station: &'s Station,
    pub cookie: String,
    pub token: String,
    pub origin: String,
}

impl Browser<'_> {
    pub fn get(&self, path: &str) -> Reply {
        self.station.ask("GET", path, &[("Cookie", &self.cookie)], "")
    }

    pub fn post(&self, path: &str, body: &str) -> Reply {
        let headers = [("Cookie", self.cookie.as_str()), ("Origin", &self.origin), ("X-CSRF", &self.token)];
        self.station.ask("POST", path, &headers, body)
    }
}

#[test]
fn only_the_owner_of_the_start_file_gets_in_and_each_token_counts_once() {
    let office = Office::with_files("vn-state");
    let station = Station::open(&office, &[]);
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&station.start_file), 0o600);
    assert_eq!(mode(station.start_file.parent().unwrap()), 0o700);
    let before = station.start_path();
    let browser = station.browser();
    assert_eq!(mode(&station.start_file), 0o600, "the next one as well");
    let again = station.ask("GET", &before, &[], "");
    assert_eq!(again.status, 403);
    assert!(!again.headers.contains_key("set-cookie"));
    let home = browser.get("/");
    assert!(home.body.contains("Mường Lam") && home.body.contains("SC-1"), "{}", home.body);
    for path in ["/", "/digitize", "/events", "/sign", "/csrf"] {
        let nobody = station.ask("GET", path, &[], "");
        assert_eq!(nobody.status, 401, "{path}");
        assert!(!nobody.body.contains("Mường Lam") && !nobody.body.contains("SC-1"), "{}", nobody.body);
        let wrong = [("Cookie", format!("scanseal_{}={}", station.port, "0".repeat(64)))];
        let wrong = wrong.each_ref().map(|(name, value)| (*name, value.as_str()));
        assert_eq!(station.ask("GET", path, &wrong, "").status, 401, "{path}");
    }
    assert_eq!(browser.post("/lock", "").status, 200);
    assert_eq!(browser.get("/").status, 401, "locked is locked");
    assert_eq!(station.browser().get("/").status, 200, "and the start file leads in again");
}

#[test]
fn another_name_for_this_machine_is_refused() {
    let office = Office::with_files("vn-state");
    let station = Station::open(&office, &[]);
    let browser = station.browser();
    let port = station.port;
    for host in [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        "127.0.0.1".to_owned(),
        format!("127.0.0.1:{}", port ^ 1),
        format!("[::1]:{port}"),
        format!("127.0.0.1.:{port}"),
        String::new(),
    ] {
        for path in ["/", "/assets/app.js", "/start?token=0"] {
            let reply = station.ask("GET", path, &[("Host", &host), ("Cookie", &browser.cookie)], "");
            assert!(matches!(reply.status, 400 | 403), "{host}: {}", reply.status);
            assert!(!reply.body.contains("Mường Lam"));
        }
    }
    let twice = format!(
        "GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nHost: evil.example\r\nConnection: close\r\nCookie: {}\r\n\r\n",
        browser.cookie
    );
    assert!(matches!(station.raw(&twice).status, 400 | 403));
    let local = format!("localhost:{port}");
    let reply = station.ask("GET", "/", &[("Host", &local), ("Cookie", &browser.cookie)], "");
    assert_eq!(reply.status, 200);
}

#[test]
fn a_change_needs_our_own_page_and_its_token() {
    let office = Office::with_files("vn-state");
    let station = Station::open(&office, &[]);
    let browser = station.browser();
    let (cookie, token, own) = (browser.cookie.as_str(), browser.token.as_str(), browser.origin.as_str());
    let form = "reference=SC-2&systems=x&paper_from=01/11/2026";
    let foreign: &[&[(&str, &str)]] = &[
        &[("Cookie", cookie), ("X-CSRF", token)],
        &[("Cookie", cookie), ("X-CSRF", token), ("Origin", "http://evil.example")],
        &[("Cookie", cookie), ("X-CSRF", token), ("Origin", "null")],
        &[("Cookie", cookie), ("X-CSRF", token), ("Origin", "http://127.0.0.1")],
        &[("Cookie", cookie), ("X-CSRF", token), ("Origin", own), ("Sec-Fetch-Site", "cross-site")],
        &[("Cookie", cookie), ("X-CSRF", token), ("Origin", own), ("Sec-Fetch-Site", "same-site")],
        &[("Cookie", cookie), ("Origin", own)],
        &[("Cookie", cookie), ("Origin", own), ("X-CSRF", "")],
        &[("Cookie", cookie), ("Origin", own), ("X-CSRF", &"0".repeat(64))],
    ];
    for headers in foreign {
        let reply = station.ask("POST", "/outage", headers, form);
        assert_eq!(reply.status, 403, "{headers:?}");
    }
    assert_eq!(station.ask("POST", "/outage", &[("X-CSRF", token), ("Origin", own)], form).status, 401);
    let with_field = format!("{form}&csrf={token}");
    assert_eq!(
        station.ask("POST", "/outage", &[("Cookie", cookie), ("Origin", own)], &with_field).status,
        403
    );
    for method in ["PUT", "DELETE", "OPTIONS", "PATCH"] {
        let reply =
            station.ask(method, "/outage", &[("Cookie", cookie), ("Origin", "http://evil.example")], "");
        assert_eq!(reply.status, 405, "{method}");
        assert!(reply.headers.keys().all(|name| !name.starts_with("access-control")), "{method}");
    }
    let known = office.run(&["outage", "list"]).events("summary")[0]["outages"].as_array().unwrap().len();
    assert_eq!(known, 1, "none of them changed anything");
    let own_page =
        [("Cookie", cookie), ("Origin", own), ("X-CSRF", token), ("Sec-Fetch-Site", "same-origin")];
    let reply = station.ask("POST", "/outage", &own_page, form);
    assert_eq!(reply.json()["go"], "/digitize");
}

#[test]
fn every_answer_forbids_framing_scripts_of_its_own_and_keeping() {
    let office = Office::with_files("vn-state");
    let station = Station::open(&office, &[]);
    let browser = station.browser();
    let replies = [
        browser.get("/"),
        browser.get("/nothing-here"),
        browser.get("/assets/app.js"),
        station.ask("GET", "/", &[], ""),
        station.ask("GET", "/start?token=0", &[], ""),
        station.ask("GET", "/", &[("Host", "evil.example")], ""),
        browser.post("/outage", "reference="),
    ];
    for reply in &replies {
        let policy = &reply.headers["content-security-policy"];
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(reply.headers["x-frame-options"], "DENY");
        assert_eq!(reply.headers["x-content-type-options"], "nosniff");
        assert_eq!(reply.headers["cross-origin-resource-policy"], "same-origin");
        assert!(reply.headers["cache-control"].starts_with("no-"), "{:?}", reply.headers);
        assert!(!reply.headers.contains_key("access-control-allow-origin"));
        let page = reply.body.to_lowercase();
        assert!(!page.contains(" style=") && !page.contains("<style") && !page.contains(" onclick="));
        assert!(page.matches("<script").count() == page.matches("<script src=\"/assets/").count());
    }
}

#[test]
fn script_in_text_stays_text() {
    let office = Office::with_files("vn-state");
    let station = Station::open(&office, &[]);
    let browser = station.browser();
    let script = "%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%27";
    let begun = "paper_from=01/11/2026 08:00";
    let reply =
        browser.post("/outage", &format!("reference=SC-9&systems={script}&declared={script}&{begun}"));
    assert_eq!(reply.json()["go"], "/digitize", "{}", reply.body);
    let home = browser.get("/");
    assert!(home.body.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{}", home.body);
    assert!(!home.body.contains("<script>"));
    let refused = browser.post("/outage", &format!("reference={script}&{begun}")).json();
    assert_eq!(refused["error"]["code"], "outage_reference");
    // Since when paper was used stands in every document, and only a person knows it.
    for (given, code) in [("", "bad_time"), ("paper_from=01/01/2099", "paper_future")] {
        let refused = browser.post("/outage", &format!("reference=SC-8&{given}")).json();
        assert_eq!(refused["error"]["code"], code);
    }
    let opened = office.run(&["outage", "show", "SC-9"]).events("summary").remove(0);
    assert_eq!(opened["outage"]["paper_from"], "2026-11-01T01:00:00Z");
    assert!(browser.get(&format!("/{script}")).status == 404);
}

#[test]
fn numbers_and_places_change_only_by_our_own_page_and_say_what_is_wrong() {
    let office = Office::with_files("vn-state");
    let kit = office.run(&["kit", "--count", "5", "--block", "CV:1-5", "-o", "kit.pdf"]).expect(0);
    let kit = kit.events("summary")[0]["kit"].as_str().unwrap().to_owned();
    office.run(&["outage", "open", "SC-8", "--kit", &kit]).expect(0);
    office.built("scan_0001.jpg");
    let station = Station::open(&office, &[]);
    let browser = station.browser();
    let (cookie, own) = (browser.cookie.as_str(), browser.origin.as_str());
    for path in ["/reconcile/system?outage=SC-8", "/reconcile/run", "/reconcile/settle", "/form/D-000001"] {
        let without = station.ask("POST", path, &[("Cookie", cookie), ("Origin", own)], "outage=SC-8");
        assert_eq!(without.status, 403, "{path}");
        let foreign = [("Cookie", cookie), ("Origin", "http://evil.example"), ("X-CSRF", &browser.token)];
        assert_eq!(station.ask("POST", path, &foreign, "outage=SC-8").status, 403, "{path}");
        assert_eq!(station.ask("POST", path, &[("Origin", own)], "outage=SC-8").status, 401, "{path}");
    }
    for path in ["/reconcile", "/notice.pdf?outage=SC-8", "/form/D-000001", "/form/D-000001/picture"] {
        assert_eq!(station.ask("GET", path, &[], "").status, 401, "{path}");
        let framed = browser.get(path);
        assert!(framed.headers["content-security-policy"].contains("frame-ancestors 'none'"), "{path}");
    }
    let script = "%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    let code = |path: &str, body: &str| browser.post(path, body).json()["error"]["code"].clone();
    assert_eq!(code("/reconcile/settle", "outage=SC-8&reason=x&by=x"), "lines_not_chosen");
    let line = format!("outage=SC-8&line={script}&reason=x&by=x");
    assert_eq!(code("/reconcile/settle", &line), "line_unknown");
    assert_eq!(code("/reconcile/system?outage=SC-8", "no table"), "sheet_column");
    assert_eq!(code("/reconcile/run", &format!("outage={script}")), "outage_unknown");
    assert_eq!(code("/form/D-000001", "role=organization&way=at&page=1&left=1&top=1"), "page_outdated");
    let page = browser.get(&format!("/reconcile?outage=SC-8&show={script}&page=99999999"));
    assert!(page.status == 200 && !page.body.contains("<script>") && page.body.contains("CV:1-5"));
    for odd in [
        "way=at&page=0&left=x&top=-1",
        &format!("way={script}"),
        "way=above&line=",
        "way=at&page=1&left=NaN&top=inf",
    ] {
        let page = browser.get(&format!("/form/D-000001?role=organization&{odd}"));
        assert_eq!(page.status, 200, "{odd}");
        assert!(page.body.contains("role=\"alert\"") && !page.body.contains("<script>"), "{odd}");
    }
    let picture = station.ask("GET", "/form/D-000001/picture?role=organization", &[("Cookie", cookie)], "");
    assert_eq!((picture.status, picture.headers["content-type"].as_str()), (200, "image/jpeg"));
}

#[test]
fn a_body_beyond_its_limit_is_refused() {
    let office = Office::with_files("vn-state");
    let station = Station::open(&office, &[]);
    let browser = station.browser();
    let long = format!("reference=SC-3&systems={}", "x".repeat(100_000));
    assert_eq!(browser.post("/outage", &long).status, 413);
    let pin = browser.post("/work/1/pin", &"1".repeat(10_000));
    assert_eq!(pin.json()["error"]["code"], "pin_needed");
    assert_eq!(browser.post("/work/1/pin", "1234").json()["error"]["code"], "web_work_over");
}

#[test]
fn both_languages_and_a_restart() {
    let office = Office::with_files("vn-state");
    let station = Station::open(&office, &["--lang", "vi"]);
    let browser = station.browser();
    assert!(browser.get("/").body.contains("Việc đang chờ"));
    assert_eq!(browser.post("/lang", "to=en").json()["again"], true);
    let page = browser.get("/").body;
    assert!(page.contains("What waits") && page.contains("<html lang=\"en\">"), "{page}");
    let (cookie, token, port) = (browser.cookie.clone(), browser.token.clone(), station.port.to_string());
    station.kill();
    let second = Station::open_at(&office, &port, &[]);
    let page = second.ask("GET", "/", &[("Cookie", &cookie)], "");
    assert_eq!(page.status, 200, "the page survives a restart");
    assert!(page.body.contains(&token) && page.body.contains("What waits"));
}

#[test]
fn a_port_that_is_taken_is_said() {
    let office = Office::with_files("vn-state");
    let station = Station::open(&office, &[]);
    let port = station.port.to_string();
    // Of another workspace the port is taken; of the same one the station is there already, whatever the port.
    let other = Office::with_files("vn-state");
    assert_eq!(other.run(&["serve", "--port", &port]).expect(2).errors(), ["port_taken"]);
    let start = std::fs::read(office.root.join("serve/start.html")).unwrap();
    assert_eq!(office.run(&["serve", "--port", "0"]).expect(2).errors(), ["station_open"]);
    assert_eq!(std::fs::read(office.root.join("serve/start.html")).unwrap(), start, "the way in stays");
    assert!(station.process() > 0);
}

#[test]
fn an_address_that_is_no_page_is_said_in_words() {
    let office = Office::with_files("vn-state");
    let station = Station::open(&office, &["--lang", "en"]);
    let browser = station.browser();
    let page = browser.get("/nothing/here");
    assert_eq!(page.status, 404);
    assert!(
        page.body.contains("no page at this address") && page.body.contains("href=\"/\""),
        "{}",
        page.body
    );
}

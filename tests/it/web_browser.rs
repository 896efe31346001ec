//! The pages in a real browser: what people do by clicks and keys, `tests/browser/*.mjs`. The offices, keys and servers are
//! made here.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::routes;
use crate::stock;
use crate::support::{KEYS, Office, PIN};
use crate::token::{self, FaultyToken};
use crate::webdav::Servers;

fn here(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// Whether there is a browser with what drives it; whoever runs `tests/run` has both.
fn has_browser() -> bool {
    let all = Path::new("/usr/bin/chromium").exists() && here(".work/browser/node_modules/axe-core").exists();
    assert!(all || std::env::var_os("SCANSEAL_TEST_PYTHON").is_none(), "tests/run installs the browser");
    all
}

/// Runs a script with what it has to know.
fn run(script: &str, stage: &Value, token: Option<&FaultyToken>) {
    let mut node = Command::new("node");
    node.arg(here("browser").join(script)).env("SCANSEAL_STAGE", stage.to_string());
    node.env("SCANSEAL", env!("CARGO_BIN_EXE_scanseal"))
        .env("LANG", "C.UTF-8")
        .env_remove("SCANSEAL_WORKSPACE");
    if let Some(token) = token {
        node.env("SOFTHSM2_CONF", token.path("softhsm2.conf"));
    }
    assert!(node.status().unwrap().success(), "{script}");
}

/// Letters with planted faults.
fn letters(count: u32) -> PathBuf {
    let folder = here(&format!(".work/letters-{count}"));
    if !folder.join("done").exists() {
        let python = std::env::var_os("SCANSEAL_TEST_PYTHON").unwrap_or_else(|| "python3".into());
        let made =
            Command::new(python).arg(here("browser/scans.py")).arg(&folder).arg(count.to_string()).status();
        assert!(made.unwrap().success());
        fs::write(folder.join("done"), "").unwrap();
    }
    folder
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Where the browser leaves its pictures.
fn pictures(name: &str) -> String {
    here(".work/pictures").join(name).display().to_string()
}

/// An office whose person has a token, whose organization has a key in a file, and whose document system is down.
fn four_people(lang: &str) {
    if !has_browser() {
        return;
    }
    let Some(token) = FaultyToken::new(&format!("browser-{lang}"), &[]) else { return };
    let Some(servers) = Servers::start() else { return };
    let organization = format!("[keys.organization]\nuri = \"p12:{}\"", KEYS.path("organization.p12"));
    let office = token.office(&organization);
    let port = free_port();
    let password = office.root.join("dav-password");
    fs::write(&password, "p\n").unwrap();
    private(&password);
    let station = office.root.join("scanseal.toml");
    let text = fs::read_to_string(&station).unwrap();
    let head = text.split("[[destination]]").next().unwrap();
    let dav = format!(
        "[[destination]]\nname = \"dms\"\nkind = \"webdav\"\nurl = \"http://127.0.0.1:{port}/\"\nuser = \"u\"\npassword_file = \"{}\"\n",
        password.display()
    );
    fs::write(&station, format!("{head}{dav}")).unwrap();
    let stage = json!({
        "lang": lang, "workspace": office.root, "scans": letters(20), "pictures": pictures(lang),
        "pin": token::PIN, "password": PIN, "control": token.path("control"),
        "forward": {"from": port, "to": servers.port("basic")}, "delivered": servers.path("apache"),
    });
    run("journey.mjs", &stage, Some(&token));
    let check = office.run(&["journal", "check"]).expect(0);
    assert!(check.events("summary")[0]["entries"].as_u64().unwrap() > 60);
}

fn private(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

#[test]
#[ignore = "several minutes; tests/run web"]
fn four_people_in_vietnamese() {
    four_people("vi");
}

#[test]
#[ignore = "several minutes; tests/run web"]
fn four_people_in_english() {
    four_people("en");
}

#[test]
#[ignore = "a minute; tests/run web"]
fn a_clerk_attests_and_seals() {
    if !has_browser() {
        return;
    }
    let organization = format!("[keys.organization]\nuri = \"p12:{}\"", KEYS.path("organization.p12"));
    let office = Office::new("vn-state", &organization);
    let stage = json!({
        "workspace": office.root, "scans": letters(20), "pictures": pictures("attest"), "password": PIN,
        "delivered": office.destination,
    });
    run("attest.mjs", &stage, None);
}

#[test]
#[ignore = "a minute; tests/run web"]
fn what_goes_wrong_in_a_browser() {
    if !has_browser() {
        return;
    }
    let office = Office::with_files("eidas");
    let stage = json!({"workspace": office.root, "scans": letters(20), "pictures": pictures("wrong")});
    run("wrong.mjs", &stage, None);
}

#[test]
#[ignore = "several minutes; tests/run web"]
fn five_thousand_documents_stay_smooth() {
    if !has_browser() {
        return;
    }
    let (one, many) = (Office::with_files("eidas"), Office::with_files("eidas"));
    stock::fill(&one, 1);
    stock::fill(&many, 5_000);
    let stage =
        json!({"one": one.root, "many": many.root, "scans": letters(20), "pictures": pictures("many")});
    run("smooth.mjs", &stage, None);
}

/// An office with something on every page: paper with its numbers, a document held, letters that wait for a person and for the
/// seal, and an export of the document system in which five things are not as on paper.
fn furnished() -> (Office, Value) {
    let office = routes::office("vn-state");
    office.run(&["outage", "close", "SC-1"]).expect(0);
    let kit = office.run(&["kit", "--count", "20", "--block", "CV:120-134", "-o", "kit.pdf"]).expect(0);
    let kit = kit.events("summary")[0]["kit"].as_str().unwrap().to_owned();
    let window = ["--paper-from", "02/11/2026", "--paper-to", "05/11/2026"];
    let open = ["outage", "open", "SC-7", "--kit", &kit, "--system", "Hệ thống quản lý văn bản và điều hành"];
    office.run(&[&open[..], &window].concat()).expect(0);
    let (scans, manifest) = (crate::support::scans(), crate::support::scans().join("manifest.csv"));
    let (scans, manifest) = (scans.to_str().unwrap(), manifest.to_str().unwrap());
    office.run(&["scan", scans, "--outage", "SC-7", "--manifest", manifest]).expect(0);
    for (name, route) in [("noi-bo", "internal"), ("cong-van", "outgoing")] {
        let file = routes::written(&office, name, &routes::LETTER);
        office.run(&["scan", &file, "--route", route]).expect(0);
    }
    let of = |what: &str, value: &str| {
        let all = office.run(&["list"]).expect(0).events("document");
        let found = all.iter().find(|d| d[what] == value).unwrap_or_else(|| panic!("{what} {value}"));
        found["document"].as_str().unwrap().to_owned()
    };
    let (internal, outgoing) = (of("route", "internal"), of("route", "outgoing"));
    for (id, number) in [(&internal, "code_number=9"), (&outgoing, "code_number=126")] {
        office.run(&["edit", id, "accept-proposals"]).expect(0);
        office
            .run(&["edit", id, "signer_position=KT. CHỦ TỊCH", "signer_name=Lê Văn Cường", number])
            .expect(0);
    }
    let _ = office.run(&["build"]);
    for who in ["an", "binh", "cuong"] {
        routes::sign(&office, who, &[outgoing.as_str()]).expect(0);
    }
    let held = of("state", "held");
    let copies = of("state", "built");
    let unstamped = office.destination.with_file_name("khong-dau.png");
    let mut page = image::open(crate::support::scans().join("Thong bao 88.png")).unwrap().into_rgb8();
    let lower = page.height() / 2;
    page.enumerate_pixels_mut().filter(|(_, y, _)| *y > lower).for_each(|(_, _, pixel)| pixel.0 = [250; 3]);
    page.save(&unstamped).unwrap();
    let cut = letters(20).join("thư 03.jpg");
    for file in [&unstamped, &cut] {
        office.run(&["scan", file.to_str().unwrap(), "--outage", "SC-7"]).expect(0);
    }
    let last = office.run(&["list"]).expect(0).events("document").len();
    let (unstamped, cut) = (format!("D-{:06}", last - 1), format!("D-{last:06}"));
    let stage = json!({
        "workspace": office.root, "pictures": pictures("pages"), "delivered": office.destination, "outage": "SC-7",
        "internal": internal, "outgoing": outgoing, "held": held, "copies": copies, "unstamped": unstamped, "cut": cut, "export": export(&office),
    });
    (office, stage)
}

/// The document system's list of the outage: one signer is another, one number is another, one is there twice, two are not.
fn export(office: &Office) -> PathBuf {
    let all = office.run(&["list"]).expect(0).events("document");
    let papers = all.iter().filter(|d| d["route"] == "recovery");
    let mut text = "Số ký hiệu;Ngày ban hành;Trích yếu;Người ký\n".to_owned();
    for paper in papers {
        let fact = |name: &str| paper["fields"][name].as_str().unwrap_or_default().to_owned();
        let notation = fact("code_notation");
        let (number, signer, times) = match fact("code_number").as_str() {
            "12" => ("12".to_owned(), "Trần Văn Hòa".to_owned(), 1),
            "41" => ("512".to_owned(), fact("signer_name"), 1),
            "23" => ("23".to_owned(), fact("signer_name"), 2),
            "57" | "1042" => continue,
            number => (number.to_owned(), fact("signer_name"), 1),
        };
        let row = format!("{number}/{notation};{};{};{signer}\n", fact("issued_date"), fact("subject"));
        text.push_str(&row.repeat(times));
    }
    let path = office.destination.with_file_name("numbers.csv");
    fs::write(&path, text).unwrap();
    path
}

#[test]
#[ignore = "several minutes; tests/run web"]
fn every_page_in_every_form() {
    if !has_browser() {
        return;
    }
    let (office, stage) = furnished();
    run("pages.mjs", &stage, None);
    office.run(&["journal", "check"]).expect(0);
}

#[test]
fn a_document_from_the_drop_to_the_destination_in_a_browser() {
    if !has_browser() {
        return;
    }
    let office = Office::with_files("eidas");
    let stage = json!({
        "workspace": office.root, "scans": crate::support::scans(), "pictures": pictures("short"),
        "delivered": office.destination,
    });
    run("short.mjs", &stage, None);
}

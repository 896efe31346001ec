//! Manifests, commands, keys and workspaces that do not fit.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::{Case, at, refused};
use crate::support::{KEYS, Office, scans};

pub(super) fn manifests(office: &Office) -> Vec<Case> {
    let folder = tempfile::tempdir().unwrap();
    let (path, input) = (folder.path().join("m.csv"), scans().join("scan_0001.jpg"));
    let (path_text, input) = (path.to_str().unwrap(), input.to_str().unwrap());
    let long = format!("file,subject\nscan_0001.jpg,{}\n", "x".repeat(100_000));
    let cases: [(&str, &[u8], &str); 12] = [
        ("no column file", b"subject,pages\nx,1\n", "manifest_no_file"),
        ("unknown column", b"file,subjekt\nscan_0001.jpg,x\n", "manifest_column"),
        ("column twice", b"file,pages,pages\nscan_0001.jpg,1,1\n", "manifest_column_twice"),
        ("too many values in a row", b"file,pages\nscan_0001.jpg,1,2\n", "manifest_malformed"),
        ("empty", b"", "manifest_no_file"),
        ("row without file", b"file,subject\n,x\n", "manifest_row"),
        ("month before day", b"file,issued_date\nscan_0001.jpg,11/30/2026\n", "bad_field_value"),
        ("pages as words", b"file,pages\nscan_0001.jpg,two\n", "bad_field_value"),
        ("direction unknown", b"file,direction\nscan_0001.jpg,sideways\n", "bad_field_value"),
        ("extract from a scan", "file,copy_form\nscan_0001.jpg,TRÍCH SAO\n".as_bytes(), "extract_from_scan"),
        ("letters of Windows-1258", b"file,subject\nscan_0001.jpg,V\xE0o\n", "manifest_encoding"),
        ("subject of 100,000 letters", long.as_bytes(), "bad_field_value"),
    ];
    let mut refusals = Vec::new();
    for (name, text, code) in cases {
        fs::write(&path, text).unwrap();
        let arguments = ["scan", input, "--outage", "SC-1", "--manifest", path_text];
        refusals.push(refused(name, 2, code, || office.run(&arguments)));
    }
    refusals
}

pub(super) fn commands(office: &Office) -> Vec<Case> {
    let input = scans().join("scan_0001.jpg");
    let input = input.to_str().unwrap();
    let cases: [(&[&str], i32, &str); 19] = [
        (&["frobnicate"], 2, "usage"),
        (&["sign", "--all"], 2, "usage"),
        (&["sign", "--role", "king", "--all"], 2, "usage"),
        (&["scan", input, "--outage", "SC-9"], 2, "outage_unknown"),
        (&["show", "D-000099"], 2, "document_unknown"),
        (&["show", "99"], 2, "bad_document_id"),
        (&["list", "--state", "lost"], 2, "bad_state"),
        (&["edit", "D-000001", "subject"], 2, "bad_change"),
        (&["edit", "D-000001", "colour=red"], 2, "bad_field"),
        (&["edit", "D-000001", "issued_date=30.02.2026"], 2, "bad_field_value"),
        (&["edit", "D-000001", "accept=dpi_low"], 2, "no_such_finding"),
        (&["outage", "open", "SC-1"], 2, "outage_exists"),
        (&["outage", "open", "SC-2", "--paper-from", "13/13/2026"], 2, "bad_time"),
        (&["outage", "show", "SC-9"], 2, "outage_unknown"),
        (&["upload", "--to", "nowhere"], 2, "destination_unknown"),
        (
            &["sign", "--role", "personal", "--all", "--unseen", "read on paper", "--level", "b-lta"],
            2,
            "timestamp_not_named",
        ),
        (&["sign", "--role", "personal", "letter.pdf"], 2, "output_missing"),
        (&["profile", "check", "moon"], 2, "profile_unknown"),
        (&["verify", "missing.pdf"], 4, "file_missing"),
    ];
    let name = |arguments: &[&str]| arguments.join(" ").replace(input, "scan_0001.jpg");
    cases
        .map(|(arguments, exit, code)| refused(&name(arguments), exit, code, || office.run(arguments)))
        .into()
}

pub(super) fn keys(office: &Office) -> Vec<Case> {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8], mode: u32| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path.display().to_string()
    };
    let good = fs::read(KEYS.path("person.p12")).unwrap();
    let pin = format!("?pin-source=file:{}", KEYS.path("pin"));
    let wrong = file("wrong", b"000000", 0o600);
    let open = file("open", crate::support::PIN.as_bytes(), 0o644);
    let cases: [(&str, String, i32, &str); 12] = [
        ("certificate expired", KEYS.uri("expired.p12"), 6, "certificate_expired"),
        ("no such file", format!("p12:lost.p12{pin}"), 6, "key_file_missing"),
        (
            "file is no PKCS#12",
            format!("p12:{}{pin}", file("noise.p12", b"noise", 0o600)),
            6,
            "key_file_damaged",
        ),
        (
            "file cut",
            format!("p12:{}{pin}", file("cut.p12", &good[..good.len() / 2], 0o600)),
            6,
            "key_file_damaged",
        ),
        ("wrong PIN", format!("p12:{}?pin-source=file:{wrong}", KEYS.path("person.p12")), 6, "wrong_pin"),
        (
            "PIN file is not there",
            format!("p12:{}?pin-source=file:/nonexistent/pin", KEYS.path("person.p12")),
            6,
            "pin_file_unreadable",
        ),
        (
            "PIN file that others can read",
            format!("p12:{}?pin-source=file:{open}", KEYS.path("person.p12")),
            6,
            "pin_file_open",
        ),
        ("PIN in the address", format!("p12:{}?pin-value=1", KEYS.path("person.p12")), 2, "pin_in_uri"),
        (
            "command in the address",
            format!("p12:{}?pin-source=|cat", KEYS.path("person.p12")),
            2,
            "pin_in_uri",
        ),
        ("no kind of key", "smoke:signal".to_owned(), 2, "key_uri_invalid"),
        (
            "module that the station does not allow",
            "pkcs11:token=x;object=y?module-path=/nonexistent/module.so".to_owned(),
            6,
            "module_not_allowed",
        ),
        ("token without a module", "pkcs11:token=x;object=y".to_owned(), 6, "module_not_named"),
    ];
    cases
        .map(|(name, key, exit, code)| {
            let arguments = ["sign", "--role", "personal", "--all", "--unseen", "test", "--key", &key];
            refused(name, exit, code, || office.run(&arguments))
        })
        .into()
}

/// Does harm to a workspace.
type Spoil = fn(&Path);

/// What makes a workspace unusable. Each is an office of its own.
pub(super) fn workspaces(office: &Office) -> Vec<Case> {
    let nowhere = tempfile::tempdir().unwrap();
    let root = office.root.to_str().unwrap();
    let input = scans().display().to_string();
    let mut cases = vec![
        refused("no workspace", 8, "workspace_missing", || at(nowhere.path(), &["list"])),
        refused("workspace inside a workspace", 8, "workspace_exists", || {
            at(nowhere.path(), &["init", root, "--profile", "eidas"])
        }),
        refused("drill inside a workspace", 8, "drill_in_workspace", || {
            office.run(&["recover", &input, "--outage", "DR-1", "--drill"])
        }),
    ];
    let spoilt: [(&str, &str, Spoil); 7] = [
        ("others can write the station file", "station_writable", |root| {
            fs::set_permissions(root.join("scanseal.toml"), fs::Permissions::from_mode(0o666)).unwrap();
        }),
        ("unknown line in the station file", "station_invalid", |root| {
            fs::write(root.join("scanseal.toml"), "profile = \"eidas\"\nsurprise = 1\n").unwrap();
        }),
        ("station file that is no TOML", "station_invalid", |root| {
            fs::write(root.join("scanseal.toml"), "<xml>").unwrap();
        }),
        ("station file of another profile", "profile_unknown", |root| {
            fs::write(root.join("scanseal.toml"), "profile = \"moon\"\n[office]\nname = \"x\"\n").unwrap();
        }),
        ("database overwritten", "store_unusable", |root| {
            fs::write(root.join("store.sqlite"), vec![0x5A; 8192]).unwrap();
            // What the write-ahead log still holds would mend it.
            let _ = fs::remove_file(root.join("store.sqlite-wal"));
        }),
        ("database is a folder", "store_unusable", |root| {
            fs::remove_file(root.join("store.sqlite")).unwrap();
            fs::create_dir(root.join("store.sqlite")).unwrap();
        }),
        ("trusted certificate is no certificate", "trust_unreadable", |root| {
            fs::write(root.join("noise.pem"), "noise").unwrap();
            let station =
                "profile = \"eidas\"\n[office]\nname = \"x\"\n[trust]\ncertificates = [\"noise.pem\"]\n";
            fs::write(root.join("scanseal.toml"), station).unwrap();
        }),
    ];
    for (name, code, spoil) in spoilt {
        let office = Office::with_files("eidas");
        spoil(&office.root);
        let command: &[&str] = if code == "trust_unreadable" { &["verify", "any.pdf"] } else { &["list"] };
        let exit = if code == "profile_unknown" { 2 } else { 8 };
        cases.push(refused(name, exit, code, || office.run(command)));
    }
    cases
}

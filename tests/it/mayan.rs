//! `tests/run mayan`, and a part of `tests/run long`: delivery to a real Mayan EDMS 4.12 by the recipe that comes with the program. What
//! lies there is asked of its own interface, not of ours.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Once;
use std::time::{Duration, Instant};

use scanseal::document::Sha256;
use serde_json::Value;

use crate::delivery::Line;
use crate::destinations::receipts;
use crate::kill::write_scans;
use crate::webdav::{Helper, Station, written, written_within};

/// A system that was installed by the script beside the tests.
struct Mayan {
    _helper: Helper,
    folder: tempfile::TempDir,
    told: Value,
}

impl Mayan {
    fn start() -> Self {
        let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/.work/mayan");
        let home = home.to_str().unwrap();
        static INSTALLED: Once = Once::new();
        INSTALLED.call_once(|| Helper::start("mayan.py", &[home, "install"]).ended());
        let folder = tempfile::tempdir().unwrap();
        let helper = Helper::start("mayan.py", &[home, "serve", folder.path().to_str().unwrap()]);
        let told = written_within(&folder.path().join("servers.json"), Duration::from_secs(180));
        let mayan = Self { _helper: helper, folder, told: serde_json::from_str(&told).unwrap() };
        let token = mayan.folder.path().join("token");
        fs::write(&token, format!("{}\n", mayan.text("token"))).unwrap();
        fs::set_permissions(&token, fs::Permissions::from_mode(0o600)).unwrap();
        mayan
    }

    fn text(&self, name: &str) -> &str {
        self.told[name].as_str().unwrap()
    }

    fn port(&self) -> u64 {
        self.told["port"].as_u64().unwrap()
    }

    /// The destination as a station has it: the recipe's name, an address, a token, the type of its documents.
    fn lines(&self, port: &str) -> String {
        format!(
            "kind = \"http\"\nrecipe = \"mayan\"\nurl = \"http://127.0.0.1:{port}\"\ntoken_file = \"{}\"\ntimeout_seconds = 30\n\
             [destination.settings]\ndocument_type = \"{}\"",
            self.folder.path().join("token").display(),
            self.text("document_type")
        )
    }

    /// Stops or starts its worker.
    fn worker(&self, runs: bool) {
        let (off, state) = (self.folder.path().join("worker-off"), self.folder.path().join("worker"));
        match runs {
            true => fs::remove_file(off).unwrap(),
            false => fs::write(off, "").unwrap(),
        }
        let deadline = Instant::now() + Duration::from_secs(60);
        while written(&state) != if runs { "on" } else { "off" } {
            assert!(Instant::now() < deadline);
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn ask(&self, path: &str) -> ureq::http::Response<ureq::Body> {
        let url = format!("http://127.0.0.1:{}{path}", self.port());
        ureq::get(url).header("Authorization", format!("Token {}", self.text("token"))).call().unwrap()
    }

    /// All documents, as its own interface tells them.
    fn documents(&self) -> Vec<Value> {
        let text = self.ask("/api/v4/documents/?page_size=100").body_mut().read_to_string().unwrap();
        let list: Value = serde_json::from_str(&text).unwrap();
        list["results"].as_array().unwrap().clone()
    }

    /// Digests of the files that it gives out, of documents that have one.
    fn held(&self) -> Vec<String> {
        let documents = self.documents();
        let files = documents.iter().filter_map(|document| {
            let file = document["file_latest"]["id"].as_i64()?;
            let path = format!("/api/v4/documents/{}/files/{file}/download/", document["id"]);
            Some(Sha256::of(&self.ask(&path).body_mut().read_to_vec().unwrap()).0)
        });
        let mut all: Vec<String> = files.collect();
        all.sort();
        all
    }
}

/// Digests that the receipts of an outage say, each of them proven by this system.
fn proven(station: &Station, outage: &str) -> Vec<String> {
    let mut all: Vec<String> = receipts(station, outage)
        .iter()
        .map(|receipt| {
            assert_eq!(receipt["proof"], "proven");
            assert!(receipt["remote_id"].as_str().unwrap().starts_with("Mayan EDMS "), "{receipt}");
            receipt["sha256"].as_str().unwrap().to_owned()
        })
        .collect();
    all.sort();
    all
}

#[test]
#[ignore = "installs a document system; run by tests/run long and tests/run mayan"]
fn a_real_mayan_proves_what_it_keeps() {
    let mayan = Mayan::start();
    let station = Station::new(&mayan.lines(&mayan.port().to_string()));
    write_scans(&station.path().join("in"), 3);
    let begun = Instant::now();
    station.recover("in", "DRILL-1").expect(0);
    assert_eq!((proven(&station, "DRILL-1"), mayan.documents().len()), (mayan.held(), 3));
    station.run(&["doctor"]).expect(0);
    println!("| delivered, proven | 3 | 3 | {:.0} s |", begun.elapsed().as_secs_f64());

    let begun = Instant::now();
    station.forget(true);
    station.run(&["upload"]).expect(0);
    assert_eq!((proven(&station, "DRILL-1"), mayan.documents().len()), (mayan.held(), 3));
    println!("| again, after the receipts were lost | 3 | 3 | {:.0} s |", begun.elapsed().as_secs_f64());

    // Its worker stands still: 201 is answered, and there is no file.
    let begun = Instant::now();
    mayan.worker(false);
    write_scans(&station.path().join("idle"), 2);
    assert_eq!(station.recover("idle", "DRILL-2").expect(7).errors(), ["destination_underway"]);
    let states = || station.run(&["list", "--outage", "DRILL-2"]).expect(0).events("document");
    for document in states() {
        assert_eq!((&document["state"], document["receipts"].as_array().unwrap().len()), (&"sent".into(), 0));
    }
    assert_eq!((mayan.documents().len(), mayan.held().len()), (5, 3), "taken down without files");
    mayan.worker(true);
    station.run(&["upload"]).expect(0);
    assert_eq!((proven(&station, "DRILL-2").len(), mayan.documents().len(), mayan.held().len()), (2, 5, 5));
    println!("| worker stopped, then started | 2 | 2 | {:.0} s |", begun.elapsed().as_secs_f64());
}

#[test]
#[ignore = "installs a document system; run by tests/run long and tests/run mayan"]
fn an_answer_that_is_lost_makes_no_second_document_in_a_real_mayan() {
    let mayan = Mayan::start();
    let line = Line::to(mayan.port());
    let station = Station::new(&mayan.lines(line.port()));
    let mut there = 0;
    for (round, works) in [true, false].into_iter().enumerate() {
        let (input, outage, begun) = (format!("in-{round}"), format!("DRILL-{}", round + 1), Instant::now());
        write_scans(&station.path().join(&input), 3);
        if !works {
            mayan.worker(false);
        }
        // Each upload is stored and its answer cut off; all else goes well.
        line.is("lose POST");
        station.recover(&input, &outage).expect(7);
        let after = mayan.documents().len();
        assert!(after > there, "nothing was stored before the line was cut");
        line.is("ok");
        if !works {
            // Its search cannot find what its worker has not looked at.
            let waits = station.run(&["upload"]).expect(7);
            assert_eq!(waits.errors(), ["destination_underway"]);
            mayan.worker(true);
        }
        station.run(&["upload"]).expect(0);
        there += 3;
        assert_eq!((proven(&station, &outage).len(), mayan.documents().len()), (3, there), "works: {works}");
        assert_eq!(mayan.held().len(), there);
        println!(
            "| answer cut off after it was stored{} | 3 | 3 | {:.0} s |",
            if works { "" } else { ", worker stopped" },
            begun.elapsed().as_secs_f64()
        );
    }
}

//! What is handed out on paper and when, and where it has to arrive: kits, times of an outage, required destinations.

use std::fs;

use serde_json::{Value, json};

use crate::reconcile::{faults, summary};
use crate::support::{Office, Run, scans, scanseal};

#[test]
fn a_document_that_a_required_destination_lacks_is_not_delivered() {
    let office = Office::with_files("eidas");
    let station = office.root.join("scanseal.toml");
    let text = fs::read_to_string(&station).unwrap();
    let (dms, side) = (office.destination.display().to_string(), office.destination.with_extension("side"));
    fs::create_dir(&side).unwrap();
    let more = "[[destination]]\nname = \"side\"\nkind = \"folder\"\nrequired = false\n";
    fs::write(&station, format!("{text}{more}path = \"{}\"\n", side.display())).unwrap();
    let away = format!("{dms}.away");
    office.built("scan_0001.jpg");
    office.run(&["sign", "--role", "personal", "--all", "--unseen", "test", "--yes"]).expect(0);
    office.run(&["sign", "--role", "organization", "--all", "--yes"]).expect(0);
    fs::rename(&dms, &away).unwrap();
    office.run(&["upload"]).expect(7);
    let record = office.run(&["show", "D-000001"]).expect(0).events("document").remove(0);
    assert_eq!((record["receipts"].as_array().unwrap().len(), &record["state"]), (1, &json!("queued")));
    assert_eq!(record["entered_at"], Value::Null);
    let run = office.run(&["reconcile", "--outage", "SC-1"]).expect(3);
    assert_eq!(faults(&run), ["missing:D-000001".to_owned()].into());
    fs::rename(&away, &dms).unwrap();
    office.run(&["upload"]).expect(0);
    let run = office.run(&["reconcile", "--outage", "SC-1"]).expect(0);
    assert_eq!(summary(&run)["counts"]["matched"], 1);
    let record = office.run(&["show", "D-000001"]).expect(0).events("document").remove(0);
    assert!(record["entered_at"].is_string());
}

#[test]
fn a_kit_belongs_to_one_outage_and_a_number_to_one_kit() {
    let office = Office::with_files("eidas");
    let print = |name: &str, blocks: &[&str]| {
        let mut all = vec!["kit", "--count", "1", "-o", name];
        all.extend(blocks.iter().flat_map(|block| ["--block", block]));
        office.run(&all)
    };
    let twice = print("a.pdf", &["CV:1-10", "cv:10-20"]).expect(2);
    assert_eq!(twice.errors(), ["blocks_overlap"]);
    assert!(twice.events("error")[0]["message"].as_str().unwrap().contains("cv:10-10"));
    let kit = |run: Run| run.expect(0).events("summary")[0]["kit"].as_str().unwrap().to_owned();
    let first = kit(print("a.pdf", &["CV:1-10", "QĐ:1-10"]));
    let taken = print("b.pdf", &["CV:5-6"]).expect(2);
    assert_eq!(taken.errors(), ["numbers_taken"]);
    assert!(taken.events("error")[0]["message"].as_str().unwrap().contains(&first));
    kit(print("b.pdf", &["CV:11-20", "QD:1-10"]));
    office.run(&["outage", "open", "SC-2", "--kit", &first]).expect(0);
    for more in [&[][..], &["--dry-run"]] {
        let again = office.run(&[&["outage", "open", "SC-3", "--kit", &first][..], more].concat()).expect(2);
        assert_eq!(again.errors(), ["kit_bound"]);
        assert!(again.events("error")[0]["message"].as_str().unwrap().contains("SC-2"));
    }
    // Numbers of an outage that is over are said and not refused: they may be those of another year.
    office.run(&["outage", "close", "SC-2"]).expect(0);
    kit(print("c.pdf", &["CV:1-10"]));
    let told = scanseal(&office.root, &["kit", "--count", "1", "--block", "QĐ:3-4", "-o", "d.pdf"]);
    assert!(told.expect(0).stderr.contains("QĐ:3-4"));
}

#[test]
fn times_of_an_outage_have_an_order_and_it_is_closed_once() {
    let office = Office::with_files("eidas");
    let open = |name: &str, from: &str| office.run(&["outage", "open", name, "--paper-from", from]);
    assert_eq!(open("SC-2", "01/01/2099").expect(2).errors(), ["paper_future"]);
    open("SC-2", "01/11/2026 08:00").expect(0);
    for wrong in ["31/10/2026 08:00", "01/01/2099"] {
        for more in [&[][..], &["--dry-run"]] {
            let run = office.run(&[&["outage", "close", "SC-2", "--restored", wrong][..], more].concat());
            assert_eq!(run.expect(2).errors(), ["restored_time"], "{wrong}");
        }
    }
    office.run(&["outage", "close", "SC-2", "--restored", "02/11/2026 08:00"]).expect(0);
    let again = office.run(&["outage", "close", "SC-2"]).expect(2);
    assert_eq!(again.errors(), ["outage_closed_before"]);
    let shown = office.run(&["outage", "show", "SC-2"]).expect(0);
    assert_eq!(summary(&shown)["outage"]["restored_at"], "2026-11-02T07:00:00Z");
}

#[test]
fn an_outage_that_is_closed_over_open_work_says_so_and_is_opened_again() {
    let office = Office::with_files("eidas");
    let sample = |name: &str| scans().join(name).display().to_string();
    let (first, second) = (sample("scan_0001.jpg"), sample("scan_0002.jpg"));
    office.run(&["scan", &first, "--outage", "SC-1"]).expect(0);
    assert_eq!(office.run(&["outage", "reopen", "SC-1"]).expect(2).errors(), ["outage_not_closed"]);
    let asked = office.run(&["outage", "close", "SC-1", "--dry-run"]).expect(0);
    assert_eq!(summary(&asked)["left"]["held"], 1);
    let told = scanseal(&office.root, &["outage", "close", "SC-1", "--dry-run"]).expect(0).stderr;
    assert!(told.contains("SC-1: held 1; its numbers are not reconciled."), "{told}");
    assert_eq!(summary(&asked)["outage"]["state"], "open");
    let closed = office.run(&["outage", "close", "SC-1", "--yes"]).expect(0);
    assert_eq!(
        (&summary(&closed)["left"]["unreconciled"], &summary(&closed)["outage"]["state"]),
        (&true.into(), &"closed".into())
    );
    let late = office.run(&["scan", &second, "--outage", "SC-1"]).expect(2);
    assert_eq!(late.errors(), ["outage_closed"]);
    assert!(late.events("error")[0]["advice"].as_str().unwrap().contains("outage reopen SC-1"));
    let again = office.run(&["outage", "reopen", "SC-1"]).expect(0);
    assert_eq!(summary(&again)["outage"]["state"], "recovering");
    office.run(&["scan", &second, "--outage", "SC-1"]).expect(0);
    office.run(&["journal", "check"]).expect(0);
    // A record without paper and numbers leaves nothing open.
    office.run(&["outage", "open", "SC-2"]).expect(0);
    let none = scanseal(&office.root, &["outage", "close", "SC-2"]).expect(0).stderr;
    assert!(!none.contains("Not done yet"), "{none}");
}

#[test]
fn a_notice_without_documents_says_so_and_its_sections_are_numbered() {
    let office = Office::with_files("vn-state");
    for (lang, none, last) in
        [("vi", "không có gì phải làm rõ", "3. Kết luận"), ("en", "nothing to account for", "3. Conclusion")]
    {
        let path = office.root.join(format!("{lang}.pdf"));
        let notice = ["report", "--outage", "SC-1", "--lang", lang, "-o", path.to_str().unwrap()];
        office.run(&notice).expect(0);
        crate::register::says(&path, &[none, last]);
    }
    let strange = ["report", "--outage", "SC-1", "--signer", "王 Nghĩa", "--lang", "en", "-o", "x.pdf"];
    let strange = scanseal(&office.root, &strange).expect(0);
    assert!(strange.stderr.contains("The font has no 王"), "{}", strange.stderr);
}

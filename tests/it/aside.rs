//! A queue that does not go on by itself: destinations that change in the station file, folders with odd things in them, shares that
//! are not mounted, and what a person is told about each.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};

use crate::kill::write_scans;
use crate::support::{Run, scanseal};
use crate::webdav::Station;

/// A drill with one delivered document and folders for destinations beside it.
struct Desk(Station);

impl Desk {
    fn new() -> Self {
        Self(Station::new("kind = \"folder\"\npath = \"unused\""))
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The station names these destinations now: name, folder, and further lines. Folders whose name begins so are not made.
    fn name(&self, destinations: &[(&str, &str, &str)]) {
        let file = self.folder("scanseal-drill").join("scanseal.toml");
        let text = fs::read_to_string(&file).unwrap();
        let mut text = text.split("[[destination]]").next().unwrap().to_owned();
        for (name, folder, lines) in destinations {
            let path = self.folder(folder).display().to_string();
            if !folder.starts_with("not-there") {
                fs::create_dir_all(&path).unwrap();
            }
            text += &format!(
                "[[destination]]\nname = {name:?}\nkind = \"folder\"\npath = {path:?}\ndrill = true\n{lines}\n"
            );
        }
        fs::write(&file, text).unwrap();
    }

    fn recover(&self, input: &str, count: u32) -> Run {
        write_scans(&self.folder(input), count);
        self.0.recover(input, &format!("DRILL-{input}"))
    }

    fn run(&self, arguments: &[&str]) -> Run {
        self.0.run(arguments)
    }

    fn spoken(&self, arguments: &[&str]) -> String {
        let run = scanseal(&self.folder("scanseal-drill"), &[arguments, &["--lang", "en"]].concat());
        format!("{}{}", run.stdout, run.stderr)
    }

    fn document(&self, id: &str) -> Value {
        self.run(&["show", id]).expect(0).events("document").remove(0)
    }

    fn summary(&self) -> Value {
        self.run(&["status"]).expect(0).events("summary").remove(0)
    }

    fn files(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.folder(folder)).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Document and destination of each line of the plan.
    fn plan(&self) -> Vec<(String, String)> {
        let lines = self.run(&["upload", "--dry-run"]).expect(0).events("plan");
        let text = |line: &Value, name: &str| line[name].as_str().unwrap().to_owned();
        lines.iter().map(|line| (text(line, "document"), text(line, "destination"))).collect()
    }
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(document, to)| ((*document).to_owned(), (*to).to_owned())).collect()
}

#[test]
fn a_destination_that_is_renamed_gets_what_its_old_name_was_owed() {
    let desk = Desk::new();
    desk.name(&[("old", "not-there", "")]);
    desk.recover("in", 2).expect(7);
    desk.name(&[("new", "dms", "")]);
    let status = desk.summary();
    assert_eq!(status["unnamed"], json!([{"name": "old", "documents": 2, "open": 2}]));
    assert!(desk.spoken(&["status"]).contains("old: scanseal.toml does not name it any more"));
    assert!(desk.spoken(&["doctor"]).contains("does not name the destination old"));
    assert_eq!(desk.plan(), pairs(&[("D-000002", "new"), ("D-000003", "new")]));
    let run = desk.run(&["upload"]).expect(0);
    assert_eq!(run.errors(), ["destination_unnamed"], "told once");
    assert_eq!(desk.files("dms"), ["D-000002.pdf", "D-000003.pdf"]);
    for id in ["D-000002", "D-000003"] {
        assert_eq!(desk.document(id)["state"], "delivered");
    }
    assert!(desk.run(&["upload"]).expect(0).errors().is_empty());
    desk.run(&["journal", "check"]).expect(0);
    // The name is put back: what it was owed goes there as well.
    desk.name(&[("new", "dms", ""), ("old", "second", "")]);
    assert!(desk.summary()["unnamed"].as_array().unwrap().is_empty());
    desk.run(&["upload"]).expect(0);
    assert_eq!(desk.files("second"), ["D-000002.pdf", "D-000003.pdf"]);
}

#[test]
fn a_required_destination_that_is_added_later_gets_what_is_on_its_way() {
    let desk = Desk::new();
    desk.name(&[("a", "a", ""), ("away", "not-there", "")]);
    desk.recover("in", 2).expect(7);
    assert_eq!(desk.document("D-000002")["state"], "queued");
    desk.name(&[("a", "a", ""), ("away", "there-now", ""), ("b", "b", "")]);
    let wanted = [("D-000002", "away"), ("D-000002", "b"), ("D-000003", "away"), ("D-000003", "b")];
    assert_eq!(desk.plan(), pairs(&wanted));
    // One destination alone does not make them delivered, as long as another one has to have them.
    desk.run(&["upload", "--to", "away"]).expect(0);
    assert_eq!(desk.document("D-000002")["state"], "queued");
    desk.run(&["upload"]).expect(0);
    assert_eq!(
        (desk.files("b"), desk.document("D-000003")["state"].clone()),
        (desk.files("a"), "delivered".into())
    );
    assert!(desk.files("b").len() == 2, "what was delivered before stays so");
    assert!(desk.plan().is_empty());
    desk.run(&["journal", "check"]).expect(0);
}

/// The station says that it is not required any more, or takes it away: nothing is left to wait for.
#[test]
fn what_is_not_required_any_more_keeps_no_document() {
    let desk = Desk::new();
    desk.name(&[("a", "a", ""), ("away", "not-there", "")]);
    desk.recover("in", 1).expect(7);
    desk.name(&[("a", "a", ""), ("away", "not-there", "required = false")]);
    desk.run(&["upload"]).expect(7);
    assert_eq!(desk.document("D-000002")["state"], "delivered");

    desk.name(&[("a", "a", ""), ("away", "not-there", "")]);
    desk.recover("more", 1).expect(7);
    desk.name(&[("a", "a", "")]);
    desk.run(&["upload"]).expect(0);
    assert_eq!(desk.document("D-000003")["state"], "delivered");
    desk.run(&["journal", "check"]).expect(0);
}

#[test]
fn destinations_that_would_get_in_each_others_way_are_refused() {
    let desk = Desk::new();
    let both = |first: (&str, &str), second: (&str, &str)| {
        desk.name(&[(first.0, first.1, ""), (second.0, second.1, "")]);
        desk.run(&["status"]).expect(8).errors()
    };
    for (first, second) in [
        (("dms", "a"), ("dms/2", "b")),
        (("dms", "a"), ("DMS", "b")),
        (("dms", "a"), ("", "b")),
        (("dms", "a"), ("other", "a")),
        (("dms", "a"), ("ours", "scanseal-drill/out")),
    ] {
        assert_eq!(both(first, second), ["destination_place"], "{first:?} {second:?}");
    }
    assert!(desk.spoken(&["status"]).contains("lies inside the workspace"));
}

#[test]
fn what_was_set_aside_is_named_with_its_reason_and_the_others_go_on() {
    let desk = Desk::new();
    desk.name(&[("dms", "dms", "")]);
    let at = |name: &str| desk.folder("dms").join(name);
    fs::create_dir(at("D-000002.pdf")).unwrap();
    assert!(Command::new("mkfifo").arg(at("D-000003.pdf")).status().unwrap().success());
    fs::write(at("D-000004.pdf"), "theirs").unwrap();
    let run = desk.recover("in", 4).expect(3);
    assert_eq!(run.errors(), ["destination_conflict"]);
    assert_eq!(desk.document("D-000005")["state"], "delivered", "behind three odd names");
    for id in ["D-000002", "D-000003", "D-000004"] {
        let aside = &desk.document(id)["set_aside"];
        assert_eq!(aside.as_array().unwrap().len(), 1);
        assert_eq!(
            (&aside[0]["destination"], &aside[0]["last_error"]),
            (&json!("dms"), &json!("destination_conflict"))
        );
    }
    assert!(desk.document("D-000005").get("set_aside").is_none());
    let shown = desk.spoken(&["show", "D-000002"]);
    assert!(
        shown.contains("Refused by: dms: Another file lies at dms under the name D-000002.pdf"),
        "{shown}"
    );
    assert!(shown.contains("then run scanseal upload again"), "{shown}");
    assert!(desk.spoken(&["list"]).contains("Set aside at dms"));
    let status = desk.spoken(&["status"]);
    assert!(status.contains("D-000002 (dms), D-000003 (dms), D-000004 (dms)"), "{status}");
    assert!(!status.contains("Waiting to be delivered"), "{status}");
    assert!(status.contains("dms: works. Waiting 0, delivered 1, set aside 3."), "{status}");
    let doctor = desk.spoken(&["doctor"]);
    assert!(doctor.contains("D-000003 (dms: destination_conflict)"), "{doctor}");
    assert_eq!(desk.summary()["set_aside"].as_array().unwrap().len(), 3);

    fs::remove_dir(at("D-000002.pdf")).unwrap();
    fs::remove_file(at("D-000003.pdf")).unwrap();
    fs::remove_file(at("D-000004.pdf")).unwrap();
    desk.run(&["upload"]).expect(0);
    assert!(desk.document("D-000002").get("set_aside").is_none());
    desk.run(&["journal", "check"]).expect(0);
}

#[test]
fn a_destination_that_waits_for_a_person_is_not_called_away() {
    let desk = Desk::new();
    let file = desk.folder("scanseal-drill").join("scanseal.toml");
    desk.name(&[]);
    let mail = "[[destination]]\nname = \"mail\"\nkind = \"email\"\nurl = \"smtp://127.0.0.1:9\"\nfrom = \"no mailbox\"\n\
                to = [\"a@b.example\"]\ndrill = true\n";
    fs::write(&file, fs::read_to_string(&file).unwrap() + mail).unwrap();
    assert_eq!(desk.recover("in", 1).expect(3).errors(), ["mailbox_wrong"]);
    let status = desk.summary();
    let mail = &status["destinations"][0];
    assert_eq!((&mail["state"], &mail["until"]), (&json!("blocked"), &Value::Null));
    let status = desk.spoken(&["status"]);
    assert!(status.contains("mail: waits for a person. Waiting 1"), "{status}");
    assert!(!status.contains("looked at again from"), "{status}");
}

/// A folder under which a share is mounted, as long as the test lives.
struct Share(PathBuf);

impl Share {
    fn mount(&self) -> bool {
        let mount = Command::new("mount").args(["-t", "tmpfs", "tmpfs"]).arg(&self.0).output();
        mount.is_ok_and(|mount| mount.status.success())
    }

    fn unmount(&self) -> bool {
        Command::new("umount").arg(&self.0).output().is_ok_and(|umount| umount.status.success())
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.unmount();
    }
}

#[test]
fn a_share_that_is_not_mounted_any_more_takes_nothing() {
    let desk = Desk::new();
    desk.name(&[("share", "share", "")]);
    let share = Share(desk.folder("share"));
    if !share.mount() {
        return; // only root may
    }
    desk.recover("in", 1).expect(0);
    assert_eq!(desk.files("share"), ["D-000002.pdf"]);
    assert!(share.unmount());
    let run = desk.recover("more", 1).expect(7);
    assert_eq!(run.errors(), ["destination_unmounted"]);
    assert!(desk.files("share").is_empty());
    let doctor = desk.run(&["doctor"]);
    assert!(doctor.stdout.contains("destination_unmounted") && desk.files("share").is_empty());
    assert!(share.mount());
    desk.run(&["upload"]).expect(0);
    assert_eq!(desk.files("share"), ["D-000003.pdf"]);
    // A folder of this computer under another name is another folder.
    assert!(share.unmount());
    desk.name(&[("here", "share", "")]);
    desk.recover("last", 1).expect(0);
}

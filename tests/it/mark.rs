//! The mark of the conversion and the transfer note (Decree 137/2024 Art. 4; BSI TR-03138 A.NB.4): on the page, in the metadata,
//! under the signatures.

use std::fs;

use crate::paper::{Form, Stack, numbered};
use crate::support::{Office, other};

const MARK: &str = "Converted from paper by Ủy ban nhân dân xã Mường Lam";

/// Text of every page as another program reads it.
fn pages(office: &Office, bytes: &[u8]) -> Option<Vec<String>> {
    let file = office.destination.with_extension("pdf");
    fs::write(&file, bytes).unwrap();
    let (good, text) = other("pdftotext", &["-layout", file.to_str().unwrap(), "-"])?;
    assert!(good, "{text}");
    Some(text.strip_suffix('\u{c}').unwrap_or(&text).split('\u{c}').map(str::to_owned).collect())
}

/// A sample of several pages, built.
fn built(show: &str) -> Office {
    let office = Office::with_files("eidas");
    office.change_profile("show = \"last_page\"", &format!("show = \"{show}\""));
    let mut stack = Stack::new();
    (0..2).for_each(|number| stack.page(&numbered(number, 620), 75, Form::Grey));
    let sample = office.destination.with_extension("tif");
    stack.write(&sample);
    office.run(&["scan", sample.to_str().unwrap(), "--outage", "SC-1"]).expect(0);
    office.run(&["edit", "D-000001", "subject=Kế hoạch"]).expect(0);
    office.run(&["build"]).expect(0);
    office
}

#[test]
fn the_mark_is_drawn_where_the_profile_says_and_stands_in_the_metadata_in_any_case() {
    for (show, first, last) in
        [("last_page", false, true), ("every_page", true, true), ("none", false, false)]
    {
        let office = built(show);
        let bytes = office.latest("D-000001");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(text.contains(&format!("<recovery:conversionMark>{MARK}")), "{show}");
        let Some(pages) = pages(&office, &bytes) else { continue };
        assert_eq!(pages.len(), 2);
        let has = |page: &String| page.contains(MARK);
        assert_eq!((has(&pages[0]), has(pages.last().unwrap())), (first, last), "{show}: {pages:?}");
    }
}

#[test]
fn the_transfer_note_has_its_six_parts_under_every_signature() {
    let office = built("last_page");
    let before = office.latest("D-000001");
    let text = String::from_utf8_lossy(&before).into_owned();
    let note = text.split("<recovery:transferNote>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    for part in
        ["a) Created by: Ủy ban nhân dân xã Mường Lam, station-1", "b) Environment: scanseal ", "jbig2"]
    {
        assert!(note.contains(part), "{part}: {note}");
    }
    for part in [
        "c) Anomalies: ",
        "d) Time: scan taken in ",
        "e) Quality check: ",
        "f) Statement: Picture and content agree",
    ] {
        assert!(note.contains(part), "{part}: {note}");
    }
    office.run(&["sign", "--role", "personal", "--all", "--unseen", "rehearsal"]).expect(0);
    office.run(&["sign", "--role", "organization", "--all"]).expect(0);
    assert!(office.latest("D-000001").starts_with(&before));
    let (note, mark) = (text.find("<recovery:transferNote>"), text.find("<recovery:conversionMark>"));
    assert!(note.is_some() && mark.is_some());
    office.run(&["verify", "D-000001"]).expect(0);
}

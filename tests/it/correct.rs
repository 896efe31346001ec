//! Look, correct, attest, before anybody signs: pages, facts, manifests, and what was built already.

use std::fs;

use serde_json::Value;

use crate::paper::{Form, Stack, numbered};
use crate::support::{Office, scans, scanseal};

/// A document of pages whose widths tell them apart: page `n` is `500 + 10 n` pixels wide.
fn document(office: &Office, name: &str, numbers: &[u32]) {
    let mut stack = Stack::new();
    numbers.iter().for_each(|n| stack.page(&numbered(*n, 500 + 10 * *n as usize), 100, Form::Grey));
    let path = office.destination.join(name);
    stack.write(&path);
    office.run(&["scan", path.to_str().unwrap(), "--outage", "SC-1"]).expect(0);
}

/// Which pages a document has, by its previews; a page that lies on its side counts from 1000.
fn pages(office: &Office, document: &str) -> Vec<u32> {
    let folder = tempfile::tempdir().unwrap();
    office.run(&["pages", document, "preview", "-o", folder.path().to_str().unwrap()]).expect(0);
    let mut names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|f| f.unwrap().path()).collect();
    names.sort();
    let number = |(width, height): (u32, u32)| match height {
        877 => (width - 500) / 10,
        _ => 1_000 + (height - 500) / 10,
    };
    names.iter().map(|p| number(image::image_dimensions(p).unwrap())).collect()
}

fn show(office: &Office, document: &str) -> Value {
    office.run(&["show", document]).expect(0).events("document").remove(0)
}

#[test]
fn every_correction_of_pages_does_what_it_says_and_can_be_undone() {
    let office = Office::with_files("drill");
    document(&office, "a.tif", &[1, 2, 3, 4]);
    document(&office, "b.tif", &[5, 6]);
    let sources = show(&office, "D-000001")["source_sha256"].clone();
    let pages_of = |id: &str| pages(&office, id);
    let run = |arguments: &[&str]| office.run(&[&["pages", "D-000001"], arguments].concat());
    run(&["rotate", "1,3-4", "90"]).expect(0);
    assert_eq!(pages_of("D-000001"), [1_001, 2, 1_003, 1_004]);
    run(&["rotate", "1", "270"]).expect(0);
    assert_eq!(pages_of("D-000001"), [1, 2, 1_003, 1_004]);
    run(&["undo"]).expect(0);
    run(&["undo"]).expect(0);
    assert_eq!(pages_of("D-000001"), [1, 2, 3, 4]);
    assert_eq!(run(&["undo"]).expect(2).errors(), ["nothing_to_undo"]);
    run(&["move", "4", "1"]).expect(0);
    assert_eq!(pages_of("D-000001"), [4, 1, 2, 3]);
    run(&["split", "3"]).expect(0);
    assert_eq!((pages_of("D-000001"), pages_of("D-000003")), (vec![4, 1], vec![2, 3]));
    run(&["merge", "D-000002"]).expect(0);
    assert_eq!(pages_of("D-000001"), [4, 1, 5, 6]);
    assert_eq!(office.state("D-000002"), "replaced");
    run(&["undo"]).expect(0);
    assert_eq!((pages_of("D-000001"), pages_of("D-000002")), (vec![4, 1], vec![5, 6]));
    assert_eq!(office.state("D-000002"), "captured");
    run(&["undo"]).expect(0);
    assert_eq!((pages_of("D-000001"), office.state("D-000003")), (vec![4, 1, 2, 3], "dropped".to_owned()));
    let fresh = office.destination.join("fresh.tif");
    let mut stack = Stack::new();
    [8, 9].iter().for_each(|n| stack.page(&numbered(*n, 500 + 10 * *n as usize), 100, Form::Grey));
    stack.write(&fresh);
    run(&["replace", "2", fresh.to_str().unwrap(), "--from", "2"]).expect(0);
    assert_eq!(pages_of("D-000001"), [4, 9, 2, 3]);
    run(&["drop", "3", "--reason", "quét hai lần"]).expect(0);
    assert_eq!(pages_of("D-000001"), [4, 9, 3]);
    let shown = show(&office, "D-000001");
    let reasons: Vec<&Value> =
        shown["dropped_pages"].as_array().unwrap().iter().map(|d| &d["reason"]).collect();
    assert_eq!(reasons, ["fresh.tif", "quét hai lần"], "no page disappears");
    run(&["undo"]).expect(0);
    run(&["undo"]).expect(0);
    run(&["undo"]).expect(0);
    assert_eq!(pages_of("D-000001"), [1, 2, 3, 4]);
    assert_eq!(show(&office, "D-000001")["source_sha256"], sources);
    run(&["drop", "1-4", "--reason", "không phải văn bản"]).expect(0);
    assert_eq!(office.state("D-000001"), "dropped");
    assert_eq!(run(&["rotate", "1", "90"]).expect(4).errors(), ["wrong_state"]);
    run(&["undo"]).expect(0);
    assert_eq!((pages_of("D-000001"), office.state("D-000001")), (vec![1, 2, 3, 4], "captured".to_owned()));
    office.run(&["journal", "check"]).expect(0);
    office.run(&["build", "D-000001"]).expect(0);
}

#[test]
fn corrections_that_cannot_be_are_refused_and_change_nothing() {
    let office = Office::with_files("drill");
    document(&office, "a.tif", &[1, 2]);
    for (arguments, code) in [
        (&["rotate", "3", "90"][..], "page_unknown"),
        (&["rotate", "1", "45"], "usage"),
        (&["move", "1", "9"], "page_unknown"),
        (&["split", "1"], "page_unknown"),
        (&["drop", "1", "--reason", " "], "reason_missing"),
        (&["drop", "1"], "usage"),
        (&["merge", "D-000001"], "options_conflict"),
    ] {
        let run = office.run(&[&["pages", "D-000001"], arguments].concat());
        assert_eq!((run.code, run.errors()), (2, vec![code.to_owned()]), "{arguments:?}");
    }
    assert_eq!(pages(&office, "D-000001"), [1, 2]);
}

#[test]
fn an_undo_keeps_facts_and_stops_where_others_went_on() {
    let office = Office::with_files("drill");
    document(&office, "a.tif", &[1, 2, 3]);
    office.run(&["pages", "D-000001", "split", "3"]).expect(0);
    office.run(&["edit", "D-000001", "subject=Mới"]).expect(0);
    office.run(&["pages", "D-000002", "rotate", "1", "180"]).expect(0);
    assert_eq!(office.run(&["pages", "D-000001", "undo"]).expect(4).errors(), ["undo_too_late"]);
    office.run(&["pages", "D-000002", "undo"]).expect(0);
    office.run(&["pages", "D-000001", "undo"]).expect(0);
    let shown = show(&office, "D-000001");
    assert_eq!((shown["pages"].as_u64(), shown["fields"]["subject"].as_str()), (Some(3), Some("Mới")));
}

#[test]
fn what_is_built_opens_again_and_what_is_signed_does_not() {
    let office = Office::with_files("eidas");
    office.built("scan_0001.jpg");
    let first = show(&office, "D-000001")["revisions"][0]["sha256"].clone();
    office.run(&["edit", "D-000001", "subject=Đã sửa"]).expect(0);
    let open = show(&office, "D-000001");
    assert_eq!((open["state"].as_str(), open["bytes_out"].as_u64()), (Some("captured"), Some(0)));
    assert_eq!(open["revisions"][0]["reason"], "build:replaced");
    let refused = office.run(&["sign", "--role", "personal", "D-000001", "--unseen", "test"]);
    assert_ne!(refused.code, 0, "a version that was replaced is not signed");
    office.run(&["build"]).expect(0);
    let built = show(&office, "D-000001");
    assert_eq!(
        (built["state"].as_str(), built["revisions"].as_array().map(Vec::len)),
        (Some("built"), Some(2))
    );
    assert_ne!(built["revisions"][1]["sha256"], first);
    office.run(&["pages", "D-000001", "rotate", "1", "180"]).expect(0);
    office.run(&["attest", "D-000001", "--by", "Nguyễn Thị Hồng Vân"]).expect(0);
    office.run(&["build"]).expect(0);
    office.run(&["sign", "--role", "personal", "D-000001", "--unseen", "test"]).expect(0);
    for late in [
        &["edit", "D-000001", "subject=x"][..],
        &["pages", "D-000001", "rotate", "1", "90"],
        &["pages", "D-000001", "undo"],
    ] {
        let run = office.run(late).expect(4);
        assert!(["document_signed", "undo_too_late"].contains(&run.errors()[0].as_str()), "{late:?}");
    }
    let kept = first.as_str().unwrap();
    assert!(office.root.join("blobs").join(&kept[..2]).join(kept).exists(), "the replaced version is kept");
}

#[test]
fn a_corrected_manifest_corrects_what_nobody_signed_and_leaves_what_a_person_changed() {
    let office = Office::with_files("eidas");
    let scan = scans().join("scan_0001.jpg");
    let manifest = office.destination.join("m.csv");
    let give = |text: &str| {
        fs::write(&manifest, text).unwrap();
        office.run(&[
            "scan",
            scan.to_str().unwrap(),
            "--outage",
            "SC-1",
            "--manifest",
            manifest.to_str().unwrap(),
        ])
    };
    give("file;subject;signer_name\nscan_0001.jpg;Một;An\n").expect(0);
    office.run(&["edit", "D-000001", "signer_name=Bình"]).expect(0);
    let same = give("file;subject;signer_name\nscan_0001.jpg;Một;An\n").expect(0);
    assert!(!same.events("finding").iter().any(|f| f["code"] == "manifest_updated"));
    office.run(&["build"]).expect(0);
    let told = give("file;subject;signer_name\nscan_0001.jpg;Hai;An\n").expect(0);
    assert!(told.events("finding").iter().any(|f| f["code"] == "manifest_updated"));
    let fields = show(&office, "D-000001")["fields"].clone();
    assert_eq!((fields["subject"].as_str(), fields["signer_name"].as_str()), (Some("Hai"), Some("Bình")));
    assert_eq!(office.state("D-000001"), "captured", "it has to be built again");
    office.run(&["build"]).expect(0);
    office.run(&["sign", "--role", "personal", "D-000001", "--unseen", "test"]).expect(0);
    let late = give("file;subject;signer_name\nscan_0001.jpg;Ba;An\n").expect(0);
    assert!(late.events("finding").iter().any(|f| f["code"] == "manifest_too_late"));
    assert_eq!(show(&office, "D-000001")["fields"]["subject"], "Hai");
}

#[test]
fn a_table_with_fewer_columns_erases_nothing() {
    let office = Office::with_files("eidas");
    let scan = scans().join("scan_0001.jpg");
    let manifest = office.destination.join("m.csv");
    let take_in = ["scan", scan.to_str().unwrap(), "--outage", "SC-1"];
    let give = |text: &str| {
        fs::write(&manifest, text).unwrap();
        office.run(&[&take_in[..], &["--manifest", manifest.to_str().unwrap()]].concat()).expect(0)
    };
    let facts = || {
        let fields = show(&office, "D-000001")["fields"].clone();
        let fact = |name: &str| fields[name].as_str().unwrap_or_default().to_owned();
        ["subject", "secrecy", "paper_location", "direction"].map(fact)
    };
    office.run(&take_in).expect(0);
    office.run(&["edit", "D-000001", "subject=Một", "secrecy=Thường", "direction=incoming"]).expect(0);
    give("file;paper_location\nscan_0001.jpg;Tủ 3\n");
    assert_eq!(facts(), ["Một", "Thường", "Tủ 3", "incoming"], "typed by hand");
    give("file;subject;secrecy;direction\nscan_0001.jpg;Hai;;\n");
    assert_eq!(facts(), ["Hai", "Thường", "Tủ 3", "incoming"], "no row has given a secrecy before");
    give("file;subject;paper_location\nscan_0001.jpg;;Tủ 4\n");
    assert_eq!(facts(), ["", "Thường", "Tủ 4", "incoming"], "an emptied cell takes away what the table gave");
}

#[test]
fn paper_that_was_signed_before_its_outage_began_is_told() {
    let office = Office::with_files("eidas");
    let scan = scans().join("scan_0001.jpg");
    office.run(&["scan", scan.to_str().unwrap(), "--outage", "SC-1"]).expect(0);
    let told = |at: &str| {
        let fact = format!("paper_signed_at={at}");
        let record = office.run(&["edit", "D-000001", &fact]).expect(0).events("document").remove(0);
        record["findings"].as_array().unwrap().iter().any(|f| f["code"] == "paper_before_outage")
    };
    assert!(told("01/01/2020 08:00") && !told("31/12/2099 08:00"));
}

#[test]
fn what_is_missing_is_given_and_not_accepted_away() {
    let office = Office::with_files("vn-state");
    let scan = scans().join("scan_0001.jpg");
    office.run(&["scan", scan.to_str().unwrap(), "--outage", "SC-1"]).expect(0);
    let run = office.run(&["edit", "D-000001", "accept=field_missing:không cần"]).expect(4);
    assert_eq!(run.errors(), ["facts_missing"]);
    let error = &run.events("error")[0];
    assert!(error["message"].as_str().unwrap().contains("code_number, code_notation"), "{error}");
    assert!(error["advice"].as_str().unwrap().contains("code_number=... code_notation=..."), "{error}");
}

#[test]
fn manifests_of_spreadsheet_programs_are_read_or_refused_with_their_line() {
    let office = Office::with_files("drill");
    let scan = scans().join("scan_0001.jpg");
    let manifest = office.destination.join("m.csv");
    let give = |bytes: &[u8], code: i32| {
        fs::write(&manifest, bytes).unwrap();
        let run = office.run(&[
            "scan",
            scan.to_str().unwrap(),
            "--outage",
            "SC-1",
            "--manifest",
            manifest.to_str().unwrap(),
        ]);
        run.expect(code)
    };
    let old = give(b"file;subject\r\nscan_0001.jpg;V\xEA\xCC vi\xEA\xF2c s\xFD\xD2a ch\xFD\xDEa\r\n", 2);
    assert_eq!(old.errors(), ["manifest_legacy"]);
    let long = format!("file,issued_date\nscan_0001.jpg,{}\n", "x".repeat(3_000));
    let long = give(long.as_bytes(), 2);
    let message = long.events("error")[0]["message"].as_str().unwrap().to_owned();
    assert!(message.contains("Line 2") && message.len() < 300, "{message}");
    let missing = give("file,subject\nscan_0001.jpg,Một\nscan_9999.jpg,Hai\n".as_bytes(), 3);
    assert_eq!(missing.errors(), ["manifest_file_missing"]);
    let wide: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain("file\tsubject\r\nscan_0001.jpg\tQuyết định\r\n".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    give(&wide, 0);
    assert_eq!(show(&office, "D-000001")["fields"]["subject"], "Quyết định");
}

#[test]
fn paper_outside_its_time_needs_a_reason_and_a_number_is_taken_once() {
    let office = Office::with_files("drill");
    for (reference, from, to, code) in [
        ("SC-2", "05/11/2026", "01/11/2026", "paper_window"),
        ("../x y'", "01/11/2026", "05/11/2026", "outage_reference"),
    ] {
        let run =
            office.run(&["outage", "open", reference, "--paper-from", from, "--paper-to", to]).expect(2);
        assert_eq!(run.errors(), [code]);
    }
    assert_eq!(
        office.run(&["outage", "open", "SC-2", "--kit", "AAAAAA"]).expect(2).errors(),
        ["kit_unknown"]
    );
    office
        .run(&["outage", "open", "SC-3", "--paper-from", "01/11/2026", "--paper-to", "05/11/2026"])
        .expect(0);
    let manifest = office.destination.join("m.csv");
    let rows = "scan_0001.jpg,12,QĐ-UBND,02/11/2026,UBND xã A,09/11/2026 08:00\nscan_0002.jpg,12,QĐ-UBND,03/11/2026,UBND xã A,02/11/2026 08:00\n";
    fs::write(
        &manifest,
        format!("file,code_number,code_notation,issued_date,organ_name,paper_signed_at\n{rows}"),
    )
    .unwrap();
    let inputs: Vec<String> =
        ["scan_0001.jpg", "scan_0002.jpg"].iter().map(|n| scans().join(n).display().to_string()).collect();
    let run = office
        .run(&["scan", &inputs[0], &inputs[1], "--outage", "SC-3", "--manifest", manifest.to_str().unwrap()])
        .expect(0);
    let found = |document: &str, code: &str| {
        run.events("finding").iter().any(|f| f["document"] == document && f["code"] == code)
    };
    assert!(found("D-000001", "outside_paper_window") && !found("D-000002", "outside_paper_window"));
    assert!(found("D-000002", "number_taken") && !found("D-000001", "number_taken"));
    assert_eq!(office.state("D-000001"), "held");
    let bare = office.run(&["edit", "D-000001", "accept=outside_paper_window"]).expect(2);
    assert_eq!(bare.errors(), ["reason_missing"]);
    office.run(&["edit", "D-000001", "accept=outside_paper_window:ký trên đường đi công tác"]).expect(0);
    let finding = show(&office, "D-000001")["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["code"] == "outside_paper_window")
        .cloned()
        .unwrap();
    assert_eq!(finding["reason"], "ký trên đường đi công tác");
    assert!(finding["accepted_by"].is_string());
    assert_eq!(office.state("D-000001"), "captured");
    let edited = office.run(&["edit", "D-000002", "code_number=13"]).expect(0);
    assert!(!edited.events("finding").iter().any(|f| f["code"] == "number_taken"), "mended");
}

#[test]
fn commands_say_what_they_left_to_do_and_show_speaks_the_language_of_the_office() {
    let office = Office::with_files("eidas");
    office.built("scan_0001.jpg");
    let spoken = |lang: &str, arguments: &[&str]| {
        let run = scanseal(&office.root, &[arguments, &["--lang", lang]].concat());
        run.stdout + &run.stderr
    };
    let edited = spoken("en", &["edit", "D-000001", "note=x"]);
    assert!(
        edited.contains("D-000001 was PDF/A already") && edited.contains("scanseal build D-000001"),
        "{edited}"
    );
    let shown = spoken("vi", &["show", "D-000001"]);
    for words in ["Ghi chú (note): x", "Nhận bản quét lúc: ", "Phiên bản: mở lại để sửa, ", "Sự cố: SC-1"]
    {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert!(!shown.contains("captured_at") && !shown.contains("build:replaced"), "{shown}");
    let outage = spoken("en", &["outage", "show", "SC-1"]);
    assert!(outage.contains("Paper signed: ") && outage.contains("Noticed: "), "{outage}");
    let held = spoken("en", &["edit", "D-000001", "secrecy=MẬT"]);
    assert!(held.contains("marked secret"), "what holds it is said at once: {held}");
    let built = spoken("en", &["build", "D-000001"]);
    assert!(built.contains("D-000001 was not built: Held") && built.contains("marked secret"), "{built}");
    // A scan that nobody has described yet is no line of the printed book.
    let scan = scans().join("scan_0002.jpg");
    office.run(&["scan", scan.to_str().unwrap(), "--outage", "SC-1"]).expect(0);
    let book = office.destination.join("book.pdf");
    let printed = spoken("en", &["find", "--format", "pdf", "-o", book.to_str().unwrap()]);
    assert!(printed.contains("✓ 1 document in "), "{printed}");
}

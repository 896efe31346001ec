//! Printed kits, through a scanner, shuffled into stacks: every cover sheet is found, nothing else is taken for one, and the
//! documents are split as the paper was.

use std::fs;
use std::path::Path;
use std::time::Instant;

use serde_json::Value;

use crate::paper::{Chance, Form, Grey, Stack};
use crate::support::{Office, Run, scans, scanseal};

/// What a stack is made of.
struct Recipe {
    name: &'static str,
    sheets: usize,
    pages: usize,
    dpi: u32,
    form: Form,
    /// Every so many sheets have a torn corner.
    torn: usize,
    seed: u64,
}

/// Prints a kit and binds it: its number and the pictures of its sheets.
fn kit(office: &Office, sheets: usize, dpi: u32) -> (String, Vec<Grey>) {
    let pdf = office.destination.join("kit.pdf");
    let count = sheets.to_string();
    let run = office.run(&["kit", "--count", &count, "-o", pdf.to_str().unwrap()]).expect(0);
    let id = run.events("summary")[0]["kit"].as_str().unwrap().to_owned();
    office.run(&["outage", "open", "KIT-1", "--kit", &id]).expect(0);
    let mut pages = Grey::of_pdf(&pdf, dpi);
    (id, pages.split_off(pages.len() - sheets))
}

/// Pages of the samples at a resolution.
fn samples(dpi: u32) -> Vec<Grey> {
    let mut names: Vec<_> = fs::read_dir(scans()).unwrap().map(|f| f.unwrap().path()).collect();
    names.retain(|p| p.extension().is_some_and(|e| ["jpg", "tif", "png"].contains(&e.to_str().unwrap())));
    names.sort();
    names.iter().map(|path| Grey::of_scan(path, f64::from(dpi))).collect()
}

/// Writes the stack and gives serial and number of pages of each document.
fn make(recipe: &Recipe, sheets: &[Grey], path: &Path) -> Vec<(usize, usize)> {
    let mut chance = Chance(recipe.seed);
    let samples = samples(recipe.dpi);
    let mut order: Vec<usize> = (0..sheets.len()).collect();
    for i in (1..order.len()).rev() {
        order.swap(i, chance.next() as usize % (i + 1));
    }
    let mut stack = Stack::new();
    let mut truth = Vec::new();
    let mut left = recipe.pages;
    for (place, sheet) in order.iter().enumerate() {
        let quarters = chance.next();
        let mut picture = sheets[*sheet].clone();
        if place % recipe.torn == 0 {
            picture = picture.torn(chance.next(), chance.between(0.15, 0.34));
        }
        stack.page(&picture.scanned(&mut chance, quarters), recipe.dpi, recipe.form);
        let rest = order.len() - place;
        let pages = if rest == 1 {
            left
        } else {
            (1 + chance.next() as usize % (2 * left / rest)).min(left - rest + 1)
        };
        left -= pages;
        for _ in 0..pages {
            let page = &samples[chance.next() as usize % samples.len()];
            let upside_down = chance.next() % 5 / 4 * 2;
            stack.page(&page.scanned(&mut chance, upside_down), recipe.dpi, recipe.form);
        }
        truth.push((sheet + 1, pages));
    }
    stack.write(path);
    truth
}

/// Serial and number of pages of each document that came out.
fn found(run: &Run) -> Vec<(usize, usize)> {
    let document = |line: Value| {
        let serial = line["fields"]["paper_serial"].as_str().and_then(|s| s.split('-').nth(1)?.parse().ok());
        (serial.unwrap_or(0), line["pages"].as_u64().unwrap() as usize)
    };
    run.events("document").into_iter().map(document).collect()
}

/// Runs a recipe and gives a line of the table.
fn stack(recipe: &Recipe) -> String {
    let office = Office::with_files("eidas");
    let (_, sheets) = kit(&office, recipe.sheets, recipe.dpi);
    let path = office.destination.join("stack.tif");
    let truth = make(recipe, &sheets, &path);
    let begun = Instant::now();
    let run = office.run(&["scan", path.to_str().unwrap(), "--outage", "KIT-1"]).expect(0);
    let seconds = begun.elapsed().as_secs_f64();
    let found = found(&run);
    let right = truth.iter().filter(|t| found.contains(t)).count();
    let sheets = found.iter().filter(|(serial, _)| *serial > 0).count();
    let spurious =
        sheets - sheets.min(found.iter().filter(|(s, _)| truth.iter().any(|(t, _)| t == s)).count());
    let line = format!(
        "| {} | {} | {:?} | {} | {sheets} of {} | {spurious} | {right} of {} | {:.0} |",
        recipe.name,
        recipe.dpi,
        recipe.form,
        recipe.pages,
        truth.len(),
        truth.len(),
        seconds * 1e3 / (recipe.pages + truth.len()) as f64,
    );
    println!("{line}");
    assert_eq!(found, truth, "{}", recipe.name);
    let listed: usize =
        run.events("document").iter().map(|d| d["separators"].as_array().unwrap().len()).sum();
    assert_eq!(listed, truth.len(), "every sheet is listed");
    assert!(!run.events("finding").iter().any(|f| f["code"] == "sheet_other_kit"));
    assert!(run.events("finding").iter().any(|f| f["code"] == "sheets_found"));
    // The same stack again: the same documents, none of them new.
    let again = office.run(&["scan", path.to_str().unwrap(), "--outage", "KIT-1"]).expect(0);
    let numbers =
        |run: &Run| run.events("document").iter().map(|d| d["document"].clone()).collect::<Vec<_>>();
    assert_eq!(numbers(&again), numbers(&run));
    line
}

#[test]
fn a_small_stack_is_split_at_its_cover_sheets() {
    let grey = Recipe { name: "small", sheets: 5, pages: 12, dpi: 150, form: Form::Grey, torn: 3, seed: 11 };
    stack(&grey);
    stack(&Recipe { name: "small bilevel", sheets: 3, pages: 5, form: Form::Bilevel, seed: 12, ..grey });
    stack(&Recipe { name: "small G4", sheets: 2, pages: 4, form: Form::G4, seed: 13, ..grey });
}

#[test]
#[ignore = "minutes; run by tests/run intake"]
fn stacks_of_two_hundred_pages_are_split_at_their_cover_sheets() {
    let one =
        Recipe { name: "office", sheets: 40, pages: 200, dpi: 150, form: Form::Grey, torn: 4, seed: 21 };
    let lines: Vec<String> = [
        Recipe { seed: 22, ..one },
        Recipe { name: "office", form: Form::Bilevel, dpi: 150, seed: 23, ..one },
        Recipe { name: "office", dpi: 200, seed: 24, ..one },
        Recipe { name: "office", dpi: 300, form: Form::Bilevel, seed: 25, ..one },
        Recipe { name: "office", dpi: 300, form: Form::Grey, seed: 26, ..one },
        Recipe { name: "office", dpi: 300, form: Form::G4, seed: 27, ..one },
    ]
    .iter()
    .map(stack)
    .collect();
    let head = "Kits printed by the program, drawn by pdftoppm, turned by quarters, skewed up to 5 degrees, with uneven \
                light, noise and every fourth sheet torn (15 to 34 % of the width), shuffled between pages of the \
                samples into one TIFF.\n\n| stack | dpi | form | pages | sheets found | false | documents split right | ms a page |\n\
                |---|---|---|---|---|---|---|---|";
    crate::results::section("Cover sheets", &format!("{head}\n{}", lines.join("\n")));
}

#[test]
fn a_row_describes_the_document_under_its_sheet_and_no_other() {
    let office = Office::with_files("eidas");
    let (id, sheets) = kit(&office, 4, 100);
    let mut stack = Stack::new();
    let mut chance = Chance(5);
    // Sheet 3 is missing; nothing lies under sheet 4.
    for (sheet, pages) in [(0, 2), (1, 1), (3, 0)] {
        stack.page(&sheets[sheet].scanned(&mut chance, 0), 100, Form::Grey);
        (0..pages).for_each(|n| stack.page(&crate::paper::numbered(n, 827), 100, Form::Grey));
    }
    let path = office.destination.join("stack.tif");
    stack.write(&path);
    let serial = |run: &Run, n: usize| {
        run.events("document")[n]["fields"]["paper_serial"].as_str().unwrap().to_owned()
    };
    let dry = office.run(&["scan", path.to_str().unwrap(), "--outage", "KIT-1", "--dry-run"]).expect(0);
    let planned: Vec<Value> = dry.events("plan").iter().map(|p| p["pages"].clone()).collect();
    assert_eq!(planned, [2, 1, 0], "the plan is what the run does");
    let run = office.run(&["scan", path.to_str().unwrap(), "--outage", "KIT-1"]).expect(0);
    let codes: Vec<String> =
        run.events("finding").iter().map(|f| f["code"].as_str().unwrap().to_owned()).collect();
    for code in ["sheet_gap", "sheet_without_pages", "sheets_found"] {
        assert!(codes.iter().any(|c| c == code), "{code} in {codes:?}");
    }
    let (first, second) = (serial(&run, 0), serial(&run, 1));
    assert!(first.starts_with(&id) && second.starts_with(&id));
    // The manifest comes later, and names one sheet by its code, one by its serial alone, one that is not there.
    let manifest = office.destination.join("m.csv");
    fs::write(&manifest, format!("paper_serial,subject\n{first},Một\n0002,Hai\n0099,Ba\n")).unwrap();
    let named =
        ["scan", path.to_str().unwrap(), "--outage", "KIT-1", "--manifest", manifest.to_str().unwrap()];
    let named = office.run(&named).expect(3);
    assert_eq!(named.errors(), ["manifest_sheet_missing"]);
    let subjects: Vec<Value> =
        named.events("document").iter().map(|d| d["fields"]["subject"].clone()).collect();
    assert_eq!(subjects, ["Một", "Hai"]);
    assert_eq!(serial(&named, 1), second, "the whole code stays");
}

#[test]
fn options_that_contradict_each_other_are_errors() {
    let office = Office::with_files("eidas");
    let scan = scans().join("scan_0001.jpg");
    let scan = scan.to_str().unwrap();
    let manifest = office.destination.join("m.csv");
    fs::write(&manifest, "file,subject\nscan_0001.jpg,Một\n").unwrap();
    let manifest = manifest.to_str().unwrap();
    for (arguments, code) in [
        (&["--split", "count:2", "--manifest", manifest][..], "options_conflict"),
        (&["--split", "sheets", "--manifest", manifest], "options_conflict"),
        (&["--split", "pages"], "bad_split"),
        (&["--no-back", "1"], "usage"),
        (&["--duplex", "sideways"], "usage"),
        (&["--watch", "."], "usage"),
    ] {
        let run = office.run(&[&["scan", scan, "--outage", "SC-1"], arguments].concat()).expect(2);
        assert_eq!(run.errors(), [code], "{arguments:?}");
    }
    assert!(office.run(&["list"]).expect(0).events("document").is_empty());
}

#[test]
fn fronts_and_backs_are_put_together_and_a_missing_back_is_asked_for() {
    let office = Office::with_files("eidas");
    // Sheets 1 to 4; the backs come from the last to the first. The width tells which page it is.
    let pages = |numbers: &[u32], name: &str| {
        let mut stack = Stack::new();
        numbers
            .iter()
            .for_each(|n| stack.page(&crate::paper::numbered(*n, 500 + 10 * *n as usize), 100, Form::Grey));
        let path = office.destination.join(name);
        stack.write(&path);
        path.display().to_string()
    };
    let whole = pages(&[1, 3, 5, 7, 8, 6, 4, 2], "whole.tif");
    let uneven = pages(&[1, 3, 5, 7, 8, 6, 2], "uneven.tif");
    let scan = |file: &str, more: &[&str]| {
        office.run(&[&["scan", file, "--outage", "SC-1", "--duplex", "reversed"], more].concat())
    };
    let order = |document: &str| {
        let folder = office.destination.join(format!("preview-{document}"));
        office.run(&["pages", document, "preview", "-o", folder.to_str().unwrap()]).expect(0);
        let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
        names.sort();
        names.iter().map(|p| (image::image_dimensions(p).unwrap().0 - 500) / 10).collect::<Vec<_>>()
    };
    scan(&whole, &[]).expect(0);
    assert_eq!(order("D-000001"), [1, 2, 3, 4, 5, 6, 7, 8]);
    let asked = scan(&uneven, &[]).expect(4);
    assert_eq!(asked.errors(), ["duplex_uneven"]);
    let said =
        scanseal(&office.root, &["scan", &uneven, "--outage", "SC-1", "--duplex", "reversed"]).expect(4);
    assert!(said.stderr.contains("Which sheet has no back?"), "{}", said.stderr);
    assert_eq!(office.run(&["list"]).expect(0).events("document").len(), 1, "nothing was guessed");
    scan(&uneven, &["--no-back", "2"]).expect(0);
    assert_eq!(order("D-000002"), [1, 2, 3, 5, 6, 7, 8]);
}

#[test]
fn loose_pictures_with_a_secrecy_mark_stay_outside_and_those_of_other_sheets_come_in() {
    let office = Office::with_files("vn-state");
    let (_, sheets) = kit(&office, 2, 100);
    let folder = office.destination.with_extension("inbox");
    fs::create_dir(&folder).unwrap();
    let marks = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples/marks");
    for (n, sheet) in sheets.iter().enumerate() {
        let mut stack = Stack::new();
        stack.page(sheet, 100, Form::Grey);
        stack.write(&folder.join(format!("{n}-0.tif")));
        fs::copy(scans().join(format!("scan_000{}.jpg", 3 + n)), folder.join(format!("{n}-1.jpg"))).unwrap();
    }
    fs::copy(marks.join("secret-1.jpg"), folder.join("1-2.jpg")).unwrap();
    let run = office.run(&["scan", folder.to_str().unwrap(), "--outage", "KIT-1"]).expect(0);
    let documents = run.events("document");
    assert_eq!(documents.len(), 1, "{}", run.stdout);
    assert_eq!(documents[0]["files"][0]["file"], "0-1.jpg");
    let seen = run.events("finding").into_iter().find(|f| f["code"] == "secret_mark_seen").unwrap();
    assert_eq!((seen["file"].as_str(), seen["page"].as_u64()), (Some("1-2.jpg"), Some(1)));
    let stored = |name: &str| {
        let sha256 = scanseal::platform::digest(&folder.join(name)).unwrap().0;
        office.root.join("blobs").join(&sha256[..2]).join(&sha256).exists()
    };
    let names = ["0-0.tif", "0-1.jpg", "1-0.tif", "1-1.jpg", "1-2.jpg"];
    assert_eq!(names.map(stored), [true, true, false, false, false]);
}

#[test]
fn other_files_are_counted_and_documents_are_known_by_their_files() {
    let office = Office::with_files("eidas");
    let folder = office.destination.with_extension("inbox");
    fs::create_dir(&folder).unwrap();
    fs::copy(scans().join("scan_0001.jpg"), folder.join("thư mời.jpg")).unwrap();
    fs::write(folder.join("notes.txt"), "x").unwrap();
    let folder = folder.to_str().unwrap();
    let run = office.run(&["scan", folder, "--outage", "SC-1"]).expect(0);
    assert_eq!(run.events("summary")[0]["skipped"], 1);
    let shown = scanseal(&office.root, &["show", "D-000001"]).expect(0).stdout;
    assert!(shown.contains("File: thư mời.jpg [1]"), "{shown}");
    assert!(scanseal(&office.root, &["list"]).expect(0).stdout.contains("thư mời.jpg"));
}

#[test]
fn a_secret_document_under_a_sheet_never_reaches_the_store() {
    let office = Office::with_files("vn-state");
    let (_, sheets) = kit(&office, 2, 100);
    let mut chance = Chance(9);
    let paths: Vec<String> = (0..2)
        .map(|n| {
            let mut stack = Stack::new();
            stack.page(&sheets[n].scanned(&mut chance, 0), 100, Form::Grey);
            stack.page(&crate::paper::numbered(n as u32, 827), 100, Form::Grey);
            let path = office.destination.join(format!("{n}.tif"));
            stack.write(&path);
            path.display().to_string()
        })
        .collect();
    let manifest = office.destination.join("m.csv");
    fs::write(&manifest, "paper_serial,subject,secrecy\n0001,Một,Mật\n0002,Hai,Thường\n").unwrap();
    let scan = ["scan", &paths[0], &paths[1], "--outage", "KIT-1", "--manifest", manifest.to_str().unwrap()];
    let run = office.run(&scan);
    assert!(run.events("finding").iter().any(|f| f["code"] == "secret_held"), "{}", run.stdout);
    let subjects: Vec<Value> =
        run.events("document").iter().map(|d| d["fields"]["subject"].clone()).collect();
    assert_eq!(subjects, ["Hai"]);
    let blob = |path: &str| {
        let sha256 = scanseal::platform::digest(Path::new(path)).unwrap().0;
        office.root.join("blobs").join(&sha256[..2]).join(&sha256).exists()
    };
    assert!(!blob(&paths[0]) && blob(&paths[1]));
}

use std::path::PathBuf;

use super::*;
use crate::document::{Fields, Sha256};
use crate::kit::KitId;
use crate::scan::{Colour, Dpi, DpiOrigin};

fn kit() -> KitId {
    "22222Z".parse().unwrap_or_else(|()| KitId::random().unwrap())
}

/// A file whose pages are told by `text`: a digit is a cover sheet, `_` an empty page, `.` a page.
fn seen(kit: &KitId, name: &str, text: &str) -> Seen {
    let page = |(index, c): (u32, char)| {
        let mark = match c {
            '.' => None,
            '_' => Some(Mark::Empty),
            digit => Some(Mark::Sheet(SheetCode { kit: kit.clone(), serial: digit.to_digit(10).unwrap() })),
        };
        Looked::Good(ScanPage {
            source_sha256: Sha256::of(name.as_bytes()),
            source_name: name.to_owned(),
            index,
            width: 10,
            height: 10,
            colour: Colour::Grey,
            dpi: Dpi { x: 300.0, y: 300.0, origin: DpiOrigin::File },
            findings: Vec::new(),
            mark,
            turned: 0,
            look: Box::default(),
        })
    };
    let looked = (0..).zip(text.chars()).map(page).collect();
    let group = Group {
        fields: Fields::default(),
        columns: Vec::new(),
        files: vec![PathBuf::from("in").join(name)],
        unlisted: false,
        row: None,
    };
    Seen { group, looked, size: 100, unstored: false }
}

/// A document of some files, a page of each, not stored yet.
pub fn bundle(files: &[&str]) -> Bundle {
    let looked = files.iter().flat_map(|name| seen(&kit(), name, ".").looked).collect();
    let mut group = seen(&kit(), files[0], "").group;
    group.files = files.iter().map(PathBuf::from).collect();
    let (separators, findings) = (Vec::new(), Vec::new());
    Bundle { group, sheet: None, separators, looked, size: 1, part: false, unstored: true, findings }
}

/// As [`bundle`], with a mark that looks secret on its last page.
pub fn secret(files: &[&str]) -> Bundle {
    let mut bundle = bundle(files);
    if let Some(Looked::Good(page)) = bundle.looked.last_mut() {
        page.look.mark = Some(crate::scan::quality::Mark::Secret);
    }
    bundle
}

/// Documents as `serial:separators:pages[!]`, the mark for a hold.
fn run(rule: Split, files: &[&str]) -> Vec<String> {
    let kit = kit();
    let mut stacker = Stacker::new(rule);
    let mut all = Vec::new();
    for (number, text) in files.iter().enumerate() {
        all.extend(stacker.push(seen(&kit, &format!("{number}.tif"), text)).unwrap());
    }
    all.extend(stacker.end());
    let pages: usize = files.iter().map(|f| f.len()).sum();
    assert_eq!(all.iter().map(|b| b.separators.len() + b.looked.len()).sum::<usize>(), pages, "{all:?}");
    let show = |b: &Bundle| {
        let serial = b.sheet.as_ref().map_or(0, |s| s.serial);
        let hold = if b.findings.is_empty() { "" } else { "!" };
        format!("{serial}:{}:{}{hold}", b.separators.len(), b.looked.len())
    };
    all.iter().map(show).collect()
}

#[test]
fn a_sheet_inside_a_file_says_nothing_about_the_next_file() {
    assert_eq!(run(Split::Auto, &["1..2.", "...", "3."]), ["1:1:2", "2:1:1", "0:0:3", "3:1:1"]);
    assert_eq!(run(Split::Auto, &["..1.", "..."]), ["0:0:2!", "1:1:1", "0:0:3"]);
}

#[test]
fn loose_pictures_belong_to_the_sheet_before_them() {
    assert_eq!(
        run(Split::Auto, &["1", ".", ".", "2", "_", ".", "3", "..."]),
        ["1:1:2", "2:2:1", "3:1:0", "0:0:3"]
    );
    assert_eq!(run(Split::Auto, &[".", ".", "1", "."]), ["0:0:1", "0:0:1", "1:1:1"]);
    assert_eq!(run(Split::Auto, &["1", "1", "."]), ["1:2:1"]);
}

#[test]
fn all_inputs_are_one_stack_where_asked() {
    assert_eq!(run(Split::Sheets, &["1..", "..2.", "."]), ["1:1:4", "2:1:2"]);
    assert_eq!(run(Split::Sheets, &["..", "1."]), ["0:0:2!", "1:1:1"]);
}

#[test]
fn counts_that_do_not_fit_are_asked_about() {
    assert_eq!(run(Split::Count(2), &["....", "..."]), ["0:0:2", "0:0:2", "0:0:2", "0:0:1!"]);
    assert_eq!(run(Split::Blank, &[".._._"]), ["0:0:2", "0:2:1"]);
    assert_eq!(run(Split::File, &["1..2."]), ["1:1:4"]);
}

#[test]
fn a_row_is_one_document_and_never_several() {
    let kit = kit();
    let mut listed = seen(&kit, "a.tif", "1..");
    listed.group.row = Some(2);
    let mut stacker = Stacker::new(Split::Auto);
    let one = stacker.push(listed).unwrap();
    assert_eq!((one.len(), one[0].looked.len(), one[0].part), (1, 2, false));
    let mut several = seen(&kit, "b.tif", "1..2.");
    several.group.row = Some(3);
    assert_eq!(stacker.push(several).unwrap_err().code(), "manifest_row_split");
}

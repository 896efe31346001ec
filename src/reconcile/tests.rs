//! The three sides against each other, a fault at a time: each is one line and no more.

use super::*;
use crate::document::Fields;

fn fields(values: &[(&str, &str)]) -> Fields {
    let mut fields = Fields::default();
    values.iter().for_each(|(name, value)| fields.set(name, value).unwrap());
    fields
}

fn paper(id: u32, number: u32) -> Paper {
    let (number, subject) = (number.to_string(), format!("Về việc thứ {number} của đợt này"));
    let values = [
        ("code_number", number.as_str()),
        ("code_notation", "UBND-VP"),
        ("type_name", "Công văn"),
        ("issued_date", "03/11/2026"),
        ("subject", &subject),
        ("organ_name", "UBND xã"),
        ("signer_name", "Đỗ Quang Nghĩa"),
    ];
    Paper {
        document: format!("D-{id:06}"),
        fields: fields(&values),
        state: State::Sealed,
        delivered: false,
        window_reason: None,
        dropped: None,
    }
}

fn row(line: u64, paper: &Paper) -> SystemRow {
    SystemRow { line, fields: paper.fields.clone(), ..SystemRow::default() }
}

/// Six papers 120 to 125 of a block 120 to 130, all in the system.
struct Case {
    papers: Vec<Paper>,
    rows: Vec<SystemRow>,
    handed: Handed,
    kit: KitId,
}

impl Case {
    fn new() -> Self {
        let kit = KitId::random().unwrap();
        let mut papers: Vec<Paper> = (0..6).map(|n| paper(n + 1, 120 + n)).collect();
        for (serial, paper) in (1..).zip(&mut papers) {
            let code = SheetCode { kit: kit.clone(), serial };
            paper.fields.paper_serial = Some(code.to_string());
        }
        let rows = (2..).zip(&papers).map(|(line, paper)| row(line, paper)).collect();
        let handed = Handed {
            blocks: vec!["CV:120-130".parse().unwrap()],
            kits: vec![(kit.clone(), 20)],
            bare: Vec::new(),
        };
        Self { papers, rows, handed, kit }
    }

    fn lines(&self) -> Vec<Line> {
        let day = |text: &str| Some(text.parse().unwrap());
        compare(&Input {
            papers: &self.papers,
            handed: &self.handed,
            system: Some(&self.rows),
            window: (day("2026-11-02T00:00:00Z"), day("2026-11-05T00:00:00Z")),
            utc_offset_minutes: 420,
        })
    }

    /// Names and causes of the lines that need a reason.
    fn faults(&self) -> Vec<(String, &'static str)> {
        let lines = self.lines().into_iter().filter(|line| line.class.needs_reason());
        lines.map(|line| (line.line, line.cause)).collect()
    }
}

fn fault(name: &str, cause: &'static str) -> Vec<(String, &'static str)> {
    vec![(name.to_owned(), cause)]
}

#[test]
fn without_a_fault_everything_matches_and_the_rest_is_left_over() {
    let lines = Case::new().lines();
    let of = |class| lines.iter().filter(|line| line.class == class).count();
    assert_eq!((of(Class::Matched), of(Class::Unused), lines.len()), (6, 2, 8), "{lines:?}");
    assert!(lines.iter().all(|line| !line.open));
    assert!(lines.iter().any(|line| line.line == "unused:CV:126-130"));
}

#[test]
fn a_paper_that_is_lost_with_its_sheet_is_one_line() {
    let mut case = Case::new();
    case.papers.remove(2);
    case.rows.remove(2);
    assert_eq!(case.faults(), fault("missing:CV:122", "missing_paper"));
    let sheet = SheetCode { kit: case.kit.clone(), serial: 3 }.to_string();
    assert_eq!(case.lines()[0].sheet.as_ref(), Some(&sheet));
}

#[test]
fn a_number_in_the_system_without_a_scan_is_missing_and_the_other_way_round() {
    let mut case = Case::new();
    case.papers.remove(2);
    case.handed.kits.clear();
    assert_eq!(case.faults(), fault("missing:CV:122", "missing_scan"));
    let mut case = Case::new();
    case.rows.remove(2);
    assert_eq!(case.faults(), fault("missing:D-000003", "missing_system"));
    case.papers[2].delivered = true;
    assert_eq!(case.faults(), fault("missing:D-000003", "missing_system_delivered"));
}

#[test]
fn a_number_on_two_papers_or_twice_in_the_system_is_a_duplicate() {
    let mut case = Case::new();
    case.papers.push(paper(7, 123));
    assert_eq!(case.faults(), fault("duplicate:123/UBND-VP", "duplicate_scan"));
    let mut case = Case::new();
    case.rows.push(row(99, &case.papers[1]));
    assert_eq!(case.faults(), fault("duplicate:121/UBND-VP", "duplicate_system"));
    let mut case = Case::new();
    case.papers[4].fields.paper_serial = case.papers[3].fields.paper_serial.clone();
    let faults: Vec<&str> = case.faults().iter().map(|(_, cause)| *cause).collect();
    assert_eq!(faults, ["missing_sheet", "duplicate_sheet"]);
}

#[test]
fn a_paper_that_was_given_up_is_spoilt_and_not_missing() {
    let mut case = Case::new();
    case.papers[2].state = State::Dropped;
    case.rows.remove(2);
    assert_eq!(case.faults(), fault("spoilt:D-000003", "spoilt_document"));
    assert!(case.lines()[0].open);
    let by = Settlement { reason: "hỏng".into(), by: "Vân".into(), at: Timestamp::UNIX_EPOCH };
    case.papers[2].dropped = Some(by);
    assert!(!case.lines()[0].open, "the reason was given when it was dropped");
    let mut case = Case::new();
    case.handed.bare.push(SheetCode { kit: case.kit.clone(), serial: 7 });
    let sheet = case.handed.bare[0].to_string();
    assert_eq!(case.faults(), fault(&format!("spoilt:{sheet}"), "spoilt_sheet"));
}

#[test]
fn a_paper_under_another_number_in_the_system_is_renumbered() {
    let mut case = Case::new();
    case.rows[2].fields.code_number = Some("512".into());
    assert_eq!(case.faults(), fault("renumbered:D-000003", "renumbered"));
    case.rows[2].fields.subject = Some("khác hẳn".into());
    case.rows[2].paper_number = Some(("122".into(), "UBND-VP".into()));
    assert_eq!(case.faults(), fault("renumbered:D-000003", "renumbered"));
}

#[test]
fn another_signer_date_or_subject_is_a_conflict() {
    for (field, value) in [
        ("signer_name", "Trần Văn Hòa"),
        ("issued_date", "04/11/2026"),
        ("subject", "Chuyện không liên quan gì"),
    ] {
        let mut case = Case::new();
        case.rows[3].fields.set(field, value).unwrap();
        assert_eq!(case.faults(), fault("conflict:D-000004", "conflict"), "{field}");
        assert_eq!(case.lines()[0].differences[0].field, field);
    }
    let mut case = Case::new();
    case.rows[3].fields.set("signer_name", "CHỦ TỊCH Đo Quang Nghia").unwrap();
    case.rows[3].fields.set("subject", "V/v thứ 123 của đợt này (khẩn)").unwrap();
    case.rows[3].fields.code_number = Some("0123".into());
    assert!(case.faults().is_empty(), "the same in other words");
}

#[test]
fn paper_outside_its_window_or_its_block_is_named() {
    let mut case = Case::new();
    case.papers[0].fields.set("paper_signed_at", "06/11/2026 09:00").unwrap();
    assert_eq!(case.faults(), fault("outside_window:D-000001", "outside_window"));
    let mut case = Case::new();
    for fields in [&mut case.papers[5].fields, &mut case.rows[5].fields] {
        fields.set("code_number", "900").unwrap();
    }
    assert_eq!(case.faults(), fault("outside_block:D-000006", "outside_block"));
}

#[test]
fn the_board_shows_of_each_number_the_worst_that_is_said() {
    let mut case = Case::new();
    case.papers.remove(2);
    case.rows[4].fields.set("signer_name", "Trần Văn Hòa").unwrap();
    let fields = case.papers.iter().map(|paper| (paper.document.as_str(), &paper.fields)).collect();
    let said = |lines: &[Line], number: u32| {
        let cells = board(&case.handed.blocks[0], &fields, lines);
        assert_eq!((cells.len(), cells[0].number, cells[10].number), (11, 120, 130));
        let cell = cells.into_iter().find(|cell| cell.number == number).unwrap();
        (cell.class, cell.open)
    };
    let mut lines = case.lines();
    assert_eq!(said(&lines, 121), (Some(Class::Matched), false));
    assert_eq!(said(&lines, 122), (Some(Class::Missing), true));
    assert_eq!(said(&lines, 124), (Some(Class::Conflict), true));
    assert_eq!(said(&lines, 126), (Some(Class::Unused), false));
    let by = Settlement { reason: "mất".into(), by: "Vân".into(), at: Timestamp::UNIX_EPOCH };
    lines.iter_mut().for_each(|line| line.settle(Some(by.clone())));
    assert_eq!(said(&lines, 122), (Some(Class::Missing), false));
    let endless = Block { series: "CV".into(), from: 1, to: u32::MAX };
    assert!(board(&endless, &fields, &lines).len() < 10_000);
}

#[test]
fn without_an_export_receipts_count() {
    let mut case = Case::new();
    case.papers.iter_mut().for_each(|paper| paper.delivered = true);
    case.papers[1].delivered = false;
    let input = Input {
        papers: &case.papers,
        handed: &case.handed,
        system: None,
        window: (None, None),
        utc_offset_minutes: 420,
    };
    let lines = compare(&input);
    assert_eq!((lines[0].line.as_str(), lines[0].cause), ("missing:D-000002", "missing_delivery"));
    assert_eq!(lines.iter().filter(|line| line.class == Class::Matched).count(), 5);
}

#[test]
fn every_cause_has_its_sentence_in_both_languages() {
    let mut source = String::new();
    for file in ["compare", "blocks", "sheets"] {
        let path = format!("{}/src/reconcile/{file}.rs", env!("CARGO_MANIFEST_DIR"));
        source.push_str(&std::fs::read_to_string(path).unwrap());
    }
    let mut seen = 0;
    for word in source.split('"').skip(1).step_by(2) {
        let cause = Class::ALL.iter().any(|class| word.starts_with(class.as_str()));
        if cause && word.contains('_') {
            seen += 1;
            for lang in [crate::locales::Lang::Vi, crate::locales::Lang::En] {
                assert!(
                    crate::locales::has(lang, &format!("reconcile-{}", word.replace('_', "-"))),
                    "{word}"
                );
            }
        }
    }
    assert!(seen >= 17, "{seen}");
}

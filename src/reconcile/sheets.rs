//! Cover sheets that were handed out: which came back with paper, which alone, which not.

use std::collections::BTreeMap;

use crate::kit::SheetCode;

use super::{Class, Input, Line, Paper};

/// Lines of all kits, behind those of the numbers: a paper that is lost with its sheet is one line and not two.
pub(super) fn add(input: &Input, lines: &mut Vec<Line>) {
    for (kit, count) in &input.handed.kits {
        let mut used: BTreeMap<u32, Vec<&Paper>> = BTreeMap::new();
        for paper in input.papers {
            if let Some(code) = paper.sheet().filter(|code| code.kit == *kit) {
                used.entry(code.serial).or_default().push(paper);
            }
        }
        let bare: Vec<u32> =
            input.handed.bare.iter().filter(|code| code.kit == *kit).map(|code| code.serial).collect();
        twice(&used, lines);
        let last = used.keys().chain(&bare).max().copied().unwrap_or(0);
        for serial in 1..=last.min(*count) {
            let code = SheetCode { kit: kit.clone(), serial };
            if used.contains_key(&serial) {
                continue;
            }
            if bare.contains(&serial) {
                lines.push(about(Class::Spoilt, "spoilt_sheet", &code));
            } else if let Some(line) = lost_with(&used, serial, lines) {
                line.sheet = Some(code.to_string());
            } else {
                lines.push(about(Class::Missing, "missing_sheet", &code));
            }
        }
        if last < *count {
            let range = format!("{kit}:{}-{count}", last + 1);
            lines.push(Line {
                sheet: Some(range.clone()),
                ..Line::new(Class::Unused, "unused_sheets", &range)
            });
        }
    }
}

fn about(class: Class, cause: &'static str, code: &SheetCode) -> Line {
    let code = code.to_string();
    Line { sheet: Some(code.clone()), ..Line::new(class, cause, &code) }
}

/// A sheet that lies on two documents, unless these are told as duplicates already.
fn twice(used: &BTreeMap<u32, Vec<&Paper>>, lines: &mut Vec<Line>) {
    for papers in used.values() {
        let papers: Vec<&&Paper> = papers.iter().filter(|paper| paper.counts()).collect();
        let [first, .., last] = papers.as_slice() else { continue };
        let known = |line: &Line| {
            let both = [&first.document, &last.document];
            line.class == Class::Duplicate && both.iter().all(|document| line.documents.contains(document))
        };
        if lines.iter().any(known) {
            continue;
        }
        let sheet = first.fields.paper_serial.clone().unwrap_or_default();
        let documents = papers.iter().map(|paper| paper.document.clone()).collect();
        let line = Line::new(Class::Duplicate, "duplicate_sheet", &sheet);
        lines.push(Line { documents, sheet: Some(sheet), ..line });
    }
}

/// The missing number between the numbers of the sheets before and behind: it was lost together with this sheet.
fn lost_with<'a>(
    used: &BTreeMap<u32, Vec<&Paper>>,
    serial: u32,
    lines: &'a mut [Line],
) -> Option<&'a mut Line> {
    let number = |serial: u32| -> Option<u32> {
        used.get(&serial)?.first()?.fields.code_number.as_ref()?.trim().parse().ok()
    };
    let (before, behind) = (number(serial.checked_sub(1)?)?, number(serial + 1)?);
    let between = (before + 1 == behind.checked_sub(1)?).then_some(before + 1)?;
    let ending = format!(":{between}");
    let fits = |line: &&mut Line| {
        line.class == Class::Missing && line.sheet.is_none() && line.line.ends_with(&ending)
    };
    lines.iter_mut().find(fits)
}

//! Cover sheets of a run: which were found, which rows of the manifest they belong to, which are missing.

use std::collections::BTreeMap;

use crate::document::{Finding, Severity};
use crate::error::{Error, kinds};
use crate::event::{Event, Front, Subject};
use crate::kit::{KitId, SheetCode};
use crate::scan::manifest::Row;

use super::Bundle;

/// Most serials of a gap that are listed one by one; a larger gap is a sheet of another kit rather than lost paper.
const MAX_GAP: u32 = 2_000;

/// What is known about cover sheets while scans come in.
#[derive(Debug)]
pub(super) struct Book {
    rows: Vec<(Row, bool)>,
    /// Serials found in this run, by kit.
    found: BTreeMap<KitId, Vec<u32>>,
    /// Serials that the documents of this outage have, by kit.
    before: BTreeMap<KitId, Vec<u32>>,
}

impl Book {
    pub fn new(rows: &[Row]) -> Self {
        let rows = rows.iter().cloned().map(|row| (row, false)).collect();
        Self { rows, found: BTreeMap::new(), before: BTreeMap::new() }
    }

    /// A sheet of a document that was taken in before.
    pub fn remember(&mut self, code: &SheetCode) {
        self.before.entry(code.kit.clone()).or_default().push(code.serial);
        // A row for a document that is here already is not missing.
        self.row(code);
    }

    /// The row that names this sheet.
    pub fn row(&mut self, code: &SheetCode) -> Option<Row> {
        let (row, taken) = self.rows.iter_mut().find(|(row, _)| names(row, code))?;
        *taken = true;
        Some(row.clone())
    }

    /// Gives a document the facts of its sheet: of this document only, never of the next one.
    pub fn name(&mut self, bundle: &mut Bundle) {
        let Some(code) = bundle.sheet.clone() else { return };
        self.found.entry(code.kit.clone()).or_default().push(code.serial);
        let group = &mut bundle.group;
        if group.row.is_none()
            && let Some(row) = self.row(&code)
        {
            (group.fields, group.columns) = (row.fields, row.columns);
            (group.row, group.unlisted) = (Some(row.line), false);
        } else if group.fields.paper_serial.as_ref().is_some_and(|s| !same(s, &code)) {
            let stated = group.fields.paper_serial.clone().unwrap_or_default();
            let finding = Finding::new("sheet_differs", None, Severity::Hold);
            bundle.findings.push(finding.with("sheet", &code).with("stated", stated));
            return;
        }
        group.fields.paper_serial = Some(code.to_string());
    }

    /// Lists the sheets of the run and the gaps between those of the outage.
    pub fn tell_gaps(&self, front: &dyn Front) {
        for (kit, found) in &self.found {
            let mut all = self.before.get(kit).cloned().unwrap_or_default();
            all.extend(found);
            all.sort_unstable();
            all.dedup();
            let finding = Finding::new("sheets_found", None, Severity::Info);
            let finding = finding.with("count", found.len()).with("serials", ranges(found));
            front.tell(&Event::finding(&finding, Subject::File(kit.as_str()), front.lang()));
            let missing = gaps(&all);
            if !missing.is_empty() {
                let finding = Finding::new("sheet_gap", None, Severity::Warning);
                let finding = finding.with("count", missing.len()).with("serials", ranges(&missing));
                front.tell(&Event::finding(&finding, Subject::File(kit.as_str()), front.lang()));
            }
        }
    }

    /// Rows whose sheets did not come.
    pub fn missing(&self) -> Vec<Error> {
        let open = self.rows.iter().filter(|(_, taken)| !taken).map(|(row, _)| row);
        let problem = |row: &Row| {
            let sheet = row.fields.paper_serial.clone().unwrap_or_default();
            kinds::MANIFEST_SHEET_MISSING.with("sheet", sheet).with("line", row.line)
        };
        open.map(problem).collect()
    }
}

/// A row names a sheet by its code, or by its serial alone, as one types it from the paper.
fn names(row: &Row, code: &SheetCode) -> bool {
    row.fields.paper_serial.as_ref().is_some_and(|text| same(text, code))
}

fn same(text: &str, code: &SheetCode) -> bool {
    let short = !text.is_empty() && text.len() <= 6 && text.bytes().all(|b| b.is_ascii_digit());
    text.parse::<SheetCode>().is_ok_and(|named| named == *code) || short && text.parse() == Ok(code.serial)
}

fn gaps(sorted: &[u32]) -> Vec<u32> {
    let between = |pair: &[u32]| match pair {
        [a, b] if b - a <= MAX_GAP => (a + 1..*b).collect(),
        _ => Vec::new(),
    };
    sorted.windows(2).flat_map(between).collect()
}

/// Serials as people read them: `0001–0006, 0008`.
fn ranges(serials: &[u32]) -> String {
    let mut sorted = serials.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let run = |run: &[u32]| match run {
        [one] => format!("{one:04}"),
        [first, .., last] => format!("{first:04}–{last:04}"),
        [] => String::new(),
    };
    sorted.chunk_by(|a, b| *b == *a + 1).map(run).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_and_ranges_read_as_people_say_them() {
        assert_eq!(ranges(&[3, 1, 2, 8, 10, 11]), "0001–0003, 0008, 0010–0011");
        assert_eq!(gaps(&[1, 2, 5, 6, 8]), [3, 4, 7]);
        assert!(gaps(&[1, 90_000]).is_empty());
    }
}

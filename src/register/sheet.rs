//! Tables that other programs write: the catalogue of files, the export of a document system. Read like a manifest, except
//! that columns have many names and those that mean nothing here are passed over.

use csv::{ReaderBuilder, Trim};
use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, Result, kinds};
use crate::scan::manifest::{delimiter, encoding};

use super::folded;

/// Largest table file (our limit): a hundred thousand lines of a register.
pub const MAX_BYTES: u64 = 100_000_000;
/// Most rows (our limit).
const MAX_ROWS: usize = 300_000;
/// Most columns (our limit).
const MAX_COLUMNS: usize = 200;

/// A column that is looked for: its name here, and what its head may be, folded.
pub type Known = (&'static str, &'static [&'static str]);

/// A table.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Names of the columns that are known, with their places.
    columns: Vec<(&'static str, usize)>,
    /// Rows with their lines in the file, counted from 1.
    pub rows: Vec<(u64, Vec<String>)>,
}

impl Sheet {
    /// Reads a table: UTF-8 or UTF-16 with its mark; `,`, `;` or tab as the heads have it.
    ///
    /// # Errors
    /// [`kinds::SHEET_MALFORMED`] with the line, [`kinds::SHEET_COLUMN`] when one of `needed` is missing, or a refusal of its
    /// letters.
    pub fn read(bytes: &[u8], known: &[Known], needed: &[&'static str]) -> Result<Self> {
        let text = encoding::text(bytes)?;
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter(&text))
            .flexible(true)
            .trim(Trim::All)
            .from_reader(text.as_bytes());
        let heads = reader.headers().map_err(malformed)?.clone();
        if heads.len() > MAX_COLUMNS {
            return Err(kinds::SHEET_MALFORMED.with("line", 1).with("cause", "too many columns"));
        }
        let heads: Vec<String> = heads.iter().map(plain).collect();
        let place = |(name, spellings): &Known| {
            let place = heads.iter().position(|head| head == name || spellings.contains(&head.as_str()));
            place.map(|place| (*name, place))
        };
        let columns: Vec<(&'static str, usize)> = known.iter().filter_map(place).collect();
        if let Some(missing) = needed.iter().find(|name| !columns.iter().any(|(known, _)| known == *name)) {
            let spellings = known.iter().find(|(name, _)| name == missing).map(|(_, other)| other.join(", "));
            let names = spellings.unwrap_or_default();
            return Err(kinds::SHEET_COLUMN.with("column", missing).with("spellings", names));
        }
        let mut sheet = Self { columns, rows: Vec::new() };
        for record in reader.records() {
            let record = record.map_err(malformed)?;
            if record.iter().all(str::is_empty) {
                continue;
            }
            if sheet.rows.len() == MAX_ROWS {
                return Err(kinds::SHEET_MALFORMED.with("line", MAX_ROWS).with("cause", "too many rows"));
            }
            let line = record.position().map_or(0, csv::Position::line);
            let row = record.iter().map(|cell| cell.trim_start_matches('\'').trim().nfc().collect());
            sheet.rows.push((line, row.collect()));
        }
        Ok(sheet)
    }

    /// A cell by the name of its column; empty when the table has no such column.
    pub fn cell<'a>(&self, row: &'a [String], name: &str) -> &'a str {
        let place = self.columns.iter().find(|(known, _)| *known == name).map(|(_, place)| *place);
        place.and_then(|place| row.get(place)).map_or("", String::as_str)
    }

    /// Whether the table has this column.
    pub fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|(known, _)| *known == name)
    }
}

/// A head without capitals, diacritics and signs: `Số, ký hiệu` is `so ky hieu`.
fn plain(head: &str) -> String {
    let folded = folded(head);
    let words = folded.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

fn malformed(error: csv::Error) -> Error {
    let line = error.position().map_or(1, csv::Position::line);
    kinds::SHEET_MALFORMED.with("line", line).with("cause", &error).because(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [Known; 2] = [("code", &["ma ho so", "so ky hieu"]), ("title", &["tieu de"])];

    #[test]
    fn heads_are_known_by_many_names() {
        let sheet =
            Sheet::read("\u{feff}Số, ký hiệu;Khác;Tiêu đề\n'01.UBND;x;Hồ sơ\n".as_bytes(), &KNOWN, &["code"]);
        let sheet = sheet.unwrap();
        let (line, row) = &sheet.rows[0];
        assert_eq!((*line, sheet.cell(row, "code"), sheet.cell(row, "title")), (2, "01.UBND", "Hồ sơ"));
        let missing = Sheet::read(b"a,b\n1,2\n", &KNOWN, &["code"]).unwrap_err();
        assert_eq!(missing.code(), "sheet_column");
    }
}

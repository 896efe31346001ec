//! Tables that other programs write: the catalogue of files, the export of a document system. Read like a manifest, except
//! that columns have many names and those that mean nothing here are passed over.

use csv::{ReaderBuilder, Trim};
use unicode_normalization::UnicodeNormalization;

use crate::error::{Clause, Error, Result, kinds};
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
    /// [`kinds::SHEET_MALFORMED`] with the line, [`kinds::SHEET_COLUMN`] when one of `needed` is missing,
    /// [`kinds::SHEET_LEGACY`] or [`kinds::SHEET_ENCODING`] for its letters.
    pub fn read(bytes: &[u8], known: &[Known], needed: &[&'static str]) -> Result<Self> {
        let text = encoding::text(bytes).map_err(|error| letters(&error))?;
        let delimiter = delimiter(&text);
        if let Some(line) = open_quote(&text, char::from(delimiter)) {
            return Err(kinds::SHEET_QUOTE.with("line", line));
        }
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .trim(Trim::All)
            .from_reader(text.as_bytes());
        let heads = reader.headers().map_err(malformed)?.clone();
        if heads.len() > MAX_COLUMNS {
            return Err(kinds::SHEET_MALFORMED
                .with("line", 1)
                .with("cause", Clause::new("why-many-columns")));
        }
        let names: Vec<String> = heads.iter().map(str::to_owned).collect();
        let heads: Vec<String> = heads.iter().map(plain).collect();
        let matters =
            |head: &String| known.iter().any(|(name, other)| head == name || other.contains(&head.as_str()));
        let twice = |place: &usize| matters(&heads[*place]) && heads[..*place].contains(&heads[*place]);
        if let Some(place) = (0..heads.len()).find(twice) {
            return Err(kinds::SHEET_COLUMN_TWICE.with("head", &names[place]));
        }
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
                return Err(kinds::SHEET_MALFORMED
                    .with("line", MAX_ROWS)
                    .with("cause", Clause::new("why-many-rows")));
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

/// A refusal of the letters, said of a table: whoever hands one in has no manifest.
fn letters(error: &Error) -> Error {
    let kind = match error.code() == kinds::MANIFEST_LEGACY.code {
        true => &kinds::SHEET_LEGACY,
        false => &kinds::SHEET_ENCODING,
    };
    let of = |name: &str| error.arg(name).unwrap_or_default().to_owned();
    kind.with("line", of("line")).with("encoding", of("encoding"))
}

/// The line of a quotation mark that begins a cell and is not closed (RFC 4180 2.5 to 2.7).
fn open_quote(text: &str, delimiter: char) -> Option<u64> {
    let (mut line, mut opened, mut fresh) = (1, None, true);
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        line += u64::from(sign == '\n');
        match (opened, sign) {
            (Some(_), '"') if signs.peek() == Some(&'"') => drop(signs.next()),
            (Some(_), '"') => opened = None,
            (Some(_), _) => {}
            (None, '"') if fresh => opened = Some(line),
            (None, _) => {}
        }
        fresh = opened.is_none() && (sign == delimiter || sign == '\n' || sign == '\r');
    }
    opened
}

/// A head without capitals, diacritics and signs: `Số, ký hiệu` is `so ky hieu`.
fn plain(head: &str) -> String {
    let folded = folded(head);
    let words = folded.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

fn malformed(error: csv::Error) -> Error {
    let line = error.position().map_or(1, csv::Position::line);
    kinds::SHEET_MALFORMED.with("line", line).with("cause", Clause::technical(&error)).because(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locales::Lang;

    const KNOWN: [Known; 2] = [("code", &["ma ho so", "so ky hieu"]), ("title", &["tieu de"])];

    #[test]
    fn heads_are_known_by_many_names() {
        let sheet =
            Sheet::read("\u{feff}Số, ký hiệu;Khác;Tiêu đề\n'01.UBND;x;Hồ sơ\n".as_bytes(), &KNOWN, &["code"]);
        let sheet = sheet.unwrap();
        let (line, row) = &sheet.rows[0];
        assert_eq!((*line, sheet.cell(row, "code"), sheet.cell(row, "title")), (2, "01.UBND", "Hồ sơ"));
        let twice =
            Sheet::read("Tiêu đề;Số ký hiệu;Số, ký hiệu\nx;1;2\n".as_bytes(), &KNOWN, &[]).unwrap_err();
        assert_eq!(twice.code(), "sheet_column_twice");
        assert!(Sheet::read(b"Khac;Khac;Tieu de\nx;1;2\n", &KNOWN, &[]).is_ok());
        let cut = "Tiêu đề;Khác\n\"a \"\"b\"\"\";\"c\nd\"\nx;\"e\ny;z\n";
        let cut = Sheet::read(cut.as_bytes(), &KNOWN, &[]).unwrap_err();
        assert_eq!(cut.code(), "sheet_quote");
        assert!(cut.to_string().contains("line 4"), "{cut}");
        let whole = Sheet::read("Tiêu đề\nkhổ 5\"\n\"a\"\n".as_bytes(), &KNOWN, &[]).unwrap();
        assert_eq!(whole.rows.len(), 2);
        let missing = Sheet::read(b"a,b\n1,2\n", &KNOWN, &["code"]).unwrap_err();
        assert_eq!(missing.code(), "sheet_column");
    }

    #[test]
    fn letters_that_cannot_be_read_are_said_of_the_table_and_leave_no_gap_in_the_sentence() {
        let old = b"so,trich yeu\n1,V\xEA\xCC vi\xEA\xF2c s\xFD\xD2a ch\xFD\xDEa\n";
        let noise: Vec<u8> = (0..=255u8).cycle().map(|byte| byte.wrapping_mul(167)).take(4_000).collect();
        for (bytes, code) in [(&old[..], "sheet_legacy"), (&noise, "sheet_encoding")] {
            let error = Sheet::read(bytes, &KNOWN, &[]).unwrap_err();
            assert_eq!(error.code(), code);
            for lang in [Lang::Vi, Lang::En] {
                let said = format!("{} {}", error.message(lang), error.advice(lang));
                assert!(!said.contains('{'), "{said}");
            }
        }
    }
}

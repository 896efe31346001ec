//! The manifest: a table of documents, saved as CSV UTF-8. One row is one document.

use std::collections::HashMap;

use csv::{ReaderBuilder, StringRecord, Trim};

use crate::document::Fields;
use crate::document::fields::short;
use crate::error::{Clause, Error, Result, kinds};

pub(crate) mod encoding;

/// Largest manifest file (our limit): 10,000 rows are about 3 MB.
pub const MAX_BYTES: u64 = 20_000_000;
/// Most rows (our limit).
const MAX_ROWS: usize = 100_000;

/// A manifest.
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    /// Its rows, in order.
    pub rows: Vec<Row>,
}

/// One document.
#[derive(Clone, Debug)]
pub struct Row {
    /// Line in the file, counted from 1, heading included.
    pub line: u64,
    /// Names, folders or globs of its files, in order of pages.
    pub files: Vec<String>,
    /// What it says about the document.
    pub fields: Fields,
    /// The facts that the table speaks of at all: an empty cell of such a column says that there is none, a column that is not
    /// there says nothing.
    pub columns: Vec<&'static str>,
}

/// Reads a manifest: UTF-8 with or without BOM, or UTF-16 with BOM ("Unicode text" of a spreadsheet program); `,`, `;` or
/// tab as the heading has it, columns in any order.
///
/// # Errors
/// A manifest error with line and column.
pub fn read(bytes: &[u8]) -> Result<Manifest> {
    let text = encoding::text(bytes)?;
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter(&text))
        .flexible(false)
        .trim(Trim::All)
        .from_reader(text.as_bytes());
    let heading = reader.headers().map_err(malformed)?.clone();
    check(&heading)?;
    let mut manifest = Manifest::default();
    for record in reader.records() {
        let record = record.map_err(malformed)?;
        if record.iter().all(str::is_empty) {
            continue;
        }
        manifest.rows.push(row(&heading, &record)?);
        if manifest.rows.len() > MAX_ROWS {
            return Err(kinds::MANIFEST_MALFORMED
                .with("line", MAX_ROWS)
                .with("cause", Clause::new("why-many-rows")));
        }
    }
    no_sheet_twice(&manifest.rows)?;
    Ok(manifest)
}

/// The separator that the heading has most of.
pub(crate) fn delimiter(text: &str) -> u8 {
    let heading = text.lines().next().unwrap_or_default();
    let count = |c: char| heading.matches(c).count();
    let most = [b',', b'\t', b';'].into_iter().max_by_key(|d| count(char::from(*d)));
    most.filter(|d| count(char::from(*d)) > 0).unwrap_or(b',')
}

/// A cover sheet is on top of one document.
fn no_sheet_twice(rows: &[Row]) -> Result<()> {
    let mut lines: HashMap<&str, u64> = HashMap::new();
    for row in rows {
        let Some(sheet) = &row.fields.paper_serial else { continue };
        if let Some(other) = lines.insert(sheet, row.line) {
            let error = kinds::MANIFEST_SHEET_TWICE.with("sheet", short(sheet));
            return Err(error.with("line", row.line).with("other", other));
        }
    }
    Ok(())
}

fn malformed(error: csv::Error) -> Error {
    let line = error.position().map_or(1, csv::Position::line);
    kinds::MANIFEST_MALFORMED.with("line", line).with("cause", table_fault(&error)).because(error)
}

/// What is wrong in a table (RFC 4180).
fn table_fault(error: &csv::Error) -> Clause {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            let clause = Clause::new("why-columns").with("found", len).with("wanted", expected_len);
            clause.with("technical", error)
        }
        _ => Clause::technical(error),
    }
}

fn check(heading: &StringRecord) -> Result<()> {
    let known: Vec<&str> = ["file"].into_iter().chain(Fields::NAMES).collect();
    if let Some(unknown) = heading.iter().find(|name| !known.contains(name)) {
        return Err(kinds::MANIFEST_COLUMN
            .with("column", short(unknown))
            .with("line", 1)
            .with("known", known.join(" ")));
    }
    let twice = |(place, name): &(usize, &str)| heading.iter().take(*place).any(|earlier| earlier == *name);
    if let Some((_, name)) = heading.iter().enumerate().find(twice) {
        return Err(kinds::MANIFEST_COLUMN_TWICE.with("column", name));
    }
    if !heading.iter().any(|name| name == "file" || name == "paper_serial") {
        return Err(kinds::MANIFEST_NO_FILE.error());
    }
    Ok(())
}

/// The refusal of a value, with its line.
fn at(error: Error, line: u64) -> Error {
    let with = |name: &'static str, to: Error| match error.arg(name) {
        Some(value) => to.with(name, value.to_owned()),
        None => to,
    };
    let placed = error.kind().with("line", line);
    with("field", with("value", with("known", placed)))
}

/// A direction always has a value, which an empty cell does not take away.
fn columns(heading: &StringRecord, record: &StringRecord) -> Vec<&'static str> {
    let cell = |name: &str| heading.iter().position(|column| column == name).and_then(|at| record.get(at));
    let speaks = |name: &&str| cell(name).is_some_and(|value| *name != "direction" || !value.is_empty());
    Fields::NAMES.into_iter().filter(speaks).collect()
}

fn row(heading: &StringRecord, record: &StringRecord) -> Result<Row> {
    let line = record.position().map_or(0, csv::Position::line);
    let mut row =
        Row { line, files: Vec::new(), fields: Fields::default(), columns: columns(heading, record) };
    for (name, value) in heading.iter().zip(record).filter(|(_, value)| !value.is_empty()) {
        match name {
            "file" => {
                row.files = value.split('|').map(|f| f.trim().to_owned()).filter(|f| !f.is_empty()).collect()
            }
            _ => row.fields.set(name, value).map_err(|e| at(e, line))?,
        }
    }
    if row.files.is_empty() && row.fields.paper_serial.is_none() {
        return Err(kinds::MANIFEST_ROW.with("line", line));
    }
    Ok(row)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{CopyForm, Direction};

    fn code(text: &str) -> &'static str {
        read(text.as_bytes()).unwrap_err().code()
    }

    #[test]
    fn both_separators_and_a_bom_are_read() {
        for text in [
            "\u{feff}file;subject\na.jpg|b.jpg;Về việc, thử\n",
            "subject,file\n\"Về việc, thử\",a.jpg|b.jpg\n",
        ] {
            let manifest = read(text.as_bytes()).unwrap();
            assert_eq!(manifest.rows[0].files, ["a.jpg", "b.jpg"]);
            assert_eq!(manifest.rows[0].fields.subject.as_deref(), Some("Về việc, thử"));
            assert_eq!(manifest.rows[0].line, 2);
        }
    }

    #[test]
    fn dates_are_day_first_or_iso_and_never_month_first() {
        let manifest = read(
            "file,issued_date,paper_signed_at\na,02/11/2026,03/11/2026 08:20\nb,2026-11-02,\n".as_bytes(),
        );
        let rows = manifest.unwrap().rows;
        assert_eq!(rows[0].fields.issued_date, rows[1].fields.issued_date);
        assert_eq!(rows[0].fields.paper_signed_at.unwrap().to_string(), "2026-11-03T08:20:00");
        let error = read(b"file,issued_date\na,02/11/2026\nb,11/25/2026\n").unwrap_err();
        assert_eq!(error.code(), "bad_field_value");
        assert!(format!("{error:?}").contains("(\"line\", \"3\")"), "{error:?}");
    }

    #[test]
    fn words_of_the_office_are_understood() {
        let text = "file,direction,copy_form\na,đến,sao lục\n";
        let row = read(text.as_bytes()).unwrap().rows.remove(0);
        assert_eq!(row.fields.direction, Direction::Incoming);
        assert_eq!(row.fields.copy_form, Some(CopyForm::SaoLuc));
    }

    #[test]
    fn mistakes_are_told_apart() {
        assert_eq!(code("subject\nx\n"), "manifest_no_file");
        assert_eq!(code("file,sujbect\na,x\n"), "manifest_column");
        assert_eq!(code("file,subject\n,x\n"), "manifest_row");
        assert_eq!(code("file,subject\na\n"), "manifest_malformed");
        assert_eq!(code("file,copy_form\na,TRÍCH SAO\n"), "extract_from_scan");
        assert_eq!(read(b"file,subject\na,\xC1\xE9\n").unwrap_err().code(), "manifest_encoding");
    }
}

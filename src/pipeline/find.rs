//! Look-up, the register, and the catalogue of files, as fronts ask for them.

use jiff::Timestamp;

use crate::document::Direction;
use crate::error::{Result, kinds};
use crate::locales::{self, Lang};
use crate::register::book::Wording;
use crate::register::query::Query;
use crate::report::register::{Book, book};
use crate::store::{FileEntry, Found, Record, Search, State};

use super::Desk;

/// Most codes of the catalogue that a refusal names.
const MAX_NAMED: usize = 12;
/// Longest code and longest title of a file in characters (Decree 30/2020 Appendix VI: FileNotation 20 behind the office's
/// identifier 13 and the year 4; Title 500; Maintenance 30).
const MAX_CODE: usize = 40;
const MAX_TITLE: usize = 500;
const MAX_RETENTION: usize = 30;

/// The form of a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Form {
    /// A table for spreadsheet programs.
    Csv,
    /// The records.
    Json,
    /// A book to print and to keep.
    Pdf,
}

/// What was asked; nothing asked asks for everything.
///
/// # Errors
/// [`kinds::QUESTION_WITHOUT_WORDS`] for signs without a letter or a digit, which would ask for everything too.
pub fn question(asked: &str) -> Result<Query> {
    let query = Query::parse(asked);
    match query.is_empty() && !asked.trim().is_empty() {
        true => Err(kinds::QUESTION_WITHOUT_WORDS.with("text", asked)),
        false => Ok(query),
    }
}

/// Looks documents up, in the order of their books.
///
/// # Errors
/// A store error.
pub async fn find(desk: &Desk, search: &Search) -> Result<(Found, Vec<Record>)> {
    let found = desk.store.look_up(search).await?;
    let records = desk.store.records_of(&found.documents).await?;
    Ok((found, records))
}

/// Documents as a file of their register.
///
/// # Errors
/// [`kinds::REGISTER_MIXED`] for a table of both books, [`kinds::REPORT_TOO_LARGE`].
pub fn file(desk: &Desk, form: Form, records: &[Record], scope: &str, lang: Lang) -> Result<Vec<u8>> {
    let wording = Wording { lang, utc_offset_minutes: desk.workspace.profile.utc_offset_minutes };
    match form {
        Form::Csv => wording.csv(one_direction(records)?, records),
        Form::Json => {
            let mut bytes =
                serde_json::to_vec_pretty(records).map_err(|e| kinds::INTERNAL.with("cause", e))?;
            bytes.push(b'\n');
            Ok(bytes)
        }
        Form::Pdf => {
            let office = &desk.workspace.station.office.name;
            let drill = desk.workspace.is_drill();
            let lines: Vec<Record> = records.iter().filter(|record| is_line(record)).cloned().collect();
            let records = lines.as_slice();
            let facts = Book { records, office, scope, made_at: Timestamp::now(), wording, drill };
            Ok(book(&facts)?.into_bytes())
        }
    }
}

/// How many of the documents have a line in a file of this form.
pub fn lines(form: Form, records: &[Record]) -> usize {
    match form {
        Form::Pdf => records.iter().filter(|record| is_line(record)).count(),
        Form::Csv | Form::Json => records.len(),
    }
}

/// Whether a document has its line in a printed book: a scan that nobody has described yet would be an empty one.
fn is_line(record: &Record) -> bool {
    let open = matches!(record.state, State::Captured | State::Held);
    !open || record.fields.code_number.is_some() || record.fields.arrival_number.is_some()
}

/// The two books have different columns, so one table holds one of them.
fn one_direction(records: &[Record]) -> Result<Direction> {
    let first = records.first().map_or(Direction::Outgoing, |record| record.direction);
    match records.iter().all(|record| record.direction == first) {
        true => Ok(first),
        false => Err(kinds::REGISTER_MIXED.error()),
    }
}

/// What a register is about, for its heading.
pub fn scope(search: &Search, asked: &str, lang: Lang) -> String {
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.strftime("%d/%m/%Y").to_string());
    let parts = [
        ("register-scope-outage", search.outage.clone()),
        ("register-scope-file", search.file_code.clone()),
        ("register-scope-from", day(search.from)),
        ("register-scope-to", day(search.to)),
        ("register-scope-words", Some(asked.to_owned()).filter(|_| !search.query.is_empty())),
    ];
    let worded = |(id, value): (&str, Option<String>)| {
        value.map(|value| locales::text(lang, id, &[("value", value.as_str())]))
    };
    parts.into_iter().filter_map(worded).collect::<Vec<_>>().join("; ")
}

/// Refuses a file that the catalogue does not have, naming those that it has; `what` asks for it.
///
/// # Errors
/// [`kinds::FILE_CODE_UNKNOWN`].
pub async fn known_file(desk: &Desk, what: impl std::fmt::Display, code: Option<&str>) -> Result<()> {
    let Some(code) = code else { return Ok(()) };
    let known = desk.store.file_codes().await?;
    if known.contains(code) {
        return Ok(());
    }
    let more = if known.len() > MAX_NAMED { " …" } else { "" };
    let named: Vec<&str> = known.iter().take(MAX_NAMED).map(String::as_str).collect();
    let named = if named.is_empty() { "none".to_owned() } else { named.join("; ") + more };
    Err(kinds::FILE_CODE_UNKNOWN.with("code", code).with("document", what).with("known", named))
}

/// Enters files into the catalogue.
///
/// # Errors
/// [`kinds::CATALOGUE_ENTRY`] for a file without a code or a title, or with one that is too long; then none is entered.
pub async fn enter_files(desk: &Desk, files: Vec<FileEntry>) -> Result<usize> {
    for (line, file) in (1..).zip(&files) {
        let limits = [(&file.code, MAX_CODE), (&file.title, MAX_TITLE), (&file.retention, MAX_RETENTION)];
        let fits = limits.iter().all(|(text, most)| text.chars().count() <= *most);
        if file.code.is_empty() || file.title.is_empty() || !fits {
            return Err(kinds::CATALOGUE_ENTRY.with("line", line).with("code", &file.code));
        }
    }
    desk.store.keep_files(&files).await?;
    Ok(files.len())
}

//! The two books of Decree 30/2020 Appendix IV: a document as a line of ten columns, and the book as a table file.

use csv::{QuoteStyle, Terminator, WriterBuilder};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

use crate::document::{Direction, Fields};
use crate::error::{Result, kinds};
use crate::locales::{self, Lang};
use crate::store::{Record, State};

/// Columns of a book.
pub const COLUMNS: usize = 10;
/// Names of the columns of the book of documents that were sent; the sentence is `register-<name>`.
const OUTGOING: [&str; COLUMNS] =
    ["number", "issued", "content", "signer", "recipients", "keeper", "copies", "sent", "sign", "note"];
/// As [`OUTGOING`], of the book of documents that arrived.
const INCOMING: [&str; COLUMNS] =
    ["arrived", "arrival", "author", "number", "issued", "content", "receiver", "passed", "sign", "note"];

/// Names of the columns.
pub fn columns(direction: Direction) -> [&'static str; COLUMNS] {
    match direction {
        Direction::Outgoing => OUTGOING,
        Direction::Incoming => INCOMING,
    }
}

/// How the lines of a book are worded.
#[derive(Clone, Copy, Debug)]
pub struct Wording {
    /// Language.
    pub lang: Lang,
    /// Offset of the office's time from UTC in minutes.
    pub utc_offset_minutes: i32,
}

impl Wording {
    /// Heads of the columns.
    pub fn heads(&self, direction: Direction) -> Vec<String> {
        columns(direction).iter().map(|name| locales::plain(self.lang, &format!("register-{name}"))).collect()
    }

    /// A document as a line of its book. What only a pen knows (the signature of the receiver) stays empty.
    pub fn line(&self, record: &Record) -> [String; COLUMNS] {
        columns(record.direction).map(|name| self.cell(name, record))
    }

    fn cell(&self, name: &str, record: &Record) -> String {
        let fields = &record.fields;
        match name {
            "number" => fields.number().unwrap_or_default(),
            "issued" => fields.issued_date.map(day).unwrap_or_default(),
            "content" => joined([fields.type_name.clone(), fields.subject.clone()], ": "),
            "signer" => joined([fields.signer_position.clone(), fields.signer_name.clone()], ", "),
            "recipients" | "receiver" => fields.recipients.clone().unwrap_or_default(),
            "keeper" => {
                let parts = [&fields.copy_keeper, &fields.file_code, &fields.paper_location];
                joined(parts.map(Option::clone), "; ")
            }
            "copies" => fields.issued_amount.map(|copies| copies.to_string()).unwrap_or_default(),
            // The paper book's day counts; it went on paper then.
            "sent" | "passed" => {
                let entered = || record.entered_at.map(|at| self.day_of(at));
                fields.forwarded_date.map(day).or_else(entered).unwrap_or_default()
            }
            "arrived" => fields.arrival_date.map(day).unwrap_or_default(),
            "arrival" => fields.arrival_number.clone().unwrap_or_default(),
            "author" => fields.organ_name.clone().unwrap_or_default(),
            "note" => self.note(record),
            _ => String::new(),
        }
    }

    /// Document and outage; and why a line does not stand for a document that is in force.
    fn note(&self, record: &Record) -> String {
        let ended = matches!(record.state, State::Dropped | State::Replaced | State::Held);
        let state =
            ended.then(|| locales::plain(self.lang, &format!("report-state-{}", record.state.as_str())));
        let paper = keeper_note(&record.fields, record.direction);
        let outage = Some(record.outage.clone()).filter(|text| !text.is_empty());
        let note = record.fields.note.clone();
        joined([note, Some(record.document.clone()), outage, paper, state], "; ")
    }

    fn day_of(&self, at: Timestamp) -> String {
        let offset = Offset::from_seconds(self.utc_offset_minutes.saturating_mul(60)).unwrap_or(Offset::UTC);
        day(at.to_zoned_datetime(TimeZone::fixed(offset)).date())
    }

    /// The book as CSV for spreadsheet programs: UTF-8 with its mark, and no cell that such a program would compute.
    ///
    /// # Errors
    /// An internal error when the table cannot be written.
    pub fn csv(&self, direction: Direction, records: &[Record]) -> Result<Vec<u8>> {
        let mut writer = WriterBuilder::new()
            .terminator(Terminator::CRLF)
            .quote_style(QuoteStyle::Always)
            .from_writer("\u{feff}".as_bytes().to_vec());
        let failed = |e: &dyn std::fmt::Display| kinds::INTERNAL.with("cause", e);
        writer.write_record(self.heads(direction)).map_err(|e| failed(&e))?;
        for record in records {
            writer.write_record(self.line(record).map(|cell| safe(&cell))).map_err(|e| failed(&e))?;
        }
        writer.into_inner().map_err(|e| failed(&e))
    }
}

/// A file of the catalogue and a place on a shelf have no column in the book of arrivals.
fn keeper_note(fields: &Fields, direction: Direction) -> Option<String> {
    match direction {
        Direction::Outgoing => None,
        Direction::Incoming => fields.file_code.clone(),
    }
}

fn day(date: Date) -> String {
    date.strftime("%d/%m/%Y").to_string()
}

fn joined<const N: usize>(parts: [Option<String>; N], by: &str) -> String {
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(by)
}

/// A cell that no spreadsheet program takes for a formula or a command (OWASP, "CSV Injection"): such a one begins with an
/// apostrophe, which the programs do not show.
pub fn safe(cell: &str) -> String {
    let cell: String = cell.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let first = cell.trim_start().chars().next();
    match first.is_some_and(|c| "=+-@\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}|%".contains(c)) {
        true => format!("'{cell}"),
        false => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for bad in
            ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " \r\n=cmd|' /C calc'!A0", "＝1", "|calc", "%0A=1"]
        {
            assert!(safe(bad).starts_with('\''), "{bad}");
        }
        assert_eq!(safe("125/QĐ-UBND"), "125/QĐ-UBND");
        assert_eq!(safe("a\nb"), "a b");
    }
}

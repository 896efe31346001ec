//! The register as a book to print and to keep (Decree 30/2020 Art. 16(2): a register kept by a system is printed in full and
//! bound), in the columns of Appendix IV.

use jiff::Timestamp;

use crate::document::Direction;
use crate::error::{Result, kinds};
use crate::pdf::ArchivalPdf;
use crate::register::book::{COLUMNS, Wording, columns};
use crate::store::Record;

use super::MAX_DOCUMENTS;
use super::archive::{self, Cover};
use super::ruler::Ruler;
use super::sheet::{Align, LANDSCAPE, Sheets, Style};
use super::table::{Column, Table};
use super::words::Words;

const TITLE: f32 = 14.0;
const BODY: f32 = 10.0;
const CELL: f32 = 8.5;
/// Widths of the columns in points, in the order of the books: a notation like `KH-BCHPTDS&PCTT` stands whole, a signature has room.
const OUTGOING: [f32; COLUMNS] = [78.0, 50.0, 190.0, 90.0, 78.0, 70.0, 34.0, 50.0, 50.0, 84.0];
const INCOMING: [f32; COLUMNS] = [50.0, 38.0, 96.0, 78.0, 50.0, 176.0, 76.0, 50.0, 52.0, 84.0];

/// What the book holds.
#[derive(Clone, Copy, Debug)]
pub struct Book<'a> {
    /// Its lines, in their order.
    pub records: &'a [Record],
    /// Name of the office.
    pub office: &'a str,
    /// What was asked for, as a sentence; empty for everything.
    pub scope: &'a str,
    /// When it is printed.
    pub made_at: Timestamp,
    /// Language and clock.
    pub wording: Wording,
    /// A rehearsal's.
    pub drill: bool,
}

/// The book as PDF/A: documents that were sent, then documents that arrived, each with its own columns.
///
/// # Errors
/// [`kinds::REPORT_TOO_LARGE`] above [`MAX_DOCUMENTS`]; an internal error when the font cannot be embedded.
pub fn book(book: &Book) -> Result<ArchivalPdf> {
    if book.records.len() > MAX_DOCUMENTS {
        return Err(kinds::REPORT_TOO_LARGE.with("count", book.records.len()).with("limit", MAX_DOCUMENTS));
    }
    let ruler = Ruler::new()?;
    let words = Words::of(book.wording.lang, book.wording.utc_offset_minutes, &ruler);
    let banner = book.drill.then(|| words.say("report-drill"));
    let mut sheets = Sheets::on(LANDSCAPE, &ruler, banner);
    let has = |direction| book.records.iter().any(|record| record.direction == direction);
    let both = [Direction::Outgoing, Direction::Incoming];
    let mut directions: Vec<Direction> = both.into_iter().filter(|direction| has(*direction)).collect();
    if directions.is_empty() {
        directions.push(Direction::Outgoing);
    }
    for (place, direction) in directions.iter().enumerate() {
        if place > 0 {
            sheets.next_page();
        }
        part(&mut sheets, &words, book, *direction);
    }
    footers(&mut sheets, &words);
    let title = words.say(title(directions[0]));
    let cover = Cover {
        title: &title,
        made_at: book.made_at,
        utc_offset_minutes: book.wording.utc_offset_minutes,
        lang: book.wording.lang,
    };
    archive::file(sheets, &cover)
}

fn title(direction: Direction) -> &'static str {
    match direction {
        Direction::Outgoing => "register-title-outgoing",
        Direction::Incoming => "register-title-incoming",
    }
}

fn part(sheets: &mut Sheets, words: &Words, book: &Book, direction: Direction) {
    let edges = sheets.paper.edges;
    sheets.paragraph(&words.tidy(book.office), Style::bold(BODY + 1.0), edges);
    sheets.y -= 4.0;
    sheets.line(&words.say(title(direction)), Style::bold(TITLE), edges, Align::Center);
    let scope = words.tidy(book.scope);
    if !scope.is_empty() {
        sheets.line(&scope, Style::regular(BODY), edges, Align::Center);
    }
    let made = words.moment_in_zone(book.made_at);
    sheets.line(&words.fill("register-made", &[("made", &made)]), Style::regular(BODY), edges, Align::Center);
    sheets.y -= 6.0;
    let lines: Vec<&Record> = book.records.iter().filter(|record| record.direction == direction).collect();
    table(sheets, words, book, direction, &lines);
    let count = words.number(lines.len() as u64);
    sheets.y -= 6.0;
    sheets.paragraph(&words.fill("register-count", &[("count", &count)]), Style::regular(BODY), edges);
}

fn table(sheets: &mut Sheets, words: &Words, book: &Book, direction: Direction, lines: &[&Record]) {
    let widths = match direction {
        Direction::Outgoing => OUTGOING,
        Direction::Incoming => INCOMING,
    };
    let heads = book.wording.heads(direction);
    let column = |((width, name), head): ((&f32, &str), &String)| Column {
        width: *width,
        head: words.tidy(head),
        align: match name {
            "issued" | "arrived" | "arrival" | "copies" | "sent" | "passed" => Align::Center,
            _ => Align::Left,
        },
    };
    let columns = widths.iter().zip(columns(direction)).zip(&heads).map(column).collect();
    let mut table = Table::between(sheets.paper.edges, columns, CELL).numbered();
    for record in lines {
        let cells: Vec<Vec<String>> =
            book.wording.line(record).iter().map(|cell| vec![words.tidy(cell)]).collect();
        table.row(sheets, &cells);
    }
    table.end(sheets);
}

fn footers(sheets: &mut Sheets, words: &Words) {
    let pages = sheets.count();
    for index in 0..pages {
        let numbers = [("page", (index + 1).to_string()), ("pages", pages.to_string())];
        let numbers = numbers.each_ref().map(|(name, value)| (*name, value.as_str()));
        sheets.footer(index, "", &words.fill("report-page", &numbers));
    }
}

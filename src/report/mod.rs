//! The printed list of the documents of an outage, for the minutes of the hand-over: A4 in landscape, black on white,
//! made to be signed by hand on paper. It is a print and no archive file; the documents themselves are PDF/A.

use crate::error::{Result, kinds};
use crate::locales::Lang;
use crate::outage::Outage;
use crate::store::Record;

mod archive;
mod chart;
pub mod notice;
pub(crate) mod paper;
mod parts;
mod reconciliation;
pub mod register;
mod rows;
pub(crate) mod ruler;
mod sheet;
mod table;
#[cfg(test)]
mod tests;
pub mod verdict;
mod words;

/// Most documents of a list (our limit); each takes about 20 kB of memory while the list is made.
pub const MAX_DOCUMENTS: usize = 100_000;
/// Size of the list's text in points.
const SIZE: f32 = 8.5;

/// What the list tells.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The outage.
    pub outage: &'a Outage,
    /// Its documents, in the order of the list.
    pub records: &'a [Record],
    /// Name of the office.
    pub office: &'a str,
    /// When the list is made.
    pub made_at: jiff::Timestamp,
    /// Offset of the office's time from UTC in minutes.
    pub utc_offset_minutes: i32,
    /// Language of the list.
    pub lang: Lang,
}

/// The list as a PDF file.
///
/// # Errors
/// [`kinds::REPORT_TOO_LARGE`] above [`MAX_DOCUMENTS`]; an internal error when the font cannot be embedded.
pub fn batch(facts: &Facts) -> Result<Vec<u8>> {
    if facts.records.len() > MAX_DOCUMENTS {
        return Err(kinds::REPORT_TOO_LARGE.with("count", facts.records.len()).with("limit", MAX_DOCUMENTS));
    }
    let ruler = ruler::Ruler::new()?;
    let words = words::Words::new(facts, &ruler);
    let banner = facts.outage.drill.then(|| words.say("report-drill"));
    let mut sheets = sheet::Sheets::new(&ruler, banner);
    parts::heading(&mut sheets, &words, facts);
    let mut table = table::Table::new(rows::columns(&words), SIZE);
    for (index, record) in facts.records.iter().enumerate() {
        table.row(&mut sheets, &rows::cells(&words, index, record));
    }
    table.end(&mut sheets);
    parts::totals(&mut sheets, &words, facts.records);
    parts::handover(&mut sheets, &words);
    if !facts.records.is_empty() {
        parts::annex(&mut sheets, &words, facts.records);
    }
    footers(&mut sheets, &words, facts);
    sheets.finish(&words.say("report-title"), facts.made_at)
}

/// Outage and page number under each page, once their number is known.
fn footers(sheets: &mut sheet::Sheets, words: &words::Words, facts: &Facts) {
    let title = words.say("report-title");
    let left = words.fill("report-footer", &[("title", &title), ("reference", &facts.outage.reference)]);
    let pages = sheets.count();
    for index in 0..pages {
        let numbers = [("page", (index + 1).to_string()), ("pages", pages.to_string())];
        let numbers = numbers.each_ref().map(|(name, value)| (*name, value.as_str()));
        sheets.footer(index, &left, &words.fill("report-page", &numbers));
    }
}

//! What stands around the table: heading, totals, the block for the hand-over, the annex of digests.

use std::collections::BTreeMap;

use crate::outage::Outage;
use crate::store::{Record, State};

use super::Facts;
use super::rows::latest;
use super::sheet::{Align, LEFT, RIGHT, Sheets, Style};
use super::table::{Column, Table};
use super::words::Words;

const TITLE: f32 = 14.0;
const BODY: f32 = 10.0;
const ANNEX: f32 = 8.5;
/// Where the second column of facts begins, and how wide the labels are.
const MIDDLE: f32 = (LEFT + RIGHT) / 2.0;
const LABEL: f32 = 108.0;
const GUTTER: f32 = 16.0;
/// Height of the block for the hand-over in points; it stays on one page.
const HANDOVER: f32 = 152.0;
/// Empty room for the signature.
const SIGNATURE: f32 = 52.0;
const EDGES: (f32, f32) = (LEFT, RIGHT);

/// Office, title and the facts of the outage.
pub(super) fn heading(sheets: &mut Sheets, words: &Words, facts: &Facts) {
    sheets.paragraph(&words.tidy(facts.office), Style::bold(BODY + 1.0), EDGES);
    sheets.y -= 6.0;
    sheets.line(&words.say("report-title"), Style::bold(TITLE), EDGES, Align::Center);
    sheets.line(&words.say("report-subtitle"), Style::regular(BODY), EDGES, Align::Center);
    sheets.y -= 6.0;
    let top = sheets.y;
    let o = facts.outage;
    let left = [
        ("reference", words.known(Some(&o.reference))),
        ("systems", words.known(Some(&o.systems.join(", ")))),
        ("units", words.known(Some(&o.units.join(", ")))),
        ("declared", declared(words, o)),
    ];
    let at = |time: Option<jiff::Timestamp>| time.map_or_else(|| words.known(None), |t| words.moment(t));
    let right = [
        ("start", at(o.start())),
        ("restored", at(o.restored_at)),
        ("made", words.moment_in_zone(facts.made_at)),
    ];
    let low = pairs(sheets, words, &left, (LEFT, MIDDLE + 60.0 - GUTTER), top);
    let other = pairs(sheets, words, &right, (MIDDLE + 60.0, RIGHT), top);
    sheets.y = low.min(other) - 7.0;
}

fn declared(words: &Words, outage: &Outage) -> String {
    match (&outage.declared_by, &outage.declaration_document) {
        (Some(name), Some(document)) => {
            words.fill("report-declared", &[("name", name), ("document", document)])
        }
        (name, _) => words.known(name.as_deref()),
    }
}

/// Most lines of a fact on the first page; the whole record of the outage is told elsewhere.
const FACT_LINES: usize = 4;

/// Labels with their values under `top`; gives the lower edge.
fn pairs(sheets: &mut Sheets, words: &Words, facts: &[(&str, String)], edges: (f32, f32), top: f32) -> f32 {
    let style = Style::regular(BODY);
    let mut y = top;
    for (name, value) in facts {
        let label = words.name("report-fact", name);
        let value = sheets.ruler.lines(value, BODY, edges.1 - edges.0 - LABEL, FACT_LINES);
        sheets.cell(&[label], style, edges, Align::Left, y);
        sheets.cell(&value, style, (edges.0 + LABEL, edges.1), Align::Left, y);
        y -= value.len() as f32 * style.leading() + 1.5;
    }
    y
}

/// Documents, pages, sizes, what has arrived and what waits for whom.
pub(super) fn totals(sheets: &mut Sheets, words: &Words, records: &[Record]) {
    let style = Style::regular(BODY);
    let sum = |of: fn(&Record) -> u64| records.iter().map(of).fold(0, u64::saturating_add);
    let pages = sum(|r| u64::try_from(r.pages).unwrap_or(u64::MAX));
    let mut lines = vec![
        words.fill(
            "report-total-documents",
            &[("documents", &count(words, records.len())), ("pages", &words.number(pages))],
        ),
        words.fill(
            "report-total-bytes",
            &[("in", &words.size(sum(|r| r.bytes_in))), ("out", &words.size(sum(|r| r.bytes_out)))],
        ),
    ];
    lines.extend(outcome(words, records));
    // Nobody should sign on a page that names nothing: the totals go along with the block for the hand-over.
    if !sheets.has_room(30.0 + lines.len() as f32 * style.leading() + HANDOVER) {
        sheets.next_page();
    }
    sheets.y -= 8.0;
    sheets.line(&words.say("report-totals"), Style::bold(BODY), EDGES, Align::Left);
    lines.iter().for_each(|line| sheets.paragraph(line, style, EDGES));
}

/// Delivered, ended otherwise, waiting.
fn outcome(words: &Words, records: &[Record]) -> Vec<String> {
    let (mut delivered, mut ended, mut waiting) = (0, BTreeMap::new(), BTreeMap::new());
    for record in records {
        match record.state {
            State::Delivered => delivered += 1,
            State::Closed | State::Replaced | State::Dropped => {
                *ended.entry(words.name("report-state", record.state.as_str())).or_insert(0) += 1;
            }
            _ => {
                let who = record.waiting_for.as_deref().unwrap_or("other");
                *waiting.entry(words.name("report-waiting", who)).or_insert(0) += 1;
            }
        }
    }
    let mut lines = vec![words.fill("report-total-delivered", &[("count", &count(words, delivered))])];
    if !ended.is_empty() {
        lines.push(parted(words, "report-total-ended", &ended));
    }
    lines.push(match waiting.is_empty() {
        true => words.say("report-total-none-waiting"),
        false => parted(words, "report-total-waiting", &waiting),
    });
    lines
}

/// A sum with its parts.
fn parted(words: &Words, id: &str, parts: &BTreeMap<String, usize>) -> String {
    let part = |(name, n): (&String, &usize)| {
        words.fill("report-total-part", &[("name", &inside(name)), ("count", &count(words, *n))])
    };
    let detail: Vec<String> = parts.iter().map(part).collect();
    let sum: usize = parts.values().sum();
    words.fill(id, &[("count", &count(words, sum)), ("detail", &detail.join("; "))])
}

/// A name inside a sentence.
fn inside(name: &str) -> String {
    let mut rest = name.chars();
    rest.next().into_iter().flat_map(char::to_lowercase).chain(rest.clone()).collect()
}

fn count(words: &Words, n: usize) -> String {
    words.number(u64::try_from(n).unwrap_or(u64::MAX))
}

/// Who hands over and who receives: room for signature, name and date.
pub(super) fn handover(sheets: &mut Sheets, words: &Words) {
    if !sheets.has_room(HANDOVER) {
        sheets.next_page();
    }
    sheets.y -= 8.0;
    sheets.paragraph(&words.say("report-handover-note"), Style::regular(BODY), EDGES);
    sheets.y -= 10.0;
    let top = sheets.y;
    for (id, edges) in [("report-handover-from", (LEFT, MIDDLE)), ("report-handover-to", (MIDDLE, RIGHT))] {
        sheets.y = top;
        signature(sheets, words, id, (edges.0 + 50.0, edges.1 - 50.0));
    }
}

fn signature(sheets: &mut Sheets, words: &Words, id: &str, edges: (f32, f32)) {
    let style = Style::regular(BODY);
    sheets.line(&words.say(id), Style::bold(BODY), edges, Align::Center);
    sheets.line(&words.say("report-handover-sign"), style, edges, Align::Center);
    sheets.y -= SIGNATURE;
    for id in ["report-handover-name", "report-handover-date"] {
        let label = words.say(id);
        let start = edges.0 + sheets.ruler.width(&label, BODY) + 5.0;
        sheets.line(&label, style, edges, Align::Left);
        sheets.rule((start, sheets.y), (edges.1, sheets.y), 0.4);
        sheets.y -= 7.0;
    }
}

/// The digest of each document in full, two documents a row.
pub(super) fn annex(sheets: &mut Sheets, words: &Words, records: &[Record]) {
    sheets.next_page();
    sheets.line(&words.say("report-annex"), Style::bold(BODY + 2.0), EDGES, Align::Center);
    sheets.y -= 3.0;
    sheets.paragraph(&words.say("report-annex-note"), Style::regular(BODY), EDGES);
    sheets.y -= 6.0;
    let column = |head: String, width, align| Column { width, head, align };
    let half = || {
        [
            column(words.say("report-col-no"), 30.0, Align::Center),
            column(words.say("report-col-document"), 50.0, Align::Left),
            column(words.say("report-annex-digest"), 296.0, Align::Left),
        ]
    };
    let mut table = Table::new(half().into_iter().chain(half()).collect(), ANNEX);
    for (row, pair) in records.chunks(2).enumerate() {
        let mut cells = Vec::with_capacity(6);
        for (index, record) in pair.iter().enumerate() {
            let digest = latest(record);
            let digest = digest.map_or_else(|| words.say("report-annex-none"), |d| words.tidy(&d.0));
            let number = words.tidy(&(2 * row + index + 1).to_string());
            cells.extend([vec![number], vec![words.tidy(&record.document)], vec![digest]]);
        }
        table.row(sheets, &cells);
    }
    table.end(sheets);
}

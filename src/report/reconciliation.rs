//! The tables of a reconciliation: the summary in the notice, and the annex with every line and every document.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::kit::Block;
use crate::reconcile::{Class, Line, sentence};
use crate::register::order;
use crate::store::{Record, State};

use super::notice::{Facts, paragraph};
use super::sheet::{Align, Sheets, Style};
use super::table::{Column, Table};
use super::words::Words;

const CELL: f32 = 10.0;
const BODY: f32 = 13.0;
/// Reason of the version that the organization has signed.
const SEALED: &str = "sign:organization";

/// Whether a document still counts.
pub(super) fn counts(record: &Record) -> bool {
    !matches!(record.state, State::Dropped | State::Replaced)
}

/// When the organization has signed.
pub(super) fn sealed_at(record: &Record) -> Option<Timestamp> {
    record.revisions.iter().find(|revision| revision.reason == SEALED).map(|revision| revision.at)
}

fn column(words: &Words, name: &str, width: f32, align: Align) -> Column {
    Column { width, head: words.say(&format!("notice-col-{name}")), align }
}

fn table(sheets: &mut Sheets, columns: Vec<Column>, rows: impl Iterator<Item = Vec<String>>) {
    let mut table = Table::between(sheets.paper.edges, columns, CELL);
    for row in rows {
        let cells: Vec<Vec<String>> = row.into_iter().map(|cell| vec![cell]).collect();
        table.row(sheets, &cells);
    }
    table.end(sheets);
    sheets.y -= 8.0;
}

/// How many numbers were handed out, scanned, sealed, delivered, and what the reconciliation found; then by notation.
pub(super) fn summary(sheets: &mut Sheets, words: &Words, facts: &Facts) {
    let counted: Vec<&Record> = facts.records.iter().filter(|record| counts(record)).collect();
    let count = |n: usize| words.number(u64::try_from(n).unwrap_or(u64::MAX));
    let blocks = facts.outage.number_blocks.iter().filter_map(|text| text.parse::<Block>().ok());
    let handed: usize = blocks.map(|block| (block.to - block.from) as usize + 1).sum();
    let text = words.fill("notice-result", &[("count", &count(counted.len()))]);
    paragraph(sheets, &text);
    let mut rows = vec![
        ("handed", handed, None),
        ("scanned", counted.len(), None),
        ("sealed", counted.iter().filter(|r| sealed_at(r).is_some()).count(), None),
        ("delivered", counted.iter().filter(|r| r.entered_at.is_some()).count(), None),
    ];
    for class in Class::ALL.into_iter().filter(|class| *class != Class::Unused) {
        let of = |line: &&Line| line.class == class;
        let open = facts.lines.iter().filter(of).filter(|line| line.open).count();
        let all = facts.lines.iter().filter(of).count();
        rows.push((class.as_str(), all, class.needs_reason().then_some(open)));
    }
    let columns = vec![
        column(words, "what", 300.0, Align::Left),
        column(words, "count", 70.0, Align::Center),
        column(words, "open", 90.0, Align::Center),
    ];
    let cells = rows.into_iter().map(|(name, all, open)| {
        let name = words.say(&format!("notice-row-{}", name.replace('_', "-")));
        vec![name, count(all), open.map(count).unwrap_or_default()]
    });
    table(sheets, columns, cells);
    by_notation(sheets, words, &counted, facts);
}

fn by_notation(sheets: &mut Sheets, words: &Words, counted: &[&Record], facts: &Facts) {
    let mut groups: BTreeMap<String, (String, Vec<&Record>)> = BTreeMap::new();
    for record in counted {
        let notation = record.fields.code_notation.clone().unwrap_or_default();
        groups.entry(order::key(&notation)).or_insert_with(|| (notation, Vec::new())).1.push(record);
    }
    if groups.len() < 2 {
        return;
    }
    let count = |n: usize| words.number(u64::try_from(n).unwrap_or(u64::MAX));
    let told: Vec<&String> =
        facts.lines.iter().filter(|l| l.class.needs_reason()).flat_map(|l| &l.documents).collect();
    let columns = vec![
        column(words, "notation", 140.0, Align::Left),
        column(words, "scanned", 80.0, Align::Center),
        column(words, "sealed", 80.0, Align::Center),
        column(words, "delivered", 80.0, Align::Center),
        column(words, "told", 80.0, Align::Center),
    ];
    let rows = groups.into_values().map(|(notation, records)| {
        let of = |is: &dyn Fn(&Record) -> bool| count(records.iter().filter(|r| is(r)).count());
        vec![
            words.tidy(if notation.is_empty() { "–" } else { &notation }),
            count(records.len()),
            of(&|r| sealed_at(r).is_some()),
            of(&|r| r.entered_at.is_some()),
            of(&|r| told.contains(&&r.document)),
        ]
    });
    table(sheets, columns, rows);
}

/// Every line that is not as it should be with its reason, and every document.
pub(super) fn annex(sheets: &mut Sheets, words: &Words, facts: &Facts) {
    sheets.next_page();
    let edges = sheets.paper.edges;
    sheets.line(&words.say("notice-annex"), Style::bold(14.0), edges, Align::Center);
    let about = words.fill("notice-annex-about", &[("reference", &words.tidy(&facts.outage.reference))]);
    for line in sheets.ruler.lines(&about, BODY, edges.1 - edges.0, 3) {
        sheets.line(&line, Style::italic(BODY), edges, Align::Center);
    }
    sheets.y -= 8.0;
    heading(sheets, words, "notice-annex-lines");
    let told: Vec<&Line> = facts.lines.iter().filter(|line| line.class.needs_reason()).collect();
    match told.is_empty() {
        true => paragraph(sheets, &words.say("notice-annex-none")),
        false => lines(sheets, words, facts, &told),
    }
    let left: Vec<&Line> = facts.lines.iter().filter(|line| line.class == Class::Unused).collect();
    heading(sheets, words, "notice-annex-unused");
    let named = left.iter().filter_map(|line| line.number.as_deref().or(line.sheet.as_deref()));
    match left.is_empty() {
        true => paragraph(sheets, &words.say("notice-annex-none")),
        false => paragraph(sheets, &words.tidy(&(named.collect::<Vec<_>>().join("; ") + "."))),
    }
    heading(sheets, words, "notice-annex-documents");
    documents(sheets, words, facts);
}

fn heading(sheets: &mut Sheets, words: &Words, id: &str) {
    if !sheets.has_room(80.0) {
        sheets.next_page();
    }
    sheets.line(&words.say(id), Style::bold(BODY), sheets.paper.edges, Align::Left);
    sheets.y -= 4.0;
}

fn lines(sheets: &mut Sheets, words: &Words, facts: &Facts, told: &[&Line]) {
    let columns = vec![
        column(words, "no", 24.0, Align::Center),
        column(words, "class", 62.0, Align::Left),
        column(words, "line", 158.0, Align::Left),
        column(words, "reason", 104.0, Align::Left),
        column(words, "by", 116.0, Align::Left),
    ];
    let mut table = Table::between(sheets.paper.edges, columns, CELL);
    for (number, line) in (1u64..).zip(told) {
        let (reason, by) = match &line.settled {
            Some(settled) => {
                (words.tidy(&settled.reason), vec![words.tidy(&settled.by), words.moment(settled.at)])
            }
            None => (words.say("notice-not-settled"), Vec::new()),
        };
        let class = words.say(&format!("reconcile-class-{}", line.class.as_str().replace('_', "-")));
        let text = words.tidy(&sentence(line, facts.lang));
        table.row(sheets, &[vec![words.number(number)], vec![class], vec![text], vec![reason], by]);
    }
    table.end(sheets);
    sheets.y -= 8.0;
}

fn documents(sheets: &mut Sheets, words: &Words, facts: &Facts) {
    let mut records: Vec<&Record> = facts.records.iter().collect();
    records.sort_by_cached_key(|record| (order::of(&record.fields), record.document.clone()));
    let mut classes: BTreeMap<&str, Class> = BTreeMap::new();
    for line in facts.lines {
        for document in &line.documents {
            classes.entry(document).and_modify(|known| *known = line.class.min(*known)).or_insert(line.class);
        }
    }
    let columns = vec![
        column(words, "no", 26.0, Align::Center),
        column(words, "number", 92.0, Align::Left),
        column(words, "date", 55.0, Align::Center),
        column(words, "subject", 137.0, Align::Left),
        column(words, "document", 51.0, Align::Left),
        column(words, "state", 61.0, Align::Left),
        column(words, "result", 54.0, Align::Left),
    ];
    let rows = (1..).zip(&records).map(|(number, record): (u64, _)| {
        let fields = &record.fields;
        let class = classes.get(record.document.as_str()).map(|class| class.as_str().replace('_', "-"));
        vec![
            words.number(number),
            words.tidy(&fields.number().or_else(|| fields.arrival_number.clone()).unwrap_or_default()),
            fields.issued_date.map(|date| words.day(date)).unwrap_or_default(),
            words.tidy(fields.subject.as_deref().unwrap_or_default()),
            words.tidy(&record.document),
            words.name("report-state", record.state.as_str()),
            class.map(|class| words.say(&format!("reconcile-class-{class}"))).unwrap_or_default(),
        ]
    });
    table(sheets, columns, rows);
}

//! The comparison of the three sides, a function a kind of line.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::Offset;

use crate::register::order;

use super::matching::{self, Rows, key};
use super::{Class, Input, Line, Paper, blocks, sheets};

/// All lines, in the order in which they are told: what needs a reason first, then by number.
pub fn compare(input: &Input) -> Vec<Line> {
    let mut rows = Rows::new(input.system.unwrap_or_default());
    let mut lines = documents(input, &mut rows);
    lines.extend(blocks::lines(input, &rows));
    lines.extend(blocks::outside(input));
    lines.extend(input.papers.iter().filter(|paper| paper.counts()).filter_map(|p| window(input, p)));
    lines.extend(spoilt(input));
    sheets::add(input, &mut lines);
    only_once(&mut lines);
    lines.sort_by_cached_key(|line| {
        (line.class, order::key(line.number.as_deref().unwrap_or_default()), line.line.clone())
    });
    lines
}

/// A document is matched when nothing else is said about it.
fn only_once(lines: &mut Vec<Line>) {
    let told: Vec<String> = lines
        .iter()
        .filter(|line| line.class.needs_reason())
        .flat_map(|line| line.documents.clone())
        .collect();
    lines.retain(|line| line.class != Class::Matched || !line.documents.iter().any(|d| told.contains(d)));
}

/// Documents against the system: groups of the same number first, because the system may have one of them twice.
fn documents(input: &Input, rows: &mut Rows) -> Vec<Line> {
    let mut groups: BTreeMap<_, Vec<&Paper>> = BTreeMap::new();
    let mut lines = Vec::new();
    for paper in input.papers.iter().filter(|paper| paper.counts()) {
        match key(&paper.fields) {
            Some(key) => groups.entry((key, group(paper))).or_default().push(paper),
            None => lines.push(Line::of(Class::Missing, "missing_number", paper)),
        }
    }
    let mut rest = Vec::new();
    for papers in groups.into_values() {
        let found = rows.same_number(&papers[0].fields);
        found.iter().for_each(|place| rows.take(*place));
        match (papers.as_slice(), found.as_slice()) {
            ([paper], [place]) => lines.push(pair(paper, rows, *place)),
            ([paper], []) => rest.push(*paper),
            (papers, found) => lines.push(duplicate(papers, rows, found)),
        }
    }
    // Only what nobody else is can be the same document under another number.
    lines.extend(rest.into_iter().map(|paper| alone(input, paper, rows)));
    lines
}

/// What keeps equal numbers apart: the year, and for papers that arrived their author.
fn group(paper: &Paper) -> (Option<i16>, String) {
    let fields = &paper.fields;
    let organ = match fields.direction {
        crate::document::Direction::Incoming => fields.organ_name.as_deref().map(matching::plain),
        crate::document::Direction::Outgoing => None,
    };
    (fields.issued_date.map(|date| date.year()), organ.unwrap_or_default())
}

fn pair(paper: &Paper, rows: &Rows, place: usize) -> Line {
    let row = rows.row(place);
    let differences = matching::differences(paper, row);
    let line = match differences.is_empty() {
        true => Line::of(Class::Matched, "matched_system", paper),
        false => Line::of(Class::Conflict, "conflict", paper),
    };
    Line { differences, system: vec![(row.line, row.number())], ..line }
}

fn duplicate(papers: &[&Paper], rows: &Rows, found: &[usize]) -> Line {
    let number = papers[0].fields.number().or_else(|| papers[0].fields.arrival_number.clone());
    let number = number.unwrap_or_default();
    let cause = if papers.len() > 1 { "duplicate_scan" } else { "duplicate_system" };
    Line {
        documents: papers.iter().map(|paper| paper.document.clone()).collect(),
        system: found.iter().map(|place| (rows.row(*place).line, rows.row(*place).number())).collect(),
        number: Some(number.clone()),
        ..Line::new(Class::Duplicate, cause, &number)
    }
}

/// A document whose number the system does not have.
fn alone(input: &Input, paper: &Paper, rows: &mut Rows) -> Line {
    if let Some(place) = rows.other_number(&paper.fields) {
        rows.take(place);
        let row = rows.row(place);
        let line = Line::of(Class::Renumbered, "renumbered", paper);
        return Line { system: vec![(row.line, row.number())], ..line };
    }
    match (input.system.is_some(), paper.delivered) {
        (true, true) => Line::of(Class::Missing, "missing_system_delivered", paper),
        (true, false) => Line::of(Class::Missing, "missing_system", paper),
        (false, true) => Line::of(Class::Matched, "matched_receipt", paper),
        (false, false) => Line::of(Class::Missing, "missing_delivery", paper),
    }
}

/// Paper that was signed outside the window; where nobody has noted the hour, its day decides.
fn window(input: &Input, paper: &Paper) -> Option<Line> {
    let offset = Offset::from_seconds(input.utc_offset_minutes.saturating_mul(60)).ok()?;
    let at = |time: jiff::civil::DateTime| -> Option<Timestamp> { offset.to_timestamp(time).ok() };
    let (begin, end) = match (paper.fields.paper_signed_at, paper.fields.issued_date) {
        (Some(time), _) => (at(time)?, at(time)?),
        (None, Some(day)) => (at(day.at(0, 0, 0, 0))?, at(day.at(23, 59, 59, 0))?),
        (None, None) => return None,
    };
    let (from, to) = input.window;
    let outside = from.is_some_and(|from| end < from) || to.is_some_and(|to| begin > to);
    outside.then(|| {
        let mut line = Line::of(Class::OutsideWindow, "outside_window", paper);
        line.settle(paper.window_reason.clone());
        line
    })
}

/// Papers that were given up, unless another one has their number now.
fn spoilt(input: &Input) -> Vec<Line> {
    let lives = |paper: &Paper| {
        let same = |other: &&Paper| other.counts() && key(&other.fields) == key(&paper.fields);
        key(&paper.fields).is_some() && input.papers.iter().any(|other| same(&other))
    };
    let given_up = input.papers.iter().filter(|paper| paper.state == crate::store::State::Dropped);
    let line = |paper: &Paper| {
        let mut line = Line::of(Class::Spoilt, "spoilt_document", paper);
        line.settle(paper.dropped.clone());
        line
    };
    given_up.filter(|paper| !lives(paper)).map(line).collect()
}

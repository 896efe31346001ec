//! Numbers that were handed out: which are accounted for, which are not, which are left.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::{Direction, Fields};
use crate::kit::Block;

use super::matching::{Rows, value};
use super::series::belongs;
use super::{Class, Input, Line, Paper};

/// The number of a document inside a block.
pub(super) fn number_in(block: &Block, fields: &Fields) -> Option<u32> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let ours = fields.direction == Direction::Outgoing;
    let fits = ours && belongs(&block.series, &text(&fields.code_notation), &text(&fields.type_name));
    value(fields.code_number.as_deref()?).parse().ok().filter(|_| fits)
}

fn within(block: &Block, number: u32) -> bool {
    (block.from..=block.to).contains(&number)
}

/// Lines of all blocks. `rows` knows which rows of the system have found their document.
pub(super) fn lines(input: &Input, rows: &Rows) -> Vec<Line> {
    let mut found = Vec::new();
    for block in &input.handed.blocks {
        let used = |paper: &Paper| number_in(block, &paper.fields).filter(|n| within(block, *n));
        let on_paper: BTreeSet<u32> = input.papers.iter().filter_map(used).collect();
        let mut in_system: BTreeMap<u32, usize> = BTreeMap::new();
        for place in 0..input.system.map_or(0, <[_]>::len) {
            let number = number_in(block, &rows.row(place).fields).filter(|n| within(block, *n));
            if let Some(number) = number.filter(|_| !rows.is_taken(place) && is_ours(input, rows, place)) {
                in_system.insert(number, place);
            }
        }
        let last = on_paper.iter().chain(in_system.keys()).max().copied();
        for number in block.from..=last.unwrap_or(0) {
            if on_paper.contains(&number) {
                continue;
            }
            let subject = format!("{}:{number}", block.series);
            let mut line = match in_system.get(&number) {
                Some(place) => {
                    let row = rows.row(*place);
                    let line = Line::new(Class::Missing, "missing_scan", &subject);
                    Line { system: vec![(row.line, row.number())], ..line }
                }
                None => Line::new(Class::Missing, "missing_paper", &subject),
            };
            line.number = Some(format!("{} {number}", block.series));
            found.push(line);
        }
        let first_left = last.map_or(block.from, |last| last + 1);
        if first_left <= block.to {
            let left = Block { from: first_left, ..block.clone() }.to_string();
            found.push(Line {
                number: Some(left.clone()),
                ..Line::new(Class::Unused, "unused_numbers", &left)
            });
        }
    }
    found
}

/// A number of the same name of another year is none of this outage.
fn is_ours(input: &Input, rows: &Rows, place: usize) -> bool {
    let years: BTreeSet<i16> =
        input.papers.iter().filter_map(|p| p.fields.issued_date).map(|d| d.year()).collect();
    rows.row(place).fields.issued_date.is_none_or(|date| years.is_empty() || years.contains(&date.year()))
}

/// The blocks of a document's series when its number stands in none of them.
pub fn missed_blocks<'a>(blocks: &'a [Block], fields: &Fields) -> Vec<&'a Block> {
    let numbers: Vec<(u32, &Block)> =
        blocks.iter().filter_map(|block| Some((number_in(block, fields)?, block))).collect();
    match numbers.iter().any(|(number, block)| within(block, *number)) {
        true => Vec::new(),
        false => numbers.into_iter().map(|(_, block)| block).collect(),
    }
}

/// Documents whose series has blocks and whose number stands in none of them.
pub(super) fn outside(input: &Input) -> Vec<Line> {
    let blocks = &input.handed.blocks;
    let outside = |paper: &&Paper| !missed_blocks(blocks, &paper.fields).is_empty();
    let papers = input.papers.iter().filter(|paper| paper.counts());
    papers.filter(outside).map(|paper| Line::of(Class::OutsideBlock, "outside_block", paper)).collect()
}

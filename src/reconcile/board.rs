//! Every number that was handed out, with the worst that is said about it: the board that hangs on the wall in a paper week.

use std::collections::{BTreeMap, HashMap};

use crate::document::Fields;
use crate::kit::Block;

use super::blocks::number_in;
use super::{Class, Line};

/// Most numbers of a block that are shown (our limit); of a longer one the rest is told by the lines alone.
const MOST: u32 = 2_000;

/// A number of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The number.
    pub number: u32,
    /// The worst that is said about it; none of a number that nobody has looked for yet.
    pub class: Option<Class>,
    /// Whether that still wants a reason.
    pub open: bool,
}

/// The cells of a block, in their order. `fields` gives the facts of a document by its number here.
pub fn board(block: &Block, fields: &HashMap<&str, &Fields>, lines: &[Line]) -> Vec<Cell> {
    let mut found: BTreeMap<u32, (Class, bool)> = BTreeMap::new();
    for line in lines {
        for number in numbers(block, fields, line) {
            let said = found.entry(number).or_insert((line.class, line.open));
            // Classes stand in the order of their weight; what is open goes before what is settled.
            if (!line.open, line.class) < (!said.1, said.0) {
                *said = (line.class, line.open);
            }
        }
    }
    let cell = |number| {
        let said = found.get(&number);
        Cell { number, class: said.map(|said| said.0), open: said.is_some_and(|said| said.1) }
    };
    (block.from..=last(block)).map(cell).collect()
}

/// The last number that is shown.
fn last(block: &Block) -> u32 {
    block.to.min(block.from.saturating_add(MOST))
}

/// The numbers of a block that a line is about.
fn numbers(block: &Block, fields: &HashMap<&str, &Fields>, line: &Line) -> Vec<u32> {
    let of = |document: &String| number_in(block, fields.get(document.as_str())?);
    let mut all: Vec<u32> = line.documents.iter().filter_map(of).collect();
    let subject = line.line.split_once(':').map_or("", |(_, subject)| subject);
    let named = subject.strip_prefix(&block.series).and_then(|rest| rest.strip_prefix(':'));
    let range = named.map(|range| range.split_once('-').unwrap_or((range, range)));
    if let Some((Ok(from), Ok(to))) = range.map(|(from, to)| (from.parse::<u32>(), to.parse::<u32>())) {
        // A block may be as long as numbers go; beyond its shown part nothing is looked at.
        all.extend(from.max(block.from)..=to.min(last(block)));
    }
    all
}

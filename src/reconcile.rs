//! After an outage: are all numbers that were given out on paper now in the document system, each exactly once?
//!
//! Three sides are compared. What was handed out: blocks of numbers, cover sheets with serials. What was scanned: the documents
//! of the outage. What the document system holds: its export as a table, or, without one, the receipts of the destinations.
//! The comparison is a pure function; every line that is not as it should be needs a reason and a name.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::document::Fields;
use crate::kit::{Block, KitId, SheetCode};
use crate::store::State;

mod blocks;
mod board;
mod compare;
mod matching;
pub mod series;
mod sheets;
mod strangers;
pub mod system;
#[cfg(test)]
mod tests;
mod words;

pub use blocks::missed_blocks;
pub use board::{Cell, board};
pub use compare::compare;
pub use strangers::Strangers;
pub use system::SystemRow;
pub use words::sentence;

/// What a line says about a number, a sheet or a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Handed out or not, used, without a scan or not in the system.
    Missing,
    /// Used or entered more than once.
    Duplicate,
    /// Used for a paper that was given up.
    Spoilt,
    /// Another number in the system than on paper.
    Renumbered,
    /// Other facts in the system than on paper.
    Conflict,
    /// Signed when nobody had to sign on paper.
    OutsideWindow,
    /// A number that was not handed out for this outage.
    OutsideBlock,
    /// On paper, scanned and in the system, all the same.
    Matched,
    /// Handed out and not used.
    Unused,
}

impl Class {
    /// All of them, in the order in which they are told.
    pub const ALL: [Class; 9] = [
        Class::Missing,
        Class::Duplicate,
        Class::Spoilt,
        Class::Renumbered,
        Class::Conflict,
        Class::OutsideWindow,
        Class::OutsideBlock,
        Class::Matched,
        Class::Unused,
    ];

    /// Stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Class::Missing => "missing",
            Class::Duplicate => "duplicate",
            Class::Spoilt => "spoilt",
            Class::Renumbered => "renumbered",
            Class::Conflict => "conflict",
            Class::OutsideWindow => "outside_window",
            Class::OutsideBlock => "outside_block",
            Class::Matched => "matched",
            Class::Unused => "unused",
        }
    }

    /// Whether such a line needs a reason.
    pub fn needs_reason(self) -> bool {
        !matches!(self, Class::Matched | Class::Unused)
    }
}

/// Why a line is as it is, and who says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// The reason.
    pub reason: String,
    /// Full name.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// A fact that differs between paper and system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Name of the field.
    pub field: &'static str,
    /// As on paper.
    pub paper: String,
    /// As in the system.
    pub system: String,
}

/// A line of the reconciliation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// By what it is settled: `missing:CV:125`, `conflict:D-000012`. The same in every run as long as the fault is the same.
    pub line: String,
    /// What it says.
    pub class: Class,
    /// Which sentence tells it: `reconcile-<cause>`.
    pub cause: &'static str,
    /// Number on paper, as people write it.
    pub number: Option<String>,
    /// Code of the cover sheet.
    pub sheet: Option<String>,
    /// Documents.
    pub documents: Vec<String>,
    /// Numbers in the system with their lines in the export.
    pub system: Vec<(u64, String)>,
    /// What differs.
    pub differences: Vec<Difference>,
    /// The reason, once there is one.
    pub settled: Option<Settlement>,
    /// Whether a reason is still wanted.
    pub open: bool,
}

impl Line {
    /// A line about a subject that makes its name.
    fn new(class: Class, cause: &'static str, subject: &str) -> Self {
        Self {
            line: format!("{}:{subject}", class.as_str()),
            class,
            cause,
            number: None,
            sheet: None,
            documents: Vec::new(),
            system: Vec::new(),
            differences: Vec::new(),
            settled: None,
            open: class.needs_reason(),
        }
    }

    /// A line about a document.
    fn of(class: Class, cause: &'static str, paper: &Paper) -> Self {
        Self {
            number: paper.fields.number(),
            sheet: paper.fields.paper_serial.clone(),
            documents: vec![paper.document.clone()],
            ..Self::new(class, cause, &paper.document)
        }
    }

    /// With the reason that somebody gave.
    pub fn settle(&mut self, settlement: Option<Settlement>) {
        self.open = self.class.needs_reason() && settlement.is_none();
        self.settled = settlement;
    }
}

/// A document of the outage.
#[derive(Clone, Debug)]
pub struct Paper {
    /// `D-000012`.
    pub document: String,
    /// What is known about it.
    pub fields: Fields,
    /// Where it stands.
    pub state: State,
    /// Whether every destination that must have it has it.
    pub delivered: bool,
    /// The reason for which paper outside the window was accepted.
    pub window_reason: Option<Settlement>,
    /// The reason for which it was given up.
    pub dropped: Option<Settlement>,
}

impl Paper {
    /// Whether it still counts.
    fn counts(&self) -> bool {
        !matches!(self.state, State::Dropped | State::Replaced)
    }

    /// Its cover sheet.
    fn sheet(&self) -> Option<SheetCode> {
        self.fields.paper_serial.as_ref()?.parse().ok()
    }
}

/// What was handed out on paper.
#[derive(Clone, Debug, Default)]
pub struct Handed {
    /// Blocks of numbers.
    pub blocks: Vec<Block>,
    /// Kits with the number of their sheets.
    pub kits: Vec<(KitId, u32)>,
    /// Cover sheets that were scanned without paper under them.
    pub bare: Vec<SheetCode>,
}

/// Everything that is compared.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// Documents of the outage, in order of their numbers here.
    pub papers: &'a [Paper],
    /// What was handed out.
    pub handed: &'a Handed,
    /// What the document system holds; none when nobody has asked it.
    pub system: Option<&'a [SystemRow]>,
    /// The window in which paper was signed.
    pub window: (Option<Timestamp>, Option<Timestamp>),
    /// Offset of the office's time from UTC in minutes.
    pub utc_offset_minutes: i32,
}

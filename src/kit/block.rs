//! A block of document numbers that is handed out on paper: `CV:120-180`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, kinds};
use crate::reconcile::series;

/// Most numbers of a block (our limit): more than an office issues in a year of outages.
const MAX_NUMBERS: u32 = 5_000;
/// Longest name of a series in characters (our limit).
const MAX_SERIES: usize = 20;

/// Consecutive numbers of one series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Kind of documents that are numbered together, for example `CV`.
    pub series: String,
    /// First number.
    pub from: u32,
    /// Last number.
    pub to: u32,
}

impl Block {
    /// The numbers that stand in both.
    pub fn shared(&self, other: &Block) -> Option<Block> {
        let (from, to) = (self.from.max(other.from), self.to.min(other.to));
        let both = from <= to && series::is_same(&self.series, &other.series);
        both.then(|| Block { series: self.series.clone(), from, to })
    }

    /// Refuses blocks that hand a number out twice.
    ///
    /// # Errors
    /// [`kinds::BLOCKS_OVERLAP`].
    pub fn each_once(blocks: &[Block]) -> Result<(), Error> {
        for (place, block) in blocks.iter().enumerate() {
            if let Some(shared) = blocks.iter().take(place).find_map(|before| block.shared(before)) {
                return Err(kinds::BLOCKS_OVERLAP.with("numbers", shared));
            }
        }
        Ok(())
    }
}

impl fmt::Display for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}-{}", self.series, self.from, self.to)
    }
}

impl FromStr for Block {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let bad = || kinds::BAD_BLOCK.with("text", text).with("limit", MAX_NUMBERS);
        let (series, numbers) = text.rsplit_once(':').ok_or_else(bad)?;
        let (from, to) = numbers.split_once('-').ok_or_else(bad)?;
        let number = |part: &str| part.trim().parse::<u32>().ok().filter(|n| *n > 0);
        let (from, to) = number(from).zip(number(to)).ok_or_else(bad)?;
        let series: String = series.trim().nfc().collect();
        let fits = !series.is_empty()
            && series.chars().count() <= MAX_SERIES
            && !series.chars().any(char::is_control)
            && from <= to
            && to - from < MAX_NUMBERS;
        fits.then_some(Self { series, from, to }).ok_or_else(bad)
    }
}

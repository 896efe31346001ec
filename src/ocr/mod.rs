//! The text on a page, as Tesseract reads it: for the invisible layer under which people search and copy, for proposals of
//! number, date and subject, and for the comparison of digits before and after compression.
//!
//! Tesseract is optional. Without it pages are built all the same, and a note says that nobody will find words in them.

mod digits;
mod hocr;
mod picture;
mod propose;
mod tesseract;
#[cfg(test)]
mod tests;

pub use digits::{Difference, differences};
pub use propose::{Proposal, proposals};
pub use tesseract::{Installed, Reading, Tesseract, installed};

/// Languages that are read unless the profile says otherwise, the first one decides in doubt.
pub const LANGUAGES: [&str; 2] = ["vie", "eng"];

/// One word. Places are in pixels of the scan, y downwards.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// Its letters, composed (NFC), without white space and control characters.
    pub text: String,
    /// Where its baseline begins.
    pub at: [f32; 2],
    /// How long its baseline is.
    pub length: f32,
    /// How sure Tesseract is, 0 to 1.
    pub confidence: f32,
}

/// One line of words in reading order.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its words; never empty.
    pub words: Vec<Word>,
    /// Direction of its baseline in radians, clockwise; 0 runs to the right.
    pub angle: f32,
    /// Size of the letters from the lowest to the highest, in pixels.
    pub size: f32,
    /// Number of the block of text that it belongs to.
    pub block: usize,
}

impl Line {
    /// Its words with single spaces between them.
    pub fn text(&self) -> String {
        let words: Vec<&str> = self.words.iter().map(|word| word.text.as_str()).collect();
        words.join(" ")
    }
}

/// Everything that was read on a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageText {
    /// Lines in reading order.
    pub lines: Vec<Line>,
}

impl PageText {
    /// All words in reading order.
    pub fn words(&self) -> impl Iterator<Item = &Word> {
        self.lines.iter().flat_map(|line| &line.words)
    }

    /// Plain text, a line a line, blocks set apart by an empty one.
    pub fn plain(&self) -> String {
        let mut text = String::new();
        for (index, line) in self.lines.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|i| self.lines.get(i));
            if before.is_some_and(|before| before.block != line.block) {
                text.push('\n');
            }
            text.push_str(&line.text());
            text.push('\n');
        }
        text
    }
}

//! What a PDF that a program wrote says: for search, for proposals of number and date, and for marks of secrecy.

use crate::ocr::{Line, PageText, Word};
use crate::pdf::IssuedPdf;
use crate::pdf::lines::{self, Text};
use crate::pdf::read::Base;
use crate::register::folded;
use crate::store::Read;

/// Most pages whose text is read.
const MAX_PAGES: usize = 500;
/// Share of a line's height that stands above the base line.
const ABOVE: f32 = 0.75;
/// Marks of secrecy as they stand alone in a frame (Decree 30/2020 leaves them to the law on state secrets), folded.
const SECRET: [&str; 3] = ["mat", "toi mat", "tuyet mat"];

/// The text of every page; nothing where its letters cannot be told.
pub(super) fn read(file: &IssuedPdf) -> Vec<Read> {
    let Ok(base) = Base::open(file.bytes()) else { return Vec::new() };
    let Some(text) = Text::open(file.bytes()) else { return Vec::new() };
    let pages = base.pages(MAX_PAGES).unwrap_or_default();
    let numbered = (1u32..).zip(pages);
    numbered.map(|(number, page)| Read::of(number, &words(&text.lines(&page)))).collect()
}

/// Lines as they are read from a scan, so that proposals are found in the same way: a point is a pixel.
fn words(lines: &[lines::Line]) -> PageText {
    let line = |(block, line): (usize, &lines::Line)| {
        let [left, top, right, bottom] = line.area;
        let (size, total) = (bottom - top, line.text.chars().count().max(1) as f32);
        let letter = (right - left) / total;
        let mut words = Vec::new();
        let mut place = 0.0;
        for word in line.text.split(' ') {
            let count = word.chars().count() as f32;
            if count > 0.0 {
                words.push(Word {
                    text: word.to_owned(),
                    at: [left + place * letter, top + size * ABOVE],
                    length: count * letter,
                    confidence: 1.0,
                });
            }
            place += count + 1.0;
        }
        (!words.is_empty()).then_some(Line { words, angle: 0.0, size, block })
    };
    PageText { lines: lines.iter().enumerate().filter_map(line).collect() }
}

/// Whether a mark of secrecy stands alone on a line of the first page.
pub(super) fn is_marked_secret(texts: &[Read]) -> bool {
    let first = texts.first().map(|read| read.text.as_str()).unwrap_or_default();
    first.lines().any(|line| {
        let upper = line.chars().any(char::is_alphabetic) && line.to_uppercase() == line;
        upper && SECRET.contains(&folded(line.trim()).as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> Vec<Read> {
        vec![Read { page: 1, text: text.to_owned(), proposals: Vec::new() }]
    }

    #[test]
    fn a_mark_of_secrecy_is_one_that_stands_alone_in_capitals() {
        assert!(is_marked_secret(&page("UBND\nTỐI MẬT\nSố: 1")));
        assert!(is_marked_secret(&page("MẬT")));
        for other in ["Bảo mật thông tin", "mật", "MẬT ONG", "Số: 12/KH-UBND", ""] {
            assert!(!is_marked_secret(&page(other)), "{other}");
        }
    }
}

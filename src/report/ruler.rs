//! Text as it will be printed: tidied, measured, broken into lines. Remembers which characters were used, so that only
//! their glyphs go into the file.

use std::cell::RefCell;
use std::collections::BTreeMap;

use printpdf::{FontMetrics, ParsedFont, PdfFontMetricsStub};
use ttf_parser::Face;
use unicode_normalization::UnicodeNormalization;

use crate::error::{Result, kinds};
use crate::pdf::font::{Subset, TINOS};

/// Longest text of a cell in characters (our limit); what follows is cut with an ellipsis.
pub(crate) const MAX_CHARS: usize = 2_000;
/// Stands for a character that the font does not have.
const UNKNOWN: char = '?';
const ELLIPSIS: char = '…';

/// The font's measure.
pub(crate) struct Ruler {
    face: Face<'static>,
    /// Widths of the characters used so far, in thousandths of the size.
    used: RefCell<BTreeMap<char, u16>>,
}

impl Ruler {
    /// A ruler that has not seen a character yet.
    ///
    /// # Errors
    /// An internal error when the font of the program is broken.
    pub fn new() -> Result<Self> {
        let face = Face::parse(TINOS, 0).map_err(|e| kinds::INTERNAL.with("cause", e))?;
        let ruler = Self { face, used: RefCell::default() };
        for c in [' ', UNKNOWN, ELLIPSIS] {
            ruler.learn(c);
        }
        Ok(ruler)
    }

    /// `text` as it can be shown: composed (NFC, one code point is one glyph), runs of spaces and control characters as one
    /// space, at most [`MAX_CHARS`] long, unknown characters as a question mark.
    pub fn tidy(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len().min(4 * MAX_CHARS));
        let mut length = 0;
        for c in text.nfc() {
            let c = if c.is_whitespace() || c.is_control() { ' ' } else { c };
            if c == ' ' && (out.is_empty() || out.ends_with(' ')) {
                continue;
            }
            if length == MAX_CHARS {
                out.push(ELLIPSIS);
                break;
            }
            out.push(self.learn(c));
            length += 1;
        }
        out.truncate(out.trim_end().len());
        out
    }

    /// Characters of the text that would be shown as a question mark, each once.
    pub fn lacks(&self, text: &str) -> std::collections::BTreeSet<char> {
        let lacks = |c: &char| !c.is_whitespace() && !c.is_control() && self.face.glyph_index(*c).is_none();
        text.nfc().filter(lacks).collect()
    }

    /// Takes the character into the font, or its stand-in.
    fn learn(&self, c: char) -> char {
        if self.used.borrow().contains_key(&c) {
            return c;
        }
        let Some(glyph) = self.face.glyph_index(c) else { return UNKNOWN };
        let units = u32::from(self.face.units_per_em()).max(1);
        let advance = u32::from(self.face.glyph_hor_advance(glyph).unwrap_or(0));
        let width = u16::try_from((advance * 1000 + units / 2) / units).unwrap_or(0);
        self.used.borrow_mut().insert(c, width);
        c
    }

    /// Width of tidied text at `size` points, in points.
    pub fn width(&self, text: &str, size: f32) -> f32 {
        let used = self.used.borrow();
        let sum: u32 = text.chars().map(|c| u32::from(used.get(&c).copied().unwrap_or(0))).sum();
        sum as f32 * size / 1000.0
    }

    /// Tidied text in lines of at most `room` points; a word that is wider than that is broken anywhere. No more than
    /// `most` lines, the last of them ends in an ellipsis when something is left.
    pub fn lines(&self, text: &str, size: f32, room: f32, most: usize) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        for word in text.split(' ') {
            let gap = if line.is_empty() { "" } else { " " };
            if self.width(&line, size) + self.width(gap, size) + self.width(word, size) <= room {
                line.push_str(gap);
                line.push_str(word);
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line = self.broken(word, size, room, &mut lines);
            if lines.len() > most {
                break;
            }
        }
        lines.push(line);
        if lines.len() > most {
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                self.end_with_ellipsis(last, size, room);
            }
        }
        lines
    }

    /// Moves full pieces of a word to `lines` and gives the rest. Breaks behind a slash or a hyphen where there is one,
    /// because numbers of documents (`125/QĐ-UBND`) read best so.
    fn broken(&self, word: &str, size: f32, room: f32, lines: &mut Vec<String>) -> String {
        let mut piece = String::new();
        for c in word.chars() {
            piece.push(c);
            if self.width(&piece, size) <= room || piece.chars().nth(1).is_none() {
                continue;
            }
            piece.pop();
            let fits = |at: &usize| {
                let rest = piece.get(*at..).unwrap_or_default();
                self.width(rest, size) + self.width(c.encode_utf8(&mut [0; 4]), size) <= room
            };
            let cut = piece.rfind(['/', '-']).map(|at| at + 1).filter(fits).unwrap_or(piece.len());
            let mut rest = piece.split_off(cut);
            rest.push(c);
            lines.push(std::mem::replace(&mut piece, rest));
        }
        piece
    }

    fn end_with_ellipsis(&self, line: &mut String, size: f32, room: f32) {
        let mark = ELLIPSIS.to_string();
        while !line.is_empty() && self.width(line, size) + self.width(&mark, size) > room {
            line.pop();
        }
        line.push(ELLIPSIS);
    }

    /// The glyphs of all characters used, as printpdf takes a font. printpdf itself subsets only together with its HTML
    /// engine; a subset made before is embedded as it is.
    ///
    /// # Errors
    /// As [`Subset::new`].
    pub fn font(&self) -> Result<ParsedFont> {
        let text: String = self.used.borrow().keys().collect();
        let subset = Subset::new(&[&text])?;
        let mut codes = BTreeMap::new();
        let mut widths = BTreeMap::new();
        for (c, glyph, width) in subset.glyphs() {
            codes.insert(u32::from(c), glyph);
            widths.insert(glyph, width);
        }
        let [left, bottom, right, top] = subset.bounds();
        let (ascent, descent) = subset.ascent_and_descent();
        let metrics = FontMetrics { ascent: small(ascent), descent: small(descent) };
        let (name, program) = (subset.name(), subset.program().to_vec());
        let mut font = ParsedFont::with_glyph_data(program, 0, Some(name), codes, widths, 1000, metrics);
        font.pdf_font_metrics = PdfFontMetricsStub {
            units_per_em: 1000,
            x_min: small(left),
            y_min: small(bottom),
            x_max: small(right),
            y_max: small(top),
            ..PdfFontMetricsStub::default()
        };
        Ok(font)
    }
}

fn small(value: i32) -> i16 {
    i16::try_from(value).unwrap_or(i16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_composed_tidied_and_cut() {
        let ruler = Ruler::new().unwrap();
        assert_eq!(ruler.tidy("  Tie\u{302}\u{301}ng \t\r\n Viê\u{323}t 漢 "), "Tiếng Việt ?");
        let long = ruler.tidy(&"ă".repeat(5_000));
        assert_eq!(long.chars().count(), MAX_CHARS + 1);
        assert!(long.ends_with('…'));
        assert_eq!(ruler.tidy("\u{0}\u{301}\u{feff}").chars().filter(|c| c.is_control()).count(), 0);
    }

    #[test]
    fn no_line_is_wider_than_its_room() {
        let ruler = Ruler::new().unwrap();
        let text = ruler.tidy("Về việc 1234567/QĐ-UBND-VXHNNBBBBBBBBBBBBBBBBBBBBBBBBBBB kiểm tra");
        for room in [12.0, 30.0, 55.5, 200.0] {
            let lines = ruler.lines(&text, 9.0, room, 100);
            assert!(lines.iter().all(|line| ruler.width(line, 9.0) <= room), "{lines:?}");
            let joined: String = lines.concat().split(' ').collect();
            assert_eq!(joined, text.split(' ').collect::<String>(), "nothing is lost at {room}");
        }
        let cut = ruler.lines(&text, 9.0, 30.0, 3);
        assert!(cut.len() == 3 && cut[2].ends_with('…') && ruler.width(&cut[2], 9.0) <= 30.0, "{cut:?}");
        assert_eq!(ruler.lines("", 9.0, 30.0, 3), [""]);
    }
}

//! The font of the invisible text layer: one blank glyph for every character, and a table that says which character a code
//! stands for. Made here, a few hundred bytes, and as strict as a font that is seen (ISO 19005-2 6.2.11).

use std::collections::BTreeMap;

use super::{stream, strip, to_unicode};

/// Its name; the whole font is embedded, so it has no subset tag.
const NAME: &str = "ScansealBlank";
/// Advance width of every glyph, ascent and descent, in thousandths of the size.
pub const ADVANCE: u16 = 500;
const ASCENT: i16 = 800;
const DESCENT: i16 = -200;
/// Date of the font: 1 January 2026, in seconds since 1904.
const MADE: u64 = 3_849_984_000;
/// Bytes that a string in parentheses would have to escape (ISO 32000-1 7.3.4.2); codes with them are not used.
const ESCAPED: [u8; 5] = [b'(', b')', b'\\', b'\r', b'\n'];

/// Codes of the characters that occur, given in the order of their first appearance.
#[derive(Debug, Default)]
pub struct Blank {
    codes: BTreeMap<char, u16>,
    last: u16,
}

impl Blank {
    /// Codes of `text`, two bytes each (Identity-H). A character gets its code when it first occurs.
    pub fn encode(&mut self, text: &str) -> Vec<u8> {
        text.chars().filter_map(|c| self.code(c)).flat_map(u16::to_be_bytes).collect()
    }

    /// None only when 60,000 characters have codes already.
    fn code(&mut self, c: char) -> Option<u16> {
        if let Some(code) = self.codes.get(&c) {
            return Some(*code);
        }
        let plain = |code: &u16| !code.to_be_bytes().iter().any(|byte| ESCAPED.contains(byte));
        let code = (self.last.checked_add(1)?..=u16::MAX).find(plain)?;
        self.last = code;
        self.codes.insert(c, code);
        Some(code)
    }

    /// Whether no character has a code.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// Bodies of the font's objects: the Type0 font itself, then those numbered from `next` on.
    pub fn objects(&self, next: u32) -> (Vec<u8>, Vec<Vec<u8>>) {
        let [descendant, descriptor, program, unicode, glyphs] = [0, 1, 2, 3, 4].map(|i| next + i);
        let font = format!(
            "<</Type/Font/Subtype/Type0/BaseFont/{NAME}/Encoding/Identity-H/DescendantFonts[{descendant} 0 R]\
             /ToUnicode {unicode} 0 R>>"
        );
        let cid = format!(
            "<</Type/Font/Subtype/CIDFontType2/BaseFont/{NAME}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)\
             /Supplement 0>>/FontDescriptor {descriptor} 0 R/CIDToGIDMap {glyphs} 0 R/DW {ADVANCE}>>"
        );
        let measures = format!(
            "<</Type/FontDescriptor/FontName/{NAME}/Flags 4/FontBBox[0 {DESCENT} {ADVANCE} {ASCENT}]/ItalicAngle 0\
             /Ascent {ASCENT}/Descent {DESCENT}/CapHeight {ASCENT}/StemV 80/FontFile2 {program} 0 R>>"
        );
        let ttf = font_file().unwrap_or_default();
        // Every code but 0, which nothing has, shows the blank glyph.
        let map: Vec<u8> = (0..=self.last).flat_map(|code| u16::from(code > 0).to_be_bytes()).collect();
        let others = vec![
            cid.into_bytes(),
            measures.into_bytes(),
            stream(&format!("/Length1 {}", ttf.len()), &ttf),
            stream("", to_unicode(&self.codes).as_bytes()),
            stream("", &map),
        ];
        (font.into_bytes(), others)
    }
}

/// A TrueType program with the outline for a missing character, which is never shown, and a blank glyph.
fn font_file() -> Option<Vec<u8>> {
    let words = |values: &[i16]| values.iter().flat_map(|v| v.to_be_bytes()).collect::<Vec<u8>>();
    let advance = ADVANCE.cast_signed();
    // One contour of four points on the line, coordinates as words.
    let box_head = words(&[1, 0, 0, advance, ASCENT, 3, 0]);
    let box_points = words(&[0, 0, advance, 0, 0, ASCENT, 0, -ASCENT]);
    let glyf = [box_head, vec![1; 4], box_points].concat();
    let end = u32::try_from(glyf.len()).ok()?;
    let loca: Vec<u8> = [0, end, end].iter().flat_map(|v| v.to_be_bytes()).collect();
    // Version, revision, checksum, magic number, flags, 1,000 units per em, dates, bounding box, long loca.
    let head = [
        words(&[1, 0, 1, 0, 0, 0, 0x5F0F, 0x3CF5, 0, 1000]),
        MADE.to_be_bytes().repeat(2),
        words(&[0, 0, advance, ASCENT, 0, 8, 2, 1, 0]),
    ]
    .concat();
    let hhea = words(&[1, 0, ASCENT, DESCENT, 0, advance, 0, 0, advance, 1, 0, 0, 0, 0, 0, 0, 0, 1]);
    let hmtx = words(&[advance, 0, 0]);
    // Version, two glyphs, four points and one contour at most, two zones for instructions that nobody has.
    let maxp = words(&[1, 0, 2, 4, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0]);
    strip::assemble(&[
        (b"glyf", glyf),
        (b"head", head),
        (b"hhea", hhea),
        (b"hmtx", hmtx),
        (b"loca", loca),
        (b"maxp", maxp),
    ])
}

#[cfg(test)]
mod tests {
    use ttf_parser::{Face, GlyphId};

    use super::*;

    #[test]
    fn the_program_is_a_font_with_one_blank_glyph() {
        let program = font_file().unwrap();
        assert!(program.len() < 600, "{}", program.len());
        let face = Face::parse(&program, 0).unwrap();
        assert_eq!((face.number_of_glyphs(), face.units_per_em()), (2, 1000));
        assert_eq!((face.ascender(), face.descender()), (ASCENT, DESCENT));
        for glyph in [0, 1].map(GlyphId) {
            assert_eq!(face.glyph_hor_advance(glyph), Some(ADVANCE));
        }
        assert!(face.glyph_bounding_box(GlyphId(1)).is_none());
    }

    #[test]
    fn codes_are_given_once_and_need_no_escape() {
        let mut font = Blank::default();
        let many: String = ('a'..='z').chain('\u{1E00}'..='\u{2000}').chain(['😀']).collect();
        let codes = font.encode(&many);
        assert_eq!(codes.len(), many.chars().count() * 2);
        assert!(!codes.iter().any(|byte| ESCAPED.contains(byte)));
        assert_eq!(font.encode("a"), codes[..2]);
        let mut pairs: Vec<&[u8]> = codes.chunks(2).collect();
        pairs.sort_unstable();
        pairs.dedup();
        assert_eq!(pairs.len(), many.chars().count(), "no code stands for two characters");
        assert!(
            !pairs.contains(&[0u8, 0].as_slice()),
            "code 0 would show the outline for a missing character"
        );
    }
}

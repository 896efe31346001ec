//! Text that is added to a page: Tinos, metric-compatible with Times New Roman, embedded as a subset (ISO 19005-2 6.2.11).
//! One code point is one glyph after composition (NFC); Vietnamese needs no shaping.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use subsetter::GlyphRemapper;
use ttf_parser::Face;
use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, Result, kinds};

pub mod blank;
mod strip;

/// Tinos Regular; its licence lies beside it.
pub(crate) const TINOS: &[u8] = include_bytes!("../../../profiles/fonts/Tinos-Regular.ttf");

/// A subset with the characters of some texts.
#[derive(Debug)]
pub struct Subset {
    /// Character to glyph of the subset.
    glyphs: BTreeMap<char, u16>,
    /// Advance widths of the subset's glyphs in thousandths of the size.
    widths: Vec<u16>,
    program: Vec<u8>,
    descriptor: Descriptor,
}

/// Measures of the whole font in thousandths of the size.
#[derive(Debug)]
struct Descriptor {
    bounds: [i32; 4],
    ascent: i32,
    descent: i32,
    cap_height: i32,
    italic_angle: f32,
}

/// A character for people: itself where it can be seen, and its number.
fn shown(c: char) -> String {
    let number = format!("U+{:04X}", u32::from(c));
    if c.is_alphanumeric() { format!("{c} ({number})") } else { number }
}

impl Subset {
    /// The subset for `texts`.
    ///
    /// # Errors
    /// [`kinds::GLYPH_MISSING`] for a character that the font does not have; `.notdef` is never shown (6.2.11.8).
    pub fn new(texts: &[&str]) -> Result<Self> {
        let face = Face::parse(TINOS, 0).map_err(broken)?;
        let mut mapper = GlyphRemapper::new();
        let mut glyphs = BTreeMap::new();
        let mut old_ids = vec![0u16];
        for c in texts.iter().flat_map(|text| text.nfc()) {
            if glyphs.contains_key(&c) {
                continue;
            }
            let glyph =
                face.glyph_index(c).ok_or_else(|| kinds::GLYPH_MISSING.with("character", shown(c)))?;
            let new = mapper.remap(glyph.0);
            if usize::from(new) == old_ids.len() {
                old_ids.push(glyph.0);
            }
            glyphs.insert(c, new);
        }
        let units = i32::from(face.units_per_em()).max(1);
        let scale = |v: i32| v * 1000 / units;
        let width = |id: &u16| {
            let advance = face.glyph_hor_advance(ttf_parser::GlyphId(*id)).unwrap_or(0);
            u16::try_from((i32::from(advance) * 1000 + units / 2) / units).unwrap_or(0)
        };
        let bounds = face.global_bounding_box();
        Ok(Self {
            glyphs,
            widths: old_ids.iter().map(width).collect(),
            program: subsetter::subset(TINOS, 0, &mapper)
                .map(|program| strip::stripped(&program).unwrap_or(program))
                .map_err(broken)?,
            descriptor: Descriptor {
                bounds: [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max].map(|v| scale(i32::from(v))),
                ascent: scale(i32::from(face.ascender())),
                descent: scale(i32::from(face.descender())),
                cap_height: scale(i32::from(face.capital_height().unwrap_or(face.ascender()))),
                italic_angle: face.italic_angle(),
            },
        })
    }

    /// Glyph codes of `text`, two bytes each (Identity-H). Characters outside the subset are left out.
    pub fn encode(&self, text: &str) -> Vec<u8> {
        text.nfc().filter_map(|c| self.glyphs.get(&c)).flat_map(|glyph| glyph.to_be_bytes()).collect()
    }

    /// Width of `text` at `size_pt` points, in points.
    pub fn width(&self, text: &str, size_pt: f32) -> f32 {
        let glyphs = text.nfc().filter_map(|c| self.glyphs.get(&c).copied());
        let sum: u32 =
            glyphs.map(|g| self.widths.get(usize::from(g)).copied().unwrap_or(0)).map(u32::from).sum();
        sum as f32 * size_pt / 1000.0
    }

    /// Each character with its glyph in the subset and the advance width in thousandths of the size.
    pub(crate) fn glyphs(&self) -> impl Iterator<Item = (char, u16, u16)> {
        self.glyphs.iter().map(|(c, g)| (*c, *g, self.widths.get(usize::from(*g)).copied().unwrap_or(0)))
    }

    /// The subset as a font file.
    pub(crate) fn program(&self) -> &[u8] {
        &self.program
    }

    /// Left, bottom, right and top of the box around all glyphs in thousandths of the size.
    pub(crate) fn bounds(&self) -> [i32; 4] {
        self.descriptor.bounds
    }

    /// Ascent and (negative) descent in thousandths of the size.
    pub(crate) fn ascent_and_descent(&self) -> (i32, i32) {
        (self.descriptor.ascent, self.descriptor.descent)
    }

    /// Bodies of the indirect objects numbered from `first` on; `first` is the Type0 font.
    pub fn objects(&self, first: u32) -> Vec<(u32, Vec<u8>)> {
        let name = self.name();
        let font = format!(
            "<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H/DescendantFonts[{} 0 R]/ToUnicode {} 0 R>>",
            first + 1,
            first + 4
        );
        let widths: Vec<String> = self.widths.iter().map(u16::to_string).collect();
        let descendant = format!(
            "<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)\
             /Supplement 0>>/FontDescriptor {} 0 R/CIDToGIDMap/Identity/DW 0/W[0[{}]]>>",
            first + 2,
            widths.join(" ")
        );
        vec![
            (first, font.into_bytes()),
            (first + 1, descendant.into_bytes()),
            (first + 2, self.font_descriptor(&name, first + 3)),
            (first + 3, stream(&format!("/Length1 {}", self.program.len()), &self.program)),
            (first + 4, stream("", to_unicode(&self.glyphs).as_bytes())),
        ]
    }

    fn font_descriptor(&self, name: &str, program: u32) -> Vec<u8> {
        let d = &self.descriptor;
        let [left, bottom, right, top] = d.bounds;
        format!(
            "<</Type/FontDescriptor/FontName/{name}/Flags 4/FontBBox[{left} {bottom} {right} {top}]/ItalicAngle {}\
             /Ascent {}/Descent {}/CapHeight {}/StemV 80/FontFile2 {program} 0 R>>",
            d.italic_angle, d.ascent, d.descent, d.cap_height
        )
        .into_bytes()
    }

    /// Six capital letters that depend on the subset, then the font's name (ISO 32000-1 9.6.4).
    pub(crate) fn name(&self) -> String {
        let digest = crate::document::Sha256::of(&self.program).0;
        let tag: String = digest.bytes().take(6).map(|b| char::from(b'A' + b % 26)).collect();
        format!("{tag}+Tinos-Regular")
    }
}

/// CMap from codes to Unicode (ISO 32000-1 9.10.3), at most 100 entries a block.
fn to_unicode(codes: &BTreeMap<char, u16>) -> String {
    let mut map = String::from(
        "/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)\
         /Supplement 0>>def/CMapName/Adobe-Identity-UCS def/CMapType 2 def 1 begincodespacerange<0000><FFFF>\
         endcodespacerange\n",
    );
    let entries: Vec<(&char, &u16)> = codes.iter().collect();
    for block in entries.chunks(100) {
        let _ = writeln!(map, "{} beginbfchar", block.len());
        for (c, code) in block {
            let mut units = [0u16; 2];
            let utf16: String = c.encode_utf16(&mut units).iter().map(|u| format!("{u:04X}")).collect();
            let _ = writeln!(map, "<{code:04X}><{utf16}>");
        }
        map.push_str("endbfchar\n");
    }
    map.push_str("endcmap CMapName currentdict/CMap defineresource pop end end");
    map
}

/// A deflated stream object with further dictionary entries.
pub(super) fn stream(entries: &str, bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    // Writing into memory does not fail.
    let packed = encoder.write_all(bytes).and_then(|()| encoder.finish()).unwrap_or_default();
    let mut body = format!("<<{entries}/Filter/FlateDecode/Length {}>>stream\n", packed.len()).into_bytes();
    body.extend(packed);
    body.extend(b"\nendstream");
    body
}

fn broken(error: impl std::fmt::Display) -> Error {
    kinds::INTERNAL.with("cause", error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_vietnamese_letters_are_there() {
        let letters = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵ₫–";
        let subset = Subset::new(&[letters, &letters.to_uppercase()]).unwrap();
        assert_eq!(subset.encode("ế").len(), 2);
        assert_eq!(subset.encode("e\u{302}\u{301}"), subset.encode("ế"), "decomposed text is composed");
        assert!(subset.width("SAO Y", 10.0) > 20.0);
    }

    #[test]
    fn a_missing_glyph_is_an_error() {
        assert_eq!(Subset::new(&["漢"]).unwrap_err().code(), "glyph_missing");
    }
}

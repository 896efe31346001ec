//! A font program without what a PDF does not need: the instructions that fit outlines to the pixels of old screens, and
//! the tables that serve them or name things. They are more than half of a small subset (ISO 32000-1 9.9.1 lists what has
//! to stay; OpenType 1.9 describes the tables).

/// Tables of an embedded CIDFontType2 program, in the order of their tags.
const NEEDED: [&[u8; 4]; 6] = [b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp"];
/// Bytes of the head of a glyph: contour count and bounding box.
const GLYPH_HEAD: usize = 10;
/// Flags of a component (OpenType glyf): its arguments are words, it has a scale, two scales, a matrix; more follow;
/// instructions follow the last one.
const WORDS: u16 = 0x0001;
const SCALE: u16 = 0x0008;
const MORE: u16 = 0x0020;
const TWO_SCALES: u16 = 0x0040;
const MATRIX: u16 = 0x0080;
const INSTRUCTIONS: u16 = 0x0100;
/// Flags of a point (OpenType glyf): its coordinates are bytes, the flag is repeated, its coordinates are those before.
const X_SHORT: u8 = 0x02;
const Y_SHORT: u8 = 0x04;
const REPEAT: u8 = 0x08;
const X_SAME: u8 = 0x10;
const Y_SAME: u8 = 0x20;
/// Where maxp counts what instructions need (zones excepted), from maxTwilightPoints to maxSizeOfInstructions.
const MAXP_OF_INSTRUCTIONS: std::ops::Range<usize> = 16..28;
/// Where head says how wide the entries of loca are.
const LOCA_FORMAT: usize = 50;
/// Where head holds the adjustment of the checksum, and what the sum of a whole font shall be.
const ADJUSTMENT: usize = 8;
const WHOLE_SUM: u32 = 0xB1B0_AFBA;

/// The same outlines and widths with less around them; none when the program is not as it should be.
pub(super) fn stripped(program: &[u8]) -> Option<Vec<u8>> {
    let (glyphs, locations) = glyphs(program)?;
    let mut tables: Vec<(&[u8; 4], Vec<u8>)> = Vec::new();
    for tag in NEEDED {
        let mut bytes = match tag {
            b"glyf" => glyphs.clone(),
            b"loca" => locations.clone(),
            _ => table(program, tag)?.to_vec(),
        };
        match tag {
            // Long entries, whatever the subset had.
            b"head" => {
                bytes.get_mut(LOCA_FORMAT..LOCA_FORMAT + 2)?.copy_from_slice(&[0, 1]);
                bytes.get_mut(ADJUSTMENT..ADJUSTMENT + 4)?.fill(0);
            }
            b"maxp" => bytes.get_mut(MAXP_OF_INSTRUCTIONS)?.fill(0),
            _ => {}
        }
        tables.push((tag, bytes));
    }
    assemble(&tables)
}

fn word(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<usize> {
    let value = u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?);
    usize::try_from(value).ok()
}

/// A table by its tag.
fn table<'a>(program: &'a [u8], tag: &[u8; 4]) -> Option<&'a [u8]> {
    let count = usize::from(word(program, 4)?);
    let entry = (0..count).map(|i| 12 + 16 * i).find(|at| program.get(*at..at + 4) == Some(tag))?;
    let (offset, length) = (long(program, entry + 8)?, long(program, entry + 12)?);
    program.get(offset..offset.checked_add(length)?)
}

/// All glyphs without instructions, and where each begins (long entries).
fn glyphs(program: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (glyf, loca) = (table(program, b"glyf")?, table(program, b"loca")?);
    let wide = word(table(program, b"head")?, LOCA_FORMAT)? == 1;
    let count = usize::from(word(table(program, b"maxp")?, 4)?);
    let begin = |index: usize| match wide {
        true => long(loca, 4 * index),
        false => Some(2 * usize::from(word(loca, 2 * index)?)),
    };
    let (mut out, mut locations) = (Vec::new(), Vec::new());
    for index in 0..count {
        locations.extend_from_slice(&u32::try_from(out.len()).ok()?.to_be_bytes());
        let glyph = glyf.get(begin(index)?..begin(index + 1)?)?;
        if !glyph.is_empty() {
            out.extend(bare(glyph)?);
            // Glyphs begin at even places.
            out.resize(out.len().next_multiple_of(2), 0);
        }
    }
    locations.extend_from_slice(&u32::try_from(out.len()).ok()?.to_be_bytes());
    Some((out, locations))
}

/// One glyph without its instructions.
fn bare(glyph: &[u8]) -> Option<Vec<u8>> {
    // A negative count of contours marks a glyph made of others.
    match word(glyph, 0)? {
        contours @ 0..0x8000 => simple(glyph, usize::from(contours)),
        _ => composite(glyph),
    }
}

fn simple(glyph: &[u8], contours: usize) -> Option<Vec<u8>> {
    let length_at = GLYPH_HEAD + 2 * contours;
    let behind = length_at + 2 + usize::from(word(glyph, length_at)?);
    let points = match contours {
        0 => 0,
        _ => usize::from(word(glyph, length_at - 2)?) + 1,
    };
    let end = outline_end(glyph, behind, points)?;
    Some([glyph.get(..length_at)?, &[0, 0], glyph.get(behind..end)?].concat())
}

/// Where the flags and coordinates of `points` points end that begin at `at`; what follows is padding.
fn outline_end(glyph: &[u8], mut at: usize, points: usize) -> Option<usize> {
    let (mut seen, mut coordinates) = (0, 0);
    while seen < points {
        let flag = *glyph.get(at)?;
        at += 1;
        let mut times = 1;
        if flag & REPEAT != 0 {
            times += usize::from(*glyph.get(at)?);
            at += 1;
        }
        let axis = |short: u8, same: u8| match (flag & short != 0, flag & same != 0) {
            (true, _) => 1,
            (false, true) => 0,
            (false, false) => 2,
        };
        coordinates += times * (axis(X_SHORT, X_SAME) + axis(Y_SHORT, Y_SAME));
        seen += times;
    }
    Some(at + coordinates)
}

fn composite(glyph: &[u8]) -> Option<Vec<u8>> {
    let mut out = glyph.to_vec();
    let mut at = GLYPH_HEAD;
    loop {
        let flags = word(glyph, at)?;
        out.get_mut(at..at + 2)?.copy_from_slice(&(flags & !INSTRUCTIONS).to_be_bytes());
        let arguments = if flags & WORDS != 0 { 4 } else { 2 };
        let scale = match flags & (SCALE | TWO_SCALES | MATRIX) {
            0 => 0,
            SCALE => 2,
            TWO_SCALES => 4,
            _ => 8,
        };
        at += 4 + arguments + scale;
        if flags & MORE == 0 {
            out.truncate(at);
            return (out.len() == at).then_some(out);
        }
    }
}

/// A font file with these tables (OpenType 1.9, "Organization of an OpenType Font").
pub(super) fn assemble(tables: &[(&[u8; 4], Vec<u8>)]) -> Option<Vec<u8>> {
    let count = u16::try_from(tables.len()).ok()?;
    let power = count.checked_ilog2()?;
    let range = 16u16 << power;
    let mut out = vec![0, 1, 0, 0];
    for value in [count, range, u16::try_from(power).ok()?, count * 16 - range] {
        out.extend_from_slice(&value.to_be_bytes());
    }
    let mut offset = out.len() + 16 * tables.len();
    let mut head_at = None;
    for (tag, bytes) in tables {
        out.extend_from_slice(*tag);
        out.extend_from_slice(&sum(bytes).to_be_bytes());
        out.extend_from_slice(&u32::try_from(offset).ok()?.to_be_bytes());
        out.extend_from_slice(&u32::try_from(bytes.len()).ok()?.to_be_bytes());
        if *tag == b"head" {
            head_at = Some(offset);
        }
        offset += bytes.len().next_multiple_of(4);
    }
    for (_, bytes) in tables {
        out.extend_from_slice(bytes);
        out.resize(out.len().next_multiple_of(4), 0);
    }
    let adjustment = WHOLE_SUM.wrapping_sub(sum(&out));
    let place = head_at? + ADJUSTMENT;
    out.get_mut(place..place + 4)?.copy_from_slice(&adjustment.to_be_bytes());
    Some(out)
}

/// Sum of big-endian words, as tables are checked.
fn sum(bytes: &[u8]) -> u32 {
    let word = |four: &[u8]| {
        four.iter().zip([24, 16, 8, 0]).fold(0u32, |sum, (b, shift)| sum | u32::from(*b) << shift)
    };
    bytes.chunks(4).map(word).fold(0, u32::wrapping_add)
}

#[cfg(test)]
mod tests {
    use subsetter::GlyphRemapper;
    use ttf_parser::{Face, GlyphId, OutlineBuilder};

    use super::super::TINOS;
    use super::*;

    #[derive(Default, PartialEq, Debug)]
    struct Outline(Vec<String>);

    impl OutlineBuilder for Outline {
        fn move_to(&mut self, x: f32, y: f32) {
            self.0.push(format!("m {x} {y}"));
        }
        fn line_to(&mut self, x: f32, y: f32) {
            self.0.push(format!("l {x} {y}"));
        }
        fn quad_to(&mut self, a: f32, b: f32, x: f32, y: f32) {
            self.0.push(format!("q {a} {b} {x} {y}"));
        }
        fn curve_to(&mut self, a: f32, b: f32, c: f32, d: f32, x: f32, y: f32) {
            self.0.push(format!("c {a} {b} {c} {d} {x} {y}"));
        }
        fn close(&mut self) {
            self.0.push("z".to_owned());
        }
    }

    fn subset() -> (Vec<u8>, u16) {
        let face = Face::parse(TINOS, 0).unwrap();
        let mut mapper = GlyphRemapper::new();
        for c in "Bản điện tử chuyển đổi từ văn bản giấy ỦẾẪỘ 0123456789".chars() {
            mapper.remap(face.glyph_index(c).unwrap().0);
        }
        (subsetter::subset(TINOS, 0, &mapper).unwrap(), mapper.num_gids())
    }

    #[test]
    fn outlines_and_widths_stay_and_half_of_the_bytes_go() {
        let (before, count) = subset();
        let after = stripped(&before).unwrap();
        assert!(after.len() * 2 < before.len(), "{} of {}", after.len(), before.len());
        let (old, new) = (Face::parse(&before, 0).unwrap(), Face::parse(&after, 0).unwrap());
        for id in (0..count).map(GlyphId) {
            let (mut a, mut b) = (Outline::default(), Outline::default());
            assert_eq!(old.outline_glyph(id, &mut a), new.outline_glyph(id, &mut b));
            assert_eq!(a, b);
            assert_eq!(old.glyph_hor_advance(id), new.glyph_hor_advance(id));
        }
        assert_eq!(sum(&after), WHOLE_SUM);
    }

    #[test]
    fn damage_is_no_panic() {
        let (font, _) = subset();
        for cut in (0..font.len()).step_by(97) {
            let _ = stripped(&font[..cut]);
        }
    }
}

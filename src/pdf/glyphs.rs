//! How wide the letters of a font are (ISO 32000-1 9.2.4, 9.7.4.3), as far as finding a place on a page needs it.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object};

/// Width of a letter of which nothing is said, thousandths of the size.
const USUAL: f64 = 500.0;
/// Width in a composite font where nothing else is said (Table 117).
const USUAL_COMPOSED: f64 = 1_000.0;
/// Most widths that are read.
const MAX_WIDTHS: usize = 70_000;

/// Widths by character code, thousandths of the size.
pub(super) struct Widths {
    composed: bool,
    known: BTreeMap<u32, f64>,
    other: f64,
}

impl Widths {
    pub fn of(font: &Dictionary, document: &Document) -> Self {
        let number = |object: &Object| document.dereference(object).ok()?.1.as_float().ok().map(f64::from);
        let array = |dict: &Dictionary, key: &[u8]| {
            dict.get_deref(key, document).and_then(Object::as_array).ok().cloned().unwrap_or_default()
        };
        let descendant = array(font, b"DescendantFonts");
        let descendant = descendant.first().and_then(|o| document.dereference(o).ok()?.1.as_dict().ok());
        if let Some(below) = descendant {
            let other = below.get(b"DW").ok().and_then(number).unwrap_or(USUAL_COMPOSED);
            return Self { composed: true, known: composed(&array(below, b"W"), document), other };
        }
        let first = font.get(b"FirstChar").ok().and_then(number).unwrap_or_default() as u32;
        let widths = array(font, b"Widths");
        let known = (first..).zip(widths.iter().take(256)).filter_map(|(c, w)| Some((c, number(w)?)));
        Self { composed: false, known: known.collect(), other: USUAL }
    }

    /// The sum of `advance` over the letters of a string; it is told the width and whether the letter is a plain space.
    pub fn advance(&self, bytes: &[u8], advance: impl Fn(f64, bool) -> f64) -> f64 {
        let width = |code: u32| self.known.get(&code).copied().unwrap_or(self.other);
        match self.composed {
            true => {
                let codes = bytes.chunks(2).map(|pair| pair.iter().fold(0, |c, b| c << 8 | u32::from(*b)));
                codes.map(|code| advance(width(code), false)).sum()
            }
            false => bytes.iter().map(|b| advance(width(u32::from(*b)), *b == b' ')).sum(),
        }
    }
}

/// `c [w w w]` and `first last w` (9.7.4.3).
fn composed(items: &[Object], document: &Document) -> BTreeMap<u32, f64> {
    let item = |index: usize| items.get(index).and_then(|o| document.dereference(o).ok()).map(|(_, o)| o);
    let number = |object: &Object| object.as_float().ok().map(f64::from);
    let (mut known, mut at) = (BTreeMap::new(), 0);
    while let (Some(first), Some(next)) = (item(at).and_then(number), item(at + 1)) {
        let first = first.clamp(0.0, 65_535.0) as u32;
        if known.len() > MAX_WIDTHS {
            break;
        }
        match (next.as_array(), number(next), item(at + 2).and_then(number)) {
            (Ok(widths), _, _) => {
                known.extend((first..=65_535).zip(widths).filter_map(|(c, w)| Some((c, number(w)?))));
                at += 2;
            }
            (_, Some(last), Some(width)) => {
                let last = last.clamp(0.0, 65_535.0) as u32;
                known.extend((first..=last).map(|code| (code, width)));
                at += 3;
            }
            _ => break,
        }
    }
    known
}

//! Signatures: strokes of a pen, blue or black, larger than handwriting and neither ruled nor filled.

use super::super::cleanup::{Inks, Part, Parts, Reduced};
use super::shape::{self, Strokes};

/// Blueness, of 255, from which a cell belongs to a stroke, and from which it is beyond doubt.
const BLUE: (u8, u8) = (16, 30);
/// Redness of a stamp, and loss of red light of what lies under it, of 255.
const STAMP: u8 = 20;
const UNDER_STAMP: u8 = 66;
/// Darkness of black ink, from which a cell belongs to a stroke and from which it is beyond doubt.
const BLACK: (u8, u8) = (70, 130);
/// Largest width and height in millimetres.
const MOST_MM: (f64, f64) = (100.0, 45.0);
/// Length in millimetres of a level or upright run that is longer than most of a hand's.
const RULE_MM: f64 = 6.0;
/// How often a row or column enters a signature at least, on average; a flat one has more, the more so the more of it is straight.
const LEAST_CROSSINGS: f64 = 0.9;
const FLAT_CROSSINGS: (f64, f64) = (0.7, 0.9);
/// Height in millimetres from which strokes are not flat.
const HIGH_MM: f64 = 9.0;
/// Lengths in millimetres of a level and an upright run that are lines of a frame or a table.
const LINES_MM: (f64, f64) = (28.0, 20.0);
/// Cells by which the pieces of a thin stroke may be apart.
const GAP: usize = 1;

/// What makes strokes a signature.
struct Limits {
    /// Values from which a cell belongs to a stroke and from which it is beyond doubt.
    bounds: (u8, u8),
    /// Whether strokes are widened so that their pieces come together.
    widened: bool,
    /// Least width and height in millimetres.
    least_mm: (f64, f64),
    /// Largest share of its box that it covers.
    fullest: f64,
    /// Largest share of long straight runs: frames and tables have nearly nothing else.
    ruled: f64,
    /// Side in millimetres of a square that no pen fills.
    nib: f64,
    /// Largest share of such squares.
    thick: f64,
}

/// Blue strokes are thin and pale in places; written numbers and initials are smaller.
const OF_BLUE: Limits = Limits {
    bounds: BLUE,
    widened: true,
    least_mm: (16.0, 4.5),
    fullest: 0.48,
    ruled: 0.84,
    nib: 2.0,
    thick: 0.12,
};
/// Black has to be larger than any word of print, whose letters would join it if it were widened.
const OF_BLACK: Limits = Limits {
    bounds: BLACK,
    widened: false,
    least_mm: (14.0, 6.8),
    fullest: 0.30,
    ruled: 0.56,
    nib: 1.5,
    thick: 0.06,
};

/// Colour of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Pen {
    /// Blue.
    Blue,
    /// Black.
    Black,
}

/// A signature on the page.
/// `degrees` is how far the lines of the page are turned.
pub(in super::super) fn find(copy: &Reduced, inks: &Inks, degrees: f64) -> Option<Pen> {
    let is_blue = |plane: &[u8]| has_hand(copy, plane, inks.width, &OF_BLUE, degrees);
    if inks.has_colour() && (is_blue(&inks.blue) || is_blue(&blue(inks))) {
        return Some(Pen::Blue);
    }
    has_hand(copy, &black(inks), inks.width, &OF_BLACK, degrees).then_some(Pen::Black)
}

/// Blueness; a stroke that crosses a stamp is neither blue nor red there, and goes on below it.
fn blue(inks: &Inks) -> Vec<u8> {
    let colours = inks.red.iter().zip(&inks.cool);
    let crossing = |red: u8, cool: u8| if red >= STAMP && cool >= UNDER_STAMP { BLUE.0 } else { 0 };
    inks.blue.iter().zip(colours).map(|(blue, (red, cool))| (*blue).max(crossing(*red, *cool))).collect()
}

/// Darkness that is neither red nor blue ink: those lose one colour more than the others.
fn black(inks: &Inks) -> Vec<u8> {
    if !inks.has_colour() {
        return inks.dark.clone();
    }
    let colours = inks.red.iter().zip(&inks.blue);
    let plane = inks.dark.iter().zip(colours);
    plane
        .map(
            |(dark, (red, blue))| {
                if *blue >= BLUE.1 { 0 } else { dark.saturating_sub(red.saturating_mul(2)) }
            },
        )
        .collect()
}

fn has_hand(copy: &Reduced, plane: &[u8], width: usize, limits: &Limits, degrees: f64) -> bool {
    if !plane.iter().any(|v| *v >= limits.bounds.1) {
        return false;
    }
    // Blue strokes are thin and pale in places: their pieces are put together. Black ones would catch the print beside them.
    let joined = if limits.widened { shape::widened(plane, width, GAP) } else { plane.to_vec() };
    let parts = Parts::of(&joined, width, limits.bounds.0, limits.bounds.1);
    let large = |part: &&Part| is_large(copy, part, limits.least_mm);
    let sure = |part: &&Part| part.strong >= 12 && part.strong * 4 >= part.area;
    parts.list.iter().filter(large).filter(sure).any(|part| {
        // A signature may touch the line that it stands on or the frame beside it.
        let (bits, width) = shape::levelled(&parts.bitmap(part), part.width(), degrees);
        let lengths = ((LINES_MM.0 * copy.per_mm.0) as usize, (LINES_MM.1 * copy.per_mm.1) as usize);
        let free = shape::without_rules(&bits, width, lengths.0.max(4), lengths.1.max(4));
        let pieces = Parts::of(&free, width, 1, 1);
        let hand = |piece: &Part| is_hand(copy, &pieces.bitmap(piece), piece.width(), limits);
        pieces.list.iter().filter(|piece| is_large(copy, piece, limits.least_mm)).any(hand)
    })
}

fn is_large(copy: &Reduced, part: &Part, least: (f64, f64)) -> bool {
    let (wide, high) = (part.width() as f64 / copy.per_mm.0, part.height() as f64 / copy.per_mm.1);
    wide >= least.0 && high >= least.1 && wide <= MOST_MM.0 && high <= MOST_MM.1
}

/// Airy, neither ruled nor filled, going to and fro.
fn is_hand(copy: &Reduced, bits: &[u8], width: usize, limits: &Limits) -> bool {
    let area = bits.iter().filter(|b| **b == 1).count();
    let rule = ((RULE_MM * copy.per_mm.0) as usize).max(4);
    let nib = ((limits.nib * copy.per_mm.0).round() as usize).max(3);
    let Strokes { straight, thick, crossings } = shape::strokes(bits, width, rule, nib);
    let airy = area as f64 <= limits.fullest * bits.len() as f64;
    // Pieces of a frame are flat; what is high and goes to and fro was written.
    let high = (bits.len() / width.max(1)) as f64 / copy.per_mm.1 >= HIGH_MM;
    let wanted = if high { LEAST_CROSSINGS } else { FLAT_CROSSINGS.0 + FLAT_CROSSINGS.1 * straight };
    airy && straight < limits.ruled && thick < limits.thick && crossings > wanted
}

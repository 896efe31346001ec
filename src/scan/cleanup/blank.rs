//! Whether there is anything on a page. The back of a sheet has dust, punch holes, a staple and the pale mirror image of its
//! front; none of that is writing. A stamp is: a page that carries one is not blank.

use super::super::quality::shape;
use super::parts::{Part, Parts};
use super::reduced::Reduced;

/// Loss of light, of 255, from which a mark belongs to a part, and from which it cannot be the other side shining through.
pub(in super::super) const PALE: u8 = 44;
/// As above.
pub(in super::super) const PLAIN: u8 = 72;
/// Smallest letter, in millimetres: the digit of a page number is 3 mm high, a speck of dust below 1 mm.
const LETTER_MM: f64 = 1.25;
/// Diameters of punch holes in millimetres (ISO 838: 6), and how far from the edge they may be.
const HOLE_MM: (f64, f64) = (3.5, 8.5);
const HOLE_EDGE_MM: f64 = 28.0;
/// A staple is 10 to 14 mm long and lies in a corner.
const STAPLE_MM: f64 = 16.0;
const STAPLE_CORNER_MM: f64 = 32.0;
/// Loss of a red or blue mark that is ink and not its shadow.
const COLOURED: u8 = 34;

/// Parts of a page that somebody wrote, printed or stamped.
pub(in super::super) fn content<'a>(copy: &Reduced, parts: &'a Parts) -> Vec<&'a Part> {
    parts.list.iter().filter(|part| is_content(copy, parts, part)).collect()
}

fn is_content(copy: &Reduced, parts: &Parts, part: &Part) -> bool {
    let (wide, high) = (part.width() as f64 / copy.per_mm.0, part.height() as f64 / copy.per_mm.1);
    let large = wide.max(high) >= LETTER_MM && part.strong >= 4;
    large
        && !at_the_rim(copy, part)
        && !is_hole(copy, parts, part, (wide, high))
        && !is_staple(copy, part, (wide, high))
}

/// Shadows of the sheet's edge and the lid beyond it reach the rim of the scan.
fn at_the_rim(copy: &Reduced, part: &Part) -> bool {
    part.left <= 1 || part.top <= 1 || part.right + 1 >= copy.width || part.bottom + 1 >= copy.height
}

/// Round, full, of the right size, near an edge.
fn is_hole(copy: &Reduced, parts: &Parts, part: &Part, (wide, high): (f64, f64)) -> bool {
    let size = (HOLE_MM.0..=HOLE_MM.1).contains(&wide) && (HOLE_MM.0..=HOLE_MM.1).contains(&high);
    let round = (wide / high.max(0.1)).clamp(0.1, 10.0);
    if !size || !(0.75..=1.33).contains(&round) || edge_mm(copy, part) > HOLE_EDGE_MM {
        return false;
    }
    // A disc covers 0.785 of its box; the rim alone of a bright hole is a ring.
    part.fill() > 0.66 || shape::is_ring(&parts.bitmap(part), part.width())
}

/// Nothing but a thin straight stroke in a corner.
fn is_staple(copy: &Reduced, part: &Part, (wide, high): (f64, f64)) -> bool {
    let corner = corner_mm(copy, part);
    let long = wide.hypot(high);
    let thickness = part.area as f64 / copy.per_mm.0 / copy.per_mm.1 / long.max(0.1);
    corner <= STAPLE_CORNER_MM && long <= STAPLE_MM && (thickness < 0.9 || long < 2.6)
}

/// From the middle of the part to the nearest edge.
fn edge_mm(copy: &Reduced, part: &Part) -> f64 {
    let (x, y) = middle_mm(copy, part);
    let (w, h) = (copy.width as f64 / copy.per_mm.0, copy.height as f64 / copy.per_mm.1);
    x.min(y).min(w - x).min(h - y)
}

/// From the middle of the part to the nearest corner, along the further of both edges.
fn corner_mm(copy: &Reduced, part: &Part) -> f64 {
    let (x, y) = middle_mm(copy, part);
    let (w, h) = (copy.width as f64 / copy.per_mm.0, copy.height as f64 / copy.per_mm.1);
    x.min(w - x).max(y.min(h - y))
}

fn middle_mm(copy: &Reduced, part: &Part) -> (f64, f64) {
    (
        (part.left + part.right) as f64 / 2.0 / copy.per_mm.0,
        (part.top + part.bottom) as f64 / 2.0 / copy.per_mm.1,
    )
}

/// Whether coloured ink stands on the page in any amount: a faint stamp has little darkness and much colour.
pub(in super::super) fn has_coloured_ink(red: &[u8], blue: &[u8], copy: &Reduced) -> bool {
    let many = |plane: &[u8]| {
        let parts = Parts::of(plane, copy.width, COLOURED, COLOURED * 2);
        let area: usize =
            parts.list.iter().filter(|p| p.area >= 12 && !at_the_rim(copy, p)).map(|p| p.area).sum();
        area as f64 / copy.per_mm.0 / copy.per_mm.1 > 6.0
    };
    many(red) || many(blue)
}

//! Edges of the sheet and what lies beyond them on the glass: dark or grey strips along the sides of the scan.

use super::reduced::Reduced;

/// Furthest that a border reaches into the page, in millimetres.
const DEEPEST_MM: f64 = 30.0;
/// A strip whose typical light is below this share of the paper's (of 256) is no paper.
const DARK_SHARE: u32 = 150;

/// Widths in millimetres of what is not paper: left, top, right, bottom.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in super::super) struct Borders {
    /// Left, top, right, bottom.
    pub mm: [f64; 4],
}

impl Borders {
    /// Finds dark strips; `light` is the paper's.
    pub fn of(copy: &Reduced, light: u8) -> Self {
        let limit = (u32::from(light) * DARK_SHARE / 256) as u8;
        let (w, h) = (copy.width, copy.height);
        let value = |x: usize, y: usize| copy.mean[(y * w + x) * copy.channels + copy.channels / 2];
        let column = |x: usize| dark_share((0..h).step_by(4).map(|y| value(x, y) < limit));
        let row = |y: usize| dark_share((0..w).step_by(4).map(|x| value(x, y) < limit));
        let deep = |per_mm: f64, side: usize| ((DEEPEST_MM * per_mm) as usize).min(side / 4);
        let (dx, dy) = (deep(copy.per_mm.0, w), deep(copy.per_mm.1, h));
        let mm = [
            depth((0..dx).map(&column)) as f64 / copy.per_mm.0,
            depth((0..dy).map(&row)) as f64 / copy.per_mm.1,
            depth((0..dx).map(|x| column(w - 1 - x))) as f64 / copy.per_mm.0,
            depth((0..dy).map(|y| row(h - 1 - y))) as f64 / copy.per_mm.1,
        ];
        Self { mm: mm.map(|v| if v < 0.4 { 0.0 } else { v }) }
    }
}

fn dark_share(cells: impl Iterator<Item = bool>) -> f64 {
    let (dark, all) = cells.fold((0u32, 0u32), |(d, n), dark| (d + u32::from(dark), n + 1));
    f64::from(dark) / f64::from(all.max(1))
}

/// How many strips from the edge are dark for a good part of their length; a wedge of a skewed sheet is.
fn depth(shares: impl Iterator<Item = f64>) -> usize {
    shares.take_while(|share| *share >= 0.3).count()
}

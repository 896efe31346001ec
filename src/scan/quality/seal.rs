//! Round red seals: circles of the size that seals have, found by the votes of the edges of red ink (Hough transform with
//! gradients) and proved by going round them.

use std::sync::LazyLock;

use super::super::cleanup::{Inks, Part, Parts, Reduced};
use super::shape;

/// Redness, of 255, of the faintest seal that a person would call one; what shines through from the back has less.
const RED: u8 = 26;
/// Radii of seals in millimetres: most have 18, small ones 14, those with a frame 21.
const RADIUS_MM: (f64, f64) = (13.5, 22.0);
/// Cells of the copy a bin of the votes.
const BIN: usize = 2;
/// Most edge cells that vote.
const MOST_VOTERS: usize = 12_000;
/// Centres that are tried.
const CANDIDATES: usize = 6;
/// Directions in which the ring is looked for.
const DIRECTIONS: usize = 90;
/// Share of the visible ring that has to be there.
const LEAST_RING: f64 = 0.40;
/// The same for one that the edge of the page cuts: what is left of it has to be whole.
const LEAST_CUT_RING: f64 = 0.60;
/// Share of its diameter on the page from which a seal is not cut.
const WHOLE: f64 = 0.99;
/// Share of the ring that has to lie on the page.
const LEAST_VISIBLE: f64 = 0.5;
/// Share of the cells inside that are red: letters and a star; a ring around a word has none, an emblem is full.
const INSIDE: (f64, f64) = (0.035, 0.62);
/// Side in millimetres of a square that the lines of a seal never fill, except in the star; share of the red that may, with
/// an emblem printed beside it.
const THICK_MM: f64 = 2.6;
const MOST_THICK: f64 = 0.5;
/// Distance in millimetres inside the outer ring where a seal has paper, and the share of red that a thick ring has there.
const GAP_MM: f64 = 2.3;
const GAP_RING: f64 = 0.85;
/// Share of its diameter that a seal has to have on the page, or it is a slice at the edge.
const LEAST_WIDTH: f64 = 0.53;

/// Width in millimetres of a slice of a seal, and its distance from the edge of the scan.
const SLICE_MM: (f64, f64) = (2.5, 19.5);
const SLICE_GAP_MM: f64 = 5.5;
/// Half of the gaps in millimetres, along and across, between the arcs and the star of a slice.
const PIECES_MM: (f64, f64) = (1.2, 3.6);

/// A seal on the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in super::super) struct Seal {
    /// Middle in cells of the copy.
    pub centre: (f64, f64),
    /// Radius in millimetres.
    pub radius_mm: f64,
    /// Share of its visible ring that was found.
    pub ring: f64,
}

/// The best seal of the page, and a slice of one at its edge (dấu giáp lai).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in super::super) struct Seals {
    /// A round seal.
    pub round: Option<Seal>,
    /// A slice at the left or right edge.
    pub edge: bool,
    /// The best share of a ring that was seen anywhere, for the record.
    pub best: f64,
}

/// Looks for seals.
pub(in super::super) fn find(copy: &Reduced, inks: &Inks) -> Seals {
    if !inks.has_colour() {
        return Seals::default();
    }
    let voters = voters(inks);
    let slice = slice(copy, inks);
    let mut seals = Seals { edge: slice.is_some(), ..Seals::default() };
    if voters.len() < 60 {
        return seals;
    }
    let votes = Votes::of(copy, inks, &voters);
    for centre in votes.best() {
        let Some(seal) = proved(copy, inks, centre) else { continue };
        let ((x, y), edge) = (seal.centre, copy.per_mm.0);
        if x < -edge || y < -edge || x > inks.width as f64 + edge || y > inks.height as f64 + edge {
            continue; // a bar along the edge bends like a circle far outside
        }
        seals.best = seals.best.max(seal.ring);
        let better = seals.round.is_none_or(|other| seal.ring > other.ring);
        let least = if on_page(copy, inks, &seal) < WHOLE { LEAST_CUT_RING } else { LEAST_RING };
        if better && seal.ring >= least && looks_inside(copy, inks, &seal) {
            seals.round = Some(seal);
        }
    }
    let is_slice = |seal: &Seal| {
        let at = slice.as_ref().is_some_and(|slice| slice.holds(copy, seal));
        at || on_page(copy, inks, seal) < LEAST_WIDTH
    };
    if let Some(seal) = seals.round.filter(is_slice) {
        (seals.round, seals.edge, seals.best) = (None, true, seal.ring);
    }
    seals
}

/// Share of the seal's diameter that lies on the page, along the width.
fn on_page(copy: &Reduced, inks: &Inks, seal: &Seal) -> f64 {
    let radius = seal.radius_mm * copy.per_mm.0;
    let (left, right) = ((seal.centre.0 - radius).max(0.0), (seal.centre.0 + radius).min(inks.width as f64));
    (right - left) / (2.0 * radius).max(1.0)
}

/// Edge cells of red ink with the direction of their gradient.
fn voters(inks: &Inks) -> Vec<(usize, usize, f32, f32)> {
    let (w, h) = (inks.width, inks.height);
    let mut found = Vec::new();
    for y in 1..h.saturating_sub(1) {
        let row = &inks.red[y * w..(y + 1) * w];
        if !row.iter().fold(false, |any, v| any | (*v >= RED)) {
            continue;
        }
        for (x, _) in row.iter().enumerate().take(w - 1).skip(1).filter(|(_, v)| **v >= RED) {
            let at = |dx: usize, dy: usize| i32::from(inks.red[(y + dy - 1) * w + x + dx - 1]);
            let gx = at(2, 0) + 2 * at(2, 1) + at(2, 2) - at(0, 0) - 2 * at(0, 1) - at(0, 2);
            let gy = at(0, 2) + 2 * at(1, 2) + at(2, 2) - at(0, 0) - 2 * at(1, 0) - at(2, 0);
            let size = ((gx * gx + gy * gy) as f32).sqrt();
            if size >= 2.0 * f32::from(RED) {
                found.push((x, y, gx as f32 / size, gy as f32 / size));
            }
        }
    }
    let step = found.len().div_ceil(MOST_VOTERS).max(1);
    found.into_iter().step_by(step).collect()
}

struct Votes {
    width: usize,
    bins: Vec<u16>,
    /// Bins beyond the page on each side: the middle of a cut seal may lie there.
    margin: i32,
}

impl Votes {
    fn of(copy: &Reduced, inks: &Inks, voters: &[(usize, usize, f32, f32)]) -> Self {
        let margin = (RADIUS_MM.1 * copy.per_mm.0.max(copy.per_mm.1)) as i32 / BIN as i32 / 2;
        let width = inks.width / BIN + 2 * margin as usize + 1;
        let height = inks.height / BIN + 2 * margin as usize + 1;
        let mut bins = vec![0u16; width * height];
        let (px, py) = (copy.per_mm.0 as f32 / BIN as f32, copy.per_mm.1 as f32 / BIN as f32);
        let steps = ((RADIUS_MM.1 - RADIUS_MM.0) * 3.0) as i32;
        for (x, y, gx, gy) in voters {
            let (x, y) = (*x as f32 / BIN as f32 + margin as f32, *y as f32 / BIN as f32 + margin as f32);
            for k in 0..=steps {
                let r = RADIUS_MM.0 as f32 + k as f32 / 3.0;
                for r in [r, -r] {
                    let (bx, by) = ((x + gx * r * px) as i32, (y + gy * r * py) as i32);
                    if bx >= 0 && by >= 0 && (bx as usize) < width && (by as usize) < height {
                        let bin = &mut bins[by as usize * width + bx as usize];
                        *bin = bin.saturating_add(1);
                    }
                }
            }
        }
        Self { width, bins, margin }
    }

    /// Middles of the fullest places, in cells of the copy.
    fn best(&self) -> Vec<(f64, f64)> {
        let w = self.width;
        let mut smooth = vec![0u32; self.bins.len()];
        let end = self.bins.len().saturating_sub(w + 1);
        for (at, sum) in
            smooth.iter_mut().enumerate().take(end).skip(w + 1).filter(|(at, _)| self.bins[*at] > 2)
        {
            let rows = [at - w, at, at + w];
            *sum = rows.iter().map(|i| (i - 1..=i + 1).map(|i| u32::from(self.bins[i])).sum::<u32>()).sum();
        }
        let mut found: Vec<(i32, i32)> = Vec::new();
        let mut full: Vec<usize> = (0..smooth.len()).filter(|at| smooth[*at] > 0).collect();
        for _ in 0..CANDIDATES {
            let Some(at) = full.iter().copied().max_by_key(|at| smooth[*at]) else { break };
            let (x, y) = ((at % w) as i32, (at / w) as i32);
            found.push((x, y));
            // Places beside it are the same circle.
            full.retain(|at| ((at % w) as i32 - x).abs() > 4 || ((at / w) as i32 - y).abs() > 4);
        }
        let cell = |v: i32| f64::from((v - self.margin) * BIN as i32) + BIN as f64 / 2.0;
        found.into_iter().map(|(x, y)| (cell(x), cell(y))).collect()
    }
}

/// Goes round the middle at every radius and takes the fullest ring.
fn proved(copy: &Reduced, inks: &Inks, centre: (f64, f64)) -> Option<Seal> {
    let mut best: Option<Seal> = None;
    for dy in -1..=1 {
        for dx in -1..=1 {
            let centre = (centre.0 + f64::from(dx) * 1.5, centre.1 + f64::from(dy) * 1.5);
            let steps = ((RADIUS_MM.1 - RADIUS_MM.0) * 4.0) as usize;
            for k in 0..=steps {
                let radius_mm = RADIUS_MM.0 + k as f64 / 4.0;
                let Some(ring) = ring(copy, inks, centre, radius_mm) else { continue };
                if best.is_none_or(|b| ring > b.ring) {
                    best = Some(Seal { centre, radius_mm, ring });
                }
            }
        }
    }
    best
}

/// Sines and cosines of the directions in which rings are looked for.
static CIRCLE: LazyLock<[(f64, f64); DIRECTIONS]> = LazyLock::new(|| {
    std::array::from_fn(|k| (std::f64::consts::TAU * k as f64 / DIRECTIONS as f64).sin_cos())
});

/// Share of the visible directions in which there is red at this radius.
fn ring(copy: &Reduced, inks: &Inks, (cx, cy): (f64, f64), radius_mm: f64) -> Option<f64> {
    let (mut visible, mut hit) = (0usize, 0usize);
    for (sin, cos) in CIRCLE.iter() {
        let at = |r: f64| {
            let (x, y) = (cx + cos * r * copy.per_mm.0, cy + sin * r * copy.per_mm.1);
            let inside = x >= 0.0 && y >= 0.0 && (x as usize) < inks.width && (y as usize) < inks.height;
            inside.then(|| inks.red[y as usize * inks.width + x as usize])
        };
        let seen = [at(radius_mm - 0.2), at(radius_mm + 0.2)];
        visible += usize::from(seen.iter().all(Option::is_some));
        hit += usize::from(seen.iter().flatten().any(|v| *v >= RED));
    }
    let enough = visible as f64 >= LEAST_VISIBLE * DIRECTIONS as f64;
    enough.then(|| hit as f64 / visible.max(1) as f64)
}

/// Letters and a star inside, and no solid fill.
fn looks_inside(copy: &Reduced, inks: &Inks, seal: &Seal) -> bool {
    let (rx, ry) = (seal.radius_mm * 0.93 * copy.per_mm.0, seal.radius_mm * 0.93 * copy.per_mm.1);
    let clamp = |v: f64, side: usize| v.clamp(0.0, side as f64) as usize;
    let (left, right) = (clamp(seal.centre.0 - rx, inks.width), clamp(seal.centre.0 + rx, inks.width));
    let (top, bottom) = (clamp(seal.centre.1 - ry, inks.height), clamp(seal.centre.1 + ry, inks.height));
    let mut bits = vec![0u8; (right - left) * (bottom - top)];
    let mut all = 0usize;
    for y in top..bottom {
        for x in left..right {
            let (dx, dy) = ((x as f64 - seal.centre.0) / rx, (y as f64 - seal.centre.1) / ry);
            if dx * dx + dy * dy <= 1.0 {
                all += 1;
                bits[(y - top) * (right - left) + x - left] = u8::from(inks.red[y * inks.width + x] >= RED);
            }
        }
    }
    let red = bits.iter().filter(|b| **b == 1).count();
    let share = red as f64 / all.max(1) as f64;
    let thick = ((THICK_MM * copy.per_mm.0) as usize).max(3);
    let found = shape::strokes(&bits, (right - left).max(1), usize::MAX, thick);
    let gap = ring(copy, inks, seal.centre, seal.radius_mm - GAP_MM).unwrap_or(0.0);
    (INSIDE.0..=INSIDE.1).contains(&share) && found.thick < MOST_THICK && gap < GAP_RING
}

/// A slice of a seal, in cells of the copy.
struct Slice {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

impl Slice {
    /// Whether the circle that was found is the one that this is a slice of.
    fn holds(&self, copy: &Reduced, seal: &Seal) -> bool {
        let (dx, dy) = (5.0 * copy.per_mm.0, 5.0 * copy.per_mm.1);
        let (x, y) = seal.centre;
        x >= self.left as f64 - dx
            && x <= self.right as f64 + dx
            && y >= self.top as f64 - dy
            && y <= self.bottom as f64 + dy
    }
}

/// A slice of a seal at the left or right edge: as high as a seal, narrow, made of lines.
fn slice(copy: &Reduced, inks: &Inks) -> Option<Slice> {
    let reach = ((SLICE_MM.1 * copy.per_mm.0) as usize + 2).min(inks.width / 4).max(1);
    let at_edge = |first: usize, mirrored: bool| {
        let rows = inks.red.chunks_exact(inks.width.max(1));
        let plane: Vec<u8> = rows.flat_map(|row| &row[first..first + reach]).copied().collect();
        if !plane.iter().any(|v| *v >= RED) {
            return None;
        }
        let radius = ((PIECES_MM.0 * copy.per_mm.0) as usize, (PIECES_MM.1 * copy.per_mm.1) as usize);
        let merged = spread(&plane, reach, radius);
        let parts = Parts::of(&merged, reach, RED, RED);
        let part = parts.list.iter().find(|part| is_slice(copy, &plane, reach, part, mirrored))?;
        Some(Slice { left: first + part.left, top: part.top, right: first + part.right, bottom: part.bottom })
    };
    at_edge(inks.width.saturating_sub(reach), true).or_else(|| at_edge(0, false))
}

fn is_slice(copy: &Reduced, plane: &[u8], reach: usize, part: &Part, mirrored: bool) -> bool {
    let (wide, high) = (part.width() as f64 / copy.per_mm.0, part.height() as f64 / copy.per_mm.1);
    let gap = if mirrored { reach - part.right } else { part.left } as f64 / copy.per_mm.0;
    if gap > SLICE_GAP_MM || !(14.0..=46.0).contains(&high) || !(SLICE_MM.0..=SLICE_MM.1).contains(&wide) {
        return false;
    }
    let rows = plane.chunks_exact(reach).take(part.bottom).skip(part.top);
    let bits: Vec<u8> =
        rows.flat_map(|row| row[part.left..part.right].iter().map(|v| u8::from(*v >= RED))).collect();
    let share = bits.iter().filter(|b| **b == 1).count() as f64 / bits.len().max(1) as f64;
    let thick = ((THICK_MM * copy.per_mm.0) as usize).max(3);
    let found = shape::strokes(&bits, part.width(), (8.0 * copy.per_mm.0) as usize, thick);
    (0.06..=0.7).contains(&share) && found.thick < 0.3 && found.straight < 0.4
}

/// The plane with every red cell carried so many cells to the sides, and up and down.
fn spread(plane: &[u8], width: usize, radius: (usize, usize)) -> Vec<u8> {
    let mut across = vec![0u8; plane.len()];
    for (row, out) in plane.chunks_exact(width.max(1)).zip(across.chunks_exact_mut(width.max(1))) {
        for (x, _) in row.iter().enumerate().filter(|(_, v)| **v >= RED) {
            out[x.saturating_sub(radius.0)..(x + radius.0 + 1).min(width)].fill(RED);
        }
    }
    let mut out = across.clone();
    let height = plane.len() / width.max(1);
    for y in 0..height {
        for dy in 1..=radius.1 {
            for other in [y.checked_sub(dy), Some(y + dy).filter(|o| *o < height)].into_iter().flatten() {
                for x in 0..width {
                    out[y * width + x] = out[y * width + x].max(across[other * width + x]);
                }
            }
        }
    }
    out
}

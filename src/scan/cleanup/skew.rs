//! By how much the lines of a page are turned: projection profiles (Postl's differential square sum) of the lower edges of
//! its ink, first in coarse steps, then in fine ones around the best.

use super::paper::Inks;
use super::reduced::Reduced;

/// Largest angle that is looked for, in degrees; beyond, the sheet lay wrong on the glass.
pub(in super::super) const MAX_DEGREES: f64 = 6.0;
/// Coarse step in degrees: a line of letters 2 mm high and 160 mm wide is seen within half of it.
const COARSE: f64 = 0.25;
/// Finest step in degrees; a parabola through three of them gives the rest.
const FINE: f64 = 0.04;
/// Most edge points of the coarse search; more change nothing.
const COARSE_POINTS: usize = 16_000;
/// Fewest edge points that make an angle.
const FEWEST_POINTS: usize = 60;
/// Bins a millimetre of the coarse and of the fine search.
const BINS: (f64, f64) = (4.0, 8.0);
/// The best score must be so many times the usual one, or there are no lines.
const CLEAR: f64 = 1.6;

/// Which way the lines run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Axis {
    /// As on an upright page, or one upside down.
    Across,
    /// The page lies on its side.
    Down,
}

/// The direction of the lines.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in super::super) struct Direction {
    /// Which way they run.
    pub axis: Axis,
    /// Degrees that the page is turned clockwise beyond that.
    pub degrees: f64,
    /// How many times the score of the axis is above that of the other one.
    pub lead: f64,
}

/// The direction of the lines, where there are any. `threshold` is the loss that makes ink.
pub(in super::super) fn direction(copy: &Reduced, inks: &Inks, threshold: u8) -> Option<Direction> {
    let across = Lines::across(copy, inks, threshold);
    let down = Lines::down(copy, inks, threshold);
    let (best_across, best_down) = (across.coarse(), down.coarse());
    let score = |best: &Option<Best>| best.as_ref().map_or(0.0, |b| b.clear);
    let (lines, best, axis, other) = match score(&best_across) >= score(&best_down) {
        true => (across, best_across, Axis::Across, score(&best_down)),
        false => (down, best_down, Axis::Down, score(&best_across)),
    };
    let best = best.filter(|b| b.clear >= CLEAR)?;
    let degrees = lines.fine(best.degrees);
    // Across and down see the same turn with opposite signs.
    let degrees = if axis == Axis::Across { degrees } else { -degrees };
    Some(Direction { axis, degrees, lead: best.clear / other.max(1.0) })
}

/// Lower edges of ink as seen by somebody whose lines run along `u`; in millimetres.
struct Lines {
    points: Vec<(f32, f32)>,
    /// Extent of `v` in millimetres.
    height: f64,
    width: f64,
}

struct Best {
    degrees: f64,
    /// The score over the median score.
    clear: f64,
}

impl Lines {
    fn across(copy: &Reduced, inks: &Inks, threshold: u8) -> Self {
        let (w, h) = (inks.width, inks.height);
        let mut points = Vec::with_capacity(w * h / 24);
        for (y, pair) in inks.dark.windows(2 * w.max(1)).step_by(w.max(1)).enumerate() {
            let (row, below) = pair.split_at(w);
            let edges =
                row.iter().zip(below).enumerate().filter(|(_, (a, b))| **a >= threshold && **b < threshold);
            points.extend(edges.map(|(x, (a, b))| at(x as f64, y as f64 + passed(*a, *b, threshold), copy)));
        }
        Self { points, height: h as f64 / copy.per_mm.1, width: w as f64 / copy.per_mm.0 }
    }

    fn down(copy: &Reduced, inks: &Inks, threshold: u8) -> Self {
        let (w, h) = (inks.width, inks.height);
        let mut points = Vec::with_capacity(w * h / 24);
        for (y, row) in inks.dark.chunks_exact(w.max(1)).enumerate() {
            let edges = row.windows(2).enumerate().filter(|(_, p)| p[0] >= threshold && p[1] < threshold);
            let point = |(x, p): (usize, &[u8])| at(x as f64 + passed(p[0], p[1], threshold), y as f64, copy);
            points.extend(edges.map(point).map(|(u, v)| (v, u)));
        }
        Self { points, height: w as f64 / copy.per_mm.0, width: h as f64 / copy.per_mm.1 }
    }

    fn coarse(&self) -> Option<Best> {
        if self.points.len() < FEWEST_POINTS {
            return None;
        }
        let step = self.points.len().div_ceil(COARSE_POINTS);
        let count = (MAX_DEGREES / COARSE) as i32;
        let scored: Vec<(f64, f64)> = (-count..=count)
            .map(|k| f64::from(k) * COARSE)
            .map(|degrees| (degrees, self.score(degrees, BINS.0, step)))
            .collect();
        let mut scores: Vec<f64> = scored.iter().map(|s| s.1).collect();
        scores.sort_by(f64::total_cmp);
        let usual = scores[scores.len() / 2].max(1.0);
        let best = scored.into_iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
        Some(Best { degrees: best.0, clear: best.1 / usual })
    }

    /// The angle near `around`, to some hundredths of a degree.
    fn fine(&self, around: f64) -> f64 {
        let search = |middle: f64, step: f64, reach: i32| {
            let score = |k: i32| self.score(middle + f64::from(k) * step, BINS.1, 1);
            let scores: Vec<f64> = (-reach..=reach).map(score).collect();
            let best = (0..scores.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap_or(0);
            (middle + (best as f64 - f64::from(reach)) * step, scores, best)
        };
        let (middle, _, _) = search(around, COARSE / 2.5, 3);
        let (angle, scores, best) = search(middle, FINE, 3);
        let (Some(left), Some(right)) = (best.checked_sub(1).map(|i| scores[i]), scores.get(best + 1)) else {
            return angle;
        };
        let bend = left - 2.0 * scores[best] + right;
        if bend < 0.0 { angle + FINE * 0.5 * (left - right) / bend } else { angle }
    }

    /// Sum of the squared differences of neighbouring bins of the profile at this angle.
    fn score(&self, degrees: f64, bins: f64, step: usize) -> f64 {
        let slope = degrees.to_radians().tan();
        let offset = slope.abs() * self.width + 1.0;
        let mut profile = vec![0i32; ((self.height + 2.0 * offset) * bins) as usize + 2];
        let (slope, offset, bins) = (slope as f32, offset as f32, bins as f32);
        for (u, v) in self.points.iter().step_by(step) {
            let bin = ((v - u * slope + offset) * bins) as usize;
            if let Some(count) = profile.get_mut(bin) {
                *count += 1;
            }
        }
        profile.windows(2).map(|p| f64::from(p[1] - p[0]).powi(2)).sum()
    }
}

/// Where between two cells the edge lies: whole cells would pull every angle towards level.
fn passed(inside: u8, outside: u8, threshold: u8) -> f64 {
    let (inside, outside) = (f64::from(inside), f64::from(outside));
    (inside - f64::from(threshold)) / (inside - outside).max(1.0)
}

fn at(x: f64, y: f64, copy: &Reduced) -> (f32, f32) {
    ((x / copy.per_mm.0) as f32, (y / copy.per_mm.1) as f32)
}

//! Which way is up, without reading: Latin letters have more above their middle band than below it (b d h k l t, capitals,
//! and most marks of Vietnamese stand above; g p q y and the dot below hang under it).

use super::paper::Inks;
use super::reduced::Reduced;
use super::skew::{Axis, Direction};

/// Vertical strips of the page that are looked at separately, so that columns and tables do not blur each other.
const STRIPS: usize = 6;
/// Bins a millimetre.
const BINS: f64 = 8.0;
/// Height of a line's middle band in millimetres: letters of 7 to 30 points.
const BAND_MM: (f64, f64) = (0.9, 6.0);
/// Least ink of a line in a strip, in cells.
const LEAST_INK: f32 = 40.0;
/// How far above and below its middle band a line's ink is counted, in heights of the band.
const REACH: f64 = 0.9;

/// What the lines of a page say about up and down.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in super::super) struct Votes {
    /// Mean of the lines' leaning, -1 to 1; above 0 the page is upright in the sense of its axis.
    pub lean: f64,
    /// Lines that were counted.
    pub lines: usize,
    /// How sure that is, 0 to 1.
    pub sure: f64,
}

/// Looks at every line of every strip.
pub(in super::super) fn votes(copy: &Reduced, inks: &Inks, direction: &Direction, threshold: u8) -> Votes {
    let mut leans: Vec<(f64, f64)> = Vec::new();
    for profile in profiles(copy, inks, direction, threshold) {
        lines(&profile, &mut leans);
    }
    weigh(&leans)
}

/// Profiles of ink along the lines' direction, one a strip, in bins of 1/8 mm.
fn profiles(copy: &Reduced, inks: &Inks, direction: &Direction, threshold: u8) -> Vec<Vec<f32>> {
    let (w, h) = (inks.width, inks.height);
    let (width, height) = (w as f64 / copy.per_mm.0, h as f64 / copy.per_mm.1);
    let across = direction.axis == Axis::Across;
    let (along, deep) = if across { (width, height) } else { (height, width) };
    let slope = if across { direction.degrees } else { -direction.degrees }.to_radians().tan();
    let offset = slope.abs() * along + 1.0;
    let mut profiles = vec![vec![0f32; ((deep + 2.0 * offset) * BINS) as usize + 2]; STRIPS];
    for (y, row) in inks.dark.chunks_exact(w.max(1)).enumerate() {
        for (x, _) in row.iter().enumerate().filter(|(_, v)| **v >= threshold) {
            let (x, y) = (x as f64 / copy.per_mm.0, y as f64 / copy.per_mm.1);
            let (u, v) = if across { (x, y) } else { (y, x) };
            let strip = ((u / along * STRIPS as f64) as usize).min(STRIPS - 1);
            let bin = ((v - u * slope + offset) * BINS) as usize;
            // A cell is two bins deep: its ink is shared by them.
            let profile = &mut profiles[strip];
            for bin in [bin, bin + 1] {
                if let Some(sum) = profile.get_mut(bin) {
                    *sum += 0.5;
                }
            }
        }
    }
    profiles
}

/// Adds the leaning and the weight of each line of a strip.
fn lines(profile: &[f32], leans: &mut Vec<(f64, f64)>) {
    let mut at = 0;
    while let Some(start) = profile[at..].iter().position(|v| *v > 0.6).map(|i| at + i) {
        let end = profile[start..].iter().position(|v| *v <= 0.6).map_or(profile.len(), |i| start + i);
        if let Some(line) = line(profile, start, end) {
            leans.push(line);
        }
        at = end;
    }
}

/// The middle band is where the profile reaches half of its height; ink above and below it is compared.
fn line(profile: &[f32], start: usize, end: usize) -> Option<(f64, f64)> {
    let ink: f32 = profile[start..end].iter().sum();
    let peak = profile[start..end].iter().copied().fold(0.0, f32::max);
    if ink < LEAST_INK {
        return None;
    }
    let high = |i: &usize| profile[*i] >= peak * 0.5;
    let (top, bottom) = ((start..end).find(high)?, (start..end).rev().find(high)? + 1);
    let band = (bottom - top) as f64;
    if band < BAND_MM.0 * BINS || band > BAND_MM.1 * BINS {
        return None;
    }
    let reach = (band * REACH) as usize;
    let above: f32 = profile[top.saturating_sub(reach).max(start)..top].iter().sum();
    let below: f32 = profile[bottom..(bottom + reach).min(end)].iter().sum();
    let both = above + below;
    (both > 0.02 * ink).then(|| (f64::from((above - below) / both), f64::from(ink).sqrt()))
}

/// Weighted mean, and how many of its own standard errors it is away from nothing.
fn weigh(leans: &[(f64, f64)]) -> Votes {
    let total: f64 = leans.iter().map(|l| l.1).sum();
    if leans.len() < 2 || total <= 0.0 {
        return Votes { lean: leans.first().map_or(0.0, |l| l.0), lines: leans.len(), sure: 0.0 };
    }
    let lean = leans.iter().map(|l| l.0 * l.1).sum::<f64>() / total;
    let variance = leans.iter().map(|l| l.1 * (l.0 - lean).powi(2)).sum::<f64>() / total;
    let squares: f64 = leans.iter().map(|l| l.1 * l.1).sum();
    let independent = total * total / squares.max(f64::MIN_POSITIVE);
    // At least the spread of a page of few lines: two lines that agree by chance prove nothing.
    let error = (variance.max(0.09) / independent).sqrt();
    let distance = lean.abs() / error;
    Votes { lean, lines: leans.len(), sure: 1.0 - (-distance * 0.75).exp() }
}

//! A fingerprint by which the same paper is known when it is scanned again: where its letters stand, measured from the middle
//! of them all and along its lines, so that skew, resolution and place on the glass do not matter.

use serde::{Deserialize, Serialize};

use super::super::cleanup::Sheet;

/// Columns and rows of the grid, and the side of its cells in millimetres.
const COLUMNS: usize = 32;
const ROWS: usize = 48;
const CELL_MM: f64 = 6.0;
/// Fewest parts of a page that make it recognisable.
const FEWEST: usize = 40;
/// Share of the fullest cells by which two neighbours have to differ.
const STEP: f64 = 0.12;
/// Share of common marks from which two scans show the same paper; two copies of a form, filled in by two hands, have less.
pub const SAME: f64 = 0.55;

/// Marks on the grid, as hex digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub String);

impl Fingerprint {
    /// The fingerprint of a page that has enough on it.
    pub(in super::super) fn of(sheet: &Sheet) -> Option<Self> {
        let points = points(sheet);
        if points.len() < FEWEST {
            return None;
        }
        let origin = (middle(&points, |p| p.0), middle(&points, |p| p.1));
        let grid = grid(&points, origin);
        let mut sorted = grid.clone();
        sorted.sort_by(f64::total_cmp);
        let step = sorted[sorted.len() * 19 / 20] * STEP;
        let bit = |i: usize| i % COLUMNS + 1 < COLUMNS && grid[i] > grid[i + 1] + step;
        let bytes =
            (0..grid.len() / 8).map(|k| (0..8).fold(0u8, |byte, i| byte << 1 | u8::from(bit(k * 8 + i))));
        Some(Self(crate::document::hex(&bytes.collect::<Vec<u8>>())))
    }

    /// Share of common marks, 0 to 1.
    pub fn likeness(&self, other: &Self) -> f64 {
        let digits = self.0.bytes().zip(other.0.bytes()).map(|(a, b)| (nibble(a), nibble(b)));
        let (both, any) = digits
            .fold((0, 0), |(both, any), (a, b)| (both + (a & b).count_ones(), any + (a | b).count_ones()));
        if any == 0 { 0.0 } else { f64::from(both) / f64::from(any) }
    }
}

fn nibble(digit: u8) -> u8 {
    char::from(digit).to_digit(16).map_or(0, |v| v as u8)
}

/// Middles of the parts in millimetres, turned so that the lines are level, and their areas.
fn points(sheet: &Sheet) -> Vec<(f64, f64, f64)> {
    let per_mm = sheet.copy.per_mm;
    let quarters = if sheet.lie.sure >= super::super::cleanup::SURE_TURN { sheet.lie.quarters } else { 0 };
    let degrees = sheet.lie.skew.unwrap_or(0.0) + 90.0 * f64::from(quarters);
    let (sin, cos) = (-degrees).to_radians().sin_cos();
    let turned = |x: f64, y: f64| (x * cos - y * sin, x * sin + y * cos);
    let content = sheet.content();
    let small = content.iter().filter(|p| p.width().max(p.height()) as f64 / per_mm.0 < 20.0);
    small
        .map(|p| {
            let (x, y) =
                ((p.left + p.right) as f64 / 2.0 / per_mm.0, (p.top + p.bottom) as f64 / 2.0 / per_mm.1);
            let (x, y) = turned(x, y);
            (x, y, p.area as f64 / per_mm.0 / per_mm.1)
        })
        .collect()
}

/// The mean of one coordinate, weighted by area.
fn middle(points: &[(f64, f64, f64)], value: impl Fn(&(f64, f64, f64)) -> f64) -> f64 {
    let total: f64 = points.iter().map(|p| p.2).sum();
    points.iter().map(|p| value(p) * p.2).sum::<f64>() / total.max(f64::MIN_POSITIVE)
}

/// Area of letters in each cell, shared among the four nearest.
fn grid(points: &[(f64, f64, f64)], origin: (f64, f64)) -> Vec<f64> {
    let mut grid = vec![0.0; COLUMNS * ROWS];
    for (x, y, area) in points {
        let (x, y) =
            ((x - origin.0) / CELL_MM + COLUMNS as f64 / 2.0, (y - origin.1) / CELL_MM + ROWS as f64 / 2.0);
        let (left, top) = (x.floor(), y.floor());
        for (cx, cy) in [(left, top), (left + 1.0, top), (left, top + 1.0), (left + 1.0, top + 1.0)] {
            let inside = cx >= 0.0 && cy >= 0.0 && cx < COLUMNS as f64 && cy < ROWS as f64;
            if inside {
                grid[cy as usize * COLUMNS + cx as usize] +=
                    area * (1.0 - (x - cx).abs()) * (1.0 - (y - cy).abs());
            }
        }
    }
    grid
}

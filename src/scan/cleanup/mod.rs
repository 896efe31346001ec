//! Cleanup without touching a pixel: how far the lines are turned, which way is up, where the sheet ends, whether there is
//! anything on it. What is found is a matrix and words; the samples stay as they were scanned (DESIGN rule 2).

mod blank;
mod border;
mod paper;
mod parts;
mod reduced;
mod skew;
mod upright;

pub(super) use blank::{PALE, PLAIN};
pub(super) use border::Borders;
pub(super) use paper::Inks;
pub(super) use parts::{Part, Parts};
pub(super) use reduced::Reduced;

use serde::{Deserialize, Serialize};
use skew::Axis;

/// Quarter turns are made by themselves from this confidence on; below, a person is asked.
pub const SURE_TURN: f64 = 0.90;
/// Smallest skew in degrees that is worth a matrix: half a pixel at the end of a line of 300 dpi.
pub const LEAST_SKEW: f64 = 0.02;
/// Bounds of the loss of light that makes a letter, of 255.
const LETTER: (u8, u8) = (26, 110);

/// How a page has to be laid to be read, and how sure that is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Lie {
    /// Degrees that the lines are turned clockwise on the page as it was scanned; turning it back makes them level. None where
    /// no lines were found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skew: Option<f64>,
    /// Quarter turns clockwise that were done to the page; it has to be turned back by them to be upright.
    pub quarters: u8,
    /// How sure `quarters` is, 0 to 1; 0 where nothing tells.
    pub sure: f64,
}

/// A page reduced, and what its cleanup found.
#[derive(Debug)]
pub(super) struct Sheet {
    /// The small copy.
    pub copy: Reduced,
    /// Loss of light and colours of it.
    pub inks: Inks,
    /// Its dark parts.
    pub parts: Parts,
    /// Strips beyond the sheet.
    pub borders: Borders,
    /// How it lies.
    pub lie: Lie,
    /// Nothing is written on it.
    pub blank: bool,
}

impl Sheet {
    /// Looks at a small copy.
    pub fn of(copy: Reduced) -> Self {
        let inks = Inks::of(&copy);
        let parts = Parts::of(&inks.dark, inks.width.max(1), PALE, PLAIN);
        let borders = Borders::of(&copy, inks.light);
        let lie = lie(&copy, &inks);
        let written = !blank::content(&copy, &parts).is_empty();
        let blank = !written && !blank::has_coloured_ink(&inks.red, &inks.blue, &copy);
        Self { copy, inks, parts, borders, lie, blank }
    }

    /// Parts that somebody wrote, printed or stamped.
    pub fn content(&self) -> Vec<&Part> {
        blank::content(&self.copy, &self.parts)
    }
}

fn lie(copy: &Reduced, inks: &Inks) -> Lie {
    let threshold = letter_threshold(&inks.dark);
    let Some(direction) = skew::direction(copy, inks, threshold) else { return Lie::default() };
    let votes = upright::votes(copy, inks, &direction, threshold);
    // Down: the lines run along y; when their tops look to the right, the page was turned clockwise.
    let quarters = match (direction.axis, votes.lean >= 0.0) {
        (Axis::Across, true) => 0,
        (Axis::Across, false) => 2,
        (Axis::Down, true) => 3,
        (Axis::Down, false) => 1,
    };
    let axis = ((direction.lead - 1.0) / 0.5).clamp(0.0, 1.0);
    Lie { skew: Some(direction.degrees), quarters, sure: votes.sure * axis }
}

/// Half of the loss that one cell in five hundred exceeds: faint print is found as well as bold print.
fn letter_threshold(dark: &[u8]) -> u8 {
    let mut counts = [0usize; 256];
    dark.iter().for_each(|v| counts[usize::from(*v)] += 1);
    let mut above = 0;
    let level = (0..=255u8).rev().find(|v| {
        above += counts[usize::from(*v)];
        above * 500 >= dark.len()
    });
    (level.unwrap_or(0) / 2).clamp(LETTER.0, LETTER.1)
}

impl Lie {
    /// With as many digits as mean something.
    pub(super) fn rounded(self) -> Self {
        let skew = self.skew.map(|d| (d * 100.0).round() / 100.0 + 0.0);
        Self { skew, sure: (self.sure * 1000.0).round() / 1000.0, ..self }
    }
}

/// How a page is turned when it is painted: a matrix, never other pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Placed {
    /// Quarter turns anticlockwise.
    pub quarters: u8,
    /// Degrees anticlockwise beyond them.
    pub degrees: f64,
}

impl Placed {
    /// Turns back what is sure; `deskew` allows the small angle too.
    pub fn back(lie: &Lie, deskew: bool) -> Self {
        let quarters = if lie.sure >= SURE_TURN { lie.quarters % 4 } else { 0 };
        let degrees = lie.skew.filter(|d| deskew && d.abs() >= LEAST_SKEW).unwrap_or(0.0);
        Self { quarters, degrees }
    }

    /// A person who turned the page knows better which way is up.
    pub fn unless_turned(self, degrees: u16) -> Self {
        if degrees == 0 { self } else { Self { quarters: 0, ..self } }
    }

    /// Whether the page stays as it was scanned.
    pub fn is_none(&self) -> bool {
        self.quarters == 0 && self.degrees == 0.0
    }

    /// Size in points of the page as it is seen, of a scan of this size.
    pub fn size(&self, (width, height): (f64, f64)) -> (f64, f64) {
        if self.quarters % 2 == 1 { (height, width) } else { (width, height) }
    }

    /// The matrix (ISO 32000-1 8.3.3) that turns a scan of this size in points about its middle.
    pub fn matrix(&self, size: (f64, f64)) -> [f64; 6] {
        let to = self.size(size);
        let (small_sin, small_cos) = self.degrees.to_radians().sin_cos();
        // Quarters are exact, so that an upright page has whole numbers in its matrix.
        let (sin, cos) = [(0.0, 1.0), (1.0, 0.0), (0.0, -1.0), (-1.0, 0.0)][usize::from(self.quarters % 4)];
        let (sin, cos) = (sin * small_cos + cos * small_sin, cos * small_cos - sin * small_sin);
        let (cx, cy) = (size.0 / 2.0, size.1 / 2.0);
        [cos, sin, -sin, cos, to.0 / 2.0 - cx * cos + cy * sin, to.1 / 2.0 - cx * sin - cy * cos]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_go_where_a_turned_sheet_has_them() {
        let apply =
            |m: [f64; 6], (x, y): (f64, f64)| (m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]);
        let near = |a: (f64, f64), b: (f64, f64)| (a.0 - b.0).abs() + (a.1 - b.1).abs() < 1e-9;
        let size = (200.0, 300.0);
        let quarter = Placed { quarters: 1, degrees: 0.0 };
        assert_eq!(quarter.size(size), (300.0, 200.0));
        // Anticlockwise: the scan's upper right corner becomes the upper left one.
        assert!(near(apply(quarter.matrix(size), (200.0, 300.0)), (0.0, 200.0)));
        let half = Placed { quarters: 2, degrees: 0.0 };
        assert!(near(apply(half.matrix(size), (0.0, 0.0)), (200.0, 300.0)));
        let skew = Placed { quarters: 0, degrees: 2.0 };
        assert!(near(apply(skew.matrix(size), (100.0, 150.0)), (100.0, 150.0)));
        let right = apply(skew.matrix(size), (200.0, 150.0));
        assert!(right.1 > 153.0, "a line that fell to the right is lifted there: {right:?}");
    }

    #[test]
    fn a_turn_that_is_not_sure_is_not_made() {
        let lie = Lie { skew: Some(1.5), quarters: 2, sure: SURE_TURN - 0.01 };
        assert_eq!(Placed::back(&lie, true), Placed { quarters: 0, degrees: 1.5 });
        assert_eq!(
            Placed::back(&Lie { sure: SURE_TURN, ..lie }, false),
            Placed { quarters: 2, degrees: 0.0 }
        );
    }
}

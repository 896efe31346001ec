//! Places on a page: matrices and boxes (ISO 32000-1 8.3).

use super::file::File;
use super::value::{Dict, Value};
use crate::error::Result;

/// `[a b c d e f]` of ISO 32000-1 8.3.3: x' = a x + c y + e, y' = b x + d y + f.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Matrix(pub [f64; 6]);

impl Matrix {
    pub const IDENTITY: Matrix = Matrix([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// First `self`, then `next`.
    pub fn then(self, next: Matrix) -> Matrix {
        let [a, b, c, d, e, f] = self.0;
        let [p, q, r, s, t, u] = next.0;
        Matrix([
            a * p + b * r,
            a * q + b * s,
            c * p + d * r,
            c * q + d * s,
            e * p + f * r + t,
            e * q + f * s + u,
        ])
    }

    pub fn apply(self, (x, y): (f64, f64)) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }

    /// The way back; none when the matrix flattens everything.
    pub fn inverse(self) -> Option<Matrix> {
        let [a, b, c, d, e, f] = self.0;
        let det = a * d - b * c;
        (det.is_finite() && det.abs() > 1e-12).then(|| {
            let (a2, b2, c2, d2) = (d / det, -b / det, -c / det, a / det);
            Matrix([a2, b2, c2, d2, -(e * a2 + f * c2), -(e * b2 + f * d2)])
        })
    }

    /// Whether it maps upright rectangles to upright rectangles.
    pub fn is_upright(self) -> bool {
        let [a, b, c, d, ..] = self.0;
        let (straight, crossed) = (a.abs().max(d.abs()), b.abs().max(c.abs()));
        straight.min(crossed) <= straight.max(crossed) * 1e-3
    }

    pub fn read(value: &Value) -> Option<Matrix> {
        let items: Vec<f64> = value.array()?.iter().filter_map(Value::number).collect();
        Some(Matrix(items.try_into().ok()?))
    }
}

/// An upright box: left, bottom, right, top.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area(pub [f64; 4]);

impl Area {
    pub const EVERYTHING: Area = Area([f64::NEG_INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::INFINITY]);

    pub fn around(points: &[(f64, f64)]) -> Area {
        let least = |f: fn(&(f64, f64)) -> f64| points.iter().map(f).fold(f64::INFINITY, f64::min);
        let most = |f: fn(&(f64, f64)) -> f64| points.iter().map(f).fold(f64::NEG_INFINITY, f64::max);
        Area([least(|p| p.0), least(|p| p.1), most(|p| p.0), most(|p| p.1)])
    }

    /// Where the matrix takes it.
    pub fn moved(self, matrix: Matrix) -> Area {
        let [l, b, r, t] = self.0;
        Area::around(&[(l, b), (r, b), (l, t), (r, t)].map(|p| matrix.apply(p)))
    }

    pub fn inside(self, other: Area) -> Area {
        let ([a, b, c, d], [l, m, r, t]) = (self.0, other.0);
        Area([a.max(l), b.max(m), c.min(r), d.min(t)])
    }

    pub fn width(self) -> f64 {
        self.0[2] - self.0[0]
    }

    pub fn height(self) -> f64 {
        self.0[3] - self.0[1]
    }

    /// Whether it reaches at least as far as `other` on each side, but for `slack`.
    pub fn covers(self, other: Area, slack: f64) -> bool {
        let ([a, b, c, d], [l, m, r, t]) = (self.0, other.0);
        a <= l + slack && b <= m + slack && c >= r - slack && d >= t - slack
    }
}

/// A box of four numbers in any order of its corners, references followed.
pub(super) fn rectangle(file: &File, dict: &Dict, key: &str) -> Result<Option<Area>> {
    let object = file.get(dict, key)?;
    let mut numbers = Vec::with_capacity(4);
    for item in object.value.array().unwrap_or_default().iter().take(4) {
        numbers.extend(file.resolve(item)?.value.number());
    }
    let area = match numbers[..] {
        [a, b, c, d] => Area::around(&[(a, b), (c, d)]),
        _ => return Ok(None),
    };
    let sane = area.width() > 0.0 && area.height() > 0.0 && area.width().max(area.height()) < 1e6;
    Ok(sane.then_some(area))
}

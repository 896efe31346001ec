//! Dots per inch: as the file states them, or inferred from A4 when that is missing or absurd, and then said so.

use crate::document::{Finding, Severity};

use super::{Dpi, DpiOrigin, PageImage};

/// Below this no office scanner works; JFIF files without units often state 1 or 72.
const LEAST_DPI: f64 = 80.0;
/// Below this a number is no statement: 1 stands where a writer had to put something.
const LEAST_STATED: f64 = 10.0;
/// Above this no office scanner works.
const MOST_DPI: f64 = 2400.0;
/// Fax "standard" resolution has 204 x 98 dots per inch (ITU-T T.4), the most uneven one in use.
const MOST_UNEVEN: f64 = 2.2;
/// A4, ISO 216, in inches.
const A4_INCHES: (f64, f64) = (210.0 / 25.4, 297.0 / 25.4);
/// Decimals that survive rounding in metric formats (PNG states dots per metre).
const STEPS: f64 = 100.0;

/// The resolution of a page and, when it had to be inferred, the finding that says so.
pub(super) fn of(image: &PageImage, stated: Option<(f64, f64)>) -> (Dpi, Option<Finding>) {
    if let Some((x, y)) = stated.filter(|dpi| is_plausible(*dpi)) {
        return (Dpi { x: rounded(x), y: rounded(y), origin: DpiOrigin::File }, None);
    }
    let dpi = inferred(image);
    let finding = match stated.filter(|(x, y)| *x >= LEAST_STATED && *y >= LEAST_STATED) {
        Some(stated) => Finding::new("dpi_unlikely", None, Severity::Info).with("stated", worded(stated)),
        None => Finding::new("dpi_inferred", None, Severity::Info),
    };
    (dpi, Some(finding.with("dpi", dpi.x.round())))
}

/// `72`, or `72 x 300` where both directions differ.
fn worded((x, y): (f64, f64)) -> String {
    let (x, y) = (rounded(x), rounded(y));
    if x == y { x.to_string() } else { format!("{x} x {y}") }
}

fn is_plausible((x, y): (f64, f64)) -> bool {
    let in_range = |v: f64| (LEAST_DPI..=MOST_DPI).contains(&v);
    in_range(x) && in_range(y) && x / y <= MOST_UNEVEN && y / x <= MOST_UNEVEN
}

/// 299.9994 from a PNG is 300.
fn rounded(dpi: f64) -> f64 {
    let nearest = dpi.round();
    if (dpi - nearest).abs() < 0.05 { nearest } else { (dpi * STEPS).round() / STEPS }
}

/// The long side is 297 mm. Square pixels are assumed, so the other side need not be exactly 210 mm.
fn inferred(image: &PageImage) -> Dpi {
    let (long, _) = (image.width.max(image.height), image.width.min(image.height));
    let dpi = (f64::from(long) / A4_INCHES.1).round().max(1.0);
    Dpi { x: dpi, y: dpi, origin: DpiOrigin::InferredA4 }
}

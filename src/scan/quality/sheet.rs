//! The sheet as a whole: its size, its light, whether its text ends inside it.

use super::super::cleanup::{Part, Reduced, Sheet};

/// Sizes of paper in millimetres, portrait: ISO 216 A3 to A6, B5, Letter, Legal, Folio.
const PAPERS: [(&str, f64, f64); 8] = [
    ("A4", 210.0, 297.0),
    ("A5", 148.0, 210.0),
    ("A3", 297.0, 420.0),
    ("A6", 105.0, 148.0),
    ("B5", 176.0, 250.0),
    ("Letter", 215.9, 279.4),
    ("Legal", 215.9, 355.6),
    ("Folio", 215.9, 330.2),
];
/// How far in millimetres a scan may differ from its paper: scanners cut a little and add a little.
const TOLERANCE_MM: f64 = 6.5;
/// Height in millimetres of letters at the edge of the scan.
const LETTER_MM: (f64, f64) = (0.9, 7.0);
/// Letters at one edge that make a cut text; one or two may be dirt.
const CUT_LETTERS: usize = 4;

/// The paper that a scan of this size in millimetres shows at full scale.
pub(in super::super) fn paper(width: f64, height: f64) -> Option<&'static str> {
    let near = |a: f64, b: f64| (a - b).abs() <= TOLERANCE_MM;
    let fits = |(_, w, h): &&(&str, f64, f64)| {
        (near(width, *w) && near(height, *h)) || (near(width, *h) && near(height, *w))
    };
    PAPERS.iter().find(fits).map(|p| p.0)
}

/// At which edges text is cut off: left, top, right, bottom.
pub(in super::super) fn cut(sheet: &Sheet) -> [bool; 4] {
    let copy = &sheet.copy;
    let mut letters = [0usize; 4];
    for part in sheet.parts.list.iter().filter(|p| is_letter(copy, p)) {
        let at = [part.left == 0, part.top == 0, part.right == copy.width, part.bottom == copy.height];
        letters.iter_mut().zip(at).for_each(|(count, there)| *count += usize::from(there));
    }
    letters.map(|count| count >= CUT_LETTERS)
}

fn is_letter(copy: &Reduced, part: &Part) -> bool {
    let (wide, high) = (part.width() as f64 / copy.per_mm.0, part.height() as f64 / copy.per_mm.1);
    let size = |mm: f64| (LETTER_MM.0..=LETTER_MM.1).contains(&mm);
    size(wide.max(high)) && wide.min(high) >= 0.4 && part.strong * 3 >= part.area
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn papers_are_known_in_both_directions_and_shrunk_ones_are_not() {
        assert_eq!(paper(208.0, 300.0), Some("A4"));
        assert_eq!(paper(297.0, 210.0), Some("A4"));
        assert_eq!(paper(215.9, 330.0), Some("Folio"));
        assert_eq!(paper(168.0, 237.6), None);
    }
}

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
/// Least width and height in millimetres: what is left of a letter that was cut.
const THIN_MM: f64 = 0.4;
/// Letters at one edge that make a cut text: lines of print end on one side only, so a narrow column may show as few.
const CUT_LETTERS: usize = 2;
/// Distance in millimetres from the edge of the scan at which no printer prints.
const EDGE_MM: f64 = 0.8;
/// Distance in millimetres to the next letter of a line, or of the next line.
const NEIGHBOUR_MM: f64 = 2.5;
/// Black ink takes red light as it takes green; of a stamp at least one part in so many is the difference.
const RED_SHARE: u32 = 4;

/// The paper that a scan of this size in millimetres shows at full scale.
pub(in super::super) fn paper(width: f64, height: f64) -> Option<&'static str> {
    let near = |a: f64, b: f64| (a - b).abs() <= TOLERANCE_MM;
    let fits = |(_, w, h): &&(&str, f64, f64)| {
        (near(width, *w) && near(height, *h)) || (near(width, *h) && near(height, *w))
    };
    PAPERS.iter().find(fits).map(|p| p.0)
}

/// At which edges text is cut off: left, top, right, bottom. Printers leave 4 mm free, so letters that stand closer to the
/// edge of the scan than [`EDGE_MM`] are at an edge of the scan and not of the paper. What has no letter beside it is dirt,
/// and red is the ink of a stamp over the edge of several sheets (dấu giáp lai).
pub(in super::super) fn cut(sheet: &Sheet) -> [bool; 4] {
    let copy = &sheet.copy;
    let at_edges = |part: &Part| {
        let near = |cells: usize, per_mm: f64| cells as f64 <= EDGE_MM * per_mm;
        [
            near(part.left, copy.per_mm.0),
            near(part.top, copy.per_mm.1),
            near(copy.width - part.right, copy.per_mm.0),
            near(copy.height - part.bottom, copy.per_mm.1),
        ]
    };
    let letters: Vec<&Part> = sheet.parts.list.iter().filter(|p| is_letter(copy, p)).collect();
    let mut counts = [0usize; 4];
    for part in &letters {
        let at = at_edges(part);
        if at.contains(&true) && has_neighbour(copy, part, &letters) && !is_red(sheet, part) {
            counts.iter_mut().zip(at).for_each(|(count, there)| *count += usize::from(there));
        }
    }
    counts.map(|count| count >= CUT_LETTERS)
}

fn is_letter(copy: &Reduced, part: &Part) -> bool {
    let (wide, high) = (part.width() as f64 / copy.per_mm.0, part.height() as f64 / copy.per_mm.1);
    let size = |mm: f64| (LETTER_MM.0..=LETTER_MM.1).contains(&mm);
    size(wide.max(high)) && wide.min(high) >= THIN_MM && part.strong * 3 >= part.area
}

/// Whether another letter stands beside it, further inside.
fn has_neighbour(copy: &Reduced, part: &Part, letters: &[&Part]) -> bool {
    let gap = |a: (usize, usize), b: (usize, usize), per_mm: f64| {
        let cells = a.0.max(b.0).saturating_sub(a.1.min(b.1));
        cells as f64 / per_mm
    };
    letters.iter().any(|other| {
        let across = gap((part.left, part.right), (other.left, other.right), copy.per_mm.0);
        let down = gap((part.top, part.bottom), (other.top, other.bottom), copy.per_mm.1);
        other.index != part.index && across.max(down) <= NEIGHBOUR_MM
    })
}

/// Whether the part is of red ink: it takes much more green light than red.
fn is_red(sheet: &Sheet, part: &Part) -> bool {
    let inks = &sheet.inks;
    if !inks.has_colour() {
        return false;
    }
    let bits = sheet.parts.bitmap(part);
    let (mut red, mut dark) = (0u32, 0u32);
    for (row, y) in bits.chunks_exact(part.width().max(1)).zip(part.top..) {
        for (x, _) in row.iter().enumerate().filter(|(_, bit)| **bit == 1) {
            let at = y * inks.width + part.left + x;
            red += u32::from(inks.red[at]);
            dark += u32::from(inks.dark[at]);
        }
    }
    red * RED_SHARE >= dark
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

//! The text block of a visible signature: Decree 30/2020 Appendix I Part II I.3: page 1, top right, upright Times New Roman
//! 10 point, black; no picture, no box, no transparency, so the scan below is not hidden and the file stays PDF/A-2.

use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, Result, kinds};
use crate::pdf::append::Revision;
use crate::pdf::font::Subset;
use crate::pdf::read::PageBox;

/// Size of the text in points, Decree 30 App. I Part II I.3.c.
const SIZE: f32 = 10.0;
/// Distance of two base lines in points.
const LEADING: f32 = 12.0;
/// Height of the tallest Vietnamese capital (Ắ, Ễ) over the base line and depth under it, points at [`SIZE`].
const ASCENT: f32 = 10.5;
const DESCENT: f32 = 2.5;
/// Points in a millimetre.
const MM: f32 = 72.0 / 25.4;
/// Usual width of a block: the column of the reception mark stays readable beside it. One with a long name is wider.
const MAX_WIDTH: f32 = 65.0 * MM;
/// Narrowest block that is still legible.
const MIN_WIDTH: f32 = 20.0 * MM;
/// Distance from the right edge of the visible page.
const MARGIN: f32 = 8.0 * MM;
/// What Decree 30 App. I Part I I.2 leaves free on paper above the national motto.
const HEAD: f32 = 20.0 * MM;
/// Distance from its top edge: three lines end above [`HEAD`]; with a fourth one it is less.
const TOP_MARGIN: f32 = 4.0 * MM;
const MIN_TOP_MARGIN: f32 = 2.5 * MM;
/// By how much a block grows at a time until it ends above [`HEAD`].
const WIDER: f32 = 5.0 * MM;

/// Writes font and form XObject for `lines` and gives the widget's rectangle (default user space) and the form's number.
///
/// # Errors
/// [`kinds::PAGE_TOO_SMALL`]; an error of the font when it lacks a character.
pub fn block(revision: &mut Revision, page: &PageBox, lines: &[String]) -> Result<([f32; 4], u32)> {
    let lines: Vec<String> = lines.iter().map(|line| tidy(line)).collect();
    let texts: Vec<&str> = lines.iter().map(String::as_str).collect();
    let font = Subset::new(&texts).map_err(|error| of_line(error, &lines))?;
    let (page_width, page_height) = page.size();
    let widest = page_width - 2.0 * MARGIN;
    if widest < MIN_WIDTH {
        return Err(kinds::PAGE_TOO_SMALL.error());
    }
    let lines = fitted(&font, &lines, widest);
    let width = lines.iter().map(|line| font.width(line, SIZE)).fold(0.0, f32::max).ceil();
    let height = height(&lines);
    if height > page_height - 2.0 * TOP_MARGIN {
        return Err(kinds::PAGE_TOO_SMALL.error());
    }
    let resources = format!("/Font<</F {} 0 R>>", put_font(revision, &font)?);
    let form = revision.allocate()?;
    let (matrix, rectangle) = place(page, width, height);
    revision.put(form, &form_body(&content(&font, &lines, height), &resources, matrix, width, height))?;
    Ok((rectangle, form))
}

/// Says in which line the character stands that the font does not have, because it is not corrected where a scan's text is.
fn of_line(error: Error, lines: &[String]) -> Error {
    let line = lines.iter().find(|line| Subset::new(&[line]).is_err());
    match line.filter(|_| error.code() == kinds::GLYPH_MISSING.code) {
        Some(line) => error.with("where", "signature").with("line", line),
        None => error,
    }
}

/// The lines broken so that the block ends above the head of the page: as narrow as that allows, and as wide as the page where
/// nothing else helps.
fn fitted(font: &Subset, lines: &[String], widest: f32) -> Vec<String> {
    let mut room = MAX_WIDTH.min(widest);
    loop {
        let broken = wrap(font, lines, room);
        if room >= widest || height(&broken) <= HEAD - TOP_MARGIN {
            return broken;
        }
        room = (room + WIDER).min(widest);
    }
}

/// Height of a block of so many lines, points.
fn height(lines: &[String]) -> f32 {
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    ASCENT + DESCENT + LEADING * (f32::from(rows) - 1.0).max(0.0)
}

/// Distance of a block from the upper edge: with a line more than usual, which the widest one may have, it is less.
fn top(height: f32) -> f32 {
    (HEAD - height).clamp(MIN_TOP_MARGIN, TOP_MARGIN)
}

/// Composed, because one code point is one glyph only then, and with plain spaces, because the font has no glyph for tabs.
fn tidy(line: &str) -> String {
    let composed: String = line.nfc().collect();
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn put_font(revision: &mut Revision, font: &Subset) -> Result<u32> {
    let first = revision.allocate()?;
    for (index, (number, body)) in font.objects(first).into_iter().enumerate() {
        if index > 0 && revision.allocate()? != number {
            return Err(kinds::INTERNAL.with("cause", "font objects are not numbered one after the other"));
        }
        revision.put(number, &body)?;
    }
    Ok(first)
}

/// A form XObject (8.10); `resources` are the entries of its resource dictionary.
pub(super) fn form_body(
    content: &[u8],
    resources: &str,
    matrix: [f32; 6],
    width: f32,
    height: f32,
) -> Vec<u8> {
    let [a, b, c, d, e, f] = matrix;
    let matrix =
        if page_is_upright(matrix) { String::new() } else { format!("/Matrix[{a} {b} {c} {d} {e} {f}]") };
    let head = format!(
        "<</Type/XObject/Subtype/Form/BBox[0 0 {width} {height}]{matrix}\
         /Resources<<{resources}>>/Length {}>>stream\n",
        content.len()
    );
    [head.as_bytes(), content, b"\nendstream"].concat()
}

fn page_is_upright(matrix: [f32; 6]) -> bool {
    matrix.iter().zip([1.0_f32, 0.0, 0.0, 1.0, 0.0, 0.0]).all(|(a, b)| (a - b).abs() < f32::EPSILON)
}

/// Text-showing operators, first line at the top; glyph codes as hex so that no byte needs an escape.
fn content(font: &Subset, lines: &[String], height: f32) -> Vec<u8> {
    let mut out = format!("q BT 0 g /F {SIZE} Tf {LEADING} TL 0 {} Td", height - ASCENT).into_bytes();
    for (index, line) in lines.iter().enumerate() {
        let operator = if index == 0 { "Tj" } else { "'" };
        out.extend_from_slice(
            format!(" <{}> {operator}", crate::document::hex(&font.encode(line))).as_bytes(),
        );
    }
    out.extend_from_slice(b" ET Q");
    out
}

/// The top right corner of the page.
fn place(page: &PageBox, width: f32, height: f32) -> ([f32; 6], [f32; 4]) {
    placed(page, page.size().0 - MARGIN - width, top(height), width, height)
}

/// Matrix of a form and rectangle of its widget so that it stands upright with its upper left corner at `left` and `top` of the
/// page as it is displayed. The page is turned clockwise for display, so the form is turned the other way.
pub(super) fn placed(page: &PageBox, left: f32, top: f32, width: f32, height: f32) -> ([f32; 6], [f32; 4]) {
    let [west, south, east, north] = page.area.map(|edge| edge * page.unit);
    let (matrix, rectangle) = match page.rotate {
        90 => ([0.0, 1.0, -1.0, 0.0, height, 0.0], corner(west + top, south + left, height, width)),
        180 => {
            ([-1.0, 0.0, 0.0, -1.0, width, height], corner(east - left - width, south + top, width, height))
        }
        270 => (
            [0.0, -1.0, 1.0, 0.0, 0.0, width],
            corner(east - top - height, north - left - width, height, width),
        ),
        _ => ([1.0, 0.0, 0.0, 1.0, 0.0, 0.0], corner(west + left, north - top - height, width, height)),
    };
    // The form is fitted into its rectangle (12.5.5), so only that is in units of the page.
    (matrix, rectangle.map(|edge| edge / page.unit))
}

fn corner(left: f32, bottom: f32, width: f32, height: f32) -> [f32; 4] {
    [left, bottom, left + width, bottom + height]
}

/// Breaks lines at spaces so that none is wider than `room`; a word that is wider by itself is broken anywhere.
fn wrap(font: &Subset, lines: &[String], room: f32) -> Vec<String> {
    let mut out = Vec::new();
    for line in lines {
        let mut current = String::new();
        for word in line.split(' ') {
            let longer = if current.is_empty() { word.to_owned() } else { format!("{current} {word}") };
            if font.width(&longer, SIZE) <= room {
                current = longer;
                continue;
            }
            if !current.is_empty() {
                out.push(std::mem::take(&mut current));
            }
            current = break_word(font, word, room, &mut out);
        }
        out.push(current);
    }
    out
}

/// Moves full pieces of `word` to `out` and gives the rest.
fn break_word(font: &Subset, word: &str, room: f32, out: &mut Vec<String>) -> String {
    let mut piece = String::new();
    for letter in word.chars() {
        piece.push(letter);
        if font.width(&piece, SIZE) > room && piece.chars().count() > 1 {
            piece.pop();
            out.push(std::mem::replace(&mut piece, letter.to_string()));
        }
    }
    piece
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where a point of the form lands on the page as displayed, measured from its left and top edge.
    fn displayed(page: &PageBox, point: (f32, f32), size: (f32, f32)) -> (f32, f32) {
        let ([a, b, c, d, e, f], rectangle) = place(page, size.0, size.1);
        // The matrix puts the box at the origin (ISO 32000-1 12.5.5 algorithm 8.1); the rectangle moves it.
        let x = rectangle[0] + a * point.0 + c * point.1 + e;
        let y = rectangle[1] + b * point.0 + d * point.1 + f;
        let (x, y) = page.displayed(f64::from(x), f64::from(y));
        (x as f32, y as f32)
    }

    #[test]
    fn the_block_is_upright_in_the_top_right_corner_however_the_page_is_turned() {
        for rotate in [0, 90, 180, 270] {
            let page = PageBox { id: (3, 0), area: [50.0, 100.0, 500.0, 800.0], rotate, unit: 1.0 };
            let width = if rotate % 180 == 0 { 450.0 } else { 700.0 };
            let near = |point, x: f32, y: f32| {
                let is = displayed(&page, point, (120.0, 40.0));
                assert!((is.0 - x).abs() < 0.01 && (is.1 - y).abs() < 0.01, "{rotate}: {is:?}, not {x} {y}");
            };
            near((0.0, 0.0), width - MARGIN - 120.0, TOP_MARGIN + 40.0);
            near((120.0, 0.0), width - MARGIN, TOP_MARGIN + 40.0);
            near((0.0, 40.0), width - MARGIN - 120.0, TOP_MARGIN);
        }
    }
}

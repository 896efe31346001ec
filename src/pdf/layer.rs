//! The text layer of a page: invisible words (text rendering mode 3) over their places on the scan, for search and copy.

use std::io::Write;

use crate::compress::PageLayers;
use crate::ocr::{Line, PageText};

use super::font::blank::{ADVANCE, Blank};
use super::write::real;

/// Name of the font in the page's resources.
pub(super) const FONT: &str = "F1";
/// Narrowest and widest scale of letters in percent; what Tesseract says beyond that is no word.
const SCALES: std::ops::RangeInclusive<f32> = 1.0..=5_000.0;
/// Largest size of letters in pixels.
const MAX_SIZE: f32 = 20_000.0;

/// Operators that show the words, in pixels of the scan so that most numbers are short; empty without words.
pub(super) fn words(text: &PageText, page: &PageLayers, font: &mut Blank) -> Vec<u8> {
    if text.lines.is_empty() {
        return Vec::new();
    }
    let (kx, ky) = (real(72.0 / page.dpi.x), real(72.0 / page.dpi.y));
    let mut out = format!("q {kx} 0 0 {ky} 0 0 cm BT 3 Tr\n").into_bytes();
    for line in &text.lines {
        self::line(&mut out, line, page.height as f32, font);
    }
    out.extend(b"ET Q\n");
    out
}

/// A line: its direction once, then each word behind the one before it, scaled to its length, and the space between.
fn line(out: &mut Vec<u8>, line: &Line, height: f32, font: &mut Blank) {
    let Some(first) = line.words.first() else { return };
    let size = line.size.round().clamp(1.0, MAX_SIZE);
    let (sin, cos) = line.angle.sin_cos();
    let (a, b, c) = (real(cos.into()), real((-sin).into()), real(sin.into()));
    let (x, y) = (real(first.at[0].round().into()), real((height - first.at[1]).round().into()));
    // Writing into memory does not fail.
    let _ = writeln!(out, "/{FONT} {size} Tf {a} {b} {c} {a} {x} {y} Tm");
    let along = |at: [f32; 2]| (at[0] - first.at[0]) * cos + (at[1] - first.at[1]) * sin;
    let advance = size * f32::from(ADVANCE) / 1000.0;
    let mut before = 0.0;
    for (index, word) in line.words.iter().enumerate() {
        let begin = along(word.at).round();
        if index > 0 {
            let _ = write!(out, "{} 0 Td ", begin - before);
        }
        before = begin;
        show(out, &word.text, word.length, advance, font);
        if let Some(next) = line.words.get(index + 1) {
            show(out, " ", along(next.at) - begin - word.length, advance, font);
        }
    }
}

/// Shows letters over a length.
fn show(out: &mut Vec<u8>, text: &str, length: f32, advance: f32, font: &mut Blank) {
    let natural = advance * text.chars().count() as f32;
    let scale = (length / natural * 100.0).round();
    let scale = if scale.is_finite() { scale.clamp(*SCALES.start(), *SCALES.end()) } else { 100.0 };
    let _ = write!(out, "{scale} Tz(");
    out.extend(font.encode(text));
    out.extend(b")Tj ");
}

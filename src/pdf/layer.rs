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
/// A slanting line is kept together by readers (poppler) while it rises or falls by less than half the size of its letters;
/// a steeper one is levelled to this share, as long as it is not further from its place than about a third of a letter.
const KEPT_TOGETHER: f32 = 0.4;
const LEVELLED: f32 = 1.2;
/// Radians; lines that run in another direction altogether stay as they are.
const SMALL_ANGLE: f32 = 0.1;
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

/// Where a line begins and where it runs.
struct Course {
    start: [f32; 2],
    angle: f32,
}

/// The course of a line, levelled where it has to be: its middle stays in place.
fn course(line: &Line, size: f32) -> Option<Course> {
    let (first, last) = (line.words.first()?, line.words.last()?);
    let (sin, cos) = line.angle.sin_cos();
    let length = (last.at[0] - first.at[0]) * cos + (last.at[1] - first.at[1]) * sin + last.length;
    let rise = (length * sin).abs() / size;
    if line.angle.abs() > SMALL_ANGLE || !(KEPT_TOGETHER..=LEVELLED).contains(&rise) {
        return Some(Course { start: first.at, angle: line.angle });
    }
    let angle = (KEPT_TOGETHER * size / length).asin().copysign(line.angle);
    let half = length / 2.0;
    let start = [first.at[0] + half * (cos - angle.cos()), first.at[1] + half * (sin - angle.sin())];
    Some(Course { start, angle })
}

/// A line: its direction once, then each word behind the one before it, scaled to its length, and the space between.
fn line(out: &mut Vec<u8>, line: &Line, height: f32, font: &mut Blank) {
    let size = line.size.round().clamp(1.0, MAX_SIZE);
    let (Some(first), Some(Course { start, angle })) = (line.words.first(), course(line, size)) else {
        return;
    };
    let (sin, cos) = angle.sin_cos();
    let (a, b, c) = (real(cos.into()), real((-sin).into()), real(sin.into()));
    let (x, y) = (real(start[0].round().into()), real((height - start[1]).round().into()));
    // Writing into memory does not fail.
    let _ = writeln!(out, "/{FONT} {size} Tf {a} {b} {c} {a} {x} {y} Tm");
    let (sin, cos) = line.angle.sin_cos();
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

//! Cover sheets found by their QR codes, and sheets that are empty: what splits a stack. Both are looked for on a small
//! picture of the page, made while the page is decoded anyway.
//!
//! A code is believed only when its text is a sheet's code with a right check character (see [`crate::kit`]); other QR codes
//! on documents are none of our business.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::{Deserialize, Serialize};

use crate::kit::SheetCode;

use super::{PageImage, Pixels};

/// Longest side of the small picture in pixels: 77 dpi of A4, where a module of the large code is 7 pixels wide. A second
/// look takes twice as many.
const SIDES: [usize; 2] = [900, 1_800];
/// Most codes that are tried on one picture (our limit): a page full of squares must not take long.
const MAX_CODES: usize = 24;
/// Part of each side that may hold shadows and holes, and says nothing about emptiness.
const EDGE: f32 = 0.04;
/// How much darker than the paper ink is, of 255; show-through stays below.
const INK: u8 = 60;
/// Side of the tiles that are judged one by one, in pixels of the small picture: 5 mm.
const TILE: usize = 16;
/// Dark pixels of a tile that make it written on: a full stop has fewer, a digit more.
const WRITTEN: usize = 8;
/// Share of dark pixels in the whole that no empty sheet has, in parts of 100,000: dust.
const DUST: usize = 50;

/// What a page is besides a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// A cover sheet.
    Sheet(SheetCode),
    /// Nothing is written on it. Strict: a page with a single digit is not empty.
    Empty,
}

/// What splits a stack here, if anything.
pub(super) fn mark(image: &PageImage) -> Option<Mark> {
    let small = Small::of(image, SIDES[0]);
    if let Some(code) = sheet(image, &small) {
        return Some(Mark::Sheet(code));
    }
    small.is_empty().then_some(Mark::Empty)
}

/// The sheet of the page. Looks closer when there are corners of a code that cannot be read.
fn sheet(image: &PageImage, small: &Small) -> Option<SheetCode> {
    match small.codes() {
        Codes::Sheet(code) => Some(code),
        Codes::None => None,
        Codes::Unread => match Small::of(image, SIDES[1]).codes() {
            Codes::Sheet(code) => Some(code),
            _ => None,
        },
    }
}

enum Codes {
    None,
    /// There are codes, and none is a sheet's.
    Unread,
    Sheet(SheetCode),
}

/// A page in few grey pixels.
struct Small {
    width: usize,
    height: usize,
    grey: Vec<u8>,
}

impl Small {
    /// Averages squares of pixels, so that the longest side is at most `side`.
    fn of(image: &PageImage, side: usize) -> Self {
        let (width, height) = (image.width as usize, image.height as usize);
        let step = width.max(height).div_ceil(side).max(1);
        let (columns, rows) = ((width / step).max(1), (height / step).max(1));
        let mut grey = Vec::with_capacity(columns * rows);
        let mut sums = vec![0u32; columns];
        for row in 0..rows {
            sums.fill(0);
            let mut lines = 0u32;
            for y in row * step..((row + 1) * step).min(height) {
                lines += 1;
                add_line(image, y, step, &mut sums);
            }
            let count = (lines * u32::try_from(step.min(width)).unwrap_or(1)).max(1);
            grey.extend(sums.iter().map(|sum| u8::try_from(sum / count).unwrap_or(u8::MAX)));
        }
        Self { width: columns, height: rows, grey }
    }

    /// What QR codes say here. The decoder is asked for nothing but bits; should it ever stumble over a hostile picture,
    /// there is no sheet on it.
    fn codes(&self) -> Codes {
        catch_unwind(AssertUnwindSafe(|| self.read())).unwrap_or(Codes::None)
    }

    fn read(&self) -> Codes {
        let at = |x: usize, y: usize| self.grey.get(y * self.width + x).copied().unwrap_or(255);
        let mut picture = rqrr::PreparedImage::prepare_from_greyscale(self.width, self.height, at);
        let grids = picture.detect_grids();
        let any = !grids.is_empty();
        let texts = grids.iter().take(MAX_CODES).filter_map(|grid| grid.decode().ok());
        match texts.filter_map(|(_, text)| SheetCode::from_qr(&text)).next() {
            Some(code) => Codes::Sheet(code),
            None if any => Codes::Unread,
            None => Codes::None,
        }
    }

    /// Whether nothing is written here: no tile with strokes, and hardly a speck in all.
    fn is_empty(&self) -> bool {
        let Some(limit) = self.paper().checked_sub(INK) else { return false };
        let (left, top) = ((self.width as f32 * EDGE) as usize, (self.height as f32 * EDGE) as usize);
        let (right, low) = (self.width - left, self.height - top);
        let (mut dark, mut all) = (0, 0);
        for y in (top..low).step_by(TILE) {
            for x in (left..right).step_by(TILE) {
                let tile = self.dark((x, y), (right, low), limit);
                if tile >= WRITTEN {
                    return false;
                }
                dark += tile;
                all += TILE * TILE;
            }
        }
        dark * 100_000 <= all * DUST
    }

    /// Dark pixels of the tile at a place.
    fn dark(&self, (left, top): (usize, usize), (right, low): (usize, usize), limit: u8) -> usize {
        let rows = top..(top + TILE).min(low);
        let row = |y: usize| self.grey.get(y * self.width + left..y * self.width + (left + TILE).min(right));
        rows.filter_map(row).flatten().filter(|v| **v < limit).count()
    }

    /// The grey of most of the page.
    fn paper(&self) -> u8 {
        let mut counts = [0usize; 256];
        self.grey.iter().for_each(|v| counts[usize::from(*v)] += 1);
        let mut seen = 0;
        let middle = |(_, count): &(usize, usize)| {
            seen += count;
            seen * 2 >= self.grey.len()
        };
        counts.into_iter().enumerate().find(middle).and_then(|(v, _)| u8::try_from(v).ok()).unwrap_or(255)
    }
}

/// Adds one line of the picture to sums of `step` pixels each.
fn add_line(image: &PageImage, y: usize, step: usize, sums: &mut [u32]) {
    let width = image.width as usize;
    match &image.pixels {
        Pixels::Grey(samples) => {
            let line = samples.get(y * width..(y + 1) * width).unwrap_or_default();
            for (sum, part) in sums.iter_mut().zip(line.chunks(step)) {
                *sum += part.iter().map(|v| u32::from(*v)).sum::<u32>();
            }
        }
        Pixels::Rgb(samples) => {
            let line = samples.get(y * width * 3..(y + 1) * width * 3).unwrap_or_default();
            for (sum, part) in sums.iter_mut().zip(line.chunks(step * 3)) {
                // Weights of ITU-R BT.601 in 256ths.
                let grey = |p: &[u8]| match p {
                    [r, g, b] => (77 * u32::from(*r) + 150 * u32::from(*g) + 29 * u32::from(*b)) >> 8,
                    _ => 255,
                };
                *sum += part.chunks_exact(3).map(grey).sum::<u32>();
            }
        }
        Pixels::Bilevel(bits) => {
            let bytes = width.div_ceil(8);
            let line = bits.get(y * bytes..(y + 1) * bytes).unwrap_or_default();
            let white = |x: usize| match line.get(x / 8).is_some_and(|b| b >> (7 - x % 8) & 1 == 1) {
                true => 0,
                false => 255,
            };
            for (column, sum) in sums.iter_mut().enumerate() {
                *sum += (column * step..((column + 1) * step).min(width)).map(white).sum::<u32>();
            }
        }
    }
}

#[cfg(test)]
mod tests;

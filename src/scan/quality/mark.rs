//! Framed red words (Decree 30/2020 App. I; Circular 24/2020/TT-BCA): is it MẬT, TỐI MẬT, TUYỆT MẬT, or KHẨN and its kin?
//!
//! Nothing is read. All secret marks end in ẬT: the last letter but one has a dot below it. No urgent mark does. A mark that
//! was stamped over print, so that the place of the dot cannot be seen, counts as secret.

use std::ops::Range;

use super::super::cleanup::{Inks, Part, Parts, Reduced};
use super::super::{PageImage, Pixels};
use super::shape;

/// Redness, of 255, of the frame; its pieces may be so many cells apart, where print crosses it.
const RED: u8 = 24;
const GAP: usize = 2;
/// Share of the redness of the letters from which a pixel belongs to one, and the least redness.
const LETTER: (f64, u8) = (0.35, 14);
/// Redness of paper, of 255, and the least ink of a dot in squares of a capital's height; a whole one has 0.031.
const NOISE: u8 = 8;
const LEAST_DOT: f64 = 0.009;
/// Distance in heights of a capital from the dot to the end of the word: ẬT is 1.55 behind the middle of its first letter.
const DOT_TO_END: (f64, f64) = (1.15, 1.95);
/// Red light, in parts of a hundred of the paper's, below which print lies over the mark, and the share of the place of the
/// dot that print may cover: behind more of it nobody can see whether there is one.
const PRINT: u32 = 55;
const COVERED: f64 = 0.20;
/// Width and height of the frames in millimetres: 18 to 40 by 8, as drawn and as worn.
const WIDTH_MM: (f64, f64) = (15.0, 50.0);
const HEIGHT_MM: (f64, f64) = (6.5, 14.0);
/// Share of the columns in which the upper and the lower line of the frame are there.
const LINE: f64 = 0.66;
/// Share of the frame's height that its lines, their slant and a gap take on each side.
const RIM: f64 = 0.13;

/// What was found in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Mark {
    /// It ends as the secret marks do.
    Secret,
    /// It does not.
    Other,
}

/// The most secret framed word of the page.
pub(in super::super) fn find(image: &PageImage, copy: &Reduced, inks: &Inks) -> Option<Mark> {
    let Pixels::Rgb(samples) = &image.pixels else { return None };
    if !inks.red.iter().any(|red| *red >= RED) {
        return None;
    }
    let joined = shape::widened(&inks.red, inks.width.max(1), GAP);
    let parts = Parts::of(&joined, inks.width.max(1), RED, RED);
    let frames = parts.list.iter().filter(|part| is_frame(copy, &parts, part));
    let marks: Vec<Mark> = frames.map(|part| read(samples, image.width as usize, copy, part)).collect();
    if marks.contains(&Mark::Secret) { Some(Mark::Secret) } else { marks.first().copied() }
}

/// A level box of the right size with lines above and below.
fn is_frame(copy: &Reduced, parts: &Parts, part: &Part) -> bool {
    let (wide, high) = (part.width() as f64 / copy.per_mm.0, part.height() as f64 / copy.per_mm.1);
    let size = (WIDTH_MM.0..=WIDTH_MM.1).contains(&wide) && (HEIGHT_MM.0..=HEIGHT_MM.1).contains(&high);
    if !size || wide < 1.5 * high {
        return false;
    }
    let (bits, width, height) = (parts.bitmap(part), part.width(), part.height());
    let band = (height * 3 / 10).max(2);
    let column = |x: usize, rows: std::ops::Range<usize>| rows.into_iter().any(|y| bits[y * width + x] == 1);
    let upper = (0..width).filter(|x| column(*x, 0..band)).count();
    let lower = (0..width).filter(|x| column(*x, height - band..height)).count();
    let enough = |count: usize| count as f64 >= LINE * width as f64;
    let side = |columns: std::ops::Range<usize>| {
        (0..height).filter(|y| columns.clone().any(|x| bits[y * width + x] == 1)).count() as f64
            >= 0.5 * height as f64
    };
    let rim = (width / 12).max(2);
    enough(upper) && enough(lower) && side(0..rim) && side(width - rim..width)
}

/// A grey picture of redness, levelled.
struct Word {
    width: usize,
    height: usize,
    red: Vec<u8>,
    /// 1 where black print lies over the mark.
    print: Vec<u8>,
    /// Redness of a full stroke, and the least that is part of one.
    strong: u8,
    least: u8,
}

fn read(samples: &[u8], stride: usize, copy: &Reduced, part: &Part) -> Mark {
    let (fx, fy) = copy.factor;
    let (left, top) = (part.left * fx, part.top * fy);
    let (width, height) = (part.width() * fx, part.height() * fy);
    let pixel = |i: usize| &samples[((top + i / width) * stride + left + i % width) * 3..][..3];
    let red: Vec<u8> = (0..width * height).map(|i| pixel(i)[0].saturating_sub(pixel(i)[1])).collect();
    let lightest = (0..width * height).map(|i| pixel(i)[0]).max().unwrap_or(255);
    let covers = |light: u8| u32::from(light) * 100 < u32::from(lightest) * PRINT;
    let print = (0..width * height).map(|i| u8::from(covers(pixel(i)[0]))).collect();
    let mut sorted = red.clone();
    sorted.sort_unstable();
    let strong = sorted.get(sorted.len() * 9 / 10).copied().unwrap_or(0);
    let least = ((f64::from(strong) * LETTER.0) as u8).max(LETTER.1);
    let word = Word { width, height, red, print, strong, least }.levelled().inside();
    if word.may_end_in_dotted_letter() { Mark::Secret } else { Mark::Other }
}

impl Word {
    fn is_red(&self, x: usize, y: usize) -> bool {
        self.red[y * self.width + x] >= self.least
    }

    /// The frame's upper line, followed from column to column, tells the slant; columns are moved so that it is level.
    fn levelled(self) -> Self {
        let first = |x: usize| (0..self.height / 2).find(|y| self.is_red(x, *y));
        let thirds = [self.width / 8..self.width / 3, self.width * 2 / 3..self.width * 7 / 8];
        let ends = thirds.map(|columns| {
            let mut rows: Vec<usize> = columns.filter_map(first).collect();
            rows.sort_unstable();
            rows.get(rows.len() / 2).map(|y| *y as f64)
        });
        let [Some(a), Some(b)] = ends else { return self };
        let run = (self.width * 2 / 3 + self.width * 7 / 8) as f64 / 2.0
            - (self.width / 8 + self.width / 3) as f64 / 2.0;
        let slope = (b - a) / run.max(1.0);
        let middle = self.width as f64 / 2.0;
        let moved = |i: usize| {
            let (x, y) = (i % self.width, i / self.width);
            let from = y as f64 + (x as f64 - middle) * slope;
            let row = from.round();
            (row >= 0.0 && row < self.height as f64).then(|| row as usize * self.width + x)
        };
        let plane = |plane: &[u8]| (0..plane.len()).map(|i| moved(i).map_or(0, |at| plane[at])).collect();
        let (red, print) = (plane(&self.red), plane(&self.print));
        Self { red, print, ..self }
    }

    /// Without the frame: what lies between the lines.
    fn inside(self) -> Self {
        let row = |y: usize| (0..self.width).filter(|x| self.is_red(*x, y)).count() * 10 >= self.width * 6;
        let column =
            |x: usize| (0..self.height).filter(|y| self.is_red(x, *y)).count() * 10 >= self.height * 6;
        let (h, w) = (self.height, self.width);
        let reach = (h as f64 * RIM * 2.0) as usize;
        let last = |found: Option<usize>| found.map_or((h as f64 * RIM) as usize, |at| at + 2);
        let top = last((0..reach).rev().find(|y| row(*y)));
        let bottom = h - last((0..reach).rev().find(|y| row(h - 1 - *y)));
        let left = last((0..reach).rev().find(|x| column(*x)));
        let right = w - last((0..reach).rev().find(|x| column(w - 1 - *x)));
        if bottom <= top + 4 || right <= left + 4 {
            return Self { width: 0, height: 0, red: Vec::new(), print: Vec::new(), ..self };
        }
        let within = |plane: &[u8]| {
            let rows = plane.chunks_exact(w).take(bottom).skip(top);
            rows.flat_map(|row| row[left..right].to_vec()).collect()
        };
        let (red, print) = (within(&self.red), within(&self.print));
        Self { width: right - left, height: bottom - top, red, print, ..self }
    }

    /// Whether a dot stands below the foot of the letters, one letter before the end of the word, or print covers the place
    /// where it would be: a question too many is better than a secret in the store.
    fn may_end_in_dotted_letter(&self) -> bool {
        let found = self.letter_band().and_then(|(top, foot)| Some((top, foot, self.end(top, foot)?)));
        let Some((top, foot, end)) = found else { return self.is_covered(0..self.width, 0..self.height) };
        let cap = (foot - top) as f64;
        let below = foot + (cap / 10.0) as usize..(foot + (cap * 0.5) as usize).min(self.height);
        let ink = |x: usize, y: usize| f64::from(self.red[y * self.width + x].saturating_sub(NOISE));
        let column = |x: usize| below.clone().map(|y| ink(x, y)).sum::<f64>() / f64::from(self.strong.max(1));
        let side = (cap / 5.0) as usize + 1;
        let first = (end as f64 - DOT_TO_END.1 * cap).max(0.0) as usize;
        let last = (end as f64 - DOT_TO_END.0 * cap).max(0.0) as usize;
        let most = (first..last)
            .map(|x| (x..(x + side).min(self.width)).map(column).sum::<f64>())
            .fold(0.0, f64::max);
        most >= LEAST_DOT * cap * cap || self.is_covered(first..(last + side).min(self.width), below)
    }

    /// Whether print hides what is there.
    fn is_covered(&self, columns: Range<usize>, rows: Range<usize>) -> bool {
        let area = columns.len() * rows.len();
        let row = |y: usize| &self.print[y * self.width..][columns.clone()];
        let covered: usize = rows.map(|y| row(y).iter().filter(|v| **v == 1).count()).sum();
        covered as f64 >= COVERED * area as f64 && area > 0
    }

    /// The last column that letters reach; beside the frame there is paper, and what is left of the frame is no letter.
    fn end(&self, top: usize, foot: usize) -> Option<usize> {
        let filled = |x: &usize| (top..foot).filter(|y| self.is_red(*x, *y)).count() * 8 >= foot - top;
        (0..self.width - self.width.min((foot - top) * 2 / 5)).rev().find(filled)
    }

    /// Rows of the capitals without their marks: from the first to the last row that holds two fifths of the fullest one.
    fn letter_band(&self) -> Option<(usize, usize)> {
        let counts: Vec<usize> =
            (0..self.height).map(|y| (0..self.width).filter(|x| self.is_red(*x, y)).count()).collect();
        let mut sorted = counts.clone();
        sorted.sort_unstable();
        let full = *sorted.get(sorted.len() * 9 / 10)?;
        let high = |y: &usize| counts[*y] * 5 >= full * 2;
        let (top, bottom) = ((0..self.height).find(high)?, (0..self.height).rev().find(high)? + 1);
        (full > 0 && bottom - top >= 8).then_some((top, bottom))
    }
}

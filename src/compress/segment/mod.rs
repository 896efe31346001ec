//! What on a page is paper, what is black text, what is coloured ink.
//!
//! Every pixel is compared with the paper around it: the fraction of light that each channel has lost. Black ink takes the
//! same from all three; red and blue ink leave one channel bright. So text under a stamp stays text (even its brightest
//! channel is dark), and a solid stamp never becomes text.

use super::raster::{Bits, Rgb};

mod classify;
mod paper;
mod picture;
mod tone;

use classify::{Classes, INK_CHROMA, is_print};
use paper::Paper;
use tone::Tone;

/// Resolution at which a unit is one pixel: all lengths grow with the resolution of the scan.
const UNIT_DPI: f64 = 75.0;
/// Coloured pixels that must stand in 5 x 5 for a speck to be ink.
const INK_NEIGHBOURS: u32 = 6;
/// Radius of the square in which colour and text are weighed against each other.
const WEIGHING_PX: usize = 5;
/// Width of the soft edge of print.
const PRINT_EDGE_PX: usize = 2;

/// Side of the squares in which islands are counted, in pixels: a byte of a mask.
const ISLAND: usize = 8;
/// Side of the dot of a pen with its margin, and the resolution at which it has this many pixels; and the largest number of
/// pixels that is asked for.
const DOT_PX: f64 = 10.0;
const DOT_DPI: f64 = 300.0;
const MAX_DOT: f64 = 300.0;

/// Fewest pixels of pale text that have a colour of their own, and that one in so many pixels must be.
const MIN_PALE: usize = 600;
const MIN_PALE_SHARE: usize = 1_000;

/// Square inches of ink from which writing of one colour is much, and how far its pixels may lie across their mean colour,
/// in percent of its strength.
const MUCH_WRITING: f64 = 1.6;
const MAX_ACROSS: i64 = 25;
/// Half the width of a stroke of writing at most, in pixels; what is wider is a fill.
const WRITING_PX: usize = 6;

/// Masks of a page, all of its size.
pub(super) struct Segments {
    /// Black text and lines.
    pub text: Bits,
    /// Coloured pixels, as they are.
    pub colour: Bits,
    /// Coloured ink with a margin for its soft edges.
    pub ink: Bits,
    /// Mean light of the paper.
    pub light: [u8; 3],
    /// Photographs and screened prints; there is neither text nor ink in them.
    pub pictures: Vec<[usize; 4]>,
    /// Cells with print.
    printed: Printed,
    tone: Tone,
}

/// Which cells have pixels as black as print in them or beside them.
struct Printed {
    cell: usize,
    width: usize,
    cells: Vec<bool>,
}

impl Segments {
    /// Takes writing of one colour out of the ink when there is much of it: a carbon copy, a form filled in by pen. It
    /// becomes a mask of its own; samples of a whole page of it would cost more and show less. Gives the mask, if any.
    pub fn take_writing(&mut self, page: &Rgb, dpi: f64) -> Option<Bits> {
        let (mut writing, mut sum, mut spread) = (Bits::new(page.width, page.height), [0i64; 2], 0i64);
        for y in 0..page.height {
            for x in self.colour.ones(y) {
                let pixel = page.at(x, y);
                if !is_red(self.light, pixel) {
                    writing.set(x, y, true);
                    let [a, b] = opponents(self.light, pixel);
                    sum = [sum[0] + a, sum[1] + b];
                }
            }
        }
        let count = writing.count();
        if (count as f64) < MUCH_WRITING * dpi * dpi || writing.shrunk(WRITING_PX).count() * 50 > count {
            return None;
        }
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let mean = sum.map(|s| s / count);
        for y in 0..page.height {
            for x in writing.ones(y) {
                let [a, b] = opponents(self.light, page.at(x, y));
                // What stands across the mean colour; more or less of the same colour is the edge of a stroke.
                spread += (a * mean[1] - b * mean[0]).abs();
            }
        }
        let strength = mean[0] * mean[0] + mean[1] * mean[1];
        if spread / count > strength * MAX_ACROSS / 100 {
            return None;
        }
        let others = self.colour.zip(&writing, |all, writing| all & !writing);
        self.ink = self.ink.zip(&others.grown(margin(dpi)), |ink, near| ink & near);
        Some(writing)
    }

    /// Rectangles around faint strokes that `hidden` does not cover.
    pub fn faint(&self, hidden: &Bits) -> Vec<[usize; 4]> {
        picture::faint(&self.tone, hidden)
    }

    /// The text in print, and what stands apart from it and is paler: pencil, a carbon copy. Each has a colour of its own,
    /// when the paler part is more than crumbs.
    pub fn shades(&self) -> Vec<Bits> {
        let mut pale = self.text.clone();
        let Printed { cell, width, cells } = &self.printed;
        for at in (0..cells.len()).filter(|at| cells[*at]) {
            pale.fill([at % width * cell, at / width * cell, *cell, *cell], false);
        }
        let (all, few) = (self.text.count(), pale.count());
        if few < MIN_PALE || few * MIN_PALE_SHARE < all || all - few < MIN_PALE {
            return vec![self.text.clone()];
        }
        vec![self.text.zip(&pale, |text, pale| text & !pale), pale]
    }
}

/// Finds text and ink.
pub(super) fn segments(page: &Rgb, dpi: f64) -> Segments {
    let unit = ((dpi / UNIT_DPI).round() as usize).max(1);
    let paper = Paper::of(page, unit * paper::CELL_UNITS);
    let mut classes = classify::classify(page, &paper);
    let tone = Tone::of(page, &paper);
    let pictures = picture::pictures(&tone, &classes.text);
    for area in &pictures {
        classes.text.fill(*area, false);
        classes.colour.fill(*area, false);
    }
    let printed =
        Printed { cell: paper.cell, width: paper.width, cells: std::mem::take(&mut classes.printed) };
    let (text, colour) = without_pen_edges(page, &paper, classes);
    // Single pixels without any neighbour are noise; the dots of Vietnamese letters have a dozen at 300 dpi.
    let text = text.zip(&text.beside_black(), |a, b| a & b);
    let (colour, ink) = ink(&colour, &text, dpi);
    let light = [0, 1, 2].map(|c| {
        let sum: usize = paper.light.iter().map(|cell| usize::from(cell[c])).sum();
        u8::try_from(sum / paper.light.len().max(1)).unwrap_or(u8::MAX)
    });
    Segments { text, colour, ink, light, pictures, printed, tone }
}

/// The edges and crossings of pen strokes are dark and nearly neutral. What has more colour than text around it is ink,
/// unless it is as black as print, or the edge of what is: text under a stamp or a marker stays text.
fn without_pen_edges(page: &Rgb, paper: &Paper, classes: Classes) -> (Bits, Bits) {
    let Classes { text, colour, .. } = classes;
    let (mut new_text, mut new_colour) = (text.clone(), colour.clone());
    let open = text.zip(&colour.grown(WEIGHING_PX), |a, b| a & b);
    let mut print = Bits::new(text.width, text.height);
    for y in 0..open.height {
        for x in open.ones(y) {
            let (least, most) = paper.loss(page, x, y);
            print.set(x, y, is_print(least, most));
        }
    }
    let open = open.zip(&print.grown(PRINT_EDGE_PX), |open, print| open & !print);
    for y in 0..open.height {
        for x in open.ones(y) {
            let (coloured, black) = (colour.around(x, y, WEIGHING_PX), text.around(x, y, WEIGHING_PX));
            if coloured <= black / 8 {
                continue;
            }
            let (least, most) = paper.loss(page, x, y);
            if black <= coloured || most - least >= INK_CHROMA {
                new_text.set(x, y, false);
                new_colour.set(x, y, true);
            }
        }
    }
    (new_text, new_colour)
}

/// Coloured pixels that stand together, and these with a margin. Colour fringes of the scanner's lamp hug black strokes: what has
/// mostly text around it is a fringe.
fn ink(colour: &Bits, text: &Bits, dpi: f64) -> (Bits, Bits) {
    let mut solid = Bits::new(colour.width, colour.height);
    for y in 0..colour.height {
        for x in colour.ones(y) {
            let near = colour.around(x, y, 2);
            if near >= INK_NEIGHBOURS && near >= text.around(x, y, 2) {
                solid.set(x, y, true);
            }
        }
    }
    let ink = islands(&solid.grown(margin(dpi)), dpi);
    (solid.zip(&ink, |a, b| a & b), ink)
}

/// Two opponent colours, red against green and yellow against blue, of what an ink takes from the paper.
pub(super) fn opponents(paper: [u8; 3], pixel: [u8; 3]) -> [i64; 2] {
    let of = |[r, g, b]: [u8; 3]| {
        let (r, g, b) = (i64::from(r), i64::from(g), i64::from(b));
        [2 * (r - g), r + g - 2 * b]
    };
    let (paper, pixel) = (of(paper), of(pixel));
    [pixel[0] - paper[0], pixel[1] - paper[1]]
}

/// Whether an ink on the paper leaves more of the red than of the other light.
pub(super) fn is_red(paper: [u8; 3], pixel: [u8; 3]) -> bool {
    let lost = |c: usize| i32::from(paper[c]) - i32::from(pixel[c]);
    lost(0) < lost(1) && lost(0) < lost(2)
}

/// Pixels around ink that its soft edges need.
pub(super) fn margin(dpi: f64) -> usize {
    ((dpi / 100.0).round() as usize).max(1)
}

/// Takes away islands that are too small for a stroke of a pen, margin included: fewer pixels than a dot has, with nothing
/// else near.
fn islands(ink: &Bits, dpi: f64) -> Bits {
    let dot = (dpi / DOT_DPI * DOT_PX).powi(2).min(MAX_DOT) as u32;
    let (words, rows) = (ink.row_words(), ink.height.div_ceil(ISLAND));
    let width = words * 64 / ISLAND;
    let mut counts = vec![0u32; width * rows];
    for y in 0..ink.height {
        for (i, word) in ink.row(y).iter().enumerate().filter(|(_, word)| **word != 0) {
            let at = y / ISLAND * width + i * 8;
            counts[at..at + 8].iter_mut().zip(word.to_be_bytes()).for_each(|(c, b)| *c += b.count_ones());
        }
    }
    let mut out = ink.clone();
    for at in (0..counts.len()).filter(|at| counts[*at] > 0) {
        let (cx, cy) = (at % width, at / width);
        let around = (cy.saturating_sub(1)..(cy + 2).min(rows))
            .flat_map(|y| &counts[y * width + cx.saturating_sub(1)..y * width + (cx + 2).min(width)]);
        if around.sum::<u32>() < dot {
            out.fill([cx * ISLAND, cy * ISLAND, ISLAND, ISLAND], false);
        }
    }
    out
}

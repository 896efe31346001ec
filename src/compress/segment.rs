//! What on a page is paper, what is black text, what is coloured ink.
//!
//! Every pixel is compared with the paper around it: the fraction of light that each channel has lost. Black ink takes the
//! same from all three; red and blue ink leave one channel bright. So text under a stamp stays text (even its brightest
//! channel is dark), and a solid stamp never becomes text.

use rayon::prelude::*;

use super::raster::{Bits, Rgb};

/// Side of a cell of the paper grid in inches: two lines of small print.
const CELL_INCHES: f64 = 0.08;
/// Solid fills up to about 2 x this many cells are still recognised as ink on paper.
const FILL_CELLS: usize = 5;
/// Loss of light, in 1/256, that nothing on the page must exceed for it to be blank.
const FAINT: i32 = 48;
/// Bounds of the threshold between paper and text, in 1/256 of the paper's light.
const TEXT_BOUNDS: (i32, i32) = (56, 112);
/// Ink: difference of loss between the channels, and loss of the darkest channel, in 1/256.
const INK_CHROMA: i32 = 30;
const INK_LOSS: i32 = 36;
/// Share of the loss, in 1/256, that may differ between the channels of black ink.
const NEUTRAL: i32 = 100;
/// Loss of the brightest channel, in 1/256, that only print reaches, not a ball pen.
const PRINT: i32 = 176;
/// Faint pixels around a cell that make print; a speck of dust has fewer.
const FAINT_PRINT_PIXELS: u32 = 80;
/// Coloured pixels that must stand in 5 x 5 for a speck to be ink.
const INK_NEIGHBOURS: u8 = 6;

/// Masks of a page, all of its size.
pub(super) struct Segments {
    /// Black text and lines.
    pub text: Bits,
    /// Coloured ink with a margin for its soft edges.
    pub ink: Bits,
}

/// Light of the paper on a coarse grid.
struct Paper {
    cell: usize,
    width: usize,
    height: usize,
    light: Vec<[u8; 3]>,
}

/// Finds text and ink.
pub(super) fn segments(page: &Rgb, dpi: f64) -> Segments {
    let cell = ((dpi * CELL_INCHES) as usize).max(4);
    let paper = paper(page, cell);
    let thresholds = thresholds(page, &paper);
    let (w, h) = (page.width, page.height);
    let (mut text, mut colour) = (Bits::new(w, h), Bits::new(w, h));
    let rows = text.data.par_chunks_mut(w.max(1)).zip(colour.data.par_chunks_mut(w.max(1))).enumerate();
    rows.for_each(|(y, (text, colour))| {
        for (x, pixel) in page.data[y * w * 3..(y + 1) * w * 3].chunks_exact(3).enumerate() {
            let at = (y / cell) * paper.width + x / cell;
            match kind(loss(pixel, paper.light[at]), thresholds[at]) {
                Kind::Text => text[x] = 1,
                Kind::Ink => colour[x] = 1,
                Kind::Paper => {}
            }
        }
    });
    let (text, colour) = without_pen_edges(page, &paper, text, colour);
    let text = without_specks(text);
    let ink = ink(&colour, &text, dpi);
    Segments { text, ink }
}

enum Kind {
    Paper,
    Text,
    Ink,
}

/// Smallest, largest loss over the channels in 1/256 of the paper's light.
fn loss(pixel: &[u8], paper: [u8; 3]) -> (i32, i32) {
    let of = |c: usize| 256 * (i32::from(paper[c]) - i32::from(pixel[c])) / i32::from(paper[c]).max(1);
    let (r, g, b) = (of(0), of(1), of(2));
    (r.min(g).min(b), r.max(g).max(b))
}

fn kind((least, most): (i32, i32), threshold: i32) -> Kind {
    let chroma = most - least;
    let neutral = chroma * 256 <= most * NEUTRAL;
    match () {
        () if least >= threshold && (neutral || least >= 2 * TEXT_BOUNDS.1 - 16) => Kind::Text,
        () if chroma >= INK_CHROMA && most >= INK_LOSS => Kind::Ink,
        () if least >= threshold => Kind::Text,
        () => Kind::Paper,
    }
}

/// Paper of each cell: its brightest quarter, then closed over dark fills and smoothed.
fn paper(page: &Rgb, cell: usize) -> Paper {
    let (width, height) = (page.width.div_ceil(cell), page.height.div_ceil(cell));
    let mut light = vec![[0u8; 3]; width * height];
    light.par_chunks_mut(width.max(1)).enumerate().for_each(|(cy, row)| {
        for (cx, out) in row.iter_mut().enumerate() {
            *out = brightest(page, cx * cell, cy * cell, cell);
        }
    });
    let planes = [0, 1, 2].map(|c| {
        let plane: Vec<u8> = light.iter().map(|p| p[c]).collect();
        let wide = extreme(&plane, width, FILL_CELLS, u8::max);
        smooth(&extreme(&wide, width, FILL_CELLS, u8::min), width)
    });
    for (i, out) in light.iter_mut().enumerate() {
        *out = [planes[0][i], planes[1][i], planes[2][i]];
    }
    Paper { cell, width, height, light }
}

/// The level that a quarter of the cell's pixels reach, in each channel.
fn brightest(page: &Rgb, left: usize, top: usize, cell: usize) -> [u8; 3] {
    let mut counts = [[0u32; 256]; 3];
    let mut total = 0u32;
    for y in (top..(top + cell).min(page.height)).step_by(2) {
        let row =
            &page.data[(y * page.width + left) * 3..(y * page.width + (left + cell).min(page.width)) * 3];
        for pixel in row.chunks_exact(3) {
            (0..3).for_each(|c| counts[c][usize::from(pixel[c])] += 1);
            total += 1;
        }
    }
    counts.map(|histogram| {
        let mut above = 0;
        let level = (0..=255u8).rev().find(|level| {
            above += histogram[usize::from(*level)];
            above * 4 >= total
        });
        level.unwrap_or(255)
    })
}

/// Largest or smallest value in the square of `radius` around each cell, row by row, then column by column.
fn extreme(plane: &[u8], width: usize, radius: usize, pick: fn(u8, u8) -> u8) -> Vec<u8> {
    let height = plane.len() / width.max(1);
    let window = |i: usize, end: usize| i.saturating_sub(radius)..(i + radius + 1).min(end);
    let across: Vec<u8> = (0..plane.len())
        .map(|i| {
            let (y, x) = (i / width, i % width);
            window(x, width).map(|x| plane[y * width + x]).reduce(pick).unwrap_or(plane[i])
        })
        .collect();
    (0..plane.len())
        .map(|i| {
            let (y, x) = (i / width, i % width);
            window(y, height).map(|y| across[y * width + x]).reduce(pick).unwrap_or(across[i])
        })
        .collect()
}

/// Mean of the 3 x 3 cells around each.
fn smooth(plane: &[u8], width: usize) -> Vec<u8> {
    let height = plane.len() / width.max(1);
    let mean = |i: usize| {
        let (y, x) = (i / width, i % width);
        let rows = y.saturating_sub(1)..(y + 2).min(height);
        let cells = rows.flat_map(|y| (x.saturating_sub(1)..(x + 2).min(width)).map(move |x| y * width + x));
        let (sum, count) = cells.fold((0u32, 0u32), |(s, n), at| (s + u32::from(plane[at]), n + 1));
        u8::try_from(sum / count.max(1)).unwrap_or(u8::MAX)
    };
    (0..plane.len()).map(mean).collect()
}

/// Half the contrast of the darkest neutral ink around each cell: faint print is found as well as bold print, and a speck
/// of dust is left to the paper.
fn thresholds(page: &Rgb, paper: &Paper) -> Vec<i32> {
    let mut cells = vec![(0u8, 0u8); paper.width * paper.height];
    cells.par_chunks_mut(paper.width.max(1)).enumerate().for_each(|(cy, row)| {
        for (cx, out) in row.iter_mut().enumerate() {
            *out = darkness(page, paper, cx, cy);
        }
    });
    let (darkest, dark): (Vec<u8>, Vec<u8>) = cells.into_iter().unzip();
    let darkest = extreme(&darkest, paper.width, 1, u8::max);
    let crowd = smooth(&dark, paper.width);
    let threshold = |(darkest, crowd): (u8, u8)| match i32::from(darkest) {
        darkest if darkest < FAINT => i32::MAX,
        _ if u32::from(crowd) * 9 < FAINT_PRINT_PIXELS => TEXT_BOUNDS.1,
        darkest => (darkest / 2).clamp(TEXT_BOUNDS.0, TEXT_BOUNDS.1),
    };
    darkest.into_iter().zip(crowd).map(threshold).collect()
}

/// Loss of the darkest neutral pixel of a cell, and how many of its pixels are neutral and dark (255 at most).
fn darkness(page: &Rgb, paper: &Paper, cx: usize, cy: usize) -> (u8, u8) {
    let light = paper.light[cy * paper.width + cx];
    let columns = cx * paper.cell..((cx + 1) * paper.cell).min(page.width);
    let (mut most, mut count) = (0, 0u32);
    for y in cy * paper.cell..((cy + 1) * paper.cell).min(page.height) {
        let row = &page.data[(y * page.width + columns.start) * 3..(y * page.width + columns.end) * 3];
        for (least, greatest) in row.chunks_exact(3).map(|pixel| loss(pixel, light)) {
            if (greatest - least) * 256 <= greatest * NEUTRAL {
                most = most.max(least);
                count += u32::from(least >= TEXT_BOUNDS.0);
            }
        }
    }
    (u8::try_from(most.clamp(0, 255)).unwrap_or(u8::MAX), u8::try_from(count).unwrap_or(u8::MAX))
}

/// The edges and crossings of pen strokes are dark and nearly neutral. What has more colour than text around it is ink,
/// unless it is as black as print: text under a stamp stays text.
fn without_pen_edges(page: &Rgb, paper: &Paper, mut text: Bits, mut colour: Bits) -> (Bits, Bits) {
    let (coloured, black) = (colour.box_counts(5), text.box_counts(5));
    let width = page.width;
    for at in 0..text.data.len() {
        if text.data[at] == 1 && coloured[at] > black[at] / 8 {
            let cell = (at / width / paper.cell) * paper.width + at % width / paper.cell;
            let (least, most) = loss(&page.data[at * 3..at * 3 + 3], paper.light[cell]);
            let print = least >= PRINT && (most - least) * 256 <= most * NEUTRAL;
            let mostly_text = black[at] > coloured[at] && (most - least) < INK_CHROMA;
            if !print && !mostly_text {
                (text.data[at], colour.data[at]) = (0, 1);
            }
        }
    }
    (text, colour)
}

/// Single pixels without any neighbour are noise; the dots of Vietnamese letters have a dozen at 300 dpi.
fn without_specks(text: Bits) -> Bits {
    let counts = text.box_counts(1);
    let data = text.data.iter().zip(&counts).map(|(bit, count)| u8::from(*bit == 1 && *count > 1)).collect();
    Bits { data, ..text }
}

/// Coloured pixels that stand together, with a margin. Colour fringes of the scanner's lamp hug black strokes: what has
/// mostly text around it is a fringe.
fn ink(colour: &Bits, text: &Bits, dpi: f64) -> Bits {
    let (near, black) = (colour.box_counts(2), text.box_counts(2));
    let keep = |i: usize| colour.data[i] == 1 && near[i] >= INK_NEIGHBOURS && near[i] >= black[i];
    let data = (0..colour.data.len()).map(|i| u8::from(keep(i))).collect();
    let solid = Bits { width: colour.width, height: colour.height, data };
    let margin = ((dpi / 100.0).round() as usize).max(1);
    let joined = solid.grown(margin);
    islands(&joined, dpi)
}

/// Takes away islands that are too small for a stroke of a pen: in a neighbourhood of 1/10 inch there must be more.
fn islands(ink: &Bits, dpi: f64) -> Bits {
    let radius = ((dpi / 40.0) as usize).clamp(2, 7);
    let counts = ink.box_counts(radius);
    let least = u8::try_from((radius * radius).min(90)).unwrap_or(90);
    let data =
        ink.data.iter().zip(&counts).map(|(bit, count)| u8::from(*bit == 1 && *count >= least)).collect();
    Bits { width: ink.width, height: ink.height, data }
}

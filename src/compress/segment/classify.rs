//! Every pixel of the page is compared with the paper around it, once. The page is worked through in strips of one row of
//! cells, which stay in the processor's cache; the loops are written so that they become vector instructions.

use fearless_simd::{Level, dispatch};

use super::super::raster::{Bits, Rgb};
use super::paper::{Paper, extreme, smooth};

/// Loss of light, in 1/256, that nothing on the page must exceed for it to be blank.
const FAINT: u8 = 48;
/// Bounds of the threshold between paper and text, in 1/256 of the paper's light.
const TEXT_BOUNDS: (u8, u8) = (56, 112);
/// Loss of the brightest channel at which even coloured pixels are black.
const BLACK: u8 = 208;
/// Ink: difference of loss between the channels, and loss of the darkest channel, in 1/256.
pub(super) const INK_CHROMA: u8 = 30;
const INK_LOSS: u8 = 36;
/// Share of the loss, in 1/256, that may differ between the channels of black ink.
const NEUTRAL: u16 = 100;
/// Loss of the brightest channel, in 1/256, that only print reaches, not a ball pen.
const PRINT: u8 = 176;
/// Faint pixels around a cell that make print; a speck of dust has fewer.
const FAINT_PRINT_PIXELS: u32 = 80;
/// A threshold that no loss reaches.
const NEVER: u8 = u8::MAX;

/// What each pixel is.
pub(super) struct Classes {
    /// Dark, and of no colour or very dark.
    pub text: Bits,
    /// Coloured and not text.
    pub colour: Bits,
    /// Which cells, or cells beside them, have pixels as black as print.
    pub printed: Vec<bool>,
}

/// Losses of one row of cells.
#[derive(Clone, Default)]
struct Strip {
    least: Vec<u8>,
    most: Vec<u8>,
}

/// Light of the paper for each column, and its reciprocal in 1/65536.
#[derive(Default)]
struct Columns {
    light: [Vec<u8>; 3],
    reciprocal: [Vec<u16>; 3],
}

impl Columns {
    fn set(&mut self, paper: &Paper, cy: usize, width: usize) {
        for c in 0..3 {
            let cells = &paper.light[cy * paper.width..(cy + 1) * paper.width];
            let each = |value: u8| std::iter::repeat_n(value, paper.cell);
            self.light[c].clear();
            self.light[c].extend(cells.iter().flat_map(|cell| each(cell[c])).take(width));
            let inverse = |value: u8| u16::try_from(65_535 / u32::from(value).max(1)).unwrap_or(u16::MAX);
            self.reciprocal[c].clear();
            self.reciprocal[c].extend(self.light[c].iter().map(|v| inverse(*v)));
        }
    }
}

/// Darkest neutral pixel of each cell, and how many neutral dark ones it has (255 at most).
#[derive(Default)]
struct Darkness {
    most: Vec<u8>,
    count: Vec<u8>,
}

/// Classifies every pixel.
pub(super) fn classify(page: &Rgb, paper: &Paper) -> Classes {
    let (width, height) = (page.width, page.height);
    let mut classes =
        Classes { text: Bits::new(width, height), colour: Bits::new(width, height), printed: Vec::new() };
    let mut strips = [Strip::default(), Strip::default()];
    let mut columns = Columns::default();
    let mut darkness = Darkness::default();
    let mut flags = [vec![0u8; width], vec![0u8; width]];
    for cy in 0..=paper.height {
        if cy < paper.height {
            columns.set(paper, cy, width);
            let strip = &mut strips[cy % 2];
            losses(page, paper, cy, &columns, strip);
            darkness.add(strip, paper, width);
        }
        if let Some(ready) = cy.checked_sub(1) {
            let thresholds = darkness.thresholds(paper, ready, width);
            let strip = &strips[ready % 2];
            for (row, y) in (ready * paper.cell..((ready + 1) * paper.cell).min(height)).enumerate() {
                let part = row * width..(row + 1) * width;
                let (least, most) = (&strip.least[part.clone()], &strip.most[part]);
                let any = dispatch!(Level::new(), _simd => kinds(least, most, &thresholds, &mut flags));
                if any[0] {
                    classes.text.set_row(y, &flags[0]);
                }
                if any[1] {
                    classes.colour.set_row(y, &flags[1]);
                }
            }
        }
    }
    let darkest = extreme(&darkness.most, paper.width, 1, u8::max);
    classes.printed = darkest.into_iter().map(|most| most >= PRINT).collect();
    classes
}

/// Losses of all pixels in a row of cells.
fn losses(page: &Rgb, paper: &Paper, cy: usize, columns: &Columns, strip: &mut Strip) {
    let width = page.width;
    let rows = cy * paper.cell..((cy + 1) * paper.cell).min(page.height);
    strip.least.resize(rows.len() * width, 0);
    strip.most.resize(rows.len() * width, 0);
    let Columns { light: [lr, lg, lb], reciprocal: [rr, rg, rb] } = columns;
    let (light, reciprocal) = ([&lr[..], &lg[..], &lb[..]], [&rr[..], &rg[..], &rb[..]]);
    for (row, y) in rows.enumerate() {
        let part = row * width..(row + 1) * width;
        let (least, most) = (&mut strip.least[part.clone()], &mut strip.most[part]);
        dispatch!(Level::new(), _simd => loss_row(page.row(y), light, reciprocal, least, most));
    }
}

#[inline(always)]
fn loss_row(row: &[u8], light: [&[u8]; 3], reciprocal: [&[u16]; 3], least: &mut [u8], most: &mut [u8]) {
    let n = least.len();
    let pixels = &row.as_chunks::<3>().0[..n];
    let ([lr, lg, lb], [rr, rg, rb]) = (light.map(|l| &l[..n]), reciprocal.map(|r| &r[..n]));
    let most = &mut most[..n];
    let lost = |light: u8, value: u8, reciprocal: u16| {
        let difference = u16::from(light.saturating_sub(value)) << 8;
        ((u32::from(difference) * u32::from(reciprocal)) >> 16) as u8
    };
    for x in 0..n {
        let r = lost(lr[x], pixels[x][0], rr[x]);
        let g = lost(lg[x], pixels[x][1], rg[x]);
        let b = lost(lb[x], pixels[x][2], rb[x]);
        least[x] = r.min(g).min(b);
        most[x] = r.max(g).max(b);
    }
}

/// Largest difference between the channels with which a loss is neutral.
#[inline(always)]
fn may_differ(most: u8) -> u8 {
    ((u16::from(most) * NEUTRAL) >> 8) as u8
}

/// Marks text and coloured pixels of a row, and tells whether there are any.
#[inline(always)]
fn kinds(least: &[u8], most: &[u8], thresholds: &[u8], flags: &mut [Vec<u8>; 2]) -> [bool; 2] {
    let n = least.len();
    let [text, colour] = flags;
    let (text, colour) = (&mut text[..n], &mut colour[..n]);
    let (most, thresholds) = (&most[..n], &thresholds[..n]);
    let mut any = [0u8; 2];
    for x in 0..n {
        let (l, m) = (least[x], most[x]);
        let chroma = m - l;
        let ink = (chroma >= INK_CHROMA) & (m >= INK_LOSS);
        let dark = (l >= thresholds[x]) & (thresholds[x] != NEVER);
        let is_text = dark & ((chroma <= may_differ(m)) | (l >= BLACK) | !ink);
        text[x] = u8::from(is_text);
        colour[x] = u8::from(ink & !is_text);
        any = [any[0] | text[x], any[1] | colour[x]];
    }
    any.map(|flag| flag != 0)
}

/// Whether a pixel of such losses is as black as print.
pub(super) fn is_print(least: u8, most: u8) -> bool {
    least >= PRINT && most - least <= may_differ(most)
}

impl Darkness {
    fn add(&mut self, strip: &Strip, paper: &Paper, width: usize) {
        let (mut most, mut count) = (vec![0u8; width], vec![0u8; width]);
        for (least, greatest) in
            strip.least.chunks_exact(width.max(1)).zip(strip.most.chunks_exact(width.max(1)))
        {
            dispatch!(Level::new(), _simd => darkness_row(least, greatest, &mut most, &mut count));
        }
        self.most.extend(most.chunks(paper.cell).map(|cell| cell.iter().copied().max().unwrap_or(0)));
        self.count.extend(count.chunks(paper.cell).map(|cell| {
            let sum: u32 = cell.iter().map(|v| u32::from(*v)).sum();
            u8::try_from(sum).unwrap_or(u8::MAX)
        }));
    }

    /// Half the contrast of the darkest neutral ink around each cell: faint print is found as well as bold print, and a speck
    /// of dust is left to the paper. One value for each column of a row of cells.
    fn thresholds(&self, paper: &Paper, cy: usize, width: usize) -> Vec<u8> {
        let first = cy.saturating_sub(1);
        let rows = first * paper.width..((cy + 2) * paper.width).min(self.most.len());
        let own = (cy - first) * paper.width..(cy - first + 1) * paper.width;
        let darkest = extreme(&self.most[rows.clone()], paper.width, 1, u8::max);
        let crowd = smooth(&self.count[rows], paper.width);
        let threshold = |(darkest, crowd): (&u8, &u8)| match *darkest {
            darkest if darkest < FAINT => NEVER,
            _ if u32::from(*crowd) * 9 < FAINT_PRINT_PIXELS => TEXT_BOUNDS.1,
            darkest => (darkest / 2).clamp(TEXT_BOUNDS.0, TEXT_BOUNDS.1),
        };
        let cells = darkest[own.clone()].iter().zip(&crowd[own]).map(threshold);
        cells.flat_map(|value| std::iter::repeat_n(value, paper.cell)).take(width).collect()
    }
}

#[inline(always)]
fn darkness_row(least: &[u8], greatest: &[u8], most: &mut [u8], count: &mut [u8]) {
    let n = least.len();
    let (greatest, most, count) = (&greatest[..n], &mut most[..n], &mut count[..n]);
    for x in 0..n {
        let neutral = greatest[x] - least[x] <= may_differ(greatest[x]);
        let dark = if neutral { least[x] } else { 0 };
        most[x] = most[x].max(dark);
        count[x] = count[x].saturating_add(u8::from(dark >= TEXT_BOUNDS.0));
    }
}

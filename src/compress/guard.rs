//! The fidelity guard: the layers, decoded back and put together, are compared with the scan. A page that falls below a
//! floor is encoded more faithfully.

use fearless_simd::{Level, dispatch};
use serde::{Deserialize, Serialize};

use super::raster::{Bits, Rgb};
use super::reconstruct::Shown;
use super::segment::{is_red, opponents};

/// Side of the blocks in which a candidate is compared with the page, in pixels.
const BLOCK: usize = 16;
/// Every so many rows are compared.
const STEP: usize = 2;
/// Mean difference of the samples that a block may have (of 255).
const MAX_BLOCK_ERROR: i32 = 20;
/// Share of blocks that may be worse: dust and the shadow of the lid.
const MAX_BAD_BLOCKS: f64 = 0.002;
/// Least share of the text's contrast with the paper that has to stay.
const MIN_TEXT_CONTRAST: f64 = 0.85;
/// Largest share of text pixels that may turn into paper.
const MAX_STROKE_LOSS: f64 = 0.02;
/// Least share of the ink's chroma that has to stay, and how far its hue may turn.
const MIN_CHROMA: f64 = 0.75;
const MAX_HUE_TURN: f64 = 12.0;
/// Pixels of a kind below which nothing is said about it.
const FEW: u32 = 200;

/// How near the layers are to the scan, measured on what they decode to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fidelity {
    /// Share of the contrast between text and paper that is left; 1 is all.
    pub text_contrast: f64,
    /// Share of the text's pixels that became paper.
    pub stroke_loss: f64,
    /// Share of the chroma of red ink (stamps) that is left.
    pub red_chroma: f64,
    /// Turn of the hue of red ink in degrees.
    pub red_hue: f64,
    /// Share of the chroma of other coloured ink that is left.
    pub ink_chroma: f64,
    /// Turn of the hue of other coloured ink in degrees.
    pub ink_hue: f64,
    /// Share of the blocks whose mean differs by more than 20 of 255.
    pub bad_blocks: f64,
}

impl Default for Fidelity {
    /// Nothing is lost: a page of lossless layers.
    fn default() -> Self {
        Self {
            text_contrast: 1.0,
            stroke_loss: 0.0,
            red_chroma: 1.0,
            red_hue: 0.0,
            ink_chroma: 1.0,
            ink_hue: 0.0,
            bad_blocks: 0.0,
        }
    }
}

impl Fidelity {
    /// Whether the page may be kept like this.
    pub fn holds(&self) -> bool {
        self.bad_blocks <= MAX_BAD_BLOCKS
            && self.text_contrast >= MIN_TEXT_CONTRAST
            && self.stroke_loss <= MAX_STROKE_LOSS
            && self.red_chroma.min(self.ink_chroma) >= MIN_CHROMA
            && self.red_hue.max(self.ink_hue) <= MAX_HUE_TURN
    }
}

/// What of the scan is watched.
pub(super) struct Watched<'a> {
    pub text: &'a Bits,
    pub colour: &'a Bits,
    /// Mean light of the paper.
    pub paper: [u8; 3],
}

/// Compares layers with the scan.
pub(super) fn measure(page: &Rgb, layers: &[Shown], watched: &Watched) -> Fidelity {
    let mut row = vec![255u8; page.width * 3];
    let mut sums = vec![0i32; page.width * 3];
    let (mut bad, mut blocks) = (0usize, 0usize);
    let (mut text, mut red, mut other) = (Text::default(), Hue::default(), Hue::default());
    let mut base = Base { row: vec![255u8; page.width * 3], source: None };
    for top in (0..page.height).step_by(BLOCK) {
        sums.fill(0);
        let rows = (top..(top + BLOCK).min(page.height)).step_by(STEP);
        let count = i32::try_from(rows.len()).unwrap_or(1);
        for y in rows {
            let above = base.paint(layers, y);
            row.copy_from_slice(&base.row);
            above.iter().for_each(|layer| layer.paint(y, &mut row));
            let scan = page.row(y);
            dispatch!(Level::new(), _simd => add_difference(&mut sums, scan, &row));
            let (scan, shown) = (scan.as_chunks::<3>().0, row.as_chunks::<3>().0);
            watched.text.ones(y).for_each(|x| text.add(scan[x], shown[x], watched.paper));
            for x in watched.colour.ones(y) {
                let hue = if is_red(watched.paper, scan[x]) { &mut red } else { &mut other };
                hue.add(scan[x], shown[x], watched.paper);
            }
        }
        for block in sums.chunks(BLOCK * 3) {
            let samples = i32::try_from(block.len()).unwrap_or(1) * count;
            bad += usize::from(block.iter().sum::<i32>().abs() > MAX_BLOCK_ERROR * samples);
            blocks += 1;
        }
    }
    Fidelity {
        text_contrast: text.contrast(),
        stroke_loss: text.loss(),
        red_chroma: red.chroma(),
        red_hue: red.turn(),
        ink_chroma: other.chroma(),
        ink_hue: other.turn(),
        bad_blocks: bad as f64 / blocks.max(1) as f64,
    }
}

/// The lowest layer, whose samples often span several rows of the page.
struct Base {
    row: Vec<u8>,
    source: Option<usize>,
}

impl Base {
    /// Paints the lowest layer when it is an image of the whole page, and gives those above.
    fn paint<'a>(&mut self, layers: &'a [Shown], y: usize) -> &'a [Shown] {
        let Some((lowest, above)) = layers.split_first() else { return layers };
        let Some(source) = lowest.source_row(y, self.row.len() / 3) else { return layers };
        if self.source != Some(source) {
            lowest.paint(y, &mut self.row);
            self.source = Some(source);
        }
        above
    }
}

#[inline(always)]
fn add_difference(sums: &mut [i32], scan: &[u8], shown: &[u8]) {
    for ((sum, a), b) in sums.iter_mut().zip(scan).zip(shown) {
        *sum += i32::from(*a) - i32::from(*b);
    }
}

fn light([r, g, b]: [u8; 3]) -> i64 {
    (i64::from(r) + 2 * i64::from(g) + i64::from(b)) / 4
}

/// Loss of light of text pixels.
#[derive(Default)]
struct Text {
    count: u32,
    lost: u32,
    scan: i64,
    shown: i64,
}

impl Text {
    fn add(&mut self, scan: [u8; 3], shown: [u8; 3], paper: [u8; 3]) {
        let (scan, shown) = (light(paper) - light(scan), light(paper) - light(shown));
        self.count += 1;
        self.lost += u32::from(shown * 2 < scan);
        self.scan += scan;
        self.shown += shown;
    }

    fn contrast(&self) -> f64 {
        if self.count < FEW || self.scan <= 0 { 1.0 } else { self.shown as f64 / self.scan as f64 }
    }

    fn loss(&self) -> f64 {
        if self.count < FEW { 0.0 } else { f64::from(self.lost) / f64::from(self.count) }
    }
}

/// Mean of two opponent colours: red against green, yellow against blue.
#[derive(Default)]
struct Hue {
    count: u32,
    scan: [i64; 2],
    shown: [i64; 2],
}

impl Hue {
    fn add(&mut self, scan: [u8; 3], shown: [u8; 3], paper: [u8; 3]) {
        let (a, b) = (opponents(paper, scan), opponents(paper, shown));
        self.count += 1;
        (0..2).for_each(|i| (self.scan[i], self.shown[i]) = (self.scan[i] + a[i], self.shown[i] + b[i]));
    }

    fn polar(sum: [i64; 2]) -> (f64, f64) {
        let (x, y) = (sum[0] as f64, sum[1] as f64);
        (x.hypot(y), y.atan2(x).to_degrees())
    }

    fn chroma(&self) -> f64 {
        let (scan, shown) = (Self::polar(self.scan).0, Self::polar(self.shown).0);
        if self.count < FEW || scan <= 0.0 { 1.0 } else { shown / scan }
    }

    fn turn(&self) -> f64 {
        if self.count < FEW {
            return 0.0;
        }
        let turn = (Self::polar(self.scan).1 - Self::polar(self.shown).1).abs();
        turn.min(360.0 - turn)
    }
}

//! The page in small: the mean loss of light in squares of one unit, measured against the paper of the whole page, so that
//! a photograph is not taken for paper however large it is.

use fearless_simd::{Level, dispatch};

use super::super::raster::Rgb;
use super::paper::{CELL_UNITS, Paper};

/// A plane of means, one a square of `unit` x `unit` pixels: loss of light in 1/256.
#[derive(Clone, Default)]
pub(super) struct Tone {
    /// Side of a square in pixels.
    pub unit: usize,
    pub width: usize,
    pub height: usize,
    pub data: Vec<u8>,
}

impl Tone {
    pub fn of(page: &Rgb, paper: &Paper) -> Self {
        let unit = paper.cell / CELL_UNITS;
        let (width, height) = (page.width.div_ceil(unit), page.height.div_ceil(unit));
        let white = usual(paper);
        let mut data = Vec::with_capacity(width * height);
        let mut sums = vec![0u16; page.width * 3];
        for top in (0..page.height).step_by(unit) {
            sums.fill(0);
            let rows = top..(top + unit).min(page.height);
            let count = rows.len();
            for y in rows {
                dispatch!(Level::new(), _simd => add_row(&mut sums, page.row(y)));
            }
            data.extend(sums.chunks(unit * 3).map(|part| {
                let sum: u32 = part.iter().map(|v| u32::from(*v)).sum();
                let mean = sum / u32::try_from(part.len() * count).unwrap_or(1).max(1);
                u8::try_from(white.saturating_sub(mean) * 256 / white.max(1)).unwrap_or(u8::MAX)
            }));
        }
        Self { unit, width, height, data }
    }
}

/// Light of the paper that three quarters of the page's cells do not exceed.
fn usual(paper: &Paper) -> u32 {
    let mut light: Vec<u32> =
        paper.light.iter().map(|p| p.iter().map(|v| u32::from(*v)).sum::<u32>() / 3).collect();
    let at = light.len() * 3 / 4;
    if light.is_empty() { 255 } else { *light.select_nth_unstable(at).1 }
}

#[inline(always)]
fn add_row(sums: &mut [u16], row: &[u8]) {
    sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += u16::from(*value));
}

//! How much light each place of the page has lost against the paper around it, and in which colours.

use super::reduced::Reduced;

/// Side of a cell of the paper grid in millimetres: a line of print and its gap.
const GRID_MM: f64 = 3.0;
/// The paper anywhere is at least this share (of 256) of the page's usual paper: a black border is not paper.
const DARKEST_PAPER: u32 = 140;

/// Loss of light, 255 is all of it, for each cell of the reduced copy.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct Inks {
    /// Width in cells.
    pub width: usize,
    /// Height in cells.
    pub height: usize,
    /// Loss at the darkest place of the cell, whatever the colour.
    pub dark: Vec<u8>,
    /// How much more green than red is lost: red ink. Empty for a page without colour.
    pub red: Vec<u8>,
    /// How much more red than blue is lost: blue ink. Empty for a page without colour.
    pub blue: Vec<u8>,
    /// Loss of red light: every ink but red. Empty for a page without colour.
    pub cool: Vec<u8>,
    /// Green (or grey) light of the page's paper, 255 is white.
    pub light: u8,
}

/// The paper's light in each cell of a coarse grid, a value a channel.
struct Paper {
    cell: usize,
    width: usize,
    light: Vec<[u8; 3]>,
    usual: u8,
}

impl Inks {
    /// Whether the page has colours at all.
    pub fn has_colour(&self) -> bool {
        !self.red.is_empty()
    }

    /// Compares every cell with the paper around it.
    pub fn of(copy: &Reduced) -> Self {
        let paper = Paper::of(copy);
        let (width, height) = (copy.width, copy.height);
        let mut dark = vec![0; width * height];
        let coloured = copy.channels == 3;
        let plane = || if coloured { vec![0; width * height] } else { Vec::new() };
        let (mut red, mut blue, mut cool) = (plane(), plane(), plane());
        let mut gains = <[Gains; 2]>::default();
        let mut lost = vec![0u8; width * 3];
        for y in 0..height {
            if y % paper.cell == 0 {
                gains = paper.gains(y / paper.cell, width);
            }
            let row = y * width..(y + 1) * width;
            losses(&copy.deep[row.clone()], &gains[0], &mut dark[row.clone()]);
            if coloured {
                losses(&copy.mean[row.start * 3..row.end * 3], &gains[1], &mut lost);
                let outs = red[row.clone()].iter_mut().zip(&mut blue[row.clone()]).zip(&mut cool[row]);
                for ([r, g, b], ((red, blue), cool)) in lost.as_chunks::<3>().0.iter().zip(outs) {
                    (*red, *blue, *cool) = (g.saturating_sub(*r), r.saturating_sub(*b), *r);
                }
            }
        }
        Self { width, height, dark, red, blue, cool, light: paper.usual }
    }
}

/// What makes the paper's light 255, in 1/128, for every sample of a row, and the largest sample whose product with it has
/// sixteen bits.
#[derive(Default)]
struct Gains {
    gain: Vec<u16>,
    most: Vec<u8>,
}

impl Gains {
    fn of(lights: impl Iterator<Item = u8>) -> Self {
        let gain: Vec<u16> = lights.map(|light| (255 << 7) / u16::from(light).max(1)).collect();
        let most = gain.iter().map(|gain| (u16::MAX / (*gain).max(1)).min(255) as u8).collect();
        Self { gain, most }
    }
}

/// Loss of light of each sample. Plain loops over whole rows, which the compiler turns into vectors.
fn losses(samples: &[u8], gains: &Gains, out: &mut [u8]) {
    for ((sample, (gain, most)), out) in samples.iter().zip(gains.gain.iter().zip(&gains.most)).zip(out) {
        // No sample that is brighter than `most` has lost anything; so sixteen bits are enough.
        *out = 255 - ((u16::from((*sample).min(*most)) * *gain) >> 7).min(255) as u8;
    }
}

impl Paper {
    /// The gains of a row of the grid, spread out over the cells of the copy: of green, and of all channels as they lie.
    fn gains(&self, row: usize, width: usize) -> [Gains; 2] {
        let row = &self.light[row * self.width..][..self.width];
        let cells = || (0..width).map(|x| row[x / self.cell]);
        [Gains::of(cells().map(|light| light[1])), Gains::of(cells().flatten())]
    }

    /// The brightest place of each grid cell, carried over ink that fills a cell, and smoothed.
    fn of(copy: &Reduced) -> Self {
        let cell = ((copy.per_mm.0.max(copy.per_mm.1) * GRID_MM) as usize).max(2);
        let (width, height) = (copy.width.div_ceil(cell).max(1), copy.height.div_ceil(cell).max(1));
        let mut light = vec![[0u8; 3]; width * height];
        for (y, row) in copy.mean.chunks_exact((copy.width * copy.channels).max(1)).enumerate() {
            let grid = &mut light[(y / cell) * width..(y / cell + 1) * width];
            for (out, cells) in grid.iter_mut().zip(row.chunks(cell * copy.channels)) {
                for pixel in cells.chunks_exact(copy.channels) {
                    (0..3).for_each(|c| out[c] = out[c].max(pixel[c.min(copy.channels - 1)]));
                }
            }
        }
        let usual = usual(&light);
        let floor = usual.map(|v| (u32::from(v) * DARKEST_PAPER / 256) as u8);
        light.iter_mut().for_each(|l| (0..3).for_each(|c| l[c] = l[c].max(floor[c])));
        let wide =
            over(&light, width, |all| all.reduce(|a, b| [a[0].max(b[0]), a[1].max(b[1]), a[2].max(b[2])]));
        let light = over(&wide, width, mean);
        Self { cell, width, light, usual: usual[1] }
    }
}

/// The middle of all grid cells, channel by channel.
fn usual(light: &[[u8; 3]]) -> [u8; 3] {
    [0, 1, 2].map(|c| {
        let mut counts = [0usize; 256];
        light.iter().for_each(|l| counts[usize::from(l[c])] += 1);
        let mut below = 0;
        let level = (0..=255u8).find(|v| {
            below += counts[usize::from(*v)];
            below * 2 >= light.len()
        });
        level.unwrap_or(255)
    })
}

fn mean(all: &mut dyn Iterator<Item = [u8; 3]>) -> Option<[u8; 3]> {
    let (mut sum, mut count) = ([0u32; 3], 0u32);
    for light in all {
        (0..3).for_each(|c| sum[c] += u32::from(light[c]));
        count += 1;
    }
    (count > 0).then(|| sum.map(|s| (s / count) as u8))
}

/// What `fold` makes of the 3 x 3 grid cells around each.
fn over(
    grid: &[[u8; 3]],
    width: usize,
    fold: impl Fn(&mut dyn Iterator<Item = [u8; 3]>) -> Option<[u8; 3]>,
) -> Vec<[u8; 3]> {
    let height = grid.len() / width.max(1);
    let around = |i: usize| {
        let (x, y) = (i % width, i / width);
        let mut cells = (y.saturating_sub(1)..(y + 2).min(height))
            .flat_map(|y| (x.saturating_sub(1)..(x + 2).min(width)).map(move |x| grid[y * width + x]));
        fold(&mut cells).unwrap_or(grid[i])
    };
    (0..grid.len()).map(around).collect()
}

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
        for y in 0..height {
            let row = y * width..(y + 1) * width;
            let grid = &paper.light[(y / paper.cell) * paper.width..];
            for (gx, light) in grid.iter().take(paper.width).enumerate() {
                let cells = row.start + gx * paper.cell..(row.start + (gx + 1) * paper.cell).min(row.end);
                // In 1/128, so that sixteen bits are enough.
                let gain = light.map(|v| (255 << 7) / u16::from(v).max(1));
                let loss = |v: u8, c: usize| 255 - (u16::from(v).saturating_mul(gain[c]) >> 7).min(255);
                let deep = &copy.deep[cells.clone()];
                deep.iter().zip(&mut dark[cells.clone()]).for_each(|(v, out)| *out = loss(*v, 1) as u8);
                if coloured {
                    let means = copy.mean[cells.start * 3..cells.end * 3].as_chunks::<3>().0;
                    let outs =
                        red[cells.clone()].iter_mut().zip(&mut blue[cells.clone()]).zip(&mut cool[cells]);
                    for (mean, ((red, blue), cool)) in means.iter().zip(outs) {
                        let (r, g, b) = (loss(mean[0], 0), loss(mean[1], 1), loss(mean[2], 2));
                        *red = g.saturating_sub(r) as u8;
                        *blue = r.saturating_sub(b) as u8;
                        *cool = r as u8;
                    }
                }
            }
        }
        Self { width, height, dark, red, blue, cool, light: paper.usual }
    }
}

impl Paper {
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

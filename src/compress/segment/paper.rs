//! The light of the paper: what a pixel would show without ink, on a coarse grid.

use super::super::raster::Rgb;

/// Units of [`super::Scale`] along the side of a cell.
pub(super) const CELL_UNITS: usize = 6;
/// Solid fills up to about 2 x this many cells are still recognised as ink on paper.
const FILL_CELLS: usize = 5;
/// Samples that are looked at along the height and the width of a cell.
const SAMPLES: (usize, usize) = (8, 8);
/// Steps in which light is counted.
const STEPS: usize = 128;

/// Light of the paper in each cell.
pub(in super::super) struct Paper {
    /// Side of a cell in pixels.
    pub cell: usize,
    pub width: usize,
    pub height: usize,
    pub light: Vec<[u8; 3]>,
}

impl Paper {
    /// The brightest quarter of each cell, then closed over dark fills and smoothed.
    pub fn of(page: &Rgb, cell: usize) -> Self {
        let (width, height) = (page.width.div_ceil(cell), page.height.div_ceil(cell));
        let mut light: Vec<[u8; 3]> = Vec::with_capacity(width * height);
        for cy in 0..height {
            for cx in 0..width {
                light.push(brightest(page, [cx * cell, cy * cell], cell));
            }
        }
        let planes = [0, 1, 2].map(|c| {
            let plane: Vec<u8> = light.iter().map(|p| p[c]).collect();
            let wide = extreme(&plane, width, FILL_CELLS, u8::max);
            smooth(&extreme(&wide, width, FILL_CELLS, u8::min), width)
        });
        for (i, out) in light.iter_mut().enumerate() {
            *out = [planes[0][i], planes[1][i], planes[2][i]];
        }
        Self { cell, width, height, light }
    }

    /// Light at a pixel.
    pub fn at(&self, x: usize, y: usize) -> [u8; 3] {
        self.light[(y / self.cell) * self.width + x / self.cell]
    }

    /// Smallest and largest loss of light over the channels, in 1/256 of the paper's.
    pub fn loss(&self, page: &Rgb, x: usize, y: usize) -> (u8, u8) {
        let (light, pixel) = (self.at(x, y), page.at(x, y));
        let of = |c: usize| {
            let lost = u32::from(light[c].saturating_sub(pixel[c])) * 256 / u32::from(light[c]).max(1);
            u8::try_from(lost).unwrap_or(u8::MAX)
        };
        let (r, g, b) = (of(0), of(1), of(2));
        (r.min(g).min(b), r.max(g).max(b))
    }
}

/// The level that a quarter of the cell's pixels reach, in each channel.
fn brightest(page: &Rgb, [left, top]: [usize; 2], cell: usize) -> [u8; 3] {
    let mut counts = [[0u16; STEPS]; 3];
    let mut total = 0u16;
    let (down, across) = ((cell / SAMPLES.0).max(1), (cell / SAMPLES.1).max(1));
    for y in (top..(top + cell).min(page.height)).step_by(down) {
        let row = &page.row(y)[left * 3..(left + cell).min(page.width) * 3];
        for pixel in row.as_chunks::<3>().0.iter().step_by(across) {
            (0..3).for_each(|c| counts[c][usize::from(pixel[c]) * STEPS / 256] += 1);
            total += 1;
        }
    }
    counts.map(|histogram| {
        let mut above = 0;
        let level = histogram.iter().rposition(|count| {
            above += count;
            above * 4 >= total
        });
        let width = 256 / STEPS;
        level.map_or(u8::MAX, |level| u8::try_from(level * width + width / 2).unwrap_or(u8::MAX))
    })
}

/// Largest or smallest value in the square of `radius` around each cell, row by row, then column by column.
pub(super) fn extreme(plane: &[u8], width: usize, radius: usize, pick: fn(u8, u8) -> u8) -> Vec<u8> {
    let height = plane.len() / width.max(1);
    let window = |i: usize, end: usize| i.saturating_sub(radius)..(i + radius + 1).min(end);
    let mut across = Vec::with_capacity(plane.len());
    for row in plane.chunks(width.max(1)) {
        across.extend(
            (0..row.len()).map(|x| row[window(x, row.len())].iter().copied().reduce(pick).unwrap_or(row[x])),
        );
    }
    let mut out = across.clone();
    for y in 0..height {
        for from in window(y, height) {
            let (to, from) =
                (&mut out[y * width..(y + 1) * width], &across[from * width..(from + 1) * width]);
            to.iter_mut().zip(from).for_each(|(to, from)| *to = pick(*to, *from));
        }
    }
    out
}

/// Mean of the 3 x 3 cells around each.
pub(super) fn smooth(plane: &[u8], width: usize) -> Vec<u8> {
    let height = plane.len() / width.max(1);
    let mean = |i: usize| {
        let (y, x) = (i / width, i % width);
        let rows = y.saturating_sub(1)..(y + 2).min(height);
        let columns = x.saturating_sub(1)..(x + 2).min(width);
        let count = rows.len() * columns.len();
        let sum: u32 = rows
            .flat_map(|y| &plane[y * width + columns.start..y * width + columns.end])
            .map(|v| u32::from(*v))
            .sum();
        u8::try_from(sum / u32::try_from(count).unwrap_or(1).max(1)).unwrap_or(u8::MAX)
    };
    (0..plane.len()).map(mean).collect()
}

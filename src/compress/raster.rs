//! Samples in memory: bits and colours, and the few operations that the layers need.

/// One bit a pixel, one byte in memory: 1 is black.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bits {
    pub width: usize,
    pub height: usize,
    pub data: Vec<u8>,
}

impl Bits {
    pub fn new(width: usize, height: usize) -> Self {
        Self { width, height, data: vec![0; width * height] }
    }

    /// From rows padded to whole bytes, most significant bit first.
    pub fn unpack(packed: &[u8], width: usize, height: usize) -> Self {
        let stride = width.div_ceil(8);
        let mut bits = Self::new(width, height);
        for (row, out) in packed.chunks(stride.max(1)).zip(bits.data.chunks_mut(width.max(1))) {
            for (x, bit) in out.iter_mut().enumerate() {
                *bit = row.get(x / 8).map_or(0, |byte| byte >> (7 - x % 8) & 1);
            }
        }
        bits
    }

    pub fn is_blank(&self) -> bool {
        !self.data.contains(&1)
    }

    /// Left, top, width, height of the black pixels.
    pub fn bounds(&self) -> Option<[usize; 4]> {
        let rows = || self.data.chunks(self.width.max(1));
        let top = rows().position(|row| row.contains(&1))?;
        let bottom = self.height - rows().rev().position(|row| row.contains(&1))?;
        let columns = rows()
            .skip(top)
            .take(bottom - top)
            .filter_map(|row| Some((row.iter().position(|b| *b == 1)?, row.iter().rposition(|b| *b == 1)?)));
        let (left, right) = columns.fold((self.width, 0), |(l, r), (a, b)| (l.min(a), r.max(b + 1)));
        Some([left, top, right - left, bottom - top])
    }

    /// The part inside `area`.
    pub fn crop(&self, [left, top, width, height]: [usize; 4]) -> Self {
        let rows = (top..top + height)
            .flat_map(|y| &self.data[y * self.width + left..y * self.width + left + width]);
        Self { width, height, data: rows.copied().collect() }
    }

    /// Black grows by `radius` pixels in both directions (a square).
    pub fn grown(&self, radius: usize) -> Self {
        let counts = self.box_counts(radius);
        Self {
            width: self.width,
            height: self.height,
            data: counts.iter().map(|c| u8::from(*c > 0)).collect(),
        }
    }

    /// For each pixel, how many black ones stand in the square around it (255 at most).
    pub fn box_counts(&self, radius: usize) -> Vec<u8> {
        let (w, h) = (self.width, self.height);
        let mut across = vec![0u8; w * h];
        for (row, out) in self.data.chunks(w.max(1)).zip(across.chunks_mut(w.max(1))) {
            let mut sum: u32 = row.iter().take(radius).map(|b| u32::from(*b)).sum();
            for (x, count) in out.iter_mut().enumerate() {
                sum += row.get(x + radius).map_or(0, |b| u32::from(*b));
                *count = u8::try_from(sum).unwrap_or(u8::MAX);
                sum -= x.checked_sub(radius).map_or(0, |left| u32::from(row[left]));
            }
        }
        let mut sums = vec![0u32; w];
        let mut out = vec![0u8; w * h];
        let add = |sums: &mut [u32], y: usize| {
            sums.iter_mut().zip(&across[y * w..(y + 1) * w]).for_each(|(s, v)| *s += u32::from(*v));
        };
        (0..radius.min(h)).for_each(|y| add(&mut sums, y));
        for y in 0..h {
            if y + radius < h {
                add(&mut sums, y + radius);
            }
            for (o, s) in out[y * w..(y + 1) * w].iter_mut().zip(&sums) {
                *o = u8::try_from(*s).unwrap_or(u8::MAX);
            }
            if let Some(top) = y.checked_sub(radius) {
                sums.iter_mut().zip(&across[top * w..(top + 1) * w]).for_each(|(s, v)| *s -= u32::from(*v));
            }
        }
        out
    }
}

/// Three bytes a pixel, sRGB.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rgb {
    pub width: usize,
    pub height: usize,
    pub data: Vec<u8>,
}

impl Rgb {
    /// Means of cells of `factor` x `factor` pixels inside `area`, over the pixels that `use_pixel` admits (by index into
    /// the full page). Cells without any are filled from their neighbours.
    pub fn reduced(&self, area: [usize; 4], factor: usize, use_pixel: impl Fn(usize) -> bool + Sync) -> Self {
        use rayon::prelude::*;
        let [left, top, width, height] = area;
        let (w, h) = (width.div_ceil(factor), height.div_ceil(factor));
        let mut cells = vec![None; w * h];
        cells.par_chunks_mut(w.max(1)).enumerate().for_each(|(cy, row)| {
            let rows = top + cy * factor..(top + (cy + 1) * factor).min(top + height);
            for (cx, cell) in row.iter_mut().enumerate() {
                let columns = left + cx * factor..(left + (cx + 1) * factor).min(left + width);
                *cell = self.mean(rows.clone(), columns, &use_pixel);
            }
        });
        fill(w, h, cells)
    }

    fn mean(
        &self,
        rows: std::ops::Range<usize>,
        columns: std::ops::Range<usize>,
        use_pixel: &impl Fn(usize) -> bool,
    ) -> Option<[u8; 3]> {
        let (mut sum, mut count) = ([0u32; 3], 0u32);
        for y in rows {
            for at in y * self.width + columns.start..y * self.width + columns.end {
                if use_pixel(at) {
                    let pixel = &self.data[at * 3..at * 3 + 3];
                    (0..3).for_each(|c| sum[c] += u32::from(pixel[c]));
                    count += 1;
                }
            }
        }
        (count > 0).then(|| sum.map(|s| u8::try_from((s + count / 2) / count).unwrap_or(u8::MAX)))
    }
}

/// Fills unknown cells with the mean of known ones, coarse to fine, so that holes cost a JPEG next to nothing.
fn fill(width: usize, height: usize, cells: Vec<Option<[u8; 3]>>) -> Rgb {
    let known = cells.iter().filter(|c| c.is_some()).count();
    if known == 0 {
        return Rgb { width, height, data: vec![255; width * height * 3] };
    }
    if known == cells.len() {
        return Rgb { width, height, data: cells.into_iter().flatten().flatten().collect() };
    }
    let (w, h) = (width.div_ceil(2), height.div_ceil(2));
    let coarse = fill(w, h, halved(width, height, &cells));
    let from_coarse = |i: usize| {
        let at = ((i / width / 2) * w + (i % width) / 2) * 3;
        [coarse.data[at], coarse.data[at + 1], coarse.data[at + 2]]
    };
    let data =
        cells.iter().enumerate().flat_map(|(i, cell)| cell.unwrap_or_else(|| from_coarse(i))).collect();
    Rgb { width, height, data }
}

fn halved(width: usize, height: usize, cells: &[Option<[u8; 3]>]) -> Vec<Option<[u8; 3]>> {
    let (w, h) = (width.div_ceil(2), height.div_ceil(2));
    let mean = |cx: usize, cy: usize| {
        let four = [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(dx, dy)| (2 * cx + dx, 2 * cy + dy));
        let known: Vec<[u8; 3]> = four
            .iter()
            .filter(|(x, y)| *x < width && *y < height)
            .filter_map(|(x, y)| cells[y * width + x])
            .collect();
        let count = u32::try_from(known.len()).unwrap_or(1).max(1);
        let channel = |c: usize| known.iter().map(|p| u32::from(p[c])).sum::<u32>() / count;
        (!known.is_empty()).then(|| [0, 1, 2].map(|c| u8::try_from(channel(c)).unwrap_or(u8::MAX)))
    };
    (0..w * h).map(|i| mean(i % w, i / w)).collect()
}

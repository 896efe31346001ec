//! Fewer samples than pixels: means of the pixels that a layer is to show. What it does not show is filled from around, so
//! that it costs a JPEG next to nothing.

use fearless_simd::{Level, dispatch};

use super::raster::{Bits, Rgb};

/// Pixels in a word of a mask.
const WORD: usize = 64;
/// Largest factor of [`means`]: sums of a column stay within 16 bits.
const MAX_FACTOR: usize = 128;
/// Weight of a whole pixel in [`sparse`] and [`resampled`].
const ONE: u32 = 64;

/// Means of cells of `factor` x `factor` pixels over the whole page, without the pixels that `hidden` covers.
pub(super) fn means(page: &Rgb, factor: usize, hidden: &Bits) -> Rgb {
    let factor = factor.clamp(1, MAX_FACTOR);
    let (width, height) = (page.width.div_ceil(factor), page.height.div_ceil(factor));
    let mut cells = Vec::with_capacity(width * height);
    let mut sums = vec![0u16; page.width * 3];
    let mut counts = vec![0u16; page.width];
    for top in (0..page.height).step_by(factor) {
        sums.fill(0);
        counts.fill(0);
        for y in top..(top + factor).min(page.height) {
            add_seen(page.row(y), hidden.row(y), &mut sums, &mut counts);
        }
        for (pixels, counts) in sums.chunks(factor * 3).zip(counts.chunks(factor)) {
            let count: u32 = counts.iter().map(|c| u32::from(*c)).sum();
            cells.push((count > 0).then(|| {
                let mut sum = [0u32; 3];
                for pixel in pixels.as_chunks::<3>().0 {
                    (0..3).for_each(|c| sum[c] += u32::from(pixel[c]));
                }
                sum.map(|s| byte((s + count / 2) / count))
            }));
        }
    }
    fill(width, height, cells)
}

fn byte(value: u32) -> u8 {
    u8::try_from(value).unwrap_or(u8::MAX)
}

/// Adds the pixels of a row that are not hidden.
fn add_seen(row: &[u8], hidden: &[u64], sums: &mut [u16], counts: &mut [u16]) {
    let groups = row.chunks(WORD * 3).zip(sums.chunks_mut(WORD * 3)).zip(counts.chunks_mut(WORD));
    for (((bytes, sums), counts), mask) in groups.zip(hidden) {
        match *mask {
            0 => dispatch!(Level::new(), _simd => add_all(bytes, sums, counts)),
            u64::MAX => {}
            mask => add_some(bytes, mask, sums, counts),
        }
    }
}

#[inline(always)]
fn add_all(bytes: &[u8], sums: &mut [u16], counts: &mut [u16]) {
    sums.iter_mut().zip(bytes).for_each(|(sum, value)| *sum += u16::from(*value));
    counts.iter_mut().for_each(|count| *count += 1);
}

fn add_some(bytes: &[u8], mask: u64, sums: &mut [u16], counts: &mut [u16]) {
    let pixels = bytes.as_chunks::<3>().0.iter().zip(sums.as_chunks_mut::<3>().0).zip(counts);
    for (i, ((pixel, sum), count)) in pixels.enumerate() {
        let seen = u16::from(mask >> (63 - i) & 1 == 0);
        (0..3).for_each(|c| sum[c] += u16::from(pixel[c]) * seen);
        *count += seen;
    }
}

/// Which samples a pixel belongs to, and with which weight: it lies in one, or across the border of two.
fn shares(pixels: usize, samples: usize) -> Vec<(usize, u32)> {
    let border = |i: usize| i * samples * ONE as usize / pixels.max(1);
    (0..pixels)
        .map(|i| {
            let (start, end) = (border(i), border(i + 1));
            let first = start / ONE as usize;
            let inside = end.min((first + 1) * ONE as usize) - start;
            let share = (inside * ONE as usize).checked_div(end - start).unwrap_or(ONE as usize);
            (first.min(samples.saturating_sub(1)), u32::try_from(share).unwrap_or(ONE).min(ONE))
        })
        .collect()
}

/// `width` x `height` samples of `area` over the black pixels of `shown` (a mask of the whole page).
pub(super) fn sparse(page: &Rgb, area: [usize; 4], width: usize, height: usize, shown: &Bits) -> Rgb {
    let [left, top, across, down] = area;
    let (columns, rows) = (shares(across, width), shares(down, height));
    let mut sums = vec![[0u32; 4]; width * height];
    for (row, y) in (top..top + down).enumerate() {
        let (line, first_row) = rows[row];
        for x in shown.ones(y).skip_while(|x| *x < left).take_while(|x| *x < left + across) {
            let (column, first_column) = columns[x - left];
            let pixel = page.at(x, y);
            for (line, down) in [(line, first_row), (line + 1, ONE - first_row)] {
                for (column, across) in [(column, first_column), (column + 1, ONE - first_column)] {
                    let weight = down * across;
                    if weight > 0 && line < height && column < width {
                        let sum = &mut sums[line * width + column];
                        (0..3).for_each(|c| sum[c] += u32::from(pixel[c]) * weight);
                        sum[3] += weight;
                    }
                }
            }
        }
    }
    let mean = |sum: &[u32; 4]| (sum[3] > 0).then(|| [0, 1, 2].map(|c| byte((sum[c] + sum[3] / 2) / sum[3])));
    fill(width, height, sums.iter().map(mean).collect())
}

/// `width` x `height` samples of `area`, all pixels seen.
pub(super) fn resampled(page: &Rgb, area: [usize; 4], width: usize, height: usize) -> Rgb {
    let [left, top, across, down] = area;
    let rows = shares(down, height);
    let columns = shares(across, width);
    let mut sums = vec![[0u32; 4]; width * (height + 1)];
    for (row, y) in (top..top + down).enumerate() {
        let (line, first_row) = rows[row];
        let pixels = page.row(y)[left * 3..(left + across) * 3].as_chunks::<3>().0;
        for (pixel, (column, first_column)) in pixels.iter().zip(&columns) {
            for (line, down) in [(line, first_row), (line + 1, ONE - first_row)] {
                for (column, across) in [(*column, *first_column), (*column + 1, ONE - *first_column)] {
                    let weight = down * across;
                    if weight > 0 && column < width {
                        let sum = &mut sums[line * width + column];
                        (0..3).for_each(|c| sum[c] += u32::from(pixel[c]) * weight);
                        sum[3] += weight;
                    }
                }
            }
        }
    }
    sums.truncate(width * height);
    let data = sums.iter().flat_map(|sum| [0, 1, 2].map(|c| byte((sum[c] + sum[3] / 2) / sum[3].max(1))));
    Rgb { width, height, data: data.collect() }
}

/// Fills unknown cells with the mean of known ones, coarse to fine.
fn fill(width: usize, height: usize, cells: Vec<Option<[u8; 3]>>) -> Rgb {
    let known = cells.iter().filter(|c| c.is_some()).count();
    if known == 0 {
        return Rgb { width, height, data: vec![255; width * height * 3] };
    }
    let mut data = Vec::with_capacity(width * height * 3);
    if known == cells.len() {
        cells.into_iter().flatten().for_each(|cell| data.extend(cell));
        return Rgb { width, height, data };
    }
    let coarse = fill(width.div_ceil(2), height.div_ceil(2), halved(width, height, &cells));
    for (y, row) in cells.chunks(width).enumerate() {
        for (x, cell) in row.iter().enumerate() {
            data.extend(cell.unwrap_or_else(|| coarse.at(x / 2, y / 2)));
        }
    }
    Rgb { width, height, data }
}

fn halved(width: usize, height: usize, cells: &[Option<[u8; 3]>]) -> Vec<Option<[u8; 3]>> {
    let mut out = Vec::with_capacity(width.div_ceil(2) * height.div_ceil(2));
    for rows in cells.chunks(width * 2) {
        let (upper, lower) = rows.split_at(width.min(rows.len()));
        for x in (0..width).step_by(2) {
            let (mut sum, mut count) = ([0u32; 3], 0u32);
            for cell in [upper, lower].iter().flat_map(|row| row.iter().skip(x).take(2)).flatten() {
                (0..3).for_each(|c| sum[c] += u32::from(cell[c]));
                count += 1;
            }
            out.push((count > 0).then(|| sum.map(|s| byte(s / count))));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gradient(width: usize, height: usize) -> Rgb {
        let data =
            (0..height).flat_map(|y| (0..width).flat_map(move |x| [(x % 256) as u8, (y % 256) as u8, 77]));
        Rgb { width, height, data: data.collect() }
    }

    #[test]
    fn means_are_means_and_hidden_pixels_do_not_count() {
        let mut page = gradient(200, 90);
        let mut hidden = Bits::new(200, 90);
        hidden.fill([10, 10, 100, 50], true);
        for y in 10..60 {
            page.data[(y * 200 + 10) * 3..(y * 200 + 110) * 3].fill(0);
        }
        let reduced = means(&page, 8, &hidden);
        assert_eq!((reduced.width, reduced.height), (25, 12));
        assert_eq!(reduced.at(20, 9), [164, 76, 77]); // 160 to 167, 72 to 79
        assert!(reduced.data.chunks(3).all(|p| p[2] == 77), "{:?}", reduced.data);
    }

    #[test]
    fn resampling_keeps_the_mean_also_between_pixels() {
        let page = gradient(150, 90);
        let mut all = Bits::new(150, 90);
        all.fill([0, 0, 150, 90], true);
        for (width, height) in [(100, 60), (75, 45), (150, 90), (37, 13)] {
            let dense = resampled(&page, [0, 0, 150, 90], width, height);
            let seen = sparse(&page, [0, 0, 150, 90], width, height, &all);
            assert_eq!(dense, seen);
            let mean = |image: &Rgb| {
                image.data.iter().step_by(3).map(|v| f64::from(*v)).sum::<f64>()
                    / (image.data.len() / 3) as f64
            };
            assert!((mean(&dense) - mean(&page)).abs() < 1.0, "{} {}", mean(&dense), mean(&page));
            assert!(dense.at(0, 0)[0] < 3 && dense.at(width - 1, 0)[0] > 145);
        }
    }
}

//! One pass over the samples makes a copy of about 100 dpi; everything else looks at that.

use super::super::{PageImage, Pixels};

/// Resolution that the copy aims at: a small letter is 8 pixels high, an A4 sheet 0.97 million pixels.
const COPY_DPI: f64 = 100.0;
/// Up to this resolution a page is taken as it is: half of it would lose the dots of letters.
const SMALLEST_HALVED_DPI: f64 = 160.0;

/// A small copy of a page: means of square cells of its pixels, and the darkest pixel of each.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct Reduced {
    /// Width in cells.
    pub width: usize,
    /// Height in cells.
    pub height: usize,
    /// Cells a millimetre, along the width and the height.
    pub per_mm: (f64, f64),
    /// Pixels of the page a cell, along the width and the height.
    pub factor: (usize, usize),
    /// Means of red, green, blue; for a page without colour of its one channel.
    pub mean: Vec<u8>,
    /// Channels of `mean`: 1 or 3.
    pub channels: usize,
    /// The darkest green (or grey) of each cell: thin strokes keep their contrast.
    pub deep: Vec<u8>,
}

impl Reduced {
    /// The copy of `image`, whose resolution is `dpi` along width and height.
    pub fn of(image: &PageImage, dpi: (f64, f64)) -> Self {
        let factor = |dpi: f64, side: u32| match dpi {
            dpi if dpi < SMALLEST_HALVED_DPI => 1,
            dpi => ((dpi / COPY_DPI).round() as usize).clamp(1, side.max(1) as usize),
        };
        let factor = (factor(dpi.0, image.width), factor(dpi.1, image.height));
        let (w, h) = (image.width as usize, image.height as usize);
        let (width, height) = (w / factor.0, h / factor.1);
        let channels = if matches!(image.pixels, Pixels::Rgb(_)) { 3 } else { 1 };
        let per_mm = (dpi.0 / factor.0 as f64 / 25.4, dpi.1 / factor.1 as f64 / 25.4);
        let mut copy = Self {
            width,
            height,
            per_mm,
            factor,
            mean: vec![0; width * height * channels],
            channels,
            deep: vec![0; width * height],
        };
        match &image.pixels {
            Pixels::Rgb(samples) => copy.fill(samples, w * 3),
            Pixels::Grey(samples) => copy.fill(samples, w),
            Pixels::Bilevel(bits) => {
                copy.fill_bits(bits, w);
                // Black and white keeps its contrast in the means, and only they tell where between two cells an edge lies.
                copy.deep.clone_from(&copy.mean);
            }
        }
        copy
    }

    fn fill(&mut self, samples: &[u8], stride: usize) {
        let (fx, fy) = self.factor;
        let used = self.width * fx * self.channels;
        let mut sums = vec![0u16; used];
        let mut least = vec![255u8; used];
        for y in 0..self.height {
            let rows = &samples[y * fy * stride..(y + 1) * fy * stride];
            gather(rows, stride, &mut sums, &mut least);
            self.row(y, &sums, &least);
        }
    }

    /// Rows of bits are spread out one by one; 1 is black.
    fn fill_bits(&mut self, bits: &[u8], width: usize) {
        let (fx, fy) = self.factor;
        let (stride, used) = (width.div_ceil(8), self.width * fx);
        let mut grey = vec![0u8; used * fy];
        let (mut sums, mut least) = (vec![0u16; used], vec![255u8; used]);
        for y in 0..self.height {
            let rows = bits[y * fy * stride..(y + 1) * fy * stride].chunks_exact(stride.max(1));
            for (row, out) in rows.zip(grey.chunks_exact_mut(used.max(1))) {
                for (x, value) in out.iter_mut().enumerate() {
                    *value = if row[x / 8] >> (7 - x % 8) & 1 == 1 { 0 } else { 255 };
                }
            }
            gather(&grey, used, &mut sums, &mut least);
            self.row(y, &sums, &least);
        }
    }

    /// Writes row `y` from the sums and minima of its columns.
    fn row(&mut self, y: usize, sums: &[u16], least: &[u8]) {
        let (width, fx) = (self.width, self.factor.0);
        // Division by a constant for the whole page, as a multiplication.
        let scale = (1u32 << 16).div_ceil((fx * self.factor.1).max(1) as u32);
        let deep = &mut self.deep[y * width..(y + 1) * width];
        let mean = &mut self.mean[y * width * self.channels..(y + 1) * width * self.channels];
        match (self.channels, fx) {
            (3, 3) => fixed::<9>(sums, least, scale, mean, deep),
            (3, 2) => fixed::<6>(sums, least, scale, mean, deep),
            (3, _) => cells::<3>(sums, least, fx, scale, mean, deep),
            _ => cells::<1>(sums, least, fx, scale, mean, deep),
        }
    }
}

/// Puts `N` / 3 columns of colour together: the usual resolutions, unrolled.
fn fixed<const N: usize>(sums: &[u16], least: &[u8], scale: u32, mean: &mut [u8], deep: &mut [u8]) {
    let (sums, least) = (sums.as_chunks::<N>().0, least.as_chunks::<N>().0);
    let out = mean.as_chunks_mut::<3>().0.iter_mut().zip(deep);
    for ((sums, least), (mean, deep)) in sums.iter().zip(least).zip(out) {
        let (mut sum, mut darkest) = ([0u32; 3], 255);
        for k in 0..N / 3 {
            (0..3).for_each(|c| sum[c] += u32::from(sums[k * 3 + c]));
            darkest = least[k * 3 + 1].min(darkest);
        }
        *mean = sum.map(|sum| ((sum * scale) >> 16).min(255) as u8);
        *deep = darkest;
    }
}

/// Puts `fx` columns of `C` channels together.
fn cells<const C: usize>(
    sums: &[u16],
    least: &[u8],
    fx: usize,
    scale: u32,
    mean: &mut [u8],
    deep: &mut [u8],
) {
    let green = C / 2;
    let parts = sums.chunks_exact(fx * C).zip(least.chunks_exact(fx * C));
    for ((sums, least), (mean, deep)) in parts.zip(mean.chunks_exact_mut(C).zip(deep)) {
        let mut sum = [0u32; C];
        for pixel in sums.chunks_exact(C) {
            sum.iter_mut().zip(pixel).for_each(|(sum, v)| *sum += u32::from(*v));
        }
        // Sums of at most 36 x 36 pixels fit; larger cells only come with resolutions that no page has.
        mean.iter_mut()
            .zip(sum)
            .for_each(|(out, sum)| *out = (sum.saturating_mul(scale) >> 16).min(255) as u8);
        *deep = least.chunks_exact(C).map(|pixel| pixel[green]).min().unwrap_or(255);
    }
}

/// Sums and minima down the columns of a few rows. The usual numbers of rows are added in one pass.
fn gather(rows: &[u8], stride: usize, sums: &mut [u16], least: &mut [u8]) {
    let (sums, least) = (sums.iter_mut(), least.iter_mut());
    if let Some((a, rest)) = rows.split_at_checked(stride)
        && rest.len() == stride
    {
        for (((sum, least), a), b) in sums.zip(least).zip(a).zip(rest) {
            (*sum, *least) = (u16::from(*a) + u16::from(*b), (*a).min(*b));
        }
    } else if let Some((a, rest)) = rows.split_at_checked(stride)
        && rest.len() == 2 * stride
    {
        let (b, c) = rest.split_at(stride);
        for ((((sum, least), a), b), c) in sums.zip(least).zip(a).zip(b).zip(c) {
            (*sum, *least) = (u16::from(*a) + u16::from(*b) + u16::from(*c), (*a).min(*b).min(*c));
        }
    } else {
        gather_many(rows, stride, sums.into_slice(), least.into_slice());
    }
}

fn gather_many(rows: &[u8], stride: usize, sums: &mut [u16], least: &mut [u8]) {
    sums.fill(0);
    least.fill(255);
    for row in rows.chunks_exact(stride.max(1)) {
        sums.iter_mut().zip(row).for_each(|(sum, v)| *sum = sum.saturating_add(u16::from(*v)));
        least.iter_mut().zip(row).for_each(|(least, v)| *least = (*least).min(*v));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_and_minima_are_those_of_the_cells() {
        let samples: Vec<u8> = (0..6 * 6).flat_map(|i| [i, 100 + i, 200]).collect();
        let image = PageImage { width: 6, height: 6, pixels: Pixels::Rgb(samples) };
        let copy = Reduced::of(&image, (300.0, 300.0));
        assert_eq!((copy.width, copy.height, copy.factor), (2, 2, (3, 3)));
        assert_eq!(copy.mean[..6], [7, 107, 200, 10, 110, 200]);
        assert_eq!(copy.deep, [100, 103, 118, 121]);
    }

    #[test]
    fn bits_are_white_paper_with_black_ink() {
        let image = PageImage { width: 10, height: 2, pixels: Pixels::Bilevel(vec![0x80, 0, 0, 0]) };
        let copy = Reduced::of(&image, (200.0, 200.0));
        assert_eq!(
            (copy.mean.clone(), copy.deep.clone()),
            (vec![191, 255, 255, 255, 255], vec![191, 255, 255, 255, 255])
        );
    }
}

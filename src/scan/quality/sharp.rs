//! How sharp the strokes of a page are, measured on rows of its own pixels.

use super::super::{PageImage, Pixels};

/// Every so many-th row is looked at: 350 of an A4 sheet at 300 dpi, each line of print is met twice.
const ROW_STEP: usize = 10;
/// Rows that are put together, against the noise of the sensor.
const ROWS: usize = 3;
/// Half of the stretch in which an edge has to rise, in millimetres.
const REACH_MM: f64 = 0.34;
/// Strip in millimetres at both sides that may show the edge of the sheet.
const RIM_MM: f64 = 9.0;
/// Rise of green light, of 255, of the strokes that tell the sharpness.
const EDGE: u8 = 60;
/// Most edges that are kept.
const MOST: usize = 60_000;
/// Fewest edges that tell a sharpness.
const FEWEST: usize = 200;

/// Green (or grey) light of some rows of a page, each a mean of a few neighbours.
pub(in super::super) struct Rows<'a> {
    image: &'a PageImage,
    next: usize,
    sums: Vec<u16>,
    row: Vec<u8>,
}

impl<'a> Rows<'a> {
    /// Rows from top to bottom; none of a page in black and white, which has nothing but sharp edges.
    pub fn of(image: &'a PageImage) -> Self {
        let width = image.width as usize;
        Self { image, next: 0, sums: vec![0; width], row: vec![0; width] }
    }

    /// The number of the first row and the mean of it and its neighbours.
    pub fn next(&mut self) -> Option<(usize, &[u8])> {
        let (y, height) = (self.next, self.image.height as usize);
        if y >= height || matches!(self.image.pixels, Pixels::Bilevel(_)) {
            return None;
        }
        self.next += ROW_STEP;
        self.sums.fill(0);
        let rows = y..(y + ROWS).min(height);
        let count = rows.len().max(1) as u16;
        rows.for_each(|y| add_row(self.image, y, &mut self.sums));
        // Division by three as a multiplication: exact for sums below 2^15.
        let mean =
            |sum: u16| if count == 3 { ((u32::from(sum) * 21_846) >> 16) as u8 } else { (sum / count) as u8 };
        self.row.iter_mut().zip(&self.sums).for_each(|(v, sum)| *v = mean(*sum));
        Some((y, &self.row))
    }
}

/// Millimetres over which the clearer half of the edges along some rows rise; none with too few of them. `dpi` is the
/// resolution along the rows.
pub(in super::super) fn edge_mm(image: &PageImage, dpi: f64) -> Option<f64> {
    let reach = ((REACH_MM * dpi / 25.4).round() as usize).max(2);
    let rim = ((RIM_MM * dpi / 25.4) as usize).max(reach + 1);
    let width = image.width as usize;
    let (mut found, mut rises) = (Vec::new(), Vec::with_capacity(width));
    let mut rows = Rows::of(image);
    while let Some((_, row)) = rows.next() {
        if width <= 2 * rim || found.len() >= MOST {
            break;
        }
        // Rises about each place between the rims; most of a page has none.
        let (left, right) = (&row[rim - reach..width - rim - reach], &row[rim + reach..width - rim + reach]);
        rises.clear();
        rises.extend(left.iter().zip(right).map(|(a, b)| a.abs_diff(*b)));
        let mut x = 0;
        while let Some(at) = rises.get(x..).and_then(|rest| rest.iter().position(|rise| *rise >= EDGE)) {
            x += at;
            let stretch = &row[x + rim - reach..=x + rim + reach];
            let steep = stretch.windows(2).map(|pair| pair[0].abs_diff(pair[1])).max();
            found.push((rises[x], f64::from(rises[x]) / f64::from(steep.unwrap_or(1).max(1)) / dpi * 25.4));
            x += reach;
        }
    }
    clearer_half(found)
}

/// The middle of the widths of the clearer half.
fn clearer_half(mut found: Vec<(u8, f64)>) -> Option<f64> {
    if found.len() < FEWEST {
        return None;
    }
    found.sort_by_key(|(rise, _)| std::cmp::Reverse(*rise));
    found.truncate(found.len() / 2);
    found.sort_by(|a, b| a.1.total_cmp(&b.1));
    found.get(found.len() / 2).map(|f| f.1)
}

/// Adds the green (or grey) values of a row.
fn add_row(image: &PageImage, y: usize, sums: &mut [u16]) {
    let width = image.width as usize;
    match &image.pixels {
        Pixels::Rgb(samples) => {
            let row = samples[y * width * 3..(y + 1) * width * 3].as_chunks::<3>().0;
            row.iter().zip(sums).for_each(|(p, sum)| *sum += u16::from(p[1]));
        }
        Pixels::Grey(samples) => {
            let row = &samples[y * width..(y + 1) * width];
            row.iter().zip(sums).for_each(|(v, sum)| *sum += u16::from(*v));
        }
        Pixels::Bilevel(_) => {}
    }
}

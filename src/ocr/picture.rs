//! The copy of a page that Tesseract gets: grey or black and white, upright, without compression, near 300 dpi. Coloured
//! pictures take Tesseract a quarter more time and are read no better.

use crate::scan::{Dpi, PageImage, Pixels};

use super::{Line, PageText, Word};

/// Resolution that Tesseract reads best; finer scans are averaged down to no less than this.
const BEST_DPI: f64 = 300.0;
/// Skew in degrees below which a copy is not turned: lines of text are found at any small angle.
const STRAIGHT: f64 = 0.1;

/// A picture in the PNM format, and how its places lie on the scan.
pub(super) struct Picture {
    /// The file: P4 or P5.
    pub pnm: Vec<u8>,
    /// Dots per inch.
    pub dpi: u32,
    frame: Frame,
}

/// From places on the copy to places on the scan.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    factor: f32,
    /// Centres of the reduced scan and of the copy.
    scan: [f32; 2],
    copy: [f32; 2],
    /// Radians by which the scan is turned anticlockwise and the copy is not.
    skew: f32,
}

/// One byte a pixel.
struct Grey {
    width: usize,
    height: usize,
    samples: Vec<u8>,
}

impl Picture {
    /// The copy of a page whose content is turned by `skew` degrees anticlockwise.
    pub fn new(page: &PageImage, dpi: Dpi, skew: f64) -> Self {
        let finest = dpi.x.min(dpi.y);
        let factor = (finest / BEST_DPI).floor().clamp(1.0, 16.0) as usize;
        let skew = if skew.abs() < STRAIGHT { 0.0 } else { skew.to_radians() };
        let frame = Frame::of([page.width, page.height].map(|side| side as usize / factor), factor, skew);
        let dpi = (finest / factor as f64).round() as u32;
        let pnm = match &page.pixels {
            // PBM has 1 for black and rows padded to bytes, as the page has.
            Pixels::Bilevel(bits) if factor == 1 && skew == 0.0 => {
                file("P4", (page.width as usize, page.height as usize), "", bits)
            }
            _ => {
                let grey = turned(reduced(grey(page), factor), frame);
                file("P5", (grey.width, grey.height), "255\n", &grey.samples)
            }
        };
        Self { pnm, dpi, frame }
    }

    /// From the copy to the scan.
    pub fn frame(&self) -> Frame {
        self.frame
    }
}

impl Frame {
    fn of([width, height]: [usize; 2], factor: usize, skew: f64) -> Self {
        let scan = [width as f32 / 2.0, height as f32 / 2.0];
        // A page on its side makes a copy that is as wide as the page is high.
        let on_its_side = skew.sin().abs() > skew.cos().abs();
        let copy = if on_its_side { [scan[1], scan[0]] } else { scan };
        Self { factor: factor as f32, scan, copy, skew: skew as f32 }
    }

    /// The text with its places on the scan.
    pub fn on_the_scan(self, mut text: PageText) -> PageText {
        for line in &mut text.lines {
            self.place(line);
        }
        text
    }

    fn place(self, line: &mut Line) {
        let (sin, cos) = self.skew.sin_cos();
        let place = |[x, y]: [f32; 2]| {
            let (x, y) = (x - self.copy[0], y - self.copy[1]);
            [
                (x * cos + y * sin + self.scan[0]) * self.factor,
                (y * cos - x * sin + self.scan[1]) * self.factor,
            ]
        };
        line.angle -= self.skew;
        line.size *= self.factor;
        for Word { at, length, .. } in &mut line.words {
            *at = place(*at);
            *length *= self.factor;
        }
    }
}

fn file(magic: &str, (width, height): (usize, usize), depth: &str, samples: &[u8]) -> Vec<u8> {
    let mut pnm = format!("{magic}\n{width} {height}\n{depth}").into_bytes();
    pnm.extend_from_slice(samples);
    pnm
}

/// Luma (ITU-R BT.601) of the page.
fn grey(page: &PageImage) -> Grey {
    let (width, height) = (page.width as usize, page.height as usize);
    let luma = |p: &[u8]| match p {
        [r, g, b] => ((77 * u32::from(*r) + 150 * u32::from(*g) + 29 * u32::from(*b)) >> 8) as u8,
        _ => 255,
    };
    let samples = match &page.pixels {
        Pixels::Grey(samples) => samples.clone(),
        Pixels::Rgb(samples) => samples.chunks_exact(3).map(luma).collect(),
        Pixels::Bilevel(bits) => bits
            .chunks(width.div_ceil(8).max(1))
            .flat_map(|row| {
                (0..width).map(|x| {
                    let black = row.get(x / 8).is_some_and(|byte| byte >> (7 - x % 8) & 1 == 1);
                    if black { 0 } else { 255 }
                })
            })
            .collect(),
    };
    Grey { width, height, samples }
}

/// Means of squares of `factor` pixels; what is left over at the right and the bottom is paper.
fn reduced(page: Grey, factor: usize) -> Grey {
    if factor == 1 {
        return page;
    }
    let (width, height) = (page.width / factor, page.height / factor);
    let mut samples = Vec::with_capacity(width * height);
    for y in 0..height {
        for x in 0..width {
            let row = |dy: usize| {
                let from = (y * factor + dy) * page.width + x * factor;
                page.samples.get(from..from + factor).unwrap_or_default()
            };
            let sum: usize = (0..factor).flat_map(row).map(|v| usize::from(*v)).sum();
            samples.push(u8::try_from(sum / (factor * factor)).unwrap_or(255));
        }
    }
    Grey { width, height, samples }
}

/// The page turned upright about its centre, by any angle; what was not on the scan is white.
fn turned(page: Grey, frame: Frame) -> Grey {
    if frame.skew == 0.0 {
        return page;
    }
    let (sin, cos) = frame.skew.sin_cos();
    let at = |x: isize, y: isize| match (usize::try_from(x), usize::try_from(y)) {
        (Ok(x), Ok(y)) if x < page.width && y < page.height => {
            f32::from(page.samples.get(y * page.width + x).copied().unwrap_or(255))
        }
        _ => 255.0,
    };
    let mut samples = Vec::with_capacity(page.samples.len());
    let [width, height] = frame.copy.map(|half| (half * 2.0).round() as usize);
    for row in 0..height {
        for column in 0..width {
            let (x, y) = (column as f32 - frame.copy[0], row as f32 - frame.copy[1]);
            let (x, y) = (x * cos + y * sin + frame.scan[0], y * cos - x * sin + frame.scan[1]);
            let (left, top) = (x.floor(), y.floor());
            let (dx, dy) = (x - left, y - top);
            let (left, top) = (left as isize, top as isize);
            let upper = at(left, top) * (1.0 - dx) + at(left + 1, top) * dx;
            let lower = at(left, top + 1) * (1.0 - dx) + at(left + 1, top + 1) * dx;
            samples.push((upper * (1.0 - dy) + lower * dy).round() as u8);
        }
    }
    Grey { width, height, samples }
}

//! Painting of a picture through a matrix: every pixel of the page asks the picture what it has there. Pictures at the
//! resolution of the page give their samples unmixed; coarser ones are interpolated.

use super::super::{PageImage, Pixels};
use super::image::{Kind, Picture};
use super::matrix::{Area, Matrix};

/// Samples a page pixel above which a picture is coarse enough to be interpolated.
const COARSE: f64 = 1.25;

/// A page of RGB samples that starts white.
#[derive(Debug)]
pub(super) struct Canvas {
    width: usize,
    height: usize,
    pub samples: Vec<u8>,
}

/// Colours and opacity of a picture at any place.
pub(super) struct Sampler<'a> {
    image: &'a PageImage,
    mask: Option<&'a PageImage>,
    stencil: Option<[u8; 3]>,
}

impl Canvas {
    pub fn white(width: usize, height: usize) -> Self {
        Self { width, height, samples: vec![255; width * height * 3] }
    }

    /// Pixels whose middle lies in the area: columns and rows.
    fn inside(&self, area: Area) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let edge = |v: f64, most: usize| (v - 0.5).ceil().clamp(0.0, most as f64) as usize;
        let [l, t, r, b] = area.0;
        (edge(l, self.width)..edge(r, self.width), edge(t, self.height)..edge(b, self.height))
    }

    pub fn fill(&mut self, area: Area, rgb: [u8; 3]) {
        let (columns, rows) = self.inside(area);
        for y in rows {
            for x in columns.clone() {
                let at = (y * self.width + x) * 3;
                self.samples[at..at + 3].copy_from_slice(&rgb);
            }
        }
    }

    /// Paints a picture; `matrix` maps its unit square to pixels of the page.
    pub fn paint(&mut self, sampler: &Sampler<'_>, matrix: Matrix, clip: Area) {
        let Some(back) = matrix.inverse() else { return };
        let (columns, rows) = self.inside(Area([0.0, 0.0, 1.0, 1.0]).moved(matrix).inside(clip));
        let [a, b, c, d, ..] = matrix.0;
        let across = a.hypot(b) / f64::from(sampler.image.width);
        let down = c.hypot(d) / f64::from(sampler.image.height);
        let smooth = across.max(down) > COARSE;
        for y in rows {
            for x in columns.clone() {
                let (u, v) = back.apply((x as f64 + 0.5, y as f64 + 0.5));
                if !(0.0..1.0).contains(&u) || !(0.0..1.0).contains(&v) {
                    continue;
                }
                let (rgb, opacity) = sampler.at(u, v, smooth);
                let at = (y * self.width + x) * 3;
                for (under, over) in self.samples[at..at + 3].iter_mut().zip(rgb) {
                    *under = mixed(*under, over, opacity);
                }
            }
        }
    }
}

fn mixed(under: u8, over: u8, opacity: u8) -> u8 {
    let opacity = u32::from(opacity);
    let sum = u32::from(under) * (255 - opacity) + u32::from(over) * opacity;
    u8::try_from((sum + 127) / 255).unwrap_or(u8::MAX)
}

impl<'a> Sampler<'a> {
    pub fn new(picture: &'a Picture, rgb: [u8; 3]) -> Self {
        let (mask, stencil) = match &picture.kind {
            Kind::Opaque => (None, None),
            Kind::Stencil => (None, Some(rgb)),
            Kind::Masked(mask) => (Some(&**mask), None),
        };
        Self { image: &picture.image, mask, stencil }
    }

    /// Colour and opacity at `u`, `v` of the unit square.
    fn at(&self, u: f64, v: f64, smooth: bool) -> ([u8; 3], u8) {
        if let Some(rgb) = self.stencil {
            return (rgb, opacity(self.image, u, v));
        }
        let rgb = if smooth { interpolated(self.image, u, v) } else { nearest(self.image, u, v) };
        (rgb, self.mask.map_or(255, |mask| opacity(mask, u, v)))
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn index(share: f64, count: u32) -> usize {
    ((share * f64::from(count)) as usize).min(count as usize - 1)
}

fn nearest(image: &PageImage, u: f64, v: f64) -> [u8; 3] {
    pixel(image, index(u, image.width), index(v, image.height))
}

/// Bits of a mask let through where they are black, greys as far as they are white.
fn opacity(mask: &PageImage, u: f64, v: f64) -> u8 {
    let value = nearest(mask, u, v)[0];
    if matches!(mask.pixels, Pixels::Bilevel(_)) { 255 - value } else { value }
}

fn pixel(image: &PageImage, x: usize, y: usize) -> [u8; 3] {
    let width = image.width as usize;
    match &image.pixels {
        Pixels::Bilevel(bits) => {
            let byte = bits.get(y * width.div_ceil(8) + x / 8).copied().unwrap_or(0);
            if byte >> (7 - x % 8) & 1 == 1 { [0; 3] } else { [255; 3] }
        }
        Pixels::Grey(samples) => [samples.get(y * width + x).copied().unwrap_or(255); 3],
        Pixels::Rgb(samples) => {
            let at = (y * width + x) * 3;
            samples.get(at..at + 3).and_then(|p| p.try_into().ok()).unwrap_or([255; 3])
        }
    }
}

/// Between the middles of four samples.
fn interpolated(image: &PageImage, u: f64, v: f64) -> [u8; 3] {
    let place = |share: f64, count: u32| {
        let exact = (share * f64::from(count) - 0.5).clamp(0.0, f64::from(count - 1));
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let first = exact as usize;
        (first, (first + 1).min(count as usize - 1), exact.fract())
    };
    let (x0, x1, fx) = place(u, image.width);
    let (y0, y1, fy) = place(v, image.height);
    let four = [pixel(image, x0, y0), pixel(image, x1, y0), pixel(image, x0, y1), pixel(image, x1, y1)];
    let mix = |a: f64, b: f64, share: f64| a + (b - a) * share;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    [0, 1, 2].map(|c| {
        let [a, b, d, e] = four.map(|p| f64::from(p[c]));
        mix(mix(a, b, fx), mix(d, e, fx), fy).round() as u8
    })
}

//! Layers put together again, as a reader would paint them: for the guard, and for whoever wants to look.

use crate::error::Result;
use crate::scan::{PageImage, Pixels};

use super::raster::{Bits, Rgb};
use super::{Layer, PageLayers, Paint, bitonal, tone};

/// The page as its layers show it, in colour.
///
/// # Errors
/// A guard error when a stream cannot be decoded.
pub fn reconstruct(page: &PageLayers) -> Result<PageImage> {
    let (width, height) = (page.width as usize, page.height as usize);
    let layers = page.layers.iter().map(Shown::decoded).collect::<Result<Vec<_>>>()?;
    let mut samples = vec![255; width * height * 3];
    for (y, row) in samples.chunks_mut((width * 3).max(1)).enumerate() {
        layers.iter().for_each(|layer| layer.paint(y, row));
    }
    Ok(PageImage { width: page.width, height: page.height, pixels: Pixels::Rgb(samples) })
}

/// What a layer shows, decoded, and where: left, top, width, height in pixels of the page.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub area: [usize; 4],
    pub what: Picture,
}

/// The decoded streams of a layer.
#[derive(Clone, Debug)]
pub(super) enum Picture {
    Image(Rgb),
    Stencil(Bits, [u8; 3]),
    Masked(Rgb, Bits),
}

impl Shown {
    fn decoded(layer: &Layer) -> Result<Self> {
        let what = match &layer.paint {
            Paint::Image(stream) => Picture::Image(tone::decode(stream)?),
            Paint::Stencil { mask, rgb } => {
                Picture::Stencil(bitonal::decode(mask, layer.width as usize, layer.height as usize)?, *rgb)
            }
            Paint::Masked { colour, mask, mask_size: (width, height) } => Picture::Masked(
                tone::decode(colour)?,
                bitonal::decode(mask, *width as usize, *height as usize)?,
            ),
        };
        Ok(Self { area: layer.area.map(|v| v as usize), what })
    }

    /// Which of its rows an image as wide as the page shows in row `y` of the page.
    pub fn source_row(&self, y: usize, page_width: usize) -> Option<usize> {
        let [left, top, width, height] = self.area;
        match &self.what {
            Picture::Image(image) if left == 0 && top == 0 && width == page_width && y < height => {
                Some(y * image.height / height)
            }
            _ => None,
        }
    }

    /// Paints what lies in row `y` of the page.
    pub fn paint(&self, y: usize, row: &mut [u8]) {
        let [left, top, width, height] = self.area;
        let Some(y) = y.checked_sub(top).filter(|y| *y < height) else { return };
        let pixels = &mut row.as_chunks_mut::<3>().0[left..left + width];
        match &self.what {
            Picture::Image(image) => {
                let samples = samples(image, y, height);
                for (i, sample) in samples.iter().enumerate() {
                    // The pixels x with x * image.width / width == i, as a reader without interpolation has them.
                    let start = (i * width).div_ceil(image.width);
                    let end = ((i + 1) * width).div_ceil(image.width);
                    pixels[start..end].fill(*sample);
                }
            }
            Picture::Stencil(bits, rgb) => bits.ones(y).for_each(|x| pixels[x] = *rgb),
            Picture::Masked(image, bits) => {
                let samples = samples(image, y, height);
                bits.ones(y).for_each(|x| pixels[x] = samples[x * image.width / width]);
            }
        }
    }
}

/// The row of samples that a row of an area of `height` pixels shows.
fn samples(image: &Rgb, y: usize, height: usize) -> &[[u8; 3]] {
    image.row(y * image.height / height.max(1)).as_chunks::<3>().0
}

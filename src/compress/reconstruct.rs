//! Layers put together again, as a reader would paint them: for the guard, and for whoever wants to look.

use rayon::prelude::*;

use crate::error::Result;
use crate::scan::{PageImage, Pixels};

use super::raster::Rgb;
use super::{Layer, PageLayers, Paint, bitonal, tone};

/// The page as its layers show it, in colour.
///
/// # Errors
/// A guard error when a stream cannot be decoded.
pub fn reconstruct(page: &PageLayers) -> Result<PageImage> {
    let rgb = compose(page)?;
    Ok(PageImage { width: page.width, height: page.height, pixels: Pixels::Rgb(rgb.data) })
}

/// Paints all layers on white.
pub(super) fn compose(page: &PageLayers) -> Result<Rgb> {
    let (width, height) = (page.width as usize, page.height as usize);
    let mut canvas = Rgb { width, height, data: vec![255; width * height * 3] };
    for layer in &page.layers {
        paint(&mut canvas, layer)?;
    }
    Ok(canvas)
}

fn paint(canvas: &mut Rgb, layer: &Layer) -> Result<()> {
    match &layer.paint {
        Paint::Image(stream) => {
            let image = tone::decode(stream)?;
            each_pixel(canvas, layer.area, |x, y| Some(sample(&image, layer.area, x, y)));
        }
        Paint::Stencil { mask, rgb } => {
            let bits = bitonal::decode(mask, layer.width as usize, layer.height as usize)?;
            each_pixel(canvas, layer.area, |x, y| (bits.data[y * bits.width + x] == 1).then_some(*rgb));
        }
        Paint::Masked { colour, mask, mask_size } => {
            let image = tone::decode(colour)?;
            let bits = bitonal::decode(mask, mask_size.0 as usize, mask_size.1 as usize)?;
            let shown = |x: usize, y: usize| bits.data[y * bits.width + x] == 1;
            each_pixel(canvas, layer.area, |x, y| shown(x, y).then(|| sample(&image, layer.area, x, y)));
        }
    }
    Ok(())
}

/// Nearest sample of an image that covers `area`; x and y count inside the area.
fn sample(image: &Rgb, area: [u32; 4], x: usize, y: usize) -> [u8; 3] {
    let column = (x * image.width / (area[2].max(1) as usize)).min(image.width.saturating_sub(1));
    let row = (y * image.height / (area[3].max(1) as usize)).min(image.height.saturating_sub(1));
    let at = (row * image.width + column) * 3;
    [image.data[at], image.data[at + 1], image.data[at + 2]]
}

fn each_pixel(canvas: &mut Rgb, area: [u32; 4], colour: impl Fn(usize, usize) -> Option<[u8; 3]> + Sync) {
    let [left, top, width, height] = area.map(|v| v as usize);
    let stride = canvas.width * 3;
    canvas.data.par_chunks_mut(stride.max(1)).skip(top).take(height).enumerate().for_each(|(y, row)| {
        for (x, pixel) in row[left * 3..].chunks_exact_mut(3).take(width).enumerate() {
            if let Some(rgb) = colour(x, y) {
                pixel.copy_from_slice(&rgb);
            }
        }
    });
}

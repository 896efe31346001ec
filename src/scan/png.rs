//! PNG (ISO/IEC 15948): grey, colour and palette, 1 to 16 bit, transparency over white.

use std::io::Cursor;

use image::codecs::png::PngDecoder;
use image::{DynamicImage, ExtendedColorType, ImageDecoder, Limits};

use crate::error::{Error, Result, kinds};

use super::{MAX_PIXELS, MAX_SIDE_PX, PageImage, Pixels, pack};

/// Bytes that the decoder may allocate: eight a pixel.
const MAX_ALLOC: u64 = MAX_PIXELS * 8;

/// Decodes a whole PNG file.
pub(super) fn decode(bytes: &[u8]) -> Result<PageImage> {
    let (width, height) = size(bytes)?;
    super::check_size(width, height)?;
    let mut decoder = PngDecoder::new(Cursor::new(bytes)).map_err(broken)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE_PX);
    limits.max_image_height = Some(MAX_SIDE_PX);
    limits.max_alloc = Some(MAX_ALLOC);
    decoder.set_limits(limits).map_err(broken)?;
    let bilevel = decoder.original_color_type() == ExtendedColorType::L1;
    let image = DynamicImage::from_decoder(decoder).map_err(broken)?;
    let pixels = match image {
        DynamicImage::ImageLuma8(grey) if bilevel => Pixels::Bilevel(pack(grey.as_raw(), width, |v| v < 128)),
        DynamicImage::ImageLuma8(grey) => Pixels::Grey(grey.into_raw()),
        DynamicImage::ImageLuma16(_) => Pixels::Grey(image.into_luma8().into_raw()),
        DynamicImage::ImageLumaA8(_) | DynamicImage::ImageLumaA16(_) => Pixels::Grey(grey_over_white(&image)),
        DynamicImage::ImageRgb8(rgb) => Pixels::Rgb(rgb.into_raw()),
        _ => Pixels::Rgb(rgb_over_white(&image)),
    };
    PageImage { width, height, pixels }.checked()
}

/// Width and height from IHDR, before anything is allocated.
fn size(bytes: &[u8]) -> Result<(u32, u32)> {
    let header = bytes.get(16..24).ok_or_else(|| kinds::SCAN_CUT.error())?;
    let value = |at: usize| u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    Ok((value(0), value(4)))
}

fn broken(error: image::ImageError) -> Error {
    match &error {
        image::ImageError::IoError(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
            kinds::SCAN_CUT.error()
        }
        _ => kinds::SCAN_BROKEN.with("cause", error),
    }
}

fn over_white(value: u8, alpha: u8) -> u8 {
    let (value, alpha) = (u32::from(value), u32::from(alpha));
    u8::try_from((value * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(255)
}

fn grey_over_white(image: &DynamicImage) -> Vec<u8> {
    image.to_luma_alpha8().pixels().map(|p| over_white(p.0[0], p.0[1])).collect()
}

fn rgb_over_white(image: &DynamicImage) -> Vec<u8> {
    image.to_rgba8().pixels().flat_map(|p| [0, 1, 2].map(|c| over_white(p.0[c], p.0[3]))).collect()
}

/// pHYs: pixels per unit in both directions, unit 1 is the metre (ISO/IEC 15948 11.3.5.3).
pub(super) fn dpi(bytes: &[u8]) -> Option<(f64, f64)> {
    let mut at = 8usize;
    loop {
        let length = usize::try_from(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?)).ok()?;
        match bytes.get(at + 4..at + 8)? {
            b"pHYs" => {
                let content = bytes.get(at + 8..at + 17)?;
                let value = |i: usize| {
                    u32::from_be_bytes([content[i], content[i + 1], content[i + 2], content[i + 3]])
                };
                return (content[8] == 1)
                    .then(|| (f64::from(value(0)) * 0.0254, f64::from(value(4)) * 0.0254));
            }
            b"IDAT" | b"IEND" => return None,
            _ => at = at.checked_add(length)?.checked_add(12)?,
        }
    }
}

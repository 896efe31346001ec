//! JPEG (ITU-T T.81), baseline and progressive, grey and colour.
//!
//! The decoder is pinned to a release that decodes non-interleaved 4:2:0 right (a test holds it to that); it runs in
//! strict mode, and the file must reach its EOI marker, so that a cut-off scan is refused instead of filled with grey.

use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use crate::error::{Result, kinds};

use super::exif;
use super::{MAX_SIDE_PX, PageImage, Pixels};

/// How the three components of a JPEG are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Components {
    /// As the file itself says (JFIF, Adobe marker).
    AsMarked,
    /// As they are: TIFF with PhotometricInterpretation RGB (TIFF Technical Note 2).
    Untransformed,
}

/// Decodes a whole JPEG file.
pub(super) fn decode(bytes: &[u8], components: Components) -> Result<PageImage> {
    complete(bytes)?;
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options(ColorSpace::RGB));
    decoder.decode_headers().map_err(broken)?;
    let info = decoder.info().ok_or_else(|| kinds::SCAN_BROKEN.with("cause", "no frame header"))?;
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    super::check_size(width, height)?;
    let wanted = match (info.components, components) {
        (1, _) => ColorSpace::Luma,
        (3, Components::AsMarked) => ColorSpace::RGB,
        (3, Components::Untransformed) => ColorSpace::YCbCr,
        (n, _) => return Err(kinds::SCAN_VARIANT.with("what", format!("JPEG with {n} colour components"))),
    };
    decoder.set_options(options(wanted));
    let samples = decoder.decode().map_err(broken)?;
    let pixels = if wanted == ColorSpace::Luma { Pixels::Grey(samples) } else { Pixels::Rgb(samples) };
    PageImage { width, height, pixels }.checked()
}

fn options(colour: ColorSpace) -> DecoderOptions {
    let side = MAX_SIDE_PX as usize;
    DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(side)
        .set_max_height(side)
        .jpeg_set_out_colorspace(colour)
}

fn broken(error: zune_jpeg::errors::DecodeErrors) -> crate::error::Error {
    kinds::SCAN_BROKEN.with("cause", format!("{error:?}"))
}

/// Segments before the first scan: marker and content.
fn segments(bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut at = 2;
    std::iter::from_fn(move || {
        while bytes.get(at) == Some(&0xFF) && bytes.get(at + 1) == Some(&0xFF) {
            at += 1; // fill bytes, T.81 B.1.1.2
        }
        let (&0xFF, &marker) = (bytes.get(at)?, bytes.get(at + 1)?) else { return None };
        let length = usize::from(u16::from_be_bytes([*bytes.get(at + 2)?, *bytes.get(at + 3)?]));
        let content = bytes.get(at + 4..at + 2 + length)?;
        at += 2 + length;
        (marker != 0xDA).then_some((marker, content))
    })
}

/// Walks all segments and scans to EOI.
fn complete(bytes: &[u8]) -> Result<()> {
    let cut = || kinds::SCAN_CUT.error();
    let mut at = 2;
    loop {
        let marker = *bytes.get(at + 1).ok_or_else(cut)?;
        match (bytes.get(at), marker) {
            (Some(0xFF), 0xD9) => return Ok(()),
            (Some(0xFF), 0xFF) => at += 1,
            (Some(0xFF), 0x01 | 0xD0..=0xD8) => at += 2,
            (Some(0xFF), _) => {
                let length = [*bytes.get(at + 2).ok_or_else(cut)?, *bytes.get(at + 3).ok_or_else(cut)?];
                at += 2 + usize::from(u16::from_be_bytes(length));
                if marker == 0xDA {
                    at = after_entropy_data(bytes, at).ok_or_else(cut)?;
                }
            }
            _ => return Err(kinds::SCAN_BROKEN.with("cause", "no marker where one must be")),
        }
    }
}

/// Position of the first marker after entropy-coded data; stuffed zeros and restart markers belong to the data.
fn after_entropy_data(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += bytes.get(at..)?.iter().position(|b| *b == 0xFF)?;
        match bytes.get(at + 1)? {
            0x00 | 0xD0..=0xD7 => at += 2,
            0xFF => at += 1,
            _ => return Some(at),
        }
    }
}

/// Resolution in dots per inch: JFIF density, else EXIF.
pub(super) fn dpi(bytes: &[u8]) -> Option<(f64, f64)> {
    let jfif =
        segments(bytes).find(|(m, c)| *m == 0xE0 && c.starts_with(b"JFIF\0")).and_then(|(_, c)| density(c));
    jfif.or_else(|| {
        segments(bytes)
            .find(|(marker, content)| *marker == 0xE1 && content.starts_with(b"Exif\0\0"))
            .and_then(|(_, content)| exif::dpi(&content[6..]))
    })
}

/// JFIF 1.02: units at byte 7 (1 = per inch, 2 = per cm), then two 16-bit densities.
fn density(jfif: &[u8]) -> Option<(f64, f64)> {
    let value = |at: usize| Some(f64::from(u16::from_be_bytes([*jfif.get(at)?, *jfif.get(at + 1)?])));
    let factor = match jfif.get(7)? {
        1 => 1.0,
        2 => 2.54,
        _ => return None,
    };
    Some((value(8)? * factor, value(10)? * factor))
}

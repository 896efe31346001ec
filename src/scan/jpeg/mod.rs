//! JPEG (ITU-T T.81), baseline and progressive, grey, colour and CMYK.
//!
//! The decoder is pinned to a release that decodes non-interleaved 4:2:0 right (a test holds it to that); it runs in
//! strict mode, and the file must reach its EOI marker, so that a cut-off scan is refused instead of filled with grey.

use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use crate::document::{Finding, Severity};
use crate::error::{Clause, Result, kinds};

use super::colour::{self, Meaning, Raw};
use super::turn::Turn;
use super::{Decoded, MAX_SIDE_PX, PageImage};

mod segments;

/// How the components of a JPEG are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Components {
    /// As the file itself says (JFIF, Adobe marker).
    AsMarked,
    /// As they are: TIFF with PhotometricInterpretation RGB (TIFF Technical Note 2), PDF with /ColorTransform 0.
    Untransformed,
}

/// Samples as they stand in the file, not yet sRGB.
#[derive(Clone, Debug)]
pub(super) struct Samples {
    pub width: u32,
    pub height: u32,
    pub raw: Raw,
}

/// Decodes a whole JPEG file: colours to sRGB, turned as EXIF says.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded> {
    let Samples { width, height, raw } = samples(bytes, Components::AsMarked)?;
    let raw = match raw {
        Raw::Cmyk(mut inks) if segments::has_adobe(bytes) => {
            inks.iter_mut().for_each(|ink| *ink = 255 - *ink);
            Raw::Cmyk(inks)
        }
        raw => raw,
    };
    let meaning = segments::profile(bytes).map_or(Meaning::Unsaid, Meaning::Icc);
    let (pixels, mut findings) = colour::to_srgb(raw, &meaning)?;
    let image = PageImage { width, height, pixels }.checked()?;
    let (turn, stated) = (segments::turn(bytes), segments::dpi(bytes));
    if turn != Turn::NONE {
        findings.push(Finding::new("exif_turned", None, Severity::Info).with("turn", turn.describe()));
    }
    let stated = stated.map(|(x, y)| if turn.swaps() { (y, x) } else { (x, y) });
    Ok(Decoded { image: turn.apply(image), stated, findings })
}

/// The stream that a PDF may carry as it is, and the number of its components; whether it shows what was decoded is for
/// whoever takes it to compare.
pub(super) fn original(bytes: &[u8]) -> Option<(u8, Vec<u8>)> {
    Some((segments::frame(bytes)?.components, segments::bare(bytes)?))
}

/// Decodes the samples of a whole JPEG stream and nothing more.
pub(super) fn samples(bytes: &[u8], components: Components) -> Result<Samples> {
    segments::complete(bytes)?;
    let frame = segments::frame(bytes)
        .ok_or_else(|| kinds::SCAN_BROKEN.with("cause", Clause::new("why-jpeg-frame")))?;
    let (width, height) = (u32::from(frame.width), u32::from(frame.height));
    super::check_size(width, height)?;
    if !matches!(frame.marker, 0xC0..=0xC2) || frame.precision != 8 {
        let what = format!("JPEG SOF{}, {} bit", frame.marker & 0x0F, frame.precision);
        return Err(kinds::SCAN_VARIANT.with("what", what));
    }
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options(ColorSpace::RGB));
    decoder.decode_headers().map_err(broken)?;
    let wanted = match (frame.components, components) {
        (1, _) => ColorSpace::Luma,
        (3, Components::AsMarked) => ColorSpace::RGB,
        (4, Components::AsMarked) => ColorSpace::CMYK,
        (3 | 4, Components::Untransformed) => decoder
            .input_colorspace()
            .ok_or_else(|| kinds::SCAN_BROKEN.with("cause", Clause::new("why-jpeg-colours")))?,
        (n, _) => return Err(kinds::SCAN_VARIANT.with("what", format!("JPEG with {n} colour components"))),
    };
    decoder.set_options(options(wanted));
    let samples = decoder.decode().map_err(broken)?;
    if samples.len() != width as usize * height as usize * usize::from(frame.components) {
        return Err(kinds::SCAN_CUT.error());
    }
    let raw = match frame.components {
        1 => Raw::Grey(samples),
        3 => Raw::Rgb(samples),
        _ => Raw::Cmyk(samples),
    };
    Ok(Samples { width, height, raw })
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
    kinds::SCAN_BROKEN.with("cause", Clause::technical(format!("{error:?}")))
}

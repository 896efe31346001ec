//! PNG (ISO/IEC 15948): grey, colour and palette, 1 to 16 bit, interlaced or not, transparency over white, colours as
//! iCCP, sRGB, gAMA and cHRM say, in this order.

use std::io::Cursor;

use image::codecs::png::PngDecoder;
use image::{DynamicImage, ExtendedColorType, ImageDecoder, Limits};

use crate::document::{Finding, Severity};
use crate::error::{Clause, Error, Result, kinds};

use super::colour::{self, Meaning, Raw};
use super::turn::Turn;
use super::{Decoded, MAX_PIXELS, MAX_SIDE_PX, PageImage, exif, pack};

/// Bytes that the decoder may allocate: eight a pixel.
const MAX_ALLOC: u64 = MAX_PIXELS * 8;
/// cHRM of sRGB: white, red, green, blue (ISO/IEC 15948 11.3.3.5); many writers state it beside the usual gamma.
const SRGB_CHROMATICITIES: [(f32, f32); 4] = [(0.3127, 0.329), (0.64, 0.33), (0.3, 0.6), (0.15, 0.06)];
/// What gAMA and cHRM state, in units of 1/100,000 (ISO/IEC 15948 11.3.3).
const UNIT: f32 = 100_000.0;
/// gAMA of sRGB (ISO/IEC 15948 11.3.3.5), and how far another value may lie from it and mean the same.
const SRGB_GAMMA: f32 = 0.45455;
const GAMMA_TOLERANCE: f32 = 0.05;

/// Decodes a whole PNG file.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded> {
    let (width, height) = size(bytes)?;
    super::check_size(width, height)?;
    let mut decoder = PngDecoder::new(Cursor::new(bytes)).map_err(broken)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE_PX);
    limits.max_image_height = Some(MAX_SIDE_PX);
    limits.max_alloc = Some(MAX_ALLOC);
    decoder.set_limits(limits).map_err(broken)?;
    let bilevel = decoder.original_color_type() == ExtendedColorType::L1;
    let profile = decoder.icc_profile().map_err(broken)?;
    let image = DynamicImage::from_decoder(decoder).map_err(broken)?;
    let see_through = image.color().has_alpha();
    let raw = match image {
        DynamicImage::ImageLuma8(grey) if bilevel => Raw::Bilevel(pack(grey.as_raw(), width, |v| v < 128)),
        DynamicImage::ImageLuma8(grey) => Raw::Grey(grey.into_raw()),
        DynamicImage::ImageLuma16(_) => Raw::Grey(image.into_luma8().into_raw()),
        DynamicImage::ImageLumaA8(_) | DynamicImage::ImageLumaA16(_) => Raw::Grey(grey_over_white(&image)),
        DynamicImage::ImageRgb8(rgb) => Raw::Rgb(rgb.into_raw()),
        DynamicImage::ImageRgb16(_) => Raw::Rgb(image.into_rgb8().into_raw()),
        _ => Raw::Rgb(rgb_over_white(&image)),
    };
    let (pixels, mut findings) = colour::to_srgb(raw, &meaning(bytes, profile))?;
    if see_through {
        findings.push(colour::converted("alpha"));
    }
    let image = PageImage { width, height, pixels }.checked()?;
    let turn = chunk(bytes, b"eXIf").and_then(exif::orientation).map_or(Turn::NONE, Turn::from_tag);
    if turn != Turn::NONE {
        findings.push(Finding::new("exif_turned", None, Severity::Info).with("turn", turn.describe()));
    }
    let stated = dpi(bytes).map(|(x, y)| if turn.swaps() { (y, x) } else { (x, y) });
    Ok(Decoded { image: turn.apply(image), stated, findings })
}

/// iCCP beats sRGB beats gAMA with cHRM (ISO/IEC 15948 11.3.3.5).
fn meaning(bytes: &[u8], profile: Option<Vec<u8>>) -> Meaning {
    if let Some(profile) = profile {
        return Meaning::Icc(profile);
    }
    let Some(gamma) = chunk(bytes, b"gAMA").and_then(|c| value(c, 0)).map(|v| v as f32 / UNIT) else {
        return Meaning::Unsaid;
    };
    if chunk(bytes, b"sRGB").is_some() || gamma <= 0.0 {
        return Meaning::Unsaid;
    }
    let point = |content: &[u8], i: usize| {
        Some((value(content, i * 8)? as f32 / UNIT, value(content, i * 8 + 4)? as f32 / UNIT))
    };
    let all = |content: &[u8]| {
        Some([point(content, 0)?, point(content, 1)?, point(content, 2)?, point(content, 3)?])
    };
    let sane = |all: &[(f32, f32); 4]| all.iter().all(|(x, y)| *x >= 0.0 && *y > 0.0 && x + y <= 1.0);
    let chromaticities = chunk(bytes, b"cHRM").and_then(all).filter(sane);
    let usual = (gamma / SRGB_GAMMA - 1.0).abs() <= GAMMA_TOLERANCE;
    let near = |(a, b): (&(f32, f32), &(f32, f32))| (a.0 - b.0).abs() < 0.005 && (a.1 - b.1).abs() < 0.005;
    let chromaticities = chromaticities.filter(|all| !all.iter().zip(&SRGB_CHROMATICITIES).all(near));
    match (usual, chromaticities) {
        (true, None) => Meaning::Unsaid,
        _ => Meaning::Gamma { exponent: 1.0 / gamma, chromaticities },
    }
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
        _ => kinds::SCAN_BROKEN.with("cause", Clause::technical(error)),
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
fn dpi(bytes: &[u8]) -> Option<(f64, f64)> {
    let content = chunk(bytes, b"pHYs")?;
    let side = |at: usize| value(content, at).map(|v| f64::from(v) * 0.0254);
    (content.get(8) == Some(&1)).then_some((side(0)?, side(4)?))
}

fn value(content: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(content.get(at..at + 4)?.try_into().ok()?))
}

/// Content of the first chunk of this name before the samples.
fn chunk<'a>(bytes: &'a [u8], name: &[u8; 4]) -> Option<&'a [u8]> {
    let mut at = 8usize;
    loop {
        let length = usize::try_from(value(bytes, at)?).ok()?;
        let start = at.checked_add(8)?;
        match bytes.get(at + 4..start)? {
            found if found == name => return bytes.get(start..start.checked_add(length)?),
            b"IDAT" | b"IEND" => return None,
            _ => at = start.checked_add(length)?.checked_add(4)?,
        }
    }
}

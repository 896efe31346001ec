//! Paper comes in: files are collected, checked page by page, and described. Pixels stay out of the records; a page is
//! decoded again from its untouched source when it is built.

use serde::{Deserialize, Serialize};

use crate::document::{Finding, Severity, Sha256};
use crate::error::{Clause, Result, kinds};

mod ccitt;
pub mod cleanup;
mod codec;
pub mod collect;
mod colour;
pub mod duplex;
mod exif;
mod format;
mod jpeg;
mod look;
pub mod manifest;
mod pdf;
pub mod plan;
mod png;
pub mod quality;
mod resolution;
pub mod separator;
mod source;
pub mod stack;
#[cfg(test)]
mod tests;
mod tiff;
mod turn;

pub use look::{Looked, Memory, Scan, decode, inspect};
pub use source::Source;

/// Longest side of a page in pixels: A3 at 1,200 dpi is 19,843 (our limit, not a format's).
pub const MAX_SIDE_PX: u32 = 20_000;
/// Most pixels of a page: A3 at 600 dpi has 69.6 million, A4 at 1,200 dpi 139 million (our limit).
pub const MAX_PIXELS: u64 = 140_000_000;
/// Most pages in one source file (our limit).
pub const MAX_PAGES: u32 = 2_000;
/// Largest source file (our limit): what classic TIFF can address. It is read page by page, never as a whole.
pub const MAX_SOURCE_BYTES: u64 = 4_294_967_296;
/// Most bytes that a single page may take in its file (our limit): 140 million pixels of three bytes.
const MAX_PAGE_BYTES: u64 = 420_000_000;

/// What the samples of a page are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Colour {
    /// 1 bit, black and white.
    Bilevel,
    /// 8 bit grey.
    Grey,
    /// 24 bit colour.
    Rgb,
}

/// Where the resolution comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DpiOrigin {
    /// Stated by the file.
    File,
    /// Missing or absurd in the file; the sheet was taken for A4.
    InferredA4,
}

/// Resolution in dots per inch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dpi {
    /// Along the width.
    pub x: f64,
    /// Along the height.
    pub y: f64,
    /// Where it comes from.
    pub origin: DpiOrigin,
}

/// One scanned page: where its pixels lie and what they are, without the pixels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScanPage {
    /// Digest of the source file.
    pub source_sha256: Sha256,
    /// Name of the source file, NFC, without folder.
    pub source_name: String,
    /// Page inside the source file, counted from 0.
    pub index: u32,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// What its samples are.
    pub colour: Colour,
    /// Resolution.
    pub dpi: Dpi,
    /// What was noticed; `page` is filled in when pages are grouped.
    pub findings: Vec<Finding>,
    /// What a look at its pixels found.
    #[serde(default)]
    pub look: Box<quality::Look>,
    /// Whether it is a cover sheet, or an empty page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<separator::Mark>,
    /// Degrees clockwise by which a person turned it: 0, 90, 180 or 270. Its source stays as it is.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub turned: u16,
}

fn is_zero(degrees: &u16) -> bool {
    *degrees == 0
}

/// Decoded samples of a page, rows top to bottom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pixels {
    /// One bit a pixel, rows padded to whole bytes, most significant bit first, 1 is black.
    Bilevel(Vec<u8>),
    /// One byte a pixel, 255 is white.
    Grey(Vec<u8>),
    /// Three bytes a pixel, sRGB.
    Rgb(Vec<u8>),
}

/// A decoded page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageImage {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Its samples.
    pub pixels: Pixels,
}

impl PageImage {
    /// Refuses a page whose samples do not fill it; no page is ever padded.
    fn checked(self) -> Result<Self> {
        let (width, height) = (self.width as usize, self.height as usize);
        let (found, wanted) = match &self.pixels {
            Pixels::Bilevel(bits) => (bits.len(), width.div_ceil(8) * height),
            Pixels::Grey(samples) => (samples.len(), width * height),
            Pixels::Rgb(samples) => (samples.len(), width * height * 3),
        };
        if found == wanted { Ok(self) } else { Err(kinds::SCAN_CUT.error()) }
    }

    /// What its samples are.
    pub fn colour(&self) -> Colour {
        match self.pixels {
            Pixels::Bilevel(_) => Colour::Bilevel,
            Pixels::Grey(_) => Colour::Grey,
            Pixels::Rgb(_) => Colour::Rgb,
        }
    }
}

/// The page as a person turned it: clockwise by quarter turns, every pixel kept.
pub fn turned(image: PageImage, degrees: u16) -> PageImage {
    turn::Turn::from_degrees(degrees).apply(image)
}

/// A page as its file has it, with what was done to it on the way.
#[derive(Clone, Debug)]
struct Decoded {
    image: PageImage,
    /// Dots per inch that the file states, after turning.
    stated: Option<(f64, f64)>,
    findings: Vec<Finding>,
}

/// Packs one byte a pixel into bits, 1 where `black` says so, rows padded to whole bytes.
pub fn pack(samples: &[u8], width: u32, black: impl Fn(u8) -> bool) -> Vec<u8> {
    let mut bits = Vec::with_capacity(samples.len() / 8 + 1);
    for row in samples.chunks(width.max(1) as usize) {
        for eight in row.chunks(8) {
            let byte =
                eight.iter().enumerate().fold(0u8, |byte, (i, v)| byte | (u8::from(black(*v)) << (7 - i)));
            bits.push(byte);
        }
    }
    bits
}

/// Media type of a source, by its first bytes.
///
/// # Errors
/// A scan error for what is not a scan.
pub fn media_type(bytes: &[u8]) -> Result<&'static str> {
    Ok(match format::of(bytes)? {
        format::Format::Jpeg => "image/jpeg",
        format::Format::Png => "image/png",
        format::Format::Tiff => "image/tiff",
        format::Format::Pdf => "application/pdf",
    })
}

/// Refuses pictures without pixels and sizes beyond the limits, before anything is allocated for them.
fn check_size(width: u32, height: u32) -> Result<()> {
    if width == 0 || height == 0 {
        return Err(kinds::SCAN_BROKEN
            .with("cause", Clause::new("why-pixels").with("width", width).with("height", height)));
    }
    let pixels = u64::from(width) * u64::from(height);
    let fits = width <= MAX_SIDE_PX && height <= MAX_SIDE_PX && pixels <= MAX_PIXELS;
    if fits { Ok(()) } else { Err(kinds::SCAN_TOO_LARGE.with("width", width).with("height", height)) }
}

/// What a profile has to say about a page: too few dots, or no colour where colour is wanted.
pub fn check(page: &ScanPage, min_dpi: u32, colour: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    let least = page.dpi.x.min(page.dpi.y).round();
    if least < f64::from(min_dpi) {
        let finding = Finding::new("dpi_low", None, Severity::Warning);
        findings.push(finding.with("dpi", least).with("wanted", min_dpi));
    }
    if colour && page.colour != Colour::Rgb {
        findings.push(Finding::new("colour_missing", None, Severity::Warning));
    }
    findings
}

//! Paper comes in: files are collected, checked page by page, and described. Pixels stay out of the records; a page is
//! decoded again from its untouched source when it is built.

use serde::{Deserialize, Serialize};

use crate::document::{Finding, Sha256};

/// Longest side of a page in pixels: A3 at 1,200 dpi is 19,843 (our limit, not a format's).
pub const MAX_SIDE_PX: u32 = 20_000;
/// Most pixels of a page: A3 at 600 dpi has 69.6 million, A4 at 1,200 dpi 139 million (our limit).
pub const MAX_PIXELS: u64 = 140_000_000;
/// Most pages in one source file (our limit).
pub const MAX_PAGES: u32 = 2_000;
/// Largest source file that is read into memory.
pub const MAX_SOURCE_BYTES: u64 = 512_000_000;

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

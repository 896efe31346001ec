//! What a file is, by its first bytes, never by its name.

use crate::error::{Error, Result, kinds};

use super::jpeg::Components;
use super::{PageImage, jpeg, png, tiff};

/// Formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Jpeg,
    Png,
    Tiff,
}

/// Formats that are known and refused, with the name that people use.
const REFUSED: [(&[u8], usize, &str); 6] = [
    (b"%PDF-", 0, "PDF"),
    (b"WEBP", 8, "WebP"),
    (b"ftypheic", 4, "HEIC"),
    (b"ftypmif1", 4, "HEIC"),
    (b"BM", 0, "BMP"),
    (b"GIF8", 0, "GIF"),
];

/// Whether the first bytes look like a scan that [`super::inspect`] reads.
pub(super) fn is_scan(start: &[u8]) -> bool {
    of(start).is_ok()
}

/// Whether the first bytes are a picture or document that people may mean as a scan, though it is refused.
pub(super) fn is_refused(start: &[u8]) -> bool {
    refused_name(start).is_some()
}

fn refused_name(start: &[u8]) -> Option<&'static str> {
    REFUSED
        .iter()
        .find(|(magic, at, _)| start.get(*at..).is_some_and(|s| s.starts_with(magic)))
        .map(|(.., name)| *name)
}

fn of(bytes: &[u8]) -> Result<Format> {
    match bytes {
        [] => Err(kinds::SCAN_EMPTY.error()),
        [0xFF, 0xD8, 0xFF, ..] => Ok(Format::Jpeg),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Ok(Format::Png),
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Ok(Format::Tiff),
        _ => Err(not_a_scan(bytes)),
    }
}

fn not_a_scan(bytes: &[u8]) -> Error {
    match refused_name(bytes) {
        Some(name) => kinds::SCAN_FORMAT.with("format", name),
        None => kinds::SCAN_UNKNOWN.error(),
    }
}

/// Number of pages in the file.
pub(super) fn pages(bytes: &[u8]) -> Result<u32> {
    match of(bytes)? {
        Format::Jpeg | Format::Png => Ok(1),
        Format::Tiff => tiff::count(bytes),
    }
}

/// One page and the resolution that the file states.
pub(super) fn decode(bytes: &[u8], index: u32) -> Result<(PageImage, Option<(f64, f64)>)> {
    match of(bytes)? {
        Format::Jpeg => Ok((jpeg::decode(bytes, Components::AsMarked)?, jpeg::dpi(bytes))),
        Format::Png => Ok((png::decode(bytes)?, png::dpi(bytes))),
        Format::Tiff => tiff::decode(bytes, index),
    }
}

//! What a file is, by its first bytes, never by its name.

use crate::error::{Error, Result, kinds};

/// Formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Jpeg,
    Png,
    Tiff,
    Pdf,
}

/// Bytes that are enough to know a format.
pub(super) const START: u64 = 64;

/// Formats that are known and refused: mark, where it stands, the name that people use.
const REFUSED: [(&[u8], usize, &str); 22] = [
    (b"WEBP", 8, "WebP"),
    (b"ftypheic", 4, "HEIC"),
    (b"ftypheix", 4, "HEIC"),
    (b"ftyphevc", 4, "HEIC"),
    (b"ftypheim", 4, "HEIC"),
    (b"ftypheis", 4, "HEIC"),
    (b"ftypmif1", 4, "HEIC"),
    (b"ftypmsf1", 4, "HEIC"),
    (b"ftypavif", 4, "AVIF"),
    (b"ftypavis", 4, "AVIF"),
    (b"\0\0\0\x0CjP  \r\n\x87\n", 0, "JPEG 2000"),
    (b"\xFF\x4F\xFF\x51", 0, "JPEG 2000"),
    (b"\0\0\0\x0CJXL \r\n\x87\n", 0, "JPEG XL"),
    (b"\xFF\x0A", 0, "JPEG XL"),
    (b"GIF8", 0, "GIF"),
    (b"8BPS", 0, "Photoshop"),
    (b"AT&TFORM", 0, "DjVu"),
    (b"PK\x03\x04", 0, "Office (Word, Excel) / ZIP"),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 0, "Office (Word, Excel)"),
    (b"{\\rtf", 0, "RTF (Word)"),
    (b"%!PS", 0, "PostScript"),
    (b"BM", 0, "BMP"),
];

/// Whether the first bytes look like a scan that is read.
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

/// The format of the file that begins with these bytes.
///
/// # Errors
/// [`kinds::SCAN_EMPTY`], [`kinds::SCAN_FORMAT`], [`kinds::SCAN_UNKNOWN`].
pub(super) fn of(bytes: &[u8]) -> Result<Format> {
    match bytes {
        [] => Err(kinds::SCAN_EMPTY.error()),
        [0xFF, 0xD8, 0xFF, ..] => Ok(Format::Jpeg),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Ok(Format::Png),
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Ok(Format::Tiff),
        [b'%', b'P', b'D', b'F', b'-', ..] => Ok(Format::Pdf),
        _ => Err(not_a_scan(bytes)),
    }
}

fn not_a_scan(bytes: &[u8]) -> Error {
    match refused_name(bytes) {
        Some(name) => kinds::SCAN_FORMAT.with("format", name),
        None => kinds::SCAN_UNKNOWN.error(),
    }
}

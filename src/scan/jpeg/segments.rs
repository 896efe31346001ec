//! Marker segments of a JPEG (ITU-T T.81 Annex B): what stands before the first scan, and whether the file is whole.

use crate::error::{Clause, Result, kinds};

use super::super::colour::MAX_PROFILE_BYTES;
use super::super::exif;
use super::super::turn::Turn;

/// APP2 segments of an ICC profile begin with this and two counters (ICC.1:2010 B.4).
const ICC: &[u8] = b"ICC_PROFILE\0";
/// APP1 segments of EXIF begin with this.
const EXIF: &[u8] = b"Exif\0\0";

/// Frame header (SOF): what kind, how large, how many components.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub marker: u8,
    pub precision: u8,
    pub width: u16,
    pub height: u16,
    pub components: u8,
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

/// The first frame header.
pub(super) fn frame(bytes: &[u8]) -> Option<Frame> {
    let is_frame = |marker: u8| matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC);
    let (marker, content) = segments(bytes).find(|(marker, _)| is_frame(*marker))?;
    let side = |at: usize| Some(u16::from_be_bytes([*content.get(at)?, *content.get(at + 1)?]));
    Some(Frame {
        marker,
        precision: *content.first()?,
        height: side(1)?,
        width: side(3)?,
        components: *content.get(5)?,
    })
}

/// Whether there is an Adobe marker: then CMYK is stored inverted (Adobe Technical Note 5116).
pub(super) fn has_adobe(bytes: &[u8]) -> bool {
    segments(bytes).any(|(marker, content)| marker == 0xEE && content.starts_with(b"Adobe"))
}

/// The embedded profile: its pieces in the order of their counters.
pub(super) fn profile(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut pieces: Vec<(u8, &[u8])> = segments(bytes)
        .filter(|(marker, _)| *marker == 0xE2)
        .filter_map(|(_, content)| content.strip_prefix(ICC))
        .filter_map(|piece| Some((*piece.first()?, piece.get(2..)?)))
        .collect();
    pieces.sort_by_key(|(number, _)| *number);
    let length: usize = pieces.iter().map(|(_, piece)| piece.len()).sum();
    (length > 0 && length <= MAX_PROFILE_BYTES)
        .then(|| pieces.iter().flat_map(|(_, piece)| piece.iter().copied()).collect())
}

fn exif_block(bytes: &[u8]) -> Option<&[u8]> {
    segments(bytes).filter(|(marker, _)| *marker == 0xE1).find_map(|(_, content)| content.strip_prefix(EXIF))
}

/// How EXIF says that the picture lies.
pub(super) fn turn(bytes: &[u8]) -> Turn {
    exif_block(bytes).and_then(exif::orientation).map_or(Turn::NONE, Turn::from_tag)
}

/// Resolution in dots per inch: JFIF density, else EXIF.
pub(super) fn dpi(bytes: &[u8]) -> Option<(f64, f64)> {
    let jfif =
        segments(bytes).find(|(m, c)| *m == 0xE0 && c.starts_with(b"JFIF\0")).and_then(|(_, c)| density(c));
    jfif.or_else(|| exif_block(bytes).and_then(exif::dpi))
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

/// The file without what readers of a PDF do not ask for: EXIF, thumbnails, comments, profiles. None where only a guess tells
/// what its colours mean (neither JFIF nor Adobe marker), and where they are inks.
pub(super) fn bare(bytes: &[u8]) -> Option<Vec<u8>> {
    let frame = frame(bytes).filter(|frame| matches!(frame.components, 1 | 3))?;
    let marked =
        |(marker, content): (u8, &[u8])| marker == 0xE0 && content.starts_with(b"JFIF\0") || marker == 0xEE;
    if frame.components == 3 && !segments(bytes).any(marked) {
        return None;
    }
    let mut out = vec![0xFF, 0xD8];
    let mut end = 2;
    for (marker, content) in segments(bytes) {
        let start = content.as_ptr().addr() - bytes.as_ptr().addr();
        end = start + content.len();
        if !matches!(marker, 0xE1..=0xED | 0xEF | 0xFE) {
            out.extend_from_slice(bytes.get(start - 4..end)?);
        }
    }
    out.extend_from_slice(bytes.get(end..)?);
    Some(out)
}

/// Walks all segments and scans to EOI.
pub(super) fn complete(bytes: &[u8]) -> Result<()> {
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
            _ => return Err(kinds::SCAN_BROKEN.with("cause", Clause::new("why-jpeg-marker"))),
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

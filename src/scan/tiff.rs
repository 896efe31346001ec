//! TIFF 6.0: several pages; none, LZW, Deflate, PackBits, G4; JPEG strips and tiles by our own path (see [`jpeg_tiles`]).

use std::io::Cursor;

use tiff::decoder::ifd::Value;
use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::Tag;
use tiff::{ColorType, TiffError};

use crate::error::{Error, Result, kinds};

use super::jpeg::{self, Components};
use super::{MAX_PAGES, MAX_PIXELS, PageImage, Pixels};

/// Compression scheme "JPEG" of TIFF Technical Note 2.
const JPEG: u64 = 7;
/// Compression scheme "old-style JPEG", withdrawn because nobody could read it reliably.
const OLD_JPEG: u64 = 6;
/// Largest value of a single tag: offsets of 100,000 strips.
const MAX_TAG_BYTES: usize = 1_000_000;

type Reader<'a> = Decoder<Cursor<&'a [u8]>>;

fn open(bytes: &[u8]) -> Result<Reader<'_>> {
    let mut limits = Limits::default();
    limits.decoding_buffer_size = usize::try_from(MAX_PIXELS * 4).unwrap_or(usize::MAX);
    limits.intermediate_buffer_size = limits.decoding_buffer_size;
    limits.ifd_value_size = MAX_TAG_BYTES;
    Ok(Decoder::new(Cursor::new(bytes)).map_err(broken)?.with_limits(limits))
}

fn broken(error: TiffError) -> Error {
    match &error {
        TiffError::IoError(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => kinds::SCAN_CUT.error(),
        TiffError::UnsupportedError(what) => kinds::SCAN_VARIANT.with("what", format!("TIFF: {what}")),
        _ => kinds::SCAN_BROKEN.with("cause", error),
    }
}

/// Directories that are pages: thumbnails (NewSubfileType bit 0) are not.
fn pages(reader: &mut Reader<'_>) -> Result<Vec<usize>> {
    let mut found = Vec::new();
    let mut directory = 0;
    loop {
        let kind = tag(reader, Tag::NewSubfileType)?.unwrap_or(0);
        if kind & 1 == 0 {
            found.push(directory);
        }
        if !reader.more_images() {
            return Ok(found);
        }
        directory += 1;
        if directory >= MAX_PAGES as usize {
            return Err(kinds::SCAN_TOO_MANY_PAGES.with("limit", MAX_PAGES));
        }
        reader.next_image().map_err(broken)?;
    }
}

fn tag(reader: &mut Reader<'_>, tag: Tag) -> Result<Option<u64>> {
    reader.find_tag_unsigned::<u64>(tag).map_err(broken)
}

/// Number of pages.
pub(super) fn count(bytes: &[u8]) -> Result<u32> {
    let found = pages(&mut open(bytes)?)?;
    u32::try_from(found.len()).map_err(|_| kinds::SCAN_TOO_MANY_PAGES.with("limit", MAX_PAGES))
}

/// Decodes one page and tells its resolution.
pub(super) fn decode(bytes: &[u8], index: u32) -> Result<(PageImage, Option<(f64, f64)>)> {
    let mut reader = open(bytes)?;
    let directories = pages(&mut reader)?;
    let directory = directories.get(index as usize).ok_or_else(|| kinds::SCAN_CUT.error())?;
    reader.seek_to_image(*directory).map_err(broken)?;
    let (width, height) = reader.dimensions().map_err(broken)?;
    super::check_size(width, height)?;
    let dpi = dpi(&mut reader)?;
    let pixels = match tag(&mut reader, Tag::Compression)?.unwrap_or(1) {
        JPEG => jpeg_tiles(&mut reader, bytes, width, height)?,
        OLD_JPEG => return Err(kinds::SCAN_VARIANT.with("what", "TIFF with old-style JPEG (compression 6)")),
        _ => plain(&mut reader, width, height)?,
    };
    Ok((PageImage { width, height, pixels }.checked()?, dpi))
}

fn dpi(reader: &mut Reader<'_>) -> Result<Option<(f64, f64)>> {
    let factor = match tag(reader, Tag::ResolutionUnit)?.unwrap_or(2) {
        2 => 1.0,
        3 => 2.54,
        _ => return Ok(None),
    };
    let mut value = |tag: Tag| reader.find_tag(tag).ok().flatten().and_then(number);
    Ok(value(Tag::XResolution).zip(value(Tag::YResolution)).map(|(x, y)| (x * factor, y * factor)))
}

/// Resolutions are rationals (TIFF 6.0 section 8), which the reader does not turn into numbers; a few writers store others.
fn number(value: Value) -> Option<f64> {
    match value {
        Value::Rational(_, 0) => None,
        Value::Rational(a, b) => Some(f64::from(a) / f64::from(b)),
        other => other.clone().into_f64().ok().or_else(|| other.into_u64().ok().map(|v| v as f64)),
    }
}

/// What the `tiff` crate decodes by itself.
fn plain(reader: &mut Reader<'_>, width: u32, height: u32) -> Result<Pixels> {
    let colour = reader.colortype().map_err(broken)?;
    if !matches!(colour, ColorType::Gray(1 | 8) | ColorType::RGB(8)) {
        return Err(kinds::SCAN_VARIANT.with("what", format!("TIFF {colour:?}")));
    }
    let DecodingResult::U8(samples) = reader.read_image().map_err(broken)? else {
        return Err(kinds::SCAN_VARIANT.with("what", format!("TIFF {colour:?}")));
    };
    Ok(match colour {
        ColorType::Gray(1) => Pixels::Bilevel(black_is_one(samples, width, height)),
        ColorType::Gray(_) => Pixels::Grey(samples),
        _ => Pixels::Rgb(samples),
    })
}

/// The crate delivers 1 = white whatever the file says; ours is 1 = black with clear padding bits.
fn black_is_one(mut samples: Vec<u8>, width: u32, height: u32) -> Vec<u8> {
    let stride = (width as usize).div_ceil(8);
    samples.truncate(stride * height as usize);
    samples.iter_mut().for_each(|byte| *byte = !*byte);
    let padding = stride * 8 - width as usize;
    let keep = 0xFFu8.checked_shl(u32::try_from(padding).unwrap_or(0)).unwrap_or(0);
    samples.iter_mut().skip(stride.saturating_sub(1)).step_by(stride.max(1)).for_each(|byte| *byte &= keep);
    samples
}

/// One strip or tile: where its bytes lie, where its pixels go.
struct Piece {
    offset: u64,
    length: u64,
    left: usize,
    top: usize,
}

/// JPEG strips and tiles, each completed by the shared tables (TIFF Technical Note 2). The decoder that the `tiff` crate
/// brings would be the one that silently mis-decodes non-interleaved scans, so its JPEG part is switched off.
fn jpeg_tiles(reader: &mut Reader<'_>, bytes: &[u8], width: u32, height: u32) -> Result<Pixels> {
    if tag(reader, Tag::PlanarConfiguration)?.unwrap_or(1) != 1 {
        return Err(kinds::SCAN_VARIANT.with("what", "TIFF with separate colour planes in JPEG"));
    }
    let components = match tag(reader, Tag::PhotometricInterpretation)?.unwrap_or(6) {
        2 => Components::Untransformed,
        1 | 6 => Components::AsMarked,
        other => return Err(kinds::SCAN_VARIANT.with("what", format!("TIFF JPEG, photometric {other}"))),
    };
    let tables = match reader.find_tag(Tag::JPEGTables).map_err(broken)? {
        Some(value) => value.into_u8_vec().map_err(broken)?,
        None => Vec::new(),
    };
    let channels = match tag(reader, Tag::SamplesPerPixel)?.unwrap_or(1) {
        1 => 1,
        3 => 3,
        n => return Err(kinds::SCAN_VARIANT.with("what", format!("TIFF JPEG with {n} colour components"))),
    };
    let (width, height) = (width as usize, height as usize);
    let mut canvas = vec![0xFFu8; width * height * channels];
    let mut rows_filled = 0usize;
    for piece in pieces(reader, width)? {
        let image = jpeg::decode(&joined(&tables, slice(bytes, &piece)?), components)?;
        rows_filled += copy(&image, &mut canvas, (width, height, channels), &piece)?;
    }
    if rows_filled < width * height {
        return Err(kinds::SCAN_CUT.error());
    }
    Ok(if channels == 1 { Pixels::Grey(canvas) } else { Pixels::Rgb(canvas) })
}

fn pieces(reader: &mut Reader<'_>, width: usize) -> Result<Vec<Piece>> {
    let list = |reader: &mut Reader<'_>, tag: Tag| -> Result<Vec<u64>> {
        Ok(reader.find_tag_unsigned_vec::<u64>(tag).map_err(broken)?.unwrap_or_default())
    };
    let size = |value: Option<u64>, otherwise: usize| -> usize {
        value.and_then(|v| usize::try_from(v).ok()).filter(|v| *v > 0).unwrap_or(otherwise)
    };
    let tiled = tag(reader, Tag::TileWidth)?.is_some();
    let (offsets, lengths) = match tiled {
        true => (list(reader, Tag::TileOffsets)?, list(reader, Tag::TileByteCounts)?),
        false => (list(reader, Tag::StripOffsets)?, list(reader, Tag::StripByteCounts)?),
    };
    let (across, down) = match tiled {
        true => (size(tag(reader, Tag::TileWidth)?, width), size(tag(reader, Tag::TileLength)?, 1)),
        false => (width, size(tag(reader, Tag::RowsPerStrip)?, usize::MAX / 2)),
    };
    let columns = width.div_ceil(across).max(1);
    let place = |(i, (offset, length)): (usize, (u64, u64))| Piece {
        offset,
        length,
        left: (i % columns) * across,
        top: (i / columns).saturating_mul(down),
    };
    Ok(offsets.into_iter().zip(lengths).enumerate().map(place).collect())
}

fn slice<'a>(bytes: &'a [u8], piece: &Piece) -> Result<&'a [u8]> {
    let start = usize::try_from(piece.offset).ok();
    let end = piece.offset.checked_add(piece.length).and_then(|end| usize::try_from(end).ok());
    start.zip(end).and_then(|(start, end)| bytes.get(start..end)).ok_or_else(|| kinds::SCAN_CUT.error())
}

/// The tables' stream without its EOI, then the piece without its SOI.
fn joined(tables: &[u8], piece: &[u8]) -> Vec<u8> {
    let tables = tables.strip_suffix(&[0xFF, 0xD9]).unwrap_or(tables);
    match (tables.is_empty(), piece.strip_prefix(&[0xFF, 0xD8])) {
        (false, Some(rest)) => [tables, rest].concat(),
        _ => piece.to_vec(),
    }
}

/// Copies a decoded piece onto the page, cut off at its edges; returns how many pixels were filled.
fn copy(
    image: &PageImage,
    canvas: &mut [u8],
    (width, height, channels): (usize, usize, usize),
    piece: &Piece,
) -> Result<usize> {
    let samples = match (&image.pixels, channels) {
        (Pixels::Grey(samples), 1) | (Pixels::Rgb(samples), 3) => samples,
        _ => return Err(kinds::SCAN_BROKEN.with("cause", "a strip has other colours than the page")),
    };
    let stride = image.width as usize * channels;
    let across = (image.width as usize).min(width.saturating_sub(piece.left));
    let down = (image.height as usize).min(height.saturating_sub(piece.top));
    for row in 0..down {
        let from = samples.get(row * stride..row * stride + across * channels);
        let at = ((piece.top + row) * width + piece.left) * channels;
        if let (Some(from), Some(to)) = (from, canvas.get_mut(at..at + across * channels)) {
            to.copy_from_slice(from);
        }
    }
    Ok(across * down)
}

//! What a directory says about its picture, checked before a byte is allocated for it.

use tiff::tags::Tag;

use crate::error::{Clause, Result, kinds};

use super::super::turn::Turn;
use super::super::{MAX_PIXELS, check_size};
use super::directory::Tags;

/// Most samples of a pixel: four inks and an alpha channel.
const MAX_SAMPLES: u64 = 5;

/// T4Options and ReferenceBlackWhite: tags that the crate does not name.
const T4_OPTIONS: Tag = Tag::Unknown(292);
const REFERENCE: Tag = Tag::Unknown(532);

/// One strip or tile: where its bytes lie, where its pixels go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub offset: u64,
    pub length: u64,
    pub left: usize,
    pub top: usize,
    /// Size of its own samples; a tile may reach beyond the page, a strip never does.
    pub width: usize,
    pub height: usize,
    /// First sample of a pixel that it holds; planes that stand apart hold one each.
    pub plane: usize,
}

/// The picture of one directory.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub width: usize,
    pub height: usize,
    pub bits: usize,
    /// Samples of a pixel, extra ones included.
    pub samples: usize,
    pub photometric: u64,
    pub compression: u64,
    pub predictor: u64,
    /// Planes stand apart (PlanarConfiguration 2).
    pub planar: bool,
    /// The lowest bit of a byte is the leftmost pixel (FillOrder 2).
    pub low_bit_first: bool,
    pub big_endian: bool,
    pub two_dimensional: bool,
    pub subsampling: (usize, usize),
    pub reference: Vec<f64>,
    pub palette: Vec<u64>,
    /// ExtraSamples: 1 is premultiplied alpha, 2 is plain alpha.
    pub extra: Vec<u64>,
    pub pieces: Vec<Piece>,
    pub turn: Turn,
    pub dpi: Option<(f64, f64)>,
    pub profile: Vec<u8>,
}

impl Layout {
    /// Reads and checks.
    pub fn read(tags: &mut Tags) -> Result<Self> {
        let side = |tags: &mut Tags, tag: Tag| -> Result<u32> {
            let value = tags
                .number(tag)?
                .ok_or_else(|| kinds::SCAN_BROKEN.with("cause", Clause::new("why-tiff-size")))?;
            Ok(u32::try_from(value).unwrap_or(u32::MAX))
        };
        let (width, height) = (side(tags, Tag::ImageWidth)?, side(tags, Tag::ImageLength)?);
        check_size(width, height)?;
        let samples = tags.number(Tag::SamplesPerPixel)?.unwrap_or(1);
        let bits = bits(tags)?;
        let formats = tags.numbers(Tag::SampleFormat)?;
        if samples == 0 || samples > MAX_SAMPLES || formats.iter().any(|f| *f != 1 && *f != 4) {
            return Err(variant(format!("{samples} samples of {bits} bits, format {formats:?}")));
        }
        let (width, height) = (width as usize, height as usize);
        let planar = tags.number(Tag::PlanarConfiguration)?.unwrap_or(1) == 2 && samples > 1;
        let samples = usize::try_from(samples).unwrap_or(1);
        let subsampling = match tags.numbers(Tag::ChromaSubsampling)?[..] {
            [h, v] => (usize::try_from(h).unwrap_or(0), usize::try_from(v).unwrap_or(0)),
            _ => (2, 2),
        };
        Ok(Self {
            width,
            height,
            bits,
            samples,
            photometric: photometric(tags)?,
            compression: tags.number(Tag::Compression)?.unwrap_or(1),
            predictor: tags.number(Tag::Predictor)?.unwrap_or(1),
            planar,
            low_bit_first: tags.number(Tag::FillOrder)? == Some(2),
            big_endian: tags.big_endian,
            two_dimensional: tags.number(T4_OPTIONS)?.unwrap_or(0) & 1 == 1,
            subsampling,
            reference: tags.reals(REFERENCE),
            palette: tags.numbers(Tag::ColorMap)?,
            extra: tags.numbers(Tag::ExtraSamples)?,
            pieces: pieces(tags, width, height, if planar { samples } else { 1 })?,
            turn: Turn::from_tag(tags.number(Tag::Orientation).ok().flatten().unwrap_or(1)),
            dpi: dpi(tags)?,
            profile: tags.bytes(Tag::IccProfile).unwrap_or_default(),
        })
    }

    /// Samples of a pixel in one piece.
    pub fn samples_in_piece(&self) -> usize {
        if self.planar { 1 } else { self.samples }
    }
}

pub(super) fn variant(what: impl std::fmt::Display) -> crate::error::Error {
    kinds::SCAN_VARIANT.with("what", format!("TIFF: {what}"))
}

/// All samples have to have the same number of bits.
fn bits(tags: &mut Tags) -> Result<usize> {
    let all = tags.numbers(Tag::BitsPerSample)?;
    let first = all.first().copied().unwrap_or(1);
    match first {
        1 | 2 | 4 | 8 | 16 if all.iter().all(|b| *b == first) => Ok(usize::try_from(first).unwrap_or(8)),
        _ => Err(variant(format!("{all:?} bits"))),
    }
}

/// Fax writers leave the tag out now and then: white is zero there (TIFF 6.0 section 11).
fn photometric(tags: &mut Tags) -> Result<u64> {
    Ok(tags.number(Tag::PhotometricInterpretation)?.unwrap_or(0))
}

fn dpi(tags: &mut Tags) -> Result<Option<(f64, f64)>> {
    let factor = match tags.number(Tag::ResolutionUnit)?.unwrap_or(2) {
        2 => 1.0,
        3 => 2.54,
        _ => return Ok(None),
    };
    let mut value = |tag: Tag| tags.reals(tag).first().copied();
    let found = value(Tag::XResolution).zip(value(Tag::YResolution));
    Ok(found.map(|(x, y)| (x * factor, y * factor)))
}

fn pieces(tags: &mut Tags, width: usize, height: usize, planes: usize) -> Result<Vec<Piece>> {
    let tiled = tags.has(Tag::TileWidth);
    let (offsets, lengths) = match tiled {
        true => (tags.numbers(Tag::TileOffsets)?, tags.numbers(Tag::TileByteCounts)?),
        false => (tags.numbers(Tag::StripOffsets)?, tags.numbers(Tag::StripByteCounts)?),
    };
    let size = |value: Option<u64>, most: usize| -> usize {
        value.and_then(|v| usize::try_from(v).ok()).filter(|v| *v > 0).unwrap_or(most)
    };
    let (across, down) = match tiled {
        true => (size(tags.number(Tag::TileWidth)?, width), size(tags.number(Tag::TileLength)?, height)),
        false => (width, size(tags.number(Tag::RowsPerStrip)?, height).min(height)),
    };
    if across as u64 * down as u64 > MAX_PIXELS {
        return Err(kinds::SCAN_TOO_LARGE.with("width", across).with("height", down));
    }
    let columns = width.div_ceil(across);
    let in_plane = columns * height.div_ceil(down);
    if offsets.len() < in_plane * planes || lengths.len() < in_plane * planes {
        return Err(kinds::SCAN_CUT.error());
    }
    let place = |(i, (offset, length)): (usize, (u64, u64))| {
        let top = (i % in_plane / columns) * down;
        let height = if tiled { down } else { down.min(height - top) };
        Piece {
            offset,
            length,
            left: (i % columns) * across,
            top,
            width: across,
            height,
            plane: i / in_plane,
        }
    };
    Ok(offsets.into_iter().zip(lengths).take(in_plane * planes).enumerate().map(place).collect())
}

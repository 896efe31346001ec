//! "Old-style" JPEG (TIFF 6.0 section 22, compression 6), which early scanners wrote: either a whole JPEG stream, or tables
//! whose places the directory states and strips of bare entropy-coded data.

use tiff::tags::Tag;

use crate::error::{Clause, Result, kinds};

use super::super::colour::Raw;
use super::super::jpeg::{self, Components};
use super::super::{MAX_PAGE_BYTES, Source};
use super::directory::Tags;
use super::layout::{Layout, variant};

/// JPEGInterchangeFormat and its length, JPEGRestartInterval, JPEGQTables, JPEGDCTables, JPEGACTables.
const STREAM: Tag = Tag::Unknown(513);
const STREAM_LENGTH: Tag = Tag::Unknown(514);
const RESTART: Tag = Tag::Unknown(515);
const Q_TABLES: Tag = Tag::Unknown(519);
const DC_TABLES: Tag = Tag::Unknown(520);
const AC_TABLES: Tag = Tag::Unknown(521);

/// Decodes the page.
pub(super) fn decode(source: &Source, tags: &mut Tags, layout: &Layout) -> Result<Raw> {
    let components = if layout.photometric == 2 { Components::Untransformed } else { Components::AsMarked };
    let whole = match tags.number(STREAM)? {
        Some(offset) => {
            let length = tags.number(STREAM_LENGTH)?.unwrap_or(source.len().saturating_sub(offset));
            Some(source.up_to(offset, length.min(MAX_PAGE_BYTES))?)
        }
        None => None,
    };
    if let Some(stream) = whole.filter(|stream| stream.windows(2).any(|w| w == [0xFF, 0xDA])) {
        let image = jpeg::samples(&stream, components)?;
        return match (image.width as usize, image.height as usize) == (layout.width, layout.height) {
            true => Ok(image.raw),
            false => Err(kinds::SCAN_BROKEN.with("cause", Clause::new("why-tiff-jpeg"))),
        };
    }
    strips(source, tags, layout, components)
}

fn strips(source: &Source, tags: &mut Tags, layout: &Layout, components: Components) -> Result<Raw> {
    if layout.planar || !matches!(layout.samples, 1 | 3) || layout.bits != 8 {
        return Err(variant("old-style JPEG with separate planes"));
    }
    let tables = tables(source, tags, layout)?;
    let restart = u16::try_from(tags.number(RESTART)?.unwrap_or(0)).unwrap_or(0);
    let mut samples = Vec::with_capacity(layout.width * layout.height * layout.samples);
    for piece in &layout.pieces {
        if piece.width != layout.width {
            return Err(variant("old-style JPEG in tiles"));
        }
        let mut stream = tables.clone();
        frame(&mut stream, layout, piece.height, restart);
        stream.extend(source.range(piece.offset, piece.length)?);
        if !stream.ends_with(&[0xFF, 0xD9]) {
            stream.extend([0xFF, 0xD9]);
        }
        match jpeg::samples(&stream, components)?.raw {
            Raw::Grey(rows) | Raw::Rgb(rows) => samples.extend(rows),
            _ => return Err(variant("old-style JPEG with four inks")),
        }
    }
    Ok(if layout.samples == 1 { Raw::Grey(samples) } else { Raw::Rgb(samples) })
}

/// SOI, then DQT and DHT segments for each component (ITU-T T.81 B.2.4).
fn tables(source: &Source, tags: &mut Tags, layout: &Layout) -> Result<Vec<u8>> {
    let mut out = vec![0xFF, 0xD8];
    for (id, offset) in (0u8..).zip(places(tags, Q_TABLES, layout)?) {
        out.extend([0xFF, 0xDB, 0, 67, id]);
        out.extend(source.range(offset, 64)?);
    }
    for (class, tag) in [(0x00u8, DC_TABLES), (0x10, AC_TABLES)] {
        for (id, offset) in (0u8..).zip(places(tags, tag, layout)?) {
            let counts = source.range(offset, 16)?;
            let values: u16 = counts.iter().map(|c| u16::from(*c)).sum();
            out.extend([0xFF, 0xC4]);
            out.extend((19 + values).to_be_bytes());
            out.push(class | id);
            out.extend(counts);
            out.extend(source.range(offset + 16, values.into())?);
        }
    }
    Ok(out)
}

fn places(tags: &mut Tags, tag: Tag, layout: &Layout) -> Result<Vec<u64>> {
    let offsets = tags.numbers(tag)?;
    match offsets.len() == layout.samples {
        true => Ok(offsets),
        false => Err(variant("old-style JPEG without its tables")),
    }
}

/// SOF0, DRI and SOS: component i uses the tables i.
fn frame(out: &mut Vec<u8>, layout: &Layout, height: usize, restart: u16) {
    let count = u8::try_from(layout.samples).unwrap_or(1);
    let side = |n: usize| u16::try_from(n).unwrap_or(u16::MAX).to_be_bytes();
    let (h, v) = if layout.photometric == 6 { layout.subsampling } else { (1, 1) };
    let first = u8::try_from(h * 16 + v).unwrap_or(0x11);
    out.extend([0xFF, 0xC0, 0, 8 + 3 * count, 8]);
    out.extend(side(height));
    out.extend(side(layout.width));
    out.push(count);
    (0..count).for_each(|i| out.extend([i + 1, if i == 0 { first } else { 0x11 }, i]));
    if restart > 0 {
        out.extend([0xFF, 0xDD, 0, 4]);
        out.extend(restart.to_be_bytes());
    }
    out.extend([0xFF, 0xDA, 0, 6 + 2 * count, count]);
    (0..count).for_each(|i| out.extend([i + 1, i << 4 | i]));
    out.extend([0, 63, 0]);
}

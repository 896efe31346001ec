//! Strips and tiles: each is unpacked by itself and laid onto the page. A piece that is missing, short or damaged makes the
//! page an error; nothing is ever filled in.

use crate::error::{Clause, Result, kinds};

use super::super::ccitt::{self, Code, Fax};
use super::super::codec;
use super::super::colour::Raw;
use super::super::jpeg::{self, Components};
use super::super::{MAX_PAGE_BYTES, Source};
use super::compression as by;
use super::layout::{Layout, Piece, variant};

/// Samples of a whole page, not interpreted yet.
#[derive(Debug)]
pub(super) enum Canvas {
    /// One bit a pixel as stored, rows padded to bytes.
    Bits(Vec<u8>),
    /// One byte a sample, all samples of a pixel together; of fewer than 8 bits as stored.
    Bytes(Vec<u8>),
}

/// How the colours of JPEG pieces are read (TIFF Technical Note 2).
fn components(layout: &Layout) -> Components {
    if layout.photometric == 6 { Components::AsMarked } else { Components::Untransformed }
}

/// Lays all pieces onto the page.
pub(super) fn canvas(source: &Source, layout: &Layout, tables: &[u8]) -> Result<Canvas> {
    if layout.bits == 1 && layout.samples == 1 && layout.photometric != 3 {
        return bits(source, layout);
    }
    let total = layout.width * layout.height * layout.samples;
    let mut samples = Vec::new();
    for piece in &layout.pieces {
        let data = source.range(piece.offset, piece.length)?;
        let rows = match layout.compression {
            by::JPEG => jpeg_piece(&joined(tables, &data), layout, piece)?,
            _ => plain_piece(data, layout, piece)?,
        };
        // One piece that is the whole page needs no second copy.
        if layout.pieces.len() == 1 && rows.len() == total {
            return Ok(Canvas::Bytes(rows));
        }
        samples.resize(total, 0);
        lay(&rows, &mut samples, layout, piece);
    }
    Ok(Canvas::Bytes(samples))
}

/// Bits are laid row by row as whole bytes; tiles are multiples of 16 wide (TIFF 6.0 section 15).
fn bits(source: &Source, layout: &Layout) -> Result<Canvas> {
    let stride = layout.width.div_ceil(8);
    let mut canvas = vec![0u8; stride * layout.height];
    for piece in &layout.pieces {
        if piece.left % 8 != 0 {
            return Err(variant("tiles that do not begin at a byte"));
        }
        let piece_stride = piece.width.div_ceil(8);
        let data = unpacked(source.range(piece.offset, piece.length)?, layout, piece, piece_stride)?;
        let (left, down) = (piece.left / 8, piece.height.min(layout.height - piece.top));
        let across = piece_stride.min(stride - left);
        for (row, from) in data.chunks(piece_stride).take(down).enumerate() {
            let at = (piece.top + row) * stride + left;
            canvas[at..at + across].copy_from_slice(&from[..across]);
        }
    }
    Ok(Canvas::Bits(canvas))
}

/// One byte a sample from a piece that is not JPEG.
fn plain_piece(data: Vec<u8>, layout: &Layout, piece: &Piece) -> Result<Vec<u8>> {
    if layout.photometric == 6 && !layout.planar {
        return subsampled(&data, layout, piece);
    }
    let channels = layout.samples_in_piece();
    let stride = (piece.width * channels * layout.bits).div_ceil(8);
    let mut bytes = unpacked(data, layout, piece, stride)?;
    match layout.predictor {
        1 => {}
        2 => bytes
            .chunks_mut(stride)
            .for_each(|row| codec::undo_differences(row, channels, layout.bits, layout.big_endian)),
        other => return Err(variant(format!("predictor {other}"))),
    }
    if layout.bits == 8 {
        return Ok(bytes);
    }
    let count = piece.width * channels;
    let row = |row: &[u8]| codec::unpack_row(row, count, layout.bits, layout.big_endian);
    Ok(bytes.chunks(stride).flat_map(row).collect())
}

/// The stored bytes of a piece: `stride` for each of its rows.
fn unpacked(mut data: Vec<u8>, layout: &Layout, piece: &Piece, stride: usize) -> Result<Vec<u8>> {
    if layout.low_bit_first {
        data.iter_mut().for_each(|byte| *byte = byte.reverse_bits());
    }
    unpack(data, layout, piece, stride * piece.height)
}

fn unpack(mut data: Vec<u8>, layout: &Layout, piece: &Piece, wanted: usize) -> Result<Vec<u8>> {
    if wanted as u64 > MAX_PAGE_BYTES * 2 {
        return Err(kinds::SCAN_TOO_LARGE.with("width", piece.width).with("height", piece.height));
    }
    match layout.compression {
        by::NONE => {
            if data.len() < wanted {
                return Err(kinds::SCAN_CUT.error());
            }
            data.truncate(wanted);
            Ok(data)
        }
        by::RLE | by::GROUP_3 | by::GROUP_4 if layout.bits == 1 && layout.samples_in_piece() == 1 => {
            fax(&data, layout, piece)
        }
        by::LZW if data.first() == Some(&0) && data.get(1).is_some_and(|b| b & 1 == 1) => {
            Err(variant("LZW of before 1992"))
        }
        by::LZW => codec::unlzw(&data, wanted, false, true),
        by::DEFLATE | by::OLD_DEFLATE => codec::inflate(&data, wanted, true),
        by::PACK_BITS => codec::unpack_bits(&data, wanted, false, true),
        other => Err(variant(format!("compression {other}"))),
    }
}

fn fax(data: &[u8], layout: &Layout, piece: &Piece) -> Result<Vec<u8>> {
    let code = match layout.compression {
        by::GROUP_4 => Code::Group4,
        by::GROUP_3 if layout.two_dimensional => Code::Group3TwoD,
        _ => Code::Group3,
    };
    let side = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let byte_aligned = layout.compression == by::RLE;
    ccitt::decode(data, &Fax { code, columns: side(piece.width), rows: side(piece.height), byte_aligned })
}

/// YCbCr without JPEG: units of h x v luma samples and one pair of chroma samples (TIFF 6.0 section 21).
fn subsampled(data: &[u8], layout: &Layout, piece: &Piece) -> Result<Vec<u8>> {
    let (h, v) = layout.subsampling;
    if layout.bits != 8 || layout.samples != 3 || ![1, 2, 4].contains(&h) || ![1, 2, 4].contains(&v) {
        return Err(variant(format!("YCbCr of {} bits, subsampled {h} x {v}", layout.bits)));
    }
    let (across, down) = (piece.width.div_ceil(h), piece.height.div_ceil(v));
    let unit = h * v + 2;
    let mut data = unpack(data.to_vec(), layout, piece, across * down * unit)?;
    if layout.predictor == 2 {
        data.chunks_mut(across * unit).for_each(|row| codec::undo_differences(row, unit, 8, false));
    }
    let mut rows = vec![0u8; piece.width * piece.height * 3];
    for y in 0..piece.height {
        for x in 0..piece.width {
            let from = (y / v * across + x / h) * unit;
            let to = (y * piece.width + x) * 3;
            rows[to] = data[from + y % v * h + x % h];
            rows[to + 1..to + 3].copy_from_slice(&data[from + h * v..from + unit]);
        }
    }
    Ok(rows)
}

/// A piece that is a JPEG stream; it has to have the size and the channels that the directory promises.
fn jpeg_piece(stream: &[u8], layout: &Layout, piece: &Piece) -> Result<Vec<u8>> {
    let image = jpeg::samples(stream, components(layout))?;
    let (channels, samples) = match image.raw {
        Raw::Grey(samples) => (1, samples),
        Raw::Rgb(samples) => (3, samples),
        Raw::Cmyk(samples) => (4, samples),
        Raw::Bilevel(_) => (0, Vec::new()),
    };
    if channels != layout.samples_in_piece() || layout.bits != 8 {
        return Err(kinds::SCAN_BROKEN.with("cause", Clause::new("why-tiff-strip")));
    }
    let wanted = piece.height.min(layout.height - piece.top);
    if image.width as usize != piece.width || (image.height as usize) < wanted {
        return Err(kinds::SCAN_CUT.error());
    }
    Ok(samples)
}

/// Copies a piece onto the page, cut off at its edges.
fn lay(rows: &[u8], canvas: &mut [u8], layout: &Layout, piece: &Piece) {
    let channels = layout.samples_in_piece();
    let across = piece.width.min(layout.width - piece.left);
    let down = piece.height.min(layout.height - piece.top);
    for (row, from) in rows.chunks(piece.width * channels).take(down).enumerate() {
        let at = ((piece.top + row) * layout.width + piece.left) * layout.samples;
        let to = &mut canvas[at..at + across * layout.samples];
        match layout.planar {
            false => to.copy_from_slice(&from[..across * channels]),
            true => to
                .iter_mut()
                .skip(piece.plane)
                .step_by(layout.samples)
                .zip(from)
                .for_each(|(to, from)| *to = *from),
        }
    }
}

/// The tables' stream without its EOI, then the piece without its SOI.
fn joined(tables: &[u8], piece: &[u8]) -> Vec<u8> {
    let tables = tables.strip_suffix(&[0xFF, 0xD9]).unwrap_or(tables);
    match (tables.is_empty(), piece.strip_prefix(&[0xFF, 0xD8])) {
        (false, Some(rest)) => [tables, rest].concat(),
        _ => piece.to_vec(),
    }
}

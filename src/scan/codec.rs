//! Packed bytes of TIFF strips and PDF streams. The number of bytes that must come out is known beforehand; never more are
//! allocated, and fewer are an error.

use std::io::Read;

use weezl::{BitOrder, LzwStatus, decode::Decoder};

use crate::error::{Clause, Error, Result, kinds};

fn broken(cause: impl std::fmt::Display) -> Error {
    kinds::SCAN_BROKEN.with("cause", Clause::technical(cause))
}

/// Zlib (RFC 1950): at most `limit` bytes. With `exact`, fewer are an error, and the checksum is looked at.
pub(super) fn inflate(data: &[u8], limit: usize, exact: bool) -> Result<Vec<u8>> {
    let mut decoder = flate2::read::ZlibDecoder::new(data);
    let mut out = Vec::new();
    let read = (&mut decoder).take(limit as u64).read_to_end(&mut out);
    match read {
        Ok(_) if exact && out.len() < limit => return Err(kinds::SCAN_CUT.error()),
        Ok(_) => {}
        Err(e) if exact => return Err(broken(format!("Deflate: {e}"))),
        // Readers of PDF take what a stream without its checksum has.
        Err(e) if out.is_empty() => return Err(broken(format!("Deflate: {e}"))),
        Err(_) => {}
    }
    if exact {
        // Up to the end of the stream, where the checksum stands; a strip may hold padding rows.
        let rest = std::io::copy(&mut decoder.take(limit as u64), &mut std::io::sink());
        rest.map_err(|e| broken(format!("Deflate: {e}")))?;
    }
    Ok(out)
}

/// LZW, most significant bit first (TIFF 6.0 section 13; PDF with /EarlyChange 1); `late` is PDF's /EarlyChange 0.
pub(super) fn unlzw(data: &[u8], limit: usize, late: bool, exact: bool) -> Result<Vec<u8>> {
    let mut decoder =
        if late { Decoder::new(BitOrder::Msb, 8) } else { Decoder::with_tiff_size_switch(BitOrder::Msb, 8) };
    let mut out = Vec::new();
    let mut buffer = vec![0u8; 1 << 16];
    let mut rest = data;
    while out.len() < limit {
        let room = buffer.len().min(limit - out.len());
        let step = decoder.decode_bytes(rest, &mut buffer[..room]);
        rest = rest.get(step.consumed_in..).unwrap_or_default();
        out.extend_from_slice(&buffer[..step.consumed_out]);
        match step.status {
            Ok(LzwStatus::Ok) if step.consumed_in > 0 || step.consumed_out > 0 => {}
            Ok(_) => break,
            Err(e) => return Err(broken(format!("LZW: {e}"))),
        }
    }
    match exact && out.len() < limit {
        true => Err(kinds::SCAN_CUT.error()),
        false => Ok(out),
    }
}

/// PackBits (TIFF 6.0 section 9), which PDF calls RunLength: there 128 ends the data, in TIFF it does nothing.
pub(super) fn unpack_bits(data: &[u8], limit: usize, end_at_128: bool, exact: bool) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut rest = data;
    while out.len() < limit {
        let Some((&head, tail)) = rest.split_first() else { break };
        rest = match head {
            0..=127 => {
                let count = usize::from(head) + 1;
                let Some(literal) = tail.get(..count) else { break };
                out.extend_from_slice(literal);
                &tail[count..]
            }
            128 if end_at_128 => break,
            128 => tail,
            129..=255 => {
                let Some((&byte, tail)) = tail.split_first() else { break };
                out.resize(out.len() + 257 - usize::from(head), byte);
                tail
            }
        };
    }
    out.truncate(limit);
    match exact && out.len() < limit {
        true => Err(kinds::SCAN_CUT.error()),
        false => Ok(out),
    }
}

/// Undoes horizontal differencing (TIFF 6.0 section 14) in one row of `channels` samples a pixel.
pub(super) fn undo_differences(row: &mut [u8], channels: usize, bits: usize, big_endian: bool) {
    match bits {
        8 => (channels..row.len()).for_each(|i| row[i] = row[i].wrapping_add(row[i - channels])),
        16 => {
            let read =
                |two: [u8; 2]| if big_endian { u16::from_be_bytes(two) } else { u16::from_le_bytes(two) };
            let mut i = channels * 2;
            while i + 1 < row.len() {
                let before = i - channels * 2;
                let sum = read([row[i], row[i + 1]]).wrapping_add(read([row[before], row[before + 1]]));
                let two = if big_endian { sum.to_be_bytes() } else { sum.to_le_bytes() };
                row[i..i + 2].copy_from_slice(&two);
                i += 2;
            }
        }
        _ => {
            let mut values = unpack_row(row, row.len() * 8 / bits, bits, false);
            let mask = u8::try_from((1u16 << bits) - 1).unwrap_or(u8::MAX);
            (channels..values.len())
                .for_each(|i| values[i] = values[i].wrapping_add(values[i - channels]) & mask);
            for (i, byte) in row.iter_mut().enumerate() {
                let first = i * 8 / bits;
                *byte =
                    (0..8 / bits).fold(0, |sum, k| sum << bits | values.get(first + k).copied().unwrap_or(0));
            }
        }
    }
}

/// The first `count` samples of a row as one byte each; 16 bits are rounded to 8, fewer than 8 stay as they are.
pub(super) fn unpack_row(row: &[u8], count: usize, bits: usize, big_endian: bool) -> Vec<u8> {
    match bits {
        8 => row.iter().take(count).copied().collect(),
        16 => row
            .as_chunks::<2>()
            .0
            .iter()
            .take(count)
            .map(|two| if big_endian { u16::from_be_bytes(*two) } else { u16::from_le_bytes(*two) })
            .map(|v| u8::try_from((u32::from(v) * 255 + 32_767) / 65_535).unwrap_or(u8::MAX))
            .collect(),
        _ => {
            let mask = u8::try_from((1u16 << bits) - 1).unwrap_or(u8::MAX);
            let per_byte = 8 / bits;
            (0..count)
                .map(|i| {
                    let byte = row.get(i / per_byte).copied().unwrap_or(0);
                    byte >> (8 - bits - (i % per_byte) * bits) & mask
                })
                .collect()
        }
    }
}

//! Bilevel layers, lossless: JBIG2 generic region (ISO/IEC 14492 6.2) or G4 (ITU-T T.6). Symbol coding is never used: it
//! has swapped digits in real archives (rule 3). Every stream is decoded back, by another implementation where there is
//! one, and compared bit by bit.

use hayro_jbig2::{DecodeSettings, Decoder, Page};
use jbig2enc_rust::{Jbig2Config, Jbig2Context, encode_single_image_with_config};

use crate::error::{Error, Result, kinds};

use super::raster::Bits;
use super::{Encoded, MaskCodec};

/// Encodes a mask. When the preferred stream does not decode to the same bits, G4 takes its place.
///
/// # Errors
/// [`kinds::GUARD`] when no stream decodes to the same bits.
pub(super) fn encode(bits: &Bits, codec: MaskCodec) -> Result<Encoded> {
    if codec == MaskCodec::Jbig2Generic
        && let Ok(stream) = jbig2(bits)
        && decode(&stream, bits.width, bits.height).is_ok_and(|back| back == *bits)
    {
        return Ok(stream);
    }
    let stream = g4(bits)?;
    match decode(&stream, bits.width, bits.height)? == *bits {
        true => Ok(stream),
        false => Err(guard("G4 does not decode to the same bits")),
    }
}

fn guard(cause: impl std::fmt::Display) -> Error {
    kinds::GUARD.with("cause", cause)
}

fn size(bits: &Bits) -> Result<(u32, u32)> {
    match (u32::try_from(bits.width), u32::try_from(bits.height)) {
        (Ok(width), Ok(height)) => Ok((width, height)),
        _ => Err(guard("size")),
    }
}

fn jbig2(bits: &Bits) -> Result<Encoded> {
    let (width, height) = size(bits)?;
    let mut config = Jbig2Config::lossless();
    config.canonical_arithmetic_termination = true; // without it readers warn of an extraneous byte
    let context = Jbig2Context::with_config(config, true);
    let result = encode_single_image_with_config(&bits.data, width, height, context).map_err(guard)?;
    match result.global_data {
        None => Ok(Encoded::Jbig2(result.page_data)),
        Some(_) => Err(guard("a generic region needs no globals")),
    }
}

fn g4(bits: &Bits) -> Result<Encoded> {
    let (width, _) = size(bits)?;
    let mut encoder = fax::encoder::Encoder::new(fax::VecWriter::new());
    for row in bits.data.chunks(bits.width.max(1)) {
        let pels = row.iter().map(|bit| if *bit == 1 { fax::Color::Black } else { fax::Color::White });
        encoder.encode_line(pels, width).map_err(|_| guard("G4"))?;
    }
    Ok(Encoded::G4(encoder.finish().map_err(|_| guard("G4"))?.finish()))
}

/// Decodes a bilevel stream of ours.
///
/// # Errors
/// [`kinds::GUARD`].
pub(super) fn decode(stream: &Encoded, width: usize, height: usize) -> Result<Bits> {
    match stream {
        Encoded::Jbig2(bytes) => decode_jbig2(bytes, width, height),
        Encoded::G4(bytes) => decode_g4(bytes, width, height),
        _ => Err(guard("not a bilevel stream")),
    }
}

fn decode_jbig2(bytes: &[u8], width: usize, height: usize) -> Result<Bits> {
    let settings = DecodeSettings { strict: true };
    let page = Page::new_embedded(bytes, None, &settings).map_err(guard)?;
    if (page.width() as usize, page.height() as usize) != (width, height) {
        return Err(guard("JBIG2 of another size"));
    }
    let mut sink = Sink { bits: Bits { width, height, data: Vec::with_capacity(width * height) }, row: 0 };
    page.decode(&mut sink).map_err(guard)?;
    match sink.bits.data.len() == width * height {
        true => Ok(sink.bits),
        false => Err(guard("JBIG2 of another length")),
    }
}

/// Collects pixels; what stands beyond the width of a row is padding.
struct Sink {
    bits: Bits,
    row: usize,
}

impl Decoder for Sink {
    fn push_pixel(&mut self, black: bool) {
        if self.row < self.bits.width {
            self.bits.data.push(u8::from(black));
            self.row += 1;
        }
    }

    fn push_pixel_chunk(&mut self, black: bool, chunk_count: u32) {
        let count = (chunk_count as usize * 8).min(self.bits.width - self.row);
        self.bits.data.resize(self.bits.data.len() + count, u8::from(black));
        self.row += count;
    }

    fn next_line(&mut self) {
        self.row = 0;
    }
}

fn decode_g4(bytes: &[u8], width: usize, height: usize) -> Result<Bits> {
    let (w, h) = (u32::try_from(width).map_err(guard)?, u32::try_from(height).map_err(guard)?);
    let mut data = Vec::with_capacity(width * height);
    fax::decoder::decode_g4(bytes.iter().copied(), w, Some(h), |line| {
        data.extend(fax::decoder::pels(line, w).map(|c| u8::from(c == fax::Color::Black)));
    })
    .ok_or_else(|| guard("G4 ends too early"))?;
    match data.len() == width * height {
        true => Ok(Bits { width, height, data }),
        false => Err(guard("G4 of another length")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(width: usize, height: usize, seed: u32) -> Bits {
        let mut state = seed | 1;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 24
        };
        let data = (0..width * height)
            .map(|i| match seed % 4 {
                0 => u8::from(next() < 12),
                1 => u8::from((i % width / 5 + i / width / 7).is_multiple_of(3)),
                2 => u8::from(next() < 128),
                _ => 1,
            })
            .collect();
        Bits { width, height, data }
    }

    #[test]
    fn both_codecs_are_lossless_at_every_width() {
        for codec in [MaskCodec::Jbig2Generic, MaskCodec::G4] {
            for width in (1..40).chain([63, 64, 65, 257, 1000]) {
                for seed in 0..4 {
                    let bits = pattern(width, 1 + width % 13, seed);
                    let stream = encode(&bits, codec).unwrap();
                    assert_eq!(
                        decode(&stream, bits.width, bits.height).unwrap(),
                        bits,
                        "{codec:?} {width} {seed}"
                    );
                    assert_eq!(
                        matches!(stream, Encoded::Jbig2(_)),
                        codec == MaskCodec::Jbig2Generic,
                        "{width} {seed}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_changed_stream_is_noticed() {
        let bits = pattern(300, 200, 1);
        let Encoded::Jbig2(mut bytes) = jbig2(&bits).unwrap() else { panic!("JBIG2") };
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x10;
        assert!(decode(&Encoded::Jbig2(bytes), 300, 200).map_or(true, |back| back != bits));
    }
}

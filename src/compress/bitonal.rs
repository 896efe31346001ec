//! Bilevel layers, lossless: JBIG2 generic region (ISO/IEC 14492 6.2) or G4 (ITU-T T.6). Symbol coding is never used: it
//! has swapped digits in real archives (rule 3). Every stream is decoded back and compared bit by bit.

use crate::error::{Error, Result, kinds};

use super::raster::Bits;
use super::{Encoded, MaskCodec, jbig2};

/// Bytes of a JBIG2 stream up to which G4 may be smaller.
const TINY: usize = 250;

/// Encodes a mask. When the preferred stream does not decode to the same bits, G4 takes its place.
///
/// # Errors
/// [`kinds::GUARD`] when no stream decodes to the same bits.
pub(super) fn encode(bits: &Bits, codec: MaskCodec) -> Result<Encoded> {
    encode_with(bits, codec, jbig2::encode)
}

/// As [`encode`], with the JBIG2 encoder handed in, so that a test can plant a fault in it.
fn encode_with(
    bits: &Bits,
    codec: MaskCodec,
    jbig2: impl FnOnce(&Bits) -> Option<Vec<u8>>,
) -> Result<Encoded> {
    if codec == MaskCodec::Jbig2Generic
        && let Some(stream) = jbig2(bits).map(Encoded::Jbig2)
        && shows(&stream, bits)
    {
        // The head of a JBIG2 stream is more than some tiny masks have to say.
        let other = (stream.len() < TINY).then(|| g4(bits)).transpose()?;
        let smaller = other.filter(|other| other.len() < stream.len() && shows(other, bits));
        return Ok(smaller.unwrap_or(stream));
    }
    let stream = g4(bits)?;
    match shows(&stream, bits) {
        true => Ok(stream),
        false => Err(guard("G4 does not decode to the same bits")),
    }
}

/// Whether a stream decodes to these very bits.
fn shows(stream: &Encoded, bits: &Bits) -> bool {
    decode(stream, bits.width, bits.height).is_ok_and(|back| back == *bits)
}

fn guard(cause: impl std::fmt::Display) -> Error {
    kinds::GUARD.with("cause", cause)
}

fn g4(bits: &Bits) -> Result<Encoded> {
    let width = u32::try_from(bits.width).map_err(guard)?;
    let mut encoder = fax::encoder::Encoder::new(fax::VecWriter::new());
    for y in 0..bits.height {
        let black = |word: u64, i: usize| word >> (63 - i) & 1 == 1;
        let pels = bits.row(y).iter().flat_map(|word| (0..64).map(move |i| black(*word, i)));
        let pels = pels.take(bits.width).map(|b| if b { fax::Color::Black } else { fax::Color::White });
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
        Encoded::Jbig2(bytes) => jbig2::decode(bytes, width, height).ok_or_else(|| guard("JBIG2")),
        Encoded::G4(bytes) => decode_g4(bytes, width, height),
        _ => Err(guard("not a bilevel stream")),
    }
}

fn decode_g4(bytes: &[u8], width: usize, height: usize) -> Result<Bits> {
    let (w, h) = (u32::try_from(width).map_err(guard)?, u32::try_from(height).map_err(guard)?);
    let mut bits = Bits::new(width, height);
    let mut line = vec![0u8; width];
    let mut y = 0;
    fax::decoder::decode_g4(bytes.iter().copied(), w, Some(h), |edges| {
        let pels = fax::decoder::pels(edges, w);
        line.iter_mut().zip(pels).for_each(|(byte, pel)| *byte = u8::from(pel == fax::Color::Black));
        if y < height {
            bits.set_row(y, &line);
        }
        y += 1;
    })
    .ok_or_else(|| guard("G4 ends too early"))?;
    if y == height { Ok(bits) } else { Err(guard("G4 of another length")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(width: usize, height: usize, seed: u32) -> Bits {
        let mut state = seed | 1;
        let mut bits = Bits::new(width, height);
        for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let black = match seed % 4 {
                0 => state >> 24 < 12,
                1 => (x / 5 + y / 7).is_multiple_of(3),
                2 => state >> 24 < 128,
                _ => true,
            };
            bits.set(x, y, black);
        }
        bits
    }

    #[test]
    fn both_codecs_are_lossless_at_every_width() {
        for codec in [MaskCodec::Jbig2Generic, MaskCodec::G4] {
            for width in (1..40).chain([63, 64, 65, 257, 1000]) {
                for seed in 0..4 {
                    let bits = pattern(width, 1 + width % 13, seed);
                    let stream = encode(&bits, codec).unwrap();
                    let back = decode(&stream, bits.width, bits.height).unwrap();
                    assert_eq!(back, bits, "{codec:?} {width} {seed}");
                    let jbig2 = matches!(stream, Encoded::Jbig2(_));
                    assert!(!jbig2 || codec == MaskCodec::Jbig2Generic, "{width} {seed}");
                    let wanted = codec == MaskCodec::Jbig2Generic && stream.len() >= TINY;
                    assert!(jbig2 || !wanted, "{width} {seed}");
                    assert!(stream.len() <= g4(&bits).unwrap().len() || stream.len() >= TINY);
                }
            }
        }
    }

    /// A decoder written by others.
    fn foreign(bytes: &[u8], width: usize, height: usize) -> Bits {
        struct Sink(Vec<u8>, usize, usize);
        impl hayro_jbig2::Decoder for Sink {
            fn push_pixel(&mut self, black: bool) {
                if self.1 < self.2 {
                    self.0.push(u8::from(black));
                    self.1 += 1;
                }
            }
            fn push_pixel_chunk(&mut self, black: bool, chunk_count: u32) {
                (0..chunk_count * 8).for_each(|_| self.push_pixel(black));
            }
            fn next_line(&mut self) {
                self.1 = 0;
            }
        }
        let settings = hayro_jbig2::DecodeSettings { strict: true };
        let page = hayro_jbig2::Page::new_embedded(bytes, None, &settings).unwrap();
        assert_eq!((page.width() as usize, page.height() as usize), (width, height));
        let mut sink = Sink(Vec::new(), 0, width);
        page.decode(&mut sink).unwrap();
        let mut bits = Bits::new(width, height);
        sink.0.chunks(width).enumerate().for_each(|(y, row)| bits.set_row(y, row));
        bits
    }

    #[test]
    fn a_decoder_of_others_reads_the_same() {
        for width in [1, 7, 64, 100, 257, 1000] {
            for seed in 0..4 {
                let bits = pattern(width, 3 + width % 90, seed);
                let bytes = jbig2::encode(&bits).unwrap();
                assert_eq!(foreign(&bytes, bits.width, bits.height), bits, "{width} {seed}");
            }
        }
    }

    /// Negative control: an encoder that loses a pixel gets through without the guard, and with it G4 takes its place.
    #[test]
    fn a_faulty_encoder_falls_back() {
        let bits = pattern(300, 200, 1);
        let faulty = |bits: &Bits| {
            let mut other = bits.clone();
            other.set(150, 100, !bits.get(150, 100));
            jbig2::encode(&other)
        };
        let unguarded = Encoded::Jbig2(faulty(&bits).unwrap());
        assert_ne!(decode(&unguarded, 300, 200).unwrap(), bits);
        let guarded = encode_with(&bits, MaskCodec::Jbig2Generic, faulty).unwrap();
        assert!(matches!(guarded, Encoded::G4(_)));
        assert_eq!(decode(&guarded, 300, 200).unwrap(), bits);
    }
}

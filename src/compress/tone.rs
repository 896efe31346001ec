//! Colour layers as JPEG (ITU-T T.81 baseline). Optimised Huffman tables go with 4:4:4 only: with 4:2:0 the encoder writes
//! separate scans, which a widespread decoder shows in wrong colours without an error.

use fearless_simd::{Level, dispatch};
use jpeg_encoder::{ColorType, Encoder, QuantizationTableType, SamplingFactor};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;

use crate::error::{Error, Result, kinds};

use super::Encoded;
use super::ink::{TONES, Tones};
use super::raster::Rgb;

/// Largest mean difference of a colour sample between what goes in and what comes out (of 255).
const MAX_MEAN_ERROR: f64 = 12.0;

/// Quantisation tables for luma and chroma (T.81 K.1), row by row.
const LUMA: [u16; 64] = [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17,
    22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78,
    87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];
const CHROMA: [u16; 64] = [
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
];

/// A table at a quality, as the Independent JPEG Group scales it.
fn scaled(table: &[u16; 64], quality: u8) -> QuantizationTableType {
    let quality = u16::from(quality.clamp(1, 100));
    let percent = if quality < 50 { 5_000 / quality } else { 200 - 2 * quality };
    QuantizationTableType::Custom(Box::new(table.map(|v| ((v * percent + 50) / 100).clamp(1, 255))))
}

/// What the colours of a layer mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tint {
    /// None.
    Grey,
    /// Thin strokes whose colour matters as much as their shape: no subsampling.
    Ink,
    /// Soft tones.
    Paper,
}

/// Qualities of luma and chroma, 1 to 100 on the scale of the Independent JPEG Group. The eye sees the edge of a stamp in
/// its colour: fine chroma and coarse luma give the smallest difference of colour for the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quality {
    pub luma: u8,
    pub chroma: u8,
}

impl Quality {
    /// The same for both.
    pub const fn even(quality: u8) -> Self {
        Self { luma: quality, chroma: quality }
    }
}

/// A layer that was decoded back: the stream, and what it shows.
pub(super) struct Kept {
    pub stream: Encoded,
    pub shows: Rgb,
}

/// The smallest of the candidates, decoded back and compared.
///
/// # Errors
/// [`kinds::GUARD`] when it does not come out as it went in.
pub(super) fn encode(image: &Rgb, quality: Quality, tint: Tint) -> Result<Kept> {
    let fine = SamplingFactor::F_1_1;
    let candidates = match tint {
        Tint::Grey => vec![jpeg(image, quality, true, fine, true)?],
        Tint::Ink => vec![jpeg(image, quality, false, fine, true)?],
        Tint::Paper => vec![
            jpeg(image, quality, false, fine, true)?,
            jpeg(image, quality, false, SamplingFactor::F_2_2, false)?,
        ],
    };
    let stream = candidates.into_iter().min_by_key(Encoded::len).ok_or_else(|| guard("no candidate"))?;
    compared(stream, image)
}

/// Tones of one ink as a JPEG of one component, decoded back and compared. `step` is the size of the steps in which all
/// frequencies are kept, in 1/256 of the way from the ink to the paper.
///
/// # Errors
/// [`kinds::GUARD`] when it does not come out as it went in.
pub(super) fn encode_tones(tones: &Tones, image: &Rgb, step: u16) -> Result<Kept> {
    let size = (tones.width, tones.height);
    let table = [(step * TONES / 256).max(1); 64];
    let bytes = grey_jpeg(&tones.levels, size, QuantizationTableType::Custom(Box::new(table)))?;
    compared(Encoded::Toned { palette: tones.palette.clone(), bytes }, image)
}

/// Lets a stream through that shows the image within the limit.
fn compared(stream: Encoded, image: &Rgb) -> Result<Kept> {
    let shows = decode(&stream)?;
    let difference = dispatch!(Level::new(), _simd => difference(&shows.data, &image.data));
    let mean = difference as f64 / image.data.len().max(1) as f64;
    match (shows.width, shows.height) == (image.width, image.height) && mean <= MAX_MEAN_ERROR {
        true => Ok(Kept { stream, shows }),
        false => Err(guard(format!("mean error {mean:.1}"))),
    }
}

/// Sum of the differences of all samples.
#[inline(always)]
fn difference(a: &[u8], b: &[u8]) -> u64 {
    /// Samples whose differences surely fit 32 bits.
    const PART: usize = 1 << 16;
    let part =
        |(a, b): (&[u8], &[u8])| a.iter().zip(b).fold(0u32, |sum, (a, b)| sum + u32::from(a.abs_diff(*b)));
    a.chunks(PART).zip(b.chunks(PART)).map(part).map(u64::from).sum()
}

fn guard(cause: impl std::fmt::Display) -> Error {
    kinds::GUARD.with("cause", cause)
}

fn jpeg(
    image: &Rgb,
    quality: Quality,
    grey: bool,
    sampling: SamplingFactor,
    optimised: bool,
) -> Result<Encoded> {
    let size = (image.width, image.height);
    if grey {
        let luma: Vec<u8> = image.data.chunks(3).map(|p| p[1]).collect();
        return Ok(Encoded::Jpeg {
            components: 1,
            bytes: grey_jpeg(&luma, size, scaled(&LUMA, quality.luma))?,
        });
    }
    let (width, height) = (u16::try_from(size.0).map_err(guard)?, u16::try_from(size.1).map_err(guard)?);
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, quality.luma);
    encoder.set_quantization_tables(scaled(&LUMA, quality.luma), scaled(&CHROMA, quality.chroma));
    encoder.set_sampling_factor(sampling);
    encoder.set_optimized_huffman_tables(optimised);
    encoder.encode(&image.data, width, height, ColorType::Rgb).map_err(guard)?;
    Ok(Encoded::Jpeg { components: 3, bytes })
}

/// A JPEG of one component.
fn grey_jpeg(
    samples: &[u8],
    (width, height): (usize, usize),
    table: QuantizationTableType,
) -> Result<Vec<u8>> {
    let (width, height) = (u16::try_from(width).map_err(guard)?, u16::try_from(height).map_err(guard)?);
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 100);
    encoder.set_quantization_tables(table.clone(), table);
    encoder.set_optimized_huffman_tables(true);
    encoder.encode(samples, width, height, ColorType::Luma).map_err(guard)?;
    Ok(bytes)
}

/// Decodes a JPEG layer of ours to RGB.
///
/// # Errors
/// [`kinds::GUARD`].
pub(super) fn decode(stream: &Encoded) -> Result<Rgb> {
    match stream {
        Encoded::Jpeg { bytes, .. } => samples(bytes, ColorSpace::RGB),
        Encoded::Toned { palette, bytes } => {
            let tones = samples(bytes, ColorSpace::Luma)?;
            // What lies beyond the table is its end (ISO 32000-1 8.6.6.3).
            let last = palette.len().checked_sub(1).ok_or_else(|| guard("no colours"))?;
            let data = tones.data.iter().flat_map(|v| palette[usize::from(*v).min(last)]).collect();
            Ok(Rgb { data, ..tones })
        }
        _ => Err(guard("not a JPEG stream")),
    }
}

/// Samples of a JPEG file in a space of one or three components.
fn samples(bytes: &[u8], space: ColorSpace) -> Result<Rgb> {
    let options = DecoderOptions::default().set_strict_mode(true).jpeg_set_out_colorspace(space);
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let data = decoder.decode().map_err(|e| guard(format!("{e:?}")))?;
    let info = decoder.info().ok_or_else(|| guard("no header"))?;
    Ok(Rgb { width: usize::from(info.width), height: usize::from(info.height), data })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn striped(colours: [[u8; 3]; 2]) -> Rgb {
        let data = (0..64 * 64).flat_map(|i| colours[i / 8 % 2]).collect();
        Rgb { width: 64, height: 64, data }
    }

    const PAPER: [u8; 3] = [240, 238, 230];
    const RED: [u8; 3] = [205, 45, 50];

    /// Negative control: a stream that shows something else decodes without a word, and only the comparison sees it.
    #[test]
    fn a_faulty_encoder_does_not_get_through() {
        let (image, faulty) = (striped([PAPER, RED]), striped([PAPER, [50, 45, 205]]));
        for encode in [
            |image: &Rgb| jpeg(image, Quality::even(60), false, SamplingFactor::F_1_1, true).unwrap(),
            |image: &Rgb| {
                let tones = Tones::of(image, PAPER).unwrap();
                encode_tones(&tones, image, 48).unwrap().stream
            },
        ] {
            assert_eq!(decode(&encode(&faulty)).unwrap().width, 64);
            assert!(compared(encode(&faulty), &image).is_err());
            assert!(compared(encode(&image), &image).is_ok());
        }
    }

    #[test]
    fn tones_are_the_colours_of_the_ink() {
        for ink in [RED, [40, 60, 160], [250, 235, 60], [60, 140, 90]] {
            let image = striped([PAPER, ink]);
            let kept = encode_tones(&Tones::of(&image, PAPER).unwrap(), &image, 24).unwrap();
            let far = kept.shows.data.iter().zip(&image.data).filter(|(a, b)| a.abs_diff(**b) > 12).count();
            assert!(far * 50 < image.data.len(), "{ink:?}: {far}");
        }
        assert!(Tones::of(&striped([PAPER, PAPER]), PAPER).is_none());
    }

    #[test]
    fn a_place_beyond_the_table_is_its_last() {
        let table = QuantizationTableType::Custom(Box::new([1; 64]));
        let bytes = grey_jpeg(&[200; 64], (8, 8), table).unwrap();
        let palette = vec![[1, 2, 3], [4, 5, 6]];
        assert_eq!(decode(&Encoded::Toned { palette, bytes }).unwrap().at(3, 3), [4, 5, 6]);
        assert!(decode(&Encoded::Toned { palette: Vec::new(), bytes: Vec::new() }).is_err());
    }
}

//! What the samples of a TIFF mean (TIFF 6.0 PhotometricInterpretation), alpha over white.

use crate::error::Result;

use super::super::colour::Raw;
use super::compression as by;
use super::layout::{Layout, variant};
use super::piece::Canvas;

/// Samples to grey, RGB or CMYK; also whether there was an alpha channel.
pub(super) fn interpret(canvas: Canvas, layout: &Layout) -> Result<(Raw, bool)> {
    let samples = match canvas {
        Canvas::Bits(bits) => return Ok((Raw::Bilevel(black_is_one(bits, layout)?), false)),
        Canvas::Bytes(samples) => samples,
    };
    let colours = match layout.photometric {
        0 | 1 | 3 => 1,
        2 | 6 => 3,
        5 => 4,
        other => return Err(variant(format!("photometric interpretation {other}"))),
    };
    let Some(extra) = layout.samples.checked_sub(colours) else {
        return Err(variant(format!("{} samples, photometric {}", layout.samples, layout.photometric)));
    };
    let alpha = layout.extra.iter().take(extra).position(|kind| matches!(kind, 1 | 2));
    let as_stored = layout.bits >= 8 && extra == 0 && layout.photometric != 0;
    let scale = match layout.bits {
        1 | 2 | 4 if layout.photometric != 3 => 255 / ((1u16 << layout.bits) - 1),
        _ => 1,
    };
    let stretched = |v: u8| u8::try_from(u16::from(v) * scale).unwrap_or(u8::MAX);
    let out = if as_stored {
        samples
    } else {
        let mut out = Vec::with_capacity(samples.len() / layout.samples * colours);
        for pixel in samples.chunks_exact(layout.samples) {
            let opaque = alpha.map(|i| (pixel[colours + i], layout.extra[i] == 1));
            for value in &pixel[..colours] {
                let value = if layout.photometric == 0 { 255 - stretched(*value) } else { stretched(*value) };
                out.push(opaque.map_or(value, |alpha| over_white(value, alpha)));
            }
        }
        out
    };
    let raw = match layout.photometric {
        0 | 1 => Raw::Grey(out),
        3 => palette(&out, layout)?,
        5 => Raw::Cmyk(out),
        6 if layout.compression != by::JPEG => ycbcr(out, layout),
        _ => Raw::Rgb(out),
    };
    Ok((raw, alpha.is_some()))
}

/// Premultiplied samples have lost their share already.
fn over_white(value: u8, (alpha, premultiplied): (u8, bool)) -> u8 {
    let (value, alpha) = (u32::from(value), u32::from(alpha));
    let own = if premultiplied { value } else { (value * alpha + 127) / 255 };
    u8::try_from(own + 255 - alpha).unwrap_or(u8::MAX)
}

/// Ours is 1 = black with clear padding bits.
fn black_is_one(mut bits: Vec<u8>, layout: &Layout) -> Result<Vec<u8>> {
    match layout.photometric {
        0 => {}
        1 => bits.iter_mut().for_each(|byte| *byte = !*byte),
        other => return Err(variant(format!("photometric interpretation {other} of single bits"))),
    }
    let stride = layout.width.div_ceil(8);
    let padding = u32::try_from(stride * 8 - layout.width).unwrap_or(0);
    let keep = 0xFFu8.checked_shl(padding).unwrap_or(0);
    bits.iter_mut().skip(stride - 1).step_by(stride).for_each(|byte| *byte &= keep);
    Ok(bits)
}

/// ColorMap: all reds, all greens, all blues, 16 bits each; some writers fill in 8 (TIFF 6.0 section 5).
fn palette(indices: &[u8], layout: &Layout) -> Result<Raw> {
    let count = 1usize << layout.bits.min(8);
    if layout.bits > 8 || layout.palette.len() != count * 3 {
        return Err(variant(format!("palette of {} values", layout.palette.len())));
    }
    let shift = if layout.palette.iter().all(|v| *v < 256) { 0 } else { 8 };
    let table: Vec<u8> = layout.palette.iter().map(|v| u8::try_from(v >> shift).unwrap_or(u8::MAX)).collect();
    let colour = |index: &u8| [0, 1, 2].map(|c| table[c * count + usize::from(*index).min(count - 1)]);
    Ok(Raw::Rgb(indices.iter().flat_map(colour).collect()))
}

/// ITU-R BT.601 as TIFF 6.0 section 21 has it, with ReferenceBlackWhite where it is stated.
fn ycbcr(mut samples: Vec<u8>, layout: &Layout) -> Raw {
    let reference = match layout.reference.len() {
        6 => layout.reference.clone(),
        _ => vec![0.0, 255.0, 128.0, 255.0, 128.0, 255.0],
    };
    let full = |v: u8, at: usize, range: f64| {
        let width = reference[at + 1] - reference[at];
        (f64::from(v) - reference[at]) * range / if width == 0.0 { range } else { width }
    };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let byte = |v: f64| v.round().clamp(0.0, 255.0) as u8;
    for pixel in samples.as_chunks_mut::<3>().0 {
        let (y, cb, cr) = (full(pixel[0], 0, 255.0), full(pixel[1], 2, 127.0), full(pixel[2], 4, 127.0));
        *pixel = [byte(y + 1.402 * cr), byte(y - 0.344_136 * cb - 0.714_136 * cr), byte(y + 1.772 * cb)];
    }
    Raw::Rgb(samples)
}

//! Samples of a file become sRGB, grey or bits. An embedded profile (ICC.1) is converted, not dropped; CMYK without one
//! follows a plain formula. Whatever changes a colour leaves a finding.

use moxcms::{
    Chromaticity, ColorPrimaries, ColorProfile, DataColorSpace, Layout, ProfileText, ToneReprCurve,
    TransformExecutor, TransformOptions,
};

use crate::document::{Finding, Severity};
use crate::error::{Clause, Error, Result, kinds};

use super::Pixels;

/// Largest profile that is read; printers' CMYK profiles have 2 to 3 MB (our limit).
pub(super) const MAX_PROFILE_BYTES: usize = 8_000_000;
/// Pixels that are converted at once, so that a page is never held twice.
const CHUNK: usize = 16_384;
/// Steps a channel in which a profile is compared with sRGB.
const STEPS: [u8; 6] = [0, 51, 102, 153, 204, 255];
/// Difference in a sample up to which a profile is sRGB by another name.
const SAME: u8 = 1;

/// Samples as the file has them, reduced to 8 bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Raw {
    /// One bit a pixel, 1 is black, rows padded to bytes.
    Bilevel(Vec<u8>),
    /// One byte a pixel, 255 is white.
    Grey(Vec<u8>),
    /// Three bytes a pixel.
    Rgb(Vec<u8>),
    /// Four bytes a pixel, 255 is full ink.
    Cmyk(Vec<u8>),
}

/// What the numbers of a file mean.
#[derive(Clone, Debug, Default)]
pub(super) enum Meaning {
    /// Nothing is said: sRGB, or ink.
    #[default]
    Unsaid,
    /// An ICC profile, as it is embedded.
    Icc(Vec<u8>),
    /// A power law and, where stated, white and primaries as x, y pairs (ISO/IEC 15948 11.3.3.1, 11.3.3.2).
    Gamma {
        /// Exponent that leads from samples to light: the inverse of what gAMA states.
        exponent: f32,
        /// White, red, green, blue.
        chromaticities: Option<[(f32, f32); 4]>,
    },
}

/// Converts samples to sRGB as their meaning says, and tells what was changed.
pub(super) fn to_srgb(raw: Raw, meaning: &Meaning) -> Result<(Pixels, Vec<Finding>)> {
    let wanted = match &raw {
        Raw::Bilevel(_) => return plain(raw),
        Raw::Grey(_) => DataColorSpace::Gray,
        Raw::Rgb(_) => DataColorSpace::Rgb,
        Raw::Cmyk(_) => DataColorSpace::Cmyk,
    };
    let (profile, from) = match meaning {
        Meaning::Unsaid => return plain(raw),
        Meaning::Icc(bytes) => (read(bytes), "ICC"),
        Meaning::Gamma { exponent, chromaticities } => {
            (Some(power_law(wanted, *exponent, *chromaticities)), "gAMA")
        }
    };
    let fitting = profile.filter(|p| p.color_space == wanted);
    let Some((profile, transform)) = fitting.and_then(|p| transform(&p).map(|t| (p, t))) else {
        let (pixels, mut findings) = plain(raw)?;
        findings.push(Finding::new("icc_unreadable", None, Severity::Warning));
        return Ok((pixels, findings));
    };
    let changed = || vec![converted(format!("{from} {}", name(&profile)).trim())];
    match raw {
        Raw::Rgb(samples) if is_srgb(&*transform)? => Ok((Pixels::Rgb(samples), Vec::new())),
        Raw::Rgb(mut samples) => {
            in_place(&mut samples, &*transform)?;
            Ok((Pixels::Rgb(samples), changed()))
        }
        Raw::Cmyk(samples) => Ok((Pixels::Rgb(widened::<4>(&samples, &*transform)?), changed())),
        Raw::Grey(samples) => {
            let (pixels, same) = grey(samples, &*transform)?;
            Ok((pixels, if same { Vec::new() } else { changed() }))
        }
        Raw::Bilevel(_) => plain(raw),
    }
}

/// The finding that names what colours were converted from.
pub(super) fn converted(from: &str) -> Finding {
    Finding::new("colours_converted", None, Severity::Info).with("from", from)
}

/// Without a profile: grey and RGB are sRGB; a CMYK ink takes its share of the light that the others leave,
/// `R = 255 (1 - C) (1 - K)`.
fn plain(raw: Raw) -> Result<(Pixels, Vec<Finding>)> {
    Ok(match raw {
        Raw::Bilevel(bits) => (Pixels::Bilevel(bits), Vec::new()),
        Raw::Grey(samples) => (Pixels::Grey(samples), Vec::new()),
        Raw::Rgb(samples) => (Pixels::Rgb(samples), Vec::new()),
        Raw::Cmyk(samples) => {
            let mut rgb = Vec::with_capacity(samples.len() / 4 * 3);
            for ink in samples.as_chunks::<4>().0 {
                rgb.extend(cmyk(*ink));
            }
            (Pixels::Rgb(rgb), vec![converted("CMYK")])
        }
    })
}

/// One colour by the plain formula.
pub(super) fn cmyk([c, m, y, k]: [u8; 4]) -> [u8; 3] {
    let light = |ink: u8| (u32::from(255 - ink) * u32::from(255 - k) + 127) / 255;
    [c, m, y].map(|ink| u8::try_from(light(ink)).unwrap_or(u8::MAX))
}

type Transform = std::sync::Arc<dyn TransformExecutor<u8> + Send + Sync>;

fn read(bytes: &[u8]) -> Option<ColorProfile> {
    (bytes.len() <= MAX_PROFILE_BYTES).then(|| ColorProfile::new_from_slice(bytes).ok()).flatten()
}

/// The profile that a power law stands for.
fn power_law(kind: DataColorSpace, exponent: f32, chromaticities: Option<[(f32, f32); 4]>) -> ColorProfile {
    if kind == DataColorSpace::Gray {
        let mut profile = ColorProfile::new_gray_with_gamma(exponent);
        profile.description = None;
        return profile;
    }
    let mut profile = ColorProfile::new_srgb();
    if let Some(all) = chromaticities {
        let [white, red, green, blue] = all.map(|(x, y)| Chromaticity::new(x, y));
        profile.update_rgb_colorimetry(white.to_xyyb(), ColorPrimaries { red, green, blue });
    }
    let curve = ToneReprCurve::Parametric(vec![exponent]);
    profile.red_trc = Some(curve.clone());
    profile.green_trc = Some(curve.clone());
    profile.blue_trc = Some(curve);
    (profile.cicp, profile.description) = (None, None);
    profile
}

/// The way from the profile to sRGB; none when the profile lacks what it takes.
fn transform(profile: &ColorProfile) -> Option<Transform> {
    let layout = match profile.color_space {
        DataColorSpace::Gray => Layout::Gray,
        DataColorSpace::Cmyk => Layout::Rgba,
        _ => Layout::Rgb,
    };
    let options = TransformOptions::default();
    profile.create_transform_8bit(layout, &ColorProfile::new_srgb(), Layout::Rgb, options).ok()
}

fn failed(error: impl std::fmt::Display) -> Error {
    kinds::SCAN_BROKEN.with("cause", Clause::technical(error))
}

type Executor = dyn TransformExecutor<u8> + Send + Sync;

/// Whether the transform leaves a grid of colours as it is.
fn is_srgb(transform: &Executor) -> Result<bool> {
    let grid: Vec<u8> = STEPS
        .iter()
        .flat_map(|r| STEPS.iter().flat_map(move |g| STEPS.iter().flat_map(move |b| [*r, *g, *b])))
        .collect();
    let mut out = vec![0; grid.len()];
    transform.transform(&grid, &mut out).map_err(failed)?;
    Ok(grid.iter().zip(&out).all(|(a, b)| a.abs_diff(*b) <= SAME))
}

fn in_place(samples: &mut [u8], transform: &Executor) -> Result<()> {
    let mut buffer = vec![0; CHUNK * 3];
    for chunk in samples.chunks_mut(CHUNK * 3) {
        let out = &mut buffer[..chunk.len()];
        transform.transform(chunk, out).map_err(failed)?;
        chunk.copy_from_slice(out);
    }
    Ok(())
}

fn widened<const N: usize>(samples: &[u8], transform: &Executor) -> Result<Vec<u8>> {
    let mut rgb = vec![0; samples.len() / N * 3];
    for (from, to) in samples.chunks(CHUNK * N).zip(rgb.chunks_mut(CHUNK * 3)) {
        transform.transform(from, to).map_err(failed)?;
    }
    Ok(rgb)
}

/// Grey has 256 values: a table is enough, and it shows whether the result is still grey, and whether anything changes.
fn grey(mut samples: Vec<u8>, transform: &Executor) -> Result<(Pixels, bool)> {
    let all: Vec<u8> = (0..=255).collect();
    let table = widened::<1>(&all, transform)?;
    let entry = |v: u8| &table[usize::from(v) * 3..usize::from(v) * 3 + 3];
    let neutral = all.iter().all(|v| entry(*v).iter().all(|c| c.abs_diff(entry(*v)[1]) <= SAME));
    let same = neutral && all.iter().all(|v| entry(*v)[1].abs_diff(*v) <= SAME);
    if same {
        return Ok((Pixels::Grey(samples), true));
    }
    if neutral {
        samples.iter_mut().for_each(|v| *v = entry(*v)[1]);
        return Ok((Pixels::Grey(samples), false));
    }
    Ok((Pixels::Rgb(samples.iter().flat_map(|v| entry(*v).to_vec()).collect()), false))
}

/// What the profile calls itself, for the finding.
fn name(profile: &ColorProfile) -> String {
    match &profile.description {
        Some(ProfileText::PlainString(text)) => text.clone(),
        Some(ProfileText::Localizable(all)) => all.first().map(|t| t.value.clone()).unwrap_or_default(),
        Some(ProfileText::Description(text)) => text.ascii_string.clone(),
        None => String::new(),
    }
}

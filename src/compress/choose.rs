//! Candidates for a page, from the cheapest to the most faithful; the first that the guard lets through is taken.

use crate::error::Result;
use crate::scan::{Dpi, PageImage, Pixels};

use super::areas::areas;
use super::assembly::Assembly;
use super::guard::{self, Watched};
use super::raster::{Bits, Rgb};
use super::segment::{Segments, segments};
use super::tone::Tint;
use super::{Class, Fidelity, PageLayers, Role, Settings, sample};

/// Sides below which layers are not worth their overhead.
const SMALL_PAGE_PX: usize = 64;

/// Qualities and resolutions of a fidelity class.
struct Grade {
    /// Background candidates: dots per inch and JPEG quality, cheapest first.
    background: &'static [(u32, u8)],
    /// Colours of ink: dots per inch, unless the profile wants more, and JPEG quality.
    ink: (u32, u8),
    /// The whole page as JPEG, when nothing else explains it.
    whole: u8,
}

fn grade(class: Class) -> Grade {
    match class {
        Class::Small => Grade { background: &[(30, 60), (100, 40), (150, 45)], ink: (100, 35), whole: 45 },
        Class::Normal => Grade { background: &[(40, 70), (100, 50), (200, 50)], ink: (150, 50), whole: 60 },
        Class::High => Grade { background: &[(75, 70), (150, 70), (300, 70)], ink: (300, 70), whole: 80 },
    }
}

/// Compresses a page.
pub(super) fn page(image: PageImage, dpi: Dpi, settings: &Settings) -> Result<PageLayers> {
    let tint = if matches!(image.pixels, Pixels::Grey(_)) { Tint::Grey } else { Tint::Paper };
    let (width, height) = (image.width as usize, image.height as usize);
    let data = match image.pixels {
        Pixels::Bilevel(bits) => return bilevel(&Bits::from_packed(&bits, width, height), dpi, settings),
        Pixels::Grey(samples) => tripled(&samples),
        Pixels::Rgb(samples) => samples,
    };
    let page = Rgb { width, height, data };
    let grade = grade(settings.class);
    if width.min(height) < SMALL_PAGE_PX {
        return whole(&page, dpi, grade.whole, tint);
    }
    layered(&page, dpi, settings, &grade, tint)
}

fn tripled(samples: &[u8]) -> Vec<u8> {
    let mut data = vec![0; samples.len() * 3];
    data.as_chunks_mut::<3>().0.iter_mut().zip(samples).for_each(|(pixel, v)| *pixel = [*v; 3]);
    data
}

/// A black-and-white page is one lossless layer.
fn bilevel(bits: &Bits, dpi: Dpi, settings: &Settings) -> Result<PageLayers> {
    let mut page = Assembly::new(bits.width, bits.height, dpi);
    if !bits.is_blank() {
        page.stencil(bits, [0, 0, 0], settings.mask)?;
    }
    Ok(page.done(Fidelity::default()))
}

fn layered(page: &Rgb, dpi: Dpi, settings: &Settings, grade: &Grade, tint: Tint) -> Result<PageLayers> {
    let segments = segments(page, dpi.x.max(dpi.y));
    let soft = segments.text.grown(2);
    let top = foreground(page, &segments, &soft, dpi, settings, grade)?;
    let hidden = soft.zip(&segments.ink, |a, b| a | b);
    let watched = Watched { text: &segments.text, colour: &segments.colour, paper: segments.light };
    for (background_dpi, quality) in grade.background {
        let mut assembly = Assembly::new(page.width, page.height, dpi);
        let factor = (dpi.x / f64::from(*background_dpi)).round().max(1.0) as usize;
        let paper = sample::means(page, factor, &hidden);
        assembly.image(Role::Background, &paper, [0, 0, page.width, page.height], *quality, tint)?;
        let candidate = assembly.with(&top);
        let fidelity = guard::measure(page, candidate.shown(), &watched);
        if fidelity.holds() {
            return Ok(candidate.done(fidelity));
        }
    }
    whole(page, dpi, grade.whole, tint)
}

/// Ink under text.
fn foreground(
    page: &Rgb,
    segments: &Segments,
    soft: &Bits,
    dpi: Dpi,
    settings: &Settings,
    grade: &Grade,
) -> Result<Assembly> {
    let mut top = Assembly::new(page.width, page.height, dpi);
    let wanted = grade.ink.0.max(settings.min_dpi);
    let share = (f64::from(wanted) / dpi.x.max(1.0)).min(1.0);
    let scaled = |side: usize| ((side as f64 * share).ceil() as usize).clamp(1, side.max(1));
    let shown = segments.ink.zip(soft, |ink, soft| ink & !soft);
    for area in areas(&segments.ink) {
        let colours = sample::sparse(page, area, scaled(area[2]), scaled(area[3]), &shown);
        top.masked(&colours, segments.ink.crop(area), area, grade.ink.1, settings.mask)?;
    }
    if !segments.text.is_blank() {
        top.stencil(&segments.text, mean_colour(page, &segments.text), settings.mask)?;
    }
    Ok(top)
}

/// Mean colour of the inner pixels of the text; edges are half paper.
fn mean_colour(page: &Rgb, text: &Bits) -> [u8; 3] {
    let mean = |bits: &Bits| {
        let (mut sum, mut count) = ([0u64; 3], 0u64);
        for y in 0..bits.height {
            let row = page.row(y).as_chunks::<3>().0;
            for pixel in bits.ones(y).map(|x| row[x]) {
                (0..3).for_each(|c| sum[c] += u64::from(pixel[c]));
                count += 1;
            }
        }
        (count > 0).then(|| sum.map(|s| u8::try_from(s / count).unwrap_or(0)))
    };
    mean(&text.shrunk(1)).or_else(|| mean(text)).unwrap_or([0; 3])
}

/// The page as one JPEG at its own resolution.
fn whole(page: &Rgb, dpi: Dpi, quality: u8, tint: Tint) -> Result<PageLayers> {
    let mut assembly = Assembly::new(page.width, page.height, dpi);
    assembly.image(Role::Background, page, [0, 0, page.width, page.height], quality, tint)?;
    Ok(assembly.done(Fidelity::default()))
}

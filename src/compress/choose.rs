//! Candidates for a page, from the cheapest to the most faithful; the first that the guard lets through is taken.

use crate::error::Result;
use crate::scan::{Dpi, PageImage, Pixels};

use super::areas::areas;
use super::assembly::Assembly;
use super::guard::{self, Watched};
use super::raster::{Bits, Rgb};
use super::segment::{Segments, segments};
use super::tone::{Quality, Tint};
use super::{Class, Fidelity, PageLayers, Role, Settings, sample};

/// Sides below which layers are not worth their overhead.
const SMALL_PAGE_PX: usize = 64;

/// Share of the page, in percent, from which a picture is the page.
const MOSTLY_PICTURE: usize = 60;

/// Share of the page, in percent, from which faint strokes are left to a finer background: what shows through the sheet.
const MUCH_FAINT: usize = 10;

/// Qualities and resolutions of a fidelity class. What holds ink or a picture has at least the resolution of the profile.
struct Grade {
    /// Background candidates: dots per inch and quality, cheapest first.
    background: [(u32, Quality); 3],
    /// Colours of ink.
    ink: (u32, Quality),
    /// Photographs, screened prints and faint strokes.
    picture: (u32, Quality),
    /// The whole page as JPEG at its own resolution, when nothing else explains it.
    whole: Quality,
}

const SMALL: Grade = Grade {
    background: [(30, Quality::even(50)), (100, Quality::even(40)), (150, Quality::even(45))],
    ink: (250, Quality { luma: 10, chroma: 28 }),
    picture: (150, Quality { luma: 35, chroma: 35 }),
    whole: Quality::even(45),
};
const NORMAL: Grade = Grade {
    background: [(40, Quality::even(60)), (100, Quality::even(50)), (200, Quality::even(50))],
    ink: (300, Quality { luma: 15, chroma: 45 }),
    picture: (200, Quality { luma: 50, chroma: 50 }),
    whole: Quality::even(60),
};
const HIGH: Grade = Grade {
    background: [(75, Quality::even(70)), (150, Quality::even(70)), (300, Quality::even(70))],
    ink: (300, Quality { luma: 60, chroma: 70 }),
    picture: (300, Quality { luma: 70, chroma: 70 }),
    whole: Quality::even(80),
};

fn grade(class: Class) -> &'static Grade {
    match class {
        Class::Small => &SMALL,
        Class::Normal => &NORMAL,
        Class::High => &HIGH,
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
    let page = Page { rgb: Rgb { width, height, data }, dpi, settings, grade: grade(settings.class), tint };
    if width.min(height) < SMALL_PAGE_PX { page.whole() } else { page.layered() }
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

/// A page with what is asked of it.
struct Page<'a> {
    rgb: Rgb,
    dpi: Dpi,
    settings: &'a Settings,
    grade: &'static Grade,
    tint: Tint,
}

impl Page<'_> {
    fn size(&self) -> [usize; 4] {
        [0, 0, self.rgb.width, self.rgb.height]
    }

    fn assembly(&self) -> Assembly {
        Assembly::new(self.rgb.width, self.rgb.height, self.dpi)
    }

    /// Background, pictures, ink, text; the background becomes finer until the guard lets the page through.
    fn layered(&self) -> Result<PageLayers> {
        let dpi = self.dpi.x.max(self.dpi.y);
        let mut segments = segments(&self.rgb, dpi);
        let writing = segments.take_writing(&self.rgb, dpi);
        let covered: usize = segments.pictures.iter().map(|[_, _, w, h]| w * h).sum();
        if covered * 100 >= self.rgb.width * self.rgb.height * MOSTLY_PICTURE {
            return self.picture();
        }
        let masks = segments.text.zip(writing.as_ref().unwrap_or(&segments.text), |a, b| a | b);
        let soft = masks.grown(2);
        let mut hidden = soft.zip(&segments.ink, |a, b| a | b);
        segments.pictures.iter().for_each(|area| hidden.fill(*area, true));
        let faint = segments.faint(&hidden);
        let area: usize = faint.iter().map(|[_, _, w, h]| w * h).sum();
        let much = area * 100 >= self.rgb.width * self.rgb.height * MUCH_FAINT;
        let (faint, first) = if much { (Vec::new(), 1) } else { (faint, 0) };
        let mut top = self.pictures(&segments.pictures, &faint, &hidden)?;
        self.ink_and_text(&mut top, &segments, writing.as_ref(), &soft)?;
        let watched = Watched { text: &segments.text, colour: &segments.colour, paper: segments.light };
        for (background_dpi, quality) in self.grade.background.into_iter().skip(first) {
            let mut assembly = self.assembly();
            let factor = (self.dpi.x / f64::from(background_dpi)).round().max(1.0) as usize;
            let paper = sample::means(&self.rgb, factor, &hidden);
            assembly.image(Role::Background, &paper, self.size(), quality, self.tint)?;
            let candidate = assembly.with(&top);
            let fidelity = guard::measure(&self.rgb, candidate.shown(), &watched);
            if fidelity.holds() {
                return Ok(candidate.done(fidelity));
            }
        }
        self.whole()
    }

    /// Photographs, and faint strokes around which what other layers show is filled.
    fn pictures(&self, pictures: &[[usize; 4]], faint: &[[usize; 4]], hidden: &Bits) -> Result<Assembly> {
        let mut top = self.assembly();
        let (dpi, quality) = self.grade.picture;
        for area in pictures {
            let [width, height] = self.samples(*area, dpi);
            let picture = sample::resampled(&self.rgb, *area, width, height);
            top.image(Role::Picture, &picture, *area, quality, self.tint)?;
        }
        for area in faint {
            let [width, height] = self.samples(*area, dpi);
            let mut shown = Bits::new(hidden.width, hidden.height);
            shown.fill(*area, true);
            let shown = shown.zip(hidden, |shown, hidden| shown & !hidden);
            let strokes = sample::sparse(&self.rgb, *area, width, height, &shown);
            top.image(Role::Picture, &strokes, *area, quality, self.tint)?;
        }
        Ok(top)
    }

    /// Ink, then text, each shade in its own colour.
    fn ink_and_text(
        &self,
        top: &mut Assembly,
        segments: &Segments,
        writing: Option<&Bits>,
        soft: &Bits,
    ) -> Result<()> {
        let shown = segments.ink.zip(soft, |ink, soft| ink & !soft);
        for area in areas(&segments.ink) {
            let [width, height] = self.samples(area, self.grade.ink.0);
            let colours = sample::sparse(&self.rgb, area, width, height, &shown);
            top.masked(&colours, segments.ink.crop(area), area, self.grade.ink.1, self.settings.mask)?;
        }
        let shades = segments.shades();
        for shade in writing.into_iter().chain(&shades).filter(|bits| !bits.is_blank()) {
            top.stencil(shade, mean_colour(&self.rgb, shade), self.settings.mask)?;
        }
        Ok(())
    }

    /// Samples of an area at a resolution, or at the profile's where that is higher; never more than there are pixels.
    fn samples(&self, [_, _, width, height]: [usize; 4], dpi: u32) -> [usize; 2] {
        let share = (f64::from(dpi.max(self.settings.min_dpi)) / self.dpi.x.max(1.0)).min(1.0);
        [width, height].map(|side| ((side as f64 * share).ceil() as usize).clamp(1, side.max(1)))
    }

    /// A page that is a picture.
    fn picture(&self) -> Result<PageLayers> {
        let mut assembly = self.assembly();
        let [width, height] = self.samples(self.size(), self.grade.picture.0);
        let picture = sample::resampled(&self.rgb, self.size(), width, height);
        assembly.image(Role::Picture, &picture, self.size(), self.grade.picture.1, self.tint)?;
        let fidelity = self.without_masks(&assembly);
        Ok(assembly.done(fidelity))
    }

    fn without_masks(&self, assembly: &Assembly) -> Fidelity {
        let watched = Watched { text: &Bits::new(0, 0), colour: &Bits::new(0, 0), paper: [u8::MAX; 3] };
        guard::measure(&self.rgb, assembly.shown(), &watched)
    }

    /// The page as one JPEG at its own resolution.
    fn whole(&self) -> Result<PageLayers> {
        let mut assembly = self.assembly();
        assembly.image(Role::Background, &self.rgb, self.size(), self.grade.whole, self.tint)?;
        let fidelity = self.without_masks(&assembly);
        Ok(assembly.done(fidelity))
    }
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

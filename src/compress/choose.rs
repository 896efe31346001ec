//! Candidates for a page, from the cheapest to the most faithful; the first that explains the page is taken.

use rayon::prelude::*;

use crate::error::Result;
use crate::scan::{Dpi, PageImage, Pixels};

use super::raster::{Bits, Rgb};
use super::segment::{Segments, segments};
use super::tone::Tint;
use super::{
    Class, Encoded, Layer, LayerRecord, PageLayers, Paint, Role, Settings, bitonal, reconstruct, tone,
};

/// Sides below which layers are not worth their overhead.
const SMALL_PAGE_PX: usize = 64;
/// Side of the blocks in which a candidate is compared with the page, in pixels.
const BLOCK: usize = 16;
/// Mean difference of luma that a block may have (of 255).
const MAX_BLOCK_ERROR: f64 = 20.0;
/// Share of blocks that may be worse: dust and the shadow of the lid.
const MAX_BAD_BLOCKS: f64 = 0.002;

/// Qualities and resolutions of a fidelity class.
struct Grade {
    /// Background candidates: dots per inch and JPEG quality, cheapest first.
    background: &'static [(u32, u8)],
    /// Colours of ink: dots per inch and JPEG quality.
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
    let size = (image.width as usize, image.height as usize);
    let rgb = match image.pixels {
        Pixels::Bilevel(bits) => return bilevel(size, &bits, dpi, settings),
        Pixels::Grey(samples) => {
            Rgb { width: size.0, height: size.1, data: samples.iter().flat_map(|v| [*v; 3]).collect() }
        }
        Pixels::Rgb(samples) => Rgb { width: size.0, height: size.1, data: samples },
    };
    let grade = grade(settings.class);
    if rgb.width.min(rgb.height) < SMALL_PAGE_PX {
        return whole(&rgb, dpi, grade.whole, tint);
    }
    layered(&rgb, dpi, settings, &grade, tint)
}

/// A black-and-white page is one lossless layer.
fn bilevel(
    (width, height): (usize, usize),
    packed: &[u8],
    dpi: Dpi,
    settings: &Settings,
) -> Result<PageLayers> {
    let bits = Bits::unpack(packed, width, height);
    let mut page = Assembly::new(bits.width, bits.height, dpi);
    if !bits.is_blank() {
        page.stencil(&bits, [0, 0, 0], settings)?;
    }
    Ok(page.done())
}

fn layered(page: &Rgb, dpi: Dpi, settings: &Settings, grade: &Grade, tint: Tint) -> Result<PageLayers> {
    let Segments { text, ink } = segments(page, dpi.x.max(dpi.y));
    let soft = text.grown(2);
    let top = foreground(page, &text, &soft, &ink, dpi, settings, grade)?;
    for (background_dpi, quality) in grade.background {
        let mut assembly = Assembly::new(page.width, page.height, dpi);
        let factor = (dpi.x / f64::from(*background_dpi)).round().max(1.0) as usize;
        let full = [0, 0, page.width, page.height];
        let paper = page.reduced(full, factor, |at| soft.data[at] == 0 && ink.data[at] == 0);
        assembly.image(Role::Background, &paper, full, *quality, tint)?;
        let candidate = assembly.with(&top).done();
        if explains(&candidate, page)? {
            return Ok(candidate);
        }
    }
    whole(page, dpi, grade.whole, tint)
}

/// Ink under text.
fn foreground(
    page: &Rgb,
    text: &Bits,
    soft: &Bits,
    ink: &Bits,
    dpi: Dpi,
    settings: &Settings,
    grade: &Grade,
) -> Result<Assembly> {
    let mut top = Assembly::new(page.width, page.height, dpi);
    if let Some(area) = ink.bounds() {
        let factor = (dpi.x / f64::from(grade.ink.0)).round().max(1.0) as usize;
        let colours = page.reduced(area, factor, |at| ink.data[at] == 1 && (soft.data[at] == 0));
        top.masked(&colours, &ink.crop(area), area, grade.ink.1, settings)?;
    }
    if !text.is_blank() {
        top.stencil(text, mean_colour(page, text), settings)?;
    }
    Ok(top)
}

/// Mean colour of the inner pixels of the text; edges are half paper.
fn mean_colour(page: &Rgb, text: &Bits) -> [u8; 3] {
    let counts = text.box_counts(1);
    let inner = |least: u8| {
        let (mut sum, mut count) = ([0u64; 3], 0u64);
        for (at, _) in counts.iter().enumerate().filter(|(at, c)| text.data[*at] == 1 && **c >= least) {
            (0..3).for_each(|c| sum[c] += u64::from(page.data[at * 3 + c]));
            count += 1;
        }
        (count > 0).then(|| sum.map(|s| u8::try_from(s / count).unwrap_or(0)))
    };
    inner(9).or_else(|| inner(1)).unwrap_or([0; 3])
}

/// The page as one JPEG at its own resolution.
fn whole(page: &Rgb, dpi: Dpi, quality: u8, tint: Tint) -> Result<PageLayers> {
    let mut assembly = Assembly::new(page.width, page.height, dpi);
    assembly.image(Role::Background, page, [0, 0, page.width, page.height], quality, tint)?;
    Ok(assembly.done())
}

/// Whether a candidate, decoded again, looks like the page in every block.
fn explains(candidate: &PageLayers, page: &Rgb) -> Result<bool> {
    let back = reconstruct::compose(candidate)?;
    let (columns, rows) = (page.width.div_ceil(BLOCK), page.height.div_ceil(BLOCK));
    let bad: usize = (0..rows)
        .into_par_iter()
        .map(|row| {
            (0..columns).filter(|column| block_error(page, &back, *column, row) > MAX_BLOCK_ERROR).count()
        })
        .sum();
    Ok(bad as f64 <= MAX_BAD_BLOCKS * (columns * rows) as f64)
}

/// Difference of mean luma in a block.
fn block_error(a: &Rgb, b: &Rgb, column: usize, row: usize) -> f64 {
    let (mut sum, mut count) = (0i64, 0i64);
    for y in row * BLOCK..((row + 1) * BLOCK).min(a.height) {
        let range =
            (y * a.width + column * BLOCK) * 3..(y * a.width + ((column + 1) * BLOCK).min(a.width)) * 3;
        for (x, y) in a.data[range.clone()].iter().zip(&b.data[range]) {
            sum += i64::from(*x) - i64::from(*y);
            count += 1;
        }
    }
    (sum as f64 / count.max(1) as f64).abs()
}

/// Layers in the order of painting.
struct Assembly {
    page: PageLayers,
}

impl Assembly {
    fn new(width: usize, height: usize, dpi: Dpi) -> Self {
        let side = |v: usize| u32::try_from(v).unwrap_or(u32::MAX);
        Self {
            page: PageLayers {
                width: side(width),
                height: side(height),
                dpi,
                placed: crate::scan::cleanup::Placed::default(),
                layers: Vec::new(),
                records: Vec::new(),
            },
        }
    }

    fn add(
        &mut self,
        role: Role,
        size: (usize, usize),
        area: [usize; 4],
        paint: Paint,
        codec: &str,
        bytes: usize,
    ) {
        let side = |v: usize| u32::try_from(v).unwrap_or(u32::MAX);
        let dpi = self.page.dpi.x * size.0 as f64 / area[2].max(1) as f64;
        self.page.records.push(LayerRecord { role, codec: codec.to_owned(), dpi: dpi.round() as u32, bytes });
        self.page.layers.push(Layer {
            role,
            width: side(size.0),
            height: side(size.1),
            area: area.map(side),
            paint,
        });
    }

    fn image(&mut self, role: Role, image: &Rgb, area: [usize; 4], quality: u8, tint: Tint) -> Result<()> {
        let stream = tone::encode(image, quality, tint)?;
        let bytes = stream.len();
        self.add(role, (image.width, image.height), area, Paint::Image(stream), "jpeg", bytes);
        Ok(())
    }

    fn stencil(&mut self, bits: &Bits, rgb: [u8; 3], settings: &Settings) -> Result<()> {
        let area = bits.bounds().unwrap_or([0, 0, bits.width, bits.height]);
        let bits = bits.crop(area);
        let mask = bitonal::encode(&bits, settings.mask)?;
        let (codec, bytes) = (codec_of(&mask), mask.len());
        self.add(Role::Text, (bits.width, bits.height), area, Paint::Stencil { mask, rgb }, codec, bytes);
        Ok(())
    }

    fn masked(
        &mut self,
        colours: &Rgb,
        mask: &Bits,
        area: [usize; 4],
        quality: u8,
        settings: &Settings,
    ) -> Result<()> {
        let colour = tone::encode(colours, quality, Tint::Ink)?;
        let stream = bitonal::encode(mask, settings.mask)?;
        let bytes = colour.len() + stream.len();
        let side = |v: usize| u32::try_from(v).unwrap_or(u32::MAX);
        let paint = Paint::Masked { colour, mask: stream, mask_size: (side(mask.width), side(mask.height)) };
        self.add(Role::Ink, (colours.width, colours.height), area, paint, "jpeg", bytes);
        Ok(())
    }

    fn with(mut self, top: &Assembly) -> Self {
        self.page.layers.extend(top.page.layers.iter().cloned());
        self.page.records.extend(top.page.records.iter().cloned());
        self
    }

    fn done(self) -> PageLayers {
        self.page
    }
}

fn codec_of(stream: &Encoded) -> &'static str {
    match stream {
        Encoded::Jbig2(_) => "jbig2",
        Encoded::G4(_) => "g4",
        Encoded::Jpeg { .. } => "jpeg",
        Encoded::Flate { .. } => "flate",
    }
}

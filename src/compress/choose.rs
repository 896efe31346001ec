//! Candidates for a page, from the cheapest to the most faithful; the first that the guard lets through is taken.

use crate::error::Result;
use crate::scan::{Dpi, PageImage, Pixels};

use super::areas::areas;
use super::assembly::Assembly;
use super::guard::{self, Watched};
use super::ink::{self, Tones};
use super::raster::{Bits, Rgb};
use super::segment::{Segments, is_red, margin, segments};
use super::tone::{self, Quality, Tint};
use super::{Class, Encoded, Fidelity, PageLayers, Role, Settings, sample};

/// Sides below which layers are not worth their overhead.
const SMALL_PAGE_PX: usize = 64;

/// Bytes of a PDF that a stream takes beside its data: its dictionary, its place in the file.
const STREAM_HEAD: usize = 200;

/// Share of the page, in percent, from which a picture is the page.
const MOSTLY_PICTURE: usize = 60;

/// Share of the page, in percent, from which faint strokes are left to a finer background: what shows through the sheet.
const MUCH_FAINT: usize = 10;

/// Qualities and resolutions of a fidelity class. What holds ink or a picture has at least the resolution of the profile.
struct Grade {
    /// Background candidates: dots per inch and quality, cheapest first.
    background: [(u32, Quality); 3],
    /// Coloured ink.
    ink: Ink,
    /// Photographs, screened prints and faint strokes.
    picture: (u32, Quality),
    /// The whole page as JPEG at its own resolution, when nothing else explains it.
    whole: Quality,
}

/// How ink is kept.
#[derive(Clone, Copy)]
struct Ink {
    /// Dots per inch.
    dpi: u32,
    /// Steps of the tones of one ink, as [`tone::encode_tones`] wants them.
    tones: u16,
    /// Quality of the colours of several.
    colours: Quality,
}

const SMALL: Grade = Grade {
    background: [(30, Quality::even(50)), (100, Quality::even(40)), (150, Quality::even(45))],
    ink: Ink { dpi: 300, tones: 96, colours: Quality { luma: 10, chroma: 28 } },
    picture: (150, Quality { luma: 35, chroma: 35 }),
    whole: Quality::even(45),
};
const NORMAL: Grade = Grade {
    background: [(40, Quality::even(60)), (100, Quality::even(50)), (200, Quality::even(50))],
    ink: Ink { dpi: 300, tones: 56, colours: Quality { luma: 15, chroma: 45 } },
    picture: (200, Quality { luma: 50, chroma: 50 }),
    whole: Quality::even(60),
};
const HIGH: Grade = Grade {
    background: [(75, Quality::even(70)), (150, Quality::even(70)), (300, Quality::even(70))],
    ink: Ink { dpi: 300, tones: 24, colours: Quality { luma: 60, chroma: 70 } },
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

/// Compresses a page; `original` is the stream that it came in.
pub(super) fn page(
    image: PageImage,
    dpi: Dpi,
    settings: &Settings,
    original: Option<Encoded>,
) -> Result<PageLayers> {
    let tint = if matches!(image.pixels, Pixels::Grey(_)) { Tint::Grey } else { Tint::Paper };
    let (width, height) = (image.width as usize, image.height as usize);
    let data = match image.pixels {
        Pixels::Bilevel(bits) => return bilevel(&Bits::from_packed(&bits, width, height), dpi, settings),
        Pixels::Grey(samples) => tripled(&samples),
        Pixels::Rgb(samples) => samples,
    };
    let page = Page { rgb: Rgb { width, height, data }, dpi, settings, grade: grade(settings.class), tint };
    let made = if width.min(height) < SMALL_PAGE_PX { page.whole() } else { page.layered() };
    page.smaller(made, original)
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

    /// The layers, or the stream that the page came in where it is smaller and shows the very same samples: it then has every
    /// fidelity, and bytes decide. It also stands in for layers that could not be made.
    fn smaller(&self, made: Result<PageLayers>, original: Option<Encoded>) -> Result<PageLayers> {
        let bytes = |page: &PageLayers| page.layers.iter().map(|layer| layer.paint.len() + STREAM_HEAD).sum();
        let limit: usize = made.as_ref().map_or(usize::MAX, bytes);
        match original.filter(|stream| stream.len() + STREAM_HEAD < limit) {
            Some(stream) if tone::decode(&stream).is_ok_and(|shows| shows == self.rgb) => {
                let mut assembly = self.assembly();
                assembly.as_scanned(stream, &self.rgb);
                Ok(assembly.done(Fidelity::default()))
            }
            _ => made,
        }
    }

    /// Background, pictures, ink, text; the background becomes finer until the guard lets the page through.
    fn layered(&self) -> Result<PageLayers> {
        self.layers_of(segments(&self.rgb, self.dpi.x.max(self.dpi.y)))
    }

    fn layers_of(&self, mut segments: Segments) -> Result<PageLayers> {
        let dpi = self.dpi.x.max(self.dpi.y);
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
            if assembly.image(Role::Background, &paper, self.size(), quality, self.tint).is_err() {
                continue;
            }
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
        let red = |x: usize, y: usize| is_red(segments.light, self.rgb.at(x, y));
        for part in ink::parted(&segments.ink, &segments.colour, margin(self.dpi.x), red) {
            let shown = part.zip(soft, |ink, soft| ink & !soft);
            for area in areas(&part) {
                self.ink(top, area, part.crop(area), &shown, segments.light)?;
            }
        }
        let shades = segments.shades();
        for shade in writing.into_iter().chain(&shades).filter(|bits| !bits.is_blank()) {
            top.stencil(shade, mean_colour(&self.rgb, shade), self.settings.mask)?;
        }
        Ok(())
    }

    /// Ink of one area: its tones, or its colours where it has several.
    fn ink(
        &self,
        top: &mut Assembly,
        area: [usize; 4],
        mask: Bits,
        shown: &Bits,
        paper: [u8; 3],
    ) -> Result<()> {
        let Ink { dpi, tones: step, colours: quality } = self.grade.ink;
        let [width, height] = self.samples(area, dpi);
        let colours = sample::sparse(&self.rgb, area, width, height, shown);
        let tones = Tones::of(&colours, paper).map(|tones| tone::encode_tones(&tones, &colours, step));
        let kept = match tones {
            Some(Ok(kept)) if ink::is_of_one_colour(&self.rgb, area, &shown.crop(area), &kept.shows) => kept,
            _ => tone::encode(&colours, quality, Tint::Ink)?,
        };
        top.masked(kept, mask, area, self.settings.mask)
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

#[cfg(test)]
mod tests {
    use super::super::{MaskCodec, Paint, reconstruct};
    use super::*;
    use crate::scan::DpiOrigin;

    const SETTINGS: Settings = Settings { class: Class::Normal, mask: MaskCodec::Jbig2Generic, min_dpi: 200 };
    const SIDE: usize = 1_200;

    /// White paper with what `ink` says.
    fn page(grade: &'static Grade, ink: impl Fn(usize, usize) -> Option<[u8; 3]>) -> Page<'static> {
        let pixel = |i: usize| ink(i % SIDE, i / SIDE).unwrap_or([240, 238, 232]);
        let data = (0..SIDE * SIDE).flat_map(pixel).collect();
        let dpi = Dpi { x: 300.0, y: 300.0, origin: DpiOrigin::File };
        Page {
            rgb: Rgb { width: SIDE, height: SIDE, data },
            dpi,
            settings: &SETTINGS,
            grade,
            tint: Tint::Paper,
        }
    }

    /// Sky above a hill, every tone of grey with some colour, and grain.
    fn photograph(x: usize, y: usize) -> Option<[u8; 3]> {
        let inside = (300..900).contains(&x) && (300..800).contains(&y);
        let hill = 560.0 + 80.0 * (x as f64 / 70.0).sin();
        let grain = ((x / 16 * 7919 + y / 16 * 104_729) % 97) as f64;
        let light = match y as f64 > hill {
            true => 60.0 + 50.0 * (x as f64 / 23.0).sin() * (y as f64 / 19.0).cos() + grain,
            false => 110.0 + (y as f64 - 300.0) / 3.0,
        };
        inside.then(|| [light as u8, light as u8 + 6, light as u8 + 12])
    }

    /// Mean difference of the samples inside the photograph.
    fn blurred(page: &Page, layers: &PageLayers) -> f64 {
        let Pixels::Rgb(shown) = reconstruct(layers).unwrap().pixels else { panic!("colour") };
        let inside = |y: usize| (y * SIDE + 310) * 3..(y * SIDE + 890) * 3;
        let row = |y| page.rgb.data[inside(y)].iter().zip(&shown[inside(y)]);
        let sum: u64 = (310..790).flat_map(row).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        sum as f64 / (480.0 * 580.0 * 3.0)
    }

    /// Negative control: without the detector of pictures a photograph is left to the background.
    #[test]
    fn a_photograph_is_found_and_without_its_detector_it_blurs() {
        let page = page(&NORMAL, photograph);
        let found = page.layered().unwrap();
        assert!(found.layers.iter().any(|layer| layer.role == Role::Picture), "{:?}", found.records);
        let mut blind = segments(&page.rgb, 300.0);
        assert_eq!(blind.pictures.len(), 1, "{:?}", blind.pictures);
        blind.pictures.clear();
        let missed = page.layers_of(blind).unwrap();
        assert!(missed.layers.iter().all(|layer| layer.role != Role::Picture));
        let (found, missed) = (blurred(&page, &found), blurred(&page, &missed));
        assert!(missed > found * 1.25, "{missed} {found}");
    }

    /// A class whose first backgrounds lose everything that is smaller than a hand.
    const FAULTY: Grade = Grade {
        background: [(3, Quality::even(60)), (3, Quality::even(60)), (100, Quality::even(60))],
        ..NORMAL
    };

    /// Negative control: the faulty background gets through where nobody compares, and not where the guard does.
    #[test]
    fn a_background_that_loses_what_is_on_it_is_not_taken() {
        let shading =
            |x: usize, y: usize| ((200..1_000).contains(&x) && (y / 130) % 2 == 1).then_some([190, 188, 184]);
        let page = page(&FAULTY, shading);
        let mut unguarded = page.assembly();
        let lost = sample::means(&page.rgb, 100, &Bits::new(SIDE, SIDE));
        unguarded.image(Role::Background, &lost, page.size(), FAULTY.background[0].1, page.tint).unwrap();
        assert!(!page.without_masks(&unguarded).holds());
        let guarded = page.layered().unwrap();
        assert_eq!(guarded.records[0].dpi, 100, "{:?}", guarded.records);
        assert!(guarded.fidelity.holds());
        let Pixels::Rgb(shown) = reconstruct(&guarded).unwrap().pixels else { panic!("colour") };
        assert!(
            shown[(200 * SIDE + 600) * 3].abs_diff(190) < 30,
            "{:?}",
            &shown[(200 * SIDE + 600) * 3..][..3]
        );
    }

    /// Red and blue discs that overlap.
    fn discs(x: usize, y: usize) -> Option<[u8; 3]> {
        let within = |cx: f64| (x as f64 - cx).hypot(y as f64 - 600.0) < 180.0;
        match (within(450.0), within(720.0)) {
            (true, false) => Some([205, 45, 55]),
            (false, true) => Some([40, 60, 160]),
            (true, true) => Some([30, 14, 40]),
            _ => None,
        }
    }

    #[test]
    fn two_inks_that_overlap_are_two_layers_of_one_colour_each() {
        let page = page(&NORMAL, discs);
        let layers = page.layered().unwrap();
        let inks: Vec<&str> =
            layers.records.iter().filter(|r| r.role == Role::Ink).map(|r| r.codec.as_str()).collect();
        assert_eq!(inks, ["tones", "tones"]);
        let Pixels::Rgb(shown) = reconstruct(&layers).unwrap().pixels else { panic!("colour") };
        for (x, wanted) in [(350, [205, 45, 55]), (820, [40, 60, 160])] {
            let pixel = &shown[(600 * SIDE + x) * 3..][..3];
            assert!(pixel.iter().zip(wanted).all(|(a, b): (&u8, u8)| a.abs_diff(b) < 12), "{x} {pixel:?}");
        }
    }

    /// A JPEG of the page as a scanner writes it.
    fn scanned(page: &Page, quality: u8) -> (Rgb, Vec<u8>) {
        let mut bytes = Vec::new();
        let encoder = jpeg_encoder::Encoder::new(&mut bytes, quality);
        let side = SIDE as u16;
        encoder.encode(&page.rgb.data, side, side, jpeg_encoder::ColorType::Rgb).unwrap();
        let stream = Encoded::Jpeg { components: 3, bytes: bytes.clone() };
        (tone::decode(&stream).unwrap(), bytes)
    }

    #[test]
    fn no_page_becomes_larger_than_it_was_scanned() {
        let page = page(&NORMAL, |x, y| (x / 8 + y / 8).is_multiple_of(2).then_some([200, 120, 90]));
        for (quality, taken) in [(10, true), (100, false)] {
            let (rgb, bytes) = scanned(&page, quality);
            let image = PageImage { width: SIDE as u32, height: SIDE as u32, pixels: Pixels::Rgb(rgb.data) };
            let settings = Settings { class: Class::High, ..SETTINGS };
            let without = super::super::page(&image, page.dpi, &settings).unwrap();
            let original = Some((3, bytes.clone()));
            let with = super::super::page_or_original(image.clone(), page.dpi, &settings, original).unwrap();
            let passed = with.records[0].codec == "as_scanned";
            assert!(self::bytes(&with) <= bytes.len().max(self::bytes(&without)).min(self::bytes(&without)));
            assert_eq!(passed, taken, "{} {} {:?}", bytes.len(), self::bytes(&without), without.records);
            if passed {
                assert_eq!(
                    with.layers[0].paint,
                    Paint::Image(Encoded::Jpeg { components: 3, bytes: bytes.clone() })
                );
            }
            // A stream that shows other samples (turned, other colours, another page) is never taken.
            let other = Some((3, scanned(&self::page(&NORMAL, |_, _| None), 1).1));
            let kept = super::super::page_or_original(image, page.dpi, &settings, other).unwrap();
            assert_ne!(kept.records[0].codec, "as_scanned");
        }
    }

    fn bytes(page: &PageLayers) -> usize {
        page.layers.iter().map(|layer| layer.paint.len()).sum()
    }

    #[test]
    fn ink_of_many_colours_keeps_them() {
        // Violet beside orange: both leave more of the red than of the other light, and one table cannot show them.
        let ink = |x: usize, y: usize| match (x, y) {
            (300..600, 400..800) => Some([190, 40, 150]),
            (600..900, 400..800) => Some([200, 60, 22]),
            _ => None,
        };
        let page = page(&NORMAL, ink);
        let layers = page.layered().unwrap();
        let record = layers.records.iter().find(|record| record.role == Role::Ink).unwrap();
        assert_eq!(record.codec, "jpeg");
        let Pixels::Rgb(shown) = reconstruct(&layers).unwrap().pixels else { panic!("colour") };
        for (x, wanted) in [(450, [190, 40, 150]), (750, [200, 60, 22])] {
            let pixel = &shown[(600 * SIDE + x) * 3..][..3];
            assert!(pixel.iter().zip(wanted).all(|(a, b): (&u8, u8)| a.abs_diff(b) < 25), "{x} {pixel:?}");
        }
    }
}

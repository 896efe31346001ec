//! Pages of several pictures (strips, a background with a text mask over it) are laid together at the resolution of the
//! finest of them. Only placing and mixing happens here; the pictures come from the decoders of the other formats.

use crate::document::{Finding, Severity};
use crate::error::{Result, kinds};

use super::super::turn::Turn;
use super::super::{Decoded, MAX_SIDE_PX, PageImage, Pixels, check_size, pack};
use super::content::{Item, Paint};
use super::file::{File, damaged};
use super::image::{self, Kind};
use super::matrix::{Area, Matrix, rectangle};
use super::sampler::{Canvas, Sampler};
use super::value::Dict;

/// Default user space units of an inch (ISO 32000-1 8.3.2.3).
const UNITS: f64 = 72.0;
/// A page without a size is US Letter to some readers and an error to others; ISO 32000-1 Table 30 requires one.
const MOST_UNITS: f64 = 20_000.0;

/// The visible part of a page and how it is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sheet {
    /// Crop box inside media box, user space.
    pub area: Area,
    /// User space to the displayed page: inches, right and down from its upper left corner.
    to_display: Matrix,
    /// Width and height as displayed, inches.
    inches: (f64, f64),
}

/// A picture on the displayed page: the matrix from its unit square, row 0 at 0, to inches.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed(Matrix);

impl Sheet {
    /// Reads boxes and rotation (ISO 32000-1 Table 30).
    pub fn read(file: &File, page: &Dict) -> Result<Self> {
        let media = rectangle(file, page, "MediaBox")?.ok_or_else(|| damaged("page without a size"))?;
        let crop = rectangle(file, page, "CropBox")?.unwrap_or(media);
        let both = crop.inside(media);
        let area = if both.width() > 0.0 && both.height() > 0.0 { both } else { media };
        if area.width() > MOST_UNITS || area.height() > MOST_UNITS {
            return Err(damaged("page size"));
        }
        let unit = file.get(page, "UserUnit")?.value.number().filter(|u| *u > 0.0 && *u < 1e3).unwrap_or(1.0);
        let rotate = file.get(page, "Rotate")?.value.number().unwrap_or(0.0);
        let [l, b, r, t] = area.0;
        let (w, h) = (area.width(), area.height());
        let scale = unit / UNITS;
        // Clockwise, and y down.
        let (turned, size) = match rotate.rem_euclid(360.0).round() {
            90.0 => (Matrix([0.0, 1.0, 1.0, 0.0, -b, -l]), (h, w)),
            180.0 => (Matrix([-1.0, 0.0, 0.0, 1.0, r, -b]), (w, h)),
            270.0 => (Matrix([0.0, -1.0, -1.0, 0.0, t, r]), (h, w)),
            _ => (Matrix([1.0, 0.0, 0.0, -1.0, -l, t]), (w, h)),
        };
        let to_display = turned.then(Matrix([scale, 0.0, 0.0, scale, 0.0, 0.0]));
        Ok(Self { area, to_display, inches: (size.0 * scale, size.1 * scale) })
    }

    /// Where a picture lies; its unit square has row 0 at the top (ISO 32000-1 8.9.5.1).
    pub fn placed(&self, item: &Item) -> Placed {
        let flipped = Matrix([1.0, 0.0, 0.0, -1.0, 0.0, 1.0]);
        Placed(flipped.then(item.matrix).then(self.to_display))
    }
}

impl Placed {
    /// How it is turned; none when it lies askew.
    pub fn turn(self) -> Option<Turn> {
        if !self.0.is_upright() {
            return None;
        }
        let [a, b, c, d, ..] = self.0.0;
        let sign = |v: f64, other: f64| {
            if v.abs() <= other.abs() * 1e-2 {
                0
            } else if v > 0.0 {
                1
            } else {
                -1
            }
        };
        Turn::from_axes((sign(a, b), sign(b, a)), (sign(c, d), sign(d, c)))
    }

    /// Dots per inch along the rows and columns of the picture.
    pub fn dpi(self, width: u32, height: u32) -> (f64, f64) {
        let [a, b, c, d, ..] = self.0.0;
        (f64::from(width) / a.hypot(b), f64::from(height) / c.hypot(d))
    }

    /// Dots per inch along the width and height of the page.
    fn page_dpi(self, width: u32, height: u32) -> (f64, f64) {
        let (x, y) = self.dpi(width, height);
        if self.turn().is_some_and(Turn::swaps) { (y, x) } else { (x, y) }
    }
}

/// Lays all pictures of a page together.
///
/// # Errors
/// A scan error of a picture, [`kinds::SCAN_TOO_LARGE`].
pub(super) fn render(file: &File, sheet: &Sheet, items: &[Item], resources: &Dict) -> Result<Decoded> {
    let dpi = finest(file, sheet, items)?;
    let side = |inches: f64, dpi: f64| -> Result<u32> {
        let pixels = (inches * dpi).round();
        let fits = pixels >= 1.0 && pixels <= f64::from(MAX_SIDE_PX);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        if fits {
            Ok(pixels as u32)
        } else {
            Err(kinds::SCAN_TOO_LARGE.with("width", pixels).with("height", 1))
        }
    };
    let (width, height) = (side(sheet.inches.0, dpi.0)?, side(sheet.inches.1, dpi.1)?);
    check_size(width, height)?;
    let mut canvas = Canvas::white(width as usize, height as usize);
    let to_pixels =
        Matrix([f64::from(width) / sheet.inches.0, 0.0, 0.0, f64::from(height) / sheet.inches.1, 0.0, 0.0]);
    let page_to_pixels = sheet.to_display.then(to_pixels);
    let (mut findings, mut pictures, mut depth) = (Vec::new(), 0u32, Depth::Bits);
    for item in items {
        let clip = item.clip.inside(sheet.area).moved(page_to_pixels);
        match &item.paint {
            Paint::Rectangle(area) => {
                depth = depth.max(Depth::of_colour(item.rgb));
                canvas.fill(area.inside(item.clip).inside(sheet.area).moved(page_to_pixels), item.rgb);
            }
            Paint::Picture { .. } => {
                let picture = image::decode(file, &item.paint, resources)?;
                depth = depth.max(Depth::of_picture(&picture.image, &picture.kind, item.rgb));
                let matrix = sheet.placed(item).0.then(to_pixels);
                for finding in &picture.findings {
                    if !findings.contains(finding) {
                        findings.push(finding.clone());
                    }
                }
                canvas.paint(&Sampler::new(&picture, item.rgb), matrix, clip);
                pictures += 1;
            }
        }
    }
    let finding = Finding::new("pdf_rendered", None, Severity::Info);
    findings.push(finding.with("images", pictures).with("dpi", dpi.0.max(dpi.1).round()));
    let image = depth.reduced(width, height, canvas.samples)?;
    Ok(Decoded { image, stated: Some(dpi), findings })
}

/// The resolution at which no picture loses a sample.
fn finest(file: &File, sheet: &Sheet, items: &[Item]) -> Result<(f64, f64)> {
    let mut dpi = (0.0f64, 0.0f64);
    for item in items {
        let Paint::Picture { object, .. } = &item.paint else { continue };
        let dict = object.dict().ok_or_else(|| damaged("picture"))?;
        let (width, height) = image::size(file, dict)?;
        let (x, y) = sheet.placed(item).page_dpi(width, height);
        // A picture squeezed to nothing has no resolution, and shows nothing.
        if x.is_finite() && y.is_finite() {
            dpi = (dpi.0.max(x), dpi.1.max(y));
        }
    }
    match dpi.0 > 0.0 && dpi.1 > 0.0 {
        true => Ok(dpi),
        false => Err(kinds::PDF_HAS_DRAWING.error()),
    }
}

/// What the samples of a page have to be: as much as its richest picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Depth {
    Bits,
    Grey,
    Colour,
}

impl Depth {
    fn of_colour(rgb: [u8; 3]) -> Self {
        match rgb {
            [0, 0, 0] | [255, 255, 255] => Depth::Bits,
            [r, g, b] if r == g && g == b => Depth::Grey,
            _ => Depth::Colour,
        }
    }

    fn of_picture(image: &PageImage, kind: &Kind, rgb: [u8; 3]) -> Self {
        let own = match (&image.pixels, kind) {
            (_, Kind::Stencil) => Depth::of_colour(rgb),
            (Pixels::Bilevel(_), _) => Depth::Bits,
            (Pixels::Grey(_), _) => Depth::Grey,
            (Pixels::Rgb(_), _) => Depth::Colour,
        };
        match kind {
            Kind::Masked(mask) if matches!(mask.pixels, Pixels::Grey(_)) => own.max(Depth::Grey),
            _ => own,
        }
    }

    fn reduced(self, width: u32, height: u32, samples: Vec<u8>) -> Result<PageImage> {
        let grey =
            |samples: Vec<u8>| -> Vec<u8> { samples.as_chunks::<3>().0.iter().map(|p| p[1]).collect() };
        let pixels = match self {
            Depth::Bits => Pixels::Bilevel(pack(&grey(samples), width, |v| v < 128)),
            Depth::Grey => Pixels::Grey(grey(samples)),
            Depth::Colour => Pixels::Rgb(samples),
        };
        PageImage { width, height, pixels }.checked()
    }
}

//! The quality gate: what a person should be told about a scan while the paper is still at hand. Pages are looked at once,
//! when they come in; what the profile wants is compared with that later.

mod fingerprint;
mod mark;
mod pale;
mod pen;
mod seal;
pub(super) mod shape;
mod sharp;
mod sheet;
mod words;

pub use fingerprint::{Fingerprint, SAME};
pub(crate) use words::looks_secret;
pub use words::{BLURRED_MM, BORDER_MM, DARK_PAPER, PALE_PRINT, document, page};

use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};
use serde::{Deserialize, Serialize};

use crate::error::{Result, kinds};

use super::cleanup::{Lie, PALE, Reduced, SURE_TURN, Sheet};
use super::{Dpi, DpiOrigin, PageImage};

/// A round red seal, or a part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stamp {
    /// A whole seal, or most of one.
    Seal,
    /// A slice at the edge of the sheet (dấu giáp lai).
    Edge,
}

/// Ink of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pen {
    /// Blue.
    Blue,
    /// Black.
    Black,
}

/// A red word in a red frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// It looks like MẬT, TỐI MẬT or TUYỆT MẬT.
    Secret,
    /// It looks like another word: KHẨN, HỎA TỐC.
    Other,
}

/// What a look at a page found, without its pixels.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Look {
    /// How it lies.
    pub lie: Lie,
    /// Nothing is written on it.
    pub blank: bool,
    /// Millimetres of dark strips beyond the sheet: left, top, right, bottom.
    pub borders_mm: [f64; 4],
    /// Text reaches the edge of the scan: left, top, right, bottom.
    pub cut: [bool; 4],
    /// Light of the paper, 255 is white.
    pub light: u8,
    /// Loss of light of the print, 255 is black; none on a blank page.
    pub print: Option<u8>,
    /// Millimetres over which the edges of strokes rise; none where too few were seen.
    pub edge_mm: Option<f64>,
    /// The paper whose size the scan has at full scale; none for a size that no paper has.
    pub paper: Option<String>,
    /// Millimetres of the scan.
    pub size_mm: (f64, f64),
    /// A red seal. None found, or no colours to look for it.
    pub stamp: Option<Stamp>,
    /// A signature in ink.
    pub signature: Option<Pen>,
    /// A red framed word.
    pub mark: Option<Mark>,
    /// By which the same paper is known again.
    pub fingerprint: Option<Fingerprint>,
}

/// Raised whenever a look at the same page may find something else: what was noted under another number is looked at again.
pub const REVISION: u32 = 2;

/// Looks at a decoded page.
pub fn look(image: &PageImage, dpi: &Dpi) -> Look {
    let sheet = Sheet::of(Reduced::of(image, (dpi.x, dpi.y)));
    let size_mm = (f64::from(image.width) / dpi.x * 25.4, f64::from(image.height) / dpi.y * 25.4);
    let paper = match dpi.origin {
        DpiOrigin::File => sheet::paper(size_mm.0, size_mm.1),
        DpiOrigin::InferredA4 => Some("A4"),
    };
    let seals = seal::find(&sheet.copy, &sheet.inks);
    let blank = sheet.blank && !pale::is_written(image, (dpi.x, dpi.y));
    Look {
        lie: sheet.lie.rounded(),
        blank,
        borders_mm: sheet.borders.mm.map(|mm| (mm * 10.0).round() / 10.0),
        cut: sheet::cut(&sheet),
        light: sheet.inks.light,
        print: print(&sheet).filter(|_| !blank),
        edge_mm: sharp::edge_mm(image, dpi.x).map(|mm| (mm * 1000.0).round() / 1000.0),
        paper: paper.map(str::to_owned),
        size_mm: (size_mm.0.round(), size_mm.1.round()),
        stamp: match (seals.round, seals.edge) {
            (Some(_), _) => Some(Stamp::Seal),
            (None, true) => Some(Stamp::Edge),
            (None, false) => None,
        },
        signature: pen::find(&sheet.copy, &sheet.inks, sheet.lie.skew.unwrap_or(0.0)).map(|pen| match pen {
            pen::Pen::Blue => Pen::Blue,
            pen::Pen::Black => Pen::Black,
        }),
        mark: mark::find(image, &sheet.copy, &sheet.inks).map(|mark| match mark {
            mark::Mark::Secret => Mark::Secret,
            mark::Mark::Other => Mark::Other,
        }),
        fingerprint: Fingerprint::of(&sheet),
    }
}

/// Where the round seal of a page is: its middle and its radius, in shares of width and height of the page.
pub fn seal_at(image: &PageImage, dpi: &Dpi) -> Option<((f64, f64), (f64, f64))> {
    let sheet = Sheet::of(Reduced::of(image, (dpi.x, dpi.y)));
    let seal = seal::find(&sheet.copy, &sheet.inks).round?;
    let (width, height) = (sheet.copy.width as f64, sheet.copy.height as f64);
    let (x, y) = (seal.radius_mm * sheet.copy.per_mm.0, seal.radius_mm * sheet.copy.per_mm.1);
    Some(((seal.centre.0 / width, seal.centre.1 / height), (x / width, y / height)))
}

/// A small picture of the page as PNG, about 100 dpi.
///
/// # Errors
/// [`kinds::INTERNAL`] when it cannot be encoded.
pub fn preview(image: &PageImage, dpi: &Dpi) -> Result<Vec<u8>> {
    let copy = Reduced::of(image, (dpi.x, dpi.y));
    let side = |v: usize| u32::try_from(v).unwrap_or(u32::MAX);
    let colour = if copy.channels == 3 { ExtendedColorType::Rgb8 } else { ExtendedColorType::L8 };
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new(&mut bytes);
    let written = encoder.write_image(&copy.mean, side(copy.width), side(copy.height), colour);
    written.map_err(|e| kinds::INTERNAL.with("cause", &e))?;
    Ok(bytes)
}

/// Loss of light that a tenth of the print exceeds.
fn print(sheet: &Sheet) -> Option<u8> {
    let mut counts = [0usize; 256];
    sheet.inks.dark.iter().filter(|v| **v >= PALE / 2).for_each(|v| counts[usize::from(*v)] += 1);
    let all: usize = counts.iter().sum();
    let mut above = 0;
    (0..=255u8).rev().find(|v| {
        above += counts[usize::from(*v)];
        above * 10 >= all && all > 0
    })
}

impl Look {
    /// Quarter turns by which the page has to be turned back, where that is sure.
    pub fn sure_quarters(&self) -> u8 {
        if self.lie.sure >= SURE_TURN { self.lie.quarters } else { 0 }
    }
}

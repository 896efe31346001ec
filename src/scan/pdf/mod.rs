//! Scanned PDFs (ISO 32000-1): the pictures that a scanner or copier packed into pages. One picture that covers a page is
//! taken out as it is; several of them are laid together at their own resolution. What a person wrote on a computer, filled
//! in or signed is no scan and is refused.

use crate::document::{Finding, Severity};
use crate::error::{Result, kinds};

use super::turn::Turn;
use super::{Decoded, Source};

mod compose;
mod content;
mod file;
mod filter;
mod image;
mod matrix;
mod pages;
mod sampler;
mod space;
mod value;

use compose::Sheet;
use content::{Item, Paint, Painted};
use file::File;
use image::Kind;
use matrix::Area;
use pages::Page;
use value::Dict;

/// How far a picture may stop short of the edge of its page and still cover it: part of the longer side.
const EDGE: f64 = 0.01;

/// An opened PDF.
#[derive(Debug)]
pub(super) struct Pdf {
    file: File,
    pages: Vec<Page>,
}

impl Pdf {
    /// Reads the structure and lists the pages.
    ///
    /// # Errors
    /// [`kinds::PDF_ENCRYPTED`], [`kinds::PDF_HAS_FORM`], [`kinds::PDF_IS_SIGNED`], or a scan error.
    pub fn open(source: Source) -> Result<Self> {
        let file = File::open(source)?;
        let pages = pages::list(&file)?;
        Ok(Self { file, pages })
    }

    /// Number of pages.
    pub fn len(&self) -> usize {
        self.pages.len()
    }

    /// One page as pixels.
    ///
    /// # Errors
    /// [`kinds::PDF_HAS_TEXT`], [`kinds::PDF_HAS_DRAWING`], [`kinds::PDF_HAS_NOTES`], or a scan error.
    pub fn decode(&self, index: u32) -> Result<Decoded> {
        let page = self.pages.get(index as usize).ok_or_else(|| kinds::SCAN_CUT.error())?;
        let dict = page.read(&self.file)?;
        let sheet = Sheet::read(&self.file, &dict)?;
        let painted = content::read(&self.file, &dict)?;
        if !painted.items.iter().any(|item| matches!(item.paint, Paint::Picture { .. })) {
            return Err(match painted.visible_text {
                Some(_) => kinds::PDF_HAS_TEXT.error(),
                None => kinds::PDF_HAS_DRAWING.error(),
            });
        }
        refuse_text(&sheet, &painted)?;
        let resources = self.file.get(&dict, "Resources")?;
        let resources = resources.dict().cloned().unwrap_or_default();
        let mut decoded = match alone(&sheet, &painted.items) {
            Some(item) => self.taken_out(&sheet, item, &painted.items, &resources)?,
            None => compose::render(&self.file, &sheet, &painted.items, &resources)?,
        };
        if painted.hidden_text || painted.visible_text.is_some() {
            decoded.findings.push(Finding::new("pdf_text_dropped", None, Severity::Info));
        }
        Ok(decoded)
    }

    /// The samples of a picture that covers its page, turned as it lies there.
    fn taken_out(&self, sheet: &Sheet, item: &Item, items: &[Item], resources: &Dict) -> Result<Decoded> {
        let picture = image::decode(&self.file, &item.paint, resources)?;
        let plain = match picture.kind {
            Kind::Opaque => true,
            Kind::Stencil => item.rgb == [0; 3],
            Kind::Masked(_) => false,
        };
        let placed = sheet.placed(item);
        let Some(turn) = placed.turn().filter(|_| plain) else {
            return compose::render(&self.file, sheet, items, resources);
        };
        let stated = placed.dpi(picture.image.width, picture.image.height);
        let stated = if turn.swaps() { (stated.1, stated.0) } else { stated };
        let mut findings = picture.findings;
        if turn != Turn::NONE {
            findings.push(Finding::new("exif_turned", None, Severity::Info).with("turn", turn.describe()));
        }
        Ok(Decoded { image: turn.apply(picture.image), stated: Some(stated), findings })
    }
}

/// Text counts as seen unless a picture over the whole page is painted upon it afterwards, as old text recognition did.
fn refuse_text(sheet: &Sheet, painted: &Painted) -> Result<()> {
    let Some(before) = painted.visible_text else { return Ok(()) };
    let covered = painted.items.iter().skip(before).any(|item| covers(sheet, item));
    if covered { Ok(()) } else { Err(kinds::PDF_HAS_TEXT.error()) }
}

fn covers(sheet: &Sheet, item: &Item) -> bool {
    let slack = sheet.area.width().max(sheet.area.height()) * EDGE;
    matches!(item.paint, Paint::Picture { .. })
        && item.matrix.is_upright()
        && Area([0.0, 0.0, 1.0, 1.0]).moved(item.matrix).inside(item.clip).covers(sheet.area, slack)
}

/// The only picture of a page, when it covers the page and nothing of it is cut off.
fn alone<'a>(sheet: &Sheet, items: &'a [Item]) -> Option<&'a Item> {
    // A white sheet under the picture is paper.
    let white = |item: &&Item| !matches!(item.paint, Paint::Rectangle(_)) || item.rgb != [255; 3];
    let mut rest = items.iter().skip_while(|item| !white(item));
    let item = rest.next()?;
    let slack = sheet.area.width().max(sheet.area.height()) * EDGE;
    let picture = Area([0.0, 0.0, 1.0, 1.0]).moved(item.matrix);
    let whole = sheet.area.covers(picture, slack) && item.clip.covers(picture, slack);
    (rest.next().is_none() && covers(sheet, item) && whole).then_some(item)
}

#[cfg(test)]
pub(super) mod tests;

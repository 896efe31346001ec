//! Pictures of a document's pages as they will be built, for a person to look at.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use image::{DynamicImage, GrayImage, ImageFormat, RgbImage, imageops::FilterType};

use crate::document::DocumentId;
use crate::error::{Error, Result, kinds};
use crate::platform;
use crate::scan::cleanup::Placed;
use crate::scan::{self, PageImage, Pixels, Scan};
use crate::store::Blobs;

use super::super::{Desk, ordered};

/// Longest side of a preview in pixels: A4 at 120 dpi, where one still reads the smallest print.
const SIDE: u32 = 1_403;

/// Writes one PNG a page into a folder: `D-000001-p001.png`. Pages that could not be read have none.
///
/// # Errors
/// A scan or blob error, [`kinds::FILE_EXISTS`] when a picture of this name lies there already.
pub async fn write(desk: &Desk, id: DocumentId, folder: &Path) -> Result<Vec<PathBuf>> {
    let stored = desk.store.document(id).await?;
    std::fs::create_dir_all(folder).map_err(|e| Error::io(folder, e))?;
    let mut written = Vec::new();
    for (number, page) in stored.document.numbered_pages() {
        let path = folder.join(format!("{id}-p{number:03}.png"));
        let (blobs, page, target) = (desk.store.blobs().clone(), page.clone(), path.clone());
        ordered::one(move || draw(&blobs, &page).and_then(|png| platform::write_new(&target, &png)))
            .await??;
        written.push(path);
    }
    Ok(written)
}

/// The page as PNG, upright as it will be built: what is sure is turned by itself, then as a person turned it.
///
/// # Errors
/// A scan or blob error.
pub fn draw(blobs: &Blobs, page: &scan::ScanPage) -> Result<Vec<u8>> {
    png(upright(blobs, page)?).map_err(|e| e.with("file", &page.source_name))
}

/// The page as a picture of its own size, upright as in [`draw`].
///
/// # Errors
/// A scan or blob error.
pub fn upright(blobs: &Blobs, page: &scan::ScanPage) -> Result<DynamicImage> {
    image(standing(blobs, page)?.0).map_err(|e| e.with("file", &page.source_name))
}

/// The samples of the page, upright, and by how many quarters they were turned for it.
fn standing(blobs: &Blobs, page: &scan::ScanPage) -> Result<(PageImage, u16)> {
    let source = Scan::open(blobs.source(&page.source_sha256)?)?;
    let image = scan::turned(source.decode(page.index)?, by_itself(page));
    Ok((scan::turned(image, page.turned), quarters(page)))
}

/// Degrees clockwise by which the page is turned because it is sure how it lies.
fn by_itself(page: &scan::ScanPage) -> u16 {
    (360 - 90 * u16::from(Placed::back(&page.look.lie, false).quarters)) % 360
}

/// By how many quarters clockwise the scan is turned until it is upright as in [`draw`].
pub fn quarters(page: &scan::ScanPage) -> u16 {
    (by_itself(page) + page.turned) / 90 % 4
}

/// The part of the page on which the round seal is, with the signature that it half covers; without a seal the lower right
/// part, where both belong (Decree 30/2020 Appendix I, cells 7 and 8).
///
/// # Errors
/// A scan or blob error.
pub fn closer(blobs: &Blobs, page: &scan::ScanPage) -> Result<DynamicImage> {
    let (samples, quarters) = standing(blobs, page)?;
    let dpi = match quarters % 2 {
        0 => page.dpi,
        _ => scan::Dpi { x: page.dpi.y, y: page.dpi.x, ..page.dpi },
    };
    let (left, top, right, bottom) = match scan::quality::seal_at(&samples, &dpi) {
        Some(((x, y), (rx, ry))) => (x - 2.2 * rx, y - 2.0 * ry, x + 3.2 * rx, y + 2.0 * ry),
        None => (0.3, 0.5, 1.0, 0.95),
    };
    let picture = image(samples).map_err(|e| e.with("file", &page.source_name))?;
    let at = |share: f64, side: u32| (share.clamp(0.0, 1.0) * f64::from(side)).round() as u32;
    let (x, y) = (at(left, picture.width()), at(top, picture.height()));
    let (width, height) =
        (at(right, picture.width()).saturating_sub(x), at(bottom, picture.height()).saturating_sub(y));
    Ok(picture.crop_imm(x, y, width.max(1), height.max(1)))
}

/// Decoded samples as a picture.
///
/// # Errors
/// An internal error when they do not fill the page.
pub fn image(image: PageImage) -> Result<DynamicImage> {
    let (width, height) = (image.width, image.height);
    let picture = match image.pixels {
        Pixels::Rgb(samples) => RgbImage::from_raw(width, height, samples).map(DynamicImage::from),
        Pixels::Grey(samples) => GrayImage::from_raw(width, height, samples).map(DynamicImage::from),
        Pixels::Bilevel(bits) => {
            let bytes = width.div_ceil(8) as usize;
            let bit = |x: u32, y: u32| {
                let byte = bits.get(y as usize * bytes + x as usize / 8).copied().unwrap_or(0);
                if byte >> (7 - x % 8) & 1 == 1 { 0 } else { 255 }
            };
            Some(DynamicImage::from(GrayImage::from_fn(width, height, |x, y| image::Luma([bit(x, y)]))))
        }
    };
    picture.ok_or_else(|| kinds::INTERNAL.with("cause", "preview"))
}

fn png(picture: DynamicImage) -> Result<Vec<u8>> {
    let picture = match picture.width().max(picture.height()) > SIDE {
        true => picture.resize(SIDE, SIDE, FilterType::Triangle),
        false => picture,
    };
    let mut bytes = Cursor::new(Vec::new());
    let written = picture.write_to(&mut bytes, ImageFormat::Png);
    written.map_err(|e| kinds::INTERNAL.with("cause", &e))?;
    Ok(bytes.into_inner())
}

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
    let source = Scan::open(blobs.source(&page.source_sha256)?)?;
    let by_itself = Placed::back(&page.look.lie, false).quarters;
    let image = scan::turned(source.decode(page.index)?, (360 - 90 * u16::from(by_itself)) % 360);
    let image = scan::turned(image, page.turned);
    png(image).map_err(|e| e.with("file", &page.source_name))
}

fn png(image: PageImage) -> Result<Vec<u8>> {
    let failed = |cause: &str| kinds::INTERNAL.with("cause", cause);
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
    let picture = picture.ok_or_else(|| failed("preview"))?;
    let picture = match width.max(height) > SIDE {
        true => picture.resize(SIDE, SIDE, FilterType::Triangle),
        false => picture,
    };
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).map_err(|e| failed(&e.to_string()))?;
    Ok(bytes.into_inner())
}

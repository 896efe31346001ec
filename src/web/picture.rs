//! Pages as pictures: scans as they will be built, files that were just dropped, PDFs as any reader shows them. Pictures are
//! kept in memory for a while, and nowhere else.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use image::{DynamicImage, imageops::FilterType};

use crate::error::{Result, kinds};
use crate::pdf::overlay::{self, Ground};
use crate::pipeline::pages::preview;
use crate::scan::{self, Scan, ScanPage, Source};
use crate::store::Blobs;

use super::App;

/// Bytes of pictures that are kept.
const MOST_BYTES: usize = 96 << 20;
/// Quality of the pictures, of 100: the smallest print stays sharp.
const QUALITY: u8 = 82;
/// Longest side of a drawn page in pixels.
const MAX_SIDE: u32 = 4_000;
/// Pixels a point of a picture of true size.
pub(super) const TRUE_SCALE: f32 = 192.0 / 72.0;

/// How large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    /// Width of a thumbnail.
    Thumb,
    /// Wide enough to be read at full width.
    Full,
    /// Every detail of a stamp.
    Large,
    /// 192 dots an inch of paper, whatever its size: two for each pixel of CSS.
    True,
}

impl Size {
    /// By its name in an address.
    pub fn named(name: Option<&str>) -> Self {
        match name {
            Some("thumb") => Size::Thumb,
            Some("large") => Size::Large,
            _ => Size::Full,
        }
    }

    /// Width of an upright sheet in pixels.
    fn width(self) -> u32 {
        match self {
            Size::Thumb => 280,
            Size::Full => 1_280,
            Size::Large => 2_000,
            Size::True => MAX_SIDE,
        }
    }
}

/// Pictures by what they show.
#[derive(Default)]
pub(super) struct Cache {
    inner: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    pictures: HashMap<String, Arc<Vec<u8>>>,
    order: VecDeque<String>,
    bytes: usize,
}

impl Cache {
    fn get(&self, key: &str) -> Option<Arc<Vec<u8>>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).pictures.get(key).cloned()
    }

    fn keep(&self, key: String, picture: &Arc<Vec<u8>>) {
        let mut kept = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.pictures.insert(key.clone(), Arc::clone(picture)).is_none() {
            kept.bytes += picture.len();
            kept.order.push_back(key);
        }
        while kept.bytes > MOST_BYTES {
            let Some(oldest) = kept.order.pop_front() else { return };
            let gone = kept.pictures.remove(&oldest).map_or(0, |gone| gone.len());
            kept.bytes -= gone.min(kept.bytes);
        }
    }
}

/// A picture from the memory, else drawn on a thread that may take its time. Whatever breaks the drawing costs one picture.
///
/// # Errors
/// [`kinds::PICTURE_FAILED`], a scan or blob error.
pub(super) async fn drawn(
    app: &App,
    key: String,
    size: Size,
    draw: impl FnOnce() -> Result<DynamicImage> + Send + 'static,
) -> Result<Arc<Vec<u8>>> {
    let key = format!("{key} {size:?}");
    if let Some(known) = app.pictures.get(&key) {
        return Ok(known);
    }
    let broken = |cause: &str| kinds::PICTURE_FAILED.with("cause", cause);
    let _turn = app.drawing.acquire().await.map_err(|e| broken(&e.to_string()))?;
    if let Some(known) = app.pictures.get(&key) {
        return Ok(known);
    }
    let work = move || draw().and_then(|image| jpeg(&fitted(image, size)));
    // A thread that breaks gives an error here and nothing else.
    let drawn = tokio::task::spawn_blocking(work).await.map_err(|_| broken("–"))??;
    let drawn = Arc::new(drawn);
    app.pictures.keep(key, &drawn);
    Ok(drawn)
}

fn fitted(image: DynamicImage, size: Size) -> DynamicImage {
    let (width, height) = (image.width(), image.height());
    // A sheet that lies is as long as one that stands is high.
    let limit = if width > height { size.width() * 7 / 5 } else { size.width() };
    if width <= limit {
        return image;
    }
    match size {
        Size::Thumb => image.thumbnail(limit, MAX_SIDE),
        _ => image.resize(limit, MAX_SIDE, FilterType::Triangle),
    }
}

fn jpeg(image: &DynamicImage) -> Result<Vec<u8>> {
    let side = |v: u32| u16::try_from(v).map_err(|_| kinds::PICTURE_FAILED.with("cause", "size"));
    let (width, height) = (side(image.width())?, side(image.height())?);
    let mut bytes = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut bytes, QUALITY);
    let encoded = match image {
        DynamicImage::ImageLuma8(grey) => encoder.encode(grey, width, height, jpeg_encoder::ColorType::Luma),
        other => encoder.encode(&other.to_rgb8(), width, height, jpeg_encoder::ColorType::Rgb),
    };
    encoded.map_err(|e| kinds::PICTURE_FAILED.with("cause", e))?;
    Ok(bytes)
}

/// A page of a document, upright as it will be built.
pub(super) async fn of_scan(app: &App, page: &ScanPage, size: Size) -> Result<Arc<Vec<u8>>> {
    let key = format!("scan {} {} {}", page.source_sha256, page.index, page.turned);
    let (blobs, page): (Blobs, ScanPage) = (app.desk.store.blobs().clone(), page.clone());
    drawn(app, key, size, move || preview::upright(&blobs, &page)).await
}

/// A page of a file that is not taken in yet.
pub(super) async fn of_file(app: &App, path: std::path::PathBuf, index: u32) -> Result<Arc<Vec<u8>>> {
    let key = format!("file {} {index}", path.display());
    let draw = move || {
        let scan = Scan::open(Source::open(&path, scan::MAX_SOURCE_BYTES)?)?;
        preview::image(scan.decode(index)?)
    };
    drawn(app, key, Size::Thumb, draw).await
}

/// A page of a PDF, counted from 0.
pub(super) async fn of_pdf(
    app: &App,
    name: &str,
    index: usize,
    size: Size,
    bytes: Arc<Vec<u8>>,
) -> Result<Arc<Vec<u8>>> {
    let key = format!("pdf {name} {index}");
    drawn(app, key, size, move || render(bytes, index, size)).await
}

/// Draws a page of a PDF, counted from 0, with what lies over it.
///
/// # Errors
/// [`kinds::PICTURE_FAILED`].
pub(super) fn render(bytes: Arc<Vec<u8>>, index: usize, size: Size) -> Result<DynamicImage> {
    // A file whose structure cannot be followed has its contents drawn all the same.
    let over = |ground| overlay::alone(&bytes, index, ground).ok().flatten();
    let (black, white) = (over(Ground::Black), over(Ground::White));
    let mut page = contents(bytes, index, size)?;
    if let (Some(black), Some(white)) = (black, white) {
        let black = contents(Arc::new(black), index, size)?;
        let white = contents(Arc::new(white), index, size)?;
        for (under, (black, white)) in page.pixels_mut().zip(black.pixels().zip(white.pixels())) {
            under.0 = [0, 1, 2].map(|i| through(under[i], black[i], white[i]));
        }
    }
    Ok(DynamicImage::from(page))
}

/// What is seen of a sample through what lies over it, which shows so on black and so on white ground.
fn through(under: u8, black: u8, white: u8) -> u8 {
    let clear = u16::from(white.saturating_sub(black));
    let seen = (u16::from(under) * clear + 127) / 255;
    black.saturating_add(u8::try_from(seen).unwrap_or(u8::MAX))
}

/// The contents of a page on white paper.
fn contents(bytes: Arc<Vec<u8>>, index: usize, size: Size) -> Result<image::RgbImage> {
    let failed = |cause: &str| kinds::PICTURE_FAILED.with("cause", cause);
    let pdf = hayro::Pdf::new(bytes).map_err(|_| failed("PDF"))?;
    let page = pdf.pages().get(index).ok_or_else(|| failed("page"))?;
    let (width, height) = page.render_dimensions();
    let scale = match size {
        Size::True => TRUE_SCALE.min(MAX_SIDE as f32 / width.max(1.0)),
        _ => size.width() as f32 * if width > height { 1.4 } else { 1.0 } / width.max(1.0),
    };
    let scale = scale.min(MAX_SIDE as f32 / height.max(1.0));
    let settings = hayro::RenderSettings { x_scale: scale, y_scale: scale, ..Default::default() };
    let drawn = hayro::render(page, &hayro::InterpreterSettings::default(), &settings);
    let (width, height) = (u32::from(drawn.width()), u32::from(drawn.height()));
    let pixels = drawn.data_as_u8_slice().chunks_exact(4);
    // What nothing is drawn on is paper.
    let over = |p: &[u8]| [0, 1, 2].map(|i| p[i].saturating_add(255 - p[3]));
    let pixels: Vec<u8> = pixels.flat_map(over).collect();
    image::RgbImage::from_raw(width, height, pixels).ok_or_else(|| failed("size"))
}

/// How many pages a PDF has.
pub(super) fn page_count(bytes: &Arc<Vec<u8>>) -> usize {
    hayro::Pdf::new(bytes.clone()).map_or(0, |pdf| pdf.pages().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_clear_lets_the_page_through_and_what_is_not_hides_it() {
        assert_eq!(through(40, 0, 255), 40, "clear");
        assert_eq!(through(40, 200, 200), 200, "solid");
        assert_eq!(through(255, 100, 227), 227, "half over white");
        assert_eq!(through(0, 100, 227), 100, "half over black");
    }
}

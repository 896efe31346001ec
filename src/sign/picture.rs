//! The picture of a visible signature on a document that was written on a computer: a person's signature in blue, the seal of
//! an organization in red, as PNG with a clear background, at its true size (Decree 30/2020 Appendix I Part I II.7.d, II.8.a).
//! Never on a scan, which carries the real ones.

use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use image::imageops::{self, FilterType};
use image::{ImageFormat, RgbaImage};

use super::appearance::{form_body, placed};
use crate::error::{Clause, Result, kinds};
use crate::pdf;
use crate::pdf::append::Revision;
use crate::pdf::read::PageBox;
use crate::platform;

/// Largest file and most pixels of a side: a seal of 45 mm at 1,200 dpi has 2,126.
const MAX_FILE: u64 = 8 << 20;
const MAX_SIDE: u32 = 4_000;
/// Finest resolution that is embedded, dots per inch; what is finer is made smaller.
const FINEST: f32 = 300.0;
/// Widest and narrowest picture, millimetres: a line on paper, and what a stamp never falls below.
const WIDEST: f32 = 120.0;
const NARROWEST: f32 = 10.0;
/// Opacity from which on a pixel is drawn where the format knows no half tones of it (PDF/A-1).
const HALF: u8 = 128;
const POINTS_PER_MM: f32 = 72.0 / 25.4;

/// A picture with its true size.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    pixels: RgbaImage,
    /// Width, points.
    pub width: f32,
    /// Height, points.
    pub height: f32,
}

/// A picture on its place: points from the left and top edge of the page as it is displayed.
#[derive(Clone, Debug)]
pub struct Placed {
    /// What is drawn.
    pub picture: Picture,
    /// The page.
    pub page: PageBox,
    /// Left edge.
    pub left: f32,
    /// Upper edge.
    pub top: f32,
}

impl Picture {
    /// Reads a PNG file that is `width_mm` millimetres wide in reality.
    ///
    /// # Errors
    /// [`kinds::PICTURE_UNUSABLE`].
    pub fn load(path: &Path, width_mm: f32) -> Result<Self> {
        let unusable =
            |cause: Clause| kinds::PICTURE_UNUSABLE.with("path", path.display()).with("cause", cause);
        if !(NARROWEST..=WIDEST).contains(&width_mm) {
            return Err(unusable(Clause::new("why-picture-mm").with("width", width_mm)));
        }
        let bytes = platform::read_limited(path, MAX_FILE).map_err(|e| unusable(Clause::of(&e)))?;
        let mut reader = image::ImageReader::with_format(std::io::Cursor::new(bytes), ImageFormat::Png);
        let mut limits = image::Limits::default();
        (limits.max_image_width, limits.max_image_height) = (Some(MAX_SIDE), Some(MAX_SIDE));
        reader.limits(limits);
        let pixels = reader.decode().map_err(|e| unusable(Clause::technical(e)))?.into_rgba8();
        if pixels.pixels().all(|pixel| pixel[3] > HALF) {
            return Err(unusable(Clause::new("why-picture-background")));
        }
        Ok(Self::new(pixels, width_mm))
    }

    /// A picture of so many millimetres' width; pixels beyond what is embedded are averaged away.
    fn new(pixels: RgbaImage, width_mm: f32) -> Self {
        let (columns, rows) = pixels.dimensions();
        let (width, ratio) = (width_mm * POINTS_PER_MM, rows as f32 / columns.max(1) as f32);
        let most = (width_mm / 25.4 * FINEST).ceil() as u32;
        let pixels = match columns > most {
            true => {
                let rows = ((most as f32 * ratio).round() as u32).max(1);
                imageops::resize(&pixels, most, rows, FilterType::Triangle)
            }
            false => pixels,
        };
        Self { pixels, width, height: width * ratio }
    }

    /// Colours without opacity; a clear pixel is white whatever its file says, which costs nothing.
    fn colours(&self) -> Vec<u8> {
        self.pixels.pixels().flat_map(|p| if p[3] == 0 { [255; 3] } else { [p[0], p[1], p[2]] }).collect()
    }

    /// Opacity in eight bits, or in one where a mask is all that is allowed: 1 bits are clear (8.9.6.3).
    fn opacity(&self, hard: bool) -> Vec<u8> {
        if !hard {
            return self.pixels.pixels().map(|p| p[3]).collect();
        }
        let row = |row: &[image::Rgba<u8>]| -> Vec<u8> {
            let byte = |eight: &[image::Rgba<u8>]| {
                let bit = |(at, pixel): (usize, &image::Rgba<u8>)| u8::from(pixel[3] < HALF) << (7 - at);
                eight.iter().enumerate().map(bit).fold(0, |byte, bit| byte | bit)
            };
            row.chunks(8).map(byte).collect()
        };
        let all: Vec<image::Rgba<u8>> = self.pixels.pixels().copied().collect();
        all.chunks(self.pixels.width().max(1) as usize).flat_map(row).collect()
    }
}

impl Placed {
    /// Right and lower edge.
    pub fn area(&self) -> [f32; 4] {
        [self.left, self.top, self.left + self.picture.width, self.top + self.picture.height]
    }

    /// Writes the picture and its form; gives the widget's rectangle and the form's number. `part_1` keeps to PDF/A-1, which
    /// knows no soft masks (ISO 19005-1 6.4).
    ///
    /// # Errors
    /// As [`Revision::put`].
    pub(super) fn put(&self, revision: &mut Revision, part_1: bool) -> Result<([f32; 4], u32)> {
        let (columns, rows) = self.picture.pixels.dimensions();
        let head = format!("/Type/XObject/Subtype/Image/Width {columns}/Height {rows}");
        let mask = revision.allocate()?;
        let kind = if part_1 { "/ImageMask true" } else { "/ColorSpace/DeviceGray/BitsPerComponent 8" };
        revision.put(mask, &stream(&format!("{head}{kind}"), &self.picture.opacity(part_1))?)?;
        let profile = revision.allocate()?;
        revision.put(profile, &stream("/N 3", &pdf::srgb())?)?;
        let image = revision.allocate()?;
        let masked = if part_1 { "Mask" } else { "SMask" };
        let entries =
            format!("{head}/ColorSpace[/ICCBased {profile} 0 R]/BitsPerComponent 8/{masked} {mask} 0 R");
        revision.put(image, &stream(&entries, &self.picture.colours())?)?;
        let (width, height) = (self.picture.width, self.picture.height);
        let (matrix, rectangle) = placed(&self.page, self.left, self.top, width, height);
        let form = revision.allocate()?;
        let content = format!("q {width} 0 0 {height} 0 0 cm /I Do Q");
        let resources = format!("/XObject<</I {image} 0 R>>");
        revision.put(form, &form_body(content.as_bytes(), &resources, matrix, width, height))?;
        Ok((rectangle, form))
    }
}

/// A stream by Flate (7.4.4).
fn stream(entries: &str, content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    let packed = encoder.write_all(content).and_then(|()| encoder.finish());
    let packed = packed.map_err(|e| kinds::INTERNAL.with("cause", &e))?;
    let head = format!("<<{entries}/Filter/FlateDecode/Length {}>>stream\n", packed.len());
    Ok([head.as_bytes(), &packed, b"\nendstream"].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fine_picture_is_made_coarser_and_keeps_its_size() {
        let picture = Picture::new(RgbaImage::new(1_200, 600), 25.4);
        assert_eq!(picture.pixels.dimensions(), (300, 150));
        assert!((picture.width - 72.0).abs() < 0.01 && (picture.height - 36.0).abs() < 0.01);
    }

    #[test]
    fn a_hard_mask_has_whole_bytes_a_row() {
        let mut pixels = RgbaImage::new(10, 2);
        pixels.put_pixel(0, 0, image::Rgba([255, 0, 0, 255]));
        pixels.put_pixel(9, 1, image::Rgba([255, 0, 0, 255]));
        let picture = Picture { pixels, width: 10.0, height: 2.0 };
        assert_eq!(picture.opacity(true), [0x7F, 0xC0, 0xFF, 0x80]);
        assert_eq!(picture.opacity(false).len(), 20);
    }
}

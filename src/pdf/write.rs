//! Pages out of layers, at 100 % scale, with the marks that the law and a drill want as vector text.

use std::fmt::Write;

use crate::compress::{Encoded, Layer, PageLayers, Paint};
use crate::error::Result;
use crate::scan::cleanup::Placed;

use super::attach::{self, Attachment};
use super::font::blank::Blank;
use super::font::{Subset, stream};
use super::objects::{Objects, raw_stream, text_string};
use super::{Page, icc, layer};

/// Size of the marks in points.
const MARK_PT: f32 = 8.0;
/// Distance of the marks from the edge of the sheet in points.
const MARGIN_PT: f32 = 10.0;
/// Mark on every page of a drill (rule 11).
pub(super) const DRILL_MARK: &str = "DIỄN TẬP – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ  ·  DRILL – NOT VALID";

/// What is written around the pages.
pub(super) struct Envelope<'a> {
    /// The metadata packet.
    pub packet: Vec<u8>,
    /// The document information dictionary, which says the same.
    pub info: String,
    /// RFC 3066.
    pub language: &'a str,
    /// Whether every page is marked as a drill's.
    pub drill: bool,
    /// The mark of the conversion, on the last page.
    pub conversion_mark: Option<&'a str>,
    /// On all of them.
    pub on_every_page: bool,
    /// Files to attach.
    pub attachments: Vec<Attachment>,
}

/// Fonts that all pages share.
struct Fonts {
    /// Of the marks, with its number.
    marks: Option<(Subset, u32)>,
    /// Of the text layer; it is complete when all pages are written.
    text: Blank,
    /// Its number; 0 when no page has words.
    text_number: u32,
}

/// A text line on a page.
struct Mark<'a> {
    text: &'a str,
    top: bool,
    rgb: [f32; 3],
}

/// The file.
pub(super) fn file(pages: Vec<Page>, envelope: Envelope) -> Result<Vec<u8>> {
    let mut objects = Objects::default();
    let (root, tree) = (objects.reserve(), objects.reserve());
    let marks_font = font(&mut objects, &envelope)?;
    let has_words = pages.iter().filter_map(|page| page.text.as_ref()).any(|text| !text.lines.is_empty());
    let text_number = if has_words { objects.reserve() } else { 0 };
    let mut fonts = Fonts { marks: marks_font, text: Blank::default(), text_number };
    let mut kids = Vec::new();
    let last = pages.len();
    // A page is gone as soon as it is written: a stack of a thousand must not stand in memory twice.
    for (number, page) in (1..).zip(pages) {
        let marks = marks(&envelope, number == last);
        kids.push(self::page(&mut objects, &page, tree, &mut fonts, &marks));
    }
    let references: Vec<String> = kids.iter().map(|kid| format!("{kid} 0 R")).collect();
    objects.set(tree, format!("<</Type/Pages/Count {}/Kids[{}]>>", kids.len(), references.join(" ")));
    fonts.finish(&mut objects);
    let profile = objects.add(stream("/N 3", &icc::srgb()));
    let metadata = objects.add(raw_stream("/Type/Metadata/Subtype/XML", &envelope.packet));
    let info = objects.add(envelope.info.as_str());
    let files = attach::entries(&mut objects, envelope.attachments);
    let language = match envelope.language {
        "" => String::new(),
        language => format!("/Lang {}", text_string(language)),
    };
    objects.set(
        root,
        format!(
            "<</Type/Catalog/Pages {tree} 0 R/Metadata {metadata} 0 R{language}/ViewerPreferences<</DisplayDocTitle true>>\
             /OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB)\
             /DestOutputProfile {profile} 0 R>>]{files}>>"
        ),
    );
    Ok(objects.file(root, info))
}

impl Fonts {
    /// Writes the font of the text layer, now that its characters are known.
    fn finish(&self, objects: &mut Objects) {
        if self.text.is_empty() {
            return;
        }
        let next = objects.next();
        let (font, others) = self.text.objects(next);
        objects.set(self.text_number, font);
        for body in others {
            objects.add(body);
        }
    }
}

/// The font of the marks, shared by all pages.
fn font(objects: &mut Objects, envelope: &Envelope) -> Result<Option<(Subset, u32)>> {
    let texts: Vec<&str> =
        envelope.drill.then_some(DRILL_MARK).into_iter().chain(envelope.conversion_mark).collect();
    if texts.is_empty() {
        return Ok(None);
    }
    let subset = Subset::new(&texts)?;
    let number = objects.add_all(|first| subset.objects(first));
    Ok(Some((subset, number)))
}

fn marks<'a>(envelope: &Envelope<'a>, last: bool) -> Vec<Mark<'a>> {
    let drill = envelope.drill.then_some(Mark { text: DRILL_MARK, top: true, rgb: [0.8, 0.0, 0.0] });
    let conversion = envelope.conversion_mark.filter(|_| last || envelope.on_every_page);
    drill.into_iter().chain(conversion.map(|text| Mark { text, top: false, rgb: [0.25; 3] })).collect()
}

/// Adds a page with its layers and returns its number.
fn page(objects: &mut Objects, page: &Page, tree: u32, fonts: &mut Fonts, marks: &[Mark]) -> u32 {
    let layers = &page.layers;
    let (width, height) =
        (f64::from(layers.width) * 72.0 / layers.dpi.x, f64::from(layers.height) * 72.0 / layers.dpi.y);
    let scan = (width, height);
    let (width, height) = page.placed.size(scan);
    let mut content = upright(page.placed, scan).into_bytes();
    let turned = !content.is_empty();
    let mut images = String::new();
    for (index, layer) in layers.layers.iter().enumerate() {
        let image = self::layer(objects, layer);
        let _ = write!(images, "/L{index} {image} 0 R");
        content.extend(paint(layer, index, layers).into_bytes());
    }
    let mut resources = format!("/XObject<<{images}>>");
    let mut names = String::new();
    let words =
        page.text.as_ref().map(|text| layer::words(text, layers, &mut fonts.text)).unwrap_or_default();
    if !words.is_empty() {
        let _ = write!(names, "/{} {} 0 R", layer::FONT, fonts.text_number);
        content.extend(words);
    }
    if turned {
        content.extend(b"Q\n");
    }
    if let (Some((subset, number)), false) = (&fonts.marks, marks.is_empty()) {
        let _ = write!(names, "/F0 {number} 0 R");
        for mark in marks {
            content.extend(mark_line(mark, subset, width as f32, height as f32));
        }
    }
    if !names.is_empty() {
        let _ = write!(resources, "/Font<<{names}>>");
    }
    let content = objects.add(stream("", &content));
    objects.add(format!(
        "<</Type/Page/Parent {tree} 0 R/MediaBox[0 0 {} {}]/Contents {content} 0 R/Resources<<{resources}>>>>",
        real(width),
        real(height)
    ))
}

/// The matrix that turns a page upright about its centre; no pixel is touched (rule 2). Empty for one that stays as it is.
fn upright(placed: Placed, scan: (f64, f64)) -> String {
    if placed.is_none() {
        return String::new();
    }
    let [a, b, c, d, e, f] = placed.matrix(scan);
    let turn = [a, b, c, d].map(|v| format!("{v:.6}")).join(" ");
    format!("q {turn} {} {} cm\n", real(e), real(f))
}

/// How far a layer stays inside its area on every side, in pixels of the scan. Readers take a picture for as many pixels as it
/// touches: an edge that lies a rounding error beyond a pixel makes poppler and mutool stretch it by one, which blurs it.
const INSET_PX: f64 = 0.01;

/// Operators that paint a layer into its area; the scan's first row is the top of the page.
fn paint(layer: &Layer, index: usize, page: &PageLayers) -> String {
    let [left, top, width, height] = layer.area.map(f64::from);
    let (sx, sy) = (72.0 / page.dpi.x, 72.0 / page.dpi.y);
    let bottom = f64::from(page.height) - top - height;
    let colour = match &layer.paint {
        Paint::Stencil { rgb, .. } => {
            let [r, g, b] = rgb.map(|v| real(f64::from(v) / 255.0));
            format!("{r} {g} {b} rg ")
        }
        _ => String::new(),
    };
    let (left, bottom) = (left + INSET_PX, bottom + INSET_PX);
    let (width, height) = (width - 2.0 * INSET_PX, height - 2.0 * INSET_PX);
    let matrix = [width * sx, 0.0, 0.0, height * sy, left * sx, bottom * sy].map(real).join(" ");
    format!("q {colour}{matrix} cm /L{index} Do Q\n")
}

/// Adds the image of a layer, and its mask, and returns its number.
fn layer(objects: &mut Objects, layer: &Layer) -> u32 {
    let size = (layer.width, layer.height);
    match &layer.paint {
        Paint::Image(colours) => image(objects, colours, size, ""),
        Paint::Stencil { mask, .. } => image(objects, mask, size, "/ImageMask true"),
        Paint::Masked { colour, mask, mask_size } => {
            let mask = image(objects, mask, *mask_size, "/ImageMask true");
            image(objects, colour, size, &format!("/Mask {mask} 0 R"))
        }
    }
}

/// An image XObject. Both bilevel filters deliver 0 for black, which a stencil paints and an explicit mask shows.
fn image(objects: &mut Objects, encoded: &Encoded, (width, height): (u32, u32), entries: &str) -> u32 {
    let space = |components: &u8| match components {
        1 => "/ColorSpace/DeviceGray/BitsPerComponent 8",
        _ => "/ColorSpace/DeviceRGB/BitsPerComponent 8",
    };
    let (format, bytes) = match encoded {
        Encoded::Jpeg { components, bytes } => (format!("{}/Filter/DCTDecode", space(components)), bytes),
        Encoded::Toned { palette, bytes } => {
            (format!("/ColorSpace{}/BitsPerComponent 8/Filter/DCTDecode", indexed(palette)), bytes)
        }
        Encoded::Flate { components, bytes } => (format!("{}/Filter/FlateDecode", space(components)), bytes),
        Encoded::Jbig2(bytes) => ("/BitsPerComponent 1/Filter/JBIG2Decode".to_owned(), bytes),
        Encoded::G4(bytes) => (
            format!(
                "/BitsPerComponent 1/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns {width}/Rows {height}>>"
            ),
            bytes,
        ),
    };
    let head = format!("/Type/XObject/Subtype/Image/Width {width}/Height {height}{entries}{format}");
    objects.add(raw_stream(&head, bytes))
}

/// A table of colours (ISO 32000-1 8.6.6.3).
fn indexed(palette: &[[u8; 3]]) -> String {
    let mut space = format!("[/Indexed/DeviceRGB {}<", palette.len().saturating_sub(1));
    // Writing into a string does not fail.
    palette.as_flattened().iter().for_each(|v| {
        let _ = write!(space, "{v:02X}");
    });
    space + ">]"
}

/// A centred line in the margin; a line wider than the sheet is set smaller.
fn mark_line(mark: &Mark, font: &Subset, width: f32, height: f32) -> Vec<u8> {
    let natural = font.width(mark.text, MARK_PT);
    let room = (width - 2.0 * MARGIN_PT).max(width / 2.0);
    let size = MARK_PT * (room / natural.max(1.0)).min(1.0);
    let left = (width - font.width(mark.text, size)) / 2.0;
    let base = if mark.top { height - MARGIN_PT - size } else { MARGIN_PT };
    let [r, g, b] = mark.rgb.map(|v| real(f64::from(v)));
    let codes: String = font.encode(mark.text).iter().map(|b| format!("{b:02X}")).collect();
    format!(
        "q BT {r} {g} {b} rg /F0 {} Tf {} {} Td <{codes}> Tj ET Q\n",
        real(f64::from(size)),
        real(f64::from(left)),
        real(f64::from(base))
    )
    .into_bytes()
}

/// A real number with at most four decimals and no exponent.
pub(super) fn real(value: f64) -> String {
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

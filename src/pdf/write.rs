//! Pages out of layers, at 100 % scale, with the marks that the law and a drill want as vector text.

use std::fmt::Write;

use crate::compress::{Encoded, Layer, PageLayers, Paint};
use crate::error::Result;

use super::font::{Subset, stream};
use super::objects::{Objects, raw_stream, text_string};
use super::{icc, xmp};

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
    /// RFC 3066.
    pub language: &'a str,
    /// Whether every page is marked as a drill's.
    pub drill: bool,
    /// The mark of the conversion, on the last page.
    pub conversion_mark: Option<&'a str>,
}

/// A text line on a page.
struct Mark<'a> {
    text: &'a str,
    top: bool,
    rgb: [f32; 3],
}

/// The file.
pub(super) fn file(pages: Vec<PageLayers>, envelope: &Envelope) -> Result<Vec<u8>> {
    let mut objects = Objects::default();
    let (root, tree) = (objects.reserve(), objects.reserve());
    let font = font(&mut objects, envelope)?;
    let mut kids = Vec::new();
    let last = pages.len();
    // A page is gone as soon as it is written: a stack of a thousand must not stand in memory twice.
    for (number, page) in (1..).zip(pages) {
        let marks = marks(envelope, number == last);
        kids.push(self::page(&mut objects, &page, tree, font.as_ref(), &marks));
    }
    let references: Vec<String> = kids.iter().map(|kid| format!("{kid} 0 R")).collect();
    objects.set(tree, format!("<</Type/Pages/Count {}/Kids[{}]>>", kids.len(), references.join(" ")));
    let profile = objects.add(stream("/N 3", &icc::srgb()));
    let metadata = objects.add(raw_stream("/Type/Metadata/Subtype/XML", &envelope.packet));
    let language = match envelope.language {
        "" => String::new(),
        language => format!("/Lang {}", text_string(language)),
    };
    objects.set(
        root,
        format!(
            "<</Type/Catalog/Pages {tree} 0 R/Metadata {metadata} 0 R{language}/ViewerPreferences<</DisplayDocTitle true>>\
             /OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB)\
             /DestOutputProfile {profile} 0 R>>]>>"
        ),
    );
    Ok(objects.file(root))
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
    let conversion = envelope.conversion_mark.filter(|_| last);
    drill.into_iter().chain(conversion.map(|text| Mark { text, top: false, rgb: [0.25; 3] })).collect()
}

/// Adds a page with its layers and returns its number.
fn page(
    objects: &mut Objects,
    page: &PageLayers,
    tree: u32,
    font: Option<&(Subset, u32)>,
    marks: &[Mark],
) -> u32 {
    let (width, height) =
        (f64::from(page.width) * 72.0 / page.dpi.x, f64::from(page.height) * 72.0 / page.dpi.y);
    let scan = (width, height);
    let (width, height) = page.placed.size(scan);
    let mut content = String::new();
    let mut images = String::new();
    if !page.placed.is_none() {
        let _ = writeln!(content, "q {} cm", page.placed.matrix(scan).map(real).join(" "));
    }
    for (index, layer) in page.layers.iter().enumerate() {
        let image = self::layer(objects, layer);
        let _ = write!(images, "/L{index} {image} 0 R");
        content.push_str(&paint(layer, index, page));
    }
    if !page.placed.is_none() {
        content.push_str("Q\n");
    }
    let mut content = content.into_bytes();
    let mut resources = format!("/XObject<<{images}>>");
    if let (Some((subset, number)), false) = (font, marks.is_empty()) {
        let _ = write!(resources, "/Font<</F0 {number} 0 R>>");
        for mark in marks {
            content.extend(mark_line(mark, subset, width as f32, height as f32));
        }
    }
    let content = objects.add(stream("", &content));
    objects.add(format!(
        "<</Type/Page/Parent {tree} 0 R/MediaBox[0 0 {} {}]/Contents {content} 0 R/Resources<<{resources}>>>>",
        real(width),
        real(height)
    ))
}

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
fn real(value: f64) -> String {
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The packet of a plain conversion.
pub(super) fn plain_packet(title: &str, language: &str, created: String) -> Vec<u8> {
    xmp::plain(&xmp::Base { title, language, created })
}

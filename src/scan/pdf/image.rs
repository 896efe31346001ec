//! Pictures of a PDF (ISO 32000-1 8.9): taken out with the samples that they have, colours to sRGB.

use hayro_jbig2::{DecodeSettings, Decoder, Globals, Page as Jbig2Page};

use crate::document::Finding;
use crate::error::{Clause, Error, Result, kinds};

use super::super::ccitt::{self, Code, Fax};
use super::super::colour::{self, Meaning, Raw};
use super::super::jpeg::{self, Components};
use super::super::{MAX_PIXELS, PageImage, Pixels, check_size, codec};
use super::content::Paint;
use super::file::{File, Object, damaged};
use super::filter::{self, Data};
use super::space::{self, Space};
use super::value::{Dict, Value};

/// Most bytes that samples may take before they are reduced: 16 bits of four inks.
const MAX_SAMPLES: u64 = MAX_PIXELS * 8;
/// Largest JBIG2 globals; they hold symbols of a stack of pages.
const MAX_GLOBALS: usize = 16 << 20;

/// A decoded picture.
#[derive(Clone, Debug)]
pub(super) struct Picture {
    pub image: PageImage,
    pub findings: Vec<Finding>,
    pub kind: Kind,
}

/// How a picture covers what lies under it.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Everywhere.
    Opaque,
    /// Its black pixels are painted in the colour of the graphics state.
    Stencil,
    /// Painted where the mask is 255, mixed where it is between (an /SMask, or a /Mask that is black where it hides).
    Masked(Box<PageImage>),
}

pub(super) fn variant(what: impl std::fmt::Display) -> Error {
    kinds::SCAN_VARIANT.with("what", format!("PDF: {what}"))
}

/// Width and height as the dictionary states them, checked.
pub(super) fn size(file: &File, dict: &Dict) -> Result<(u32, u32)> {
    let side = |key: &str| -> Result<u32> {
        let value = filter::number(file, dict, key)?.ok_or_else(|| damaged("picture without a size"))?;
        Ok(u32::try_from(value).unwrap_or(u32::MAX))
    };
    let (width, height) = (side("Width")?, side("Height")?);
    check_size(width, height)?;
    Ok((width, height))
}

/// Decodes a picture that a page paints.
pub(super) fn decode(file: &File, paint: &Paint, resources: &Dict) -> Result<Picture> {
    let Paint::Picture { object, inline } = paint else { return Err(damaged("no picture")) };
    let dict = object.dict().ok_or_else(|| damaged("picture"))?;
    let (width, height) = size(file, dict)?;
    let limit = usize::try_from(MAX_SAMPLES.min(u64::from(width) * u64::from(height) * 8 + 64)).unwrap_or(0);
    let data = match inline {
        Some(bytes) => filter::unfilter(file, dict, bytes.clone(), limit)?,
        None => filter::decode(file, object, limit)?,
    };
    let stencil = matches!(file.get(dict, "ImageMask")?.value, Value::Bool(true));
    let (raw, meaning) = samples(file, dict, resources, data, (width, height), stencil)?;
    let (pixels, findings) = colour::to_srgb(raw, &meaning)?;
    let image = PageImage { width, height, pixels }.checked()?;
    let kind = if stencil { Kind::Stencil } else { mask(file, dict, resources)? };
    Ok(Picture { image, findings, kind })
}

fn mask(file: &File, dict: &Dict, resources: &Dict) -> Result<Kind> {
    for key in ["SMask", "Mask"] {
        let object = file.get(dict, key)?;
        if object.value.array().is_some() {
            return Err(variant("a picture with a colour that is left out"));
        }
        let Some(inner) = object.dict().filter(|_| object.stream.is_some()) else { continue };
        if inner.get("SMask").is_some() || inner.get("Mask").is_some() {
            return Err(variant("a mask with a mask"));
        }
        let paint = Paint::Picture { object: Box::new(object.clone()), inline: None };
        return Ok(Kind::Masked(Box::new(opacity(decode(file, &paint, resources)?)?)));
    }
    Ok(Kind::Opaque)
}

/// A soft mask states opacity; an explicit mask is a stencil whose painted (black) pixels let the picture through.
fn opacity(mask: Picture) -> Result<PageImage> {
    match (&mask.image.pixels, &mask.kind) {
        (Pixels::Grey(_), Kind::Opaque) | (Pixels::Bilevel(_), Kind::Stencil) => Ok(mask.image),
        // Black is not opaque in a soft mask of single bits: turned round, it is a stencil.
        (Pixels::Bilevel(bits), _) => {
            let inverted = bits.iter().map(|byte| !byte).collect();
            Ok(PageImage { pixels: Pixels::Bilevel(inverted), ..mask.image.clone() })
        }
        _ => Err(variant("a mask in colour")),
    }
}

/// The samples as grey, RGB, CMYK or bits, with what they mean.
fn samples(
    file: &File,
    dict: &Dict,
    resources: &Dict,
    data: Data,
    size: (u32, u32),
    stencil: bool,
) -> Result<(Raw, Meaning)> {
    let space = match stencil {
        true => Some(Space::Grey),
        false => space::read(file, &file.get(dict, "ColorSpace")?.value, resources)?,
    };
    let decode = numbers(file, dict, "Decode")?;
    let Some((name, parameters)) = data.picture else {
        let bits = if stencil { 1 } else { filter::number(file, dict, "BitsPerComponent")?.unwrap_or(8) };
        let space = space.ok_or_else(|| damaged("picture without a colour space"))?;
        return space::interpret(&space, data.bytes, size, usize::try_from(bits).unwrap_or(0), &decode);
    };
    match &name[..] {
        b"DCTDecode" | b"DCT" => jpeg_samples(file, &data.bytes, &parameters, space, size, &decode),
        b"CCITTFaxDecode" | b"CCF" => {
            let bits = fax(file, &data.bytes, &parameters, size)?;
            space::interpret(&space.unwrap_or(Space::Grey), bits, size, 1, &decode)
        }
        b"JBIG2Decode" => {
            let bits = jbig2(file, &data.bytes, &parameters, size)?;
            space::interpret(&space.unwrap_or(Space::Grey), bits, size, 1, &decode)
        }
        _ => Err(variant("JPEG 2000")),
    }
}

fn numbers(file: &File, dict: &Dict, key: &str) -> Result<Vec<f64>> {
    let object = file.get(dict, key)?;
    let items = object.value.array().unwrap_or_default();
    Ok(items.iter().filter_map(Value::number).collect())
}

fn jpeg_samples(
    file: &File,
    bytes: &[u8],
    parameters: &Dict,
    space: Option<Space>,
    size: (u32, u32),
    decode: &[f64],
) -> Result<(Raw, Meaning)> {
    let components = match filter::number(file, parameters, "ColorTransform")? {
        Some(0) => Components::Untransformed,
        _ => Components::AsMarked,
    };
    let image = jpeg::samples(bytes, components)?;
    if (image.width, image.height) != size {
        return Err(kinds::SCAN_BROKEN.with("cause", Clause::new("why-pdf-jpeg")));
    }
    let (found, samples) = match image.raw {
        Raw::Grey(samples) => (Space::Grey, samples),
        Raw::Rgb(samples) => (Space::Rgb, samples),
        Raw::Cmyk(samples) => (Space::Cmyk, samples),
        Raw::Bilevel(_) => return Err(damaged("JPEG")),
    };
    // Where dictionary and JPEG disagree on the number of channels, the JPEG knows what it has.
    let space = space.filter(|s| s.channels() == found.channels()).unwrap_or(found);
    space::interpret(&space, samples, size, 8, decode)
}

/// ISO 32000-1 7.4.6. The bits that come out: 0 is black unless /BlackIs1.
fn fax(file: &File, data: &[u8], parameters: &Dict, (width, height): (u32, u32)) -> Result<Vec<u8>> {
    let k = file.get(parameters, "K")?.value.number().unwrap_or(0.0);
    let flag = |key: &str| -> Result<bool> { Ok(file.get(parameters, key)?.value == Value::Bool(true)) };
    let code = if k < 0.0 {
        Code::Group4
    } else if k > 0.0 {
        Code::Group3TwoD
    } else {
        Code::Group3
    };
    let columns = filter::number(file, parameters, "Columns")?.unwrap_or(1_728);
    if columns != u64::from(width) {
        return Err(kinds::SCAN_BROKEN.with("cause", Clause::new("why-pdf-fax")));
    }
    let byte_aligned = flag("EncodedByteAlign")?;
    let mut bits = ccitt::decode(data, &Fax { code, columns: width, rows: height, byte_aligned })?;
    if !flag("BlackIs1")? {
        bits.iter_mut().for_each(|byte| *byte = !*byte);
    }
    Ok(bits)
}

/// ISO 32000-1 7.4.7: black is 0 in what comes out, as in every other picture of single bits.
fn jbig2(file: &File, data: &[u8], parameters: &Dict, (width, height): (u32, u32)) -> Result<Vec<u8>> {
    let failed = |e: &dyn std::fmt::Display| {
        kinds::SCAN_BROKEN.with("cause", Clause::technical(format!("JBIG2: {e}")))
    };
    let settings = DecodeSettings { strict: true };
    let object: Object = file.get(parameters, "JBIG2Globals")?;
    let globals = match object.stream {
        Some(_) => {
            let bytes = filter::whole(file, &object, MAX_GLOBALS)?;
            Some(Globals::new(&bytes, &settings).map_err(|e| failed(&e))?)
        }
        None => None,
    };
    let page = Jbig2Page::new_embedded(data, globals.as_ref(), &settings).map_err(|e| failed(&e))?;
    if (page.width(), page.height()) != (width, height) {
        return Err(kinds::SCAN_BROKEN.with("cause", Clause::new("why-pdf-jbig2")));
    }
    let mut bits = Bits { bytes: Vec::new(), column: 0 };
    page.decode(&mut bits).map_err(|e| failed(&e))?;
    if bits.bytes.len() != (width as usize).div_ceil(8) * height as usize {
        return Err(kinds::SCAN_CUT.error());
    }
    Ok(bits.bytes.iter().map(|byte| !byte).collect())
}

/// Collects the rows that the JBIG2 decoder pushes, 1 is black.
struct Bits {
    bytes: Vec<u8>,
    column: usize,
}

impl Decoder for Bits {
    fn push_pixel(&mut self, black: bool) {
        if self.column.is_multiple_of(8) {
            self.bytes.push(0);
        }
        if let Some(last) = self.bytes.last_mut() {
            *last |= u8::from(black) << (7 - self.column % 8);
        }
        self.column += 1;
    }

    fn push_pixel_chunk(&mut self, black: bool, chunk_count: u32) {
        let count = chunk_count as usize;
        self.bytes.resize(self.bytes.len() + count, if black { 0xFF } else { 0 });
        self.column += count * 8;
    }

    fn next_line(&mut self) {
        self.column = 0;
    }
}

/// One byte a sample of rows that begin at whole bytes.
pub(super) fn unpacked(
    bytes: &[u8],
    width: usize,
    height: usize,
    channels: usize,
    bits: usize,
) -> Result<Vec<u8>> {
    let count = width * channels;
    let stride = (count * bits).div_ceil(8);
    if bytes.len() < stride * height {
        return Err(kinds::SCAN_CUT.error());
    }
    let rows = bytes.chunks(stride.max(1)).take(height);
    Ok(rows.flat_map(|row| codec::unpack_row(row, count, bits, true)).collect())
}

//! A page becomes layers: a lossless text mask over colour layers that keep stamp and ink.

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::scan::{Dpi, PageImage};

mod areas;
mod assembly;
mod bitonal;
mod choose;
mod guard;
mod ink;
mod jbig2;
mod raster;
mod reconstruct;
mod sample;
mod segment;
#[cfg(test)]
mod tests;
mod tone;

pub use guard::Fidelity;
pub use reconstruct::reconstruct;

/// How much fidelity is paid for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Smallest pages that are still honest.
    Small,
    /// The default.
    #[default]
    Normal,
    /// Closest to the paper.
    High,
}

/// Encoding of bilevel layers. Both are lossless; JBIG2 with symbols is forbidden (rule 3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaskCodec {
    /// ISO/IEC 14492 generic region.
    #[default]
    Jbig2Generic,
    /// ITU-T T.6.
    G4,
}

/// What the profile asks of the compressor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Fidelity class.
    pub class: Class,
    /// Encoding of bilevel layers.
    pub mask: MaskCodec,
    /// No layer that holds ink or text falls below this resolution.
    pub min_dpi: u32,
}

/// Encoded samples of a layer, as the PDF stream filter of the same name wants them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Encoded {
    /// DCTDecode; `components` is 1 (grey) or 3 (YCbCr in the file, RGB in PDF).
    Jpeg {
        /// 1 or 3.
        components: u8,
        /// The JPEG file.
        bytes: Vec<u8>,
    },
    /// DCTDecode of one component whose samples are places in a table of colours (/Indexed, ISO 32000-1 8.6.6.3): more or less
    /// of one ink. The table runs evenly from the ink to the paper, so that a reader may also mix neighbouring samples.
    Toned {
        /// Colours of the samples, sRGB; at most 256.
        palette: Vec<[u8; 3]>,
        /// The JPEG file.
        bytes: Vec<u8>,
    },
    /// JBIG2Decode, embedded organisation, no globals; 1 is black, so a plain image wants no /Decode, a stencil /Decode [1 0] is decided by the writer.
    Jbig2(Vec<u8>),
    /// CCITTFaxDecode with /K -1, /BlackIs1 false.
    G4(Vec<u8>),
    /// FlateDecode of raw 8 bit samples.
    Flate {
        /// 1 or 3.
        components: u8,
        /// zlib data.
        bytes: Vec<u8>,
    },
}

impl Encoded {
    /// Bytes of the stream.
    pub fn len(&self) -> usize {
        match self {
            Encoded::Jpeg { bytes, .. }
            | Encoded::Jbig2(bytes)
            | Encoded::G4(bytes)
            | Encoded::Flate { bytes, .. } => bytes.len(),
            Encoded::Toned { palette, bytes } => palette.len() * 3 + bytes.len(),
        }
    }

    /// Whether the stream is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What a layer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Paper tone.
    Background,
    /// A photograph, a screened print, or strokes too faint for the other layers.
    Picture,
    /// Coloured ink: stamp, signature, marker.
    Ink,
    /// Black text and lines.
    Text,
}

/// How a layer is painted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Paint {
    /// An image without transparency.
    Image(Encoded),
    /// A bilevel stencil (/ImageMask): its black pixels are painted in this sRGB colour.
    Stencil {
        /// Jbig2 or G4.
        mask: Encoded,
        /// Colour of the black pixels.
        rgb: [u8; 3],
    },
    /// A colour image seen through an explicit bilevel mask (/Mask, ISO 32000-1 8.9.6.3): painted where the mask is black.
    Masked {
        /// The colours.
        colour: Encoded,
        /// Jbig2 or G4.
        mask: Encoded,
        /// Size of the mask in pixels; it covers the same area as the colours.
        mask_size: (u32, u32),
    },
}

impl Paint {
    /// Bytes of its streams.
    pub fn len(&self) -> usize {
        match self {
            Paint::Image(stream) => stream.len(),
            Paint::Stencil { mask, .. } => mask.len(),
            Paint::Masked { colour, mask, .. } => colour.len() + mask.len(),
        }
    }

    /// Whether its streams are empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// One layer, painted in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// What it is for.
    pub role: Role,
    /// Width in samples.
    pub width: u32,
    /// Height in samples.
    pub height: u32,
    /// Left, top, width, height of the area that it covers, in pixels of the scan.
    pub area: [u32; 4],
    /// How it is painted.
    pub paint: Paint,
}

/// What was chosen for a layer and what it cost; kept with the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerRecord {
    /// What it is for.
    pub role: Role,
    /// `jbig2`, `g4`, `jpeg`, `tones` (a JPEG of one ink), `as_scanned` (the JPEG that came in), `flate`.
    pub codec: String,
    /// Effective resolution.
    pub dpi: u32,
    /// Bytes of its streams.
    pub bytes: usize,
}

/// A compressed page, ready for the PDF writer.
#[derive(Clone, Debug, PartialEq)]
pub struct PageLayers {
    /// Width of the scan in pixels.
    pub width: u32,
    /// Height of the scan in pixels.
    pub height: u32,
    /// Resolution of the scan.
    pub dpi: Dpi,
    /// Painted in order.
    pub layers: Vec<Layer>,
    /// What was chosen.
    pub records: Vec<LayerRecord>,
    /// How near the layers are to the scan.
    pub fidelity: Fidelity,
}

/// Compresses a page.
///
/// # Errors
/// A guard error when a stream does not decode to what went in.
pub fn page(image: &PageImage, dpi: Dpi, settings: &Settings) -> Result<PageLayers> {
    owned_page(image.clone(), dpi, settings)
}

/// As [`page`], for a caller who needs the samples no more: a page then stands in memory once and not twice.
///
/// # Errors
/// As [`page`].
pub fn owned_page(image: PageImage, dpi: Dpi, settings: &Settings) -> Result<PageLayers> {
    choose::page(image, dpi, settings, None)
}

/// As [`owned_page`]; `original` is the JPEG that the page came in, 1 or 3 components. Where it is smaller than the layers and
/// shows the very samples of the page, the page is that JPEG: no page becomes larger than it was scanned.
///
/// # Errors
/// As [`page`].
pub fn page_or_original(
    image: PageImage,
    dpi: Dpi,
    settings: &Settings,
    original: Option<(u8, Vec<u8>)>,
) -> Result<PageLayers> {
    let original = original.map(|(components, bytes)| Encoded::Jpeg { components, bytes });
    choose::page(image, dpi, settings, original)
}

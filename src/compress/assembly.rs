//! Layers are gathered in the order of painting; each is encoded, decoded back, and kept with what it shows.

use crate::error::Result;
use crate::scan::Dpi;

use super::raster::{Bits, Rgb};
use super::reconstruct::{Picture, Shown};
use super::tone::{self, Kept, Quality, Tint};
use super::{Encoded, Fidelity, Layer, LayerRecord, MaskCodec, PageLayers, Paint, Role, bitonal};

/// Layers of a page so far.
#[derive(Clone)]
pub(super) struct Assembly {
    page: PageLayers,
    shown: Vec<Shown>,
}

impl Assembly {
    pub fn new(width: usize, height: usize, dpi: Dpi) -> Self {
        let (width, height) = (side(width), side(height));
        let fidelity = Fidelity::default();
        let page = PageLayers { width, height, dpi, layers: Vec::new(), records: Vec::new(), fidelity };
        Self { page, shown: Vec::new() }
    }

    /// A colour image that covers an area.
    pub fn image(
        &mut self,
        role: Role,
        image: &Rgb,
        area: [usize; 4],
        quality: Quality,
        tint: Tint,
    ) -> Result<()> {
        let kept = tone::encode(image, quality, tint)?;
        let size = (image.width, image.height);
        self.add(role, size, area, Paint::Image(kept.stream), Picture::Image(kept.shows));
        Ok(())
    }

    /// The page in the stream that it came in.
    pub fn as_scanned(&mut self, stream: Encoded, shows: &Rgb) {
        let size = (shows.width, shows.height);
        let area = [0, 0, shows.width, shows.height];
        self.add(Role::Picture, size, area, Paint::Image(stream), Picture::Image(shows.clone()));
        self.page.records.iter_mut().for_each(|record| "as_scanned".clone_into(&mut record.codec));
    }

    /// Black pixels in one colour.
    pub fn stencil(&mut self, bits: &Bits, rgb: [u8; 3], codec: MaskCodec) -> Result<()> {
        let area = bits.bounds().unwrap_or([0, 0, bits.width, bits.height]);
        let bits = bits.crop(area);
        let mask = bitonal::encode(&bits, codec)?;
        let size = (bits.width, bits.height);
        self.add(Role::Text, size, area, Paint::Stencil { mask, rgb }, Picture::Stencil(bits, rgb));
        Ok(())
    }

    /// Ink that is seen where the mask, which covers the same area, is black.
    pub fn masked(&mut self, kept: Kept, mask: Bits, area: [usize; 4], codec: MaskCodec) -> Result<()> {
        let stream = bitonal::encode(&mask, codec)?;
        let mask_size = (side(mask.width), side(mask.height));
        let size = (kept.shows.width, kept.shows.height);
        let paint = Paint::Masked { colour: kept.stream, mask: stream, mask_size };
        self.add(Role::Ink, size, area, paint, Picture::Masked(kept.shows, mask));
        Ok(())
    }

    fn add(&mut self, role: Role, size: (usize, usize), area: [usize; 4], paint: Paint, what: Picture) {
        let dpi = (self.page.dpi.x * size.0 as f64 / area[2].max(1) as f64).round() as u32;
        let (codec, bytes) = (codec(&paint), paint.len());
        self.page.records.push(LayerRecord { role, codec: codec.to_owned(), dpi, bytes });
        let (width, height) = (side(size.0), side(size.1));
        self.page.layers.push(Layer { role, width, height, area: area.map(side), paint });
        self.shown.push(Shown { area, what });
    }

    /// The layers of another assembly on top of these.
    pub fn with(mut self, top: &Assembly) -> Self {
        self.page.layers.extend(top.page.layers.iter().cloned());
        self.page.records.extend(top.page.records.iter().cloned());
        self.shown.extend(top.shown.iter().cloned());
        self
    }

    /// What the layers show, in the order of painting.
    pub fn shown(&self) -> &[Shown] {
        &self.shown
    }

    pub fn done(mut self, fidelity: Fidelity) -> PageLayers {
        self.page.fidelity = fidelity;
        self.page
    }
}

fn side(pixels: usize) -> u32 {
    u32::try_from(pixels).unwrap_or(u32::MAX)
}

fn codec(paint: &Paint) -> &'static str {
    let (Paint::Image(stream) | Paint::Stencil { mask: stream, .. } | Paint::Masked { colour: stream, .. }) =
        paint;
    match stream {
        Encoded::Jbig2(_) => "jbig2",
        Encoded::G4(_) => "g4",
        Encoded::Jpeg { .. } => "jpeg",
        Encoded::Toned { .. } => "tones",
        Encoded::Flate { .. } => "flate",
    }
}

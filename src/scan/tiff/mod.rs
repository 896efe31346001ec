//! TIFF 6.0 and BigTIFF: strips and tiles, planes together or apart, none, PackBits, LZW, Deflate, JPEG, G3 and G4; bits,
//! grey, palette, RGB, CMYK and YCbCr of 1 to 16 bits; several pages of different kinds.
//!
//! The `tiff` crate reads the directories. Strips go to the decoders that the other formats use: the JPEG decoder that the
//! crate would bring is the one that silently mis-decodes non-interleaved scans, and its fax decoder fills what is missing.

use tiff::tags::Tag;

use crate::document::{Finding, Severity};
use crate::error::{Result, kinds};

use super::colour::{self, Meaning};
use super::turn::Turn;
use super::{Decoded, PageImage, Source};

mod directory;
mod layout;
mod old_jpeg;
mod photometric;
mod piece;

pub(super) use directory::{Place, places};

use directory::Tags;
use layout::Layout;

/// Compression schemes (TIFF 6.0 and its technical notes).
mod compression {
    pub const NONE: u64 = 1;
    pub const RLE: u64 = 2;
    pub const GROUP_3: u64 = 3;
    pub const GROUP_4: u64 = 4;
    pub const LZW: u64 = 5;
    pub const OLD_JPEG: u64 = 6;
    pub const JPEG: u64 = 7;
    pub const DEFLATE: u64 = 8;
    pub const PACK_BITS: u64 = 32_773;
    pub const OLD_DEFLATE: u64 = 32_946;
}

/// Decodes one page.
pub(super) fn decode(source: &Source, place: &Place) -> Result<Decoded> {
    let mut tags = Tags::open(source, *place)?;
    let layout = Layout::read(&mut tags)?;
    let (raw, see_through) = match layout.compression {
        compression::OLD_JPEG => (old_jpeg::decode(source, &mut tags, &layout)?, false),
        _ => {
            let tables = tags.bytes(Tag::JPEGTables)?;
            let canvas = piece::canvas(source, &layout, &tables)?;
            photometric::interpret(canvas, &layout)?
        }
    };
    let meaning =
        if layout.profile.is_empty() { Meaning::Unsaid } else { Meaning::Icc(layout.profile.clone()) };
    let (pixels, mut findings) = colour::to_srgb(raw, &meaning)?;
    if see_through {
        findings.push(colour::converted("alpha"));
    }
    let side = |n: usize| u32::try_from(n).map_err(|_| kinds::SCAN_TOO_LARGE.error());
    let image = PageImage { width: side(layout.width)?, height: side(layout.height)?, pixels }.checked()?;
    let turn = layout.turn;
    if turn != Turn::NONE {
        findings.push(Finding::new("exif_turned", None, Severity::Info).with("turn", turn.describe()));
    }
    // The resolution of an oriented TIFF counts along the stored rows and columns.
    let stated = layout.dpi.map(|(x, y)| if turn.swaps() { (y, x) } else { (x, y) });
    Ok(Decoded { image: turn.apply(image), stated, findings })
}

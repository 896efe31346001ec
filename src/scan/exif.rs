//! Resolution and orientation from EXIF: the first directory of a TIFF structure (TIFF 6.0 section 2).

/// XResolution, YResolution, ResolutionUnit.
const TAGS: [u16; 3] = [0x011A, 0x011B, 0x0128];
/// Entries of a directory that are looked at; cameras write about 20.
const MAX_ENTRIES: usize = 200;

/// Orientation.
const ORIENTATION: u16 = 0x0112;

/// Dots per inch, when the directory has them.
pub(super) fn dpi(tiff: &[u8]) -> Option<(f64, f64)> {
    let reader = Reader { bytes: tiff, big: tiff.starts_with(b"MM") };
    let rational = |tag: u16| -> Option<f64> {
        let at = usize::try_from(reader.u32(reader.entry(tag)?)?).ok()?;
        let (numerator, denominator) = (reader.u32(at)?, reader.u32(at.checked_add(4)?)?);
        (denominator != 0).then(|| f64::from(numerator) / f64::from(denominator))
    };
    let factor = match reader.entry(TAGS[2]).and_then(|at| reader.u16(at)) {
        Some(3) => 2.54,
        Some(1) => return None,
        _ => 1.0,
    };
    Some((rational(TAGS[0])? * factor, rational(TAGS[1])? * factor))
}

/// How the picture lies, when the directory says so.
pub(super) fn orientation(tiff: &[u8]) -> Option<u64> {
    let reader = Reader { bytes: tiff, big: tiff.starts_with(b"MM") };
    reader.u16(reader.entry(ORIENTATION)?).map(u64::from)
}

struct Reader<'a> {
    bytes: &'a [u8],
    big: bool,
}

impl Reader<'_> {
    /// Where the value of a tag stands.
    fn entry(&self, tag: u16) -> Option<usize> {
        let directory = usize::try_from(self.u32(4)?).ok()?;
        let count = usize::from(self.u16(directory)?).min(MAX_ENTRIES);
        let first = directory.checked_add(2)?;
        (0..count).map(|i| first + 12 * i).find(|at| self.u16(*at) == Some(tag)).map(|at| at + 8)
    }

    fn u16(&self, at: usize) -> Option<u16> {
        let two: [u8; 2] = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.big { u16::from_be_bytes(two) } else { u16::from_le_bytes(two) })
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let four: [u8; 4] = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.big { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) })
    }
}

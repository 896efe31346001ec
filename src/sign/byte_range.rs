//! /ByteRange and /Contents (ISO 32000-1 12.8.1): written with room first, patched in place once the file is complete.
//! Their places are known from writing them, never searched for: a search can be led astray by bytes of the document.

use crate::document::hex;
use crate::error::{Result, kinds};
use crate::pdf::append::Appended;
use crate::pdf::read::MAX_BASE;
use crate::sign::Digest;

/// Ten digits hold every offset of a file up to [`MAX_BASE`].
const DIGITS: usize = 10;
const _: () = assert!(MAX_BASE < 10_000_000_000);
/// `[0 a b c]` with three numbers of full width.
const RANGE_WIDTH: usize = "[0 ".len() + 3 * DIGITS + 2 + "]".len();

/// Where /ByteRange and /Contents stand, counted from the first byte of the dictionary or, after [`Slot::at`], of the file.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    dictionary_at: usize,
    range_at: usize,
    gap_start: usize,
    gap_end: usize,
}

/// Spells a signature dictionary: `entries` first (raw key and value pairs), then /ByteRange and /Contents with room for a
/// signature of `reserve` bytes.
pub fn dictionary(entries: &[u8], reserve: usize) -> (Vec<u8>, Slot) {
    let mut out = [b"<<".as_slice(), entries, b"/ByteRange"].concat();
    let range_at = out.len();
    out.resize(range_at + RANGE_WIDTH, b' ');
    out.extend_from_slice(b"/Contents");
    let gap_start = out.len();
    out.push(b'<');
    out.resize(out.len() + 2 * reserve, b'0');
    out.push(b'>');
    let gap_end = out.len();
    out.extend_from_slice(b">>");
    (out, Slot { dictionary_at: 0, range_at, gap_start, gap_end })
}

impl Slot {
    /// The same places in the file, where the dictionary starts at `offset`.
    pub fn at(self, offset: usize) -> Self {
        Self {
            dictionary_at: self.dictionary_at + offset,
            range_at: self.range_at + offset,
            gap_start: self.gap_start + offset,
            gap_end: self.gap_end + offset,
        }
    }

    /// First byte of the dictionary.
    pub fn dictionary_at(&self) -> usize {
        self.dictionary_at
    }

    /// First byte of the gap, and the first one behind it.
    pub fn gap(&self) -> (usize, usize) {
        (self.gap_start, self.gap_end)
    }

    /// Writes the /ByteRange that covers everything but the gap, and gives the digest of what it covers.
    ///
    /// # Errors
    /// An internal error only.
    pub fn seal_range(&self, file: &mut Appended, digest: Digest) -> Result<Vec<u8>> {
        let rest = file.bytes().len().saturating_sub(self.gap_end);
        let text = format!("[0 {} {} {rest}]", self.gap_start, self.gap_end);
        file.patch(self.range_at, format!("{text:<RANGE_WIDTH$}").as_bytes())?;
        Ok(file.digest_without(digest, self.gap_start, self.gap_end))
    }

    /// Writes the signature into the gap; what is left over stays zeros.
    ///
    /// # Errors
    /// An internal error when it does not fit.
    pub fn fill(&self, file: &mut Appended, signature: &[u8]) -> Result<()> {
        if 2 * signature.len() + 2 > self.gap_end.saturating_sub(self.gap_start) {
            return Err(kinds::INTERNAL.with("cause", "the signature is longer than its reserve"));
        }
        file.patch(self.gap_start + 1, hex(signature).as_bytes())
    }
}

//! Does a signature cover what it seems to cover (ISO 32000-1 12.8.1)? /ByteRange and /Contents are read from the bytes at the
//! place of this very dictionary, never searched for, and the range ends exactly where a revision ends.

use std::ops::Range;

use super::history::{Code, Revision};
use crate::pdf::raw;

/// Largest signature container, bytes.
const MAX_CONTAINER: usize = 1 << 20;

/// What a signature covers.
#[derive(Clone, Debug)]
pub struct Place {
    /// The gap: its own /Contents with the brackets.
    pub gap: Range<usize>,
    /// The end of what is covered.
    pub end: usize,
    /// The revision, counted from 0, that it closes.
    pub revision: usize,
}

/// Checks the dictionary at `at`.
///
/// # Errors
/// `byte_range_forged`, `signature_wrapped`.
pub fn place(bytes: &[u8], revisions: &[Revision], at: usize) -> Result<Place, Code> {
    let forged: Code = "byte_range_forged";
    let range = raw::entry_range(bytes, at, b"ByteRange").and_then(|range| bytes.get(range)).ok_or(forged)?;
    let numbers = raw::array(range).ok_or(forged)?;
    let numbers: Vec<usize> = numbers.iter().filter_map(|item| whole(item)).collect();
    let (&[0, start, end, rest], 4) = (numbers.as_slice(), raw::array(range).map_or(0, |items| items.len()))
    else {
        return Err(forged);
    };
    let covered = end.checked_add(rest).filter(|covered| *covered <= bytes.len()).ok_or(forged)?;
    let gap = raw::entry_range(bytes, at, b"Contents").ok_or(forged)?;
    if gap != (start..end) {
        return Err("signature_wrapped");
    }
    let revision = revisions.iter().position(|revision| closes(bytes, revision, covered)).ok_or(forged)?;
    let before = revision.checked_sub(1).and_then(|index| revisions.get(index)).map_or(0, |r| r.eof);
    if at < before || gap.end > revisions.get(revision).map_or(0, |r| r.eof) {
        return Err("signature_wrapped");
    }
    Ok(Place { gap, end: covered, revision })
}

/// Digits and nothing else: no sign, no reference.
fn whole(item: &[u8]) -> Option<usize> {
    item.iter().all(u8::is_ascii_digit).then(|| std::str::from_utf8(item).ok()?.parse().ok())?
}

/// Whether a range that ends at `covered` ends with this revision: behind its %%EOF and white space, before anything else.
fn closes(bytes: &[u8], revision: &Revision, covered: usize) -> bool {
    bytes.get(revision.eof..covered).is_some_and(|tail| tail.iter().all(|byte| raw::is_space(*byte)))
}

/// The container in a gap: one hex string, DER, and behind it nothing but zeros.
///
/// # Errors
/// `signature_wrapped` when the gap is no hex string, `container_unreadable`, `container_padding`.
pub fn container(gap: &[u8]) -> Result<Vec<u8>, Code> {
    let digits = gap.strip_prefix(b"<").and_then(|gap| gap.strip_suffix(b">")).ok_or("signature_wrapped")?;
    if digits.len() % 2 != 0 || digits.len() > 2 * MAX_CONTAINER {
        return Err("container_unreadable");
    }
    let mut out = Vec::with_capacity(digits.len() / 2);
    for pair in digits.as_chunks::<2>().0 {
        let [high, low] = pair.map(raw::hex_digit);
        let (Some(high), Some(low)) = (high, low) else { return Err("signature_wrapped") };
        out.push(high << 4 | low);
    }
    let (container, padding) = super::tlv::first(&out).ok_or("container_unreadable")?;
    if padding.iter().any(|byte| *byte != 0) {
        return Err("container_padding");
    }
    let length = container.whole.len();
    out.truncate(length);
    Ok(out)
}

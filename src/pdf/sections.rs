//! The chain of cross-reference sections (ISO 32000-1 7.5.4 to 7.5.8), read as it is written and never repaired: what is
//! appended has to continue the very chain that every other reader follows.

use std::collections::BTreeSet;

use crate::error::{Error, Result, kinds};
use crate::pdf::raw::{self, RawDict};

/// Most revisions that are followed; a hundred signatures are far below.
const MAX_SECTIONS: usize = 1_000;
/// `startxref` stands in the last bytes (ISO 32000-1 Annex H, implementation note 18: 1,024).
const TAIL: usize = 1_024;

/// How a cross-reference section is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XrefForm {
    /// A table and a trailer (7.5.4).
    Table,
    /// A cross-reference stream (7.5.8).
    Stream,
}

/// What the newest section says, and what all of them are checked for.
#[derive(Debug)]
pub struct Chain<'a> {
    /// Form of the newest section.
    pub form: XrefForm,
    /// Its offset.
    pub startxref: usize,
    /// Its trailer.
    pub trailer: RawDict<'a>,
    /// Smallest object number that no section uses.
    pub size: usize,
}

/// Refusal of a base whose structure does not hold.
pub fn damaged(detail: &str) -> Error {
    kinds::BASE_DAMAGED.with("detail", detail)
}

/// Follows the chain from the end of the file.
///
/// # Errors
/// [`kinds::BASE_TRAILING_DATA`], [`kinds::BASE_ENCRYPTED`], [`kinds::BASE_HYBRID`], else [`kinds::BASE_DAMAGED`].
pub fn follow(bytes: &[u8]) -> Result<Chain<'_>> {
    let startxref = start(bytes)?;
    let (form, trailer) = section(bytes, startxref)?;
    let mut chain = Chain { form, startxref, trailer: trailer.clone(), size: 0 };
    let mut seen = BTreeSet::new();
    let mut next = Some((startxref, trailer));
    while let Some((offset, trailer)) = next {
        if !seen.insert(offset) || seen.len() > MAX_SECTIONS {
            return Err(damaged("/Prev"));
        }
        refuse_kind_of_file(&trailer)?;
        chain.size = chain.size.max(trailer.integer("Size").ok_or_else(|| damaged("/Size"))?);
        next = previous(bytes, &trailer)?;
    }
    Ok(chain)
}

fn refuse_kind_of_file(trailer: &RawDict) -> Result<()> {
    if trailer.get("Encrypt").is_some() {
        return Err(kinds::BASE_ENCRYPTED.error());
    }
    if trailer.get("XRefStm").is_some() {
        return Err(kinds::BASE_HYBRID.error());
    }
    Ok(())
}

fn previous<'a>(bytes: &'a [u8], trailer: &RawDict) -> Result<Option<(usize, RawDict<'a>)>> {
    if trailer.get("Prev").is_none() {
        return Ok(None);
    }
    let offset = trailer.integer("Prev").ok_or_else(|| damaged("/Prev"))?;
    Ok(Some((offset, section(bytes, offset)?.1)))
}

/// The offset that the last `startxref` names. Behind its `%%EOF` there may only be white space.
///
/// # Errors
/// [`kinds::BASE_TRAILING_DATA`], [`kinds::BASE_DAMAGED`].
pub(super) fn start(bytes: &[u8]) -> Result<usize> {
    let end = bytes
        .iter()
        .rposition(|b| !matches!(b, b' ' | b'\t' | b'\r' | b'\n' | 0 | 0x0C))
        .map_or(0, |at| at + 1);
    let tail_start = end.saturating_sub(TAIL);
    let tail = bytes.get(tail_start..end).unwrap_or_default();
    if !tail.ends_with(b"%%EOF") {
        let inside = tail.windows(5).any(|w| w == b"%%EOF");
        return Err(if inside { kinds::BASE_TRAILING_DATA.error() } else { damaged("%%EOF") });
    }
    let at = tail.windows(9).rposition(|w| w == b"startxref").ok_or_else(|| damaged("startxref"))?;
    let (offset, behind) = raw::integer(tail, at + 9).ok_or_else(|| damaged("startxref"))?;
    // skip_space takes %%EOF for the comment that it is; anything else between is not ours to interpret.
    if raw::skip_space(tail, behind) != tail.len() {
        return Err(damaged("startxref"));
    }
    Ok(offset)
}

/// Form and trailer of the section at `offset`.
fn section(bytes: &[u8], offset: usize) -> Result<(XrefForm, RawDict<'_>)> {
    match raw::keyword(bytes, offset, b"xref") {
        Some(at) => Ok((XrefForm::Table, table_trailer(bytes, at)?)),
        None => Ok((XrefForm::Stream, stream_trailer(bytes, offset)?)),
    }
}

fn table_trailer(bytes: &[u8], mut at: usize) -> Result<RawDict<'_>> {
    loop {
        if let Some(behind) = raw::keyword(bytes, at, b"trailer") {
            let dictionary = bytes.get(raw::skip_space(bytes, behind)..).unwrap_or_default();
            return RawDict::parse(dictionary).ok_or_else(|| damaged("trailer"));
        }
        at = subsection_end(bytes, at).ok_or_else(|| damaged("xref"))?;
    }
}

/// The position behind a subsection: `start count`, then `count` entries `offset generation n|f`.
fn subsection_end(bytes: &[u8], at: usize) -> Option<usize> {
    let (_, at) = raw::integer(bytes, at)?;
    let (count, mut at) = raw::integer(bytes, at)?;
    for _ in 0..count {
        let (_, behind) = raw::integer(bytes, at)?;
        let (_, behind) = raw::integer(bytes, behind)?;
        at = raw::keyword(bytes, behind, b"n").or_else(|| raw::keyword(bytes, behind, b"f"))?;
    }
    Some(at)
}

fn stream_trailer(bytes: &[u8], offset: usize) -> Result<RawDict<'_>> {
    let dictionary = raw::object_header(bytes, offset)
        .and_then(|(_, _, at)| RawDict::parse(bytes.get(raw::skip_space(bytes, at)..)?))
        .ok_or_else(|| damaged("startxref"))?;
    match dictionary.get("Type") {
        Some(b"/XRef") => Ok(dictionary),
        _ => Err(damaged("startxref")),
    }
}

//! Bytes that no list names. What comes after a signature consists of objects that the cross-reference section of their revision
//! lists at this very place, of white space and of short comments; anything else could be shown by a reader that searches for
//! objects instead of looking them up, or be a whole revision that /Prev passes over, with the seal in it.

use std::ops::Range;

use memchr::memmem;

use super::history::{Code, Entry, Revision, closing};
use super::snapshot::Snapshot;
use crate::pdf::raw;

/// Bytes that no list names.
pub const HIDDEN_BYTES: Code = "hidden_bytes";
/// A revision that no newer one leads to.
pub const HIDDEN_REVISION: Code = "hidden_revision";
/// Longest comment between objects, bytes: the name of a program.
const MAX_COMMENT: usize = 256;

/// What is wrong with the bytes of a revision that came after a signature.
pub fn later(bytes: &[u8], before: usize, revision: &Revision, snapshot: &Snapshot) -> Option<Code> {
    let mut at = before;
    while at < revision.section {
        let byte = bytes.get(at).copied()?;
        at = match byte {
            byte if raw::is_space(byte) => at + 1,
            b'%' => match comment(bytes, at) {
                Some(behind) => behind,
                None => return Some(refusal(bytes, before..revision.section, revision)),
            },
            _ => match listed(bytes, at, revision, snapshot) {
                Some(behind) if behind <= revision.section => behind,
                _ => return Some(refusal(bytes, before..revision.section, revision)),
            },
        };
    }
    None
}

/// The position behind a comment of a line that holds nothing but printable characters.
fn comment(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?;
    let length = rest.iter().take(MAX_COMMENT).position(|b| matches!(b, b'\r' | b'\n'))?;
    let line = rest.get(..length)?;
    // The mark of four high bytes that follows a header may be repeated by programs that write whole files.
    let plain = line.iter().all(|b| !b.is_ascii_control() || *b == b'\t');
    (plain && !line.starts_with(b"%%EOF")).then_some(at + length)
}

/// The position behind the object at `at`, where the revision lists it there; some programs count the line end before it.
fn listed(bytes: &[u8], at: usize, revision: &Revision, snapshot: &Snapshot) -> Option<usize> {
    let (number, generation, behind) = snapshot.span(at)?;
    let Some(Entry::Used { offset, generation: stated }) = revision.entries.get(&number) else { return None };
    let there = bytes.get(*offset..at)?.iter().all(|byte| raw::is_space(*byte));
    (*stated == generation && there).then_some(behind)
}

fn refusal(bytes: &[u8], range: Range<usize>, revision: &Revision) -> Code {
    if closes_inside(bytes, range, revision) { HIDDEN_REVISION } else { HIDDEN_BYTES }
}

/// Whether a `startxref N %%EOF` that is none of this revision's own stands in a part of the file.
fn closes_inside(bytes: &[u8], range: Range<usize>, revision: &Revision) -> bool {
    let Some(part) = bytes.get(range.clone()) else { return false };
    memmem::find_iter(part, b"startxref").any(|found| {
        let closed = closing(bytes, range.start + found);
        closed.is_some_and(|(_, eof)| eof <= range.end && !revision.eofs.contains(&eof))
    })
}

/// Whether a revision up to the first signature hides another one between its objects. What the first signer signed may hold
/// leftovers of careless programs, but no end of a revision of its own.
pub fn hides(bytes: &[u8], before: usize, revision: &Revision, snapshot: &Snapshot) -> bool {
    let whole = before..revision.eof;
    // Without a second end anywhere there is nothing to hide.
    if !closes_inside(bytes, whole.clone(), revision) {
        return false;
    }
    let mut offsets: Vec<usize> = revision
        .entries
        .values()
        .filter_map(|entry| match entry {
            Entry::Used { offset, .. } if whole.contains(offset) => Some(*offset),
            _ => None,
        })
        .collect();
    offsets.sort_unstable();
    let mut at = before;
    for offset in offsets {
        if offset >= at && closes_inside(bytes, at..offset, revision) {
            return true;
        }
        at = snapshot.span(offset).map_or(offset, |(_, _, behind)| behind).max(at);
    }
    closes_inside(bytes, at..revision.eof.max(at), revision)
}

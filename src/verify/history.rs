//! The revisions of a file (ISO 32000-1 7.5.4 to 7.5.8), read as they are written and never repaired. Each one is a
//! cross-reference section followed by its own `startxref` and `%%EOF`; a file in which a reader would have to guess is refused,
//! because two readers may guess in two ways, and a signature must not depend on the reader.

use std::collections::BTreeMap;
use std::rc::Rc;

use lopdf::{Dictionary, Object, Stream};

use super::value::{Dict, Fault, Value};
use crate::pdf::raw;

/// Most revisions that are followed; signatures on one document are a handful.
const MAX_REVISIONS: usize = 400;
/// Largest object number (ISO 19005-2 6.1.13).
const MAX_NUMBER: usize = 8_388_607;
/// All decompressed cross-reference streams together, bytes, and all entries of all sections: a few kilobytes must not unfold
/// into gigabytes.
const MAX_STREAMS: usize = 32 << 20;
const MAX_ENTRIES: usize = 400_000;

/// Reason code of a structure that is refused, see [`super::reasons`].
pub type Code = &'static str;
/// What does not follow the rules of the format.
pub const DAMAGED: Code = "structure_damaged";

/// Where an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Nowhere.
    Free,
    /// At an offset.
    Used {
        /// Offset of its header.
        offset: usize,
        /// Its generation.
        generation: u16,
    },
    /// In an object stream.
    Packed {
        /// Number of the stream.
        container: u32,
        /// Place in it.
        index: usize,
    },
}

impl Entry {
    /// The generation that a reference has to name; objects in streams have none but 0 (7.5.7).
    pub fn generation(self) -> u16 {
        if let Self::Used { generation, .. } = self { generation } else { 0 }
    }
}

/// One revision.
#[derive(Clone, Debug)]
pub struct Revision {
    /// What it says about objects, beside what earlier ones say.
    pub entries: BTreeMap<u32, Entry>,
    /// Its trailer.
    pub trailer: Dict,
    /// Offset of its cross-reference section.
    pub section: usize,
    /// Positions behind every `%%EOF` that belongs to it: a linearized file has one near its start and one at its end.
    pub eofs: Vec<usize>,
    /// The position behind its last `%%EOF`.
    pub eof: usize,
    /// The same, or one end of line later.
    pub end: usize,
}

/// A cross-reference section with what closes it.
struct Section {
    offset: usize,
    entries: BTreeMap<u32, Entry>,
    trailer: Dict,
    startxref: usize,
    eofs: Vec<usize>,
    eof: usize,
}

/// The revisions, oldest first.
///
/// # Errors
/// `structure_damaged`, `hybrid_file`, `encrypted_file`, `duplicate_key`.
pub fn read(bytes: &[u8]) -> Result<Vec<Revision>, Code> {
    if !bytes.starts_with(b"%PDF-") {
        return Err(DAMAGED);
    }
    let start = bytes.windows(9).rposition(|w| w == b"startxref").ok_or(DAMAGED)?;
    let (newest, _) = closing(bytes, start).ok_or(DAMAGED)?;
    let mut sections: Vec<Section> = Vec::new();
    let mut budget = MAX_STREAMS;
    let mut entries = 0;
    let mut next = Some(newest);
    while let Some(offset) = next {
        let section = section(bytes, offset, &mut budget)?;
        // Each one lies in front of the newer one; only the main section of a linearized file does not, and it is the last.
        let previous = section.trailer.get(b"Prev".as_slice());
        let main = |newer: &Section| section.startxref == newer.offset && previous.is_none();
        let ordered = sections.last().is_none_or(|newer| section.eof <= newer.offset || main(newer));
        entries += section.entries.len();
        if !ordered || sections.len() >= MAX_REVISIONS || entries > MAX_ENTRIES {
            return Err(DAMAGED);
        }
        next = match previous {
            None => None,
            Some(previous) => Some(previous.integer().and_then(|p| usize::try_from(p).ok()).ok_or(DAMAGED)?),
        };
        sections.push(section);
    }
    sections.reverse();
    order(merge_linearized(sections), bytes)
}

/// In a linearized file (Annex F) the oldest two sections are one revision: the first page's stands near the start of the file
/// and points forward, and the end of the file points at it.
fn merge_linearized(mut sections: Vec<Section>) -> Vec<Section> {
    let pair = match &sections[..] {
        [main, first, ..] => first.offset < main.offset && main.startxref == first.offset,
        _ => false,
    };
    if pair {
        let main = sections.remove(0);
        if let Some(first) = sections.first_mut() {
            let mut entries = main.entries;
            entries.append(&mut first.entries);
            first.entries = entries;
            first.eofs.extend(main.eofs);
            (first.startxref, first.eof) = (main.startxref, main.eof);
        }
    }
    sections
}

/// Every revision lies behind the one before it and is closed by a pointer to itself, and what it lists lies in it or before it.
fn order(sections: Vec<Section>, bytes: &[u8]) -> Result<Vec<Revision>, Code> {
    let mut out: Vec<Revision> = Vec::with_capacity(sections.len());
    let mut size = 0;
    for section in sections {
        let before = out.last().map_or(0, |revision| revision.eof);
        let inside = section.entries.values().all(|entry| match entry {
            Entry::Used { offset, .. } => *offset < section.eof,
            _ => true,
        });
        // An object above /Size does not exist for a strict reader (Table 15). Careless producers are forgiven in the first
        // revision, where nothing is signed yet.
        let stated = section.trailer.get(b"Size".as_slice()).and_then(Value::integer).unwrap_or(-1);
        let above = section.entries.keys().next_back().is_some_and(|number| i64::from(*number) >= stated);
        let shrunk = !out.is_empty() && (above || stated < size);
        size = size.max(stated);
        let placed = section.startxref == section.offset && section.offset >= before && section.eof > before;
        if !placed || !inside || shrunk || stated < 0 {
            return Err(DAMAGED);
        }
        let end = section.eof + end_of_line(bytes, section.eof);
        out.push(Revision {
            entries: section.entries,
            trailer: section.trailer,
            section: section.offset,
            eofs: section.eofs,
            eof: section.eof,
            end,
        });
    }
    Ok(out)
}

/// Length of the end of line at `at`.
fn end_of_line(bytes: &[u8], at: usize) -> usize {
    match (bytes.get(at), bytes.get(at + 1)) {
        (Some(b'\r'), Some(b'\n')) => 2,
        (Some(b'\r' | b'\n'), _) => 1,
        _ => 0,
    }
}

fn white(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).copied().is_some_and(raw::is_space) {
        at += 1;
    }
    at
}

/// Reads `startxref N %%EOF` and gives N and the position behind it. Comments may stand before it: some signing programs put
/// their name there.
pub fn closing(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let at = raw::skip_space(bytes, at);
    let at = bytes.get(at..)?.starts_with(b"startxref").then_some(at + 9)?;
    let (offset, at) = raw::integer(bytes, white(bytes, at))?;
    let at = white(bytes, at);
    bytes.get(at..)?.starts_with(b"%%EOF").then_some((offset, at + 5))
}

fn section(bytes: &[u8], offset: usize, budget: &mut usize) -> Result<Section, Code> {
    let (entries, trailer, at) = match raw::keyword(bytes, offset, b"xref") {
        Some(at) => table(bytes, at)?,
        None => stream(bytes, offset, budget)?,
    };
    if trailer.contains_key(b"Encrypt".as_slice()) {
        return Err("encrypted_file");
    }
    if trailer.contains_key(b"XRefStm".as_slice()) {
        return Err("hybrid_file");
    }
    // Only the first page's section of a linearized file may stand without an end of its own; see `order`.
    let (startxref, eof) = closing(bytes, at).unwrap_or((usize::MAX, at));
    Ok(Section { offset, entries, trailer, startxref, eofs: vec![eof], eof })
}

/// The dictionary at `at`, and the position behind it.
pub fn dictionary(bytes: &[u8], at: usize) -> Result<(Dict, usize), Code> {
    let at = raw::skip_space(bytes, at);
    let spelled = raw::value(bytes, at).ok_or(DAMAGED)?;
    match Value::parse(spelled) {
        Ok(Value::Dict(dict)) => Ok((Rc::unwrap_or_clone(dict), at + spelled.len())),
        Err(Fault::Twice) => Err("duplicate_key"),
        _ => Err(DAMAGED),
    }
}

type Read = (BTreeMap<u32, Entry>, Dict, usize);

fn table(bytes: &[u8], mut at: usize) -> Result<Read, Code> {
    let mut entries = BTreeMap::new();
    loop {
        if let Some(behind) = raw::keyword(bytes, at, b"trailer") {
            let (trailer, at) = dictionary(bytes, behind)?;
            return Ok((entries, trailer, at));
        }
        at = subsection(bytes, at, &mut entries).ok_or(DAMAGED)?;
    }
}

/// `first count`, then `count` lines `offset generation n|f`.
fn subsection(bytes: &[u8], at: usize, entries: &mut BTreeMap<u32, Entry>) -> Option<usize> {
    let (first, at) = raw::integer(bytes, at)?;
    let (count, mut at) = raw::integer(bytes, at)?;
    for number in first..first.checked_add(count).filter(|end| *end <= MAX_NUMBER && count <= MAX_ENTRIES)? {
        let (offset, behind) = raw::integer(bytes, at)?;
        let (generation, behind) = raw::integer(bytes, behind)?;
        let (word, behind) = raw::word(bytes, raw::skip_space(bytes, behind));
        let entry = match word {
            b"n" => Entry::Used { offset, generation: u16::try_from(generation).ok()? },
            b"f" => Entry::Free,
            _ => return None,
        };
        if entries.insert(u32::try_from(number).ok()?, entry).is_some() {
            return None;
        }
        at = behind;
    }
    Some(at)
}

fn stream(bytes: &[u8], offset: usize, budget: &mut usize) -> Result<Read, Code> {
    let (_, _, at) = raw::object_header(bytes, offset).ok_or(DAMAGED)?;
    let (trailer, at) = dictionary(bytes, at)?;
    let get = |key: &str| trailer.get(key.as_bytes());
    if get("Type").and_then(Value::name) != Some(b"XRef") {
        return Err(DAMAGED);
    }
    // Its length has to be direct: nothing can be looked up before this very table is read.
    let length =
        get("Length").and_then(Value::integer).and_then(|n| usize::try_from(n).ok()).ok_or(DAMAGED)?;
    let (content, behind) = stream_content(bytes, at, length).ok_or(DAMAGED)?;
    let at = raw::keyword(bytes, behind, b"endobj").ok_or(DAMAGED)?;
    let rows = decode(&trailer, content, *budget)?;
    *budget = budget.saturating_sub(rows.len());
    let entries = rows_of(&trailer, &rows).ok_or(DAMAGED)?;
    Ok((entries, trailer, at))
}

/// The content of a stream whose keyword stands at `at`, and the position behind `endstream`.
pub fn stream_content(bytes: &[u8], at: usize, length: usize) -> Option<(&[u8], usize)> {
    let at = raw::keyword(bytes, at, b"stream")?;
    let start = match (bytes.get(at), bytes.get(at + 1)) {
        (Some(b'\r'), Some(b'\n')) => at + 2,
        (Some(b'\n'), _) => at + 1,
        _ => return None,
    };
    let end = start.checked_add(length)?;
    let content = bytes.get(start..end)?;
    let behind = white(bytes, end);
    bytes.get(behind..)?.starts_with(b"endstream").then_some((content, behind + 9))
}

/// Decodes a structural stream: stored or Flate with its predictors, nothing else.
pub fn decode(dict: &Dict, content: &[u8], limit: usize) -> Result<Vec<u8>, Code> {
    let one = |value: Option<&Value>| match value {
        Some(Value::Array(items)) if items.len() > 1 => Err(DAMAGED),
        Some(Value::Array(items)) => Ok(items.first().cloned()),
        other => Ok(other.cloned()),
    };
    let filter = one(dict.get(b"Filter".as_slice()))?;
    let Some(filter) = filter else { return Ok(content.to_vec()) };
    if filter.name() != Some(b"FlateDecode") {
        return Err(DAMAGED);
    }
    let mut out = Dictionary::new();
    out.set("Filter", Object::Name(b"FlateDecode".to_vec()));
    if let Some(Value::Dict(parameters)) = one(dict.get(b"DecodeParms".as_slice()))? {
        let mut numbers = Dictionary::new();
        for (key, value) in parameters.iter() {
            numbers.set(
                key.clone(),
                Object::Integer(value.integer().filter(|n| (0..=65_535).contains(n)).ok_or(DAMAGED)?),
            );
        }
        out.set("DecodeParms", Object::Dictionary(numbers));
    }
    Stream::new(out, content.to_vec()).decompressed_content_with_limit(limit).map_err(|_| DAMAGED)
}

/// The rows of a cross-reference stream (7.5.8.3).
fn rows_of(trailer: &Dict, rows: &[u8]) -> Option<BTreeMap<u32, Entry>> {
    let numbers = |key: &str| -> Option<Vec<usize>> {
        let items = trailer.get(key.as_bytes())?.array()?;
        items.iter().map(|item| usize::try_from(item.integer()?).ok()).collect()
    };
    let widths = numbers("W")?;
    let &[kind, second, third] = widths.as_slice() else { return None };
    if kind > 2 || second > 8 || third > 8 || kind + second + third == 0 {
        return None;
    }
    let size = usize::try_from(trailer.get(b"Size".as_slice())?.integer()?).ok()?;
    let index = if trailer.contains_key(b"Index".as_slice()) { numbers("Index")? } else { vec![0, size] };
    let mut rows = rows.chunks_exact(kind + second + third);
    let mut entries = BTreeMap::new();
    for pair in index.as_chunks::<2>().0 {
        let [first, count] = *pair;
        for number in
            first..first.checked_add(count).filter(|end| *end <= MAX_NUMBER && count <= MAX_ENTRIES)?
        {
            let row = rows.next()?;
            let (kind_bytes, rest) = row.split_at_checked(kind)?;
            let (second, third) = rest.split_at_checked(second)?;
            let kind = if kind_bytes.is_empty() { 1 } else { big_endian(kind_bytes)? };
            let entry = match kind {
                0 => Entry::Free,
                1 => Entry::Used {
                    offset: big_endian(second)?,
                    generation: u16::try_from(big_endian(third)?).ok()?,
                },
                2 => Entry::Packed {
                    container: u32::try_from(big_endian(second)?).ok()?,
                    index: big_endian(third)?,
                },
                _ => return None,
            };
            if entries.insert(u32::try_from(number).ok()?, entry).is_some() {
                return None;
            }
        }
    }
    Some(entries)
}

fn big_endian(bytes: &[u8]) -> Option<usize> {
    let number = bytes.iter().try_fold(0_u64, |n, b| n.checked_mul(256).map(|n| n + u64::from(*b)))?;
    usize::try_from(number).ok()
}

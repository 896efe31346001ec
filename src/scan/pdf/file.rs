//! Objects of a PDF, read where they lie (ISO 32000-1 7.5): cross-reference tables and streams, object streams. Nothing of
//! the file is held but the places of its objects, so that two gigabytes of scans cost no more than two megabytes.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex};

use crate::error::{Clause, Error, Result, kinds};
use crate::pdf::raw;

use super::super::Source;
use super::filter;
use super::value::{Dict, Parser, Value};

/// Most objects (our limit): 2,000 pages of hundred strips each.
const MAX_OBJECTS: usize = 400_000;
/// Bytes read at first for an object, and the most that one may have without its stream.
const WINDOW: u64 = 4 << 10;
const MAX_OBJECT: u64 = 16 << 20;
/// Decompressed bytes of a cross-reference or object stream.
const MAX_STREAM: usize = 32 << 20;
/// Sections of the cross-reference chain.
const MAX_SECTIONS: usize = 1_000;
/// Where the end of the file is looked for `startxref` (ISO 32000-1 Annex H, note 18).
const TAIL: u64 = 1_024;
/// References that are followed from one to the next.
const MAX_HOPS: usize = 16;
/// Object streams that stay unpacked.
const CACHED: usize = 8;

/// Where an object is.
#[derive(Clone, Copy, Debug)]
enum Entry {
    At(u64),
    In { stream: u32, index: usize },
}

/// An object; of a stream also where its bytes lie.
#[derive(Clone, Debug)]
pub(super) struct Object {
    pub value: Value,
    pub stream: Option<(u64, u64)>,
}

impl Object {
    pub fn dict(&self) -> Option<&Dict> {
        self.value.dict()
    }
}

type Unpacked = Arc<Vec<(u32, Value)>>;
/// Numbers of objects and their places; free ones have none.
type Entries = Vec<(u32, Option<Entry>)>;

/// An opened PDF.
#[derive(Debug)]
pub(super) struct File {
    pub source: Source,
    entries: HashMap<u32, Option<Entry>>,
    pub trailer: Dict,
    unpacked: Mutex<VecDeque<(u32, Unpacked)>>,
}

/// A structure that is not as it has to be.
pub(super) fn damaged(what: &str) -> Error {
    kinds::SCAN_BROKEN.with("cause", Clause::new("why-pdf-part").with("technical", what))
}

impl File {
    /// Reads the cross-reference chain.
    ///
    /// # Errors
    /// [`kinds::PDF_ENCRYPTED`], [`kinds::SCAN_CUT`] without an end, [`kinds::SCAN_BROKEN`].
    pub fn open(source: Source) -> Result<Self> {
        let start = startxref(&source)?;
        let mut file =
            Self { source, entries: HashMap::new(), trailer: Dict::default(), unpacked: Mutex::default() };
        let mut seen = HashSet::new();
        let mut waiting = vec![start];
        while let Some(offset) = waiting.pop() {
            if !seen.insert(offset) || seen.len() > MAX_SECTIONS {
                return Err(damaged("cross-references in a circle"));
            }
            let trailer = file.section(offset)?;
            // Of a hybrid file the stream is read before the older sections.
            waiting.extend(trailer.get("Prev").and_then(Value::whole));
            waiting.extend(trailer.get("XRefStm").and_then(Value::whole));
            if file.trailer.0.is_empty() {
                file.trailer = trailer;
            }
        }
        match file.trailer.get("Encrypt") {
            None | Some(Value::Null) => Ok(file),
            Some(_) => Err(kinds::PDF_ENCRYPTED.error()),
        }
    }

    /// One section; entries that a newer one has set stay.
    fn section(&mut self, offset: u64) -> Result<Dict> {
        let start = self.source.up_to(offset, 64)?;
        match raw::keyword(&start, 0, b"xref") {
            Some(_) => self.table(offset),
            None => self.xref_stream(offset),
        }
    }

    fn table(&mut self, offset: u64) -> Result<Dict> {
        let mut size = WINDOW;
        loop {
            let bytes = self.source.up_to(offset, size)?;
            let whole = bytes.len() as u64 == self.source.len().saturating_sub(offset);
            match parse_table(&bytes) {
                Some((entries, trailer)) => {
                    entries.into_iter().try_for_each(|(number, entry)| self.add(number, entry))?;
                    return Ok(trailer);
                }
                None if whole || size > MAX_OBJECT => return Err(damaged("cross-reference table")),
                None => size *= 4,
            }
        }
    }

    fn xref_stream(&mut self, offset: u64) -> Result<Dict> {
        let object = self.object_at(offset, None)?;
        let dict = object.dict().cloned().ok_or_else(|| damaged("cross-reference stream"))?;
        let data = filter::whole(self, &object, MAX_STREAM)?;
        let numbers = |key: &str| -> Vec<usize> {
            let items = dict.get(key).and_then(Value::array).unwrap_or_default();
            items.iter().filter_map(|v| usize::try_from(v.whole()?).ok()).collect()
        };
        let widths = numbers("W");
        let &[a, b, c] = &widths[..] else { return Err(damaged("cross-reference stream")) };
        if a > 8 || b > 8 || c > 8 || a + b + c == 0 {
            return Err(damaged("cross-reference stream"));
        }
        let size = dict.get("Size").and_then(Value::whole).unwrap_or(0);
        let mut index = numbers("Index");
        if index.is_empty() {
            index = vec![0, usize::try_from(size).unwrap_or(0)];
        }
        let mut rows = data.chunks_exact(a + b + c);
        for pair in index.chunks_exact(2) {
            for number in pair[0]..pair[0].saturating_add(pair[1]) {
                let Some(row) = rows.next() else { return Ok(dict) };
                let field =
                    |from: usize, to: usize| row[from..to].iter().fold(0u64, |n, b| n << 8 | u64::from(*b));
                let kind = if a == 0 { 1 } else { field(0, a) };
                let (second, third) = (field(a, a + b), field(a + b, a + b + c));
                let entry = match kind {
                    1 => Some(Entry::At(second)),
                    2 => u32::try_from(second).ok().map(|stream| Entry::In {
                        stream,
                        index: usize::try_from(third).unwrap_or(usize::MAX),
                    }),
                    _ => None,
                };
                self.add(u32::try_from(number).map_err(|_| damaged("object number"))?, entry)?;
            }
        }
        Ok(dict)
    }

    fn add(&mut self, number: u32, entry: Option<Entry>) -> Result<()> {
        self.entries.entry(number).or_insert(entry);
        match self.entries.len() > MAX_OBJECTS {
            true => Err(kinds::SCAN_TOO_MANY_PAGES.with("limit", MAX_OBJECTS)),
            false => Ok(()),
        }
    }

    /// The object of a number; null when there is none.
    pub fn object(&self, number: u32) -> Result<Object> {
        match self.entries.get(&number).copied().flatten() {
            None => Ok(Object { value: Value::Null, stream: None }),
            Some(Entry::At(offset)) => self.object_at(offset, Some(number)),
            Some(Entry::In { stream, index }) => {
                let unpacked = self.unpack(stream)?;
                let found = unpacked.get(index).filter(|(n, _)| *n == number);
                let found = found.or_else(|| unpacked.iter().find(|(n, _)| *n == number));
                Ok(Object { value: found.map_or(Value::Null, |(_, value)| value.clone()), stream: None })
            }
        }
    }

    /// Follows references to what they stand for.
    pub fn resolve(&self, value: &Value) -> Result<Object> {
        let mut object = Object { value: value.clone(), stream: None };
        for _ in 0..MAX_HOPS {
            match object.value {
                Value::Ref(number, _) => object = self.object(number)?,
                _ => return Ok(object),
            }
        }
        Err(damaged("references in a circle"))
    }

    /// The value of a key with references followed; null when it is not there.
    pub fn get(&self, dict: &Dict, key: &str) -> Result<Object> {
        self.resolve(dict.get(key).unwrap_or(&Value::Null))
    }

    fn object_at(&self, offset: u64, number: Option<u32>) -> Result<Object> {
        let mut size = WINDOW;
        loop {
            let bytes = self.source.up_to(offset, size)?;
            let whole = bytes.len() as u64 == self.source.len().saturating_sub(offset);
            match parse_object(&bytes, number, whole) {
                Some((value, None)) => return Ok(Object { value, stream: None }),
                Some((value, Some(at))) => {
                    let length = self.stream_length(&value)?;
                    let start = offset + at as u64;
                    let end = start.checked_add(length).filter(|end| *end <= self.source.len());
                    end.ok_or_else(|| kinds::SCAN_CUT.error())?;
                    return Ok(Object { value, stream: Some((start, length)) });
                }
                None if whole || size >= MAX_OBJECT => return Err(damaged("object")),
                None => size *= 8,
            }
        }
    }

    fn stream_length(&self, dict: &Value) -> Result<u64> {
        let length = dict.dict().and_then(|d| d.get("Length")).cloned().unwrap_or(Value::Null);
        let length = match length {
            // A length in an object stream could ask for itself without end.
            Value::Ref(number, _) => match self.entries.get(&number).copied().flatten() {
                Some(Entry::At(offset)) => {
                    let bytes = self.source.up_to(offset, WINDOW)?;
                    parse_object(&bytes, Some(number), true).map_or(Value::Null, |(value, _)| value)
                }
                _ => Value::Null,
            },
            direct => direct,
        };
        length.whole().ok_or_else(|| damaged("stream without a length"))
    }

    /// The objects of an object stream (ISO 32000-1 7.5.7).
    fn unpack(&self, number: u32) -> Result<Unpacked> {
        let lock = || self.unpacked.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((_, known)) = lock().iter().find(|(n, _)| *n == number) {
            return Ok(Arc::clone(known));
        }
        let Some(Entry::At(offset)) = self.entries.get(&number).copied().flatten() else {
            return Err(damaged("object stream"));
        };
        let object = self.object_at(offset, Some(number))?;
        let data = filter::whole(self, &object, MAX_STREAM)?;
        let whole = |key: &str| object.dict().and_then(|d| d.get(key)).and_then(Value::whole);
        let (count, first) = (whole("N").unwrap_or(0), whole("First").unwrap_or(0));
        let mut header = Parser::object(&data, 0);
        let mut objects = Vec::new();
        for _ in 0..count.min(MAX_OBJECTS as u64) {
            let pair = header.next().and_then(|v| v.whole()).zip(header.next().and_then(|v| v.whole()));
            let Some((number, at)) = pair else { break };
            let at = usize::try_from(first.saturating_add(at)).unwrap_or(usize::MAX).min(data.len());
            let value = Parser::object(&data, at).next().unwrap_or(Value::Null);
            objects.push((u32::try_from(number).unwrap_or(u32::MAX), value));
        }
        let unpacked = Arc::new(objects);
        let mut cache = lock();
        cache.push_back((number, Arc::clone(&unpacked)));
        if cache.len() > CACHED {
            cache.pop_front();
        }
        Ok(unpacked)
    }
}

fn startxref(source: &Source) -> Result<u64> {
    let from = source.len().saturating_sub(TAIL);
    let tail = source.up_to(from, TAIL)?;
    let at = tail.windows(9).rposition(|w| w == b"startxref").ok_or_else(|| kinds::SCAN_CUT.error())?;
    let (offset, _) = raw::integer(&tail, at + 9).ok_or_else(|| kinds::SCAN_CUT.error())?;
    let offset = offset as u64;
    if offset < source.len() { Ok(offset) } else { Err(kinds::SCAN_CUT.error()) }
}

/// `xref`, its subsections and the trailer; none when the bytes end before it.
fn parse_table(bytes: &[u8]) -> Option<(Entries, Dict)> {
    let mut at = raw::keyword(bytes, 0, b"xref")?;
    let mut entries = Vec::new();
    loop {
        if let Some(at) = raw::keyword(bytes, at, b"trailer") {
            let Value::Dict(trailer) = Parser::object(bytes, at).next()? else { return None };
            return Some((entries, trailer));
        }
        let (first, next) = raw::integer(bytes, at)?;
        let (count, next) = raw::integer(bytes, next)?;
        at = next;
        for i in 0..count {
            let (offset, next) = raw::integer(bytes, at)?;
            let (_, next) = raw::integer(bytes, next)?;
            let (kind, next) = raw::word(bytes, raw::skip_space(bytes, next));
            at = next;
            let number = u32::try_from(first.checked_add(i)?).ok()?;
            entries.push((number, (kind == b"n").then_some(Entry::At(offset as u64))));
            if entries.len() > MAX_OBJECTS {
                return None;
            }
        }
    }
}

/// `N G obj`, the value, and where its stream begins; none when the bytes may end within it.
fn parse_object(bytes: &[u8], number: Option<u32>, whole: bool) -> Option<(Value, Option<usize>)> {
    let (found, _, at) = raw::object_header(bytes, 0)?;
    if number.is_some_and(|wanted| wanted != found) {
        return None;
    }
    let mut parser = Parser::object(bytes, at);
    let value = parser.next()?;
    let behind = raw::skip_space(bytes, parser.at);
    if !whole && behind + 16 > bytes.len() {
        return None;
    }
    let Some(at) = raw::keyword(bytes, behind, b"stream") else { return Some((value, None)) };
    // The keyword is followed by a line end and not by a lone CR (ISO 32000-1 7.3.8.1).
    let at = match bytes.get(at..) {
        Some([b'\r', b'\n', ..]) => at + 2,
        Some([b'\n' | b'\r', ..]) => at + 1,
        _ => at,
    };
    Some((value, Some(at)))
}

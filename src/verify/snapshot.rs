//! What a file says at one of its revisions: objects by number, from these bytes alone.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use super::history::{self, Code, DAMAGED, Entry, Revision};
use super::value::{Dict, Fault, Value};
use crate::pdf::raw;

/// Largest decompressed object stream, and all of them together, bytes.
const MAX_STREAM: usize = 32 << 20;
const MAX_ALL: usize = 96 << 20;
/// Bytes that may be parsed for each byte of the file, and at least: objects that overlap would cost the square of its length.
const WORK_PER_BYTE: usize = 8;
const MIN_WORK: usize = 64 << 20;
/// Bytes whose values are kept once they are parsed; what a signature is judged by is asked for many times.
const MAX_KEPT: usize = 1 << 20;
/// Longest chain of references to references.
const MAX_HOPS: usize = 8;

/// A decoded object stream: its objects, and for each place its number and offset.
struct Packed {
    content: Vec<u8>,
    places: Vec<(u32, usize)>,
}

/// Object streams that were decoded, by the place of their container, objects that were parsed, and the work that is still
/// allowed; shared by all snapshots of a file.
struct Cache<'a> {
    streams: BTreeMap<usize, Rc<Packed>>,
    total: usize,
    work: usize,
    /// By offset and by where the file ends for the snapshot, as an object that is cut off there is another one; or by offset and
    /// 0, where every snapshot that reaches far enough reads the same.
    objects: HashMap<(usize, usize), Parsed<'a>>,
    /// Bytes that they are spelled with, and what holds them.
    kept: usize,
}

/// An object with the number and generation of its header.
#[derive(Clone)]
struct Parsed<'a> {
    header: (u32, u16),
    thing: Thing<'a>,
    /// Position behind all that was looked at.
    seen: usize,
}

impl<'a> Cache<'a> {
    /// What stands at `offset` of a file that ends at `end`, where it was read already.
    fn known(&self, offset: usize, end: usize) -> Option<&Parsed<'a>> {
        let shared = self.objects.get(&(offset, 0)).filter(|parsed| parsed.seen < end);
        shared.or_else(|| self.objects.get(&(offset, end)))
    }
}

/// An object.
#[derive(Clone, Debug)]
pub struct Thing<'a> {
    /// Its value; the dictionary of a stream.
    pub value: Value,
    /// The content of a stream as it is stored.
    pub stream: Option<&'a [u8]>,
}

impl Thing<'_> {
    /// Whether both are the same object, wherever they stand.
    pub fn same(&self, other: &Thing) -> bool {
        self.value == other.value && self.stream == other.stream
    }
}

/// What every revision says about objects and in its trailer, shared by all snapshots of a file.
struct Index {
    /// For each object where it is, from which revision on.
    entries: BTreeMap<u32, Vec<(usize, Entry)>>,
    trailers: Vec<Dict>,
    ends: Vec<usize>,
}

impl Index {
    fn new(revisions: &[Revision]) -> Self {
        let mut entries: BTreeMap<u32, Vec<(usize, Entry)>> = BTreeMap::new();
        for (revision, said) in revisions.iter().enumerate() {
            for (&number, &entry) in &said.entries {
                entries.entry(number).or_default().push((revision, entry));
            }
        }
        let trailers = revisions.iter().map(|revision| revision.trailer.clone()).collect();
        Self { entries, trailers, ends: revisions.iter().map(|revision| revision.end).collect() }
    }
}

/// The file at one revision. Bytes behind the end of that revision do not exist for it.
#[derive(Clone)]
pub struct Snapshot<'a> {
    bytes: &'a [u8],
    revision: usize,
    index: Rc<Index>,
    cache: Rc<RefCell<Cache<'a>>>,
}

/// The file at each of its revisions.
pub fn all<'a>(bytes: &'a [u8], revisions: &[Revision]) -> Vec<Snapshot<'a>> {
    let index = Rc::new(Index::new(revisions));
    let work = bytes.len().saturating_mul(WORK_PER_BYTE).max(MIN_WORK);
    let cache = Cache { streams: BTreeMap::new(), total: 0, work, objects: HashMap::new(), kept: 0 };
    let cache = Rc::new(RefCell::new(cache));
    let one = |(revision, end): (usize, &usize)| Snapshot {
        bytes: bytes.get(..*end).unwrap_or(bytes),
        revision,
        index: Rc::clone(&index),
        cache: Rc::clone(&cache),
    };
    index.ends.iter().enumerate().map(one).collect()
}

impl<'a> Snapshot<'a> {
    /// The trailer.
    pub fn trailer(&self, key: &str) -> Option<&Value> {
        self.index.trailers.get(self.revision)?.get(key.as_bytes())
    }

    /// Where an object is, none where it is free or unknown.
    pub fn entry(&self, number: u32) -> Option<Entry> {
        self.newest(self.index.entries.get(&number)?)
    }

    /// The revision, counted from 0, that brought an object as it is now.
    pub fn since(&self, number: u32) -> usize {
        let said = self.index.entries.get(&number).map(Vec::as_slice).unwrap_or_default();
        let mine = said.iter().rev().find(|(revision, _)| *revision <= self.revision);
        mine.map_or(self.revision, |(revision, _)| *revision)
    }

    fn newest(&self, entries: &[(usize, Entry)]) -> Option<Entry> {
        let known = entries.partition_point(|(revision, _)| *revision <= self.revision);
        entries.get(known.checked_sub(1)?).map(|(_, entry)| *entry).filter(|entry| *entry != Entry::Free)
    }

    /// Numbers of all objects.
    pub fn numbers(&self) -> impl Iterator<Item = u32> {
        self.index
            .entries
            .iter()
            .filter(|(_, entries)| self.newest(entries).is_some())
            .map(|(number, _)| *number)
    }

    /// Offset of the value of an object that is not in an object stream.
    pub fn place(&self, number: u32) -> Option<usize> {
        let Some(Entry::Used { offset, generation }) = self.entry(number) else { return None };
        let header = raw::object_header(self.bytes, offset)?;
        ((header.0, header.1) == (number, generation)).then(|| raw::skip_space(self.bytes, header.2))
    }

    /// The value of an object, whatever is wrong with the stream behind it.
    ///
    /// # Errors
    /// When there is no value at all.
    pub fn value(&self, number: u32) -> Result<Value, Fault> {
        match self.object(number) {
            Ok(thing) => Ok(thing.map_or(Value::Null, |thing| thing.value)),
            Err(Fault::Syntax) => {
                let at = self.place(number).ok_or(Fault::Syntax)?;
                Value::parse(self.spelled(self.bytes, at)?)
            }
            Err(fault) => Err(fault),
        }
    }

    /// An object; none where it does not exist, which reads as null (7.3.10).
    ///
    /// # Errors
    /// When its entry does not lead to it.
    pub fn object(&self, number: u32) -> Result<Option<Thing<'a>>, Fault> {
        match self.entry(number) {
            None | Some(Entry::Free) => Ok(None),
            Some(Entry::Used { offset, generation }) => self.used(number, offset, generation).map(Some),
            Some(Entry::Packed { container, index }) => self.packed(number, container, index).map(Some),
        }
    }

    fn used(&self, number: u32, offset: usize, generation: u16) -> Result<Thing<'a>, Fault> {
        let end = self.bytes.len();
        if let Some(known) = self.cache.borrow().known(offset, end) {
            let same = known.header == (number, generation);
            return if same { Ok(known.thing.clone()) } else { Err(Fault::Syntax) };
        }
        let header = raw::object_header(self.bytes, offset).ok_or(Fault::Syntax)?;
        let at = raw::skip_space(self.bytes, header.2);
        if (header.0, header.1) != (number, generation) {
            return Err(Fault::Syntax);
        }
        let spelled = self.spelled(self.bytes, at)?;
        let value = Value::parse(spelled)?;
        let (stream, behind) = self.stream_behind(number, &value, at + spelled.len())?;
        // The length of a stream that stands elsewhere is another one in another revision.
        let apart =
            stream.is_some() && value.get("Length").is_some_and(|length| length.reference().is_some());
        let (_, seen) = raw::word(self.bytes, raw::skip_space(self.bytes, behind));
        let key = (offset, if apart || seen >= end { end } else { 0 });
        let thing = Thing { value, stream };
        let mut cache = self.cache.borrow_mut();
        let size = spelled.len() + std::mem::size_of::<Parsed>();
        if size <= MAX_KEPT.saturating_sub(cache.kept) {
            cache.kept += size;
            cache.objects.insert(key, Parsed { header: (number, generation), thing: thing.clone(), seen });
        }
        Ok(thing)
    }

    /// The content of the stream whose dictionary ends at `behind`, if it is one, and where the object goes on.
    fn stream_behind(
        &self,
        number: u32,
        value: &Value,
        behind: usize,
    ) -> Result<(Option<&'a [u8]>, usize), Fault> {
        if raw::keyword(self.bytes, behind, b"stream").is_none() {
            return Ok((None, behind));
        }
        let length = match value.get("Length") {
            // Only a number by itself: a length that is looked up in another stream could call for itself.
            Some(Value::Ref(length, _)) if *length != number => match self.entry(*length) {
                Some(Entry::Used { offset, generation }) => self.plain_number(*length, offset, generation),
                _ => None,
            },
            Some(direct) => direct.integer(),
            None => None,
        };
        let length = length.and_then(|n| usize::try_from(n).ok()).ok_or(Fault::Syntax)?;
        let (stream, behind) = history::stream_content(self.bytes, behind, length).ok_or(Fault::Syntax)?;
        Ok((Some(stream), behind))
    }

    /// Number and generation of the object whose header stands exactly at `offset`, and the position behind its `endobj`.
    pub fn span(&self, offset: usize) -> Option<(u32, u16, usize)> {
        self.bytes.get(offset).filter(|byte| byte.is_ascii_digit())?;
        let (number, generation, at) = raw::object_header(self.bytes, offset)?;
        let at = raw::skip_space(self.bytes, at);
        let spelled = self.spelled(self.bytes, at).ok()?;
        let value = match raw::keyword(self.bytes, at + spelled.len(), b"stream") {
            Some(_) => Value::parse(spelled).ok()?,
            None => Value::Null,
        };
        let (_, behind) = self.stream_behind(number, &value, at + spelled.len()).ok()?;
        Some((number, generation, raw::keyword(self.bytes, behind, b"endobj")?))
    }

    /// Whether the work that a file of this length is worth was used up before everything was read.
    pub fn is_exhausted(&self) -> bool {
        self.cache.borrow().work == 0
    }

    /// Objects of an object stream in their order; none where it cannot be read.
    pub fn packed_numbers(&self, container: u32) -> Option<Vec<u32>> {
        let Some(Entry::Used { offset, generation }) = self.entry(container) else { return None };
        let holder = self.used(container, offset, generation).ok()?;
        let packed = self.decoded(offset, &holder).ok()?;
        Some(packed.places.iter().map(|(number, _)| *number).collect())
    }

    /// The decoded content of a stream: stored or Flate, no longer than `limit`, as long as there is work left.
    pub fn content(&self, number: u32, limit: usize) -> Option<Vec<u8>> {
        let thing = self.object(number).ok()??;
        let limit = limit.min(self.cache.borrow().work);
        let content = history::decode(thing.value.dict()?, thing.stream?, limit).ok();
        let mut cache = self.cache.borrow_mut();
        cache.work = cache.work.saturating_sub(content.as_ref().map_or(limit, Vec::len));
        content.filter(|content| content.len() <= limit)
    }

    /// Keys of the trailer.
    pub fn trailer_keys(&self) -> impl Iterator<Item = &[u8]> {
        self.index
            .trailers
            .get(self.revision)
            .into_iter()
            .flat_map(|trailer| trailer.keys().map(Vec::as_slice))
    }

    fn plain_number(&self, number: u32, offset: usize, generation: u16) -> Option<i64> {
        let header = raw::object_header(self.bytes, offset)?;
        let spelled = raw::value(self.bytes, header.2)?;
        ((header.0, header.1) == (number, generation)).then(|| Value::parse(spelled).ok()?.integer())?
    }

    /// An object in an object stream (7.5.7).
    fn packed(&self, number: u32, container: u32, index: usize) -> Result<Thing<'a>, Fault> {
        let Some(Entry::Used { offset, generation }) = self.entry(container) else {
            return Err(Fault::Syntax);
        };
        let holder = self.used(container, offset, generation)?;
        let packed = self.decoded(offset, &holder).map_err(|_| Fault::Syntax)?;
        let first = holder.value.get("First").and_then(Value::integer).and_then(|n| usize::try_from(n).ok());
        let (found, offset) = packed.places.get(index).copied().ok_or(Fault::Syntax)?;
        let at = first.and_then(|first| first.checked_add(offset)).filter(|_| found == number);
        let value = Value::parse(self.spelled(&packed.content, at.ok_or(Fault::Syntax)?)?)?;
        Ok(Thing { value, stream: None })
    }

    /// The bytes of the value at `at`, as long as there is work left to spend on them.
    fn spelled<'b>(&self, bytes: &'b [u8], at: usize) -> Result<&'b [u8], Fault> {
        let mut cache = self.cache.borrow_mut();
        let spelled = if cache.work == 0 { None } else { raw::value(bytes, at) };
        let cost = spelled.map_or(bytes.len().saturating_sub(at), <[u8]>::len);
        cache.work = cache.work.saturating_sub(cost);
        spelled.ok_or(Fault::Syntax)
    }

    fn decoded(&self, offset: usize, holder: &Thing) -> Result<Rc<Packed>, Code> {
        if let Some(known) = self.cache.borrow().streams.get(&offset) {
            return Ok(Rc::clone(known));
        }
        let (Some(dict), Some(content)) = (holder.value.dict(), holder.stream) else { return Err(DAMAGED) };
        let mut cache = self.cache.borrow_mut();
        let room = MAX_ALL.saturating_sub(cache.total).min(MAX_STREAM);
        let content = history::decode(dict, content, room)?;
        cache.total += content.len();
        let count = holder.value.get("N").and_then(Value::integer).and_then(|n| usize::try_from(n).ok());
        let decoded = Rc::new(Packed { places: places(&content, count.ok_or(DAMAGED)?), content });
        cache.streams.insert(offset, Rc::clone(&decoded));
        Ok(decoded)
    }

    /// The value itself, or the one that it refers to; null where that does not exist or cannot be read.
    pub fn resolve(&self, value: &Value) -> Value {
        let mut value = value.clone();
        for _ in 0..MAX_HOPS {
            let Value::Ref(number, generation) = value else { return value };
            // A reference to another generation is a reference to nothing (7.3.10).
            if self.entry(number).is_none_or(|entry| entry.generation() != generation) {
                return Value::Null;
            }
            value = match self.object(number) {
                Ok(Some(thing)) => thing.value,
                _ => return Value::Null,
            };
        }
        Value::Null
    }

    /// The value under `key`, references followed.
    pub fn get(&self, holder: &Value, key: &str) -> Value {
        holder.get(key).map_or(Value::Null, |value| self.resolve(value))
    }

    /// The catalogue.
    pub fn catalog(&self) -> Value {
        self.trailer("Root").map_or(Value::Null, |root| self.resolve(root))
    }
}

/// Pairs of number and offset at the start of an object stream.
fn places(content: &[u8], count: usize) -> Vec<(u32, usize)> {
    let mut at = 0;
    let mut places = Vec::new();
    let mut pair = || {
        let (number, behind) = raw::integer(content, at)?;
        let (offset, behind) = raw::integer(content, behind)?;
        at = behind;
        Some((u32::try_from(number).ok()?, offset))
    };
    while places.len() < count {
        let Some(place) = pair() else { break };
        places.push(place);
    }
    places
}

//! Reads PDF that is written without a fault: cross-reference tables that follow each other to the first one, every object
//! where its entry says, every stream as long as it states. What is written in any other way is none here; lopdf, which
//! forgives more, reads it then. What is read here is what lopdf reads, at a fraction of the time.

use std::collections::BTreeMap;

use lopdf::xref::{Xref, XrefEntry, XrefType};
use lopdf::{Dictionary, Document, Object, Stream, StringFormat};

use super::raw;
use super::read::ObjectId;

/// Deepest nesting, most sections and most entries that are read here.
const MAX_DEPTH: usize = 32;
const MAX_SECTIONS: usize = 100;
const MAX_ENTRIES: usize = 400_000;

/// What becomes of streams: nobody here looks at pixels, and of a large file they are nearly all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Streams {
    /// They are left out.
    Out,
    /// Pictures keep one byte.
    WithoutPixels,
}

/// A cross-reference table with its trailer (ISO 32000-1 7.5.4, 7.5.5).
#[derive(Debug)]
pub(super) struct Section {
    /// Offset and generation of each object, or that it is free.
    pub entries: BTreeMap<u32, Option<(usize, u16)>>,
    /// The trailer.
    pub trailer: Dictionary,
}

impl Section {
    /// Reads the one at `offset`.
    pub fn read(bytes: &[u8], offset: usize) -> Option<Self> {
        let mut at = raw::keyword(bytes, offset, b"xref")?;
        let mut entries = BTreeMap::new();
        loop {
            if let Some(behind) = raw::keyword(bytes, at, b"trailer") {
                let mut reader = Reader { bytes, at: raw::skip_space(bytes, behind) };
                let trailer = reader.dictionary(0)?;
                let foreign = ["Encrypt", "XRefStm"].iter().any(|key| trailer.has(key.as_bytes()));
                return (!foreign).then_some(Self { entries, trailer });
            }
            at = subsection(bytes, at, &mut entries)?;
        }
    }

    /// The number under `key` of the trailer; none where it is no such number.
    pub fn number(&self, key: &[u8]) -> Option<usize> {
        usize::try_from(number(&self.trailer, key)?).ok()
    }
}

/// `first count`, then `count` lines `offset generation n|f`.
fn subsection(bytes: &[u8], at: usize, entries: &mut BTreeMap<u32, Option<(usize, u16)>>) -> Option<usize> {
    let (first, at) = raw::integer(bytes, at)?;
    let (count, mut at) = raw::integer(bytes, at)?;
    for number in first..first.checked_add(count).filter(|_| count <= MAX_ENTRIES)? {
        let (offset, behind) = raw::integer(bytes, at)?;
        let (generation, behind) = raw::integer(bytes, behind)?;
        let (word, behind) = raw::word(bytes, raw::skip_space(bytes, behind));
        let entry = match word {
            b"n" => Some((offset, u16::try_from(generation).ok()?)),
            b"f" => None,
            _ => return None,
        };
        if entries.insert(u32::try_from(number).ok()?, entry).is_some() {
            return None;
        }
        at = behind;
    }
    Some(at)
}

fn number(dictionary: &Dictionary, key: &[u8]) -> Option<i64> {
    dictionary.has(key).then(|| dictionary.get(key).and_then(Object::as_i64).ok())?
}

/// Whether it has a key with this name.
pub(super) fn is(dictionary: &Dictionary, key: &[u8], value: &[u8]) -> bool {
    name(dictionary, key) == Some(value)
}

/// The name under `key`. A key that is missing costs nothing, other than with [`Dictionary::get`].
pub(super) fn name<'d>(dictionary: &'d Dictionary, key: &[u8]) -> Option<&'d [u8]> {
    dictionary.has(key).then(|| dictionary.get(key).and_then(Object::as_name).ok())?
}

/// The whole file, whose newest table is at `startxref`.
pub(super) fn load(bytes: &[u8], startxref: usize, streams: Streams) -> Option<Document> {
    // `%PDF-1.7` and the end of the line; lopdf wants a version to be a version.
    let header = bytes.strip_prefix(b"%PDF-1.")?;
    let known = matches!(header, [b'0'..=b'9', b'\r' | b'\n', ..]);
    let newest = Section::read(bytes, startxref).filter(|_| known)?;
    let mut entries = newest.entries.clone();
    let mut next = newest.trailer.has(b"Prev").then(|| newest.number(b"Prev"));
    for _ in 0..MAX_SECTIONS {
        let Some(offset) = next else { break };
        let section = Section::read(bytes, offset?)?;
        for (number, entry) in &section.entries {
            entries.entry(*number).or_insert(*entry);
        }
        next = section.trailer.has(b"Prev").then(|| section.number(b"Prev"));
    }
    let size = u32::try_from(newest.number(b"Size")?).ok()?;
    if next.is_some() || entries.len() > MAX_ENTRIES || entries.keys().next_back() >= Some(&size) {
        return None;
    }
    let mut table = Xref::new(size, XrefType::CrossReferenceTable);
    table.entries = entries.iter().filter_map(|(number, entry)| Some((*number, line(*entry)?))).collect();
    let mut document = Document::new();
    document.objects = objects(bytes, &entries, streams)?;
    document.trailer = newest.trailer;
    document.max_id = size.saturating_sub(1);
    document.reference_table = table;
    Some(document)
}

fn line(entry: Option<(usize, u16)>) -> Option<XrefEntry> {
    match entry {
        None => Some(XrefEntry::Free),
        Some((offset, generation)) => {
            Some(XrefEntry::Normal { offset: u32::try_from(offset).ok()?, generation })
        }
    }
}

fn objects(
    bytes: &[u8],
    entries: &BTreeMap<u32, Option<(usize, u16)>>,
    streams: Streams,
) -> Option<BTreeMap<ObjectId, Object>> {
    let length = |(number, _): ObjectId| {
        let (offset, generation) = (*entries.get(&number)?)?;
        match object(bytes, (number, generation), offset, &|_| None)?.0 {
            Object::Integer(length) => Some(length),
            _ => None,
        }
    };
    let mut objects = BTreeMap::new();
    // Objects that lie in each other would cost the square of the file.
    let mut read = 0;
    for (number, entry) in entries {
        let Some((offset, generation)) = *entry else { continue };
        let id = (*number, generation);
        let (mut object, end) = object(bytes, id, offset, &length)?;
        read += end - offset;
        if read > bytes.len() {
            return None;
        }
        if let Object::Stream(stream) = &mut object {
            if ["ObjStm", "XRef"].iter().any(|kind| is(&stream.dict, b"Type", kind.as_bytes())) {
                return None;
            }
            match streams {
                Streams::Out => continue,
                Streams::WithoutPixels if is(&stream.dict, b"Subtype", b"Image") => stream.content = vec![0],
                // lopdf looks for content elsewhere.
                Streams::WithoutPixels if stream.content.is_empty() => return None,
                Streams::WithoutPixels => {}
            }
        }
        objects.insert(id, object);
    }
    Some(objects)
}

/// The object whose header stands at `offset`, and the position behind its `endobj`. `length` looks up the length of a stream
/// that is an object of its own.
pub(super) fn object(
    bytes: &[u8],
    id: ObjectId,
    offset: usize,
    length: &dyn Fn(ObjectId) -> Option<i64>,
) -> Option<(Object, usize)> {
    let (number, generation, at) = raw::object_header(bytes, offset)?;
    let mut reader = Reader { bytes, at: raw::skip_space(bytes, at) };
    let value = reader.value(0)?;
    if (number, generation) != id {
        return None;
    }
    let (value, at) = match (value, raw::keyword(bytes, reader.at, b"stream")) {
        (value, None) => (value, reader.at),
        (Object::Dictionary(dict), Some(at)) => {
            let stated = match dict.has(b"Length").then(|| dict.get(b"Length").ok())?? {
                Object::Reference(id) => length(*id)?,
                direct => direct.as_i64().ok()?,
            };
            let (content, behind) = stream_content(bytes, at, usize::try_from(stated).ok()?)?;
            let picture = is(&dict, b"Subtype", b"Image");
            // Of a picture nothing is copied; its place is checked all the same.
            let content = if picture { vec![0] } else { content.to_vec() };
            let stream = Stream { dict, content, allows_compression: true, start_position: None };
            (Object::Stream(stream), behind)
        }
        _ => return None,
    };
    Some((value, raw::keyword(bytes, at, b"endobj")?))
}

/// The content of a stream whose keyword ends at `at`, and the position behind `endstream`.
fn stream_content(bytes: &[u8], at: usize, length: usize) -> Option<(&[u8], usize)> {
    let start = match (bytes.get(at), bytes.get(at + 1)) {
        (Some(b'\r'), Some(b'\n')) => at + 2,
        (Some(b'\n'), _) => at + 1,
        _ => return None,
    };
    let end = start.checked_add(length)?;
    let content = bytes.get(start..end)?;
    // One end of line at most: a longer content may be meant.
    let behind = match (bytes.get(end), bytes.get(end + 1)) {
        (Some(b'\r'), Some(b'\n')) => end + 2,
        (Some(b'\r' | b'\n'), _) => end + 1,
        _ => end,
    };
    bytes.get(behind..)?.starts_with(b"endstream").then_some((content, behind + 9))
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// The bytes up to `end`, which is then the place to go on from.
    fn take(&mut self, end: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    fn value(&mut self, depth: usize) -> Option<Object> {
        match (self.bytes.get(self.at), self.bytes.get(self.at + 1)) {
            (Some(b'<'), Some(b'<')) => self.dictionary(depth).map(Object::Dictionary),
            (Some(b'['), _) => self.array(depth),
            (Some(b'<'), _) => self.hexadecimal(),
            (Some(b'('), _) => self.literal(),
            (Some(b'/'), _) => self.name().map(Object::Name),
            _ => self.word(),
        }
    }

    fn name(&mut self) -> Option<Vec<u8>> {
        let end = raw::word(self.bytes, self.at + 1).1;
        let spelled = self.take(end)?;
        // A number sign that no digits follow is read in two ways.
        let name = raw::name(spelled)?;
        let escapes = memchr::memchr_iter(b'#', spelled).count();
        (name.len() + 1 + 2 * escapes == spelled.len()).then_some(name)
    }

    fn dictionary(&mut self, depth: usize) -> Option<Dictionary> {
        let mut dictionary = Dictionary::new();
        self.bytes.get(self.at..).filter(|rest| rest.starts_with(b"<<") && depth < MAX_DEPTH)?;
        self.at += 2;
        loop {
            self.at = raw::skip_space(self.bytes, self.at);
            if self.bytes.get(self.at..)?.starts_with(b">>") {
                self.at += 2;
                return Some(dictionary);
            }
            let key = self.name()?;
            self.at = raw::skip_space(self.bytes, self.at);
            let value = self.value(depth + 1)?;
            if dictionary.has(&key) {
                return None;
            }
            dictionary.set(key, value);
        }
    }

    fn array(&mut self, depth: usize) -> Option<Object> {
        let mut items = Vec::new();
        (depth < MAX_DEPTH).then(|| self.at += 1)?;
        loop {
            self.at = raw::skip_space(self.bytes, self.at);
            if self.bytes.get(self.at) == Some(&b']') {
                self.at += 1;
                return Some(Object::Array(items));
            }
            items.push(self.value(depth + 1)?);
        }
    }

    fn hexadecimal(&mut self) -> Option<Object> {
        let end = memchr::memchr(b'>', self.bytes.get(self.at..)?)?;
        let digits = self.take(self.at + end + 1)?.get(1..end)?;
        let (pairs, rest) = digits.as_chunks::<2>();
        let byte = |[high, low]: &[u8; 2]| Some(raw::hex_digit(*high)? << 4 | raw::hex_digit(*low)?);
        let content = pairs.iter().map(byte).collect::<Option<_>>().filter(|_| rest.is_empty())?;
        Some(Object::String(content, StringFormat::Hexadecimal))
    }

    /// With the escapes that everybody reads in the same way.
    fn literal(&mut self) -> Option<Object> {
        let end = raw::string_end(self.bytes, self.at)?;
        let spelled = self.take(end)?;
        let inner = spelled.get(1..spelled.len() - 1)?;
        let mut content = Vec::with_capacity(inner.len());
        let mut bytes = inner.iter();
        while let Some(byte) = bytes.next() {
            content.push(match (byte, byte == &b'\\') {
                (_, true) => match bytes.next()? {
                    b'n' => b'\n',
                    b'r' => b'\r',
                    same @ (b'(' | b')' | b'\\') => *same,
                    _ => return None,
                },
                (b'\r' | b'\n', _) => return None,
                (byte, false) => *byte,
            });
        }
        Some(Object::String(content, StringFormat::Literal))
    }

    /// A number, a keyword or a reference.
    fn word(&mut self) -> Option<Object> {
        let spelled = self.take(raw::number_end(self.bytes, self.at))?;
        match spelled {
            b"null" => return Some(Object::Null),
            b"true" => return Some(Object::Boolean(true)),
            b"false" => return Some(Object::Boolean(false)),
            [.., b'R'] => return raw::reference(spelled).map(Object::Reference),
            _ => {}
        }
        let text = std::str::from_utf8(spelled).ok()?;
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, part) =
            digits.split_once('.').map_or((digits, None), |(whole, part)| (whole, Some(part)));
        let plain = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !plain(whole) || !part.is_none_or(|part| !part.is_empty() && plain(part)) {
            return None;
        }
        match part {
            None => text.parse().ok().map(Object::Integer),
            Some(_) => text.parse().ok().map(Object::Real),
        }
    }
}

//! Directories of a TIFF or BigTIFF (TIFF 6.0 section 2), wherever they stand, each read by itself: a damaged one is one
//! lost page and not a lost file.

use std::io::{self, Read, Seek, SeekFrom};

use tiff::decoder::ifd::Value;
use tiff::decoder::{Decoder, Limits};
use tiff::tags::{IfdPointer, Tag};
use tiff::{Directory, TiffError};

use crate::error::{Clause, Error, Result, kinds};

use super::super::{MAX_PAGES, Source};

/// Largest value of a single tag: offsets of 100,000 strips, or a CMYK profile.
const MAX_TAG_BYTES: usize = 8_000_000;

/// Where a page is described; none when the chain of directories breaks off there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Place(pub(super) Option<u64>);

/// An opened file and one directory of it.
pub(super) struct Tags {
    decoder: Decoder<Overlaid<io::BufReader<super::super::source::Cursor>>>,
    directory: Directory,
    pub big_endian: bool,
}

/// Lists the pages: thumbnails (NewSubfileType bit 0) and masks (bit 2) are none.
///
/// # Errors
/// A scan error when not even the first directory can be found.
pub(in super::super) fn places(source: &Source) -> Result<Vec<Place>> {
    let (mut decoder, first) = open(source)?;
    let mut found = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let mut next = Some(first);
    while let Some(pointer) = next {
        if found.len() >= MAX_PAGES as usize {
            return Err(kinds::SCAN_TOO_MANY_PAGES.with("limit", MAX_PAGES));
        }
        if !seen.insert(pointer) {
            return Err(kinds::SCAN_BROKEN.with("cause", Clause::new("why-tiff-circle")));
        }
        let Ok(directory) = decoder.read_directory(IfdPointer(pointer)) else {
            found.push(Place(None));
            break;
        };
        let kind = decoder.read_directory_tags(&directory).find_tag_unsigned::<u64>(Tag::NewSubfileType);
        if kind.ok().flatten().unwrap_or(0) & 0b101 == 0 {
            found.push(Place(Some(pointer)));
        }
        next = directory.next().map(|pointer| pointer.0);
    }
    match found.iter().any(|place| place.0.is_some()) {
        true => Ok(found),
        false => Err(kinds::SCAN_CUT.error()),
    }
}

impl Tags {
    /// Reads the directory of a page.
    pub fn open(source: &Source, place: Place) -> Result<Self> {
        let (mut decoder, _) = open(source)?;
        let pointer = place.0.ok_or_else(|| kinds::SCAN_CUT.error())?;
        let directory = decoder.read_directory(IfdPointer(pointer)).map_err(broken)?;
        let big_endian = decoder.byte_order() == tiff::tags::ByteOrder::BigEndian;
        Ok(Self { decoder, directory, big_endian })
    }

    pub fn has(&self, tag: Tag) -> bool {
        self.directory.contains(tag)
    }

    pub fn number(&mut self, tag: Tag) -> Result<Option<u64>> {
        self.decoder.read_directory_tags(&self.directory).find_tag_unsigned(tag).map_err(broken)
    }

    pub fn numbers(&mut self, tag: Tag) -> Result<Vec<u64>> {
        let found = self.decoder.read_directory_tags(&self.directory).find_tag_unsigned_vec(tag);
        Ok(found.map_err(broken)?.unwrap_or_default())
    }

    pub fn reals(&mut self, tag: Tag) -> Vec<f64> {
        let found = self.decoder.read_directory_tags(&self.directory).find_tag(tag).ok().flatten();
        match found {
            Some(Value::List(all)) => all.into_iter().filter_map(number).collect(),
            Some(one) => number(one).into_iter().collect(),
            None => Vec::new(),
        }
    }

    pub fn bytes(&mut self, tag: Tag) -> Result<Vec<u8>> {
        match self.decoder.read_directory_tags(&self.directory).find_tag(tag).map_err(broken)? {
            Some(value) => value.into_u8_vec().map_err(broken),
            None => Ok(Vec::new()),
        }
    }
}

/// Resolutions are rationals (TIFF 6.0 section 8), which the reader does not turn into numbers; a few writers store others.
fn number(value: Value) -> Option<f64> {
    match value {
        Value::Rational(_, 0) => None,
        Value::Rational(a, b) => Some(f64::from(a) / f64::from(b)),
        other => other.clone().into_f64().ok().or_else(|| other.into_u64().ok().map(|v| v as f64)),
    }
}

fn broken(error: TiffError) -> Error {
    match &error {
        TiffError::IoError(e) if e.kind() == io::ErrorKind::UnexpectedEof => kinds::SCAN_CUT.error(),
        TiffError::UnsupportedError(what) => kinds::SCAN_VARIANT.with("what", format!("TIFF: {what}")),
        _ => kinds::SCAN_BROKEN.with("cause", Clause::technical(error)),
    }
}

/// The crate wants to understand the first picture before it shows any directory, so that one page in an unusual form would
/// hide all the others. It is shown a first directory of ours instead, which stands behind the end of the file.
fn open(source: &Source) -> Result<(Decoder<Overlaid<io::BufReader<super::super::source::Cursor>>>, u64)> {
    let header = source.range(0, 8).map_err(|_| kinds::SCAN_CUT.error())?;
    let order = Order { big_endian: header.starts_with(b"MM"), wide: header[2..4].contains(&43) };
    let pointer = if order.wide { source.range(8, 8)? } else { header[4..8].to_vec() };
    let first = order.number(&pointer);
    let behind = source.len().next_multiple_of(16);
    let mut front = if order.wide { source.range(0, 8)? } else { header[..4].to_vec() };
    front.extend(order.bytes(behind, if order.wide { 8 } else { 4 }));
    let reader = Overlaid { inner: source.reader(), front, behind, back: order.directory(), position: 0 };
    let mut limits = Limits::default();
    limits.ifd_value_size = MAX_TAG_BYTES;
    Ok((Decoder::new(reader).map_err(broken)?.with_limits(limits), first))
}

#[derive(Clone, Copy)]
struct Order {
    big_endian: bool,
    /// BigTIFF: offsets and counts of eight bytes.
    wide: bool,
}

impl Order {
    fn bytes(self, value: u64, width: usize) -> Vec<u8> {
        let mut bytes = value.to_le_bytes()[..width].to_vec();
        if self.big_endian {
            bytes.reverse();
        }
        bytes
    }

    fn number(self, bytes: &[u8]) -> u64 {
        let add = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        if self.big_endian { bytes.iter().fold(0, add) } else { bytes.iter().rev().fold(0, add) }
    }

    /// A directory of a picture of one white pixel.
    fn directory(self) -> Vec<u8> {
        let entries: [(u64, u64); 5] = [(256, 1), (257, 1), (262, 1), (273, 8), (279, 1)];
        let wide = if self.wide { 8 } else { 4 };
        let mut bytes = self.bytes(entries.len() as u64, if self.wide { 8 } else { 2 });
        for (tag, value) in entries {
            bytes.extend(self.bytes(tag, 2));
            bytes.extend(self.bytes(4, 2)); // LONG
            bytes.extend(self.bytes(1, wide));
            bytes.extend(self.bytes(value, 4));
            bytes.resize(bytes.len() + wide - 4, 0);
        }
        bytes.resize(bytes.len() + wide, 0);
        bytes
    }
}

/// A file with other bytes at its front and more bytes behind its end.
pub(super) struct Overlaid<R> {
    inner: R,
    front: Vec<u8>,
    behind: u64,
    back: Vec<u8>,
    position: u64,
}

impl<R: Read + Seek> Read for Overlaid<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let ours = |bytes: &[u8], start: u64, position: u64| {
            let from = usize::try_from(position - start).unwrap_or(usize::MAX);
            bytes.get(from..).map(<[u8]>::to_vec).unwrap_or_default()
        };
        let count = if self.position < self.front.len() as u64 {
            (&ours(&self.front, 0, self.position)[..]).read(buffer)?
        } else if self.position >= self.behind {
            (&ours(&self.back, self.behind, self.position)[..]).read(buffer)?
        } else {
            self.inner.read(buffer)?
        };
        self.position += count as u64;
        Ok(count)
    }
}

impl<R: Read + Seek> Seek for Overlaid<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(delta) => self.behind.checked_add_signed(delta),
            SeekFrom::Current(delta) => self.position.checked_add_signed(delta),
        };
        self.position = target.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        self.inner.seek(SeekFrom::Start(self.position))?;
        Ok(self.position)
    }
}

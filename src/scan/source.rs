//! Bytes of a source file, read where they are needed: a stack of a thousand pages never stands in memory as a whole.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Clause, Error, Result, kinds};
use crate::platform;

/// Bytes that a directory or a chain of offsets is read ahead by.
const READ_AHEAD: usize = 16 << 10;

/// A source: in memory, or a file that stays on the disk. Cheap to clone, and read by several threads at once.
#[derive(Clone, Debug)]
pub struct Source {
    place: Arc<Place>,
}

#[derive(Debug)]
enum Place {
    Memory(Vec<u8>),
    Disk { file: File, length: u64, path: PathBuf },
}

impl Source {
    /// Bytes in memory.
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self { place: Arc::new(Place::Memory(bytes)) }
    }

    /// A file, which must not change while it is read; blobs never do.
    ///
    /// # Errors
    /// A disk error, or [`kinds::FILE_TOO_LARGE`] above `limit` bytes.
    pub fn open(path: &Path, limit: u64) -> Result<Self> {
        let file = File::open(path).map_err(|e| Error::io(path, e))?;
        let length = file.metadata().map_err(|e| Error::io(path, e))?.len();
        if length > limit {
            return Err(kinds::FILE_TOO_LARGE
                .with("path", path.display())
                .with("size", length)
                .with("limit", limit));
        }
        Ok(Self { place: Arc::new(Place::Disk { file, length, path: path.to_owned() }) })
    }

    /// Number of bytes.
    pub fn len(&self) -> u64 {
        match &*self.place {
            Place::Memory(bytes) => bytes.len() as u64,
            Place::Disk { length, .. } => *length,
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        match &*self.place {
            Place::Memory(bytes) => {
                let start = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
                let rest = bytes.get(start..).unwrap_or_default();
                let count = rest.len().min(buffer.len());
                buffer[..count].copy_from_slice(&rest[..count]);
                Ok(count)
            }
            Place::Disk { file, .. } => platform::read_at(file, offset, buffer),
        }
    }

    /// Exactly `length` bytes from `offset`; never allocates more than the source has.
    ///
    /// # Errors
    /// [`kinds::SCAN_CUT`] when they reach beyond the end, or a disk error.
    pub(super) fn range(&self, offset: u64, length: u64) -> Result<Vec<u8>> {
        let end = offset.checked_add(length).filter(|end| *end <= self.len());
        let length = end.and_then(|_| usize::try_from(length).ok()).ok_or_else(|| kinds::SCAN_CUT.error())?;
        let mut bytes = vec![0; length];
        let mut done = 0;
        while done < length {
            match self.read_at(offset + done as u64, &mut bytes[done..]) {
                Ok(0) => return Err(kinds::SCAN_CUT.error()),
                Ok(count) => done += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.failed(error)),
            }
        }
        Ok(bytes)
    }

    /// At most `length` bytes from `offset`, fewer at the end.
    pub(super) fn up_to(&self, offset: u64, length: u64) -> Result<Vec<u8>> {
        self.range(offset, length.min(self.len().saturating_sub(offset)))
    }

    /// All bytes, when they are at most `limit`.
    ///
    /// # Errors
    /// [`kinds::FILE_TOO_LARGE`], or a disk error.
    pub(super) fn whole(&self, limit: u64) -> Result<Vec<u8>> {
        if self.len() > limit {
            let error = kinds::FILE_TOO_LARGE.with("size", self.len()).with("limit", limit);
            return Err(match &*self.place {
                Place::Memory(_) => error,
                Place::Disk { path, .. } => error.with("path", path.display()),
            });
        }
        self.range(0, self.len())
    }

    /// A reader from the start, with its own position.
    pub(super) fn reader(&self) -> BufReader<Cursor> {
        BufReader::with_capacity(READ_AHEAD, Cursor { source: self.clone(), position: 0 })
    }

    fn failed(&self, error: io::Error) -> Error {
        match &*self.place {
            Place::Memory(_) => kinds::SCAN_BROKEN.with("cause", Clause::technical(&error)).because(error),
            Place::Disk { path, .. } => Error::io(path, error),
        }
    }
}

/// A position in a source.
#[derive(Clone, Debug)]
pub(super) struct Cursor {
    source: Source,
    position: u64,
}

impl Read for Cursor {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read_at(self.position, buffer)?;
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for Cursor {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(delta) => self.source.len().checked_add_signed(delta),
            SeekFrom::Current(delta) => self.position.checked_add_signed(delta),
        };
        self.position = target.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.position)
    }
}

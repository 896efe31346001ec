//! Bytes by their SHA-256, written once: `blobs/ab/<sha256>`. Where several machines share them in a bucket, the folder holds
//! what this machine has used; bytes count as kept when they are durable in both.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::Digest;

use crate::document::{Hashing, Sha256, hex};
use crate::error::{Error, Result, kinds};
use crate::pdf::append::USUAL_GROWTH;
use crate::platform::{self, Staged};
use crate::scan::Source;
use crate::upload::Storage;

/// Largest blob that is read into memory; a source file or a PDF.
const MAX_BLOB_BYTES: u64 = 2_000_000_000;

/// What `doctor` keeps in a bucket.
const PROBE: &[u8] = b"scanseal: these bytes show that this bucket keeps what it is given.\n";
/// Bytes that are hashed or copied at once.
const BLOCK: usize = 1 << 20;

/// A folder of write-once bytes.
#[derive(Clone, Debug)]
pub struct Blobs {
    folder: PathBuf,
    bucket: Option<Arc<Storage>>,
}

impl Blobs {
    /// Opens the folder and makes it when it is new.
    ///
    /// # Errors
    /// A disk error.
    pub fn open(folder: &Path) -> Result<Self> {
        platform::create_private_dir(folder)?;
        Ok(Self { folder: folder.to_owned(), bucket: None })
    }

    /// As [`Blobs::open`], with a bucket that other machines share.
    ///
    /// # Errors
    /// A disk error.
    pub fn shared(folder: &Path, bucket: Storage) -> Result<Self> {
        Ok(Self { bucket: Some(Arc::new(bucket)), ..Self::open(folder)? })
    }

    /// Whether other machines share the bytes.
    pub fn is_shared(&self) -> bool {
        self.bucket.is_some()
    }

    /// Puts a few bytes into the bucket and reads them back; without a bucket there is nothing to try.
    ///
    /// # Errors
    /// The bucket is away, refuses, or does not keep bytes as they are.
    pub fn trial(&self) -> Result<()> {
        let Some(bucket) = &self.bucket else { return Ok(()) };
        let sha256 = Sha256::of(PROBE);
        bucket.put(PROBE, &Hashing::of(PROBE), &sha256)?;
        match bucket.get(&sha256, MAX_BLOB_BYTES)? {
            Some(_) => Ok(()),
            None => Err(kinds::BLOB_MISSING.with("path", format!("{bucket:?}"))),
        }
    }

    /// Puts what only this machine has into the bucket; gives how many blobs were put.
    ///
    /// # Errors
    /// A disk error, or the bucket is away.
    pub fn share(&self) -> Result<usize> {
        let mut put = 0;
        for folder in self.folders() {
            let entries = std::fs::read_dir(&folder).map_err(|e| Error::io(&folder, e))?;
            let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
            for name in names.filter(|name| name.len() == 64 && name.bytes().all(|b| b.is_ascii_hexdigit())) {
                put += usize::from(self.hand_on(&Sha256(name), None)?);
            }
        }
        Ok(put)
    }

    /// Makes bytes that lie here durable in the bucket too; gives whether they were new there.
    fn hand_on(&self, sha256: &Sha256, bytes: Option<&[u8]>) -> Result<bool> {
        let Some(bucket) = &self.bucket else { return Ok(false) };
        if bytes.is_none() && bucket.has(sha256)? {
            return Ok(false);
        }
        let read = if bytes.is_none() { self.read(sha256)? } else { Vec::new() };
        let bytes = bytes.unwrap_or(&read);
        bucket.put(bytes, &Hashing::of(bytes), sha256)?;
        Ok(true)
    }

    /// Fetches bytes that another machine has kept.
    fn fetch(&self, sha256: &Sha256) -> Result<()> {
        let path = self.path(sha256);
        let Some(bucket) = self.bucket.as_ref().filter(|_| !path.exists()) else { return Ok(()) };
        let Some(bytes) = bucket.get(sha256, MAX_BLOB_BYTES)? else { return Ok(()) };
        self.make_room(&path)?;
        match platform::write_new(&path, &bytes) {
            Err(error) if error.code() == kinds::FILE_EXISTS.code => Ok(()),
            written => written,
        }
    }

    /// The folders in which bytes lie.
    pub(super) fn folders(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let below = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        below.map(|entry| entry.path()).chain([self.folder.clone()]).collect()
    }

    /// Where the bytes of a digest lie.
    pub fn path(&self, sha256: &Sha256) -> PathBuf {
        let prefix = sha256.0.get(..2).unwrap_or("00");
        self.folder.join(prefix).join(&sha256.0)
    }

    /// Makes bytes durable. The same bytes again are found and kept as they are.
    ///
    /// # Errors
    /// A disk error, or [`kinds::BLOB_DAMAGED`] when other bytes lie under this digest.
    pub async fn put(&self, bytes: &[u8]) -> Result<Sha256> {
        self.keep(bytes)
    }

    /// As [`Blobs::put`], for a thread that may block.
    ///
    /// # Errors
    /// As [`Blobs::put`].
    pub fn keep(&self, bytes: &[u8]) -> Result<Sha256> {
        self.keep_as(Sha256::of(bytes), bytes)
    }

    /// As [`Blobs::keep`], for bytes whose digest was computed already.
    ///
    /// # Errors
    /// As [`Blobs::put`].
    pub(crate) fn keep_as(&self, sha256: Sha256, bytes: &[u8]) -> Result<Sha256> {
        let path = self.path(&sha256);
        if path.exists() {
            self.read(&sha256)?;
            self.hand_on(&sha256, None)?;
            return Ok(sha256);
        }
        self.make_room(&path)?;
        match platform::write_new(&path, bytes) {
            // Another process was faster with the same bytes.
            Err(error) if error.code() == kinds::FILE_EXISTS.code => self.read(&sha256).map(|_| ())?,
            written => written?,
        }
        self.hand_on(&sha256, Some(bytes))?;
        Ok(sha256)
    }

    fn make_room(&self, path: &Path) -> Result<()> {
        let folder = path.parent().unwrap_or(&self.folder);
        if !folder.exists() {
            platform::create_private_dir(folder)?;
            platform::sync_dir(&self.folder)?;
        }
        Ok(())
    }

    /// Makes a file durable, however large it is: it is copied and hashed block by block and never stands in memory.
    ///
    /// # Errors
    /// A disk error, [`kinds::FILE_TOO_LARGE`] above `limit` bytes, [`kinds::BLOB_DAMAGED`] when other bytes lie under this
    /// digest.
    pub fn keep_file(&self, path: &Path, limit: u64) -> Result<Sha256> {
        let sha256 = copied(path, limit, &mut std::io::sink(), path)?;
        if self.path(&sha256).exists() {
            self.verify(&sha256)?;
            self.hand_on(&sha256, None)?;
            return Ok(sha256);
        }
        let (staged, sha256) = Staged::write(&self.folder, |file| copied(path, limit, file, &self.folder))?;
        let target = self.path(&sha256);
        self.make_room(&target)?;
        match staged.publish(&target) {
            // Another process was faster with the same bytes.
            Err(error) if error.code() == kinds::FILE_EXISTS.code => self.verify(&sha256)?,
            published => published?,
        }
        self.hand_on(&sha256, None)?;
        Ok(sha256)
    }

    /// Computes the digest again without holding the bytes.
    fn verify(&self, sha256: &Sha256) -> Result<()> {
        self.fetch(sha256)?;
        let path = self.path(sha256);
        let found = copied(&path, u64::MAX, &mut std::io::sink(), &path).map_err(|e| missing(e, &path))?;
        match found == *sha256 {
            true => Ok(()),
            false => Err(kinds::BLOB_DAMAGED.with("path", path.display())),
        }
    }

    /// The bytes of a digest, which is computed again, to be read where they lie.
    ///
    /// # Errors
    /// [`kinds::BLOB_MISSING`] or [`kinds::BLOB_DAMAGED`].
    pub fn source(&self, sha256: &Sha256) -> Result<Source> {
        self.verify(sha256)?;
        Source::open(&self.path(sha256), u64::MAX)
    }

    /// The bytes of a digest, which is computed again.
    ///
    /// # Errors
    /// [`kinds::BLOB_MISSING`] or [`kinds::BLOB_DAMAGED`].
    pub async fn get(&self, sha256: &Sha256) -> Result<Vec<u8>> {
        self.read(sha256)
    }

    /// As [`Blobs::get`], for a thread that may block.
    ///
    /// # Errors
    /// As [`Blobs::get`].
    pub fn read(&self, sha256: &Sha256) -> Result<Vec<u8>> {
        self.read_hashed(sha256).map(|(bytes, _)| bytes)
    }

    /// As [`Blobs::read`], with the digest for whoever appends to the bytes.
    ///
    /// # Errors
    /// As [`Blobs::get`].
    pub(crate) fn read_hashed(&self, sha256: &Sha256) -> Result<(Vec<u8>, Hashing)> {
        self.fetch(sha256)?;
        let path = self.path(sha256);
        let read = platform::read_roomy(&path, MAX_BLOB_BYTES, USUAL_GROWTH);
        let bytes = read.map_err(|error| missing(error, &path))?;
        let hashing = Hashing::of(&bytes);
        match hashing.named(&[]) == *sha256 {
            true => Ok((bytes, hashing)),
            false => Err(kinds::BLOB_DAMAGED.with("path", path.display())),
        }
    }
}

/// Copies a file of at most `limit` bytes and gives the digest of what was copied; `target` is for the error.
fn copied(path: &Path, limit: u64, to: &mut dyn Write, target: &Path) -> Result<Sha256> {
    let file = File::open(path).map_err(|e| Error::io(path, e))?;
    let size = file.metadata().map_err(|e| Error::io(path, e))?.len();
    let mut from = file.take(limit.saturating_add(1));
    let (mut hasher, mut block, mut total) = (sha2::Sha256::new(), vec![0u8; BLOCK], 0u64);
    loop {
        let count = match from.read(&mut block) {
            Ok(0) => return Ok(Sha256(hex(&hasher.finalize()))),
            Ok(count) => count,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(Error::io(path, e)),
        };
        total += count as u64;
        if total > limit || size > limit {
            return Err(kinds::FILE_TOO_LARGE
                .with("path", path.display())
                .with("size", size)
                .with("limit", limit));
        }
        hasher.update(&block[..count]);
        to.write_all(&block[..count]).map_err(|e| Error::io(target, e))?;
    }
}

fn missing(error: Error, path: &Path) -> Error {
    match error.code() == kinds::FILE_MISSING.code {
        true => kinds::BLOB_MISSING.with("path", path.display()).because(error),
        false => error,
    }
}

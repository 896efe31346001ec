//! Bytes by their SHA-256, written once: `blobs/ab/<sha256>`.

use std::path::{Path, PathBuf};

use crate::document::Sha256;
use crate::error::{Error, Result, kinds};
use crate::platform;

/// Largest blob that is read into memory; a source file or a PDF.
const MAX_BLOB_BYTES: u64 = 2_000_000_000;

/// A folder of write-once bytes.
#[derive(Clone, Debug)]
pub struct Blobs {
    folder: PathBuf,
}

impl Blobs {
    /// Opens the folder and makes it when it is new.
    pub(super) fn open(folder: &Path) -> Result<Self> {
        platform::create_private_dir(folder)?;
        Ok(Self { folder: folder.to_owned() })
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
        let sha256 = Sha256::of(bytes);
        let path = self.path(&sha256);
        if path.exists() {
            self.read(&sha256)?;
            return Ok(sha256);
        }
        let folder = path.parent().unwrap_or(&self.folder);
        if !folder.exists() {
            platform::create_private_dir(folder)?;
            platform::sync_dir(&self.folder)?;
        }
        match platform::write_new(&path, bytes) {
            // Another process was faster with the same bytes.
            Err(error) if error.code() == kinds::FILE_EXISTS.code => self.read(&sha256).map(|_| sha256),
            written => written.map(|()| sha256),
        }
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
        let path = self.path(sha256);
        let bytes = platform::read_limited(&path, MAX_BLOB_BYTES).map_err(|error| missing(error, &path))?;
        match Sha256::of(&bytes) == *sha256 {
            true => Ok(bytes),
            false => Err(kinds::BLOB_DAMAGED.with("path", path.display())),
        }
    }
}

fn missing(error: Error, path: &Path) -> Error {
    match error.code() == kinds::FILE_MISSING.code {
        true => kinds::BLOB_MISSING.with("path", path.display()).because(error),
        false => error,
    }
}

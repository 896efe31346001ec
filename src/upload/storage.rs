//! A bucket as the common place of the office's bytes (`blobs = "s3://bucket/prefix"`): each object is named by the SHA-256 of its
//! bytes, is written once and never deleted.

use std::io::Read;
use std::path::Path;

use crate::document::{Hashing, Sha256};
use crate::error::{Clause, Error, Result, kinds};
use crate::station::BlobStore;

use super::s3::S3;
use super::{Config, client};

/// A bucket of write-once bytes.
pub struct Storage {
    s3: S3,
    shown: String,
}

impl std::fmt::Debug for Storage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown)
    }
}

impl Storage {
    /// The bucket of `s3://bucket/prefix`; files of the settings lie under `folder`.
    ///
    /// # Errors
    /// A secret that others can read, or an address that is none.
    pub fn new(place: &str, settings: &BlobStore, folder: &Path) -> Result<Self> {
        let shown = place.to_owned();
        let (bucket, prefix) = place.trim_start_matches("s3://").split_once('/').unwrap_or((place, ""));
        let bucket = bucket.trim_start_matches("s3://");
        let config = Config::of_storage(bucket, prefix, settings);
        if let Some(cause) = config.fault() {
            return Err(kinds::STORE_UNUSABLE.with("store", shown).with("cause", cause));
        }
        Ok(Self { s3: S3::new(&config, folder).map_err(|e| told(e, &shown))?, shown })
    }

    fn key(&self, sha256: &Sha256) -> String {
        self.s3.key(&name(sha256))
    }

    /// Whether the bytes are there; their digest is computed when they are read.
    ///
    /// # Errors
    /// [`kinds::STORE_AWAY`], or [`kinds::STORE_UNUSABLE`] when a person has to act.
    pub fn has(&self, sha256: &Sha256) -> Result<bool> {
        self.s3.lies(&self.key(sha256)).map_err(|e| told(e, &self.shown))
    }

    /// Makes bytes durable there; what is there already stays.
    ///
    /// # Errors
    /// As [`Storage::has`].
    pub fn put(&self, bytes: &[u8], hashing: &Hashing, sha256: &Sha256) -> Result<()> {
        let put = self.s3.put_at(&self.key(sha256), &hashing.with(&[]), bytes);
        match put.map_err(|e| told(e, &self.shown))? {
            answer if matches!(answer.status, 200..=299 | 412) => Ok(()),
            // Another station is just putting the same bytes.
            answer if answer.status == 409 && self.has(sha256)? => Ok(()),
            answer => Err(told(answer.error(&self.shown), &self.shown)),
        }
    }

    /// The bytes, at most `limit` of them; none when they are not there.
    ///
    /// # Errors
    /// As [`Storage::has`].
    pub fn get(&self, sha256: &Sha256, limit: u64) -> Result<Option<Vec<u8>>> {
        let Some(body) = self.s3.read(&self.key(sha256)).map_err(|e| told(e, &self.shown))? else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        let read = body.into_reader().take(limit.min(client::MAX_FILE)).read_to_end(&mut bytes);
        match read {
            Ok(_) if Sha256::of(&bytes) == *sha256 => Ok(Some(bytes)),
            Ok(_) => Err(kinds::BLOB_DAMAGED.with("path", format!("{}/{}", self.shown, name(sha256)))),
            Err(error) => Err(kinds::STORE_AWAY.with("store", &self.shown).because(error)),
        }
    }
}

/// `ab/<sha256>`, as in a folder.
fn name(sha256: &Sha256) -> String {
    format!("{}/{}", sha256.0.get(..2).unwrap_or("00"), sha256.0)
}

/// What a destination calls away is here the store that is away.
fn told(error: Error, shown: &str) -> Error {
    match error.code() {
        "destination_away" | "destination_full" => kinds::STORE_AWAY.with("store", shown).because(error),
        code if code.starts_with("destination_") => {
            let status = error.arg("status").unwrap_or_default();
            let cause = Clause::new("why-bucket").with("code", code).with("status", status);
            let cause = cause.with("fault", Clause::of(&error));
            kinds::STORE_UNUSABLE.with("store", shown).with("cause", cause).because(error)
        }
        _ => error,
    }
}

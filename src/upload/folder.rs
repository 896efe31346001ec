//! Destination `folder`: a local folder or a mounted share. Strongest proof: `proven`, read back byte for byte.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::document::Sha256;
use crate::error::{Error, Result, kinds};
use crate::platform;

use super::{Destination, Proof, Receipt};

/// Largest file that is read back.
const MAX_BYTES: u64 = 2_000_000_000;

/// Content of a probe.
const PROBE: &[u8] = b"scanseal: probe of this destination. It may be deleted.\n";

/// A folder that must exist: a share that is not mounted is away, and is never replaced by a new local folder.
pub(super) struct Folder {
    name: String,
    path: PathBuf,
}

impl Folder {
    /// The destination `name` at `path`.
    pub fn new(name: &str, path: PathBuf) -> Self {
        Self { name: name.to_owned(), path }
    }

    fn away(&self, cause: impl std::fmt::Display) -> Error {
        kinds::DESTINATION_AWAY.with("destination", &self.name).with("cause", cause)
    }

    /// What an error on the share means for the queue.
    fn translate(&self, error: Error) -> Error {
        match error.code() {
            "disk_full" => kinds::DESTINATION_FULL.with("destination", &self.name).because(error),
            "file_denied" => kinds::DESTINATION_DENIED.with("destination", &self.name).because(error),
            "file_exists" => kinds::DESTINATION_CONFLICT.with("destination", &self.name).because(error),
            _ => self.away(&error).because(error),
        }
    }
}

impl Destination for Folder {
    fn reach(&self) -> Result<()> {
        match fs::metadata(&self.path) {
            Ok(meta) if meta.is_dir() => Ok(()),
            Ok(_) => Err(self.away(format!("{} is not a folder", self.path.display()))),
            Err(error) => Err(self.away(format!("{}: {error}", self.path.display()))),
        }
    }

    fn probe(&self, name: &str, sha256: &Sha256) -> Result<Option<Receipt>> {
        let path = self.path.join(name);
        if !exists(&path) {
            return Ok(None);
        }
        let bytes = platform::read_limited(&path, MAX_BYTES).map_err(|e| self.translate(e))?;
        let found = Sha256::of(&bytes);
        if found != *sha256 {
            return Err(kinds::DESTINATION_CONFLICT
                .with("destination", &self.name)
                .with("name", name)
                .with("found", &found));
        }
        Ok(Some(Receipt {
            destination: self.name.clone(),
            proof: Proof::Proven,
            remote_id: name.to_owned(),
            url: path.display().to_string(),
            sha256: found,
            at: Timestamp::now(),
        }))
    }

    fn put(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.reach()?;
        platform::write_new(&self.path.join(name), bytes).map_err(|e| self.translate(e).with("name", name))
    }

    fn trial(&self) -> Result<()> {
        self.reach()?;
        let name = format!("scanseal-probe-{}.txt", uuid::Uuid::now_v7().simple());
        let path = self.path.join(&name);
        platform::write_new(&path, PROBE).map_err(|e| self.translate(e))?;
        let read = platform::read_limited(&path, MAX_BYTES);
        // The probe is ours: its name is new and nobody else's.
        let removed = fs::remove_file(&path).map_err(|e| Error::io(&path, e));
        match read.map_err(|e| self.translate(e))? == PROBE {
            true => removed.map_err(|e| self.translate(e)),
            false => Err(self.away("what is written there does not stay as it was written")),
        }
    }

    fn sweep(&self, name: &str) {
        platform::sweep(&self.path.join(name));
    }
}

fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

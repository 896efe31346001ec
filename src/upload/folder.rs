//! Destination `folder`: a local folder or a mounted share. Strongest proof: `proven`, read back byte for byte.

use std::fs;
use std::path::{Path, PathBuf};

use crate::document::Sha256;
use crate::error::{Error, Result, kinds};
use crate::platform;

use super::parcel::Parcel;
use super::{Destination, Probe, Put};

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

    fn probe(&self, parcel: &Parcel, _ticket: Option<&str>) -> Result<Probe> {
        let path = self.path.join(&parcel.name);
        if !exists(&path) {
            return Ok(Probe::Absent);
        }
        let bytes = platform::read_limited(&path, MAX_BYTES).map_err(|e| self.translate(e))?;
        super::compared(&self.name, parcel, Sha256::of(&bytes), path.display().to_string())
    }

    fn put(&self, parcel: &Parcel, bytes: &[u8]) -> Result<Put> {
        self.reach()?;
        for (name, content) in &parcel.along {
            match platform::write_new(&self.path.join(name), content) {
                // There since an attempt that was cut off; another file of this name stays as it is.
                Err(error) if error.code() == kinds::FILE_EXISTS.code => {}
                written => written.map_err(|e| self.translate(e).with("name", name))?,
            }
        }
        let written = platform::write_new(&self.path.join(&parcel.name), bytes);
        written.map(|()| Put::Stored).map_err(|e| self.translate(e).with("name", &parcel.name))
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

    fn sweep(&self, parcel: &Parcel) {
        platform::sweep(&self.path.join(&parcel.name));
    }
}

fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

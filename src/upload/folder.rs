//! Destination `folder`: a local folder or a mounted share. Strongest proof: `proven`, read back byte for byte.
//!
//! A share that is not mounted leaves its empty folder behind, which takes documents as well and is not the system. Nothing is put
//! beside the documents to tell the two apart. The store remembers instead over how many mounted file systems a folder was reached
//! when a document arrived there; with fewer of them it is away. That number outlives restarts, other device numbers and a new disk
//! under the share, and a folder of this computer has the same number always. A folder that shall lie on this computer from now on
//! is another one: it gets another path or name in the station file.
//!
//! What lies under the name of a copy may be anything. It is opened only when it is a file, and it is the fault of nobody but the
//! document whose name it has.

use std::fs;
use std::io::{ErrorKind, Read};
use std::path::PathBuf;

use crate::document::Sha256;
use crate::error::{Error, Result, kinds};
use crate::platform;

use super::parcel::Parcel;
use super::{Destination, Probe, Put, client, why};

/// Content of a probe.
const PROBE: &[u8] = b"scanseal: probe of this destination. It may be deleted.\n";

/// A folder that must exist: a share that is not mounted is away, and is never replaced by a new local folder.
pub(super) struct Folder {
    name: String,
    path: PathBuf,
    /// Mounted file systems over which it was reached when a document arrived.
    mounts: usize,
}

impl Folder {
    /// The destination `name` at `path`, which was reached over so many mounted file systems.
    pub fn new(name: &str, path: PathBuf, mounts: usize) -> Self {
        Self { name: name.to_owned(), path, mounts }
    }

    fn away(&self, cause: impl std::fmt::Display) -> Error {
        why::away(&self.name, cause)
    }

    /// What an error on the share means for the queue.
    fn translate(&self, error: Error) -> Error {
        match error.code() {
            "disk_full" => kinds::DESTINATION_FULL.with("destination", &self.name).because(error),
            "file_denied" => kinds::DESTINATION_DENIED.with("destination", &self.name).because(error),
            "file_missing" => why::no_folder(&self.name, self.path.display()).because(error),
            _ => self.away(&error).because(error),
        }
    }
}

impl Folder {
    /// Digest of the file under a name; none when nothing is there.
    fn read_back(&self, name: &str) -> Result<Option<Sha256>> {
        let path = self.path.join(name);
        let failed = |e| self.translate(Error::io(&path, e));
        match fs::symlink_metadata(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
            Ok(meta) if !meta.is_file() => return Err(super::conflict(&self.name, name)),
            Ok(_) => {}
        }
        let file = platform::open_unknown(&path).map_err(failed)?;
        // Looked at again, because it may be another one by now.
        let meta = file.metadata().map_err(failed)?;
        if !meta.is_file() || meta.len() > client::MAX_FILE {
            return Err(super::conflict(&self.name, name));
        }
        client::digest(file.take(client::MAX_FILE)).map(Some).map_err(failed)
    }

    /// Whether a file that goes along is there as it should be.
    fn is_along(&self, name: &str, content: &[u8]) -> Result<bool> {
        match self.read_back(name)? {
            Some(found) if found != Sha256::of(content) => Err(super::conflict(&self.name, name)),
            found => Ok(found.is_some()),
        }
    }

    /// Writes a file under a name; what lies there stays as it is, and the probe tells what that is.
    fn write(&self, name: &str, bytes: &[u8]) -> Result<Put> {
        match platform::write_new(&self.path.join(name), bytes) {
            Err(error) if error.code() == kinds::FILE_EXISTS.code => Ok(Put::Occupied),
            written => written.map(|()| Put::Stored).map_err(|e| self.translate(e).with("name", name)),
        }
    }
}

impl Destination for Folder {
    fn reach(&self) -> Result<()> {
        match fs::metadata(&self.path) {
            Ok(meta) if !meta.is_dir() => Err(why::no_folder(&self.name, self.path.display())),
            Ok(_) if platform::mounts(&self.path).map_err(|e| self.away(e))? < self.mounts => {
                let unmounted = kinds::DESTINATION_UNMOUNTED.with("destination", &self.name);
                Err(unmounted.with("path", self.path.display()))
            }
            Ok(_) => Ok(()),
            Err(error) => Err(why::no_folder(&self.name, self.path.display()).because(error)),
        }
    }

    fn probe(&self, parcel: &Parcel, _ticket: Option<&str>) -> Result<Probe> {
        let Some(found) = self.read_back(&parcel.name)? else { return Ok(Probe::Absent) };
        // Nobody's document: a writer was killed on a share without hard links.
        if found == Sha256::of(b"") && platform::clear_claim(&self.path.join(&parcel.name)) {
            return Ok(Probe::Absent);
        }
        let url = self.path.join(&parcel.name).display().to_string();
        let there = super::compared(&self.name, parcel, found, url)?;
        for (name, content) in &parcel.along {
            if !self.is_along(name, content)? {
                return Ok(Probe::Absent);
            }
        }
        Ok(there)
    }

    fn put(&self, parcel: &Parcel, bytes: &[u8]) -> Result<Put> {
        self.reach()?;
        for (name, content) in &parcel.along {
            self.write(name, content)?;
            // Before the document is there, so that nobody finds it beside a file that is not its own.
            self.is_along(name, content)?;
        }
        self.write(&parcel.name, bytes)
    }

    fn trial(&self) -> Result<()> {
        self.reach()?;
        let name = format!("scanseal-probe-{}.txt", uuid::Uuid::now_v7().simple());
        let path = self.path.join(&name);
        platform::write_new(&path, PROBE).map_err(|e| self.translate(e))?;
        let read = platform::read_limited(&path, client::MAX_FILE);
        // The probe is ours: its name is new and nobody else's.
        let removed = fs::remove_file(&path).map_err(|e| Error::io(&path, e));
        match read.map_err(|e| self.translate(e))? == PROBE {
            true => removed.map_err(|e| self.translate(e)),
            false => Err(why::not_kept(&self.name)),
        }
    }

    fn sweep(&self, parcel: &Parcel) {
        platform::sweep(&self.path.join(&parcel.name));
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::error::Retry;

    fn folder(mounts: usize) -> (tempfile::TempDir, Folder) {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::new("dms", temporary.path().to_owned(), mounts);
        (temporary, folder)
    }

    #[test]
    fn a_folder_that_lost_its_mount_is_away() {
        let (_temporary, here) = folder(0);
        here.reach().unwrap();
        let (_temporary, lost) = folder(99);
        let parcel = Parcel::bare("a.pdf", b"%PDF");
        for error in [lost.reach().unwrap_err(), lost.put(&parcel, b"%PDF").unwrap_err()] {
            assert_eq!((error.code(), error.kind().retry), ("destination_unmounted", Retry::Later));
        }
        assert_eq!(lost.probe(&parcel, None).unwrap(), Probe::Absent);
        // Every Linux has one below the root.
        assert_eq!(platform::mounts(Path::new("/")).unwrap(), 0);
        assert!(platform::mounts(Path::new("/proc/self")).unwrap() >= 1);
    }

    #[test]
    fn whatever_lies_under_a_name_is_a_conflict_of_that_name() {
        let (temporary, folder) = folder(0);
        let at = |name: &str| temporary.path().join(name);
        fs::create_dir(at("folder.pdf")).unwrap();
        fs::write(at("theirs.pdf"), "theirs").unwrap();
        std::os::unix::fs::symlink("/dev/zero", at("link.pdf")).unwrap();
        let made = std::process::Command::new("mkfifo").arg(at("pipe.pdf")).status().unwrap();
        assert!(made.success());
        for name in ["folder.pdf", "theirs.pdf", "link.pdf", "pipe.pdf"] {
            let parcel = Parcel::bare(name, b"%PDF");
            assert_eq!(folder.put(&parcel, b"%PDF").unwrap(), Put::Occupied, "{name}");
            let error = folder.probe(&parcel, None).unwrap_err();
            assert_eq!((error.code(), error.arg("name")), ("destination_conflict", Some(name)));
        }
        assert_eq!(fs::read(at("theirs.pdf")).unwrap(), b"theirs");
    }

    #[test]
    fn the_empty_file_of_a_killed_writer_is_no_document() {
        let (temporary, folder) = folder(0);
        let at = |name: &str| temporary.path().join(name);
        let parcel = Parcel::bare("a.pdf", b"%PDF");
        fs::write(at("a.pdf"), "").unwrap();
        assert_eq!(folder.probe(&parcel, None).unwrap_err().code(), "destination_conflict");
        fs::write(at(".scanseal-a.pdf.-0192f0c0a1b27c3d8e4f5a6b7c8d9e0f.part"), "%P").unwrap();
        assert_eq!(folder.probe(&parcel, None).unwrap(), Probe::Absent);
        folder.sweep(&parcel);
        folder.put(&parcel, b"%PDF").unwrap();
        assert!(matches!(folder.probe(&parcel, None).unwrap(), Probe::There(_)));
        assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 1);
    }

    #[test]
    fn the_word_file_is_there_or_the_document_is_not() {
        let (temporary, folder) = folder(0);
        let at = |name: &str| temporary.path().join(name);
        let mut parcel = Parcel::bare("a.pdf", b"%PDF");
        parcel.along.push(("a.docx".to_owned(), b"PK ours".to_vec()));
        fs::write(at("a.docx"), "PK theirs").unwrap();
        let error = folder.put(&parcel, b"%PDF").unwrap_err();
        assert_eq!((error.code(), error.arg("name")), ("destination_conflict", Some("a.docx")));
        assert!(!at("a.pdf").exists(), "not beside the Word file of another document");
        // The document is there and its Word file is not: it is put beside it.
        fs::remove_file(at("a.docx")).unwrap();
        fs::write(at("a.pdf"), "%PDF").unwrap();
        assert_eq!(folder.probe(&parcel, None).unwrap(), Probe::Absent);
        folder.put(&parcel, b"%PDF").unwrap();
        assert!(matches!(folder.probe(&parcel, None).unwrap(), Probe::There(_)));
        assert_eq!(fs::read(at("a.docx")).unwrap(), b"PK ours");
    }
}

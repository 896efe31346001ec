//! The only place with operating-system code: durable writes, who may write a file, private folders, network shares.

use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::path::Path;

use crate::error::{Error, Result, kinds};

mod temporary;

use temporary::Temporary;
pub use temporary::{clear_claim, mark_temporary_files, sweep, sweep_dead, sweep_marked};

#[cfg(unix)]
#[path = "unix.rs"]
mod system;
#[cfg(windows)]
#[path = "windows.rs"]
mod system;

pub use system::{
    asked_to_stop, create_private_dir, free_bytes, is_network_share, make_private, mounts, no_core_dumps,
    open_unknown, others_can_read, others_can_write, owned_by_root_or_us, plain_output, private_file,
    read_at, sync_dir, user_name,
};

/// Writes `bytes` to `path` so that after a power cut there is either nothing or all of it:
/// temporary file beside it, fsync, link without replacing, fsync of the folder (rule 1).
///
/// # Errors
/// [`kinds::FILE_EXISTS`] when `path` exists already; a disk error otherwise, with the temporary file removed.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    write_new_as(path, bytes, &options)
}

/// As [`write_new`], for its owner's eyes only.
///
/// # Errors
/// As [`write_new`].
pub fn write_new_private(path: &Path, bytes: &[u8]) -> Result<()> {
    write_new_as(path, bytes, &private_file())
}

/// Puts `bytes` in the place of a settings file, so that after a power cut there is either the old one or the new one. Nothing
/// that holds a document is ever replaced.
///
/// # Errors
/// A disk error.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = |e| Error::io(path, e);
    let mut temporary = Temporary::create(folder_of(path), path, &private_file()).map_err(failed)?;
    temporary.write(bytes).map_err(failed)?;
    fs::rename(&temporary.path, path).map_err(failed)?;
    drop(temporary);
    sync_dir(folder_of(path))
}

fn write_new_as(path: &Path, bytes: &[u8], options: &OpenOptions) -> Result<()> {
    // Nothing is written in vain; that nothing is replaced is up to the link below.
    if fs::symlink_metadata(path).is_ok() {
        return Err(kinds::FILE_EXISTS.with("path", path.display()));
    }
    // The person knows the final name, not the temporary one.
    let failed = |e| Error::io(path, e);
    let mut temporary = Temporary::create(folder_of(path), path, options).map_err(failed)?;
    temporary.write(bytes).map_err(failed)?;
    publish(&temporary.path, path)?;
    drop(temporary);
    sync_dir(folder_of(path))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file that is written and fsynced and has no name yet that others know; it goes when it is not published.
#[derive(Debug)]
pub struct Staged(Temporary);

impl Staged {
    /// Fills a new hidden file in `folder`, however large, and fsyncs it.
    ///
    /// # Errors
    /// A disk error, or what `fill` fails with.
    pub fn write<T>(folder: &Path, fill: impl FnOnce(&mut File) -> Result<T>) -> Result<(Self, T)> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        let staged = Temporary::create(folder, Path::new("staged"), &options);
        let mut staged = staged.map_err(|e| Error::io(folder, e))?;
        let filled = fill(&mut staged.file)?;
        staged.file.sync_all().map_err(|e| Error::io(&staged.path, e))?;
        Ok((Self(staged), filled))
    }

    /// Gives it its name, without ever replacing a file (rule 1).
    ///
    /// # Errors
    /// [`kinds::FILE_EXISTS`], or a disk error.
    pub fn publish(self, path: &Path) -> Result<()> {
        publish(&self.0.path, path)?;
        sync_dir(folder_of(path))
    }
}

/// Publishes `temporary` under `path` without ever replacing a file.
fn publish(temporary: &Path, path: &Path) -> Result<()> {
    let published = match fs::hard_link(temporary, path) {
        // Any other failure is one: what shall be published may be gone, or the disk is.
        Err(error) if system::knows_no_links(&error) => rename_new(temporary, path),
        linked => linked,
    };
    published.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => kinds::FILE_EXISTS.with("path", path.display()),
        _ => Error::io(path, error),
    })
}

/// For file systems without hard links. Where the system cannot do it in one step either, there are two, guarded by an exclusive
/// create; nothing is left under the name when the second one fails.
fn rename_new(temporary: &Path, path: &Path) -> std::io::Result<()> {
    if let Some(renamed) = system::rename_without_replacing(temporary, path) {
        return renamed;
    }
    fs::symlink_metadata(temporary)?;
    OpenOptions::new().write(true).create_new(true).open(path)?;
    fs::rename(temporary, path).inspect_err(|_| drop(fs::remove_file(path)))
}

/// Whether a file begins with these bytes.
///
/// # Errors
/// A disk error.
pub fn starts_with(path: &Path, bytes: &[u8]) -> Result<bool> {
    use std::io::Read;
    let file = File::open(path).map_err(|e| Error::io(path, e))?;
    let mut start = Vec::with_capacity(bytes.len());
    file.take(bytes.len() as u64).read_to_end(&mut start).map_err(|e| Error::io(path, e))?;
    Ok(start == bytes)
}

/// Reads a file of at most `limit` bytes.
///
/// # Errors
/// [`kinds::FILE_TOO_LARGE`] above the limit, before anything is allocated for it.
pub fn read_limited(path: &Path, limit: u64) -> Result<Vec<u8>> {
    read_roomy(path, limit, 0)
}

/// As [`read_limited`], with room for so many bytes that will be put behind it.
pub(crate) fn read_roomy(path: &Path, limit: u64, room: usize) -> Result<Vec<u8>> {
    use std::io::Read;
    let file = File::open(path).map_err(|e| Error::io(path, e))?;
    let size = file.metadata().map_err(|e| Error::io(path, e))?.len();
    if size > limit {
        return Err(kinds::FILE_TOO_LARGE
            .with("path", path.display())
            .with("size", size)
            .with("limit", limit));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0).saturating_add(room));
    file.take(limit).read_to_end(&mut bytes).map_err(|e| Error::io(path, e))?;
    Ok(bytes)
}

/// SHA-256 of a file, read in pieces.
///
/// # Errors
/// A disk error.
pub fn digest(path: &Path) -> Result<crate::document::Sha256> {
    use sha2::Digest;
    use std::io::Read;
    let mut file = File::open(path).map_err(|e| Error::io(path, e))?;
    let (mut hasher, mut buffer) = (sha2::Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut buffer).map_err(|e| Error::io(path, e))? {
            0 => return Ok(crate::document::Sha256(crate::document::hex(&hasher.finalize()))),
            count => hasher.update(buffer.get(..count).unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_links_nothing_is_replaced_and_nothing_empty_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let [from, to] = ["from", "to"].map(|name| folder.path().join(name));
        assert_eq!(rename_new(&from, &to).unwrap_err().kind(), ErrorKind::NotFound);
        assert_eq!(publish(&from, &to).unwrap_err().code(), "file_missing");
        assert!(!to.exists());
        fs::write(&from, "ours").unwrap();
        fs::write(&to, "theirs").unwrap();
        assert_eq!(rename_new(&from, &to).unwrap_err().kind(), ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&to).unwrap(), b"theirs");
        fs::remove_file(&to).unwrap();
        rename_new(&from, &to).unwrap();
        assert_eq!(fs::read(&to).unwrap(), b"ours");
    }
}

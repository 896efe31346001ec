//! The only place with operating-system code: durable writes, who may write a file, private folders, network shares.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::error::{Error, Result, kinds};

#[cfg(unix)]
#[path = "unix.rs"]
mod system;
#[cfg(windows)]
#[path = "windows.rs"]
mod system;

pub use system::{
    asked_to_stop, create_private_dir, free_bytes, is_network_share, make_private, no_core_dumps,
    others_can_read, others_can_write, owned_by_root_or_us, plain_output, private_file, read_at, sync_dir,
    user_name,
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
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let temporary = folder.join(temporary_name(path));
    let synced = write_synced(&temporary, bytes, &private_file()).map_err(|e| Error::io(path, e));
    let replaced = synced.and_then(|()| fs::rename(&temporary, path).map_err(|e| Error::io(path, e)));
    let _ = fs::remove_file(&temporary);
    replaced?;
    sync_dir(folder)
}

fn write_new_as(path: &Path, bytes: &[u8], options: &OpenOptions) -> Result<()> {
    // Nothing is written in vain; that nothing is replaced is up to the link below.
    if fs::symlink_metadata(path).is_ok() {
        return Err(kinds::FILE_EXISTS.with("path", path.display()));
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let temporary = folder.join(temporary_name(path));
    // The person knows the final name, not the temporary one.
    let synced = write_synced(&temporary, bytes, options).map_err(|e| Error::io(path, e));
    let written = synced.and_then(|()| publish(&temporary, path));
    // A failed clean-up leaves a hidden .part file that the next start removes; it must not hide the first error.
    let _ = fs::remove_file(&temporary);
    written?;
    sync_dir(folder)
}

/// A file that is written and fsynced and has no name yet that others know; it goes when it is not published.
#[derive(Debug)]
pub struct Staged {
    temporary: PathBuf,
}

impl Staged {
    /// Fills a new hidden file in `folder`, however large, and fsyncs it.
    ///
    /// # Errors
    /// A disk error, or what `fill` fails with.
    pub fn write<T>(folder: &Path, fill: impl FnOnce(&mut File) -> Result<T>) -> Result<(Self, T)> {
        let temporary = folder.join(temporary_name(Path::new("staged")));
        let staged = Self { temporary };
        let failed = |e| Error::io(&staged.temporary, e);
        let mut file =
            OpenOptions::new().write(true).create_new(true).open(&staged.temporary).map_err(failed)?;
        let filled = fill(&mut file)?;
        file.sync_all().map_err(failed)?;
        Ok((staged, filled))
    }

    /// Gives it its name, without ever replacing a file (rule 1).
    ///
    /// # Errors
    /// [`kinds::FILE_EXISTS`], or a disk error.
    pub fn publish(self, path: &Path) -> Result<()> {
        publish(&self.temporary, path)?;
        sync_dir(path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")))
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        // As in write_new: what a failed clean-up leaves is hidden and harmless.
        let _ = fs::remove_file(&self.temporary);
    }
}

/// Stands in the temporary names of this process, so that others know whose they are after its death.
static MARK: OnceLock<String> = OnceLock::new();

/// Gives the temporary files of this process a mark, which [`sweep_marked`] takes. The first one counts.
pub fn mark_temporary_files(mark: &str) {
    MARK.get_or_init(|| mark.to_owned());
}

/// A hidden name of our own beside the final one: `.scanseal-NAME.<mark>-<unique>.part`.
fn temporary_name(path: &Path) -> OsString {
    let mut name = temporary_prefix(path);
    let mark = MARK.get().map_or("", String::as_str);
    name.push(format!("{mark}-{}.part", uuid::Uuid::now_v7().simple()));
    name
}

/// Removes the temporary files in `folder`, not below it, of a process with this mark, which has died.
pub fn sweep_marked(folder: &Path, mark: &str) {
    let middle = format!(".{mark}-");
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(".scanseal-") && name.contains(&middle) && name.ends_with(".part") {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Longest name, bytes, that stands in a temporary name as it is.
const MAX_PREFIX: usize = 120;

fn temporary_prefix(path: &Path) -> OsString {
    let own = path.file_name().unwrap_or_default().to_string_lossy();
    // A name may have 255 bytes, and this one needs some for itself; long ones are told apart by their digest.
    let own = match own.len() <= MAX_PREFIX {
        true => own.into_owned(),
        false => crate::document::Sha256::of(own.as_bytes()).0,
    };
    OsString::from(format!(".scanseal-{own}."))
}

/// Removes what a killed [`write_new`] of the same path left behind. Only for a caller who alone may write that path.
pub fn sweep(path: &Path) {
    let prefix = temporary_prefix(path);
    let folder = path.parent().unwrap_or(Path::new("."));
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let ours = name.as_encoded_bytes().starts_with(prefix.as_encoded_bytes());
        if ours && name.as_encoded_bytes().ends_with(b".part") {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Publishes `temporary` under `path` without ever replacing a file.
fn publish(temporary: &Path, path: &Path) -> Result<()> {
    match fs::hard_link(temporary, path) {
        Ok(()) => Ok(()),
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
            Err(kinds::FILE_EXISTS.with("path", path.display()))
        }
        Err(_) => rename_new(temporary, path),
    }
}

/// For file systems without hard links: the check and the rename are two steps, guarded by an exclusive create.
fn rename_new(temporary: &Path, path: &Path) -> Result<()> {
    match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(_) => fs::rename(temporary, path).map_err(|e| Error::io(path, e)),
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
            Err(kinds::FILE_EXISTS.with("path", path.display()))
        }
        Err(e) => Err(Error::io(path, e)),
    }
}

/// Writes and fsyncs one file, which must not exist.
fn write_synced(path: &Path, bytes: &[u8], options: &OpenOptions) -> std::io::Result<()> {
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
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

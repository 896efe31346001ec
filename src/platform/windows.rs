//! The Windows arm. Folders inherit the access list of the user's profile; the owner check is left to it.

use std::fs;
use std::path::{Component, Path, Prefix};

use crate::error::{Error, Result};

/// Standard output without the buffer that cuts what is written at each end of line.
///
/// # Errors
/// When it is closed.
pub fn plain_output() -> std::io::Result<fs::File> {
    use std::os::windows::io::AsHandle;
    std::io::stdout().as_handle().try_clone_to_owned().map(fs::File::from)
}

/// Opens what may be no file; pipes do not lie in folders here.
///
/// # Errors
/// As the system says.
pub fn open_unknown(path: &Path) -> std::io::Result<fs::File> {
    fs::File::open(path)
}

/// A share that is not connected has no letter and no path, so there is nothing to count.
pub fn mounts(_folder: &Path) -> Result<usize> {
    Ok(0)
}

/// Makes a folder and its parents; access is inherited.
pub fn create_private_dir(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(|e| Error::io(path, e))
}

/// Access is inherited from the user's profile.
pub fn make_private(_path: &Path) -> Result<()> {
    Ok(())
}

/// NTFS journals names by itself; there is nothing to sync.
pub fn sync_dir(_folder: &Path) -> Result<()> {
    Ok(())
}

/// Whether a hard link failed because the file system has none; FAT has many words for it.
pub fn knows_no_links(error: &std::io::Error) -> bool {
    use std::io::ErrorKind;
    !matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::NotFound | ErrorKind::StorageFull)
}

/// There is no such step in the standard library.
pub fn rename_without_replacing(_from: &Path, _to: &Path) -> Option<std::io::Result<()>> {
    None
}

/// Read-only attribute aside, access lists decide; they are inherited from the workspace folder.
pub fn others_can_write(path: &Path) -> Result<bool> {
    fs::metadata(path).map(|_| false).map_err(|e| Error::io(path, e))
}

/// Access lists decide; they are inherited from the workspace folder.
pub fn others_can_read(path: &Path) -> Result<bool> {
    fs::metadata(path).map(|_| false).map_err(|e| Error::io(path, e))
}

/// Access lists decide; see [`others_can_write`].
pub fn owned_by_root_or_us(path: &Path) -> Result<bool> {
    fs::metadata(path).map(|_| true).map_err(|e| Error::io(path, e))
}

/// Whether the folder is named by a UNC path.
pub fn is_network_share(folder: &Path) -> Result<bool> {
    let full = folder.canonicalize().map_err(|e| Error::io(folder, e))?;
    Ok(
        matches!(full.components().next(), Some(Component::Prefix(p)) if matches!(p.kind(), Prefix::UNC(..) | Prefix::VerbatimUNC(..))),
    )
}

/// How to open a new file; access is inherited from the private folder that it lies in.
pub fn private_file() -> fs::OpenOptions {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    options
}

/// Room on the disk; not asked on this system, where the check is passed over.
pub fn free_bytes(_folder: &Path) -> Result<u64> {
    Ok(u64::MAX)
}

/// Login name of the user who runs the program.
pub fn user_name() -> String {
    std::env::var("USERNAME").unwrap_or_else(|_| "unknown".to_owned())
}

/// Crash dumps are off unless the administrator turned them on.
pub fn no_core_dumps() {}

/// Reads from a place in a file; its own position moves along, which nobody here relies on.
pub fn read_at(file: &fs::File, offset: u64, buffer: &mut [u8]) -> std::io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

/// Done when the person presses Ctrl-C.
pub async fn asked_to_stop() {
    // Where the system cannot tell, the program ends as any other does.
    let _ = tokio::signal::ctrl_c().await;
}

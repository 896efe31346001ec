//! Files in the making: `.scanseal-NAME.<mark>-<unique>.part` beside the final one, and what becomes of those whose process was
//! killed. The operating system keeps a lock on each as long as its process lives, so whoever can take the lock may remove it.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Error, ErrorKind, Result, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::document::Sha256;

/// Longest name, bytes, that stands in a temporary name as it is.
const MAX_PREFIX: usize = 120;
/// How often another name is tried when somebody sweeps a file before its lock is taken.
const TRIES: usize = 10;
const START: &str = ".scanseal-";
const END: &str = ".part";

/// Stands in the temporary names of this process, so that others know whose they are after its death.
static MARK: OnceLock<String> = OnceLock::new();

/// Gives the temporary files of this process a mark, which [`sweep_marked`] takes. The first one counts.
pub fn mark_temporary_files(mark: &str) {
    MARK.get_or_init(|| mark.to_owned());
}

/// A file in the making, locked; it goes when it is dropped.
#[derive(Debug)]
pub(super) struct Temporary {
    pub path: PathBuf,
    pub file: File,
}

impl Temporary {
    /// Makes one in `folder` for a file that shall be called as `path` is.
    pub fn create(folder: &Path, path: &Path, options: &OpenOptions) -> Result<Self> {
        for _ in 0..TRIES {
            let temporary = folder.join(name(path));
            let made = Self { file: options.open(&temporary)?, path: temporary };
            // Where a file system knows no locks nobody gets one to sweep with either.
            let swept = matches!(made.file.try_lock(), Err(TryLockError::WouldBlock));
            if !swept && made.path.symlink_metadata().is_ok() {
                return Ok(made);
            }
        }
        Err(Error::from(ErrorKind::ResourceBusy))
    }

    /// Writes all of it and makes it durable.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes)?;
        self.file.sync_all()
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // What a failed clean-up leaves is hidden and swept later; it must not hide the first error.
        let _ = fs::remove_file(&self.path);
    }
}

fn name(path: &Path) -> OsString {
    let mut name = prefix(path);
    let mark = MARK.get().map_or("", String::as_str);
    name.push(format!("{mark}-{}{END}", uuid::Uuid::now_v7().simple()));
    name
}

fn prefix(path: &Path) -> OsString {
    let own = path.file_name().unwrap_or_default().to_string_lossy();
    // A name may have 255 bytes, and this one needs some for itself; long ones are told apart by their digest.
    let own = match own.len() <= MAX_PREFIX {
        true => own.into_owned(),
        false => Sha256::of(own.as_bytes()).0,
    };
    OsString::from(format!("{START}{own}."))
}

/// The regular files in `folder`, not below it, whose names fit.
fn files(folder: &Path, fits: impl Fn(&str) -> bool) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let entries = entries.filter(move |entry| entry.file_name().to_str().is_some_and(&fits));
    entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file())).map(|entry| entry.path())
}

/// Removes the temporary files in `folder`, not below it, of a process with this mark, which has died.
pub fn sweep_marked(folder: &Path, mark: &str) {
    let middle = format!(".{mark}-");
    let ours = |name: &str| name.starts_with(START) && name.contains(&middle) && name.ends_with(END);
    files(folder, ours).for_each(|path| drop(fs::remove_file(path)));
}

/// Removes what a killed [`super::write_new`] of the same path left behind. Only for a caller who alone may write that path.
pub fn sweep(path: &Path) {
    let prefix = prefix(path).to_string_lossy().into_owned();
    let ours = |name: &str| name.starts_with(&prefix) && name.ends_with(END);
    files(super::folder_of(path), ours).for_each(|path| drop(fs::remove_file(path)));
}

/// Removes the temporary files in `folder`, not below it, that no living process writes, whoever else uses the folder.
pub fn sweep_dead(folder: &Path) {
    for path in files(folder, is_temporary) {
        // The lock is kept until the file is gone: its writer, should it just begin, takes another name then.
        if let Ok(file) = OpenOptions::new().write(true).open(&path)
            && file.try_lock().is_ok()
        {
            let _ = fs::remove_file(&path);
        }
    }
}

/// Whether a name is one of [`name`]: something, a mark or none, and what makes it unique.
fn is_temporary(name: &str) -> bool {
    let middle = name.strip_prefix(START).and_then(|name| name.strip_suffix(END));
    let parts = middle.and_then(|middle| middle.rsplit_once('-'));
    let parts = parts.and_then(|(own, unique)| Some((own.rsplit_once('.')?, unique)));
    let number = |text: &str| text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
    parts.is_some_and(|((own, mark), unique)| {
        !own.is_empty() && (mark.is_empty() || number(mark)) && number(unique)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_dead_are_swept() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        let alive = Temporary::create(folder.path(), Path::new("a.pdf"), &options).unwrap();
        let unique = "0192f0c0a1b27c3d8e4f5a6b7c8d9e0f";
        let dead =
            [format!(".scanseal-a.pdf.-{unique}.part"), format!(".scanseal-b c.pdf.{unique}-{unique}.part")];
        let others = [
            "a.pdf".to_owned(),
            ".scanseal-a.pdf.part".to_owned(),
            format!("scanseal-a.pdf.-{unique}.part"),
            format!(".scanseal-a.pdf.x-{unique}.part"),
            format!(".scanseal-a.pdf.-{unique}.part.bak"),
        ];
        dead.iter().chain(&others).for_each(|name| fs::write(path(name), "x").unwrap());
        fs::create_dir(path(&format!(".scanseal-d.-{unique}.part"))).unwrap();
        sweep_dead(folder.path());
        assert!(dead.iter().all(|name| !path(name).exists()));
        assert!(others.iter().all(|name| path(name).exists()));
        assert!(alive.path.exists() && path(&format!(".scanseal-d.-{unique}.part")).is_dir());
        let left = alive.path.clone();
        drop(alive);
        assert!(!left.exists());
    }
}

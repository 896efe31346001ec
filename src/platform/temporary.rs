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

/// Removes what killed writers of the same path left behind, on whichever machine they were. What a living one writes stays.
pub fn sweep(path: &Path) {
    let prefix = prefix(path).to_string_lossy().into_owned();
    let ours = |name: &str| name.starts_with(&prefix) && is_temporary(name);
    files(super::folder_of(path), ours).for_each(|path| drop(remove_dead(&path)));
}

/// Removes the temporary files in `folder`, not below it, that no living process writes, whoever else uses the folder.
pub fn sweep_dead(folder: &Path) {
    files(folder, is_temporary).for_each(|path| drop(remove_dead(&path)));
}

/// Takes an empty file away that a writer left under `path` when it was killed between the two steps of
/// [`super::rename_new`]: beside it lies what it was to be replaced by, and nobody alive is at it. Gives whether it did.
pub fn clear_claim(path: &Path) -> bool {
    let prefix = prefix(path).to_string_lossy().into_owned();
    let ours = |name: &str| name.starts_with(&prefix) && is_temporary(name);
    let left: Vec<PathBuf> = files(super::folder_of(path), ours).collect();
    let held: Vec<File> = left.iter().filter_map(|path| hold(path)).collect();
    let empty = path.symlink_metadata().is_ok_and(|meta| meta.is_file() && meta.len() == 0);
    empty && !left.is_empty() && held.len() == left.len() && fs::remove_file(path).is_ok()
}

/// The lock on a temporary file, unless its writer lives.
fn hold(path: &Path) -> Option<File> {
    let file = OpenOptions::new().write(true).open(path).ok()?;
    file.try_lock().is_ok().then_some(file)
}

/// The lock is kept until the file is gone: its writer, should it just begin, takes another name then.
fn remove_dead(path: &Path) -> Result<()> {
    let _lock = hold(path).ok_or(ErrorKind::WouldBlock)?;
    fs::remove_file(path)
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

    #[test]
    fn a_sweep_of_one_name_leaves_the_living_and_other_names() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        let alive = Temporary::create(folder.path(), Path::new("a.pdf"), &options).unwrap();
        let unique = "0192f0c0a1b27c3d8e4f5a6b7c8d9e0f";
        let [dead, other] = ["a.pdf", "b.pdf"].map(|name| path(&format!(".scanseal-{name}.-{unique}.part")));
        [&dead, &other].into_iter().for_each(|path| fs::write(path, "x").unwrap());
        sweep(&path("a.pdf"));
        assert!(!dead.exists() && other.exists() && alive.path.exists());
    }

    #[test]
    fn an_empty_file_is_taken_away_only_where_a_killed_writer_left_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.pdf");
        fs::write(&path, "").unwrap();
        assert!(!clear_claim(&path), "somebody else's empty file");
        let part = folder.path().join(".scanseal-a.pdf.-0192f0c0a1b27c3d8e4f5a6b7c8d9e0f.part");
        fs::write(&part, "%PDF").unwrap();
        let alive = hold(&part).unwrap();
        assert!(!clear_claim(&path), "its writer is alive");
        drop(alive);
        fs::write(&path, "theirs").unwrap();
        assert!(!clear_claim(&path), "not empty");
        fs::write(&path, "").unwrap();
        assert!(clear_claim(&path) && !path.exists() && part.exists());
    }
}

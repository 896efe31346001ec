//! Which leases belong to a process that has died. Every process that opens a store holds the lock of a file of its own;
//! the operating system lets go of it when the process ends, however it ends. So a restart goes on at once, and nobody
//! waits for a lease to run out; between machines the leases' time limit still holds.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::{Error, Result};
use crate::platform;

/// The lock of this process.
#[derive(Clone, Debug)]
pub(super) struct Holder {
    /// Prefix of every lease token of this process.
    pub name: String,
    /// Locked until the process ends; none where nothing can be written.
    lock: Option<Arc<Guard>>,
}

/// Removes the lock file on an end that leaves no lease behind.
#[derive(Debug)]
struct Guard {
    path: PathBuf,
    _file: File,
    leases: AtomicUsize,
}

impl Drop for Guard {
    fn drop(&mut self) {
        // On a full disk a lease cannot even be given back. Then the next process finds the file and takes it as from the
        // dead; it would also find one that could not be removed.
        if self.leases.load(Ordering::Relaxed) == 0 {
            let _ = fs::remove_file(&self.path);
        }
    }
}

impl Holder {
    /// Locks a new file in `folder`. It gets its name only when it is locked, so that nobody takes it for a dead one.
    pub fn enter(folder: &Path) -> Result<Self> {
        platform::create_private_dir(folder)?;
        let name = uuid::Uuid::now_v7().simple().to_string();
        let (fresh, path) = (folder.join(format!("{name}.new")), folder.join(format!("{name}.lock")));
        let lock = || -> std::io::Result<File> {
            let file = OpenOptions::new().write(true).create_new(true).open(&fresh)?;
            file.lock()?;
            fs::rename(&fresh, &path)?;
            Ok(file)
        };
        let file = lock().map_err(|e| Error::io(&path, e))?;
        let guard = Guard { path, _file: file, leases: AtomicUsize::new(0) };
        Ok(Self { name, lock: Some(Arc::new(guard)) })
    }

    /// Of a process that only reads and takes no lease.
    pub fn absent() -> Self {
        Self { name: uuid::Uuid::now_v7().simple().to_string(), lock: None }
    }

    /// Whether this process can take leases.
    pub fn is_present(&self) -> bool {
        self.lock.is_some()
    }

    /// A lease token of this process.
    pub fn token(&self) -> String {
        format!("{}/{}", self.name, uuid::Uuid::now_v7().simple())
    }

    /// A lease of this process is written.
    pub fn took(&self) {
        if let Some(lock) = &self.lock {
            lock.leases.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// A lease of this process is ended.
    pub fn gave_back(&self) {
        if let Some(lock) = &self.lock {
            lock.leases.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

/// Processes whose lock file is there and not locked: they have died. Call [`forget`] when their leases are taken away.
pub(super) fn dead(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let paths =
        entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == "lock"));
    paths
        .filter(|path| is_unlocked(path))
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect()
}

/// Removes the lock file of a dead process.
pub(super) fn forget(folder: &Path, name: &str) {
    let _ = fs::remove_file(folder.join(format!("{name}.lock")));
}

fn is_unlocked(path: &Path) -> bool {
    File::open(path).is_ok_and(|file| file.try_lock().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_living_process_is_not_dead() {
        let folder = tempfile::tempdir().unwrap();
        let alive = Holder::enter(folder.path()).unwrap();
        fs::write(folder.path().join("gone.lock"), b"").unwrap();
        assert_eq!(dead(folder.path()), ["gone"]);
        drop(alive);
        forget(folder.path(), "gone");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn who_ends_with_a_lease_is_dead() {
        let folder = tempfile::tempdir().unwrap();
        let holder = Holder::enter(folder.path()).unwrap();
        let name = holder.name.clone();
        holder.took();
        holder.took();
        holder.gave_back();
        drop(holder);
        assert_eq!(dead(folder.path()), [name]);
    }
}

//! What services answered, kept on disk for the next batch. A file here is believed for nothing but its signature and its
//! dates: whoever puts a lie here has it refused like any other.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Result;
use crate::platform;

/// Folder of the workspace.
pub const FOLDER: &str = "evidence";
/// Most files, and the largest of them, bytes. National revocation lists have some megabytes.
const MAX_FILES: usize = 500;
const MAX_FILE: u64 = 32 << 20;
/// All files together, bytes.
const MAX_TOTAL: u64 = 256 << 20;
const ENDING: &str = "der";

/// The folder.
#[derive(Clone, Debug)]
pub(super) struct Keep {
    folder: PathBuf,
}

impl Keep {
    /// In a workspace.
    pub fn of(root: &Path) -> Self {
        Self { folder: root.join(FOLDER) }
    }

    fn path(&self, question: &str) -> PathBuf {
        self.folder.join(format!("{question}.{ENDING}"))
    }

    /// The last answer to a question, named by its digest.
    pub fn get(&self, question: &str) -> Option<Vec<u8>> {
        platform::read_limited(&self.path(question), MAX_FILE).ok()
    }

    /// Keeps an answer instead of an older one. A folder that cannot be written costs a question, not a document.
    pub fn put(&self, question: &str, answer: &[u8]) {
        if answer.len() as u64 <= MAX_FILE {
            let _ = self.write(question, answer);
        }
    }

    fn write(&self, question: &str, answer: &[u8]) -> Result<()> {
        platform::create_private_dir(&self.folder)?;
        self.make_room(answer.len() as u64);
        let path = self.path(question);
        let _ = fs::remove_file(&path);
        platform::write_new(&path, answer)
    }

    /// Removes the oldest files until another one fits.
    fn make_room(&self, more: u64) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        let ours = entries
            .filter_map(std::result::Result::ok)
            .filter(|entry| entry.path().extension().is_some_and(|ending| ending == ENDING));
        let mut files: Vec<_> = ours
            .filter_map(|entry| {
                let facts = entry.metadata().ok()?;
                Some((facts.modified().ok()?, facts.len(), entry.path()))
            })
            .collect();
        files.sort();
        let mut total: u64 = files.iter().map(|(_, length, _)| length).sum::<u64>() + more;
        let mut count = files.len() + 1;
        for (_, length, path) in files {
            if count <= MAX_FILES && total <= MAX_TOTAL {
                return;
            }
            let _ = fs::remove_file(path);
            (count, total) = (count - 1, total - length);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_answers_stay() {
        let root = tempfile::tempdir().unwrap();
        let keep = Keep::of(root.path());
        keep.put("one", b"1");
        keep.put("one", b"2");
        assert_eq!(keep.get("one").unwrap(), b"2");
        assert_eq!(keep.get("other"), None);
        for number in 0..=MAX_FILES {
            keep.put(&number.to_string(), b"x");
        }
        assert!(fs::read_dir(root.path().join(FOLDER)).unwrap().count() <= MAX_FILES);
        assert_eq!(keep.get(&MAX_FILES.to_string()).unwrap(), b"x");
    }
}

//! What was seen of sources whose documents are not recorded yet. A look at a page costs its decoding; nothing that was seen
//! once is looked at again: not by the folder watch, which has to read a file to its end before it takes it, and not by a
//! run that goes on where a killed one stopped.
//!
//! Notes about long files lie in `looks/` of the workspace, a line a page, and go when the documents are recorded. They are
//! an aid and no record: what cannot be read there is looked at again. They hold no picture, and a source that may be
//! secret leaves none behind once that is known (rule 12).

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::document::Sha256;
use crate::error::Result;
use crate::platform;
use crate::scan::{Looked, Memory, Scan, ScanPage, Source, quality};

/// Folder of the notes inside the workspace.
const FOLDER: &str = "looks";
/// Fewest pages of a file that are worth notes: fewer are looked at in a second.
const LONG: u32 = 16;
/// Most bytes of a file of notes; 2,000 pages take about three million.
const MAX_BYTES: u64 = 64_000_000;
/// Notes that nobody came back for go after so long.
const KEPT: Duration = Duration::from_hours(24 * 30);
/// Most files whose pages are remembered for the next step of the same run.
const MOST_REMEMBERED: usize = 64;

/// Looks at sources, each page once.
#[derive(Debug, Default)]
pub(super) struct Looks {
    /// None where nothing may be written.
    folder: Option<PathBuf>,
    remembered: Mutex<HashMap<Sha256, Vec<ScanPage>>>,
    noted: Mutex<HashSet<Sha256>>,
}

/// A line of the notes.
#[derive(Serialize, Deserialize)]
struct Line<Page> {
    revision: u32,
    page: Page,
}

impl Looks {
    /// With notes in the workspace; notes that were left there long ago go.
    pub fn of(workspace: &Path) -> Self {
        let folder = workspace.join(FOLDER);
        sweep(&folder);
        Self { folder: Some(folder), ..Self::default() }
    }

    /// Looks at every page of a source, or remembers it.
    ///
    /// # Errors
    /// As [`Scan::inspect`].
    pub fn look(&self, name: &str, sha256: &Sha256, source: Source) -> Result<Vec<Looked>> {
        if let Some(pages) = lock(&self.remembered).remove(sha256) {
            let source_name: String = name.nfc().collect();
            let named = |page| Looked::Good(ScanPage { source_name: source_name.clone(), ..page });
            return Ok(pages.into_iter().map(named).collect());
        }
        let scan = Scan::open(source)?;
        match self.folder.as_ref().filter(|_| scan.len() >= LONG) {
            Some(folder) => {
                let notes = Notes::open(folder, sha256);
                lock(&self.noted).insert(sha256.clone());
                scan.inspect_with(name, sha256, &notes)
            }
            None => scan.inspect(name, sha256),
        }
    }

    /// Keeps what was seen for the next step of this run; only where every page is good.
    pub fn remember(&self, sha256: &Sha256, looked: &[Looked]) {
        let good = |looked: &Looked| match looked {
            Looked::Good(page) => Some(page.clone()),
            Looked::Broken { .. } => None,
        };
        let Some(pages) = looked.iter().map(good).collect::<Option<Vec<ScanPage>>>() else { return };
        let mut remembered = lock(&self.remembered);
        if remembered.len() >= MOST_REMEMBERED {
            remembered.clear();
        }
        remembered.insert(sha256.clone(), pages);
    }

    /// Leaves nothing of a source.
    pub fn forget(&self, sha256: &Sha256) {
        lock(&self.remembered).remove(sha256);
        lock(&self.noted).remove(sha256);
        if let Some(folder) = &self.folder {
            let _ = std::fs::remove_file(file(folder, sha256));
        }
    }

    /// The documents of all sources are recorded.
    pub fn recorded(&self) {
        let noted = std::mem::take(&mut *lock(&self.noted));
        noted.iter().for_each(|sha256| self.forget(sha256));
    }
}

/// A thread that panicked left whole values behind.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn file(folder: &Path, sha256: &Sha256) -> PathBuf {
    folder.join(format!("{sha256}.jsonl"))
}

fn sweep(folder: &Path) {
    let old = |entry: &std::fs::DirEntry| {
        let modified = entry.metadata().and_then(|meta| meta.modified()).ok();
        modified.and_then(|at| at.elapsed().ok()).is_some_and(|age| age > KEPT)
    };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter(old).for_each(|entry| drop(std::fs::remove_file(entry.path())));
}

/// Notes about one source.
struct Notes {
    known: HashMap<u32, ScanPage>,
    file: Option<Mutex<File>>,
}

impl Notes {
    /// What a run before this one has noted. Without a place to write the pages are looked at all the same.
    fn open(folder: &Path, sha256: &Sha256) -> Self {
        let path = file(folder, sha256);
        let text = platform::read_limited(&path, MAX_BYTES).unwrap_or_default();
        let lines = text.split(|byte| *byte == b'\n');
        let pages = lines.filter_map(|line| serde_json::from_slice::<Line<ScanPage>>(line).ok());
        let ours =
            |line: &Line<ScanPage>| line.revision == quality::REVISION && line.page.source_sha256 == *sha256;
        let known = pages.filter(ours).map(|line| (line.page.index, line.page)).collect();
        let opened = platform::create_private_dir(folder).ok().and_then(|()| {
            platform::private_file().create_new(false).create(true).append(true).open(&path).ok()
        });
        let file = opened.and_then(|mut file| {
            // A line that a kill cut short ends here.
            file.write_all(b"\n").ok().map(|()| Mutex::new(file))
        });
        Self { known, file }
    }
}

impl Memory for Notes {
    fn recall(&self, index: u32) -> Option<ScanPage> {
        self.known.get(&index).cloned()
    }

    fn note(&self, page: &ScanPage) {
        let line = serde_json::to_vec(&Line { revision: quality::REVISION, page });
        if let (Some(file), Ok(mut line)) = (&self.file, line) {
            line.push(b'\n');
            // One write a line; a full disk costs the note and no page.
            let _ = lock(file).write_all(&line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stack() -> Vec<u8> {
        let page = |index: u8| vec![250 - index; 64 * 64];
        let mut bytes = std::io::Cursor::new(Vec::new());
        let mut encoder = tiff::encoder::TiffEncoder::new(&mut bytes).unwrap();
        for index in 0..20 {
            encoder.write_image::<tiff::encoder::colortype::Gray8>(64, 64, &page(index)).unwrap();
        }
        bytes.into_inner()
    }

    #[test]
    fn a_second_run_goes_on_behind_the_last_note_and_cut_lines_are_looked_at_again() {
        let (workspace, bytes) = (tempfile::tempdir().unwrap(), stack());
        let sha256 = Sha256::of(&bytes);
        let look = |looks: &Looks| -> Vec<ScanPage> {
            let looked = looks.look("a.tif", &sha256, Source::from_bytes(bytes.clone())).unwrap();
            looked.into_iter().map(|page| page.good().unwrap()).collect()
        };
        let first = look(&Looks::of(workspace.path()));
        let path = file(&workspace.path().join(FOLDER), &sha256);
        let noted = std::fs::read_to_string(&path).unwrap();
        // A kill after seven pages, in the middle of a line; the fourth says something else, so that it is seen to be used.
        let changed = noted.replace("\"width\":64", "\"width\":65");
        let cut = changed.match_indices('\n').nth(7).unwrap().0 + 30;
        std::fs::write(&path, &changed[..cut]).unwrap();
        let looks = Looks::of(workspace.path());
        let again = look(&looks);
        assert_eq!(again.iter().filter(|page| page.width == 65).count(), 7);
        let mended: Vec<ScanPage> = again.into_iter().map(|page| ScanPage { width: 64, ..page }).collect();
        assert_eq!(mended, first);
        // Notes of another revision count for nothing.
        let other = changed.replace("\"revision\":", "\"revision\":9");
        std::fs::write(&path, other).unwrap();
        assert_eq!(look(&looks), first);
        looks.recorded();
        assert!(!path.exists());
    }

    #[test]
    fn what_is_remembered_is_used_once_and_a_plan_writes_nothing() {
        let (bytes, looks) = (stack(), Looks::default());
        let sha256 = Sha256::of(&bytes);
        let looked = looks.look("a.tif", &sha256, Source::from_bytes(bytes)).unwrap();
        looks.remember(&sha256, &looked);
        let nothing = || Source::from_bytes(Vec::new());
        let again = looks.look("b.tif", &sha256, nothing()).unwrap();
        assert!(again.iter().all(|page| matches!(page, Looked::Good(page) if page.source_name == "b.tif")));
        assert_eq!(again.len(), 20);
        assert!(looks.look("b.tif", &sha256, nothing()).is_err(), "used up");
    }
}

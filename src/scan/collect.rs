//! Which files come in: folders in the order in which people count (scan_2 before scan_10), recognised by content.

use std::cmp::Ordering;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result, kinds};

use super::format;

/// Name of a manifest that is picked up from an input folder by itself.
const MANIFEST: &str = "manifest.csv";
/// Most files that one request takes (our limit).
const MAX_FILES: usize = 100_000;

/// What was found among the inputs.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// Scans, in order. A file named by itself is taken whatever it is, so that its refusal is said.
    pub files: Vec<PathBuf>,
    /// Other files in folders.
    pub skipped: usize,
    /// A manifest that lay in a folder.
    pub manifest: Option<PathBuf>,
}

/// Lists files and folders; folders one level deep.
///
/// # Errors
/// [`kinds::FILE_MISSING`] for a path that does not exist, [`kinds::SCAN_UNKNOWN`] for a pipe or a device.
pub fn inputs(paths: &[PathBuf]) -> Result<Inputs> {
    let mut found = Inputs::default();
    for path in paths {
        let meta = fs::metadata(path).map_err(|e| Error::io(path, e))?;
        match (meta.is_dir(), meta.is_file()) {
            (true, _) => folder(path, &mut found)?,
            (_, true) => found.files.push(path.clone()),
            // To open a pipe would wait for somebody who writes into it.
            _ => return Err(kinds::SCAN_UNKNOWN.with("file", name(path))),
        }
        if found.files.len() > MAX_FILES {
            return Err(kinds::SCAN_TOO_MANY_FILES.with("limit", MAX_FILES));
        }
    }
    Ok(found)
}

fn folder(path: &Path, found: &mut Inputs) -> Result<()> {
    let entries = fs::read_dir(path).map_err(|e| Error::io(path, e))?;
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in entries {
        let path = entry.map_err(|e| Error::io(path, e))?.path();
        if path.is_file() && !is_unfinished(&path) {
            files.push(path);
        }
    }
    files.sort_by(|a, b| natural(&name(a), &name(b)));
    for file in files {
        match name(&file).to_lowercase() == MANIFEST {
            true if found.manifest.is_none() => found.manifest = Some(file),
            true => found.skipped += 1,
            false if looks_like_scan(&file)? => found.files.push(file),
            false => found.skipped += 1,
        }
    }
    Ok(())
}

/// Hidden files and files that another program is still writing.
fn is_unfinished(path: &Path) -> bool {
    let name = name(path);
    let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default().to_lowercase();
    name.starts_with('.') || name.starts_with('~') || ["part", "tmp", "crdownload"].contains(&ending.as_str())
}

/// A scan, a picture that is refused with advice, or a broken file that calls itself one.
fn looks_like_scan(path: &Path) -> Result<bool> {
    let mut start = Vec::new();
    File::open(path)
        .and_then(|file| file.take(format::START).read_to_end(&mut start))
        .map_err(|e| Error::io(path, e))?;
    let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default().to_lowercase();
    let named = ["jpg", "jpeg", "png", "tif", "tiff", "pdf"].contains(&ending.as_str());
    Ok(format::is_scan(&start) || format::is_refused(&start) || named)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Order of names in which runs of digits count as numbers.
pub(super) fn natural(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    while !left.is_empty() && !right.is_empty() {
        let (l, r) = (run(left), run(right));
        let both_numbers =
            l.starts_with(|c: char| c.is_ascii_digit()) && r.starts_with(|c: char| c.is_ascii_digit());
        let order = match both_numbers {
            true => number(l).cmp(&number(r)),
            false => l.to_lowercase().cmp(&r.to_lowercase()),
        };
        if order != Ordering::Equal {
            return order;
        }
        (left, right) = (&left[l.len()..], &right[r.len()..]);
    }
    left.len().cmp(&right.len()).then_with(|| a.cmp(b))
}

/// Numbers of any length compare by length without leading zeros, then digit by digit.
fn number(digits: &str) -> (usize, &str) {
    let digits = digits.trim_start_matches('0');
    (digits.len(), digits)
}

/// The first run of digits or of anything else.
fn run(text: &str) -> &str {
    let digits = text.starts_with(|c: char| c.is_ascii_digit());
    let end = text.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(text.len());
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_ordered_as_people_count() {
        let mut names = vec![
            "scan_10.jpg",
            "scan_2.jpg",
            "Scan_1.jpg",
            "scan_0002b.jpg",
            "scan_99999999999999999999.jpg",
        ];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(
            names,
            ["Scan_1.jpg", "scan_2.jpg", "scan_0002b.jpg", "scan_10.jpg", "scan_99999999999999999999.jpg"]
        );
    }
}

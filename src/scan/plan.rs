//! Which files make which document, decided by names alone, before anything is read: a secret document must be known for
//! one before its scan is stored.

use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;

use crate::document::Fields;
use crate::error::{Error, kinds};

use super::manifest::{Manifest, Row};

/// Files of one document.
#[derive(Clone, Debug)]
pub struct Group {
    /// What the manifest says, or nothing.
    pub fields: Fields,
    /// The facts that its table speaks of ([`Row::columns`]).
    pub columns: Vec<&'static str>,
    /// Files in order of pages.
    pub files: Vec<PathBuf>,
    /// There is a manifest and no row of it names these files.
    pub unlisted: bool,
    /// Line of the row that says this; none where no row names the files.
    pub row: Option<u64>,
}

impl Group {
    /// The name of the first file, for people.
    pub fn name(&self) -> String {
        self.files.first().map(|path| name(path)).unwrap_or_default()
    }
}

/// Groups, and rows that do not fit the files.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// One a document, in order of the files.
    pub groups: Vec<Group>,
    /// Rows whose files are not there, files in two rows.
    pub problems: Vec<Problem>,
    /// Rows that name a cover sheet and no file.
    pub serials: Vec<Row>,
}

/// A refusal that can be cloned with its plan.
pub type Problem = std::sync::Arc<Error>;

/// Assigns files to rows. Without a manifest each file is a document of its own.
pub fn assign(files: &[PathBuf], manifest: Option<&Manifest>) -> Plan {
    let Some(manifest) = manifest else {
        let groups = files.iter().map(|file| single(file, false)).collect();
        return Plan { groups, ..Plan::default() };
    };
    let mut taken: Vec<Option<u64>> = vec![None; files.len()];
    let mut groups: Vec<(usize, Group)> = Vec::new();
    let mut problems = Vec::new();
    let (named, serials): (Vec<&Row>, Vec<&Row>) = manifest.rows.iter().partition(|r| !r.files.is_empty());
    for row in named {
        match select(row, files, &mut taken) {
            Ok(chosen) => {
                let first = chosen.first().copied().unwrap_or(0);
                let files = chosen.iter().filter_map(|i| files.get(*i).cloned()).collect();
                let (fields, columns) = (row.fields.clone(), row.columns.clone());
                groups.push((first, Group { fields, columns, files, unlisted: false, row: Some(row.line) }));
            }
            Err(error) => problems.push(Problem::new(error)),
        }
    }
    let left = files.iter().enumerate().filter(|(i, _)| taken[*i].is_none());
    groups.extend(left.map(|(i, file)| (i, single(file, true))));
    groups.sort_by_key(|(first, _)| *first);
    let groups = groups.into_iter().map(|(_, group)| group).collect();
    Plan { groups, problems, serials: serials.into_iter().cloned().collect() }
}

fn single(file: &Path, unlisted: bool) -> Group {
    Group {
        fields: Fields::default(),
        columns: Vec::new(),
        files: vec![file.to_owned()],
        unlisted,
        row: None,
    }
}

/// Positions of the files that a row names, each marked as taken.
fn select(row: &Row, files: &[PathBuf], taken: &mut [Option<u64>]) -> Result<Vec<usize>, Error> {
    let mut chosen = Vec::new();
    for pattern in &row.files {
        let found: Vec<usize> = (0..files.len()).filter(|i| matches(pattern, &files[*i])).collect();
        if found.is_empty() {
            return Err(kinds::MANIFEST_FILE_MISSING.with("file", pattern).with("line", row.line));
        }
        for i in found {
            match taken[i] {
                Some(line) if line != row.line => {
                    return Err(kinds::MANIFEST_FILE_TWICE
                        .with("file", name(&files[i]))
                        .with("line", row.line)
                        .with("other", line));
                }
                Some(_) => {}
                None => {
                    taken[i] = Some(row.line);
                    chosen.push(i);
                }
            }
        }
    }
    Ok(chosen)
}

/// A name, a folder or a glob; compared in NFC, since file systems and spreadsheets differ in it.
fn matches(pattern: &str, file: &Path) -> bool {
    let pattern: String = pattern.nfc().collect();
    let name = name(file);
    if name == pattern {
        return true;
    }
    let folder =
        file.parent().and_then(Path::file_name).map(|f| f.to_string_lossy().nfc().collect::<String>());
    if folder.as_deref() == Some(pattern.trim_end_matches(['/', '\\'])) {
        return true;
    }
    let is_glob = pattern.contains(['*', '?']);
    is_glob && glob::Pattern::new(&pattern).is_ok_and(|glob| glob.matches(&name))
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::manifest;

    fn files(names: &[&str]) -> Vec<PathBuf> {
        names.iter().map(|n| Path::new("in").join(n)).collect()
    }

    fn plan(names: &[&str], csv: &str) -> Plan {
        assign(&files(names), Some(&manifest::read(csv.as_bytes()).unwrap()))
    }

    #[test]
    fn without_a_manifest_each_file_is_a_document() {
        assert_eq!(assign(&files(&["a.jpg", "b.tif"]), None).groups.len(), 2);
    }

    #[test]
    fn rows_take_lists_globs_and_decomposed_names() {
        let names = ["a1.jpg", "a2.jpg", "b.jpg", "Quye\u{302}\u{301}t.jpg", "left.jpg"];
        let plan = plan(&names, "file,subject\na*.jpg,one\nb.jpg,two\nQuyết.jpg,three\n");
        let sizes: Vec<usize> = plan.groups.iter().map(|g| g.files.len()).collect();
        assert_eq!(sizes, [2, 1, 1, 1]);
        assert!(plan.groups[3].unlisted && plan.problems.is_empty());
    }

    #[test]
    fn the_row_decides_the_order_of_pages() {
        let plan = plan(&["a.jpg", "b.jpg"], "file\nb.jpg|a.jpg\n");
        assert_eq!(plan.groups[0].files, files(&["b.jpg", "a.jpg"]));
    }

    #[test]
    fn missing_and_doubly_named_files_are_problems_of_their_rows() {
        let plan = plan(&["a.jpg"], "file\na.jpg\na.jpg\nmissing.jpg\n");
        let codes: Vec<&str> = plan.problems.iter().map(|p| p.code()).collect();
        assert_eq!(codes, ["manifest_file_twice", "manifest_file_missing"]);
        assert_eq!(plan.groups.len(), 1);
    }
}

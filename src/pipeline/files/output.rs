//! Where copies of plain files go.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::error::{Result, kinds};
use crate::platform;

/// Makes the folder ready: it exists, and what runs that were killed left half in it is gone.
///
/// # Errors
/// [`kinds::OUTPUT_NOT_FOLDER`], a disk error.
pub fn ready(folder: &Path) -> Result<()> {
    if folder.metadata().is_ok_and(|meta| !meta.is_dir()) {
        return Err(kinds::OUTPUT_NOT_FOLDER.with("path", folder.display()));
    }
    platform::create_private_dir(folder)?;
    platform::sweep_dead(folder);
    Ok(())
}

/// No two copies would have the same name, which `name` gives.
///
/// # Errors
/// [`kinds::OUTPUT_TWICE`], before anybody is asked for a PIN.
pub fn check_names(files: &[PathBuf], name: impl Fn(&Path) -> Option<OsString>) -> Result<()> {
    let mut known: BTreeMap<OsString, &Path> = BTreeMap::new();
    for file in files {
        let name = name(file).unwrap_or_default();
        if let Some(first) = known.insert(name.clone(), file) {
            return Err(kinds::OUTPUT_TWICE
                .with("first", first.display())
                .with("second", file.display())
                .with("name", name.display()));
        }
    }
    Ok(())
}

/// The name of a copy: that of the file.
pub fn own_name(file: &Path) -> Option<OsString> {
    file.file_name().map(OsString::from)
}

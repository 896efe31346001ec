//! The anchors of this office: one file each in the folder `trust`, entered into the journal when they come and go.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use crate::document::Sha256;
use crate::error::{Error, Result, kinds};
use crate::platform;
use crate::sign::certificate::Certificate;
use crate::station::{TRUST_FOLDER, Workspace};
use crate::verify;

use super::Desk;

/// Largest certificate file that is taken.
const MAX_BYTES: u64 = 1_000_000;
/// Shortest beginning of a fingerprint that names an anchor in `trust remove`.
const SHORTEST: usize = 8;

/// A certificate that can be an anchor.
#[derive(Clone, Debug, Serialize)]
pub struct Anchor {
    /// Common name.
    pub name: String,
    /// Whole subject, RFC 4514.
    pub subject: String,
    /// First moment of validity.
    pub from: Timestamp,
    /// Last moment of validity.
    pub until: Timestamp,
    /// Fingerprint over the DER form.
    pub sha256: Sha256,
    /// Whether it may issue certificates; else only it alone is trusted.
    #[serde(skip)]
    pub is_authority: bool,
    /// Its file in the workspace; none before it is added.
    #[serde(skip)]
    path: Option<PathBuf>,
}

impl Anchor {
    fn of(der: &[u8], path: Option<&Path>) -> Result<Self> {
        let certificate = Certificate::parse(der)?;
        let (from, until) = certificate.validity()?;
        Ok(Self {
            name: certificate.name(),
            subject: certificate.subject(),
            from,
            until,
            sha256: Sha256::of(der),
            is_authority: certificate.is_authority(),
            path: path.map(Path::to_owned),
        })
    }
}

/// The hex digits of a fingerprint, however it is grouped.
pub fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_hexdigit).map(|c| c.to_ascii_lowercase()).collect()
}

/// A fingerprint in groups of four, to be compared by eye.
pub fn grouped(sha256: &Sha256) -> String {
    let digits: Vec<char> = sha256.0.to_uppercase().chars().collect();
    digits.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// The certificates of a file.
///
/// # Errors
/// [`kinds::TRUST_UNREADABLE`].
pub fn read(file: &Path) -> Result<Vec<Anchor>> {
    let certificates = verify::trust::load(&[file.to_owned()])?;
    certificates.iter().map(|der| Anchor::of(der, None)).collect()
}

/// All anchors of a workspace: those of the station file and those that were added.
///
/// # Errors
/// As [`read`].
pub fn list(workspace: &Workspace) -> Result<Vec<Anchor>> {
    let mut all = Vec::new();
    for path in workspace.trust_files()? {
        for der in verify::trust::load(std::slice::from_ref(&path))? {
            all.push(Anchor::of(&der, Some(&path))?);
        }
    }
    Ok(all)
}

/// Copies a certificate file into the workspace and enters it into the journal.
///
/// # Errors
/// A disk or store error.
pub async fn add(desk: &Desk, file: &Path, anchors: &[Anchor]) -> Result<()> {
    let bytes = platform::read_limited(file, MAX_BYTES)?;
    let folder = desk.workspace.root.join(TRUST_FOLDER);
    platform::create_private_dir(&folder)?;
    let name = Sha256::of(&bytes).0.get(..16).map(|digits| format!("{digits}.pem")).unwrap_or_default();
    match platform::write_new(&folder.join(name), &bytes) {
        // The same bytes are trusted already.
        Err(error) if error.code() == kinds::FILE_EXISTS.code => Ok(()),
        Err(error) => Err(error),
        Ok(()) => desk.store.note("trust_added", None, json!({"certificates": anchors})).await,
    }
}

/// The one added anchor whose fingerprint begins so.
///
/// # Errors
/// [`kinds::ANCHOR_UNKNOWN`] when none or several do, or when it stands in the station file.
pub fn find(workspace: &Workspace, fingerprint: &str) -> Result<Anchor> {
    let wanted = digits(fingerprint);
    let added = workspace.root.join(TRUST_FOLDER);
    let unknown = || kinds::ANCHOR_UNKNOWN.with("sha256", fingerprint);
    if wanted.len() < SHORTEST {
        return Err(unknown());
    }
    let mut fitting: Vec<Anchor> = list(workspace)?;
    fitting.retain(|a| {
        a.sha256.0.starts_with(&wanted) && a.path.as_deref().and_then(Path::parent) == Some(&added)
    });
    match (fitting.pop(), fitting.is_empty()) {
        (Some(only), true) => Ok(only),
        _ => Err(unknown()),
    }
}

/// Takes trust away. The journal keeps that there was trust.
///
/// # Errors
/// As [`find`]; a disk or store error.
pub async fn remove(desk: &Desk, fingerprint: &str) -> Result<Anchor> {
    let anchor = find(&desk.workspace, fingerprint)?;
    // Entered first: a removal that the journal does not know would be worse than one that has to be repeated.
    desk.store.note("trust_removed", None, json!({"certificate": anchor})).await?;
    if let Some(path) = &anchor.path {
        std::fs::remove_file(path).map_err(|e| Error::io(path, e))?;
        platform::sync_dir(path.parent().unwrap_or(Path::new(".")))?;
    }
    Ok(anchor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_the_same_in_every_grouping() {
        let sha256 = Sha256::of(b"x");
        assert_eq!(digits(&grouped(&sha256)), sha256.0);
        assert_eq!(digits("2D:71:16 "), "2d7116");
    }
}

//! A picture of each page that a finding is about, so that a person can look at once (`previews/` of the workspace). They are
//! drawn from the stored source when they are needed and never instead of it.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use crate::bounded;
use crate::document::{Document, Finding, Severity, Sha256};
use crate::error::Result;
use crate::platform;
use crate::scan::{Scan, ScanPage, quality};
use crate::store::Blobs;

use super::super::{Desk, ordered};

/// Folder of the pictures inside the workspace.
const FOLDER: &str = "previews";

/// Draws the pages that a person should look at, on all cores, every source opened once; their paths by page number.
///
/// # Errors
/// A store, scan or disk error.
pub(super) async fn all(
    desk: &Desk,
    document: &Document,
    findings: &[Finding],
) -> Result<HashMap<u32, PathBuf>> {
    let wanted =
        |number: u32| findings.iter().any(|f| f.page == Some(number) && f.severity != Severity::Info);
    let pages = document.numbered_pages().filter(|(number, _)| wanted(*number));
    let mut sources: BTreeMap<Sha256, Vec<(u32, ScanPage)>> = BTreeMap::new();
    for (number, page) in pages {
        sources.entry(page.source_sha256.clone()).or_default().push((number, page.clone()));
    }
    if sources.is_empty() {
        return Ok(HashMap::new());
    }
    let (folder, blobs) = (desk.workspace.root.join(FOLDER), desk.store.blobs().clone());
    ordered::one(move || {
        platform::create_private_dir(&folder)?;
        let mut drawn = HashMap::new();
        for (sha256, pages) in &sources {
            drawn.extend(of_source(&blobs, &folder, sha256, pages)?);
        }
        Ok(drawn)
    })
    .await?
}

/// Draws pages of one source that are not drawn yet.
fn of_source(
    blobs: &Blobs,
    folder: &Path,
    sha256: &Sha256,
    pages: &[(u32, ScanPage)],
) -> Result<Vec<(u32, PathBuf)>> {
    let digest = sha256.0.get(..16).unwrap_or_default();
    let path = |page: &ScanPage| folder.join(format!("{digest}-{:04}.png", page.index + 1));
    if pages.iter().all(|(_, page)| path(page).exists()) {
        return Ok(pages.iter().map(|(number, page)| (*number, path(page))).collect());
    }
    let scan = Scan::open(blobs.source(sha256)?)?;
    let draw = |(number, page): &(u32, ScanPage)| {
        let path = path(page);
        if !path.exists() {
            platform::write_new(&path, &quality::preview(&scan.decode(page.index)?, &page.dpi)?)?;
        }
        Ok((*number, path))
    };
    bounded::each(pages.len(), |i| draw(&pages[i])).into_iter().collect()
}

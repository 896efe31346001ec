//! A picture of each page that a finding is about, so that a person can look at once (`previews/` of the workspace). It is
//! drawn from the stored source when it is needed and never instead of it.

use std::path::PathBuf;

use crate::document::{Document, Finding, Severity};
use crate::error::Result;
use crate::platform;
use crate::scan::{Scan, quality};

use super::super::Desk;

/// Folder of the pictures inside the workspace.
const FOLDER: &str = "previews";

/// Draws the page of a finding, when there is one and a person should look; its path.
///
/// # Errors
/// A store, scan or disk error.
pub(super) async fn of(desk: &Desk, document: &Document, finding: &Finding) -> Result<Option<PathBuf>> {
    let wanted = finding.page.filter(|_| finding.severity != Severity::Info);
    let page = wanted.and_then(|number| document.numbered_pages().find(|(n, _)| *n == number));
    let Some((_, page)) = page else { return Ok(None) };
    let folder = desk.workspace.root.join(FOLDER);
    let digest = page.source_sha256.0.get(..16).unwrap_or_default();
    let path = folder.join(format!("{digest}-{:04}.png", page.index + 1));
    if path.exists() {
        return Ok(Some(path));
    }
    let (source, index, dpi, target) =
        (desk.store.blobs().source(&page.source_sha256)?, page.index, page.dpi, path.clone());
    let drawn = tokio::task::spawn_blocking(move || {
        platform::create_private_dir(&folder)?;
        let png = quality::preview(&Scan::open(source)?.decode(index)?, &dpi)?;
        platform::write_new(&target, &png)
    });
    drawn.await.map_err(|e| crate::error::kinds::INTERNAL.with("cause", &e))??;
    Ok(Some(path))
}

//! Files that were dropped on the page, on their way to the intake: a folder a batch, inside the workspace. Names come from
//! strangers and are made harmless; a batch that was cut off is there after a restart.

use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::extract::{Path as Segments, Query, State};
use axum::http::HeaderMap;
use serde::Deserialize;
use serde_json::json;
use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, Result, kinds};
use crate::platform;

use super::answer::{self, Answer};
use super::{App, Shared, body, picture};

/// Most files of a batch.
const MOST_FILES: usize = 2_000;
/// Largest file, bytes.
const MOST_BYTES: u64 = 1 << 30;
/// Room that stays on the disk, bytes.
const RESERVE: u64 = 256 << 20;
/// Longest name of a file, bytes.
const MAX_NAME: usize = 120;

fn inbox(app: &App) -> PathBuf {
    app.folder().join("inbox")
}

/// The folder of a batch, by its name as we gave it.
///
/// # Errors
/// [`kinds::WEB_WORK_OVER`] for another name, or a batch that is gone.
pub(super) fn folder(app: &App, batch: &str) -> Result<PathBuf> {
    let named = batch.len() == 32 && batch.bytes().all(|b| b.is_ascii_hexdigit());
    let path = inbox(app).join(batch);
    match named && path.is_dir() {
        true => Ok(path),
        false => Err(kinds::WEB_WORK_OVER.error()),
    }
}

/// Batches that are not taken in, with the names of their files.
///
/// # Errors
/// A disk error.
pub(super) fn left(app: &App) -> Result<Vec<(String, Vec<String>)>> {
    let root = inbox(app);
    if !root.is_dir() {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    for entry in std::fs::read_dir(&root).map_err(|e| Error::io(&root, e))?.flatten() {
        all.push((entry.file_name().to_string_lossy().into_owned(), files(&entry.path())?));
    }
    all.sort();
    Ok(all)
}

/// Names of the files of a folder.
///
/// # Errors
/// A disk error.
pub(super) fn files(folder: &Path) -> Result<Vec<String>> {
    let entries = std::fs::read_dir(folder).map_err(|e| Error::io(folder, e))?;
    let mut names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    Ok(names)
}

/// A name without folders, control characters and surprises; its ending stays.
pub(super) fn harmless(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    let text: String =
        last.nfc().map(|c| if hidden(c) || "<>:\"|?*".contains(c) { '_' } else { c }).collect();
    let text = text.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let (stem, ending) = match text.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && ending.len() <= 8 => (stem, format!(".{ending}")),
        _ => (text, String::new()),
    };
    let mut short = String::new();
    for c in stem.chars() {
        if short.len() + c.len_utf8() + ending.len() > MAX_NAME {
            break;
        }
        short.push(c);
    }
    if short.is_empty() { format!("scan{ending}") } else { format!("{short}{ending}") }
}

/// A new batch.
pub(super) async fn begin(State(app): State<Shared>) -> Answer {
    let batch = uuid::Uuid::now_v7().simple().to_string();
    platform::create_private_dir(&inbox(&app).join(&batch))?;
    Ok(answer::json(&json!({"batch": batch})))
}

#[derive(Deserialize)]
pub(super) struct Named {
    name: String,
}

/// One file of a batch.
pub(super) async fn upload(
    State(app): State<Shared>,
    Segments(batch): Segments<String>,
    Query(named): Query<Named>,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let folder = folder(&app, &batch)?;
    if files(&folder)?.len() >= MOST_FILES {
        return Err(kinds::UPLOAD_TOO_MANY.with("limit", MOST_FILES).into());
    }
    let path = free(&folder, &harmless(&named.name));
    has_room(&folder, &headers)?;
    let size = body::to_file(body, &path, MOST_BYTES).await?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(answer::json(&json!({"name": name, "size": size})))
}

/// A file of this name that is not there yet.
fn free(folder: &Path, name: &str) -> PathBuf {
    let (stem, ending) = name.rsplit_once('.').map_or((name, String::new()), |(s, e)| (s, format!(".{e}")));
    let numbered = (2..).map(|n| folder.join(format!("{stem} ({n}){ending}")));
    let mut all = std::iter::once(folder.join(name)).chain(numbered);
    all.find(|path| !path.exists()).unwrap_or_else(|| folder.join(name))
}

/// Refuses what would fill the disk, before its first byte.
pub(super) fn has_room(folder: &Path, headers: &HeaderMap) -> Result<()> {
    let stated = headers.get("content-length").and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
    let size: u64 = stated.unwrap_or(0);
    if size > MOST_BYTES {
        return Err(kinds::FILE_TOO_LARGE.with("path", "–").with("size", size).with("limit", MOST_BYTES));
    }
    match platform::free_bytes(folder)? < size.saturating_add(RESERVE) {
        true => Err(kinds::DISK_FULL.with("path", folder.display())),
        false => Ok(()),
    }
}

/// Takes a batch away: it is taken in, or not wanted.
///
/// # Errors
/// A disk error.
pub(super) fn remove(folder: &Path) -> Result<()> {
    std::fs::remove_dir_all(folder).map_err(|e| Error::io(folder, e))
}

/// A page of a file that is not taken in yet; `page` counts from 1.
pub(super) async fn page(
    State(app): State<Shared>,
    Segments((batch, name, page)): Segments<(String, String, u32)>,
) -> Answer {
    let path = folder(&app, &batch)?.join(harmless(&name));
    let picture = picture::of_file(&app, path, page.saturating_sub(1)).await?;
    Ok(answer::bytes("image/jpeg", picture.as_ref().clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_from_strangers_stay_in_their_folder() {
        for (given, kept) in [
            ("a.jpg", "a.jpg"),
            ("../../etc/passwd", "passwd"),
            ("C:\\scans\\b.tif", "b.tif"),
            ("<img src=x onerror=alert(1)>.png", "_img src=x onerror=alert(1)_.png"),
            (".htaccess", "htaccess"),
            ("..", "scan"),
            ("", "scan"),
            ("a\u{202E}gpj.exe", "a_gpj.exe"),
            ("a\nb.pdf", "a_b.pdf"),
            ("Công văn số 12.pdf", "Công văn số 12.pdf"),
        ] {
            assert_eq!(harmless(given), kept, "{given}");
        }
        assert!(harmless(&format!("{}.tiff", "ế".repeat(500))).len() <= MAX_NAME);
        assert!(harmless(&format!("{}.tiff", "ế".repeat(500))).ends_with(".tiff"));
    }
}

//! Bodies of requests, read in pieces and never beyond their limit.

use axum::body::{Body, Bytes};
use futures_util::StreamExt;
use secrecy::SecretString;
use zeroize::{Zeroize, Zeroizing};

use crate::error::{Error, Result, kinds};

/// Longest PIN or password, bytes.
const MAX_PIN: usize = 256;

/// A PIN. What was read is wiped, the pieces from the network as far as nobody else holds them.
///
/// # Errors
/// [`kinds::PIN_NEEDED`] for a body that is too long, cut off or no text.
pub(super) async fn pin(body: Body) -> Result<SecretString> {
    let none = || kinds::PIN_NEEDED.with("key", "–");
    let mut typed = Zeroizing::new(Vec::with_capacity(MAX_PIN));
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| none())?;
        let fits = typed.len() + piece.len() <= MAX_PIN;
        if fits {
            typed.extend_from_slice(&piece);
        }
        wipe(piece);
        if !fits {
            return Err(none());
        }
    }
    let text = std::str::from_utf8(&typed).map_err(|_| none())?;
    Ok(SecretString::from(text))
}

fn wipe(piece: Bytes) {
    if let Ok(mut own) = piece.try_into_mut() {
        own.as_mut().zeroize();
    }
}

/// A body as a whole, at most `limit` bytes of it.
///
/// # Errors
/// [`kinds::FILE_TOO_LARGE`], [`kinds::UPLOAD_CUT`] when the browser went away.
pub(super) async fn whole(body: Body, limit: u64) -> Result<Vec<u8>> {
    let mut all = Vec::new();
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|e| kinds::UPLOAD_CUT.with("cause", e))?;
        let size = (all.len() + piece.len()) as u64;
        if size > limit {
            return Err(kinds::FILE_TOO_LARGE.with("path", "–").with("size", size).with("limit", limit));
        }
        all.extend_from_slice(&piece);
    }
    Ok(all)
}

/// Writes a body into a file that is new, at most `limit` bytes of it; gives its size.
///
/// # Errors
/// [`kinds::FILE_TOO_LARGE`], [`kinds::UPLOAD_CUT`] when the browser went away, or a disk error; then no file is left.
pub(super) async fn to_file(body: Body, path: &std::path::Path, limit: u64) -> Result<u64> {
    let options = tokio::fs::OpenOptions::from(crate::platform::private_file());
    let mut file = options.open(path).await.map_err(|e| Error::io(path, e))?;
    let written = copy(body, &mut file, path, limit).await;
    if written.is_err() {
        drop(file);
        let _ = tokio::fs::remove_file(path).await;
    }
    written
}

async fn copy(body: Body, file: &mut tokio::fs::File, path: &std::path::Path, limit: u64) -> Result<u64> {
    use tokio::io::AsyncWriteExt;
    let mut size = 0;
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|e| kinds::UPLOAD_CUT.with("cause", e))?;
        size += piece.len() as u64;
        if size > limit {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            return Err(kinds::FILE_TOO_LARGE.with("path", name).with("size", size).with("limit", limit));
        }
        file.write_all(&piece).await.map_err(|e| Error::io(path, e))?;
    }
    file.sync_all().await.map_err(|e| Error::io(path, e))?;
    Ok(size)
}

//! The way in: a file that only its owner can read leads the browser to a page with a one-time token. Whoever can read the
//! file is the user of this workspace; nobody else on the machine gets in.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::error::{Error, Result, kinds};

use super::session::{random, replace_private, same};

/// Locked while a station of this workspace is open.
const LOCK: &str = "lock";

/// Takes the workspace for this server: a second one would write its own start file and its own sessions over those of the first.
/// The system gives the lock back when the process ends, however it ends.
///
/// # Errors
/// [`kinds::STATION_OPEN`] while another server of this workspace runs; a disk error.
pub(super) fn take_over(folder: &Path) -> Result<File> {
    let path = folder.join(LOCK);
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path);
    let file = file.map_err(|e| Error::io(&path, e))?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(kinds::STATION_OPEN.with("path", folder.join(FILE).display())),
        // Where the system knows no locks nobody can be kept out.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(file),
    }
}

/// Name of the start file.
const FILE: &str = "start.html";

/// The start file and the token in it.
pub(super) struct Start {
    path: PathBuf,
    port: u16,
    token: Mutex<String>,
}

impl Start {
    /// Writes the start file.
    ///
    /// # Errors
    /// A disk error.
    pub fn write(folder: &Path, port: u16) -> Result<Self> {
        let start = Self { path: folder.join(FILE), port, token: Mutex::default() };
        start.renew()?;
        Ok(start)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its address for a browser.
    pub fn url(&self) -> String {
        url::Url::from_file_path(&self.path).map(String::from).unwrap_or_default()
    }

    /// Whether this is the token; it counts once, and the file gets the next one.
    ///
    /// # Errors
    /// A disk error.
    pub fn take(&self, given: &str) -> Result<bool> {
        let mut token = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        if token.is_empty() || !same(&token, given) {
            return Ok(false);
        }
        token.clear();
        drop(token);
        self.renew()?;
        Ok(true)
    }

    fn renew(&self) -> Result<()> {
        let fresh = random()?;
        replace_private(&self.path, page(self.port, &fresh).as_bytes())?;
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// Takes the file away: nothing listens any more.
    pub fn remove(&self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

fn page(port: u16, token: &str) -> String {
    let address = format!("http://127.0.0.1:{port}/start?token={token}");
    format!(
        "<!doctype html><html lang=\"vi\"><head><meta charset=\"utf-8\"><meta name=\"referrer\" content=\"no-referrer\">\
         <meta http-equiv=\"refresh\" content=\"0;url={address}\"><title>scanseal</title></head>\
         <body><p><a href=\"{address}\">scanseal</a></p></body></html>\n"
    )
}

/// Takes the browser from the address with the token to the first page. A redirect would not do: it still counts as coming
/// from the start file, another site, and the cookie would stay behind.
pub(super) fn hand_over() -> axum::response::Html<&'static str> {
    axum::response::Html(
        "<!doctype html><html lang=\"vi\"><head><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"0;url=/\">\
         <title>scanseal</title></head><body><p><a href=\"/\">scanseal</a></p></body></html>\n",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(start: &Start) -> String {
        let text = std::fs::read_to_string(start.path()).unwrap();
        text.split("token=").nth(1).unwrap().split('"').next().unwrap().to_owned()
    }

    #[test]
    fn a_token_counts_once() {
        let folder = tempfile::tempdir().unwrap();
        let start = Start::write(folder.path(), 8_417).unwrap();
        let first = written(&start);
        assert!(!start.take("").unwrap());
        assert!(!start.take(&first[1..]).unwrap());
        assert!(start.take(&first).unwrap());
        assert!(!start.take(&first).unwrap());
        let second = written(&start);
        assert_ne!(first, second);
        assert!(start.take(&second).unwrap());
    }

    #[test]
    fn a_second_server_leaves_the_first_its_way_in() {
        let folder = tempfile::tempdir().unwrap();
        let first = take_over(folder.path()).unwrap();
        assert_eq!(take_over(folder.path()).unwrap_err().code(), "station_open");
        drop(first);
        take_over(folder.path()).unwrap();
    }
}

//! The local web station: a thin front over the requests of [`crate::pipeline`], on this machine only. Nothing is decided in
//! a page; every page shows what the store says, every button calls one request, and what runs long tells its events live.
//!
//! ```text
//! serve     the port of the loopback address, the start file, the end
//! guard     who may ask at all: host, cookie, origin, token of the page, headers of the answer
//! session   the one-time token and the cookies that came of it
//! work      what runs long: its events, its PIN, its end
//! picture   pages as pictures: scans, uploads, PDFs
//! the rest  a page each
//! ```

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use tokio::sync::{Notify, Semaphore, watch};

use crate::document::DocumentId;
use crate::error::Result;
use crate::locales::Lang;
use crate::pipeline::Desk;
use crate::pipeline::board::Board;

mod answer;
mod assets;
mod attest;
mod body;
mod deliver;
mod digitize;
mod document;
mod events;
mod find;
mod form;
mod guard;
mod home;
mod inbox;
mod keys;
mod layout;
mod marks;
mod outage;
mod pages;
mod picture;
mod pin;
mod reconcile;
mod route;
mod seal;
mod sender;
mod serve;
mod session;
mod sign;
mod start;
mod verdict;
mod watching;
mod words;
mod work;

pub use serve::{Request, run};

use session::Sessions;
use start::Start;
use work::Works;

/// Port of the loopback address unless the person says otherwise.
pub const PORT: u16 = 8_417;
/// Folder of the workspace for the station's own files: start file, sessions, uploads that are not taken in yet.
const FOLDER: &str = "serve";

/// Everything that a page needs.
pub(crate) struct App {
    desk: Desk,
    /// Port of the loopback address.
    port: u16,
    /// Language of a browser that has not chosen one.
    lang: Mutex<Lang>,
    start: Start,
    sessions: Sessions,
    works: Works,
    board: tokio::sync::Mutex<Board>,
    pictures: picture::Cache,
    /// Pages that are drawn at a time.
    drawing: Semaphore,
    /// Documents that wait to be built.
    to_build: Mutex<Vec<DocumentId>>,
    /// Something may have to be sent.
    to_send: Notify,
    /// The program ends.
    ending: watch::Receiver<bool>,
}

impl App {
    fn folder(&self) -> PathBuf {
        self.desk.workspace.root.join(FOLDER)
    }

    /// What waits for whom, as the store says now.
    async fn board(&self) -> Result<tokio::sync::MutexGuard<'_, Board>> {
        let mut board = self.board.lock().await;
        board.refresh(&self.desk).await?;
        Ok(board)
    }
}

/// The state of every handler.
type Shared = Arc<App>;

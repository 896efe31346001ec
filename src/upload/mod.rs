//! Sealed documents leave the house, and proof of their arrival comes back.
//!
//! ```text
//! config     what the station says of a destination
//! checks     what destinations must not be, by themselves and beside each other
//! parcel     what is handed over
//! folder, webdav, sftp, s3, email, http, edxml    one file a kind, behind one trait
//! delivery   one document: probe, send, probe again
//! drain      a queue: is it back, how many at a time, who has to act
//! breaker    is it back
//! ```

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::document::Sha256;
use crate::error::{Error, Result, kinds};
use crate::store::Store;

mod answer;
mod breaker;
mod checks;
mod client;
mod clock;
mod company;
mod config;
mod delivery;
mod drain;
mod edxml;
mod email;
mod folder;
mod http;
mod parcel;
mod recipients;
mod s3;
mod sftp;
mod storage;
mod webdav;
mod why;

pub use checks::{Fault, fault};
pub(crate) use client::secret;
pub use clock::{clock_of, clock_of_url};
pub use config::{Config, Kind};
pub use drain::run;
pub use parcel::Parcel;
pub use storage::Storage;

/// How strongly arrival is known; a ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// Handed over, nothing heard.
    Sent,
    /// A relay took it.
    Accepted,
    /// Their own receipt.
    Acknowledged,
    /// Their id and an equal SHA-256, echoed or read back.
    Proven,
}

impl Proof {
    /// Stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Proof::Sent => "sent",
            Proof::Accepted => "accepted",
            Proof::Acknowledged => "acknowledged",
            Proof::Proven => "proven",
        }
    }
}

/// What a destination gave for a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// Name of the destination.
    pub destination: String,
    /// How strong it is.
    pub proof: Proof,
    /// Their identifier.
    pub remote_id: String,
    /// Where it lies.
    pub url: String,
    /// Digest that was echoed or read back.
    pub sha256: Sha256,
    /// When.
    pub at: Timestamp,
}

impl Receipt {
    /// Of this moment.
    fn now(destination: &str, proof: Proof, remote_id: String, url: String, sha256: &Sha256) -> Self {
        let (destination, sha256) = (destination.to_owned(), sha256.clone());
        Self { destination, proof, remote_id, url, sha256, at: Timestamp::now() }
    }
}

/// Whether a document is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Probe {
    /// It is not.
    Absent,
    /// The system has it and is not done with it.
    Underway,
    /// It is, with the proof.
    There(Receipt),
}

/// What handing over came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Put {
    /// Written under its name, if a probe finds it there.
    Stored,
    /// Something lies under its name. A probe tells whether it is the document.
    Occupied,
    /// Taken down under a number by which the probe asks for it. It is kept, so that a crash costs no second copy.
    Ticket(String),
    /// Done, as far as this kind of destination can ever tell.
    Done(Receipt),
}

/// What every kind of destination can do. All of it is idempotent: a call that was cut off may be made again.
pub(crate) trait Destination {
    /// Whether documents can be sent now, by a read that only a working system answers to somebody who is logged in.
    ///
    /// # Errors
    /// [`kinds::DESTINATION_AWAY`] (exit 7) while it is away, another kind when a person has to act.
    fn reach(&self) -> Result<()>;

    /// Whether the document is there already, with the proof of it. `ticket` is what an earlier [`Destination::put`] gave.
    ///
    /// # Errors
    /// [`kinds::DESTINATION_CONFLICT`] when other bytes lie under its name; [`kinds::DESTINATION_REFUSED`] when the system gave
    /// it up; [`kinds::DESTINATION_FORGOT`] when it took it down and does not tell what became of it; [`kinds::DESTINATION_REWRITES`] when it keeps something else than it was given.
    fn probe(&self, parcel: &Parcel, ticket: Option<&str>) -> Result<Probe>;

    /// After an attempt with an unclear end: the ticket of what the system took down then and does not find yet by its search.
    ///
    /// # Errors
    /// As [`Destination::reach`].
    fn taken(&self, _parcel: &Parcel) -> Result<Option<String>> {
        Ok(None)
    }

    /// Whether [`Destination::put`] itself finds out, in one step that no other writer can get between, that something lies under the
    /// name already. Then a first attempt needs no probe before it.
    fn put_is_probe(&self) -> bool {
        false
    }

    /// Hands the bytes over. Never overwrites, never deletes what is there.
    ///
    /// # Errors
    /// As [`Destination::reach`]; a full destination is away.
    fn put(&self, parcel: &Parcel, bytes: &[u8]) -> Result<Put>;

    /// Tries everything that leaves nothing behind, for `doctor`: where files can be removed, a small marked one is put, read
    /// back and removed.
    ///
    /// # Errors
    /// As [`Destination::put`]; [`kinds::DESTINATION_AWAY`] when it did not stay as it was put.
    fn trial(&self) -> Result<()>;

    /// Removes temporary files of ours that a killed [`Destination::put`] of this parcel left there.
    fn sweep(&self, parcel: &Parcel);
}

/// A destination on whichever thread asks it.
type Shared = Arc<dyn Destination + Send + Sync>;

/// The connection to a configured destination; relative folders and files lie under `base`. `store` remembers how a folder was
/// reached; without one it is not compared.
async fn connect(store: Option<&Store>, config: &Config, base: &Path) -> Result<Shared> {
    Ok(match config.kind {
        Kind::Folder => {
            let path = config.path.clone().unwrap_or_default();
            let mounts = match store {
                Some(store) => store.mounts(&config.name, &path).await?,
                None => 0,
            };
            Arc::new(folder::Folder::new(&config.name, base.join(path), mounts))
        }
        Kind::Webdav => Arc::new(webdav::WebDav::new(config, base)?),
        Kind::Sftp => Arc::new(sftp::Sftp::new(config, base)?),
        Kind::S3 => Arc::new(s3::S3::new(config, base)?),
        Kind::Email => Arc::new(email::Email::new(config, base)?),
        Kind::Http => Arc::new(http::Http::new(config, base)?),
        Kind::Edxml => Arc::new(edxml::EdXml::new(config, base)?),
    })
}

/// Asks a destination on a thread that may wait.
async fn ask<R: Send + 'static>(
    destination: &Shared,
    work: impl FnOnce(&(dyn Destination + Send + Sync)) -> Result<R> + Send + 'static,
) -> Result<R> {
    let destination = Arc::clone(destination);
    let done = tokio::task::spawn_blocking(move || work(destination.as_ref()));
    done.await.map_err(|e| kinds::INTERNAL.with("cause", e))?
}

/// Tries a destination for real, with a probe that is removed again.
///
/// # Errors
/// What a delivery would be refused with.
pub async fn trial(store: Option<&Store>, config: &Config, base: &Path) -> Result<()> {
    ask(&connect(store, config, base).await?, |destination| destination.trial()).await
}

/// Remembers how the folder of a destination was reached, now that a document has arrived there.
///
/// # Errors
/// A store error.
async fn remember(store: &Store, config: &Config, base: &Path) -> Result<()> {
    let Some(path) = config.path.as_ref().filter(|_| config.kind == Kind::Folder) else { return Ok(()) };
    match crate::platform::mounts(&base.join(path)) {
        Ok(mounts) => store.keep_mounts(&config.name, path, mounts).await,
        // Gone since; there is nothing to remember of it.
        Err(_) => Ok(()),
    }
}

/// Something else lies under the name of a copy.
fn conflict(destination: &str, name: &str) -> Error {
    kinds::DESTINATION_CONFLICT.with("destination", destination).with("name", name)
}

/// What a file that was read back says: ours, byte for byte, or somebody else's under the same name.
fn compared(destination: &str, parcel: &Parcel, found: Sha256, url: String) -> Result<Probe> {
    if found == parcel.sha256 {
        let receipt = Receipt::now(destination, Proof::Proven, parcel.name.clone(), url, &found);
        return Ok(Probe::There(receipt));
    }
    Err(conflict(destination, &parcel.name).with("found", &found))
}

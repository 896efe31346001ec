//! Sealed documents leave the house, and proof of their arrival comes back.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::document::{DocumentId, Sha256};
use crate::error::{Error, Result, Retry, kinds};
use crate::event::{Event, Front, Subject, Tally};
use crate::store::{Job, Store};

mod breaker;
mod clock;
mod folder;
mod webdav;

pub use clock::{clock_of, clock_of_url};

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

/// A `[[destination]]` of the station file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Name in commands, receipts and reports.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Folder of kind `folder`.
    pub path: Option<PathBuf>,
    /// Collection of kind `webdav`: `https://...`, or `http://` on this machine only.
    pub url: Option<String>,
    /// User of the server.
    pub user: Option<String>,
    /// File whose first line is the password.
    pub password_file: Option<PathBuf>,
    /// PEM file of the only CA that is believed; without it the system's roots are.
    pub ca: Option<PathBuf>,
    /// PEM file of our certificate, for mutual TLS.
    pub client_certificate: Option<PathBuf>,
    /// PEM file of its key.
    pub client_key: Option<PathBuf>,
    /// Longest time for one request in seconds.
    pub timeout_seconds: Option<u64>,
    /// Whether a document is delivered only when it is here.
    #[serde(default = "yes")]
    pub required: bool,
    /// Weakest proof that counts as delivered.
    #[serde(default = "proven")]
    pub minimum: Proof,
    /// Takes documents of a drill, and only those.
    #[serde(default)]
    pub drill: bool,
}

fn yes() -> bool {
    true
}

fn proven() -> Proof {
    Proof::Proven
}

/// Kinds of destinations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A folder, often a mounted share.
    Folder,
    /// A collection of a WebDAV server (RFC 4918).
    Webdav,
}

/// What every kind of destination can do. All of it is idempotent: a call that was cut off may be made again.
pub(crate) trait Destination {
    /// Whether documents can be sent now.
    ///
    /// # Errors
    /// [`kinds::DESTINATION_AWAY`] (exit 7) while it is away, another kind when a person has to act.
    fn reach(&self) -> Result<()>;

    /// Whether the document is there already, with the proof of it.
    ///
    /// # Errors
    /// [`kinds::DESTINATION_CONFLICT`] when other bytes lie under its name.
    fn probe(&self, name: &str, sha256: &Sha256) -> Result<Option<Receipt>>;

    /// Hands the bytes over. Never overwrites, never deletes what is there.
    ///
    /// # Errors
    /// As [`Destination::reach`]; a full destination is away.
    fn put(&self, name: &str, bytes: &[u8]) -> Result<()>;

    /// Puts a small marked file, reads it back and removes exactly it: for `doctor`.
    ///
    /// # Errors
    /// As [`Destination::put`]; [`kinds::DESTINATION_AWAY`] when it did not stay as it was put.
    fn trial(&self) -> Result<()>;

    /// Removes temporary files of ours that a killed [`Destination::put`] of this name left there.
    fn sweep(&self, name: &str);
}

impl Config {
    /// The first key that is missing, does not belong to the kind, or cannot be used.
    pub fn fault(&self) -> Option<String> {
        let webdav = [
            ("url", self.url.is_some()),
            ("user", self.user.is_some()),
            ("password_file", self.password_file.is_some()),
            ("ca", self.ca.is_some()),
            ("client_certificate", self.client_certificate.is_some()),
            ("client_key", self.client_key.is_some()),
            ("timeout_seconds", self.timeout_seconds.is_some()),
        ];
        let foreign = |keys: &[(&str, bool)]| {
            let key = keys.iter().find(|(_, given)| *given)?.0;
            Some(format!("{key} does not belong to this kind of destination"))
        };
        let pairs = [
            (self.user.is_some() == self.password_file.is_some(), "user and password_file go together"),
            (
                self.client_certificate.is_some() == self.client_key.is_some(),
                "client_certificate and client_key go together",
            ),
        ];
        match self.kind {
            Kind::Folder if self.path.is_none() => Some("path is missing".to_owned()),
            Kind::Folder => foreign(&webdav),
            Kind::Webdav => match &self.url {
                None => Some("url is missing".to_owned()),
                Some(url) if !is_safe(url) => Some(
                    "url must begin with https:// (http:// only on this machine, because the password would travel \
                     readable), and hold no user or password"
                        .to_owned(),
                ),
                Some(_) => foreign(&[("path", self.path.is_some())])
                    .or_else(|| pairs.iter().find(|(holds, _)| !holds).map(|(_, fault)| (*fault).to_owned())),
            },
        }
    }
}

/// Encrypted, or on this machine; a password in it would stand in receipts.
fn is_safe(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else { return false };
    let authority = rest.split('/').next().unwrap_or_default();
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    let here = ["127.0.0.1", "localhost", "[::1]"].contains(&host);
    !authority.contains('@') && !host.is_empty() && (scheme == "https" || scheme == "http" && here)
}

/// A destination on whichever thread asks it.
type Shared = Arc<dyn Destination + Send + Sync>;

/// The connection to a configured destination; relative folders and files lie under `base`.
fn connect(config: &Config, base: &std::path::Path) -> Result<Shared> {
    Ok(match config.kind {
        Kind::Folder => {
            let path = config.path.clone().unwrap_or_default();
            Arc::new(folder::Folder::new(&config.name, base.join(path)))
        }
        Kind::Webdav => Arc::new(webdav::WebDav::new(config, base)?),
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

/// How long another process's deliveries are waited for.
const PATIENCE: Duration = Duration::from_secs(60);
/// Time between two looks.
const GLANCE: Duration = Duration::from_millis(200);

/// Tries a destination for real, with a probe that is removed again.
///
/// # Errors
/// What a delivery would be refused with.
pub async fn trial(config: &Config, base: &std::path::Path) -> Result<()> {
    ask(&connect(config, base)?, |destination| destination.trial()).await
}

/// Sends the queue of each destination and tells each receipt when it is there. A destination that is away costs no
/// document an attempt; with `watch` it is waited for.
///
/// # Errors
/// A store error.
pub async fn run(
    store: &Store,
    destinations: &[&Config],
    base: &std::path::Path,
    watch: bool,
    front: &dyn Front,
) -> Result<Tally> {
    let mut tally = Tally::default();
    for config in destinations {
        let open = store.open_jobs(&config.name).await?;
        front.begin("send", u64::try_from(open).unwrap_or(0));
        match connect(config, base) {
            Ok(destination) => drain(store, config, &destination, watch, front, &mut tally).await?,
            Err(error) => blocked(store, config, &error, front, &mut tally).await?,
        }
        front.end();
    }
    Ok(tally)
}

async fn drain(
    store: &Store,
    config: &Config,
    destination: &Shared,
    watch: bool,
    front: &dyn Front,
    tally: &mut Tally,
) -> Result<()> {
    let mut wait = breaker::Wait::new(&config.name);
    let mut idle = Duration::ZERO;
    let mut reached = false;
    loop {
        if store.open_jobs(&config.name).await? == 0 {
            return Ok(());
        }
        if !reached && let Err(error) = ask(destination, |d| d.reach()).await {
            if error.kind().retry != Retry::Later {
                return blocked(store, config, &error, front, tally).await;
            }
            if pause(store, config, &error, &mut wait, watch).await? {
                continue;
            }
            return away(store, config, &error, front, tally).await;
        }
        reached = true;
        let Some(job) = store.claim(&config.name).await? else {
            // Another process is sending what is left; it is waited for, so that the end of this run is the end of all.
            let document = store.first_waiting(&config.name).await?;
            if !watch
                && idle > PATIENCE
                && let Some(document) = document
            {
                let busy = kinds::DOCUMENT_BUSY.with("document", document);
                return tell(store, document, Err(busy), front, tally).await;
            }
            tokio::time::sleep(GLANCE).await;
            idle += GLANCE;
            continue;
        };
        idle = Duration::ZERO;
        let result = deliver(store, config, destination, &job).await;
        match settle(store, &job, result).await? {
            Settled::Done(result) => {
                wait.reset();
                store.set_breaker(&config.name, "closed", 0, None).await?;
                tell(store, job.document, result, front, tally).await?;
            }
            Settled::Blocked(error) => return blocked(store, config, &error, front, tally).await,
            Settled::Away(error) => {
                reached = false;
                if !pause(store, config, &error, &mut wait, watch).await? {
                    return away(store, config, &error, front, tally).await;
                }
                continue;
            }
        }
        front.advance(1);
    }
}

/// Remembers that the destination is away; while watching, waits until it is looked at again and gives true.
async fn pause(
    store: &Store,
    config: &Config,
    error: &Error,
    wait: &mut breaker::Wait,
    watch: bool,
) -> Result<bool> {
    let asked = error.arg("retry_after").and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs);
    let pause = wait.next().max(asked.unwrap_or_default());
    breaker::open(store, config, error, pause).await?;
    if watch {
        tokio::time::sleep(pause).await;
    }
    Ok(watch)
}

/// A person has to act before anything more is sent there; the documents stay queued and none is blamed.
async fn blocked(
    store: &Store,
    config: &Config,
    error: &Error,
    front: &dyn Front,
    tally: &mut Tally,
) -> Result<()> {
    breaker::open(store, config, error, Duration::ZERO).await?;
    away(store, config, error, front, tally).await
}

/// The destination is away: said once, with the first document that waits.
async fn away(
    store: &Store,
    config: &Config,
    error: &Error,
    front: &dyn Front,
    tally: &mut Tally,
) -> Result<()> {
    let document = store.first_waiting(&config.name).await?.map(|id| id.to_string());
    front.tell(&Event::error(error, document.as_deref().map(Subject::Document), front.lang()));
    tally.failed(error);
    tally.queued += usize::try_from(store.open_jobs(&config.name).await?).unwrap_or_default();
    Ok(())
}

/// What became of one delivery.
async fn tell(
    store: &Store,
    id: DocumentId,
    result: Result<Receipt>,
    front: &dyn Front,
    tally: &mut Tally,
) -> Result<()> {
    let document = id.to_string();
    match result {
        Ok(receipt) => {
            front.tell(&Event::new("receipt", receipt).with("document", &document));
            front.tell(&Event::new("document", store.record(id).await?));
            tally.done += 1;
        }
        Err(error) => {
            front.tell(&Event::error(&error, Some(Subject::Document(&document)), front.lang()));
            tally.failed(&error);
        }
    }
    Ok(())
}

/// Probe, send, probe again: the second probe reads back and is the proof.
async fn deliver(store: &Store, config: &Config, destination: &Shared, job: &Job) -> Result<Receipt> {
    if job.drill != config.drill {
        return Err(kinds::DESTINATION_DRILL.with("destination", &config.name));
    }
    let (name, sha256, blobs) = (job.name.clone(), job.sha256.clone(), store.blobs().clone());
    let away =
        kinds::DESTINATION_AWAY.with("destination", &config.name).with("cause", "the file did not stay");
    ask(destination, move |destination| {
        destination.sweep(&name);
        if let Some(receipt) = destination.probe(&name, &sha256)? {
            return Ok(receipt);
        }
        destination.put(&name, &blobs.read(&sha256)?)?;
        destination.probe(&name, &sha256)?.ok_or(away)
    })
    .await
}

enum Settled {
    Done(Result<Receipt>),
    Away(Error),
    Blocked(Error),
}

/// Refusals of one document; every other one is about the destination and leaves the document queued.
const ABOUT_THE_DOCUMENT: [&str; 5] =
    ["destination_conflict", "destination_refused", "destination_drill", "blob_missing", "blob_damaged"];

async fn settle(store: &Store, job: &Job, result: Result<Receipt>) -> Result<Settled> {
    match result {
        Ok(receipt) => {
            store.complete(job, &receipt).await?;
            Ok(Settled::Done(Ok(receipt)))
        }
        Err(error) if error.kind().retry == Retry::Later => {
            store.defer(job, error.code()).await?;
            Ok(Settled::Away(error))
        }
        Err(error) if ABOUT_THE_DOCUMENT.contains(&error.code()) => {
            store.bury(job, error.code()).await?;
            Ok(Settled::Done(Err(error)))
        }
        Err(error) => {
            store.defer(job, error.code()).await?;
            Ok(Settled::Blocked(error))
        }
    }
}

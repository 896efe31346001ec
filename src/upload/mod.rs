//! Sealed documents leave the house, and proof of their arrival comes back.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::document::{DocumentId, Sha256};
use crate::error::{Error, Result, Retry, kinds};
use crate::event::{Event, Front, Subject, Tally};
use crate::store::{Job, Store};

mod breaker;
mod folder;

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
    pub path: PathBuf,
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

/// The connection to a configured destination; relative folders lie under `base`.
fn connect(config: &Config, base: &std::path::Path) -> Box<dyn Destination + Send + Sync> {
    match config.kind {
        Kind::Folder => Box::new(folder::Folder::new(&config.name, base.join(&config.path))),
    }
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
    let destination = connect(config, base);
    let tried = tokio::task::spawn_blocking(move || destination.trial());
    tried.await.map_err(|e| kinds::INTERNAL.with("cause", e))?
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
        let destination = connect(config, base);
        drain(store, config, destination.as_ref(), watch, front, &mut tally).await?;
        front.end();
    }
    Ok(tally)
}

async fn drain(
    store: &Store,
    config: &Config,
    destination: &(dyn Destination + Send + Sync),
    watch: bool,
    front: &dyn Front,
    tally: &mut Tally,
) -> Result<()> {
    let mut wait = breaker::Wait::new(&config.name);
    let mut idle = Duration::ZERO;
    loop {
        if store.open_jobs(&config.name).await? == 0 {
            return Ok(());
        }
        if let Err(error) = destination.reach() {
            if pause(store, config, &error, &mut wait, watch).await? {
                continue;
            }
            return away(store, config, &error, front, tally).await;
        }
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
            Settled::Away(error) => {
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
    let pause = wait.next();
    breaker::open(store, config, error, pause).await?;
    if watch {
        tokio::time::sleep(pause).await;
    }
    Ok(watch)
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
async fn deliver(
    store: &Store,
    config: &Config,
    destination: &(dyn Destination + Send + Sync),
    job: &Job,
) -> Result<Receipt> {
    if job.drill != config.drill {
        return Err(kinds::DESTINATION_DRILL.with("destination", &config.name));
    }
    destination.sweep(&job.name);
    if let Some(receipt) = destination.probe(&job.name, &job.sha256)? {
        return Ok(receipt);
    }
    let bytes = store.blobs().get(&job.sha256).await?;
    destination.put(&job.name, &bytes)?;
    destination.probe(&job.name, &job.sha256)?.ok_or_else(|| {
        kinds::DESTINATION_AWAY.with("destination", &config.name).with("cause", "the file did not stay")
    })
}

enum Settled {
    Done(Result<Receipt>),
    Away(Error),
}

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
        Err(error) => {
            store.bury(job, error.code()).await?;
            Ok(Settled::Done(Err(error)))
        }
    }
}

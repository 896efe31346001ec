//! The journey, a line per stage, as both fronts call it: an open workspace, requests in, events and a tally out.
//!
//! ```text
//! intake   files     -> plan -> sources kept -> pages inspected -> documents      captured | held
//! build    captured  -> decoded -> compressed -> PDF/A, self-checked              built
//! sign     built     -> personal | verified, authorised, sealed                   signed | sealed
//! send     sealed    -> queued -> sent -> read back                               delivered
//! ```
//!
//! Every stage takes up what the last run left, from bytes that are checked again; so any of them may be run again.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::document::{Document, DocumentId};
use crate::error::{Result, kinds};
use crate::event::{Front, Tally};
use crate::outage::Outage;
use crate::platform;
use crate::profile::Form;
use crate::station::Workspace;
use crate::store::{Filter, Setting, State, Step, Store, Stored};

pub mod anchors;
pub mod board;
pub mod born;
pub mod build;
pub mod correct;
pub mod drill;
pub mod evidence;
pub mod files;
pub mod find;
pub mod handover;
pub mod intake;
pub mod longterm;
pub(crate) mod ordered;
pub mod outages;
pub mod pages;
pub mod propose;
pub mod reading;
pub mod reconcile;
pub mod relocate;
pub mod remote;
pub mod review;
pub mod route;
pub mod send;
pub mod sign;
pub mod wording;

/// An open workspace: this office's facts, its law, its memory.
#[derive(Clone, Debug)]
pub struct Desk {
    /// Facts and law.
    pub workspace: Workspace,
    /// Records, blobs, journal.
    pub store: Store,
}

/// Which documents a command is about.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// These, or all that fit when empty.
    pub documents: Vec<DocumentId>,
    /// Only of this outage.
    pub outage: Option<String>,
}

impl Desk {
    /// Opens the store of a workspace.
    ///
    /// # Errors
    /// [`kinds::WORKSPACE_ON_SHARE`], or a store error (exit 8).
    pub async fn open(workspace: Workspace) -> Result<Self> {
        refuse_share(&workspace.root, &workspace.station.store)?;
        let store = Store::open(workspace.place()?, workspace.blobs()?, setting(&workspace)).await?;
        Ok(Self { workspace, store })
    }

    /// As [`Desk::open`] for who only looks: also where nothing can be written, as on read-only media.
    ///
    /// # Errors
    /// As [`Desk::open`].
    pub async fn open_to_read(workspace: Workspace) -> Result<Self> {
        refuse_share(&workspace.root, &workspace.station.store)?;
        let store = Store::open_to_read(workspace.place()?, workspace.blobs()?, setting(&workspace)).await?;
        Ok(Self { workspace, store })
    }

    /// The legal form of a document: what others wrote is copied, never signed again by our persons.
    pub fn form(&self, stored: &Stored) -> Form {
        stored.document.form(self.workspace.profile.recovery.form)
    }

    /// The outage of a document; an empty one on routes that no outage leads to.
    ///
    /// # Errors
    /// [`kinds::OUTAGE_UNKNOWN`].
    pub async fn outage_of(&self, document: &Document) -> Result<Outage> {
        match document.born.is_some() {
            true => Ok(Outage::default()),
            false => self.store.outage(&document.outage).await,
        }
    }

    /// The selected documents; named ones whatever their state, else those in one of `states`.
    ///
    /// # Errors
    /// [`kinds::DOCUMENT_UNKNOWN`].
    pub async fn select(&self, selection: &Selection, states: &[State]) -> Result<Vec<Stored>> {
        if selection.documents.is_empty() {
            let filter = Filter { states: states.to_vec(), outage: selection.outage.clone() };
            return self.store.documents(&filter).await;
        }
        let mut documents = Vec::with_capacity(selection.documents.len());
        for id in &selection.documents {
            documents.push(self.store.document(*id).await?);
        }
        Ok(documents)
    }
}

/// Who writes here.
fn setting(workspace: &Workspace) -> Setting {
    Setting {
        root: workspace.root.clone(),
        station: workspace.station.station.name.clone(),
        actor: platform::user_name(),
        form: workspace.profile.recovery.form,
    }
}

/// What became of the wish to work on a document.
#[derive(Debug)]
pub(crate) enum Turn {
    /// It is ours for a step.
    Ours(Step),
    /// Another run has done the step meanwhile.
    Done,
}

/// Takes a document for a step. Two runs over the same documents take turns: what another one is working on is waited for.
///
/// # Errors
/// [`kinds::DOCUMENT_BUSY`] when the other run takes longer than [`PATIENCE`].
pub(crate) async fn take(store: &Store, id: DocumentId, from: State) -> Result<Turn> {
    let begun = Instant::now();
    loop {
        if let Some(step) = store.lease(id, from).await? {
            return Ok(Turn::Ours(step));
        }
        if store.document(id).await?.state != from {
            return Ok(Turn::Done);
        }
        // Whoever held it may have died meanwhile.
        store.free_leases_of_the_dead().await?;
        if begun.elapsed() > PATIENCE {
            return Err(kinds::DOCUMENT_BUSY.with("document", id));
        }
        tokio::time::sleep(GLANCE).await;
    }
}

/// How long another run's work on one document is waited for.
const PATIENCE: Duration = Duration::from_secs(60);
/// Time between two looks.
const GLANCE: Duration = Duration::from_millis(100);

/// SQLite's write-ahead log is not safe on a network share.
pub(crate) fn refuse_share(root: &Path, store: &str) -> Result<()> {
    if store.starts_with("sqlite:") && platform::is_network_share(root)? {
        return Err(kinds::WORKSPACE_ON_SHARE.with("path", root.display()));
    }
    Ok(())
}

/// What `recover` is asked for.
#[derive(Debug)]
pub struct Recovery<'a> {
    /// The scans.
    pub intake: intake::Plan,
    /// Key and PIN of the personal signature, when it is to be made now.
    pub personal: Option<sign::Signing<'a>>,
    /// Key and PIN of the organization's signature, when it is to be made now.
    pub organization: Option<sign::Signing<'a>>,
    /// Only this destination.
    pub destination: Option<String>,
}

/// The whole journey: everything that needs no person. Waiting for one is not a failure.
///
/// # Errors
/// A store error, or a key error before the first document; what single documents refuse is told and tallied.
pub async fn recover(desk: &Desk, recovery: Recovery<'_>, front: &dyn Front) -> Result<Tally> {
    let selection = Selection { documents: Vec::new(), outage: Some(recovery.intake.outage.clone()) };
    let mut tally = intake::run(desk, recovery.intake, front).await?;
    tally.add(build::run(desk, build::plan(desk, &selection).await?, front).await?);
    tally.add(signed(desk, &selection, recovery.personal, recovery.organization, front).await?);
    if tally.stopped {
        return Ok(tally);
    }
    if !desk.workspace.station.destination.is_empty() {
        let (destination, outage) = (recovery.destination, selection.outage);
        let request = send::Request { destination, outage, ..send::Request::default() };
        // Signing has taken Ctrl-C over, so it has to be heard here as well. What is under way is found by the next run.
        tokio::select! {
            sent = send::run(desk, &request, front) => tally.add(sent?),
            () = platform::asked_to_stop() => tally.stop(front),
        }
    }
    Ok(tally)
}

/// The signatures of a journey; with both keys at hand they work at the same time, on different documents.
async fn signed<'a>(
    desk: &Desk,
    selection: &Selection,
    personal: Option<sign::Signing<'a>>,
    organization: Option<sign::Signing<'a>>,
    front: &dyn Front,
) -> Result<Tally> {
    let plan = async |signing: &sign::Signing<'_>| {
        Ok(sign::plan(desk, selection, &signing.request).await?.without_blocked())
    };
    match (personal, organization) {
        (Some(first), Some(second)) => {
            let plans = (plan(&first).await?, plan(&second).await?);
            sign::run_both(desk, (plans.0, first), (plans.1, second), front).await
        }
        (Some(only), None) | (None, Some(only)) => {
            let plan = plan(&only).await?;
            sign::run(desk, plan, only, front).await
        }
        (None, None) => Ok(Tally::default()),
    }
}

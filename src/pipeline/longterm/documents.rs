//! Documents of the workspace at a higher level, or with what they owed. A document keeps its state and gets a new version;
//! several are committed in one write. A revocation that is found now puts the document on hold and tells the clerk (rule 8).

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;

use crate::document::{DocumentId, Finding, Severity};
use crate::error::{Error, Result, kinds};
use crate::event::{Event, Front, Subject, Tally};
use crate::profile::{Level, SealRequires};
use crate::station::Workspace;
use crate::store::{Advance, NewRevision, Record, SignatureRow, State, Step, Stored};

use super::super::build::tell_error;
use super::super::{Desk, Selection, ordered};
use super::{RENEWAL, Raised, Raiser, name, rank};

/// Documents that are leased and committed together.
const TOGETHER: usize = 16;
/// Code of the finding on a document whose signer was revoked.
pub const REVOKED: &str = "signature_revoked";

/// Raises the selected documents to a level. Without names those are taken that are below it, or whose archive time stamp ends
/// within [`RENEWAL`]; named ones get a new archive time stamp in any case.
///
/// # Errors
/// [`kinds::TIMESTAMP_NOT_NAMED`]; a store error; an unknown document.
pub async fn upgrade(desk: &Desk, selection: &Selection, level: Level, front: &dyn Front) -> Result<Tally> {
    let raiser = Raiser::of(Some(&desk.workspace), level, level != Level::BB, front.lang())?;
    let documents = below(desk, selection, level).await?;
    let reason = format!("upgrade:{}", name(level).to_lowercase());
    Ok(raised(desk, documents, raiser, &reason, front).await?.told(level, front))
}

/// Settles what is owed: time by a document time stamp, revocation by evidence in the file. What still cannot be had stays owed,
/// and is told by document.
///
/// # Errors
/// A store error; an unknown document.
pub async fn complete(
    desk: &Desk,
    selection: &Selection,
    level: Option<Level>,
    front: &dyn Front,
) -> Result<Tally> {
    let target = target(desk, level);
    let mut outcome = completed(desk, selection, target, front).await?;
    // No time will come for them, however often this is run again.
    if desk.workspace.station.timestamp.is_empty() && !outcome.below.is_empty() {
        let error = kinds::PROOF_NO_SERVICE.with("documents", outcome.below.len());
        front.tell(&Event::error(&error, None, front.lang()));
        outcome.tally.failed(&error);
        return Ok(outcome.tally);
    }
    Ok(outcome.told(target, front))
}

/// As [`complete`], on the way to a destination: what stays owed is no failure there, and is not told each time.
///
/// # Errors
/// As [`complete`].
pub async fn settle(desk: &Desk, selection: &Selection, front: &dyn Front) -> Result<Tally> {
    Ok(completed(desk, selection, target(desk, None), front).await?.tally)
}

/// What is owed are proofs, so evidence is wanted at least.
fn target(desk: &Desk, level: Option<Level>) -> Level {
    let wanted = level.unwrap_or(desk.workspace.profile.crypto.level);
    if rank(Some(name(wanted))) < rank(Some("B-LT")) { Level::BLt } else { wanted }
}

async fn completed(desk: &Desk, selection: &Selection, target: Level, front: &dyn Front) -> Result<Outcome> {
    let raiser = Raiser::of(Some(&desk.workspace), target, false, front.lang())?;
    let documents = owed_documents(desk, selection).await?;
    raised(desk, documents, raiser, "complete", front).await
}

/// Tells which documents [`upgrade`] would take, or [`complete`] without a level.
///
/// # Errors
/// A store error; an unknown document.
pub async fn tell_plan(
    desk: &Desk,
    selection: &Selection,
    level: Option<Level>,
    front: &dyn Front,
) -> Result<()> {
    let (action, documents) = match level {
        Some(level) => ("upgrade", below(desk, selection, level).await?),
        None => ("complete", owed_documents(desk, selection).await?),
    };
    for stored in documents {
        let line = json!({"action": action, "document": stored.id.to_string(), "level": level.map(name),
            "number": stored.document.number(), "subject": stored.document.fields.subject});
        front.tell(&Event::new("plan", line));
    }
    Ok(())
}

/// The selected documents whose records a test picks; named ones are taken without it.
async fn picked(desk: &Desk, selection: &Selection, wants: impl Fn(&Record) -> bool) -> Result<Vec<Stored>> {
    if !selection.documents.is_empty() {
        let named = desk.select(selection, &[]).await?;
        let wrong = named.iter().find(|stored| !stored.state.is_signed());
        return match wrong {
            Some(stored) => Err(kinds::WRONG_STATE.with("state", stored.state).with("wanted", State::Signed)),
            None => Ok(named),
        };
    }
    let filter = crate::store::Filter {
        states: State::ALL.into_iter().filter(|state| state.is_signed()).collect(),
        outage: selection.outage.clone(),
    };
    let records = desk.store.records(&filter).await?;
    let wanted: std::collections::HashSet<String> =
        records.into_iter().filter(|record| wants(record)).map(|record| record.document).collect();
    let mut documents = desk.store.documents(&filter).await?;
    documents.retain(|stored| wanted.contains(&stored.id.to_string()));
    Ok(documents.into_iter().map(Stored::light).collect())
}

/// Whether a document owes a proof that somebody wants: the profile, or a station that names a service to give it. Where neither
/// asks for any, a signature without proofs is all that there is to be.
pub fn is_owing(workspace: &Workspace, record: &Record) -> bool {
    let (profile, strict) = (&workspace.profile, SealRequires::Valid);
    let recovery = &profile.recovery;
    let asked = profile.crypto.level != Level::BB
        || recovery.seal_requires == strict
        || recovery.deliver_requires == strict
        || profile.route.iter().any(|route| route.seal_requires == strict)
        || !workspace.station.timestamp.is_empty();
    asked && !record.owed.is_empty()
}

async fn below(desk: &Desk, selection: &Selection, level: Level) -> Result<Vec<Stored>> {
    let soon = Timestamp::now().saturating_add(RENEWAL).unwrap_or(Timestamp::MAX);
    picked(desk, selection, |record| {
        let reached = record.levels().all(|reached| rank(reached) >= rank(Some(name(level))));
        let ends = record.stands_until().is_some_and(|end| end < soon);
        !reached || level == Level::BLta && ends
    })
    .await
}

/// Documents that owe something.
///
/// # Errors
/// A store error; an unknown document.
pub async fn owed_documents(desk: &Desk, selection: &Selection) -> Result<Vec<Stored>> {
    picked(desk, selection, |record| !record.owed.is_empty()).await
}

/// A document that is ours, and what came of it.
struct Ours {
    stored: Stored,
    step: Step,
    made: Result<Raised>,
}

/// What became of a run.
#[derive(Default)]
struct Outcome {
    tally: Tally,
    /// Documents whose level could not be reached now.
    below: Vec<DocumentId>,
}

impl Outcome {
    fn count(&mut self, document: DocumentId, reached: bool) {
        match reached {
            true => self.tally.done += 1,
            false => self.below.push(document),
        }
    }

    /// Tells which documents have not come to the level, which is what was asked for.
    fn told(mut self, level: Level, front: &dyn Front) -> Tally {
        for document in self.below {
            let error = kinds::LEVEL_NOT_REACHED.with("level", name(level));
            tell_error(document.to_string(), &error, front, &mut self.tally);
        }
        self.tally
    }
}

async fn raised(
    desk: &Desk,
    documents: Vec<Stored>,
    raiser: Raiser,
    reason: &str,
    front: &dyn Front,
) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    let raiser = Arc::new(raiser);
    front.begin("sign", documents.len() as u64);
    for group in documents.chunks(TOGETHER) {
        let wanted: Vec<_> = group.iter().map(|stored| (stored.id, stored.state)).collect();
        let leased = desk.store.lease_all(&wanted).await?;
        let mut ours = Vec::new();
        for (stored, step) in group.iter().zip(leased) {
            match step {
                Some(step) => ours.push((stored.clone(), step)),
                None => {
                    let busy = kinds::DOCUMENT_BUSY.with("document", stored.id);
                    tell_error(stored.id.to_string(), &busy, front, &mut outcome.tally);
                }
            }
        }
        let (worker, blobs, mut done) = (raiser.clone(), desk.store.blobs().clone(), Vec::new());
        let work = move |(stored, step): (Stored, Step)| {
            let raise = || {
                let sha256 =
                    stored.latest.as_ref().ok_or_else(|| kinds::NOT_BUILT.with("document", stored.id))?;
                worker.raise(&blobs.read(sha256)?)
            };
            let made = raise();
            Ours { stored, step, made }
        };
        ordered::each(ours, work, async |one: Result<Ours>| {
            front.advance(1);
            done.push(one?);
            Ok(())
        })
        .await?;
        commit(desk, done, reason, front, &mut outcome).await?;
    }
    for note in raiser.notes() {
        front.tell(&Event::error(&note, None, front.lang()));
    }
    front.end();
    Ok(outcome)
}

/// New versions in one write; documents without one are given back.
async fn commit(
    desk: &Desk,
    done: Vec<Ours>,
    reason: &str,
    front: &dyn Front,
    outcome: &mut Outcome,
) -> Result<()> {
    let (mut news, mut back) = (Vec::new(), Vec::new());
    for Ours { stored, step, made } in done {
        match made {
            Ok(Raised { bytes: Some(bytes), report, reached }) => {
                let sha256 = desk.store.blobs().keep(&bytes)?;
                let rows: Vec<_> = report.signatures.iter().map(SignatureRow::from_report).collect();
                news.push((stored, step, sha256, bytes.len(), rows, reached));
            }
            Ok(Raised { reached, .. }) => {
                outcome.count(stored.id, reached);
                back.push(step);
            }
            Err(error) => {
                back.push(step);
                refused(desk, &stored, &error, front, &mut outcome.tally).await?;
            }
        }
    }
    if !back.is_empty() {
        desk.store.release_all(&back).await?;
    }
    let advances: Vec<Advance> = news
        .iter()
        .map(|(stored, step, sha256, bytes, signatures, _)| Advance {
            step,
            to: stored.state,
            revision: NewRevision { sha256, bytes: *bytes, reason, signatures },
        })
        .collect();
    let results = if advances.is_empty() { Vec::new() } else { desk.store.extend_all(&advances).await? };
    for ((stored, .., reached), result) in news.iter().zip(results) {
        match result {
            Ok(()) => {
                front.tell(&Event::new("document", desk.store.record(stored.id).await?));
                outcome.count(stored.id, *reached);
            }
            Err(error) => tell_error(stored.id.to_string(), &error, front, &mut outcome.tally),
        }
    }
    Ok(())
}

/// Tells a refusal; a revocation holds the document until the clerk has looked.
async fn refused(
    desk: &Desk,
    stored: &Stored,
    error: &Error,
    front: &dyn Front,
    tally: &mut Tally,
) -> Result<()> {
    let id = stored.id.to_string();
    if error.code() == kinds::SIGNATURE_REVOKED.code {
        let signer = error.arg("signer").unwrap_or_default();
        let finding = Finding::new(REVOKED, None, Severity::Hold).with("signer", signer);
        front.tell(&Event::finding(&finding, Subject::Document(&id), front.lang()));
        desk.store.hold(stored.id, finding).await?;
    }
    tell_error(id, error, front, tally);
    Ok(())
}

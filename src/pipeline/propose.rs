//! Facts that seem to stand on the paper, for a person to accept: nothing of them is written by itself.

use crate::document::{DocumentId, Finding, Severity};
use crate::error::{Result, kinds};
use crate::event::{Event, Front, Subject};
use crate::ocr::{Proposal, Tesseract};
use crate::scan::Scan;
use crate::store::{Read, Record, State, Stored};

use super::correct::{self, Change};
use super::{Desk, ordered};

/// Reads the first page of a document that waits to be built, unless it was read before, and gives its record with the
/// proposals. Without Tesseract there are none, and a note says why.
///
/// # Errors
/// [`kinds::DOCUMENT_UNKNOWN`], or a store error.
pub async fn look(desk: &Desk, id: DocumentId, front: &dyn Front) -> Result<Record> {
    let stored = desk.store.document(id).await?;
    let open = matches!(stored.state, State::Captured | State::Held);
    if open && !desk.store.read(id).await?.iter().any(|read| read.page == 1) {
        let subject = id.to_string();
        let note = match Tesseract::find(&desk.workspace.profile.ocr.languages) {
            None => Some(Finding::new("ocr_missing", None, Severity::Info)),
            Some(tesseract) => read(desk, &stored, tesseract).await?,
        };
        if let Some(note) = note {
            front.tell(&Event::finding(&note, Subject::Document(&subject), front.lang()));
        }
    }
    desk.store.record(id).await
}

/// Reads the first page; a finding when that fails.
async fn read(desk: &Desk, stored: &Stored, tesseract: Tesseract) -> Result<Option<Finding>> {
    let Some((1, page)) = stored.document.numbered_pages().next() else { return Ok(None) };
    let (page, blobs) = (page.clone(), desk.store.blobs().clone());
    let work = move || {
        let scan = Scan::open(blobs.source(&page.source_sha256)?)?;
        tesseract.begin(&scan.decode(page.index)?, page.dpi, 0.0)?.finish()
    };
    match ordered::one(work).await? {
        Ok(text) => desk.store.keep_read(stored.id, &[Read::of(1, &text)]).await.map(|()| None),
        Err(error) => {
            let cause = error.arg("cause").unwrap_or(error.code()).to_owned();
            Ok(Some(Finding::new("ocr_failed", Some(1), Severity::Warning).with("cause", cause)))
        }
    }
}

/// Takes the proposals over for facts that nobody has given yet. Where the paper seems to say something else than what is
/// given, and where it was not read surely, a person decides with `key=value`.
///
/// # Errors
/// [`kinds::NO_PROPOSALS`], [`kinds::PROPOSALS_UNSURE`]; otherwise as [`correct::edit`].
pub async fn accept(desk: &Desk, id: DocumentId, front: &dyn Front) -> Result<Record> {
    let record = look(desk, id, front).await?;
    let missing = |proposal: &&Proposal| record.fields.get(&proposal.field).is_none();
    let (sure, unsure): (Vec<_>, Vec<_>) = record.proposals.iter().filter(missing).partition(|p| p.is_sure());
    if sure.is_empty() {
        return Err(match unsure.is_empty() {
            true => kinds::NO_PROPOSALS.with("document", id),
            false => kinds::PROPOSALS_UNSURE.with("document", id).with("facts", listed(&unsure)),
        });
    }
    let changes: Vec<Change> = sure.iter().map(|p| Change::accepted(&p.field, &p.value)).collect();
    let record = correct::edit(desk, id, &changes).await?;
    if !unsure.is_empty() {
        let note = Finding::new("proposals_left", None, Severity::Warning).with("facts", listed(&unsure));
        front.tell(&Event::finding(&note, Subject::Document(&record.document), front.lang()));
    }
    Ok(record)
}

/// `code_number=2 (52 %), issued_date=2026-11-02 (49 %)`.
fn listed(proposals: &[&Proposal]) -> String {
    let one = |p: &&Proposal| format!("{}={} ({:.0} %)", p.field, p.value, p.confidence * 100.0);
    proposals.iter().map(one).collect::<Vec<_>>().join(", ")
}

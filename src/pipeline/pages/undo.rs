//! The last correction of pages is taken back, for all documents that it touched.

use crate::document::{DocumentId, pages};
use crate::error::{Result, kinds};
use crate::store::{Record, State, Stored};

use super::super::{Desk, review};

/// Takes back the last correction of a document and gives the documents that are concerned. Facts that were corrected
/// meanwhile stay corrected.
///
/// # Errors
/// [`kinds::NOTHING_TO_UNDO`]; [`kinds::UNDO_TOO_LATE`] when one of the documents has gone further, then nothing changed.
pub async fn undo(desk: &Desk, id: DocumentId) -> Result<Vec<Record>> {
    let nothing = || kinds::NOTHING_TO_UNDO.with("document", id);
    let entry = desk.store.last_correction(id).await?.ok_or_else(nothing)?;
    let (mut changed, mut revived, mut ids) = (Vec::new(), Vec::new(), Vec::new());
    for before in &entry.documents {
        let stored = last_of(desk, &before.document, &entry.correction).await?;
        let snapshot = desk.store.snapshot(before).await?;
        ids.push(stored.id);
        match stored.state {
            State::Captured | State::Held | State::Built => {
                let restored = pages::restored(stored.document.clone(), snapshot.record);
                let outage = desk.store.outage(&restored.outage).await?;
                let restored = review::reviewed(restored, &desk.workspace.profile, &outage);
                changed.push((stored, restored));
            }
            State::Replaced | State::Dropped => revived.push((stored, snapshot.record)),
            _ => return Err(kinds::UNDO_TOO_LATE.with("other", stored.id)),
        }
    }
    let created = match &entry.created {
        Some(made) => Some(last_of(desk, made, &entry.correction).await?),
        None => None,
    };
    ids.extend(created.iter().map(|stored| stored.id));
    desk.store.undo(&entry, changed, revived, created).await?;
    let mut records = Vec::with_capacity(ids.len());
    for id in ids {
        records.push(desk.store.record(id).await?);
    }
    Ok(records)
}

/// A document of the correction, unless a later correction of its own stands on this one.
async fn last_of(desk: &Desk, number: &str, correction: &str) -> Result<Stored> {
    let id = super::super::sign::document_id(number)?;
    match desk.store.last_correction(id).await? {
        Some(last) if last.correction != correction => Err(kinds::UNDO_TOO_LATE.with("other", id)),
        _ => desk.store.document(id).await,
    }
}

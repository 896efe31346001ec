//! Corrections of pages: all documents that one of them touches change in one transaction, and the journal knows how they
//! were before.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::document::{Document, DocumentId, Sha256};
use crate::error::{Result, kinds};

use super::documents::{insert_row, next_id};
use super::{State, Store, Stored, Write, commit, failed, journal, unreadable};

/// Journal event of a correction, and of its being undone.
pub(super) const CORRECTED: &str = "pages_corrected";
const UNDONE: &str = "pages_undone";

/// One correction over one or several documents.
#[derive(Debug, Default)]
pub struct Correction {
    /// What was done, for the journal.
    pub what: Value,
    /// Documents as they were read, with what they become.
    pub changed: Vec<(Stored, Document)>,
    /// Documents that end, because their pages stand in another one or none is left.
    pub ended: Vec<(Stored, State)>,
    /// A document that comes into being, with the bytes that are its share.
    pub created: Option<(Document, u64)>,
}

/// A document before a correction.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Before {
    /// Its number.
    pub document: String,
    /// Digest of its record and state, which lie among the blobs.
    pub before: Sha256,
}

/// A correction that can be undone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Undoable {
    /// Its own number.
    pub correction: String,
    /// The documents that it changed or ended.
    pub documents: Vec<Before>,
    /// The document that it made.
    pub created: Option<String>,
}

/// A record with its state, as it is kept among the blobs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Snapshot {
    /// Where it stood.
    pub state: State,
    /// The record.
    pub record: Document,
}

impl Store {
    /// Carries a correction out and gives the number of the document that it made.
    ///
    /// # Errors
    /// [`kinds::WRONG_STATE`] when one of the documents was signed meanwhile or is being worked on; then nothing changed.
    pub async fn correct(&self, correction: Correction) -> Result<Option<DocumentId>> {
        let number = uuid::Uuid::now_v7().simple().to_string();
        let mut documents = Vec::new();
        for stored in correction.changed.iter().map(|(s, _)| s).chain(correction.ended.iter().map(|(s, _)| s))
        {
            let snapshot = Snapshot { state: stored.state, record: stored.document.clone() };
            let bytes = serde_json::to_vec(&snapshot).map_err(unreadable)?;
            documents
                .push(Before { document: stored.id.to_string(), before: self.blobs().put(&bytes).await? });
        }
        let mut tx = self.write().await?;
        let created = match &correction.created {
            Some((document, size)) => Some(self.create(&mut tx, document, *size, &number).await?),
            None => None,
        };
        let undoable = Undoable { correction: number, documents, created: created.map(|id| id.to_string()) };
        let mut detail = serde_json::to_value(&undoable).map_err(unreadable)?;
        if let Some(detail) = detail.as_object_mut() {
            detail.insert("what".to_owned(), correction.what);
        }
        for (stored, document) in correction.changed {
            let stored = Stored { document, ..stored };
            self.update_in(&mut tx, &stored, CORRECTED, detail.clone()).await?;
        }
        for (stored, state) in correction.ended {
            self.end(&mut tx, &stored, state, CORRECTED, detail.clone()).await?;
        }
        commit(tx).await?;
        Ok(created)
    }

    async fn create(
        &self,
        tx: &mut Write,
        document: &Document,
        size: u64,
        number: &str,
    ) -> Result<DocumentId> {
        let id = next_id(tx).await?;
        let state = if document.is_held() { State::Held } else { State::Captured };
        // Its sources belong to the document that it came from; a scan that comes again finds that one.
        insert_row(tx, id, &format!("correction:{number}"), state, document, size).await?;
        let detail = json!({"outage": document.outage, "sources": document.source_sha256(), "state": state,
            "correction": number});
        journal::append(self, tx, "captured", Some(id), detail).await?;
        Ok(id)
    }

    async fn end(
        &self,
        tx: &mut Write,
        stored: &Stored,
        state: State,
        event: &str,
        detail: Value,
    ) -> Result<()> {
        let detail = self.rewrite_in(tx, stored, detail).await?;
        self.set_state(tx, stored.id, state).await?;
        journal::append(self, tx, event, Some(stored.id), detail).await
    }

    async fn set_state(&self, tx: &mut Write, id: DocumentId, state: State) -> Result<()> {
        sqlx::query("UPDATE document SET state = $1 WHERE id = $2")
            .bind(state.as_str())
            .bind(id.0)
            .execute(&mut **tx)
            .await
            .map(|_| ())
            .map_err(failed)
    }

    /// The last correction of this document that was not undone.
    ///
    /// # Errors
    /// A store error.
    pub async fn last_correction(&self, id: DocumentId) -> Result<Option<Undoable>> {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT event, detail FROM journal WHERE document = $1 AND event IN ($2, $3) ORDER BY seq DESC",
        )
        .bind(id.to_string())
        .bind(CORRECTED)
        .bind(UNDONE)
        .fetch_all(&self.pool)
        .await
        .map_err(failed)?;
        let mut undone: Vec<String> = Vec::new();
        for (event, detail) in rows {
            let entry: Undoable = serde_json::from_str(&detail).map_err(unreadable)?;
            if event == UNDONE {
                undone.push(entry.correction);
            } else if !undone.contains(&entry.correction) {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }

    /// The record that a correction kept.
    ///
    /// # Errors
    /// A blob error, or a record that this version cannot read.
    pub async fn snapshot(&self, before: &Before) -> Result<Snapshot> {
        let bytes = self.blobs().get(&before.before).await?;
        serde_json::from_slice(&bytes).map_err(unreadable)
    }

    /// Puts documents back: `changed` and `revived` get their records, `created` is given up.
    ///
    /// # Errors
    /// [`kinds::UNDO_TOO_LATE`] when one of them has gone further; then nothing changed.
    pub async fn undo(
        &self,
        entry: &Undoable,
        changed: Vec<(Stored, Document)>,
        revived: Vec<(Stored, Document)>,
        created: Option<Stored>,
    ) -> Result<()> {
        let detail = serde_json::to_value(entry).map_err(unreadable)?;
        let late = |id: DocumentId| kinds::UNDO_TOO_LATE.with("other", id);
        let mut tx = self.write().await?;
        for (stored, document) in revived {
            let back = sqlx::query(
                "UPDATE document SET state = 'captured' WHERE id = $1 AND state IN ('replaced', 'dropped')",
            )
            .bind(stored.id.0)
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
            if back.rows_affected() != 1 {
                return Err(late(stored.id));
            }
            let stored = Stored { document, ..stored };
            self.update_in(&mut tx, &stored, UNDONE, detail.clone()).await.map_err(|_| late(stored.id))?;
        }
        for (stored, document) in changed {
            let stored = Stored { document, ..stored };
            self.update_in(&mut tx, &stored, UNDONE, detail.clone()).await.map_err(|_| late(stored.id))?;
        }
        if let Some(stored) = created {
            let id = stored.id;
            self.end(&mut tx, &stored, State::Dropped, UNDONE, detail).await.map_err(|_| late(id))?;
        }
        commit(tx).await
    }
}

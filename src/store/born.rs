//! Documents that were written on a computer: recorded by their PDF, set aside when they are sent back, replaced by corrected ones.

use serde_json::{Value, json};

use crate::document::{Document, DocumentId, Sha256};
use crate::error::{Result, kinds};

use super::documents::{Inserted, Stored};
use super::record::State;
use super::{Store, Write, commit, failed, journal, search, unreadable};

impl Store {
    /// Records a document whose files are durable already; the same PDF on the same route is the same document. `along` is the
    /// document that it goes along with.
    ///
    /// # Errors
    /// A store error.
    pub async fn insert_born(&self, document: &Document, along: Option<DocumentId>) -> Result<Inserted> {
        let digests: Vec<String> = document.source_sha256().into_iter().map(|digest| digest.0).collect();
        let pdf = digests.first().cloned().unwrap_or_default();
        let place = along.map(|id| id.to_string()).unwrap_or_default();
        let key = Sha256::of(format!("{} {place} {pdf}", document.route.as_str()).as_bytes()).0;
        let size = document.born.iter().flat_map(|born| born.files()).map(|file| file.bytes).sum();
        let about = json!({"route": document.route, "sources": digests, "attachment_of": place});
        self.insert_as(document, &key, size, about).await
    }

    /// Stores a record that a finding holds from now on; where the document stands does not change.
    ///
    /// # Errors
    /// [`kinds::WRONG_STATE`] when it has gone on meanwhile, or is being worked on.
    pub async fn set_aside(&self, stored: &Stored, event: &str, detail: Value) -> Result<()> {
        let mut tx = self.write().await?;
        put_back(&mut tx, stored, stored.state).await?;
        journal::append(self, &mut tx, event, Some(stored.id), detail).await?;
        commit(tx).await
    }

    /// A corrected document stands in the place of this one, which stays with all that belongs to it.
    ///
    /// # Errors
    /// [`kinds::DOCUMENT_BUSY`] when it has gone on meanwhile, or is being worked on.
    pub async fn replace(&self, stored: &Stored, by: DocumentId) -> Result<()> {
        let mut tx = self.write().await?;
        put_back(&mut tx, stored, State::Replaced).await?;
        let detail = json!({"from": stored.state, "by": by.to_string()});
        journal::append(self, &mut tx, "replaced", Some(stored.id), detail).await?;
        commit(tx).await
    }
}

/// Writes a record as it was changed in memory, unless the document has gone on meanwhile or is being worked on.
async fn put_back(tx: &mut Write, stored: &Stored, to: State) -> Result<()> {
    let sql = "UPDATE document SET record = $1, state = $2 WHERE id = $3 AND state = $4 AND lease_until < $5";
    let done = sqlx::query(sql)
        .bind(serde_json::to_string(&stored.document).map_err(unreadable)?)
        .bind(to.as_str())
        .bind(stored.id.0)
        .bind(stored.state.as_str())
        .bind(tx.at())
        .execute(&mut **tx)
        .await
        .map_err(failed)?;
    if done.rows_affected() != 1 {
        return Err(kinds::DOCUMENT_BUSY.with("document", stored.id));
    }
    search::keep_up(tx, stored.id).await
}

//! Documents that were written on a computer: recorded by their PDF, set aside when they are sent back, replaced by corrected ones.

use serde_json::{Value, json};

use crate::document::{Document, DocumentId, Route, Sha256};
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
        let key = source_key(document.route, &place, &pdf);
        let size = document.born.iter().flat_map(|born| born.files()).map(|file| file.bytes).sum();
        let about = json!({"route": document.route, "sources": digests, "attachment_of": place});
        self.insert_as(document, &key, size, about).await
    }

    /// The documents that go along with this one, in their order, as far as they stand.
    ///
    /// # Errors
    /// A store error.
    pub async fn attachments(&self, stored: &Stored) -> Result<Vec<Stored>> {
        let files = stored.document.born.iter().flat_map(|born| &born.attachments);
        let (route, place) = (stored.document.route, stored.id.to_string());
        let mut all = Vec::new();
        for file in files {
            let row: Option<(i64,)> =
                sqlx::query_as("SELECT id FROM document WHERE outage = $1 AND source_key = $2")
                    .bind(&stored.document.outage)
                    .bind(source_key(route, &place, &file.sha256.0))
                    .fetch_optional(&self.pool)
                    .await
                    .map_err(failed)?;
            if let Some((id,)) = row {
                all.push(self.document(DocumentId(id)).await?);
            }
        }
        all.retain(|attachment| !matches!(attachment.state, State::Dropped | State::Replaced));
        Ok(all)
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

/// By what a document that was written on a computer is known again: its route, the document that it goes along with, its PDF.
fn source_key(route: Route, along: &str, pdf: &str) -> String {
    Sha256::of(format!("{} {along} {pdf}", route.as_str()).as_bytes()).0
}

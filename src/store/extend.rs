//! New versions of documents that stay where they are, and documents that are held after they were signed.

use std::collections::HashSet;

use serde_json::json;

use crate::document::{Document, DocumentId, Finding};
use crate::error::{Result, kinds};

use super::steps::{Advance, ROWS, add_revisions, moved};
use super::{Store, commit, failed, journal, search, unreadable};

impl Store {
    /// Gives several leased documents a new version in one transaction; their states stay. A delivery that has not begun takes
    /// the new version along. The results are in the order of the documents.
    ///
    /// # Errors
    /// A store error, which none of them has got past.
    pub async fn extend_all(&self, extensions: &[Advance<'_>]) -> Result<Vec<Result<()>>> {
        let mut tx = self.write().await?;
        let mut ours = HashSet::new();
        for rows in extensions.chunks(ROWS) {
            ours.extend(moved(&mut tx, rows).await?);
        }
        let kept: Vec<&Advance> =
            extensions.iter().filter(|one| ours.contains(&one.step.document.0)).collect();
        let news: Vec<_> = kept.iter().map(|one| (one.step.document, &one.revision)).collect();
        add_revisions(&mut tx, &news).await?;
        let mut entries = Vec::with_capacity(kept.len());
        for Advance { step, revision, .. } in &kept {
            sqlx::query("UPDATE job SET sha256 = $1 WHERE document = $2 AND state IN ('ready', 'held') AND attempts = 0")
                .bind(&revision.sha256.0)
                .bind(step.document.0)
                .execute(&mut *tx)
                .await
                .map_err(failed)?;
            let detail = json!({"state": step.from, "sha256": revision.sha256, "reason": revision.reason});
            entries.push(("extended", Some(step.document), detail));
        }
        journal::append_all(self, &mut tx, entries).await?;
        commit(tx).await?;
        kept.iter().for_each(|_| self.holder.gave_back());
        let result = |one: &Advance| match ours.contains(&one.step.document.0) {
            true => Ok(()),
            false => Err(kinds::LEASE_LOST.with("document", one.step.document)),
        };
        Ok(extensions.iter().map(result).collect())
    }

    /// Documents that have a version of this name.
    ///
    /// # Errors
    /// A store error.
    pub async fn documents_with(&self, reason: &str) -> Result<HashSet<DocumentId>> {
        let rows: Vec<(i64,)> = sqlx::query_as("SELECT DISTINCT document FROM revision WHERE reason = $1")
            .bind(reason)
            .fetch_all(&self.pool)
            .await
            .map_err(failed)?;
        Ok(rows.into_iter().map(|(id,)| DocumentId(id)).collect())
    }

    /// Holds a signed document until the clerk accepts the finding: it is neither sealed nor delivered meanwhile. The same
    /// finding is entered once.
    ///
    /// # Errors
    /// A store error.
    pub async fn hold(&self, id: DocumentId, finding: Finding) -> Result<()> {
        let mut tx = self.write().await?;
        let (record,): (String,) = sqlx::query_as("SELECT record FROM document WHERE id = $1")
            .bind(id.0)
            .fetch_one(&mut *tx)
            .await
            .map_err(failed)?;
        let mut document: Document = serde_json::from_str(&record).map_err(unreadable)?;
        if document.findings.iter().any(|known| known.code == finding.code && known.args == finding.args) {
            return Ok(());
        }
        let detail = json!({"code": finding.code, "args": finding.args});
        document.findings.push(finding);
        self.set_record(&mut tx, id, &document).await?;
        sqlx::query("UPDATE job SET state = 'held' WHERE document = $1 AND state = 'ready'")
            .bind(id.0)
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
        journal::append(self, &mut tx, "held", Some(id), detail).await?;
        commit(tx).await
    }

    /// Enters a clerk's acceptance of findings on a signed document; with none left open its deliveries go on.
    ///
    /// # Errors
    /// A store error.
    pub async fn accept_on_signed(
        &self,
        id: DocumentId,
        document: &Document,
        detail: serde_json::Value,
    ) -> Result<()> {
        let mut tx = self.write().await?;
        self.set_record(&mut tx, id, document).await?;
        if !document.is_held() {
            sqlx::query("UPDATE job SET state = 'ready' WHERE document = $1 AND state = 'held'")
                .bind(id.0)
                .execute(&mut *tx)
                .await
                .map_err(failed)?;
        }
        journal::append(self, &mut tx, "edited", Some(id), detail).await?;
        commit(tx).await
    }

    async fn set_record(&self, tx: &mut super::Write, id: DocumentId, document: &Document) -> Result<()> {
        sqlx::query("UPDATE document SET record = $1 WHERE id = $2")
            .bind(serde_json::to_string(document).map_err(unreadable)?)
            .bind(id.0)
            .execute(&mut **tx)
            .await
            .map_err(failed)?;
        search::keep_up(tx, id).await
    }
}

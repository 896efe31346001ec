//! Stacks that were split: which documents they made, so that the same stack again is found without decoding a page.

use serde_json::json;

use crate::document::{DocumentId, Sha256};
use crate::error::Result;

use super::{Store, commit, failed, journal, unreadable};

/// Name of a stack's row: the outage and its files in order. The way of splitting is left out: the same stack taken in
/// again in another way would be every page twice.
fn row(outage: &str, sources: &[Sha256]) -> String {
    let sources: Vec<&str> = sources.iter().map(|s| s.0.as_str()).collect();
    format!("stack:{}", Sha256::of(json!([outage, sources]).to_string().as_bytes()))
}

impl Store {
    /// Remembers the documents of a stack once all of them are recorded. `sheets` are the cover sheets that were found in
    /// it, the ones with nothing under them too: no sheet that was scanned goes unmentioned (rule 2).
    ///
    /// # Errors
    /// A store error.
    pub async fn keep_stack(
        &self,
        outage: &str,
        way: &str,
        sources: &[Sha256],
        documents: &[DocumentId],
        sheets: &[String],
    ) -> Result<()> {
        let ids: Vec<i64> = documents.iter().map(|id| id.0).collect();
        let mut tx = self.write().await?;
        let done =
            sqlx::query("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
                .bind(row(outage, sources))
                .bind(json!(ids).to_string())
                .execute(&mut *tx)
                .await
                .map_err(failed)?;
        if done.rows_affected() == 1 {
            let numbers: Vec<String> = documents.iter().map(ToString::to_string).collect();
            let detail = json!({"outage": outage, "way": way, "sources": sources, "documents": numbers, "sheets": sheets});
            journal::append(self, &mut tx, "stack_split", None, detail).await?;
        }
        commit(tx).await
    }

    /// The documents that these files made when they were split.
    ///
    /// # Errors
    /// A store error.
    pub async fn stack(&self, outage: &str, sources: &[Sha256]) -> Result<Option<Vec<DocumentId>>> {
        let found: Option<(String,)> = sqlx::query_as("SELECT value FROM meta WHERE name = $1")
            .bind(row(outage, sources))
            .fetch_optional(&self.pool)
            .await
            .map_err(failed)?;
        let Some((text,)) = found else { return Ok(None) };
        let ids: Vec<i64> = serde_json::from_str(&text).map_err(unreadable)?;
        Ok(Some(ids.into_iter().map(DocumentId).collect()))
    }
}

//! Where a person wants the picture of a signature: chosen for the very bytes that were looked at, and for no others.

use serde_json::{Value, json};

use crate::document::{DocumentId, Sha256};
use crate::error::Result;
use crate::sign::Role;
use crate::sign::form::Wanted;

use super::{Store, failed, unreadable};

/// The entry of the journal that says it.
const PLACED: &str = "form_placed";
/// Choices that are looked through, the newest first: each role and version of a document has its own.
const MOST: i64 = 64;

impl Store {
    /// Keeps the place of a role's picture on these bytes; it counts until another is chosen.
    ///
    /// # Errors
    /// A store error.
    pub async fn choose_place(
        &self,
        id: DocumentId,
        role: Role,
        sha256: &Sha256,
        wanted: &Wanted,
    ) -> Result<()> {
        self.note(PLACED, Some(id), json!({"role": role, "sha256": sha256, "place": wanted})).await
    }

    /// The place that was chosen for these bytes, if any.
    ///
    /// # Errors
    /// A store error.
    pub async fn chosen_place(&self, id: DocumentId, role: Role, sha256: &Sha256) -> Result<Option<Wanted>> {
        let rows: Vec<(String,)> = sqlx::query_as(
            "SELECT detail FROM journal WHERE document = $1 AND event = $2 ORDER BY seq DESC LIMIT $3",
        )
        .bind(id.to_string())
        .bind(PLACED)
        .bind(MOST)
        .fetch_all(&self.pool)
        .await
        .map_err(failed)?;
        for (detail,) in rows {
            let detail: Value = serde_json::from_str(&detail).map_err(unreadable)?;
            if detail["role"] == role.as_str() && detail["sha256"] == sha256.0.as_str() {
                return serde_json::from_value(detail["place"].clone()).map(Some).map_err(unreadable);
            }
        }
        Ok(None)
    }
}

//! The register: one entry when a document is sealed or closed, a line for each delivery. Nothing is ever updated.

use crate::document::{Document, DocumentId};
use crate::error::Result;

use super::{Write, failed, unreadable};

/// Enters a document with the words under which it is found.
pub(super) async fn enter(tx: &mut Write, id: DocumentId, what: &str) -> Result<()> {
    let (record,): (String,) = sqlx::query_as("SELECT record FROM document WHERE id = $1")
        .bind(id.0)
        .fetch_one(&mut **tx)
        .await
        .map_err(failed)?;
    let document: Document = serde_json::from_str(&record).map_err(unreadable)?;
    line(tx, id, what, &crate::register::words(&document)).await
}

/// Adds a line.
pub(super) async fn line(tx: &mut Write, id: DocumentId, what: &str, words: &str) -> Result<()> {
    sqlx::query(
        "INSERT INTO register_line (document, ordinal, what, words, at) VALUES ($1, \
         (SELECT COALESCE(MAX(ordinal), 0) + 1 FROM register_line WHERE document = $1), $2, $3, $4)",
    )
    .bind(id.0)
    .bind(what)
    .bind(words)
    .bind(tx.at())
    .execute(&mut **tx)
    .await
    .map(|_| ())
    .map_err(failed)
}

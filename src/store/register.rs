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
    lines(tx, what, &[(id, words)]).await
}

/// Adds a line to each of several documents, each of them once.
pub(super) async fn lines(tx: &mut Write, what: &str, news: &[(DocumentId, &str)]) -> Result<()> {
    if news.is_empty() {
        return Ok(());
    }
    let rows = news.iter().enumerate().map(|(row, (DocumentId(id), _))| {
        let last = format!("SELECT COALESCE(MAX(ordinal), 0) FROM register_line WHERE document = {id}");
        format!("({id}, ({last}) + 1, $1, ${}, $2)", row + 3)
    });
    let rows = rows.collect::<Vec<_>>().join(", ");
    let sql = format!("INSERT INTO register_line (document, ordinal, what, words, at) VALUES {rows}");
    let mut query = super::connect::several(sql).bind(what).bind(tx.at());
    for (_, words) in news {
        query = query.bind(*words);
    }
    query.execute(&mut **tx).await.map(|_| ()).map_err(failed)
}

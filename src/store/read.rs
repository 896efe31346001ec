//! What was read on the pages of a document: for search, and for proposals before it is built. It can be read again from the
//! scans at any time, so it is replaced freely and stands in no journal.

use serde_json::json;
use sqlx::Row;

use crate::document::{Document, DocumentId, Finding};
use crate::error::{Result, kinds};
use crate::ocr::{PageText, Proposal, proposals};

use super::{Step, Store, commit, failed, journal, search, unreadable};

/// Text of one page.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// Page of the document, from 1.
    pub page: u32,
    /// Plain text, NFC, a line a line.
    pub text: String,
    /// What the page says about the document; the first page only.
    pub proposals: Vec<Proposal>,
}

impl Read {
    /// What was read on a page of a document.
    pub fn of(page: u32, text: &PageText) -> Self {
        let proposals = if page == 1 { proposals(text) } else { Vec::new() };
        Self { page, text: text.plain(), proposals }
    }
}

impl Store {
    /// Keeps what was read on pages, in place of what was read on them before.
    ///
    /// # Errors
    /// A store error.
    pub async fn keep_read(&self, id: DocumentId, pages: &[Read]) -> Result<()> {
        if pages.is_empty() {
            return Ok(());
        }
        let mut tx = self.write().await?;
        for page in pages {
            sqlx::query(
                "INSERT INTO page_text (document, page, text, proposals, at) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (document, page) DO UPDATE SET text = excluded.text, proposals = excluded.proposals, \
                 at = excluded.at",
            )
            .bind(id.0)
            .bind(i64::from(page.page))
            .bind(&page.text)
            .bind(serde_json::to_string(&page.proposals).map_err(unreadable)?)
            .bind(tx.at())
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
        }
        search::keep_up(&mut tx, id).await?;
        commit(tx).await
    }

    /// What was read on a document's pages, in order; empty before anything was.
    ///
    /// # Errors
    /// A store error.
    pub async fn read(&self, id: DocumentId) -> Result<Vec<Read>> {
        let rows =
            sqlx::query("SELECT page, text, proposals FROM page_text WHERE document = $1 ORDER BY page")
                .bind(id.0)
                .fetch_all(&self.pool)
                .await
                .map_err(failed)?;
        let read = |row: &sqlx::any::AnyRow| {
            Ok(Read {
                page: u32::try_from(row.get::<i64, _>(0)).unwrap_or(0),
                text: row.get(1),
                proposals: serde_json::from_str(&row.get::<String, _>(2)).map_err(unreadable)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Adds findings of a step to the record of its document.
    ///
    /// # Errors
    /// [`kinds::LEASE_LOST`] when another process has taken the document over meanwhile.
    pub async fn add_findings(&self, step: &Step, findings: &[Finding]) -> Result<()> {
        if findings.is_empty() {
            return Ok(());
        }
        let mut document: Document = self.document(step.document).await?.document;
        document
            .findings
            .extend(findings.iter().filter(|f| !document.findings.contains(f)).cloned().collect::<Vec<_>>());
        let mut tx = self.write().await?;
        let done = sqlx::query("UPDATE document SET record = $1 WHERE id = $2 AND lease = $3")
            .bind(serde_json::to_string(&document).map_err(unreadable)?)
            .bind(step.document.0)
            .bind(&step.token)
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
        if done.rows_affected() != 1 {
            return Err(kinds::LEASE_LOST.with("document", step.document));
        }
        search::keep_up(&mut tx, step.document).await?;
        let codes: Vec<&str> = findings.iter().map(|f| f.code.as_str()).collect();
        journal::append(self, &mut tx, "noticed", Some(step.document), json!({"codes": codes})).await?;
        commit(tx).await
    }
}

//! Documents: inserted once, found, corrected before anybody signs; see `steps` for how they move on.

use std::collections::HashMap;
use std::fmt::Write as _;

use serde_json::{Value, json};
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::document::{Document, DocumentId, Sha256};
use crate::error::{Clause, Result, kinds};

use super::record::{REPLACED, State};
use super::{Store, Write, commit, failed, journal, search, unreadable};

/// Rows that are read at a time.
const AT_A_TIME: usize = 128;
/// Columns of [`Stored`].
const COLUMNS: &str = "id, state, record, latest, bytes_in, bytes_out";

/// Which documents are meant; empty means all.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// In one of these states.
    pub states: Vec<State>,
    /// Of this outage.
    pub outage: Option<String>,
}

/// A document with its row.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Its number.
    pub id: DocumentId,
    /// Where it stands.
    pub state: State,
    /// What is known about it.
    pub document: Document,
    /// Digest of its latest PDF.
    pub latest: Option<Sha256>,
    /// Bytes of its source files.
    pub bytes_in: u64,
    /// Bytes of its latest PDF.
    pub bytes_out: u64,
}

impl Stored {
    /// Whether all persons have signed and nothing holds it, so that what goes along with it may be signed as well.
    pub fn is_signed_by_all(&self) -> bool {
        let before = [State::Captured, State::Held, State::Built, State::PartlySigned];
        let gone = [State::Replaced, State::Dropped];
        !before.contains(&self.state) && !gone.contains(&self.state) && !self.document.is_held()
    }

    /// Without what only pages have, which is most of it: for lists of thousands.
    pub fn light(mut self) -> Self {
        self.document.pages = Vec::new();
        self.document.separators = Vec::new();
        self.document.dropped = Vec::new();
        self.document.findings = Vec::new();
        self
    }
}

/// What [`Store::insert`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inserted {
    /// A new document.
    New(DocumentId),
    /// The same scans are here already, in the same outage.
    Existing(DocumentId),
}

/// Digest over the digests of the sources, each once, which is what makes two intakes the same.
fn source_key(digests: &[Sha256]) -> String {
    let mut digests: Vec<&str> = digests.iter().map(|d| d.0.as_str()).collect();
    digests.sort_unstable();
    digests.dedup();
    Sha256::of(digests.join("\n").as_bytes()).0
}

/// As [`source_key`], for some pages of the sources.
fn part_key(document: &Document) -> String {
    let pages = document.separators.iter().chain(&document.pages);
    let pages: Vec<String> = pages.map(|p| format!("{}#{}", p.source_sha256, p.index)).collect();
    Sha256::of(pages.join("\n").as_bytes()).0
}

impl Store {
    /// Records a document that is all of its sources; they are durable already.
    ///
    /// # Errors
    /// A store error.
    pub async fn insert(&self, document: &Document, bytes_in: u64) -> Result<Inserted> {
        let sources = document.source_sha256();
        let about = json!({"outage": document.outage, "sources": sources});
        self.insert_as(document, &source_key(&sources), bytes_in, about).await
    }

    /// Records a document that is a part of its sources.
    ///
    /// # Errors
    /// A store error.
    pub async fn insert_part(&self, document: &Document, bytes_in: u64) -> Result<Inserted> {
        let about = json!({"outage": document.outage, "sources": document.source_sha256()});
        self.insert_as(document, &part_key(document), bytes_in, about).await
    }

    /// Records a document under what makes it the same one; `about` goes into the journal, with its state.
    pub(super) async fn insert_as(
        &self,
        document: &Document,
        key: &str,
        bytes_in: u64,
        mut about: Value,
    ) -> Result<Inserted> {
        let mut tx = self.write().await?;
        let known: Option<(i64,)> =
            sqlx::query_as("SELECT id FROM document WHERE outage = $1 AND source_key = $2")
                .bind(&document.outage)
                .bind(key)
                .fetch_optional(&mut *tx)
                .await
                .map_err(failed)?;
        if let Some((id,)) = known {
            return Ok(Inserted::Existing(DocumentId(id)));
        }
        let id = next_id(&mut tx).await?;
        let state = if document.is_held() { State::Held } else { State::Captured };
        insert_row(&mut tx, id, key, state, document, bytes_in).await?;
        if let Some(about) = about.as_object_mut() {
            about.insert("state".to_owned(), json!(state));
        }
        journal::append(self, &mut tx, "captured", Some(id), about).await?;
        commit(tx).await?;
        Ok(Inserted::New(id))
    }

    /// The document that these source files made in this outage.
    ///
    /// # Errors
    /// A store error.
    pub async fn known(&self, outage: &str, sources: &[Sha256]) -> Result<Option<DocumentId>> {
        let row: Option<(i64,)> =
            sqlx::query_as("SELECT id FROM document WHERE outage = $1 AND source_key = $2")
                .bind(outage)
                .bind(source_key(sources))
                .fetch_optional(&self.pool)
                .await
                .map_err(failed)?;
        Ok(row.map(|(id,)| DocumentId(id)))
    }

    /// One document.
    ///
    /// # Errors
    /// [`kinds::DOCUMENT_UNKNOWN`].
    pub async fn document(&self, id: DocumentId) -> Result<Stored> {
        let sql = format!("SELECT {COLUMNS} FROM document WHERE id = $1");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(id.0)
            .fetch_optional(&self.pool)
            .await
            .map_err(failed)?;
        row.as_ref().map(stored).transpose()?.ok_or_else(|| kinds::DOCUMENT_UNKNOWN.with("document", id))
    }

    /// Documents in order of their numbers.
    ///
    /// # Errors
    /// A store error.
    pub async fn documents(&self, filter: &Filter) -> Result<Vec<Stored>> {
        let mut all = Vec::new();
        self.each_document(filter, |stored| all.push(stored)).await?;
        Ok(all)
    }

    /// Gives the documents one by one, in order of their numbers; of thousands only some are in memory at a time.
    ///
    /// # Errors
    /// A store error.
    pub async fn each_document(&self, filter: &Filter, mut give: impl FnMut(Stored)) -> Result<()> {
        let mut last = DocumentId(0);
        loop {
            let page = self.documents_after(filter, last).await?;
            let Some(end) = page.last().map(|stored| stored.id) else { return Ok(()) };
            last = end;
            page.into_iter().for_each(&mut give);
        }
    }

    /// The next documents behind a number, some at a time; none at the end.
    ///
    /// # Errors
    /// A store error.
    pub async fn documents_after(&self, filter: &Filter, last: DocumentId) -> Result<Vec<Stored>> {
        let mut sql = format!("SELECT {COLUMNS} FROM document WHERE id > $1");
        if !filter.states.is_empty() {
            let names: Vec<String> = filter.states.iter().map(|s| format!("'{}'", s.as_str())).collect();
            let _ = write!(sql, " AND state IN ({})", names.join(", "));
        }
        if filter.outage.is_some() {
            sql.push_str(" AND outage = $2");
        }
        let _ = write!(sql, " ORDER BY id LIMIT {AT_A_TIME}");
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(last.0);
        let query = match &filter.outage {
            Some(outage) => query.bind(outage),
            None => query,
        };
        let rows = query.fetch_all(&self.pool).await.map_err(failed)?;
        rows.iter().map(stored).collect()
    }

    /// Some documents by their numbers; those that do not exist are left out.
    ///
    /// # Errors
    /// A store error.
    pub async fn documents_of(&self, ids: &[DocumentId]) -> Result<HashMap<DocumentId, Stored>> {
        let sql = format!("SELECT {COLUMNS} FROM document WHERE id IN ({})", numbers(ids));
        let rows = super::connect::several(sql).fetch_all(&self.pool).await.map_err(failed)?;
        rows.iter().map(|row| stored(row).map(|stored| (stored.id, stored))).collect()
    }

    /// Stores a corrected record before anybody has signed; findings decide whether it is still held. A document that was
    /// built is opened again: its file stays as a version that was replaced.
    ///
    /// # Errors
    /// [`kinds::WRONG_STATE`] when the document was signed meanwhile, or is being worked on.
    pub async fn update(&self, stored: &Stored, event: &str, detail: Value) -> Result<()> {
        let mut tx = self.write().await?;
        self.update_in(&mut tx, stored, event, detail).await?;
        commit(tx).await
    }

    /// As [`Store::update`], inside a transaction.
    pub(super) async fn update_in(
        &self,
        tx: &mut Write,
        stored: &Stored,
        event: &str,
        detail: Value,
    ) -> Result<()> {
        let detail = self.rewrite_in(tx, stored, detail).await?;
        journal::append(self, tx, event, Some(stored.id), detail).await
    }

    /// The rows of [`Store::update_in`]; gives the detail of the entry that has to follow.
    pub(super) async fn rewrite_in(
        &self,
        tx: &mut Write,
        stored: &Stored,
        mut detail: Value,
    ) -> Result<Value> {
        if super::handover::is_received(tx, stored.id).await? {
            return Err(kinds::DOCUMENT_RECEIVED.with("document", stored.id));
        }
        let state = if stored.document.is_held() { State::Held } else { State::Captured };
        let done = sqlx::query(
            "UPDATE document SET record = $1, state = $2, latest = NULL, bytes_out = 0 \
             WHERE id = $3 AND state IN ('captured', 'held', 'built') AND lease_until < $4",
        )
        .bind(serde_json::to_string(&stored.document).map_err(unreadable)?)
        .bind(state.as_str())
        .bind(stored.id.0)
        .bind(tx.at())
        .execute(&mut **tx)
        .await
        .map_err(failed)?;
        if done.rows_affected() != 1 {
            return Err(kinds::WRONG_STATE.with("state", stored.state).with("wanted", State::Built));
        }
        search::keep_up(tx, stored.id).await?;
        sqlx::query("UPDATE revision SET reason = $1 WHERE document = $2 AND reason = 'build'")
            .bind(REPLACED)
            .bind(stored.id.0)
            .execute(&mut **tx)
            .await
            .map_err(failed)?;
        if let (Some(sha256), Some(detail)) = (&stored.latest, detail.as_object_mut()) {
            detail.insert("reopened".to_owned(), json!(sha256));
        }
        Ok(detail)
    }

    /// The latest PDF of a document, its digest computed again.
    ///
    /// # Errors
    /// [`kinds::NOT_BUILT`] before there is one; a blob error.
    pub async fn latest(&self, stored: &Stored) -> Result<Vec<u8>> {
        match &stored.latest {
            Some(sha256) => self.blobs().get(sha256).await,
            None => Err(kinds::NOT_BUILT.with("document", stored.id)),
        }
    }

    /// Marks bytes as seen by a person (rule 13).
    ///
    /// # Errors
    /// A store error.
    pub async fn mark_seen(&self, id: DocumentId, sha256: &Sha256, who: &str) -> Result<()> {
        let mut tx = self.write().await?;
        sqlx::query(
            "INSERT INTO seen (document, sha256, who, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        )
        .bind(id.0)
        .bind(&sha256.0)
        .bind(who)
        .bind(tx.at())
        .execute(&mut *tx)
        .await
        .map_err(failed)?;
        journal::append(self, &mut tx, "seen", Some(id), json!({"sha256": sha256, "who": who})).await?;
        commit(tx).await
    }

    /// Whether a person has seen these bytes.
    ///
    /// # Errors
    /// A store error.
    pub async fn is_seen(&self, id: DocumentId, sha256: &Sha256) -> Result<bool> {
        let row: Option<(String,)> =
            sqlx::query_as("SELECT who FROM seen WHERE document = $1 AND sha256 = $2 LIMIT 1")
                .bind(id.0)
                .bind(&sha256.0)
                .fetch_optional(&self.pool)
                .await
                .map_err(failed)?;
        Ok(row.is_some())
    }
}

impl Store {
    /// Documents that wait for a person and were seen by one as they are now.
    ///
    /// # Errors
    /// A store error.
    pub async fn seen_waiting(&self) -> Result<std::collections::HashSet<DocumentId>> {
        let rows: Vec<(i64,)> = sqlx::query_as(
            "SELECT DISTINCT d.id FROM document d JOIN seen s ON s.document = d.id AND s.sha256 = d.latest \
             WHERE d.state IN ('built', 'partly_signed')",
        )
        .fetch_all(&self.pool)
        .await
        .map_err(failed)?;
        Ok(rows.into_iter().map(|(id,)| DocumentId(id)).collect())
    }
}

/// A list for SQL: numbers only, so nothing has to be bound. An empty one matches nothing.
pub(super) fn numbers(ids: &[DocumentId]) -> String {
    let numbers: Vec<String> = ids.iter().map(|id| id.0.to_string()).collect();
    if numbers.is_empty() { "NULL".to_owned() } else { numbers.join(", ") }
}

/// The next free number; the writers' lock keeps others from taking it.
pub(super) async fn next_id(tx: &mut Write) -> Result<DocumentId> {
    let (last,): (i64,) = sqlx::query_as("SELECT COALESCE(MAX(id), 0) FROM document")
        .fetch_one(&mut **tx)
        .await
        .map_err(failed)?;
    Ok(DocumentId(last + 1))
}

pub(super) async fn insert_row(
    tx: &mut Write,
    id: DocumentId,
    key: &str,
    state: State,
    document: &Document,
    bytes_in: u64,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO document (id, outage, source_key, state, record, bytes_in, bytes_out, lease_until, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, 0, 0, $7)",
    )
    .bind(id.0)
    .bind(&document.outage)
    .bind(key)
    .bind(state.as_str())
    .bind(serde_json::to_string(document).map_err(unreadable)?)
    .bind(i64::try_from(bytes_in).unwrap_or(i64::MAX))
    .bind(tx.at())
    .execute(&mut **tx)
    .await
    .map_err(failed)?;
    search::keep_up(tx, id).await
}

fn stored(row: &AnyRow) -> Result<Stored> {
    let state: String = row.get(1);
    let state = state
        .parse()
        .map_err(|()| kinds::STORE_FAILED.with("cause", Clause::new("why-state").with("name", state)))?;
    Ok(Stored {
        id: DocumentId(row.get(0)),
        state,
        document: serde_json::from_str(&row.get::<String, _>(2)).map_err(unreadable)?,
        latest: row.get::<Option<String>, _>(3).map(Sha256),
        bytes_in: u64::try_from(row.get::<i64, _>(4)).unwrap_or(0),
        bytes_out: u64::try_from(row.get::<i64, _>(5)).unwrap_or(0),
    })
}

//! The journal: one hash chain a store, gathered under Merkle roots. Its form is final.
//!
//! An entry's hash is SHA-256 over its fields in the order `seq at station actor event document detail previous`, each
//! as UTF-8 text preceded by its length in bytes as a 64-bit big-endian number. `seq` and `at` (microseconds since 1970
//! UTC) are decimal text, `detail` is JSON with sorted keys and no white space, `previous` is the hash of the entry
//! before, 64 zeros for the first. Hashes are lower-case hex.
//!
//! An entry about a document carries in `detail.bound` and `detail.filed` digests over the document's rows as they stand behind
//! it ([`bind`]), so that rows that are changed by hand are found, not only changed entries. What belongs to no document is told
//! in full ([`ledger`]), roots too. Where the chain ends stands in `meta`, so that
//! a last entry that was removed is missed.
//!
//! A root covers consecutive entries: a Merkle tree as in RFC 6962 section 2.1 whose leaves are the 32-byte entry hashes
//! (leaf = SHA-256(0x00 || hash), node = SHA-256(0x01 || left || right)). A time-stamp token over the 32 bytes of the root,
//! when a service gave one, stands beside it.

use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256 as Hasher};
use sqlx::Row;

use crate::document::{DocumentId, hex};
use crate::error::Result;

use super::{Store, Write, commit, failed};

mod bind;
mod check;
mod ledger;
mod roots;

pub use check::{CLOCK_ACCEPTED, JournalCheck, broken};
pub use roots::{Excerpt, Proven, Root, Sibling};

/// Hash before the first entry.
const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// Entries that are read at a time while checking.
const PAGE: i64 = 1000;
/// Row of `meta` with number and hash of the last entry.
const HEAD: &str = "journal_head";
/// Entry that says that the chain did not end where it should have; written before anything else is appended.
const HEAD_DIFFERS: &str = "journal_head_differs";

/// One line of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Position, from 1, without gaps.
    pub seq: i64,
    /// Microseconds since 1970 UTC.
    pub at: i64,
    /// Name of the station.
    pub station: String,
    /// Login name of the person or program.
    pub actor: String,
    /// What happened, snake_case.
    pub event: String,
    /// `D-000001`, or empty.
    pub document: String,
    /// Canonical JSON.
    pub detail: String,
    /// Hash of the entry before.
    pub previous: String,
    /// Hash of this entry.
    pub hash: String,
}

impl Entry {
    /// The bytes that its hash is over.
    pub fn image(&self) -> Vec<u8> {
        let mut image = Vec::new();
        let (seq, at) = (self.seq.to_string(), self.at.to_string());
        let fields = [
            &seq,
            &at,
            &self.station,
            &self.actor,
            &self.event,
            &self.document,
            &self.detail,
            &self.previous,
        ];
        for field in fields {
            image.extend((field.len() as u64).to_be_bytes());
            image.extend(field.as_bytes());
        }
        image
    }

    /// The hash that the entry must have.
    fn computed(&self) -> String {
        hex(&Hasher::digest(self.image()))
    }
}

/// Appends an entry inside the writing transaction of what it tells, behind all that it changes.
pub(super) async fn append(
    store: &Store,
    tx: &mut Write,
    event: &str,
    document: Option<DocumentId>,
    detail: Value,
) -> Result<()> {
    append_all(store, tx, vec![(event, document, detail)]).await
}

/// Position and hash of the last entry; none before the first.
pub(super) async fn head(tx: &mut Write) -> Result<Option<(i64, String)>> {
    let last = sqlx::query("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1");
    let last = last.fetch_optional(&mut **tx).await.map_err(failed)?;
    Ok(last.map(|row| (row.get(0), row.get(1))))
}

/// Entries of a statement; SQLite takes 32,766 values, and long statements gain nothing.
const ROWS: usize = 64;

/// Appends several entries, in their order, inside the writing transaction of what they tell and behind all that it changes.
/// Its lock keeps everybody else from the end of the chain.
pub(super) async fn append_all(
    store: &Store,
    tx: &mut Write,
    mut news: Vec<(&str, Option<DocumentId>, Value)>,
) -> Result<()> {
    if news.is_empty() {
        return Ok(());
    }
    let End { mut seq, mut previous, differs } = end(tx).await?;
    if let Some(detail) = differs {
        news.insert(0, (HEAD_DIFFERS, None, detail));
    }
    let ids: Vec<DocumentId> = news.iter().filter_map(|(_, document, _)| *document).collect();
    let bound = bind::digests(tx, &ids).await?;
    let mut entries = Vec::with_capacity(news.len());
    for (event, document, mut detail) in news {
        seq += 1;
        if let (Some(detail), Some(digest)) =
            (detail.as_object_mut(), document.and_then(|id| bound.get(&id.0)))
        {
            detail.insert(bind::KEY.to_owned(), json!(digest.rows));
            detail.insert(bind::FILED.to_owned(), json!(digest.filed));
        }
        let mut entry = Entry {
            seq,
            at: tx.at(),
            station: store.setting.station.clone(),
            actor: store.setting.actor.clone(),
            event: event.to_owned(),
            document: document.map(|id| id.to_string()).unwrap_or_default(),
            detail: detail.to_string(), // serde_json sorts keys and writes no white space
            previous,
            hash: String::new(),
        };
        entry.hash = entry.computed();
        previous = entry.hash.clone();
        entries.push(entry);
    }
    for rows in entries.chunks(ROWS) {
        insert(tx, rows).await?;
    }
    let head = "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    let head = sqlx::query(head).bind(HEAD).bind(format!("{seq} {previous}"));
    head.execute(&mut **tx).await.map(|_| ()).map_err(failed)
}

/// Where the chain goes on.
struct End {
    seq: i64,
    previous: String,
    /// What is noted first, where rows and head do not agree.
    differs: Option<Value>,
}

/// The chain goes on behind the later of its last row and its head: what was removed by hand leaves a gap for ever.
async fn end(tx: &mut Write) -> Result<End> {
    let row = head(tx).await?.unwrap_or((0, GENESIS.to_owned()));
    let head: Option<(String,)> = sqlx::query_as("SELECT value FROM meta WHERE name = $1")
        .bind(HEAD)
        .fetch_optional(&mut **tx)
        .await
        .map_err(failed)?;
    // A store of an earlier version has none yet.
    let head = head.map_or_else(|| row.clone(), |(text,)| parsed(&text));
    let differs =
        (row != head).then(|| json!({"row": row.0, "row_hash": row.1, "head": head.0, "head_hash": head.1}));
    let (seq, previous) = if head.0 > row.0 { head } else { row };
    Ok(End { seq, previous, differs })
}

/// Number and hash of a head; a damaged one fits no entry.
fn parsed(head: &str) -> (i64, String) {
    let (seq, hash) = head.split_once(' ').unwrap_or_default();
    (seq.parse().unwrap_or(0), hash.to_owned())
}

async fn insert(tx: &mut Write, entries: &[Entry]) -> Result<()> {
    let places: Vec<String> = (0..entries.len())
        .map(|row| {
            let places: Vec<String> = (9 * row + 1..=9 * row + 9).map(|place| format!("${place}")).collect();
            format!("({})", places.join(", "))
        })
        .collect();
    let sql = format!(
        "INSERT INTO journal (seq, at, station, actor, event, document, detail, previous, hash) VALUES {}",
        places.join(", ")
    );
    let mut query = super::connect::several(sql);
    for entry in entries {
        query = query
            .bind(entry.seq)
            .bind(entry.at)
            .bind(&entry.station)
            .bind(&entry.actor)
            .bind(&entry.event)
            .bind(&entry.document)
            .bind(&entry.detail)
            .bind(&entry.previous)
            .bind(&entry.hash);
    }
    query.execute(&mut **tx).await.map(|_| ()).map_err(failed)
}

impl Store {
    /// Number of the last entry, and the documents that entries behind `seq` are about; none when they are more than `most`.
    ///
    /// # Errors
    /// A store error.
    pub async fn changed_since(&self, seq: i64, most: usize) -> Result<(i64, Option<Vec<DocumentId>>)> {
        let (head,): (i64,) = sqlx::query_as("SELECT COALESCE(MAX(seq), 0) FROM journal")
            .fetch_one(&self.pool)
            .await
            .map_err(failed)?;
        if head == seq {
            return Ok((head, Some(Vec::new())));
        }
        let rows: Vec<(String,)> = sqlx::query_as(
            "SELECT DISTINCT document FROM journal WHERE seq > $1 AND seq <= $2 AND document <> '' LIMIT $3",
        )
        .bind(seq)
        .bind(head)
        .bind(i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1))
        .fetch_all(&self.pool)
        .await
        .map_err(failed)?;
        let few = rows.len() <= most;
        let ids = rows.iter().filter_map(|(id,)| id.parse().ok()).collect();
        Ok((head, Some(ids).filter(|_| few)))
    }

    /// Writes an entry that belongs to no other change.
    ///
    /// # Errors
    /// A store error.
    pub async fn note(&self, event: &str, document: Option<DocumentId>, detail: Value) -> Result<()> {
        let mut tx = self.write().await?;
        append(self, &mut tx, event, document, detail).await?;
        commit(tx).await
    }

    /// When the last entry was written.
    ///
    /// # Errors
    /// A store error.
    pub async fn last_entry(&self) -> Result<Option<jiff::Timestamp>> {
        Ok(self.last_entries(1).await?.first().map(|entry| super::timestamp(entry.at)))
    }

    /// The newest entries, oldest of them first.
    ///
    /// # Errors
    /// A store error.
    pub async fn last_entries(&self, count: i64) -> Result<Vec<Entry>> {
        let (last,): (i64,) = sqlx::query_as("SELECT COALESCE(MAX(seq), 0) FROM journal")
            .fetch_one(&self.pool)
            .await
            .map_err(failed)?;
        self.entries(last.saturating_sub(count.min(PAGE)).max(0)).await
    }

    async fn entries(&self, after: i64) -> Result<Vec<Entry>> {
        let rows = sqlx::query(
            "SELECT seq, at, station, actor, event, document, detail, previous, hash FROM journal \
             WHERE seq > $1 ORDER BY seq LIMIT $2",
        )
        .bind(after)
        .bind(PAGE)
        .fetch_all(&self.pool)
        .await
        .map_err(failed)?;
        Ok(rows.iter().map(entry_of).collect())
    }
}

fn entry_of(row: &sqlx::any::AnyRow) -> Entry {
    Entry {
        seq: row.get(0),
        at: row.get(1),
        station: row.get(2),
        actor: row.get(3),
        event: row.get(4),
        document: row.get(5),
        detail: row.get(6),
        previous: row.get(7),
        hash: row.get(8),
    }
}

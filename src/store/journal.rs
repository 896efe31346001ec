//! The journal: one hash chain a station, gathered under Merkle roots. Its form is final.
//!
//! An entry's hash is SHA-256 over its fields in the order `seq at station actor event document detail previous`, each
//! as UTF-8 text preceded by its length in bytes as a 64-bit big-endian number. `seq` and `at` (microseconds since 1970
//! UTC) are decimal text, `detail` is JSON with sorted keys and no white space, `previous` is the hash of the entry
//! before, 64 zeros for the first. Hashes are lower-case hex.
//!
//! A root covers consecutive entries: a Merkle tree as in RFC 6962 section 2.1 whose leaves are the 32-byte entry hashes
//! (leaf = SHA-256(0x00 || hash), node = SHA-256(0x01 || left || right)). A time-stamp token over the root, when a
//! service gave one, stands beside it.

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256 as Hasher};
use sqlx::Row;

use crate::document::{DocumentId, hex};
use crate::error::{Result, kinds};

use super::{Store, Write, commit, failed, now};

/// Hash before the first entry.
const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// Entries that are read at a time while checking.
const PAGE: i64 = 1000;

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
    /// The hash that the entry must have.
    fn computed(&self) -> String {
        let mut hasher = Hasher::new();
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
            hasher.update((field.len() as u64).to_be_bytes());
            hasher.update(field.as_bytes());
        }
        hex(&hasher.finalize())
    }
}

/// What a check of the whole journal found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct JournalCheck {
    /// Entries whose hash and link hold.
    pub entries: i64,
    /// Merkle roots that hold.
    pub roots: i64,
}

/// Appends an entry inside the writing transaction of what it tells.
pub(super) async fn append(
    store: &Store,
    tx: &mut Write,
    event: &str,
    document: Option<DocumentId>,
    detail: Value,
) -> Result<()> {
    append_all(store, tx, vec![(event, document, detail)]).await
}

/// Entries of a statement; SQLite takes 32,766 values, and long statements gain nothing.
const ROWS: usize = 64;

/// Appends several entries, in their order, inside the writing transaction of what they tell. Its lock keeps everybody else
/// from the end of the chain.
pub(super) async fn append_all(
    store: &Store,
    tx: &mut Write,
    news: Vec<(&str, Option<DocumentId>, Value)>,
) -> Result<()> {
    let last = sqlx::query("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1")
        .fetch_optional(&mut **tx)
        .await
        .map_err(failed)?;
    let (mut seq, mut previous) = match last {
        Some(row) => (row.get::<i64, _>(0), row.get::<String, _>(1)),
        None => (0, GENESIS.to_owned()),
    };
    let mut entries = Vec::with_capacity(news.len());
    for (event, document, detail) in news {
        seq += 1;
        let mut entry = Entry {
            seq,
            at: now(),
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
    Ok(())
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
    let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
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

/// Merkle tree hash of RFC 6962 section 2.1 over entry hashes (32 bytes each).
fn merkle(leaves: &[[u8; 32]]) -> [u8; 32] {
    let digest = |parts: &[&[u8]]| -> [u8; 32] {
        let mut hasher = Hasher::new();
        parts.iter().for_each(|part| hasher.update(part));
        hasher.finalize().into()
    };
    match leaves {
        [] => digest(&[]),
        [leaf] => digest(&[&[0], leaf]),
        many => {
            let split = (many.len() - 1).checked_ilog2().map_or(1, |log| 1usize << log);
            let (left, right) = many.split_at(split);
            digest(&[&[1], &merkle(left), &merkle(right)])
        }
    }
}

/// The 32 bytes of a hex digest; damaged text hashes to something that matches nothing.
fn bytes_of(hash: &str) -> [u8; 32] {
    let mut bytes = [0u8; 32];
    for (i, byte) in bytes.iter_mut().enumerate() {
        *byte = hash.get(2 * i..2 * i + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()).unwrap_or(0);
    }
    bytes
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

    /// Gathers the entries since the last root under a new one; none when there are none.
    ///
    /// # Errors
    /// A store error.
    pub async fn close_root(&self) -> Result<()> {
        let mut tx = self.write().await?;
        let last = sqlx::query("SELECT ordinal, last_seq FROM journal_root ORDER BY ordinal DESC LIMIT 1")
            .fetch_optional(&mut *tx)
            .await
            .map_err(failed)?;
        let (ordinal, covered) = last.map_or((0, 0), |row| (row.get::<i64, _>(0), row.get::<i64, _>(1)));
        let rows = sqlx::query("SELECT hash FROM journal WHERE seq > $1 ORDER BY seq")
            .bind(covered)
            .fetch_all(&mut *tx)
            .await
            .map_err(failed)?;
        let leaves: Vec<[u8; 32]> = rows.iter().map(|row| bytes_of(&row.get::<String, _>(0))).collect();
        let Ok(count @ 1..) = i64::try_from(leaves.len()) else { return Ok(()) };
        sqlx::query(
            "INSERT INTO journal_root (ordinal, first_seq, last_seq, root, at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(ordinal + 1)
        .bind(covered + 1)
        .bind(covered + count)
        .bind(hex(&merkle(&leaves)))
        .bind(now())
        .execute(&mut *tx)
        .await
        .map_err(failed)?;
        commit(tx).await
    }

    /// Computes every hash, link and root again.
    ///
    /// # Errors
    /// [`kinds::JOURNAL_BROKEN`] with the first entry or root that does not hold.
    pub async fn check_journal(&self) -> Result<JournalCheck> {
        let hashes = self.check_chain().await?;
        let roots =
            sqlx::query("SELECT ordinal, first_seq, last_seq, root FROM journal_root ORDER BY ordinal")
                .fetch_all(&self.pool)
                .await
                .map_err(failed)?;
        let mut covered = 0;
        for row in &roots {
            let (first, last) = (row.get::<i64, _>(1), row.get::<i64, _>(2));
            let range = usize::try_from(first - 1).ok().zip(usize::try_from(last).ok());
            let leaves = range.and_then(|(from, to)| hashes.get(from..to)).unwrap_or_default();
            let holds = first == covered + 1 && hex(&merkle(leaves)) == row.get::<String, _>(3);
            if !holds {
                return Err(kinds::JOURNAL_BROKEN.with("at", format!("root {}", row.get::<i64, _>(0))));
            }
            covered = last;
        }
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        Ok(JournalCheck { entries: count(hashes.len()), roots: count(roots.len()) })
    }

    async fn check_chain(&self) -> Result<Vec<[u8; 32]>> {
        let mut hashes: Vec<[u8; 32]> = Vec::new();
        let mut previous = GENESIS.to_owned();
        let mut seq = 0;
        loop {
            let page = self.entries(seq).await?;
            if page.is_empty() {
                return Ok(hashes);
            }
            for entry in page {
                let holds =
                    entry.seq == seq + 1 && entry.previous == previous && entry.computed() == entry.hash;
                if !holds {
                    return Err(kinds::JOURNAL_BROKEN.with("at", format!("entry {}", seq + 1)));
                }
                hashes.push(bytes_of(&entry.hash));
                (seq, previous) = (entry.seq, entry.hash);
            }
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_splits_as_rfc_6962_says() {
        let leaf = |n: u8| [n; 32];
        let node = |l: [u8; 32], r: [u8; 32]| -> [u8; 32] {
            let mut hasher = Hasher::new();
            hasher.update([1]);
            hasher.update(l);
            hasher.update(r);
            hasher.finalize().into()
        };
        let leaves = [leaf(1), leaf(2), leaf(3), leaf(4), leaf(5)];
        let four = node(
            node(merkle(&leaves[..1]), merkle(&leaves[1..2])),
            node(merkle(&leaves[2..3]), merkle(&leaves[3..4])),
        );
        assert_eq!(merkle(&leaves), node(four, merkle(&leaves[4..])));
    }
}

//! Merkle roots over the journal, the proofs that lead from an entry to its root, and the time stamps of roots.

use futures_util::StreamExt as _;
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256 as Hasher};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use crate::document::{DocumentId, Sha256, hex};
use crate::error::Result;

use super::super::{Store, commit, failed};
use super::{Entry, append, entry_of};

/// Entry that tells a root, so that one that is changed or removed afterwards is missed.
pub(super) const CLOSED: &str = "root_closed";
/// Entry that tells the time stamp of a root.
pub(super) const STAMPED: &str = "root_stamped";
/// Entries about roots alone: what they tell needs no further root.
pub(super) const EVENTS: [&str; 2] = [CLOSED, STAMPED];

/// A root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Root {
    /// Its number, from 1.
    pub ordinal: i64,
    /// The first entry under it.
    pub first_seq: i64,
    /// The last entry under it.
    pub last_seq: i64,
    /// The tree hash, hex digits.
    pub root: String,
    /// When it was made, microseconds since 1970 UTC.
    pub at: i64,
    /// Time-stamp token over the 32 bytes of the root (RFC 3161), DER as hex digits.
    pub token: Option<String>,
}

/// One step of a proof: what is hashed together with what was reached so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sibling {
    /// It stands on the left.
    pub left: bool,
    /// Its hash, hex digits.
    pub hash: String,
}

/// An entry with the way to its root (RFC 6962 2.1.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proven {
    /// The entry.
    pub entry: Entry,
    /// Number of its root.
    pub root: i64,
    /// From the leaf upwards.
    pub path: Vec<Sibling>,
}

/// The part of the journal that tells about one document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Excerpt {
    /// Its entries.
    pub entries: Vec<Proven>,
    /// Their roots.
    pub roots: Vec<Root>,
}

fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Hasher::new();
    parts.iter().for_each(|part| hasher.update(part));
    hasher.finalize().into()
}

/// Where the left half ends: the largest power of two below the number of leaves.
fn split(count: usize) -> usize {
    (count - 1).checked_ilog2().map_or(1, |log| 1usize << log)
}

/// Merkle tree hash of RFC 6962 section 2.1 over entry hashes (32 bytes each).
pub(super) fn merkle(leaves: &[[u8; 32]]) -> [u8; 32] {
    match leaves {
        [] => digest(&[]),
        [leaf] => digest(&[&[0], leaf]),
        many => {
            let (left, right) = many.split_at(split(many.len()));
            digest(&[&[1], &merkle(left), &merkle(right)])
        }
    }
}

/// The same tree hash while the leaves come by one after the other: of a backlog of any length only the whole subtrees on the
/// left are kept, one a height (RFC 6962 2.1).
#[derive(Default)]
struct Growing(Vec<(u32, [u8; 32])>);

impl Growing {
    fn add(&mut self, leaf: &[u8; 32]) {
        let (mut height, mut node) = (0, digest(&[&[0], leaf]));
        while let Some((_, left)) = self.0.pop_if(|(other, _)| *other == height) {
            (height, node) = (height + 1, digest(&[&[1], &left, &node]));
        }
        self.0.push((height, node));
    }

    fn root(self) -> [u8; 32] {
        let nodes = self.0.into_iter().rev().map(|(_, node)| node);
        nodes.reduce(|right, left| digest(&[&[1], &left, &right])).unwrap_or_else(|| digest(&[]))
    }
}

/// The audit path of a leaf (RFC 6962 2.1.1), from the leaf upwards.
fn path(leaves: &[[u8; 32]], index: usize) -> Vec<Sibling> {
    if leaves.len() < 2 {
        return Vec::new();
    }
    let (left, right) = leaves.split_at(split(leaves.len()));
    let beside = |left, leaves: &[[u8; 32]]| Sibling { left, hash: hex(&merkle(leaves)) };
    match index < left.len() {
        true => [path(left, index), vec![beside(false, right)]].concat(),
        false => [path(right, index - left.len()), vec![beside(true, left)]].concat(),
    }
}

/// The 32 bytes of a hex digest; damaged text hashes to something that matches nothing.
pub(super) fn bytes_of(hash: &str) -> [u8; 32] {
    let mut bytes = [0u8; 32];
    for (i, byte) in bytes.iter_mut().enumerate() {
        *byte = hash.get(2 * i..2 * i + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()).unwrap_or(0);
    }
    bytes
}

const COLUMNS: &str = "ordinal, first_seq, last_seq, root, at, token";

fn root_of(row: &AnyRow) -> Root {
    Root {
        ordinal: row.get(0),
        first_seq: row.get(1),
        last_seq: row.get(2),
        root: row.get(3),
        at: row.get(4),
        token: row.get(5),
    }
}

/// All roots, oldest first.
pub(super) async fn all(connection: &mut AnyConnection) -> Result<Vec<Root>> {
    let sql = format!("SELECT {COLUMNS} FROM journal_root ORDER BY ordinal");
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(connection).await.map_err(failed)?;
    Ok(rows.iter().map(root_of).collect())
}

impl Store {
    /// Gathers the entries since the last root under a new one; none when there are none but those about roots.
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
        let (mut tree, mut last, mut news) = (Growing::default(), 0, false);
        let sql = "SELECT seq, hash, event FROM journal WHERE seq > $1 ORDER BY seq";
        let mut rows = sqlx::query(sql).bind(covered).fetch(&mut *tx);
        while let Some(row) = rows.next().await {
            let row = row.map_err(failed)?;
            tree.add(&bytes_of(&row.get::<String, _>(1)));
            last = row.get::<i64, _>(0);
            news |= !EVENTS.contains(&row.get::<String, _>(2).as_str());
        }
        drop(rows);
        if !news {
            return Ok(());
        }
        let root = hex(&tree.root());
        sqlx::query(
            "INSERT INTO journal_root (ordinal, first_seq, last_seq, root, at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(ordinal + 1)
        .bind(covered + 1)
        .bind(last)
        .bind(&root)
        .bind(tx.at())
        .execute(&mut *tx)
        .await
        .map_err(failed)?;
        let detail = json!({"root": ordinal + 1, "first": covered + 1, "last": last, "hash": root});
        append(self, &mut tx, CLOSED, None, detail).await?;
        commit(tx).await
    }

    /// All roots, oldest first.
    ///
    /// # Errors
    /// A store error.
    pub async fn roots(&self) -> Result<Vec<Root>> {
        all(&mut *self.pool.acquire().await.map_err(failed)?).await
    }

    /// Keeps the time stamp of a root; one that has a stamp keeps it.
    ///
    /// # Errors
    /// A store error.
    pub async fn keep_root_token(&self, ordinal: i64, token: &[u8]) -> Result<()> {
        let mut tx = self.write().await?;
        let token = hex(token);
        let kept = sqlx::query("UPDATE journal_root SET token = $1 WHERE ordinal = $2 AND token IS NULL")
            .bind(&token)
            .bind(ordinal)
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
        if kept.rows_affected() == 1 {
            let detail = json!({"root": ordinal, "token": Sha256::of(token.as_bytes())});
            append(self, &mut tx, STAMPED, None, detail).await?;
        }
        commit(tx).await
    }

    /// What the journal tells about a document, with the proofs that lead to its roots. Entries that no root covers yet are left
    /// out; see [`Store::close_root`].
    ///
    /// # Errors
    /// A store error.
    pub async fn excerpt(&self, id: DocumentId) -> Result<Excerpt> {
        let rows = sqlx::query(
            "SELECT seq, at, station, actor, event, document, detail, previous, hash FROM journal \
             WHERE document = $1 ORDER BY seq",
        )
        .bind(id.to_string())
        .fetch_all(&self.pool)
        .await
        .map_err(failed)?;
        let mut entries: Vec<Entry> = rows.iter().map(entry_of).collect();
        let mut excerpt = Excerpt::default();
        for root in self.roots().await? {
            let (here, later): (Vec<Entry>, Vec<Entry>) =
                entries.into_iter().partition(|entry| entry.seq <= root.last_seq);
            entries = later;
            if here.is_empty() {
                continue;
            }
            let leaves = self.leaves(&root).await?;
            let hashes: Vec<[u8; 32]> = leaves.iter().map(|(_, hash)| *hash).collect();
            let proven = |entry: Entry| {
                // Rows that are gone leave gaps.
                let index = leaves.partition_point(|(seq, _)| *seq < entry.seq);
                Proven { path: path(&hashes, index), root: root.ordinal, entry }
            };
            excerpt.entries.extend(here.into_iter().map(proven));
            excerpt.roots.push(root);
        }
        Ok(excerpt)
    }

    async fn leaves(&self, root: &Root) -> Result<Vec<(i64, [u8; 32])>> {
        let rows = sqlx::query("SELECT seq, hash FROM journal WHERE seq >= $1 AND seq <= $2 ORDER BY seq")
            .bind(root.first_seq)
            .bind(root.last_seq)
            .fetch_all(&self.pool)
            .await
            .map_err(failed)?;
        Ok(rows.iter().map(|row| (row.get(0), bytes_of(&row.get::<String, _>(1)))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(count: u8) -> Vec<[u8; 32]> {
        (0..count).map(|n| [n; 32]).collect()
    }

    #[test]
    fn the_tree_splits_as_rfc_6962_says() {
        let leaves = leaves(5);
        let node = |l: [u8; 32], r: [u8; 32]| digest(&[&[1], &l, &r]);
        let four = node(
            node(merkle(&leaves[..1]), merkle(&leaves[1..2])),
            node(merkle(&leaves[2..3]), merkle(&leaves[3..4])),
        );
        assert_eq!(merkle(&leaves), node(four, merkle(&leaves[4..])));
    }

    #[test]
    fn a_tree_that_grows_has_the_same_root() {
        for count in 0..70 {
            let leaves = leaves(count);
            let mut tree = Growing::default();
            leaves.iter().for_each(|leaf| tree.add(leaf));
            assert_eq!(tree.root(), merkle(&leaves), "{count}");
        }
    }

    #[test]
    fn every_path_leads_to_the_root_and_no_changed_one_does() {
        for count in 1..20 {
            let leaves = leaves(count);
            for (index, leaf) in leaves.iter().enumerate() {
                let climb = |path: &[Sibling]| {
                    path.iter().fold(digest(&[&[0], leaf]), |reached, sibling| {
                        let other = bytes_of(&sibling.hash);
                        let (left, right) = if sibling.left { (other, reached) } else { (reached, other) };
                        digest(&[&[1], &left, &right])
                    })
                };
                let mut path = path(&leaves, index);
                assert_eq!(climb(&path), merkle(&leaves));
                if let Some(first) = path.first_mut() {
                    first.left = !first.left;
                    assert_ne!(climb(&path), merkle(&leaves));
                }
            }
        }
    }
}

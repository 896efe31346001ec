//! What an entry says about the rows of its document: one digest over the document's row, its revisions, signatures and
//! receipts, and over who has seen it.
//!
//! SHA-256 over all of them in this order, each row as the name of its table and its columns, each field as UTF-8 text
//! preceded by its length in bytes as a 64-bit big-endian number, numbers in decimal. Leases are left out, as they say nothing
//! about the document; so are search texts, which are made again at any time.

use std::collections::HashMap;

use sha2::{Digest, Sha256 as Hasher};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use crate::document::{DocumentId, hex};
use crate::error::Result;

use super::super::documents::numbers;
use super::super::failed;

/// Name in the detail of an entry.
pub(super) const KEY: &str = "bound";

/// A table that belongs to documents: its name, its number of a document and its other columns, those that are numbers marked
/// by `#`, and the order of its rows.
struct Table {
    name: &'static str,
    id: &'static str,
    columns: &'static [&'static str],
    order: &'static str,
}

const TABLES: [Table; 5] = [
    Table {
        name: "document",
        id: "id",
        columns: &[
            "outage",
            "source_key",
            "state",
            "record",
            "latest",
            "#bytes_in",
            "#bytes_out",
            "#created_at",
        ],
        order: "id",
    },
    Table {
        name: "revision",
        id: "document",
        columns: &["#ordinal", "sha256", "reason", "#at"],
        order: "document, ordinal",
    },
    Table {
        name: "signature",
        id: "document",
        columns: &["#ordinal", "sha256", "report"],
        order: "document, ordinal",
    },
    Table {
        name: "receipt",
        id: "document",
        columns: &["job", "destination", "proof", "remote_id", "url", "sha256", "#at"],
        order: "document, job",
    },
    Table {
        name: "seen",
        id: "document",
        columns: &["sha256", "who", "#at"],
        order: "document, sha256, who",
    },
];

/// The digest of each document that has a row.
///
/// # Errors
/// A store error.
pub(super) async fn digests(
    connection: &mut AnyConnection,
    ids: &[DocumentId],
) -> Result<HashMap<i64, String>> {
    let mut open: HashMap<i64, Hasher> = HashMap::new();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    for table in &TABLES {
        let columns: Vec<&str> = table.columns.iter().map(|column| column.trim_start_matches('#')).collect();
        let sql = format!(
            "SELECT {}, {} FROM {} WHERE {} IN ({}) ORDER BY {}",
            table.id,
            columns.join(", "),
            table.name,
            table.id,
            numbers(ids),
            table.order
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut *connection).await.map_err(failed)?;
        for row in &rows {
            let hasher = open.entry(row.get(0)).or_default();
            field(hasher, table.name);
            add(hasher, table, row);
        }
    }
    Ok(open.into_iter().map(|(id, hasher)| (id, hex(&hasher.finalize()))).collect())
}

fn add(hasher: &mut Hasher, table: &Table, row: &AnyRow) {
    for (place, column) in table.columns.iter().enumerate() {
        match column.strip_prefix('#') {
            Some(_) => field(hasher, &row.get::<i64, _>(place + 1).to_string()),
            None => field(hasher, &row.get::<Option<String>, _>(place + 1).unwrap_or_default()),
        }
    }
}

fn field(hasher: &mut Hasher, text: &str) {
    hasher.update((text.len() as u64).to_be_bytes());
    hasher.update(text.as_bytes());
}

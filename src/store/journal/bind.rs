//! What an entry says about the rows of its document: one digest over the document's row, its revisions, signatures and
//! receipts, and over who has seen it; another one over its lines of the register and its deliveries.
//!
//! SHA-256 over all of them, table by table, each row as the name of its table and its columns, each field as UTF-8 text
//! preceded by its length in bytes as a 64-bit big-endian number, numbers in decimal; rows of a table in the order of these
//! bytes, as engines sort text differently. Leases are left out, as they say nothing
//! about the document; so are search texts, which are made again at any time.

use std::collections::HashMap;

use sha2::{Digest, Sha256 as Hasher};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use crate::document::{DocumentId, hex};
use crate::error::Result;

use super::super::connect::several;
use super::super::documents::numbers;
use super::super::failed;

/// Names in the detail of an entry. Entries of earlier versions have the first alone, or none.
pub(super) const KEY: &str = "bound";
pub(super) const FILED: &str = "filed";

/// A table that belongs to documents: its name, its number of a document and its other columns, those that are numbers marked
/// by `#`.
struct Table {
    name: &'static str,
    id: &'static str,
    columns: &'static [&'static str],
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
    },
    Table { name: "revision", id: "document", columns: &["#ordinal", "sha256", "reason", "#at"] },
    Table { name: "signature", id: "document", columns: &["#ordinal", "sha256", "report"] },
    Table {
        name: "receipt",
        id: "document",
        columns: &["job", "destination", "proof", "remote_id", "url", "sha256", "#at"],
    },
    Table { name: "seen", id: "document", columns: &["sha256", "who", "#at"] },
];

/// Of a delivery what does not change while it is tried: whether it is done, and not how often that failed.
const FILED_TABLES: [Table; 2] = [
    Table { name: "register_line", id: "document", columns: &["#ordinal", "what", "words", "#at"] },
    Table {
        name: "job",
        id: "document",
        columns: &[
            "id",
            "destination",
            "name",
            "sha256",
            "#required",
            "#CASE WHEN state = 'done' THEN 1 ELSE 0 END",
        ],
    },
];

/// The two digests of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bound {
    /// [`KEY`].
    pub rows: String,
    /// [`FILED`].
    pub filed: String,
}

/// The digests of each document that has a row.
///
/// # Errors
/// A store error.
pub(super) async fn digests(
    connection: &mut AnyConnection,
    ids: &[DocumentId],
) -> Result<HashMap<i64, Bound>> {
    let rows = over(&TABLES, connection, ids).await?;
    let mut filed = over(&FILED_TABLES, connection, ids).await?;
    let none = hex(&Hasher::digest([]));
    let both = |(id, rows)| (id, Bound { rows, filed: filed.remove(&id).unwrap_or_else(|| none.clone()) });
    Ok(rows.into_iter().map(both).collect())
}

async fn over(
    tables: &[Table],
    connection: &mut AnyConnection,
    ids: &[DocumentId],
) -> Result<HashMap<i64, String>> {
    let mut open: HashMap<i64, Hasher> = HashMap::new();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    for table in tables {
        let columns: Vec<&str> = table.columns.iter().map(|column| column.trim_start_matches('#')).collect();
        let (id, name) = (table.id, table.name);
        let sql = format!("SELECT {id}, {} FROM {name} WHERE {id} IN ({})", columns.join(", "), numbers(ids));
        let rows = several(sql).fetch_all(&mut *connection).await.map_err(failed)?;
        let mut images: Vec<(i64, Vec<u8>)> =
            rows.iter().map(|row| (row.get(0), image(table, row))).collect();
        images.sort_unstable();
        images.iter().for_each(|(id, image)| open.entry(*id).or_default().update(image));
    }
    Ok(open.into_iter().map(|(id, hasher)| (id, hex(&hasher.finalize()))).collect())
}

fn image(table: &Table, row: &AnyRow) -> Vec<u8> {
    let mut image = Vec::new();
    field(&mut image, table.name);
    for (place, column) in table.columns.iter().enumerate() {
        match column.strip_prefix('#') {
            Some(_) => field(&mut image, &row.get::<i64, _>(place + 1).to_string()),
            None => field(&mut image, &row.get::<Option<String>, _>(place + 1).unwrap_or_default()),
        }
    }
    image
}

fn field(image: &mut Vec<u8>, text: &str) {
    image.extend((text.len() as u64).to_be_bytes());
    image.extend(text.as_bytes());
}

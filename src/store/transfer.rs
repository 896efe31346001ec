//! A workspace moves to a server: every record is copied in one transaction while nobody else writes, and the old store says
//! from then on where they went.

use futures_util::TryStreamExt;
use serde_json::json;
use sqlx::any::{AnyRow, AnyTypeInfoKind};
use sqlx::{Column, Row, ValueRef};

use crate::error::{Clause, Result, kinds};

use super::connect::{Write, commit};
use super::{MOVED, Store, failed, journal, search};

/// Rows of one statement.
const ROWS: usize = 100;
/// The table some of whose rows the new store makes by itself, and these rows.
const META: &str = "meta";
const OWN: &str = "('version', 'writer')";

/// Tables in an order in which what is referred to comes first.
fn tables() -> impl Iterator<Item = &'static str> {
    const MAKES: &str = "CREATE TABLE IF NOT EXISTS ";
    let lines = include_str!("schema.sql").lines().filter_map(|line| line.strip_prefix(MAKES));
    lines.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != META)
}

impl Store {
    /// Copies all records to a new store and closes this one; gives how many rows. `settle` is called between the two, when the
    /// copy is durable. After a crash in between the copy is recognised.
    ///
    /// # Errors
    /// [`kinds::STORE_NOT_EMPTY`] when other records are there, [`kinds::DOCUMENT_BUSY`] while something is worked on,
    /// [`kinds::STORE_FAILED`] when the copy is not whole.
    pub async fn move_to(&self, target: &Store, settle: impl FnOnce() -> Result<()>) -> Result<usize> {
        let mut from = self.write().await?;
        refuse_busy(&mut from).await?;
        let mut to = target.write().await?;
        let (ours, theirs) = (journal::head(&mut from).await?, journal::head(&mut to).await?);
        let copied = match theirs {
            Some(theirs) if Some(&theirs) == ours.as_ref() => 0,
            Some(_) => return Err(kinds::STORE_NOT_EMPTY.with("store", target.place.shown())),
            None => copy_all(&mut from, &mut to).await?,
        };
        commit(to).await?;
        target.check_journal().await?;
        settle()?;
        target.note("store_moved", None, json!({"from": self.place.shown(), "rows": copied})).await?;
        let closed = format!("{MOVED}{}", target.place.shown());
        sqlx::query("UPDATE meta SET value = $1 WHERE name = 'version'")
            .bind(closed)
            .execute(&mut *from)
            .await
            .map_err(failed)?;
        commit(from).await?;
        Ok(copied)
    }
}

async fn refuse_busy(tx: &mut Write) -> Result<()> {
    let at = tx.at();
    for (table, column) in [("document", "id"), ("job", "document")] {
        let sql = format!("SELECT {column} FROM {table} WHERE lease_until > $1 LIMIT 1");
        let busy: Option<(i64,)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(at)
            .fetch_optional(&mut **tx)
            .await
            .map_err(failed)?;
        if let Some((id,)) = busy {
            return Err(kinds::DOCUMENT_BUSY.with("document", crate::document::DocumentId(id)));
        }
    }
    Ok(())
}

async fn copy_all(from: &mut Write, to: &mut Write) -> Result<usize> {
    // Known stations, what came from them, where the journal ends.
    let mut all = copy(&format!("{META} WHERE name NOT IN {OWN}"), META, from, to).await?;
    for table in tables() {
        let copied = copy(table, table, from, to).await?;
        let sql = format!("SELECT COUNT(*) FROM {table}");
        let (there,): (i64,) =
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_one(&mut **to).await.map_err(failed)?;
        if usize::try_from(there).ok() != Some(copied) {
            let cause = Clause::new("why-rows").with("table", table);
            let cause = cause.with("wanted", copied).with("found", there);
            return Err(kinds::STORE_FAILED.with("cause", cause));
        }
        all += copied;
    }
    Ok(all)
}

/// Copies the rows that `what` chooses into a table.
async fn copy(what: &str, table: &str, from: &mut Write, to: &mut Write) -> Result<usize> {
    // The words beside the look-up are the server's own, computed from it.
    let columns = if table == search::TABLE { search::COLUMNS } else { "*" };
    let sql = format!("SELECT {columns} FROM {what}");
    let mut rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch(&mut **from);
    let (mut batch, mut count) = (Vec::with_capacity(ROWS), 0);
    while let Some(row) = rows.try_next().await.map_err(failed)? {
        batch.push(row);
        if batch.len() == ROWS {
            count += insert(table, &batch, to).await?;
            batch.clear();
        }
    }
    Ok(count + insert(table, &batch, to).await?)
}

async fn insert(table: &str, rows: &[AnyRow], to: &mut Write) -> Result<usize> {
    let Some(first) = rows.first() else { return Ok(0) };
    let names: Vec<&str> = first.columns().iter().map(Column::name).collect();
    let places = |row: usize| {
        let places: Vec<String> =
            (1..=names.len()).map(|column| format!("${}", row * names.len() + column)).collect();
        format!("({})", places.join(", "))
    };
    let values: Vec<String> = (0..rows.len()).map(places).collect();
    let sql = format!("INSERT INTO {table} ({}) VALUES {}", names.join(", "), values.join(", "));
    let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
    for row in rows {
        for column in 0..names.len() {
            // The schema knows two types; a null says its own in neither engine.
            let value = row.try_get_raw(column).map_err(failed)?;
            let is_number = matches!(
                value.type_info().kind(),
                AnyTypeInfoKind::BigInt | AnyTypeInfoKind::Integer | AnyTypeInfoKind::SmallInt
            );
            query = match (value.is_null(), is_number) {
                (true, _) => query.bind(None::<String>),
                (false, true) => query.bind(row.try_get::<i64, _>(column).map_err(failed)?),
                (false, false) => query.bind(row.try_get::<String, _>(column).map_err(failed)?),
            };
        }
    }
    query.execute(&mut **to).await.map_err(failed)?;
    Ok(rows.len())
}

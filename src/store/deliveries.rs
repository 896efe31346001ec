//! Deliveries as a person looks at them: what waits, what was refused, what arrived.

use std::time::Duration;

use serde::Serialize;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::document::{DocumentId, Sha256};
use crate::error::{Error, Kept, Result, kinds};
use crate::upload::Parcel;

use super::{Store, failed, timestamp};

/// A delivery as a person sees it.
#[derive(Clone, Debug, Serialize)]
pub struct Delivery {
    /// The idempotency key.
    pub id: String,
    /// The document.
    pub document: String,
    /// Name of the destination.
    pub destination: String,
    /// Name of the copy there.
    pub name: String,
    /// `ready`, `leased`, `done`, `dead`.
    pub state: String,
    /// How often it was begun.
    pub attempts: i64,
    /// Code of the last refusal.
    pub last_error: Option<String>,
    #[serde(skip)]
    kept: Option<Kept>,
}

/// Columns of a [`Delivery`], in their order.
pub(super) const COLUMNS: &str = "document, id, destination, name, state, attempts, last_error";

impl Delivery {
    /// From the columns of a row.
    pub(super) fn of(row: &AnyRow) -> Self {
        let kept = row.get::<Option<String>, _>(6).map(Kept::stored);
        Self {
            document: DocumentId(row.get(0)).to_string(),
            id: row.get(1),
            destination: row.get(2),
            name: row.get(3),
            state: row.get(4),
            attempts: row.get(5),
            last_error: kept.as_ref().map(|kept| kept.error().code().to_owned()),
            kept,
        }
    }

    /// The last refusal.
    pub fn refusal(&self) -> Error {
        let error = self.kept.as_ref().map_or_else(|| kinds::INTERNAL.with("cause", "–"), Kept::error);
        // Older stores kept the code alone.
        let error = error.with("destination", &self.destination).with("name", &self.name);
        error.with("document", &self.document).with("status", "–")
    }
}

impl Store {
    /// Deliveries in one of these states, those that go first first, at most so many.
    ///
    /// # Errors
    /// A store error.
    pub async fn deliveries_in(&self, states: &[&str], most: i64) -> Result<Vec<Delivery>> {
        let known = ["ready", "leased", "done", "dead"];
        let names: Vec<String> =
            states.iter().filter(|state| known.contains(state)).map(|state| format!("'{state}'")).collect();
        let sql = format!(
            "SELECT {COLUMNS} FROM job \
             WHERE state IN ({}) ORDER BY rank, id LIMIT $1",
            names.join(", ")
        );
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(most);
        let rows = query.fetch_all(&self.pool).await.map_err(failed)?;
        Ok(rows.iter().map(Delivery::of).collect())
    }

    /// What was handed over more than once and has arrived within the last `late`: an earlier request for it may have come in
    /// afterwards and left something behind. At most a thousand.
    ///
    /// # Errors
    /// A store error.
    pub(crate) async fn unclear(&self, destination: &str, late: Duration) -> Result<Vec<Parcel>> {
        let sql = "SELECT job.name, job.sha256 FROM job JOIN receipt ON receipt.job = job.id \
                   WHERE job.destination = $1 AND job.state = 'done' AND job.attempts > 1 AND receipt.at > $2 LIMIT 1000";
        let late = i64::try_from(late.as_micros()).unwrap_or(i64::MAX);
        let rows: Vec<(String, String)> = sqlx::query_as(sql)
            .bind(destination)
            .bind(self.clock().saturating_sub(late))
            .fetch_all(&self.pool)
            .await
            .map_err(failed)?;
        Ok(rows.into_iter().map(|(name, sha256)| Parcel::named(name, Sha256(sha256))).collect())
    }

    /// How the delivery of a document to a destination stands: `done` only when none of its versions is still to go. None when it
    /// was never queued for it. With it, what the destination gave for it.
    ///
    /// # Errors
    /// A store error.
    pub async fn delivery_of(
        &self,
        id: DocumentId,
        destination: &str,
    ) -> Result<Option<(String, Option<String>)>> {
        let rows: Vec<(String, Option<String>)> =
            sqlx::query_as("SELECT state, ticket FROM job WHERE document = $1 AND destination = $2")
                .bind(id.0)
                .bind(destination)
                .fetch_all(&self.pool)
                .await
                .map_err(failed)?;
        let open = |(state, _): &(String, Option<String>)| usize::from(state == "done");
        let row = rows.into_iter().min_by_key(open);
        Ok(row.map(|(state, stored)| (state, super::queue::Ticket::kept(stored).given)))
    }

    /// The last receipts, newest first, each with its document.
    ///
    /// # Errors
    /// A store error.
    pub async fn last_receipts(
        &self,
        most: i64,
    ) -> Result<Vec<(DocumentId, String, String, jiff::Timestamp)>> {
        let rows =
            sqlx::query("SELECT document, destination, proof, at FROM receipt ORDER BY at DESC LIMIT $1")
                .bind(most)
                .fetch_all(&self.pool)
                .await
                .map_err(failed)?;
        let one =
            |row: &AnyRow| (DocumentId(row.get(0)), row.get(1), row.get(2), timestamp(row.get::<i64, _>(3)));
        Ok(rows.iter().map(one).collect())
    }
}

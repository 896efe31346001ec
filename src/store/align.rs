//! The queue follows the station file: what is on its way goes to every destination that is named now, and waits for none that is
//! not. A destination that gets another name, or is added later, needs nothing else.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::json;
use sqlx::Row;

use crate::document::DocumentId;
use crate::error::Result;
use crate::upload::Config;

use super::claims::close_documents;
use super::connect::several;
use super::documents::Stored;
use super::queue::insert_job;
use super::record::State;
use super::{Store, Write, commit, failed, journal};

/// Documents that are closed together.
const ROWS: usize = 500;
/// Documents on their way.
const UNDERWAY: &str = "document.state IN ('queued', 'sent', 'accepted')";

/// A destination that the station does not name, and to which documents were to go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unnamed {
    /// Name.
    pub name: String,
    /// Documents that were never delivered there.
    pub documents: i64,
    /// Those of them that are not delivered yet.
    pub open: i64,
}

impl Store {
    /// Documents on their way that were never queued for a destination, because the station did not name it then.
    ///
    /// # Errors
    /// A store error.
    pub async fn without_delivery(&self, destination: &str) -> Result<Vec<DocumentId>> {
        let sql = format!(
            "SELECT id FROM document WHERE {UNDERWAY} AND NOT EXISTS \
             (SELECT 1 FROM job WHERE job.document = document.id AND job.destination = $1) ORDER BY id"
        );
        self.ids(&sql, destination).await
    }

    /// Documents that are still to go to a destination, in their order; what a person has to deal with first is among them.
    ///
    /// # Errors
    /// A store error.
    pub async fn still_to_go(&self, destination: &str) -> Result<Vec<DocumentId>> {
        let sql = "SELECT document FROM job WHERE destination = $1 AND state <> 'done' ORDER BY rank, id";
        self.ids(sql, destination).await
    }

    async fn ids(&self, sql: &str, destination: &str) -> Result<Vec<DocumentId>> {
        let query = sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).bind(destination);
        let rows = query.fetch_all(&self.pool).await.map_err(failed)?;
        Ok(rows.iter().map(|row| DocumentId(row.get(0))).collect())
    }

    /// Queues a document that is on its way already for further destinations, each with the name of the copy there.
    ///
    /// # Errors
    /// A store error.
    pub async fn put_further(&self, stored: &Stored, deliveries: &[(&Config, String)]) -> Result<()> {
        let Some(sha256) = stored.latest.as_ref().filter(|_| !deliveries.is_empty()) else { return Ok(()) };
        let mut tx = self.write().await?;
        let sql = format!("SELECT id FROM document WHERE id = $1 AND {UNDERWAY}");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(stored.id.0);
        // It may have arrived where it was queued for since it was looked at.
        if row.fetch_optional(&mut *tx).await.map_err(failed)?.is_none() {
            return Ok(());
        }
        for (destination, name) in deliveries {
            insert_job(&mut tx, stored, destination, name, sha256).await?;
        }
        let names: Vec<&str> = deliveries.iter().map(|(d, _)| d.name.as_str()).collect();
        let detail = json!({"destinations": names, "sha256": sha256});
        journal::append(self, &mut tx, "queued_further", Some(stored.id), detail).await?;
        commit(tx).await
    }

    /// Lets every delivery count as the station file says now whether its destination is required, and ends documents that wait for
    /// no other one. What was to go to a destination that is not named any more stays in the queue and keeps no document waiting;
    /// on a server it does, because another station may name it.
    ///
    /// # Errors
    /// A store error.
    pub async fn align(&self, named: &[Config]) -> Result<()> {
        let unnamed = self.unnamed(named).await?;
        let mut tx = self.write().await?;
        let mut entries = Vec::new();
        for destination in named {
            let detail = json!({"destination": destination.name, "required": destination.required});
            let changed = count_as(&mut tx, &destination.name, destination.required).await?;
            entries.extend(changed.into_iter().map(|id| ("delivery_aligned", Some(id), detail.clone())));
        }
        for unnamed in unnamed.iter().filter(|_| !self.is_shared()) {
            let detail = json!({"destination": unnamed.name, "named": false});
            let changed = count_as(&mut tx, &unnamed.name, false).await?;
            entries.extend(changed.into_iter().map(|id| ("delivery_aligned", Some(id), detail.clone())));
        }
        for ids in arrived(&mut tx, named).await?.chunks(ROWS) {
            let detail = json!({"from": State::Queued, "to": State::Delivered});
            let closed = close_documents(&mut tx, ids).await?;
            entries.extend(closed.into_iter().map(|id| ("advanced", Some(id), detail.clone())));
        }
        journal::append_all(self, &mut tx, entries).await?;
        commit(tx).await
    }

    /// Destinations that the station does not name, and to which documents were to go.
    ///
    /// # Errors
    /// A store error.
    pub async fn unnamed(&self, named: &[Config]) -> Result<Vec<Unnamed>> {
        let sql = format!(
            "SELECT job.destination, COUNT(DISTINCT job.document), \
             COUNT(DISTINCT CASE WHEN {UNDERWAY} THEN job.document END) \
             FROM job JOIN document ON document.id = job.document WHERE job.state <> 'done' \
             GROUP BY job.destination ORDER BY job.destination"
        );
        let rows = several(sql).fetch_all(&self.pool).await.map_err(failed)?;
        let all =
            rows.iter().map(|row| Unnamed { name: row.get(0), documents: row.get(1), open: row.get(2) });
        Ok(all.filter(|found| named.iter().all(|config| config.name != found.name)).collect())
    }
}

/// Lets open deliveries to a destination count as required or not; gives the documents of those that counted otherwise.
async fn count_as(tx: &mut Write, destination: &str, required: bool) -> Result<BTreeSet<DocumentId>> {
    let sql = "UPDATE job SET required = $1 WHERE destination = $2 AND required <> $1 AND state <> 'done' RETURNING document";
    let query = sqlx::query(sql).bind(i64::from(required)).bind(destination);
    let rows = query.fetch_all(&mut **tx).await.map_err(failed)?;
    Ok(rows.iter().map(|row| DocumentId(row.get(0))).collect())
}

/// Documents on their way that lack nothing any more: their latest version is somewhere, every required destination that is named
/// was queued for, and nothing that counts is still to go. A document of which nothing went is not delivered.
async fn arrived(tx: &mut Write, named: &[Config]) -> Result<Vec<DocumentId>> {
    let required: Vec<&Config> = named.iter().filter(|config| config.required).collect();
    let queued: String = (1..=required.len())
        .map(|place| {
            format!(
                " AND EXISTS (SELECT 1 FROM job WHERE job.document = document.id AND job.destination = ${place})"
            )
        })
        .collect();
    let sql = format!(
        "SELECT id FROM document WHERE {UNDERWAY} AND EXISTS (SELECT 1 FROM job WHERE job.document = document.id \
         AND job.state = 'done' AND job.sha256 = document.latest) AND NOT EXISTS (SELECT 1 FROM job WHERE \
         job.document = document.id AND required = 1 AND job.state <> 'done'){queued} ORDER BY id"
    );
    let query = required.iter().fold(several(sql), |query, config| query.bind(&config.name));
    let rows = query.fetch_all(&mut **tx).await.map_err(failed)?;
    Ok(rows.iter().map(|row| DocumentId(row.get(0))).collect())
}

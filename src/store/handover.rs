//! Documents that came from another machine, and the stations that this one knows. Rows of `meta`, as they belong to machines
//! and not to outages.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::document::{Document, DocumentId, Sha256};
use crate::error::Result;
use crate::handover::{Origin, Purpose};

use super::documents::{insert_row, next_id};
use super::steps::{NewRevision, add_revisions};
use super::{Record, State, Store, Stored, Write, commit, failed, journal, unreadable};

/// Beginning of the names of rows that say to which machine a version of a document went.
const HANDED: &str = "handed:";

/// A version of a document that was written into a bundle for another machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedOver {
    /// For what.
    #[serde(rename = "for")]
    pub purpose: Purpose,
    /// When, at the office's clock, ISO 8601.
    pub at: String,
    /// Digest of the version.
    pub sha256: Sha256,
}

fn received_row(id: DocumentId) -> String {
    format!("received:{id}")
}

fn handed_row(id: DocumentId) -> String {
    format!("{HANDED}{id}")
}

fn station_row(station: &Sha256) -> String {
    format!("station:{station}")
}

impl HandedOver {
    /// The day, as people write it.
    pub fn day(&self) -> String {
        let day: Option<jiff::civil::Date> = self.at.get(..10).and_then(|day| day.parse().ok());
        day.map(|day| day.strftime("%d/%m/%Y").to_string()).unwrap_or_default()
    }
}

/// What makes two arrivals of a document the same.
fn key(origin: &Origin) -> String {
    Sha256::of(format!("handover {} {}", origin.station, origin.document).as_bytes()).0
}

impl Store {
    /// Remembers a station after a person has compared its fingerprint.
    ///
    /// # Errors
    /// A store error.
    pub async fn know_station(&self, station: &Sha256, name: &str) -> Result<()> {
        let mut tx = self.write().await?;
        if put(&mut tx, &station_row(station), name).await? {
            journal::append(self, &mut tx, "station_known", None, json!({"station": station, "name": name}))
                .await?;
        }
        commit(tx).await
    }

    /// Whether a person has compared this station's fingerprint.
    ///
    /// # Errors
    /// A store error.
    pub async fn knows_station(&self, station: &Sha256) -> Result<bool> {
        Ok(self.meta(&station_row(station)).await?.is_some())
    }

    /// Remembers that a version of a document went to another machine.
    ///
    /// # Errors
    /// A store error.
    pub async fn hand_over(&self, id: DocumentId, handed: &HandedOver) -> Result<()> {
        let mut tx = self.write().await?;
        let kept = json!(handed);
        sqlx::query(
            "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )
        .bind(handed_row(id))
        .bind(kept.to_string())
        .execute(&mut *tx)
        .await
        .map_err(failed)?;
        let detail = json!({"purpose": handed.purpose, "sha256": handed.sha256, "kept": kept});
        journal::append(self, &mut tx, "handed_over", Some(id), detail).await?;
        commit(tx).await
    }

    /// For what the version of a document that counts here went to another machine, and has not come back since.
    ///
    /// # Errors
    /// A store error.
    pub async fn handed_over(&self, stored: &Stored) -> Result<Option<HandedOver>> {
        let row = self.meta(&handed_row(stored.id)).await?;
        let handed: Option<HandedOver> =
            row.map(|text| serde_json::from_str(&text).map_err(unreadable)).transpose()?;
        Ok(handed.filter(|handed| stored.latest.as_ref() == Some(&handed.sha256)))
    }

    /// Puts into records what of them is elsewhere.
    pub(super) async fn placed_elsewhere(&self, records: &mut [Record]) -> Result<()> {
        let rows: Vec<(String, String)> = match records {
            [] => return Ok(()),
            [one] => {
                let name = format!("{HANDED}{}", one.document);
                self.meta(&name).await?.into_iter().map(|value| (name.clone(), value)).collect()
            }
            _ => sqlx::query_as("SELECT name, value FROM meta WHERE name LIKE 'handed:%'")
                .fetch_all(&self.pool)
                .await
                .map_err(failed)?,
        };
        let handed: HashMap<&str, &str> = rows
            .iter()
            .filter_map(|(name, value)| Some((name.strip_prefix(HANDED)?, value.as_str())))
            .collect();
        for record in records {
            let Some(value) = handed.get(record.document.as_str()) else { continue };
            let known: HandedOver = serde_json::from_str(value).map_err(unreadable)?;
            let here = record.latest().is_some_and(|latest| latest.sha256 == known.sha256);
            let over =
                matches!(record.state, State::Delivered | State::Closed | State::Replaced | State::Dropped);
            record.handed_over = Some(known).filter(|_| here && !over);
        }
        Ok(())
    }

    /// Where a document came from; none for one that was taken in here.
    ///
    /// # Errors
    /// A store error.
    pub async fn origin(&self, id: DocumentId) -> Result<Option<Origin>> {
        let row = self.meta(&received_row(id)).await?;
        row.map(|text| serde_json::from_str(&text).map_err(unreadable)).transpose()
    }

    /// The document of this store that came from there.
    ///
    /// # Errors
    /// A store error.
    pub async fn received(&self, outage: &str, origin: &Origin) -> Result<Option<DocumentId>> {
        let row: Option<(i64,)> =
            sqlx::query_as("SELECT id FROM document WHERE outage = $1 AND source_key = $2")
                .bind(outage)
                .bind(key(origin))
                .fetch_optional(&self.pool)
                .await
                .map_err(failed)?;
        Ok(row.map(|(id,)| DocumentId(id)))
    }

    /// Records a document of another machine with its file, whose bytes are durable already.
    ///
    /// # Errors
    /// A store error.
    pub async fn receive(
        &self,
        document: &Document,
        origin: &Origin,
        state: State,
        bytes_in: u64,
        revision: &NewRevision<'_>,
    ) -> Result<DocumentId> {
        let mut tx = self.write().await?;
        let id = next_id(&mut tx).await?;
        insert_row(&mut tx, id, &key(origin), state, document, bytes_in).await?;
        sqlx::query("UPDATE document SET latest = $1, bytes_out = $2 WHERE id = $3")
            .bind(&revision.sha256.0)
            .bind(i64::try_from(revision.bytes).unwrap_or(i64::MAX))
            .bind(id.0)
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
        add_revisions(&mut tx, &[(id, revision)]).await?;
        put(&mut tx, &received_row(id), &serde_json::to_string(origin).map_err(unreadable)?).await?;
        if matches!(state, State::Sealed | State::Closed) {
            super::register::enter(&mut tx, id, state.as_str()).await?;
        }
        let detail = json!({"origin": origin, "state": state, "sha256": revision.sha256});
        journal::append(self, &mut tx, "received", Some(id), detail).await?;
        commit(tx).await?;
        Ok(id)
    }

    async fn meta(&self, name: &str) -> Result<Option<String>> {
        let row: Option<(String,)> = sqlx::query_as("SELECT value FROM meta WHERE name = $1")
            .bind(name)
            .fetch_optional(&self.pool)
            .await
            .map_err(failed)?;
        Ok(row.map(|(value,)| value))
    }
}

/// Whether a document came from another machine, inside a transaction.
pub(super) async fn is_received(tx: &mut Write, id: DocumentId) -> Result<bool> {
    let row: Option<(String,)> = sqlx::query_as("SELECT value FROM meta WHERE name = $1")
        .bind(received_row(id))
        .fetch_optional(&mut **tx)
        .await
        .map_err(failed)?;
    Ok(row.is_some())
}

async fn put(tx: &mut Write, name: &str, value: &str) -> Result<bool> {
    let done = sqlx::query("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
        .bind(name)
        .bind(value)
        .execute(&mut **tx)
        .await
        .map_err(failed)?;
    Ok(done.rows_affected() == 1)
}

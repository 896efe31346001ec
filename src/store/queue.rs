//! The queue: one job for each document and destination, claimed under a lease, ended by a receipt.

use serde::Serialize;
use serde_json::json;
use sqlx::Row;

use crate::document::{DocumentId, Sha256};
use crate::error::{Result, kinds};
use crate::upload::{Config, Receipt};

use super::documents::Stored;
use super::record::State;
use super::{Store, Write, commit, failed, journal, now, timestamp};

/// How long one delivery may take before another process may take the job over.
const LEASE_MICROSECONDS: i64 = 10 * 60 * 1_000_000;

/// A claimed delivery.
#[derive(Clone, Debug)]
pub struct Job {
    /// The idempotency key, `D-000001/dms`.
    pub id: String,
    /// The document.
    pub document: DocumentId,
    /// Name of the destination.
    pub destination: String,
    /// Name of the copy there.
    pub name: String,
    /// The bytes.
    pub sha256: Sha256,
    /// Whether it is a drill's document.
    pub drill: bool,
    token: String,
}

/// How a destination stands, as `status` tells it.
#[derive(Clone, Debug, Serialize)]
pub struct DestinationState {
    /// Name.
    pub name: String,
    /// `closed` (works), `open` (away), `half_open` (being tried).
    pub state: String,
    /// When it is tried next.
    pub until: Option<jiff::Timestamp>,
    /// Why it is away.
    pub reason: Option<String>,
    /// Waiting.
    pub queued: i64,
    /// Handed over.
    pub sent: i64,
    /// Taken by a relay.
    pub accepted: i64,
    /// Arrived as the station wants it proven.
    pub delivered: i64,
    /// Given up until a person acts.
    pub dead: i64,
}

impl Store {
    /// Queues a sealed document for its destinations, each with the name of the copy there, once and in one transaction.
    ///
    /// # Errors
    /// A store error.
    pub async fn put(&self, stored: &Stored, deliveries: &[(&Config, String)]) -> Result<()> {
        let Some(sha256) = &stored.latest else { return Err(kinds::NOT_BUILT.with("document", stored.id)) };
        let mut tx = self.write().await?;
        for (destination, name) in deliveries {
            insert_job(&mut tx, stored.id, destination, name, sha256).await?;
        }
        let done = sqlx::query("UPDATE document SET state = 'queued' WHERE id = $1 AND state = 'sealed'")
            .bind(stored.id.0)
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
        if done.rows_affected() == 1 {
            let names: Vec<&str> = deliveries.iter().map(|(d, _)| d.name.as_str()).collect();
            let detail = json!({"destinations": names, "sha256": sha256});
            journal::append(self, &mut tx, "queued", Some(stored.id), detail).await?;
        }
        commit(tx).await
    }

    /// How often the document was delivered to the destination.
    ///
    /// # Errors
    /// A store error.
    pub async fn deliveries(&self, id: DocumentId, destination: &str) -> Result<i64> {
        let (count,): (i64,) = sqlx::query_as(
            "SELECT COUNT(*) FROM job WHERE document = $1 AND destination = $2 AND state = 'done'",
        )
        .bind(id.0)
        .bind(destination)
        .fetch_one(&self.pool)
        .await
        .map_err(failed)?;
        Ok(count)
    }

    /// Whether another document goes to the destination under this name.
    ///
    /// # Errors
    /// A store error.
    pub async fn is_name_taken(&self, id: DocumentId, destination: &str, name: &str) -> Result<bool> {
        let row: Option<(String,)> = sqlx::query_as(
            "SELECT id FROM job WHERE destination = $1 AND name = $2 AND document <> $3 LIMIT 1",
        )
        .bind(destination)
        .bind(name)
        .bind(id.0)
        .fetch_optional(&self.pool)
        .await
        .map_err(failed)?;
        Ok(row.is_some())
    }

    /// Claims the next delivery to a destination. An expired lease is claimable by the same query.
    ///
    /// # Errors
    /// A store error.
    pub async fn claim(&self, destination: &str) -> Result<Option<Job>> {
        let token = self.holder.token();
        let mut tx = self.write().await?;
        let row = sqlx::query(
            "UPDATE job SET state = 'leased', lease = $1, lease_until = $2 WHERE id = (SELECT id FROM job \
             WHERE destination = $3 AND ((state = 'ready' AND run_at <= $4) OR (state = 'leased' AND lease_until < $4)) \
             ORDER BY run_at, id LIMIT 1) RETURNING id, document, name, sha256",
        )
        .bind(&token)
        .bind(now() + LEASE_MICROSECONDS)
        .bind(destination)
        .bind(now())
        .fetch_optional(&mut *tx)
        .await
        .map_err(failed)?;
        commit(tx).await?;
        let Some(row) = row else { return Ok(None) };
        self.holder.took();
        let document = DocumentId(row.get(1));
        let drill = self.document(document).await?.document.drill;
        Ok(Some(Job {
            id: row.get(0),
            document,
            destination: destination.to_owned(),
            name: row.get(2),
            sha256: Sha256(row.get(3)),
            drill,
            token,
        }))
    }

    /// Ends a job by its receipt: receipt, job, document, register and journal in one transaction.
    ///
    /// # Errors
    /// [`kinds::LEASE_LOST`] when another process has taken the job over meanwhile.
    pub async fn complete(&self, job: &Job, receipt: &Receipt) -> Result<()> {
        let mut tx = self.write().await?;
        finish_job(&mut tx, job, "done", None).await?;
        sqlx::query(
            "INSERT INTO receipt (job, document, destination, proof, remote_id, url, sha256, at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(&job.id)
        .bind(job.document.0)
        .bind(&receipt.destination)
        .bind(receipt.proof.as_str())
        .bind(&receipt.remote_id)
        .bind(&receipt.url)
        .bind(&receipt.sha256.0)
        .bind(receipt.at.as_microsecond())
        .execute(&mut *tx)
        .await
        .map_err(failed)?;
        super::register::line(&mut tx, job.document, "delivered", &receipt.destination).await?;
        journal::append(self, &mut tx, "receipt", Some(job.document), json!(receipt)).await?;
        self.close_document(&mut tx, job.document).await?;
        commit(tx).await?;
        self.holder.gave_back();
        Ok(())
    }

    /// The document is delivered when every required destination has it.
    async fn close_document(&self, tx: &mut Write, id: DocumentId) -> Result<()> {
        let done = sqlx::query(
            "UPDATE document SET state = 'delivered' WHERE id = $1 AND state IN ('queued', 'sent', 'accepted') \
             AND NOT EXISTS (SELECT 1 FROM job WHERE document = $1 AND required = 1 AND state <> 'done')",
        )
        .bind(id.0)
        .execute(&mut **tx)
        .await
        .map_err(failed)?;
        if done.rows_affected() == 1 {
            let detail = json!({"from": State::Queued, "to": State::Delivered});
            journal::append(self, tx, "advanced", Some(id), detail).await?;
        }
        Ok(())
    }

    /// The destination is away: the job waits, and no attempt is counted against the document.
    ///
    /// # Errors
    /// A store error.
    pub async fn defer(&self, job: &Job, reason: &str) -> Result<()> {
        let mut tx = self.write().await?;
        finish_job(&mut tx, job, "ready", Some(reason)).await?;
        commit(tx).await?;
        self.holder.gave_back();
        Ok(())
    }

    /// A person has to act: the job is set aside with its reason.
    ///
    /// # Errors
    /// A store error.
    pub async fn bury(&self, job: &Job, reason: &str) -> Result<()> {
        let mut tx = self.write().await?;
        finish_job(&mut tx, job, "dead", Some(reason)).await?;
        let detail = json!({"destination": job.destination, "reason": reason});
        journal::append(self, &mut tx, "delivery_failed", Some(job.document), detail).await?;
        commit(tx).await?;
        self.holder.gave_back();
        Ok(())
    }

    /// Sets jobs that a person has dealt with back into the queue.
    ///
    /// # Errors
    /// A store error.
    pub async fn revive(&self, destination: &str) -> Result<()> {
        let mut tx = self.write().await?;
        sqlx::query("UPDATE job SET state = 'ready', run_at = $1 WHERE destination = $2 AND state = 'dead'")
            .bind(now())
            .bind(destination)
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
        commit(tx).await
    }

    /// Jobs of a destination that are not done, dead ones left out.
    ///
    /// # Errors
    /// A store error.
    pub async fn open_jobs(&self, destination: &str) -> Result<i64> {
        let (count,): (i64,) = sqlx::query_as(
            "SELECT COUNT(*) FROM job WHERE destination = $1 AND state IN ('ready', 'leased')",
        )
        .bind(destination)
        .fetch_one(&self.pool)
        .await
        .map_err(failed)?;
        Ok(count)
    }

    /// The document that has waited longest for a destination.
    ///
    /// # Errors
    /// A store error.
    pub async fn first_waiting(&self, destination: &str) -> Result<Option<DocumentId>> {
        let row: Option<(i64,)> = sqlx::query_as(
            "SELECT document FROM job WHERE destination = $1 AND state IN ('ready', 'leased') ORDER BY run_at, id LIMIT 1",
        )
        .bind(destination)
        .fetch_optional(&self.pool)
        .await
        .map_err(failed)?;
        Ok(row.map(|(id,)| DocumentId(id)))
    }

    /// Remembers whether a destination works, for every process and for `status`.
    ///
    /// # Errors
    /// A store error.
    pub async fn set_breaker(
        &self,
        destination: &str,
        state: &str,
        until: i64,
        reason: Option<&str>,
    ) -> Result<()> {
        let mut tx = self.write().await?;
        sqlx::query(
            "INSERT INTO breaker (destination, state, until, failures, reason) VALUES ($1, $2, $3, 0, $4) \
             ON CONFLICT (destination) DO UPDATE SET state = $2, until = $3, reason = $4",
        )
        .bind(destination)
        .bind(state)
        .bind(until)
        .bind(reason)
        .execute(&mut *tx)
        .await
        .map_err(failed)?;
        commit(tx).await
    }

    /// Codes of the last errors of deliveries, with how often they stand there.
    ///
    /// # Errors
    /// A store error.
    pub async fn delivery_errors(&self) -> Result<std::collections::BTreeMap<String, i64>> {
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "SELECT last_error, COUNT(*) FROM job WHERE last_error IS NOT NULL GROUP BY last_error",
        )
        .fetch_all(&self.pool)
        .await
        .map_err(failed)?;
        Ok(rows.into_iter().collect())
    }

    /// How every destination of the station stands.
    ///
    /// # Errors
    /// A store error.
    pub async fn destinations(&self, configured: &[Config]) -> Result<Vec<DestinationState>> {
        let mut all = Vec::new();
        for config in configured {
            all.push(self.destination(&config.name).await?);
        }
        Ok(all)
    }

    async fn destination(&self, name: &str) -> Result<DestinationState> {
        let breaker = sqlx::query("SELECT state, until, reason FROM breaker WHERE destination = $1")
            .bind(name)
            .fetch_optional(&self.pool)
            .await
            .map_err(failed)?;
        let rows: Vec<(String, i64)> =
            sqlx::query_as("SELECT state, COUNT(*) FROM job WHERE destination = $1 GROUP BY state")
                .bind(name)
                .fetch_all(&self.pool)
                .await
                .map_err(failed)?;
        let count =
            |states: &[&str]| rows.iter().filter(|(s, _)| states.contains(&s.as_str())).map(|(_, n)| n).sum();
        let away = breaker.as_ref().is_some_and(|row| row.get::<String, _>(0) != "closed");
        Ok(DestinationState {
            name: name.to_owned(),
            state: breaker.as_ref().map_or_else(|| "closed".to_owned(), |row| row.get(0)),
            until: breaker.as_ref().filter(|_| away).map(|row| timestamp(row.get(1))),
            reason: breaker.as_ref().and_then(|row| row.get(2)),
            queued: count(&["ready", "leased"]),
            sent: 0,
            accepted: 0,
            delivered: count(&["done"]),
            dead: count(&["dead"]),
        })
    }
}

/// One job; a job that is there already stays as it is, but takes a newer version along. What was delivered before and signed
/// again since is a job of its own.
async fn insert_job(
    tx: &mut Write,
    id: DocumentId,
    destination: &Config,
    name: &str,
    sha256: &Sha256,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO job (id, document, destination, name, sha256, required, state, run_at, lease_until, attempts) \
         VALUES ($1, $2, $3, $4, $5, $6, 'ready', $7, 0, 0) ON CONFLICT (id) DO UPDATE SET sha256 = $5 \
         WHERE job.state = 'ready'",
    )
    .bind(job_id(tx, id, &destination.name, sha256).await?)
    .bind(id.0)
    .bind(&destination.name)
    .bind(name)
    .bind(&sha256.0)
    .bind(i64::from(destination.required))
    .bind(now())
    .execute(&mut **tx)
    .await
    .map(|_| ())
    .map_err(failed)
}

/// `D-000001/dms` for the first delivery, `D-000001/dms/2` for the next one after the document was signed again.
async fn job_id(tx: &mut Write, id: DocumentId, destination: &str, sha256: &Sha256) -> Result<String> {
    let (before,): (i64,) = sqlx::query_as(
        "SELECT COUNT(*) FROM job WHERE document = $1 AND destination = $2 AND state = 'done' AND sha256 <> $3",
    )
    .bind(id.0)
    .bind(destination)
    .bind(&sha256.0)
    .fetch_one(&mut **tx)
    .await
    .map_err(failed)?;
    Ok(match before {
        0 => format!("{id}/{destination}"),
        count => format!("{id}/{destination}/{}", count + 1),
    })
}

/// Writes the end of a claim, if it is still ours.
async fn finish_job(tx: &mut Write, job: &Job, state: &str, error: Option<&str>) -> Result<()> {
    let done = sqlx::query(
        "UPDATE job SET state = $1, last_error = $2, lease = NULL, lease_until = 0, run_at = $3 \
         WHERE id = $4 AND lease = $5 AND state = 'leased'",
    )
    .bind(state)
    .bind(error)
    .bind(now())
    .bind(&job.id)
    .bind(&job.token)
    .execute(&mut **tx)
    .await
    .map_err(failed)?;
    match done.rows_affected() {
        1 => Ok(()),
        _ => Err(kinds::LEASE_LOST.with("document", job.document)),
    }
}

//! Claims of deliveries and their ends. Several together cost one write to the disk.

use std::collections::HashSet;
use std::time::Duration;

use serde_json::json;
use sqlx::Row;

use crate::document::{DocumentId, Sha256};
use crate::error::{Kept, Result, kinds};
use crate::upload::{Parcel, Receipt};

use super::connect::several;
use super::documents::numbers;
use super::queue::{Failed, Job, Ticket};
use super::record::State;
use super::{Store, Write, commit, failed, journal, register, timestamp};

/// How long one delivery may take before another process may take the job over.
const LEASE_MICROSECONDS: i64 = 10 * 60 * 1_000_000;
/// Most deliveries that are claimed or ended together.
const ROWS: usize = 64;

impl Store {
    /// Claims the next delivery to a destination.
    ///
    /// # Errors
    /// A store error.
    pub async fn claim(&self, destination: &str) -> Result<Option<Job>> {
        Ok(self.claim_all(destination, 1).await?.pop())
    }

    /// Claims the next deliveries to a destination, in their order: what is urgent first, then by deadline. What a process that is
    /// gone was working on is among them when its lease has run out.
    ///
    /// # Errors
    /// A store error.
    pub async fn claim_all(&self, destination: &str, most: usize) -> Result<Vec<Job>> {
        let (token, most) = (self.holder.token(), most.clamp(1, ROWS));
        let mut tx = self.write_apart().await?;
        let until = tx.at() + LEASE_MICROSECONDS;
        self.free_expired(&mut tx, destination).await?;
        let sql = format!(
            "UPDATE job SET state = 'leased', lease = $1, lease_until = $2, attempts = attempts + 1 WHERE id IN \
             (SELECT id FROM job WHERE destination = $3 AND state = 'ready' AND run_at <= $4 ORDER BY rank, id LIMIT {most}{}) \
             RETURNING id, document, name, sha256, ticket, attempts, rank, last_error",
            self.skip_locked()
        );
        let rows =
            sqlx::query(sqlx::AssertSqlSafe(sql)).bind(&token).bind(until).bind(destination).bind(tx.at());
        let mut rows = rows.fetch_all(&mut *tx).await.map_err(failed)?;
        commit(tx).await?;
        rows.iter().for_each(|_| self.holder.took());
        rows.sort_by_key(|row| (row.get::<i64, _>(6), row.get::<String, _>(0)));
        let ids: Vec<DocumentId> = rows.iter().map(|row| DocumentId(row.get(1))).collect();
        let documents = if ids.is_empty() { Default::default() } else { self.documents_of(&ids).await? };
        let job = |row: &sqlx::any::AnyRow| {
            let id = DocumentId(row.get(1));
            let document = &documents.get(&id)?.document;
            let Ticket { given, told, asked_again } = Ticket::kept(row.get(4));
            Some(Job {
                id: row.get(0),
                document: id,
                destination: destination.to_owned(),
                parcel: Parcel { asked_again, ..Parcel::of(id, document, row.get(2), Sha256(row.get(3))) },
                ticket: given,
                told,
                again: row.get::<i64, _>(5) > 1,
                failed: Failed::kept(row.get::<Option<String>, _>(7).map(Kept::stored)),
                drill: document.drill,
                token: token.clone(),
                until,
            })
        };
        Ok(rows.iter().filter_map(job).collect())
    }

    /// What a process that is gone was working on waits again, in its own place of the order. A statement of its own, so that each
    /// goes along one index and a backlog of any length costs the same.
    async fn free_expired(&self, tx: &mut Write, destination: &str) -> Result<()> {
        let sql = format!(
            "UPDATE job SET state = 'ready', lease = NULL, lease_until = 0 WHERE id IN \
             (SELECT id FROM job WHERE destination = $1 AND state = 'leased' AND lease_until < $2{})",
            self.skip_locked()
        );
        let at = tx.at();
        let freed = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(destination).bind(at).execute(&mut **tx).await;
        freed.map(|_| ()).map_err(failed)
    }

    /// Claims go on; gives the identifiers of those that still hold. A process that lives for longer than a lease keeps its own.
    ///
    /// # Errors
    /// A store error.
    pub async fn renew(&self, jobs: &[&Job]) -> Result<HashSet<String>> {
        let mut tx = self.write_apart().await?;
        let until = tx.at() + LEASE_MICROSECONDS;
        let mut held = HashSet::new();
        for jobs in jobs.chunks(ROWS) {
            let places: Vec<String> = (0..jobs.len())
                .map(|n| format!("(id = ${} AND lease = ${})", 2 * n + 2, 2 * n + 3))
                .collect();
            let sql = format!(
                "UPDATE job SET lease_until = $1 WHERE state = 'leased' AND ({}) RETURNING id",
                places.join(" OR ")
            );
            let query =
                jobs.iter().fold(several(sql).bind(until), |query, job| query.bind(&job.id).bind(&job.token));
            let rows = query.fetch_all(&mut *tx).await.map_err(failed)?;
            held.extend(rows.iter().map(|row| row.get::<String, _>(0)));
        }
        commit(tx).await?;
        Ok(held)
    }

    /// Makes sure that a claim still holds, before something is done that cannot be taken back. It costs nothing while the claim is
    /// young.
    ///
    /// # Errors
    /// [`kinds::LEASE_LOST`], a store error.
    pub async fn keep_claim(&self, job: &Job) -> Result<()> {
        let young = self.clock() < job.until - LEASE_MICROSECONDS / 2;
        if young || self.renew(&[job]).await?.contains(&job.id) {
            return Ok(());
        }
        Err(kinds::LEASE_LOST.with("document", job.document))
    }

    /// Whether a document may go to a destination by the station's rate, one in so much time, whichever process sends it; if so it
    /// counts as gone. Otherwise, or then, how long the next one waits.
    ///
    /// # Errors
    /// A store error.
    pub async fn take_slot(&self, destination: &str, each: Duration) -> Result<(bool, Duration)> {
        let (name, each) =
            (format!("rate:{destination}"), i64::try_from(each.as_micros()).unwrap_or(i64::MAX));
        let mut tx = self.write_apart().await?;
        let at = tx.at();
        sqlx::query("INSERT INTO meta (name, value) VALUES ($1, '0') ON CONFLICT (name) DO NOTHING")
            .bind(&name)
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
        // A time that is further away than one step was written by a clock that went wrong.
        let taken = sqlx::query(
            "UPDATE meta SET value = CAST($1 AS TEXT) WHERE name = $2 AND \
             (CAST(value AS BIGINT) <= $3 OR CAST(value AS BIGINT) > $1)",
        )
        .bind(at.saturating_add(each))
        .bind(&name)
        .bind(at)
        .execute(&mut *tx)
        .await
        .map_err(failed)?;
        let next: (String,) = sqlx::query_as("SELECT value FROM meta WHERE name = $1")
            .bind(&name)
            .fetch_one(&mut *tx)
            .await
            .map_err(failed)?;
        commit(tx).await?;
        let wait = next.0.parse::<i64>().unwrap_or(0).saturating_sub(at);
        Ok((taken.rows_affected() == 1, Duration::from_micros(u64::try_from(wait).unwrap_or(0))))
    }

    /// Gives claims back that nothing was done for; they are as if they had never been made.
    ///
    /// # Errors
    /// A store error.
    pub async fn unclaim(&self, jobs: &[Job]) -> Result<()> {
        if jobs.is_empty() {
            return Ok(());
        }
        let mut tx = self.write_apart().await?;
        for job in jobs {
            sqlx::query(
                "UPDATE job SET state = 'ready', lease = NULL, lease_until = 0, attempts = attempts - 1 \
                 WHERE id = $1 AND lease = $2",
            )
            .bind(&job.id)
            .bind(&job.token)
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
        }
        commit(tx).await?;
        jobs.iter().for_each(|_| self.holder.gave_back());
        Ok(())
    }

    /// Ends jobs by their receipts: receipts, jobs, documents, register and journal in one transaction. Gives those whose lease was
    /// lost to another process meanwhile, and which are left to it.
    ///
    /// # Errors
    /// A store error, which none of them has got past.
    pub async fn complete_all(&self, arrived: &[(Job, Receipt)]) -> Result<Vec<DocumentId>> {
        let (mut lost, mut left) = (Vec::new(), arrived);
        while !left.is_empty() {
            let (now, later) = left.split_at(together(left));
            lost.extend(self.complete_some(now).await?);
            left = later;
        }
        Ok(lost)
    }

    async fn complete_some(&self, arrived: &[(Job, Receipt)]) -> Result<Vec<DocumentId>> {
        let mut tx = self.write().await?;
        let ended = end(&mut tx, arrived).await?;
        let (ours, theirs): (Vec<_>, Vec<_>) = arrived.iter().partition(|(job, _)| ended.contains(&job.id));
        add_receipts(&mut tx, &ours).await?;
        let lines: Vec<_> = ours.iter().map(|(job, r)| (job.document, r.destination.as_str())).collect();
        register::lines(&mut tx, "delivered", &lines).await?;
        // As they will be read back, so that journal and rows say the same.
        let kept =
            |receipt: &Receipt| Receipt { at: timestamp(receipt.at.as_microsecond()), ..receipt.clone() };
        let receipts =
            ours.iter().map(|(job, receipt)| ("receipt", Some(job.document), json!(kept(receipt))));
        let mut entries: Vec<_> = receipts.collect();
        let ids: Vec<DocumentId> = ours.iter().map(|(job, _)| job.document).collect();
        let detail = json!({"from": State::Queued, "to": State::Delivered});
        let delivered = close_documents(&mut tx, &ids).await?;
        entries.extend(delivered.into_iter().map(|id| ("advanced", Some(id), detail.clone())));
        journal::append_all(self, &mut tx, entries).await?;
        commit(tx).await?;
        ours.iter().for_each(|_| self.holder.gave_back());
        Ok(theirs.iter().map(|(job, _)| job.document).collect())
    }
}

/// How many of the first go into one transaction: each document once, because each line of the register has a number.
fn together(arrived: &[(Job, Receipt)]) -> usize {
    let mut seen = HashSet::new();
    arrived.iter().take(ROWS).take_while(|(job, _)| seen.insert(job.document.0)).count()
}

/// Ends the jobs whose leases still hold; gives which.
async fn end(tx: &mut Write, arrived: &[(Job, Receipt)]) -> Result<HashSet<String>> {
    let places: Vec<String> =
        (0..arrived.len()).map(|n| format!("(id = ${} AND lease = ${})", 2 * n + 1, 2 * n + 2)).collect();
    let sql = format!(
        "UPDATE job SET state = 'done', last_error = NULL, lease = NULL, lease_until = 0 \
         WHERE state = 'leased' AND ({}) RETURNING id",
        places.join(" OR ")
    );
    let mut query = several(sql);
    for (job, _) in arrived {
        query = query.bind(&job.id).bind(&job.token);
    }
    let rows = query.fetch_all(&mut **tx).await.map_err(failed)?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

async fn add_receipts(tx: &mut Write, arrived: &[&(Job, Receipt)]) -> Result<()> {
    if arrived.is_empty() {
        return Ok(());
    }
    let places = |row: usize| {
        let places: Vec<String> = (1..=8).map(|column| format!("${}", row * 8 + column)).collect();
        format!("({})", places.join(", "))
    };
    let rows: Vec<String> = (0..arrived.len()).map(places).collect();
    let sql = format!(
        "INSERT INTO receipt (job, document, destination, proof, remote_id, url, sha256, at) VALUES {}",
        rows.join(", ")
    );
    let mut query = several(sql);
    for (job, receipt) in arrived {
        query = query
            .bind(&job.id)
            .bind(job.document.0)
            .bind(&receipt.destination)
            .bind(receipt.proof.as_str())
            .bind(&receipt.remote_id)
            .bind(&receipt.url)
            .bind(&receipt.sha256.0)
            .bind(receipt.at.as_microsecond());
    }
    query.execute(&mut **tx).await.map(|_| ()).map_err(failed)
}

/// Documents are delivered when every required destination has them; gives those that just were.
pub(super) async fn close_documents(tx: &mut Write, ids: &[DocumentId]) -> Result<Vec<DocumentId>> {
    let sql = format!(
        "UPDATE document SET state = 'delivered' WHERE id IN ({}) AND state IN ('queued', 'sent', 'accepted') \
         AND NOT EXISTS (SELECT 1 FROM job WHERE job.document = document.id AND required = 1 AND job.state <> 'done') \
         RETURNING id",
        numbers(ids)
    );
    let rows = several(sql).fetch_all(&mut **tx).await.map_err(failed)?;
    Ok(rows.iter().map(|row| DocumentId(row.get(0))).collect())
}

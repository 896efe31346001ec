//! The queue: one job for each document and destination, claimed under a lease, ended by a receipt.

use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use crate::document::{DocumentId, Sha256, urgency};
use crate::error::{Error, Kept, Result, kinds};
use crate::upload::{Config, Parcel};

use super::documents::Stored;
use super::{Store, Write, commit, failed, journal, timestamp};

/// What stands before the ticket of a job that was set aside, told, and put back into the queue: by a program that was started
/// again, or by a person.
pub(super) const TOLD: &str = "told: ";
pub(super) const ASKED_AGAIN: &str = "asked again: ";

/// A ticket as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ticket {
    /// As the destination gave it.
    pub given: Option<String>,
    /// Its job was set aside before.
    pub told: bool,
    /// A person has asked for it since.
    pub asked_again: bool,
}

impl Ticket {
    /// From the column.
    pub fn kept(stored: Option<String>) -> Self {
        let marked = |mark: &str| stored.as_deref()?.strip_prefix(mark).map(str::to_owned);
        match (marked(ASKED_AGAIN), marked(TOLD)) {
            (Some(given), _) => Self { given: Some(given), told: true, asked_again: true },
            (None, Some(given)) => Self { given: Some(given), told: true, asked_again: false },
            (None, None) => Self { given: stored, ..Self::default() },
        }
    }
}

/// A claimed delivery.
#[derive(Clone, Debug)]
pub struct Job {
    /// The idempotency key, `D-000001/dms`.
    pub id: String,
    /// The document.
    pub document: DocumentId,
    /// Name of the destination.
    pub destination: String,
    /// What is handed over.
    pub parcel: Parcel,
    /// What the destination gave when it was handed over, where it works on it by itself.
    pub ticket: Option<String>,
    /// An earlier attempt may have been cut off anywhere.
    pub again: bool,
    /// How it went before.
    pub failed: Failed,
    /// It was set aside before, which was told, and has a ticket since then.
    pub told: bool,
    /// Whether it is a drill's document.
    pub drill: bool,
    pub(super) token: String,
    /// Until when it is claimed, as far as it is known here.
    pub(super) until: i64,
}

/// How often a delivery failed although the destination answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Failed {
    /// In all.
    pub times: u32,
    /// While other documents arrived.
    pub alone: u32,
    /// The last time another file lay under its name; somebody has been told.
    pub conflicted: bool,
}

impl Failed {
    /// As it stands beside the last refusal.
    pub(super) fn kept(refusal: Option<Kept>) -> Self {
        let Some(error) = refusal.map(|kept| kept.error()) else { return Self::default() };
        let number = |name| error.arg(name).and_then(|text| text.parse().ok()).unwrap_or(0);
        let conflicted = error.code() == kinds::DESTINATION_CONFLICT.code;
        Self { times: number("times"), alone: number("alone"), conflicted }
    }

    /// The refusal with it.
    #[must_use]
    pub fn beside(self, error: Error) -> Error {
        error.with("times", self.times).with("alone", self.alone)
    }
}

/// How a destination stands, as `status` tells it.
#[derive(Clone, Debug, Serialize)]
pub struct DestinationState {
    /// Name.
    pub name: String,
    /// `closed` (works), `open` (away), `half_open` (being tried), `blocked` (a person has to act before anything goes there).
    pub state: String,
    /// When it is tried next.
    pub until: Option<jiff::Timestamp>,
    /// Why it is away.
    pub reason: Option<Kept>,
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
    /// Queues a sealed document for its destinations, each with the name of the copy there, once and in one transaction. Gives
    /// whether it did; another process may have queued it since it was looked at.
    ///
    /// # Errors
    /// A store error.
    pub async fn put(&self, stored: &Stored, deliveries: &[(&Config, String)]) -> Result<bool> {
        let Some(sha256) = &stored.latest else { return Err(kinds::NOT_BUILT.with("document", stored.id)) };
        let mut tx = self.write().await?;
        let turned = sqlx::query("UPDATE document SET state = 'queued' WHERE id = $1 AND state = 'sealed'")
            .bind(stored.id.0)
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
        if turned.rows_affected() == 0 {
            return Ok(false);
        }
        for (destination, name) in deliveries {
            insert_job(&mut tx, stored, destination, name, sha256).await?;
        }
        let names: Vec<&str> = deliveries.iter().map(|(d, _)| d.name.as_str()).collect();
        let detail = json!({"destinations": names, "sha256": sha256});
        journal::append(self, &mut tx, "queued", Some(stored.id), detail).await?;
        self.say(&mut tx).await?;
        commit(tx).await?;
        Ok(true)
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

    /// Keeps by what the destination's own work on a document is asked for; the document is sent from now on.
    ///
    /// # Errors
    /// [`kinds::LEASE_LOST`] when another process has taken the job over meanwhile.
    pub async fn keep_ticket(&self, job: &Job, ticket: &str) -> Result<()> {
        let mut tx = self.write().await?;
        let kept =
            sqlx::query("UPDATE job SET ticket = $1 WHERE id = $2 AND lease = $3 AND state = 'leased'")
                .bind(ticket)
                .bind(&job.id)
                .bind(&job.token)
                .execute(&mut *tx)
                .await
                .map_err(failed)?;
        if kept.rows_affected() != 1 {
            return Err(kinds::LEASE_LOST.with("document", job.document));
        }
        let sent = sqlx::query("UPDATE document SET state = 'sent' WHERE id = $1 AND state = 'queued'")
            .bind(job.document.0)
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
        if sent.rows_affected() == 1 {
            let detail = json!({"destination": job.destination, "ticket": ticket});
            journal::append(self, &mut tx, "sent", Some(job.document), detail).await?;
        }
        commit(tx).await
    }

    /// The destination is away, or not done yet: the job waits, at least so long, and nothing is held against the document.
    ///
    /// # Errors
    /// A store error.
    pub async fn defer(&self, job: &Job, reason: &Error, wait: Duration) -> Result<()> {
        let mut tx = self.write().await?;
        finish_job(&mut tx, job, "ready", reason, wait).await?;
        commit(tx).await?;
        self.holder.gave_back();
        Ok(())
    }

    /// A person has to act: the job is set aside with its reason.
    ///
    /// # Errors
    /// A store error.
    pub async fn bury(&self, job: &Job, reason: &Error) -> Result<()> {
        let mut tx = self.write().await?;
        finish_job(&mut tx, job, "dead", reason, Duration::ZERO).await?;
        let detail = json!({"destination": job.destination, "reason": reason.code()});
        journal::append(self, &mut tx, "delivery_failed", Some(job.document), detail).await?;
        commit(tx).await?;
        self.holder.gave_back();
        Ok(())
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

    /// Whether anything waits for a destination or is on its way to it.
    ///
    /// # Errors
    /// A store error.
    pub async fn has_open_jobs(&self, destination: &str) -> Result<bool> {
        let row: Option<(String,)> = sqlx::query_as(
            "SELECT id FROM job WHERE destination = $1 AND state IN ('ready', 'leased') LIMIT 1",
        )
        .bind(destination)
        .fetch_optional(&self.pool)
        .await
        .map_err(failed)?;
        Ok(row.is_some())
    }

    /// The document that a destination gets first, and whether the system there has it already and is not done, or why it was not
    /// taken.
    ///
    /// # Errors
    /// A store error.
    pub async fn first_waiting(&self, destination: &str) -> Result<Option<(DocumentId, bool, Option<Kept>)>> {
        let row: Option<(i64, i64, Option<String>)> = sqlx::query_as(
            "SELECT document, CASE WHEN ticket IS NULL OR state = 'leased' THEN 0 ELSE 1 END, \
             CASE WHEN state = 'ready' THEN last_error ELSE NULL END FROM job WHERE destination = $1 AND state IN ('ready', 'leased') ORDER BY rank, id LIMIT 1",
        )
        .bind(destination)
        .fetch_optional(&self.pool)
        .await
        .map_err(failed)?;
        Ok(row.map(|(id, underway, refusal)| (DocumentId(id), underway == 1, refusal.map(Kept::stored))))
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
        let mut codes = std::collections::BTreeMap::new();
        for (kept, count) in rows {
            *codes.entry(Kept::stored(kept).error().code().to_owned()).or_default() += count;
        }
        Ok(codes)
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
        let breaker = self.breaker(name).await?;
        let rows: Vec<(String, i64, i64)> = sqlx::query_as(
            "SELECT state, CASE WHEN ticket IS NULL THEN 0 ELSE 1 END, COUNT(*) FROM job WHERE destination = $1 GROUP BY 1, 2",
        )
        .bind(name)
        .fetch_all(&self.pool)
        .await
        .map_err(failed)?;
        let count = |states: &[&str], sent: Option<i64>| {
            let mine = rows
                .iter()
                .filter(|(s, t, _)| states.contains(&s.as_str()) && sent.is_none_or(|sent| sent == *t));
            mine.map(|(_, _, n)| n).sum()
        };
        let (accepted,): (i64,) =
            sqlx::query_as("SELECT COUNT(*) FROM receipt WHERE destination = $1 AND proof = 'accepted'")
                .bind(name)
                .fetch_one(&self.pool)
                .await
                .map_err(failed)?;
        let away = breaker.state == "open" || breaker.state == "half_open";
        // What is away is looked at again at a time; what waits for a person has none.
        let state = match (away, breaker.until > 0) {
            (false, _) => "closed".to_owned(),
            (true, true) => breaker.state,
            (true, false) => "blocked".to_owned(),
        };
        Ok(DestinationState {
            name: name.to_owned(),
            state,
            until: (away && breaker.until > 0).then(|| timestamp(breaker.until)),
            reason: breaker.reason.filter(|_| away),
            queued: count(&["ready", "leased"], Some(0)),
            sent: count(&["ready", "leased"], Some(1)),
            accepted,
            delivered: count(&["done"], None),
            dead: count(&["dead"], None),
        })
    }
}

/// The place in the queue: the most urgent first, then what is due first. Days since year 0; larger is later.
fn rank(stored: &Stored) -> i64 {
    const LATER: i64 = 10_000_000;
    const HIGHEST: u8 = 4;
    let fields = &stored.document.fields;
    let due = fields
        .due_date
        .map_or(LATER - 1, |date| i64::from(date.year()) * 400 + i64::from(date.day_of_year()));
    due + i64::from(HIGHEST.saturating_sub(urgency(fields.urgency.as_deref()))) * LATER
}

/// One job; a job that is there already stays as it is, but takes a newer version along. What was delivered before and signed
/// again since is a job of its own. What may already lie there, since it was handed over once, keeps its version.
pub(super) async fn insert_job(
    tx: &mut Write,
    stored: &Stored,
    destination: &Config,
    name: &str,
    sha256: &Sha256,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO job (id, document, destination, name, sha256, required, state, run_at, lease_until, attempts, rank) \
         VALUES ($1, $2, $3, $4, $5, $6, 'ready', $7, 0, 0, $8) ON CONFLICT (id) DO UPDATE SET sha256 = $5 \
         WHERE job.state = 'ready' AND job.attempts = 0",
    )
    .bind(job_id(tx, stored.id, &destination.name, sha256).await?)
    .bind(stored.id.0)
    .bind(&destination.name)
    .bind(name)
    .bind(&sha256.0)
    .bind(i64::from(destination.required))
    .bind(tx.at())
    .bind(rank(stored))
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
pub(super) async fn finish_job(
    tx: &mut Write,
    job: &Job,
    state: &str,
    error: &Error,
    wait: Duration,
) -> Result<()> {
    let done = sqlx::query(
        "UPDATE job SET state = $1, last_error = $2, lease = NULL, lease_until = 0, run_at = $3 \
         WHERE id = $4 AND lease = $5 AND state = 'leased'",
    )
    .bind(state)
    .bind(Kept::of(error).as_str())
    .bind(tx.at() + i64::try_from(wait.as_micros()).unwrap_or(0))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_what_was_given_whatever_became_of_its_job() {
        for (stored, told, asked_again) in
            [("17", false, false), ("told: 17", true, false), ("asked again: 17", true, true)]
        {
            let given = Some("17".to_owned());
            assert_eq!(Ticket::kept(Some(stored.to_owned())), Ticket { given, told, asked_again });
        }
        assert_eq!(Ticket::kept(None), Ticket::default());
    }
}

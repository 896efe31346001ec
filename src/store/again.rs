//! Deliveries that are tried again: what a person has dealt with, and copies whose name was taken.

use std::time::Duration;

use serde_json::json;

use crate::error::{Error, Result, kinds};

use super::queue::{ASKED_AGAIN, Job, TOLD, Ticket, finish_job};
use super::{Store, commit, failed, journal};

impl Store {
    /// Whoever calls has dealt with what was set aside, and waits for nothing that failed: all of it is due now, with what the
    /// destination gave for it, which is asked first. `by_hand` tells that a person who has been told of them wants it, and not a
    /// program that was started again.
    ///
    /// # Errors
    /// A store error.
    pub async fn revive(&self, destination: &str, by_hand: bool) -> Result<()> {
        let mut tx = self.write().await?;
        // Whose name was taken is remembered: see `go_beside`.
        let revived: Vec<(String, Option<String>)> = sqlx::query_as(
            "UPDATE job SET state = 'ready', run_at = $1, \
             last_error = CASE WHEN last_error LIKE $3 THEN last_error ELSE NULL END \
             WHERE destination = $2 AND state = 'dead' RETURNING id, ticket",
        )
        .bind(tx.at())
        .bind(destination)
        .bind(format!("%{}%", kinds::DESTINATION_CONFLICT.code))
        .fetch_all(&mut *tx)
        .await
        .map_err(failed)?;
        let mark = if by_hand { ASKED_AGAIN } else { TOLD };
        for (id, stored) in revived {
            let Some(given) = Ticket::kept(stored).given else { continue };
            sqlx::query("UPDATE job SET ticket = $1 WHERE id = $2")
                .bind(format!("{mark}{given}"))
                .bind(id)
                .execute(&mut *tx)
                .await
                .map_err(failed)?;
        }
        sqlx::query("UPDATE job SET run_at = $1 WHERE destination = $2 AND state = 'ready' AND run_at > $1")
            .bind(tx.at())
            .bind(destination)
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
        commit(tx).await
    }

    /// Another file lies under the name of a copy, as another station's does that has the same numbers: the copy goes beside it under
    /// a name that no other bytes have. Gives whether there is one.
    ///
    /// # Errors
    /// [`kinds::LEASE_LOST`], a store error.
    pub async fn go_beside(&self, job: &Job, reason: &Error) -> Result<bool> {
        let name = beside(&job.parcel.name, &job.parcel.sha256.0);
        if name == job.parcel.name {
            return Ok(false);
        }
        let mut tx = self.write().await?;
        finish_job(&mut tx, job, "ready", reason, Duration::ZERO).await?;
        let renamed = sqlx::query("UPDATE job SET name = $1 WHERE id = $2").bind(&name).bind(&job.id);
        renamed.execute(&mut *tx).await.map_err(failed)?;
        let detail = json!({"destination": job.destination, "from": job.parcel.name, "name": name});
        journal::append(self, &mut tx, "delivery_renamed", Some(job.document), detail).await?;
        commit(tx).await?;
        self.holder.gave_back();
        Ok(true)
    }
}

/// `a.pdf` beside another `a.pdf`: `a.1f2e3d4c.pdf`, by the beginning of its digest.
fn beside(name: &str, sha256: &str) -> String {
    let mark = format!(".{}", sha256.get(..8).unwrap_or(sha256));
    match name.strip_suffix(".pdf") {
        Some(stem) if stem.ends_with(&mark) => name.to_owned(),
        Some(stem) => format!("{stem}{mark}.pdf"),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn a_name_is_lengthened_once() {
        let digest = "1f2e3d4c5b6a";
        assert_eq!(beside("125.UBND-VP.pdf", digest), "125.UBND-VP.1f2e3d4c.pdf");
        assert_eq!(beside("125.UBND-VP.1f2e3d4c.pdf", digest), "125.UBND-VP.1f2e3d4c.pdf");
        assert_eq!(beside("no name of a copy", digest), "no name of a copy");
    }
}

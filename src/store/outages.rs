//! Outage records.

use jiff::Timestamp;

use crate::error::{Result, kinds};
use crate::outage::{Outage, OutageState};

use super::{Store, commit, failed, journal, unreadable};

impl Store {
    /// Opens an outage record.
    ///
    /// # Errors
    /// [`kinds::OUTAGE_EXISTS`] when the reference is taken; what [`Outage::check`] and [`Outage::check_kits`] refuse.
    pub async fn open_outage(&self, outage: &Outage) -> Result<()> {
        outage.check()?;
        let mut tx = self.write().await?;
        outage.check_kits(&all(&mut tx).await?)?;
        let record = serde_json::to_string(outage).map_err(unreadable)?;
        let done = sqlx::query(
            "INSERT INTO outage (reference, record) VALUES ($1, $2) ON CONFLICT (reference) DO NOTHING",
        )
        .bind(&outage.reference)
        .bind(&record)
        .execute(&mut *tx)
        .await
        .map_err(failed)?;
        if done.rows_affected() == 0 {
            return Err(kinds::OUTAGE_EXISTS.with("reference", &outage.reference));
        }
        let detail = serde_json::json!({"outage": outage.reference, "record": outage});
        journal::append(self, &mut tx, "outage_opened", None, detail).await?;
        commit(tx).await
    }

    /// The systems are back: the record moves on and takes no new paper.
    ///
    /// # Errors
    /// [`kinds::OUTAGE_UNKNOWN`], what [`Outage::check_close`] refuses.
    pub async fn close_outage(&self, reference: &str, restored: Timestamp) -> Result<()> {
        self.outage(reference).await?;
        let mut tx = self.write().await?;
        let mut outage = super::reconcile::outage_in(&mut tx, reference).await?;
        outage.check_close(restored, super::timestamp(self.clock()))?;
        outage.restored_at = Some(restored);
        outage.state = OutageState::Closed;
        super::reconcile::keep_outage(&mut tx, &outage).await?;
        let detail = serde_json::json!({"outage": reference, "restored_at": restored});
        journal::append(self, &mut tx, "outage_closed", None, detail).await?;
        commit(tx).await
    }

    /// Paper turned up, or it was closed too early: the record takes paper again. The systems stay restored.
    ///
    /// # Errors
    /// [`kinds::OUTAGE_UNKNOWN`], what [`Outage::check_reopen`] refuses.
    pub async fn reopen_outage(&self, reference: &str) -> Result<()> {
        self.outage(reference).await?;
        let mut tx = self.write().await?;
        let mut outage = super::reconcile::outage_in(&mut tx, reference).await?;
        outage.check_reopen()?;
        outage.state = OutageState::Recovering;
        super::reconcile::keep_outage(&mut tx, &outage).await?;
        let detail = serde_json::json!({"outage": reference, "state": outage.state});
        journal::append(self, &mut tx, "outage_moved", None, detail).await?;
        commit(tx).await
    }

    /// The record of a reference.
    ///
    /// # Errors
    /// [`kinds::OUTAGE_UNKNOWN`], naming the known ones.
    pub async fn outage(&self, reference: &str) -> Result<Outage> {
        let all = self.outages().await?;
        let known: Vec<String> = all.iter().map(|o| o.reference.clone()).collect();
        all.into_iter()
            .find(|o| o.reference == reference)
            .ok_or_else(|| kinds::OUTAGE_UNKNOWN.with("reference", reference).with("known", known.join(", ")))
    }

    /// All records in order of their references.
    ///
    /// # Errors
    /// A store error.
    pub async fn outages(&self) -> Result<Vec<Outage>> {
        all(&mut *self.pool.acquire().await.map_err(failed)?).await
    }
}

async fn all(connection: &mut sqlx::AnyConnection) -> Result<Vec<Outage>> {
    let rows: Vec<(String,)> = sqlx::query_as("SELECT record FROM outage ORDER BY reference")
        .fetch_all(connection)
        .await
        .map_err(failed)?;
    rows.iter().map(|(record,)| serde_json::from_str(record).map_err(unreadable)).collect()
}

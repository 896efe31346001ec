//! Reasons for lines of a reconciliation, reconciliations as they were made, and what they make of the outage.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::document::{DocumentId, Sha256};
use crate::error::{Result, kinds};
use crate::kit::SheetCode;
use crate::outage::{Outage, OutageState};
use crate::reconcile::Settlement;

use super::connect::Write;
use super::corrections::CORRECTED;
use super::{Store, commit, failed, journal, timestamp, unreadable};

/// A reconciliation as it was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Reconciliation {
    /// Digest of the export of the document system; none when it was made without one.
    pub system: Option<Sha256>,
    /// How many lines of each class.
    pub counts: Value,
    /// Lines that still wanted a reason.
    pub open: u64,
    /// Login name of who made it.
    pub by: String,
    /// When.
    pub at: jiff::Timestamp,
}

impl Store {
    /// Enters the reason for lines; an earlier reason stays in the store and counts no more.
    ///
    /// # Errors
    /// A store error; then none is entered.
    pub async fn settle(&self, outage: &str, lines: &[String], reason: &str, by: &str) -> Result<()> {
        let mut tx = self.write().await?;
        let at = tx.at();
        for line in lines {
            sqlx::query(
                "INSERT INTO settlement (outage, line, ordinal, reason, who, at) VALUES ($1, $2, \
                 (SELECT COALESCE(MAX(ordinal), 0) + 1 FROM settlement WHERE outage = $1 AND line = $2), $3, $4, $5)",
            )
            .bind(outage)
            .bind(line)
            .bind(reason)
            .bind(by)
            .bind(at)
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
        }
        let detail = json!({"outage": outage, "lines": lines, "reason": reason, "by": by});
        journal::append(self, &mut tx, "lines_settled", None, detail).await?;
        commit(tx).await
    }

    /// The reasons that count, by line.
    ///
    /// # Errors
    /// A store error.
    pub async fn settlements(&self, outage: &str) -> Result<HashMap<String, Settlement>> {
        let rows: Vec<(String, String, String, i64)> =
            sqlx::query_as("SELECT line, reason, who, at FROM settlement WHERE outage = $1 ORDER BY ordinal")
                .bind(outage)
                .fetch_all(&self.pool)
                .await
                .map_err(failed)?;
        let entry = |(line, reason, by, at)| (line, Settlement { reason, by, at: timestamp(at) });
        Ok(rows.into_iter().map(entry).collect())
    }

    /// The last reconciliation.
    ///
    /// # Errors
    /// A store error.
    pub async fn last_reconciliation(&self, outage: &str) -> Result<Option<Reconciliation>> {
        let row: Option<(String, String, i64, String, i64)> = sqlx::query_as(
            "SELECT system, counts, open, who, at FROM reconciliation WHERE outage = $1 ORDER BY ordinal DESC LIMIT 1",
        )
        .bind(outage)
        .fetch_optional(&self.pool)
        .await
        .map_err(failed)?;
        let read = |(system, counts, open, by, at): (String, String, i64, String, i64)| {
            Ok(Reconciliation {
                system: Some(Sha256(system)).filter(|digest| !digest.0.is_empty()),
                counts: serde_json::from_str(&counts).map_err(unreadable)?,
                open: u64::try_from(open).unwrap_or(0),
                by,
                at: timestamp(at),
            })
        };
        row.map(read).transpose()
    }

    /// Keeps a reconciliation, unless it says what the last one said, and moves the outage on: with no line open every number
    /// is accounted for; a line that opens later takes that back. A closed outage stays closed.
    ///
    /// # Errors
    /// A store error.
    pub async fn keep_reconciliation(
        &self,
        outage: &str,
        system: Option<&Sha256>,
        counts: &Value,
        open: u64,
    ) -> Result<OutageState> {
        let last = self.last_reconciliation(outage).await?;
        let said = last.is_some_and(|last| {
            last.system.as_ref() == system && last.counts == *counts && last.open == open
        });
        let mut tx = self.write().await?;
        if !said {
            self.enter_reconciliation(&mut tx, outage, system, counts, open).await?;
        }
        let mut record = outage_in(&mut tx, outage).await?;
        let next = match (record.state, open) {
            (OutageState::Closed, _) => OutageState::Closed,
            (_, 0) => OutageState::Reconciled,
            (OutageState::Reconciled, _) => OutageState::Recovering,
            (state, _) => state,
        };
        if next != record.state {
            record.state = next;
            keep_outage(&mut tx, &record).await?;
            let detail = json!({"outage": outage, "state": next});
            journal::append(self, &mut tx, "outage_moved", None, detail).await?;
        }
        commit(tx).await?;
        Ok(next)
    }

    async fn enter_reconciliation(
        &self,
        tx: &mut Write,
        outage: &str,
        system: Option<&Sha256>,
        counts: &Value,
        open: u64,
    ) -> Result<()> {
        let at = tx.at();
        sqlx::query(
            "INSERT INTO reconciliation (outage, ordinal, system, counts, open, who, at) VALUES ($1, \
             (SELECT COALESCE(MAX(ordinal), 0) + 1 FROM reconciliation WHERE outage = $1), $2, $3, $4, $5, $6)",
        )
        .bind(outage)
        .bind(system.map_or("", |digest| &digest.0))
        .bind(counts.to_string())
        .bind(i64::try_from(open).unwrap_or(i64::MAX))
        .bind(&self.setting.actor)
        .bind(at)
        .execute(&mut **tx)
        .await
        .map_err(failed)?;
        let detail = json!({"outage": outage, "system": system, "counts": counts, "open": open});
        journal::append(self, tx, "reconciled", None, detail).await
    }

    /// Why a document was given up, as it was said then.
    ///
    /// # Errors
    /// A store error.
    pub async fn dropped_because(&self, id: DocumentId) -> Result<Option<Settlement>> {
        let row: Option<(String, String, i64)> = sqlx::query_as(
            "SELECT detail, actor, at FROM journal WHERE document = $1 AND event = $2 ORDER BY seq DESC LIMIT 1",
        )
        .bind(id.to_string())
        .bind(CORRECTED)
        .fetch_optional(&self.pool)
        .await
        .map_err(failed)?;
        let Some((detail, by, at)) = row else { return Ok(None) };
        let detail: Value = serde_json::from_str(&detail).map_err(unreadable)?;
        let reason = detail["what"]["reason"].as_str().map(str::to_owned);
        Ok(reason.map(|reason| Settlement { reason, by, at: timestamp(at) }))
    }

    /// Cover sheets of an outage that were scanned without paper under them.
    ///
    /// # Errors
    /// A store error.
    pub async fn bare_sheets(&self, outage: &str) -> Result<Vec<SheetCode>> {
        let rows: Vec<(String,)> =
            sqlx::query_as("SELECT detail FROM journal WHERE event = 'sheet_without_pages' ORDER BY seq")
                .fetch_all(&self.pool)
                .await
                .map_err(failed)?;
        let mut sheets = Vec::new();
        for (detail,) in rows {
            let detail: Value = serde_json::from_str(&detail).map_err(unreadable)?;
            let sheet = detail["sheet"].as_str().and_then(|text| text.parse().ok());
            if let Some(sheet) = sheet.filter(|sheet| detail["outage"] == outage && !sheets.contains(sheet)) {
                sheets.push(sheet);
            }
        }
        Ok(sheets)
    }
}

/// Writes the record of an outage.
pub(super) async fn keep_outage(tx: &mut Write, outage: &Outage) -> Result<()> {
    let record = serde_json::to_string(outage).map_err(unreadable)?;
    let kept = sqlx::query("UPDATE outage SET record = $1 WHERE reference = $2").bind(record);
    kept.bind(&outage.reference).execute(&mut **tx).await.map(|_| ()).map_err(failed)
}

pub(super) async fn outage_in(tx: &mut Write, reference: &str) -> Result<Outage> {
    let row: Option<(String,)> = sqlx::query_as("SELECT record FROM outage WHERE reference = $1")
        .bind(reference)
        .fetch_optional(&mut **tx)
        .await
        .map_err(failed)?;
    let (record,) =
        row.ok_or_else(|| kinds::OUTAGE_UNKNOWN.with("reference", reference).with("known", ""))?;
    serde_json::from_str(&record).map_err(unreadable)
}

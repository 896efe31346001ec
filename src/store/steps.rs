//! Steps: a document is leased for one, and moved on with its new version. Several together cost one write to the disk.

use std::collections::HashSet;

use serde_json::json;
use sqlx::Row;

use crate::document::{DocumentId, Sha256};
use crate::error::{Result, kinds};

use super::connect::several;
use super::documents::numbers;
use super::record::{SignatureRow, State};
use super::{Store, Write, commit, failed, journal};

/// How long a step may take before another process may take the document over: building 2,000 pages at half a second.
const LEASE_MICROSECONDS: i64 = 20 * 60 * 1_000_000;
/// A lease on one document for one step. Its token fences: a write with an expired and retaken lease is refused.
#[derive(Clone, Debug)]
pub struct Step {
    /// The document.
    pub document: DocumentId,
    /// Where it stood when it was leased.
    pub from: State,
    pub(super) token: String,
}

/// A new version of a document's PDF.
#[derive(Clone, Debug)]
pub struct NewRevision<'a> {
    /// Digest of the file.
    pub sha256: &'a Sha256,
    /// Bytes of the file.
    pub bytes: usize,
    /// `build`, `sign:personal`, `sign:organization`.
    pub reason: &'a str,
    /// All signatures of the file.
    pub signatures: &'a [SignatureRow],
}

/// One step of [`Store::advance_all`].
#[derive(Clone, Debug)]
pub struct Advance<'a> {
    /// The lease.
    pub step: &'a Step,
    /// Where the document stands afterwards.
    pub to: State,
    /// Its new version.
    pub revision: NewRevision<'a>,
}

impl Store {
    /// Leases a document for a step, if it still stands in `from` and nobody else works on it.
    ///
    /// # Errors
    /// A store error.
    pub async fn lease(&self, id: DocumentId, from: State) -> Result<Option<Step>> {
        Ok(self.lease_all(&[(id, from)]).await?.pop().flatten())
    }

    /// As [`Store::lease`] for several documents in one statement; the results are in their order.
    ///
    /// # Errors
    /// A store error.
    pub async fn lease_all(&self, documents: &[(DocumentId, State)]) -> Result<Vec<Option<Step>>> {
        let token = self.holder.token();
        let wanted: Vec<String> = documents
            .iter()
            .map(|(id, from)| format!("(id = {} AND state = '{}')", id.0, from.as_str()))
            .collect();
        let sql = format!(
            "UPDATE document SET lease = $1, lease_until = $2 WHERE lease_until < $3 AND ({}) RETURNING id",
            wanted.join(" OR ")
        );
        let mut tx = self.write().await?;
        let rows = several(sql)
            .bind(&token)
            .bind(tx.at() + LEASE_MICROSECONDS)
            .bind(tx.at())
            .fetch_all(&mut *tx)
            .await
            .map_err(failed)?;
        commit(tx).await?;
        rows.iter().for_each(|_| self.holder.took());
        let ours: HashSet<i64> = rows.iter().map(|row| row.get(0)).collect();
        let step = |document: DocumentId, from| Step { document, from, token: token.clone() };
        let leased = documents.iter().map(|(id, from)| ours.contains(&id.0).then(|| step(*id, *from)));
        Ok(leased.collect())
    }

    /// Gives a lease back without a change.
    ///
    /// # Errors
    /// A store error.
    pub async fn release(&self, step: &Step) -> Result<()> {
        self.release_all(std::slice::from_ref(step)).await
    }

    /// As [`Store::release`] for several documents in one transaction.
    ///
    /// # Errors
    /// A store error.
    pub async fn release_all(&self, steps: &[Step]) -> Result<()> {
        let mut tx = self.write().await?;
        for step in steps {
            sqlx::query("UPDATE document SET lease = NULL, lease_until = 0 WHERE id = $1 AND lease = $2")
                .bind(step.document.0)
                .bind(&step.token)
                .execute(&mut *tx)
                .await
                .map_err(failed)?;
        }
        commit(tx).await?;
        steps.iter().for_each(|_| self.holder.gave_back());
        Ok(())
    }

    /// Moves a leased document on: state, revision, signatures and journal in one transaction. The bytes of the revision
    /// are durable already.
    ///
    /// # Errors
    /// [`kinds::LEASE_LOST`] when another process has taken the document over meanwhile.
    pub async fn advance(&self, step: &Step, to: State, revision: &NewRevision<'_>) -> Result<()> {
        let advance = Advance { step, to, revision: revision.clone() };
        self.advance_all(std::slice::from_ref(&advance)).await?.pop().unwrap_or(Ok(()))
    }

    /// Moves several leased documents on in one transaction, so that they cost one write to the disk together. The results
    /// are in the order of the documents; one whose lease was lost does not hold the others back.
    ///
    /// # Errors
    /// A store error, which none of them has got past.
    pub async fn advance_all(&self, advances: &[Advance<'_>]) -> Result<Vec<Result<()>>> {
        let mut tx = self.write().await?;
        let ours = move_on(&mut tx, advances).await?;
        let results: Vec<Result<()>> = advances
            .iter()
            .map(|advance| match ours.contains(&advance.step.document.0) {
                true => Ok(()),
                false => Err(kinds::LEASE_LOST.with("document", advance.step.document)),
            })
            .collect();
        let moved: Vec<&Advance> =
            advances.iter().zip(&results).filter(|(_, moved)| moved.is_ok()).map(|(a, _)| a).collect();
        let news: Vec<_> = moved.iter().map(|a| (a.step.document, &a.revision)).collect();
        add_revisions(&mut tx, &news).await?;
        let mut entries = Vec::with_capacity(moved.len());
        for Advance { step, to, revision } in &moved {
            if *to == State::Sealed || *to == State::Closed {
                // Signed once more is a further line of the same entry.
                let again = matches!(step.from, State::Sealed | State::Delivered);
                let what = if again { "signed_again" } else { to.as_str() };
                super::register::enter(&mut tx, step.document, what).await?;
            }
            let detail =
                json!({"from": step.from, "to": to, "sha256": revision.sha256, "reason": revision.reason});
            entries.push(("advanced", Some(step.document), detail));
        }
        journal::append_all(self, &mut tx, entries).await?;
        if moved.iter().any(|advance| advance.to == State::Sealed) {
            self.say(&mut tx).await?;
        }
        commit(tx).await?;
        moved.iter().for_each(|_| self.holder.gave_back());
        Ok(results)
    }
}

/// The new states of [`Store::advance_all`]; gives the documents whose leases still held.
async fn move_on(tx: &mut Write, advances: &[Advance<'_>]) -> Result<HashSet<i64>> {
    if let Some(wrong) = advances.iter().find(|advance| !advance.step.from.may_become(advance.to)) {
        let cause = format!("no way from {} to {}", wrong.step.from, wrong.to);
        return Err(kinds::INTERNAL.with("cause", cause));
    }
    let mut ours = HashSet::with_capacity(advances.len());
    for rows in advances.chunks(ROWS) {
        ours.extend(moved(tx, rows).await?);
    }
    Ok(ours)
}

/// One statement of [`move_on`]. Numbers, states and digests are of our own making; only the lease's token is bound.
pub(super) async fn moved(tx: &mut Write, rows: &[Advance<'_>]) -> Result<Vec<i64>> {
    let each = |value: &dyn Fn(&Advance) -> String| -> String {
        rows.iter().map(|row| format!(" WHEN {} THEN {}", row.step.document.0, value(row))).collect()
    };
    let conditions: Vec<String> = rows
        .iter()
        .enumerate()
        .map(|(place, Advance { step, .. })| {
            let (id, from) = (step.document.0, step.from.as_str());
            format!("(id = {id} AND state = '{from}' AND lease = ${})", 2 * place + 2)
        })
        .collect();
    let digests: String = rows
        .iter()
        .enumerate()
        .map(|(place, row)| format!(" WHEN {} THEN ${}", row.step.document.0, 2 * place + 1))
        .collect();
    let sql = format!(
        "UPDATE document SET state = CASE id{} END, latest = CASE id{digests} END, \
         bytes_out = CASE id{} END, lease = NULL, lease_until = 0 WHERE {} RETURNING id",
        each(&|row| format!("'{}'", row.to.as_str())),
        each(&|row| row.revision.bytes.to_string()),
        conditions.join(" OR ")
    );
    let mut query = several(sql);
    for row in rows {
        query = query.bind(&row.revision.sha256.0).bind(&row.step.token);
    }
    let rows = query.fetch_all(&mut **tx).await.map_err(failed)?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Rows of a statement; SQLite takes 32,766 values, and long statements gain nothing.
pub(super) const ROWS: usize = 64;

/// Versions and signatures of several documents, a statement a table.
pub(super) async fn add_revisions(tx: &mut Write, news: &[(DocumentId, &NewRevision<'_>)]) -> Result<()> {
    for news in news.chunks(ROWS) {
        let rows = news.iter().enumerate().map(|(row, (DocumentId(id), _))| {
            let last = format!("SELECT COALESCE(MAX(ordinal), 0) FROM revision WHERE document = {id}");
            format!("({id}, ({last}) + 1, ${}, ${}, ${})", 3 * row + 1, 3 * row + 2, 3 * row + 3)
        });
        let rows = rows.collect::<Vec<_>>().join(", ");
        let sql = format!("INSERT INTO revision (document, ordinal, sha256, reason, at) VALUES {rows}");
        let mut query = several(sql);
        for (_, revision) in news {
            query = query.bind(&revision.sha256.0).bind(revision.reason).bind(tx.at());
        }
        query.execute(&mut **tx).await.map_err(failed)?;
        let ids: Vec<DocumentId> = news.iter().map(|(id, _)| *id).collect();
        let sql = format!("DELETE FROM signature WHERE document IN ({})", numbers(&ids));
        several(sql).execute(&mut **tx).await.map_err(failed)?;
    }
    add_signatures(tx, news).await
}

async fn add_signatures(tx: &mut Write, news: &[(DocumentId, &NewRevision<'_>)]) -> Result<()> {
    let mut all: Vec<(i64, i64, &str, String)> = Vec::new();
    for (id, revision) in news {
        let rows = (1i64..).zip(revision.signatures);
        all.extend(rows.map(|(ordinal, row)| (id.0, ordinal, revision.sha256.0.as_str(), row.0.to_string())));
    }
    for rows in all.chunks(ROWS) {
        let places: Vec<String> = rows
            .iter()
            .enumerate()
            .map(|(row, (id, ordinal, _, _))| {
                format!("({id}, {ordinal}, ${}, ${})", 2 * row + 1, 2 * row + 2)
            })
            .collect();
        let sql =
            format!("INSERT INTO signature (document, ordinal, sha256, report) VALUES {}", places.join(", "));
        let mut query = several(sql);
        for (_, _, sha256, report) in rows {
            query = query.bind(*sha256).bind(report);
        }
        query.execute(&mut **tx).await.map_err(failed)?;
    }
    Ok(())
}

//! Documents as `list` and `show` tell them: the row with its revisions, signatures and receipts.

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::Value;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::document::{AUTHOR, Document, DocumentId, Route, Sha256};
use crate::error::Result;
use crate::ocr::Proposal;
use crate::profile::Form;
use crate::upload::Receipt;

use super::deliveries::{self, Delivery};
use super::documents::{Filter, Stored, numbers};
use super::record::{Aside, Record, Revision, SignatureRow, State, owed};
use super::{Store, failed, timestamp, unreadable};

/// Documents that are read together.
const AT_A_TIME: usize = 500;

impl Store {
    /// One document as `show` tells it.
    ///
    /// # Errors
    /// [`kinds::DOCUMENT_UNKNOWN`].
    pub async fn record(&self, id: DocumentId) -> Result<Record> {
        let mut told = self.records_with_details(vec![self.document(id).await?]).await?;
        self.placed_elsewhere(&mut told).await?;
        told.into_iter().next().ok_or_else(|| crate::error::kinds::DOCUMENT_UNKNOWN.with("document", id))
    }

    /// Documents that were just moved on, as `show` tells them; `stored` and signatures are what was written. Nothing can have
    /// been sent of them yet, so only their versions have to be looked up.
    ///
    /// # Errors
    /// A store error.
    pub async fn records_after(&self, moved: Vec<(Stored, Vec<SignatureRow>)>) -> Result<Vec<Record>> {
        let ids: Vec<DocumentId> = moved.iter().map(|(stored, _)| stored.id).collect();
        let mut details: HashMap<i64, Details> = HashMap::new();
        for row in self.rows(REVISIONS, "document, ordinal", Which::These(&ids)).await? {
            let id: i64 = row.get(0);
            details.entry(id).or_default().revisions.push(revision(&row));
        }
        let told = moved.into_iter().map(|(stored, signatures)| {
            let details = details.remove(&stored.id.0).unwrap_or_default();
            record(stored, Details { signatures, ..details }, self.setting.form)
        });
        self.placed_behind(told.collect()).await
    }

    /// Who has to act next on a document.
    pub fn waiting_for(&self, stored: &Stored) -> Option<&'static str> {
        let document = &stored.document;
        waiting_for(stored.state, document, self.setting.form)
    }

    /// Documents as `list` tells them.
    ///
    /// # Errors
    /// A store error.
    pub async fn records(&self, filter: &Filter) -> Result<Vec<Record>> {
        let stored = self.documents(filter).await?;
        let mut details = self.details(Which::All).await?;
        let told = stored.into_iter().map(|s| {
            let d = details.remove(&s.id.0).unwrap_or_default();
            record(s, d, self.setting.form)
        });
        let mut told = self.placed_behind(told.collect()).await?;
        self.placed_elsewhere(&mut told).await?;
        Ok(told)
    }

    /// Some documents with all that belongs to them.
    pub(super) async fn records_with_details(&self, stored: Vec<Stored>) -> Result<Vec<Record>> {
        let ids: Vec<DocumentId> = stored.iter().map(|stored| stored.id).collect();
        let mut details = self.details(Which::These(&ids)).await?;
        let told = stored.into_iter().map(|stored| {
            let details = details.remove(&stored.id.0).unwrap_or_default();
            record(stored, details, self.setting.form)
        });
        self.placed_behind(told.collect()).await
    }

    /// Some documents as `list` tells them, in the order of their numbers here; those that do not exist are left out.
    ///
    /// # Errors
    /// A store error.
    pub async fn records_of(&self, ids: &[DocumentId]) -> Result<Vec<Record>> {
        let mut records = Vec::with_capacity(ids.len());
        for ids in ids.chunks(AT_A_TIME) {
            let mut stored = self.documents_of(ids).await?;
            let mut details = self.details(Which::These(ids)).await?;
            records.extend(ids.iter().filter_map(|id| {
                let details = details.remove(&id.0).unwrap_or_default();
                Some(record(stored.remove(id)?, details, self.setting.form))
            }));
        }
        self.placed_behind(records).await
    }

    /// What goes along with a document waits for nobody as long as that document waits for its signatures.
    async fn placed_behind(&self, mut records: Vec<Record>) -> Result<Vec<Record>> {
        let waits = |record: &Record| {
            let born =
                record.born.as_ref().filter(|_| record.waiting_for.as_deref() == Some("organization"))?;
            born.attachment_of.as_ref()?.parse::<DocumentId>().ok()
        };
        let parents: Vec<DocumentId> = records.iter().filter_map(waits).collect();
        if parents.is_empty() {
            return Ok(records);
        }
        let mut known = HashMap::new();
        for ids in parents.chunks(AT_A_TIME) {
            known.extend(self.documents_of(ids).await?);
        }
        for record in &mut records {
            let parent =
                waits(record).and_then(|id| known.get(&id)).filter(|parent| !parent.is_signed_by_all());
            if let Some(parent) = parent {
                (record.waiting_for, record.behind) = (None, Some(parent.id.to_string()));
            }
        }
        Ok(records)
    }

    /// The steps at which some documents wait for a person, with their routes; only those that were written on a computer have
    /// any.
    ///
    /// # Errors
    /// A store error.
    pub async fn steps(&self, ids: &[DocumentId]) -> Result<HashMap<DocumentId, (Route, String)>> {
        let mut steps = HashMap::new();
        for ids in ids.chunks(AT_A_TIME) {
            let mut signatures: HashMap<i64, Vec<SignatureRow>> = HashMap::new();
            let select = "SELECT document, report FROM signature";
            for row in self.rows(select, "document, ordinal", Which::These(ids)).await? {
                let report = serde_json::from_str(&row.get::<String, _>(1)).map_err(unreadable)?;
                signatures.entry(row.get(0)).or_default().push(SignatureRow(report));
            }
            for (id, Stored { state, document, .. }) in self.documents_of(ids).await? {
                let signed = signatures.remove(&id.0).unwrap_or_default();
                steps.extend(step(state, &document, &signed).map(|step| (id, (document.route, step))));
            }
        }
        Ok(steps)
    }

    /// Revisions, signatures and receipts of some documents or of all.
    async fn details(&self, only: Which<'_>) -> Result<HashMap<i64, Details>> {
        let mut all: HashMap<i64, Details> = HashMap::new();
        for row in self.rows(REVISIONS, "document, ordinal", only).await? {
            all.entry(row.get(0)).or_default().revisions.push(revision(&row));
        }
        for row in self.rows("SELECT document, report FROM signature", "document, ordinal", only).await? {
            let report = serde_json::from_str(&row.get::<String, _>(1)).map_err(unreadable)?;
            all.entry(row.get(0)).or_default().signatures.push(SignatureRow(report));
        }
        let read = "SELECT document, proposals FROM page_text";
        for row in self.rows(read, "document, page", only).await? {
            let proposals: Vec<Proposal> =
                serde_json::from_str(&row.get::<String, _>(1)).map_err(unreadable)?;
            all.entry(row.get(0)).or_default().proposals.extend(proposals);
        }
        let receipts = "SELECT document, destination, proof, remote_id, url, sha256, at FROM receipt";
        for row in self.rows(receipts, "document, at, job", only).await? {
            all.entry(row.get(0)).or_default().receipts.push(receipt(&row)?);
        }
        let aside =
            format!("SELECT {} FROM (SELECT * FROM job WHERE state = 'dead') AS job", deliveries::COLUMNS);
        for row in self.rows(&aside, "document, destination, id", only).await? {
            all.entry(row.get(0)).or_default().set_aside.push(Delivery::of(&row));
        }
        for row in self.rows("SELECT document, destination, required FROM job", "document, id", only).await? {
            if row.get::<i64, _>(2) == 1 {
                all.entry(row.get(0)).or_default().required.push(row.get(1));
            }
        }
        Ok(all)
    }

    async fn rows(&self, select: &str, order: &str, only: Which<'_>) -> Result<Vec<AnyRow>> {
        let which = match only {
            Which::All => String::new(),
            Which::These(ids) => format!("WHERE document IN ({})", numbers(ids)),
        };
        let sql = format!("{select} {which} ORDER BY {order}");
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).persistent(matches!(only, Which::All));
        query.fetch_all(&self.pool).await.map_err(failed)
    }
}

/// Which documents are read together.
#[derive(Clone, Copy)]
enum Which<'a> {
    All,
    These(&'a [DocumentId]),
}

/// What belongs to a document beside its row.
#[derive(Default)]
struct Details {
    revisions: Vec<Revision>,
    signatures: Vec<SignatureRow>,
    receipts: Vec<Receipt>,
    set_aside: Vec<Delivery>,
    /// Destinations that must have it.
    required: Vec<String>,
    proposals: Vec<Proposal>,
}

impl Details {
    /// When the last of the destinations that must have the document had it; where none must, when the first had it. What is
    /// signed and sent once more after that was entered all the same.
    fn entered_at(&self) -> Option<Timestamp> {
        let first = |name: Option<&String>| {
            let of =
                self.receipts.iter().filter(|receipt| name.is_none_or(|name| receipt.destination == *name));
            of.map(|receipt| receipt.at).min()
        };
        match self.required.is_empty() {
            true => first(None),
            false => {
                let each = self.required.iter().map(|name| first(Some(name)));
                each.collect::<Option<Vec<_>>>().and_then(|all| all.into_iter().max())
            }
        }
    }
}

/// Versions for [`revision`].
const REVISIONS: &str = "SELECT document, sha256, reason, at FROM revision";

fn revision(row: &AnyRow) -> Revision {
    Revision { sha256: Sha256(row.get(1)), reason: row.get(2), at: timestamp(row.get(3)) }
}

/// A receipt from columns 1 to 6 of a row.
fn receipt(row: &AnyRow) -> Result<Receipt> {
    let proof: String = row.get(2);
    Ok(Receipt {
        destination: row.get(1),
        proof: serde_json::from_value(Value::String(proof)).map_err(unreadable)?,
        remote_id: row.get(3),
        url: row.get(4),
        sha256: Sha256(row.get(5)),
        at: timestamp(row.get(6)),
    })
}

fn record(stored: Stored, details: Details, form: Form) -> Record {
    let Stored { id, state, document, bytes_in, bytes_out, .. } = stored;
    let entered_at = details.entered_at();
    // Once it is built its facts are frozen, and what is given already needs no proposal.
    let open = matches!(state, State::Captured | State::Held);
    let news = |p: &Proposal| open && document.fields.get(&p.field).as_ref() != Some(&p.value);
    let proposals = details.proposals.into_iter().filter(news).collect();
    Record {
        document: id.to_string(),
        outage: document.outage.clone(),
        route: document.route,
        direction: document.fields.direction,
        state,
        waiting_for: waiting_for(state, &document, form).map(str::to_owned),
        step: step(state, &document, &details.signatures),
        owed: owed(&details.signatures),
        pages: if document.born.is_some() { document.page_total() } else { document.pages.len() },
        bytes_in,
        bytes_out,
        files: document.files(),
        source_sha256: document.source_sha256(),
        captured_at: document.captured_at,
        entered_at,
        separators: document.separators.iter().map(|page| Aside::of(page, None)).collect(),
        dropped_pages: document.dropped.iter().map(|d| Aside::of(&d.page, Some(d.reason.clone()))).collect(),
        fields: document.fields,
        revisions: details.revisions,
        signatures: details.signatures,
        receipts: details.receipts,
        set_aside: details.set_aside,
        findings: document.findings,
        proposals,
        behind: None,
        handed_over: None,
        drill: document.drill,
        born: document.born,
    }
}

/// Who has to act next on a document under a profile of the form `form`.
fn waiting_for(state: State, document: &Document, form: Form) -> Option<&'static str> {
    match (state, document.form(form)) {
        (State::Dropped | State::Replaced, _) => None,
        (State::Held, _) => Some("clerk"),
        // A revocation was found after somebody had signed, or it was sent back.
        _ if document.is_held() => match sent_back(document) {
            Some(to) if to != AUTHOR => Some("personal"),
            _ => Some("clerk"),
        },
        (State::Captured, _) if !document.is_attested(form) => Some("clerk"),
        (State::Built, Form::SaoY) | (State::Signed | State::Authorised, _) => Some("organization"),
        (State::Built | State::PartlySigned, Form::ReSign) => Some("personal"),
        (State::Sealed | State::Queued | State::Sent | State::Accepted, _) => Some("destination"),
        _ => None,
    }
}

/// The step that a held document was sent back to.
fn sent_back(document: &Document) -> Option<&str> {
    let open = document.findings.iter().any(|f| f.code == "sent_back" && f.accepted_by.is_none());
    document.born.as_ref()?.sent_back.as_ref().filter(|_| open).map(|sent| sent.to.as_str())
}

/// The step of its route that a document waits at.
fn step(state: State, document: &Document, signatures: &[SignatureRow]) -> Option<String> {
    if !matches!(state, State::Built | State::PartlySigned | State::Signed | State::Authorised) {
        return None;
    }
    if let Some(to) = sent_back(document) {
        return Some(to.to_owned());
    }
    let signed = signatures.iter().filter(|row| row.0["role"] == "personal").count();
    document.born.as_ref()?.step(signed).map(str::to_owned)
}

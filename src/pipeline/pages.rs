//! Pages are corrected before anything is signed. Sources are never altered; every correction can be undone from the journal.

use std::path::PathBuf;

use serde_json::json;

use crate::document::pages::{self, Slot};
use crate::document::{Document, DocumentId, Fields, Sha256};
use crate::error::{Error, Result, kinds};
use crate::platform;
use crate::scan::{self, Looked, Scan, ScanPage, Source};
use crate::store::{Correction, Record, State, Stored};

use super::{Desk, correct, review};

pub mod preview;
mod undo;

pub use undo::undo;

/// A correction of pages. Numbers count from 1, as on paper.
#[derive(Clone, Debug)]
pub enum Action {
    /// Clockwise.
    Rotate {
        /// Which, as `1,3-5`.
        pages: String,
        /// 90, 180 or 270.
        degrees: u16,
    },
    /// A page to another place.
    Move {
        /// Its number now.
        page: usize,
        /// Its number afterwards.
        to: usize,
    },
    /// A new document.
    Split {
        /// The page that it begins with.
        page: usize,
    },
    /// The pages of another document behind the last one.
    Merge {
        /// The other document, which is replaced by this one.
        other: DocumentId,
    },
    /// A page of a new scan instead of this one.
    Replace {
        /// This one.
        page: usize,
        /// The new scan.
        file: PathBuf,
        /// Page of the new scan.
        from: u32,
    },
    /// Pages taken out.
    Drop {
        /// Which, as `1,3-5`.
        pages: String,
        /// Why.
        reason: String,
    },
}

/// Corrects pages and gives the documents that are concerned, as they are now.
///
/// # Errors
/// [`kinds::PAGE_UNKNOWN`], [`kinds::REASON_MISSING`], [`kinds::WRONG_STATE`] once somebody has signed, a scan error of the
/// new file; then nothing changed.
pub async fn correct(desk: &Desk, id: DocumentId, action: &Action) -> Result<Vec<Record>> {
    let stored = open(desk, id).await?;
    let correction = match action {
        Action::Rotate { pages, degrees } => rotate(&stored, pages, *degrees)?,
        Action::Move { page, to } => shift(&stored, *page, *to)?,
        Action::Split { page } => split(&stored, *page)?,
        Action::Merge { other } => merge(&stored, open(desk, *other).await?)?,
        Action::Replace { page, file, from } => replace(desk, &stored, *page, file, *from).await?,
        Action::Drop { pages, reason } => take_out(&stored, pages, reason)?,
    };
    let mut ids: Vec<DocumentId> = correction.changed.iter().map(|(s, _)| s.id).collect();
    ids.extend(correction.ended.iter().map(|(s, _)| s.id));
    let correction = judged(desk, correction).await?;
    ids.extend(desk.store.correct(correction).await?);
    let mut records = Vec::with_capacity(ids.len());
    for id in ids {
        records.push(desk.store.record(id).await?);
    }
    Ok(records)
}

/// A document that nobody has signed.
async fn open(desk: &Desk, id: DocumentId) -> Result<Stored> {
    let stored = desk.store.document(id).await?;
    correct::unsigned(&stored)?;
    Ok(stored)
}

/// What profile and outage have to say about the corrected documents.
async fn judged(desk: &Desk, mut correction: Correction) -> Result<Correction> {
    let profile = &desk.workspace.profile;
    for (stored, document) in &mut correction.changed {
        let outage = desk.store.outage(&stored.document.outage).await?;
        *document = review::reviewed(document.clone(), profile, &outage);
    }
    if let Some((document, _)) = &mut correction.created {
        let outage = desk.store.outage(&document.outage).await?;
        *document = review::reviewed(document.clone(), profile, &outage);
    }
    Ok(correction)
}

fn unknown(stored: &Stored, page: impl std::fmt::Display) -> Error {
    let pages = stored.document.page_total();
    kinds::PAGE_UNKNOWN.with("document", stored.id).with("page", page).with("pages", pages)
}

/// Places of the named pages, from 0.
fn places(stored: &Stored, text: &str) -> Result<Vec<usize>> {
    let numbers = pages::numbers(text, stored.document.page_total()).map_err(|part| unknown(stored, part))?;
    Ok(numbers.into_iter().map(|n| n - 1).collect())
}

fn place(stored: &Stored, page: usize) -> Result<usize> {
    let known = (1..=stored.document.page_total()).contains(&page);
    known.then(|| page - 1).ok_or_else(|| unknown(stored, page))
}

fn one(stored: &Stored, document: Document, what: serde_json::Value) -> Correction {
    Correction { what, changed: vec![(stored.clone(), document)], ..Correction::default() }
}

fn rotate(stored: &Stored, text: &str, degrees: u16) -> Result<Correction> {
    let mut slots = pages::slots(&stored.document);
    for place in places(stored, text)? {
        if let Some(slot) = slots.get_mut(place) {
            pages::turn(slot, degrees);
        }
    }
    let document = pages::assembled(stored.document.clone(), slots);
    Ok(one(stored, document, json!({"rotate": text, "degrees": degrees})))
}

fn shift(stored: &Stored, page: usize, to: usize) -> Result<Correction> {
    let (from, target) = (place(stored, page)?, place(stored, to)?);
    let mut slots = pages::slots(&stored.document);
    let slot = slots.remove(from);
    slots.insert(target, slot);
    let document = pages::assembled(stored.document.clone(), slots);
    Ok(one(stored, document, json!({"move": page, "to": to})))
}

/// The new document knows nothing about itself but its outage and direction: what was written of the first holds for the
/// first only.
fn split(stored: &Stored, page: usize) -> Result<Correction> {
    let at = place(stored, page)?;
    if at == 0 {
        return Err(unknown(stored, page));
    }
    let mut slots = pages::slots(&stored.document);
    let rest = slots.split_off(at);
    let total = slots.len() + rest.len();
    let size = stored.bytes_in / total.max(1) as u64 * rest.len() as u64;
    let mut fresh = stored.document.clone();
    fresh.fields = Fields { direction: stored.document.fields.direction, ..Fields::default() };
    (fresh.attestation, fresh.manifest) = (None, None);
    fresh.findings.retain(|f| f.page.is_some());
    (fresh.separators, fresh.dropped) = (Vec::new(), Vec::new());
    let mut document = pages::assembled(stored.document.clone(), slots);
    document.attestation = None;
    let mut correction = one(stored, document, json!({"split": page}));
    correction.created = Some((pages::assembled(fresh, rest), size));
    Ok(correction)
}

fn merge(stored: &Stored, other: Stored) -> Result<Correction> {
    if stored.id == other.id {
        return Err(kinds::OPTIONS_CONFLICT.with("first", stored.id).with("second", other.id));
    }
    if stored.document.outage != other.document.outage {
        return Err(kinds::PAGES_OTHER_OUTAGE.with("document", stored.id).with("other", other.id));
    }
    let mut slots = pages::slots(&stored.document);
    slots.extend(pages::slots(&other.document));
    let mut document = pages::assembled(stored.document.clone(), slots);
    document.separators.extend(other.document.separators.clone());
    document.dropped.extend(other.document.dropped.clone());
    // The clerk has seen one paper, not this one.
    document.attestation = None;
    let mut correction = one(stored, document, json!({"merge": other.id.to_string()}));
    correction.ended.push((other, State::Replaced));
    Ok(correction)
}

async fn replace(
    desk: &Desk,
    stored: &Stored,
    page: usize,
    file: &std::path::Path,
    from: u32,
) -> Result<Correction> {
    let at = place(stored, page)?;
    let new = scanned(desk, file, from).await?;
    let findings = scan_findings(desk, &new);
    let mut slots = pages::slots(&stored.document);
    let fresh = Slot::new(new.clone()).with(findings);
    let old =
        slots.get_mut(at).map(|slot| std::mem::replace(slot, fresh)).ok_or_else(|| unknown(stored, page))?;
    let mut document = pages::assembled(stored.document.clone(), slots);
    pages::put_aside(&mut document, old, &new.source_name, &platform::user_name());
    document.attestation = None;
    let what = json!({"replace": page, "file": new.source_name, "sha256": new.source_sha256, "from": from});
    Ok(one(stored, document, what))
}

/// Keeps a new scan and looks at the page of it.
async fn scanned(desk: &Desk, file: &std::path::Path, from: u32) -> Result<ScanPage> {
    let (blobs, path) = (desk.store.blobs().clone(), file.to_owned());
    super::ordered::one(move || {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let sha256: Sha256 = blobs.keep_file(&path, scan::MAX_SOURCE_BYTES)?;
        let source = Source::open(&blobs.path(&sha256), scan::MAX_SOURCE_BYTES)?;
        let looked = Scan::open(source).and_then(|scan| scan.inspect(&name, &sha256));
        let mut looked = looked.map_err(|e| e.with("file", &name))?;
        let total = looked.len();
        let place = (from as usize).checked_sub(1).filter(|place| *place < total);
        match place.map(|place| looked.swap_remove(place)) {
            Some(looked) => Looked::good(looked),
            None => Err(kinds::PAGE_UNKNOWN.with("document", name).with("page", from).with("pages", total)),
        }
    })
    .await?
}

fn scan_findings(desk: &Desk, page: &ScanPage) -> Vec<crate::document::Finding> {
    let rules = &desk.workspace.profile.scan;
    scan::check(page, rules.min_dpi, rules.colour == crate::profile::ColourRule::Required)
}

fn take_out(stored: &Stored, text: &str, reason: &str) -> Result<Correction> {
    let reason = correct::reason(reason)
        .ok_or_else(|| kinds::REASON_MISSING.with("code", "drop").with("document", stored.id))?;
    let gone = places(stored, text)?;
    let by = platform::user_name();
    let (mut kept, mut document) = (Vec::new(), stored.document.clone());
    for (place, slot) in pages::slots(&stored.document).into_iter().enumerate() {
        match gone.contains(&place) {
            true => pages::put_aside(&mut document, slot, &reason, &by),
            false => kept.push(slot),
        }
    }
    let what = json!({"drop": text, "reason": reason});
    if kept.is_empty() {
        // All pages: the document is given up, and keeps them as they were.
        return Ok(Correction {
            what,
            ended: vec![(stored.clone(), State::Dropped)],
            ..Correction::default()
        });
    }
    Ok(one(stored, pages::assembled(document, kept), what))
}

//! A person looks, corrects and attests, before anything is signed. A document that is built already is opened again: its
//! file stays in the store as a version that was replaced.

use std::path::PathBuf;

use jiff::Timestamp;
use serde_json::json;
use unicode_normalization::UnicodeNormalization;

use crate::document::{Attestation, Document, DocumentId, Finding, PAGE_BROKEN, Severity, Sha256};
use crate::error::{Error, Result, kinds};
use crate::platform;
use crate::store::{Record, State, Stored};

use super::longterm::REVOKED;
use super::route::{self, SENT_BACK};
use super::{Desk, find, review};

/// Key of `edit` that accepts a finding: `accept=dpi_low`, `accept=dpi_low:REASON`.
const ACCEPT: &str = "accept";
/// Code of the finding on a document that the person who should sign it sent back.
pub const SET_ASIDE: &str = "set_aside";
/// Longest reason in characters (our limit).
const MAX_REASON: usize = 500;

/// Digits of the digest in the name of a viewing copy.
const VIEW_DIGITS: usize = 8;

/// One `key=value` of `edit`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    key: String,
    value: String,
    /// Whether it was read from the paper and accepted by a person.
    proposed: bool,
}

impl Change {
    /// A proposal that a person accepts.
    pub fn accepted(key: &str, value: &str) -> Self {
        Self { key: key.to_owned(), value: value.to_owned(), proposed: true }
    }
}

impl std::str::FromStr for Change {
    type Err = crate::error::Error;

    fn from_str(text: &str) -> Result<Self> {
        match text.split_once('=') {
            Some((key, value)) if !key.is_empty() => {
                Ok(Self { key: key.trim().to_owned(), value: value.to_owned(), proposed: false })
            }
            _ => Err(kinds::BAD_CHANGE.with("change", text)),
        }
    }
}

/// Corrects facts of a document and accepts findings; all or nothing.
///
/// # Errors
/// [`kinds::BAD_FIELD`], [`kinds::BAD_FIELD_VALUE`], [`kinds::NO_SUCH_FINDING`], [`kinds::REASON_MISSING`],
/// [`kinds::DOCUMENT_SIGNED`] once somebody has signed.
pub async fn edit(desk: &Desk, id: DocumentId, changes: &[Change]) -> Result<Record> {
    let mut stored = desk.store.document(id).await?;
    if let Some(accepted) = accepted_on_signed(&mut stored, changes)? {
        desk.store.accept_on_signed(id, &stored.document, accepted).await?;
        return desk.store.record(id).await;
    }
    for change in changes {
        match change.key.as_str() {
            ACCEPT => accept(&mut stored, &change.value)?,
            key => {
                stored.document.fields.set(key, &change.value)?;
                if key == "file_code" {
                    find::known_file(desk, id, stored.document.fields.file_code.as_deref()).await?;
                }
            }
        }
    }
    let told = |c: &Change| match c.proposed {
        true => json!({"key": c.key, "value": c.value, "proposed": true}),
        false => json!({"key": c.key, "value": c.value}),
    };
    let detail: Vec<_> = changes.iter().map(told).collect();
    store_changed(desk, stored, "edited", json!({"changes": detail}), None).await
}

/// What holds a document after it was signed (a revocation that was found later, or that it was sent back) may still be accepted, with a reason and
/// nothing else: its facts are frozen.
fn accepted_on_signed(stored: &mut Stored, changes: &[Change]) -> Result<Option<serde_json::Value>> {
    let later = |code: &str| code == REVOKED || code == SENT_BACK;
    let of_later = |c: &Change| c.key == ACCEPT && c.value.split(':').next().is_some_and(later);
    if changes.is_empty() || !changes.iter().all(of_later) {
        return Ok(None);
    }
    for change in changes {
        if change.value.split_once(':').and_then(|(_, why)| reason(why)).is_none() {
            let code = change.value.split(':').next().unwrap_or_default().to_owned();
            return Err(kinds::REASON_MISSING.with("code", code).with("document", stored.id));
        }
        accept(stored, &change.value)?;
    }
    let told: Vec<_> = changes.iter().map(|c| json!({"key": c.key, "value": c.value})).collect();
    Ok(Some(json!({"changes": told})))
}

/// A reason as it is kept: composed, without control characters, none when there is nothing in it.
pub(super) fn reason(text: &str) -> Option<String> {
    let text: String = text.nfc().filter(|c| !c.is_control()).take(MAX_REASON).collect();
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn accept(stored: &mut Stored, what: &str) -> Result<()> {
    let (code, why) = what.split_once(':').unwrap_or((what, ""));
    let (code, why) = (code.trim(), reason(why));
    // A page that is missing is scanned again; nobody can accept it away (rule 2).
    if let Some(page) = stored.document.broken_page().filter(|_| code == PAGE_BROKEN) {
        return Err(kinds::PAGE_BROKEN.with("document", stored.id).with("page", page));
    }
    // A missing fact is mended by giving it, not by looking away.
    if let Some(error) = route::not_accepted(stored, code) {
        return Err(error);
    }
    let who = platform::user_name();
    let mut open = 0;
    for finding in stored.document.findings.iter_mut().filter(|f| f.code == code && f.accepted_by.is_none()) {
        if code == review::OUTSIDE_WINDOW && why.is_none() {
            return Err(kinds::REASON_MISSING.with("code", code).with("document", stored.id));
        }
        finding.accepted_by = Some(who.clone());
        finding.reason.clone_from(&why);
        open += 1;
    }
    match open {
        0 => Err(kinds::NO_SUCH_FINDING.with("document", stored.id).with("code", code)),
        _ => Ok(()),
    }
}

/// The clerk's word that the paper carries the wet signature and the stamp.
///
/// # Errors
/// [`kinds::DOCUMENT_SIGNED`] once somebody has signed: the metadata is frozen there.
pub async fn attest(desk: &Desk, id: DocumentId, by: Option<&str>) -> Result<Record> {
    let mut stored = desk.store.document(id).await?;
    let by = by.map(str::to_owned).or_else(|| stored.document.fields.attested_by.clone());
    let by: String = by.unwrap_or_else(platform::user_name).trim().nfc().collect();
    if by.is_empty() {
        return Err(kinds::NAME_EMPTY.with("what", "--by"));
    }
    stored.document = attested(stored.document, &by);
    store_changed(desk, stored, "attested", json!({"by": by}), None).await
}

fn attested(document: Document, by: &str) -> Document {
    let at = Timestamp::now();
    document.attest(Attestation { by: by.to_owned(), at, wet_signature_seen: true, wet_stamp_seen: true })
}

/// A manifest that names the clerk is the clerk's word, also when it names them only now.
pub(super) fn follow_manifest(document: &mut Document) {
    let named = document.manifest.as_ref().and_then(|row| row.attested_by.clone());
    if let (None, Some(by)) = (&document.attestation, named) {
        *document = attested(document.clone(), &by);
    }
}

/// Refuses to change what signatures stand for, and what counts no more.
///
/// # Errors
/// [`kinds::DOCUMENT_SIGNED`], [`kinds::WRONG_STATE`].
pub(super) fn unsigned(stored: &Stored) -> Result<()> {
    match stored.state {
        State::Captured | State::Held | State::Built => Ok(()),
        State::Dropped | State::Replaced => {
            Err(kinds::WRONG_STATE.with("state", stored.state).with("wanted", State::Captured))
        }
        state => Err(kinds::DOCUMENT_SIGNED
            .with("document", stored.id)
            .with("state", state)
            .with("route", stored.document.route.as_str())),
    }
}

/// Stores a corrected document, judged anew. One that was built is opened again.
pub(super) async fn store_changed(
    desk: &Desk,
    mut stored: Stored,
    event: &str,
    detail: serde_json::Value,
    numbers: Option<&review::Numbers>,
) -> Result<Record> {
    unsigned(&stored)?;
    let outage = desk.outage_of(&stored.document).await?;
    stored.document = review::reviewed(stored.document, &desk.workspace.profile, &outage);
    let found = match numbers {
        Some(_) => None,
        None => Some(review::Numbers::of(desk).await?),
    };
    if let Some(numbers) = numbers.or(found.as_ref()) {
        stored.document = numbers.alerted(stored.document, Some(stored.id));
    }
    desk.store.update(&stored, event, detail).await?;
    desk.store.record(stored.id).await
}

/// The document's latest PDF under a name that viewers open, in `out/view/`; none before it is built. Older copies of the
/// same document go: nobody shall look at a file that is not the one to be signed.
///
/// # Errors
/// A store or disk error.
pub async fn viewing_copy(desk: &Desk, id: DocumentId) -> Result<Option<PathBuf>> {
    let stored = desk.store.document(id).await?;
    let Some(sha256) = &stored.latest else { return Ok(None) };
    let folder = desk.workspace.root.join("out").join("view");
    let own = format!("{id}.");
    let path = folder.join(format!("{own}{}.pdf", sha256.0.get(..VIEW_DIGITS).unwrap_or_default()));
    let bytes = desk.store.latest(&stored).await?;
    if std::fs::read(&path).is_ok_and(|there| there == bytes) {
        return Ok(Some(path));
    }
    platform::create_private_dir(&folder)?;
    for entry in std::fs::read_dir(&folder).map_err(|e| Error::io(&folder, e))?.flatten() {
        if entry.file_name().to_string_lossy().starts_with(&own) {
            std::fs::remove_file(entry.path()).map_err(|e| Error::io(&entry.path(), e))?;
        }
    }
    platform::write_new(&path, &bytes)?;
    Ok(Some(path))
}

/// Marks the latest bytes of a document as seen by the person who runs the program (rule 13).
///
/// # Errors
/// [`kinds::NOT_BUILT`] before there is a PDF.
pub async fn see(desk: &Desk, id: DocumentId) -> Result<()> {
    let stored = desk.store.document(id).await?;
    let Some(sha256) = &stored.latest else { return Err(kinds::NOT_BUILT.with("document", id)) };
    desk.store.mark_seen(id, sha256, &platform::user_name()).await
}

/// As [`see`], for the bytes that the person had before the eyes: a document that was changed meanwhile is not marked.
///
/// # Errors
/// [`kinds::PAGE_OUTDATED`] when these are not the latest bytes any more.
pub async fn see_at(desk: &Desk, id: DocumentId, shown: &Sha256) -> Result<()> {
    let stored = desk.store.document(id).await?;
    match stored.latest.as_ref() == Some(shown) {
        true => desk.store.mark_seen(id, shown, &platform::user_name()).await,
        false => Err(kinds::PAGE_OUTDATED.with("document", id)),
    }
}

/// The person who should sign sends a document back to the clerk. It is opened again, held, and says why.
///
/// # Errors
/// [`kinds::REASON_MISSING`]; [`kinds::DOCUMENT_SIGNED`] once somebody has signed.
pub async fn set_aside(desk: &Desk, id: DocumentId, why: &str) -> Result<Record> {
    let why =
        reason(why).ok_or_else(|| kinds::REASON_MISSING.with("code", SET_ASIDE).with("document", id))?;
    let mut stored = desk.store.document(id).await?;
    let finding = Finding::new(SET_ASIDE, None, Severity::Hold);
    stored.document.findings.push(finding.with("by", platform::user_name()).with("reason", &why));
    store_changed(desk, stored, "set_aside", json!({"reason": why}), None).await
}

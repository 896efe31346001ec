//! A document on its route is sent back, or a corrected one takes its place. No signature is ever taken away: the old document
//! stays as it is, with all its signatures.

use jiff::Timestamp;
use serde_json::json;

use crate::document::{AUTHOR, DocumentId, Finding, Route, SentBack, Severity};
use crate::error::{Error, Result, kinds};
use crate::event::{Event, Front};
use crate::platform;
use crate::store::{Record, State, Stored};

use super::review::{FIELD_MISSING, SECRET};
use super::{Desk, correct};

/// Code of the finding on a document that was sent back; accepted with a reason when it goes on without a correction.
pub const SENT_BACK: &str = "sent_back";

/// Sends a document back to a step of its route, or to its author, with a reason. It waits there until a corrected one takes its
/// place, or until somebody accepts the finding with a reason.
///
/// # Errors
/// [`kinds::STEP_UNKNOWN`], [`kinds::NAME_EMPTY`], [`kinds::WRONG_STATE`] once the organization has signed,
/// [`kinds::ROUTE_NEEDED`] for paper of an outage.
pub async fn send_back(desk: &Desk, id: DocumentId, to: &str, reason: &str) -> Result<Record> {
    let mut stored = desk.store.document(id).await?;
    let reason = correct::reason(reason).ok_or_else(|| kinds::NAME_EMPTY.with("what", "--reason"))?;
    if !matches!(stored.state, State::Built | State::PartlySigned | State::Signed | State::Authorised) {
        return Err(kinds::WRONG_STATE.with("state", stored.state).with("wanted", State::Signed));
    }
    let Some(born) = stored.document.born.as_mut().filter(|born| born.attachment_of.is_none()) else {
        return Err(kinds::ROUTE_NEEDED.with("document", id));
    };
    if to != AUTHOR && !born.steps.iter().any(|step| step == to) {
        let known = std::iter::once(AUTHOR).chain(born.steps.iter().map(String::as_str));
        return Err(kinds::STEP_UNKNOWN.with("step", to).with("known", known.collect::<Vec<_>>().join(", ")));
    }
    let by = platform::user_name();
    let finding = Finding::new("sent_back", None, Severity::Hold);
    let finding = finding.with("step", to).with("reason", &reason).with("by", &by);
    born.sent_back = Some(SentBack { to: to.to_owned(), reason, by, at: Timestamp::now() });
    stored.document.findings.retain(|known| known.code != SENT_BACK || known.accepted_by.is_some());
    stored.document.findings.push(finding);
    let detail = json!({"to": to, "reason": stored.document.born.as_ref().and_then(|b| b.sent_back.as_ref()).map(|s| &s.reason)});
    desk.store.set_aside(&stored, SENT_BACK, detail).await?;
    desk.store.record(id).await
}

/// Why a held document does not go on, with what mends it: some findings are accepted by their name, others never are.
pub fn held(stored: &Stored) -> Error {
    let document = &stored.document;
    let holding = document.holding().map(|finding| finding.code.as_str());
    let back = document.born.as_ref().and_then(|born| born.sent_back.as_ref());
    match (holding, back, document.broken_page()) {
        (Some(SENT_BACK), Some(back), _) => kinds::DOCUMENT_SENT_BACK
            .with("document", stored.id)
            .with("step", &back.to)
            .with("by", &back.by)
            .with("reason", &back.reason),
        (None, _, Some(page)) => kinds::PAGE_BROKEN.with("document", stored.id).with("page", page),
        (code, ..) => {
            let code = code.unwrap_or_default();
            not_accepted(stored, code)
                .unwrap_or_else(|| kinds::DOCUMENT_HELD.with("document", stored.id).with("code", code))
        }
    }
}

/// The refusal to accept a finding that is mended and not looked away from; none where it may be accepted.
pub(super) fn not_accepted(stored: &Stored, code: &str) -> Option<Error> {
    let open = |f: &&Finding| f.code == code && f.accepted_by.is_none();
    let found: Vec<&Finding> = stored.document.findings.iter().filter(open).collect();
    match code {
        _ if found.is_empty() => None,
        FIELD_MISSING => {
            let fields = found.iter().flat_map(|f| &f.args).filter(|(name, _)| name == "field");
            let fields: Vec<&str> = fields.map(|(_, field)| field.as_str()).collect();
            let given = fields.iter().map(|field| format!("{field}=...")).collect::<Vec<_>>().join(" ");
            let error = kinds::FACTS_MISSING.with("document", stored.id);
            Some(error.with("fields", fields.join(", ")).with("given", given))
        }
        SECRET => Some(kinds::SECRET_HELD.with("document", stored.id)),
        _ => None,
    }
}

/// Whether a corrected document may take the place of this one.
///
/// # Errors
/// [`kinds::ROUTE_NEEDED`] for paper of an outage, whose pages are corrected instead; [`kinds::WRONG_STATE`] while it is being
/// delivered, and for one that was replaced already.
pub(super) fn may_be_replaced(stored: &Stored) -> Result<()> {
    if stored.document.route == Route::Recovery || stored.document.is_attachment() {
        return Err(kinds::ROUTE_NEEDED.with("document", stored.id));
    }
    match stored.state.may_become(State::Replaced) {
        true => Ok(()),
        false => Err(kinds::WRONG_STATE.with("state", stored.state).with("wanted", State::Signed)),
    }
}

/// The new document stands in the place of the old one; both stay.
pub(super) async fn replaced(desk: &Desk, old: DocumentId, new: DocumentId, front: &dyn Front) -> Result<()> {
    let mut stored = desk.store.document(old).await?;
    may_be_replaced(&stored)?;
    let corrected = desk.store.document(new).await?.document.born;
    if corrected.and_then(|born| born.replaces) != Some(old.to_string()) {
        return Err(kinds::REPLACEMENT_KNOWN.with("document", new).with("old", old));
    }
    if let Some(born) = &mut stored.document.born {
        born.replaced_by = Some(new.to_string());
    }
    desk.store.replace(&stored, new).await?;
    front.tell(&Event::new("document", desk.store.record(old).await?));
    Ok(())
}

//! Rule 12: a secret document is known by its manifest row, and not a byte of its scan is stored.

use std::collections::HashSet;

use crate::document::{self, DocumentId, Finding, Severity};
use crate::error::Result;
use crate::event::{Event, Front, Subject, Tally};
use crate::platform;
use crate::scan::manifest::Row;
use crate::scan::plan::Group;
use crate::scan::separator::Mark;
use crate::store::State;

use super::super::{Desk, review};
use super::{Way, keep, stacker};

/// Codes of cover sheets whose rows are marked secret.
pub(super) fn sheets(rows: &[Row]) -> HashSet<String> {
    let secret = rows.iter().filter(|row| document::is_secret(&row.fields));
    secret.filter_map(|row| row.fields.paper_serial.clone()).collect()
}

/// Whether the rows of all cover sheets say something about secrecy: then a person has looked, and no mark is a question.
pub(super) fn is_answered(rows: &[Row]) -> bool {
    !rows.is_empty() && rows.iter().all(|row| row.fields.secrecy.is_some())
}

/// Asks about a mark that looks secret. The scan stays where it is, and not a byte of it is stored.
pub(super) async fn ask(
    desk: &Desk,
    group: &Group,
    page: usize,
    front: &dyn Front,
    tally: &mut Tally,
) -> Result<()> {
    let finding =
        Finding::new("secret_mark_seen", u32::try_from(page).ok(), Severity::Hold).with("page", page);
    front.tell(&Event::finding(&finding, Subject::File(&group.name()), front.lang()));
    let detail = serde_json::json!({"file": group.name(), "page": page});
    desk.store.note("secret_mark_seen", None, detail).await?;
    tally.waiting += 1;
    Ok(())
}

/// Parts the files that lie under a sheet of a secret document from the others, by looking at them where they lie. A stack
/// with one such sheet stays outside as a whole; so do loose pictures behind it, up to the next sheet.
pub(super) fn divide(groups: Vec<Group>, refused: &HashSet<String>, way: &Way) -> (Vec<Group>, Vec<Group>) {
    if refused.is_empty() {
        return (Vec::new(), groups);
    }
    let mut under_secret = false;
    groups.into_iter().partition(|group| {
        // What cannot be read is refused later, with its reason, and its bytes are known to hold no readable sheet.
        let Ok((looked, _)) = keep::peek(group, way) else { return under_secret };
        let mut any = false;
        for mark in stacker::marks(&looked).into_iter().flatten() {
            if let Mark::Sheet(code) = mark {
                under_secret =
                    refused.contains(&code.to_string()) || refused.contains(&format!("{:04}", code.serial));
                any |= under_secret;
            }
        }
        any || under_secret
    })
}

/// Tells that a document stays outside.
pub(super) async fn hold_back(
    desk: &Desk,
    group: &Group,
    front: &dyn Front,
    tally: &mut Tally,
) -> Result<()> {
    if let Some(id) = known_already(desk, group).await? {
        return late(desk, id, group, front, tally).await;
    }
    let finding = Finding::new("secret_held", None, Severity::Hold);
    front.tell(&Event::finding(&finding, Subject::File(&group.name()), front.lang()));
    desk.store.note("secret_held", None, serde_json::json!({"file": group.name()})).await?;
    tally.waiting += 1;
    front.advance(1);
    Ok(())
}

/// The document that these scans made before anybody said that they are secret. Their digests are looked up; nothing is
/// stored.
async fn known_already(desk: &Desk, group: &Group) -> Result<Option<DocumentId>> {
    let mut digests = Vec::with_capacity(group.files.len());
    for path in &group.files {
        digests.push(platform::digest(path)?);
    }
    for outage in desk.store.outages().await? {
        if let Some(id) = desk.store.known(&outage.reference, &digests).await? {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// The scan is here already. Before it is built the document is held for good; afterwards a person has to be told.
async fn late(
    desk: &Desk,
    id: DocumentId,
    group: &Group,
    front: &dyn Front,
    tally: &mut Tally,
) -> Result<()> {
    let mut stored = desk.store.document(id).await?;
    let finding = Finding::new(review::SECRET, None, Severity::Hold);
    front.tell(&Event::finding(&finding, Subject::Document(&id.to_string()), front.lang()));
    let detail = serde_json::json!({"file": group.name(), "state": stored.state});
    if matches!(stored.state, State::Captured | State::Held) {
        stored.document.fields.secrecy.clone_from(&group.fields.secrecy);
        let outage = desk.store.outage(&stored.document.outage).await?;
        stored.document = review::reviewed(stored.document, &desk.workspace.profile, &outage);
        desk.store.update(&stored, review::SECRET, detail).await?;
    } else {
        desk.store.note(review::SECRET, Some(id), detail).await?;
    }
    tally.waiting += 1;
    front.advance(1);
    Ok(())
}

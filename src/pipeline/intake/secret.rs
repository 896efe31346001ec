//! Rule 12: a secret document is known by its manifest row, and not a byte of its scan is stored.

use std::collections::HashSet;

use crate::document::pages::worded;
use crate::document::{self, DocumentId, Finding, Severity};
use crate::error::Result;
use crate::event::{Event, Front, Subject, Tally};
use crate::kit::SheetCode;
use crate::platform;
use crate::scan::Looked;
use crate::scan::manifest::Row;
use crate::scan::plan::Group;
use crate::scan::separator::Mark;
use crate::scan::stack::Split;
use crate::store::State;

use super::super::{Desk, review};
use super::looks::Looks;
use super::{Bundle, Way, gate, keep, stacker};

/// Codes of cover sheets whose rows are marked secret.
pub(super) fn sheets(rows: &[Row]) -> HashSet<String> {
    let secret = rows.iter().filter(|row| document::is_secret(&row.fields));
    secret.filter_map(|row| row.fields.paper_serial.clone()).collect()
}

/// Whether the rows of all cover sheets say something about secrecy: then a person has looked, and no mark is a question.
pub(super) fn is_answered(rows: &[Row]) -> bool {
    !rows.is_empty() && rows.iter().all(|row| row.fields.secrecy.is_some())
}

/// Asks about marks that look secret: these documents stay where they lie, and not a byte of them is stored. Documents that
/// lie in the same files stay with them, which is said too.
pub(super) async fn ask(desk: &Desk, held: &[Bundle], front: &dyn Front, tally: &mut Tally) -> Result<()> {
    let marks: Vec<(&str, u32)> = held.iter().flat_map(gate::marks).collect();
    for (file, page) in &marks {
        let finding = Finding::new("secret_mark_seen", Some(*page), Severity::Hold).with("page", page);
        front.tell(&Event::finding(&finding, Subject::File(file), front.lang()));
        let detail = serde_json::json!({"file": file, "page": page});
        desk.store.note("secret_mark_seen", None, detail).await?;
    }
    for bundle in held.iter().filter(|bundle| gate::marks(bundle).is_empty() && !bundle.is_bare()) {
        let places: Vec<usize> = places(bundle);
        let finding = Finding::new("beside_secret", None, Severity::Hold).with("pages", worded(&places));
        let name = bundle.group.name();
        front.tell(&Event::finding(&finding, Subject::File(&name), front.lang()));
        let detail = serde_json::json!({"file": name, "pages": places, "sheet": bundle.sheet});
        desk.store.note("beside_secret", None, detail).await?;
    }
    tally.waiting += held.iter().filter(|bundle| !bundle.is_bare()).count();
    Ok(())
}

/// Places of a document's pages in their files, counted from 1.
fn places(bundle: &Bundle) -> Vec<usize> {
    let place = |looked: &Looked| match looked {
        Looked::Good(page) => page.index as usize + 1,
        Looked::Broken { index, .. } => *index as usize + 1,
    };
    bundle.looked.iter().map(place).collect()
}

/// Parts the files that lie under a sheet of a secret document from the others, by looking at them where they lie. A stack
/// with one such sheet stays outside as a whole; so do loose pictures behind it, up to the next sheet.
pub(super) fn divide(groups: Vec<Group>, refused: &HashSet<String>, way: &Way, looks: &Looks) -> Divided {
    let mut divided = Divided::default();
    let mut under_secret = false;
    for group in groups {
        if refused.is_empty() {
            divided.open.push(group);
            continue;
        }
        // What cannot be read is refused later, with its reason, and its bytes are known to hold no readable sheet.
        let looked = keep::peek(&group, way, looks).map(|(looked, _)| looked).unwrap_or_default();
        // As the stacker lays them: only loose pictures belong to the sheet of another file.
        let loose = looked.len() <= 1 || way.split == Split::Sheets;
        under_secret &= loose;
        let mut any = under_secret;
        for (place, mark) in stacker::marks(&looked).into_iter().enumerate() {
            let Some(Mark::Sheet(code)) = mark else { continue };
            let names = [code.to_string(), format!("{:04}", code.serial), code.serial.to_string()];
            under_secret = names.iter().any(|name| refused.contains(name));
            any = under_secret || any && place > 0;
            divided.secret.extend(under_secret.then_some(code));
        }
        under_secret &= loose;
        match any {
            true => divided.outside.push(group),
            false => divided.open.push(group),
        }
    }
    divided
}

/// Files that stay outside, and the others.
#[derive(Debug, Default)]
pub(super) struct Divided {
    /// A secret document lies in them.
    pub outside: Vec<Group>,
    /// The others.
    pub open: Vec<Group>,
    /// Sheets of the secret documents.
    pub secret: Vec<SheetCode>,
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

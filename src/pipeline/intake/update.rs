//! A corrected manifest given again corrects documents that nobody has signed yet.

use serde_json::json;

use crate::document::{Document, DocumentId, Fields, Finding, Severity};
use crate::error::Result;
use crate::scan::plan::Group;
use crate::store::State;

use super::super::{Desk, correct, review};

/// The one fact that always has a value.
const DIRECTION: &str = "direction";

/// Applies what the row says differently than last time, and tells so; none when it says the same. Only columns of its table
/// speak. Facts that a person has changed by hand meanwhile stay, unless the row itself changed there.
pub(super) async fn from_row(
    desk: &Desk,
    id: DocumentId,
    group: &Group,
    numbers: &review::Numbers,
) -> Result<Option<Finding>> {
    let mut stored = desk.store.document(id).await?;
    let row = &group.fields;
    let changed = changed(group, &stored.document);
    if changed.is_empty() {
        return Ok(None);
    }
    if !matches!(stored.state, State::Captured | State::Held | State::Built) {
        let finding = Finding::new("manifest_too_late", None, Severity::Warning);
        return Ok(Some(finding.with("fields", changed.join(", "))));
    }
    let mut told = stored.document.manifest.take().unwrap_or_default();
    for name in &group.columns {
        take(&mut told, row, name)?;
    }
    for name in &changed {
        take(&mut stored.document.fields, row, name)?;
    }
    stored.document.manifest = Some(told);
    stored.document.findings.retain(|f| f.code != "not_in_manifest");
    correct::follow_manifest(&mut stored.document);
    let detail = json!({"changed": changed});
    correct::store_changed(desk, stored, "manifest_updated", detail, Some(numbers)).await?;
    let finding = Finding::new("manifest_updated", None, Severity::Info);
    Ok(Some(finding.with("fields", changed.join(", "))))
}

/// What the row says differently than the last one did. Where there was none, what it says differently than the document: an
/// empty cell takes nothing away that no row has given.
fn changed(group: &Group, document: &Document) -> Vec<&'static str> {
    let row = &group.fields;
    let differs = |name: &&str| match (&document.manifest, *name) {
        (Some(last), DIRECTION) => row.direction != last.direction,
        (Some(last), name) => row.get(name) != last.get(name),
        (None, DIRECTION) => row.direction != document.fields.direction,
        (None, name) => row.get(name).is_some_and(|value| document.fields.get(name) != Some(value)),
    };
    group.columns.iter().copied().filter(differs).collect()
}

fn take(fields: &mut Fields, row: &Fields, name: &str) -> Result<()> {
    match name {
        DIRECTION => fields.direction = row.direction,
        name => fields.set(name, &row.get(name).unwrap_or_default())?,
    }
    Ok(())
}

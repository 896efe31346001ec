//! A corrected manifest given again corrects documents that nobody has signed yet.

use serde_json::json;

use crate::document::{DocumentId, Fields, Finding, Severity};
use crate::error::Result;
use crate::store::State;

use super::super::{Desk, correct, review};

/// Applies what the row says differently than last time, and tells so; none when it says the same. Facts that a person has
/// changed by hand meanwhile stay, unless the row itself changed there.
pub(super) async fn from_row(
    desk: &Desk,
    id: DocumentId,
    row: &Fields,
    numbers: &review::Numbers,
) -> Result<Option<Finding>> {
    let mut stored = desk.store.document(id).await?;
    let last = stored.document.manifest.clone();
    let base = last.as_ref().unwrap_or(&stored.document.fields);
    let changed: Vec<&str> =
        Fields::NAMES.into_iter().filter(|name| row.get(name) != base.get(name)).collect();
    let direction = row.direction != base.direction;
    if changed.is_empty() && !direction {
        return Ok(None);
    }
    if !matches!(stored.state, State::Captured | State::Held | State::Built) {
        let finding = Finding::new("manifest_too_late", None, Severity::Warning);
        return Ok(Some(finding.with("fields", changed.join(", "))));
    }
    for name in &changed {
        stored.document.fields.set(name, &row.get(name).unwrap_or_default())?;
    }
    if direction {
        stored.document.fields.direction = row.direction;
    }
    stored.document.manifest = Some(row.clone());
    stored.document.findings.retain(|f| f.code != "not_in_manifest");
    correct::follow_manifest(&mut stored.document);
    let detail = json!({"changed": changed});
    correct::store_changed(desk, stored, "manifest_updated", detail, Some(numbers)).await?;
    let finding = Finding::new("manifest_updated", None, Severity::Info);
    Ok(Some(finding.with("fields", changed.join(", "))))
}

//! The page tree (ISO 32000-1 7.7.3): every node once, and every kid a node. In a tree that is another graph readers count and
//! show the pages differently.

use std::collections::BTreeSet;

use crate::error::Result;
use crate::pdf::sections::damaged;
use crate::verify::snapshot::Snapshot;
use crate::verify::value::Value;

/// Refuses a tree with loops, with a page that stands in it twice, or with kids that are nothing.
///
/// # Errors
/// [`crate::error::kinds::BASE_DAMAGED`].
pub fn refuse(latest: &Snapshot, catalog: &Value) -> Result<()> {
    let tangled = || damaged("/Pages");
    let mut seen = BTreeSet::new();
    let mut waiting = vec![catalog.get("Pages").and_then(Value::reference).ok_or_else(tangled)?];
    while let Some(number) = waiting.pop() {
        let node = latest.value(number).map_err(|_| tangled())?;
        if !seen.insert(number) || node.dict().is_none() {
            return Err(tangled());
        }
        if let Some(kids) = latest.get(&node, "Kids").array() {
            for kid in kids {
                waiting.push(kid.reference().ok_or_else(tangled)?);
            }
        }
    }
    Ok(())
}

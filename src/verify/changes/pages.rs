//! The pages after a further signature: the tree stays, and a page differs only in annotations that were appended.

use std::collections::BTreeSet;

use super::{Change, Explained};
use crate::verify::Modifications;
use crate::verify::snapshot::Snapshot;
use crate::verify::value::Value;

/// Most nodes of a page tree that are looked at.
const MAX_NODES: usize = 50_000;

/// Object numbers of the pages.
pub(super) fn pages(snapshot: &Snapshot) -> Vec<u32> {
    let catalog = snapshot.catalog();
    let mut waiting: Vec<u32> = catalog.get("Pages").and_then(Value::reference).into_iter().collect();
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    while let Some(number) = waiting.pop() {
        if seen.len() >= MAX_NODES || !seen.insert(number) {
            continue;
        }
        let Ok(Some(node)) = snapshot.object(number) else { continue };
        match snapshot.get(&node.value, "Kids").array() {
            Some(kids) => waiting.extend(kids.iter().rev().filter_map(Value::reference)),
            None => out.push(number),
        }
    }
    out
}

impl Change<'_, '_> {
    pub(super) fn page_tree(&self, explained: &mut Explained) {
        for number in pages(self.old) {
            let Ok(Some(old)) = self.old.object(number) else { continue };
            let place = old.value.get("Annots").and_then(Value::reference);
            if self.touched(number) || place.is_some_and(|place| self.touched(place)) {
                self.page(number, &old.value, place, explained);
            }
        }
    }

    fn page(&self, number: u32, old: &Value, place: Option<u32>, explained: &mut Explained) {
        let new = self.new.value(number).unwrap_or(Value::Null);
        explained.objects.insert(number);
        let only_annotations =
            Self::differing(old, &new).is_some_and(|keys| keys.iter().all(|key| key.as_slice() == b"Annots"));
        if !only_annotations {
            explained.step.suspect("incremental_page_change");
        }
        let (before, _) = Self::list(self.old, old, "Annots");
        let (after, new_place) = Self::list(self.new, &new, "Annots");
        // The array may move into an object of its own that came in with this revision; an old object has another meaning.
        if new_place != place && new_place.is_some_and(|place| !self.is_new(place)) {
            explained.step.suspect("incremental_page_change");
        }
        if let Some(place) = place.filter(|place| self.uses.once(*place)) {
            explained.objects.insert(place);
        }
        let Some(added) = after.strip_prefix(before.as_slice()) else {
            explained.step.suspect("shadow_hide");
            return;
        };
        let known = |item: &Value| item.reference().is_some_and(|number| explained.fields.contains(&number));
        if !added.iter().all(known) {
            explained.step.raise(Modifications::Annotations);
            if !explained.step.codes.contains(&"annotation_added") {
                explained.step.codes.push("annotation_added");
            }
        }
    }
}

//! New objects that nothing leads to. What a rule allows is reached from the catalogue through old objects that were compared
//! key by key; an object beside that has no purpose but a later one: to be switched to.

use std::collections::BTreeSet;

use super::{Change, Explained};
use crate::verify::history::Entry;
use crate::verify::value::Value;

impl Change<'_, '_> {
    /// Every new object is reached, lists the objects of this revision, or is reported.
    pub(super) fn unreached(&self, explained: &mut Explained) {
        let reached = self.reached(explained);
        for (&number, entry) in &self.revision.entries {
            if !self.is_new(number) || reached.contains(&number) || self.is_section(entry) {
                continue;
            }
            match self.packs(number) {
                Some(true) => {}
                Some(false) => explained.step.suspect("hidden_bytes"),
                None => explained.step.suspect("orphan_object"),
            }
        }
    }

    /// New objects that are reached from what was compared.
    fn reached(&self, explained: &Explained) -> BTreeSet<u32> {
        let mut reached = BTreeSet::new();
        let mut waiting: Vec<u32> = Vec::new();
        let roots =
            ["Root", "Info"].iter().filter_map(|key| self.new.trailer(key).and_then(Value::reference));
        // What was compared is followed although it is old; from there on the walk stays inside the revision.
        for number in explained.objects.iter().chain(&explained.fields).copied().chain(roots) {
            reached.insert(number);
            self.follow(number, &mut waiting);
        }
        while let Some(number) = waiting.pop() {
            if reached.insert(number) {
                self.follow(number, &mut waiting);
            }
        }
        reached
    }

    fn follow(&self, number: u32, waiting: &mut Vec<u32>) {
        if let Ok(value) = self.new.value(number) {
            value.references(&mut |to| waiting.extend(Some(to).filter(|to| self.is_new(*to))));
        }
    }

    /// The cross-reference stream of this revision.
    fn is_section(&self, entry: &Entry) -> bool {
        matches!(entry, Entry::Used { offset, .. } if *offset == self.revision.section)
    }

    /// Whether an object stream holds nothing but what this revision lists; none where it is no object stream.
    fn packs(&self, container: u32) -> Option<bool> {
        let value = self.new.value(container).ok()?;
        if value.get("Type").and_then(Value::name) != Some(b"ObjStm") {
            return None;
        }
        let Some(numbers) = self.new.packed_numbers(container) else { return Some(false) };
        let listed = |(index, number): (usize, &u32)| {
            self.revision.entries.get(number) == Some(&Entry::Packed { container, index })
        };
        Some(value.get("Extends").is_none() && numbers.iter().enumerate().all(listed))
    }
}

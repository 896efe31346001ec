//! Filling in a form (ISO 32000-1 12.7.4): a text, a choice, a cross. Here it is only described; whether it is harmless depends
//! on the certification, see [`crate::verify::permissions`].

use super::{Change, Explained};
use crate::verify::fields::Node;
use crate::verify::value::Value;

/// What may differ in a field that is filled in: value, chosen items, appearance and its state, time.
const FILLED: [&[u8]; 5] = [b"V", b"I", b"AP", b"AS", b"M"];

impl Change<'_, '_> {
    /// Describes the new value or the new look of a field that is no signature.
    pub(super) fn filled_field(&self, node: &Node, number: u32, explained: &mut Explained) {
        let looks = self.new_looks(number);
        if !self.touched(number) && looks.is_empty() {
            return;
        }
        let (Ok(old), Ok(new)) = (self.old.value(number), self.new.value(number)) else { return };
        let Some(keys) = Self::differing(&old, &new) else { return };
        let known = keys.iter().all(|key| FILLED.contains(&key.as_slice()));
        if !known || !self.plain_value(&new) || !self.own_look(&old, &new) {
            return;
        }
        if self.touched(number) {
            explained.objects.insert(number);
        }
        explained.objects.extend(looks);
        explained.step.filled.push(node.name.clone());
    }

    /// Text, names or several of them; a value that leads to a stream could be anything.
    fn plain_value(&self, field: &Value) -> bool {
        let plain = |value: &Value| matches!(value, Value::Text(_) | Value::Name(_) | Value::Null);
        match self.new.get(field, "V") {
            Value::Array(items) => items.iter().all(plain),
            value => plain(&value),
        }
    }

    /// The appearance is the old one or came in with this revision; one that belongs to something else is borrowed.
    fn own_look(&self, old: &Value, new: &Value) -> bool {
        let mut before = Vec::new();
        self.old.get(old, "AP").references(&mut |to| before.push(to));
        let mut own = true;
        self.new.get(new, "AP").references(&mut |to| own &= before.contains(&to) || self.is_new(to));
        own
    }

    /// Appearance streams of a field that were written anew in place and belong to it alone.
    fn new_looks(&self, number: u32) -> Vec<u32> {
        let Ok(old) = self.old.value(number) else { return Vec::new() };
        let mut looks = Vec::new();
        self.old.get(&old, "AP").references(&mut |to| {
            let stream = |snapshot: &super::Snapshot| {
                snapshot.object(to).ok().flatten().is_some_and(|thing| thing.stream.is_some())
            };
            if self.touched(to) && self.uses.once(to) && stream(self.old) && stream(self.new) {
                looks.push(to);
            }
        });
        looks
    }
}

//! Validation data (ETSI EN 319 142-1 5.4.2): certificates, revocation lists and answers are only added.

use super::{Change, Explained};
use crate::verify::Modifications;
use crate::verify::value::Value;

/// Keys of the store and of its entries.
const KEYS: [&[u8]; 5] = [b"Type", b"VRI", b"Certs", b"CRLs", b"OCSPs"];
const ENTRY_KEYS: [&[u8]; 6] = [b"Type", b"TU", b"TS", b"Cert", b"CRL", b"OCSP"];
/// Most entries that are looked at.
const MAX_ENTRIES: usize = 10_000;

impl Change<'_, '_> {
    pub(super) fn validation_data(
        &self,
        old_catalog: &Value,
        new_catalog: &Value,
        explained: &mut Explained,
    ) {
        let (old, new) = (self.old.get(old_catalog, "DSS"), self.new.get(new_catalog, "DSS"));
        let place = old_catalog.get("DSS").and_then(Value::reference);
        let new_place = new_catalog.get("DSS").and_then(Value::reference);
        if old == Value::Null && new == Value::Null {
            return;
        }
        if new_place != place && new_place.is_some_and(|place| !self.is_new(place)) {
            explained.step.suspect("validation_data_changed");
            return;
        }
        let before = explained.objects.len();
        self.explain(place, explained);
        let holds = self.store(&old, &new, explained);
        if !holds {
            explained.step.suspect("validation_data_changed");
        }
        if old != new || explained.objects.len() > before {
            explained.step.raise(Modifications::LtaUpdates);
        }
    }

    /// An old object that only the validation data refers to may have a new version, which is compared here.
    fn explain(&self, place: Option<u32>, explained: &mut Explained) {
        let place = place.filter(|place| self.touched(*place) && self.uses.once(*place));
        explained.objects.extend(place);
    }

    fn store(&self, old: &Value, new: &Value, explained: &mut Explained) -> bool {
        let known = new.dict().is_some_and(|dict| dict.keys().all(|key| KEYS.contains(&key.as_slice())));
        let lists = ["Certs", "CRLs", "OCSPs"].iter().all(|key| self.longer(old, new, key, explained));
        known && lists && self.entries(old, new, explained)
    }

    /// Whether a list holds what it held, and otherwise streams.
    fn longer(&self, old: &Value, new: &Value, key: &str, explained: &mut Explained) -> bool {
        let ((before, place), (after, new_place)) =
            (Self::list(self.old, old, key), Self::list(self.new, new, key));
        self.explain(place, explained);
        let moved = new_place != place && new_place.is_some_and(|place| !self.is_new(place));
        let stream = |item: &Value| {
            let thing = item.reference().map(|number| self.new.object(number));
            matches!(thing, Some(Ok(Some(thing))) if thing.stream.is_some())
        };
        let added = |item: &&Value| !before.contains(item);
        !moved
            && after.len() <= MAX_ENTRIES
            && before.iter().all(|item| after.contains(item))
            && after.iter().filter(added).all(stream)
    }

    fn entries(&self, old: &Value, new: &Value, explained: &mut Explained) -> bool {
        let (before, after) = (self.old.get(old, "VRI"), self.new.get(new, "VRI"));
        self.explain(old.get("VRI").and_then(Value::reference), explained);
        let place = new.get("VRI").and_then(Value::reference);
        if place.is_some_and(|p| !self.is_new(p)) && place != old.get("VRI").and_then(Value::reference) {
            return false;
        }
        let none = crate::verify::value::Dict::new();
        let (before, after) = (before.dict().unwrap_or(&none), after.dict().unwrap_or(&none));
        let kept = before.iter().all(|(key, value)| after.get(key) == Some(value));
        let named =
            |key: &[u8]| key == b"Type" || (key.len() == 40 && key.iter().all(u8::is_ascii_alphanumeric));
        let sound = |value: &Value| {
            let value = self.new.resolve(value);
            value.name().is_some()
                || value
                    .dict()
                    .is_some_and(|dict| dict.keys().all(|key| ENTRY_KEYS.contains(&key.as_slice())))
        };
        kept && after.iter().filter(|(key, _)| !before.contains_key(*key)).all(|(k, v)| named(k) && sound(v))
    }
}

//! Validation data (ETSI EN 319 142-1 5.4.2): certificates, revocation lists and answers are only added, and are what they are
//! called: a stream of anything else would be a hiding place that every validator waves through.

use std::collections::BTreeSet;

use super::{Change, Explained};
use crate::verify::value::Value;
use crate::verify::{Modifications, path, revocation};

/// Keys of the store and of its entries.
const KEYS: [&[u8]; 5] = [b"Type", b"VRI", b"Certs", b"CRLs", b"OCSPs"];
const ENTRY_KEYS: [&[u8]; 6] = [b"Type", b"TU", b"TS", b"Cert", b"CRL", b"OCSP"];
/// Most entries that are looked at, and the largest of them, bytes: revocation lists of national authorities have some megabytes.
const MAX_ENTRIES: usize = 10_000;
const MAX_ENTRY: usize = 32 << 20;

/// What a stream of the store is said to hold.
#[derive(Clone, Copy)]
enum Kind {
    Certificate,
    List,
    Answer,
    Stamp,
}

impl Kind {
    fn fits(self, content: &[u8]) -> bool {
        match self {
            Kind::Certificate => path::is_certificate(content),
            Kind::List => revocation::is_list(content),
            Kind::Answer => revocation::is_answer(content),
            Kind::Stamp => crate::verify::container::parse(content).is_ok(),
        }
    }
}

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
        if old == Value::Null && new == Value::Null && old_catalog.get("DSS") == new_catalog.get("DSS") {
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
        let lists = [("Certs", Kind::Certificate), ("CRLs", Kind::List), ("OCSPs", Kind::Answer)];
        let lists = lists.iter().all(|(key, kind)| self.longer(old, new, key, *kind, explained));
        known && lists && self.entries(old, new, explained)
    }

    /// Whether a list holds what it held, and otherwise streams of its kind.
    fn longer(&self, old: &Value, new: &Value, key: &str, kind: Kind, explained: &mut Explained) -> bool {
        let ((before, place), (after, new_place)) =
            (Self::list(self.old, old, key), Self::list(self.new, new, key));
        self.explain(place, explained);
        let moved = new_place != place && new_place.is_some_and(|place| !self.is_new(place));
        let numbers = |items: &[Value]| items.iter().map(Value::reference).collect::<BTreeSet<_>>();
        let (known, now) = (numbers(&before), numbers(&after));
        let added = |item: &&Value| !known.contains(&item.reference());
        !moved
            && after.len() <= MAX_ENTRIES
            && known.is_subset(&now)
            && after.iter().filter(added).all(|item| self.holds(item, kind))
    }

    /// Whether an entry is a stream of its kind. One that was in the signed file already was not put there to deceive.
    fn holds(&self, item: &Value, kind: Kind) -> bool {
        let Some(number) = item.reference() else { return false };
        let content = self.new.content(number, MAX_ENTRY);
        !self.is_new(number) && content.is_some() || content.is_some_and(|content| kind.fits(&content))
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
        kept && after.len() <= MAX_ENTRIES
            && after
                .iter()
                .filter(|(key, _)| !before.contains_key(*key))
                .all(|(key, value)| named(key) && self.entry(value))
    }

    /// One entry of /VRI: what belongs to one signature.
    fn entry(&self, value: &Value) -> bool {
        let value = self.new.resolve(value);
        let kinds = [("Cert", Kind::Certificate), ("CRL", Kind::List), ("OCSP", Kind::Answer)];
        let lists = kinds.iter().all(|(key, kind)| {
            let list = self.new.get(&value, key);
            let items = list.array().unwrap_or_default();
            (list == Value::Null || list.array().is_some())
                && items.len() <= MAX_ENTRIES
                && items.iter().all(|item| self.holds(item, *kind))
        });
        let stamp = value.get("TS").is_none_or(|stamp| self.holds(stamp, Kind::Stamp));
        let plain =
            value.dict().is_some_and(|dict| dict.keys().all(|key| ENTRY_KEYS.contains(&key.as_slice())));
        value.name().is_some() || plain && lists && stamp
    }
}

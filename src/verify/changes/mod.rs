//! What each revision changed against the one before it. A signature covers its revision; what came later is harmless only
//! if a rule explains every object of it: a further signature (its field, widget, appearance, place on the page and in the
//! form), validation data, a document time stamp, form filling where the first signer allowed it. Nothing else is explained
//! away; see POLICY.md.
//!
//! Every step is judged by itself, so a change that a later revision takes back is still seen. Levels: validation data and
//! fields that nobody sees are [`Modifications::LtaUpdates`]; a field that shows on the page is [`Modifications::FormFilling`].

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::find::Found;
use super::history::{Entry, Revision};
use super::snapshot::{self, Snapshot};
use super::tiling;
use super::value::{Fault, Value};

mod classify;
mod dss;
mod fill;
mod form;
mod metadata;
mod pages;
mod reach;
mod step;

pub use step::Step;
#[cfg(test)]
pub use step::without_rule;

/// The steps from one revision to the next, the first one from nothing, and whether some dictionary spells a key twice.
pub struct Walk<'a> {
    /// The file at each revision.
    pub snapshots: Vec<Snapshot<'a>>,
    /// What each revision did.
    pub steps: Vec<Step>,
    /// Two readers may see two values.
    pub twice: bool,
}

/// Walks through all revisions.
pub fn walk<'a>(bytes: &'a [u8], revisions: &[Revision]) -> Walk<'a> {
    let snapshots = snapshot::all(bytes, revisions);
    let mut steps = Vec::with_capacity(revisions.len());
    let mut uses = Uses::default();
    let mut twice = false;
    for (index, (new, revision)) in snapshots.iter().zip(revisions).enumerate() {
        let old = index
            .checked_sub(1)
            .and_then(|before| Some((snapshots.get(before)?, revisions.get(before)?.eof)));
        steps.push(match old {
            Some((old, before)) => {
                Change { old, new, revision, uses: &uses, before, roles: OnceCell::new() }.judge()
            }
            None => Step::default(),
        });
        twice |= uses.take_in(old.map(|(old, _)| old), new, revision);
    }
    Walk { snapshots, steps, twice }
}

impl Walk<'_> {
    /// Looks at the bytes between objects: enters what is wrong behind the first signature into the steps, and gives whether
    /// what was signed hides a revision.
    pub fn tile(&mut self, bytes: &[u8], revisions: &[Revision], found: &[Found]) -> bool {
        let signed =
            found.iter().map(|f| f.place.as_ref().map_or(f.first_seen, |place| place.revision)).min();
        let signed = signed.unwrap_or(usize::MAX);
        let mut hides = false;
        let mut before = 0;
        let each = revisions.iter().zip(&self.snapshots).zip(&mut self.steps);
        for (index, ((revision, snapshot), step)) in each.enumerate() {
            if index <= signed {
                hides |= tiling::hides(bytes, before, revision, snapshot);
            } else if let Some(code) = tiling::later(bytes, before, revision, snapshot) {
                step.suspect(code);
            }
            before = revision.eof;
        }
        hides
    }
}

/// How often each object is referred to, in the newest revision that was taken in.
#[derive(Default)]
struct Uses {
    counts: BTreeMap<u32, usize>,
    /// Some object cannot be read, so nobody knows what it refers to.
    unknown: bool,
}

impl Uses {
    /// Counts what a revision changed; gives whether one of its dictionaries spells a key twice.
    fn take_in(&mut self, old: Option<&Snapshot>, new: &Snapshot, revision: &Revision) -> bool {
        // A cross-reference stream repeats the trailer's references, which are no uses.
        let counts = |value: &Value| value.get("Type").and_then(Value::name) != Some(b"XRef");
        let mut twice = false;
        for &number in revision.entries.keys() {
            if old.is_some_and(|old| old.entry(number) == new.entry(number)) {
                continue;
            }
            if let Some(value) = old.and_then(|old| old.value(number).ok()).filter(counts) {
                value.references(&mut |to| {
                    if let Some(count) = self.counts.get_mut(&to) {
                        *count = count.saturating_sub(1);
                    }
                });
            }
            match new.value(number) {
                Ok(value) if counts(&value) => {
                    value.references(&mut |to| *self.counts.entry(to).or_default() += 1);
                }
                Ok(_) => {}
                Err(fault) => {
                    twice |= fault == Fault::Twice;
                    self.unknown = true;
                }
            }
        }
        twice
    }

    /// Whether exactly one place refers to an object.
    fn once(&self, number: u32) -> bool {
        !self.unknown && self.counts.get(&number) == Some(&1)
    }

    /// Whether any place refers to an object, or may.
    fn any(&self, number: u32) -> bool {
        self.unknown || self.counts.get(&number).is_some_and(|count| *count > 0)
    }
}

/// One revision against the one before it.
struct Change<'c, 'a> {
    old: &'c Snapshot<'a>,
    new: &'c Snapshot<'a>,
    revision: &'c Revision,
    /// References in the old revision.
    uses: &'c Uses,
    /// The end of the old revision.
    before: usize,
    /// What old objects are for; gathered when it is asked for.
    roles: OnceCell<classify::Roles>,
}

/// What the rules have explained so far.
#[derive(Default)]
struct Explained {
    step: Step,
    /// Old objects whose new version a rule has compared.
    objects: BTreeSet<u32>,
    /// Fields and widgets that came in.
    fields: BTreeSet<u32>,
}

impl Change<'_, '_> {
    fn judge(&self) -> Step {
        let mut explained = Explained::default();
        self.trailer(&mut explained);
        self.catalog(&mut explained);
        self.page_tree(&mut explained);
        self.information(&mut explained);
        for &number in self.revision.entries.keys() {
            self.object(number, &mut explained);
        }
        self.unreached(&mut explained);
        explained.step.needs_a_reason();
        explained.step
    }

    /// Whether the entry of an object changed.
    fn touched(&self, number: u32) -> bool {
        self.revision.entries.contains_key(&number) && self.old.entry(number) != self.new.entry(number)
    }

    /// Whether the object did not exist before.
    fn is_new(&self, number: u32) -> bool {
        self.old.entry(number).is_none() && self.new.entry(number).is_some()
    }

    /// The keys in which two dictionaries differ; values compare as they stand, references by their numbers.
    fn differing(old: &Value, new: &Value) -> Option<Vec<Vec<u8>>> {
        let (old, new) = (old.dict()?, new.dict()?);
        let keys: BTreeSet<&Vec<u8>> = old.keys().chain(new.keys()).collect();
        Some(keys.into_iter().filter(|key| old.get(*key) != new.get(*key)).cloned().collect())
    }

    /// The trailer (7.5.5): the catalogue and the first half of /ID stay (some programs leave /ID out, which changes nothing).
    fn trailer(&self, explained: &mut Explained) {
        if self.old.trailer("Root") != self.new.trailer("Root") {
            explained.step.suspect("page_tree_swapped");
        }
        let first = |snapshot: &Snapshot| {
            let id = snapshot.trailer("ID").map(|id| snapshot.resolve(id));
            id.as_ref().and_then(Value::array).and_then(|id| id.first().cloned())
        };
        let known = self.new.trailer_keys().all(|key| metadata::TRAILER.contains(&key));
        let changed = first(self.old).zip(first(self.new)).is_some_and(|(old, new)| old != new);
        if !known || changed {
            explained.step.suspect("catalog_changed");
        }
    }

    /// The catalogue: only the form and the validation data may be other ones.
    fn catalog(&self, explained: &mut Explained) {
        let (old, new) = (self.old.catalog(), self.new.catalog());
        let Some(keys) = Self::differing(&old, &new) else {
            explained.step.suspect("catalog_changed");
            return;
        };
        for key in keys {
            match key.as_slice() {
                // Judged below by what they lead to.
                b"AcroForm" | b"DSS" | b"Metadata" => {}
                b"Extensions" if self.plain_extensions(&new) => {}
                b"Version" if metadata::newer_version(&old, &new) => {}
                b"Pages" => explained.step.suspect("page_tree_swapped"),
                _ => explained.step.suspect("catalog_changed"),
            }
        }
        if let Some(number) = self.old.trailer("Root").and_then(Value::reference) {
            explained.objects.insert(number);
        }
        self.form(&old, &new, explained);
        self.validation_data(&old, &new, explained);
        self.metadata(&old, &new, explained);
    }

    /// An entry that no rule has looked at.
    fn object(&self, number: u32, explained: &mut Explained) {
        if !self.touched(number) {
            return;
        }
        let (old, new) = (self.old.entry(number), self.new.entry(number));
        let backwards = matches!(new, Some(Entry::Used { offset, .. }) if offset < self.before);
        match (old, new) {
            (Some(_), None) => explained.step.suspect("object_freed"),
            // Every reference to the old generation leads nowhere now.
            (Some(old), Some(new)) if old.generation() != new.generation() => {
                explained.step.suspect("object_freed");
            }
            (_, Some(_)) if backwards || self.packed_before(new) => {
                explained.step.suspect("shadow_hide_and_replace");
            }
            // A reference that led nowhere leads somewhere now.
            (None, Some(_)) if self.uses.counts.get(&number).is_some_and(|count| *count > 0) => {
                explained.step.suspect("shadow_replace");
            }
            (Some(_), Some(_)) if !explained.objects.contains(&number) => {
                if let Some(code) = self.classify(number) {
                    explained.step.suspect(code);
                }
            }
            _ => {}
        }
    }

    /// Whether an entry leads into an object stream that is older than this revision.
    fn packed_before(&self, entry: Option<Entry>) -> bool {
        let Some(Entry::Packed { container, .. }) = entry else { return false };
        !self.touched(container)
    }

    /// The array under `key`, references followed, and the object that holds it by itself.
    fn list(snapshot: &Snapshot, holder: &Value, key: &str) -> (Vec<Value>, Option<u32>) {
        let place = holder.get(key).and_then(Value::reference);
        (snapshot.get(holder, key).array().map(<[Value]>::to_vec).unwrap_or_default(), place)
    }
}

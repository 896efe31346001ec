//! What earlier signers allow after them (ISO 32000-1 12.8.2.2 DocMDP, 12.8.2.4 FieldMDP, 12.7.4.5 /Lock; ISO 32000-2 Table 236).

use super::changes::{Step, Walk};
use super::find::Found;
use super::history::Code;
use super::snapshot::Snapshot;
use super::value::{Value, text_string};

/// Most names in a lock.
const MAX_NAMES: usize = 10_000;

/// Which fields a lock is about.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Fields {
    All,
    Include(Vec<String>),
    Exclude(Vec<String>),
}

impl Fields {
    /// Reads /Action and /Fields; what cannot be read locks everything.
    fn of(snapshot: &Snapshot, lock: &Value) -> Self {
        let list = snapshot.get(lock, "Fields");
        let names = list.array().unwrap_or_default().iter().take(MAX_NAMES);
        let names = names.filter_map(|name| snapshot.resolve(name).text().map(text_string)).collect();
        match snapshot.get(lock, "Action").name() {
            Some(b"Include") => Self::Include(names),
            Some(b"Exclude") => Self::Exclude(names),
            _ => Self::All,
        }
    }

    /// Whether a field is locked: by its own name or by that of a field above it.
    fn lock(&self, name: &str) -> bool {
        let within = |names: &Vec<String>| {
            names
                .iter()
                .any(|n| name.strip_prefix(n.as_str()).is_some_and(|r| r.is_empty() || r.starts_with('.')))
        };
        match self {
            Self::All => true,
            Self::Include(names) => within(names),
            Self::Exclude(names) => !within(names),
        }
    }
}

/// What all signers of a file allow, each from the revision on that the signature closes.
#[derive(Clone, Debug, Default)]
pub struct Permissions {
    /// /P and the revision, counted from 0.
    levels: Vec<(i64, usize)>,
    locks: Vec<(Fields, usize)>,
    /// What is wrong with them.
    pub codes: Vec<Code>,
}

impl Permissions {
    /// Reads them out of all signatures, in the order of their revisions.
    pub fn of(walk: &Walk, found: &[Found]) -> Self {
        let mut out = Self::default();
        for (index, signature) in found.iter().enumerate() {
            let Some(snapshot) = walk.snapshots.get(signature.first_seen) else { continue };
            let closed = signature.place.as_ref().map_or(signature.first_seen, |place| place.revision);
            let references = snapshot.get(&signature.dictionary, "Reference");
            for reference in references.array().unwrap_or_default() {
                let reference = snapshot.resolve(reference);
                let parameters = snapshot.get(&reference, "TransformParams");
                match snapshot.get(&reference, "TransformMethod").name() {
                    Some(b"DocMDP") => {
                        out.levels.push((level(&snapshot.get(&parameters, "P"), 2), closed));
                        // 12.8.2.2.1: a document has one certification, and it comes first.
                        if index > 0 && !out.codes.contains(&"certification_not_first") {
                            out.codes.push("certification_not_first");
                        }
                    }
                    Some(b"FieldMDP") => out.locks.push((Fields::of(snapshot, &parameters), closed)),
                    _ => {}
                }
            }
            if signature.lock.dict().is_some() {
                out.locks.push((Fields::of(snapshot, &signature.lock), closed));
                let p = snapshot.get(&signature.lock, "P");
                out.levels.extend((p != Value::Null).then(|| (level(&p, 1), closed)));
            }
        }
        out
    }

    /// What a later revision did against them; also whether filling in fields was allowed.
    pub fn judge(&self, index: usize, step: &Step) -> Vec<Code> {
        let mut codes = Vec::new();
        let levels: Vec<i64> =
            self.levels.iter().filter(|(_, from)| index > *from).map(|(p, _)| *p).collect();
        if !levels.is_empty() {
            if step.codes.contains(&"annotation_added") {
                codes.push("annotation_after_certification");
            }
            if step.signature && (levels.contains(&1) || step.visible) {
                codes.push("signature_after_certification");
            }
        }
        // Without the word of a first signer nobody fills in anything on a document that somebody has signed.
        if !step.filled.is_empty() && (levels.is_empty() || levels.contains(&1)) {
            codes.push("field_changed");
        }
        let locks = || self.locks.iter().filter(|(_, from)| index > *from).map(|(fields, _)| fields);
        let locked = |name: &String| locks().any(|fields| fields.lock(name));
        // A new field that nobody sees is no part of what was locked; time stamps need one.
        if step.filled.iter().chain(&step.signed).any(locked) || step.visible && step.added.iter().any(locked)
        {
            codes.push("locked_field_changed");
        }
        codes
    }
}

/// /P: 1 forbids everything, 2 and 3 allow forms and signatures; an unknown one is taken for the strictest.
fn level(p: &Value, default: i64) -> i64 {
    match (p, p.integer()) {
        (Value::Null, _) => default,
        (_, Some(2 | 3)) => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_covers_names_and_what_is_below_them() {
        let names = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        let include = Fields::Include(names(&["a", "b.c"]));
        assert!(include.lock("a") && include.lock("a.x") && include.lock("b.c"));
        assert!(!include.lock("ab") && !include.lock("b"));
        assert!(Fields::All.lock("x") && !Fields::Exclude(names(&["x"])).lock("x.y"));
        assert!(Fields::Exclude(names(&["x"])).lock("y"));
    }

    #[test]
    fn an_unknown_level_is_the_strictest() {
        let word = |word: &str| Value::Word(word.as_bytes().to_vec());
        assert_eq!([level(&Value::Null, 2), level(&word("3"), 2), level(&word("2"), 1)], [2, 2, 2]);
        assert_eq!([level(&word("0"), 2), level(&word("-1"), 2), level(&word("x"), 2)], [1, 1, 1]);
    }
}

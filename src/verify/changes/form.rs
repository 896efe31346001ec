//! The form (ISO 32000-1 12.7.2) after a further signature: fields are only appended, and only signature fields; an open
//! signature field may be signed.

use std::rc::Rc;

use super::{Change, Explained};
use crate::verify::Modifications;
use crate::verify::fields::{self, Node};
use crate::verify::value::{Value, text_string};

/// Bit 2 of /F: hidden on screen and paper (12.5.3). A widget that is hidden on screen alone may still be printed.
const HIDDEN: i64 = 2;
/// What may differ in a field that is signed now: value, appearance and its state, flags, time.
const SIGNED: [&[u8]; 5] = [b"V", b"AP", b"AS", b"F", b"M"];
/// What a new signature field and its widgets may hold: no actions, no optional content.
const FIELD: [&[u8]; 27] = [
    b"Type",
    b"Subtype",
    b"FT",
    b"T",
    b"TU",
    b"TM",
    b"Ff",
    b"V",
    b"P",
    b"Parent",
    b"Kids",
    b"Rect",
    b"F",
    b"AP",
    b"AS",
    b"MK",
    b"DA",
    b"DR",
    b"Q",
    b"Lock",
    b"SV",
    b"BS",
    b"Border",
    b"H",
    b"M",
    b"NM",
    b"StructParent",
];
/// What makes a kid of a field a field of its own.
const OWN: [&str; 4] = ["T", "FT", "V", "Kids"];
/// What the form of a first signature may hold.
const NEW_FORM: [&[u8]; 6] = [b"Fields", b"SigFlags", b"DR", b"DA", b"Q", b"NeedAppearances"];

impl Change<'_, '_> {
    pub(super) fn form(&self, old_catalog: &Value, new_catalog: &Value, explained: &mut Explained) {
        let (old, new) = (old_catalog.get("AcroForm"), new_catalog.get("AcroForm"));
        let (old_form, new_form) =
            (self.old.get(old_catalog, "AcroForm"), self.new.get(new_catalog, "AcroForm"));
        let moved = match (old.and_then(Value::reference), new.and_then(Value::reference)) {
            (Some(before), Some(after)) => before != after,
            // A form that was direct may become an object of its own and the other way round is not seen in practice.
            (Some(_), None) => true,
            (None, Some(after)) => !self.is_new(after),
            (None, None) => false,
        };
        if moved || (old.is_some() && new_form.dict().is_none()) {
            explained.step.suspect("form_changed");
            return;
        }
        if new.is_some() && !self.keys_of_form(&old_form, &new_form, old.is_none()) {
            explained.step.suspect("form_changed");
        }
        if let Some(number) = old.and_then(Value::reference).filter(|number| self.uses.once(*number)) {
            explained.objects.insert(number);
        }
        self.fields(&old_form, &new_form, explained);
    }

    fn keys_of_form(&self, old: &Value, new: &Value, first: bool) -> bool {
        let empty = Value::Dict(Rc::default());
        let Some(keys) = Self::differing(if first { &empty } else { old }, new) else { return false };
        keys.iter().all(|key| match key.as_slice() {
            b"Fields" => true,
            b"SigFlags" => {
                let flags =
                    |snapshot: &super::Snapshot, form| snapshot.get(form, "SigFlags").integer().unwrap_or(0);
                let (before, after) = (flags(self.old, old), flags(self.new, new));
                before & after == before
            }
            b"NeedAppearances" => new.get("NeedAppearances") != Some(&Value::Word(b"true".to_vec())),
            key => first && NEW_FORM.contains(&key),
        })
    }

    /// The old fields stay, in their order; what is appended are signature fields.
    fn fields(&self, old_form: &Value, new_form: &Value, explained: &mut Explained) {
        let (old, place) = Self::list(self.old, old_form, "Fields");
        let (new, new_place) = Self::list(self.new, new_form, "Fields");
        if place.is_some() && new_place.is_some() && place != new_place {
            explained.step.suspect("form_changed");
        }
        if let Some(number) = place.filter(|number| self.uses.once(*number)) {
            explained.objects.insert(number);
        }
        let Some(added) = new.strip_prefix(old.as_slice()) else {
            explained.step.suspect("field_changed");
            return;
        };
        for node in fields::nodes(self.old).0 {
            self.old_field(&node, explained);
        }
        for field in added {
            self.new_field(field, &old, explained);
        }
    }

    /// An open signature field may be signed; other fields may get a value where that is allowed.
    fn old_field(&self, node: &Node, explained: &mut Explained) {
        let Some(number) = node.number else { return };
        match node.is_signature() {
            true if self.touched(number) => self.open_field(node, number, explained),
            true => {}
            false => self.filled_field(node, number, explained),
        }
    }

    fn open_field(&self, node: &Node, number: u32, explained: &mut Explained) {
        let (Ok(old), Ok(new)) = (self.old.value(number), self.new.value(number)) else { return };
        let filled = Self::differing(&old, &new)
            .is_some_and(|keys| keys.iter().all(|key| SIGNED.contains(&key.as_slice())));
        if !node.is_signed && filled && self.fresh_signature(&new, explained) {
            explained.step.signed.push(node.name.clone());
            explained.objects.insert(number);
        }
    }

    fn new_field(&self, field: &Value, old: &[Value], explained: &mut Explained) {
        let value = self.new.resolve(field);
        let number = field.reference().filter(|number| self.is_new(*number));
        let name = self.new.get(&value, "T");
        let taken = old.iter().any(|other| self.old.get(&self.old.resolve(other), "T") == name);
        let named = name.text().filter(|name| !name.is_empty() && !name.contains(&b'.'));
        let is_signature = self.new.get(&value, "FT").name() == Some(b"Sig") && value.get("Parent").is_none();
        let (Some(number), Some(name)) = (number.filter(|_| !taken && is_signature), named) else {
            explained.step.suspect("field_changed");
            return;
        };
        explained.step.added.push(text_string(name));
        explained.fields.insert(number);
        let mut plain = plain_field(&value);
        for kid in self.new.get(&value, "Kids").array().unwrap_or_default() {
            let widget = self.new.resolve(kid);
            let own = OWN.iter().any(|key| widget.get(key).is_some());
            plain &= plain_field(&widget)
                && !own
                && widget.get("Parent").and_then(Value::reference) == Some(number);
            let kid = kid.reference().filter(|kid| self.is_new(*kid));
            explained.fields.extend(kid);
        }
        if !self.fresh_signature(&value, explained) || !plain {
            explained.step.suspect("field_changed");
        }
    }

    /// Whether the value of a field is a signature that came in with this revision, or is still open. Raises the level.
    fn fresh_signature(&self, field: &Value, explained: &mut Explained) -> bool {
        let kids = self.new.get(field, "Kids");
        let mut widgets = vec![field.clone()];
        widgets.extend(kids.array().unwrap_or_default().iter().map(|kid| self.new.resolve(kid)));
        let visible = widgets.iter().any(|widget| self.shows(widget));
        let level = if visible { Modifications::FormFilling } else { Modifications::LtaUpdates };
        explained.step.raise(level);
        explained.step.visible |= visible;
        let value = field.get("V").map(|value| (value.reference(), self.new.resolve(value)));
        let sub_filter = value.as_ref().map(|(_, v)| self.new.get(v, "SubFilter"));
        let stamp = sub_filter.as_ref().and_then(Value::name) == Some(b"ETSI.RFC3161");
        // What shows beside a signature is its signer's word; a field that nobody signed, or that only a machine stamped, has
        // nothing to say on the page.
        let speaks = value.is_some() && !stamp;
        if !speaks && widgets.iter().any(|widget| self.shows(widget) && widget.get("AP").is_some()) {
            explained.step.draws();
        }
        explained.step.signature |= !stamp;
        match value {
            None => true,
            Some((number, signature)) => {
                number.is_some_and(|number| self.is_new(number)) && signature.get("ByteRange").is_some()
            }
        }
    }

    /// Whether a widget takes room on its page.
    fn shows(&self, widget: &Value) -> bool {
        let rectangle = self.new.get(widget, "Rect");
        let numbers: Vec<f64> = rectangle
            .array()
            .unwrap_or_default()
            .iter()
            .filter_map(|n| self.new.resolve(n).number())
            .collect();
        let empty = matches!(numbers[..], [a, b, c, d] if (a - c).abs() <= 0.0 || (b - d).abs() <= 0.0);
        let flags = self.new.get(widget, "F").integer().unwrap_or(0);
        widget.get("Rect").is_some() && !empty && flags & HIDDEN == 0
    }
}

/// Whether a field or widget holds nothing but what belongs to a signature.
fn plain_field(value: &Value) -> bool {
    value.dict().is_some_and(|dict| dict.keys().all(|key| FIELD.contains(&key.as_slice())))
}

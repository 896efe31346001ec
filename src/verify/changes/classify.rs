//! What it means that an old object has a new version which no rule explains.

use std::collections::BTreeSet;

use super::{Change, pages};
use crate::verify::history::Code;
use crate::verify::snapshot::Snapshot;
use crate::verify::value::Value;

/// Keys of a font descriptor and a font that lead to streams (ISO 32000-1 9.8, 9.10.3).
const FONT_STREAMS: [&str; 5] = ["FontFile", "FontFile2", "FontFile3", "ToUnicode", "CIDToGIDMap"];

impl Change<'_, '_> {
    /// The code for the new version of an object; none where it is the same as before.
    pub(super) fn classify(&self, number: u32) -> Option<Code> {
        let (Ok(Some(old)), Ok(Some(new))) = (self.old.object(number), self.new.object(number)) else {
            return Some("object_overwritten");
        };
        if old.same(&new) {
            return None;
        }
        let name = |key: &str| self.old.get(&old.value, key).name().map(<[u8]>::to_vec);
        let (kind, subtype) = (name("Type"), name("Subtype"));
        let has = |key: &str| old.value.get(key).is_some();
        Some(match (kind.as_deref(), subtype.as_deref()) {
            (Some(b"Pages"), _) => "page_tree_swapped",
            (Some(b"Page"), _) => "incremental_page_change",
            (Some(b"Font" | b"FontDescriptor"), _) => "font_swapped",
            (Some(b"Metadata"), _) => "metadata_changed",
            (Some(b"Sig" | b"DocTimeStamp"), _) => "signature_replaced",
            _ if has("ByteRange") => "signature_replaced",
            (_, Some(b"Widget")) => "appearance_swapped",
            _ if has("FT") || has("T") && has("Kids") => "field_changed",
            _ if has("Rect") && subtype.is_some() => "incremental_page_change",
            _ => role(self.old, number),
        })
    }
}

/// What an object is for, told from those that refer to it.
fn role(snapshot: &Snapshot, number: u32) -> Code {
    let mut appearance = false;
    for holder in snapshot.numbers() {
        let Ok(Some(holder)) = snapshot.object(holder) else { continue };
        let value = &holder.value;
        if FONT_STREAMS.iter().any(|key| value.get(key).and_then(Value::reference) == Some(number)) {
            return "font_swapped";
        }
        if let Some(look) = value.get("AP") {
            snapshot.resolve(look).references(&mut |to| appearance |= to == number);
        }
    }
    if appearance {
        return "appearance_swapped";
    }
    if content(snapshot).contains(&number) { "incremental_page_change" } else { "object_overwritten" }
}

/// Objects that pages show: contents, resources and what these lead to in one step.
fn content(snapshot: &Snapshot) -> BTreeSet<u32> {
    let mut out = BTreeSet::new();
    for page in pages::pages(snapshot) {
        let Ok(Some(page)) = snapshot.object(page) else { continue };
        for key in ["Contents", "Resources"] {
            if let Some(value) = page.value.get(key) {
                value.references(&mut |to| {
                    out.insert(to);
                });
                snapshot.resolve(value).references(&mut |to| {
                    out.insert(to);
                });
            }
        }
    }
    out
}

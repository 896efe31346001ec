//! What it means that an old object has a new version which no rule explains.

use std::collections::BTreeSet;

use super::{Change, pages};
use crate::verify::history::Code;
use crate::verify::snapshot::Snapshot;

/// Keys of a font descriptor and a font that lead to streams (ISO 32000-1 9.8, 9.10.3).
const FONT_STREAMS: [&str; 5] = ["FontFile", "FontFile2", "FontFile3", "ToUnicode", "CIDToGIDMap"];

/// What objects are for, told from those that refer to them.
pub(super) struct Roles {
    fonts: BTreeSet<u32>,
    appearances: BTreeSet<u32>,
    /// Objects that pages show: contents, resources and what these lead to in one step.
    contents: BTreeSet<u32>,
}

impl Roles {
    fn of(snapshot: &Snapshot) -> Self {
        let mut roles =
            Self { fonts: BTreeSet::new(), appearances: BTreeSet::new(), contents: BTreeSet::new() };
        for holder in snapshot.numbers() {
            let Ok(Some(holder)) = snapshot.object(holder) else { continue };
            let streams = FONT_STREAMS.iter().filter_map(|key| holder.value.get(key)?.reference());
            roles.fonts.extend(streams);
            if let Some(look) = holder.value.get("AP") {
                snapshot.resolve(look).references(&mut |to| {
                    roles.appearances.insert(to);
                });
            }
        }
        for page in pages::pages(snapshot) {
            let Ok(Some(page)) = snapshot.object(page) else { continue };
            for value in ["Contents", "Resources"].iter().filter_map(|key| page.value.get(key)) {
                let mut add = |to| {
                    roles.contents.insert(to);
                };
                value.references(&mut add);
                snapshot.resolve(value).references(&mut add);
            }
        }
        roles
    }

    fn code(&self, number: u32) -> Code {
        match () {
            () if self.fonts.contains(&number) => "font_swapped",
            () if self.appearances.contains(&number) => "appearance_swapped",
            () if self.contents.contains(&number) => "incremental_page_change",
            () => "object_overwritten",
        }
    }
}

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
            _ => self.roles.get_or_init(|| Roles::of(self.old)).code(number),
        })
    }
}

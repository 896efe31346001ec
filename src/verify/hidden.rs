//! What a PDF holds that its reader does not see, or that can change what he sees. Nobody signs such a file: each of these is how
//! a shadow attack is prepared (content that is there before the signature and comes forward after it).
//!
//! | found | why it is refused | code |
//! |---|---|---|
//! | streams, pages or annotations that nothing leads to | content in waiting ("hide", "hide and replace") | `base_hidden_objects` |
//! | optional content (layers) | what shows depends on the reader (ISO 19005-2 6.9 allows them) | `base_layers` |
//! | scripts, launches, other actions that change or send | ISO 19005-2 6.5.1 | `base_scripts` |
//! | embedded files that are not associated ones of a PDF/A-3 | ISO 19005-2 6.8, 19005-3 6.8 | `base_attachments` |
//! | form fields that can be filled in | the value may differ from what shows | `base_form` |
//! | annotations that are hidden or come up by themselves | ISO 19005-2 6.3.2 | `base_hidden_annotation` |
//! | content from outside, in several versions, or that plays | see [`foreign`] | `base_external`, `base_variants`, `base_media` |
//! | a page tree that is none | ISO 32000-1 7.7.3.2 | `base_damaged` |

use std::collections::BTreeSet;

use super::history;
use super::snapshot::{self, Snapshot, Thing};
use super::value::{Dict, Value};
use crate::error::{Kind, Result, kinds};
use crate::pdf::sections::damaged;

mod foreign;
mod pages;

/// Most objects that are looked at.
const MAX_OBJECTS: usize = 1_000_000;
/// Actions that change, send or start something (ISO 19005-2 6.5.1, and those that switch what shows).
const ACTIONS: [&[u8]; 14] = [
    b"JavaScript",
    b"Launch",
    b"SubmitForm",
    b"ImportData",
    b"ResetForm",
    b"Hide",
    b"SetOCGState",
    b"Rendition",
    b"Movie",
    b"Sound",
    b"GoToE",
    b"GoTo3DView",
    b"RichMediaExecute",
    b"SetState",
];
/// Annotation flags Invisible, Hidden, NoView, ToggleNoView (ISO 32000-1 12.5.3).
const HIDING: i64 = 1 | 2 | 32 | 256;
/// Types of dictionaries that show something.
const SHOWING: [&[u8]; 4] = [b"Page", b"Pages", b"Annot", b"Catalog"];
/// Types of streams that belong to the structure and that no object leads to.
const STRUCTURE: [&[u8]; 2] = [b"XRef", b"ObjStm"];

/// Refuses a file with hidden or changing content.
///
/// # Errors
/// A row of the table above; [`kinds::BASE_DAMAGED`].
pub(crate) fn refuse(bytes: &[u8]) -> Result<()> {
    let revisions = history::read(bytes).map_err(damaged)?;
    let snapshots = snapshot::all(bytes, &revisions);
    let latest = snapshots.last().ok_or_else(|| damaged("xref"))?;
    let mut look = Look { latest, seen: BTreeSet::new(), associated: is_part_3(latest), signed: false };
    look.catalog()?;
    look.reach()?;
    if look.signed { Ok(()) } else { look.waiting() }
}

struct Look<'l, 'a> {
    latest: &'l Snapshot<'a>,
    seen: BTreeSet<u32>,
    /// Files may be embedded where the part of the standard allows it and their relation is stated.
    associated: bool,
    /// Objects that nothing leads to any more are usual behind revisions of other signers.
    signed: bool,
}

impl Look<'_, '_> {
    fn catalog(&self) -> Result<()> {
        let catalog = self.latest.catalog();
        let layers = self.latest.get(&catalog, "OCProperties");
        let groups = self.latest.get(&layers, "OCGs");
        let scripts = self.latest.get(&self.latest.get(&catalog, "Names"), "JavaScript");
        let embedded = self.latest.get(&self.latest.get(&catalog, "Names"), "EmbeddedFiles");
        match () {
            () if groups.array().is_some_and(|groups| !groups.is_empty()) => no(&kinds::BASE_LAYERS),
            () if scripts != Value::Null => no(&kinds::BASE_SCRIPTS),
            () if embedded != Value::Null && !self.associated => no(&kinds::BASE_ATTACHMENTS),
            () => Ok(()),
        }?;
        foreign::catalog(self.latest, &catalog)?;
        pages::refuse(self.latest, &catalog)
    }

    /// Follows every reference from the trailer and looks at what it meets.
    fn reach(&mut self) -> Result<()> {
        let mut waiting: Vec<u32> = Vec::new();
        for key in ["Root", "Info", "Encrypt"] {
            let start = self.latest.trailer(key);
            start.iter().for_each(|value| value.references(&mut |number| waiting.push(number)));
        }
        while let Some(number) = waiting.pop() {
            if !self.seen.insert(number) {
                continue;
            }
            if self.seen.len() > MAX_OBJECTS {
                return Err(damaged("objects"));
            }
            let Some(thing) = self.latest.object(number).map_err(|_| damaged("object"))? else { continue };
            if thing.stream.is_some() {
                foreign::stream(self.latest, &thing.value)?;
            }
            self.value(&thing.value)?;
            thing.value.references(&mut |number| waiting.push(number));
        }
        Ok(())
    }

    fn value(&mut self, value: &Value) -> Result<()> {
        match value {
            Value::Array(items) => items.iter().try_for_each(|item| self.value(item)),
            Value::Dict(dict) => {
                self.dictionary(value, dict)?;
                dict.values().try_for_each(|item| self.value(item))
            }
            _ => Ok(()),
        }
    }

    fn dictionary(&mut self, value: &Value, dict: &Dict) -> Result<()> {
        let name = |key| self.latest.get(value, key).name().map(<[u8]>::to_vec);
        if dict.contains_key(b"JS".as_slice())
            || name("S").is_some_and(|action| ACTIONS.contains(&action.as_slice()))
        {
            return no(&kinds::BASE_SCRIPTS);
        }
        if dict.contains_key(b"EF".as_slice())
            && !(self.associated && dict.contains_key(b"AFRelationship".as_slice()))
        {
            return no(&kinds::BASE_ATTACHMENTS);
        }
        match name("FT").as_deref() {
            Some(b"Sig") => self.signed |= self.latest.get(value, "V").dict().is_some(),
            Some(b"Tx" | b"Btn" | b"Ch") => return no(&kinds::BASE_FORM),
            _ => {}
        }
        foreign::annotation(self.latest, value, self.associated)?;
        let annotation = dict.contains_key(b"Rect".as_slice()) && dict.contains_key(b"Subtype".as_slice());
        let flags = self.latest.get(value, "F").integer().unwrap_or(0);
        // A signature field without an area is invisible by its nature; some programs set the flag as well.
        if annotation && flags & HIDING != 0 && name("FT").as_deref() != Some(b"Sig") {
            return no(&kinds::BASE_HIDDEN_ANNOTATION);
        }
        Ok(())
    }

    /// Objects that show something and that nothing leads to.
    fn waiting(&self) -> Result<()> {
        for number in self.latest.numbers().filter(|number| !self.seen.contains(number)) {
            let Ok(Some(thing)) = self.latest.object(number) else { continue };
            if shows(&thing) {
                return Err(kinds::BASE_HIDDEN_OBJECTS.with("number", number));
            }
        }
        Ok(())
    }
}

fn no(kind: &'static Kind) -> Result<()> {
    Err(kind.error())
}

fn shows(thing: &Thing) -> bool {
    let kind = thing.value.get("Type").and_then(Value::name);
    match thing.stream {
        // A hint stream is found by its offset (Annex F); its entries /S and /P say what it is.
        Some(_) if thing.value.get("S").is_some_and(|s| s.integer().is_some()) => false,
        Some(_) => !kind.is_some_and(|kind| STRUCTURE.contains(&kind)),
        None => kind.is_some_and(|kind| SHOWING.contains(&kind)),
    }
}

/// Whether the metadata claim part 3 of PDF/A (ISO 19005-3 6.6.4), as an element or an attribute.
fn is_part_3(latest: &Snapshot) -> bool {
    let catalog = latest.catalog();
    let Some(number) = catalog.get("Metadata").and_then(Value::reference) else { return false };
    let Ok(Some(Thing { stream: Some(xmp), .. })) = latest.object(number) else { return false };
    let text = String::from_utf8_lossy(xmp);
    ["pdfaid:part>3<", "pdfaid:part=\"3\"", "pdfaid:part='3'"].iter().any(|claim| text.contains(claim))
}

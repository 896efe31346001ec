//! What of a page does not stand in the file itself, stands in it several times, or is no page at all: two readers show two
//! things, or one reader another thing tomorrow. Clauses of ISO 19005-2, which forbids each of them, and of ISO 32000-1.
//!
//! | found | clauses | code |
//! |---|---|---|
//! | a stream whose bytes are another file (`/F`, `/FFilter`, `/FDecodeParms`) | 6.1.7.1; 7.3.8.2 | `base_external` |
//! | a form in whose place a page of another file shows (`/Ref`) | 6.2.9; 8.10.4 | `base_external` |
//! | a picture in whose place a print shop puts another one (`/OPI`) | 6.2.8, 6.2.9; 14.11.7 | `base_external` |
//! | other versions of a picture (`/Alternates`) | 6.2.8; 8.9.5.4 | `base_variants` |
//! | PostScript, which a printer runs and a screen does not show | 6.2.9; 8.8.2 | `base_variants` |
//! | annotations that play or turn something | 6.3.1; 12.5.6.16 to 18, 12.5.6.24, 13.2 to 13.6 | `base_media` |
//! | annotations of files, but those associated in a PDF/A-3 | 6.8; 12.5.6.15 | `base_attachments` |
//! | a collection: files that show instead of the pages | 6.8; 12.3.5 | `base_attachments` |
//! | pages that a form draws anew (`/NeedsRendering`) | 6.4.2; 12.7.8 | `base_dynamic_form` |

use crate::error::{Kind, Result, kinds};
use crate::verify::snapshot::Snapshot;
use crate::verify::value::Value;

/// Keys of the dictionaries of streams.
static STREAM_KEYS: [(&str, &Kind); 7] = [
    ("F", &kinds::BASE_EXTERNAL),
    ("FFilter", &kinds::BASE_EXTERNAL),
    ("FDecodeParms", &kinds::BASE_EXTERNAL),
    ("Ref", &kinds::BASE_EXTERNAL),
    ("OPI", &kinds::BASE_EXTERNAL),
    ("Alternates", &kinds::BASE_VARIANTS),
    ("PS", &kinds::BASE_VARIANTS),
];
/// Values of /Subtype2 and of /Subtype of streams.
const POSTSCRIPT: &[u8] = b"PS";
/// Annotations, by their /Subtype.
const MEDIA: [&[u8]; 5] = [b"3D", b"Movie", b"RichMedia", b"Screen", b"Sound"];
const FILE: &[u8] = b"FileAttachment";

/// Refuses a catalogue that shows something else than the pages as they are.
///
/// # Errors
/// A row of the table above.
pub fn catalog(latest: &Snapshot, catalog: &Value) -> Result<()> {
    if latest.get(catalog, "Collection") != Value::Null {
        return Err(kinds::BASE_ATTACHMENTS.error());
    }
    match latest.get(catalog, "NeedsRendering") {
        Value::Word(word) if word == b"true" => Err(kinds::BASE_DYNAMIC_FORM.error()),
        _ => Ok(()),
    }
}

/// Refuses the dictionary of a stream.
///
/// # Errors
/// A row of the table above.
pub fn stream(latest: &Snapshot, dictionary: &Value) -> Result<()> {
    let has = |key: &str| latest.get(dictionary, key) != Value::Null;
    if let Some((key, kind)) = STREAM_KEYS.iter().find(|(key, _)| has(key)) {
        return Err(kind.with("what", format!("/{key}")));
    }
    let postscript = |key: &str| latest.get(dictionary, key).name() == Some(POSTSCRIPT);
    match postscript("Subtype") || postscript("Subtype2") {
        true => Err(kinds::BASE_VARIANTS.with("what", "PostScript")),
        false => Ok(()),
    }
}

/// Refuses an annotation. Files may be `associated` in a PDF/A-3, which states their relation where they are embedded.
///
/// # Errors
/// A row of the table above.
pub fn annotation(latest: &Snapshot, annotation: &Value, associated: bool) -> Result<()> {
    let kind = latest.get(annotation, "Subtype");
    let Some(kind) = kind.name() else { return Ok(()) };
    if MEDIA.contains(&kind) {
        return Err(kinds::BASE_MEDIA.with("what", String::from_utf8_lossy(kind)));
    }
    let embedded = || latest.get(&latest.get(annotation, "FS"), "EF") != Value::Null;
    match kind == FILE && !(associated && embedded()) {
        true => Err(kinds::BASE_ATTACHMENTS.error()),
        false => Ok(()),
    }
}

//! Files inside of a file (ISO 19005-3 6.8, ISO 32000-2 14.13): the scans that a PDF/A-3 was made from.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::font::stream;
use super::objects::{Objects, raw_stream, text_string};

/// Largest sum of attached files in bytes (our limit, below the largest PDF that is read again).
pub const MAX_ATTACHED: u64 = 700_000_000;

/// A file that is attached.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// Its name, without folder.
    pub name: String,
    /// Media type.
    pub media_type: &'static str,
    /// Its content, unchanged.
    pub bytes: Vec<u8>,
    /// When it was last changed, as far as known.
    pub modified: Timestamp,
}

/// A date (ISO 32000-1 7.9.4) in UTC.
pub(super) fn utc(at: Timestamp) -> String {
    at.to_zoned_datetime(TimeZone::UTC).strftime("(D:%Y%m%d%H%M%SZ)").to_string()
}

/// Adds the files and gives the catalog's entries for them; empty without files.
pub(super) fn entries(objects: &mut Objects, files: Vec<Attachment>) -> String {
    if files.is_empty() {
        return String::new();
    }
    let mut named: Vec<(String, u32)> = Vec::new();
    for (index, file) in files.into_iter().enumerate() {
        // Names of a tree are unique and sorted (ISO 32000-1 7.9.6); file names need be neither.
        let key = format!("({index:06})");
        named.push((key, specification(objects, &file)));
    }
    let names: Vec<String> = named.iter().map(|(key, number)| format!("{key}{number} 0 R")).collect();
    let references: Vec<String> = named.iter().map(|(_, number)| format!("{number} 0 R")).collect();
    format!("/Names<</EmbeddedFiles<</Names[{}]>>>>/AF[{}]", names.join(" "), references.join(" "))
}

fn specification(objects: &mut Objects, file: &Attachment) -> u32 {
    let subtype = file.media_type.replace('/', "#2F");
    let entries = format!(
        "/Type/EmbeddedFile/Subtype/{subtype}/Params<</Size {}/ModDate{}>>",
        file.bytes.len(),
        utc(file.modified)
    );
    // A PDF inside of a PDF is packed, so that no reader takes its marks for those of the file around it.
    let stream = match file.media_type {
        "application/pdf" => objects.add(stream(&entries, &file.bytes)),
        _ => objects.add(raw_stream(&entries, &file.bytes)),
    };
    let name = text_string(&file.name);
    objects.add(format!(
        "<</Type/Filespec/F{name}/UF{name}/AFRelationship/Source/Desc(Source scan)/EF<</F {stream} 0 R/UF {stream} 0 R>>>>"
    ))
}

//! Texts that the profile words and the document fills in: reasons, visible lines, marks, names of copies.

use jiff::Timestamp;
use jiff::tz::Offset;
use unicode_normalization::UnicodeNormalization;

use crate::document::{CopyForm, Document, DocumentId, Fields};
use crate::error::Result;
use crate::station::Workspace;
use crate::store::{Store, Stored};

/// Longest name of a copy in bytes, with room below the 255 bytes of common file systems for endings and temporary names.
const MAX_NAME_BYTES: usize = 160;
/// Stands where a text needs a fact that nobody knows.
const UNKNOWN: &str = "…";

/// ISO 8601 with the office's offset, to the second.
pub fn moment(at: Timestamp, offset_minutes: i32) -> String {
    let offset = Offset::from_seconds(offset_minutes.saturating_mul(60)).unwrap_or(Offset::UTC);
    let minutes = offset.seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let local = offset.to_datetime(at).strftime("%Y-%m-%dT%H:%M:%S");
    format!("{local}{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

/// What a placeholder stands for.
fn fact(name: &str, document: &Document, workspace: &Workspace) -> Option<String> {
    let fields = &document.fields;
    match name {
        "number" => document.number(),
        "issued_date" => fields.issued_date.map(|d| d.strftime("%d/%m/%Y").to_string()),
        "outage" => Some(document.outage.clone()),
        "copy_form" => Some(fields.copy_form.unwrap_or(CopyForm::SaoY).as_str().to_owned()),
        // The organization that makes the copy, not the one that issued the paper (Decree 30/2020 App. I Part II I.3.c).
        "organ_name" => Some(workspace.station.office.name.clone()),
        "organ_id" => workspace.station.office.organ_id.clone(),
        // Nothing stands there where somebody signs in his own capacity.
        "capacity" => {
            let position = fields.signer_position.as_deref().unwrap_or_default();
            Some(crate::profile::capacity(position).unwrap_or_default().to_owned())
        }
        _ if Fields::NAMES.contains(&name) => fields.get(name),
        _ => None,
    }
}

/// Replaces each `{name}` by what `known` gives, and says whether all were known.
fn fill(pattern: &str, known: impl Fn(&str) -> Option<String>) -> (String, bool) {
    let (mut text, mut complete) = (String::new(), true);
    let mut rest = pattern;
    while let Some((before, behind)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, tail)) = behind.split_once('}') else {
            rest = behind;
            break;
        };
        match known(name) {
            Some(value) => text.push_str(&value),
            None => {
                complete = false;
                text.push_str(UNKNOWN);
            }
        }
        rest = tail;
    }
    text.push_str(rest);
    (text, complete)
}

/// A sentence of a signature: its reason or a line of its visible form.
pub fn sentence(pattern: &str, document: &Document, workspace: &Workspace, at: Timestamp) -> String {
    let offset = workspace.profile.utc_offset_minutes;
    let known = |name: &str| match name {
        "signed_at" => Some(moment(at, offset)),
        _ => fact(name, document, workspace),
    };
    fill(pattern, known).0.trim().to_owned()
}

/// The mark of the conversion (Decree 137/2024 Art. 4): words, who converted, when.
pub fn conversion_mark(workspace: &Workspace, at: Timestamp) -> String {
    let profile = &workspace.profile;
    let known = |name: &str| match name {
        "converter" => Some(workspace.station.office.name.clone()),
        "time" => Some(moment(at, profile.utc_offset_minutes)),
        _ => None,
    };
    fill(&profile.conversion_mark.text, known).0
}

/// The human-readable name of a copy, without ending. Parts of the pattern between dots whose facts are not known are left
/// out; a document of which nothing is known has its number here.
pub fn copy_name(document: &Document, id: DocumentId, workspace: &Workspace) -> String {
    let known = |name: &str| match name {
        "document" => Some(id.to_string()),
        "issued_date" => document.fields.issued_date.map(|d| d.to_string()),
        _ => fact(name, document, workspace),
    };
    let parts = workspace.profile.naming.pattern.split('.');
    let parts: Vec<String> =
        parts.map(|part| fill(part, known)).filter(|(_, complete)| *complete).map(|(text, _)| text).collect();
    let name = file_name(&parts.join("."));
    // Without the document's own number the rest is not a name but a category.
    match document.fields.code_number.is_some() && !name.is_empty() {
        true => name,
        false => file_name(&[name, id.to_string()].join(".")),
    }
}

/// As [`copy_name`], with what goes along with a document named after it: beside each other in a folder nobody could tell else
/// what belongs together.
///
/// # Errors
/// A store error.
pub async fn name_of(store: &Store, stored: &Stored, workspace: &Workspace) -> Result<String> {
    let born = stored.document.born.as_ref();
    let parent = born.and_then(|born| born.attachment_of.as_ref()).and_then(|id| id.parse().ok());
    let Some(parent) = parent else { return Ok(copy_name(&stored.document, stored.id, workspace)) };
    let parent = store.document(parent).await?;
    Ok(attached_name(stored, &parent, workspace))
}

fn attached_name(stored: &Stored, parent: &Stored, workspace: &Workspace) -> String {
    let name = copy_name(&parent.document, parent.id, workspace);
    let files = parent.document.born.iter().flat_map(|born| &born.attachments);
    let own = stored.document.born.as_ref().map(|born| &born.pdf.sha256);
    let place =
        files.zip(1..).find(|(file, _)| Some(&file.sha256) == own).map(|(_, place): (_, usize)| place);
    let word = if workspace.profile.language.starts_with("vi") { "kem-theo" } else { "attachment" };
    match place {
        Some(place) => format!("{name}.{word}-{place}"),
        None => format!("{name}.{word}.{}", stored.id),
    }
}

/// Characters that a file system or a shell could take for something else become `-`.
fn file_name(text: &str) -> String {
    let mut name = String::new();
    for c in text.nfc() {
        let c = if c.is_control() || "/\\:*?\"<>|'`$&;\u{FFFD}".contains(c) { '-' } else { c };
        if name.len() + c.len_utf8() > MAX_NAME_BYTES {
            break;
        }
        name.push(c);
    }
    name.trim_matches(|c: char| c == '.' || c == '-' || c.is_whitespace()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_iso_8601_with_the_offset_of_the_office() {
        let at: Timestamp = "2026-11-24T18:30:05Z".parse().unwrap();
        assert_eq!(moment(at, 420), "2026-11-25T01:30:05+07:00");
        assert_eq!(moment(at, -210), "2026-11-24T15:00:05-03:30");
    }

    #[test]
    fn unknown_facts_are_shown_as_unknown() {
        let known = |name: &str| (name == "a").then(|| "1".to_owned());
        assert_eq!(fill("x {a}, {b} {c", known), ("x 1, … c".to_owned(), false));
        assert_eq!(fill("{a}", known), ("1".to_owned(), true));
    }

    #[test]
    fn names_cannot_leave_their_folder() {
        assert_eq!(file_name("../../etc/passwd"), "etc-passwd");
        assert_eq!(file_name("2026-11-02.QĐ/UBND"), "2026-11-02.QĐ-UBND");
        assert_eq!(file_name("a\nb\"c"), "a-b-c");
        assert!(file_name(&"ế".repeat(500)).len() <= MAX_NAME_BYTES);
    }
}

//! Facts of a document by name: the columns of a manifest and the keys of `edit`.

use jiff::civil::{Date, DateTime};
use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, Result, kinds};
use crate::kit::SheetCode;

use super::{CopyForm, Direction, Fields};

/// Longest text of a field in characters: Subject and Description 500, OrganName 200, others below (Decree 30/2020 App. VI).
const MAX_CHARS: usize = 500;
/// Longest list of recipients in characters (ToPlaces).
const MAX_RECIPIENTS: usize = 1000;
/// Most copies (IssuedAmount, three digits).
const MAX_COPIES: u32 = 999;

/// Most characters of a wrong value that a refusal shows.
const MAX_SHOWN: usize = 60;
/// The line of a value that stands in no manifest.
const NOWHERE: &str = "none";

impl Fields {
    /// All names, in the order of the manifest.
    pub const NAMES: [&'static str; 26] = [
        "paper_serial",
        "code_number",
        "code_notation",
        "issued_date",
        "type_name",
        "subject",
        "organ_name",
        "signer_name",
        "signer_position",
        "copy_form",
        "pages",
        "direction",
        "paper_signed_at",
        "arrival_number",
        "arrival_date",
        "secrecy",
        "urgency",
        "due_date",
        "paper_location",
        "attested_by",
        "file_code",
        "recipients",
        "copy_keeper",
        "issued_amount",
        "forwarded_date",
        "note",
    ];

    /// Sets a field from what a person typed. Text is trimmed and composed (NFC); an empty value takes the fact away.
    ///
    /// # Errors
    /// [`kinds::BAD_FIELD`], [`kinds::BAD_FIELD_VALUE`], [`kinds::EXTRACT_FROM_SCAN`] for TRÍCH SAO.
    pub fn set(&mut self, name: &str, value: &str) -> Result<()> {
        let value = value.trim();
        match name {
            "issued_date" => self.issued_date = optional(name, value, date)?,
            "arrival_date" => self.arrival_date = optional(name, value, date)?,
            "due_date" => self.due_date = optional(name, value, date)?,
            "paper_signed_at" => self.paper_signed_at = optional(name, value, date_time)?,
            "forwarded_date" => self.forwarded_date = optional(name, value, date)?,
            "pages" => self.pages = optional(name, value, |v| v.parse().ok())?,
            "issued_amount" => self.issued_amount = optional(name, value, copies)?,
            "recipients" => {
                self.recipients = optional(name, value, recipients)?.filter(|all| !all.is_empty())
            }
            "direction" => self.direction = optional(name, value, direction)?.unwrap_or_default(),
            "copy_form" => self.copy_form = copy_form(value)?,
            "paper_serial" => self.paper_serial = optional(name, value, text)?.map(serial),
            _ => *self.text_mut(name)? = optional(name, value, text)?,
        }
        Ok(())
    }

    /// The value of a field as text, when it is known.
    pub fn get(&self, name: &str) -> Option<String> {
        match name {
            "issued_date" => self.issued_date.map(|v| v.to_string()),
            "arrival_date" => self.arrival_date.map(|v| v.to_string()),
            "due_date" => self.due_date.map(|v| v.to_string()),
            "paper_signed_at" => self.paper_signed_at.map(|v| v.to_string()),
            "forwarded_date" => self.forwarded_date.map(|v| v.to_string()),
            "pages" => self.pages.map(|v| v.to_string()),
            "issued_amount" => self.issued_amount.map(|v| v.to_string()),
            "copy_form" => self.copy_form.map(|v| v.as_str().to_owned()),
            _ => self.clone().text_mut(name).ok().and_then(|v| v.clone()),
        }
    }

    /// Number and notation as people write them: `125/UBND-VP`.
    pub fn number(&self) -> Option<String> {
        match (&self.code_number, &self.code_notation) {
            (Some(number), Some(notation)) => Some(format!("{number}/{notation}")),
            (Some(number), None) => Some(number.clone()),
            _ => None,
        }
    }

    fn text_mut(&mut self, name: &str) -> Result<&mut Option<String>> {
        Ok(match name {
            "code_number" => &mut self.code_number,
            "code_notation" => &mut self.code_notation,
            "type_name" => &mut self.type_name,
            "subject" => &mut self.subject,
            "organ_name" => &mut self.organ_name,
            "signer_name" => &mut self.signer_name,
            "signer_position" => &mut self.signer_position,
            "arrival_number" => &mut self.arrival_number,
            "secrecy" => &mut self.secrecy,
            "urgency" => &mut self.urgency,
            "paper_location" => &mut self.paper_location,
            "attested_by" => &mut self.attested_by,
            "file_code" => &mut self.file_code,
            "recipients" => &mut self.recipients,
            "copy_keeper" => &mut self.copy_keeper,
            "note" => &mut self.note,
            "paper_serial" => &mut self.paper_serial,
            _ => return Err(kinds::BAD_FIELD.with("field", name).with("known", Self::NAMES.join(" "))),
        })
    }
}

fn optional<T>(name: &str, value: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>> {
    match value.is_empty() {
        true => Ok(None),
        false => parse(value).map(Some).ok_or_else(|| bad(name, value)),
    }
}

fn bad(name: &str, value: &str) -> Error {
    kinds::BAD_FIELD_VALUE.with("field", name).with("value", short(value)).with("line", NOWHERE)
}

/// A value as a sentence can hold it: the whole text of a mistyped cell helps nobody.
pub(crate) fn short(value: &str) -> String {
    let cut = value.chars().count() > MAX_SHOWN;
    let shown = value.chars().take(MAX_SHOWN).map(|c| if c.is_control() { ' ' } else { c });
    shown.chain(cut.then_some('…')).collect()
}

/// The code of a cover sheet in its one form; other serials stay as they are.
fn serial(text: String) -> String {
    text.parse::<SheetCode>().map_or(text, |code| code.to_string())
}

fn text(value: &str) -> Option<String> {
    limited(value, MAX_CHARS)
}

fn limited(value: &str, most: usize) -> Option<String> {
    let text: String = value.nfc().filter(|c| !c.is_control()).collect();
    (text.chars().count() <= most).then_some(text)
}

/// Recipients as people list them: `;`, `|` or a line for each, often with the dash of the paper in front.
fn recipients(value: &str) -> Option<String> {
    let parts = value.split([';', '|', '\n']).map(|part| part.trim().trim_start_matches(['-', '–']).trim());
    let parts: Vec<&str> =
        parts.map(|part| part.trim_end_matches('.')).filter(|part| !part.is_empty()).collect();
    limited(&parts.join("; "), MAX_RECIPIENTS)
}

fn copies(value: &str) -> Option<u32> {
    value.parse().ok().filter(|copies| (1..=MAX_COPIES).contains(copies))
}

/// dd/MM/yyyy or ISO 8601, never MM/dd.
pub(crate) fn date(value: &str) -> Option<Date> {
    value.parse().ok().filter(|_| value.contains('-')).or_else(|| Date::strptime("%d/%m/%Y", value).ok())
}

pub(crate) fn date_time(value: &str) -> Option<DateTime> {
    let typed =
        ["%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M"].iter().find_map(|f| DateTime::strptime(f, value).ok());
    let iso = || value.parse().ok().filter(|_: &DateTime| value.contains('-'));
    typed.or_else(iso).or_else(|| date(value).map(|d| d.at(0, 0, 0, 0)))
}

fn direction(value: &str) -> Option<Direction> {
    match value.nfc().collect::<String>().to_lowercase().as_str() {
        "outgoing" | "đi" => Some(Direction::Outgoing),
        "incoming" | "đến" => Some(Direction::Incoming),
        _ => None,
    }
}

/// An extract is never made from a scan: a scan shows the whole page (Decree 30/2020 Art. 25).
fn copy_form(value: &str) -> Result<Option<CopyForm>> {
    match value.nfc().collect::<String>().to_uppercase().as_str() {
        "" => Ok(None),
        "SAO Y" => Ok(Some(CopyForm::SaoY)),
        "SAO LỤC" => Ok(Some(CopyForm::SaoLuc)),
        "TRÍCH SAO" => Err(kinds::EXTRACT_FROM_SCAN.with("line", NOWHERE)),
        _ => Err(bad("copy_form", value)),
    }
}

//! A document as a row of the list.

use crate::document::{Direction, Sha256};
use crate::store::Record;
use crate::upload::Receipt;

use super::sheet::Align;
use super::table::Column;
use super::words::Words;

/// Digits of a digest in the row; all of them stand in the annex.
const SHORT: usize = 12;
/// Most receipts that a row tells (our limit).
const MAX_RECEIPTS: usize = 20;

/// The columns of the list; widths in points.
pub(super) fn columns(words: &Words) -> Vec<Column> {
    let column = |name: &str, width, align| Column { width, head: words.name("report-col", name), align };
    vec![
        column("no", 24.0, Align::Center),
        column("document", 47.0, Align::Left),
        column("number", 74.0, Align::Left),
        column("date", 47.0, Align::Center),
        column("subject", 184.0, Align::Left),
        column("signer", 78.0, Align::Left),
        column("pages", 26.0, Align::Center),
        column("signatures", 44.0, Align::Center),
        column("state", 76.0, Align::Left),
        column("receipt", 90.0, Align::Left),
        column("digest", 61.0, Align::Left),
    ]
}

/// The cells of the document that stands at `index`, counted from 0.
pub(super) fn cells(words: &Words, index: usize, record: &Record) -> Vec<Vec<String>> {
    vec![
        vec![words.tidy(&(index + 1).to_string())],
        vec![words.tidy(&record.document)],
        number(words, record),
        record.fields.issued_date.map(|date| words.day(date)).into_iter().collect(),
        subject(words, record),
        signer(words, record),
        vec![words.tidy(&record.pages.to_string())],
        signatures(words, record),
        state(words, record),
        record.receipts.iter().take(MAX_RECEIPTS).flat_map(|r| receipt(words, record, r)).collect(),
        latest(record)
            .map(|digest| words.tidy(digest.0.get(..SHORT).unwrap_or(&digest.0)))
            .into_iter()
            .collect(),
    ]
}

/// Digest of the latest version of the document's PDF.
pub(super) fn latest(record: &Record) -> Option<&Sha256> {
    record.latest().map(|revision| &revision.sha256)
}

fn number(words: &Words, record: &Record) -> Vec<String> {
    let fields = &record.fields;
    let parts = [fields.code_number.as_deref(), fields.code_notation.as_deref()];
    let own = parts.into_iter().flatten().collect::<Vec<_>>().join("/");
    let arrival = fields.arrival_number.as_deref().filter(|_| record.fields.direction == Direction::Incoming);
    let arrival = arrival.map(|number| words.fill("report-arrival", &[("number", number)]));
    [Some(words.tidy(&own)), arrival].into_iter().flatten().collect()
}

fn subject(words: &Words, record: &Record) -> Vec<String> {
    let fields = &record.fields;
    let parts = [fields.type_name.as_deref(), fields.subject.as_deref()];
    let parts: Vec<String> = parts.into_iter().flatten().map(|part| words.tidy(part)).collect();
    let copy = fields.copy_form.map(|form| words.fill("report-copy-form", &[("form", form.as_str())]));
    // Tidied once more, so that the limit holds for type and subject together.
    [Some(words.tidy(&parts.join(": "))), copy].into_iter().flatten().collect()
}

fn signer(words: &Words, record: &Record) -> Vec<String> {
    let fields = &record.fields;
    [&fields.signer_name, &fields.signer_position]
        .into_iter()
        .flatten()
        .map(|text| words.tidy(text))
        .collect()
}

fn signatures(words: &Words, record: &Record) -> Vec<String> {
    let count = |key: &str, value: &str| {
        let is = |row: &&crate::store::SignatureRow| row.0.get(key).and_then(|v| v.as_str()) == Some(value);
        record.signatures.iter().filter(is).count()
    };
    let mut cell =
        vec![words.tidy(&format!("{}/{}", count("role", "personal"), count("role", "organization")))];
    match count("integrity", "broken") {
        0 => {}
        broken => cell.push(words.fill("report-signature-broken", &[("count", &broken.to_string())])),
    }
    cell
}

fn state(words: &Words, record: &Record) -> Vec<String> {
    let mut cell = vec![words.name("report-state", record.state.as_str())];
    cell.extend(record.waiting_for.as_deref().map(|who| words.name("report-waiting", who)));
    if !record.owed.is_empty() {
        let owed: Vec<String> = record.owed.iter().map(|what| words.name("report-owed", what)).collect();
        cell.push(words.fill("report-owed", &[("what", &owed.join(", "))]));
    }
    cell
}

fn receipt(words: &Words, record: &Record, receipt: &Receipt) -> Vec<String> {
    let proof = words.name("report-proof", receipt.proof.as_str());
    let mut lines =
        vec![words.fill("report-receipt", &[("destination", &receipt.destination), ("proof", &proof)])];
    // A proof of an earlier version must not be read as one of the version in the list.
    if latest(record) != Some(&receipt.sha256) {
        lines.push(words.say("report-receipt-older"));
    }
    lines.push(words.moment(receipt.at));
    lines
}

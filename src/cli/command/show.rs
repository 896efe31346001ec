//! Everything about a document as a person reads it: each fact under the name that people know it by, times as they are written
//! in the office.

use jiff::civil::{Date, DateTime};

use super::super::console::Console;
use super::super::render;
use crate::document::{Fields, Finding};
use crate::event::{Front, finding_text};
use crate::locales::{self, Lang};
use crate::pipeline::Desk;
use crate::store::{Aside, Record, SignatureRow};

/// Labels and values, one a line.
struct Facts {
    lang: Lang,
    /// Minutes from UTC.
    offset: i32,
    lines: Vec<String>,
}

impl Facts {
    fn say(&self, id: &str) -> String {
        locales::plain(self.lang, id)
    }

    /// A word for a value of the program's own, or for its kind before a colon; else the value.
    fn word(&self, family: &str, value: &str) -> String {
        let kind = value.split(':').next().unwrap_or_default();
        let ids = [value, kind].map(|name| format!("{family}-{}", name.replace([':', '_'], "-")));
        ids.iter().find(|id| locales::has(self.lang, id)).map_or_else(|| value.to_owned(), |id| self.say(id))
    }

    fn moment(&self, at: jiff::Timestamp) -> String {
        render::moment(at, self.offset)
    }

    fn line(&mut self, label: &str, value: &str) {
        self.lines.push(format!("  {label}: {}", render::shown(value)));
    }

    fn add(&mut self, name: &str, value: &str) {
        let label = self.say(&format!("show-{name}"));
        self.line(&label, value);
    }
}

/// Everything about a document, a fact a line.
pub(super) fn page(record: &Record, desk: &Desk, console: &Console) -> String {
    let lang = console.lang();
    let offset = desk.workspace.profile.utc_offset_minutes;
    let mut facts = Facts { lang, offset, lines: vec![render::table(std::slice::from_ref(record), lang)] };
    paper(&mut facts, record);
    files(&mut facts, record);
    signatures(&mut facts, record);
    deliveries(&mut facts, record);
    for finding in &record.findings {
        // The code is what a reason is given for.
        facts.line(&finding.code, &sentence(finding, lang));
    }
    facts.lines.extend(proposed(record, lang));
    facts.lines.join("\n")
}

/// What stands on the paper, and when it came in.
fn paper(facts: &mut Facts, record: &Record) {
    for name in Fields::NAMES {
        if let Some(value) = record.fields.get(name) {
            let label = facts.say(&format!("web-field-{}", name.replace('_', "-")));
            facts.line(&format!("{label} ({name})"), &written(name, &value));
        }
    }
    let captured = facts.moment(record.captured_at);
    facts.add("captured-at", &captured);
    if let Some(at) = record.entered_at {
        let at = facts.moment(at);
        facts.add("entered-at", &at);
    }
    if !record.outage.is_empty() {
        facts.add("outage", &record.outage);
    }
}

/// Its scans, the sheets that are no pages of it, its versions.
fn files(facts: &mut Facts, record: &Record) {
    let described = |aside: &Aside| {
        let place = format!("{} [{}]", aside.file, aside.page);
        [Some(place), aside.sheet.clone(), aside.reason.clone()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join("  ")
    };
    record.separators.iter().for_each(|aside| facts.add("separator", &described(aside)));
    record.dropped_pages.iter().for_each(|aside| facts.add("dropped-page", &described(aside)));
    record.files.iter().for_each(|f| facts.add("file", &format!("{} [{}]", f.file, f.pages)));
    record.source_sha256.iter().for_each(|s| facts.add("source", &s.to_string()));
    for revision in &record.revisions {
        let what = facts.word("show-version", &revision.reason);
        let at = facts.moment(revision.at);
        facts.add("version", &format!("{what}, {at}  {}", revision.sha256));
    }
}

fn signatures(facts: &mut Facts, record: &Record) {
    for row in &record.signatures {
        let line = signature(facts, row);
        facts.add("signature", &line);
    }
    if !record.owed.is_empty() {
        let owed: Vec<String> =
            record.owed.iter().map(|what| facts.say(&format!("report-owed-{what}"))).collect();
        facts.add("owed", &owed.join(", "));
    }
    if let Some(until) = record.stands_until() {
        let until = facts.moment(until);
        facts.add("stands-until", &until);
    }
}

fn signature(facts: &Facts, row: &SignatureRow) -> String {
    let text = |name: &str| row.0.get(name).and_then(|value| value.as_str());
    let at = text("signed_at").and_then(|at| at.parse().ok()).map(|at| facts.moment(at));
    let parts = [
        text("role").map(|role| facts.word("cli-role", role)),
        text("signer").map(str::to_owned),
        at,
        text("reason").map(str::to_owned),
        text("integrity").map(|value| facts.word("show-integrity", value)),
        text("trust").map(|value| facts.word("show-trust", value)),
        text("level").map(str::to_owned),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Where it went, and what a destination refused.
fn deliveries(facts: &mut Facts, record: &Record) {
    for receipt in &record.receipts {
        let proof = facts.word("report-proof", receipt.proof.as_str());
        let at = facts.moment(receipt.at);
        facts.add("receipt", &format!("{} · {proof} · {at} · {}", receipt.destination, receipt.url));
    }
    for delivery in &record.set_aside {
        let (refusal, name) = (delivery.refusal(), render::shown(&delivery.destination));
        let (message, advice) = (refusal.message(facts.lang), refusal.advice(facts.lang));
        facts.add("set-aside", &format!("{name}: {message} → {advice}"));
    }
}

/// A value as people write it.
fn written(name: &str, value: &str) -> String {
    let known = match name {
        "paper_signed_at" => {
            value.parse::<DateTime>().ok().map(|at| at.strftime("%H:%M %d/%m/%Y").to_string())
        }
        name if name.ends_with("_date") => {
            value.parse::<Date>().ok().map(|day| day.strftime("%d/%m/%Y").to_string())
        }
        _ => None,
    };
    known.unwrap_or_else(|| value.to_owned())
}

/// What seems to stand on the paper, how sure that is, and how to take it over.
fn proposed(record: &Record, lang: Lang) -> Vec<String> {
    if record.proposals.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![locales::plain(lang, "cli-proposals")];
    for proposal in &record.proposals {
        let percent = (proposal.confidence * 100.0).round();
        let given = record.fields.get(&proposal.field);
        let given = given.map(|value| {
            format!("  {}", locales::text(lang, "cli-proposal-given", &[("value", render::shown(&value))]))
        });
        let value = render::shown(&proposal.value);
        lines.push(format!("  ? {}=\"{value}\"  {percent} %{}", proposal.field, given.unwrap_or_default()));
    }
    let document = [("document", record.document.as_str())];
    lines.push(locales::text(lang, "cli-proposals-accept", &document));
    lines
}

fn sentence(finding: &Finding, lang: Lang) -> String {
    let page = finding.page.map(|n| locales::text(lang, "cli-page", &[("page", n.to_string())]));
    let accepted = finding.accepted_by.as_ref().map(|by| locales::text(lang, "cli-accepted", &[("by", by)]));
    let parts = [page, Some(finding_text(finding, lang)), accepted, finding.reason.clone()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

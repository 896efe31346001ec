//! Events and records as people read them.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::Offset;
use serde_json::Value;

use crate::document::FilePages;
use crate::event::Event;
use crate::locales::{self, Lang};
use crate::store::{Delivery, HandedOver, Record};

/// Longest subject in a line, in characters.
const SUBJECT: usize = 48;

/// The line of an event; `first` says that its code was not told before. None for events that say nothing to people.
pub(super) fn event(event: &Event, first: bool, lang: Lang) -> Option<String> {
    let text = |name: &str| event.fields.get(name).and_then(Value::as_str).unwrap_or_default();
    let subject = [text("document"), text("file")].into_iter().find(|s| !s.is_empty()).unwrap_or_default();
    match event.name {
        "error" => {
            let head = if subject.is_empty() { String::new() } else { format!("{}: ", shown(subject)) };
            let advice = if first { format!("\n  → {}", text("advice")) } else { String::new() };
            Some(format!("✗ {head}{}{advice}", text("message")))
        }
        "document" => document(event, lang),
        "signature" if !text("file").is_empty() => {
            Some(format!("✓ {}: {}", shown(text("file")), text("signer")))
        }
        "receipt" => {
            let proof = locales::plain(lang, &format!("report-proof-{}", text("proof")));
            Some(format!("✓ {subject} → {}: {proof}. {}", text("destination"), shown(text("url"))))
        }
        "plan" => plan(event, lang),
        "serving" => Some(locales::text(
            lang,
            "cli-serving",
            &[("open", text("open")), ("address", text("address")), ("file", text("start_file"))],
        )),
        _ => None,
    }
}

/// A line for each finding; the same one on several pages of a document is one line.
pub(super) fn findings(events: &[Event], lang: Lang) -> Vec<String> {
    let mut groups: Vec<(String, String, Vec<String>)> = Vec::new();
    for event in events {
        let text = |name: &str| event.fields.get(name).and_then(Value::as_str).unwrap_or_default();
        let subject =
            [text("document"), text("file")].into_iter().find(|s| !s.is_empty()).unwrap_or_default();
        let page = event.fields.get("page").and_then(Value::as_u64).map(|n| n.to_string());
        match groups.iter_mut().find(|(s, t, _)| s == subject && t == text("text")) {
            Some((_, _, pages)) => pages.extend(page),
            None => groups.push((subject.to_owned(), text("text").to_owned(), page.into_iter().collect())),
        }
    }
    let line = |(subject, text, pages): (String, String, Vec<String>)| {
        let pages = match pages.is_empty() {
            true => String::new(),
            false => format!(", {}", locales::text(lang, "cli-page", &[("page", pages.join(", "))])),
        };
        format!("! {}{pages}: {text}", shown(&subject))
    };
    groups.into_iter().map(line).collect()
}

fn document(event: &Event, lang: Lang) -> Option<String> {
    let text = |name: &str| event.fields.get(name).and_then(Value::as_str).unwrap_or_default();
    let number = |name: &str| event.fields.get(name).and_then(Value::as_u64).unwrap_or_default();
    let fields: crate::document::Fields =
        serde_json::from_value(event.fields.get("fields")?.clone()).unwrap_or_default();
    let state = state(text("state"), lang);
    let sizes = match number("bytes_out") {
        0 => kilobytes(number("bytes_in"), lang),
        out => format!("{} → {}", kilobytes(number("bytes_in"), lang), kilobytes(out, lang)),
    };
    let pages = locales::text(lang, "cli-pages", &[("pages", number("pages").to_string())]);
    let name = fields.number().unwrap_or_default();
    Some(format!("✓ {}  {:<14}  {state} · {pages} · {sizes}", text("document"), shown(&name)))
}

fn plan(event: &Event, lang: Lang) -> Option<String> {
    let text = |name: &str| event.fields.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("action") == "sign_all" {
        return Some(whole_plan(event, lang));
    }
    let action = match text("waiting_for") {
        "" => locales::plain(lang, &format!("cli-plan-{}", text("action"))),
        role => locales::plain(lang, &format!("report-waiting-{role}")),
    };
    let files = event.fields.get("files").and_then(Value::as_array).cloned().unwrap_or_default();
    let files: Vec<&str> = files.iter().filter_map(Value::as_str).collect();
    let step = match text("step_title") {
        "" => String::new(),
        title => format!("[{title}]"),
    };
    let parts = [
        text("document"),
        &files.join(" | "),
        text("number"),
        text("subject"),
        text("destination"),
        text("store"),
        &step,
    ];
    let parts: Vec<String> = parts.into_iter().filter(|p| !p.is_empty()).map(shown).collect();
    Some(format!("· {action}: {}", parts.join("  ")))
}

/// A plan of signatures all in all: how many, by whom, how long.
fn whole_plan(event: &Event, lang: Lang) -> String {
    let count = |name: &str| event.fields.get(name).and_then(Value::as_u64).unwrap_or_default().to_string();
    let key = event.fields.get("key").and_then(Value::as_str).map(shown);
    let seconds = event.fields.get("seconds").and_then(Value::as_f64);
    let time = time_needed(seconds.and_then(|s| Duration::try_from_secs_f64(s).ok()), lang);
    let args = [
        ("documents", count("documents")),
        ("waiting", count("waiting")),
        ("refused", count("refused")),
        ("key", key.unwrap_or_else(|| locales::plain(lang, "cli-key-not-named"))),
        ("time", time),
    ];
    locales::text(lang, "cli-plan-sign-all", &args.each_ref().map(|(name, value)| (*name, value.as_str())))
}

/// How long a key will take, in words.
pub(super) fn time_needed(time: Option<Duration>, lang: Lang) -> String {
    match time.map(|time| time.as_secs()) {
        None => locales::plain(lang, "cli-time-unknown"),
        Some(0) => locales::plain(lang, "cli-time-moment"),
        Some(seconds @ ..120) => locales::text(lang, "cli-time-seconds", &[("count", &seconds.to_string())]),
        Some(seconds) => {
            locales::text(lang, "cli-time-minutes", &[("count", &seconds.div_ceil(60).to_string())])
        }
    }
}

/// Hostile text (file names, subjects) must not move the cursor or turn the direction of what follows.
pub(super) fn shown(text: &str) -> String {
    let hostile = |c: char| c.is_control() || locales::turns(c);
    text.chars().map(|c| if hostile(c) { '\u{FFFD}' } else { c }).collect()
}

/// As [`shown`], line by line.
pub(super) fn shown_lines(text: &str) -> String {
    text.lines().map(shown).collect::<Vec<_>>().join("\n")
}

/// A state in words.
pub(super) fn state(name: &str, lang: Lang) -> String {
    locales::plain(lang, &format!("report-state-{}", name.replace('_', "-")))
}

/// Most deliveries that are named in one line.
const NAMED: usize = 20;

/// Documents that were set aside, each with the destination that refused it.
pub(super) fn aside<'a>(deliveries: impl Iterator<Item = &'a Delivery>) -> String {
    let all: Vec<&Delivery> = deliveries.collect();
    let one = |d: &&Delivery| format!("{} ({})", d.document, shown(&d.destination));
    let named: Vec<String> = all.iter().take(NAMED).map(one).collect();
    format!("{}{}", named.join(", "), if all.len() > NAMED { ", …" } else { "" })
}

/// The documents whose signatures others wait for, each once, by the numbers that people know them by.
pub(super) fn behind(waiting: &[&Record], all: &[Record]) -> String {
    let mut ids: Vec<&str> = waiting.iter().filter_map(|record| record.behind.as_deref()).collect();
    ids.sort_unstable();
    ids.dedup();
    let number = |id: &str| all.iter().find(|record| record.document == id)?.fields.number();
    let named = ids.iter().take(NAMED).map(|id| number(id).map_or((*id).to_owned(), |number| shown(&number)));
    let named = named.collect::<Vec<_>>().join(", ");
    format!("{named}{}", if ids.len() > NAMED { ", …" } else { "" })
}

/// Who a document waits for, in words.
pub(super) fn waiting(record: &Record, lang: Lang) -> String {
    if !record.set_aside.is_empty() {
        let names: Vec<String> = record.set_aside.iter().map(|d| shown(&d.destination)).collect();
        return locales::text(lang, "cli-set-aside-at", &[("destination", names.join(", "))]);
    }
    let waits = match (&record.waiting_for, &record.behind) {
        (Some(role), _) => locales::plain(lang, &format!("report-waiting-{role}")),
        (None, Some(document)) => locales::text(lang, "cli-behind", &[("document", document.as_str())]),
        (None, None) => String::new(),
    };
    let parts =
        [waits, record.handed_over.as_ref().map(|handed| elsewhere(handed, lang)).unwrap_or_default()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(". ")
}

/// That a document is on another machine.
fn elsewhere(handed: &HandedOver, lang: Lang) -> String {
    let args = [("day", handed.day()), ("purpose", handed.purpose.as_str().to_owned())];
    locales::text(lang, "cli-handed-over", &args)
}

/// Bytes in KB of 1,000 bytes, or MB.
pub(super) fn kilobytes(bytes: u64, lang: Lang) -> String {
    match bytes {
        0..1_000_000 => format!("{} KB", bytes.div_ceil(1_000)),
        _ => format!("{} MB", locales::decimal(lang, &format!("{:.1}", bytes as f64 / 1e6))),
    }
}

/// Time and day as people write them in the office.
pub(super) fn moment(at: Timestamp, offset_minutes: i32) -> String {
    let offset = Offset::from_seconds(offset_minutes.saturating_mul(60)).unwrap_or(Offset::UTC);
    offset.to_datetime(at).strftime("%H:%M:%S %d/%m/%Y").to_string()
}

/// A sentence with the times in it as people write them in the office: in UTC the day itself may be another one.
pub(super) fn local_times(sentence: &str, offset_minutes: i32) -> String {
    let part = |c: char| c.is_ascii_digit() || "T:.+-Z".contains(c);
    let mut out = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, behind) = rest.split_at(start);
        let (run, after) = behind.split_at(behind.find(|c| !part(c)).unwrap_or(behind.len()));
        // A sentence may end behind a time.
        let bare = run.trim_end_matches(['.', ':', '-']);
        let at = bare.parse::<Timestamp>().ok().filter(|_| bare.contains('T'));
        out.push_str(before);
        match at {
            Some(at) => {
                out.push_str(&moment(at, offset_minutes));
                out.push_str(run.get(bare.len()..).unwrap_or_default());
            }
            None => out.push_str(run),
        }
        rest = after;
    }
    out + rest
}

/// The table of `list` and `recover`.
pub(super) fn table(records: &[Record], lang: Lang) -> String {
    let heads = ["document", "number", "subject", "pages", "in", "out", "signatures", "state"];
    let heads = heads.map(|name| locales::plain(lang, &format!("cli-head-{name}")));
    let mut rows: Vec<[String; 8]> = vec![heads];
    rows.extend(records.iter().map(|record| row(record, lang)));
    columns(&rows)
}

fn row(record: &Record, lang: Lang) -> [String; 8] {
    let fields = &record.fields;
    let subject = fields.subject.clone().or_else(|| fields.type_name.clone());
    let subject = subject.unwrap_or_else(|| files(record));
    let waits = waiting(record, lang);
    let state = state(record.state.as_str(), lang);
    [
        record.document.clone(),
        shown(&fields.number().unwrap_or_default()),
        cut(&shown(&subject), SUBJECT),
        record.pages.to_string(),
        kilobytes(record.bytes_in, lang),
        if record.bytes_out == 0 { "–".to_owned() } else { kilobytes(record.bytes_out, lang) },
        record.signatures.len().to_string(),
        if waits.is_empty() { state } else { format!("{state}. {waits}") },
    ]
}

/// Where nobody has said what a document is about, the names of its files tell it from others.
fn files(record: &Record) -> String {
    let name = |part: &FilePages| match part.pages.as_str() {
        "1" => part.file.clone(),
        pages => format!("{} [{pages}]", part.file),
    };
    record.files.iter().map(name).collect::<Vec<_>>().join(" | ")
}

/// Text of no more than `length` characters.
pub(super) fn cut(text: &str, length: usize) -> String {
    match text.chars().count() > length {
        true => text.chars().take(length - 1).chain(['…']).collect(),
        false => text.to_owned(),
    }
}

/// Columns as wide as their widest cell; numbers (pages to signatures) to the right.
fn columns(rows: &[[String; 8]]) -> String {
    let mut widths = [0; 8];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let line = |row: &[String; 8]| {
        let cells = row.iter().zip(widths).enumerate().map(|(index, (cell, width))| match index {
            3..=6 => format!("{cell:>width$}"),
            7 => cell.clone(),
            _ => format!("{cell:<width$}"),
        });
        cells.collect::<Vec<_>>().join("  ")
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_office() {
        for (given, wanted) in [
            ("ends (2026-11-02T16:59:59Z) before", "ends (23:59:59 02/11/2026) before"),
            ("at 2026-11-01T17:00:00.123456789Z.", "at 00:00:00 02/11/2026."),
            ("2026-11-06T08:50:00+07:00", "08:50:00 06/11/2026"),
            ("125/UBND 2026-11-02 12:30 T1Z 1.1", "125/UBND 2026-11-02 12:30 T1Z 1.1"),
            ("", ""),
        ] {
            assert_eq!(local_times(given, 420), wanted);
        }
    }

    #[test]
    fn megabytes_are_written_as_the_language_has_it() {
        assert_eq!(kilobytes(1_149_000, Lang::Vi), "1,1 MB");
        assert_eq!(kilobytes(1_149_000, Lang::En), "1.1 MB");
        assert_eq!(kilobytes(999_001, Lang::Vi), "1000 KB");
    }
}

//! The recovery result notice (Decree 30/2020 Appendix VI, Part I, IV.1.e: "thông báo kết quả phục hồi") in the form of an
//! administrative document (Appendix I and III), with the reconciliation as its annex.

use jiff::Timestamp;

use crate::document::Sha256;
use crate::error::{Result, kinds};
use crate::locales::Lang;
use crate::outage::Outage;
use crate::pdf::ArchivalPdf;
use crate::reconcile::Line;
use crate::store::Record;

use super::MAX_DOCUMENTS;
use super::archive::{self, Cover};
use super::chart::{self, Curve};
use super::reconciliation;
use super::ruler::Ruler;
use super::sheet::{Align, PORTRAIT, Sheets, Style};
use super::words::Words;

const BODY: f32 = 13.0;
const INDENT: f32 = 28.0;
/// Between two paragraphs in points.
const GAP: f32 = 4.0;
/// Height of the block with recipients and signature; it stays on one page.
const ENDING: f32 = 150.0;

/// What only the office can say about its notice.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// Number and notation, `45/TB-UBND`; a line to fill in when there is none.
    pub number: Option<String>,
    /// Place of issue.
    pub place: Option<String>,
    /// Who signs.
    pub signer: Option<String>,
    /// As what, with TM., KT., TL. where due.
    pub position: Option<String>,
    /// Recipients.
    pub recipients: Vec<String>,
}

/// What the notice tells.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The outage.
    pub outage: &'a Outage,
    /// The reconciliation.
    pub lines: &'a [Line],
    /// Documents of the outage.
    pub records: &'a [Record],
    /// Digest of the export that was compared with.
    pub system: Option<&'a Sha256>,
    /// Name of the office.
    pub office: &'a str,
    /// What only the office can say.
    pub form: &'a Form,
    /// Whether it is a document of a Vietnamese agency.
    pub national: bool,
    /// When it is made.
    pub made_at: Timestamp,
    /// Offset of the office's time from UTC in minutes.
    pub utc_offset_minutes: i32,
    /// Language.
    pub lang: Lang,
}

/// The notice as PDF/A.
///
/// # Errors
/// [`kinds::REPORT_TOO_LARGE`] above [`MAX_DOCUMENTS`]; an internal error when the font cannot be embedded.
pub fn notice(facts: &Facts) -> Result<ArchivalPdf> {
    if facts.records.len() > MAX_DOCUMENTS {
        return Err(kinds::REPORT_TOO_LARGE.with("count", facts.records.len()).with("limit", MAX_DOCUMENTS));
    }
    let ruler = Ruler::new()?;
    let words = Words::of(facts.lang, facts.utc_offset_minutes, &ruler);
    let banner = facts.outage.drill.then(|| words.say("report-drill"));
    let mut sheets = Sheets::on(PORTRAIT, &ruler, banner);
    head(&mut sheets, &words, facts);
    title(&mut sheets, &words, facts);
    introduction(&mut sheets, &words, facts);
    let mut sections = Sections(0);
    sections.next(&mut sheets, &words, "notice-section-outage");
    outage(&mut sheets, &words, facts.outage);
    sections.next(&mut sheets, &words, "notice-section-result");
    reconciliation::summary(&mut sheets, &words, facts);
    progress(&mut sheets, &words, facts, &mut sections);
    sections.next(&mut sheets, &words, "notice-section-conclusion");
    conclusion(&mut sheets, &words, facts);
    ending(&mut sheets, &words, facts);
    reconciliation::annex(&mut sheets, &words, facts);
    for index in 1..sheets.count() {
        sheets.number_above(index, &words.number(index as u64 + 1));
    }
    let title = words.fill("notice-file-title", &[("reference", &facts.outage.reference)]);
    let cover = Cover {
        title: &title,
        made_at: facts.made_at,
        utc_offset_minutes: facts.utc_offset_minutes,
        lang: facts.lang,
    };
    archive::file(sheets, &cover)
}

/// Characters of what the notice tells that its font does not have; they are shown as a question mark.
///
/// # Errors
/// An internal error when the font cannot be read.
pub fn unshown(facts: &Facts) -> Result<String> {
    let ruler = Ruler::new()?;
    let (form, outage) = (facts.form, facts.outage);
    let own = [&form.number, &form.place, &form.signer, &form.position].into_iter().flatten();
    let told = [facts.office, &outage.reference].into_iter().chain(own.map(String::as_str));
    let lists = form.recipients.iter().chain(&outage.systems).chain(&outage.units);
    let subjects = facts.records.iter().filter_map(|record| record.fields.subject.as_deref());
    let reasons = facts.lines.iter().filter_map(|line| line.settled.as_ref());
    let reasons = reasons.flat_map(|settled| [settled.reason.as_str(), settled.by.as_str()]);
    let all = told.chain(lists.map(String::as_str)).chain(subjects).chain(reasons);
    let unshown: std::collections::BTreeSet<char> = all.flat_map(|text| ruler.lacks(text)).collect();
    Ok(unshown.into_iter().collect())
}

/// Office and number at the left; nation, motto, place and day at the right.
fn head(sheets: &mut Sheets, words: &Words, facts: &Facts) {
    let (left, right) = sheets.paper.edges;
    let (own, other) = ((left, left + 190.0), (left + 196.0, right));
    let top = sheets.y;
    let office = words.tidy(&facts.office.to_uppercase());
    for line in sheets.ruler.lines(&office, BODY, own.1 - own.0, 4) {
        sheets.line(&line, Style::bold(BODY), own, Align::Center);
    }
    under(sheets, own, 60.0);
    let number = facts.form.number.clone().unwrap_or_else(|| words.say("notice-number-open"));
    let number = words.fill("notice-number", &[("number", &words.tidy(&number))]);
    sheets.line(&number, Style::regular(BODY), own, Align::Center);
    let low = sheets.y;
    sheets.y = top;
    if facts.national {
        sheets.line(&words.say("notice-nation"), Style::bold(12.0), other, Align::Center);
        let motto = words.say("notice-motto");
        sheets.line(&motto, Style::bold(BODY), other, Align::Center);
        under(sheets, other, sheets.ruler.width(&motto, BODY));
    }
    let day = words.long_day(facts.made_at);
    let dated = match &facts.form.place {
        Some(place) => words.fill("notice-place", &[("place", &words.tidy(place)), ("day", &day)]),
        None => words.fill("notice-day", &[("day", &day)]),
    };
    sheets.line(&dated, Style::italic(BODY), other, Align::Center);
    sheets.y = sheets.y.min(low) - 14.0;
}

/// A short rule in the middle.
fn under(sheets: &mut Sheets, edges: (f32, f32), width: f32) {
    let (middle, y) = ((edges.0 + edges.1) / 2.0, sheets.y - 2.0);
    sheets.rule((middle - width / 2.0, y), (middle + width / 2.0, y), 0.7);
    sheets.y -= 7.0;
}

fn title(sheets: &mut Sheets, words: &Words, facts: &Facts) {
    let edges = sheets.paper.edges;
    sheets.line(&words.say("notice-title"), Style::bold(14.0), edges, Align::Center);
    let about = words.fill("notice-about", &[("reference", &words.tidy(&facts.outage.reference))]);
    for line in sheets.ruler.lines(&about, 14.0, edges.1 - edges.0 - 40.0, 4) {
        sheets.line(&line, Style::bold(14.0), edges, Align::Center);
    }
    under(sheets, edges, 90.0);
    sheets.y -= 8.0;
}

fn introduction(sheets: &mut Sheets, words: &Words, facts: &Facts) {
    if facts.national {
        let declared = facts.outage.declaration_document.as_ref();
        let declared =
            declared.map(|no| words.fill("notice-basis-declared", &[("document", &words.tidy(no))]));
        for basis in std::iter::once(words.say("notice-basis")).chain(declared) {
            sheets.indented(&basis, Style::italic(BODY), sheets.paper.edges, INDENT);
            sheets.y -= GAP;
        }
    }
    let office = words.tidy(facts.office);
    paragraph(sheets, &words.fill("notice-introduction", &[("office", &office)]));
}

pub(super) fn paragraph(sheets: &mut Sheets, text: &str) {
    sheets.indented(text, Style::regular(BODY), sheets.paper.edges, INDENT);
    sheets.y -= GAP;
}

/// A heading that does not stand alone at the foot of a page.
/// Numbered one after the other, whichever are left out.
struct Sections(u64);

impl Sections {
    fn next(&mut self, sheets: &mut Sheets, words: &Words, id: &str) {
        self.0 += 1;
        section(
            sheets,
            &words.fill("notice-section", &[("number", &self.0.to_string()), ("title", &words.say(id))]),
        );
    }
}

fn section(sheets: &mut Sheets, title: &str) {
    if !sheets.has_room(5.0 * Style::bold(BODY).leading()) {
        sheets.next_page();
    }
    sheets.y -= 3.0;
    sheets.indented(title, Style::bold(BODY), sheets.paper.edges, INDENT);
    sheets.y -= GAP;
}

fn outage(sheets: &mut Sheets, words: &Words, outage: &Outage) {
    let at = |time: Option<Timestamp>| time.map(|time| words.moment(time));
    let window = match (at(outage.paper_from), at(outage.paper_to)) {
        (None, None) => None,
        (from, to) => {
            let open = || words.say("notice-open");
            let (from, to) = (from.unwrap_or_else(open), to.unwrap_or_else(open));
            Some(words.fill("notice-window", &[("from", &from), ("to", &to)]))
        }
    };
    let list = |all: &[String]| Some(all.join(", ")).filter(|text| !text.is_empty());
    for (name, value) in [
        ("systems", list(&outage.systems)),
        ("units", list(&outage.units)),
        ("ticket", outage.ticket.clone()),
        ("declared", outage.declared_by.clone()),
        ("start", at(outage.start())),
        ("window", window),
        ("restored", at(outage.restored_at)),
        ("blocks", list(&outage.number_blocks)),
    ] {
        if let Some(value) = value {
            let value = words.tidy(&value);
            paragraph(sheets, &words.fill(&format!("notice-fact-{name}"), &[("value", &value)]));
        }
    }
}

/// The chart, on one page with its heading.
fn progress(sheets: &mut Sheets, words: &Words, facts: &Facts, sections: &mut Sections) {
    let curves = curves(words, facts);
    if curves.iter().all(|curve| curve.moments.is_empty()) {
        return;
    }
    if !sheets.has_room(chart::HEIGHT + 3.0 * Style::bold(BODY).leading()) {
        sheets.next_page();
    }
    sections.next(sheets, words, "notice-section-progress");
    let restored = facts.outage.restored_at.map(|at| (words.say("notice-mark-restored"), at));
    let start = facts.outage.start().map(|at| (words.say("notice-mark-start"), at));
    let marks: Vec<(String, Timestamp)> = start.into_iter().chain(restored).collect();
    chart::draw(sheets, words, &curves, &marks);
    sheets.y -= GAP;
}

fn curves(words: &Words, facts: &Facts) -> Vec<Curve> {
    let counted: Vec<&Record> = facts.records.iter().filter(|r| reconciliation::counts(r)).collect();
    let offset = jiff::tz::Offset::from_seconds(facts.utc_offset_minutes.saturating_mul(60));
    let offset = offset.unwrap_or(jiff::tz::Offset::UTC);
    let signed = |r: &&Record| offset.to_timestamp(r.fields.paper_signed_at?).ok();
    let curve = |name: &str, moments, rgb, weight, dashed| Curve {
        name: words.say(&format!("notice-curve-{name}")),
        moments,
        rgb,
        weight,
        dashed,
    };
    let of = |moment: &dyn Fn(&&Record) -> Option<Timestamp>| counted.iter().filter_map(moment).collect();
    vec![
        curve("paper", of(&signed), [0.35; 3], 1.0, true),
        curve("scanned", of(&|r| Some(r.captured_at)), [0.10, 0.35, 0.70], 1.2, false),
        curve("sealed", of(&|r| reconciliation::sealed_at(r)), [0.75, 0.10, 0.10], 1.6, true),
        curve("delivered", of(&|r| r.entered_at), [0.05, 0.45, 0.20], 2.2, false),
    ]
}

fn conclusion(sheets: &mut Sheets, words: &Words, facts: &Facts) {
    let open = facts.lines.iter().filter(|line| line.open).count();
    let text = match open {
        0 if facts.lines.is_empty() && facts.outage.number_blocks.is_empty() => {
            words.say("notice-conclusion-none")
        }
        0 => words.say("notice-conclusion-done"),
        _ => words.fill("notice-conclusion-open", &[("count", &words.number(open as u64))]),
    };
    paragraph(sheets, &text);
    let compared = match facts.system {
        Some(digest) => words.fill("notice-compared", &[("digest", &digest.0)]),
        None => words.say("notice-compared-receipts"),
    };
    paragraph(sheets, &compared);
}

/// Recipients at the left; position, room for the signature and name at the right.
fn ending(sheets: &mut Sheets, words: &Words, facts: &Facts) {
    if !sheets.has_room(ENDING) {
        sheets.next_page();
    }
    sheets.y -= 10.0;
    let (left, right) = sheets.paper.edges;
    let (own, other) = ((left, left + 200.0), (left + 210.0, right));
    let top = sheets.y;
    sheets.line(
        &words.say("notice-recipients"),
        Style { italic: true, ..Style::bold(12.0) },
        own,
        Align::Left,
    );
    let archive = words.say("notice-recipients-archive");
    let named = facts.form.recipients.iter().map(|name| words.tidy(&format!("- {name};")));
    for text in named.chain([archive]).take(12) {
        sheets.paragraph(&text, Style::regular(11.0), own);
    }
    let low = sheets.y;
    sheets.y = top;
    let position = facts.form.position.clone().unwrap_or_else(|| words.say("notice-position-open"));
    // TM. and KT. stand on a line of their own, the position under them.
    for part in position.split(',') {
        for line in sheets.ruler.lines(&words.tidy(part), BODY, other.1 - other.0, 3) {
            sheets.line(&line, Style::bold(BODY), other, Align::Center);
        }
    }
    sheets.y -= 78.0;
    let signer = words.tidy(facts.form.signer.as_deref().unwrap_or_default());
    sheets.line(&signer, Style::bold(BODY), other, Align::Center);
    sheets.y = sheets.y.min(low);
}

//! What the profile and the outage have to say about a document: computed at intake and again after every correction.

use jiff::Timestamp;
use jiff::tz::Offset;

use crate::document::{self, Direction, Document, Finding, Severity};
use crate::outage::Outage;
use crate::profile::{ColourRule, Profile, SecretRule};
use crate::scan;

mod numbers;
mod twins;

pub use numbers::{NUMBER_TAKEN, Numbers};
pub use twins::Twins;

/// Findings that follow from facts a person can correct; the others stay as they were noticed.
const COMPUTED: [&str; 9] = [
    FIELD_MISSING,
    "field_too_long",
    OUTSIDE_WINDOW,
    BEFORE_OUTAGE,
    "page_count_differs",
    "stamp_missing",
    "stamp_not_judged",
    "signature_missing",
    SECRET,
];
/// A fact that the profile asks for and nobody has given; it is mended by giving it.
pub const FIELD_MISSING: &str = "field_missing";
/// Paper that was signed outside the time of this outage; accepted with a reason only.
pub const OUTSIDE_WINDOW: &str = "outside_paper_window";
/// Paper that was signed before its outage began, where nobody has said from when on paper was used.
pub const BEFORE_OUTAGE: &str = "paper_before_outage";
/// A document that turns out to be secret after its scan came in (rule 12); nobody can accept it away.
pub const SECRET: &str = "secret_known_late";

/// A document that was just taken in, with what its pages and its facts deserve to have said about them.
pub fn first(mut document: Document, profile: &Profile, outage: &Outage) -> Document {
    document.findings.extend(pages(&document, profile));
    reviewed(document, profile, outage)
}

/// The document with the findings that its facts deserve now. What somebody has accepted stays accepted.
pub fn reviewed(mut document: Document, profile: &Profile, outage: &Outage) -> Document {
    let old = std::mem::take(&mut document.findings);
    let accepted = |finding: &Finding| {
        let same = |f: &&Finding| f.code == finding.code && f.args == finding.args;
        old.iter().find(same).map(|f| (f.accepted_by.clone(), f.reason.clone())).unwrap_or_default()
    };
    let mut computed: Vec<Finding> = facts(&document, profile, outage);
    for finding in &mut computed {
        (finding.accepted_by, finding.reason) = accepted(finding);
    }
    let noticed = old.into_iter().filter(|f| !COMPUTED.contains(&f.code.as_str()));
    document.findings = noticed.chain(computed).collect();
    document
}

/// Too few dots, no colour, and what is wrong with the picture.
fn pages(document: &Document, profile: &Profile) -> Vec<Finding> {
    let colour = profile.scan.colour == ColourRule::Required;
    document
        .numbered_pages()
        .flat_map(|(number, page)| {
            let mut found = scan::check(page, profile.scan.min_dpi, colour);
            found.extend(scan::quality::page(page, &profile.quality));
            found.into_iter().map(move |f| Finding { page: Some(number), ..f })
        })
        .collect()
}

fn facts(document: &Document, profile: &Profile, outage: &Outage) -> Vec<Finding> {
    let mut found = Vec::new();
    let route = profile.route.iter().find(|rules| rules.name == document.route);
    let required = match (&document.born, route) {
        (Some(_), _) if document.is_attachment() => &[],
        (Some(_), Some(rules)) => rules.required.as_slice(),
        _ => profile.metadata.required.as_slice(),
    };
    for name in required {
        if document.fields.get(name).is_none() {
            found.push(Finding::new(FIELD_MISSING, None, Severity::Hold).with("field", name));
        }
    }
    for (name, limit) in &profile.metadata.lengths {
        let length = document.fields.get(name).map_or(0, |text| text.chars().count());
        if length > *limit as usize {
            let finding = Finding::new("field_too_long", None, Severity::Hold);
            found.push(finding.with("field", name).with("length", length).with("limit", limit));
        }
    }
    let total = document.page_total();
    if let Some(expected) = document.fields.pages.filter(|n| usize::try_from(*n) != Ok(total)) {
        let finding = Finding::new("page_count_differs", None, Severity::Hold);
        found.push(finding.with("found", total).with("expected", expected));
    }
    if profile.scan.secret == SecretRule::Refuse && document::is_secret(&document.fields) {
        found.push(Finding::new(SECRET, None, Severity::Hold));
    }
    if document.born.is_none() {
        found.extend(outside_window(document, profile, outage));
        found.extend(before_outage(document, profile, outage));
        found.extend(scan::quality::document(document, &profile.quality));
    }
    found
}

/// Paper that was signed when nobody had to sign on paper needs a reason (DESIGN, outage record).
fn outside_window(document: &Document, profile: &Profile, outage: &Outage) -> Option<Finding> {
    let signed = signed(document, profile)?;
    let early = outage.paper_from.is_some_and(|from| signed < from);
    let late = outage.paper_to.is_some_and(|to| signed > to);
    let finding = Finding::new(OUTSIDE_WINDOW, None, Severity::Hold);
    let edge = |at: Option<Timestamp>| at.map_or_else(|| "…".to_owned(), |at| shown(at, profile));
    let finding = finding
        .with("at", shown(signed, profile))
        .with("from", edge(outage.paper_from))
        .with("to", edge(outage.paper_to));
    (early || late).then_some(finding)
}

/// Both times go into the metadata of the document, which would contradict itself for as long as it is kept. What others sent
/// may be older; and a drill begins when it is started, whatever its samples say.
fn before_outage(document: &Document, profile: &Profile, outage: &Outage) -> Option<Finding> {
    let ours = document.fields.direction == Direction::Outgoing;
    let signed = signed(document, profile)?;
    let start = outage.start().filter(|_| ours && outage.paper_from.is_none() && !outage.drill)?;
    let finding = Finding::new(BEFORE_OUTAGE, None, Severity::Warning).with("at", shown(signed, profile));
    (signed < start).then(|| finding.with("start", shown(start, profile)))
}

/// When the paper was signed.
fn signed(document: &Document, profile: &Profile) -> Option<Timestamp> {
    offset(profile).to_timestamp(document.fields.paper_signed_at?).ok()
}

fn shown(at: Timestamp, profile: &Profile) -> String {
    offset(profile).to_datetime(at).strftime("%H:%M %d/%m/%Y").to_string()
}

fn offset(profile: &Profile) -> Offset {
    Offset::from_seconds(profile.utc_offset_minutes.saturating_mul(60)).unwrap_or(Offset::UTC)
}

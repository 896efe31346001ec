//! The transfer note (BSI TR-03138 RESISCAN A.NB.4): a) who, b) with what, c) what was noticed, d) when, e) what the check of the
//! quality found, f) that picture and content agree with the paper. It stands in the metadata, under every signature.

use jiff::Timestamp;

use crate::document::{Document, Finding};
use crate::event::finding_text;
use crate::locales::{self, Lang};
use crate::pdf::Page;
use crate::station::Workspace;

use super::super::wording::moment;

/// Most findings that are told one by one.
const MOST: usize = 20;

/// What a note tells beside the document.
pub(super) struct Facts<'a> {
    pub workspace: &'a Workspace,
    /// Pages with the encodings that were chosen.
    pub pages: &'a [Page],
    /// By what pages were read.
    pub read_by: Option<String>,
    /// What was noticed while it was built.
    pub noticed: &'a [Finding],
    pub at: Timestamp,
}

/// The note, in the language of the profile's documents.
pub(super) fn text(document: &Document, facts: &Facts) -> String {
    let profile = &facts.workspace.profile;
    let lang = if profile.language.starts_with("vi") { Lang::Vi } else { Lang::En };
    let offset = profile.utc_offset_minutes;
    let findings: Vec<&Finding> = document.findings.iter().chain(facts.noticed).collect();
    let accepted = findings.iter().filter(|finding| finding.accepted_by.is_some()).count();
    let station = &facts.workspace.station;
    let attested = document.attestation.as_ref().map(|word| word.by.clone());
    let args = [
        ("office", station.office.name.clone()),
        ("station", station.station.name.clone()),
        ("attested", attested.unwrap_or_else(|| "–".to_owned())),
        ("environment", environment(facts)),
        ("anomalies", anomalies(&findings, lang)),
        ("captured", moment(document.captured_at, offset)),
        ("converted", moment(facts.at, offset)),
        ("pages", facts.pages.len().to_string()),
        ("findings", findings.len().to_string()),
        ("accepted", accepted.to_string()),
        ("statement", profile.conversion_mark.statement.clone().unwrap_or_else(|| "–".to_owned())),
    ];
    locales::text(lang, "transfer-note", &args)
}

/// Program, rules, encodings, reader: what somebody needs to know to judge the result.
fn environment(facts: &Facts) -> String {
    let records = facts.pages.iter().flat_map(|page| &page.layers.records);
    let mut codecs: Vec<&str> = records.map(|r| r.codec.as_str()).collect();
    codecs.sort_unstable();
    codecs.dedup();
    let profile = &facts.workspace.profile;
    let program = concat!("scanseal ", env!("CARGO_PKG_VERSION")).to_owned();
    let rules = format!("{} {}", profile.id, profile.version);
    let parts = [Some(program), Some(rules), Some(codecs.join(" ")), facts.read_by.clone()];
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn anomalies(findings: &[&Finding], lang: Lang) -> String {
    if findings.is_empty() {
        return locales::plain(lang, "transfer-none");
    }
    let one = |finding: &&Finding| {
        let page = finding.page.map(|page| locales::text(lang, "cli-page", &[("page", page.to_string())]));
        let parts = [page, Some(finding_text(finding, lang)), finding.reason.clone()];
        let text = parts.into_iter().flatten().collect::<Vec<_>>().join(": ");
        text.trim_end_matches('.').to_owned()
    };
    let rest = findings.len().saturating_sub(MOST);
    let mut told: Vec<String> = findings.iter().take(MOST).map(one).collect();
    if rest > 0 {
        told.push(format!("+ {rest}"));
    }
    told.join("; ")
}

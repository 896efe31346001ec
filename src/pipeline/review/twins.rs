//! The same paper scanned twice: pages of all documents, known again by their fingerprints.

use crate::document::{Document, DocumentId, Finding, Severity};
use crate::profile::QualityRules;
use crate::scan::quality::{Fingerprint, SAME};

/// Code of the finding.
pub const SCANNED_TWICE: &str = "scanned_twice";

/// Fingerprints of the pages of all documents that still count.
#[derive(Clone, Debug, Default)]
pub struct Twins(Vec<(DocumentId, u32, Fingerprint)>);

impl Twins {
    /// The pages of another document.
    pub fn add(&mut self, id: DocumentId, document: &Document) {
        let pages = document.numbered_pages();
        let known = pages.filter_map(|(number, page)| Some((id, number, page.look.fingerprint.clone()?)));
        self.0.extend(known);
    }

    /// The document with an alert for each page that looks like one of another document, or like an earlier one of its own.
    pub fn alerted(&self, mut document: Document, rules: &QualityRules) -> Document {
        let severity = match rules.hold.iter().any(|code| code == SCANNED_TWICE) {
            true => Severity::Hold,
            false => Severity::Warning,
        };
        let mut found = Vec::new();
        let mut own: Vec<(u32, &Fingerprint)> = Vec::new();
        for (number, page) in document.numbered_pages() {
            let Some(print) = &page.look.fingerprint else { continue };
            let elsewhere = self.0.iter().find(|(_, _, other)| print.likeness(other) >= SAME);
            let earlier = own.iter().find(|(_, other)| print.likeness(other) >= SAME);
            let finding = || Finding::new(SCANNED_TWICE, Some(number), severity);
            match (elsewhere, earlier) {
                (Some((id, other, _)), _) => found.push(finding().with("document", id).with("other", other)),
                (None, Some((other, _))) => found.push(finding().with("document", "–").with("other", other)),
                (None, None) => own.push((number, print)),
            }
        }
        document.findings.extend(found);
        document
    }
}

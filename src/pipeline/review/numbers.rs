//! Numbers that are taken: two documents with the same number, notation and organization in one year (Decree 30/2020
//! Appendix VI, Part I, III.1.h).

use std::collections::{BTreeSet, HashMap};

use crate::document::{Direction, Document, DocumentId, Fields, Finding, Severity};
use crate::error::Result;
use crate::kit::Block;
use crate::outage::Outage;
use crate::reconcile;
use crate::store::{Filter, State};

use super::super::Desk;

/// Code of the finding.
pub const NUMBER_TAKEN: &str = "number_taken";

/// Year, number, notation and organization, compared without regard to capitals and spaces.
type Triple = (i16, String, String, String);

/// Code of the finding on a document of a file that the catalogue does not have.
pub const FILE_UNKNOWN: &str = "file_code_unknown";

/// Code of the finding on a number that stands in no block that was handed out for its outage.
pub const OUTSIDE_BLOCK: &str = "number_outside_block";

/// Which document has which number, and which files the catalogue has.
#[derive(Clone, Debug, Default)]
pub struct Numbers {
    /// The own office, whose numbers outgoing documents have that name no organization.
    office: String,
    taken: HashMap<Triple, Vec<DocumentId>>,
    /// Blocks of numbers that were handed out, by outage.
    blocks: HashMap<String, Vec<Block>>,
    files: BTreeSet<String>,
}

impl Numbers {
    /// Those of all documents that still count.
    ///
    /// # Errors
    /// A store error.
    pub async fn of(desk: &Desk) -> Result<Self> {
        let mut numbers = Self::empty(desk).await?;
        for stored in desk.store.documents(&Filter::default()).await? {
            if !matches!(stored.state, State::Dropped | State::Replaced) {
                numbers.add(stored.id, &stored.document.fields);
            }
        }
        Ok(numbers)
    }

    /// No number is taken yet.
    ///
    /// # Errors
    /// A store error.
    pub async fn empty(desk: &Desk) -> Result<Self> {
        let store = &desk.store;
        let parsed = |text: &String| text.parse::<Block>().ok();
        let of =
            |outage: Outage| (outage.reference, outage.number_blocks.iter().filter_map(parsed).collect());
        let blocks = store.outages().await?.into_iter().map(of).collect();
        let office = desk.workspace.station.office.name.clone();
        Ok(Self { office, taken: HashMap::new(), blocks, files: store.file_codes().await? })
    }

    /// Another document.
    pub fn add(&mut self, id: DocumentId, fields: &Fields) {
        if let Some(triple) = triple(fields, &self.office) {
            self.taken.entry(triple).or_default().push(id);
        }
    }

    /// The document with the alerts that its number and its file deserve now; `own` is its own entry. What somebody has
    /// accepted stays accepted.
    pub fn alerted(&self, document: Document, own: Option<DocumentId>) -> Document {
        self.filed(self.placed(self.numbered(document, own)))
    }

    /// A number that nobody was given for this outage is no reason to hold a paper, which has it; the reconciliation wants one.
    fn placed(&self, mut document: Document) -> Document {
        let old = document.findings.iter().find(|f| f.code == OUTSIDE_BLOCK).cloned();
        document.findings.retain(|f| f.code != OUTSIDE_BLOCK);
        let blocks = self.blocks.get(&document.outage).map(Vec::as_slice).unwrap_or_default();
        let missed = reconcile::missed_blocks(blocks, &document.fields);
        if !missed.is_empty() {
            let number = document.number().unwrap_or_default();
            let blocks = missed.iter().map(|block| block.to_string()).collect::<Vec<_>>().join(", ");
            let finding = Finding::new(OUTSIDE_BLOCK, None, Severity::Warning);
            let finding = finding.with("number", number).with("blocks", blocks);
            let kept = old.filter(|f| f.args == finding.args);
            document.findings.push(kept.unwrap_or(finding));
        }
        document
    }

    fn filed(&self, mut document: Document) -> Document {
        let old = document.findings.iter().find(|f| f.code == FILE_UNKNOWN).cloned();
        document.findings.retain(|f| f.code != FILE_UNKNOWN);
        if let Some(code) = document.fields.file_code.as_ref().filter(|code| !self.files.contains(*code)) {
            let finding = Finding::new(FILE_UNKNOWN, None, Severity::Hold).with("file", code);
            let kept = old.filter(|f| f.args == finding.args);
            document.findings.push(kept.unwrap_or(finding));
        }
        document
    }

    fn numbered(&self, mut document: Document, own: Option<DocumentId>) -> Document {
        let old = document.findings.iter().find(|f| f.code == NUMBER_TAKEN).cloned();
        document.findings.retain(|f| f.code != NUMBER_TAKEN);
        let taken = triple(&document.fields, &self.office).and_then(|triple| self.taken.get(&triple));
        let other = taken.and_then(|ids| ids.iter().find(|id| Some(**id) != own));
        if let Some(other) = other {
            let finding = Finding::new(NUMBER_TAKEN, None, Severity::Warning).with("other", other);
            let kept = old.filter(|f| f.args == finding.args);
            document.findings.push(kept.unwrap_or(finding));
        }
        document
    }
}

/// Numbers begin anew each year and run together for paper and electronic documents (Art. 15). A document without a date cannot
/// be compared, nor an incoming one without an organization; an outgoing one is the office's own.
fn triple(fields: &Fields, office: &str) -> Option<Triple> {
    let plain = |text: &str| text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let number = plain(fields.code_number.as_ref()?).trim_start_matches('0').to_owned();
    let notation = plain(fields.code_notation.as_ref()?);
    let organ = match (&fields.organ_name, fields.direction) {
        (Some(name), _) => plain(name),
        (None, Direction::Outgoing) => plain(office),
        (None, Direction::Incoming) => return None,
    };
    Some((fields.issued_date?.year(), number, notation, organ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(number: &str, notation: &str, date: &str) -> Fields {
        let mut fields = Fields::default();
        for (name, value) in [
            ("code_number", number),
            ("code_notation", notation),
            ("issued_date", date),
            ("organ_name", "UBND xã A"),
        ] {
            fields.set(name, value).unwrap();
        }
        fields
    }

    #[test]
    fn the_same_number_of_the_same_year_is_taken_once() {
        let triple = |fields: &Fields| triple(fields, "UBND xã A");
        let first = triple(&fields("12", "QĐ-UBND", "02/11/2026"));
        assert_eq!(first, triple(&fields("012", "qđ-ubnd", "30/12/2026")));
        assert_ne!(first, triple(&fields("12", "QĐ-UBND", "02/11/2027")));
        assert_ne!(first, triple(&fields("12", "CV-UBND", "02/11/2026")));
        assert_eq!(triple(&Fields::default()), None);
        // A document that was written here seldom says by whom.
        let mut own = Fields { organ_name: None, ..fields("12", "QĐ-UBND", "04/11/2026") };
        assert_eq!(first, triple(&own));
        own.direction = Direction::Incoming;
        assert_eq!(triple(&own), None);
    }

    #[test]
    fn a_number_that_nobody_was_given_is_told() {
        let blocks = ["QĐ:1-20", "QĐ:41-60", "CV:1-9"].map(|text| text.parse().unwrap()).to_vec();
        let numbers = Numbers { blocks: [("SC-1".to_owned(), blocks)].into(), ..Numbers::default() };
        let told = |outage: &str, number: &str, notation: &str| {
            let document: Document = serde_json::from_value(serde_json::json!({
                "outage": outage, "route": "recovery", "fields": fields(number, notation, "02/11/2026"), "pages": [],
                "captured_at": "2026-11-02T00:00:00Z", "attestation": null, "findings": [], "drill": false,
            }))
            .unwrap();
            let found = numbers.alerted(document, None).findings;
            found.first().map(|f| (f.code.clone(), f.args[1].1.clone()))
        };
        let outside = Some((OUTSIDE_BLOCK.to_owned(), "QĐ:1-20, QĐ:41-60".to_owned()));
        assert_eq!(told("SC-1", "30", "QĐ-UBND"), outside);
        assert_eq!(told("SC-1", "45", "QĐ-UBND"), None);
        assert_eq!(told("SC-1", "30", "TB-UBND"), None, "a series that has no blocks");
        assert_eq!(told("SC-2", "30", "QĐ-UBND"), None, "another outage");
    }
}

//! What waits for whom: a short line for every document, kept up to date from the journal, so that a look at thousands costs
//! what has changed since the last one.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::document::{Document, DocumentId, Severity, Sha256};
use crate::error::Result;
use crate::profile::Form;
use crate::store::{Filter, State, Stored};

use super::Desk;

/// Most documents that are read one by one; when more have changed, all are read again.
const FEW: usize = 400;

/// One document.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its number here.
    pub id: DocumentId,
    /// Where it stands.
    pub state: State,
    /// `personal`, `organization`, `clerk`, `destination`.
    pub waits: Option<&'static str>,
    /// The organization alone signs, and the clerk's word is still to be given.
    pub to_attest: bool,
    /// It was written on a computer and goes its route step by step.
    pub born: bool,
    /// Number and notation on the paper.
    pub number: Option<String>,
    /// What it is about.
    pub subject: Option<String>,
    /// Name of its first file, by which it is known until somebody says what it is.
    pub file: String,
    /// Number of its pages.
    pub pages: usize,
    /// Findings that hold it.
    pub holds: usize,
    /// Findings that a person should look at.
    pub warnings: usize,
    /// It was sent back by the person who should have signed it.
    pub set_aside: bool,
    /// Its outage.
    pub outage: String,
    /// How urgent it is, as written.
    pub urgency: Option<String>,
    /// Its deadline.
    pub due: Option<Date>,
    /// Digest of its latest PDF.
    pub latest: Option<Sha256>,
}

/// All documents, by their numbers.
#[derive(Debug, Default)]
pub struct Board {
    seen: Option<i64>,
    rows: BTreeMap<i64, Row>,
    /// What goes along with a document, and with which.
    along: BTreeMap<i64, DocumentId>,
}

impl Board {
    /// Brings the board up to date.
    ///
    /// # Errors
    /// A store error.
    pub async fn refresh(&mut self, desk: &Desk) -> Result<()> {
        let (head, changed) = desk.store.changed_since(self.seen.unwrap_or(0), FEW).await?;
        match (self.seen, changed) {
            (Some(seen), _) if seen == head => return Ok(()),
            (Some(_), Some(ids)) => {
                for (id, stored) in desk.store.documents_of(&ids).await? {
                    self.along.extend(parent(&stored).map(|parent| (id.0, parent)));
                    self.rows.insert(id.0, row(desk, &stored));
                }
            }
            _ => {
                let (rows, along) = (&mut self.rows, &mut self.along);
                let take = |stored: Stored| {
                    along.extend(parent(&stored).map(|parent| (stored.id.0, parent)));
                    rows.insert(stored.id.0, row(desk, &stored));
                };
                desk.store.each_document(&Filter::default(), take).await?;
            }
        }
        self.seen = Some(head);
        self.place_behind();
        Ok(())
    }

    /// What goes along with a document waits for nobody as long as that document waits for its signatures.
    fn place_behind(&mut self) {
        let ready = |parent: &DocumentId| self.rows.get(&parent.0).is_some_and(Row::is_signed_by_all);
        let ready: Vec<(i64, bool)> = self.along.iter().map(|(id, parent)| (*id, ready(parent))).collect();
        for (id, ready) in ready {
            if let Some(row) =
                self.rows.get_mut(&id).filter(|row| row.state == State::Built && row.holds == 0)
            {
                row.waits = ready.then_some("organization");
            }
        }
    }

    /// What goes along with documents and waits for their signatures, each with its document.
    pub fn behind(&self) -> Vec<(&Row, &Row)> {
        let pair = |(id, parent): (&i64, &DocumentId)| {
            let row = self.rows.get(id).filter(|row| row.state == State::Built && row.waits.is_none())?;
            Some((row, self.rows.get(&parent.0)?))
        };
        self.along.iter().filter_map(pair).collect()
    }

    /// All rows that fit, in order of their numbers.
    pub fn rows(&self, fits: impl Fn(&Row) -> bool) -> Vec<&Row> {
        self.rows.values().filter(|row| fits(row)).collect()
    }

    /// How many fit.
    pub fn count(&self, fits: impl Fn(&Row) -> bool) -> usize {
        self.rows.values().filter(|row| fits(row)).count()
    }

    /// One document.
    pub fn row(&self, id: DocumentId) -> Option<&Row> {
        self.rows.get(&id.0)
    }
}

impl Row {
    /// A scan that a person has to look at before it goes on.
    pub fn is_to_check(&self) -> bool {
        matches!(self.state, State::Captured | State::Held)
    }

    fn is_signed_by_all(&self) -> bool {
        let done = [State::Signed, State::Authorised, State::Sealed, State::Queued, State::Sent];
        let arrived = [State::Accepted, State::Delivered, State::Closed];
        self.holds == 0 && (done.contains(&self.state) || arrived.contains(&self.state))
    }

    /// What a person knows it by: its number, else its file, else its number here. What was written on a computer has no page
    /// of a scan, and perhaps no number yet.
    pub fn name(&self) -> String {
        let known = self.number.as_deref().into_iter().chain([self.file.as_str()]);
        known
            .filter(|name| !name.trim().is_empty())
            .map(str::to_owned)
            .next()
            .unwrap_or_else(|| self.id.to_string())
    }
}

/// The document that it goes along with.
fn parent(stored: &Stored) -> Option<DocumentId> {
    stored.document.born.as_ref()?.attachment_of.as_ref()?.parse().ok()
}

fn row(desk: &Desk, stored: &Stored) -> Row {
    let document = &stored.document;
    let open = |severity: Severity| {
        let fits = |f: &&crate::document::Finding| f.severity == severity && f.accepted_by.is_none();
        document.findings.iter().filter(fits).count()
    };
    let alone = desk.form(stored) == Form::SaoY && document.attestation.is_none();
    Row {
        id: stored.id,
        state: stored.state,
        waits: desk.store.waiting_for(stored),
        to_attest: alone && matches!(stored.state, State::Captured | State::Held),
        born: document.born.is_some(),
        number: document.number(),
        subject: document.fields.subject.clone().or_else(|| document.fields.type_name.clone()),
        file: file(document),
        pages: document.page_total(),
        holds: open(Severity::Hold),
        warnings: open(Severity::Warning),
        set_aside: document
            .findings
            .iter()
            .any(|f| f.code == super::correct::SET_ASIDE && f.accepted_by.is_none()),
        outage: document.outage.clone(),
        urgency: document.fields.urgency.clone(),
        due: document.fields.due_date,
        latest: stored.latest.clone(),
    }
}

/// Name of the first file: of a scan, or of what was written on a computer.
fn file(document: &Document) -> String {
    let scanned = document.pages.first().map(|page| page.source_name.clone());
    scanned.or_else(|| document.born.as_ref().map(|born| born.pdf.name.clone())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_a_name_that_can_be_pressed() {
        let mut row = Row {
            id: DocumentId(16),
            state: State::Built,
            waits: None,
            to_attest: false,
            born: true,
            number: None,
            subject: None,
            file: "cv1.pdf".to_owned(),
            pages: 1,
            holds: 0,
            warnings: 0,
            set_aside: false,
            outage: String::new(),
            urgency: None,
            due: None,
            latest: None,
        };
        assert_eq!(row.name(), "cv1.pdf");
        row.file.clear();
        assert_eq!(row.name(), "D-000016");
        row.number = Some("140/UBND-VP".to_owned());
        assert_eq!(row.name(), "140/UBND-VP");
    }
}

//! Documents are recorded with what the profile, the outage, the manifest and their cover sheets have to say.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::document::{self, DocumentId, Finding, Severity};
use crate::error::Result;
use crate::event::{Event, Front, Subject, Tally};
use crate::kit::SheetCode;
use crate::outage::Outage;
use crate::scan::manifest::Row;
use crate::scan::plan::Group;
use crate::store::{Filter, Inserted, State};

use super::super::{Desk, review};
use super::sheets::Book;
use super::{Bundle, picture, update};

/// Records documents of one outage.
pub(super) struct Enter<'a> {
    desk: &'a Desk,
    outage: Outage,
    book: Book,
    /// Documents of the cover sheets that were used in this outage.
    used: HashMap<String, DocumentId>,
    numbers: review::Numbers,
    twins: review::Twins,
    manifest: bool,
    front: &'a dyn Front,
}

impl<'a> Enter<'a> {
    /// Knows what is in the store already.
    pub async fn begin(
        desk: &'a Desk,
        outage: Outage,
        rows: &[Row],
        manifest: bool,
        front: &'a dyn Front,
    ) -> Result<Self> {
        let mut enter = Self {
            desk,
            book: Book::new(rows),
            used: HashMap::new(),
            numbers: review::Numbers::empty(desk).await?,
            twins: review::Twins::default(),
            outage,
            manifest,
            front,
        };
        for stored in desk.store.documents(&Filter::default()).await? {
            if matches!(stored.state, State::Dropped | State::Replaced) {
                continue;
            }
            enter.numbers.add(stored.id, &stored.document.fields);
            enter.twins.add(stored.id, &stored.document);
            if stored.document.outage == enter.outage.reference
                && let Some(serial) = &stored.document.fields.paper_serial
            {
                enter.used.insert(serial.clone(), stored.id);
            }
        }
        Ok(enter)
    }

    /// A sheet of a document that stays outside: its row is not missing.
    pub fn came(&mut self, code: &SheetCode) {
        self.book.row(code);
    }

    /// Records complete documents and gives their numbers.
    pub async fn bundles(&mut self, bundles: Vec<Bundle>, tally: &mut Tally) -> Result<Vec<DocumentId>> {
        let mut ids = Vec::with_capacity(bundles.len());
        for mut bundle in bundles {
            self.book.name(&mut bundle);
            if bundle.is_bare() {
                self.tell_bare(&bundle).await?;
                continue;
            }
            ids.push(self.one(bundle, tally).await?);
        }
        Ok(ids)
    }

    async fn one(&mut self, bundle: Bundle, tally: &mut Tally) -> Result<DocumentId> {
        let Bundle { mut group, sheet, separators, looked, size, part, findings, .. } = bundle;
        group.unlisted |= self.manifest && group.row.is_none();
        let drill = self.desk.workspace.is_drill();
        let profile = &self.desk.workspace.profile;
        let mut document = document::group(&group, looked, &self.outage.reference, Timestamp::now(), drill);
        document.separators = separators;
        document.findings.extend(findings);
        document.findings.extend(sheet.as_ref().and_then(|code| self.stranger(code)));
        let document = review::first(document, profile, &self.outage);
        let document = self.numbers.alerted(document, None);
        let document = self.twins.alerted(document, &profile.quality);
        let before = sheet.as_ref().and_then(|code| self.used.get(&code.to_string()).copied());
        let mut document = document;
        if let (Some(code), Some(other)) = (&sheet, before) {
            let finding = Finding::new("sheet_used", None, Severity::Hold);
            document.findings.push(finding.with("sheet", code).with("other", other));
        }
        let store = &self.desk.store;
        let inserted = match part {
            true => store.insert_part(&document, size).await?,
            false => store.insert(&document, size).await?,
        };
        match inserted {
            Inserted::New(id) => {
                self.numbers.add(id, &document.fields);
                self.twins.add(id, &document);
                if let Some(code) = sheet {
                    self.used.entry(code.to_string()).or_insert(id);
                }
                self.tell_new(id, tally).await?;
                Ok(id)
            }
            Inserted::Existing(id) => {
                self.tell_known(id, &group, tally).await?;
                Ok(id)
            }
        }
    }

    /// A sheet of a kit that was not handed out for this outage.
    fn stranger(&self, code: &SheetCode) -> Option<Finding> {
        let bound = self.outage.kits.iter().any(|kit| kit == code.kit.as_str());
        let finding = Finding::new("sheet_other_kit", None, Severity::Warning);
        (!bound).then(|| finding.with("sheet", code).with("reference", &self.outage.reference))
    }

    /// A sheet without paper under it makes no document, and is told and noted: no page disappears (rule 2).
    async fn tell_bare(&self, bundle: &Bundle) -> Result<()> {
        let Some(code) = &bundle.sheet else { return Ok(()) };
        let finding = Finding::new("sheet_without_pages", None, Severity::Warning).with("sheet", code);
        self.front.tell(&Event::finding(&finding, Subject::File(&bundle.group.name()), self.front.lang()));
        let detail =
            serde_json::json!({"sheet": code, "outage": self.outage.reference, "pages": bundle.separators});
        self.desk.store.note("sheet_without_pages", None, detail).await
    }

    async fn tell_new(&self, id: DocumentId, tally: &mut Tally) -> Result<()> {
        let record = self.desk.store.record(id).await?;
        self.front.tell(&Event::new("document", &record));
        let stored = self.desk.store.document(id).await?;
        let pictures = picture::all(self.desk, &stored.document, &record.findings).await?;
        for finding in &record.findings {
            let event = Event::finding(finding, Subject::Document(&record.document), self.front.lang());
            let shown = finding.page.filter(|_| finding.severity != Severity::Info);
            let event = match shown.and_then(|number| pictures.get(&number)) {
                Some(path) => event.with("preview", path.display().to_string()),
                None => event,
            };
            self.front.tell(&event);
        }
        count(record.state, tally);
        Ok(())
    }

    /// Files that made these documents before.
    pub async fn known(&mut self, ids: &[DocumentId], group: &Group, tally: &mut Tally) -> Result<()> {
        for id in ids {
            let stored = self.desk.store.document(*id).await?;
            let mut named = group.clone();
            if let Some(code) = stored.document.fields.paper_serial.as_ref().and_then(|s| s.parse().ok()) {
                let row = self.book.row(&code);
                self.book.remember(&code);
                if let (Some(row), None) = (row, named.row) {
                    (named.fields, named.columns, named.row) = (row.fields, row.columns, Some(row.line));
                    named.fields.paper_serial = Some(code.to_string());
                }
            }
            self.tell_known(*id, &named, tally).await?;
        }
        Ok(())
    }

    /// The same scans again: the document that they made is told once more, so that a repeated run has the same answer. A
    /// row that says something else than last time corrects it.
    async fn tell_known(&mut self, id: DocumentId, group: &Group, tally: &mut Tally) -> Result<()> {
        let subject = id.to_string();
        let finding = Finding::new("already_captured", None, Severity::Info).with("files", group.name());
        self.front.tell(&Event::finding(&finding, Subject::Document(&subject), self.front.lang()));
        if group.row.is_some()
            && let Some(finding) = update::from_row(self.desk, id, group, &self.numbers).await?
        {
            self.front.tell(&Event::finding(&finding, Subject::Document(&subject), self.front.lang()));
        }
        let record = self.desk.store.record(id).await?;
        self.front.tell(&Event::new("document", &record));
        count(record.state, tally);
        Ok(())
    }

    /// Lists sheets and gaps; tells rows whose sheets did not come.
    pub async fn end(&mut self, tally: &mut Tally) -> Result<()> {
        for serial in self.used.keys() {
            if let Ok(code) = serial.parse::<SheetCode>() {
                self.book.remember(&code);
            }
        }
        self.book.tell_gaps(self.front);
        for problem in self.book.missing() {
            self.front.tell(&Event::error(&problem, None, self.front.lang()));
            tally.failed(&problem);
        }
        Ok(())
    }
}

fn count(state: State, tally: &mut Tally) {
    match state {
        State::Held => tally.waiting += 1,
        _ => tally.done += 1,
    }
}

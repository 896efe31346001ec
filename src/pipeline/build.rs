//! Captured pages become PDF/A: decoded again from their untouched sources, compressed, written, checked, stored.

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::json;

use crate::bounded;
use crate::compress;
use crate::document::{Born, Document, DocumentId, Finding, Sha256};
use crate::error::{Error, Result, kinds};
use crate::event::{Event, Front, Subject, Tally};
use crate::outage::Outage;
use crate::pdf::{self, ArchivalPdf, IssuedPdf};
use crate::scan::cleanup::Placed;
use crate::scan::{self, Scan};
use crate::station::Workspace;
use crate::store::{Blobs, NewRevision, Read, State, Step, Store, Stored};

use super::reading::{Made, Reader};
use super::{Desk, Selection, Turn, ordered, take, wording};

mod note;

/// What would be built, and what waits or cannot be.
#[derive(Debug, Default)]
pub struct Plan {
    ready: Vec<Stored>,
    waiting: Vec<Stored>,
    blocked: Vec<(Stored, Error)>,
}

impl Plan {
    /// Documents that a person has to do something about first.
    pub fn waiting(&self) -> Vec<DocumentId> {
        self.waiting.iter().map(|stored| stored.id).collect()
    }

    /// Tells what a run would do.
    pub fn tell(&self, front: &dyn Front) {
        for (action, documents) in [("build", &self.ready), ("wait", &self.waiting)] {
            for stored in documents {
                let line = json!({"action": action, "document": stored.id.to_string(),
                    "number": stored.document.number(), "pages": stored.document.page_total()});
                front.tell(&Event::new("plan", line));
            }
        }
        for (stored, error) in &self.blocked {
            let id = stored.id.to_string();
            front.tell(&Event::error(error, Some(Subject::Document(&id)), front.lang()));
        }
    }
}

/// Sorts the selected documents.
///
/// # Errors
/// [`kinds::OFFICE_NOT_NAMED`], a store error, or an unknown document.
pub async fn plan(desk: &Desk, selection: &Selection) -> Result<Plan> {
    desk.workspace.check_named()?;
    let mut plan = Plan::default();
    for stored in desk.select(selection, &[State::Captured, State::Held]).await? {
        if let Some(page) = stored.document.broken_page() {
            let error = kinds::PAGE_BROKEN.with("document", stored.id).with("page", page);
            plan.blocked.push((stored, error));
            continue;
        }
        let attested = stored.document.is_attested(desk.workspace.profile.recovery.form);
        match stored.state {
            State::Captured if attested => plan.ready.push(stored),
            // The metadata is frozen when the file is built, so the clerk's word has to be there before.
            State::Captured | State::Held => plan.waiting.push(stored),
            state => {
                let error = kinds::WRONG_STATE.with("state", state).with("wanted", State::Captured);
                plan.blocked.push((stored, error));
            }
        }
    }
    Ok(plan)
}

/// What a blocking thread needs.
struct Task {
    id: DocumentId,
    store: Store,
    document: Document,
    workspace: Workspace,
    blobs: Blobs,
    outage: Outage,
    reader: Reader,
}

/// What a blocking thread made of a document.
struct Built {
    sha256: Sha256,
    bytes: usize,
    texts: Vec<Read>,
    findings: Vec<Finding>,
}

/// Builds the planned documents.
///
/// # Errors
/// A store error; what single documents refuse is told and tallied.
pub async fn run(desk: &Desk, plan: Plan, front: &dyn Front) -> Result<Tally> {
    let mut tally = Tally { waiting: plan.waiting.len(), ..Tally::default() };
    for (stored, error) in &plan.blocked {
        tell_error(stored.id.to_string(), error, front, &mut tally);
    }
    let reader = match plan.ready.is_empty() {
        true => Reader::default(),
        false => Reader::find(&desk.workspace.profile.ocr, front),
    };
    front.begin("build", plan.ready.len() as u64);
    let mut outages: HashMap<String, Outage> = HashMap::new();
    let mut tasks = Vec::new();
    for stored in plan.ready {
        let reference = &stored.document.outage;
        if !outages.contains_key(reference) {
            outages.insert(reference.clone(), desk.outage_of(&stored.document).await?);
        }
        tasks.push(Task {
            id: stored.id,
            store: desk.store.clone(),
            outage: outages.get(reference).cloned().unwrap_or_default(),
            document: stored.document,
            workspace: desk.workspace.clone(),
            blobs: desk.store.blobs().clone(),
            reader: reader.clone(),
        });
    }
    let runtime = tokio::runtime::Handle::current();
    // A document is taken when its turn comes, so that several runs share a batch.
    let work = move |task: Task| {
        let turn = runtime.block_on(take(&task.store, task.id, State::Captured));
        let built = match &turn {
            Ok(Turn::Ours(_)) => Some(build(&task)),
            _ => None,
        };
        (task.id, turn, built)
    };
    ordered::each(tasks, work, async |done| {
        let (id, turn, built) = done?;
        front.advance(1);
        match (turn, built) {
            (Ok(Turn::Ours(step)), Some(built)) => finish(desk, step, built, front, &mut tally).await?,
            (Err(error), _) => tell_error(id.to_string(), &error, front, &mut tally),
            _ => tally.done += 1,
        }
        Ok(())
    })
    .await?;
    front.end();
    Ok(tally)
}

async fn finish(
    desk: &Desk,
    step: Step,
    built: Result<Built>,
    front: &dyn Front,
    tally: &mut Tally,
) -> Result<()> {
    match built {
        Ok(Built { sha256, bytes, texts, findings }) => {
            desk.store.keep_read(step.document, &texts).await?;
            desk.store.add_findings(&step, &findings).await?;
            let id = step.document.to_string();
            for finding in &findings {
                front.tell(&Event::finding(finding, Subject::Document(&id), front.lang()));
            }
            let revision = NewRevision { sha256: &sha256, bytes, reason: "build", signatures: &[] };
            desk.store.advance(&step, State::Built, &revision).await?;
            let record = desk.store.record(step.document).await?;
            front.tell(&Event::new("document", &record));
            tally.done += 1;
        }
        Err(error) => {
            desk.store.release(&step).await?;
            tell_error(step.document.to_string(), &error, front, tally);
        }
    }
    Ok(())
}

pub(super) fn tell_error(id: String, error: &Error, front: &dyn Front, tally: &mut Tally) {
    front.tell(&Event::error(error, Some(Subject::Document(&id)), front.lang()));
    tally.failed(error);
}

/// Sources to PDF/A, made durable.
fn build(task: &Task) -> Result<Built> {
    if let Some(page) = task.document.broken_page() {
        return Err(kinds::PAGE_BROKEN.with("document", task.id).with("page", page));
    }
    if let Some(born) = &task.document.born {
        return taken(task, born);
    }
    let made = pages(task)?;
    let numbers = task.document.numbered_pages().map(|(number, _)| number);
    let (mut pages, mut findings, mut texts) = (Vec::new(), Vec::new(), Vec::new());
    for (number, made) in numbers.zip(made) {
        findings.extend(made.findings.into_iter().map(|f| Finding { page: Some(number), ..f }));
        texts.extend(made.page.text.as_ref().map(|text| Read::of(number, text)));
        pages.push(made.page);
    }
    let at = Timestamp::now();
    let workspace = &task.workspace;
    let read_by = task.reader.describe();
    let noted = note::Facts { workspace, pages: &pages, read_by, noticed: &findings, at };
    let facts = pdf::BuildFacts {
        outage: &task.outage,
        converted_by: workspace.station.office.name.clone(),
        converted_at: at,
        language: workspace.profile.language.clone(),
        transfer_note: note::text(&task.document, &noted),
        conversion_mark: Some(wording::conversion_mark(workspace, at)),
        mark_place: workspace.profile.conversion_mark.show,
        utc_offset_minutes: workspace.profile.utc_offset_minutes,
    };
    let built: ArchivalPdf = pdf::build(task.document.clone(), pages, &facts)?;
    let bytes = built.into_bytes();
    Ok(Built { sha256: task.blobs.keep(&bytes)?, bytes: bytes.len(), texts, findings })
}

/// A file that was written on a computer is looked at once more and stays as it is.
fn taken(task: &Task, born: &Born) -> Result<Built> {
    let file = IssuedPdf::open(task.blobs.read(&born.pdf.sha256)?)?;
    super::born::accept(&file, task.document.route, &task.workspace.profile)?;
    let (sha256, bytes) = (born.pdf.sha256.clone(), file.bytes().len());
    Ok(Built { sha256, bytes, texts: Vec::new(), findings: Vec::new() })
}

fn pages(task: &Task) -> Result<Vec<Made>> {
    let rules = &task.workspace.profile.compress;
    let settings = compress::Settings { class: rules.class, mask: rules.mask, min_dpi: rules.min_layer_dpi };
    let deskew = task.workspace.profile.quality.deskew;
    let mut scans: HashMap<&Sha256, Scan> = HashMap::new();
    for page in &task.document.pages {
        if !scans.contains_key(&page.source_sha256) {
            let opened = task.blobs.source(&page.source_sha256).and_then(Scan::open);
            scans.insert(&page.source_sha256, opened.map_err(|e| e.with("file", &page.source_name))?);
        }
    }
    let pages = &task.document.pages;
    let page = |index: usize| {
        let page = pages.get(index).ok_or_else(|| kinds::INTERNAL.with("cause", "no page"))?;
        let scan =
            scans.get(&page.source_sha256).ok_or_else(|| kinds::INTERNAL.with("cause", "no source"))?;
        let image = scan.decode(page.index).map_err(|e| e.with("file", &page.source_name))?;
        let image = scan::turned(image, page.turned);
        let placed = Placed::back(&page.look.lie, deskew);
        let original = scan.original().map_err(|e| e.with("file", &page.source_name))?;
        task.reader.page(image, original, page.dpi, placed, &settings).map_err(|e| e.with("page", index + 1))
    };
    // What stays of each page is compressed.
    bounded::each(pages.len(), page).into_iter().collect()
}

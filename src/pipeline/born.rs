//! Documents that were written on a computer come in: the PDF as it is, the Word file beside it, attachments in files of their
//! own. Number and date are read from the text and proposed; a person accepts them.
//!
//! ```text
//! plan   files -> main file, Word file, attachments, row of the manifest
//! run    looked at whole -> kept -> text read -> Document (route outgoing | internal)      captured | held
//! ```

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::json;
use unicode_normalization::UnicodeNormalization;

use crate::document::{
    self, Born, BornRoute, Document, DocumentId, Fields, Finding, KeptFile, Route, Severity, Sha256,
};
use crate::error::{Clause, Result, kinds};
use crate::event::{Event, Front, Subject, Tally};
use crate::pdf::IssuedPdf;
use crate::platform;
use crate::profile::{Input, Profile, SecretRule};
use crate::scan::plan::{self, Group, Problem};
use crate::scan::{collect, manifest};
use crate::store::{Inserted, Read, State};

use super::{Desk, review, route};

mod text;

/// Largest file that is taken.
const MAX_BYTES: u64 = 1 << 30;
/// Endings of files that documents are written in, in the order in which they are looked for.
const WRITTEN_IN: [&str; 4] = ["docx", "doc", "odt", "rtf"];
/// Text that stands on a page before it is no scan.
const LEAST_LETTERS: usize = 20;

/// What `scan --route` is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// Files and folders.
    pub inputs: Vec<PathBuf>,
    /// The route.
    pub route: BornRoute,
    /// The manifest; else `manifest.csv` of an input folder.
    pub manifest: Option<PathBuf>,
    /// Steps of the personal signatures; else all that the profile does not call optional.
    pub steps: Vec<String>,
    /// Attachments in files of their own, where one document comes in.
    pub attachments: Vec<PathBuf>,
    /// The document in whose place the new one stands.
    pub replaces: Option<DocumentId>,
}

/// A document with what goes along.
#[derive(Clone, Debug)]
struct Item {
    file: PathBuf,
    written_in: Option<PathBuf>,
    attachments: Vec<PathBuf>,
    fields: Fields,
    unlisted: bool,
}

/// Which files would make which documents.
#[derive(Clone, Debug)]
pub struct Plan {
    items: Vec<Item>,
    problems: Vec<Problem>,
    route: BornRoute,
    steps: Vec<String>,
    replaces: Option<DocumentId>,
}

impl Plan {
    /// Tells what a run would do.
    pub fn tell(&self, front: &dyn Front) {
        for item in &self.items {
            let all = [Some(&item.file), item.written_in.as_ref()].into_iter().flatten();
            let files: Vec<String> = all.chain(&item.attachments).map(|f| f.display().to_string()).collect();
            let line = json!({"action": "scan", "files": files, "route": Route::from(self.route),
                "steps": self.steps, "number": item.fields.number(), "subject": item.fields.subject});
            front.tell(&Event::new("plan", line));
        }
        for problem in &self.problems {
            front.tell(&Event::error(problem, None, front.lang()));
        }
    }
}

/// Lists the inputs and assigns them to documents.
///
/// # Errors
/// [`kinds::ROUTE_MISSING`], [`kinds::ROUTE_STEPS`], [`kinds::BORN_DRILL`], [`kinds::BORN_NOT_PDF`], a manifest error,
/// [`kinds::NOTHING_TO_DO`], [`kinds::OPTIONS_CONFLICT`].
pub fn plan(desk: &Desk, request: &Request) -> Result<Plan> {
    if desk.workspace.is_drill() {
        return Err(kinds::BORN_DRILL.error());
    }
    let rules = desk.workspace.profile.route_rules(request.route.into())?;
    let steps = rules.chosen(&request.steps)?;
    let found = collect::inputs(&request.inputs)?;
    let path = request.manifest.clone().or(found.manifest);
    let table = path.as_deref().map(super::intake::read_manifest).transpose()?;
    let mut assigned = plan::assign(&found.files, table.as_ref());
    let problem = |row: &manifest::Row| {
        Problem::new(
            kinds::OPTIONS_CONFLICT
                .with("first", "--route")
                .with("second", Clause::new("why-row").with("line", row.line)),
        )
    };
    assigned.problems.extend(assigned.serials.iter().map(problem));
    let items = assigned.groups.into_iter().map(item).collect::<Result<Vec<Item>>>()?;
    let mut plan =
        Plan { items, problems: assigned.problems, route: request.route, steps, replaces: request.replaces };
    if plan.items.is_empty() {
        return Err(kinds::NOTHING_TO_DO.error());
    }
    let single = [("--attachment", !request.attachments.is_empty()), ("--replaces", plan.replaces.is_some())];
    for (option, used) in single {
        if used && plan.items.len() > 1 {
            let count = format!("{} PDF", plan.items.len());
            return Err(kinds::OPTIONS_CONFLICT.with("first", option).with("second", count));
        }
    }
    if let Some(item) = plan.items.first_mut() {
        item.attachments.extend(request.attachments.iter().cloned());
    }
    plan.items.iter().flat_map(|item| &item.attachments).try_for_each(|file| must_be_pdf(file))?;
    Ok(plan)
}

/// The first file is the document, the others go along with it; the Word file lies beside it under the same name.
fn item(group: Group) -> Result<Item> {
    let Group { files, fields, unlisted, .. } = group;
    let mut files = files.into_iter();
    let file = files.next().ok_or_else(|| kinds::NOTHING_TO_DO.error())?;
    must_be_pdf(&file)?;
    let beside = WRITTEN_IN.iter().map(|ending| file.with_extension(ending)).find(|path| path.is_file());
    Ok(Item { written_in: beside, file, attachments: files.collect(), fields, unlisted })
}

fn must_be_pdf(file: &Path) -> Result<()> {
    match platform::starts_with(file, b"%PDF-")? {
        true => Ok(()),
        false => Err(kinds::BORN_NOT_PDF.with("file", name(file))),
    }
}

fn name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().nfc().collect()
}

/// Whether a route takes this file.
///
/// # Errors
/// [`kinds::BORN_NOT_ARCHIVAL`] where the profile wants PDF/A.
pub(super) fn accept(file: &IssuedPdf, route: Route, profile: &Profile) -> Result<()> {
    match (file.violation(), profile.route_rules(route)?.input) {
        (Some(violation), Input::Pdfa) => Err(kinds::BORN_NOT_ARCHIVAL.with("violation", violation)),
        _ => Ok(()),
    }
}

/// Takes the planned documents in; the same PDF again is found, and nothing is added.
///
/// # Errors
/// A store error; what single documents refuse is told and tallied.
pub async fn run(desk: &Desk, plan: Plan, front: &dyn Front) -> Result<Tally> {
    let mut tally = Tally::default();
    for problem in &plan.problems {
        front.tell(&Event::error(problem, None, front.lang()));
        tally.failed(problem);
    }
    if let Some(old) = plan.replaces {
        let stored = desk.store.document(old).await?;
        route::may_be_replaced(&stored)?;
        let route = Route::from(plan.route);
        if stored.document.route != route {
            let given = format!("--route {}", route.as_str());
            let replaced = format!("--replaces {old} ({})", stored.document.route.as_str());
            return Err(kinds::OPTIONS_CONFLICT.with("first", given).with("second", replaced));
        }
    }
    let numbers = review::Numbers::of(desk).await?;
    front.begin("scan", plan.items.len() as u64);
    for item in &plan.items {
        if let Err(error) = one(desk, &plan, item, &numbers, front, &mut tally).await {
            let name = name(&item.file);
            front.tell(&Event::error(&error, Some(Subject::File(&name)), front.lang()));
            tally.failed(&error);
        }
        front.advance(1);
    }
    front.end();
    Ok(tally)
}

/// A file that was looked at, and what it says.
struct Looked {
    file: IssuedPdf,
    name: String,
    texts: Vec<Read>,
    findings: Vec<Finding>,
}

impl Looked {
    /// The file by its name and digest.
    fn kept(&self) -> KeptFile {
        let bytes = self.file.bytes();
        KeptFile { name: self.name.clone(), sha256: Sha256::of(bytes), bytes: bytes.len() as u64 }
    }
}

/// Reads a file and looks at it whole, before a byte of it is stored.
fn look(desk: &Desk, path: &Path, route: Route) -> Result<Looked> {
    let bytes = platform::read_limited(path, MAX_BYTES)?;
    let file = IssuedPdf::open(bytes)?;
    let profile = &desk.workspace.profile;
    accept(&file, route, profile)?;
    let texts = text::read(&file);
    if profile.scan.secret == SecretRule::Refuse && text::is_marked_secret(&texts) {
        return Err(kinds::BORN_SECRET.with("file", name(path)));
    }
    let mut findings = Vec::new();
    if let Some(violation) = file.violation() {
        findings
            .push(Finding::new("born_not_archival", None, Severity::Warning).with("violation", violation));
    }
    let letters: usize =
        texts.iter().map(|text| text.text.chars().filter(|c| c.is_alphanumeric()).count()).sum();
    if letters < LEAST_LETTERS {
        findings.push(Finding::new("born_without_text", None, Severity::Hold));
    }
    Ok(Looked { file, name: name(path), texts, findings })
}

async fn one(
    desk: &Desk,
    plan: &Plan,
    item: &Item,
    numbers: &review::Numbers,
    front: &dyn Front,
    tally: &mut Tally,
) -> Result<()> {
    let profile = &desk.workspace.profile;
    if profile.scan.secret == SecretRule::Refuse && document::is_secret(&item.fields) {
        return Err(kinds::BORN_SECRET.with("file", name(&item.file)));
    }
    let looked = look(desk, &item.file, plan.route.into())?;
    let attached: Vec<Looked> =
        item.attachments.iter().map(|path| look(desk, path, plan.route.into())).collect::<Result<_>>()?;
    let written_in = item.written_in.iter().map(|path| kept(desk, path)).collect::<Result<Vec<_>>>()?;
    let mut document = made(desk, plan, item.fields.clone(), &looked, written_in)?;
    if let Some(born) = &mut document.born {
        born.attachments = attached.iter().map(Looked::kept).collect();
    }
    document.manifest = (item.fields != Fields::default()).then(|| item.fields.clone());
    document.findings.extend(looked.findings);
    if item.unlisted {
        let finding = Finding::new("not_in_manifest", None, Severity::Warning);
        document.findings.push(finding.with("file", &looked.name));
    }
    let document = review::reviewed(document, profile, &Default::default());
    let document = numbers.alerted(document, plan.replaces);
    let id = entered(desk, &document, &looked.texts, None, front, tally).await?;
    for file in attached {
        let mut along = made(desk, plan, Fields::default(), &file, Vec::new())?;
        along.fields.subject = Some(file.name.clone());
        if let Some(born) = &mut along.born {
            (born.steps, born.attachment_of) = (Vec::new(), Some(id.to_string()));
        }
        along.findings.extend(file.findings);
        entered(desk, &along, &file.texts, Some(id), front, tally).await?;
    }
    if let Some(old) = plan.replaces.filter(|old| *old != id) {
        route::replaced(desk, old, id, front).await?;
    }
    Ok(())
}

/// A file that goes along, made durable.
fn kept(desk: &Desk, path: &Path) -> Result<KeptFile> {
    let bytes = platform::read_limited(path, MAX_BYTES)?;
    Ok(KeptFile { name: name(path), sha256: desk.store.blobs().keep(&bytes)?, bytes: bytes.len() as u64 })
}

fn made(
    desk: &Desk,
    plan: &Plan,
    fields: Fields,
    looked: &Looked,
    written_in: Vec<KeptFile>,
) -> Result<Document> {
    let pdf = KeptFile { sha256: desk.store.blobs().keep(looked.file.bytes())?, ..looked.kept() };
    let born = Born {
        pdf,
        pages: u32::try_from(looked.file.pages()).unwrap_or(u32::MAX),
        archival: looked.file.is_archival(),
        written_in,
        attachments: Vec::new(),
        steps: plan.steps.clone(),
        attachment_of: None,
        replaces: plan.replaces.map(|old| old.to_string()),
        replaced_by: None,
        sent_back: None,
    };
    Ok(Document::born(plan.route, fields, born, Timestamp::now()))
}

/// Records a document, and tells it.
async fn entered(
    desk: &Desk,
    document: &Document,
    texts: &[Read],
    along: Option<DocumentId>,
    front: &dyn Front,
    tally: &mut Tally,
) -> Result<DocumentId> {
    let id = match desk.store.insert_born(document, along).await? {
        Inserted::New(id) => {
            desk.store.keep_read(id, texts).await?;
            id
        }
        Inserted::Existing(id) => {
            let name = document.born.as_ref().map(|born| born.pdf.name.clone()).unwrap_or_default();
            let finding = Finding::new("already_captured", None, Severity::Info).with("files", name);
            front.tell(&Event::finding(&finding, Subject::Document(&id.to_string()), front.lang()));
            id
        }
    };
    let record = desk.store.record(id).await?;
    front.tell(&Event::new("document", &record));
    for finding in record.findings.iter().filter(|finding| finding.accepted_by.is_none()) {
        front.tell(&Event::finding(finding, Subject::Document(&record.document), front.lang()));
    }
    match record.state {
        State::Held => tally.waiting += 1,
        _ => tally.done += 1,
    }
    Ok(id)
}

/// The refusal of a step that no route of the profile has.
///
/// # Errors
/// [`kinds::STEP_UNKNOWN`] with those that are known.
pub fn known_step(profile: &Profile, name: &str) -> Result<()> {
    const ROLES: [&str; 4] = ["clerk", "personal", "organization", "destination"];
    let steps = profile.route.iter().flat_map(|route| route.personal()).map(|step| step.step.as_str());
    let mut known: Vec<&str> = ROLES.into_iter().chain([document::AUTHOR]).collect();
    for step in steps {
        if !known.contains(&step) {
            known.push(step);
        }
    }
    match known.contains(&name) {
        true => Ok(()),
        false => Err(kinds::STEP_UNKNOWN.with("step", name).with("known", known.join(", "))),
    }
}

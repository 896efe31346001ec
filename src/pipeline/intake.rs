//! Scans come in. Sources are durable and untouched before anything is read from them; the same scans again are found and
//! nothing is added.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::Serialize;

use crate::document::{self, DocumentId, Finding, Severity, Sha256};
use crate::error::{Error, Result, kinds};
use crate::event::{Event, Front, Subject, Tally};
use crate::outage::Outage;
use crate::platform;
use crate::profile::SecretRule;
use crate::scan::plan::{self, Group, Problem};
use crate::scan::{self, Looked, Scan, Source, collect, manifest};
use crate::store::{Inserted, State};

use super::{Desk, ordered, review};

/// What `scan` is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// Files and folders.
    pub inputs: Vec<PathBuf>,
    /// Reference of an open outage.
    pub outage: String,
    /// The manifest; else `manifest.csv` of an input folder.
    pub manifest: Option<PathBuf>,
}

/// Which files would make which documents.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Reference of the outage.
    pub outage: String,
    /// One a document.
    pub groups: Vec<Group>,
    /// Rows that fit no file.
    pub problems: Vec<Problem>,
    /// Other files in the folders.
    pub skipped: usize,
    /// The manifest that is used.
    pub manifest: Option<PathBuf>,
}

/// A line of the plan.
#[derive(Serialize)]
struct PlanLine<'a> {
    action: &'static str,
    files: Vec<String>,
    number: Option<String>,
    subject: Option<&'a str>,
}

impl Plan {
    /// Tells what a run would do.
    pub fn tell(&self, front: &dyn Front) {
        for group in &self.groups {
            let files = group.files.iter().map(|f| f.display().to_string()).collect();
            let fields = &group.fields;
            let number = fields.number();
            let line = PlanLine { action: "scan", files, number, subject: fields.subject.as_deref() };
            front.tell(&Event::new("plan", line));
        }
        for problem in &self.problems {
            front.tell(&Event::error(problem, None, front.lang()));
        }
    }
}

/// Lists the inputs and assigns them to documents, by names alone.
///
/// # Errors
/// [`kinds::OUTAGE_UNKNOWN`], [`kinds::OUTAGE_CLOSED`], a manifest error, [`kinds::NOTHING_TO_DO`] without scans.
pub async fn plan(desk: &Desk, request: &Request) -> Result<Plan> {
    desk.store.outage(&request.outage).await?.accepts_intake()?;
    let found = collect::inputs(&request.inputs)?;
    let path = request.manifest.clone().or(found.manifest);
    let manifest = path.as_deref().map(read_manifest).transpose()?;
    if found.files.is_empty() {
        return Err(kinds::NOTHING_TO_DO.error());
    }
    let plan = plan::assign(&found.files, manifest.as_ref());
    Ok(Plan {
        outage: request.outage.clone(),
        groups: plan.groups,
        problems: plan.problems,
        skipped: found.skipped,
        manifest: path,
    })
}

fn read_manifest(path: &std::path::Path) -> Result<manifest::Manifest> {
    let bytes = platform::read_limited(path, manifest::MAX_BYTES)?;
    manifest::read(&bytes).map_err(|e| e.with("path", path.display()))
}

/// Takes the planned documents in.
///
/// # Errors
/// A store error; what single documents refuse is told and tallied.
pub async fn run(desk: &Desk, plan: Plan, front: &dyn Front) -> Result<Tally> {
    let outage = desk.store.outage(&plan.outage).await?;
    let mut tally = Tally::default();
    for problem in &plan.problems {
        front.tell(&Event::error(problem, None, front.lang()));
        tally.failed(problem);
    }
    front.begin("scan", plan.groups.len() as u64);
    let refuse_secret = desk.workspace.profile.scan.secret == SecretRule::Refuse;
    let (secret, open): (Vec<Group>, Vec<Group>) =
        plan.groups.into_iter().partition(|g| refuse_secret && document::is_secret(&g.fields));
    for group in &secret {
        hold_back(desk, group, front, &mut tally).await?;
    }
    let keeper = Keeper { blobs: desk.store.blobs().clone(), outage: plan.outage.clone() };
    let store = desk.store.clone();
    let known = tokio::runtime::Handle::current();
    let work = move |group: Group| {
        let read = keeper.keep(&group).and_then(|sources| {
            // A run that is repeated finds its documents without decoding a pixel.
            let digests: Vec<Sha256> = sources.iter().map(|s| s.sha256.clone()).collect();
            match known.block_on(store.known(&keeper.outage, &digests))? {
                Some(id) => Ok(Read::Known(id)),
                None => inspect(sources).map(|(pages, bytes)| Read::New(pages, bytes)),
            }
        });
        (group, read)
    };
    ordered::each(open, work, async |done| {
        let (group, read) = done?;
        enter(desk, &outage, &group, read, front, &mut tally).await
    })
    .await?;
    front.end();
    Ok(tally)
}

/// Rule 12: a secret document is known by its manifest row, and not a byte of its scan is stored.
async fn hold_back(desk: &Desk, group: &Group, front: &dyn Front, tally: &mut Tally) -> Result<()> {
    if let Some(id) = known_already(desk, group).await? {
        return late(desk, id, group, front, tally).await;
    }
    let finding = Finding::new("secret_held", None, Severity::Hold);
    front.tell(&Event::finding(&finding, Subject::File(&group.name()), front.lang()));
    desk.store.note("secret_held", None, serde_json::json!({"file": group.name()})).await?;
    tally.waiting += 1;
    front.advance(1);
    Ok(())
}

/// The document that these scans made before anybody said that they are secret. Their digests are looked up; nothing is
/// stored.
async fn known_already(desk: &Desk, group: &Group) -> Result<Option<DocumentId>> {
    let mut digests = Vec::with_capacity(group.files.len());
    for path in &group.files {
        digests.push(platform::digest(path)?);
    }
    for outage in desk.store.outages().await? {
        if let Some(id) = desk.store.known(&outage.reference, &digests).await? {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// The scan is here already. Before it is built the document is held for good; afterwards a person has to be told.
async fn late(
    desk: &Desk,
    id: DocumentId,
    group: &Group,
    front: &dyn Front,
    tally: &mut Tally,
) -> Result<()> {
    let mut stored = desk.store.document(id).await?;
    let finding = Finding::new(review::SECRET, None, Severity::Hold);
    front.tell(&Event::finding(&finding, Subject::Document(&id.to_string()), front.lang()));
    let detail = serde_json::json!({"file": group.name(), "state": stored.state});
    if matches!(stored.state, State::Captured | State::Held) {
        stored.document.fields.secrecy.clone_from(&group.fields.secrecy);
        let outage = desk.store.outage(&stored.document.outage).await?;
        stored.document = review::reviewed(stored.document, &desk.workspace.profile, &outage);
        desk.store.update(&stored, review::SECRET, detail).await?;
    } else {
        desk.store.note(review::SECRET, Some(id), detail).await?;
    }
    tally.waiting += 1;
    front.advance(1);
    Ok(())
}

/// A source that is durable in the blob store.
struct Kept {
    name: String,
    sha256: Sha256,
    source: Source,
}

enum Read {
    Known(DocumentId),
    New(Vec<Looked>, u64),
}

#[derive(Clone)]
struct Keeper {
    blobs: crate::store::Blobs,
    outage: String,
}

impl Keeper {
    /// Makes the files of a document durable, before anything else happens to them; from then on only the copies are read.
    fn keep(&self, group: &Group) -> Result<Vec<Kept>> {
        let mut kept = Vec::with_capacity(group.files.len());
        for path in &group.files {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if std::fs::metadata(path).map_err(|e| Error::io(path, e))?.len() == 0 {
                return Err(kinds::SCAN_EMPTY.with("file", name));
            }
            let sha256 = self.blobs.keep_file(path, scan::MAX_SOURCE_BYTES)?;
            let source = Source::open(&self.blobs.path(&sha256), scan::MAX_SOURCE_BYTES)?;
            kept.push(Kept { name, sha256, source });
        }
        Ok(kept)
    }
}

fn inspect(sources: Vec<Kept>) -> Result<(Vec<Looked>, u64)> {
    let (mut pages, mut size) = (Vec::new(), 0u64);
    for Kept { name, sha256, source } in sources {
        size += source.len();
        let looked = Scan::open(source).and_then(|scan| scan.inspect(&name, &sha256));
        pages.extend(looked.map_err(|e| e.with("file", &name))?);
    }
    Ok((pages, size))
}

/// Records what was read, or tells why not.
async fn enter(
    desk: &Desk,
    outage: &Outage,
    group: &Group,
    read: Result<Read>,
    front: &dyn Front,
    tally: &mut Tally,
) -> Result<()> {
    front.advance(1);
    let inserted = match read {
        Ok(Read::Known(id)) => Inserted::Existing(id),
        Ok(Read::New(pages, size)) => {
            let drill = desk.workspace.is_drill();
            let document = document::group(group, pages, &outage.reference, Timestamp::now(), drill);
            let document = review::first(document, &desk.workspace.profile, outage);
            desk.store.insert(&document, size).await?
        }
        Err(error) => {
            front.tell(&Event::error(&error, Some(Subject::File(&group.name())), front.lang()));
            tally.failed(&error);
            return Ok(());
        }
    };
    match inserted {
        Inserted::New(id) => tell_new(desk, id, front, tally).await,
        Inserted::Existing(id) => tell_known(desk, id, group, front, tally).await,
    }
}

async fn tell_new(desk: &Desk, id: DocumentId, front: &dyn Front, tally: &mut Tally) -> Result<()> {
    let record = desk.store.record(id).await?;
    front.tell(&Event::new("document", &record));
    for finding in &record.findings {
        front.tell(&Event::finding(finding, Subject::Document(&record.document), front.lang()));
    }
    match record.state {
        State::Held => tally.waiting += 1,
        _ => tally.done += 1,
    }
    Ok(())
}

/// The same scans again: the document that they made is told once more, so that a repeated run has the same answer.
async fn tell_known(
    desk: &Desk,
    id: DocumentId,
    group: &Group,
    front: &dyn Front,
    tally: &mut Tally,
) -> Result<()> {
    let record = desk.store.record(id).await?;
    let finding = Finding::new("already_captured", None, Severity::Info).with("files", group.name());
    front.tell(&Event::finding(&finding, Subject::Document(&record.document), front.lang()));
    front.tell(&Event::new("document", &record));
    match record.state {
        State::Held => tally.waiting += 1,
        _ => tally.done += 1,
    }
    Ok(())
}

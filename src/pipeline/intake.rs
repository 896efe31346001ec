//! Scans come in. Sources are durable and untouched before anything is read from them; the same scans again are found and
//! nothing is added.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;

use crate::document::{self, DocumentId, Sha256};
use crate::error::{Result, kinds};
use crate::event::{Event, Front, Subject, Tally};
use crate::platform;
use crate::profile::SecretRule;
use crate::scan::duplex::Duplex;
use crate::scan::plan::{self, Group, Problem};
use crate::scan::stack::Split;
use crate::scan::{collect, manifest};

use super::{Desk, ordered};

mod enter;
mod gate;
mod keep;
mod looks;
mod picture;
mod secret;
mod sheets;
mod stacker;
mod update;
pub mod watch;

use gate::Gate;
use keep::{Keeper, Read};
use looks::Looks;
use stacker::{Bundle, Seen, Stacker};

/// In which way stacks become documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// Where a stack is cut.
    pub split: Split,
    /// Fronts and backs that were scanned one after the other.
    pub duplex: Option<Duplex>,
    /// Sheets, counted from 1, that have no back.
    pub without_back: Vec<u32>,
}

impl Way {
    /// Its name in the journal.
    fn key(&self) -> String {
        let duplex = match self.duplex {
            None => "",
            Some(Duplex::Fronts) => " fronts",
            Some(Duplex::Reversed) => " reversed",
        };
        format!("{}{duplex}", self.split)
    }
}

/// What `scan` is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// Files and folders.
    pub inputs: Vec<PathBuf>,
    /// Reference of an open outage.
    pub outage: String,
    /// The manifest; else `manifest.csv` of an input folder.
    pub manifest: Option<PathBuf>,
    /// Stacks.
    pub way: Way,
}

/// Which files would make which documents.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Reference of the outage.
    pub outage: String,
    /// One a document, or one a stack.
    pub groups: Vec<Group>,
    /// Rows that fit no file.
    pub problems: Vec<Problem>,
    /// Rows that name a cover sheet.
    pub serials: Vec<manifest::Row>,
    /// Other files in the folders.
    pub skipped: usize,
    /// The manifest that is used.
    pub manifest: Option<PathBuf>,
    /// Stacks.
    pub way: Way,
}

/// A line of the plan.
#[derive(Serialize)]
struct PlanLine<'a> {
    action: &'static str,
    files: Vec<String>,
    number: Option<String>,
    subject: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pages: Option<usize>,
}

impl Plan {
    /// Tells what a run would do. Stacks are looked at for it, where they lie; nothing is stored.
    pub fn tell(&self, front: &dyn Front) {
        let mut stacker = Stacker::new(self.way.split);
        let mut book = sheets::Book::new(&self.serials);
        let looks = Looks::default();
        for group in &self.groups {
            if group.row.is_some() && self.way.duplex.is_none() {
                tell_line(front, group, None);
                continue;
            }
            let seen = keep::peek(group, &self.way, &looks)
                .map(|(looked, size)| Seen { group: group.clone(), looked, size, unstored: true })
                .and_then(|seen| stacker.push(seen));
            match seen {
                Ok(bundles) => bundles.into_iter().for_each(|b| tell_bundle(front, b, &mut book)),
                Err(error) => {
                    front.tell(&Event::error(&error, Some(Subject::File(&group.name())), front.lang()));
                }
            }
        }
        stacker.end().into_iter().for_each(|b| tell_bundle(front, b, &mut book));
        book.tell_gaps(front);
        for problem in &self.problems {
            front.tell(&Event::error(problem, None, front.lang()));
        }
    }
}

fn tell_bundle(front: &dyn Front, mut bundle: Bundle, book: &mut sheets::Book) {
    book.name(&mut bundle);
    tell_line(front, &bundle.group, Some(&bundle));
    for finding in &bundle.findings {
        front.tell(&Event::finding(finding, Subject::File(&bundle.group.name()), front.lang()));
    }
}

fn tell_line(front: &dyn Front, group: &Group, bundle: Option<&Bundle>) {
    let files = group.files.iter().map(|f| f.display().to_string()).collect();
    let (number, subject) = (group.fields.number(), group.fields.subject.as_deref());
    let sheet = bundle.and_then(|b| b.sheet.as_ref()).map(ToString::to_string);
    let pages = bundle.map(|b| b.looked.len());
    front.tell(&Event::new("plan", PlanLine { action: "scan", files, number, subject, sheet, pages }));
}

/// Lists the inputs and assigns them to documents, by names alone.
///
/// # Errors
/// [`kinds::OUTAGE_UNKNOWN`], [`kinds::OUTAGE_CLOSED`], a manifest error, [`kinds::NOTHING_TO_DO`] without scans,
/// [`kinds::OPTIONS_CONFLICT`] when the manifest and the way of splitting contradict each other.
pub async fn plan(desk: &Desk, request: &Request) -> Result<Plan> {
    desk.store.outage(&request.outage).await?.accepts_intake()?;
    let found = collect::inputs(&request.inputs)?;
    let path = request.manifest.clone().or(found.manifest);
    let manifest = path.as_deref().map(read_manifest).transpose()?;
    if found.files.is_empty() {
        return Err(kinds::NOTHING_TO_DO.error());
    }
    let way = request.way.clone();
    let mut plan = plan::assign(&found.files, manifest.as_ref());
    agree(&way, &plan)?;
    if way.split == Split::Sheets && way.duplex.is_some() {
        plan.groups = one_stack(plan.groups);
    }
    if !way.without_back.is_empty() && plan.groups.len() > 1 {
        return Err(contradiction("--no-back", &format!("{} files", plan.groups.len())));
    }
    Ok(Plan {
        outage: request.outage.clone(),
        groups: plan.groups,
        problems: plan.problems,
        serials: plan.serials,
        skipped: found.skipped,
        manifest: path,
        way,
    })
}

/// A manifest that names files has cut the stack already; one that names cover sheets needs them.
fn agree(way: &Way, plan: &plan::Plan) -> Result<()> {
    let named = plan.groups.iter().any(|g| g.row.is_some()) || !plan.problems.is_empty();
    let split = format!("--split {}", way.split);
    match way.split {
        Split::Auto => Ok(()),
        _ if named => Err(contradiction(&split, "--manifest (file)")),
        Split::Sheets => Ok(()),
        _ if !plan.serials.is_empty() => Err(contradiction(&split, "--manifest (paper_serial)")),
        _ => Ok(()),
    }
}

fn contradiction(first: &str, second: &str) -> crate::error::Error {
    kinds::OPTIONS_CONFLICT.with("first", first).with("second", second)
}

/// All inputs went through the scanner as one stack.
fn one_stack(groups: Vec<Group>) -> Vec<Group> {
    let mut groups = groups.into_iter();
    let Some(mut first) = groups.next() else { return Vec::new() };
    first.files.extend(groups.flat_map(|group| group.files));
    vec![first]
}

pub(super) fn read_manifest(path: &Path) -> Result<manifest::Manifest> {
    let bytes = platform::read_limited(path, manifest::MAX_BYTES)?;
    manifest::read(&bytes).map_err(|e| e.with("path", path.display()))
}

/// Takes the planned documents in.
///
/// # Errors
/// A store error; what single documents refuse is told and tallied.
pub async fn run(desk: &Desk, plan: Plan, front: &dyn Front) -> Result<Tally> {
    let looks = Arc::new(Looks::of(&desk.workspace.root));
    let mut intake = Intake::begin(desk, &plan, looks, front).await?;
    for problem in &plan.problems {
        front.tell(&Event::error(problem, None, front.lang()));
        intake.tally.failed(problem);
    }
    intake.take(plan.groups).await?;
    intake.end().await
}

/// One run, over one set of files or, in a watched folder, over many.
struct Intake<'a> {
    desk: &'a Desk,
    front: &'a dyn Front,
    keeper: Keeper,
    stacker: Stacker,
    gate: Gate,
    enter: enter::Enter<'a>,
    tally: Tally,
    /// Cover sheets whose rows are marked secret, where the profile refuses them.
    refused: HashSet<String>,
    /// A folder is watched: the last document may get further pages.
    more_may_come: bool,
}

impl<'a> Intake<'a> {
    async fn begin(desk: &'a Desk, plan: &Plan, looks: Arc<Looks>, front: &'a dyn Front) -> Result<Self> {
        let outage = desk.store.outage(&plan.outage).await?;
        let refuse = desk.workspace.profile.scan.secret == SecretRule::Refuse;
        let keeper = Keeper {
            store: desk.store.clone(),
            outage: plan.outage.clone(),
            way: plan.way.clone(),
            asks_for_secrecy: refuse && !secret::is_answered(&plan.serials),
            looks,
        };
        Ok(Self {
            desk,
            front,
            keeper,
            stacker: Stacker::new(plan.way.split),
            gate: Gate::default(),
            enter: enter::Enter::begin(desk, outage, &plan.serials, plan.manifest.is_some(), front).await?,
            tally: Tally::default(),
            more_may_come: false,
            refused: if refuse { secret::sheets(&plan.serials) } else { HashSet::new() },
        })
    }

    async fn take(&mut self, groups: Vec<Group>) -> Result<()> {
        self.front.begin("scan", groups.len() as u64);
        let open = self.without_secret(groups).await?;
        let alone = open.len() == 1 && !self.more_may_come;
        let keeper = self.keeper.clone();
        let runtime = tokio::runtime::Handle::current();
        let work = move |group: Group| {
            let read = keeper.read(&group, &runtime);
            (group, read)
        };
        ordered::each(open, work, async |done| {
            let (group, read) = done?;
            self.front.advance(1);
            self.lay(group, read, alone).await
        })
        .await?;
        self.front.end();
        Ok(())
    }

    /// Rule 12: what is secret is told, and not a byte of it is stored.
    async fn without_secret(&mut self, groups: Vec<Group>) -> Result<Vec<Group>> {
        let refuse = self.desk.workspace.profile.scan.secret == SecretRule::Refuse;
        let (marked, open): (Vec<Group>, Vec<Group>) =
            groups.into_iter().partition(|g| refuse && document::is_secret(&g.fields));
        for group in &marked {
            secret::hold_back(self.desk, group, self.front, &mut self.tally).await?;
        }
        let divided = secret::divide(open, &self.refused, &self.keeper.way, &self.keeper.looks);
        for group in &divided.outside {
            secret::hold_back(self.desk, group, self.front, &mut self.tally).await?;
        }
        divided.secret.iter().for_each(|code| self.enter.came(code));
        Ok(divided.open)
    }

    /// Lays what a file turned out to be into documents, and records those that are complete.
    async fn lay(&mut self, group: Group, read: Result<Read>, alone: bool) -> Result<()> {
        let name = group.name();
        let (looked, size, sources, unstored) = match read {
            Ok(Read::New { looked, size, sources, unstored }) => (looked, size, sources, unstored),
            Ok(Read::Known(ids)) => return self.enter.known(&ids, &group, &mut self.tally).await,
            Err(error) => {
                self.refuse(&error, &name);
                return Ok(());
            }
        };
        let stacked = group.row.is_none();
        let before = self.stacker.is_open();
        let mut bundles = match self.stacker.push(Seen { group, looked, size, unstored }) {
            Ok(bundles) => bundles,
            Err(error) => {
                self.refuse(&error, &name);
                return Ok(());
            }
        };
        if alone {
            bundles.extend(self.stacker.end());
        }
        let complete = !before && (alone || !self.stacker.is_open());
        let sheets =
            bundles.iter().filter_map(|b| b.sheet.as_ref()).map(ToString::to_string).collect::<Vec<_>>();
        let several = bundles.len() > 1;
        let ids = self.record(bundles).await?;
        if let Some(ids) = ids.filter(|_| stacked && complete && several) {
            let (outage, way) = (self.keeper.outage.clone(), self.keeper.way.key());
            self.desk.store.keep_stack(&outage, &way, &sources, &ids, &sheets).await?;
        }
        Ok(())
    }

    /// Records complete documents and gives their numbers, unless one of them stays outside or could not be stored.
    async fn record(&mut self, bundles: Vec<Bundle>) -> Result<Option<Vec<DocumentId>>> {
        let lot = self.gate.pass(bundles, self.stacker.open_files());
        let mut whole = lot.held.is_empty();
        self.leave(lot.held).await?;
        let stored = self.stored(&lot.free).await?;
        let mut ready = Vec::with_capacity(lot.free.len());
        for bundle in lot.free {
            match is_stored(&bundle, &stored) {
                Some(true) => ready.push(bundle),
                Some(false) => {
                    whole = false;
                    let name = bundle.group.name();
                    self.refuse(&kinds::SCAN_CHANGED.with("file", &name), &name);
                }
                None => whole = false,
            }
        }
        let ids = self.enter.bundles(ready, &mut self.tally).await?;
        Ok(Some(ids).filter(|_| whole))
    }

    /// What looks secret stays outside, and no notes about it are left.
    async fn leave(&mut self, held: Vec<Bundle>) -> Result<()> {
        if held.is_empty() {
            return Ok(());
        }
        held.iter().flat_map(keep::digests).for_each(|sha256| self.keeper.looks.forget(sha256));
        held.iter().filter_map(|bundle| bundle.sheet.as_ref()).for_each(|code| self.enter.came(code));
        secret::ask(self.desk, &held, self.front, &mut self.tally).await
    }

    /// Makes the files of documents durable, each once, now that no page of them looks secret.
    async fn stored(&mut self, bundles: &[Bundle]) -> Result<HashMap<PathBuf, Sha256>> {
        let unstored = bundles.iter().filter(|b| b.unstored && !b.is_bare());
        let files: BTreeSet<PathBuf> = unstored.flat_map(|b| b.group.files.iter().cloned()).collect();
        if files.is_empty() {
            return Ok(HashMap::new());
        }
        let keeper = self.keeper.clone();
        let (stored, failed) = ordered::one(move || keeper.keep(files)).await?;
        for (path, error) in &failed {
            self.refuse(error, &path.file_name().unwrap_or_default().to_string_lossy());
        }
        Ok(stored)
    }

    fn refuse(&mut self, error: &crate::error::Error, name: &str) {
        self.front.tell(&Event::error(error, Some(Subject::File(name)), self.front.lang()));
        self.tally.failed(error);
    }

    /// Records what waited for further pages.
    async fn flush(&mut self) -> Result<()> {
        let last: Vec<Bundle> = self.stacker.end().into_iter().collect();
        self.record(last).await?;
        Ok(())
    }

    /// Records what waited for further pages and tells gaps and rows without a sheet.
    async fn end(mut self) -> Result<Tally> {
        self.flush().await?;
        self.enter.end(&mut self.tally).await?;
        self.keeper.looks.recorded();
        Ok(self.tally)
    }
}

/// Whether what was looked at is what was stored; none when a file of it could not be stored.
fn is_stored(bundle: &Bundle, stored: &HashMap<PathBuf, Sha256>) -> Option<bool> {
    if !bundle.unstored || bundle.is_bare() {
        return Some(true);
    }
    let own: Option<Vec<&Sha256>> = bundle.group.files.iter().map(|file| stored.get(file)).collect();
    own.map(|own| keep::digests(bundle).all(|digest| own.contains(&digest)))
}

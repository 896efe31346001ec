//! A folder into which a scanner writes. It is looked through once a second: that finds what a scanner writes to a network
//! share as well, where a program that listens to its own system hears nothing, and it needs no second way that could
//! disagree with the first. A look costs one list of names and sizes.
//!
//! A file is taken when its size and its time have stood still and it can be read to its end; so a scanner that pauses, or a
//! copy that is under way, costs patience and never a page. What was taken is known by its bytes in the store, and nowhere
//! else: a restart, or the same file under another name, adds nothing.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use crate::document::{Finding, Severity, Sha256};
use crate::error::{Error, Kind, Result, kinds};
use crate::event::{Event, Front, Subject, Tally};
use crate::platform;
use crate::scan::{self, Source, collect, plan};
use crate::upload::Kind as Destination;

use super::super::{Desk, ordered};
use super::gate::Gate;
use super::looks::Looks;
use super::{Intake, Plan, Stacker, Way, agree, read_manifest};

/// Time between two looks.
const GLANCE: Duration = Duration::from_secs(1);
/// Most files that are taken between two looks.
const LOT: usize = 16;
/// How long size and time have to stand still: a scanner sends a page of a stack every second or two.
const STILL: Duration = Duration::from_secs(3);
/// How long a half file is waited for before it is reported, unless the person says otherwise.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// First bytes of a PDF, and the namespace of our metadata, which stands in every file that we make, readable.
const PDF: &[u8] = b"%PDF";
/// As above.
const OURS: &[u8] = b"urn:scanseal:recovery:";
/// Largest file that is searched for it; ours are far smaller.
const MAX_OURS: u64 = 200_000_000;
/// Refusals that a file which is still being written gives as well.
const UNFINISHED: [&Kind; 6] = [
    &kinds::SCAN_EMPTY,
    &kinds::SCAN_CUT,
    &kinds::SCAN_BROKEN,
    &kinds::SCAN_UNKNOWN,
    &kinds::FILE_IO,
    &kinds::FILE_DENIED,
];

/// What is watched.
#[derive(Clone, Debug)]
pub struct Watch {
    /// The folder.
    pub folder: PathBuf,
    /// Reference of an open outage.
    pub outage: String,
    /// The manifest; else `manifest.csv` of the folder.
    pub manifest: Option<PathBuf>,
    /// Stacks.
    pub way: Way,
    /// When a half file is reported.
    pub patience: Duration,
}

/// Size and time of a file, and since when they stand still.
#[derive(Clone, Copy, Debug)]
struct Sight {
    size: u64,
    modified: Option<SystemTime>,
    since: Instant,
    /// Taken, refused or reported as it is now; looked at again when it changes.
    settled: bool,
}

/// Watches until `stop` is done, then finishes what is under way.
///
/// # Errors
/// [`kinds::WATCH_OWN`], [`kinds::OUTAGE_UNKNOWN`], [`kinds::OUTAGE_CLOSED`], a manifest or store error; what single files
/// refuse is told and tallied.
pub async fn run(
    desk: &Desk,
    watch: &Watch,
    stop: impl Future<Output = ()>,
    front: &dyn Front,
) -> Result<Tally> {
    refuse_own(desk, &watch.folder)?;
    let mut watcher = Watcher {
        desk,
        watch,
        front,
        sights: BTreeMap::new(),
        stacker: Stacker::new(watch.way.split),
        gate: Gate::default(),
        looks: Arc::new(Looks::of(&desk.workspace.root)),
        last: Instant::now(),
        tally: Tally::default(),
    };
    let mut stop = std::pin::pin!(stop);
    let mut pause = Duration::ZERO;
    loop {
        tokio::select! {
            biased;
            () = &mut stop => break,
            () = tokio::time::sleep(pause) => {}
        }
        // A stack of files is taken in small lots, so that the person need not wait for the last one to stop.
        pause = if watcher.glance().await? { Duration::ZERO } else { GLANCE };
    }
    watcher.end().await
}

/// The state of a watched folder.
struct Watcher<'a> {
    desk: &'a Desk,
    watch: &'a Watch,
    front: &'a dyn Front,
    sights: BTreeMap<PathBuf, Sight>,
    /// Loose pictures under a cover sheet, of which more may come.
    stacker: Stacker,
    /// Documents that wait until all of their files are there.
    gate: Gate,
    /// What was seen of files that were read to their end.
    looks: Arc<Looks>,
    /// When a file was taken last.
    last: Instant,
    tally: Tally,
}

impl<'a> Watcher<'a> {
    /// Looks once and takes what is whole; says whether anything was taken.
    async fn glance(&mut self) -> Result<bool> {
        let ready = look(&self.watch.folder, &mut self.sights)?;
        let whole = self.whole(ready).await?;
        if !whole.is_empty() {
            self.take(whole).await?;
            self.last = Instant::now();
            return Ok(true);
        }
        if self.stacker.is_open() && self.last.elapsed() >= self.watch.patience {
            self.finish_stack().await?;
        }
        Ok(false)
    }

    /// The files that are whole; those that stay half are reported.
    async fn whole(&mut self, ready: Vec<PathBuf>) -> Result<Vec<PathBuf>> {
        let mut whole = Vec::new();
        for path in ready.into_iter().take(LOT) {
            let verdict = self.is_whole(&path).await?;
            let Some(sight) = self.sights.get_mut(&path) else { continue };
            match verdict {
                Ok(true) => whole.push(path),
                Ok(false) => {
                    sight.settled = true;
                    self.tell("watch_ours", &path);
                }
                Err(error) if sight.since.elapsed() >= self.watch.patience => {
                    sight.settled = true;
                    self.report(&path, &error);
                }
                Err(_) => {}
            }
        }
        Ok(whole)
    }

    /// Whether the file can be read to its end and is not one of our own. One that was taken in before is whole.
    async fn is_whole(&self, path: &Path) -> Result<Result<bool>> {
        let read = path.to_owned();
        let digest = match ordered::one(move || foreign(&read)).await? {
            Ok(Some(digest)) => digest,
            Ok(None) => return Ok(Ok(false)),
            Err(error) => return Ok(Err(error)),
        };
        if self.desk.store.known(&self.watch.outage, std::slice::from_ref(&digest)).await?.is_some() {
            return Ok(Ok(true));
        }
        let (read, looks) = (path.to_owned(), self.looks.clone());
        ordered::one(move || ends(&read, &digest, &looks).map(|()| true)).await
    }

    fn tell(&self, code: &str, path: &Path) {
        let finding = Finding::new(code, None, Severity::Info);
        self.front.tell(&Event::finding(&finding, Subject::File(&name(path)), self.front.lang()));
    }

    fn report(&mut self, path: &Path, error: &Error) {
        let half = kinds::WATCH_HALF.with("file", name(path)).with("seconds", self.watch.patience.as_secs());
        let half = half.with("cause", error.message(self.front.lang()));
        self.front.tell(&Event::error(&half, Some(Subject::File(&name(path))), self.front.lang()));
        self.tally.failed(&half);
    }

    async fn take(&mut self, whole: Vec<PathBuf>) -> Result<()> {
        let plan = planned(self.desk, self.watch, &whole).await?;
        let mut intake = self.intake(&plan).await?;
        intake.take(plan.groups.clone()).await?;
        intake.keeper.looks.recorded();
        let Intake { stacker, gate, tally, .. } = intake;
        self.resume(stacker, gate, tally);
        for path in plan.groups.iter().flat_map(|group| &group.files) {
            if let Some(sight) = self.sights.get_mut(path) {
                sight.settled = true;
            }
        }
        Ok(())
    }

    async fn intake(&mut self, plan: &Plan) -> Result<Intake<'a>> {
        let rule = self.watch.way.split;
        let mut intake = Intake::begin(self.desk, plan, self.looks.clone(), self.front).await?;
        intake.gate = std::mem::take(&mut self.gate);
        intake.stacker = std::mem::replace(&mut self.stacker, Stacker::new(rule));
        intake.more_may_come = true;
        Ok(intake)
    }

    /// Nothing came for a while: what lies under the last sheet is the document.
    async fn finish_stack(&mut self) -> Result<()> {
        let plan = planned(self.desk, self.watch, &[]).await?;
        let mut intake = self.intake(&plan).await?;
        intake.flush().await?;
        intake.keeper.looks.recorded();
        let Intake { stacker, gate, tally, .. } = intake;
        self.resume(stacker, gate, tally);
        Ok(())
    }

    fn resume(&mut self, stacker: Stacker, gate: Gate, tally: Tally) {
        (self.stacker, self.gate) = (stacker, gate);
        self.tally.add(tally);
    }

    async fn end(mut self) -> Result<Tally> {
        if self.stacker.is_open() {
            self.finish_stack().await?;
        }
        // What waits is told; the next run takes it.
        for (path, _) in self.sights.iter().filter(|(_, sight)| !sight.settled) {
            self.tell("watch_left", path);
        }
        Ok(self.tally)
    }
}

/// A folder that we write to would feed us our own files.
fn refuse_own(desk: &Desk, folder: &Path) -> Result<()> {
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let watched = std::fs::canonicalize(folder).map_err(|e| Error::io(folder, e))?;
    let workspace = &desk.workspace;
    let folders = workspace.station.destination.iter().filter(|d| d.kind == Destination::Folder);
    let mut own: Vec<PathBuf> =
        folders.filter_map(|d| d.path.as_ref()).map(|p| workspace.root.join(p)).collect();
    own.extend([workspace.root.clone(), workspace.blobs_folder()]);
    let inside = own.iter().map(|path| real(path)).any(|path| watched.starts_with(path));
    if inside { Err(kinds::WATCH_OWN.with("path", folder.display())) } else { Ok(()) }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Looks once and gives the files that stand still.
fn look(folder: &Path, sights: &mut BTreeMap<PathBuf, Sight>) -> Result<Vec<PathBuf>> {
    let found = collect::inputs(&[folder.to_owned()])?;
    let present: HashSet<&PathBuf> = found.files.iter().collect();
    sights.retain(|path, _| present.contains(path));
    let mut ready = Vec::new();
    for path in &found.files {
        // A file that vanishes between the list and the look is not there.
        let Ok(meta) = std::fs::metadata(path) else { continue };
        let (size, modified, now) = (meta.len(), meta.modified().ok(), Instant::now());
        let fresh = Sight { size, modified, since: now, settled: false };
        let sight = sights.entry(path.clone()).or_insert(fresh);
        if (sight.size, sight.modified) != (size, modified) {
            *sight = fresh;
        } else if !sight.settled && sight.since.elapsed() >= STILL {
            ready.push(path.clone());
        }
    }
    Ok(ready)
}

/// The digest of a file, unless it is one of our own.
fn foreign(path: &Path) -> Result<Option<Sha256>> {
    let size = std::fs::metadata(path).map_err(|e| Error::io(path, e))?.len();
    if size == 0 {
        return Err(kinds::SCAN_EMPTY.with("file", name(path)));
    }
    let is_pdf = platform::starts_with(path, PDF)?;
    if is_pdf && size <= MAX_OURS && is_ours(&platform::read_limited(path, MAX_OURS)?) {
        return Ok(None);
    }
    platform::digest(path).map(Some)
}

/// Reads the file to its end, and remembers what was seen. What will never be a scan ends as well: its refusal is told when
/// it is taken.
fn ends(path: &Path, sha256: &Sha256, looks: &Looks) -> Result<()> {
    let source = Source::open(path, scan::MAX_SOURCE_BYTES)?;
    let looked = looks.look(&name(path), sha256, source);
    let unfinished = |error: &Error| UNFINISHED.iter().any(|kind| kind.code == error.code());
    let ended = match looked {
        Ok(pages) => {
            looks.remember(sha256, &pages);
            let refused = pages.into_iter().find_map(|page| page.good().err());
            refused.filter(unfinished).map_or(Ok(()), Err)
        }
        Err(error) if unfinished(&error) => Err(error.with("file", name(path))),
        Err(_) => Ok(()),
    };
    // The whole file will have another digest than its half.
    ended.inspect_err(|_| looks.forget(sha256))
}

/// A file that this program made.
fn is_ours(bytes: &[u8]) -> bool {
    bytes.starts_with(PDF) && bytes.windows(OURS.len()).any(|window| window == OURS)
}

/// The plan of a lot. Files of a row whose other files are not there yet stay where they are, and rows whose scans are still
/// to come are no problem yet.
async fn planned(desk: &Desk, watch: &Watch, files: &[PathBuf]) -> Result<Plan> {
    desk.store.outage(&watch.outage).await?.accepts_intake()?;
    let found = collect::inputs(std::slice::from_ref(&watch.folder))?;
    let path = watch.manifest.clone().or(found.manifest);
    let manifest = path.as_deref().map(read_manifest).transpose()?;
    let plan = plan::assign(files, manifest.as_ref());
    let plan = plan::Plan { problems: Vec::new(), ..plan };
    agree(&watch.way, &plan)?;
    Ok(Plan {
        outage: watch.outage.clone(),
        groups: plan.groups,
        problems: plan.problems,
        serials: plan.serials,
        skipped: 0,
        manifest: path,
        way: watch.way.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_ready_when_it_stands_still_and_again_when_it_changes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jpg");
        std::fs::write(&path, b"\xFF\xD8\xFF").unwrap();
        let mut sights = BTreeMap::new();
        assert!(look(folder.path(), &mut sights).unwrap().is_empty(), "just seen");
        let back = |sights: &mut BTreeMap<PathBuf, Sight>| {
            sights.values_mut().for_each(|s| s.since = s.since.checked_sub(STILL).unwrap());
        };
        back(&mut sights);
        assert_eq!(look(folder.path(), &mut sights).unwrap(), std::slice::from_ref(&path));
        sights.get_mut(&path).unwrap().settled = true;
        assert!(look(folder.path(), &mut sights).unwrap().is_empty(), "taken");
        std::fs::write(&path, b"\xFF\xD8\xFF\xE0").unwrap();
        assert!(look(folder.path(), &mut sights).unwrap().is_empty(), "changed just now");
        back(&mut sights);
        assert_eq!(look(folder.path(), &mut sights).unwrap(), std::slice::from_ref(&path));
        std::fs::write(folder.path().join("b.jpg.part"), b"\xFF\xD8\xFF").unwrap();
        std::fs::remove_file(&path).unwrap();
        assert!(look(folder.path(), &mut sights).unwrap().is_empty() && sights.is_empty());
    }

    #[test]
    fn half_files_are_waited_for_and_foreign_ones_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let is_whole = |path: &Path| match foreign(path)? {
            Some(digest) => ends(path, &digest, &Looks::default()).map(|()| true),
            None => Ok(false),
        };
        let path = folder.path().join("a.png");
        let mut bytes = std::io::Cursor::new(Vec::new());
        image::GrayImage::from_fn(64, 64, |x, y| image::Luma([(x * y) as u8]))
            .write_to(&mut bytes, image::ImageFormat::Png)
            .unwrap();
        let bytes = bytes.into_inner();
        std::fs::write(&path, &bytes).unwrap();
        assert!(is_whole(&path).unwrap());
        for end in [0, 5, 40, bytes.len() - 30] {
            std::fs::write(&path, &bytes[..end]).unwrap();
            assert!(is_whole(&path).is_err(), "{end}");
        }
        std::fs::write(&path, b"%PDF-1.7 ... urn:scanseal:recovery:1.0# ...").unwrap();
        assert!(!is_whole(&path).unwrap(), "our own");
    }
}

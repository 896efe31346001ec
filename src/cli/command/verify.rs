//! `verify`: the verdict, one line a file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use super::super::args::{Global, Verify};
use super::super::console::Console;
use super::super::{desk_to_read, is_file, render, tell_failure, time};
use crate::document::Sha256;
use crate::error::{Exit, Result, kinds};
use crate::event::{Event, Front, Subject, Tally};
use crate::fetch::Web;
use crate::locales::{self, Lang};
use crate::pipeline::sign::document_id;
use crate::pipeline::{Desk, ordered, wording};
use crate::platform;
use crate::profile::SealRequires;
use crate::report::verdict::{self, Checked};
use crate::station::Workspace;
use crate::verify::clerk::Voice;
use crate::verify::{self, Report, Trust, Verdict, Verifier};

/// Largest PDF that is read.
const MAX_PDF_BYTES: u64 = 1 << 30;
/// Files that are looked at before the next ones are read.
const AT_ONCE: usize = 32;

/// The workspace around, when there is one; a broken one is said and not passed over.
///
/// # Errors
/// What [`Workspace::find`] refuses, except that there is none.
pub(in super::super) fn workspace(global: &Global) -> Result<Option<Workspace>> {
    match Workspace::find(global.workspace.as_deref()) {
        Err(error) if error.code() == kinds::WORKSPACE_MISSING.code && global.workspace.is_none() => Ok(None),
        found => found.map(Some),
    }
}

pub(in super::super) async fn run(args: Verify, global: &Global, console: &Console) -> Result<Exit> {
    let around = workspace(global)?;
    let offset = around.as_ref().map_or(0, |w| w.profile.utc_offset_minutes);
    let at = args.at.as_deref().map(|t| time::parse(t, offset)).transpose()?.unwrap_or_else(Timestamp::now);
    let trust = trust(around.as_ref(), &args.trust)?;
    if let (Some(number), Some(output)) = (args.revision, &args.output) {
        return extract(&args.what, number, output, global, console).await;
    }
    let form = args.report.as_deref().map(Form::of).transpose()?;
    let strict = around.as_ref().is_some_and(|w| w.profile.recovery.seal_requires == SealRequires::Valid);
    let voice = Voice { lang: console.lang(), utc_offset_minutes: offset, strict, receiver: false };
    let mut told = Told { voice, tally: Tally::default(), kept: form.is_some().then(Vec::new), console };
    let desk = documents_desk(&args.what, global, console).await?;
    let fetch = around.as_ref().is_some_and(|w| w.station.verify.fetch);
    let means = Means { verifier: Arc::new(Verifier::new(trust)), fetch, at };
    for part in args.what.chunks(AT_ONCE) {
        judge(part, desk.as_ref(), &means, &mut told).await?;
    }
    if let (Some(form), Some(path), Some(files)) = (form, &args.report, &told.kept) {
        let facts = verdict::Facts { files, at, voice: Voice { receiver: true, ..voice } };
        let bytes = match form {
            Form::Page => verdict::html(&facts).into_bytes(),
            Form::Print => verdict::pdf(&facts)?,
        };
        platform::write_new(path, &bytes)?;
        console.say_id("cli-written", &[("path", &path.display().to_string())]);
    }
    console.say_support();
    Ok(told.tally.exit())
}

/// Form of the report for the receiver.
#[derive(Clone, Copy)]
enum Form {
    Page,
    Print,
}

impl Form {
    fn of(path: &Path) -> Result<Self> {
        match path.extension().and_then(|e| e.to_str()).map(str::to_lowercase).as_deref() {
            Some("html" | "htm") => Ok(Self::Page),
            Some("pdf") => Ok(Self::Print),
            _ => Err(kinds::REPORT_KIND.with("path", path.display())),
        }
    }
}

/// The store, when a document of it is asked about.
async fn documents_desk(what: &[String], global: &Global, console: &Console) -> Result<Option<Desk>> {
    match what.iter().all(|what| is_named_file(what)) {
        true => Ok(None),
        false => desk_to_read(global, console).await.map(Some),
    }
}

fn is_named_file(what: &str) -> bool {
    is_file(what) || Path::new(what).is_file()
}

/// By what a file is judged.
#[derive(Clone)]
struct Means {
    verifier: Arc<Verifier>,
    /// Whether the services are asked that certificates name.
    fetch: bool,
    at: Timestamp,
}

impl Means {
    fn report(&self, bytes: &[u8], lang: Lang) -> Result<Report> {
        match self.fetch {
            true => self.verifier.report_with(bytes, self.at, lang, &Web::default()),
            false => self.verifier.report(bytes, self.at, lang),
        }
    }
}

/// Where the bytes are.
enum Source {
    File(String),
    Bytes(Result<Vec<u8>>),
}

/// Judges a part of the files, on all cores, and tells the verdicts in their order.
async fn judge(part: &[String], desk: Option<&Desk>, means: &Means, told: &mut Told<'_>) -> Result<()> {
    let mut sources = Vec::with_capacity(part.len());
    let mut known = Vec::with_capacity(part.len());
    for what in part {
        match desk.filter(|_| !is_named_file(what)) {
            None => {
                sources.push(Source::File(what.clone()));
                known.push(Known::of_file(what));
            }
            Some(desk) => {
                sources.push(Source::Bytes(of_document(what, desk).await));
                known.push(Known::of_document(what, desk).await);
            }
        }
    }
    let (means, lang, kept) = (means.clone(), told.voice.lang, told.kept.is_some());
    let work = move |source| -> Judged {
        let bytes = match source {
            Source::File(path) => platform::read_limited(Path::new(&path), MAX_PDF_BYTES),
            Source::Bytes(bytes) => bytes,
        };
        let bytes = bytes?;
        Ok((means.report(&bytes, lang)?, kept.then(|| Sha256::of(&bytes))))
    };
    let mut names = part.iter().zip(known);
    ordered::each(sources, work, async |judged: Result<Judged>| {
        if let Some((name, known)) = names.next() {
            told.tell(name, known, judged.and_then(|judged| judged));
        }
        Ok(())
    })
    .await
}

/// What was found, and the digest where a report tells it.
type Judged = Result<(Report, Option<Sha256>)>;

/// What a receiver knows a file by.
struct Known {
    name: String,
    subject: Option<String>,
}

impl Known {
    fn of_file(path: &str) -> Self {
        let name = Path::new(path).file_name().map(|name| name.to_string_lossy().into_owned());
        Self { name: name.unwrap_or_else(|| path.to_owned()), subject: None }
    }

    /// The name that its copies have, and what it is about; one that cannot be found is told about elsewhere.
    async fn of_document(what: &str, desk: &Desk) -> Self {
        let stored = match document_id(what) {
            Ok(id) => desk.store.document(id).await.ok(),
            Err(_) => None,
        };
        let Some(stored) = stored else { return Self { name: what.to_owned(), subject: None } };
        let name = wording::copy_name(&stored.document, stored.id, &desk.workspace);
        Self { name: format!("{name}.pdf"), subject: stored.document.fields.subject.clone() }
    }
}

async fn of_document(what: &str, desk: &Desk) -> Result<Vec<u8>> {
    let id = document_id(what)?;
    desk.store.latest(&desk.store.document(id).await?).await
}

/// Trust of the workspace and of `--trust`; never from the file.
fn trust(workspace: Option<&Workspace>, named: &[PathBuf]) -> Result<Trust> {
    let mut trust = workspace.map(Workspace::trust).transpose()?.unwrap_or_default();
    trust.anchors.extend(verify::trust::load(named)?);
    Ok(trust)
}

async fn bytes(what: &str, global: &Global, console: &Console) -> Result<Vec<u8>> {
    if is_named_file(what) {
        return platform::read_limited(Path::new(what), MAX_PDF_BYTES);
    }
    of_document(what, &desk_to_read(global, console).await?).await
}

/// Writes the bytes of one revision, for a look at what a signer saw.
async fn extract(
    what: &[String],
    number: usize,
    output: &Path,
    global: &Global,
    console: &Console,
) -> Result<Exit> {
    let [only] = what else {
        return Err(kinds::OPTIONS_CONFLICT.with("first", "--revision").with("second", what.join(" ")));
    };
    let bytes = bytes(only, global, console).await?;
    let revision = verify::revision(&bytes, number)?;
    platform::write_new(output, revision)?;
    console.say_id("cli-written", &[("path", &output.display().to_string())]);
    Ok(Exit::Done)
}

/// Verdicts as they are told, and what they come to.
struct Told<'c> {
    voice: Voice,
    tally: Tally,
    /// Kept for a report.
    kept: Option<Vec<Checked>>,
    console: &'c Console,
}

impl Told<'_> {
    fn tell(&mut self, file: &str, known: Known, judged: Judged) {
        let (report, sha256) = match judged {
            Ok(judged) => judged,
            Err(error) => return tell_failure(self.console, &error, Subject::File(file), &mut self.tally),
        };
        match report.verdict {
            Verdict::Valid => self.tally.done += 1,
            Verdict::Indeterminate => self.tally.failures.push(Exit::Undecided),
            Verdict::Invalid | Verdict::Unsigned => self.tally.failures.push(Exit::Signature),
        }
        if self.console.is_json() {
            self.console.tell(&Event::new("document", &report).with("file", file));
        } else {
            self.console.result(&words(file, &report, self.voice));
        }
        if let (Some(kept), Some(sha256)) = (&mut self.kept, sha256) {
            let Known { name, subject } = known;
            kept.push(Checked { name, subject, sha256, report });
        }
    }
}

/// The verdict in words: first the answer, then each signature with what follows from it.
fn words(file: &str, report: &Report, voice: Voice) -> String {
    let sign = match report.verdict {
        Verdict::Valid => "✓",
        Verdict::Indeterminate => "?",
        Verdict::Invalid | Verdict::Unsigned => "✗",
    };
    let mut lines = vec![format!("{sign} {}: {}", render::shown(file), voice.headline(report))];
    if report.drill {
        lines.push(format!("  {}", locales::plain(voice.lang, "cli-verdict-drill")));
    }
    if let Some(outage) = &report.outage {
        let args = [("outage", render::shown(outage))];
        lines.push(format!("  {}", locales::text(voice.lang, "cli-verdict-outage", &args)));
    }
    for line in report.signatures.iter().map(|signature| voice.about(report).line(signature)) {
        lines.push(format!("  · {}", render::shown(&line.who)));
        lines.push(format!("    {}", render::shown(&line.words)));
        lines.extend(line.notes.iter().map(|note| format!("    {}", render::shown(note))));
    }
    lines.join("\n")
}

//! Plain PDF files outside a workspace: signed copies, verdicts, conversions. Originals are never changed.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use unicode_normalization::UnicodeNormalization;

use crate::bounded;
use crate::compress;
use crate::document::{Finding, Severity};
use crate::error::{Result, kinds};
use crate::event::{Event, Front, Subject, Tally};
use crate::locales::Lang;
use crate::pdf::{self, Attachment, ConvertFacts, Flavour, Page};
use crate::platform;
use crate::profile::{Level, OcrRules};
use crate::scan::cleanup::Placed;
use crate::scan::{self, Scan, Source, collect};
use crate::sign::form::Covered;
use crate::sign::picture::Picture;
use crate::sign::preview::preview;
use crate::sign::{Intent, KeyPolicy, PinSource, Role, Signer, Visible, form, key};
use crate::station::Workspace;
use crate::verify::{self, Report, SignatureReport, Trust, Verdict};

mod bulk;
pub(super) mod output;

use bulk::Bulk;

use super::reading::{Made, Reader};
use super::sign::{Archiver, Stamper, refusal, stamper};
use super::wording;

/// Largest PDF that is read.
const MAX_PDF_BYTES: u64 = 1 << 30;

/// Copies to be signed.
#[derive(Clone, Debug)]
pub struct Signing {
    /// The files.
    pub files: Vec<PathBuf>,
    /// Folder of the signed copies.
    pub folder: PathBuf,
    /// In which role.
    pub role: Role,
    /// With which key; none where it is elsewhere.
    pub key: Option<key::KeyUri>,
    /// How it shows; none is invisible.
    pub form: Option<Form>,
    /// At which level; else the profile's, and B-B without a workspace.
    pub level: Option<Level>,
    /// What the signatures say about why they were made.
    pub reason: Option<String>,
}

/// How signatures on copies of plain files show (Decree 30/2020 Appendix I).
#[derive(Clone, Debug)]
pub enum Form {
    /// A document that was written on a computer: the picture of the signature or the seal at its true size.
    Issued(form::Wanted),
    /// A file that goes along with a document of this number and notation: a text block, top right on the first page.
    Attachment(String),
}

/// Signs copies of plain files into a folder, under their own names, with one PIN. Once `stop` is set no further file is signed.
///
/// # Errors
/// [`kinds::OUTPUT_TWICE`], a key error before the first file; what single files refuse is told and tallied.
pub fn sign(
    request: &Signing,
    workspace: Option<&Workspace>,
    pins: &mut dyn PinSource,
    (stop, front): (&AtomicBool, &dyn Front),
) -> Result<Tally> {
    request.check()?;
    let policy = workspace.map_or_else(KeyPolicy::default, |w| w.key_policy_for(request.role));
    let trust = workspace.map(Workspace::trust).transpose()?.unwrap_or_default();
    let level = request.level.or(workspace.map(|w| w.profile.crypto.level)).unwrap_or(Level::BB);
    let stamper = stamper(workspace.map(|w| &w.station), &trust, level)?;
    let not_named = || kinds::KEY_NOT_NAMED.with("role", request.role.as_str());
    let mut session = key::open(request.key.as_ref().ok_or_else(not_named)?, &policy, pins)?;
    super::sign::check_accepted(session.as_ref(), &trust, front.lang())?;
    let archiver = Archiver::of(level, &trust, workspace.map(|w| w.root.as_path()));
    if let Some(archiver) = &archiver {
        archiver.warm_for(session.as_ref())?;
    }
    output::ready(&request.folder)?;
    let shared = Shared { stamper, archiver, ..Shared::of(request, workspace)? };
    let signer = Signer::of(session.as_ref(), shared.stamper.as_ref().map_or(0, Stamper::room))?;
    if session.asks_each_time() {
        pins.each_time(session.signer_name(), request.files.len());
    }
    front.begin("sign", request.files.len() as u64);
    let bulk = Bulk { request, shared: &shared, signer: &signer, stop, front };
    let tally = bulk.run(session.as_mut(), pins);
    let archived = shared.archiver.iter().flat_map(Archiver::notes);
    for note in shared.stamper.iter().flat_map(Stamper::notes).chain(archived) {
        front.tell(&Event::error(&note, None, front.lang()));
    }
    front.end();
    Ok(tally)
}

/// The picture of the station's key for a role.
pub(super) fn picture(workspace: Option<&Workspace>, role: Role) -> Result<Picture> {
    let not_named = || kinds::PICTURE_NOT_NAMED.with("role", role.as_str());
    let workspace = workspace.ok_or_else(not_named)?;
    let keys = &workspace.station.keys;
    let key = match role {
        Role::Personal => keys.personal.as_ref(),
        Role::Organization => keys.organization.as_ref(),
    };
    let key = key.ok_or_else(not_named)?;
    let (path, width) = key.picture.as_ref().zip(key.picture_mm).ok_or_else(not_named)?;
    Picture::load(&workspace.root.join(path), width)
}

/// What all files of a batch share.
pub(super) struct Shared {
    pub trust: Trust,
    picture: Option<Picture>,
    stamper: Option<Stamper>,
    archiver: Option<Archiver>,
    offset_minutes: i32,
}

impl Signing {
    /// What a look at the request alone refuses.
    ///
    /// # Errors
    /// [`kinds::OUTPUT_TWICE`], [`kinds::NAME_EMPTY`].
    pub fn check(&self) -> Result<()> {
        if self.reason.as_ref().is_some_and(|reason| reason.trim().is_empty()) {
            return Err(kinds::NAME_EMPTY.with("what", "--reason"));
        }
        output::check_names(&self.files, output::own_name)
    }
}

impl Shared {
    /// Without any time stamps.
    pub fn of(request: &Signing, workspace: Option<&Workspace>) -> Result<Self> {
        Ok(Self {
            trust: workspace.map(Workspace::trust).transpose()?.unwrap_or_default(),
            picture: match &request.form {
                Some(Form::Issued(_)) => Some(picture(workspace, request.role)?),
                _ => None,
            },
            stamper: None,
            archiver: None,
            offset_minutes: workspace.map_or(0, |w| w.profile.utc_offset_minutes),
        })
    }

    fn intent(&self, request: &Signing) -> Intent {
        let at = Timestamp::now();
        let visible = match &request.form {
            Some(Form::Attachment(number)) => {
                Some(Visible::Text(vec![number.clone(), wording::moment(at, self.offset_minutes)]))
            }
            _ => None,
        };
        let utc_offset_seconds = self.offset_minutes.saturating_mul(60);
        let reason = request.reason.clone();
        Intent { role: request.role, reason, at, visible, lock: false, utc_offset_seconds }
    }
}

/// Reads a file that may be signed, and says how: by whom, now, and where it shows. `signer` is the name on the certificate.
pub(super) fn ready(
    file: &Path,
    request: &Signing,
    signer: &str,
    shared: &Shared,
    front: &dyn Front,
) -> Result<(Vec<u8>, Intent)> {
    let mut intent = shared.intent(request);
    let bytes = platform::read_limited(file, MAX_PDF_BYTES)?;
    let base = pdf::read::Base::open(&bytes)?;
    let told = |covered: Vec<Covered>| {
        for covered in covered {
            let warning = |code| Finding::new(code, None, Severity::Warning);
            let finding = match covered {
                Covered::Line(text) => warning("form_over_text").with("text", text),
                Covered::Picture => warning("form_over_picture"),
            };
            let name = file.display().to_string();
            front.tell(&Event::finding(&finding, Subject::File(&name), front.lang()));
        }
    };
    if let (Some(picture), Some(Form::Issued(wanted))) = (&shared.picture, &request.form) {
        if pdf::recovery(&bytes)?.is_some() {
            return Err(kinds::FORM_ON_SCAN.error());
        }
        let (placed, covered) = form::place(&base, intent.role, picture.clone(), signer, wanted)?;
        told(covered);
        intent.visible = Some(Visible::Picture(Box::new(placed)));
    }
    let text = matches!(request.form, Some(Form::Attachment(_)));
    let shown = if text { preview(&bytes, signer, &intent)? } else { None };
    if let Some(shown) = shown {
        told(form::covered(&base, shown.page, shown.area)?);
    }
    drop(base);
    verify::hidden::refuse(&bytes)?;
    refuse_drill(&bytes, &shared.trust)?;
    let alone = matches!(request.form, Some(Form::Attachment(_)));
    let report = refuse_broken(&bytes, (intent.role, alone), &shared.trust, intent.at, front.lang())?;
    refuse_same(report.as_ref(), intent.role, signer)?;
    Ok((bytes, intent))
}

/// Writes a signed file after a look at it.
pub(super) fn keep(
    signed: &[u8],
    to: &Path,
    trust: &Trust,
    at: Timestamp,
    front: &dyn Front,
) -> Result<Report> {
    let report = verify::report(signed, trust, at, front.lang())?;
    if report.verdict == Verdict::Invalid {
        return Err(refusal(report));
    }
    platform::write_new(to, signed)?;
    Ok(report)
}

/// A real key never signs what comes from a drill, and a drill's key nothing else (rule 11).
fn refuse_drill(bytes: &[u8], trust: &Trust) -> Result<()> {
    let drill = pdf::recovery(bytes)?.is_some_and(|recovery| recovery.drill);
    if drill == trust.drill { Ok(()) } else { Err(kinds::DRILL_MIXED.error()) }
}

/// Nobody signs behind a signature that does not hold; the organization signs only behind one that does (rule 5). What goes along
/// with a document in a file of its own is signed by the organization `alone` (Decree 30/2020 Appendix I Part I II.8).
fn refuse_broken(
    bytes: &[u8],
    (role, alone): (Role, bool),
    trust: &Trust,
    at: Timestamp,
    lang: Lang,
) -> Result<Option<Report>> {
    let present = pdf::signature_count(bytes)?;
    if role == Role::Organization && present == 0 && !alone {
        return Err(kinds::ROLE_MISSING.with("present", 0).with("wanted", 1).with("where", "file"));
    }
    if present == 0 {
        return Ok(None);
    }
    let report = verify::report(bytes, trust, at, lang)?;
    let enough = match role {
        Role::Organization => report.verdict == Verdict::Valid,
        Role::Personal => report.verdict != Verdict::Invalid,
    };
    if enough { Ok(Some(report)) } else { Err(refusal(report)) }
}

/// The certificate that signed as a person is not the organization's, whatever its subject says.
fn refuse_same(report: Option<&Report>, role: Role, signer: &str) -> Result<()> {
    let organization = Role::Organization.as_str();
    let mut persons = report.iter().flat_map(|report| &report.signatures);
    let same = |s: &SignatureReport| s.signer == signer && s.role.as_deref() != Some(organization);
    match role == Role::Organization && persons.any(same) {
        true => Err(kinds::SIGNED_AS_PERSON.with("signer", signer)),
        false => Ok(()),
    }
}

/// The verdict on a file, as of `at`.
///
/// # Errors
/// A disk error, or bytes that are no readable PDF.
pub fn verdict(file: &Path, trust: &Trust, at: Timestamp, front: &dyn Front) -> Result<Report> {
    let bytes = platform::read_limited(file, MAX_PDF_BYTES)?;
    verify::report(&bytes, trust, at, front.lang())
}

/// What `convert` is asked for.
#[derive(Clone, Debug)]
pub struct Conversion {
    /// Files and folders.
    pub inputs: Vec<PathBuf>,
    /// The new PDF/A; never an existing file.
    pub output: PathBuf,
    /// Compression.
    pub settings: compress::Settings,
    /// Text layer.
    pub ocr: OcrRules,
    /// Part and level; else what fits.
    pub flavour: Option<Flavour>,
    /// The time that the file states; else now.
    pub at: Option<Timestamp>,
    /// Turn skewed pages level and wrongly laid ones upright, by their matrix.
    pub deskew: bool,
}

/// What `convert` made.
#[derive(Debug)]
pub struct Converted {
    /// Pages with what was chosen for each layer.
    pub pages: Vec<Page>,
    /// What a person should know, with page numbers of the result.
    pub findings: Vec<Finding>,
    /// By what pages were read.
    pub read_by: Option<String>,
    /// Bytes of the sources.
    pub bytes_in: u64,
    /// Bytes of the PDF.
    pub bytes_out: usize,
}

/// Scans to one PDF/A, without a workspace.
///
/// # Errors
/// A scan error with file and page; [`kinds::FILE_EXISTS`] before any work.
pub fn convert(request: &Conversion, front: &dyn Front) -> Result<Converted> {
    if request.output.exists() {
        return Err(kinds::FILE_EXISTS.with("path", request.output.display()));
    }
    let inputs = collect::inputs(&request.inputs)?;
    if inputs.files.is_empty() {
        return Err(kinds::NOTHING_TO_DO.error());
    }
    let attachments = match request.flavour {
        Some(Flavour::A3b) => attached(&inputs.files, request.at)?,
        _ => Vec::new(),
    };
    let reader = Reader::find(&request.ocr, front);
    let (mut scans, mut bytes_in) = (Vec::new(), 0);
    for file in &inputs.files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let source = Source::open(file, scan::MAX_SOURCE_BYTES)?;
        bytes_in += source.len();
        let scan = Scan::open(source).map_err(|e| e.with("file", &name))?;
        scans.push((name, scan));
    }
    let (mut pages, mut findings) = (Vec::new(), Vec::new());
    for Made { page, findings: noticed } in made(&scans, &reader, request, front)? {
        pages.push(page);
        let number = u32::try_from(pages.len()).ok();
        findings.extend(noticed.into_iter().map(|f| Finding { page: number, ..f }));
    }
    let title = request.output.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let facts = ConvertFacts {
        title,
        created_at: request.at.unwrap_or_else(Timestamp::now),
        language: String::new(),
        flavour: request.flavour,
        attachments,
    };
    let bytes = pdf::convert(pages.clone(), facts)?.into_bytes();
    platform::write_new(&request.output, &bytes)?;
    Ok(Converted { pages, findings, read_by: reader.describe(), bytes_in, bytes_out: bytes.len() })
}

/// The sources themselves, as PDF/A-3 takes them along. A stated time is the latest that any file may have.
fn attached(files: &[PathBuf], at: Option<Timestamp>) -> Result<Vec<Attachment>> {
    let mut left = pdf::MAX_ATTACHED;
    let attach = |file: &PathBuf| {
        let bytes = platform::read_limited(file, left)?;
        left -= bytes.len() as u64;
        let changed = std::fs::metadata(file).and_then(|meta| meta.modified()).ok();
        let changed = changed.and_then(|time| Timestamp::try_from(time).ok()).unwrap_or_else(Timestamp::now);
        Ok(Attachment {
            name: file.file_name().unwrap_or_default().to_string_lossy().nfc().collect(),
            media_type: scan::media_type(&bytes)?,
            bytes,
            modified: at.map_or(changed, |at| changed.min(at)),
        })
    };
    files.iter().map(attach).collect()
}

/// Reads and compresses every page of all files, as many at once as there are cores; each is decoded once. The first page that is
/// broken ends it.
fn made(
    scans: &[(String, Scan)],
    reader: &Reader,
    request: &Conversion,
    front: &dyn Front,
) -> Result<Vec<Made>> {
    let pages: Vec<(&String, &Scan, u32)> =
        scans.iter().flat_map(|(name, scan)| (0..scan.len()).map(move |index| (name, scan, index))).collect();
    let broken = AtomicBool::new(false);
    let page = |at: usize| {
        let (name, scan, index) = pages.get(at).ok_or_else(|| kinds::INTERNAL.with("cause", "no page"))?;
        if broken.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let made = scan.read(name, *index).and_then(|(page, image)| {
            let lie = request.deskew.then(|| scan::quality::look(&image, &page.dpi).lie);
            let placed = lie.map_or_else(Placed::default, |lie| Placed::back(&lie, true));
            let made = reader.page(image, scan.original()?, page.dpi, placed, &request.settings);
            made.map_err(|e| e.with("page", page.index + 1))
        });
        broken.fetch_or(made.is_err(), Ordering::Relaxed);
        front.advance(1);
        made.map(Some).map_err(|e| e.with("file", name))
    };
    front.begin("scan", pages.len() as u64);
    let made = bounded::each(pages.len(), page);
    front.end();
    made.into_iter().filter_map(Result::transpose).collect()
}

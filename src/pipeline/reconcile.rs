//! Reconciliation as fronts ask for it: the three sides are gathered, compared, and reasons are entered.

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use unicode_normalization::UnicodeNormalization;

use crate::document::{DocumentId, Sha256};
use crate::error::{Result, kinds};
use crate::kit::{Block, KitId};
use crate::locales::Lang;
use crate::outage::Outage;
use crate::platform;
use crate::reconcile::{self, Class, Handed, Input, Line, Paper, Settlement, Strangers, SystemRow, system};
use crate::report::notice::{self, Facts, Form};
use crate::store::{Filter, Record, State};

use super::Desk;
use super::correct::reason;
use super::review::OUTSIDE_WINDOW;

/// Most lines that a refusal names.
const MAX_NAMED: usize = 12;
/// Longest name of a person in characters (our limit).
const MAX_NAME: usize = 100;

/// Reasons to be entered.
#[derive(Clone, Debug)]
pub struct Settle {
    /// Names of lines.
    pub lines: Vec<String>,
    /// Why they are as they are.
    pub reason: String,
    /// Who says so; else who runs the program.
    pub by: Option<String>,
}

/// A reconciliation.
#[derive(Clone, Debug)]
pub struct Reconciled {
    /// The outage as it stands now.
    pub outage: Outage,
    /// All lines.
    pub lines: Vec<Line>,
    /// Documents of the outage.
    pub records: Vec<Record>,
    /// Digest of the export that was compared with.
    pub system: Option<Sha256>,
    /// Rows of the export.
    pub system_rows: usize,
    /// Rows of the export that no line tells about: lines of the file, with their numbers.
    pub strangers: Strangers,
}

impl Reconciled {
    /// Lines that want a reason.
    pub fn open(&self) -> usize {
        self.lines.iter().filter(|line| line.open).count()
    }

    /// How many lines of a class.
    pub fn count(&self, class: Class) -> usize {
        self.lines.iter().filter(|line| line.class == class).count()
    }

    /// How many lines of each class.
    pub fn counts(&self) -> Value {
        let counts: Map<String, Value> =
            Class::ALL.iter().map(|class| (class.as_str().to_owned(), json!(self.count(*class)))).collect();
        Value::Object(counts)
    }
}

/// Compares. `export` is the table of the document system; without one the last one is compared with again.
///
/// # Errors
/// [`kinds::OUTAGE_UNKNOWN`], what the export is refused for, a store error.
pub async fn look(desk: &Desk, reference: &str, export: Option<&[u8]>) -> Result<Reconciled> {
    let outage = desk.store.outage(reference).await?;
    let (system, rows) = system_rows(desk, reference, export).await?;
    let records =
        desk.store.records(&Filter { states: Vec::new(), outage: Some(reference.to_owned()) }).await?;
    let mut papers = Vec::with_capacity(records.len());
    for record in &records {
        papers.push(paper(desk, record).await?);
    }
    let handed = handed(desk, &outage).await?;
    let input = Input {
        papers: &papers,
        handed: &handed,
        system: rows.as_deref(),
        window: (outage.paper_from, outage.paper_to),
        utc_offset_minutes: desk.workspace.profile.utc_offset_minutes,
    };
    let mut lines = reconcile::compare(&input);
    let mut settled = desk.store.settlements(reference).await?;
    for line in &mut lines {
        // What a person says here goes before what was said when the document was accepted or given up.
        if let Some(settlement) = settled.remove(&line.line) {
            line.settle(Some(settlement));
        }
    }
    let strangers = Strangers::of(&input, &lines, (outage.start(), outage.restored_at));
    let system_rows = rows.as_ref().map_or(0, Vec::len);
    Ok(Reconciled { outage, lines, records, system, system_rows, strangers })
}

/// Compares, keeps what it came to, and moves the outage on.
///
/// # Errors
/// As [`look`].
pub async fn run(desk: &Desk, reference: &str, export: Option<&[u8]>) -> Result<Reconciled> {
    let mut found = look(desk, reference, export).await?;
    if let Some(bytes) = export {
        desk.store.blobs().put(bytes).await?;
    }
    let open = u64::try_from(found.open()).unwrap_or(u64::MAX);
    let counts = found.counts();
    found.outage.state =
        desk.store.keep_reconciliation(reference, found.system.as_ref(), &counts, open).await?;
    Ok(found)
}

/// Enters reasons for lines.
///
/// # Errors
/// [`kinds::LINE_UNKNOWN`] for a line that is not there or wants no reason, [`kinds::LINE_REASON`] without one; then none is
/// entered.
pub async fn settle(desk: &Desk, found: &Reconciled, settle: &Settle) -> Result<()> {
    let why = reason(&settle.reason).ok_or_else(|| kinds::LINE_REASON.error())?;
    let by = settle.by.clone().unwrap_or_else(platform::user_name);
    let by: String = by.nfc().filter(|c| !c.is_control()).take(MAX_NAME).collect();
    if by.trim().is_empty() {
        return Err(kinds::NAME_EMPTY.with("what", "--by"));
    }
    let mut names = Vec::new();
    for name in &settle.lines {
        let name: String = name.trim().nfc().collect();
        let known = found.lines.iter().find(|line| line.line == name && line.class.needs_reason());
        names.push(known.ok_or_else(|| unknown(found, &name))?.line.clone());
    }
    desk.store.settle(&found.outage.reference, &names, &why, by.trim()).await
}

/// The recovery result notice of what was found, as PDF/A, with the characters that its font does not have; nothing is kept of
/// it.
///
/// # Errors
/// As [`notice::notice`].
pub fn notice(desk: &Desk, found: &Reconciled, form: &Form, lang: Lang) -> Result<(Vec<u8>, String)> {
    let profile = &desk.workspace.profile;
    let facts = Facts {
        outage: &found.outage,
        lines: &found.lines,
        records: &found.records,
        system: found.system.as_ref(),
        office: &desk.workspace.station.office.name,
        form,
        national: profile.language.starts_with("vi"),
        made_at: Timestamp::now(),
        utc_offset_minutes: profile.utc_offset_minutes,
        lang,
    };
    Ok((notice::notice(&facts)?.into_bytes(), notice::unshown(&facts)?))
}

fn unknown(found: &Reconciled, name: &str) -> crate::error::Error {
    let open: Vec<&str> = found.lines.iter().filter(|l| l.open).map(|l| l.line.as_str()).collect();
    let more = if open.len() > MAX_NAMED { " …" } else { "" };
    let named = open.iter().take(MAX_NAMED).copied().collect::<Vec<_>>().join("  ");
    let named = if named.is_empty() { "–".to_owned() } else { named + more };
    kinds::LINE_UNKNOWN.with("line", name).with("known", named)
}

/// The export that was handed in, else the last one.
async fn system_rows(
    desk: &Desk,
    reference: &str,
    export: Option<&[u8]>,
) -> Result<(Option<Sha256>, Option<Vec<SystemRow>>)> {
    if let Some(bytes) = export {
        return Ok((Some(Sha256::of(bytes)), Some(system::read(bytes)?)));
    }
    let last = desk.store.last_reconciliation(reference).await?.and_then(|last| last.system);
    let Some(digest) = last else { return Ok((None, None)) };
    let bytes = desk.store.blobs().get(&digest).await?;
    Ok((Some(digest), Some(system::read(&bytes)?)))
}

async fn handed(desk: &Desk, outage: &Outage) -> Result<Handed> {
    let mut handed = Handed { bare: desk.store.bare_sheets(&outage.reference).await?, ..Handed::default() };
    for text in &outage.number_blocks {
        let block: Block = text.parse()?;
        if !handed.blocks.contains(&block) {
            handed.blocks.push(block);
        }
    }
    for text in &outage.kits {
        let id: KitId = text.parse().map_err(|()| kinds::KIT_UNKNOWN.with("kit", text))?;
        // A kit that another workspace has printed: only what comes back of it is known.
        if let Some(kit) = desk.store.kit(&id).await? {
            handed.kits.push((id, kit.sheets));
        }
    }
    Ok(handed)
}

async fn paper(desk: &Desk, record: &Record) -> Result<Paper> {
    let accepted = record.findings.iter().find(|finding| finding.code == OUTSIDE_WINDOW);
    let accepted = accepted.and_then(|finding| Some((finding.accepted_by.clone()?, finding.reason.clone()?)));
    let window_reason = accepted.map(|(by, reason)| Settlement { reason, by, at: record.captured_at });
    Ok(Paper {
        document: record.document.clone(),
        fields: record.fields.clone(),
        state: record.state,
        delivered: record.entered_at.is_some(),
        window_reason,
        dropped: match record.state {
            State::Dropped => match record.document.parse::<DocumentId>() {
                Ok(id) => desk.store.dropped_because(id).await?,
                Err(()) => None,
            },
            _ => None,
        },
    })
}

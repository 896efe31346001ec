//! Sources become durable before anything else happens to them, then every page is looked at.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use crate::document::{DocumentId, Sha256};
use crate::error::{Error, Result, kinds};
use crate::scan::duplex::{self, Duplex};
use crate::scan::plan::Group;
use crate::scan::{self, Looked, Source};
use crate::store::{Blobs, Store};

use super::looks::Looks;
use super::{Bundle, Way};

/// A source that is durable in the blob store.
struct Kept {
    name: String,
    sha256: Sha256,
    source: Source,
}

/// What a file turned out to be.
pub(super) enum Read {
    /// These documents, taken in before.
    Known(Vec<DocumentId>),
    /// Pages, with the digests and bytes of their files. `unstored`: the files lie where they came from, until it is clear
    /// that no page carries a mark that looks secret (rule 12).
    New { looked: Vec<Looked>, size: u64, sources: Vec<Sha256>, unstored: bool },
}

/// Keeps and looks, on a thread that may block.
#[derive(Clone)]
pub(super) struct Keeper {
    pub store: Store,
    pub outage: String,
    pub way: Way,
    /// Whether a mark that looks secret keeps a scan outside until a person has said that it is not.
    pub asks_for_secrecy: bool,
    /// What was seen already.
    pub looks: Arc<Looks>,
}

impl Keeper {
    /// Makes the files of a group durable and looks at them, unless they were taken in before.
    pub fn read(&self, group: &Group, runtime: &tokio::runtime::Handle) -> Result<Read> {
        let unstored = self.asks_for_secrecy && group.fields.secrecy.is_none();
        let kept = if unstored { lying(group)? } else { keep(self.store.blobs(), group)? };
        let sources: Vec<Sha256> = kept.iter().map(|s| s.sha256.clone()).collect();
        // A run that is repeated finds its documents without decoding a pixel.
        if let Some(ids) = runtime.block_on(self.known(&sources))? {
            return Ok(Read::Known(ids));
        }
        let (looked, size) = look(kept, &self.way, &self.looks, false)?;
        Ok(Read::New { looked, size, sources, unstored })
    }

    /// The documents that these files made before.
    pub async fn known(&self, sources: &[Sha256]) -> Result<Option<Vec<DocumentId>>> {
        match self.store.known(&self.outage, sources).await? {
            Some(id) => Ok(Some(vec![id])),
            None => self.store.stack(&self.outage, sources).await,
        }
    }

    /// Makes files durable that were looked at where they lay, and says as what; a file that could not be kept is missing
    /// there and stands among the errors.
    pub fn keep(&self, files: BTreeSet<PathBuf>) -> (HashMap<PathBuf, Sha256>, Vec<(PathBuf, Error)>) {
        let (mut kept, mut failed) = (HashMap::new(), Vec::new());
        for path in files {
            match self.store.blobs().keep_file(&path, scan::MAX_SOURCE_BYTES) {
                Ok(sha256) => drop(kept.insert(path, sha256)),
                Err(error) => failed.push((path, error)),
            }
        }
        (kept, failed)
    }
}

/// Digests of the sources of a document's pages and sheets.
pub(super) fn digests(bundle: &Bundle) -> impl Iterator<Item = &Sha256> {
    let good = bundle.looked.iter().filter_map(|looked| match looked {
        Looked::Good(page) => Some(page),
        Looked::Broken { .. } => None,
    });
    good.chain(&bundle.separators).map(|page| &page.source_sha256)
}

/// From here on only the copies are read.
fn keep(blobs: &Blobs, group: &Group) -> Result<Vec<Kept>> {
    let mut kept = Vec::with_capacity(group.files.len());
    for path in &group.files {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if std::fs::metadata(path).map_err(|e| Error::io(path, e))?.len() == 0 {
            return Err(kinds::SCAN_EMPTY.with("file", name));
        }
        let sha256 = blobs.keep_file(path, scan::MAX_SOURCE_BYTES)?;
        let source = Source::open(&blobs.path(&sha256), scan::MAX_SOURCE_BYTES)?;
        kept.push(Kept { name, sha256, source });
    }
    Ok(kept)
}

/// Looks at a group where it lies and stores nothing: for plans, and for stacks that may hold a secret document (rule 12).
/// What was seen is remembered for the run that follows.
pub(super) fn peek(group: &Group, way: &Way, looks: &Looks) -> Result<(Vec<Looked>, u64)> {
    look(lying(group)?, way, looks, true)
}

/// The files of a group where they lie.
fn lying(group: &Group) -> Result<Vec<Kept>> {
    let mut sources = Vec::with_capacity(group.files.len());
    for path in &group.files {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let source = Source::open(path, scan::MAX_SOURCE_BYTES)?;
        if source.is_empty() {
            return Err(kinds::SCAN_EMPTY.with("file", name));
        }
        sources.push(Kept { name, sha256: crate::platform::digest(path)?, source });
    }
    Ok(sources)
}

fn look(sources: Vec<Kept>, way: &Way, looks: &Looks, remember: bool) -> Result<(Vec<Looked>, u64)> {
    let (mut pages, mut size, mut counts) = (Vec::new(), 0u64, Vec::new());
    for Kept { name, sha256, source } in sources {
        size += source.len();
        let looked = looks.look(&name, &sha256, source).map_err(|e| e.with("file", &name))?;
        if remember {
            looks.remember(&sha256, &looked);
        }
        counts.push(looked.len());
        pages.extend(looked);
    }
    match way.duplex {
        Some(duplex) => Ok((ordered(pages, &counts, duplex, &way.without_back)?, size)),
        None => Ok((pages, size)),
    }
}

/// Fronts and backs in the order of the paper. Two files are the fronts and the backs; one file, or many loose pictures,
/// hold the fronts in their first half.
fn ordered(pages: Vec<Looked>, counts: &[usize], duplex: Duplex, without: &[u32]) -> Result<Vec<Looked>> {
    let first = match counts {
        [fronts, _] => Some(*fronts),
        _ => None,
    };
    let order = duplex::interleave(pages.len(), first, duplex, without)?;
    let mut pages: Vec<Option<Looked>> = pages.into_iter().map(Some).collect();
    Ok(order.into_iter().filter_map(|place| pages.get_mut(place).and_then(Option::take)).collect())
}

//! Sources become durable before anything else happens to them, then every page is looked at.

use crate::document::{DocumentId, Sha256};
use crate::error::{Error, Result, kinds};
use crate::scan::duplex::{self, Duplex};
use crate::scan::plan::Group;
use crate::scan::{self, Looked, Scan, Source};
use crate::store::{Blobs, Store};

use super::Way;

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
    /// A page carries a mark that looks secret, and nobody has said what it is: nothing was stored.
    Secret {
        /// Counted from 1 in the order of the files.
        page: usize,
    },
    /// Pages, with the digests and bytes of their files.
    New { looked: Vec<Looked>, size: u64, sources: Vec<Sha256> },
}

/// Keeps and looks, on a thread that may block.
#[derive(Clone)]
pub(super) struct Keeper {
    pub store: Store,
    pub outage: String,
    pub way: Way,
    /// Whether a mark that looks secret keeps a scan outside until a person has said that it is not.
    pub asks_for_secrecy: bool,
}

impl Keeper {
    /// Makes the files of a group durable and looks at them, unless they were taken in before.
    pub fn read(&self, group: &Group, runtime: &tokio::runtime::Handle) -> Result<Read> {
        let asks = self.asks_for_secrecy && group.fields.secrecy.is_none();
        let sources = if asks { lying(group)? } else { keep(self.store.blobs(), group)? };
        let digests: Vec<Sha256> = sources.iter().map(|s| s.sha256.clone()).collect();
        // A run that is repeated finds its documents without decoding a pixel.
        let known = runtime.block_on(async {
            match self.store.known(&self.outage, &digests).await? {
                Some(id) => Ok::<_, Error>(Some(vec![id])),
                None => self.store.stack(&self.outage, &digests).await,
            }
        })?;
        if let Some(ids) = known {
            return Ok(Read::Known(ids));
        }
        let (mut looked, mut size) = look(sources, &self.way)?;
        if let Some(page) = looked.iter().position(looks_secret).filter(|_| asks) {
            return Ok(Read::Secret { page: page + 1 });
        }
        if asks {
            let kept = keep(self.store.blobs(), group)?;
            // A file that changed meanwhile is looked at again as it was stored.
            if kept.iter().map(|k| &k.sha256).ne(&digests) {
                (looked, size) = look(kept, &self.way)?;
                return Ok(Read::New { sources: self::digests(&looked), looked, size });
            }
        }
        Ok(Read::New { looked, size, sources: digests })
    }
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
pub(super) fn peek(group: &Group, way: &Way) -> Result<(Vec<Looked>, u64)> {
    look(lying(group)?, way)
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

fn looks_secret(looked: &Looked) -> bool {
    matches!(looked, Looked::Good(page) if scan::quality::looks_secret(page))
}

/// Digests of the sources of these pages, each once, in order.
fn digests(looked: &[Looked]) -> Vec<Sha256> {
    let mut digests: Vec<Sha256> = Vec::new();
    for looked in looked {
        if let Looked::Good(page) = looked
            && !digests.contains(&page.source_sha256)
        {
            digests.push(page.source_sha256.clone());
        }
    }
    digests
}

fn look(sources: Vec<Kept>, way: &Way) -> Result<(Vec<Looked>, u64)> {
    let (mut pages, mut size, mut counts) = (Vec::new(), 0u64, Vec::new());
    for Kept { name, sha256, source } in sources {
        size += source.len();
        let looked = Scan::open(source).and_then(|scan| scan.inspect(&name, &sha256));
        let looked = looked.map_err(|e| e.with("file", &name))?;
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

//! PDF/A (ISO 19005-2 and -3) out of layers, and the only ways to look into or extend a PDF.

use jiff::Timestamp;
use lopdf::{Dictionary, LoadOptions, Object};

use crate::compress::PageLayers;
use crate::document::{Document, Hashing, Sha256};
use crate::error::{Clause, Result, kinds};
use crate::ocr::PageText;
use crate::outage::Outage;
use crate::profile::MarkPlace;
use crate::scan::cleanup::Placed;
use strict::Streams;

pub mod append;
mod attach;
pub mod check;
mod flavour;
pub mod font;
mod glyphs;
mod icc;
mod info;
mod issued;
mod layer;
pub mod lines;
mod objects;
pub(crate) mod overlay;
mod printed;
pub mod raw;
pub mod read;
pub mod sections;
mod strict;
#[cfg(test)]
mod tests;
mod write;
pub mod xmp;

pub use attach::{Attachment, MAX_ATTACHED};
pub use flavour::Flavour;
pub(crate) use icc::srgb;
pub use issued::IssuedPdf;
pub(crate) use printed::{PRINTED_FONT, Printed, PrintedPage, printed};

/// Largest PDF that is taken up (our limit).
const MAX_BYTES: usize = 1 << 30;
/// Most fields of a form that are looked at, and how deep they may nest (our limits).
const MAX_FIELDS: usize = 10_000;
const MAX_DEPTH: usize = 16;

/// Bytes that are PDF/A, checked when they were built or opened, without signatures.
#[derive(Clone, Debug)]
pub struct ArchivalPdf {
    bytes: Vec<u8>,
    recovery: Option<xmp::Recovery>,
    /// As it was read for the checks, so that a signature need not read it once more.
    document: lopdf::Document,
    clean: check::Clean,
}

impl ArchivalPdf {
    /// Takes stored bytes up again and checks them.
    ///
    /// # Errors
    /// [`kinds::NOT_ARCHIVAL`] with the clauses that they violate, [`kinds::ALREADY_SIGNED`].
    pub fn open(bytes: Vec<u8>) -> Result<Self> {
        let document = load(&bytes);
        let look = check::of(&bytes, document.as_ref().ok());
        let Some(clean) = look.clean() else {
            let all = look.violations.iter().map(|v| format!("{} {}", v.clause, v.what));
            return Err(kinds::NOT_ARCHIVAL.with("violations", all.collect::<Vec<_>>().join("; ")));
        };
        let document = document?;
        if signatures_in(&document)? > 0 {
            return Err(kinds::ALREADY_SIGNED.error());
        }
        Ok(Self { bytes, recovery: look.recovery, document, clean })
    }

    /// The file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The file, giving the stage up.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The file and what was read of it, giving the stage up.
    pub(crate) fn into_read(self) -> Read {
        let (document, clean) = (Some(self.document), Some(self.clean));
        Read { bytes: self.bytes, document, clean, hashed: None }
    }

    /// Whether its XMP holds the clerk's attestation of wet signature and stamp.
    pub fn is_attested(&self) -> bool {
        let attested =
            |r: &xmp::Recovery| r.attested_by.is_some() && r.wet_signature_seen && r.wet_stamp_seen;
        self.recovery.as_ref().is_some_and(attested)
    }

    /// Digest of the file.
    pub fn sha256(&self) -> Sha256 {
        Sha256::of(&self.bytes)
    }
}

/// A file, with its objects where they were read already, and its digest where it was computed already.
#[derive(Clone, Debug)]
pub struct Read {
    pub(crate) bytes: Vec<u8>,
    pub(crate) document: Option<lopdf::Document>,
    /// That it was looked at whole, clause by clause of PDF/A.
    pub(crate) clean: Option<check::Clean>,
    pub(crate) hashed: Option<Hashing>,
}

impl Read {
    /// A file that was read already.
    pub(crate) fn of(bytes: Vec<u8>, document: Option<lopdf::Document>) -> Self {
        Self { bytes, document, clean: None, hashed: None }
    }

    /// The same file, whose digest is known.
    pub(crate) fn hashed(self, hashed: Option<Hashing>) -> Self {
        Self { hashed, ..self }
    }
}

impl From<Vec<u8>> for Read {
    fn from(bytes: Vec<u8>) -> Self {
        Self::of(bytes, None)
    }
}

/// Facts of the office and the moment that go into the file beside the document's own.
#[derive(Clone, Debug)]
pub struct BuildFacts<'a> {
    /// The outage.
    pub outage: &'a Outage,
    /// Person or organization that converted the paper (Decree 137/2024 Art. 4).
    pub converted_by: String,
    /// When.
    pub converted_at: Timestamp,
    /// Language of the document, RFC 3066.
    pub language: String,
    /// Text of the transfer note (RESISCAN A.NB.4).
    pub transfer_note: String,
    /// Mark of the conversion; it stands in the metadata, and as a line in the bottom margin.
    pub conversion_mark: Option<String>,
    /// On which pages.
    pub mark_place: MarkPlace,
    /// Offset of the office's time from UTC in minutes.
    pub utc_offset_minutes: i32,
}

/// A page as it is written.
#[derive(Clone, Debug)]
pub struct Page {
    /// What is seen.
    pub layers: PageLayers,
    /// What can be searched and copied.
    pub text: Option<PageText>,
    /// How it is turned, by its matrix.
    pub placed: Placed,
}

impl From<PageLayers> for Page {
    fn from(layers: PageLayers) -> Self {
        Self { layers, text: None, placed: Placed::default() }
    }
}

/// Facts of a conversion without a workspace.
#[derive(Clone, Debug, Default)]
pub struct ConvertFacts {
    /// Title.
    pub title: String,
    /// When.
    pub created_at: Timestamp,
    /// RFC 3066, or empty.
    pub language: String,
    /// Part and level; else what fits.
    pub flavour: Option<Flavour>,
    /// Files to attach; PDF/A-3 only.
    pub attachments: Vec<Attachment>,
}

/// Builds the PDF/A of a document from its compressed pages: level U when pages have a text layer, else B.
///
/// # Errors
/// [`kinds::NOT_ARCHIVAL`] when the self-check finds a violation; [`kinds::GLYPH_MISSING`].
pub fn build<P: Into<Page>>(document: Document, pages: Vec<P>, facts: &BuildFacts) -> Result<ArchivalPdf> {
    let pages: Vec<Page> = pages.into_iter().map(Into::into).collect();
    let flavour = Flavour::fitting(pages.iter().any(|page| page.text.is_some()));
    let envelope = write::Envelope {
        packet: xmp::recovered(&document, facts, flavour),
        info: info::dictionary(&xmp::title(&document), facts.converted_at, facts.utc_offset_minutes),
        language: &facts.language,
        drill: document.drill,
        conversion_mark: facts.conversion_mark.as_deref().filter(|_| facts.mark_place != MarkPlace::None),
        on_every_page: facts.mark_place == MarkPlace::EveryPage,
        attachments: Vec::new(),
    };
    ArchivalPdf::open(write::file(pages, envelope)?)
}

/// Builds a PDF/A without an outage.
///
/// # Errors
/// As [`build`].
pub fn convert<P: Into<Page>>(pages: Vec<P>, facts: ConvertFacts) -> Result<ArchivalPdf> {
    let pages: Vec<Page> = pages.into_iter().map(Into::into).collect();
    let fitting = Flavour::fitting(pages.iter().any(|page| page.text.is_some()));
    let base = xmp::Base {
        title: &facts.title,
        language: &facts.language,
        created: xmp::date(facts.created_at, 0),
        flavour: Some(facts.flavour.unwrap_or(fitting)),
    };
    let envelope = write::Envelope {
        packet: xmp::plain(&base),
        info: info::dictionary(&facts.title, facts.created_at, 0),
        language: &facts.language,
        drill: false,
        conversion_mark: None,
        on_every_page: false,
        attachments: facts.attachments,
    };
    ArchivalPdf::open(write::file(pages, envelope)?)
}

fn load(bytes: &[u8]) -> Result<lopdf::Document> {
    if bytes.len() > MAX_BYTES {
        return Err(kinds::PDF_UNREADABLE.with("cause", Clause::new("why-too-large")));
    }
    let strict = |chain: sections::Chain| strict::load(bytes, chain.startxref, Streams::WithoutPixels);
    if let Some(document) = sections::follow(bytes).ok().and_then(strict) {
        return Ok(document);
    }
    lenient(bytes)
}

/// As lopdf reads it.
fn lenient(bytes: &[u8]) -> Result<lopdf::Document> {
    let options = LoadOptions { filter: Some(without_pixels), ..LoadOptions::default() };
    lopdf::Document::load_mem_with_options(bytes, options)
        .map_err(|e| kinds::PDF_UNREADABLE.with("cause", Clause::technical(&e)).because(e))
}

/// Nobody here looks at pixels, and of a large file they are nearly all; a picture keeps one byte, because the reader would
/// look again for the content of a stream without any. What is given back counts only for objects out of object streams,
/// where no stream can be.
fn without_pixels(id: lopdf::ObjectId, object: &mut Object) -> Option<(lopdf::ObjectId, Object)> {
    let Object::Stream(stream) = object else { return Some((id, object.clone())) };
    if strict::is(&stream.dict, b"Subtype", b"Image") {
        stream.content = vec![0];
    }
    Some((id, Object::Null))
}

/// The recovery facts in a file's metadata.
///
/// # Errors
/// When the file or its packet cannot be read.
pub fn recovery(bytes: &[u8]) -> Result<Option<xmp::Recovery>> {
    match check::packet(&load(bytes)?) {
        Some(packet) => xmp::parse(&packet),
        None => Ok(None),
    }
}

/// How many signature dictionaries the file's fields hold.
///
/// # Errors
/// When the file cannot be read or its form is too deep.
pub fn signature_count(bytes: &[u8]) -> Result<usize> {
    signatures_in(&load(bytes)?)
}

/// As [`signature_count`], with what was read for it.
///
/// # Errors
/// As [`signature_count`].
pub(crate) fn signatures(bytes: &[u8]) -> Result<(usize, lopdf::Document)> {
    let document = load(bytes)?;
    Ok((signatures_in(&document)?, document))
}

fn signatures_in(document: &lopdf::Document) -> Result<usize> {
    let catalog =
        document.catalog().map_err(|e| kinds::PDF_UNREADABLE.with("cause", Clause::technical(e)))?;
    let Ok(form) = catalog.get_deref(b"AcroForm", document).and_then(Object::as_dict) else { return Ok(0) };
    let Ok(fields) = form.get_deref(b"Fields", document).and_then(Object::as_array) else { return Ok(0) };
    let mut seen = 0;
    count(document, fields, 0, &mut seen)
}

fn count(document: &lopdf::Document, fields: &[Object], depth: usize, seen: &mut usize) -> Result<usize> {
    let mut signatures = 0;
    for field in fields {
        *seen += 1;
        if *seen > MAX_FIELDS || depth > MAX_DEPTH {
            return Err(kinds::PDF_UNREADABLE.with("cause", Clause::new("why-many-fields")));
        }
        let Some(field) = document.dereference(field).ok().and_then(|(_, o)| o.as_dict().ok()) else {
            continue;
        };
        let kids = field.get_deref(b"Kids", document).and_then(Object::as_array);
        signatures += usize::from(is_signature(field));
        if let Ok(kids) = kids {
            signatures += count(document, kids, depth + 1, seen)?;
        }
    }
    Ok(signatures)
}

fn is_signature(field: &Dictionary) -> bool {
    field.get(b"FT").and_then(Object::as_name).is_ok_and(|kind| kind == b"Sig") && field.has(b"V")
}

